//! What the schema allows, as it stands in <https://github.com/elastic/ecs> at 9.4.0.

use super::{super::ecs, *};
use proptest::prelude::*;

/// The categories that are used, with the types that the schema expects in them.
const CATEGORIES: &[(&str, &[&str])] = &[
    (
        "api",
        &[
            "access", "admin", "allowed", "change", "creation", "deletion", "denied", "end", "info", "start",
            "user",
        ],
    ),
    ("authentication", &["start", "end", "info"]),
    (
        "configuration",
        &["access", "change", "creation", "deletion", "info"],
    ),
    ("email", &["info"]),
    (
        "iam",
        &["admin", "change", "creation", "deletion", "group", "info", "user"],
    ),
    ("process", &["access", "change", "end", "info", "start"]),
    ("session", &["start", "end", "info"]),
    ("web", &["access", "error", "info"]),
];
/// The types where there is no category.
const TYPES: &[&str] = &["access", "change", "creation", "deletion", "info"];
/// What stands at the top of a document.
const FIELD_SETS: &[&str] = &[
    "@timestamp",
    "daybook",
    "ecs",
    "error",
    "event",
    "labels",
    "message",
    "observer",
    "organization",
    "related",
    "source",
    "user",
    "user_agent",
];

fn check(event: &Event) {
    let written = ecs::event(event, &ORIGIN);
    let about = &written["event"];
    let category = about
        .get("category")
        .map(|category| category[0].as_str().unwrap());
    let allowed = category.map_or(TYPES, |category| {
        CATEGORIES.iter().find(|(name, _)| *name == category).unwrap().1
    });
    let kinds = about["type"].as_array().unwrap();
    assert!(!kinds.is_empty());
    for kind in kinds {
        assert!(
            allowed.contains(&kind.as_str().unwrap()),
            "{category:?} has no {kind}"
        );
    }
    assert_eq!(about["kind"], "event");
    assert!(["success", "failure"].contains(&about["outcome"].as_str().unwrap()));
    for name in written.as_object().unwrap().keys() {
        assert!(FIELD_SETS.contains(&name.as_str()), "{name}");
    }
    let labels = written.get("labels").and_then(Value::as_object);
    assert!(labels.into_iter().flatten().all(|(_, label)| label.is_string()));
    assert_eq!(lost(event, &written), Vec::<String>::new(), "{written:#}");
    let shapes = [
        "/daybook/metadata",
        "/daybook/changes/0/after",
        "/daybook/steps/0/data",
    ];
    for shape in shapes {
        let value = written.pointer(shape);
        assert!(
            value.is_none_or(Value::is_string),
            "an index must not see shapes: {value:?}"
        );
    }
}

#[test]
fn every_event_is_categorised_as_the_schema_allows_and_loses_nothing() {
    all().iter().for_each(check);
}

#[test]
fn a_document_is_as_the_schema_has_it() {
    let mut body = grant("Agent".into(), json!({"name": "Administrator"}));
    body.event_type = "user.updated".to_owned();
    body.summary = Some("Made Tomás an administrator".to_owned());
    body.ip = Some([203, 0, 113, 24].into());
    body.impersonator = Some(Actor::named(ActorKind::User, "Bo Chen").with_id("u-3"));
    body.changes.push(Change::secret("Password"));
    let written = ecs::event(&event(body), &ORIGIN);
    let expected = json!({
        "@timestamp": "2026-11-22T14:12:51.481207Z",
        "ecs": {"version": "9.4.0"},
        "message": "Made Tomás an administrator",
        "event": {
            "kind": "event", "category": ["iam"], "type": ["user", "change"], "action": "user.updated",
            "outcome": "success", "id": "019aad3b-1e4d-7b20-9c3f-000000000007", "sequence": 42,
            "created": "2026-11-22T14:12:51.483951Z", "module": "daybook", "dataset": "daybook.activity",
            "provider": "daybook", "severity": 2,
            "url": "https://daybook.example.org/audit-logs/event/019aad3b-1e4d-7b20-9c3f-000000000007",
        },
        // Bo acted; Mara's rights were used.
        "user": {
            "id": "u-3", "name": "Bo Chen", "full_name": "Bo Chen",
            "effective": {
                "id": "u-1", "name": "Mara Okafor", "full_name": "Mara Okafor", "email": "mara@northdesk.example",
            },
            "target": {"id": "u-2", "name": "Tomás Rey", "full_name": "Tomás Rey"},
        },
        "source": {"ip": "203.0.113.24", "address": "203.0.113.24"},
        "related": {
            "ip": ["203.0.113.24"],
            "user": ["Mara Okafor", "u-1", "mara@northdesk.example", "Bo Chen", "u-3", "Tomás Rey", "u-2"],
        },
        "organization": {"name": "Northdesk"},
        "observer": {
            "vendor": "Daybook", "product": "Daybook", "version": env!("CARGO_PKG_VERSION"),
            "hostname": "daybook.example.org",
        },
        "daybook": {
            "log": "activity", "action": "update",
            "actor": {"kind": "user", "id": "u-1", "name": "Mara Okafor", "email": "mara@northdesk.example"},
            "impersonator": {"kind": "user", "id": "u-3", "name": "Bo Chen"},
            "targets": [{"kind": "user", "id": "u-2", "name": "Tomás Rey"}],
            "changes": [
                {"property": "Support role", "before": "Agent", "after": "{\"name\":\"Administrator\"}"},
                {"property": "Password", "secret": true},
            ],
        },
    });
    assert_eq!(written, expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_text_is_lost(text in ".{0,60}") {
        check(&saying(&text));
    }

    #[test]
    fn a_value_written_as_text_is_had_back(
        text in prop_oneof![".{0,40}", "-?[0-9]{1,25}(\\.[0-9]{1,3})?", "\"[a-z]{0,3}\"", "true|null|\\[\\]|\\{\\}"],
        number in any::<i64>(),
    ) {
        for value in [json!(text), json!(number), json!([text, number]), json!({"a": text})] {
            let written = ecs::text(&value);
            let read = serde_json::from_str(&written).unwrap_or(Value::String(written));
            prop_assert_eq!(read, value);
        }
    }
}
