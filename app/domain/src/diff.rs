//! Before and after, found by comparing the serialised values of a thing: nobody writes them by hand, so nothing is
//! forgotten.

use crate::event::Change;
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};

/// The key that marks a secret inside a serialised value.
const SECRET_KEY: &str = "$secret";

/// A secret inside a thing that is compared: serialises to a fingerprint, so that a change is noticed and the value
/// can't reach an event (R50).
///
/// The fingerprint must not allow guessing the secret: pass a version number, a time of change, or a keyed hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretMark(pub String);

impl Serialize for SecretMark {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(SECRET_KEY, &self.0)?;
        map.end()
    }
}

/// The properties that differ between two JSON objects, in the order of their names. Null and absent are one. A
/// thing that was created has `Value::Null` before, one that was deleted has it after.
pub fn compare(before: &Value, after: &Value) -> Vec<Change> {
    let empty = Map::new();
    let before = before.as_object().unwrap_or(&empty);
    let after = after.as_object().unwrap_or(&empty);
    let mut properties: Vec<&String> = before.keys().chain(after.keys()).collect();
    properties.sort();
    properties.dedup();
    properties
        .into_iter()
        .filter_map(|property| {
            let old = before.get(property).unwrap_or(&Value::Null);
            let new = after.get(property).unwrap_or(&Value::Null);
            if old == new {
                None
            } else if holds_secret(old) || holds_secret(new) {
                Some(Change::secret(property))
            } else {
                Some(Change::new(property, old.clone(), new.clone()))
            }
        })
        .collect()
}

/// Whether a secret's mark stands anywhere in a serialised value.
pub fn holds_secret(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.contains_key(SECRET_KEY) || map.values().any(holds_secret),
        Value::Array(items) => items.iter().any(holds_secret),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-e]", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    fn any_object() -> impl Strategy<Value = Value> {
        prop::collection::btree_map("[a-h]", any_value(), 0..8)
            .prop_map(|m| Value::Object(m.into_iter().collect()))
    }

    fn without_nulls(value: &Value) -> Map<String, Value> {
        value
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, v)| !v.is_null())
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect()
    }

    proptest! {
        #[test]
        fn applying_the_changes_to_before_gives_after(before in any_object(), after in any_object()) {
            let mut replayed = without_nulls(&before);
            for change in compare(&before, &after) {
                prop_assert_eq!(replayed.get(&change.property).unwrap_or(&Value::Null), &change.before);
                replayed.remove(&change.property);
                if !change.after.is_null() {
                    replayed.insert(change.property, change.after);
                }
            }
            prop_assert_eq!(replayed, without_nulls(&after));
        }

        #[test]
        fn nothing_differs_from_itself(value in any_object()) {
            prop_assert_eq!(compare(&value, &value), vec![]);
        }

        #[test]
        fn a_secret_never_reaches_a_change(old in "[a-z]{6,12}", new in "[A-Z]{6,12}") {
            #[derive(Serialize)]
            struct Thing { name: &'static str, password: SecretMark }
            let value = |mark: &str| serde_json::to_value(Thing { name: "x", password: SecretMark(mark.into()) }).unwrap();
            let changes = compare(&value(&old), &value(&new));
            prop_assert_eq!(&changes, &vec![Change::secret("password")]);
            let json = serde_json::to_string(&changes).unwrap();
            prop_assert!(!json.contains(&old) && !json.contains(&new));
        }
    }

    #[test]
    fn creation_and_deletion_are_changes_from_and_to_nothing() {
        let role = json!({"name": "Night shift", "permissions": ["audit_logs.view"]});
        let created = compare(&Value::Null, &role);
        assert_eq!(created[0], Change::new("name", Value::Null, "Night shift"));
        assert_eq!(compare(&role, &Value::Null).len(), 2);
    }
}
