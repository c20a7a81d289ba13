//! What to say of a query that can't be read, and where.

use super::{MAX_BYTES, MAX_DEPTH, MAX_TERMS};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Longest value of a term, in characters.
pub(super) const MAX_VALUE_CHARS: usize = 200;

/// Where a query can't be read, and what would have been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{expected}")]
pub struct SyntaxProblem {
    /// What to mark, in bytes of the query. Empty at its end.
    pub at: Range<usize>,
    pub expected: Expected,
}

/// What was expected, as a sentence without its full stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Expected {
    #[error("A query has at most {MAX_BYTES} bytes")]
    Shorter,
    #[error("A query has at most {MAX_TERMS} terms; this would be one more")]
    FewerTerms,
    #[error("Parentheses and NOT go at most {MAX_DEPTH} deep")]
    LessDepth,
    #[error("A value has at most {MAX_VALUE_CHARS} characters")]
    ShorterValue,
    #[error("Expected a word, “field:value” or “(” after {after}")]
    Term { after: String },
    #[error("Expected “)” for this “(”")]
    ClosingParenthesis,
    #[error("This “)” has no “(”")]
    OpeningParenthesis,
    #[error("Expected a closing quotation mark for this one")]
    ClosingQuote,
    #[error("There is nothing between these quotation marks")]
    QuotedText,
    #[error("There is no field “{name}”. To search for it as text, put it in quotation marks")]
    Field { name: String },
    #[error("There is no field “{name}”. Did you mean “{nearest}”?")]
    NearestField { name: String, nearest: String },
    #[error("Expected a value after “{field}:”")]
    Value { field: String },
    #[error("“{field}” is one of {choices}")]
    Choice { field: String, choices: String },
    #[error("“*” can only end a word or a quotation")]
    StarAtTheEnd,
    #[error(
        "“ip” is an address (203.0.113.7), a network (203.0.113.0/24) or a range (203.0.113.1..203.0.113.9)"
    )]
    Ip,
    #[error("A range needs numbers, such as 10..20, 10.. or ..20")]
    Numbers,
    #[error("“{field}” has no ranges")]
    NoRange { field: String },
    #[error("This range ends before it starts")]
    RangeInOrder,
    #[error("Expected letters or digits to search for")]
    Words,
}

pub(super) fn problem(at: Range<usize>, expected: Expected) -> SyntaxProblem {
    SyntaxProblem { at, expected }
}

impl SyntaxProblem {
    /// Moved back to where a character begins.
    pub(super) fn on_char(mut self, text: &str) -> Self {
        self.at.start = text.floor_char_boundary(self.at.start);
        self
    }
}
