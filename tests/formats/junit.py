"""Holds XML files against the schema that Jenkins publishes: junit.py SCHEMA FOLDER"""

import pathlib
import sys
import xml.etree.ElementTree as tree

import xmlschema

schema = xmlschema.XMLSchema(sys.argv[1])
documents = sorted(pathlib.Path(sys.argv[2]).glob("*.xml"))
wrong = 0
for document in documents:
    for error in schema.iter_errors(str(document)):
        wrong += 1
        print(f"{document.name}: {error.path}: {error.reason}")

# The schema can refuse.
bad = tree.fromstring('<testsuites><testsuite name="x" tests="1" failures="0" errors="0"><testcase/></testsuite></testsuites>')
if schema.is_valid(bad):
    wrong += 1
    print("the schema takes a case without a name")
if not documents:
    wrong += 1
    print("there is no document")
print(f"formats: {len(documents)} JUnit documents against the schema of Jenkins, {wrong} faults")
sys.exit(1 if wrong else 0)
