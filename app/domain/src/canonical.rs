//! The one way a record is written as bytes: JSON without white space, object keys sorted by code point, numbers as
//! they were. The proof log hashes these bytes, so the form never changes.
//!
//! It is RFC 8785 (JCS) but for one thing: integers beyond 2^53 keep every digit. JCS would round them to the nearest
//! double, and a log must not alter what it was told.

use serde::Serialize;
use serde_json::Value;

/// Canonical JSON of a serialisable value.
///
/// # Errors
/// Where the value can't be written as JSON (a map whose keys aren't text).
pub fn to_string<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    let mut text = String::with_capacity(1024);
    write(&serde_json::to_value(value)?, &mut text)?;
    Ok(text)
}

fn write(value: &Value, text: &mut String) -> Result<(), serde_json::Error> {
    match value {
        Value::Object(map) => {
            // Sorted here as well: whether serde_json's map is sorted depends on a feature any crate can switch on.
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            text.push('{');
            for (index, (key, value)) in entries.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&serde_json::to_string(key)?);
                text.push(':');
                write(value, text)?;
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(item, text)?;
            }
            text.push(']');
        }
        leaf => text.push_str(&serde_json::to_string(leaf)?),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_and_numbers_kept() {
        let value = json!({"b": [1, {"z": null, "a": "ä\n"}], "a": 9_007_199_254_740_993_u64, "B": 1.5});
        assert_eq!(
            to_string(&value).unwrap(),
            r#"{"B":1.5,"a":9007199254740993,"b":[1,{"a":"ä\n","z":null}]}"#
        );
    }
}
