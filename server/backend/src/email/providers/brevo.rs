//! Brevo: one event a request, or batches where that is switched on.
//!
//! - Events: <https://developers.brevo.com/docs/transactional-webhooks>
//! - Batches: <https://developers.brevo.com/docs/batch-webhooks>

use super::{
    ProviderEvent, Said,
    field::{address, code, digest, id, missing, seconds, text, word},
};
use BounceType::{Hard, Soft};
use EmailStatus::{Bounced, Clicked, Complained, Deferred, Delivered, Opened, Sent, Suppressed};
use Said::{Happened, Nothing, Unsubscribed};
use daybook_domain::{
    email::{BounceType, EmailStatus},
    time::Timestamp,
};
use serde_json::Value;

/// From here on (1973 in milliseconds, 5138 in seconds) a time is in milliseconds.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

pub(super) fn event(event: &Value) -> Result<ProviderEvent, String> {
    let said = match word(event, "/event").ok_or_else(|| missing("event"))? {
        // Brevo calls it “Sent”.
        "request" => (Happened(Sent), None),
        "deferred" => (Happened(Deferred), None),
        "delivered" => (Happened(Delivered), None),
        "opened" | "unique_opened" | "proxy_open" | "unique_proxy_open" => (Happened(Opened), None),
        "click" => (Happened(Clicked), None),
        "hard_bounce" | "invalid_email" => (Happened(Bounced), Some(Hard)),
        "soft_bounce" => (Happened(Bounced), Some(Soft)),
        // Not sent, to somebody who has unsubscribed, complained or bounced.
        "blocked" => (Happened(Suppressed), None),
        "error" => (Happened(Bounced), None),
        "spam" | "complaint" => (Happened(Complained), None),
        "unsubscribed" | "unsubscribe" => (Unsubscribed, None),
        _ => (Nothing, None),
    };
    let message_id = id(event, "/message-id");
    let reason = word(event, "/reason");
    Ok(ProviderEvent {
        provider_id: message_id.clone(),
        message_id,
        recipient: address(event, "/email"),
        subject: text(event, "/subject"),
        from: text(event, "/sender_email"),
        // Its `id` is that of the webhook.
        event_id: Some(digest(event)),
        at: happened_at(event),
        code: reason.and_then(code),
        detail: text(event, "/reason"),
        url: text(event, "/link"),
        user_agent: text(event, "/user_agent"),
        ..ProviderEvent::saying(said)
    })
}

/// `ts_epoch` is documented in milliseconds, with examples in seconds, and left out of some events. `ts` and `date` are not
/// of UTC.
fn happened_at(event: &Value) -> Option<Timestamp> {
    match event.pointer("/ts_epoch").and_then(Value::as_i64) {
        Some(epoch) if epoch >= MILLISECONDS_FROM => Timestamp::from_micros(epoch.checked_mul(1000)?),
        Some(_) => seconds(event, "/ts_epoch"),
        None => seconds(event, "/ts_event"),
    }
}
