//! The words of the event catalogue.

use crate::ui::number::{counted, thousands};
use daybook_domain::{
    catalogue::{Field, Listing},
    log::LogKind,
};

pub const TITLE: &str = "Event types";
pub const LEAD: &str = "Every type of event that Daybook itself records, taken from its code, and those that other \
                        systems have sent here.";
pub const SEARCH_LABEL: &str = "Search event types";
pub const SEARCH_HINT: &str = "Name or meaning, such as password";
pub const SEARCH: &str = "Search";
pub const CLEAR: &str = "Clear";
pub const COMMON: &str = "Only what a type adds is listed; changes.name is the change of the property name. Every \
                          record also has its id, sequence, times, source, log, event type, action, category, section, \
                          summary, outcome and actor; and, where they are known, the IP address, browser, portal and \
                          request.";
pub const ONLY_COMMON: &str = "Nothing beyond what every record has.";
pub const EXAMPLE: &str = "Example";
pub const NO_RECORDS: &str = "No records yet";
pub const ALL: &str = "All event types";
pub const NOTHING_FOUND_LEAD: &str =
    "All words have to be in the name or the meaning. Try fewer or shorter ones.";
pub const SEEN: &str = "Seen in this workspace";
pub const SEEN_ID: &str = "seen-in-this-workspace";
pub const SEEN_LEAD: &str = "Sent by other systems. They choose the names and what they mean by them.";
pub const EVENT_TYPE: &str = "Event type";
pub const LOGS: &str = "Logs";
pub const RECORDS: &str = "Records";
pub const NONE_SEEN: &str = "No other system has sent events yet";
pub const NONE_SEEN_LEAD: &str = "Their types appear here with the first record. A program needs an API key that may \
                                  write events.";
pub const CONNECT: &str = "API keys";

/// How much there is, and how much of it was found.
pub fn found(listing: &Listing, q: &str) -> String {
    let (own, others) = (listing.own(), listing.others.len());
    let (own_of, others_of) = listing.of;
    if q.is_empty() {
        let seen = match others {
            0 => "none of other systems".to_owned(),
            count => format!("{} of other systems", thousands(count as u64)),
        };
        return format!("{} of Daybook, {seen}", counted(own as u64, "type", "types"));
    }
    let found = thousands((own + others) as u64);
    let of = counted((own_of + others_of) as u64, "type matches", "types match");
    format!("{found} of {of} “{q}”")
}

pub fn nothing_found(q: &str) -> String {
    format!("No event type matches “{q}”")
}

pub fn most_frequent(count: usize) -> String {
    format!("Only the {} most frequent are listed.", thousands(count as u64))
}

/// Where its records stand, and since when there are any.
pub fn facts(log: LogKind, sections: &[String], since: &str) -> String {
    format!(
        "{} log, section {}, since version {since}",
        log.title(),
        sections.join(" or ")
    )
}

/// What is special about a field.
pub fn notes(field: &Field<String>) -> Option<&'static str> {
    match (field.always, field.secret) {
        (true, false) => None,
        (false, false) => Some("Not always."),
        (true, true) => Some("Hidden."),
        (false, true) => Some("Hidden; not always."),
    }
}

/// The id of a category's heading: `users-permissions`. No name of a type looks like it: they have a dot.
pub fn anchor(category: &str) -> String {
    let words = category.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join("-").to_lowercase()
}

/// The permanent id of a type that others send. Their names may hold what an id can't.
pub fn seen_anchor(event_type: &str) -> String {
    let name: String = form_urlencoded::byte_serialize(event_type.as_bytes()).collect();
    format!("seen:{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_said_in_numbers() {
        let mut listing = Listing {
            groups: Vec::new(),
            others: Vec::new(),
            of: (24, 0),
        };
        assert_eq!(found(&listing, ""), "0 types of Daybook, none of other systems");
        listing.of = (24, 1200);
        assert_eq!(found(&listing, "x"), "0 of 1,224 types match “x”");
    }

    #[test]
    fn ids_hold_no_spaces_and_differ() {
        assert_eq!(anchor("Users & permissions"), "users-permissions");
        assert_eq!(seen_anchor("chat-opened"), "seen:chat-opened");
        assert_eq!(seen_anchor("Über 9/10"), "seen:%C3%9Cber+9%2F10");
        assert_ne!(seen_anchor("role.updated"), "role.updated");
    }
}
