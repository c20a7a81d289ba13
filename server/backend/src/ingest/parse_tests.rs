//! What may be sent and what becomes of it.

use super::*;
use crate::system::SystemIds;
use proptest::prelude::*;
use serde_json::json;

fn now() -> Timestamp {
    "2026-11-22T14:00:00Z".parse().unwrap()
}

fn parsed(value: Value) -> Result<EventBody, (String, String)> {
    event(value, 0, "helpdesk", now(), &SystemIds)
        .map(|new| new.body)
        .map_err(|refusal| (refusal.field, refusal.reason))
}

fn refused_field(value: Value) -> String {
    parsed(value).unwrap_err().0
}

#[test]
fn two_fields_are_enough() {
    let body = parsed(json!({"event_type": "chat-opened", "actor": {"kind": "system"}})).unwrap();
    assert_eq!(
        (body.log, body.action, body.outcome),
        (LogKind::Activity, Action::Other, Outcome::Success)
    );
    assert_eq!((body.occurred_at, body.source.as_str()), (now(), "helpdesk"));
    assert!(body.metadata.is_empty());
}

#[test]
fn what_is_required_is_named() {
    assert_eq!(refused_field(json!({"actor": {"kind": "user"}})), "event_type");
    assert_eq!(refused_field(json!({"event_type": "x"})), "actor.kind");
    assert_eq!(
        refused_field(json!({"event_type": "x", "actor": {}})),
        "actor.kind"
    );
    assert_eq!(
        refused_field(json!({"event_type": "x", "actor": {"kind": "robot"}})),
        "actor.kind"
    );
    assert_eq!(refused_field(json!("x")), "");
}

#[test]
fn nothing_is_dropped() {
    let body = parsed(json!({
        "event_type": "x", "actor": {"kind": "user", "id": 123, "department": "Night shift"},
        "action": "explode", "portal": "kiosk", "ip": "not-an-address", "severity": 3,
        "targets": [{"kind": "role", "id": 7, "colour": "red"}],
        "metadata": {"a": 1, "unmapped": {"severity": "mine"}},
        "sequence": 4, "recorded_at": "2020-01-01T00:00:00Z",
    }))
    .unwrap();
    assert_eq!(body.actor.id.as_deref(), Some("123"));
    assert_eq!(body.targets[0].id.as_deref(), Some("7"));
    assert_eq!(
        Value::Object(body.metadata),
        json!({"a": 1, "unmapped": {
            "severity": "mine", "action": "explode", "portal": "kiosk", "ip": "not-an-address",
            "actor": {"department": "Night shift"}, "targets[0]": {"colour": "red"},
            "sequence": 4, "recorded_at": "2020-01-01T00:00:00Z",
        }})
    );
}

#[test]
fn secrets_lose_their_values_at_the_door() {
    let body = parsed(json!({
        "event_type": "x", "actor": {"kind": "user"},
        "changes": [{"property": "API secret", "before": "hunter2", "after": "hunter3", "hint": "hunter", "secret": true}],
    }))
    .unwrap();
    assert_eq!(body.changes, [Change::secret("API secret")]);
    assert!(!canonical::to_string(&body).unwrap().contains("hunter"));
}

#[test]
fn values_out_of_bounds_are_refused_with_the_field() {
    let with = |field: &str, value: Value| {
        let mut event = json!({"event_type": "x", "actor": {"kind": "user"}});
        event[field] = value;
        refused_field(event)
    };
    assert_eq!(with("occurred_at", json!("yesterday")), "occurred_at");
    assert_eq!(with("occurred_at", json!("2026-11-24T00:00:00Z")), "occurred_at");
    assert_eq!(with("occurred_at", json!(1_700_000_000)), "occurred_at");
    assert_eq!(with("log", json!("secrets")), "log");
    assert_eq!(with("outcome", json!("maybe")), "outcome");
    assert_eq!(with("summary", json!("x".repeat(1001))), "summary");
    assert_eq!(with("summary", json!("a\0b")), "summary");
    assert_eq!(with("summary", json!({"text": "x"})), "summary");
    assert_eq!(with("source", json!("Daybook")), "source");
    assert_eq!(with("metadata", json!([])), "metadata");
    assert_eq!(with("metadata", json!({"blob": "x".repeat(70_000)})), "");
    assert_eq!(with("changes", json!([{"before": 1}])), "changes[0].property");
    assert_eq!(
        with("changes", Value::from(vec![json!({"property": "p"}); 201])),
        "changes"
    );
    assert_eq!(
        with("steps", json!([{"at": "noon", "message": "x"}])),
        "steps[0].at"
    );
    let deep = (0..MAX_DEPTH).fold(json!(1), |inner, _| json!([inner]));
    assert_eq!(with("metadata", json!({"deep": deep})), "");
}

#[test]
fn what_nests_just_deep_enough_can_be_read_back() {
    let deep = (0..MAX_DEPTH - 2).fold(json!(1), |inner, _| json!({"a": inner}));
    let body = parsed(json!({"event_type": "x", "actor": {"kind": "user"}, "unknown": deep})).unwrap();
    let stored = canonical::to_string(&body).unwrap();
    assert_eq!(serde_json::from_str::<EventBody>(&stored).unwrap(), body);
}

#[test]
fn the_hash_ignores_order_and_white_space_only() {
    let hash = |text: &str| {
        event(serde_json::from_str(text).unwrap(), 0, "s", now(), &SystemIds)
            .unwrap()
            .hash()
    };
    let one = hash(r#"{"event_type":"x","actor":{"kind":"user","id":"1"}}"#);
    assert_eq!(
        one,
        hash(r#"{ "actor": {"id":"1", "kind":"user"}, "event_type":"x" }"#)
    );
    assert_ne!(
        one,
        hash(r#"{"event_type":"x","actor":{"kind":"user","id":"2"}}"#)
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z\0é]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,4}", inner, 0..4)
                .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_comes_is_stored_readably_or_refused_with_a_reason(
        field in prop::sample::select(vec![
            "id", "source", "occurred_at", "log", "event_type", "action", "category", "section", "summary", "outcome",
            "reason", "actor", "impersonator", "targets", "company", "contact", "brand", "ip", "user_agent", "portal",
            "login_source", "auth", "changes", "steps", "metadata", "correlation_id", "something",
        ]),
        value in any_json(),
    ) {
        let mut sent = json!({"event_type": "x", "actor": {"kind": "user"}});
        sent[field] = value;
        match parsed(sent) {
            Ok(body) => {
                let stored = canonical::to_string(&body).unwrap();
                prop_assert_eq!(serde_json::from_str::<EventBody>(&stored).unwrap(), body);
            }
            Err((_, reason)) => prop_assert!(!reason.is_empty()),
        }
    }
}
