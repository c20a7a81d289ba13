//! `cargo xtask bench directory`: companies and contacts come in as files, then their lists of many shapes.

use super::{
    Options, Report,
    database::Databases,
    finish, grouped_count,
    http::{Connection, request},
    lists, load,
    server::{Server, daybook},
    sign_in,
};
use crate::{command, problem::problem, project::Project};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{
    fmt::Write as _,
    thread,
    time::{Duration, Instant},
};

const SHAPES: [(&str, &str); 20] = [
    ("companies", "/companies"),
    ("companies, changed last", "/companies?sort=-changed"),
    ("companies, a common word", "/companies?q=harbor"),
    ("companies, one name", "/companies?q=harbor+company+4711"),
    ("companies, a common tag", "/companies?tags=region-3"),
    ("companies, a rare tag", "/companies?tags=rare-company"),
    ("contacts", "/contacts"),
    ("contacts, backwards", "/contacts?sort=-name"),
    ("contacts, changed last", "/contacts?sort=-changed"),
    ("contacts, a common word", "/contacts?q=mara"),
    ("contacts, two common words", "/contacts?q=mara+okafor"),
    ("contacts, one address", "/contacts?q=person-77777"),
    ("contacts, a beginning", "/contacts?q=pers"),
    ("contacts, nobody", "/contacts?q=xylophonist"),
    ("contacts, a common tag", "/contacts?tags=region-3"),
    ("contacts, a rare tag", "/contacts?tags=rare-contact"),
    ("contacts, important ones", "/contacts?vip=true"),
    ("contacts, two filters", "/contacts?tags=region-3&vip=true"),
    ("contacts, filter and word", "/contacts?tags=region-3&q=mara"),
    ("contacts, deactivated", "/contacts?status=deactivated"),
];

const GIVEN: [&str; 20] = [
    "Mara", "Tomás", "Ingrid", "Bo", "Amina", "Zoë", "Ravi", "Kofi", "Lena", "Yuki", "Noor", "Ivo", "Petra",
    "Hugo", "Aino", "Samir", "Greta", "Pavel", "Dalia", "Owen",
];
const FAMILY: [&str; 17] = [
    "Okafor",
    "Rey",
    "Lindqvist",
    "Chen",
    "Diallo",
    "Novak",
    "Patel",
    "Mensah",
    "Weber",
    "Tanaka",
    "Haddad",
    "Horvat",
    "Silva",
    "Marsh",
    "Virtanen",
    "Aziz",
    "Braun",
];

pub fn run(project: &Project, options: &Options) -> Result<()> {
    let (companies, contacts) = if options.quick {
        (200, 2000)
    } else {
        (5000, 100_000)
    };
    let folder = project.cache().join("bench").join("directory");
    let databases = Databases::start(options.postgres)?;
    let mut report = Report::default();
    let data = databases.make(&folder)?;
    command::run_quietly(&mut daybook(
        project,
        &data,
        &["demo", "--events", "1000", "--log-only"],
    ))?;
    {
        let server = Server::start(project, &data)?;
        let mut connection = Connection::open(&server.address)?;
        let cookies = sign_in(&mut connection)?;
        let watch = server.watch();
        for (kind, path, count, file) in [
            ("company", "/companies", companies, company_file(companies)),
            (
                "contact",
                "/contacts",
                contacts,
                contact_file(contacts, companies),
            ),
        ] {
            let name = format!("{} of kind {kind}", grouped_count(count));
            command::step(&name, || {
                import(&mut connection, &cookies, kind, path, count, &file, &mut report)
            })?;
        }
        report.add("memory while importing", watch.highest(), "MB", "");
        report.add("database on disk", databases.size(&data)?, "MB", "");
    }
    command::step("lists", || {
        let server = Server::start(project, &data)?;
        let mut connection = Connection::open(&server.address)?;
        let cookies = sign_in(&mut connection)?;
        lists::measure(
            &mut connection,
            &cookies,
            &SHAPES,
            "<tr class=\"plain-table__row",
            &mut report,
        )
    })?;
    databases.remove(&data)?;
    finish(project, &report, options)
}

fn company_file(count: usize) -> String {
    let mut file = "name,external_id,domains,phone,tags\n".to_owned();
    for number in 0..count {
        let rare = if number % 1000 == 7 { ";rare-company" } else { "" };
        let _ = writeln!(
            file,
            "Harbor Company {number},c-{number},company-{number}.example,+49 30 {number:07},\"region-{},size-{}{rare}\"",
            number % 12,
            number % 4,
        );
    }
    file.replace(';', ",")
}

fn contact_file(count: usize, companies: usize) -> String {
    let mut file = "name,external_id,email,company,job_title,phone,vip,tags\n".to_owned();
    for number in 0..count {
        let rare = if number % 10_000 == 7 { ";rare-contact" } else { "" };
        let _ = writeln!(
            file,
            "{} {},p-{number},person-{number}@company-{}.example,Harbor Company {},Clerk {},+49 151 {number:08},{},\"region-{},team-{}{rare}\"",
            GIVEN[number % GIVEN.len()],
            FAMILY[number % FAMILY.len()],
            number % companies,
            number % companies,
            number % 40,
            if number % 50 == 0 { "yes" } else { "" },
            number % 12,
            number % 30,
        );
    }
    file.replace(';', ",")
}

/// Uploads, checks and imports a file; what is measured is what each takes from its beginning to its end.
fn import(
    connection: &mut Connection,
    cookies: &str,
    kind: &str,
    path: &str,
    count: usize,
    file: &str,
    report: &mut Report,
) -> Result<()> {
    let edge = "----bench";
    let body = format!(
        "--{edge}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{kind}.csv\"\r\ncontent-type: \
         text/csv\r\n\r\n{file}\r\n--{edge}--\r\n"
    );
    let headers = format!("{cookies}content-type: multipart/form-data; boundary={edge}\r\n");
    let answer = connection.send(&request(
        "POST",
        &format!("{path}/upload"),
        &headers,
        body.as_bytes(),
    ))?;
    let id = answer.header("location").and_then(|to| to.rsplit('/').next());
    let id = id
        .filter(|_| answer.status == 303)
        .context("the file wasn't taken")?
        .to_owned();
    let columns = file.lines().next().unwrap_or_default().split(',');
    let columns: Vec<_> = columns.map(|column| format!("&columns[]={column}")).collect();
    let form = format!("kind={kind}&id={id}");
    for (step, fields, state, aim) in [
        ("check", format!("{form}{}", columns.concat()), "checked", ""),
        ("run", form.clone(), "finished", "≥ 5,000/s"),
    ] {
        let headers = format!("{cookies}content-type: application/x-www-form-urlencoded\r\n");
        let begin = Instant::now();
        let asked = request(
            "POST",
            &format!("/_fn/imports/{step}"),
            &headers,
            fields.as_bytes(),
        );
        let answer = connection.send(&asked)?;
        if answer.status >= 400 {
            bail!("imports/{step} was answered {} {}", answer.status, answer.text());
        }
        let import = wait(connection, cookies, kind, &id, state)?;
        let per_second = load::per_second(count, begin.elapsed());
        report.add(
            format!("import of kind {kind}: {step}"),
            per_second,
            "rows/s",
            aim,
        );
        let created = import["counts"]["created"].as_u64();
        if created != u64::try_from(count).ok() {
            return Err(problem(
                format!("of {count} lines {created:?} were stored: {}", import["problems"]),
                "Have the properties changed? The files are made in xtask/src/bench/directory.rs.",
            ));
        }
    }
    Ok(())
}

/// Asks until it is there.
fn wait(connection: &mut Connection, cookies: &str, kind: &str, id: &str, state: &str) -> Result<Value> {
    let headers = format!("{cookies}content-type: application/json\r\naccept: application/json\r\n");
    let body = format!(r#"{{"kind": "{kind}", "id": "{id}"}}"#);
    let asked = request("POST", "/_fn/imports/show", &headers, body.as_bytes());
    loop {
        let import: Value = serde_json::from_slice(&connection.send(&asked)?.body)?;
        if import["state"] == state {
            return Ok(import);
        }
        thread::sleep(Duration::from_millis(50));
    }
}
