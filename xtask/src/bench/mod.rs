//! `cargo xtask bench`: the figures that the project has set itself, from the release build on this machine's disk.
//! Prints a table and writes `bench.json`. Not part of the tests: a machine that is busy gives other figures.

mod analytics;
mod audit_logs;
mod database;
mod deliveries;
mod directory;
mod emails;
mod http;
mod lists;
mod load;
mod monitoring;
mod server;
mod usage;

use crate::{
    command,
    problem::problem,
    project::{Mode, Project},
    run,
};
use anyhow::{Context, Result};
use clap::Args;
use database::{Data, Databases};
use http::Connection;
use load::{Load, Percentiles};
use serde_json::{Value, json};
use server::{Server, daybook};
use std::{
    fs,
    io::Write,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

const ACTIVITY: &str = "/audit-logs/activity";
const KEY_PREFIX: &str = "dbk_";

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// Ingest, the first page, memory and sizes
    Foundation,
    /// Thirty lists, the export and ingest on a large log
    AuditLogs,
    /// Files of companies and contacts, and their lists
    Directory,
    /// Two million reported emails, and the delivery history
    Emails,
    /// Portal usage of a large log: counting it, its pages, what programs read of it
    Analytics,
    /// How fast alert rules look at what came in
    Monitoring,
    /// What is sent on to webhook endpoints while events come in, and one dead endpoint among fifty
    Deliveries,
}

#[derive(Debug, Args)]
pub struct Options {
    #[arg(value_enum, default_value = "foundation")]
    what: What,
    /// Keep the filled database, and use the one that an earlier run kept
    #[arg(long)]
    keep: bool,
    /// A minute instead of ten, with 50,000 events instead of a million: to see whether it works
    #[arg(long)]
    quick: bool,
    /// Measure PostgreSQL, in a server of our own, and not SQLite
    #[arg(long, conflicts_with = "keep")]
    postgres: bool,
    /// How many events, or emails, the full database holds
    #[arg(long, value_name = "N")]
    events: Option<usize>,
}

/// One line of the table.
#[derive(Debug)]
struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    /// What the project aims at, in words.
    aim: &'static str,
}

#[derive(Debug, Default)]
struct Report {
    figures: Vec<Figure>,
}

impl Report {
    fn add(&mut self, name: impl Into<String>, value: f64, unit: &'static str, aim: &'static str) {
        let figure = Figure {
            name: name.into(),
            value,
            unit,
            aim,
        };
        println!("    {}", figure.line());
        self.figures.push(figure);
    }

    /// A figure that is told later.
    fn keep(&mut self, name: impl Into<String>, value: f64, unit: &'static str) {
        self.figures.push(Figure {
            name: name.into(),
            value,
            unit,
            aim: "",
        });
    }

    fn add_percentiles(&mut self, name: &str, found: Percentiles, aim: &'static str) {
        self.add(format!("{name}, p50"), found.p50, "ms", "");
        self.add(format!("{name}, p95"), found.p95, "ms", "");
        self.add(format!("{name}, p99"), found.p99, "ms", aim);
    }
}

impl Figure {
    fn line(&self) -> String {
        let number = if self.value >= 1000.0 {
            grouped(self.value)
        } else {
            format!("{:.1}", self.value)
        };
        format!("{:<58} {number:>12} {:<9} {}", self.name, self.unit, self.aim)
            .trim_end()
            .to_owned()
    }
}

/// `1234567.8` → `1,234,568`.
fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

pub fn run(project: &Project, options: &Options) -> Result<()> {
    run::build(project, Mode::Release)?;
    match options.what {
        What::Foundation => foundation(project, options),
        What::AuditLogs => audit_logs::run(project, options),
        What::Directory => directory::run(project, options),
        What::Emails => emails::run(project, options),
        What::Analytics => analytics::run(project, options),
        What::Monitoring => monitoring::run(project, options),
        What::Deliveries => deliveries::run(project, options),
    }
}

fn foundation(project: &Project, options: &Options) -> Result<()> {
    let events = options
        .events
        .unwrap_or(if options.quick { 50_000 } else { 1_000_000 });
    let duration = Duration::from_secs(if options.quick { 3 } else { 15 });
    let samples = if options.quick { 200 } else { 1000 };
    // On the same disk as the checkout: a temporary folder may be in memory, where durability costs nothing.
    let folder = project.cache().join("bench");
    let databases = Databases::start(options.postgres)?;
    let mut report = Report::default();

    command::step("sizes", || sizes(project, &mut report))?;
    command::step("disk", || {
        report.add("disk: writes made durable", durable_writes(&folder)?, "/s", "");
        Ok(())
    })?;
    command::step("an empty database", || {
        empty(
            project,
            &databases.make(&folder.join("empty"))?,
            duration,
            &mut report,
        )
    })?;
    let full = databases.make(&folder.join("full"))?;
    let begin = Instant::now();
    command::step(&format!("{events} events"), || {
        command::run_quietly(&mut daybook(
            project,
            &full,
            &["demo", "--events", &events.to_string(), "--log-only"],
        ))
    })?;
    report.add(
        format!("filling with {} events", grouped_count(events)),
        begin.elapsed().as_secs_f64(),
        "s",
        "",
    );
    let size = databases.size(&full)?;
    report.add("database on disk", size, "MB", "");
    command::step("a full database", || {
        loaded(project, &full, events, duration, samples, &mut report)
    })?;
    databases.remove(&full)?;
    fs::remove_dir_all(&folder)?;
    finish(project, &report, options)
}

/// Prints all figures once more and writes them down.
fn finish(project: &Project, report: &Report, options: &Options) -> Result<()> {
    println!();
    for figure in &report.figures {
        println!("{}", figure.line());
    }
    let file = project.root.join("bench.json");
    fs::write(&file, format!("{:#}\n", as_json(project, report, options)))?;
    println!("\nWritten to {}. {}.", file.display(), machine());
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "sizes below 2^52")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1024.0 / 1024.0
}

#[expect(clippy::cast_precision_loss, reason = "counts below 2^52")]
fn grouped_count(count: usize) -> String {
    grouped(count as f64)
}

fn sizes(project: &Project, report: &mut Report) -> Result<()> {
    let wasm = project.site().join("pkg/daybook_bg.wasm");
    let size = |path: &Path| fs::metadata(path).map(|meta| megabytes(meta.len()));
    report.add("WebAssembly", size(&wasm)? * 1024.0, "KB", "");
    report.add(
        "WebAssembly with Brotli",
        size(&wasm.with_extension("wasm.br"))? * 1024.0,
        "KB",
        "≤ 350 KB",
    );
    report.add(
        "binary with the site",
        size(&project.binary(Mode::Release))?,
        "MB",
        "",
    );
    Ok(())
}

/// How often a second this disk can promise that 4 KB are safe: the bound for what is acknowledged one by one.
fn durable_writes(folder: &Path) -> Result<f64> {
    fs::create_dir_all(folder)?;
    let path = folder.join("disk");
    let mut file = fs::File::create(&path)?;
    let begin = Instant::now();
    let mut count = 0;
    while begin.elapsed() < Duration::from_secs(1) {
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        count += 1;
    }
    fs::remove_file(path)?;
    Ok(load::per_second(count, begin.elapsed()))
}

fn file_sizes(folder: &Path) -> Result<f64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder)? {
        sum += entry?.metadata()?.len();
    }
    Ok(megabytes(sum))
}

fn empty(project: &Project, data: &Data, duration: Duration, report: &mut Report) -> Result<()> {
    let server = Server::start(project, data)?;
    let mut connection = Connection::open(&server.address)?;
    let form =
        "workspace=Bench&name=Bench&email=bench%40northdesk.example&password=a-long-sentence-for-the-bench";
    let answer = connection.post_form("/setup", form)?;
    if answer.status != 303 || answer.header("location").is_some_and(|to| to.contains("setup")) {
        return Err(problem(
            format!(
                "the first administrator couldn't be made: {} {}",
                answer.status,
                answer.text()
            ),
            "Has the form of /setup changed? It is filled in by xtask/src/bench/mod.rs.",
        ));
    }
    report.add("memory, idle, empty database", server.memory()?, "MB", "≤ 40 MB");
    let key = api_key(project, data, "events:write")?;
    ingest(&server, &key, "empty database", duration, report)
}

fn loaded(
    project: &Project,
    data: &Data,
    events: usize,
    duration: Duration,
    samples: usize,
    report: &mut Report,
) -> Result<()> {
    let server = Server::start(project, data)?;
    thread::sleep(Duration::from_secs(2));
    let name = format!("{} events", grouped_count(events));
    report.add(format!("memory, idle, {name}"), server.memory()?, "MB", "≤ 40 MB");

    let mut connection = Connection::open(&server.address)?;
    let cookies = sign_in(&mut connection)?;
    let (latency, rows) = load::page(&mut connection, ACTIVITY, &cookies, samples)?;
    println!("    the page has {rows} table bodies");
    report.add_percentiles(&format!("{ACTIVITY}, {name}"), latency, "≤ 15 ms");
    report.add("memory after reading pages", server.memory()?, "MB", "");

    let key = api_key(project, data, "events:write")?;
    ingest(&server, &key, &name, duration, report)
}

/// Signs in as the demo's administrator; returns the header that says so.
fn sign_in(connection: &mut Connection) -> Result<String> {
    let answer = connection.post_form(
        "/sign-in",
        "email=admin%40northdesk.example&password=look-around-northdesk",
    )?;
    let refused = answer
        .header("location")
        .is_some_and(|to| to.starts_with("/sign-in"));
    if answer.status != 303 || refused {
        return Err(problem(
            "the demo's administrator can't sign in",
            "Have the demo's accounts changed?",
        ));
    }
    Ok(answer.cookies())
}

fn ingest(server: &Server, key: &str, name: &str, duration: Duration, report: &mut Report) -> Result<()> {
    let watch = server.watch();
    let batched = Load {
        clients: 4,
        batch: 1000,
        duration,
    };
    let found = load::ingest(&server.address, key, batched)?;
    report.add(
        format!("ingest, 4 × 1,000, {name}"),
        found.per_second,
        "events/s",
        "≥ 20,000/s",
    );
    report.add(
        format!("  batch of 1,000, {name}, p99"),
        found.latency.p99,
        "ms",
        "",
    );
    let batched_events = found.events;
    let single = Load {
        clients: 32,
        batch: 1,
        duration,
    };
    let found = load::ingest(&server.address, key, single)?;
    report.add(
        format!("ingest, 32 × 1, {name}"),
        found.per_second,
        "events/s",
        "≥ 3,000/s",
    );
    report.add(
        format!("  single event, {name}, p99"),
        found.latency.p99,
        "ms",
        "",
    );
    report.add(format!("memory under load, {name}"), watch.highest(), "MB", "");
    println!(
        "    {} events sent, {} requests deferred",
        batched_events + found.events,
        found.deferred
    );
    Ok(())
}

fn api_key(project: &Project, data: &Data, scope: &str) -> Result<String> {
    let mut create = daybook(project, data, &["api-key", "create", "bench", "--scope", scope]);
    let said = command::output(&mut create)?;
    let words = said.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
    let key = words
        .into_iter()
        .find(|word| word.starts_with(KEY_PREFIX))
        .map(str::to_owned);
    key.with_context(|| format!("`daybook api-key create` printed no key: {said}"))
}

fn machine() -> String {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .unwrap_or_default();
    let model = model.trim_start_matches([' ', '\t', ':']);
    format!(
        "{cores} cores, {}",
        if model.is_empty() {
            std::env::consts::ARCH
        } else {
            model
        }
    )
}

fn as_json(project: &Project, report: &Report, options: &Options) -> Value {
    let commit = command::output(project.program("git").args(["rev-parse", "--short", "HEAD"]));
    let rustc = command::output(Command::new("rustc").arg("--version"));
    let figures = report.figures.iter().map(|figure| {
        json!({ "name": figure.name.trim(), "value": figure.value, "unit": figure.unit, "aim": figure.aim })
    });
    json!({
        "commit": commit.unwrap_or_default().trim(),
        "machine": machine(),
        "rustc": rustc.unwrap_or_default().trim(),
        "database": if options.postgres { "PostgreSQL" } else { "SQLite" },
        "quick": options.quick,
        "figures": figures.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three() {
        assert_eq!(grouped(999.6), "1,000");
        assert_eq!(grouped(1_234_567.8), "1,234,568");
        assert_eq!(grouped(12.0), "12");
    }
}
