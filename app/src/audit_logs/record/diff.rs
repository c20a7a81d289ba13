//! A change of one property, in the terms in which people think of it: members that came and went, a word that was
//! replaced, a number that grew. Pure; `changes.rs` shows it.

mod lists;
#[cfg(test)]
mod tests;

use super::words::{self, Piece};
use daybook_domain::{event::Change, permission::Permission};
use lists::arrays;
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
