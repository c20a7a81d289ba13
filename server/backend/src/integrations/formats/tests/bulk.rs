use super::{
    super::{bulk, ecs},
    *,
};
use bulk::Verdict;

#[test]
fn each_event_is_created_under_its_id() {
    let all = all();
    let body = String::from_utf8(bulk::body(&all, "logs-\"x\"", &ORIGIN)).unwrap();
    assert!(body.ends_with('\n'));
    let lines: Vec<Value> = body
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), all.len() * 2);
    for (pair, event) in lines.chunks(2).zip(&all) {
        assert_eq!(
            pair[0],
            json!({"create": {"_index": "logs-\"x\"", "_id": event.id}})
        );
        assert_eq!(pair[1], ecs::event(event, &ORIGIN));
    }
}

fn three() -> Vec<Event> {
    (1..=3)
        .map(|sequence| Event {
            sequence,
            ..event(body(LogKind::Activity, Action::Update))
        })
        .collect()
}

fn item(status: u16, kind: &str) -> Value {
    let error = json!({"type": kind, "reason": "because\nof it"});
    if kind.is_empty() {
        json!({"create": {"status": status}})
    } else {
        json!({"create": {"status": status, "error": error}})
    }
}

#[test]
fn an_answer_says_what_became_of_each() {
    let (ok, there) = (item(201, ""), item(409, "version_conflict_engine_exception"));
    let refused = item(400, "document_parsing_exception");
    let said = |status| format!("{status} document_parsing_exception: because of it");
    let cases = [
        (vec![&ok, &there, &ok], None, vec![]),
        (vec![&ok, &refused, &ok], None, vec![(2, said(400))]),
    ];
    for (items, later, refused) in cases {
        let answer = json!({"errors": true, "items": items}).to_string();
        let expected = Verdict { later, refused };
        assert_eq!(
            bulk::refused(answer.as_bytes(), &three()),
            Ok(expected),
            "{answer}"
        );
    }
    // None of these is of the document.
    for (status, kind) in [
        (429, "es_rejected_execution_exception"),
        (503, "unavailable_shards_exception"),
        (500, ""),
        (404, "index_not_found_exception"),
        (403, "security_exception"),
        (400, "index_closed_exception"),
        (100, ""),
    ] {
        let answer = json!({"errors": true, "items": [refused, item(status, kind), ok]}).to_string();
        let verdict = bulk::refused(answer.as_bytes(), &three()).unwrap();
        assert!(verdict.later.unwrap().starts_with(&status.to_string()));
        assert_eq!(verdict.refused, [(1, said(400))]);
    }
}

#[test]
fn an_answer_that_leaves_something_open_is_none() {
    let whole = json!({"errors": false, "items": [item(201, ""), item(201, ""), item(201, "")]}).to_string();
    assert_eq!(bulk::refused(whole.as_bytes(), &three()), Ok(Verdict::default()));
    for end in 0..whole.len() {
        assert!(bulk::refused(&whole.as_bytes()[..end], &three()).is_err());
    }
    for wrong in [
        "<html>504</html>",
        "null",
        "[]",
        "{}",
        r#"{"errors":false}"#,
        r#"{"errors":false,"items":[]}"#,
        r#"{"items":[{"create":{"status":201}},{"create":{"status":201}}]}"#,
        r#"{"items":[{},{},{}]}"#,
        r#"{"items":[{"create":{}},{"create":{}},{"create":{}}]}"#,
        r#"{"items":[{"create":{"status":-1}},{"create":{"status":201}},{"create":{"status":201}}]}"#,
    ] {
        assert!(bulk::refused(wrong.as_bytes(), &three()).is_err(), "{wrong}");
    }
    assert!(bulk::refused(b"\xff\xfe", &three()).is_err());
    assert_eq!(
        bulk::refused(br#"{"errors":false,"items":[]}"#, &[]),
        Ok(Verdict::default())
    );
}

#[test]
fn reasons_are_of_a_length_that_can_be_shown() {
    let long =
        json!({"items": [{"create": {"status": 400, "error": {"type": "document_parsing_exception", "reason": "x".repeat(9000)}}}]}).to_string();
    let verdict = bulk::refused(long.as_bytes(), &three()[..1]).unwrap();
    assert_eq!(verdict.refused[0].1.chars().count(), 300);
}
