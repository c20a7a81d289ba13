//! What somebody has seen of a thing before they change it. A form says it with a strong validator of what it showed
//! (RFC 9110, 8.8.1): where the thing is another by the time the form comes, somebody else has changed it, and a change
//! made without having seen that would silently undo it.

use crate::{canonical, diff::holds_secret};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of a property's digest.
const DIGEST: usize = 8;

/// The properties of a thing at a moment, as they are compared: without secrets, and without those that have no value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seen(Map<String, Value>);

/// The validator of a [`Seen`]: `name.…~permissions.…`, a digest of each property, so that it can be told which of them
/// are others by now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tag(String);

impl Seen {
    /// Of a thing that serialises to an object, each field a property.
    ///
    /// # Errors
    /// Where it can't be serialised.
    pub fn of<T: Serialize>(thing: &T) -> Result<Self, serde_json::Error> {
        Ok(match serde_json::to_value(thing)? {
            Value::Object(properties) => Self::of_properties(properties),
            _ => Self::default(),
        })
    }

    pub fn of_properties(properties: impl IntoIterator<Item = (String, Value)>) -> Self {
        let shown = |(_, value): &(String, Value)| !value.is_null() && !holds_secret(value);
        Self(properties.into_iter().filter(shown).collect())
    }

    /// `None` where it has no value.
    pub fn value(&self, property: &str) -> Option<&Value> {
        self.0.get(property)
    }

    pub fn tag(&self) -> Tag {
        let digests = self
            .0
            .iter()
            .map(|(property, value)| format!("{property}.{}", digest(value)));
        Tag(digests.collect::<Vec<_>>().join("~"))
    }

    /// The properties that have another value than when `tag` was made, in the order of their names.
    pub fn since(&self, tag: &Tag) -> Vec<String> {
        let before: BTreeMap<_, _> = tag
            .0
            .split('~')
            .filter_map(|part| part.rsplit_once('.'))
            .collect();
        let names: BTreeSet<_> = self
            .0
            .keys()
            .map(String::as_str)
            .chain(before.keys().copied())
            .collect();
        let differs = |name: &&str| {
            let now = self.0.get(*name).map(digest);
            now.as_deref() != before.get(name).copied()
        };
        names.into_iter().filter(differs).map(str::to_owned).collect()
    }
}

impl Tag {
    /// As a form brought it. What isn't one fits nothing.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn digest(value: &Value) -> String {
    let text = canonical::of_value(value).unwrap_or_else(|_| value.to_string());
    URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..DIGEST])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::SecretMark;
    use serde_json::json;

    fn seen(value: &Value) -> Seen {
        Seen::of(value).unwrap()
    }

    #[test]
    fn what_differs_is_told_by_the_property() {
        let opened =
            seen(&json!({"name": "Night shift", "permissions": ["impersonate"], "description": null}));
        let tag = opened.tag();
        assert_eq!(opened.since(&tag), Vec::<String>::new());
        let now = seen(&json!({"name": "Night shift", "permissions": [], "description": "Late"}));
        assert_eq!(now.since(&tag), ["description", "permissions"]);
        // What was taken away differs, too.
        assert_eq!(seen(&json!({"name": "Night shift"})).since(&tag), ["permissions"]);
    }

    #[test]
    fn a_text_that_is_no_tag_fits_nothing() {
        let now = seen(&json!({"name": "A"}));
        for text in ["", "name", "name.", "~~", "x.y"] {
            assert!(now.since(&Tag::new(text)).contains(&"name".to_owned()), "{text}");
        }
    }

    #[test]
    fn a_secret_is_neither_shown_nor_told_by_its_digest() {
        let of = |password: &str| seen(&json!({"name": "A", "password": SecretMark(password.to_owned())}));
        assert_eq!(of("old").tag(), of("new").tag());
        assert_eq!(of("old").value("password"), None);
    }

    #[test]
    fn the_order_in_which_properties_come_does_not_matter() {
        let one = Seen::of_properties([
            ("b".to_owned(), json!(1)),
            ("a".to_owned(), json!({"y": 1, "x": 2})),
        ]);
        let other = Seen::of_properties([
            ("a".to_owned(), json!({"x": 2, "y": 1})),
            ("b".to_owned(), json!(1)),
        ]);
        assert!(other.since(&one.tag()).is_empty());
    }
}
