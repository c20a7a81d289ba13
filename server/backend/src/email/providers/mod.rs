//! What email providers tell of messages by webhook: each in a format of its own, read into one.
//!
//! Nothing here does I/O. [`verify`] comes first, then [`read`]. Amazon SES is verified another way, because its
//! signatures need a certificate that has to be fetched ([`ses`]).
//!
//! Providers add fields and kinds of events without notice, and mix in what the sender has made up: a field that is
//! missing or isn't of its documented type counts as not given, a kind that isn't known as [`Said::Nothing`].

mod authorization;
mod brevo;
mod field;
mod mailgun;
mod mailjet;
mod postmark;
mod sendgrid;
pub mod ses;
#[cfg(test)]
mod tests;

use daybook_domain::{
    email::{BounceType, EmailProvider as Provider, EmailStatus},
    time::Timestamp,
};
use reqwest::header::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

/// Most events of one request. Providers send 500 or so at a time.
pub const MAX_EVENTS: usize = 10_000;

/// Headers that carry our `Message-ID` through providers that send another and tell only their own id: Postmark gives it
/// back as metadata, Mailjet as `CustomID`. Others leave them alone.
///
/// - <https://postmarkapp.com/support/article/1125-custom-metadata-faq>
/// - <https://dev.mailjet.com/docs/smtp_relay/custom_headers>
pub const OUR_HEADERS: [&str; 2] = ["X-PM-Metadata-message-id", "X-MJ-CustomID"];

/// What an event says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Of the message.
    Happened(EmailStatus),
    /// The recipient isn't to be mailed any more.
    Unsubscribed,
    /// The recipient may be mailed again.
    Resubscribed,
    /// Nothing about delivery.
    Nothing,
}

/// An event of a provider. What it doesn't tell is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderEvent {
    /// The provider's id of the message, as it answered whoever sent it: without angle brackets.
    pub provider_id: Option<String>,
    /// The `Message-ID` (RFC 5322, 3.6.4), without angle brackets.
    pub message_id: Option<String>,
    /// An address as [`daybook_domain::email::address`] keeps it.
    pub recipient: Option<String>,
    pub subject: Option<String>,
    /// As it stands in the message.
    pub from: Option<String>,
    /// The provider's id of the event, or else a digest of it: the same where the same event comes again.
    pub event_id: Option<String>,
    pub said: Said,
    /// Only where it bounced, and the provider says how.
    pub bounce: Option<BounceType>,
    pub at: Option<Timestamp>,
    /// The enhanced status code (RFC 3463), such as `5.1.1`, or the reply code where there was none.
    pub code: Option<String>,
    /// What the recipient's server answered, or the provider's reason. At most 1,000 characters.
    pub detail: Option<String>,
    /// Of a click.
    pub url: Option<String>,
    /// Where it was opened or clicked.
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

impl ProviderEvent {
    /// Which says only this.
    fn saying((said, bounce): (Said, Option<BounceType>)) -> Self {
        Self {
            provider_id: None,
            message_id: None,
            recipient: None,
            subject: None,
            from: None,
            event_id: None,
            said,
            bounce,
            at: None,
            code: None,
            detail: None,
            url: None,
            ip: None,
            user_agent: None,
        }
    }
}

/// What a request tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// In the order they came in, which need not be the order they happened in.
    pub events: Vec<ProviderEvent>,
    /// Which of a batch, counted from 0, can't be read, and why.
    pub refused: Vec<(usize, String)>,
}

/// Why a body as a whole can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    #[error("The body is not JSON: {0}.")]
    NotJson(String),
    #[error("{0}")]
    NotThis(String),
}

/// Why it isn't believed that a request is the provider's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("The signature is missing.")]
    Missing,
    /// The signature, or the key that is configured.
    #[error("The signature is wrong.")]
    Wrong,
    #[error("The signature is too old.")]
    Expired,
}

/// The events of a request: one, or a batch of at most [`MAX_EVENTS`].
///
/// # Errors
/// Where it isn't JSON, or not of this provider. A single event of a batch that can't be read is told beside the others.
pub fn read(provider: Provider, body: &[u8]) -> Result<Read, Unread> {
    let body: Value = serde_json::from_slice(body).map_err(|error| Unread::NotJson(error.to_string()))?;
    let event = match provider {
        Provider::Postmark => postmark::event,
        Provider::Sendgrid => sendgrid::event,
        Provider::Mailgun => mailgun::event,
        Provider::Brevo => brevo::event,
        Provider::Mailjet => mailjet::event,
        Provider::Ses => return ses::read(&body),
    };
    let Value::Array(batch) = &body else {
        let event = event(&body).map_err(Unread::NotThis)?;
        return Ok(Read {
            events: vec![event],
            refused: Vec::new(),
        });
    };
    if batch.len() > MAX_EVENTS {
        return Err(too_many(batch.len()));
    }
    let mut read = Read::default();
    for (index, one) in batch.iter().enumerate() {
        match event(one) {
            Ok(event) => read.events.push(event),
            Err(why) => read.refused.push((index, why)),
        }
    }
    Ok(read)
}

fn too_many(events: usize) -> Unread {
    Unread::NotThis(format!(
        "These are {events} events; at most {MAX_EVENTS} are taken at a time."
    ))
}

/// Whether a request is the provider's. Without a key nothing is checked: then the secret in our URL has to do.
///
/// The key is what the provider signs with (Mailgun), its public key (SendGrid), or what it sends in `Authorization`
/// as we have told it to (Postmark, Brevo, Mailjet).
///
/// # Errors
/// Where it isn't, or can't be told. Always for Amazon SES: see [`ses::verify`].
pub fn verify(
    provider: Provider,
    key: Option<&SecretString>,
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<(), Refused> {
    if provider == Provider::Ses {
        return Err(Refused::Missing);
    }
    let Some(key) = key.map(ExposeSecret::expose_secret) else {
        return Ok(());
    };
    // Anybody can sign with nothing.
    if key.is_empty() {
        return Err(Refused::Wrong);
    }
    match provider {
        Provider::Mailgun => mailgun::verify(key, body, now),
        Provider::Sendgrid => sendgrid::verify(key, headers, body, now),
        Provider::Postmark | Provider::Brevo | Provider::Mailjet => authorization::verify(key, headers),
        Provider::Ses => Err(Refused::Missing),
    }
}

/// Whether a time of signing, in seconds of the Unix epoch, is at most so many seconds from now.
fn is_within(seconds: i64, signed: i64, now: Timestamp) -> bool {
    let now = now.micros().div_euclid(1_000_000);
    now.abs_diff(signed) <= seconds.unsigned_abs()
}
