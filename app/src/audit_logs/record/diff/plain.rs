//! A value in words.

use daybook_domain::permission::Permission;
use serde_json::{Map, Value};

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

pub(super) fn labels(values: &[Value]) -> Vec<String> {
    values
        .iter()
        .map(|value| sentence(value).unwrap_or_else(|| value.to_string()))
        .collect()
}

pub(super) fn list(values: &[Value]) -> Plain {
    if values.is_empty() {
        Plain::Empty
    } else {
        Plain::List(labels(values))
    }
}

pub(super) fn plain(value: &Value) -> Plain {
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

/// A value on one line.
pub fn plain_words(value: &Value) -> String {
    sentence(value).unwrap_or_else(|| value.to_string())
}

/// A value in one short text: scalars, and conditions such as `{field, operator, value}`.
pub(super) fn sentence(value: &Value) -> Option<String> {
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
