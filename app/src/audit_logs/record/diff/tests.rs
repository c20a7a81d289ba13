use super::*;
use proptest::prelude::*;
use serde_json::json;

fn of(before: Value, after: Value) -> Vec<Line> {
    lines(&Change::new("boards", before, after))
}

fn single(before: Value, after: Value) -> Difference {
    let mut lines = of(before, after);
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines.remove(0).difference
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_list_is_who_came_and_who_went() {
    assert_eq!(
        single(json!(["Help desk", "Projects"]), json!(["Security", "Help desk"])),
        Difference::Members {
            kept: texts(&["Help desk"]),
            removed: texts(&["Projects"]),
            added: texts(&["Security"]),
            was_set: true,
            is_set: true,
        }
    );
}

#[test]
fn only_the_order_changed() {
    let Difference::Values { before, after, .. } = single(json!(["a", "b"]), json!(["b", "a"])) else {
        panic!("not a value")
    };
    assert_eq!(
        (before, after),
        (Plain::List(texts(&["a", "b"])), Plain::List(texts(&["b", "a"])))
    );
}

#[test]
fn permissions_and_conditions_read_as_words() {
    let Difference::Members { added, was_set, .. } = single(Value::Null, json!(["audit_logs.view"])) else {
        panic!("not members")
    };
    assert_eq!((added, was_set), (texts(&["View audit logs"]), false));
    let rule = json!([{"field": "priority", "operator": "is_any_of", "value": ["high", "urgent"]}]);
    let Difference::Members { added, .. } = single(json!([]), rule) else {
        panic!("not members")
    };
    assert_eq!(added, texts(&["priority is any of high or urgent"]));
}

#[test]
fn nested_values_get_a_line_each() {
    let lines = of(
        json!({"limits": {"daily": 100, "burst": 5}, "name": "A"}),
        json!({"limits": {"daily": 250, "burst": 5}, "name": "A"}),
    );
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].path, texts(&["Boards", "Limits", "Daily"]));
    assert_eq!(
        lines[0].difference,
        Difference::Values {
            before: Plain::Text("100".into()),
            after: Plain::Text("250".into()),
            delta: Some("+150".into()),
        }
    );
}

#[test]
fn things_in_a_list_are_found_again_by_their_id() {
    let lines = of(
        json!([{"id": 1, "name": "VIP", "minutes": 5}, {"id": 2, "name": "Rest", "minutes": 60}]),
        json!([{"id": 2, "name": "Rest", "minutes": 60}, {"id": 1, "name": "VIP", "minutes": 10}]),
    );
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].path, texts(&["Boards", "VIP", "Minutes"]));
}

#[test]
fn texts_secrets_and_nothing() {
    let long = "The quick brown fox jumps over the lazy dog every morning.";
    assert!(matches!(
        single(json!(long), json!(format!("{long} Again."))),
        Difference::Text(_)
    ));
    assert_eq!(
        lines(&Change::secret("api_secret"))[0].difference,
        Difference::Secret
    );
    assert_eq!(
        single(json!(""), Value::Null),
        Difference::Values {
            before: Plain::Empty,
            after: Plain::NotSet,
            delta: None
        }
    );
    assert_eq!(readable("first_reply_minutes"), "First reply minutes");
    assert_eq!(readable("Assigned Users"), "Assigned Users");
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,60}".prop_map(Value::from),
    ];
    leaf.prop_recursive(8, 40, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("(id|name|field|operator|value|x)", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn every_change_shows_at_least_one_line(before in any_value(), after in any_value()) {
        prop_assert!(!of(before, after).is_empty());
    }
}
