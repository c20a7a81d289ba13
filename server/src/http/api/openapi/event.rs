//! An event as programs send it: as it is stored, with less that has to be said.

use daybook_domain::event::{
    EventBody, MAX_CHANGES, MAX_EVENT_TYPE_CHARS, MAX_STEPS, MAX_TARGETS, MAX_TEXT_CHARS,
};
use serde_json::{Value, json};
use utoipa::PartialSchema;

/// Beside what is stored, an event takes its caller's id under a shorter name, and its parts in shorter forms.
pub(super) fn sent() -> Value {
    let mut schema = json!(EventBody::schema());
    schema["description"] = ABOUT.into();
    schema["required"] = json!(["event_type", "actor"]);
    let properties = &mut schema["properties"];
    properties["id"] = json!({
        "type": ["string", "null"],
        "description": "Your own id of it. Sent again, it is counted as a duplicate and stored once.",
    });
    for (name, most) in [
        ("changes", MAX_CHANGES),
        ("steps", MAX_STEPS),
        ("targets", MAX_TARGETS),
    ] {
        properties[name]["maxItems"] = most.into();
    }
    for (name, default) in [("log", "activity"), ("action", "other"), ("outcome", "success")] {
        properties[name]["default"] = default.into();
    }
    let texts = properties.as_object_mut().into_iter().flatten();
    for (name, property) in texts.filter(|(_, property)| is_text(property)) {
        let most = if name == "event_type" {
            MAX_EVENT_TYPE_CHARS
        } else {
            MAX_TEXT_CHARS
        };
        property["maxLength"] = most.into();
    }
    schema
}

const ABOUT: &str = "An event. Only `event_type` and `actor.kind` have to be said; `occurred_at` is then the time of \
                     receipt. It weighs at most 64 KiB. What isn't known here is kept under `metadata.unmapped`.";

fn is_text(property: &Value) -> bool {
    let kind = &property["type"];
    kind == "string"
        || kind
            .as_array()
            .is_some_and(|kinds| kinds.contains(&"string".into()))
}
