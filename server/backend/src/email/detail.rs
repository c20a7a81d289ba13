//! One message, with what has happened to it and what it says.

use super::{attachments, list, message, records::OURS, secret, settings, suppressions};
use crate::{Result, local_time::Reader};
use daybook_domain::{
    Error as Told,
    email::{BounceType, EmailDetail, EmailEvent, SendAgain},
    id::{EmailMessageId, WorkspaceId},
};
use daybook_entity::{email_body, email_event, email_message};
use sea_orm::{ConnectionTrait, EntityTrait};
use std::ops::RangeInclusive;

/// How far off the next attempt is, in microseconds, where it is worth waiting for. One that is long overdue waits for
/// something else: that mail is set up again, say.
const SOON: RangeInclusive<i64> = -30_000_000..=10_000_000;

pub(crate) async fn find(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: EmailMessageId,
) -> Result<email_message::Model> {
    let row = email_message::Entity::find_by_id((workspace.0, id.0))
        .one(db)
        .await?;
    Ok(row.ok_or(Told::NotFound)?)
}

/// What a message says, where it is kept.
pub(super) async fn body(
    db: &impl ConnectionTrait,
    row: &email_message::Model,
) -> Result<Option<email_body::Model>> {
    let key = (row.workspace_id, row.id);
    Ok(email_body::Entity::find_by_id(key).one(db).await?)
}

/// The text of a message, where it is kept.
pub(crate) async fn text_of(db: &impl ConnectionTrait, row: &email_message::Model) -> Result<Option<String>> {
    Ok(body(db, row).await?.and_then(|body| body.body_text))
}

pub(super) async fn detail(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: EmailMessageId,
    reader: &Reader,
) -> Result<EmailDetail> {
    let row = find(db, workspace, id).await?;
    let mut events = message::events_of(db, &row).await?;
    events.sort_by_key(|event| (event.at, super::status(&event.status).ok()));
    let body = body(db, &row).await?;
    let suppressed = suppressions::of(db, workspace, &row.address).await?;
    let again = match &body {
        Some(body) if secret::is_gone(body, reader.now()) => SendAgain::LinkGone,
        Some(_) if row.source == OURS => SendAgain::Can,
        _ => SendAgain::Cannot,
    };
    let paused = match row.next_at {
        Some(_) => settings::paused(&settings::find(db, workspace).await?, reader)?,
        None => None,
    };
    let next = row.next_at.map(|next| next - reader.now().micros());
    Ok(EmailDetail {
        from: row.sender.clone(),
        to_name: row.to_name.clone(),
        message_id: row.message_id.clone(),
        provider_id: row.provider_id.clone(),
        events: events
            .into_iter()
            .map(|event| shown(event, reader))
            .collect::<Result<_>>()?,
        has_html: body.as_ref().is_some_and(|body| body.body_html.is_some()),
        again,
        text: body.and_then(|body| body.body_text),
        attachments: attachments::shown(db, workspace, row.id).await?,
        suppressed,
        soon: paused.is_none() && next.is_some_and(|next| SOON.contains(&next)),
        paused,
        email: list::shown(row, reader)?,
    })
}

fn shown(event: email_event::Model, reader: &Reader) -> Result<EmailEvent> {
    Ok(EmailEvent {
        at: reader.stored(event.at)?,
        status: super::status(&event.status)?,
        bounce: event.bounce.as_deref().and_then(BounceType::from_name),
        code: event.code,
        detail: event.detail,
        source: event.source,
        url: event.url,
        ip: event.ip,
        user_agent: event.user_agent,
    })
}
