//! `cargo xtask bench monitoring`: how fast alert rules go through records that came in while nobody looked.

use super::{
    Options, Report, api_key,
    database::Databases,
    finish,
    http::{Connection, request},
    load,
    server::{Server, daybook, next_number},
    sign_in,
};
use crate::{command, problem::problem, project::Project};
use anyhow::Result;
use std::{
    thread,
    time::{Duration, Instant},
};

/// Rules that begin look at so many of the newest records.
const RECORDS: usize = 100_000;
/// Whom the alert is about that comes behind them all.
const LAST: &str = "Bench that comes last";
const PATIENCE: Duration = Duration::from_mins(30);

pub fn run(project: &Project, options: &Options) -> Result<()> {
    let events = options.events.unwrap_or(RECORDS);
    let events = if options.quick { 5_000 } else { events.min(RECORDS) };
    let folder = project.cache().join("bench").join("monitoring");
    let databases = Databases::start(options.postgres)?;
    let mut report = Report::default();
    let data = databases.make(&folder)?;
    command::step(&format!("{events} events"), || {
        let events = events.to_string();
        command::run_quietly(&mut daybook(
            project,
            &data,
            &["demo", "--events", &events, "--log-only"],
        ))
    })?;
    let key = api_key(project, &data, "events:write")?;
    command::step("rules look at them", || {
        let begin = Instant::now();
        let server = Server::start(project, &data)?;
        let watch = server.watch();
        let mut connection = Connection::open(&server.address)?;
        let cookies = sign_in(&mut connection)?;
        // Told again and again: what comes before rules have begun raises nothing. They look at it in its place, last.
        while !connection.get("/alerts", &cookies)?.text().contains(LAST) {
            if begin.elapsed() > PATIENCE {
                return Err(problem(
                    "no alert was raised",
                    "Has the rule of impersonation without reason changed? It is broken in xtask/src/bench/monitoring.rs.",
                ));
            }
            tell(&mut connection, &key)?;
            thread::sleep(Duration::from_millis(500));
        }
        let per_second = load::per_second(events, begin.elapsed());
        report.add("alert rules look at", per_second, "events/s", "");
        report.add("memory meanwhile", watch.highest(), "MB", "");
        Ok(())
    })?;
    databases.remove(&data)?;
    finish(project, &report, options)
}

/// Somebody appears as another and gives no reason.
fn tell(connection: &mut Connection, key: &str) -> Result<()> {
    let number = next_number();
    let body = format!(
        r#"{{"id":"bench-{number}","event_type":"bench.impersonated","action":"impersonate_start","actor":{{"kind":"user","id":"bench","name":"{LAST}"}}}}"#
    );
    let headers = format!("authorization: Bearer {key}\r\ncontent-type: application/json\r\n");
    let answer = connection.send(&request("POST", "/api/v2/events", &headers, body.as_bytes()))?;
    anyhow::ensure!(answer.status == 200, "the event was answered {}", answer.status);
    Ok(())
}
