//! How other products get the log, and how far they are.
//!
//! The integration itself is a thing ([`ObjectKind::Integration`](crate::object::ObjectKind::Integration)). It follows the
//! log by the sequence of its records: what it hasn't got is sent first, in order, as long as it takes.

use crate::{delivery::Failure, event::words, id::ObjectId, time::LocalTime, webhook::AttemptCause};
use serde::{Deserialize, Serialize};

/// Longest secret of an integration, in bytes.
pub const MAX_SECRET_BYTES: usize = 2_000;
/// Attempts that are kept of one, and shown: the latest.
pub const ATTEMPTS: u64 = 100;

words! {
    /// Which product it is, or how it is spoken to.
    IntegrationType {
        Slack = "slack", "Slack";
        Teams = "teams", "Microsoft Teams";
        Https = "https", "HTTPS stream";
        Syslog = "syslog", "Syslog";
        Splunk = "splunk", "Splunk";
        Elasticsearch = "elasticsearch", "Elasticsearch or OpenSearch";
        S3 = "s3", "S3 archive";
        Folder = "folder", "Folder archive";
    }
}

/// The types as a property's choice.
pub(crate) const TYPES: &[(&str, &str)] = &[
    ("slack", "Slack"),
    ("teams", "Microsoft Teams"),
    ("https", "HTTPS stream"),
    ("syslog", "Syslog"),
    ("splunk", "Splunk"),
    ("elasticsearch", "Elasticsearch or OpenSearch"),
    ("s3", "S3 archive"),
    ("folder", "Folder archive"),
];
pub(crate) const FORMATS: &[(&str, &str)] = &[
    ("json", "Plain JSON"),
    ("ocsf", "OCSF"),
    ("ecs", "Elastic Common Schema"),
];
pub(crate) const PAYLOADS: &[(&str, &str)] = &[("cef", "CEF"), ("json", "JSON")];
pub(crate) const TRANSPORTS: &[(&str, &str)] = &[("tls", "TLS"), ("tcp", "TCP"), ("udp", "UDP")];

/// What an integration is sent with that nobody may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretSpec {
    pub title: &'static str,
    pub hint: &'static str,
    /// Whether nothing is sent without it.
    pub required: bool,
}

impl IntegrationType {
    /// One sentence on what it does, for whoever chooses.
    pub fn about(self) -> &'static str {
        match self {
            Self::Slack => "Events as messages in a channel, by an incoming webhook.",
            Self::Teams => "Events as cards in a channel or chat, by a workflow that waits for a webhook.",
            Self::Https => "Batches of events as JSON to any address: plain, OCSF or Elastic Common Schema.",
            Self::Syslog => {
                "Each event as a message of RFC 5424 by TLS, TCP or UDP, with CEF or JSON within."
            }
            Self::Splunk => "Events to the HTTP Event Collector.",
            Self::Elasticsearch => "Events as documents of Elastic Common Schema, by the bulk API.",
            Self::S3 => "JSON lines, gzipped, by day, in a bucket of S3 or what speaks it.",
            Self::Folder => "JSON lines, gzipped, by day, in a folder of the server.",
        }
    }

    /// Whether people read it as it comes.
    pub fn is_chat(self) -> bool {
        matches!(self, Self::Slack | Self::Teams)
    }

    /// Whether it has files of what came together.
    pub fn is_archive(self) -> bool {
        matches!(self, Self::S3 | Self::Folder)
    }

    /// What it is sent with in secret, where there is something.
    pub fn secret(self) -> Option<SecretSpec> {
        let of = |title, hint, required| SecretSpec {
            title,
            hint,
            required,
        };
        match self {
            Self::Slack => Some(of(
                "Webhook URL",
                "Such as https://hooks.slack.com/services/… Whoever knows it can write into the channel.",
                true,
            )),
            Self::Teams => Some(of(
                "Webhook URL",
                "The address that the workflow shows once it is saved. Whoever knows it can write into the channel.",
                true,
            )),
            Self::Https => Some(of(
                "Authorization",
                "The header's whole value, such as Bearer … Without it, nothing of the kind is sent.",
                false,
            )),
            Self::Splunk => Some(of("Token", "The token of the HTTP Event Collector.", true)),
            Self::Elasticsearch => Some(of(
                "Authorization",
                "The header's whole value, such as ApiKey … or Basic … Without it, nothing of the kind is sent.",
                false,
            )),
            Self::S3 => Some(of("Secret access key", "The secret of the access key id.", true)),
            Self::Syslog | Self::Folder => None,
        }
    }
}

words! {
    /// How an integration does.
    StreamState {
        /// It has all there is, or gets it now.
        UpToDate = "up_to_date", "Up to date";
        /// It gets what it hasn't got, and there is more than a batch of it.
        CatchingUp = "catching_up", "Catching up";
        /// The last attempt failed. It is tried again until it goes well.
        Failing = "failing", "Failing";
        /// Somebody paused it.
        Paused = "paused", "Paused";
        /// Something is missing that it is sent with.
        Incomplete = "incomplete", "Incomplete";
        /// It is switched off.
        Off = "off", "Switched off";
    }
}

/// How an integration does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StreamHealth {
    pub integration: ObjectId,
    pub name: String,
    pub of_type: IntegrationType,
    pub state: StreamState,
    /// Records of the log that it hasn't been held against yet: those that it wants of them are still to be sent.
    pub behind: u64,
    /// When the oldest of them was recorded.
    pub oldest: Option<LocalTime>,
    /// Since when every attempt has failed.
    pub failing_since: Option<LocalTime>,
    /// Why the last attempt failed.
    pub failure: Option<Failure>,
    /// When it is tried again.
    pub next: Option<LocalTime>,
    /// When something was sent last.
    pub last_sent: Option<LocalTime>,
    /// Events that were sent in all.
    pub sent: u64,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StreamAttempt {
    pub at: LocalTime,
    pub cause: AttemptCause,
    pub took_ms: u64,
    pub events: u64,
    /// The sequences of the first and the last record of it; none of a test.
    pub records: Option<(i64, i64)>,
    pub bytes: u64,
    /// Of the answer, where there was one by HTTP.
    pub status: Option<u16>,
    /// The beginning of what was answered.
    pub answer: Option<String>,
    /// `None` where it went well.
    pub failure: Option<Failure>,
}

/// An integration with all that is known of how it does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StreamDetail {
    pub health: StreamHealth,
    /// Whether what it is sent with in secret is there; `None` where there is no such thing.
    pub has_secret: Option<bool>,
    /// Whether a test, or the next attempt, is a matter of seconds.
    pub soon: bool,
    /// Newest first.
    pub attempts: Vec<StreamAttempt>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choices_are_the_types() {
        let types: Vec<_> = IntegrationType::ALL
            .iter()
            .map(|of| (of.name(), of.title()))
            .collect();
        assert_eq!(TYPES, types);
    }
}
