//! What stops a command: one sentence with its remedy, never a trace.

use daybook_backend::error::chain;
use std::fmt;

/// Shown on standard error; the process then ends with status 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem(String);

impl Problem {
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Problem {}

impl From<daybook_backend::Error> for Problem {
    fn from(error: daybook_backend::Error) -> Self {
        Self(chain(&error))
    }
}

impl From<daybook_domain::Error> for Problem {
    fn from(error: daybook_domain::Error) -> Self {
        Self(error.to_string())
    }
}
