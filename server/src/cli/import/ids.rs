//! Ids for lines that have none, so that a file can be sent twice and is stored once: made of what stands in the
//! line, and of how many equal lines came before it in the file.

use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::{borrow::Cow, collections::HashMap};

/// What is asked of a line; the rest is read once, where the event is.
#[derive(Deserialize)]
struct Ids<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    source_event_id: Option<&'a RawValue>,
}

/// The lines of a file so far.
#[derive(Debug, Default)]
pub struct Ordinals {
    /// By the first 64 bits of their hash: 16 bytes a line. Two that share them get different ordinals, no more.
    seen: HashMap<u64, u32>,
}

impl Ordinals {
    /// The line with an id: its own, or one made for it. A line that isn't an object is left as it is.
    pub fn with_id<'l>(&mut self, line: &'l [u8]) -> Cow<'l, [u8]> {
        let line = line.trim_ascii();
        let Ok(ids) = serde_json::from_slice::<Ids>(line) else {
            return line.into();
        };
        if [ids.id, ids.source_event_id]
            .into_iter()
            .flatten()
            .any(is_something)
        {
            return line.into();
        }
        let Some(open) = line.strip_suffix(b"}") else {
            return line.into();
        };
        let id = self.make(line);
        // At the end: of two fields of one name the last counts, and there may be an `"id":null`.
        let comma = if open.trim_ascii_end() == b"{" { "" } else { "," };
        let field = format!("{comma}\"id\":\"{id}\"}}");
        [open, field.as_bytes()].concat().into()
    }

    fn make(&mut self, line: &[u8]) -> String {
        let digest = Sha256::digest(line);
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        let ordinal = self.seen.entry(u64::from_le_bytes(first)).or_default();
        let hex = digest[..16]
            .iter()
            .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        let id = format!("line-{hex}-{ordinal}");
        *ordinal += 1;
        id
    }
}

/// Null and blank text are no id, as for everybody who sends events.
fn is_something(value: &RawValue) -> bool {
    match serde_json::from_str::<Cow<str>>(value.get()) {
        Ok(text) => !text.trim().is_empty(),
        Err(_) => value.get() != "null",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn id(ordinals: &mut Ordinals, line: &str) -> Value {
        let line = ordinals.with_id(line.as_bytes());
        let value: Value = serde_json::from_slice(&line).unwrap();
        value["id"].clone()
    }

    #[test]
    fn equal_lines_are_told_apart_and_known_again() {
        let run = || {
            let mut ordinals = Ordinals::default();
            [
                "{\"a\":1}",
                "{\"a\":1}\r",
                "{\"a\":2}",
                "{}",
                "{\"id\":null}",
                "{\"id\":\" \"}",
            ]
            .map(|line| id(&mut ordinals, line))
        };
        let ids = run();
        assert_eq!(ids, run());
        let text = |index: usize| ids[index].as_str().unwrap();
        assert_eq!(text(0).strip_suffix("-0"), text(1).strip_suffix("-1"));
        for (index, id) in ids.iter().enumerate() {
            assert!(id.as_str().unwrap().starts_with("line-"));
            assert!(!ids[..index].contains(id));
        }
    }

    #[test]
    fn what_has_an_id_or_is_no_event_stays_as_it_is() {
        let mut ordinals = Ordinals::default();
        for line in [
            "{\"id\":\"x\"}",
            "{\"id\":7}",
            "{\"source_event_id\":\"y\"}",
            "[1]",
            "{\"a\":",
            "text",
        ] {
            assert_eq!(ordinals.with_id(line.as_bytes()).as_ref(), line.as_bytes());
        }
        assert!(ordinals.seen.is_empty());
    }
}
