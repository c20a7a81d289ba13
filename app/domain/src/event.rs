//! The record. Field names and meanings are contract.md §1's, in the database, the API and here.

mod vocabulary;

pub(crate) use vocabulary::words;
pub use vocabulary::{Action, ActorKind, Automation, Outcome, Portal};

use crate::{Error, Result, id::EventId, log::LogKind, time::Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::net::IpAddr;

/// The most an event may weigh as canonical JSON, in bytes.
pub const MAX_EVENT_BYTES: usize = 64 * 1024;
pub const MAX_CHANGES: usize = 200;
pub const MAX_STEPS: usize = 200;
pub const MAX_TARGETS: usize = 200;
/// Longest text field, in characters, unless said otherwise.
pub const MAX_TEXT_CHARS: usize = 1000;
/// Longest `event_type`, in characters.
pub const MAX_EVENT_TYPE_CHARS: usize = 128;

/// A stored record: what happened, plus what the store added. Never changed once written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Event {
    pub id: EventId,
    /// Gapless per workspace, from 1, assigned at commit: the order of the proof log.
    pub sequence: i64,
    pub recorded_at: Timestamp,
    #[serde(flatten)]
    pub body: EventBody,
}

impl Event {
    /// Reads a stored record. `Deserialize` does too, but puts every field aside until it knows whose it is: that takes
    /// longer than reading the record twice.
    ///
    /// # Errors
    /// Where it isn't one.
    pub fn from_record(record: &str) -> serde_json::Result<Self> {
        #[derive(Deserialize)]
        struct Place {
            id: EventId,
            sequence: i64,
            recorded_at: Timestamp,
        }
        let Place {
            id,
            sequence,
            recorded_at,
        } = serde_json::from_str(record)?;
        let body = serde_json::from_str(record)?;
        Ok(Self {
            id,
            sequence,
            recorded_at,
            body,
        })
    }
}

/// What happened, as told by its source. Absent optional fields are left out of the JSON: absent and null are one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventBody {
    /// Who sent it: `daybook` for the product's own, else the API key's name.
    pub source: String,
    /// The caller's idempotency id, unique per source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_event_id: Option<String>,
    pub occurred_at: Timestamp,
    pub log: LogKind,
    /// `role.updated`, `chat-opened`, anything up to 128 characters.
    pub event_type: String,
    pub action: Action,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The kind of object or setting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The sentence a person reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub actor: Actor,
    /// Who really acted, where somebody appeared as `actor`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impersonator: Option<Actor>,
    /// What was acted on; the first is the main one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<NamedRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<NamedRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<NamedRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<NamedRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub ip: Option<IpAddr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portal: Option<Portal>,
    /// form, google, microsoft, saml, oidc, `magic_link` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<Auth>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub metadata: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
}

impl EventBody {
    /// A body with everything but the required left out: log activity, action other, outcome success.
    pub fn new(event_type: impl Into<String>, actor: Actor, occurred_at: Timestamp) -> Self {
        Self {
            source: String::new(),
            source_event_id: None,
            occurred_at,
            log: LogKind::Activity,
            event_type: event_type.into(),
            action: Action::Other,
            category: None,
            section: None,
            summary: None,
            outcome: Outcome::Success,
            reason: None,
            actor,
            impersonator: None,
            targets: Vec::new(),
            company: None,
            contact: None,
            conversation: None,
            brand: None,
            ip: None,
            user_agent: None,
            portal: None,
            login_source: None,
            auth: None,
            changes: Vec::new(),
            steps: Vec::new(),
            metadata: Map::new(),
            correlation_id: None,
        }
    }

    /// Checks the limits of contract.md §1, except the size as JSON, which the store checks where it has the bytes.
    ///
    /// # Errors
    /// `Error::Invalid` with the JSON field and a sentence.
    pub fn check_limits(&self) -> Result<()> {
        let event_type = self.event_type.trim();
        if event_type.is_empty() {
            return Err(Error::invalid("event_type", "is required"));
        }
        at_most("event_type", &self.event_type, MAX_EVENT_TYPE_CHARS)?;
        at_most("source", &self.source, MAX_TEXT_CHARS)?;
        let texts = [
            ("id", &self.source_event_id),
            ("category", &self.category),
            ("section", &self.section),
            ("summary", &self.summary),
            ("reason", &self.reason),
            ("user_agent", &self.user_agent),
            ("login_source", &self.login_source),
            ("correlation_id", &self.correlation_id),
        ];
        for (field, text) in texts {
            if let Some(text) = text {
                at_most(field, text, MAX_TEXT_CHARS)?;
            }
        }
        self.actor.check_limits("actor")?;
        if let Some(impersonator) = &self.impersonator {
            impersonator.check_limits("impersonator")?;
        }
        for (field, of) in [
            ("company", &self.company),
            ("contact", &self.contact),
            ("conversation", &self.conversation),
            ("brand", &self.brand),
        ] {
            if let Some(of) = of {
                at_most(field, of.id.as_deref().unwrap_or_default(), MAX_TEXT_CHARS)?;
                at_most(field, of.name.as_deref().unwrap_or_default(), MAX_TEXT_CHARS)?;
            }
        }
        if let Some(auth) = &self.auth {
            at_most(
                "auth.method",
                auth.method.as_deref().unwrap_or_default(),
                MAX_TEXT_CHARS,
            )?;
            at_most("auth.id", auth.id.as_deref().unwrap_or_default(), MAX_TEXT_CHARS)?;
        }
        count_at_most("targets", self.targets.len(), MAX_TARGETS)?;
        for (index, target) in self.targets.iter().enumerate() {
            for text in [Some(&target.kind), target.id.as_ref(), target.name.as_ref()]
                .into_iter()
                .flatten()
            {
                at_most(&format!("targets[{index}]"), text, MAX_TEXT_CHARS)?;
            }
        }
        count_at_most("changes", self.changes.len(), MAX_CHANGES)?;
        for (index, change) in self.changes.iter().enumerate() {
            at_most(
                &format!("changes[{index}].property"),
                &change.property,
                MAX_TEXT_CHARS,
            )?;
        }
        count_at_most("steps", self.steps.len(), MAX_STEPS)?;
        for (index, step) in self.steps.iter().enumerate() {
            at_most(&format!("steps[{index}].message"), &step.message, MAX_TEXT_CHARS)?;
        }
        Ok(())
    }

    /// The main target.
    pub fn target(&self) -> Option<&Target> {
        self.targets.first()
    }
}

fn at_most(field: &str, text: &str, limit: usize) -> Result<()> {
    // A text of n bytes has at most n characters, so most are decided without counting.
    if text.len() > limit && text.chars().count() > limit {
        return Err(Error::invalid(
            field,
            format!("is longer than {limit} characters"),
        ));
    }
    Ok(())
}

fn count_at_most(field: &str, count: usize, limit: usize) -> Result<()> {
    if count > limit {
        return Err(Error::invalid(
            field,
            format!("has {count} entries, more than {limit}"),
        ));
    }
    Ok(())
}

/// Who acted. Copied at write, so that it survives the deletion of the person.
// R48
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Actor {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automation: Option<Automation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub kind: ActorKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Actor {
    pub fn new(kind: ActorKind) -> Self {
        Self {
            kind,
            id: None,
            name: None,
            email: None,
            automation: None,
        }
    }

    pub fn named(kind: ActorKind, name: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            ..Self::new(kind)
        }
    }

    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    #[must_use]
    pub fn with_email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// A text that is the same for every event of this actor within a workspace: the id, else the email, else the
    /// name, else what kind of actor it is. It is the value of the `actor` filter.
    pub fn key(&self) -> String {
        [&self.id, &self.email, &self.name]
            .into_iter()
            .flatten()
            .find(|text| !text.is_empty())
            .cloned()
            .unwrap_or_else(|| {
                self.automation
                    .map_or(self.kind.name(), Automation::name)
                    .to_owned()
            })
    }

    /// What a person reads: the name, else the email, else the id, else what kind of actor it is.
    pub fn label(&self) -> String {
        [&self.name, &self.email, &self.id]
            .into_iter()
            .flatten()
            .find(|text| !text.is_empty())
            .cloned()
            .unwrap_or_else(|| {
                self.automation
                    .map_or(self.kind.title(), Automation::title)
                    .to_owned()
            })
    }

    fn check_limits(&self, field: &str) -> Result<()> {
        for (part, text) in [("id", &self.id), ("name", &self.name), ("email", &self.email)] {
            if let Some(text) = text {
                at_most(&format!("{field}.{part}"), text, MAX_TEXT_CHARS)?;
            }
        }
        Ok(())
    }
}

/// A thing acted on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Target {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Target {
    pub fn new(kind: impl Into<String>, id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            id: Some(id.into()),
            name: Some(name.into()),
        }
    }

    pub fn label(&self) -> &str {
        self.name.as_deref().or(self.id.as_deref()).unwrap_or(&self.kind)
    }
}

/// A thing the event belongs to, by id and by the name it had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedRef {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl NamedRef {
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: Some(id.into()),
            name: Some(name.into()),
        }
    }

    pub fn label(&self) -> &str {
        self.name.as_deref().or(self.id.as_deref()).unwrap_or_default()
    }
}

/// How somebody signed in, and the identity provider's own id of it.
// R26
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Auth {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
}

/// One attribute that changed. Null stands for "not there". With `secret` the values are never present.
// R50
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub after: Value,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub before: Value,
    pub property: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
}

impl Change {
    pub fn new(property: impl Into<String>, before: impl Into<Value>, after: impl Into<Value>) -> Self {
        Self {
            property: property.into(),
            before: before.into(),
            after: after.into(),
            secret: false,
        }
    }

    /// A change whose values must not be kept.
    pub fn secret(property: impl Into<String>) -> Self {
        Self {
            property: property.into(),
            before: Value::Null,
            after: Value::Null,
            secret: true,
        }
    }
}

/// One numbered step of a trace.
// R2
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Step {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub data: Value,
    pub message: String,
}

impl Step {
    pub fn new(at: Timestamp, message: impl Into<String>) -> Self {
        Self {
            at: Some(at),
            message: message.into(),
            data: Value::Null,
        }
    }

    #[must_use]
    pub fn with_data(mut self, data: Value) -> Self {
        self.data = data;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body() -> EventBody {
        let at = "2026-11-22T14:12:51Z".parse().unwrap();
        EventBody::new("role.updated", Actor::named(ActorKind::User, "Mara Okafor"), at)
    }

    #[test]
    fn absent_fields_stay_out_of_the_json() {
        let json = serde_json::to_value(body()).unwrap();
        let keys: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            keys,
            [
                "action",
                "actor",
                "event_type",
                "log",
                "occurred_at",
                "outcome",
                "source"
            ]
        );
        assert_eq!(serde_json::from_value::<EventBody>(json).unwrap(), body());
    }

    #[test]
    fn limits_name_the_field() {
        let mut long = body();
        long.summary = Some("ä".repeat(MAX_TEXT_CHARS));
        assert_eq!(long.check_limits(), Ok(()));
        long.summary = Some("ä".repeat(MAX_TEXT_CHARS + 1));
        assert_eq!(
            long.check_limits(),
            Err(Error::invalid("summary", "is longer than 1000 characters"))
        );
        let mut many = body();
        many.changes = vec![Change::new("Role", "Member", "Dispatcher"); MAX_CHANGES + 1];
        assert_eq!(
            many.check_limits(),
            Err(Error::invalid("changes", "has 201 entries, more than 200"))
        );
        let mut blank = body();
        blank.event_type = " ".into();
        assert_eq!(
            blank.check_limits(),
            Err(Error::invalid("event_type", "is required"))
        );
    }

    #[test]
    fn an_actor_always_has_a_key_and_a_label() {
        let router = Actor {
            automation: Some(Automation::QueueRouter),
            ..Actor::new(ActorKind::System)
        };
        assert_eq!(
            (router.key().as_str(), router.label().as_str()),
            ("queue_router", "Queue router")
        );
        let known = Actor::named(ActorKind::User, "Mara")
            .with_id("7")
            .with_email("mara@northdesk.example");
        assert_eq!((known.key().as_str(), known.label().as_str()), ("7", "Mara"));
    }
}
