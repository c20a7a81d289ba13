//! Lists: what came and what went, by what a member says or by its id.

use super::{
    Difference, Line, MOST_DEPTH,
    plain::{Plain, labels, list, sentence},
    walk, with,
};
use serde_json::Value;
use std::collections::BTreeSet;

pub(super) fn arrays(
    lines: &mut Vec<Line>,
    path: Vec<String>,
    old: Option<&Vec<Value>>,
    new: Option<&Vec<Value>>,
) {
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
