//! One event as sent, to one event as stored.

use super::fields::{Object, Parsed, as_text, list, named, object, part, rest, text, word, wrong};
use crate::{
    record::OWN_SOURCE,
    store::{NewEvent, Refusal},
};
use daybook_domain::{
    canonical,
    event::{
        Action, Actor, ActorKind, Auth, Automation, Change, EventBody, MAX_EVENT_BYTES, Outcome, Portal,
        Step, Target,
    },
    id::{EventId, IdMaker},
    log::LogKind,
    time::Timestamp,
};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Deepest nesting. The stored record adds a few levels of its own, and reading stops at 128.
const MAX_DEPTH: usize = 64;
/// An event from further ahead would stay on top of every list.
const MAX_AHEAD_SECONDS: i64 = 24 * 3600;
/// Where fields that mean nothing here are kept.
const UNMAPPED: &str = "unmapped";

/// Reads one event.
///
/// # Errors
/// The first field that can't be taken, with the reason.
pub(super) fn event(
    value: Value,
    index: usize,
    source: &str,
    now: Timestamp,
    ids: &dyn IdMaker,
) -> Result<NewEvent, Refusal> {
    read(value, index, source, now, ids).map_err(|(field, reason)| Refusal { index, field, reason })
}

fn read(value: Value, index: usize, source: &str, now: Timestamp, ids: &dyn IdMaker) -> Parsed<NewEvent> {
    if depth(&value, 0) > MAX_DEPTH {
        return wrong("", format!("is nested deeper than {MAX_DEPTH} levels"));
    }
    let sent = canonical::of_value(&value).map_err(|error| (String::new(), error.to_string()))?;
    let Value::Object(fields) = value else {
        return wrong("", "is not a JSON object");
    };
    let body = body(fields, source, now)?;
    body.check_limits().map_err(|error| match error {
        daybook_domain::Error::Invalid { field, reason } => (field, reason),
        other => (String::new(), other.to_string()),
    })?;
    let hash = hash(sent.as_bytes());
    let new = NewEvent::new(EventId(ids.next()), body, index, hash)
        .map_err(|error| (String::new(), error.to_string()))?;
    if new.size() > MAX_EVENT_BYTES {
        return wrong(
            "",
            format!("weighs {} bytes, more than {MAX_EVENT_BYTES}", new.size()),
        );
    }
    Ok(new)
}

/// Tells a repeated send from another event under the same id.
fn hash(sent: &[u8]) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&Sha256::digest(sent)[..16]);
    short
}

fn depth(value: &Value, above: usize) -> usize {
    if above > MAX_DEPTH {
        return above;
    }
    match value {
        Value::Array(items) => items
            .iter()
            .map(|item| depth(item, above + 1))
            .max()
            .unwrap_or(above + 1),
        Value::Object(map) => map
            .values()
            .map(|item| depth(item, above + 1))
            .max()
            .unwrap_or(above + 1),
        _ => above,
    }
}

fn body(mut fields: Object, source: &str, now: Timestamp) -> Parsed<EventBody> {
    // Null and absent are one.
    fields.retain(|_, value| !value.is_null());
    let mut unmapped = Object::new();
    let Some(event_type) = text(&mut fields, "event_type")? else {
        return wrong("event_type", "is required");
    };
    let Some(actor_fields) = fields.remove("actor") else {
        return wrong("actor.kind", "is required");
    };
    let actor = actor(actor_fields, "actor", &mut unmapped)?;
    let occurred_at = occurred_at(&mut fields, now)?;
    let mut body = EventBody::new(event_type.trim(), actor, occurred_at);
    body.source = text(&mut fields, "source")?.unwrap_or_else(|| source.to_owned());
    if body.source.eq_ignore_ascii_case(OWN_SOURCE) {
        return wrong("source", format!("“{OWN_SOURCE}” is Daybook's own"));
    }
    body.source_event_id = match text(&mut fields, "id")? {
        Some(id) => Some(id),
        None => text(&mut fields, "source_event_id")?,
    };
    if let Some(name) = text(&mut fields, "log")? {
        body.log = LogKind::from_name(&name.replace('-', "_")).ok_or_else(|| {
            let names: Vec<_> = LogKind::ALL.iter().map(|log| log.name()).collect();
            (
                "log".to_owned(),
                format!("“{name}” is not one of {}", names.join(", ")),
            )
        })?;
    }
    if let Some(name) = text(&mut fields, "outcome")? {
        body.outcome = Outcome::from_name(&name).ok_or_else(|| {
            (
                "outcome".to_owned(),
                format!("“{name}” is not success or failure"),
            )
        })?;
    }
    body.action = word(&mut fields, "action", Action::from_name, &mut unmapped)?.unwrap_or(Action::Other);
    body.portal = word(&mut fields, "portal", Portal::from_name, &mut unmapped)?;
    body.category = text(&mut fields, "category")?;
    body.section = text(&mut fields, "section")?;
    body.summary = text(&mut fields, "summary")?;
    body.reason = text(&mut fields, "reason")?;
    body.user_agent = text(&mut fields, "user_agent")?;
    body.login_source = text(&mut fields, "login_source")?;
    body.correlation_id = text(&mut fields, "correlation_id")?;
    body.ip = word(&mut fields, "ip", |ip| ip.trim().parse().ok(), &mut unmapped)?;
    body.impersonator = fields
        .remove("impersonator")
        .map(|value| self::actor(value, "impersonator", &mut unmapped))
        .transpose()?;
    body.company = named(&mut fields, "company", &mut unmapped)?;
    body.contact = named(&mut fields, "contact", &mut unmapped)?;
    body.conversation = named(&mut fields, "conversation", &mut unmapped)?;
    body.brand = named(&mut fields, "brand", &mut unmapped)?;
    body.auth = auth(&mut fields, &mut unmapped)?;
    body.targets = list(&mut fields, "targets", &mut unmapped, target)?;
    body.changes = list(&mut fields, "changes", &mut unmapped, change)?;
    body.steps = list(&mut fields, "steps", &mut unmapped, step)?;
    body.metadata = match fields.remove("metadata") {
        None => Object::new(),
        Some(Value::Object(metadata)) => metadata,
        Some(_) => return wrong("metadata", "is not a JSON object"),
    };
    unmapped.append(&mut fields);
    if !unmapped.is_empty() {
        keep(&mut body.metadata, unmapped);
    }
    Ok(body)
}

/// Adds what isn't known here to `metadata.unmapped`, beside what the sender may have put there.
fn keep(metadata: &mut Object, mut unmapped: Object) {
    match metadata.get_mut(UNMAPPED) {
        Some(Value::Object(there)) => {
            unmapped.retain(|key, _| !there.contains_key(key));
            there.append(&mut unmapped);
        }
        Some(_) => {
            let there = metadata.remove(UNMAPPED).unwrap_or_default();
            unmapped.insert(format!("metadata.{UNMAPPED}"), there);
            metadata.insert(UNMAPPED.to_owned(), Value::Object(unmapped));
        }
        None => {
            metadata.insert(UNMAPPED.to_owned(), Value::Object(unmapped));
        }
    }
}

fn occurred_at(fields: &mut Object, now: Timestamp) -> Parsed<Timestamp> {
    let Some(value) = fields.remove("occurred_at") else {
        return Ok(now);
    };
    let Value::String(text) = value else {
        return wrong(
            "occurred_at",
            "is not an RFC 3339 time such as 2026-11-22T14:05:00Z",
        );
    };
    let at: Timestamp = text
        .parse()
        .map_err(|error| ("occurred_at".to_owned(), format!("“{text}” {error}")))?;
    if at > now.plus_seconds(MAX_AHEAD_SECONDS) {
        return wrong("occurred_at", format!("“{text}” lies more than a day ahead"));
    }
    Ok(at)
}

fn actor(value: Value, field: &str, unmapped: &mut Object) -> Parsed<Actor> {
    let mut fields = object(value, field)?;
    let kind_field = format!("{field}.kind");
    let Some(kind) = part(&mut fields, field, "kind")? else {
        return wrong(kind_field, "is required");
    };
    let kind = ActorKind::from_name(&kind).ok_or_else(|| {
        (
            kind_field,
            format!("“{kind}” is not one of user, contact, system, api_key"),
        )
    })?;
    let mut left = Object::new();
    let actor = Actor {
        kind,
        id: part(&mut fields, field, "id")?,
        name: part(&mut fields, field, "name")?,
        email: part(&mut fields, field, "email")?,
        automation: word(&mut fields, "automation", Automation::from_name, &mut left)?,
    };
    left.append(&mut fields);
    rest(left, field, unmapped);
    Ok(actor)
}

fn auth(fields: &mut Object, unmapped: &mut Object) -> Parsed<Option<Auth>> {
    let Some(value) = fields.remove("auth") else {
        return Ok(None);
    };
    let mut fields = object(value, "auth")?;
    let auth = Auth {
        method: part(&mut fields, "auth", "method")?,
        id: part(&mut fields, "auth", "id")?,
    };
    rest(fields, "auth", unmapped);
    Ok(Some(auth).filter(|auth| auth.method.is_some() || auth.id.is_some()))
}

fn target(value: Value, field: &str, unmapped: &mut Object) -> Parsed<Target> {
    let mut fields = object(value, field)?;
    let target = Target {
        kind: part(&mut fields, field, "kind")?.unwrap_or_else(|| "object".to_owned()),
        id: part(&mut fields, field, "id")?,
        name: part(&mut fields, field, "name")?,
    };
    rest(fields, field, unmapped);
    Ok(target)
}

fn change(value: Value, field: &str, unmapped: &mut Object) -> Parsed<Change> {
    let mut fields = object(value, field)?;
    let Some(property) = part(&mut fields, field, "property")? else {
        return wrong(format!("{field}.property"), "is required");
    };
    let secret = match fields.remove("secret") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(secret)) => secret,
        Some(_) => return wrong(format!("{field}.secret"), "is not true or false"),
    };
    let before = fields.remove("before").unwrap_or_default();
    let after = fields.remove("after").unwrap_or_default();
    if secret {
        // The values are gone from here on; so is anything beside them, which may tell as much.
        return Ok(Change::secret(property));
    }
    rest(fields, field, unmapped);
    Ok(Change::new(property, before, after))
}

/// `{at, message, data}`, or just the message.
fn step(value: Value, field: &str, unmapped: &mut Object) -> Parsed<Step> {
    let Value::Object(mut fields) = value else {
        return match as_text(value, field)? {
            Some(message) => Ok(Step {
                at: None,
                message,
                data: Value::Null,
            }),
            None => wrong(field, "has no message"),
        };
    };
    let at = match part(&mut fields, field, "at")? {
        Some(text) => Some(
            text.parse()
                .map_err(|error| (format!("{field}.at"), format!("“{text}” {error}")))?,
        ),
        None => None,
    };
    let Some(message) = part(&mut fields, field, "message")? else {
        return wrong(format!("{field}.message"), "is required");
    };
    let data = fields.remove("data").unwrap_or_default();
    rest(fields, field, unmapped);
    Ok(Step { at, message, data })
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
