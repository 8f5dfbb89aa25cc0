//! Where reports go: files, whole or not at all.

use std::fs;

use anstream::ColorChoice;

use super::*;

fn save_to(path: &Path) -> Result<(), SaveError> {
    save(&samples::findings(), ReportFormat::Json, &Options::default(), path)
}

#[test]
fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    fs::write(&file, "an older report, which was longer".repeat(10_000)).unwrap();
    save_to(&file).unwrap();
    let mut expected = Vec::new();
    json::render(&samples::findings(), false, &mut expected).unwrap();
    assert_eq!(fs::read(&file).unwrap(), expected);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_write_that_fails_leaves_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    fs::write(&file, "old").unwrap();
    let failed = write_whole(&file, |out| {
        out.write_all(b"half of it")?;
        Err(io::ErrorKind::StorageFull.into())
    });
    assert_eq!(failed.unwrap_err().kind(), io::ErrorKind::StorageFull);
    assert_eq!(fs::read_to_string(&file).unwrap(), "old");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_a_device_a_device() {
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("real.json"), folder.path().join("link.json"));
    fs::write(&file, "old").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&file, &link).unwrap();
    save_to(&link).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_ne!(fs::read_to_string(&file).unwrap(), "old");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    save_to(Path::new("/dev/null")).unwrap();
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
}

#[test]
fn a_file_that_cannot_be_written_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let error = save_to(folder.path()).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("cannot write the report to {}", folder.path().display())
    );
    assert_eq!(
        error.help().as_deref(),
        Some("`-o` takes a file, and this is a folder: add a file name")
    );
    assert_eq!(error.exit(), Exit::Usage);
    let error = save_to(&folder.path().join("missing/report.json")).unwrap_err();
    assert_eq!(error.help().as_deref(), Some("make the folder first"));
    assert_eq!(error.source.to_string(), "entity not found");
}

#[test]
fn a_text_file_has_colours_only_on_demand() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.txt");
    for (color, expected) in [
        (ColorChoice::Auto, false),
        (ColorChoice::Never, false),
        (ColorChoice::Always, true),
    ] {
        save(
            &samples::findings(),
            ReportFormat::Text,
            &Options { color, verdicts: false },
            &file,
        )
        .unwrap();
        assert_eq!(
            fs::read_to_string(&file).unwrap().contains('\x1b'),
            expected,
            "{color:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_nothing_leads_to_the_new_file() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("link.json");
    symlink("sub/real.json", &link).unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    save_to(&link).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(folder.path().join("sub/real.json").is_file());
    assert_eq!(
        resolved(&link),
        folder.path().canonicalize().unwrap().join("sub/real.json")
    );
}

/// Whatever ends the process while a file is written, no part of it has a name by then.
#[cfg(target_os = "linux")]
#[test]
fn a_file_has_no_name_until_it_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let entries = || fs::read_dir(folder.path()).unwrap().count();
    write_whole(&file, |out| {
        out.write_all(b"half of it")?;
        out.flush()?;
        assert_eq!(entries(), 0);
        Ok(())
    })
    .unwrap();
    assert_eq!(entries(), 1);
}
