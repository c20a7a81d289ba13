//! Puts changes into words (R8): a person should get it without the JSON.

use super::Kind;
use daybook_domain::event::Change;
use serde_json::Value;

/// Longest value that still reads well inside a sentence, in characters.
const SHORT: usize = 40;

/// The sentence for changes of one thing.
pub fn describe(kind: &Kind, name: &str, changes: &[Change]) -> String {
    let thing = kind.called(name);
    match changes {
        [] => format!("Saved {thing} without changes"),
        [only] => one(only, &thing),
        [first, second] => format!(
            "Changed {} and {} of {thing}",
            lower(&first.property),
            lower(&second.property)
        ),
        [first, second, third] => format!(
            "Changed {}, {} and {} of {thing}",
            lower(&first.property),
            lower(&second.property),
            lower(&third.property)
        ),
        many => format!("Changed {} properties of {thing}", many.len()),
    }
}

fn one(change: &Change, thing: &str) -> String {
    let property = lower(&change.property);
    if change.secret {
        return format!("Replaced the {property} of {thing}");
    }
    match (&change.before, &change.after) {
        (Value::Bool(_), Value::Bool(on)) if change.property == "Active" => {
            format!("Switched {} {thing}", if *on { "on" } else { "off" })
        }
        (Value::Bool(_), Value::Bool(true)) => format!("Turned on {property} for {thing}"),
        (Value::Bool(_), Value::Bool(false)) => format!("Turned off {property} for {thing}"),
        (Value::Array(before), Value::Array(after)) => members(before, after, &property, thing),
        (before, after) => match (short(before), short(after)) {
            (Some(before), Some(after)) => {
                format!("Changed {property} of {thing} from {before} to {after}")
            }
            _ => format!("Changed {property} of {thing}"),
        },
    }
}

fn members(before: &[Value], after: &[Value], property: &str, thing: &str) -> String {
    let gone = listed(before.iter().filter(|member| !after.contains(member)));
    let come = listed(after.iter().filter(|member| !before.contains(member)));
    match (come, gone) {
        (Some(come), Some(gone)) => format!("Changed {property} of {thing}: added {come}, removed {gone}"),
        (Some(come), None) => format!("Added {come} to {property} of {thing}"),
        (None, Some(gone)) => format!("Removed {gone} from {property} of {thing}"),
        (None, None) => format!("Reordered {property} of {thing}"),
    }
}

fn listed<'a>(members: impl Iterator<Item = &'a Value>) -> Option<String> {
    let names: Vec<&str> = members.filter_map(Value::as_str).collect();
    match names.as_slice() {
        [] => None,
        [only] => Some((*only).to_owned()),
        [first, second] => Some(format!("{first} and {second}")),
        [first, rest @ ..] => Some(format!("{first} and {} more", rest.len())),
    }
}

fn short(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if text.chars().count() <= SHORT && !text.contains('\n') => {
            Some(format!("“{text}”"))
        }
        _ => None,
    }
}

/// `Session timeout` inside a sentence: `session timeout`; `URL` and `SLA hours` stay.
pub fn lower(property: &str) -> String {
    let mut letters = property.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(property.chars().skip(1)).collect()
        }
        _ => property.to_owned(),
    }
}
