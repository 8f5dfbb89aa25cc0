//! What is being read at the moment, on standard error.
//!
//! On a terminal every source has one line while it is read, and nothing of it remains; elsewhere there is nothing to
//! look at. With `-v` every call, every wait and every stream is a line that stays. Names come from outside and are
//! escaped.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::escape;
use crate::progress::{Step, Watch};

/// How much standard error is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Volume {
    /// Errors only.
    Quiet,
    /// What is being read, on a terminal.
    #[default]
    Normal,
    /// Every call as well, on a terminal or not.
    Verbose,
}

/// Shows every step. What it shows is gone when it is dropped, however the run ends.
pub struct Progress {
    bars: Option<MultiProgress>,
    /// Where lines go that stay; above the bars, where there are any.
    lines: Option<Mutex<Box<dyn Write + Send>>>,
    sources: Mutex<BTreeMap<String, Source>>,
}

/// One source, as its line shows it.
struct Source {
    bar: Option<ProgressBar>,
    now: Arc<Mutex<Now>>,
}

/// What of a source is known so far.
#[derive(Default)]
struct Now {
    /// In the order in which they were first heard of.
    streams: Vec<Stream>,
    /// The name of the stream that was heard of last.
    current: String,
    wait: Option<Wait>,
}

struct Stream {
    name: String,
    rows: u64,
    total: Option<u64>,
}

struct Wait {
    until: Instant,
    why: String,
}

/// How often a line is drawn anew: often enough for a spinner and for seconds that count down.
const TICK: Duration = Duration::from_millis(120);

impl Progress {
    /// For standard error, whatever it is.
    pub fn new(volume: Volume) -> Self {
        let terminal = io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        let bars = (terminal && volume != Volume::Quiet)
            .then(|| MultiProgress::with_draw_target(ProgressDrawTarget::stderr()));
        let lines: Option<Box<dyn Write + Send>> = match volume {
            Volume::Verbose => Some(Box::new(io::stderr())),
            Volume::Quiet | Volume::Normal => None,
        };
        Self::on(bars, lines)
    }

    fn on(bars: Option<MultiProgress>, lines: Option<Box<dyn Write + Send>>) -> Self {
        Self {
            bars,
            lines: lines.map(Mutex::new),
            sources: Mutex::default(),
        }
    }

    fn line(&self, text: &str) {
        let Some(lines) = &self.lines else { return };
        // There is nobody left to tell that standard error is closed.
        let _ = match &self.bars {
            Some(bars) => bars.println(text),
            None => writeln!(held(lines), "{text}"),
        };
    }

    fn source(&self, id: &str) -> Source {
        let now = Arc::new(Mutex::new(Now::default()));
        let bar = self.bars.as_ref().map(|bars| {
            let bar = bars.add(ProgressBar::new_spinner());
            bar.set_style(style(&now));
            bar.set_prefix(escape::terminal(id).into_owned());
            bar.enable_steady_tick(TICK);
            bar
        });
        Source { bar, now }
    }
}

impl Watch for Progress {
    fn saw(&self, source: &str, step: &Step<'_>) {
        let id = escape::terminal(source);
        let mut sources = held(&self.sources);
        match step {
            Step::Ends => {
                let Some(ended) = sources.remove(source) else { return };
                ended.bar.into_iter().for_each(|bar| bar.finish_and_clear());
                // Nothing is held while something is drawn: what is drawn holds it, too.
                let streams: Vec<String> = held(&ended.now).streams.iter().map(Stream::to_string).collect();
                streams.iter().for_each(|stream| self.line(&format!("{id}: {stream}")));
                return;
            }
            Step::Call {
                path,
                status,
                bytes,
                took,
            } => self.line(&call(&id, path, *status, *bytes, *took)),
            Step::Waits { stream, wait, why } => {
                let (stream, why) = (escape::terminal(stream), escape::sentence(why));
                self.line(&format!("{id}: {stream} waits {}: {why}", Time(*wait)));
            }
            Step::Begins | Step::Rows { .. } => {}
        }
        let source = sources.entry(source.to_owned()).or_insert_with(|| self.source(source));
        held(&source.now).learn(step);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        // A run that ends early leaves sources behind that never ended.
        for source in std::mem::take(&mut *held(&self.sources)).into_values() {
            source.bar.into_iter().for_each(|bar| bar.finish_and_clear());
        }
        if let Some(bars) = &self.bars {
            let _ = bars.clear();
        }
    }
}

impl Now {
    fn learn(&mut self, step: &Step<'_>) {
        match step {
            Step::Rows { stream, rows, total } => {
                self.current = (*stream).to_owned();
                let known = self.streams.iter_mut().find(|known| known.name == *stream);
                match known {
                    Some(known) => (known.rows, known.total) = (*rows, *total),
                    None => self.streams.push(Stream {
                        name: (*stream).to_owned(),
                        rows: *rows,
                        total: *total,
                    }),
                }
            }
            Step::Waits { stream, wait, why } => {
                self.current = (*stream).to_owned();
                self.wait = Some(Wait {
                    until: Instant::now() + *wait,
                    why: (*why).to_owned(),
                });
            }
            Step::Call { .. } => self.wait = None,
            Step::Begins | Step::Ends => {}
        }
    }
}

/// What stands behind a source's name.
impl fmt::Display for Now {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.streams.iter().find(|stream| stream.name == self.current) {
            Some(stream) => write!(f, "{stream}")?,
            None => f.write_str(&escape::terminal(&self.current))?,
        }
        let Some(wait) = &self.wait else { return Ok(()) };
        let left = wait.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        // Whole seconds that are counted down end with 1, not with 0.
        let left = Time(Duration::from_secs(left.as_secs() + 1));
        write!(f, ", waits {left}: {}", escape::sentence(&wait.why))
    }
}

/// `users 120 of 500 rows`.
impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", escape::terminal(&self.name), self.rows)?;
        match self.total {
            Some(total) => write!(f, " of {total} rows"),
            None if self.rows == 1 => f.write_str(" row"),
            None => f.write_str(" rows"),
        }
    }
}

/// A length of time as people say it: `340 ms`, `1.2 s`, `12 s`, `2 min 5 s`.
struct Time(Duration);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let tenths = self.0.subsec_millis() / 100;
        match (seconds, tenths) {
            (0, _) => write!(f, "{} ms", self.0.as_millis()),
            (1..10, 1..) => write!(f, "{seconds}.{tenths} s"),
            (..60, _) => write!(f, "{seconds} s"),
            _ if seconds.is_multiple_of(60) => write!(f, "{} min", seconds / 60),
            _ => write!(f, "{} min {} s", seconds / 60, seconds % 60),
        }
    }
}

fn call(id: &str, path: &str, status: Option<u16>, bytes: u64, took: Duration) -> String {
    let (path, took) = (escape::sentence(path), Time(took));
    match status {
        Some(status) => format!("{id}: GET {path} {status}, {} in {took}", size(bytes)),
        None => format!("{id}: GET {path}: no answer in {took}"),
    }
}

fn size(bytes: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        1 => "1 byte".to_owned(),
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", tenths(1_000)),
        _ => format!("{} MB", tenths(1_000_000)),
    }
}

/// A spinner, the source's name, and what is known of it at the moment of drawing.
fn style(now: &Arc<Mutex<Now>>) -> ProgressStyle {
    let now = Arc::clone(now);
    let style =
        ProgressStyle::with_template("{spinner} {prefix}: {now}").unwrap_or_else(|_| ProgressStyle::default_spinner());
    style.with_key("now", move |_: &ProgressState, out: &mut dyn fmt::Write| {
        // Writing into memory does not fail.
        let _ = write!(out, "{}", held(&now));
    })
}

/// A watcher that fell over while it held the lock leaves nothing half done that matters.
fn held<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use indicatif::InMemoryTerm;

    use super::*;

    /// What was written, for whoever wants to look at it later.
    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            held(&self.0).extend(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Written {
        fn text(&self) -> String {
            String::from_utf8(held(&self.0).clone()).unwrap()
        }
    }

    const USERS: Step<'_> = Step::Call {
        path: "/users",
        status: Some(200),
        bytes: 8_149_000,
        took: Duration::from_millis(1234),
    };

    fn rows(rows: u64, total: Option<u64>) -> Step<'static> {
        Step::Rows {
            stream: "users",
            rows,
            total,
        }
    }

    const WAIT: Step<'_> = Step::Waits {
        stream: "users",
        wait: Duration::from_secs(90),
        why: "the rate limit",
    };

    fn terminal() -> (InMemoryTerm, MultiProgress) {
        let terminal = InMemoryTerm::new(10, 80);
        let target = ProgressDrawTarget::term_like(Box::new(terminal.clone()));
        (terminal, MultiProgress::with_draw_target(target))
    }

    /// Draws at once what the next tick would draw.
    fn shown(terminal: &InMemoryTerm, progress: &Progress) -> String {
        let sources = held(&progress.sources);
        sources
            .values()
            .flat_map(|source| &source.bar)
            .for_each(ProgressBar::force_draw);
        terminal.contents()
    }

    #[test]
    fn where_nobody_looks_every_call_wait_and_stream_is_a_line() {
        let written = Written::default();
        let progress = Progress::on(None, Some(Box::new(written.clone())));
        progress.saw("crm", &Step::Begins);
        progress.saw("crm", &USERS);
        progress.saw("crm", &rows(1, None));
        progress.saw("crm", &WAIT);
        let silent = Step::Call {
            path: "/users?start=\u{1b}[2J",
            status: None,
            bytes: 0,
            took: Duration::from_secs(60),
        };
        progress.saw("crm", &silent);
        progress.saw("crm", &rows(120, Some(500)));
        progress.saw("crm", &Step::Ends);
        insta::assert_snapshot!(written.text(), @r"
        crm: GET /users 200, 8.1 MB in 1.2 s
        crm: users waits 1 min 30 s: the rate limit
        crm: GET /users?start=\x1b[2J: no answer in 1 min
        crm: users 120 of 500 rows
        ");
    }

    #[test]
    fn a_terminal_shows_one_line_a_source() {
        let (terminal, bars) = terminal();
        let progress = Progress::on(Some(bars), None);
        for id in ["crm", "directory"] {
            progress.saw(id, &Step::Begins);
        }
        progress.saw("crm", &USERS);
        progress.saw("crm", &rows(120, Some(500)));
        progress.saw("directory", &rows(7, None));
        let first = shown(&terminal, &progress);
        assert!(first.contains("crm: users 120 of 500 rows"), "{first}");
        assert!(first.contains("directory: users 7 rows"), "{first}");
        assert_eq!(first.lines().count(), 2, "{first}");
        progress.saw("crm", &WAIT);
        let waiting = shown(&terminal, &progress);
        let (_, wait) = waiting.split_once("crm: users 120 of 500 rows, waits 1 min").unwrap();
        assert!(wait.contains(" s: the rate limit"), "{waiting}");
        // The next call is the end of the wait, even where it was cut short.
        progress.saw("crm", &USERS);
        assert!(!shown(&terminal, &progress).contains("waits"));
    }

    #[test]
    fn nothing_remains_of_it() {
        for ends in [true, false] {
            let (terminal, bars) = terminal();
            let progress = Progress::on(Some(bars), None);
            progress.saw("crm", &Step::Begins);
            progress.saw("crm", &rows(120, None));
            assert!(!shown(&terminal, &progress).is_empty());
            if ends {
                progress.saw("crm", &Step::Ends);
            }
            drop(progress);
            assert_eq!(terminal.contents(), "");
        }
    }

    #[test]
    fn lines_that_stay_stand_above_the_bars() {
        let (terminal, bars) = terminal();
        let progress = Progress::on(Some(bars), Some(Box::new(Written::default())));
        progress.saw("crm", &Step::Begins);
        progress.saw("crm", &USERS);
        progress.saw("crm", &rows(120, None));
        let both = shown(&terminal, &progress);
        assert!(both.starts_with("crm: GET /users 200, 8.1 MB in 1.2 s\n"), "{both}");
        assert!(both.contains(" crm: users 120 rows"), "{both}");
        progress.saw("crm", &Step::Ends);
        drop(progress);
        assert_eq!(
            terminal.contents(),
            "crm: GET /users 200, 8.1 MB in 1.2 s\ncrm: users 120 rows"
        );
    }

    #[test]
    fn a_hostile_name_moves_nothing() {
        let (terminal, bars) = terminal();
        let progress = Progress::on(Some(bars), None);
        let hostile = Step::Rows {
            stream: "\u{1b}[2J{prefix}\n",
            rows: 1,
            total: None,
        };
        progress.saw("crm", &hostile);
        let line = shown(&terminal, &progress);
        assert!(line.contains("crm: \\x1b[2J{prefix}\\n 1 row"), "{line}");
    }

    #[test]
    fn times_and_sizes_are_short() {
        let times = [
            (7, "7 ms"),
            (999, "999 ms"),
            (1000, "1 s"),
            (1250, "1.2 s"),
            (12_900, "12 s"),
            (60_000, "1 min"),
            (125_000, "2 min 5 s"),
        ];
        for (millis, words) in times {
            assert_eq!(Time(Duration::from_millis(millis)).to_string(), words);
        }
        let sizes = [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_040, "1.0 kB"),
            (999_999, "999.9 kB"),
            (8_149_000, "8.1 MB"),
        ];
        for (bytes, words) in sizes {
            assert_eq!(size(bytes), words);
        }
    }
}
