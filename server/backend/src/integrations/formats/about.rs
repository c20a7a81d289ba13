//! What an event is about, as the schemas of others divide the world. One place, so that no two formats disagree.

use super::text::words;
use daybook_domain::{
    event::{Action, Actor, Automation, Change, Event, EventBody, Outcome, Portal, Target},
    log::LogKind,
};
use serde_json::{Map, Value};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// Signing in and out, and appearing as another.
    Session,
    /// The account of somebody who works here.
    Account,
    /// What such an account may do, and nothing else of it.
    Rights,
    /// Data that was taken out or brought in.
    Transfer,
    /// What a program read.
    Api,
    /// An email that didn't arrive.
    Email,
    /// A delivery, a call or a workflow that failed.
    Failure,
    /// Anything else that was made, read, changed or removed.
    Thing,
}

impl Subject {
    pub(super) fn of(body: &EventBody) -> Self {
        match (body.log, body.action) {
            (LogKind::EmailFailure, _) => Self::Email,
            (LogKind::WebhookFailure | LogKind::IntegrationFailure | LogKind::WorkflowFailure, _) => {
                Self::Failure
            }
            (LogKind::ContactAuthentication, _)
            | (_, Action::Login | Action::Logout | Action::ImpersonateStart | Action::ImpersonateEnd) => {
                Self::Session
            }
            (_, Action::Export | Action::Import) => Self::Transfer,
            // Without an address nothing is known of the call that a schema of calls asks for.
            (_, Action::Read) if body.portal == Some(Portal::Api) && body.ip.is_some() => Self::Api,
            (LogKind::WorkSession | LogKind::Conversation, _) => Self::Thing,
            (_, action) if changes_something(action) && body.target().is_some_and(is_account) => {
                if is_of_rights(body) {
                    Self::Rights
                } else {
                    Self::Account
                }
            }
            _ => Self::Thing,
        }
    }
}

pub(super) fn changes_something(action: Action) -> bool {
    matches!(
        action,
        Action::Create
            | Action::Update
            | Action::Delete
            | Action::Assign
            | Action::Invite
            | Action::Enable
            | Action::Disable
            | Action::Restore
            | Action::Revoke
            | Action::Merge
            | Action::Join
            | Action::Leave
    )
}

/// Whether all that changed is what somebody may do, and it is known what that is.
fn is_of_rights(body: &EventBody) -> bool {
    let grants = matches!(body.action, Action::Update | Action::Assign | Action::Revoke);
    let known = |change: &Change| !(change.before.is_null() && change.after.is_null());
    grants
        && !body.changes.is_empty()
        && body
            .changes
            .iter()
            .all(|change| names_rights(change) && known(change))
}

/// Whether a property says what somebody may do.
fn names_rights(change: &Change) -> bool {
    const RIGHTS: [&str; 6] = [
        "role",
        "roles",
        "permission",
        "permissions",
        "privilege",
        "privileges",
    ];
    words(&change.property).any(|word| RIGHTS.contains(&word.as_str()))
}

/// Whether it is the account of somebody who works here. Others say these words too, in any case.
pub(super) fn is_account(target: &Target) -> bool {
    const ACCOUNTS: [&str; 4] = ["user", "service_agent", "agent", "member"];
    ACCOUNTS.iter().any(|kind| target.kind.eq_ignore_ascii_case(kind))
}

/// Whether it is somebody: an account, or a contact of a company.
pub(super) fn is_person(target: &Target) -> bool {
    is_account(target) || target.kind.eq_ignore_ascii_case("contact")
}

/// Whether what is acted on says who may do what.
pub(super) fn is_of_access(target: &Target) -> bool {
    const ACCESS: [&str; 5] = ["role", "permission", "api_key", "session", "sign_in_policy"];
    ACCESS.iter().any(|kind| target.kind.eq_ignore_ascii_case(kind))
}

/// How much somebody who watches many systems should mind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Severity {
    Routine,
    /// Went well, and is what an investigation looks for first.
    Notable,
    Failure,
}

impl Severity {
    pub(super) fn of(body: &EventBody) -> Self {
        let notable = matches!(
            body.action,
            Action::Delete
                | Action::Disable
                | Action::Export
                | Action::ImpersonateStart
                | Action::ImpersonateEnd
                | Action::Revoke
        );
        match body.outcome {
            Outcome::Failure => Self::Failure,
            Outcome::Success if notable || body.changes.iter().any(names_rights) => Self::Notable,
            Outcome::Success => Self::Routine,
        }
    }
}

/// The sentence a person reads; made up of who, what and whom where the source told none.
pub(super) fn headline(body: &EventBody) -> String {
    if let Some(summary) = told(body.summary.as_deref()) {
        return summary.to_owned();
    }
    let (who, what) = (who(body), &body.event_type);
    match body.target() {
        Some(target) => format!("{who}: {what} ({})", target.label()),
        None => format!("{who}: {what}"),
    }
}

/// Who acted, "A as B" where somebody appeared as another.
pub(super) fn who(body: &EventBody) -> String {
    let actor = body.actor.label();
    match &body.impersonator {
        Some(impersonator) => format!("{} as {actor}", impersonator.label()),
        None => actor,
    }
}

/// The somebody that an event is about, where that is what it is about.
pub(super) fn person(body: &EventBody) -> Option<&Target> {
    body.target().filter(|target| is_person(target))
}

/// A text that says something.
pub(super) fn told(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

/// The fields of the record, by their own names.
pub(super) fn record(event: &Event) -> Map<String, Value> {
    match serde_json::to_value(event) {
        Ok(Value::Object(fields)) => fields,
        // Never: all its keys are texts.
        _ => Map::new(),
    }
}

/// What of an actor is a word of ours.
pub(super) fn kind_of(actor: &Actor) -> Value {
    let mut kind = Map::new();
    kind.insert("kind".to_owned(), actor.kind.name().into());
    put(&mut kind, "automation", actor.automation.map(Automation::name));
    Value::Object(kind)
}

/// Adds a field, where there is a value for it.
pub(super) fn put(fields: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        fields.insert(name.to_owned(), value.into());
    }
}
