//! One event as a message of RFC 5424, and how messages are kept apart: RFC 6587 over TCP (the same as RFC 5425 over TLS),
//! RFC 5426 over UDP.
//!
//! Three choices that the standard leaves open:
//!
//! - The facility is 13, "log audit": the one that says what this is. A local one would say nothing until somebody agrees
//!   on it at both ends.
//! - No byte order mark stands before the payload, which makes it `MSG-ANY` rather than `MSG-UTF8` (§6.4). It is UTF-8 all
//!   the same. JSON must not begin with a mark (RFC 8259, §8.1), and collectors that look for `CEF:` don't look behind one.
//! - Structured data carries the id and the sequence, so that a record can be told and looked up where its payload was cut.
//!   A name that IANA hasn't registered needs an enterprise number (§7.2.2). We have none; 32473 is the one that
//!   anybody may write (RFC 5612).

use super::{Origin, PRODUCT, VERSION, about::Severity, text::cut};
use daybook_domain::event::Event;
use std::borrow::Cow;

/// "Log audit" (RFC 5424, table 1).
const FACILITY: u8 = 13;
const APP_NAME: &str = "daybook";
const OWN_DATA: &str = "daybook@32473";
/// Longest of the header's fields, in bytes.
const MAX_HOST: usize = 255;
const MAX_MSGID: usize = 32;
/// A parameter has no bound of its own, a datagram has.
const MAX_PARAM_CHARS: usize = 100;

/// Bytes of a datagram at most: what every receiver should take (RFC 5426, §3.2). Longer ones may be dropped whole, which is
/// worse than cut.
pub(crate) const MAX_DATAGRAM: usize = 2048;

/// The message of an event whose payload is CEF, JSON or any other text.
pub(crate) fn message(event: &Event, payload: &str, origin: &Origin<'_>) -> Vec<u8> {
    let severity: u8 = match Severity::of(&event.body) {
        Severity::Routine => 6,
        Severity::Notable => 5,
        Severity::Failure => 4,
    };
    let priority = FACILITY * 8 + severity;
    let at = event.body.occurred_at;
    let host = header(origin.host, MAX_HOST);
    let kind = header(event.body.log.name(), MAX_MSGID);
    let workspace = param(origin.workspace);
    let (id, sequence) = (event.id, event.sequence);
    let head = format!(
        "<{priority}>1 {at} {host} {APP_NAME} - {kind} \
         [origin software=\"{PRODUCT}\" swVersion=\"{VERSION}\"]\
         [{OWN_DATA} id=\"{id}\" sequence=\"{sequence}\" workspace=\"{workspace}\"] "
    );
    let mut message = head.into_bytes();
    message.extend_from_slice(printed(payload).as_bytes());
    message
}

/// A field of the header: visible ASCII, a dash where nothing is left of it.
fn header(text: &str, most: usize) -> String {
    let visible: String = text.chars().filter(char::is_ascii_graphic).take(most).collect();
    if visible.is_empty() {
        "-".to_owned()
    } else {
        visible
    }
}

/// A parameter of structured data, in which three characters are escaped (§6.3.3).
fn param(text: &str) -> String {
    let mut escaped = String::new();
    for c in cut(&printed(text), MAX_PARAM_CHARS).chars() {
        if matches!(c, '"' | '\\' | ']') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Receivers take a message for two where a line ends in it, and control characters for an attack.
fn printed(text: &str) -> Cow<'_, str> {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    if text.contains(breaks) {
        Cow::Owned(text.replace(breaks, " "))
    } else {
        Cow::Borrowed(text)
    }
}

/// A message as it goes over a stream: its length in bytes, a space, itself.
pub(crate) fn framed(message: &[u8]) -> Vec<u8> {
    let mut frame = format!("{} ", message.len()).into_bytes();
    frame.extend_from_slice(message);
    frame
}

/// A message as it goes in a datagram: where it doesn't fit, its beginning, which says so.
pub(crate) fn datagram(message: &[u8]) -> Cow<'_, [u8]> {
    if message.len() <= MAX_DATAGRAM {
        return Cow::Borrowed(message);
    }
    let cut = format!("… [cut by {PRODUCT}: {} bytes in all]", message.len());
    let mut end = MAX_DATAGRAM - cut.len();
    // Bytes within a character begin with the bits 10.
    while end > 0 && message[end] & 0b1100_0000 == 0b1000_0000 {
        end -= 1;
    }
    let mut datagram = message[..end].to_vec();
    datagram.extend_from_slice(cut.as_bytes());
    Cow::Owned(datagram)
}
