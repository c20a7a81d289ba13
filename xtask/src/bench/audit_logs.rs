//! `cargo xtask bench audit-logs`: lists of many shapes on a large log, as whole pages with rows, counts and histogram;
//! the export; ingest at the beginning and at the end.

use super::{
    Options, Report, api_key,
    database::{Data, Databases},
    finish, grouped_count,
    http::Connection,
    lists,
    load::{self, Load},
    server::{Server, daybook},
    sign_in,
};
use crate::{command, project::Project};
use anyhow::Result;
use std::time::{Duration, Instant};

/// What is asked, and the page that asks it. The words are those of the demo's story.
const SHAPES: [(&str, &str); 30] = [
    ("newest of a log", "/audit-logs/activity"),
    ("newest of all", "/audit-logs/all"),
    ("newest of the largest log", "/audit-logs/conversation"),
    ("newest of a small log", "/audit-logs/billing"),
    ("access log", "/audit-logs/access"),
    (
        "one category",
        "/audit-logs/activity?category=Users+%26+permissions",
    ),
    ("one event type", "/audit-logs/all?event_type=role.updated"),
    ("an actor by name", "/audit-logs/all?actor=mara"),
    ("failures", "/audit-logs/all?outcome=failure"),
    ("deletions by anyone", "/audit-logs/activity?action=delete"),
    (
        "three filters",
        "/audit-logs/activity?category=Users+%26+permissions&action=update&outcome=success",
    ),
    (
        "filters that exclude one another",
        "/audit-logs/all?event_type=role.updated&action=login",
    ),
    ("the last day", "/audit-logs/all?from=-1d"),
    ("the last week", "/audit-logs/all?from=-7d"),
    ("a day of last year", "/audit-logs/all?from=-200d&to=-199d"),
    ("before a time", "/audit-logs/all?to=-100d"),
    ("a common word", "/audit-logs/all?q=conversation"),
    ("a rare word", "/audit-logs/all?q=ransomware"),
    ("a word that isn't there", "/audit-logs/all?q=xylophonist"),
    ("a prefix", "/audit-logs/all?q=perm*"),
    ("a phrase", "/audit-logs/all?q=%22signed+in%22"),
    (
        "a phrase of a field",
        "/audit-logs/activity?q=summary%3A%22board+access%22",
    ),
    ("an address", "/audit-logs/all?q=ip%3A203.0.113.7"),
    ("a network", "/audit-logs/all?q=ip%3A203.0.113.0%2F24"),
    (
        "without the commonest",
        "/audit-logs/all?q=-log%3Aconversation+-action%3Aupdate",
    ),
    (
        "one of two",
        "/audit-logs/all?q=section%3ARole+OR+section%3ABrand",
    ),
    (
        "a number in the metadata",
        "/audit-logs/webhook-failure?q=metadata.response.status%3A500..599",
    ),
    ("a value before", "/audit-logs/activity?q=before%3Abilling*"),
    (
        "of a company, in a month",
        "/audit-logs/all?q=company%3Aharbour&from=-30d",
    ),
    (
        "everything at once",
        "/audit-logs/all?q=action%3Aupdate+%28section%3ARole+OR+section%3ABrand%29+-actor.kind%3Asystem+after%3Ad*&from=-300d&outcome=success",
    ),
];

pub fn run(project: &Project, options: &Options) -> Result<()> {
    let events = options.events.unwrap_or(match (options.quick, options.postgres) {
        (true, _) => 50_000,
        (false, true) => 1_000_000,
        (false, false) => 10_000_000,
    });
    let duration = Duration::from_secs(if options.quick { 3 } else { 15 });
    let folder = project.cache().join("bench").join(format!("audit-logs-{events}"));
    let databases = Databases::start(options.postgres)?;
    let mut report = Report::default();
    let data = if options.keep && folder.exists() {
        Data::sqlite(&folder)
    } else {
        let data = databases.make(&folder)?;
        command::step(&format!("{events} events"), || {
            fill(project, &data, events, &mut report)
        })?;
        data
    };
    let name = grouped_count(events);
    let size = databases.size(&data)?;
    report.add("database on disk", size, "MB", "");
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^52")]
    report.add(
        "database per event",
        size * 1024.0 * 1024.0 / events as f64,
        "bytes",
        "",
    );
    command::step("lists", || all_lists(project, &data, &name, &mut report))?;
    command::step("export", || export(project, &data, &mut report))?;
    command::step("ingest", || {
        let empty = databases.make(&folder.join("empty"))?;
        ingest(project, [&empty, &data], duration, &name, &mut report)?;
        databases.remove(&empty)
    })?;
    if !options.keep {
        databases.remove(&data)?;
    }
    finish(project, &report, options)
}

fn fill(project: &Project, data: &Data, events: usize, report: &mut Report) -> Result<()> {
    let begin = Instant::now();
    command::run_quietly(&mut daybook(
        project,
        data,
        &["demo", "--events", &events.to_string(), "--log-only"],
    ))?;
    let per_second = load::per_second(events, begin.elapsed());
    report.add("filling, with the index", per_second, "events/s", "");
    Ok(())
}

fn all_lists(project: &Project, data: &Data, name: &str, report: &mut Report) -> Result<()> {
    let server = Server::start(project, data)?;
    report.add(format!("memory, idle, {name} events"), server.memory()?, "MB", "");
    let mut connection = Connection::open(&server.address)?;
    let cookies = sign_in(&mut connection)?;
    let first = Instant::now();
    connection.get(SHAPES[0].1, &cookies)?;
    report.add(
        "first page after the start",
        first.elapsed().as_secs_f64() * 1000.0,
        "ms",
        "",
    );
    let watch = server.watch();
    lists::measure(&mut connection, &cookies, &SHAPES, "<tbody class=\"event", report)?;
    report.add("memory while reading lists", watch.highest(), "MB", "");
    Ok(())
}

fn export(project: &Project, data: &Data, report: &mut Report) -> Result<()> {
    let server = Server::start(project, data)?;
    let key = api_key(project, data, "events:read")?;
    let mut connection = Connection::open(&server.address)?;
    for (format, aim) in [("jsonl", "≥ 200,000/s"), ("csv", "")] {
        let watch = server.watch();
        let begin = Instant::now();
        let lines = connection.count_lines(
            &format!("/api/v2/events/export?format={format}"),
            &format!("authorization: Bearer {key}\r\n"),
        )?;
        let per_second = load::per_second(lines, begin.elapsed());
        report.add(format!("export as {format}"), per_second, "rows/s", aim);
        report.add(format!("  memory, {format}"), watch.highest(), "MB", "≤ 100 MB");
    }
    Ok(())
}

fn ingest(
    project: &Project,
    [empty, full]: [&Data; 2],
    duration: Duration,
    name: &str,
    report: &mut Report,
) -> Result<()> {
    let load = Load {
        clients: 4,
        batch: 1000,
        duration,
    };
    command::run_quietly(&mut daybook(
        project,
        empty,
        &["demo", "--events", "1000", "--log-only"],
    ))?;
    let rate = |data: &Data| -> Result<f64> {
        let server = Server::start(project, data)?;
        let key = api_key(project, data, "events:write")?;
        Ok(load::ingest(&server.address, &key, load)?.per_second)
    };
    let (first, last) = (rate(empty)?, rate(full)?);
    report.add("ingest, 4 × 1,000, empty", first, "events/s", "≥ 20,000/s");
    report.add(
        format!("ingest, 4 × 1,000, after {name}"),
        last,
        "events/s",
        "≥ 20,000/s",
    );
    report.add(
        "  of the rate at the beginning",
        last / first * 100.0,
        "%",
        "≥ 80 %",
    );
    Ok(())
}
