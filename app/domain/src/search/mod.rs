//! The query language of contract.md §4: `action:update (section:"Board access" OR section:Role) -actor:sync-bot`.
//!
//! One parser for server, browser, export and API. A query is a text again by [`std::fmt::Display`]; what it means is
//! told by [`Expr::matches`], which the stores are tested against.

mod field;
mod lexer;
mod matches;
mod parse;
mod print;
mod problem;
#[cfg(test)]
mod tests;
mod value;
mod words;

pub use field::{Field, Kind};
pub use matches::{Part, each_part};
pub use parse::parse;
pub use problem::{Expected, SyntaxProblem};
pub use words::words;

use std::net::IpAddr;

/// Longest query, in bytes.
pub const MAX_BYTES: usize = 4096;
/// Most terms of a query.
pub const MAX_TERMS: usize = 100;
/// Deepest nesting of parentheses and negations.
pub const MAX_DEPTH: usize = 20;

/// What a record has to be.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Expr {
    /// Every one of at least two.
    All(Vec<Expr>),
    /// At least one of at least two.
    Any(Vec<Expr>),
    Not(Box<Expr>),
    Term(Term),
}

/// One condition. Without a field: the words, anywhere in the record.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Term {
    pub field: Option<Field>,
    pub value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// A word or a quoted text; `prefix` where a `*` follows it. Not empty.
    Text { text: String, prefix: bool },
    /// `*` alone: the field has any value.
    Present,
    /// `a..b`, both ends included; not both are open. As typed; the parser has made sure that the ends can be read.
    Range {
        from: Option<String>,
        to: Option<String>,
    },
    /// `203.0.113.0/24`.
    Network { address: IpAddr, bits: u8 },
}

impl Expr {
    /// Records whose field is a text.
    pub fn is(field: Field, text: impl Into<String>) -> Self {
        Self::Term(Term {
            field: Some(field),
            value: Value::Text {
                text: text.into(),
                prefix: false,
            },
        })
    }

    /// Records that are at least one of some.
    pub fn any(mut parts: Vec<Self>) -> Self {
        match parts.len() {
            1 => parts.remove(0),
            _ => Self::Any(parts),
        }
    }

    /// How many terms it has.
    pub fn terms(&self) -> usize {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().map(Self::terms).sum(),
            Self::Not(inner) => inner.terms(),
            Self::Term(_) => 1,
        }
    }
}
