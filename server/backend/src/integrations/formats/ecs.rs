//! The Elastic Common Schema, version 9.4.0 (<https://www.elastic.co/docs/reference/ecs>). Every field used is in 8.x too.
//!
//! What the schema has no field for is under `daybook` by the record's own names. There, values of any shape (metadata, what
//! was before and after, what belongs to a step) are JSON as text: an index that has seen a number under a name refuses the
//! next event that has an object there, and one that takes every name in runs out of fields. A text that isn't JSON stands
//! as it is, so that it can be searched for; read as JSON where it can be, as text where it can't, each value is had back.
//!
//! Where somebody appeared as another, `user` is who acted and `user.effective` is whose rights they had, as the
//! schema has it for `sudo` (<https://www.elastic.co/docs/reference/ecs/ecs-user-usage>).

use super::{
    Origin, PRODUCT, VERSION,
    about::{self, Severity, Subject, changes_something, headline, is_of_access, is_person, person, put},
};
use daybook_domain::{
    event::{Action, Actor, Event, EventBody, NamedRef, Outcome, Portal, Target},
    log::LogKind,
};
use serde_json::{Map, Value, json};

const SCHEMA: &str = "9.4.0";
const MODULE: &str = "daybook";

/// An event as a document.
pub(crate) fn event(event: &Event, origin: &Origin<'_>) -> Value {
    let body = &event.body;
    let mut document = Map::new();
    let mut set = |name: &str, value: Value| document.insert(name.to_owned(), value);
    set("@timestamp", json!(body.occurred_at));
    set("ecs", json!({"version": SCHEMA}));
    set("event", about_event(event, origin));
    set("message", headline(body).into());
    set("user", user(body));
    set("organization", json!({"name": origin.workspace}));
    set(
        "observer",
        json!({"vendor": PRODUCT, "product": PRODUCT, "version": VERSION, "hostname": origin.host}),
    );
    set("related", related(body));
    set(MODULE, own(event));
    if let Some(ip) = body.ip {
        set("source", json!({"ip": ip, "address": ip}));
    }
    if let Some(agent) = &body.user_agent {
        set("user_agent", json!({"original": agent}));
    }
    if let (Outcome::Failure, Some(reason)) = (body.outcome, &body.reason) {
        set("error", json!({"message": reason}));
    }
    let labels = labels(body);
    if !labels.is_empty() {
        set("labels", labels.into());
    }
    Value::Object(document)
}

fn about_event(event: &Event, origin: &Origin<'_>) -> Value {
    let body = &event.body;
    let (category, kinds) = categorised(body);
    let mut about = Map::new();
    let mut set = |name: &str, value: Value| about.insert(name.to_owned(), value);
    set("kind", "event".into());
    if let Some(category) = category {
        set("category", json!([category]));
    }
    set("type", json!(kinds));
    set("action", body.event_type.as_str().into());
    set("outcome", body.outcome.name().into());
    set("id", json!(event.id));
    set("sequence", event.sequence.into());
    set("created", json!(event.recorded_at));
    set("module", MODULE.into());
    set("dataset", format!("{MODULE}.{}", body.log).into());
    set("provider", body.source.as_str().into());
    let severity = match Severity::of(body) {
        Severity::Routine => 1,
        Severity::Notable => 2,
        Severity::Failure => 3,
    };
    set("severity", severity.into());
    put(&mut about, "reason", body.reason.as_deref());
    put(&mut about, "url", origin.link(event));
    Value::Object(about)
}

/// The category, none where the schema has none that fits, and the types that the category allows.
pub(super) fn categorised(body: &EventBody) -> (Option<&'static str>, Vec<&'static str>) {
    let change = match body.action {
        Action::Create | Action::Invite | Action::Import => "creation",
        Action::Delete => "deletion",
        Action::Read | Action::Export => "access",
        Action::Open | Action::Close => "change",
        action if changes_something(action) => "change",
        _ => "info",
    };
    // Not every category has a word for reading.
    let of_people = if change == "access" { "info" } else { change };
    match Subject::of(body) {
        Subject::Session => match body.action {
            Action::Login | Action::ImpersonateStart => (Some("authentication"), vec!["start"]),
            Action::Logout | Action::ImpersonateEnd => (Some("authentication"), vec!["end"]),
            _ => (Some("authentication"), vec!["info"]),
        },
        Subject::Account | Subject::Rights => (Some("iam"), vec!["user", of_people]),
        Subject::Transfer | Subject::Api => (Some("api"), vec![change]),
        Subject::Email => (Some("email"), vec!["info"]),
        Subject::Failure => match body.log {
            LogKind::WebhookFailure => (Some("web"), vec!["error"]),
            LogKind::IntegrationFailure => (Some("api"), vec!["info"]),
            _ => (Some("process"), vec!["info"]),
        },
        Subject::Thing if body.target().is_some_and(is_of_access) => (Some("iam"), vec!["admin", of_people]),
        Subject::Thing => match body.log {
            LogKind::Activity | LogKind::Access | LogKind::Billing => (Some("configuration"), vec![change]),
            LogKind::WorkSession => (Some("session"), vec!["info"]),
            _ => (None, vec![change]),
        },
    }
}

/// Who acted, as whom, and on whom.
fn user(body: &EventBody) -> Value {
    let appears = body.action == Action::ImpersonateStart;
    let target = person(body).map(|target| somebody(target.name.as_deref(), target.id.as_deref(), None));
    let (mut user, effective) = match &body.impersonator {
        Some(impersonator) => (of(impersonator), Some(of(&body.actor))),
        None => (of(&body.actor), target.clone().filter(|_| appears)),
    };
    put(&mut user, "effective", effective);
    put(&mut user, "target", target);
    Value::Object(user)
}

fn of(actor: &Actor) -> Map<String, Value> {
    let mut user = somebody(actor.name.as_deref(), actor.id.as_deref(), actor.email.as_deref());
    // Systems and keys are known by what they are.
    user.entry("name").or_insert_with(|| actor.label().into());
    user
}

fn somebody(name: Option<&str>, id: Option<&str>, email: Option<&str>) -> Map<String, Value> {
    let mut user = Map::new();
    put(&mut user, "name", name.or(email).or(id));
    put(&mut user, "full_name", name);
    put(&mut user, "id", id);
    put(&mut user, "email", email);
    user
}

/// Everybody and every address, wherever they stand.
fn related(body: &EventBody) -> Value {
    let of_actor = |actor: &Actor| [Some(actor.label()), actor.id.clone(), actor.email.clone()];
    let of_target = |target: &Target| [target.name.clone(), target.id.clone()];
    let of_contact = |contact: &NamedRef| [contact.name.clone(), contact.id.clone()];
    let actors = std::iter::once(&body.actor)
        .chain(&body.impersonator)
        .flat_map(of_actor);
    let people = body.targets.iter().filter(|target| is_person(target));
    let others = people
        .flat_map(of_target)
        .chain(body.contact.iter().flat_map(of_contact));
    let mut users: Vec<String> = Vec::new();
    for user in actors.chain(others).flatten() {
        if !user.is_empty() && !users.contains(&user) {
            users.push(user);
        }
    }
    let mut related = Map::new();
    related.insert("user".to_owned(), users.into());
    put(&mut related, "ip", body.ip.map(|ip| json!([ip])));
    Value::Object(related)
}

/// What lists are narrowed by, as keywords.
fn labels(body: &EventBody) -> Map<String, Value> {
    let name = |of: &Option<NamedRef>| of.as_ref().map(|of| of.label().to_owned());
    let mut labels = Map::new();
    put(&mut labels, "category", body.category.as_deref());
    put(&mut labels, "section", body.section.as_deref());
    put(&mut labels, "portal", body.portal.map(Portal::name));
    put(&mut labels, "brand", name(&body.brand));
    put(&mut labels, "company", name(&body.company));
    labels
}

/// The record without what stands elsewhere whole.
fn own(event: &Event) -> Value {
    const ELSEWHERE: [&str; 11] = [
        "id",
        "sequence",
        "recorded_at",
        "occurred_at",
        "source",
        "event_type",
        "outcome",
        "reason",
        "ip",
        "user_agent",
        "summary",
    ];
    let mut record = about::record(event);
    for name in ELSEWHERE {
        record.remove(name);
    }
    if let Some(metadata) = record.get_mut("metadata") {
        *metadata = metadata.to_string().into();
    }
    as_text(&mut record, "changes", &["before", "after"]);
    as_text(&mut record, "steps", &["data"]);
    Value::Object(record)
}

fn as_text(record: &mut Map<String, Value>, list: &str, names: &[&str]) {
    for entry in record
        .get_mut(list)
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        for name in names {
            if let Some(value) = entry.get_mut(name) {
                *value = text(value).into();
            }
        }
    }
}

/// A value of any shape as a text that tells which it was.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) if serde_json::from_str::<Value>(text).is_err() => text.clone(),
        other => other.to_string(),
    }
}
