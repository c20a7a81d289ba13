//! The backend's own error, with its causes. It is logged once, at the boundary, and never crosses it.

use sea_orm::DbErr;
use std::sync::Arc;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What the asker may know.
    #[error(transparent)]
    Domain(#[from] daybook_domain::Error),
    #[error("the database failed")]
    Database(#[from] DbErr),
    /// The transaction several writes shared failed.
    #[error("the write failed")]
    Shared(#[source] Arc<Error>),
    /// The index of a log has so many of its records yet.
    #[error("the log is being indexed: {done} of {of} records")]
    Indexing { done: i64, of: i64 },
    /// What was being read has been replaced. Reading again succeeds.
    #[error("the index was changed while it was read")]
    Moved,
    /// A stored value can't be read: damage, or a mistake of ours.
    #[error("{0}")]
    Damaged(String),
    #[error("Daybook is stopping")]
    Stopping,
    /// A start-up problem, as a sentence with its remedy.
    #[error("{0}")]
    Setup(String),
}

impl Error {
    pub fn damaged(what: impl std::fmt::Display) -> Self {
        Self::Damaged(what.to_string())
    }

    /// What may be told outside. Anything that isn't the asker's doing is logged here, under the id it is told with.
    pub fn into_domain(self, request_id: &str) -> daybook_domain::Error {
        match self {
            Self::Domain(error) => error,
            other => {
                tracing::error!(request_id, error = %chain(&other), "request failed");
                daybook_domain::Error::Unavailable {
                    request_id: request_id.to_owned(),
                }
            }
        }
    }
}

/// An error with its causes on one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
