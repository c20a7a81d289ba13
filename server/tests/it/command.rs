//! The binary as it is started: what it prints, and the sentences it stops with.

use daybook_backend::{accounts::SetUp, db::Db};
use daybook_domain::viewer::RequestContext;
use daybook_server::{
    Services,
    config::{Config, Settings},
};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

/// The binary, with nothing of our environment that would configure it.
pub fn daybook(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_daybook"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DAYBOOK_") {
            command.env_remove(name);
        }
    }
    command
        .current_dir(data)
        .arg("--data-dir")
        .arg(data)
        .stdin(Stdio::null());
    command
}

pub fn output(command: &mut Command) -> (bool, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    (
        status.success(),
        String::from_utf8(stdout).unwrap(),
        String::from_utf8(stderr).unwrap(),
    )
}

/// A running `daybook serve`; killed when dropped.
pub struct Server {
    pub child: Child,
    pub address: SocketAddr,
    /// What it printed up to the line that says it is ready.
    pub said: String,
}

impl Server {
    pub fn start(data: &Path, more: &[&str]) -> Self {
        let mut command = daybook(data);
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(more);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut server = Self {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            said: String::new(),
        };
        for line in out.lines() {
            let line = line.unwrap();
            if let Some(address) = line.strip_prefix("Daybook is at http://") {
                server.address = address.parse().unwrap();
                return server;
            }
            server.said.push_str(&line);
            server.said.push('\n');
        }
        panic!("it ended before it was ready: {}", server.said);
    }

    /// Status and body of one request.
    pub fn request(&self, head: &str, body: &str) -> std::io::Result<(u16, String)> {
        let mut stream = TcpStream::connect(self.address)?;
        let length = body.len();
        write!(
            stream,
            "{head}\r\nHost: {}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}",
            self.address
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let answer = String::from_utf8_lossy(&answer);
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| std::io::Error::other("no answer"))?;
        let (_, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        Ok((status, body.to_owned()))
    }

    pub fn is_asked_to_stop(&self) {
        let asked = Command::new("kill")
            .arg(self.child.id().to_string())
            .status()
            .unwrap();
        assert!(asked.success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// The database of a data folder, opened here.
pub async fn services(data: &Path) -> Services {
    let settings = Settings {
        data_dir: Some(data.to_owned()),
        ..Settings::default()
    };
    Services::open(&Config::load(settings, None).unwrap())
        .await
        .unwrap()
}

/// Makes a workspace in the data folder.
pub async fn set_up(data: &Path) {
    let services = services(data).await;
    let form = SetUp {
        workspace: "Northdesk".to_owned(),
        name: "Ada Lindqvist".to_owned(),
        email: crate::house::ADMINISTRATOR.to_owned(),
        password: crate::house::PASSWORD.into(),
    };
    services
        .accounts
        .set_up(form, &RequestContext::default())
        .await
        .unwrap();
    close(services.db).await;
}

pub async fn close(db: Db) {
    db.read.clone().close().await.unwrap();
}

/// One sentence of ours, no trace.
#[track_caller]
fn stops_with(command: &mut Command, words: &[&str]) {
    let (is_success, _, said) = output(command);
    assert!(!is_success);
    let last = said.lines().last().unwrap_or_default();
    assert!(
        last.starts_with("daybook: ") && !said.contains("panicked") && !said.contains("stack backtrace"),
        "{said}"
    );
    for word in words {
        assert!(last.contains(word), "“{word}” in {last}");
    }
}

#[tokio::test]
async fn it_serves_until_it_is_asked_to_stop() {
    let data = tempfile::tempdir().unwrap();
    let mut server = Server::start(data.path(), &[]);
    assert_eq!(
        server.request("GET /readyz HTTP/1.1", "").unwrap(),
        (200, "ready".to_owned())
    );
    assert_eq!(server.request("GET / HTTP/1.1", "").unwrap().0, 302);
    server.is_asked_to_stop();
    assert!(server.child.wait().unwrap().success());
    assert!(TcpStream::connect(server.address).is_err());
}

#[tokio::test]
async fn a_request_under_way_is_answered_before_it_stops() {
    let data = tempfile::tempdir().unwrap();
    set_up(data.path()).await;
    let (_, key, _) = output(daybook(data.path()).args(["api-key", "create", "helpdesk"]));
    let mut server = Server::start(data.path(), &[]);
    let mut stream = TcpStream::connect(server.address).unwrap();
    let body = crate::api_events::event("a").to_string();
    let (key, length, (first, second)) = (key.trim(), body.len(), body.split_at(10));
    write!(
        stream,
        "POST /api/v2/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
    )
    .unwrap();
    // The server asks for the body: so the request is under way.
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(first.as_bytes()).unwrap();
    server.is_asked_to_stop();
    while TcpStream::connect(server.address).is_ok() {
        std::thread::yield_now();
    }
    stream.write_all(second.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200 OK") && answer.contains("\"accepted\":1"),
        "{answer}"
    );
    assert!(server.child.wait().unwrap().success());
}

#[test]
fn a_port_in_use_is_said_with_the_remedy() {
    let data = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    stops_with(
        daybook(data.path()).args(["serve", "--listen", &address]),
        &[&address, "in use", "--listen"],
    );
    assert!(!data.path().join("daybook.db").exists(), "nothing was made");
}

#[tokio::test]
async fn databases_of_others_and_of_the_future_are_left_alone() {
    use sea_orm::{ConnectionTrait, Database};
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("daybook.db");
    std::fs::write(&file, "Dear diary").unwrap();
    stops_with(
        daybook(data.path()).arg("migrate"),
        &["not a Daybook database", "--data-dir"],
    );
    assert_eq!(std::fs::read(&file).unwrap(), b"Dear diary");

    std::fs::remove_file(&file).unwrap();
    let url = format!("sqlite:{}?mode=rwc", file.display());
    let other = Database::connect(&url).await.unwrap();
    other
        .execute_unprepared("CREATE TABLE bookmarks (url TEXT)")
        .await
        .unwrap();
    other.close().await.unwrap();
    stops_with(
        daybook(data.path()).args(["serve", "--listen", "127.0.0.1:0"]),
        &["another program", "--data-dir"],
    );

    std::fs::remove_file(&file).unwrap();
    let (is_success, said, _) = output(daybook(data.path()).arg("migrate"));
    assert!(is_success && said.contains("up to date"));
    let ours = Database::connect(&url).await.unwrap();
    ours.execute_unprepared(
        "INSERT INTO daybook_migration (version, applied_at) VALUES ('m9999_tomorrow', 0)",
    )
    .await
    .unwrap();
    ours.close().await.unwrap();
    stops_with(
        daybook(data.path()).args(["serve", "--listen", "127.0.0.1:0"]),
        &["newer Daybook", "m9999_tomorrow"],
    );
}

#[test]
fn mistakes_in_the_settings_are_said_in_a_sentence() {
    let data = tempfile::tempdir().unwrap();
    stops_with(
        daybook(data.path()).args(["migrate", "--config", "nowhere.toml"]),
        &["nowhere.toml", "can't be read"],
    );
    std::fs::write(data.path().join("daybook.toml"), "listen = 3000\n").unwrap();
    stops_with(daybook(data.path()).arg("migrate"), &["daybook.toml", "line 1"]);
    std::fs::remove_file(data.path().join("daybook.toml")).unwrap();
    let mut command = daybook(data.path());
    command
        .env("DAYBOOK_DATABASE_URL", "mysql://root:hunter2@db/x")
        .arg("migrate");
    stops_with(&mut command, &["postgres://", "DAYBOOK_DATABASE_URL"]);
    assert!(!output(&mut command).2.contains("hunter2"));
    stops_with(
        daybook(data.path()).args(["migrate", "--log", "daybook=loud"]),
        &["log filter"],
    );
    stops_with(
        daybook(data.path()).args(["api-key", "list"]),
        &["no workspace", "daybook serve"],
    );
}

#[test]
fn config_shows_what_is_in_force() {
    let data = tempfile::tempdir().unwrap();
    std::fs::write(
        data.path().join("daybook.toml"),
        "log = \"warn\"\nlisten = \"127.0.0.1:1\"\n",
    )
    .unwrap();
    let mut command = daybook(data.path());
    command
        .env("DAYBOOK_LISTEN", "127.0.0.1:2")
        .env("DAYBOOK_PUBLIC_URL", "https://daybook.example")
        .env("DAYBOOK_DATABASE_URL", "postgres://daybook:hunter2@db/daybook")
        .args(["config", "--public-url", "https://log.example"]);
    let (is_success, said, _) = output(&mut command);
    assert!(is_success);
    for line in [
        "listen = \"127.0.0.1:2\"",
        "log = \"warn\"",
        "public_url = \"https://log.example\"",
    ] {
        assert!(said.contains(line), "{line} in {said}");
    }
    assert!(!said.contains("hunter2"));
}

#[tokio::test]
async fn keys_and_users_are_made_without_the_portal() {
    let data = tempfile::tempdir().unwrap();
    set_up(data.path()).await;
    let run = |arguments: &[&str]| output(daybook(data.path()).args(arguments));
    let (_, key, _) = run(&["api-key", "create", "helpdesk", "--scope", "events:read"]);
    assert!(key.starts_with("dbk_") && key.lines().count() == 1);
    let (_, list, _) = run(&["api-key", "list"]);
    assert!(list.contains("helpdesk") && list.contains("events:read") && list.contains("active"));
    assert!(!list.contains(key.trim()));
    let id = list.split_whitespace().next().unwrap();
    assert!(run(&["api-key", "revoke", id]).0);
    assert!(run(&["api-key", "list"]).1.contains("revoked"));
    assert!(!run(&["api-key", "create", "x", "--scope", "events:eat"]).0);

    let (is_success, made_up, _) = run(&[
        "user",
        "create",
        "noor@northdesk.example",
        "--name",
        "Noor",
        "--role",
        "Auditor",
    ]);
    assert!(is_success && made_up.trim().len() == 27);
    let (is_success, reset, _) = run(&["user", "reset-password", "noor@northdesk.example"]);
    assert!(is_success && reset != made_up);
    assert!(
        run(&["user", "reset-password", "nobody@northdesk.example"])
            .2
            .contains("No user has this email")
    );
    let house = services(data.path()).await;
    let noor = house
        .accounts
        .sign_in(
            "noor@northdesk.example",
            reset.trim().into(),
            &RequestContext::default(),
        )
        .await;
    assert!(noor.is_ok());
}

#[test]
fn the_demo_tells_how_to_sign_in_and_is_told_once() {
    let data = tempfile::tempdir().unwrap();
    let (is_success, said, _) = output(daybook(data.path()).args([
        "demo",
        "--events",
        "500",
        "--log-only",
        "--until",
        "2026-11-22T14:00:00Z",
    ]));
    assert!(is_success);
    assert!(said.contains("admin@northdesk.example"), "{said}");
    stops_with(
        daybook(data.path()).args(["demo", "--events", "500"]),
        &["has a workspace already", "--data-dir"],
    );
    let server = Server::start(data.path(), &["--demo"]);
    assert!(
        server.said.contains("auditor@northdesk.example"),
        "{}",
        server.said
    );
}

#[test]
fn what_was_changed_around_the_application_is_told() {
    let data = tempfile::tempdir().unwrap();
    let (ok, ..) = output(daybook(data.path()).args(["demo", "--events", "300"]));
    assert!(ok);
    let (ok, said, _) = output(daybook(data.path()).arg("check-drift"));
    assert!(ok && said.contains("records say they are"), "{said}");
}
