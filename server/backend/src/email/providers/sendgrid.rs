//! SendGrid: batches, in no order; times in seconds. What the sender adds (`custom_args`) stands among the fields.
//!
//! - Events: <https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event>
//! - Signatures: <https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features>

use super::{
    ProviderEvent, Refused, Said,
    field::{address, code, digest, id, missing, narrowed, seconds, text, word},
    is_within,
};
use BounceType::{Blocked, Hard, Soft};
use EmailStatus::{Bounced, Clicked, Complained, Deferred, Delivered, Opened, Queued, Suppressed};
use Said::{Happened, Nothing, Unsubscribed};
use base64::{Engine, engine::general_purpose::STANDARD};
use daybook_domain::{
    email::{BounceType, EmailStatus},
    time::Timestamp,
};
use reqwest::header::HeaderMap;
use rustls::pki_types::SubjectPublicKeyInfoDer;
use serde_json::Value;
use webpki::{RawPublicKeyEntity, ring::ECDSA_P256_SHA256};

const SIGNATURE: &str = "x-twilio-email-event-webhook-signature";
const TIMESTAMP: &str = "x-twilio-email-event-webhook-timestamp";
/// How old a signature may be, in seconds. It is tried again for a day, and not documented to be signed anew. What comes
/// twice is known by its id.
const TOLERANCE: i64 = 25 * 3600;

pub(super) fn event(event: &Value) -> Result<ProviderEvent, String> {
    let kind = word(event, "/event").ok_or_else(|| missing("event"))?;
    let answer = word(event, "/reason").or_else(|| word(event, "/response"));
    let code = word(event, "/status")
        .and_then(code)
        .or_else(|| answer.and_then(code));
    let said = match kind {
        "processed" => (Happened(Queued), None),
        "delivered" => (Happened(Delivered), None),
        "deferred" => (Happened(Deferred), None),
        "bounce" => (Happened(Bounced), Some(bounced(event, code.as_deref()))),
        "dropped" => dropped(event),
        "open" => (Happened(Opened), None),
        "click" => (Happened(Clicked), None),
        "spamreport" => (Happened(Complained), None),
        // Who leaves a group of messages gets others still.
        "unsubscribe" => (Unsubscribed, None),
        _ => (Nothing, None),
    };
    // Of a delivery it is the address it was sent from.
    let is_read = matches!(said.0, Happened(Opened | Clicked));
    // Behind the id, as the API answered it, follows which server has handled it for whom.
    let sent = id(event, "/sg_message_id").and_then(|id| id.split('.').next().map(str::to_owned));
    Ok(ProviderEvent {
        provider_id: sent.filter(|id| !id.is_empty()),
        message_id: id(event, "/smtp-id"),
        recipient: address(event, "/email"),
        event_id: id(event, "/sg_event_id").or_else(|| Some(digest(event))),
        at: seconds(event, "/timestamp"),
        code,
        detail: text(event, "/reason").or_else(|| text(event, "/response")),
        url: text(event, "/url"),
        ip: text(event, "/ip").filter(|_| is_read),
        user_agent: text(event, "/useragent"),
        ..ProviderEvent::saying(said)
    })
}

/// SendGrid itself doesn't mail again what `bounce` is the type of.
fn bounced(event: &Value, code: Option<&str>) -> BounceType {
    match word(event, "/type") {
        Some("blocked") => narrowed(Blocked, code),
        Some("expired") => Soft,
        _ => narrowed(Hard, code),
    }
}

/// What wasn't sent, and why.
fn dropped(event: &Value) -> (Said, Option<BounceType>) {
    match word(event, "/reason").map(str::to_ascii_lowercase).as_deref() {
        Some("bounced address" | "unsubscribed address" | "spam reporting address") => {
            (Happened(Suppressed), None)
        }
        Some("invalid") => (Happened(Bounced), Some(Hard)),
        Some("spam content") => (Happened(Bounced), Some(Blocked)),
        _ => (Happened(Bounced), None),
    }
}

/// The key is SendGrid's public key as it shows it: `SubjectPublicKeyInfo` (RFC 5280, 4.1.2.7) of P-256 in Base64.
/// Signed are time and body.
pub(super) fn verify(key: &str, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<(), Refused> {
    let header = |name: &str| {
        let value = headers.get(name).ok_or(Refused::Missing)?;
        value.to_str().map_err(|_| Refused::Wrong)
    };
    let (signature, timestamp) = (header(SIGNATURE)?, header(TIMESTAMP)?);
    let decode = |text: &str| STANDARD.decode(text.trim()).map_err(|_| Refused::Wrong);
    let (key, signature) = (SubjectPublicKeyInfoDer::from(decode(key)?), decode(signature)?);
    let signed = [timestamp.as_bytes(), body].concat();
    RawPublicKeyEntity::try_from(&key)
        .and_then(|key| key.verify_signature(ECDSA_P256_SHA256, &signed, &signature))
        .map_err(|_| Refused::Wrong)?;
    let signed_at = timestamp.parse().map_err(|_| Refused::Wrong)?;
    if is_within(TOLERANCE, signed_at, now) {
        Ok(())
    } else {
        Err(Refused::Expired)
    }
}
