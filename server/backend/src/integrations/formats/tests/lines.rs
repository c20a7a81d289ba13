//! The record as it is: as lines, and for Splunk.

use super::{
    super::{hec, json as formats_json},
    *,
};
use daybook_domain::canonical;

#[test]
fn a_line_is_what_the_proof_log_hashes() {
    let all = all();
    for event in &all {
        let line = formats_json::line(event);
        assert!(!line.contains('\n'), "{line}");
        assert_eq!(&Event::from_record(&line).unwrap(), event);
        assert_eq!(line, canonical::to_string(event).unwrap());
    }
}

#[test]
fn splunk_gets_objects_one_after_the_other() {
    let all = all();
    let body = hec::body(&all, Some("main"), &ORIGIN);
    let sent: Vec<Value> = serde_json::Deserializer::from_slice(&body)
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert_eq!(sent.len(), all.len());
    for (sent, event) in sent.iter().zip(&all) {
        assert_eq!(sent["event"], formats_json::record(event));
        assert_eq!(
            (&sent["index"], &sent["sourcetype"]),
            (&json!("main"), &json!("daybook:event"))
        );
        assert_eq!(sent["fields"], json!({"workspace": "Northdesk"}));
    }
    let bare = Origin { host: "", ..ORIGIN };
    let body = hec::body(&all[..1], None, &bare);
    let sent: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((sent.get("index"), sent.get("host")), (None, None));
}

#[test]
fn times_are_seconds_to_the_microsecond() {
    for (at, expected) in [
        ("2026-11-22T14:12:51.481207Z", "1795356771.481207"),
        ("1970-01-01T00:00:00Z", "0.000000"),
        ("1969-12-31T23:59:59.5Z", "-0.500000"),
        ("9999-12-31T23:59:59.999999Z", "253402300799.999999"),
    ] {
        let mut event = event(body(LogKind::Activity, Action::Update));
        event.body.occurred_at = at.parse().unwrap();
        let sent = String::from_utf8(hec::body(&[event], None, &ORIGIN)).unwrap();
        assert!(sent.starts_with(&format!(r#"{{"time":{expected},"#)), "{sent}");
    }
}
