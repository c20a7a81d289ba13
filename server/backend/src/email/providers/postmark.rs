//! Postmark: one event a request; times in RFC 3339 with seven fraction digits.
//!
//! - Events: <https://postmarkapp.com/developer/webhooks/webhooks-overview>
//! - Types of bounces: <https://postmarkapp.com/developer/api/bounce-api#bounce-types>
//! - Suppression: <https://postmarkapp.com/developer/webhooks/subscription-change-webhook>

use super::{
    ProviderEvent, Said,
    field::{address, code, digest, id, missing, own_id, rfc3339, text, word},
};
use BounceType::{Blocked, Hard, Soft};
use EmailStatus::{Bounced, Clicked, Complained, Deferred, Delivered, Opened, Suppressed};
use Said::{Happened, Nothing, Resubscribed, Unsubscribed};
use daybook_domain::email::{BounceType, EmailStatus};
use serde_json::Value;

/// What a bounce is, by type and its code.
const BOUNCES: [(&str, u64, Said, Option<BounceType>); 22] = [
    ("HardBounce", 1, Happened(Bounced), Some(Hard)),
    ("Transient", 2, Happened(Deferred), None),
    ("Unsubscribe", 16, Unsubscribed, None),
    // Somebody asks to be put on a list: a suppression isn't lifted by that.
    ("Subscribe", 32, Nothing, None),
    ("AutoResponder", 64, Nothing, None),
    ("AddressChange", 128, Nothing, None),
    ("DnsError", 256, Happened(Deferred), None),
    ("SpamNotification", 512, Happened(Bounced), Some(Blocked)),
    ("OpenRelayTest", 1024, Nothing, None),
    // Something was sent back, but what is unclear.
    ("Unknown", 2048, Happened(Bounced), Some(Soft)),
    ("SoftBounce", 4096, Happened(Bounced), Some(Soft)),
    ("VirusNotification", 8192, Happened(Bounced), Some(Blocked)),
    // It is held until somebody confirms that it was sent.
    ("ChallengeVerification", 16_384, Happened(Deferred), None),
    ("BadEmailAddress", 100_000, Happened(Bounced), Some(Hard)),
    ("SpamComplaint", 100_001, Happened(Complained), None),
    ("ManuallyDeactivated", 100_002, Happened(Suppressed), None),
    ("Unconfirmed", 100_003, Happened(Suppressed), None),
    ("Blocked", 100_006, Happened(Bounced), Some(Blocked)),
    // What comes in by SMTP for an address that is suppressed.
    ("SMTPApiError", 100_007, Happened(Suppressed), None),
    ("InboundError", 100_008, Nothing, None),
    ("DMARCPolicy", 100_009, Happened(Bounced), Some(Blocked)),
    ("TemplateRenderingFailed", 100_010, Happened(Bounced), None),
];

/// Where the `Message-ID` stands of what we have sent ourselves ([`OUR_HEADERS`](super::OUR_HEADERS)): Postmark sends
/// another, and tells neither.
const OWN_ID: &str = "/Metadata/message-id";

pub(super) fn event(event: &Value) -> Result<ProviderEvent, String> {
    let said = match word(event, "/RecordType").ok_or_else(|| missing("RecordType"))? {
        "Delivery" => (Happened(Delivered), None),
        "Open" => (Happened(Opened), None),
        "Click" => (Happened(Clicked), None),
        "SpamComplaint" => (Happened(Complained), None),
        "Bounce" => bounced(event),
        "SubscriptionChange" => subscription(event),
        _ => (Nothing, None),
    };
    let details = word(event, "/Details");
    Ok(ProviderEvent {
        provider_id: id(event, "/MessageID"),
        message_id: own_id(event, OWN_ID),
        recipient: address(event, "/Email").or_else(|| address(event, "/Recipient")),
        subject: text(event, "/Subject"),
        from: text(event, "/From"),
        // Only bounces and complaints have one.
        event_id: id(event, "/ID").or_else(|| Some(digest(event))),
        at: ["/BouncedAt", "/DeliveredAt", "/ReceivedAt", "/ChangedAt"]
            .iter()
            .find_map(|pointer| rfc3339(event, pointer)),
        code: details.and_then(code),
        detail: text(event, "/Details").or_else(|| text(event, "/Description")),
        url: text(event, "/OriginalLink"),
        ip: text(event, "/Geo/IP"),
        user_agent: text(event, "/UserAgent"),
        ..ProviderEvent::saying(said)
    })
}

fn bounced(event: &Value) -> (Said, Option<BounceType>) {
    let name = word(event, "/Type");
    let number = event.pointer("/TypeCode").and_then(Value::as_u64);
    let known = BOUNCES.iter().find(|(known, ..)| Some(*known) == name);
    let known = known.or_else(|| BOUNCES.iter().find(|(_, known, ..)| Some(*known) == number));
    known.map_or((Happened(Bounced), None), |(_, _, said, bounce)| (*said, *bounce))
}

/// A change of the suppression list. What led to it is told apart where that was asked for: here it is told once more.
fn subscription(event: &Value) -> (Said, Option<BounceType>) {
    let suppressed = event.pointer("/SuppressSending").and_then(Value::as_bool);
    match (suppressed, word(event, "/SuppressionReason")) {
        (Some(false), _) => (Resubscribed, None),
        (Some(true), Some("HardBounce")) => (Happened(Bounced), Some(Hard)),
        (Some(true), Some("SpamComplaint")) => (Happened(Complained), None),
        // By the recipient or by hand.
        (Some(true), _) => (Unsubscribed, None),
        (None, _) => (Nothing, None),
    }
}
