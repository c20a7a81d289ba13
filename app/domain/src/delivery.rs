//! What comes of sending something to others.

use crate::event::words;
use serde::{Deserialize, Serialize};

words! {
    /// Why an attempt failed, by its cause.
    FailureKind {
        /// The name means no address.
        Dns = "dns", "Name not found";
        /// Nothing is sent to such an address.
        Blocked = "blocked", "Address not allowed";
        /// Nobody takes connections there.
        Connect = "connect", "No connection";
        /// The certificate doesn't hold, or there is none.
        Tls = "tls", "No trusted connection";
        /// There was no answer in time, or not all of it.
        Timeout = "timeout", "No answer in time";
        /// The connection broke, or what came wasn't HTTP.
        Broken = "broken", "Connection broken";
        /// The answer said no.
        Status = "status", "Refused";
        /// Something of ours is amiss: nothing was sent.
        NotSent = "not_sent", "Not sent";
        /// The answer was larger than one that says yes may be.
        TooLarge = "body_too_large", "Answer too large";
    }
}

/// Why an attempt failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub kind: FailureKind,
    /// A sentence with what is known of it.
    pub detail: String,
}

impl Failure {
    pub fn new(kind: FailureKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
        }
    }
}
