//! What the workspace keeps of a thing beyond its properties: any JSON, by its name in another system.
//!
//! As a line of a form or a file it is `Name: text`. What is more than one line of text is `Name:= JSON`, and a name that
//! would be misread stands in quotes. In records each is a property of its own, `custom.Name`.

use crate::{diff::holds_secret, event::Change};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The property that holds them.
pub const CUSTOM: &str = "custom";
/// How many a thing may have.
pub const MAX_CUSTOM: usize = 200;
/// Longest name of one, in characters.
pub const MAX_CUSTOM_NAME_CHARS: usize = 200;
/// The most that one may weigh as JSON, in bytes: a record holds it twice.
pub const MAX_CUSTOM_BYTES: usize = 20_000;
/// The most that those of a thing may weigh together, with their names.
pub const MAX_CUSTOM_BYTES_TOGETHER: usize = 60_000;

/// Something that another system says of a thing and that can't be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotKept {
    pub property: String,
    /// A sentence for people.
    pub reason: String,
}

/// One of them in its one form. `None` where it holds nothing.
///
/// # Errors
/// Why it can't be kept, as a sentence.
pub(super) fn one(name: &str, value: &Value) -> Result<Option<Value>, String> {
    if name.trim().is_empty() || name.chars().any(char::is_control) {
        return Err("This can't be the name of a property.".to_owned());
    }
    if name.chars().count() > MAX_CUSTOM_NAME_CHARS {
        return Err(format!(
            "Its name is longer than {MAX_CUSTOM_NAME_CHARS} characters."
        ));
    }
    if value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty()) {
        return Ok(None);
    }
    let bytes = value.to_string().len();
    if bytes > MAX_CUSTOM_BYTES {
        return Err(format!(
            "This weighs {bytes} bytes as JSON, more than {MAX_CUSTOM_BYTES}."
        ));
    }
    // Its changes would be told without its values.
    if holds_secret(value) {
        return Err("This holds a name that Daybook keeps for secrets.".to_owned());
    }
    Ok(Some(value.clone()))
}

/// All of them in their one form.
///
/// # Errors
/// What is wrong with them, as a sentence.
pub(super) fn all(value: &Value) -> Result<Option<Value>, String> {
    let given = match value {
        Value::Null => return Ok(None),
        Value::Object(map) => map,
        _ => return Err("This is not an object.".to_owned()),
    };
    let mut kept = Room::default();
    for (name, value) in given {
        kept.add(name, value)
            .map_err(|reason| format!("“{}”: {reason}", beginning(name)))?;
    }
    Ok((!kept.map.is_empty()).then(|| kept.map.into()))
}

fn beginning(name: &str) -> String {
    name.chars().take(MAX_CUSTOM_NAME_CHARS).collect()
}

/// What a thing has once another system has said some of it anew, and what of that can't be kept: it isn't there then,
/// whatever it was before.
pub fn said_anew(before: Option<&Value>, given: Map<String, Value>) -> (Option<Value>, Vec<NotKept>) {
    let (mut kept, mut not_kept) = (Room::default(), Vec::new());
    let before = before.and_then(Value::as_object).into_iter().flatten();
    for (name, value) in before.filter(|(name, _)| !given.contains_key(*name)) {
        kept.put(name, value.clone());
    }
    for (name, value) in given {
        if let Err(reason) = kept.add(&name, &value) {
            let property = beginning(&name);
            not_kept.push(NotKept { property, reason });
        }
    }
    ((!kept.map.is_empty()).then(|| kept.map.into()), not_kept)
}

/// Those of a thing, as long as there is room.
#[derive(Default)]
struct Room {
    map: Map<String, Value>,
    bytes: usize,
}

impl Room {
    fn put(&mut self, name: &str, value: Value) {
        self.bytes += weight(name, &value);
        self.map.insert(name.to_owned(), value);
    }

    fn add(&mut self, name: &str, value: &Value) -> Result<(), String> {
        let Some(value) = one(name, value)? else {
            return Ok(());
        };
        if self.map.len() >= MAX_CUSTOM {
            return Err(format!("There are more than {MAX_CUSTOM} properties."));
        }
        if self.bytes + weight(name, &value) > MAX_CUSTOM_BYTES_TOGETHER {
            return Err(format!(
                "With it the properties would weigh more than {MAX_CUSTOM_BYTES_TOGETHER} bytes together."
            ));
        }
        self.put(name, value);
        Ok(())
    }
}

fn weight(name: &str, value: &Value) -> usize {
    name.len() + value.to_string().len()
}

/// One of them as a line.
pub(super) fn line(name: &str, value: &Value) -> String {
    let is_plain = name == name.trim() && !name.contains(':') && !name.starts_with('"');
    let name = if is_plain {
        name.to_owned()
    } else {
        Value::from(name).to_string()
    };
    match value {
        Value::String(text) if text == text.trim() && !text.chars().any(char::is_control) => {
            format!("{name}: {text}")
        }
        json => format!("{name}:= {json}"),
    }
}

/// What lines say.
///
/// # Errors
/// What is wrong with one, as a sentence.
pub(super) fn lines<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Value, String> {
    let mut map = Map::new();
    let lines = texts.flat_map(str::lines).map(str::trim);
    for line in lines.filter(|line| !line.is_empty()) {
        let (name, value) = parts(line)
            .or_else(|| {
                let (name, value) = line.split_once(':')?;
                Some((name.trim().to_owned(), value))
            })
            .ok_or_else(|| format!("“{line}” has no colon between name and value."))?;
        let value = match value.strip_prefix('=') {
            Some(json) => serde_json::from_str(json.trim()).map_err(|_| {
                format!("“{name}”: after := comes JSON. For a text that begins with =, put a space after the colon.")
            })?,
            None => value.trim().into(),
        };
        if map.insert(name.clone(), value).is_some() {
            return Err(format!("“{name}” is there twice."));
        }
    }
    Ok(map.into())
}

/// The name in quotes at the beginning of a line, and what comes after the colon.
fn parts(line: &str) -> Option<(String, &str)> {
    let mut names = serde_json::Deserializer::from_str(line).into_iter::<String>();
    let name = names.next()?.ok()?;
    let rest = line.get(names.byte_offset()..)?;
    Some((name, rest.trim_start().strip_prefix(':')?))
}

/// What one is called in records.
pub fn told_as(name: &str) -> String {
    format!("{CUSTOM}.{name}")
}

/// The name of one, by what it is called in records.
pub fn told_of(property: &str) -> Option<&str> {
    property.strip_prefix(CUSTOM)?.strip_prefix('.')
}

/// The changes that a change in a record tells of: older ones tell of all custom properties as one.
pub fn apart(change: &Change) -> Vec<Change> {
    let of = |value: &Value| value.as_object().cloned().unwrap_or_default();
    if change.property != CUSTOM || change.secret {
        return vec![change.clone()];
    }
    let (before, after) = (of(&change.before), of(&change.after));
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let value = |of: &Map<String, Value>, name| of.get(name).cloned().unwrap_or_default();
    names
        .into_iter()
        .map(|name| Change::new(told_as(name), value(&before, name), value(&after, name)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn map(of: Value) -> Map<String, Value> {
        serde_json::from_value(of).unwrap()
    }

    #[test]
    fn a_line_says_what_is_kept() {
        for (name, value, said) in [
            ("Contract", json!("2026-118"), "Contract: 2026-118"),
            ("Formula", json!("=SUM(A1)"), "Formula: =SUM(A1)"),
            ("Floor", json!(4), "Floor:= 4"),
            ("Floor", json!("4"), "Floor: 4"),
            ("Notes", json!("one\ntwo"), r#"Notes:= "one\ntwo""#),
            ("a:b", json!("c"), r#""a:b": c"#),
            ("\"Old\" name", json!(true), r#""\"Old\" name":= true"#),
            (
                "Sites",
                json!({"Lagos": [1, null]}),
                r#"Sites:= {"Lagos":[1,null]}"#,
            ),
        ] {
            assert_eq!(line(name, &value), said);
            assert_eq!(lines([said].into_iter()), Ok(json!({name: value})));
        }
        let quoted = lines([r#"The "Old": x"#, r#""Half: y"#].into_iter());
        assert_eq!(quoted, Ok(json!({"The \"Old\"": "x", "\"Half": "y"})));
        let told = lines(["X:= five"].into_iter()).unwrap_err();
        assert!(told.starts_with("“X”: after := comes JSON."), "{told}");
    }

    #[test]
    fn what_does_not_fit_is_told_and_the_rest_is_kept() {
        let html = "<p>".repeat(1000);
        let given = json!({"html": html, "long": "x".repeat(MAX_CUSTOM_BYTES), "a\nb": 1, "gone": null,
            "s": {"$secret": 1}, "at": {"h": 1}});
        let before = json!({"long": "short", "gone": "here", "else": 2});
        let (kept, not_kept) = said_anew(Some(&before), map(given.clone()));
        assert_eq!(kept, Some(json!({"html": html, "at": {"h": 1}, "else": 2})));
        let names: Vec<_> = not_kept.iter().map(|not| not.property.as_str()).collect();
        assert_eq!(names, ["a\nb", "long", "s"]);
        // The same again keeps the same.
        assert_eq!(said_anew(kept.as_ref(), map(given)), (kept, not_kept));

        let many: Map<_, _> = (0..=MAX_CUSTOM).map(|n| (format!("p{n:03}"), json!(n))).collect();
        let (kept, not_kept) = said_anew(None, many.clone());
        assert_eq!(
            kept.as_ref().and_then(Value::as_object).map(Map::len),
            Some(MAX_CUSTOM)
        );
        assert_eq!(not_kept[0].property, "p200");
        assert_eq!(said_anew(kept.as_ref(), many), (kept, not_kept));
        let heavy: Map<_, _> = (0..4)
            .map(|n| (format!("p{n}"), json!("x".repeat(16_000))))
            .collect();
        assert_eq!(said_anew(None, heavy.clone()).1[0].property, "p3");
        assert!(all(&heavy.into()).is_err());
    }

    #[test]
    fn older_records_tell_of_each() {
        let told = Change::new(CUSTOM, json!({"a": "1", "b": "2"}), json!({"b": "3"}));
        let each = [
            Change::new("custom.a", "1", Value::Null),
            Change::new("custom.b", "2", "3"),
        ];
        assert_eq!(apart(&told), each);
        assert_eq!(apart(&each[0]), each[..1]);
        assert_eq!(
            (told_of("custom.a.b"), told_of("customs"), told_of("custom")),
            (Some("a.b"), None, None)
        );
    }

    proptest! {
        #[test]
        fn what_is_kept_survives_its_line(name in "\\PC{1,12}", text in "[\\PC\n\r\t]{0,20}", number in any::<f64>()) {
            for value in [json!(text), json!(number), json!([{"a": text}])] {
                if let Ok(Some(value)) = one(&name, &value) {
                    prop_assert_eq!(one(&name, &value), Ok(Some(value.clone())));
                    let said = line(&name, &value);
                    prop_assert_eq!(lines([said.as_str()].into_iter()), Ok(json!({&name: value})), "{}", said);
                }
            }
        }
    }
}
