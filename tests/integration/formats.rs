//! Every form of a report, as the program writes it.

use std::fs;

use crate::cases::{Case, rolecall};

/// Forms, and whether they show other verdicts than findings.
const FORMS: [&str; 10] = [
    "text",
    "json",
    "jsonl",
    "sarif",
    "junit",
    "github",
    "markdown",
    "csv",
    "population",
    "html",
];

/// What several `--output` write in one evaluation is what each form writes alone.
#[test]
fn several_forms_of_one_evaluation_are_those_of_each() {
    let case = Case::of("output_in_several_forms");
    let folder = tempfile::tempdir().unwrap();
    let mut together = rolecall(folder.path());
    together.args(["check", "--project"]).arg(case.project());
    for form in FORMS {
        together.arg("--output").arg(format!("{form}={form}.out"));
    }
    let output = together.output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for form in FORMS {
        let mut alone = rolecall(folder.path());
        let output = alone
            .args(["check", "--format", form, "--project"])
            .arg(case.project())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{form}");
        let written = fs::read(folder.path().join(format!("{form}.out"))).unwrap();
        assert!(!written.is_empty() || form == "html", "{form}");
        assert!(output.stdout == written, "{form} differs");
    }
}
