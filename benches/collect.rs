//! Live collection beside its floor: what it costs to read the same answers and parse them once.
//!
//! `cargo bench --bench collect` prints ratios; seconds are of this machine and of no other. A server on loopback answers
//! as Pipedrive does: all users in one answer, roles and permission sets beside.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark is a test that prints"
)]

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// Users of the two sizes that are measured.
const SIZES: [usize; 2] = [1_000, 10_000];

fn main() {
    for users in SIZES {
        let workspace = Arc::new(Workspace::of(users));
        let megabytes = workspace.users.len() as f64 / 1e6;
        let address = serve(Arc::clone(&workspace));
        let floor = best(|| {
            let begun = Instant::now();
            for path in ["/users/me", "/users", "/roles", "/permissionSets"] {
                let body = fetch(&address, path);
                let value: serde_json::Value = serde_json::from_slice(&body).unwrap();
                assert!(value["success"].as_bool().unwrap());
            }
            (begun.elapsed(), 0)
        });
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("rolecall.yaml"), project(&address)).unwrap();
        let collect = best(|| run(folder.path()));
        println!("{users} users, {megabytes:.1} MB in one answer");
        println!(
            "  read and parse once     1.0 x the floor ({:.0} ms)",
            floor.0.as_secs_f64() * 1e3
        );
        println!(
            "  rolecall collect      {:>5.1} x the floor ({:.0} ms), {} MB at most",
            collect.0.as_secs_f64() / floor.0.as_secs_f64(),
            collect.0.as_secs_f64() * 1e3,
            collect.1 / 1024
        );
    }
}

/// The quickest of five runs, and the most memory of any.
fn best(mut run: impl FnMut() -> (Duration, u64)) -> (Duration, u64) {
    let runs: Vec<(Duration, u64)> = (0..5).map(|_| run()).collect();
    let quickest = runs.iter().map(|run| run.0).min().unwrap();
    (quickest, runs.iter().map(|run| run.1).max().unwrap())
}

/// `rolecall collect` in a folder: how long it takes, and its largest resident set in KiB (Linux only).
fn run(folder: &Path) -> (Duration, u64) {
    let begun = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .args(["collect", "-o", "snapshot.json"])
        .current_dir(folder)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    let ended = loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        most = most.max(kib.unwrap_or(0));
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        thread::sleep(Duration::from_millis(2));
    };
    assert!(ended.success());
    (begun.elapsed(), most)
}

fn project(address: &str) -> String {
    format!(
        "rolecall: 1\norganisation: Acme\ntimezone: UTC\nsources:\n  crm:\n    connector: pipedrive\n    \
         params: {{company: acme}}\n    auth: {{token: {{env: PATH}}}}\n    with: {{base_url: \"http://{address}\"}}\n"
    )
}

/// The bodies of the four answers.
struct Workspace {
    me: String,
    users: String,
    roles: String,
    sets: String,
}

impl Workspace {
    fn of(users: usize) -> Self {
        let admin = r#"[{"app":"account_settings","admin":true,"permission_set_id":"set-0"}]"#;
        let mut rows = String::new();
        for id in 1..=users {
            let access = if id == 1 {
                admin.to_owned()
            } else {
                format!(
                    r#"[{{"app":"sales","admin":false,"permission_set_id":"set-{}"}},{{"app":"global","admin":false,"permission_set_id":"set-2"}}]"#,
                    id % 18 + 3
                )
            };
            let separator = if id == 1 { "" } else { "," };
            write!(
                rows,
                r#"{separator}{{"id":{id},"name":"Person Number {id}","default_currency":"EUR","locale":"en_US","lang":1,"email":"person.{id}@example.com","phone":null,"activated":true,"last_login":"2026-11-20 07:15:00","created":"2024-02-01 08:30:00","modified":"2026-11-20 07:15:00","signup_flow_variation":"none","has_created_company":false,"is_admin":0,"timezone_name":"Europe/Berlin","timezone_offset":"+01:00","active_flag":{},"is_deleted":false,"role_id":{},"icon_url":"https://images.example.com/people/large/portrait-{id}.png","is_you":{},"company_note":"{:0>120}","access":{access}}}"#,
                id % 7 != 0,
                id % 30 + 1,
                id == 1,
                id,
            )
            .unwrap();
        }
        let list = |count: usize, row: &dyn Fn(usize) -> String| (0..count).map(row).collect::<Vec<_>>().join(",");
        let roles = list(30, &|n| {
            format!(
                r#"{{"id":{},"name":"Group {n}","parent_role_id":1,"active_flag":true}}"#,
                n + 1
            )
        });
        let sets = list(21, &|n| {
            let app = if n == 0 { "account_settings" } else { "sales" };
            format!(r#"{{"id":"set-{n}","name":"Set {n}","app":"{app}","type":"custom"}}"#)
        });
        Self {
            me: format!(r#"{{"success":true,"data":{{"id":1,"company_domain":"acme","access":{admin}}}}}"#),
            users: format!(r#"{{"success":true,"data":[{rows}]}}"#),
            roles: format!(
                r#"{{"success":true,"data":[{roles}],"additional_data":{{"pagination":{{"more_items_in_collection":false}}}}}}"#
            ),
            sets: format!(r#"{{"success":true,"data":[{sets}]}}"#),
        }
    }

    fn body(&self, path: &str) -> &str {
        match path.split('?').next().unwrap() {
            "/users/me" => &self.me,
            "/users" => &self.users,
            "/roles" => &self.roles,
            "/permissionSets" => &self.sets,
            other => panic!("nobody answers {other}"),
        }
    }
}

/// Answers on loopback for ever; the address.
fn serve(workspace: Arc<Workspace>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let workspace = Arc::clone(&workspace);
            thread::spawn(move || answer(&mut stream.unwrap(), &workspace));
        }
    });
    address
}

fn answer(stream: &mut TcpStream, workspace: &Workspace) {
    let mut asked = Vec::new();
    let mut piece = [0; 4096];
    while !asked.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => return,
            Ok(read) => asked.extend_from_slice(&piece[..read]),
        }
    }
    let asked = String::from_utf8_lossy(&asked);
    let body = workspace.body(asked.split(' ').nth(1).unwrap());
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream
        .write_all(head.as_bytes())
        .and_then(|()| stream.write_all(body.as_bytes()));
}

fn fetch(address: &str, path: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let head = answer.windows(4).position(|end| end == b"\r\n\r\n").unwrap();
    answer.split_off(head + 4)
}
