//! A log in which contacts use the customer portal: who comes how often, and what they do there.
//!
//! Three records in ten are theirs, the others are of agents. 20,000 contacts of 2,000 companies come in visits of six
//! records over two years: they sign in, see to files, courses or conversations, and sign out. Some come often and many
//! seldom, and few companies have many contacts. Numbers that look like chance are always the same.

use chrono::{DateTime, SecondsFormat, Utc};
use std::{fmt::Write as _, time::Duration};

const CONTACTS: usize = 20_000;
const COMPANIES: usize = 2_000;
const AGENTS: usize = 60;
const SPAN: Duration = Duration::from_hours(730 * 24);
/// Of ten records so many are of contacts.
const OF_CONTACTS: usize = 3;
/// Records of a visit, with those of signing in and out.
const VISIT: usize = 6;

/// Event type and section of what is done in a visit.
type Doing = [(&'static str, &'static str); 4];

const FILES: Doing = [
    ("file.downloaded", "File"),
    ("folder.opened", "Folder"),
    ("document.viewed", "Document"),
    ("file.uploaded", "File"),
];
const COURSES: Doing = [
    ("course.opened", "Course"),
    ("course.lesson_completed", "Course"),
    ("course.lesson_completed", "Course"),
    ("course.completed", "Course"),
];
const CONVERSATIONS: Doing = [
    ("conversation.opened", "Conversation"),
    ("conversation.replied", "Conversation"),
    ("article.viewed", "Knowledge base"),
    ("conversation.rated", "Conversation"),
];
const DOINGS: [Doing; 6] = [CONVERSATIONS, FILES, CONVERSATIONS, FILES, CONVERSATIONS, COURSES];
const OF_AGENTS: [(&str, &str); 4] = [
    ("conversation.assigned", "Conversation"),
    ("conversation.replied", "Conversation"),
    ("conversation.closed", "Conversation"),
    ("note.added", "Conversation"),
];

/// The id of a company. Those with low numbers have many contacts.
pub fn company(number: usize) -> String {
    format!("{number:08x}-c0c0-4000-8000-{number:012x}")
}

/// The id of a contact. Those with low numbers come often.
pub fn contact(number: usize) -> String {
    format!("{number:08x}-a0a0-4000-8000-{number:012x}")
}

/// Chance that is always the same.
fn dice(number: usize, of: usize) -> usize {
    let mixed = (number as u64)
        .wrapping_add(0x9e37_79b9_7f4a_7c15)
        .wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from((mixed >> 33) % of as u64).unwrap_or_default()
}

/// Whose company a contact is of.
fn company_of(contact: usize) -> usize {
    let place = dice(contact, COMPANIES);
    place * place / COMPANIES
}

/// Adds the record with a number, of so many that end now, as a line.
#[expect(clippy::cast_precision_loss, reason = "counts below 2^52")]
pub fn line(lines: &mut String, number: usize, of: usize, now: DateTime<Utc>) {
    let share = (of - number) as f64 / of as f64;
    let at = (now - SPAN.mul_f64(share)).to_rfc3339_opts(SecondsFormat::Micros, true);
    let beginning = format!(r#"{{"id":"u-{number}","occurred_at":"{at}""#);
    // A string takes all that is written to it.
    let _always = if number % 10 < OF_CONTACTS {
        let one = number / 10 * OF_CONTACTS + number % 10;
        let (visit, step) = (one / VISIT, one % VISIT);
        let contact = dice(2 * visit, CONTACTS).min(dice(2 * visit + 1, CONTACTS));
        let company = company_of(contact);
        let (event_type, section) = match step {
            0 => ("contact.signed_in", "Customer portal"),
            5 => ("contact.signed_out", "Customer portal"),
            _ => DOINGS[dice(visit, DOINGS.len())][dice(one, 4)],
        };
        let (contact_id, company_id) = (self::contact(contact), self::company(company));
        writeln!(
            lines,
            r#"{beginning},"event_type":"{event_type}","section":"{section}","action":"read","portal":"customer","actor":{{"kind":"contact","id":"{contact_id}","name":"Contact {contact}","email":"contact-{contact}@company-{company}.example"}},"company":{{"id":"{company_id}","name":"Company {company}"}}}}"#
        )
    } else {
        let agent = dice(number, AGENTS);
        let (event_type, section) = OF_AGENTS[dice(number / 10, OF_AGENTS.len())];
        writeln!(
            lines,
            r#"{beginning},"event_type":"{event_type}","log":"conversation","section":"{section}","action":"update","portal":"admin","actor":{{"kind":"user","id":"agent-{agent}","name":"Agent {agent}"}}}}"#
        )
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_is_the_same_record_and_three_in_ten_are_of_contacts() {
        let now = DateTime::UNIX_EPOCH + SPAN;
        let lines = || {
            let mut lines = String::new();
            for number in 0..2_000 {
                line(&mut lines, number, 2_000, now);
            }
            lines
        };
        let lines_of = lines();
        assert_eq!(lines_of, lines());
        let events = lines_of.lines().map(serde_json::from_str::<serde_json::Value>);
        let events: Vec<_> = events.collect::<Result<_, _>>().unwrap();
        let of_contacts = events.iter().filter(|event| event["actor"]["kind"] == "contact");
        assert_eq!((events.len(), of_contacts.count()), (2_000, 600));
        for topic in ["file.", "course.", "contact.signed_in"] {
            let is_there =
                |event: &serde_json::Value| event["event_type"].as_str().unwrap().starts_with(topic);
            assert!(events.iter().any(is_there), "{topic}");
        }
    }
}
