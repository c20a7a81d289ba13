//! What was sent to a webhook endpoint, and what came of it.
//!
//! The endpoint itself is a thing ([`ObjectKind::WebhookEndpoint`](crate::object::ObjectKind::WebhookEndpoint)). A message
//! tells it of one record; an attempt is one try to send it; a resend is one more by hand, under the message's id.

use crate::{
    delivery::Failure,
    event::words,
    facet::Count,
    id::{EventId, WebhookMessageId, WebhookSecretId},
    object::{Filters, ObjectCursor, one_of},
    time::LocalTime,
};
use serde::{Deserialize, Serialize};

/// Most headers that are sent along.
pub const MAX_HEADERS: usize = 20;
/// Longest value of one, in bytes.
pub const MAX_HEADER_BYTES: usize = 2_000;
/// Longest name of one, in bytes.
pub const MAX_HEADER_NAME: usize = 100;
/// Messages that are recovered at once.
pub const MAX_RECOVERED: u64 = 10_000;
/// Most secrets of an endpoint.
pub const MAX_SECRETS: usize = 5;
/// How long the secrets before a new one sign beside it, in seconds.
pub const OLD_SECRET_SECONDS: i64 = 24 * 60 * 60;
/// The filter of a list of messages.
pub const STATE: &str = "state";

words! {
    /// Where a message stands.
    MessageState {
        /// It is going to be sent, for the first time or again.
        Waiting = "waiting", "Waiting";
        /// The receiver has it.
        Delivered = "delivered", "Delivered";
        /// The last attempt failed: it isn't sent again by itself.
        Failed = "failed", "Failed";
    }
}

words! {
    /// Why an attempt was made.
    AttemptCause {
        Schedule = "schedule", "By schedule";
        Resend = "resend", "Sent again";
        Recover = "recover", "Recovered";
        Test = "test", "Test";
    }
}

/// What messages can be narrowed by.
#[derive(Debug, Clone, Copy)]
pub struct MessageFilters;

impl Filters for MessageFilters {
    fn filter(&self, name: &str, value: &str) -> Result<Option<&'static str>, String> {
        if name == STATE {
            let known = MessageState::from_name(value).is_some();
            return one_of(known, STATE, &MessageState::names());
        }
        Ok(None)
    }

    fn orders(&self) -> &[crate::object::SortBy] {
        &[]
    }
}

/// A message in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub id: WebhookMessageId,
    pub event_type: String,
    /// The record it tells of; `None` for a test.
    pub event: Option<EventId>,
    pub created: LocalTime,
    pub state: MessageState,
    pub attempts: u32,
    /// When it is tried next.
    pub next: Option<LocalTime>,
    /// Whether that is a matter of seconds.
    pub soon: bool,
    /// Of the last attempt.
    pub status: Option<u16>,
    pub failure: Option<Failure>,
}

impl Message {
    /// The id as receivers get it (`webhook-id`).
    pub fn sent_id(&self) -> String {
        self.id.sent()
    }
}

impl WebhookMessageId {
    /// The id as receivers get it (`webhook-id`).
    pub fn sent(self) -> String {
        format!("msg_{}", self.0.simple())
    }
}

/// A page of an endpoint's messages, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MessagePage {
    pub rows: Vec<Message>,
    /// How many there are of each state.
    pub states: Vec<(MessageState, Count)>,
    pub before: Option<ObjectCursor>,
    pub after: Option<ObjectCursor>,
}

/// How an endpoint does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EndpointHealth {
    pub paused: Option<LocalTime>,
    /// Since when every attempt has failed.
    pub failing_since: Option<LocalTime>,
    /// Until when it is left alone, because it is overloaded.
    pub slow_until: Option<LocalTime>,
    pub waiting: Count,
    /// Of the latest thousand attempts of the last day those that went well, and that failed.
    pub went_well: u64,
    pub went_wrong: u64,
    /// How long those took that went well, in milliseconds: the median, and what one in twenty took
    /// longer than.
    pub median_ms: Option<u64>,
    pub p95_ms: Option<u64>,
}

/// What was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentRequest {
    pub method: String,
    pub url: String,
    /// Name and value, in order; of those that are secret the name alone.
    pub headers: Vec<(String, Option<String>)>,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GotResponse {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    /// Its beginning, as text.
    pub body: String,
    /// Whether there was more.
    pub is_cut: bool,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    pub at: LocalTime,
    pub cause: AttemptCause,
    pub took_ms: u64,
    pub request: SentRequest,
    pub response: Option<GotResponse>,
    /// `None` where it went well.
    pub failure: Option<Failure>,
}

/// What is sent of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum MessageBody {
    /// JSON.
    Here(String),
    /// The record is gone by now.
    Gone,
    /// Whoever asks may not see the log.
    NotYours,
}

/// A message with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MessageDetail {
    pub message: Message,
    /// What is sent.
    pub body: MessageBody,
    /// Newest first.
    pub attempts: Vec<Attempt>,
    /// The endpoint's last attempt that went well, of another message, where the last of this one failed.
    pub last_success: Option<Attempt>,
}

/// A secret that messages are signed with, without itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SigningKey {
    pub id: WebhookSecretId,
    pub created: LocalTime,
    /// Until when it signs; `None` for the one that does from now on.
    pub expires: Option<LocalTime>,
}

/// How an endpoint's messages are signed, and what is sent along.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Signing {
    pub secrets: Vec<SigningKey>,
    /// The names of the headers that are sent along. Their values are never shown.
    pub headers: Vec<String>,
}
