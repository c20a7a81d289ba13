//! What is said once on the next page: that something was done, or why not, with or without JavaScript.
//!
//! It travels in a cookie that scripts can't read and that the page which shows it clears. It may hold a secret that
//! is shown once, and what was typed into a form that was refused, so that nobody types it again. Passwords never go
//! in here.

#[cfg(feature = "ssr")]
mod answer;
#[cfg(feature = "ssr")]
mod cookie;
mod region;

#[cfg(feature = "ssr")]
pub use answer::{done, refused, say};
pub use region::{FlashMessage, provide_flash, provide_redirects, use_flash};

use daybook_domain::{Error, account::ShownOnce};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Success,
    Problem,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    pub tone: Tone,
    pub message: String,
    /// The form field that the problem is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<ShownOnce>,
    /// The form that was refused: where it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// What was typed, by field name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

impl Flash {
    fn new(tone: Tone, message: impl Into<String>) -> Self {
        Self {
            tone,
            message: message.into(),
            field: None,
            form: None,
            secret: None,
            values: BTreeMap::new(),
        }
    }

    pub fn success(message: impl Into<String>) -> Self {
        Self::new(Tone::Success, message)
    }

    pub fn problem(message: impl Into<String>) -> Self {
        Self::new(Tone::Problem, message)
    }

    /// The refusal of a form, beside the field it is about.
    pub fn refusal(error: &Error) -> Self {
        match error {
            Error::Invalid { field, reason } => Self {
                field: Some(field.clone()),
                ..Self::problem(reason.clone())
            },
            other => Self::problem(other.to_string()),
        }
    }

    #[must_use]
    pub fn with_secret(mut self, secret: ShownOnce) -> Self {
        self.secret = Some(secret);
        self
    }

    #[must_use]
    pub fn with_value(mut self, field: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.insert(field.into(), value.into());
        self
    }

    /// What was typed into `field` before the form was refused.
    pub fn value(&self, field: &str) -> Option<&str> {
        self.values.get(field).map(String::as_str)
    }
}
