//! The one error that crosses the wire, to the browser and to programs.

use crate::permission::Permission;
use serde::{Deserialize, Serialize};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, as far as the asker may know. Never holds database text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Error {
    #[error("Sign in to go on.")]
    Unauthenticated,
    #[error("This needs the permission “{}”.", permission.title())]
    Forbidden { permission: Permission },
    #[error("There is nothing here.")]
    NotFound,
    /// `field` is the name of the form field, query parameter or JSON field; `reason` a sentence for people.
    #[error("{field}: {reason}")]
    Invalid { field: String, reason: String },
    #[error("{reason}")]
    Conflict { reason: String },
    #[error("Too many tries. Try again in {retry_after_seconds} seconds.")]
    TooManyRequests { retry_after_seconds: u64 },
    /// Something of ours is broken or away; `request_id` finds it in the server's log.
    #[error("Daybook can't answer right now (request {request_id}).")]
    Unavailable { request_id: String },
}

impl Error {
    pub fn invalid(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Invalid {
            field: field.into(),
            reason: reason.into(),
        }
    }

    pub fn conflict(reason: impl Into<String>) -> Self {
        Self::Conflict {
            reason: reason.into(),
        }
    }

    /// The HTTP status that says the same (RFC 9110).
    pub fn status(&self) -> u16 {
        match self {
            Self::Unauthenticated => 401,
            Self::Forbidden { .. } => 403,
            Self::NotFound => 404,
            Self::Conflict { .. } => 409,
            Self::Invalid { .. } => 422,
            Self::TooManyRequests { .. } => 429,
            Self::Unavailable { .. } => 503,
        }
    }
}
