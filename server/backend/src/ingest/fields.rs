//! The fields of what programs send, one by one: each says what is wrong with it under its own name.

use daybook_domain::event::NamedRef;
use serde_json::{Map, Value};

/// What is wrong with which field.
pub(crate) type Wrong = (String, String);
pub(crate) type Parsed<T> = Result<T, Wrong>;
pub(crate) type Object = Map<String, Value>;

pub(crate) fn wrong<T>(field: impl Into<String>, reason: impl Into<String>) -> Parsed<T> {
    Err((field.into(), reason.into()))
}

/// A text field; numbers and booleans count as text (ids often are numbers), empty text as absent.
pub(crate) fn text(fields: &mut Object, field: &str) -> Parsed<Option<String>> {
    fields
        .remove(field)
        .map_or(Ok(None), |value| as_text(value, field))
}

pub(crate) fn as_text(value: Value, field: &str) -> Parsed<Option<String>> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Array(_) | Value::Object(_) => return wrong(field, "is not text"),
    };
    if text.contains('\0') {
        // PostgreSQL can't keep it, and it hides what follows from many tools.
        return wrong(field, "holds a NUL character");
    }
    Ok(Some(text).filter(|text| !text.trim().is_empty()))
}

/// A text with a closed meaning; one that isn't known is kept as unmapped.
pub(crate) fn word<T>(
    fields: &mut Object,
    field: &str,
    known: impl Fn(&str) -> Option<T>,
    unmapped: &mut Object,
) -> Parsed<Option<T>> {
    let Some(text) = text(fields, field)? else {
        return Ok(None);
    };
    let found = known(&text);
    if found.is_none() {
        unmapped.insert(field.to_owned(), Value::String(text));
    }
    Ok(found)
}

/// What is left of an object that is understood in part goes to `unmapped` under its own name.
pub(crate) fn rest(left: Object, field: &str, unmapped: &mut Object) {
    if !left.is_empty() {
        unmapped.insert(field.to_owned(), Value::Object(left));
    }
}

pub(crate) fn object(value: Value, field: &str) -> Parsed<Object> {
    match value {
        Value::Object(fields) => Ok(fields),
        _ => wrong(field, "is not a JSON object"),
    }
}

pub(crate) fn part(fields: &mut Object, of: &str, name: &str) -> Parsed<Option<String>> {
    fields
        .remove(name)
        .map_or(Ok(None), |value| as_text(value, &format!("{of}.{name}")))
}

/// `{id, name}`, or just the name.
pub(crate) fn named(fields: &mut Object, field: &str, unmapped: &mut Object) -> Parsed<Option<NamedRef>> {
    let named = match fields.remove(field) {
        None => return Ok(None),
        Some(Value::Object(mut fields)) => {
            let named = NamedRef {
                id: part(&mut fields, field, "id")?,
                name: part(&mut fields, field, "name")?,
            };
            rest(fields, field, unmapped);
            named
        }
        Some(value) => NamedRef {
            id: None,
            name: as_text(value, field)?,
        },
    };
    Ok(Some(named).filter(|named| named.id.is_some() || named.name.is_some()))
}

/// An array, or one entry without the brackets.
pub(crate) fn list<T>(
    fields: &mut Object,
    field: &str,
    unmapped: &mut Object,
    entry: impl Fn(Value, &str, &mut Object) -> Parsed<T>,
) -> Parsed<Vec<T>> {
    let items = match fields.remove(field) {
        None => return Ok(Vec::new()),
        Some(Value::Array(items)) => items,
        Some(one @ Value::Object(_)) => vec![one],
        Some(_) => return wrong(field, "is not an array"),
    };
    items
        .into_iter()
        .enumerate()
        .map(|(index, item)| entry(item, &format!("{field}[{index}]"), unmapped))
        .collect()
}
