//! Files as every form of a report names them.

use std::path::Path;

/// A path below the folder that the command runs in, without `./` before it and with `/` between folders: what shows
/// findings beside the lines of a change knows no other.
pub fn relative(file: &str) -> String {
    let path = Path::new(file);
    let here = std::env::current_dir().ok();
    let below = here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    let path = below
        .unwrap_or_else(|| path.to_owned())
        .display()
        .to_string()
        .replace('\\', "/");
    path.strip_prefix("./").map_or(path.clone(), str::to_owned)
}
