//! The Open Cybersecurity Schema Framework, version 1.8.0 (<https://schema.ocsf.io/1.8.0/>), the latest release.
//! Its successor is going to call changes of accounts "User Management", and deprecates the class they have here.
//!
//! An event gets the class that its subject calls for, and no attribute that the class doesn't know: validators refuse
//! those. What has no place is under `unmapped` by the record's own names, and so is what is only there in part
//! (microseconds, the kinds of actors), so that the record can be had back.

mod class;

pub(super) use class::Class;

use super::{
    Origin, PRODUCT, VERSION,
    about::{self, Severity, headline, is_person, kind_of, person, put, told},
};
use class::{
    ACCOUNT_CHANGE, API_ACTIVITY, APPLICATION_ERROR, AUTHENTICATION, EMAIL_ACTIVITY, OTHER, USER_ACCESS,
    WEB_RESOURCES,
};
use daybook_domain::{
    event::{Action, Actor, ActorKind, Automation, Event, EventBody, Outcome, Target},
    time::Timestamp,
};
use serde_json::{Map, Value, json};

const SCHEMA: &str = "1.8.0";
/// How one appeared as another, in a class whose other activities are signing in and out.
const IMPERSONATE: (i64, &str) = (2, "Impersonate");

/// An event in the class that fits it best.
pub(crate) fn event(event: &Event, origin: &Origin<'_>) -> Value {
    let body = &event.body;
    let class = Class::of(body);
    let (activity, activity_name) = class.activity(body);
    let (severity, severity_name) = match Severity::of(body) {
        Severity::Routine => (1, "Informational"),
        Severity::Notable => (2, "Low"),
        Severity::Failure => (3, "Medium"),
    };
    let (status, status_name) = match body.outcome {
        Outcome::Success => (1, "Success"),
        Outcome::Failure => (2, "Failure"),
    };
    let mut fields = fields(json!({
        "class_uid": class.uid,
        "class_name": class.name,
        "category_uid": class.category.0,
        "category_name": class.category.1,
        "activity_id": activity,
        "activity_name": activity_name,
        "type_uid": class.uid * 100 + activity,
        "type_name": format!("{}: {activity_name}", class.name),
        "severity_id": severity,
        "severity": severity_name,
        "status_id": status,
        "status": status_name,
        "time": millis(body.occurred_at),
        "timezone_offset": 0,
        "message": headline(body),
        "metadata": metadata(event, class, origin),
        "actor": actor(&body.actor),
        "unmapped": unmapped(event, class, origin),
    }));
    put(&mut fields, "status_detail", body.reason.as_deref());
    if class.knows_requests() {
        put(&mut fields, "src_endpoint", body.ip.map(|ip| json!({"ip": ip})));
        let user_agent = body.user_agent.as_deref();
        put(
            &mut fields,
            "http_request",
            user_agent.map(|agent| json!({"user_agent": agent})),
        );
    }
    own_attributes(&mut fields, class, body);
    Value::Object(fields)
}

/// What only the class has.
fn own_attributes(event: &mut Map<String, Value>, class: Class, body: &EventBody) {
    let own = match class {
        AUTHENTICATION => authentication(body),
        ACCOUNT_CHANGE => json!({"user": subject_user(body)}),
        USER_ACCESS => {
            let given = granted(body);
            let privileges = if given.is_empty() { taken(body) } else { given };
            json!({"user": subject_user(body), "privileges": privileges})
        }
        EMAIL_ACTIVITY => email(body),
        WEB_RESOURCES => json!({"web_resources": resources(body)}),
        API_ACTIVITY => json!({"api": {"operation": body.event_type}, "resources": resources(body)}),
        APPLICATION_ERROR => Value::Null,
        _ => {
            let entity = entity(body);
            let result = matches!(body.action, Action::Create | Action::Update).then(|| entity.clone());
            let mut own = fields(json!({"entity": entity}));
            put(&mut own, "entity_result", result);
            Value::Object(own)
        }
    };
    event.extend(fields(own));
}

fn authentication(body: &EventBody) -> Value {
    let service = told(Some(&body.source)).unwrap_or(PRODUCT);
    let mut own =
        fields(json!({"user": subject_user(body), "service": {"name": service}, "is_remote": true}));
    if matches!(body.action, Action::ImpersonateStart | Action::ImpersonateEnd) {
        own.insert("account_switch_type_id".to_owned(), IMPERSONATE.0.into());
        own.insert("account_switch_type".to_owned(), IMPERSONATE.1.into());
    }
    let method = body.auth.as_ref().and_then(|auth| auth.method.as_deref());
    if let Some(method) = told(body.login_source.as_deref()).or(told(method)) {
        let (id, name) = match method.to_lowercase().as_str() {
            "oidc" | "openid" | "google" | "microsoft" => (4, "OpenID"),
            "saml" => (5, "SAML"),
            "oauth" | "oauth2" => (6, "OAUTH 2.0"),
            "ldap" => (12, "LDAP"),
            _ => (OTHER, method),
        };
        own.insert("auth_protocol_id".to_owned(), id.into());
        own.insert("auth_protocol".to_owned(), name.into());
    }
    if let Some(id) = body.auth.as_ref().and_then(|auth| auth.id.as_deref()) {
        own.insert("session".to_owned(), json!({"uid": id, "is_remote": true}));
    }
    Value::Object(own)
}

fn email(body: &EventBody) -> Value {
    let target = body.target();
    let mut message = fields(json!({"to": [recipient(body)]}));
    put(
        &mut message,
        "subject",
        target.and_then(|target| target.name.as_deref()),
    );
    put(
        &mut message,
        "uid",
        target.and_then(|target| target.id.as_deref()),
    );
    put(
        &mut message,
        "message_uid",
        body.metadata.get("message_id").and_then(Value::as_str),
    );
    json!({"direction_id": 2, "direction": "Outbound", "email": message})
}

/// To whom an email went.
fn recipient(body: &EventBody) -> Option<&str> {
    told(body.metadata.get("recipient").and_then(Value::as_str))
}

/// Whom the event is about: whoever was acted on, else who acted.
fn subject_user(body: &EventBody) -> Value {
    person(body).map_or_else(|| user(&body.actor), user_of)
}

fn user(actor: &Actor) -> Value {
    let (kind, name) = match actor.kind {
        ActorKind::User | ActorKind::Contact => (1, "User"),
        ActorKind::System => (3, "System"),
        ActorKind::ApiKey => (4, "Service"),
    };
    let mut user = fields(json!({"name": actor.label(), "type_id": kind, "type": name}));
    put(&mut user, "uid", actor.id.as_deref());
    put(&mut user, "email_addr", actor.email.as_deref());
    Value::Object(user)
}

fn user_of(target: &Target) -> Value {
    let mut user = fields(json!({"name": target.label(), "type_id": 1, "type": "User"}));
    put(&mut user, "uid", target.id.as_deref());
    Value::Object(user)
}

fn actor(actor: &Actor) -> Value {
    let mut who = fields(json!({"user": user(actor)}));
    put(&mut who, "app_name", actor.automation.map(Automation::title));
    Value::Object(who)
}

/// The thing that was acted on, or what is known of it.
fn entity(body: &EventBody) -> Value {
    let Some(target) = body.target() else {
        let section = told(body.section.as_deref());
        let name = section.unwrap_or(&body.event_type);
        return json!({"name": name, "type_id": OTHER, "type": section.unwrap_or("other")});
    };
    let mut entity = fields(json!({"name": target.label()}));
    put(&mut entity, "uid", target.id.as_deref());
    let same = Value::Object(entity.clone());
    let (id, name) = if is_person(target) {
        entity.insert("user".to_owned(), user_of(target));
        (2, "User")
    } else if target.kind.eq_ignore_ascii_case("company") {
        entity.insert("org".to_owned(), same);
        (4, "Organization")
    } else {
        (OTHER, target.kind.as_str())
    };
    entity.insert("type_id".to_owned(), id.into());
    entity.insert("type".to_owned(), name.into());
    Value::Object(entity)
}

fn resources(body: &EventBody) -> Vec<Value> {
    let resource = |target: &Target| {
        let mut resource = fields(json!({"name": target.label(), "type": target.kind}));
        put(&mut resource, "uid", target.id.as_deref());
        Value::Object(resource)
    };
    if body.targets.is_empty() {
        let name = told(body.section.as_deref()).unwrap_or(&body.event_type);
        return vec![json!({"name": name})];
    }
    body.targets.iter().map(resource).collect()
}

/// What somebody may do since then, and what no more.
fn granted(body: &EventBody) -> Vec<String> {
    body.changes
        .iter()
        .flat_map(|change| texts(&change.after))
        .collect()
}

fn taken(body: &EventBody) -> Vec<String> {
    body.changes
        .iter()
        .flat_map(|change| texts(&change.before))
        .collect()
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        other => vec![other.to_string()],
    }
}

fn metadata(event: &Event, class: Class, origin: &Origin<'_>) -> Value {
    let body = &event.body;
    let mut metadata = fields(json!({
        "version": SCHEMA,
        "product": {"name": PRODUCT, "vendor_name": PRODUCT, "version": VERSION},
        "uid": event.id,
        "sequence": event.sequence,
        "log_name": body.log.name(),
        "log_provider": body.source,
        "event_code": body.event_type,
        "logged_time": millis(event.recorded_at),
        "original_time": body.occurred_at,
        "tenant_uid": origin.workspace,
        "reporter": {"name": PRODUCT, "hostname": origin.host},
    }));
    put(
        &mut metadata,
        "original_event_uid",
        body.source_event_id.as_deref(),
    );
    put(&mut metadata, "correlation_uid", body.correlation_id.as_deref());
    put(
        &mut metadata,
        "profiles",
        (!class.knows_actors()).then(|| json!(["host"])),
    );
    Value::Object(metadata)
}

/// The record without what stands elsewhere whole.
fn unmapped(event: &Event, class: Class, origin: &Origin<'_>) -> Value {
    const ELSEWHERE: [&str; 11] = [
        "id",
        "sequence",
        "log",
        "source",
        "source_event_id",
        "event_type",
        "occurred_at",
        "correlation_id",
        "summary",
        "outcome",
        "reason",
    ];
    let mut record = about::record(event);
    for name in ELSEWHERE {
        record.remove(name);
    }
    if class.knows_requests() {
        record.remove("ip");
        record.remove("user_agent");
    }
    record.insert("actor".to_owned(), kind_of(&event.body.actor));
    put(&mut record, "url", origin.link(event));
    Value::Object(record)
}

/// Milliseconds of the Unix epoch.
fn millis(at: Timestamp) -> i64 {
    at.micros().div_euclid(1000)
}

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
