//! A change of one property, in the terms in which people think of it: members that came and went, a word that was
//! replaced, a number that grew. Pure; `changes.rs` shows it.

mod lists;
mod plain;
#[cfg(test)]
mod tests;

pub use plain::{Plain, plain_words, readable};

use super::words::{self, Piece};
use daybook_domain::event::Change;
use lists::arrays;
use plain::plain;
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

fn delta(before: &Value, after: &Value) -> Option<String> {
    let grown = after.as_i64()?.checked_sub(before.as_i64()?)?;
    let sign = if grown < 0 { "−" } else { "+" };
    Some(format!(
        "{sign}{}",
        crate::ui::number::thousands(grown.unsigned_abs())
    ))
}
