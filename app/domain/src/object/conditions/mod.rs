//! When a rule holds: a tree of conditions on a conversation.
//!
//! Stored, recorded, compared, typed and exported in one form, an outline: what stands under a line is indented by two
//! spaces more. A record of it can be read by anybody, and two of them are compared line by line.
//!
//! ```text
//! all of
//!   priority is urgent
//!   any of
//!     subject contains "printer"
//!     hours_open is over 4
//! ```
//!
//! A line is a field ([`FIELDS`]), a comparison ([`Comparison`]) and what it is compared with. Texts stand in quotes,
//! `\"` and `\\` within; where there can be no doubt they are read without, too.

mod fields;
mod outline;
#[cfg(test)]
mod tests;

pub(super) use fields::STATUSES;
pub use fields::{Asked, ConditionField, FIELDS};
pub use outline::{Unreadable, quoted};

use crate::event::words;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Lines of conditions, without those that join them.
pub const MAX_CONDITIONS: usize = 100;
/// Levels of groups within groups.
pub const MAX_LEVELS: usize = 4;
/// Longest text that something is compared with, in characters.
pub const MAX_COMPARED_CHARS: usize = 200;

words! {
    /// How many of a group's conditions have to hold.
    Join {
        All = "all of", "All of";
        Any = "any of", "Any of";
        None = "none of", "None of";
    }
}

words! {
    /// How a field is compared. By what stands in the outline.
    Comparison {
        Is = "is", "is";
        IsNot = "is not", "is not";
        Contains = "contains", "contains";
        Lacks = "does not contain", "does not contain";
        Begins = "begins with", "begins with";
        Over = "is over", "is over";
        Under = "is under", "is under";
        Empty = "is empty", "is empty";
        Present = "is not empty", "is not empty";
    }
}

impl Comparison {
    /// Whether there is something it is compared with.
    pub fn needs_value(self) -> bool {
        !matches!(self, Self::Empty | Self::Present)
    }
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    pub field: &'static ConditionField,
    pub is: Comparison,
    /// As the field has it: a text, a word of its choices, `yes` or `no`, digits. Empty where nothing is compared with.
    pub value: String,
}

/// Conditions, and how many of them have to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub join: Join,
    /// At least one.
    pub of: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    Test(Test),
    Group(Group),
}

/// What has to hold: a group of which the others are part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conditions(pub Group);

impl fmt::Display for Conditions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&outline::write(&self.0))
    }
}

impl std::str::FromStr for Conditions {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        outline::read(text).map(Self)
    }
}
