//! What belongs to an installation: completions that shells take, and a manual page for every command.

use std::fs;
use std::process::Command;

use crate::cases::rolecall;

fn answer(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = rolecall(folder.path()).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The commands that `--help` lists.
fn commands() -> Vec<String> {
    let help = answer(&["--help"]);
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed = listed.take_while(|line| !line.is_empty());
    // What goes on on the next line is indented further.
    let first = listed.filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')));
    let names = first
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help");
    names.map(str::to_owned).collect()
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let output = rolecall(folder.path()).args(["man", "--into", "."]).output().unwrap();
    assert!(output.status.success());
    let commands = commands();
    assert!(commands.len() > 12, "{commands:?}");
    let pages = commands.iter().map(|command| format!("rolecall-{command}"));
    for page in pages.chain(["rolecall", "rolecall-new-check"].map(str::to_owned)) {
        let text = fs::read_to_string(folder.path().join(format!("{page}.1"))).unwrap();
        assert!(text.contains(&format!(".TH {page} 1")), "{page}");
    }
    let alone = answer(&["man", "new", "check"]);
    assert_eq!(
        alone,
        fs::read_to_string(folder.path().join("rolecall-new-check.1")).unwrap()
    );
}

#[test]
fn every_shell_gets_what_completes_every_command() {
    let commands = commands();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = answer(&["completions", shell]);
        let missing: Vec<&String> = commands.iter().filter(|command| !script.contains(*command)).collect();
        assert!(missing.is_empty(), "{shell}: {missing:?}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("completions");
    fs::write(&file, answer(&["completions", "bash"])).unwrap();
    // What the shell itself makes of `rolecall check --fo`.
    let ask = format!(
        "source {}; COMP_WORDS=(rolecall check --form); COMP_CWORD=2; _rolecall rolecall --form check; echo \"${{COMPREPLY[*]}}\"",
        file.display()
    );
    let output = Command::new("bash").arg("-c").arg(ask).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "--format");
}
