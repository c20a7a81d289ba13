//! `cargo xtask bench deliveries`: what is sent on to a receiver on this machine while events come in, and how much one
//! receiver that is dead slows the others.

use super::{
    Options, Report, api_key,
    database::Databases,
    finish,
    http::{Connection, request},
    load::{self, Percentiles},
    server::{Server, daybook, next_number},
    sign_in,
};
use crate::{command, problem::problem, project::Project};
use anyhow::{Context, Result};
use std::{
    fmt::Write as _,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Events a second that come in, of which one in [`SHARE`] is delivered.
const INGEST: usize = 5_000;
const SHARE: usize = 5;
/// Requests a second that they come in.
const REQUESTS: usize = 5;
/// Endpoints among which one is dead.
const ENDPOINTS: usize = 50;
/// How long what is under way may take to arrive at the end.
const PATIENCE: Duration = Duration::from_mins(2);

pub fn run(project: &Project, options: &Options) -> Result<()> {
    let duration = Duration::from_secs(if options.quick { 5 } else { 60 });
    let burst = if options.quick { 20 } else { 200 };
    let folder = project.cache().join("bench").join("deliveries");
    let databases = Databases::start(options.postgres)?;
    let mut report = Report::default();
    command::step("one endpoint beside ingest", || {
        let data = databases.make(&folder.join("one"))?;
        let receiver = Receiver::start()?;
        let desk = Desk::open(project, &data, &[receiver.url("one")])?;
        sustained(&desk, &receiver, duration, &mut report)?;
        report.add("memory after", desk.server.memory()?, "MB", "");
        drop(desk);
        databases.remove(&data)
    })?;
    let rate = |with_dead: bool| -> Result<f64> {
        let data = databases.make(&folder.join("many"))?;
        let receiver = Receiver::start()?;
        let dead = TcpListener::bind("127.0.0.1:0")?;
        let mut urls: Vec<_> = (1..ENDPOINTS)
            .map(|number| receiver.url(&format!("e{number}")))
            .collect();
        urls.push(if with_dead {
            // It takes connections and never answers.
            format!("http://{}/", dead.local_addr()?)
        } else {
            receiver.url("last")
        });
        let desk = Desk::open(project, &data, &urls)?;
        let rate = bursts(&desk, &receiver, burst)?;
        drop(desk);
        databases.remove(&data)?;
        Ok(rate)
    };
    command::step("fifty endpoints", || {
        let alive = rate(false)?;
        let beside_dead = rate(true)?;
        report.add("deliveries to 49, all alive", alive, "/s", "");
        report.add("deliveries to 49, the 50th dead", beside_dead, "/s", "");
        report.add("slower by", 100.0 * (1.0 - beside_dead / alive), "%", "< 5 %");
        Ok(())
    })?;
    finish(project, &report, options)
}

/// A server with endpoints that are told of every delivered event.
struct Desk {
    server: Server,
    key: String,
}

impl Desk {
    fn open(project: &Project, data: &super::database::Data, urls: &[String]) -> Result<Self> {
        command::run_quietly(&mut daybook(
            project,
            data,
            &["demo", "--events", "1000", "--log-only"],
        ))?;
        let key = api_key(project, data, "events:write")?;
        let server = Server::start_with(project, data, &["--delivery-networks", "127.0.0.0/8"])?;
        let mut connection = Connection::open(&server.address)?;
        let cookies = sign_in(&mut connection)?;
        for (number, url) in urls.iter().enumerate() {
            let url = url.replace(':', "%3A").replace('/', "%2F");
            let made = form(
                &mut connection,
                &cookies,
                "objects/create",
                &format!(
                    "kind=webhook_endpoint&values[name][]=Endpoint+{number}&values[url][]={url}&\
                     values[events][]=type%3Abench.delivered"
                ),
            )?;
            let id = made
                .split('/')
                .find(|part| part.len() == 36)
                .with_context(|| format!("no endpoint's id in {made}"))?;
            form(
                &mut connection,
                &cookies,
                "webhooks/add_secret",
                &format!("endpoint={id}"),
            )?;
        }
        Ok(Self { server, key })
    }

    /// A request with events, of which some are delivered.
    fn events(&self, all: usize, delivered: usize) -> Vec<u8> {
        let mut body = String::new();
        for place in 0..all {
            let of = if place < delivered {
                "bench.delivered"
            } else {
                "bench.other"
            };
            let number = next_number();
            // A string takes all that is written to it.
            let _always = writeln!(
                body,
                r#"{{"id":"bench-{number}","event_type":"{of}","section":"Role","summary":"Agent {number} changed the role Dispatch","actor":{{"kind":"user","id":"agent-{}","name":"Agent"}},"changes":[{{"property":"Board access","before":["Billing"],"after":["Billing","Dispatch"]}}]}}"#,
                number % 40
            );
        }
        let key = &self.key;
        let headers = format!("authorization: Bearer {key}\r\ncontent-type: application/x-ndjson\r\n");
        request("POST", "/api/v2/events", &headers, body.as_bytes())
    }
}

/// Sends a form as a browser without JavaScript does; where it led.
fn form(connection: &mut Connection, cookies: &str, function: &str, fields: &str) -> Result<String> {
    let headers =
        format!("accept: text/html\r\ncontent-type: application/x-www-form-urlencoded\r\n{cookies}");
    let path = format!("/_fn/{function}");
    let answer = connection.send(&request("POST", &path, &headers, fields.as_bytes()))?;
    let to = answer.header("location").map(str::to_owned);
    to.filter(|_| (300..400).contains(&answer.status)).ok_or_else(|| {
        problem(
            format!("{path} was answered {}: {}", answer.status, answer.text()),
            "Has the form changed? It is filled in by xtask/src/bench/deliveries.rs.",
        )
    })
}

/// Events come in at their rate for a while; how many deliveries a second there are meanwhile, and how late.
fn sustained(desk: &Desk, receiver: &Receiver, duration: Duration, report: &mut Report) -> Result<()> {
    let batch = INGEST / REQUESTS;
    let pause = Duration::from_secs(1) / u32::try_from(REQUESTS)?;
    let mut connection = Connection::open(&desk.server.address)?;
    let (mut latency, mut sent, mut expected) = (Vec::new(), 0, 0);
    let begin = Instant::now();
    let mut next = begin;
    while begin.elapsed() < duration {
        let asked = desk.events(batch, batch / SHARE);
        thread::sleep(next.saturating_duration_since(Instant::now()));
        next += pause;
        let asking = Instant::now();
        let answer = connection.send(&asked)?;
        if answer.status != 200 {
            return Err(problem(
                format!("events were answered {}: {}", answer.status, answer.text()),
                "Has the API changed?",
            ));
        }
        latency.push(asking.elapsed());
        sent += batch;
        expected += (batch / SHARE) as u64;
    }
    let elapsed = begin.elapsed();
    let arrived = receiver.got.load(Ordering::Relaxed);
    report.add("ingest", load::per_second(sent, elapsed), "events/s", "5,000/s");
    report.add(
        "deliveries meanwhile",
        load::per_second(usize::try_from(arrived)?, elapsed),
        "/s",
        "≥ 1,000/s",
    );
    report.add_percentiles("batch of 1,000", Percentiles::of(latency), "");
    let ended = Instant::now();
    receiver.wait(expected)?;
    report.add(
        "until the rest had arrived",
        ended.elapsed().as_secs_f64(),
        "s",
        "",
    );
    Ok(())
}

/// Many events at once, to all; deliveries a second until 49 endpoints have theirs.
fn bursts(desk: &Desk, receiver: &Receiver, events: usize) -> Result<f64> {
    let mut connection = Connection::open(&desk.server.address)?;
    let begin = Instant::now();
    let answer = connection.send(&desk.events(events, events))?;
    anyhow::ensure!(answer.status == 200, "events were answered {}", answer.status);
    let expected = (ENDPOINTS - 1) * events;
    receiver.wait(expected as u64)?;
    Ok(load::per_second(expected, begin.elapsed()))
}

/// Says yes to everything, and counts what wasn't to `last`.
struct Receiver {
    address: String,
    got: Arc<AtomicU64>,
}

impl Receiver {
    fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let receiver = Self {
            address: listener.local_addr()?.to_string(),
            got: Arc::default(),
        };
        let got = Arc::clone(&receiver.got);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let got = Arc::clone(&got);
                thread::spawn(move || answer(stream, &got));
            }
        });
        Ok(receiver)
    }

    fn url(&self, name: &str) -> String {
        format!("http://{}/{name}", self.address)
    }

    fn wait(&self, expected: u64) -> Result<()> {
        let begin = Instant::now();
        while self.got.load(Ordering::Relaxed) < expected {
            if begin.elapsed() > PATIENCE {
                let got = self.got.load(Ordering::Relaxed);
                return Err(problem(
                    format!("of {expected} deliveries {got} have arrived"),
                    "Look into the server's log in the bench folder.",
                ));
            }
            thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }
}

/// One connection, for as long as it is kept.
fn answer(stream: TcpStream, got: &AtomicU64) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut stream = BufReader::new(stream);
    let (mut line, mut body) = (String::new(), Vec::new());
    loop {
        let (mut length, mut counts) = (0, true);
        line.clear();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.starts_with("POST /last ") {
            counts = false;
        }
        while line.trim() != "" {
            line.clear();
            stream.read_line(&mut line).ok()?;
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
        }
        body.resize(length, 0);
        stream.read_exact(&mut body).ok()?;
        stream
            .get_mut()
            .write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
            .ok()?;
        if counts {
            got.fetch_add(1, Ordering::Relaxed);
        }
    }
}
