//! Sending by hand: a test, one message once more, all that failed since a time.

use super::{Endpoint, fan_out, outgoing::TEST_TYPE, send::WebhookCarrier};
use crate::{
    Result,
    delivery::{
        outbox::{self, Due},
        worker::Carrier,
    },
    rows::insert_many,
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    catalogue::OwnType,
    id::{WebhookMessageId, WorkspaceId},
    object::ObjectStatus,
    time::Timestamp,
    viewer::Viewer,
    webhook::{AttemptCause, MAX_RECOVERED, MessageState},
};
use daybook_entity::webhook_message::{self, Column as C};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::Expr,
};
use serde_json::json;
use uuid::Uuid;

/// Messages of one statement.
const TOGETHER: usize = 500;

/// Who is switched off gets nothing by hand either.
fn in_use(endpoint: &Endpoint) -> Result<()> {
    if endpoint.status == ObjectStatus::Active {
        return Ok(());
    }
    Err(Told::conflict(format!(
        "“{}” is switched off. Reactivate it first.",
        endpoint.name
    ))
    .into())
}

fn due(endpoint: &Endpoint, id: Uuid, cause: AttemptCause) -> Due {
    Due {
        id,
        destination: endpoint.id.0,
        cause: cause.name().to_owned(),
    }
}

pub(super) async fn test(tx: &mut WriteTx, who: &Viewer, endpoint: &Endpoint) -> Result<WebhookMessageId> {
    in_use(endpoint)?;
    let (workspace, now, id) = (who.workspace(), tx.now(), tx.new_id());
    let row = fan_out::row(workspace, id, endpoint.id.0, None, TEST_TYPE, now);
    insert_many(tx.db(), "webhook_message", &fan_out::COLUMNS, vec![row], "").await?;
    let due = due(endpoint, id, AttemptCause::Test);
    outbox::put(tx.db(), workspace, WebhookCarrier::NAME, vec![due], now).await?;
    let id = WebhookMessageId(id);
    let summary = format!("Sent a test event to webhook endpoint “{}”", endpoint.name);
    let mut event = endpoint.event(OwnType::WebhookTested, who, tx, summary);
    event.metadata.insert("message_id".to_owned(), json!(id.sent()));
    tx.record(workspace, event);
    Ok(id)
}

pub(super) async fn resend(
    tx: &mut WriteTx,
    who: &Viewer,
    endpoint: &Endpoint,
    id: WebhookMessageId,
) -> Result<()> {
    in_use(endpoint)?;
    let workspace = who.workspace();
    let message = webhook_message::Entity::find_by_id((workspace.0, id.0))
        .filter(C::EndpointId.eq(endpoint.id.0))
        .one(tx.db())
        .await?
        .ok_or(Told::NotFound)?;
    if message.state == MessageState::Waiting.name() {
        // The next of its attempts, now.
        let hastened = outbox::hasten(tx.db(), workspace, endpoint.id.0, Some(id.0), tx.now()).await?;
        if hastened == 0 {
            return Err(Told::conflict("An attempt is under way. See first what comes of it.").into());
        }
        waits_now(tx, workspace, &[id.0]).await?;
    } else {
        send_again(tx, workspace, endpoint, &[id.0], AttemptCause::Resend).await?;
    }
    let summary = format!(
        "Sent {} to webhook endpoint “{}” again",
        message.event_type, endpoint.name
    );
    let mut event = endpoint.event(OwnType::WebhookResent, who, tx, summary);
    event.metadata.insert("message_id".to_owned(), json!(id.sent()));
    tx.record(workspace, event);
    Ok(())
}

async fn send_again(
    tx: &WriteTx,
    workspace: WorkspaceId,
    endpoint: &Endpoint,
    ids: &[Uuid],
    cause: AttemptCause,
) -> Result<()> {
    waits_now(tx, workspace, ids).await?;
    let due = ids.iter().map(|id| due(endpoint, *id, cause)).collect();
    outbox::put(tx.db(), workspace, WebhookCarrier::NAME, due, tx.now()).await
}

/// Notes that messages are to be sent now.
async fn waits_now(tx: &WriteTx, workspace: WorkspaceId, ids: &[Uuid]) -> Result<()> {
    for some in ids.chunks(TOGETHER) {
        webhook_message::Entity::update_many()
            .col_expr(C::State, Expr::value(MessageState::Waiting.name()))
            .col_expr(C::NextAt, Expr::value(Some(tx.now().micros())))
            .col_expr(C::EndedAt, Expr::value(None::<i64>))
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Id.is_in(some.iter().copied()))
            .exec(tx.db())
            .await?;
    }
    Ok(())
}

/// Messages that were given up since a time.
fn failed(workspace: WorkspaceId, endpoint: Uuid, since: Timestamp) -> Select<webhook_message::Entity> {
    webhook_message::Entity::find()
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::EndpointId.eq(endpoint))
        .filter(C::State.eq(MessageState::Failed.name()))
        // A test is no message that anybody misses.
        .filter(C::Sequence.is_not_null())
        .filter(C::EndedAt.gte(since.micros()))
}

pub(super) async fn recoverable(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    endpoint: daybook_domain::id::ObjectId,
    since: Timestamp,
) -> Result<u64> {
    Ok(failed(workspace, endpoint.0, since)
        .limit(MAX_RECOVERED)
        .count(db)
        .await?)
}

pub(super) async fn recover(
    tx: &mut WriteTx,
    who: &Viewer,
    endpoint: &Endpoint,
    since: Timestamp,
) -> Result<u64> {
    in_use(endpoint)?;
    let workspace = who.workspace();
    let ids: Vec<Uuid> = failed(workspace, endpoint.id.0, since)
        .select_only()
        .column(C::Id)
        .order_by_asc(C::Id)
        .limit(MAX_RECOVERED)
        .into_tuple()
        .all(tx.db())
        .await?;
    if ids.is_empty() {
        return Err(Told::conflict("Nothing has failed since then.").into());
    }
    send_again(tx, workspace, endpoint, &ids, AttemptCause::Recover).await?;
    let count = ids.len() as u64;
    let messages = if count == 1 { "message" } else { "messages" };
    let summary = format!(
        "Sent {count} failed {messages} to webhook endpoint “{}” again",
        endpoint.name
    );
    let mut event = endpoint.event(OwnType::WebhookRecovered, who, tx, summary);
    event.metadata.insert("messages".to_owned(), json!(count));
    event
        .metadata
        .insert("since".to_owned(), json!(since.to_string()));
    tx.record(workspace, event);
    Ok(count)
}
