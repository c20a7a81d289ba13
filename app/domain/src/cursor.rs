//! Keyset cursors: where a page of a list begins. Opaque to callers, checked when they come back.

use crate::time::Timestamp;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// Which way the page lies from the position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// Records after the position in a newest-first list.
    Older,
    /// Records before it.
    Newer,
}

/// A position between two records of a list ordered by `(occurred_at, sequence)` descending, and a direction.
/// The record at the position itself is excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cursor {
    pub direction: Direction,
    pub occurred_at: Timestamp,
    pub sequence: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a page mark made by Daybook")]
pub struct CursorError;

const LENGTH: usize = 1 + 8 + 8 + 2;

/// Fletcher-16 (RFC 1146 appendix), seeded: catches a mark that was edited or cut, it isn't there against forgery,
/// which would gain nothing.
fn check(bytes: &[u8]) -> [u8; 2] {
    let (low, high) = bytes.iter().fold((0xdb_u16, 1_u16), |(low, high), byte| {
        let low = (low + u16::from(*byte)) % 255;
        (low, (high + low) % 255)
    });
    [low.to_le_bytes()[0], high.to_le_bytes()[0]]
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.push(match self.direction {
            Direction::Older => 1,
            Direction::Newer => 2,
        });
        bytes.extend(self.occurred_at.micros().to_be_bytes());
        bytes.extend(self.sequence.to_be_bytes());
        bytes.extend(check(&bytes));
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError)?;
        let bytes: [u8; LENGTH] = bytes.try_into().map_err(|_| CursorError)?;
        let (payload, sum) = bytes.split_at(LENGTH - 2);
        if check(payload) != sum {
            return Err(CursorError);
        }
        let number = |at: usize| -> Result<i64, CursorError> {
            let part = payload
                .get(at..at + 8)
                .and_then(|part| part.try_into().ok())
                .ok_or(CursorError)?;
            Ok(i64::from_be_bytes(part))
        };
        let direction = match payload[0] {
            1 => Direction::Older,
            2 => Direction::Newer,
            _ => return Err(CursorError),
        };
        let occurred_at = Timestamp::from_micros(number(1)?).ok_or(CursorError)?;
        Ok(Self {
            direction,
            occurred_at,
            sequence: number(9)?,
        })
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn any_cursor() -> impl Strategy<Value = Cursor> {
        (
            any::<bool>(),
            Timestamp::MIN.micros()..=Timestamp::MAX.micros(),
            any::<i64>(),
        )
            .prop_map(|(older, micros, sequence)| Cursor {
                direction: if older { Direction::Older } else { Direction::Newer },
                occurred_at: Timestamp::from_micros(micros).unwrap(),
                sequence,
            })
    }

    proptest! {
        #[test]
        fn a_cursor_survives_its_text(cursor in any_cursor()) {
            prop_assert_eq!(cursor.to_string().parse::<Cursor>(), Ok(cursor));
        }

        #[test]
        fn an_edited_cursor_is_refused(cursor in any_cursor(), at in 0_usize..26, letter in "[A-Za-z0-9]") {
            let text = cursor.to_string();
            let mut edited = text.clone();
            edited.replace_range(at..=at, &letter);
            // The last letter carries two unused bits; decoding refuses those that aren't zero.
            prop_assume!(edited != text);
            if let Ok(parsed) = edited.parse::<Cursor>() {
                prop_assert!(false, "{edited} read as {parsed:?}");
            }
        }

        #[test]
        fn parsing_never_panics(text in ".*") {
            let _ = text.parse::<Cursor>();
        }
    }
}
