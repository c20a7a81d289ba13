//! Email in the log: what went wrong with messages, and what people do.

use super::message::NewEvent;
use crate::{
    record::{OWN_SOURCE, own_event},
    writer::WriteTx,
};
use daybook_domain::{
    catalogue::OwnType,
    email::{BounceType, EmailStatus},
    event::{EventBody, MAX_TEXT_CHARS, NamedRef, Outcome, Target},
    id::WorkspaceId,
    permission::PermissionSet,
    viewer::{Principal, RequestContext, Viewer},
};
use daybook_entity::email_message;
use serde_json::json;

/// As whom the system does what it does with mail.
const NAME: &str = "Email";

/// What acts where nobody has asked.
pub(super) fn system(workspace: WorkspaceId) -> Viewer {
    let principal = Principal::System {
        name: NAME.to_owned(),
    };
    Viewer::new(
        workspace,
        principal,
        PermissionSet::new(),
        "UTC".to_owned(),
        "System".to_owned(),
        RequestContext::default(),
    )
}

/// Whose mail it is, as a record says it.
fn place(body: &mut EventBody, row: &email_message::Model) {
    let named = |id: &Option<String>, name: &Option<String>| {
        id.as_ref()?;
        Some(NamedRef {
            id: id.clone(),
            name: name.clone(),
        })
    };
    body.brand = named(&row.brand_id, &row.brand_name);
    body.company = named(&row.company_id, &row.company_name);
    body.contact = named(&row.contact_id, &row.contact_name);
    body.targets = vec![Target::new("email_message", row.id.to_string(), &row.subject)];
    body.metadata
        .insert("recipient".to_owned(), row.address.as_str().into());
}

/// What somebody has done with a message.
pub(super) fn done(tx: &mut WriteTx, who: &Viewer, of: OwnType, row: &email_message::Model, summary: String) {
    done_with(tx, who, of, row, summary, &[]);
}

/// The same, with what else there is to say of it.
pub(super) fn done_with(
    tx: &mut WriteTx,
    who: &Viewer,
    of: OwnType,
    row: &email_message::Model,
    summary: String,
    more: &[(&str, &str)],
) {
    let mut body = own_event(of, who, tx);
    place(&mut body, row);
    let more = more
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)));
    body.metadata.extend(more);
    body.summary = Some(summary.chars().take(MAX_TEXT_CHARS).collect());
    tx.record(who.workspace(), body);
}

/// What went wrong with a message, where something did.
pub(super) fn failed(tx: &mut WriteTx, row: &email_message::Model, event: &NewEvent) {
    let (of, verb) = match event.status {
        EmailStatus::Bounced => (OwnType::EmailBounced, "bounced"),
        EmailStatus::Deferred => (OwnType::EmailDeferred, "was deferred"),
        EmailStatus::Complained => (OwnType::EmailComplained, "was marked as unwanted"),
        EmailStatus::Suppressed => (OwnType::EmailRecipientBlocked, "was not sent"),
        _ => return,
    };
    let workspace = WorkspaceId(row.workspace_id);
    let mut body = own_event(of, &system(workspace), tx);
    place(&mut body, row);
    let reason = event.detail.as_deref().unwrap_or("No reason was given.");
    let reason: String = reason.chars().take(MAX_TEXT_CHARS).collect();
    let summary = format!("“{}” to {} {verb}: {reason}", row.subject, row.address);
    body.summary = Some(summary.chars().take(MAX_TEXT_CHARS).collect());
    body.occurred_at = event.at;
    body.outcome = Outcome::Failure;
    body.reason = Some(reason);
    body.correlation_id = Some(row.id.to_string());
    body.portal = None;
    let told = [
        ("bounce_type", event.bounce.map(BounceType::name)),
        ("code", event.code.as_deref()),
        ("message_id", row.message_id.as_deref()),
        ("said_by", Some(event.source.as_str())),
    ];
    let told = told.into_iter().filter_map(|(name, value)| Some((name, value?)));
    body.metadata
        .extend(told.map(|(name, value)| (name.to_owned(), json!(value))));
    tx.record(workspace, body);
}

/// Who sends what this system sends.
pub(super) const OURS: &str = OWN_SOURCE;
