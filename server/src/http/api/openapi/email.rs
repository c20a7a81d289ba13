//! An email as a helpdesk reports it.

use daybook_backend::email::{MAX_REPORTED_BODY, MAX_REPORTED_EVENTS, MAX_REPORTED_KEY};
use daybook_domain::{
    email::{BounceType, EmailStatus},
    event::MAX_TEXT_CHARS,
};
use serde_json::{Value, json};

pub(super) fn report() -> Value {
    let key = |description: &str| json!({"type": "string", "maxLength": MAX_REPORTED_KEY, "description": description});
    let line = |description: &str| json!({"type": "string", "maxLength": MAX_TEXT_CHARS, "description": description});
    let long = |description: &str| json!({"type": "string", "maxLength": MAX_REPORTED_BODY, "description": description});
    let time =
        |description: &str| json!({"type": "string", "format": "date-time", "description": description});
    let party = |description: &str| {
        json!({
            "description": description,
            "anyOf": [{"type": "string", "maxLength": MAX_REPORTED_KEY}, {"$ref": "#/components/schemas/NamedRef"}],
        })
    };
    json!({
        "type": "object",
        "description": "A message to one address, and what has happened to it. Reported again under the same id, what is new \
                        of it is added.",
        "required": ["to"],
        "properties": {
            "id": key("Your own id of it."),
            "source": key("Who reports it; the key's name, where it isn't said."),
            "at": time("When it was sent; the time of receipt, where it isn't said."),
            "to": {
                "description": "To whom: an address, as it stands in a header or alone.",
                "anyOf": [{"type": "string"}, {
                    "type": "object",
                    "required": ["email"],
                    "properties": {"email": {"type": "string"}, "name": line("The recipient's name.")},
                }],
            },
            "from": line("By whom."),
            "subject": line("Its subject."),
            "template": key("What it was made from."),
            "brand": party("Under which brand."),
            "company": party("The recipient's company."),
            "contact": party("The recipient."),
            "message_id": key("Its `Message-ID`."),
            "provider_id": key("What the provider calls it."),
            "text": long("What it says, as text. Kept for 90 days."),
            "html": long("What it says, as HTML. Kept for 90 days."),
            "status": {"type": "string", "enum": EmailStatus::names(), "description": "Where it stands, in place of `events`."},
            "events": {
                "type": "array",
                "maxItems": MAX_REPORTED_EVENTS,
                "items": happened(),
                "description": "What has happened to it.",
            },
        },
    })
}

fn happened() -> Value {
    let line = |description: &str| json!({"type": "string", "maxLength": MAX_TEXT_CHARS, "description": description});
    json!({
        "type": "object",
        "required": ["status", "at"],
        "properties": {
            "id": line("Its own id."),
            "status": {"type": "string", "enum": EmailStatus::names(), "description": "What happened."},
            "at": {"type": "string", "format": "date-time", "description": "When."},
            "bounce_type": {"type": "string", "enum": BounceType::names(), "description": "How lasting a refusal is."},
            "code": line("The mail server's code."),
            "detail": line("What the mail server said."),
            "url": line("The link that was clicked."),
            "ip": line("From where."),
            "user_agent": line("With what."),
        },
    })
}
