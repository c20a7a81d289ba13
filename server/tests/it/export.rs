//! Taking records out: as a page and through the API.

use crate::{
    api_events::{EVENTS, event},
    house::{ADMINISTRATOR, AGENT, AUDITOR, House},
};
use axum::{body::Body, http::Request};
use daybook_backend::testing::{TestDb, on_each_database};
use daybook_domain::{account::Scope, time::Timestamp};
use serde_json::Value;

const EXPORT: &str = "/api/v2/events/export";
const PAGE: &str = "/audit-logs/activity/export";

/// They arrive in another order than they happened.
fn happened_out_of_turn(number: i64) -> Value {
    let mut event = event(&number.to_string());
    let at = Timestamp::from_micros(1_700_000_000_000_000 + number * 7919 % 1300 * 1_000_000);
    event["occurred_at"] = at.unwrap().to_string().into();
    event
}

async fn house_with_events(at: TestDb) -> House {
    let house = House::full(at).await;
    let mut program = house.program(&[Scope::EventsWrite]).await;
    // More than one part, and more than one chunk of the index.
    let sent: Vec<Value> = (0..1300).map(happened_out_of_turn).collect();
    program.post_json(EVENTS, Value::from(sent).to_string()).await;
    house
}

#[tokio::test]
async fn an_export_is_the_whole_list_in_its_order() {
    on_each_database(async |at| {
        let house = house_with_events(at).await;
        let mut program = house.program(&[Scope::EventsRead]).await;
        let answer = program
            .get(&format!(
                "{EXPORT}?format=jsonl&event_type=role.updated&q=-source:daybook"
            ))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.header("content-type"), "application/x-ndjson");
        assert!(
            answer
                .header("content-disposition")
                .starts_with("attachment; filename=\"daybook-all-")
        );
        let lines: Vec<Value> = answer
            .body
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let ids: Vec<_> = lines
            .iter()
            .map(|line| line["source_event_id"].as_str().unwrap().to_owned())
            .collect();
        let mut numbers: Vec<i64> = (0..1300).collect();
        numbers.sort_by_key(|number| std::cmp::Reverse(number * 7919 % 1300));
        let expected: Vec<_> = numbers.iter().map(ToString::to_string).collect();
        assert_eq!(ids, expected);
        // What the keys don't decide is looked at.
        let phrase = program.get(&format!("{EXPORT}?q=%22source+daybook%22")).await;
        assert_eq!((phrase.status, phrase.body.as_str()), (200, ""));
    })
    .await;
}

#[tokio::test]
async fn a_table_has_a_line_of_names_and_one_per_record() {
    let house = house_with_events(TestDb::sqlite().await).await;
    let mut browser = house.signed_in(ADMINISTRATOR).await;
    let answer = browser
        .get(&format!("{PAGE}?format=csv&event_type=role.updated"))
        .await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "text/csv; charset=utf-8; header=present")
    );
    assert_eq!(answer.body.matches("\r\n").count(), 1301);
    assert!(answer.body.starts_with("\u{feff}id,sequence,occurred_at,"));
}

/// Compression asks once more after the end of what it compresses.
#[tokio::test]
async fn a_browser_that_takes_compressed_answers_gets_all_of_it() {
    let house = house_with_events(TestDb::sqlite().await).await;
    let mut browser = house.signed_in(ADMINISTRATOR).await;
    let request = Request::get(format!("{PAGE}?format=jsonl")).header("accept-encoding", "gzip");
    // An answer that breaks off would fail here.
    let answer = browser.send(request, Body::empty()).await;
    assert_eq!((answer.status, answer.header("content-encoding")), (200, "gzip"));
    assert!(!answer.body.is_empty());
}

#[tokio::test]
async fn that_records_were_taken_is_recorded() {
    let house = house_with_events(TestDb::sqlite().await).await;
    let mut browser = house.signed_in(ADMINISTRATOR).await;
    let answer = browser
        .get(&format!("{PAGE}?format=jsonl&q=type:role.updated&cursor=&open="))
        .await;
    assert_eq!(answer.body.lines().count(), 1300);
    // The end is recorded after the last byte.
    house.services.drain().await;
    let events = house.events().await;
    let about = |event_type: &str| {
        let event = events
            .iter()
            .find(|event| event.body.event_type == event_type)
            .unwrap();
        let about = |name: &str| event.body.metadata[name].clone();
        (
            about("query"),
            about("records"),
            about("format"),
            event.body.actor.email.clone(),
        )
    };
    let expected = (
        Value::from("?q=type%3Arole.updated"),
        Value::from(1300),
        Value::from("jsonl"),
        Some(ADMINISTRATOR.to_owned()),
    );
    assert_eq!(about("audit_logs.export_started"), expected);
    assert_eq!(about("audit_logs.export_finished"), expected);
}

#[tokio::test]
async fn who_may_not_export_is_told_so_and_it_is_recorded() {
    let house = House::full(TestDb::sqlite().await).await;
    let answer = house.client().get(PAGE).await;
    assert_eq!(answer.status, 302);
    assert!(answer.location().starts_with("/sign-in?next="));
    let mut agent = house.signed_in(AGENT).await;
    let answer = agent.get(PAGE).await;
    assert_eq!(answer.status, 403);
    assert!(answer.body.contains("Export audit logs"));
    let denied = house.events().await;
    assert!(
        denied
            .iter()
            .any(|event| event.body.event_type == "access.denied")
    );
}

#[tokio::test]
async fn what_cannot_be_exported_is_said() {
    let house = House::full(TestDb::sqlite().await).await;
    let mut browser = house.signed_in(ADMINISTRATOR).await;
    for (path, status) in [
        ("/audit-logs/secrets/export", 404),
        ("/audit-logs/activity/export?format=pdf", 400),
        ("/audit-logs/activity/export?q=secton:x", 400),
        ("/audit-logs/activity/export?from=%3Cb%3E", 400),
        ("/audit-logs/activity/export?from=2026-11-02&to=2026-11-01", 400),
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(!answer.body.contains("<b>"));
    }
}

/// A reader that has seen enough: the work ends, and that it did is recorded.
#[tokio::test]
async fn an_export_can_be_asked_for_and_cancelled() {
    const JOB: &str = "01a00000-0000-7000-8000-00000000000a";
    let house = house_with_events(TestDb::sqlite().await).await;
    let mut browser = house.signed_in(ADMINISTRATOR).await;
    // Nothing of the body is read, so it can't get far ahead.
    let request = Request::get(format!("{PAGE}?format=csv&job={JOB}"));
    let answer = browser.stream(request, Body::empty()).await;
    let call = format!(r#"{{"job": "{JOB}"}}"#);
    let progress = browser
        .call("/_fn/audit_logs/export_progress", "application/json", &call)
        .await;
    assert_eq!(progress.status, 200, "{}", progress.body);
    assert!(progress.json()["expected"]["Exactly"].as_u64().unwrap() >= 1300);
    let mut stranger = house.signed_in(AUDITOR).await;
    let theirs = stranger
        .call("/_fn/audit_logs/export_progress", "application/json", &call)
        .await;
    assert_eq!(theirs.status, 404, "of others nothing is told");
    browser
        .call("/_fn/audit_logs/cancel_export", "application/json", &call)
        .await;
    drop(answer);
    loop {
        let progress = browser
            .call("/_fn/audit_logs/export_progress", "application/json", &call)
            .await;
        if progress.json()["state"] != "running" {
            break;
        }
        tokio::task::yield_now().await;
    }
    let exported = house.events().await;
    assert!(
        exported
            .iter()
            .any(|event| event.body.event_type == "audit_logs.export_finished")
    );
}
