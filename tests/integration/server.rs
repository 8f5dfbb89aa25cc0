//! A stand-in for a vendor's server, on loopback: it answers what a script says, with the faults that a wire can have.
//!
//! Bare sockets and threads, because most of these faults are what a well-behaved server cannot do. `tests/README.md`
//! has the grammar of a script.

mod tls;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime};

use serde::Deserialize;
pub use tls::{Certificate, write_authority};

/// An address on loopback where nobody listens.
pub const CLOSED: &str = "http://127.0.0.1:1";

/// How long a slow answer waits before its next byte.
const DRIP: Duration = Duration::from_millis(200);

/// Nobody waits longer than this for a byte of the other side.
const PATIENCE: Duration = Duration::from_secs(10);

/// The headers of a request that a case shows: by value, or only that they are there.
const SHOWN: [&str; 2] = ["accept", "cookie"];
const SECRET: [&str; 3] = ["authorization", "proxy-authorization", "x-api-token"];

/// `server.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    /// The certificate of a server that speaks TLS.
    #[serde(default)]
    tls: Option<Certificate>,
    /// Requests come several at a time, so that their order says nothing.
    #[serde(default)]
    in_any_order: bool,
    /// The first that fits answers.
    #[serde(default)]
    routes: Vec<Route>,
}

/// What is asked, and what is answered.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Route {
    #[serde(default = "get")]
    method: String,
    /// Without the query; a `*` at its end stands for anything.
    path: String,
    /// Keys and values that must be in the query; null for a key that must not.
    #[serde(default)]
    query: BTreeMap<String, Option<String>>,
    /// One after the other; the last one repeats.
    answers: Vec<Reply>,
}

fn get() -> String {
    "GET".to_owned()
}

/// One answer.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reply {
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    json: Option<serde_json::Value>,
    #[serde(default)]
    text: Option<String>,
    /// A file of the case.
    #[serde(default)]
    file: Option<PathBuf>,
    /// So many MiB of zeros.
    #[serde(default)]
    zeros_mib: Option<usize>,
    /// What is wrong with it on the wire.
    #[serde(default)]
    how: How,
}

/// What is wrong with an answer on the wire.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum How {
    #[default]
    Whole,
    /// A byte every 200 ms, from the status line on.
    SlowHeaders,
    /// The same, from the body on.
    SlowBody,
    /// Nothing ever comes.
    Silence,
    /// The body ends before the length that was promised.
    LengthLongerThanBody,
    /// A body in chunks that ends without the last one.
    ChunkedCut,
    /// A body that ends where the connection does, and half of it.
    EofCut,
    /// The connection is reset before anything is answered.
    Reset,
    /// The connection is closed before anything is answered.
    Close,
    /// The body is packed.
    Gzip,
    /// An old server: no length, and the connection closes behind the body.
    Http10,
    /// A status line that ends with the number.
    NoReason,
    /// Bytes that are no HTTP.
    Garbage,
}

/// A server that runs until it is dropped.
pub struct Server {
    address: SocketAddr,
    origin: String,
    shared: Arc<Shared>,
}

struct Shared {
    script: Script,
    /// Where the files of its answers are.
    folder: PathBuf,
    tls: Option<Arc<rustls::ServerConfig>>,
    asked: Mutex<Vec<String>>,
    /// How often each route was asked.
    turns: Mutex<Vec<usize>>,
    over: AtomicBool,
}

impl Server {
    /// Listens, and answers from threads of its own. Of several scripts the first that has a route answers; `{server}` and
    /// the other names in them are filled in.
    pub fn start(folder: &Path, scripts: &[&str], names: &[(&str, String)]) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let read = |text: &str| -> Script {
            serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{}: server.yaml: {error}", folder.display()))
        };
        let tls = scripts.iter().find_map(|text| read(text).tls);
        let origin = format!("{}://{address}", if tls.is_some() { "https" } else { "http" });
        let mut script = Script::default();
        for text in scripts {
            let mut text = text
                .replace("{server}", &origin)
                .replace("{host}", &address.to_string());
            for (name, value) in names {
                text = text.replace(name, value);
            }
            let one = read(&text);
            script.in_any_order |= one.in_any_order;
            script.routes.extend(one.routes);
        }
        let shared = Arc::new(Shared {
            tls: tls.map(tls::config),
            turns: Mutex::new(vec![0; script.routes.len()]),
            script,
            folder: folder.to_owned(),
            asked: Mutex::default(),
            over: AtomicBool::new(false),
        });
        let accepting = shared.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                if accepting.over.load(Ordering::Relaxed) {
                    break;
                }
                let (Ok(stream), shared) = (stream, accepting.clone()) else {
                    continue;
                };
                thread::spawn(move || shared.serve(stream));
            }
        });
        Server {
            address,
            origin,
            shared,
        }
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        self.origin.clone()
    }

    /// Host and port.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// What was asked since the last time.
    pub fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.shared.asked.lock().unwrap());
        if self.shared.script.in_any_order {
            asked.sort();
        }
        asked
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        // The listener wakes up, sees that it is over, and goes.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn serve(&self, tcp: TcpStream) {
        tcp.set_read_timeout(Some(PATIENCE)).unwrap();
        tcp.set_write_timeout(Some(PATIENCE)).unwrap();
        let _ = match &self.tls {
            None => self.plain(tcp),
            Some(config) => self.encrypted(tcp, config),
        };
    }

    fn plain(&self, mut tcp: TcpStream) -> io::Result<()> {
        // A connection that is closed with something unread is reset: so the request is only looked at first.
        let mut bytes = vec![0; 1 << 16];
        let head = loop {
            let length = tcp.peek(&mut bytes)?;
            match end_of_head(&bytes[..length]) {
                _ if length == 0 => return Ok(()),
                // The first byte of TLS, which is none of a method.
                _ if bytes[0] == 0x16 => return tcp.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
                Some(end) => break end,
                None => thread::sleep(Duration::from_millis(1)),
            }
        };
        let request = Request::read(&bytes[..head]);
        let reply = self.reply(&request);
        if reply.how == How::Reset {
            return Ok(());
        }
        tcp.read_exact(&mut bytes[..head])?;
        io::copy(&mut (&mut tcp).take(request.length()), &mut io::sink())?;
        self.answer(&reply, &mut tcp)
    }

    fn encrypted(&self, tcp: TcpStream, config: &Arc<rustls::ServerConfig>) -> io::Result<()> {
        let Ok(connection) = rustls::ServerConnection::new(config.clone()) else {
            return Ok(());
        };
        let mut stream = rustls::StreamOwned::new(connection, tcp);
        let mut bytes = Vec::new();
        let head = loop {
            let mut piece = [0; 4096];
            let length = stream.read(&mut piece)?;
            bytes.extend_from_slice(&piece[..length]);
            match end_of_head(&bytes) {
                Some(end) => break end,
                None if length == 0 => return Ok(()),
                None => {}
            }
        };
        let reply = self.reply(&Request::read(&bytes[..head]));
        self.answer(&reply, &mut stream)?;
        stream.conn.send_close_notify();
        stream.flush()
    }

    /// What is answered, and a note of what was asked.
    fn reply(&self, request: &Request) -> Reply {
        self.asked.lock().unwrap().push(request.shown());
        let routes = &self.script.routes;
        let Some(index) = routes.iter().position(|route| request.fits(route)) else {
            return Reply {
                status: Some(404),
                json: Some(serde_json::json!({"success": false, "error": "no such route"})),
                ..Reply::default()
            };
        };
        let mut turns = self.turns.lock().unwrap();
        let answers = &routes[index].answers;
        let turn = turns[index].min(answers.len() - 1);
        turns[index] += 1;
        answers[turn].clone()
    }

    fn body(&self, reply: &Reply) -> Vec<u8> {
        let body = if let Some(json) = &reply.json {
            json.to_string().into_bytes()
        } else if let Some(text) = &reply.text {
            text.clone().into_bytes()
        } else if let Some(file) = &reply.file {
            std::fs::read(self.folder.join(file)).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
        } else {
            vec![0; reply.zeros_mib.unwrap_or(0) << 20]
        };
        if reply.how != How::Gzip {
            return body;
        }
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&body).unwrap();
        packed.finish().unwrap()
    }

    fn answer(&self, reply: &Reply, to: &mut impl Write) -> io::Result<()> {
        let status = reply.status.unwrap_or(200);
        let body = self.body(reply);
        let mut head = match reply.how {
            How::Http10 => format!("HTTP/1.0 {status} Fine\r\n"),
            How::NoReason => format!("HTTP/1.1 {status}\r\n"),
            _ => format!("HTTP/1.1 {status} Fine\r\n"),
        };
        if !reply
            .headers
            .keys()
            .any(|name| name.eq_ignore_ascii_case("content-type"))
        {
            head.push_str("content-type: application/json\r\n");
        }
        for (name, value) in &reply.headers {
            write!(head, "{name}: {}\r\n", moment(value)).unwrap();
        }
        match reply.how {
            How::Http10 | How::EofCut => {}
            How::ChunkedCut => head.push_str("transfer-encoding: chunked\r\n"),
            How::LengthLongerThanBody => write!(head, "content-length: {}\r\n", body.len() + 100).unwrap(),
            _ => write!(head, "content-length: {}\r\n", body.len()).unwrap(),
        }
        if reply.how == How::Gzip {
            head.push_str("content-encoding: gzip\r\n");
        }
        head.push_str("connection: close\r\n\r\n");
        let half = &body[..body.len() / 2];
        match reply.how {
            How::Reset | How::Close => return Ok(()),
            How::Silence => thread::sleep(PATIENCE),
            How::Garbage => to.write_all(b"\x15\x03\x01 no such thing as HTTP\r\n\r\n")?,
            How::SlowHeaders => {
                self.drip(to, head.as_bytes())?;
                self.drip(to, &body)?;
            }
            How::SlowBody => {
                to.write_all(head.as_bytes())?;
                self.drip(to, &body)?;
            }
            How::ChunkedCut => {
                to.write_all(head.as_bytes())?;
                to.write_all(format!("{:x}\r\n", half.len()).as_bytes())?;
                to.write_all(half)?;
                to.write_all(b"\r\n")?;
            }
            How::EofCut => {
                to.write_all(head.as_bytes())?;
                to.write_all(half)?;
            }
            How::Whole | How::LengthLongerThanBody | How::Gzip | How::Http10 | How::NoReason => {
                to.write_all(head.as_bytes())?;
                to.write_all(&body)?;
            }
        }
        to.flush()
    }

    fn drip(&self, to: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
        for byte in bytes {
            if self.over.load(Ordering::Relaxed) {
                break;
            }
            to.write_all(&[*byte])?;
            to.flush()?;
            thread::sleep(DRIP);
        }
        Ok(())
    }
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(end + 4)
}

/// One request.
struct Request {
    method: String,
    path: String,
    query: String,
    headers: BTreeMap<String, String>,
}

impl Request {
    fn read(head: &[u8]) -> Request {
        let text = String::from_utf8_lossy(head);
        let mut lines = text.lines();
        let mut words = lines.next().unwrap_or_default().split(' ');
        let method = words.next().unwrap_or_default().to_owned();
        let target = words.next().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        Request {
            method,
            path: path.to_owned(),
            query: query.to_owned(),
            headers: headers.collect(),
        }
    }

    /// How many bytes of a body follow.
    fn length(&self) -> u64 {
        let length = self.headers.get("content-length");
        length.map_or(0, |length| length.parse().unwrap())
    }

    fn fits(&self, route: &Route) -> bool {
        let path = match route.path.strip_suffix('*') {
            Some(beginning) => self.path.starts_with(beginning),
            None => self.path == route.path,
        };
        let value = |key: &str| {
            let mut pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(name, _)| *name == key).map(|(_, value)| value.to_owned())
        };
        self.method == route.method && path && route.query.iter().all(|(key, expected)| value(key) == *expected)
    }

    /// The request line, and of the headers those that matter to a vendor or to a secret.
    fn shown(&self) -> String {
        let mut shown = format!("{} {}", self.method, self.path);
        if !self.query.is_empty() {
            write!(shown, "?{}", self.query).unwrap();
        }
        for name in SHOWN {
            if let Some(value) = self.headers.get(name) {
                write!(shown, "  {name}: {value}").unwrap();
            }
        }
        for name in SECRET.iter().filter(|name| self.headers.contains_key(**name)) {
            write!(shown, "  {name}: (a secret)").unwrap();
        }
        shown
    }
}

/// Headers that speak of time: `{date+3600}`, `{epoch-60}` are so many seconds from now.
fn moment(value: &str) -> String {
    let inner = value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let Some((word, seconds)) = inner.and_then(|inner| inner.split_at_checked(inner.find(['+', '-'])?)) else {
        return value.to_owned();
    };
    let seconds: i64 = seconds.parse().unwrap();
    let size = Duration::from_secs(seconds.unsigned_abs());
    let time = if seconds < 0 {
        SystemTime::now() - size
    } else {
        SystemTime::now() + size
    };
    match word {
        "date" => httpdate::fmt_http_date(time),
        "epoch" => time
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap()
            .as_secs()
            .to_string(),
        other => panic!("`{other}` is no moment"),
    }
}
