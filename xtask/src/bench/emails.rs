//! `cargo xtask bench emails`: mail of two years is reported, then the delivery history of many shapes.

use super::{
    Options, Report, api_key,
    database::Databases,
    finish, grouped_count,
    http::{Connection, request},
    lists, load,
    server::{Server, daybook},
    sign_in,
};
use crate::{command, problem::problem, project::Project};
use anyhow::Result;
use chrono::{SecondsFormat, Utc};
use serde_json::Value;
use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

const HISTORY: &str = "/email/delivery-history";
const SHAPES: [(&str, &str); 18] = [
    ("everything", ""),
    ("delivered", "?status=delivered"),
    ("bounced", "?status=bounced"),
    ("bounced hard", "?status=bounced&bounce_type=hard"),
    ("opened or clicked", "?status=opened&status=clicked"),
    ("a common template", "?template=ticket_reply"),
    ("a rare template", "?template=survey"),
    ("template and status", "?template=ticket_reply&status=delivered"),
    ("a brand", "?brand=Northdesk"),
    ("a company", "?company=Company+77"),
    ("a domain", "?domain=company-77.example"),
    ("domain and status", "?domain=company-77.example&status=bounced"),
    ("an address", "?q=person-77777%40company-77.example"),
    ("a common word", "?q=ticket"),
    ("a ticket", "?q=ticket+1234567"),
    ("nothing", "?q=xylophonist"),
    ("the last week", "?from=-7d"),
    ("an old month, bounced", "?from=-400d&to=-370d&status=bounced"),
];
const STATUSES: [&str; 20] = [
    "delivered",
    "delivered",
    "delivered",
    "delivered",
    "delivered",
    "delivered",
    "delivered",
    "delivered",
    "opened",
    "opened",
    "opened",
    "opened",
    "clicked",
    "clicked",
    "sent",
    "sent",
    "sent",
    "bounced",
    "bounced",
    "deferred",
];
const TEMPLATES: [&str; 8] = [
    "ticket_reply",
    "ticket_reply",
    "ticket_reply",
    "ticket_created",
    "ticket_closed",
    "ticket_reply",
    "invitation",
    "digest",
];
const BRANDS: [&str; 4] = ["Northdesk", "Harbor Help", "Quay", "Northdesk"];
/// Messages of one request.
const BATCH: usize = 5_000;
const SPAN: Duration = Duration::from_hours(730 * 24);

pub fn run(project: &Project, options: &Options) -> Result<()> {
    let messages = options
        .events
        .unwrap_or(if options.quick { 20_000 } else { 2_000_000 });
    let folder = project.cache().join("bench").join("emails");
    let databases = Databases::start(options.postgres)?;
    let mut report = Report::default();
    let data = databases.make(&folder)?;
    command::run_quietly(&mut daybook(
        project,
        &data,
        &["demo", "--events", "1000", "--log-only"],
    ))?;
    let key = api_key(project, &data, "email:write")?;
    command::step(&format!("{} messages", grouped_count(messages)), || {
        let server = Server::start(project, &data)?;
        let mut connection = Connection::open(&server.address)?;
        let watch = server.watch();
        let begin = Instant::now();
        for first in (0..messages).step_by(BATCH) {
            tell(
                &mut connection,
                &key,
                first..messages.min(first + BATCH),
                messages,
            )?;
        }
        let per_second = load::per_second(messages, begin.elapsed());
        report.add("reports of others", per_second, "msgs/s", "");
        report.add("memory while reporting", watch.highest(), "MB", "");
        Ok(())
    })?;
    report.add("database on disk", databases.size(&data)?, "MB", "");
    command::step("delivery history", || {
        let server = Server::start(project, &data)?;
        let mut connection = Connection::open(&server.address)?;
        let cookies = sign_in(&mut connection)?;
        let paths: Vec<_> = SHAPES
            .iter()
            .map(|(_, query)| format!("{HISTORY}{query}"))
            .collect();
        let shapes = SHAPES.iter().zip(&paths);
        let shapes: Vec<_> = shapes.map(|((name, _), path)| (*name, path.as_str())).collect();
        let row = "<tr class=\"plain-table__row";
        lists::measure(&mut connection, &cookies, &shapes, row, &mut report)?;
        report.add("memory after reading", server.memory()?, "MB", "");
        Ok(())
    })?;
    databases.remove(&data)?;
    finish(project, &report, options)
}

#[expect(clippy::cast_precision_loss, reason = "counts below 2^52")]
fn tell(connection: &mut Connection, key: &str, numbers: std::ops::Range<usize>, of: usize) -> Result<()> {
    let count = numbers.len();
    #[expect(
        clippy::disallowed_methods,
        reason = "the server that is measured goes by this clock, too"
    )]
    let now = Utc::now();
    let mut body = String::new();
    for number in numbers {
        // In order, the last of them now.
        let share = (of - number) as f64 / of as f64;
        let at = now - SPAN.mul_f64(share);
        let at = at.to_rfc3339_opts(SecondsFormat::Micros, true);
        // Numbers that look like chance, always the same.
        let dice = number.wrapping_mul(2_654_435_761) >> 7;
        let (person, company) = (dice % 100_000, dice % 2_000);
        let template = if number % 5_000 == 7 {
            "survey"
        } else {
            TEMPLATES[dice / 3 % TEMPLATES.len()]
        };
        let status = STATUSES[dice / 11 % STATUSES.len()];
        let bounce = if status == "bounced" {
            let kind = ["soft", "hard", "blocked"][dice / 13 % 3];
            format!(r#","bounce_type":"{kind}""#)
        } else {
            String::new()
        };
        let brand = BRANDS[dice / 17 % BRANDS.len()];
        writeln!(
            body,
            r#"{{"id":"m-{number}","to":"person-{person}@company-{company}.example","from":"desk@northdesk.example","subject":"Ticket {number} was answered","template":"{template}","brand":{{"name":"{brand}"}},"company":{{"name":"Company {company}"}},"message_id":"m-{number}@northdesk.example","at":"{at}","events":[{{"status":"sent","at":"{at}"}},{{"status":"{status}","at":"{at}"{bounce}}}]}}"#,
        )?;
    }
    let headers = format!("authorization: Bearer {key}\r\ncontent-type: application/x-ndjson\r\n");
    let asked = request("POST", "/api/v2/email-messages", &headers, body.as_bytes());
    let answer = connection.send(&asked)?;
    let told: Value = serde_json::from_slice(&answer.body)?;
    if told["accepted"].as_u64() != u64::try_from(count).ok() {
        return Err(problem(
            format!("of {count} reports some weren't taken: {told}"),
            "Has the API changed? The reports are made in xtask/src/bench/emails.rs.",
        ));
    }
    Ok(())
}
