//! Waiting for a policy or a test to change.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use notify_debouncer_mini::notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_mini::{DebounceEventResult, Debouncer, new_debouncer};

use super::WorkbenchError;

/// An editor writes a file in several steps; this long after the last one it is done.
const SETTLED: Duration = Duration::from_millis(150);

/// Changes below some paths.
pub struct Changes {
    events: Receiver<DebounceEventResult>,
    /// Watches as long as it lives.
    _watcher: Debouncer<RecommendedWatcher>,
}

/// Begins to watch paths.
///
/// # Errors
/// A path that cannot be watched.
pub fn watch(paths: &[PathBuf]) -> Result<Changes, WorkbenchError> {
    let unwatched = |path: &PathBuf, error: notify_debouncer_mini::notify::Error| WorkbenchError::Unreadable {
        path: path.clone(),
        message: format!("it cannot be watched: {error}"),
    };
    let first = paths.first().cloned().unwrap_or_default();
    let (sender, events) = channel();
    let mut watcher = new_debouncer(SETTLED, sender).map_err(|error| unwatched(&first, error))?;
    for path in paths {
        watcher
            .watcher()
            .watch(path, RecursiveMode::Recursive)
            .map_err(|error| unwatched(path, error))?;
    }
    Ok(Changes {
        events,
        _watcher: watcher,
    })
}

impl Changes {
    /// Waits until a Rego file, a manifest or a folder changes. False where nobody watches any more.
    pub fn wait(&self) -> bool {
        loop {
            let Ok(events) = self.events.recv() else { return false };
            let counts = |path: &PathBuf| {
                let extension = path.extension().and_then(|extension| extension.to_str());
                matches!(extension, None | Some("rego" | "yaml"))
            };
            if events.is_ok_and(|events| events.iter().any(|event| counts(&event.path))) {
                return true;
            }
        }
    }
}
