//! Ctrl-C while a program runs: its group is not the terminal's, so that nobody else would end it.

use std::process;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::thread;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

/// The group of the program that runs.
static RUNNING: Mutex<Option<Pid>> = Mutex::new(None);

/// Beginning to listen is for good: from then on a signal ends this process by our hand.
static LISTENING: Once = Once::new();

/// A program that is about to be started. Whoever holds this keeps a signal waiting until its group is known.
pub(super) struct Starting(MutexGuard<'static, Option<Pid>>);

/// A program that ends with this process, until this is dropped.
pub(super) struct EndsWithUs(());

impl Starting {
    pub(super) fn begin() -> Self {
        // Without it, the program outlives Ctrl-C; that is no reason not to read.
        LISTENING.call_once(|| listen().unwrap_or_default());
        Self(running())
    }

    /// The program was started, with a group of this number.
    pub(super) fn started(mut self, group: u32) -> EndsWithUs {
        *self.0 = i32::try_from(group).ok().and_then(Pid::from_raw);
        EndsWithUs(())
    }
}

impl Drop for EndsWithUs {
    fn drop(&mut self) {
        *running() = None;
    }
}

fn running() -> MutexGuard<'static, Option<Pid>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for a signal on a thread of its own, which never ends before this process does.
fn listen() -> std::io::Result<()> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let (mut interrupt, mut terminate) = {
        let _within = runtime.enter();
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
    };
    thread::Builder::new().spawn(move || {
        let number = runtime.block_on(async {
            tokio::select! {
                _ = interrupt.recv() => SignalKind::interrupt(),
                _ = terminate.recv() => SignalKind::terminate(),
            }
        });
        let group = running();
        // That it is gone already is no error.
        if let Some(group) = *group {
            let _ = kill_process_group(group, Signal::KILL);
        }
        // As a shell tells of a process that a signal ended.
        process::exit(128 + number.as_raw_value())
    })?;
    Ok(())
}
