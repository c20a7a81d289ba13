//! `cargo xtask bench analytics`: usage of the portals on a large log. How fast records are counted that came in while
//! nobody counted, and then the pages and what programs read.

use super::{
    Options, Report, api_key,
    database::{Data, Databases},
    finish, grouped_count,
    http::{Connection, request},
    lists, load,
    server::{Server, daybook},
    sign_in, usage,
};
use crate::{command, problem::problem, project::Project};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::{
    fs::File,
    io::Write,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

/// Pages, by what they count. Each has the figures of the period before beside its own.
const PAGES: [&str; 3] = ["portal", "courses", "files"];
/// Records written together.
const TOGETHER: usize = 1_000;
/// How long counting may take, for each million.
const PATIENCE: Duration = Duration::from_mins(30);

pub fn run(project: &Project, options: &Options) -> Result<()> {
    let events = options.events.unwrap_or(match (options.quick, options.postgres) {
        (true, _) => 50_000,
        (false, true) => 1_000_000,
        (false, false) => 10_000_000,
    });
    let folder = project.cache().join("bench").join(format!("analytics-{events}"));
    let databases = Databases::start(options.postgres)?;
    let mut report = Report::default();
    let data = if options.keep && folder.exists() {
        Data::sqlite(&folder)
    } else {
        let data = databases.make(&folder)?;
        command::step(&format!("{} events", grouped_count(events)), || {
            fill(project, &data, events, &mut report)
        })?;
        report.add("database, nothing counted", databases.size(&data)?, "MB", "");
        command::step("counting", || count(project, &data, events, &mut report))?;
        data
    };
    report.add("database on disk", databases.size(&data)?, "MB", "");
    command::step("pages", || pages(project, &data, &mut report))?;
    command::step("programs", || programs(project, &data, &mut report))?;
    if !options.keep {
        databases.remove(&data)?;
    }
    finish(project, &report, options)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the server that is measured goes by this clock, too"
)]
fn now() -> DateTime<Utc> {
    Utc::now()
}

/// By the command line, so that nobody counts meanwhile.
fn fill(project: &Project, data: &Data, events: usize, report: &mut Report) -> Result<()> {
    command::run_quietly(&mut daybook(
        project,
        data,
        &["demo", "--events", "1000", "--log-only"],
    ))?;
    let begin = Instant::now();
    let mut import = daybook(project, data, &["import", "--log", "warn", "-"]);
    import
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(File::create(data.folder.join("import.log"))?);
    let mut import = import.spawn().context("`daybook import` can't be started")?;
    let mut input = import.stdin.take().context("`daybook import` reads nothing")?;
    let until = now();
    for first in (0..events).step_by(TOGETHER) {
        let mut lines = String::new();
        for number in first..events.min(first + TOGETHER) {
            usage::line(&mut lines, number, events, until);
        }
        input.write_all(lines.as_bytes())?;
    }
    drop(input);
    if !import.wait()?.success() {
        return Err(problem(
            "some records weren't taken",
            "Has what programs send changed? They are made in xtask/src/bench/usage.rs.",
        ));
    }
    let per_second = load::per_second(events, begin.elapsed());
    report.add("filling, with the index", per_second, "events/s", "");
    Ok(())
}

/// From the server's start until nothing waits for being counted. Beside it, alert rules look at the last 100,000 records.
fn count(project: &Project, data: &Data, events: usize, report: &mut Report) -> Result<()> {
    let key = key(project, data)?;
    let started = now();
    let begin = Instant::now();
    let server = Server::start(project, data)?;
    let watch = server.watch();
    let mut connection = Connection::open(&server.address)?;
    let patience = PATIENCE * u32::try_from(events.div_ceil(1_000_000))?;
    loop {
        let answer = connection.get("/api/v2/dashboards/portal/pastweek/general", &key)?;
        let week: Value = serde_json::from_slice(&answer.body)?;
        let counted_to = week["counted_to"].as_str().context("counted up to when?")?;
        // What waits was recorded before.
        if counted_to.parse::<DateTime<Utc>>()? >= started {
            break;
        }
        if begin.elapsed() > patience {
            return Err(problem(
                format!("counting is at records of {counted_to}"),
                "Look into the server's log in the bench folder.",
            ));
        }
        thread::sleep(Duration::from_secs(1));
    }
    let per_second = load::per_second(events, begin.elapsed());
    report.add("counting what came in", per_second, "events/s", "");
    report.add("memory while counting", watch.highest(), "MB", "");
    Ok(())
}

/// The header of a program that may read figures.
fn key(project: &Project, data: &Data) -> Result<String> {
    let key = api_key(project, data, "analytics:read")?;
    Ok(format!("authorization: Bearer {key}\r\n"))
}

/// What is asked of each page, and the part of its address behind `?`.
fn shapes() -> Vec<(&'static str, String)> {
    let (large, small) = (usage::company(0), usage::company(1_280));
    let contact = usage::contact(7);
    // One thing of the directory may be known to records by several ids.
    let several: Vec<_> = (1..6)
        .map(|number| format!("&company={}", usage::company(number)))
        .collect();
    vec![
        ("four weeks by day", String::new()),
        ("a week by day", "from=-6d".to_owned()),
        ("186 days by day", "from=-185d&by=day".to_owned()),
        ("90 days by week", "from=-89d".to_owned()),
        ("a year by week", "from=-365d&by=week".to_owned()),
        ("a year by month", "from=-365d&by=month".to_owned()),
        (
            "two years by month, all there is",
            "from=-729d&by=month".to_owned(),
        ),
        ("a large company by day", format!("company={large}")),
        (
            "a large company by week",
            format!("from=-365d&by=week&company={large}"),
        ),
        (
            "a large company by month",
            format!("from=-729d&by=month&company={large}"),
        ),
        (
            "a small company by month",
            format!("from=-729d&by=month&company={small}"),
        ),
        (
            "five companies by week",
            format!("from=-365d&by=week{}", several.concat()),
        ),
        ("a contact by day", format!("contact={contact}")),
        (
            "a contact by month",
            format!("from=-729d&by=month&contact={contact}"),
        ),
    ]
}

fn pages(project: &Project, data: &Data, report: &mut Report) -> Result<()> {
    let server = Server::start(project, data)?;
    let mut connection = Connection::open(&server.address)?;
    let cookies = sign_in(&mut connection)?;
    let headers =
        format!("{cookies}accept: text/html\r\ncontent-type: application/x-www-form-urlencoded\r\n");
    let asked = request("POST", "/_fn/settings/switch_courses", &headers, b"on=true");
    let answer = connection.send(&asked)?;
    if answer.status >= 400 {
        return Err(problem(
            format!("the courses module was answered {}", answer.status),
            "Has the form changed? It is filled in by xtask/src/bench/analytics.rs.",
        ));
    }
    let asked: Vec<_> = PAGES
        .iter()
        .flat_map(|page| {
            shapes()
                .into_iter()
                .map(move |(name, query)| (format!("{page}, {name}"), format!("/analytics/{page}?{query}")))
        })
        .collect();
    let shapes: Vec<_> = asked
        .iter()
        .map(|(name, path)| (name.as_str(), path.as_str()))
        .collect();
    let (slowest, worst) = lists::each(&mut connection, &cookies, &shapes, "<tr", report)?;
    report.add("analytics pages: highest p95", slowest, "ms", "≤ 50 ms");
    report.add("analytics pages: worst of all", worst, "ms", "");
    report.add("memory after reading", server.memory()?, "MB", "");
    Ok(())
}

fn programs(project: &Project, data: &Data, report: &mut Report) -> Result<()> {
    let server = Server::start(project, data)?;
    let mut connection = Connection::open(&server.address)?;
    let key = key(project, data)?;
    let portal = "/api/v2/dashboards/portal";
    let answer = connection.get(&format!("{portal}/monthly/reports"), &key)?;
    let listed: Value = serde_json::from_slice(&answer.body)?;
    let newest = listed["data"][0]["id"].as_str().context("no month is reported")?;
    let month = listed["data"][0]["month"].as_str().unwrap_or_default();
    let asked = [
        ("reports (R31)", format!("{portal}/monthly/reports")),
        (
            "reports of a month (R31)",
            format!("{portal}/monthly/reports?type=files&month={month}"),
        ),
        ("a report (R32)", format!("{portal}/monthly/reports/{newest}")),
        (
            "a report, 1,000 lines (R32)",
            format!("{portal}/monthly/reports/{newest}?limit=1000"),
        ),
        (
            "a report, far behind (R32)",
            format!("{portal}/monthly/reports/{newest}?limit=1000&cursor=10000"),
        ),
        ("the past week (R34)", format!("{portal}/pastweek/general")),
        (
            "the past week, courses (R34)",
            format!("{portal}/pastweek/courses"),
        ),
        ("the past week, files (R34)", format!("{portal}/pastweek/files")),
    ];
    let shapes: Vec<_> = asked.iter().map(|(name, path)| (*name, path.as_str())).collect();
    let (slowest, worst) = lists::each(&mut connection, &key, &shapes, "\"activities\"", report)?;
    report.add("analytics API: highest p95", slowest, "ms", "≤ 50 ms");
    report.add("analytics API: worst of all", worst, "ms", "");
    Ok(())
}
