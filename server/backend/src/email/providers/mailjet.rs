//! Mailjet: one event a request, or batches in version 2; times in seconds.
//!
//! - Events and errors: <https://dev.mailjet.com/email/guides/webhooks/>

use super::{
    ProviderEvent, Said,
    field::{address, code, digest, id, missing, own_id, seconds, text, word},
};
use BounceType::{Blocked, Hard, Soft};
use EmailStatus::{Bounced, Clicked, Complained, Deferred, Delivered, Opened, Suppressed};
use Said::{Happened, Nothing, Unsubscribed};
use daybook_domain::email::{BounceType, EmailStatus};
use serde_json::Value;

pub(super) fn event(event: &Value) -> Result<ProviderEvent, String> {
    let said = match word(event, "/event").ok_or_else(|| missing("event"))? {
        // The recipient's server has taken it.
        "sent" => (Happened(Delivered), None),
        "open" => (Happened(Opened), None),
        "click" => (Happened(Clicked), None),
        "bounce" => bounced(event),
        // Not sent, for what Mailjet knows of the address or thinks of the content.
        "blocked" if is_policy(event) => (Happened(Bounced), Some(Blocked)),
        "blocked" => (Happened(Suppressed), None),
        "spam" => (Happened(Complained), None),
        "unsub" => (Unsubscribed, None),
        _ => (Nothing, None),
    };
    let answers = ["/smtp_reply", "/comment"];
    let reasons = [
        "/smtp_reply",
        "/comment",
        "/error",
        "/error_related_to",
        "/source",
    ];
    Ok(ProviderEvent {
        message_id: own_id(event, "/CustomID"),
        provider_id: ["/MessageID", "/mj_message_id", "/Message_GUID"]
            .iter()
            .find_map(|pointer| id(event, pointer)),
        recipient: address(event, "/email"),
        event_id: Some(digest(event)),
        at: seconds(event, "/time"),
        code: answers
            .iter()
            .find_map(|pointer| word(event, pointer))
            .and_then(code),
        detail: reasons.iter().find_map(|pointer| text(event, pointer)),
        url: text(event, "/url"),
        ip: text(event, "/ip"),
        user_agent: text(event, "/agent"),
        ..ProviderEvent::saying(said)
    })
}

fn bounced(event: &Value) -> (Said, Option<BounceType>) {
    let is_hard = event.pointer("/hard_bounce").and_then(Value::as_bool) == Some(true);
    match word(event, "/error") {
        // Tried again.
        Some("greylisted") if !is_hard => (Happened(Deferred), None),
        _ if is_policy(event) => (Happened(Bounced), Some(Blocked)),
        _ if is_hard => (Happened(Bounced), Some(Hard)),
        _ => (Happened(Bounced), Some(Soft)),
    }
}

/// Whether it was refused for who sends it or what it says. Errors stand in either field.
fn is_policy(event: &Value) -> bool {
    let policy = |pointer| {
        let error = word(event, pointer);
        matches!(
            error,
            Some("spam" | "sender blocked" | "content blocked" | "policy issue")
        )
    };
    policy("/error") || policy("/error_related_to")
}
