//! One program, from its start to its end: what it printed, or why it was stopped.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// How much a program may print, and how long it may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Bytes.
    pub(super) bytes: usize,
    /// From its start on.
    pub(super) time: Duration,
}

/// A program that came to its own end.
pub(super) struct Ended {
    /// Its exit status; 1 where it has none.
    pub(super) status: u16,
    /// The signal that ended it.
    pub(super) signal: Option<i32>,
    /// Everything on its standard output.
    pub(super) printed: Vec<u8>,
}

/// Why a program was not left to its own end.
#[derive(Debug)]
pub(super) enum Stopped {
    TooLong,
    TooMuch,
    Unreadable(io::Error),
}

/// Runs a program in a folder, with nothing on its standard input.
///
/// # Errors
/// It cannot be started.
pub(super) fn run(
    program: &Path,
    arguments: &[String],
    folder: &Path,
    limits: &Limits,
) -> io::Result<Result<Ended, Stopped>> {
    let until = Instant::now().checked_add(limits.time);
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit());
    // A group of its own, so that whatever it starts can be stopped with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    #[cfg(unix)]
    let starting = super::interrupt::Starting::begin();
    let mut child = command.spawn()?;
    #[cfg(unix)]
    let _ends_with_us = starting.started(child.id());
    let outcome = printed(&mut child, limits, until).and_then(|printed| {
        let status = end(&mut child, until)?;
        Ok(Ended {
            status: status.code().and_then(|code| u16::try_from(code).ok()).unwrap_or(1),
            signal: signal(status),
            printed,
        })
    });
    if outcome.is_err() {
        stop(&mut child);
    }
    Ok(outcome)
}

/// Everything on the program's standard output.
fn printed(child: &mut Child, limits: &Limits, until: Option<Instant>) -> Result<Vec<u8>, Stopped> {
    let Some(mut output) = child.stdout.take() else {
        return Ok(Vec::new());
    };
    let (send, chunks) = mpsc::sync_channel(4);
    // Reading waits for as long as anybody holds the other end; only a thread of its own can be left waiting.
    let reader = thread::Builder::new().spawn(move || {
        loop {
            let mut chunk = vec![0; 64 << 10];
            let read = output.read(&mut chunk);
            let last = matches!(read, Ok(0) | Err(_));
            let sent = match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => send.send(read.map(|bytes| {
                    chunk.truncate(bytes);
                    chunk
                })),
            };
            if last || sent.is_err() {
                return;
            }
        }
    });
    reader.map_err(Stopped::Unreadable)?;
    let mut printed = Vec::new();
    loop {
        match next(&chunks, until)? {
            chunk if chunk.is_empty() => return Ok(printed),
            chunk if printed.len() + chunk.len() > limits.bytes => return Err(Stopped::TooMuch),
            chunk => printed.extend(chunk),
        }
    }
}

/// The next chunk; an empty one is the end.
fn next(chunks: &Receiver<io::Result<Vec<u8>>>, until: Option<Instant>) -> Result<Vec<u8>, Stopped> {
    // A time that no clock reaches is no deadline.
    let left = until.map_or(Duration::MAX, |until| until.saturating_duration_since(Instant::now()));
    match chunks.recv_timeout(left) {
        Ok(chunk) => chunk.map_err(Stopped::Unreadable),
        Err(RecvTimeoutError::Timeout) => Err(Stopped::TooLong),
        Err(RecvTimeoutError::Disconnected) => {
            Err(Stopped::Unreadable(io::Error::other("the reading ended too early")))
        }
    }
}

/// The end of a program that has closed its standard output.
fn end(child: &mut Child, until: Option<Instant>) -> Result<ExitStatus, Stopped> {
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait().map_err(Stopped::Unreadable)? {
            return Ok(status);
        }
        if until.is_some_and(|until| Instant::now() >= until) {
            return Err(Stopped::TooLong);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

/// Ends a program that still runs, and everything that it started.
fn stop(child: &mut Child) {
    // Nobody has asked for its status yet, so that its number is still its own. That it is gone already is no error.
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_status: ExitStatus) -> Option<i32> {
    None
}
