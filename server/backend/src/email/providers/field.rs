//! Fields of an event, by JSON pointer (RFC 6901). One that is missing, empty or of another type is `None`.

use daybook_domain::{
    email::{self, BounceType},
    time::Timestamp,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// Longest text that is kept, in characters. What is longer is cut.
const MAX_TEXT: usize = 1000;
/// Longest id, in bytes. One that is longer is left out: cut, it would be another.
const MAX_ID: usize = 1000;
/// How far a server's answer is searched for codes, in words.
const MAX_WORDS: usize = 200;

/// A text as it came, without the white space around it.
pub(super) fn word<'a>(event: &'a Value, pointer: &str) -> Option<&'a str> {
    let text = event.pointer(pointer)?.as_str()?.trim();
    (!text.is_empty()).then_some(text)
}

/// A text for people, at most [`MAX_TEXT`] long. PostgreSQL keeps no NUL.
pub(super) fn text(event: &Value, pointer: &str) -> Option<String> {
    let text = word(event, pointer)?.chars().take(MAX_TEXT);
    Some(text.map(|c| if c == '\0' { '\u{fffd}' } else { c }).collect())
}

/// An id, written as a text or a whole number, without angle brackets around it.
pub(super) fn id(event: &Value, pointer: &str) -> Option<String> {
    let id = match event.pointer(pointer)? {
        Value::String(text) => text.trim(),
        Value::Number(number) if !number.is_f64() => return Some(number.to_string()),
        _ => return None,
    };
    let id = id
        .strip_prefix('<')
        .and_then(|id| id.strip_suffix('>'))
        .unwrap_or(id);
    let fits = !id.is_empty() && id.len() <= MAX_ID && !id.contains(char::is_control);
    fits.then(|| id.to_owned())
}

/// A `Message-ID` that we have sent along. Others put there what they like.
pub(super) fn own_id(event: &Value, pointer: &str) -> Option<String> {
    id(event, pointer).filter(|id| id.contains('@'))
}

/// An address, which may stand in angle brackets after a name.
pub(super) fn address(event: &Value, pointer: &str) -> Option<String> {
    let text = word(event, pointer)?;
    let address = match text.rsplit_once('<') {
        Some((_, address)) => address.trim_end_matches('>'),
        None => text,
    };
    email::address(address).ok()
}

/// Seconds of the Unix epoch: a number, whole or not, or a text of one.
pub(super) fn seconds(event: &Value, pointer: &str) -> Option<Timestamp> {
    let seconds = match event.pointer(pointer)? {
        Value::String(text) => text.trim().parse().ok()?,
        value => value.as_f64()?,
    };
    // A double is good for some tenths of a microsecond.
    let since = Duration::try_from_secs_f64(seconds).ok()?;
    let rounded = since.checked_add(Duration::from_nanos(500))?;
    Timestamp::from_micros(i64::try_from(rounded.as_micros()).ok()?)
}

/// RFC 3339 with any offset.
pub(super) fn rfc3339(event: &Value, pointer: &str) -> Option<Timestamp> {
    word(event, pointer)?.parse().ok()
}

/// What a server's answer is coded as: the first enhanced status code (RFC 3463), such as `5.1.1`, or else the reply
/// code (RFC 5321, 4.2) if the first number is one.
pub(super) fn code(answer: &str) -> Option<String> {
    let words = || {
        let words = answer.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
        let words = words.map(|word| word.trim_matches('.'));
        words.filter(|word| !word.is_empty()).take(MAX_WORDS)
    };
    let number = || words().find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let code = words().find(|word| is_enhanced(word));
    code.or_else(|| number().filter(|word| is_reply(word)))
        .map(str::to_owned)
}

fn is_enhanced(word: &str) -> bool {
    let mut parts = word.split('.');
    let is_class = matches!(parts.next(), Some("2" | "4" | "5"));
    let is_number = |part: Option<&str>| part.is_some_and(|part| part.len() <= 3 && is_digits(part));
    is_class && is_number(parts.next()) && is_number(parts.next()) && parts.next().is_none()
}

fn is_reply(word: &str) -> bool {
    word.len() == 3 && word.starts_with(['2', '4', '5']) && is_digits(word)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What the provider calls `bounce`, seen with the code: policy (X.7) doesn't say that the address is bad, nor does what
/// may pass (4, and a full mailbox).
pub(super) fn narrowed(bounce: BounceType, code: Option<&str>) -> BounceType {
    match code {
        Some(code) if code.starts_with('4') || code == "5.2.2" => BounceType::Soft,
        Some(code) if code.starts_with("5.7.") => BounceType::Blocked,
        _ => bounce,
    }
}

/// An id for an event that comes without: SHA-256 of what it says, in hexadecimal.
pub(super) fn digest(event: &Value) -> String {
    hex::encode(Sha256::digest(event.to_string()))
}

/// Why an event can't be read.
pub(super) fn missing(name: &str) -> String {
    format!("“{name}” is missing: this is not one of the provider's events.")
}
