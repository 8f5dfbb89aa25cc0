"""Hold the policies and normalisers against real OPA.

    parity.py REPOSITORY [ANSWERS]

Runs every rule `test_*` of policies/ and connectors/ on OPA. With ANSWERS, a folder that the integration tests have
filled (ROLECALL_PARITY_DIR), it also asks OPA about every document there and compares what both engines say. Needs the
Python package `opa_bindings` on PYTHONPATH. Exits with 1 on any difference.

OPA raises builtin errors here instead of swallowing them. It is no `opa check --strict`: what that refuses (unused
imports, arguments and variables) is looked for in the text.
"""

import json
import re
import sys
import time
from pathlib import Path

from opa_bindings import OpaEngine, OpaError

SHOWN = 5


def engine(root, files):
    opa = OpaEngine()
    for file in files:
        opa.add_policy(str(file.relative_to(root)), file.read_text(encoding="utf-8"))
    return opa


def is_test(file):
    return file.name.endswith("_test.rego")


def folders(root):
    """Every folder with Rego of its own, and the files that it needs: a check needs the libraries."""
    libraries = sorted((root / "policies/lib").glob("*.rego"))
    for parent in ("policies", "connectors"):
        for folder in sorted(path for path in (root / parent).glob("*") if path.is_dir()):
            own = sorted(folder.glob("*.rego"))
            if own and folder.name != "lib":
                yield folder, own + (libraries if parent == "policies" else [])
    yield root / "policies/lib", libraries


def run_tests(root):
    """The tests that do not hold on OPA, and how many there are."""
    wrong, count = [], 0
    for folder, files in folders(root):
        opa = engine(root, files)
        for file in (file for file in files if is_test(file) and file.parent == folder):
            text = file.read_text(encoding="utf-8")
            package = re.search(r"^package (\S+)", text, re.M)[1]
            for name in re.findall(r"^(test_\w+)\b", text, re.M):
                count += 1
                try:
                    answer = opa.eval_query(f"x = data.{package}.{name}")
                except OpaError as error:
                    answer = str(error)
                if answer != [{"x": True}]:
                    wrong.append(f"{file.relative_to(root)}: {name} is {answer}")
    return wrong, count


def compare(root, answers):
    """The documents on which OPA says something else, and how many answers were compared."""
    wrong, count = [], 0
    libraries = sorted(file for file in (root / "policies/lib").glob("*.rego") if not is_test(file))
    for lines in sorted(answers.glob("*.jsonl")):
        engines = {}
        for number, line in enumerate(lines.open(encoding="utf-8"), 1):
            row = json.loads(line)
            for check, ours in row["answers"].items():
                if check not in engines:
                    engines[check] = engine(root, [root / f"policies/{check}/check.rego", *libraries])
                count += 1
                try:
                    whole = engines[check].eval_query(f"x = data.checks.{check}", row["input"])[0]["x"]
                    theirs = {name: whole.get(name, []) for name in ("skip", "fail", "unknown")}
                    theirs["facts"] = whole.get("facts", {})
                except OpaError as error:
                    theirs = str(error)
                if theirs != ours:
                    wrong.append(f"{lines.name}:{number}: {check}: OPA says {theirs}, regorus {ours}")
    return wrong, count


def strict(root):
    """What `opa check --strict` refuses, as far as the text shows it."""
    wrong = []
    for file in sorted([*root.glob("policies/*/*.rego"), *root.glob("connectors/*/*.rego")]):
        text = re.sub(r"^\s*#.*$", "", file.read_text(encoding="utf-8"), flags=re.M)
        uses = lambda name, where: len(re.findall(rf"(?<![\w.]){re.escape(name)}\b", where))
        for path, alias in re.findall(r"^import (\S+)(?: as (\w+))?$", text, re.M):
            name = alias or path.rsplit(".", 1)[-1]
            if uses(name, re.sub(r"^import .*$", "", text, flags=re.M)) == 0:
                wrong.append(f"{file.relative_to(root)}: the import {path} is not used")
        for block in re.split(r"\n\s*\n", text):
            head = re.match(r"\s*(\w+)\(([\w, ]*)\)", block)
            for name in head[2].split(", ") if head else []:
                if name != "_" and uses(name, block) < 2:
                    wrong.append(f"{file.relative_to(root)}: the argument {name} of {head[1]} is not used")
            for name in re.findall(r"^\s+(\w+) := ", block, re.M):
                if uses(name, block) < 2:
                    wrong.append(f"{file.relative_to(root)}: the variable {name} is not used: {block.strip()[:60]}")
    return wrong


def main():
    root = Path(sys.argv[1]).resolve()
    started = time.monotonic()
    wrong, tests = run_tests(root)
    wrong += strict(root)
    compared = 0
    if len(sys.argv) > 2:
        differences, compared = compare(root, Path(sys.argv[2]))
        wrong += differences
        if not compared:
            wrong.append(f"{sys.argv[2]} holds no answers to compare")
    if not tests:
        wrong.append("there is no test to run")
    for line in wrong[:SHOWN]:
        print(line)
    if len(wrong) > SHOWN:
        print(f"and {len(wrong) - SHOWN} more")
    seconds = time.monotonic() - started
    print(f"opa: {tests} tests run, {compared} answers compared, {len(wrong)} differences ({seconds:.0f}s)")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
