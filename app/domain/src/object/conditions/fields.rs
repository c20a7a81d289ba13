//! What a rule can ask of a conversation.

use super::Comparison as C;
use crate::object::kinds::PRIORITIES;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// One text, or none.
    Text,
    /// Several words, or none.
    Words,
    /// One of some words, with their titles.
    Choice(&'static [(&'static str, &'static str)]),
    /// A whole number from 0.
    Number,
    /// `yes` or `no`.
    Flag,
}

/// Yes and no, as a choice.
const YES_OR_NO: &[(&str, &str)] = &[("yes", "Yes"), ("no", "No")];

/// One field.
#[derive(Debug, PartialEq, Eq)]
pub struct ConditionField {
    /// In the outline.
    pub name: &'static str,
    pub title: &'static str,
    pub asked: Asked,
}

impl ConditionField {
    pub fn of(name: &str) -> Option<&'static Self> {
        FIELDS.iter().find(|field| field.name == name)
    }

    /// How it can be compared; the first is the usual way.
    pub fn comparisons(&self) -> &'static [C] {
        match self.asked {
            Asked::Text => &[
                C::Contains,
                C::Lacks,
                C::Is,
                C::IsNot,
                C::Begins,
                C::Empty,
                C::Present,
            ],
            Asked::Words => &[C::Contains, C::Lacks, C::Empty, C::Present],
            Asked::Choice(_) => &[C::Is, C::IsNot],
            Asked::Number => &[C::Over, C::Under, C::Is],
            Asked::Flag => &[C::Is],
        }
    }

    /// The words it can have, with their titles, where it can't have others.
    pub fn words(&self) -> Option<&'static [(&'static str, &'static str)]> {
        match self.asked {
            Asked::Choice(words) => Some(words),
            Asked::Flag => Some(YES_OR_NO),
            _ => None,
        }
    }

    /// What a person reads for what it is compared with.
    pub fn title_of<'a>(&self, value: &'a str) -> &'a str {
        let words = self.words().unwrap_or_default();
        let found = words.iter().find(|(word, _)| *word == value);
        found.map_or(value, |(_, title)| title)
    }
}

/// Of conversations, and what rules set.
pub(in crate::object) const STATUSES: &[(&str, &str)] = &[
    ("new", "New"),
    ("open", "Open"),
    ("waiting", "Waiting for the customer"),
    ("on_hold", "On hold"),
    ("solved", "Solved"),
    ("closed", "Closed"),
];

const CHANNELS: &[(&str, &str)] = &[
    ("email", "Email"),
    ("portal", "Customer portal"),
    ("phone", "Phone"),
    ("chat", "Chat"),
    ("api", "API"),
];

macro_rules! fields {
    ($($name:literal, $title:literal, $asked:expr;)+) => {
        /// Every field, in the order they are offered.
        pub const FIELDS: &[ConditionField] = &[$(ConditionField { name: $name, title: $title, asked: $asked }),+];
    };
}

fields! {
    "subject", "Subject", Asked::Text;
    "message", "Message", Asked::Text;
    "status", "Status", Asked::Choice(STATUSES);
    "priority", "Priority", Asked::Choice(PRIORITIES);
    "channel", "Channel", Asked::Choice(CHANNELS);
    "tags", "Tags", Asked::Words;
    "board", "Board", Asked::Text;
    "service_type", "Service type", Asked::Text;
    "service_agent", "Assigned to", Asked::Text;
    "service_group", "Service group", Asked::Text;
    "company", "Company", Asked::Text;
    "company_tags", "Company's tags", Asked::Words;
    "contact", "Contact's email", Asked::Text;
    "vip", "Contact is VIP", Asked::Flag;
    "hours_open", "Hours since it was opened", Asked::Number;
    "hours_waiting", "Hours without an answer", Asked::Number;
    "times_reopened", "Times reopened", Asked::Number;
}
