//! Mailgun: one event a request, beside its signature; times in seconds with fractions.
//!
//! - Events: <https://documentation.mailgun.com/docs/mailgun/user-manual/events/event-structure>
//! - Webhooks: <https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhooks>
//! - Signatures: <https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks>

use super::{
    ProviderEvent, Refused, Said,
    field::{address, code, digest, id, missing, narrowed, seconds, text, word},
    is_within,
};
use BounceType::{Blocked, Hard, Soft};
use EmailStatus::{Bounced, Clicked, Complained, Deferred, Delivered, Opened, Queued, Suppressed};
use Said::{Happened, Nothing, Unsubscribed};
use daybook_domain::{
    email::{BounceType, EmailStatus},
    time::Timestamp,
};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

/// How old a signature may be, in seconds. It says nothing of the event: whoever has got hold of one can put any beside.
const TOLERANCE: i64 = 15 * 60;

pub(super) fn event(body: &Value) -> Result<ProviderEvent, String> {
    let event = body.pointer("/event-data").ok_or_else(|| missing("event-data"))?;
    let kind = word(event, "/event").ok_or_else(|| missing("event-data.event"))?;
    let answer = word(event, "/delivery-status/message");
    let code = word(event, "/delivery-status/enhanced-code")
        .and_then(code)
        .or_else(|| answer.and_then(code))
        // Mailgun has codes of its own beside, such as 605.
        .or_else(|| id(event, "/delivery-status/code").as_deref().and_then(code));
    let said = match kind {
        "accepted" => (Happened(Queued), None),
        "delivered" => (Happened(Delivered), None),
        "failed" => failed(event, code.as_deref()),
        // By Mailgun itself.
        "rejected" => (Happened(Bounced), Some(Blocked)),
        "opened" => (Happened(Opened), None),
        "clicked" => (Happened(Clicked), None),
        "complained" => (Happened(Complained), None),
        "unsubscribed" => (Unsubscribed, None),
        _ => (Nothing, None),
    };
    let message_id = id(event, "/message/headers/message-id");
    Ok(ProviderEvent {
        provider_id: message_id.clone(),
        message_id,
        recipient: address(event, "/recipient").or_else(|| address(event, "/message/headers/to")),
        subject: text(event, "/message/headers/subject"),
        from: text(event, "/message/headers/from"),
        event_id: id(event, "/id").or_else(|| Some(digest(event))),
        at: seconds(event, "/timestamp"),
        code,
        detail: [
            "/delivery-status/message",
            "/delivery-status/description",
            "/reject/reason",
        ]
        .iter()
        .find_map(|pointer| text(event, pointer)),
        url: text(event, "/url"),
        ip: text(event, "/ip"),
        user_agent: text(event, "/client-info/user-agent"),
        ..ProviderEvent::saying(said)
    })
}

fn failed(event: &Value, code: Option<&str>) -> (Said, Option<BounceType>) {
    // Tried again.
    if word(event, "/severity") == Some("temporary") {
        return (Happened(Deferred), None);
    }
    let bounce = match word(event, "/reason") {
        Some(reason) if reason.starts_with("suppress-") => return (Happened(Suppressed), None),
        Some("espblock") => Blocked,
        // Tried until it was too old.
        Some("old") => Soft,
        _ => narrowed(Hard, code),
    };
    (Happened(Bounced), Some(bounce))
}

/// The key is the account's HTTP webhook signing key. Signed are time and token, with HMAC-SHA256.
pub(super) fn verify(key: &str, body: &[u8], now: Timestamp) -> Result<(), Refused> {
    let body: Value = serde_json::from_slice(body).map_err(|_| Refused::Missing)?;
    let timestamp = id(&body, "/signature/timestamp").ok_or(Refused::Missing)?;
    let token = word(&body, "/signature/token").ok_or(Refused::Missing)?;
    let signature = word(&body, "/signature/signature").ok_or(Refused::Missing)?;
    let signature = hex::decode(signature).map_err(|_| Refused::Wrong)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(|_| Refused::Wrong)?;
    mac.update(timestamp.as_bytes());
    mac.update(token.as_bytes());
    mac.verify_slice(&signature).map_err(|_| Refused::Wrong)?;
    let signed_at = timestamp.parse().map_err(|_| Refused::Wrong)?;
    if is_within(TOLERANCE, signed_at, now) {
        Ok(())
    } else {
        Err(Refused::Expired)
    }
}
