//! A change of one property, in the terms in which people think of it: members that came and went, a word that was
//! replaced, a number that grew. Pure; `changes.rs` shows it.

use super::words::{self, Piece};
use daybook_domain::{event::Change, permission::Permission};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Texts from this length on are compared word by word.
const LONG_TEXT_CHARS: usize = 40;
/// Deeper nesting is shown as compact JSON.
const MOST_DEPTH: usize = 6;

/// One line of the before/after table. Nested values make several, with the way to each.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub path: Vec<String>,
    pub difference: Difference,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Difference {
    /// Known to have changed, and not what.
    Secret,
    /// A list in which order says nothing. `None` on a side: the property wasn't set there.
    Members {
        kept: Vec<String>,
        removed: Vec<String>,
        added: Vec<String>,
        was_set: bool,
        is_set: bool,
    },
    Text(Vec<Piece>),
    /// One value in place of another. `delta` where both are numbers.
    Values {
        before: Plain,
        after: Plain,
        delta: Option<String>,
    },
}

/// A value as a person reads it.
#[derive(Debug, Clone, PartialEq)]
pub enum Plain {
    NotSet,
    Empty,
    Text(String),
    /// In an order that matters.
    List(Vec<String>),
    /// Property and value.
    Properties(Vec<(String, String)>),
}

/// The lines of one change.
pub fn lines(change: &Change) -> Vec<Line> {
    let mut lines = Vec::new();
    let path = vec![readable(&change.property)];
    if change.secret {
        lines.push(Line {
            path,
            difference: Difference::Secret,
        });
    } else {
        walk(&mut lines, path, &change.before, &change.after);
    }
    lines
}

fn walk(lines: &mut Vec<Line>, path: Vec<String>, before: &Value, after: &Value) {
    let deep = path.len() > MOST_DEPTH;
    match (before, after) {
        (Value::Object(old), Value::Object(new)) if !deep => objects(lines, &path, old, new),
        (Value::Object(only), Value::Null) if !deep && nests(only) => {
            objects(lines, &path, only, &Map::new());
        }
        (Value::Null, Value::Object(only)) if !deep && nests(only) => {
            objects(lines, &path, &Map::new(), only);
        }
        (Value::Array(old), Value::Array(new)) => arrays(lines, path, Some(old), Some(new)),
        (Value::Array(old), Value::Null) => arrays(lines, path, Some(old), None),
        (Value::Null, Value::Array(new)) => arrays(lines, path, None, Some(new)),
        (Value::String(old), Value::String(new)) if is_long(old) || is_long(new) => {
            lines.push(Line {
                path,
                difference: Difference::Text(words::compare(old, new)),
            });
        }
        _ => lines.push(Line {
            path,
            difference: Difference::Values {
                before: plain(before),
                after: plain(after),
                delta: delta(before, after),
            },
        }),
    }
}

/// Whether an object needs lines of its own for what it holds.
fn nests(object: &Map<String, Value>) -> bool {
    object.len() > 4 || object.values().any(|value| value.is_array() || value.is_object())
}

fn is_long(text: &str) -> bool {
    text.contains('\n') || text.chars().nth(LONG_TEXT_CHARS).is_some()
}

fn objects(lines: &mut Vec<Line>, path: &[String], old: &Map<String, Value>, new: &Map<String, Value>) {
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let mut differs = false;
    for key in keys {
        let (old, new) = (
            old.get(key).unwrap_or(&Value::Null),
            new.get(key).unwrap_or(&Value::Null),
        );
        if old != new {
            differs = true;
            walk(lines, with(path, readable(key)), old, new);
        }
    }
    if !differs {
        let whole = plain(&Value::Object(new.clone()));
        let difference = Difference::Values {
            before: whole.clone(),
            after: whole,
            delta: None,
        };
        lines.push(Line {
            path: path.to_vec(),
            difference,
        });
    }
}

fn with(path: &[String], step: String) -> Vec<String> {
    let mut path = path.to_vec();
    path.push(step);
    path
}

fn arrays(lines: &mut Vec<Line>, path: Vec<String>, old: Option<&Vec<Value>>, new: Option<&Vec<Value>>) {
    let (was_set, is_set) = (old.is_some(), new.is_some());
    let empty = Vec::new();
    let (old, new) = (old.unwrap_or(&empty), new.unwrap_or(&empty));
    let single_line = |value: &Value| sentence(value).is_some();
    if let (true, Some(was), Some(is)) = (path.len() <= MOST_DEPTH, keyed(old), keyed(new))
        && was
            .iter()
            .any(|(key, value)| is.iter().any(|(other, now)| other == key && now != value))
    {
        return elements(lines, &path, &was, &is);
    }
    if !old.iter().chain(new).all(single_line) {
        let side = |set: bool, values: &[Value]| if set { list(values) } else { Plain::NotSet };
        let difference = Difference::Values {
            before: side(was_set, old),
            after: side(is_set, new),
            delta: None,
        };
        return lines.push(Line { path, difference });
    }
    let (was, is) = (labels(old), labels(new));
    let mut left = was.clone();
    let (mut kept, mut added) = (Vec::new(), Vec::new());
    for member in &is {
        match left.iter().position(|other| other == member) {
            Some(at) => kept.push(left.remove(at)),
            None => added.push(member.clone()),
        }
    }
    let difference = if was_set && is_set && left.is_empty() && added.is_empty() {
        Difference::Values {
            before: Plain::List(was),
            after: Plain::List(is),
            delta: None,
        }
    } else {
        Difference::Members {
            kept,
            removed: left,
            added,
            was_set,
            is_set,
        }
    };
    lines.push(Line { path, difference });
}

/// Objects that can be told apart by an id or a name, with it.
fn keyed(values: &[Value]) -> Option<Vec<(String, &Value)>> {
    let key = |value: &Value| {
        let object = value.as_object()?;
        ["id", "key", "name", "field"]
            .iter()
            .find_map(|name| sentence(object.get(*name)?))
    };
    let keyed: Vec<_> = values
        .iter()
        .map(|value| Some((key(value)?, value)))
        .collect::<Option<_>>()?;
    let distinct: BTreeSet<_> = keyed.iter().map(|(key, _)| key).collect();
    (distinct.len() == keyed.len()).then_some(keyed)
}

fn elements(lines: &mut Vec<Line>, path: &[String], was: &[(String, &Value)], is: &[(String, &Value)]) {
    let find = |list: &[(String, &Value)], key: &str| {
        list.iter()
            .find(|(other, _)| other == key)
            .map_or(Value::Null, |(_, value)| (*value).clone())
    };
    let name = |key: &str, value: &Value| {
        value
            .get("name")
            .and_then(Value::as_str)
            .map_or_else(|| key.to_owned(), str::to_owned)
    };
    for (key, old) in was {
        let new = find(is, key);
        if **old != new {
            walk(lines, with(path, name(key, old)), old, &new);
        }
    }
    for (key, new) in is.iter().filter(|(key, _)| find(was, key).is_null()) {
        walk(lines, with(path, name(key, new)), &Value::Null, new);
    }
}

fn labels(values: &[Value]) -> Vec<String> {
    values
        .iter()
        .map(|value| sentence(value).unwrap_or_else(|| value.to_string()))
        .collect()
}

fn list(values: &[Value]) -> Plain {
    if values.is_empty() {
        Plain::Empty
    } else {
        Plain::List(labels(values))
    }
}

fn plain(value: &Value) -> Plain {
    match value {
        Value::Null => Plain::NotSet,
        Value::String(text) if text.is_empty() => Plain::Empty,
        Value::Array(values) => list(values),
        Value::Object(object) if object.is_empty() => Plain::Empty,
        Value::Object(object) => match sentence(value) {
            Some(text) => Plain::Text(text),
            None => Plain::Properties(
                object
                    .iter()
                    .map(|(key, v)| (readable(key), sentence(v).unwrap_or_else(|| v.to_string())))
                    .collect(),
            ),
        },
        _ => Plain::Text(sentence(value).unwrap_or_default()),
    }
}

/// A value in one short text: scalars, and conditions such as `{field, operator, value}`.
fn sentence(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some("not set".to_owned()),
        Value::Bool(true) => Some("Yes".to_owned()),
        Value::Bool(false) => Some("No".to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(
            text.parse::<Permission>()
                .map_or_else(|_| text.clone(), |permission| permission.title().to_owned()),
        ),
        Value::Array(_) => None,
        Value::Object(object) => condition(object),
    }
}

fn condition(object: &Map<String, Value>) -> Option<String> {
    let text = |names: [&str; 2]| names.iter().find_map(|name| object.get(*name));
    let field = text(["field", "property"])?.as_str()?;
    let operator = text(["operator", "op"])?.as_str()?.replace('_', " ");
    let value = match object.get("value") {
        None | Some(Value::Null) => String::new(),
        Some(Value::Array(values)) => labels(values).join(" or "),
        Some(value) => sentence(value)?,
    };
    (object.len() <= 3).then(|| format!("{field} {operator} {value}").trim_end().to_owned())
}

fn delta(before: &Value, after: &Value) -> Option<String> {
    let grown = after.as_i64()?.checked_sub(before.as_i64()?)?;
    let sign = if grown < 0 { "−" } else { "+" };
    Some(format!(
        "{sign}{}",
        crate::ui::number::thousands(grown.unsigned_abs())
    ))
}

/// `first_reply_minutes` as `First reply minutes`; what was already written for people stays as it is.
pub fn readable(name: &str) -> String {
    let is_machine = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-.".contains(c));
    if !is_machine {
        return name.to_owned();
    }
    let spaced = name.replace(['_', '-'], " ");
    let mut chars = spaced.chars();
    chars
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + chars.as_str())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
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
        let Difference::Members { added, was_set, .. } = single(Value::Null, json!(["audit_logs.view"]))
        else {
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
}
