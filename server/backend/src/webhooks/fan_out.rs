//! What is recorded becomes messages to the endpoints that want to know of it, in the transaction that records it.
//!
//! That sending failed is nobody's message: an endpoint that fails would be told so for ever.

use super::KIND;
use crate::{
    Error, Result,
    delivery::{
        outbox::{self, Due},
        worker::Carrier,
    },
    record::OWN_SOURCE,
    rows::insert_many,
    webhooks::send::WebhookCarrier,
};
use daybook_domain::{
    event::Event,
    id::{IdMaker, WorkspaceId},
    log::LogKind,
    object::{ObjectStatus, Values},
    search::{self, Expr},
    time::Timestamp,
    webhook::{AttemptCause, MessageState},
};
use daybook_entity::{object, webhook_message::Column as C};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Value};
use uuid::Uuid;

/// An endpoint that is in use, and what it wants to know of.
struct Wants {
    endpoint: Uuid,
    /// `None` for all.
    of: Option<Expr>,
}

/// Makes messages of events that are being stored.
pub(crate) async fn store(
    tx: &DatabaseTransaction,
    workspace: WorkspaceId,
    events: &[Event],
    ids: &dyn IdMaker,
    now: Timestamp,
) -> Result<()> {
    let wants = wants(tx, workspace).await?;
    if wants.is_empty() {
        return Ok(());
    }
    let (mut messages, mut due) = (Vec::new(), Vec::new());
    for event in events.iter().filter(|event| !is_failure_of_ours(event)) {
        let of_this = wants
            .iter()
            .filter(|wants| wants.of.as_ref().is_none_or(|of| of.matches(event)));
        for wants in of_this {
            let id = ids.next();
            messages.push(row(
                workspace,
                id,
                wants.endpoint,
                Some(event),
                &event.body.event_type,
                now,
            ));
            due.push(Due {
                id,
                destination: wants.endpoint,
                cause: AttemptCause::Schedule.name().to_owned(),
            });
        }
    }
    insert_many(tx, "webhook_message", &COLUMNS, messages, "").await?;
    outbox::put(tx, workspace, WebhookCarrier::NAME, due, now).await
}

/// Of the product's own records those that tell of a delivery that failed.
fn is_failure_of_ours(event: &Event) -> bool {
    let is_failure = matches!(
        event.body.log,
        LogKind::WebhookFailure | LogKind::IntegrationFailure | LogKind::EmailFailure
    );
    is_failure && event.body.source == OWN_SOURCE
}

async fn wants(tx: &DatabaseTransaction, workspace: WorkspaceId) -> Result<Vec<Wants>> {
    use object::Column as O;
    let rows: Vec<(Uuid, String)> = object::Entity::find()
        .select_only()
        .columns([O::Id, O::Properties])
        .filter(O::WorkspaceId.eq(workspace.0))
        .filter(O::Kind.eq(KIND.name()))
        .filter(O::Status.eq(ObjectStatus::Active.name()))
        .into_tuple()
        .all(tx)
        .await?;
    let mut wants = Vec::with_capacity(rows.len());
    for (endpoint, properties) in rows {
        let values: Values = serde_json::from_str(&properties).map_err(Error::damaged)?;
        let of = values
            .get("events")
            .and_then(|query| query.as_str())
            .unwrap_or_default();
        match search::parse(of) {
            Ok(of) => wants.push(Wants { endpoint, of }),
            // It could be read when it was typed. What is being recorded doesn't fail for it.
            Err(problem) => {
                tracing::warn!(%endpoint, %problem, "an endpoint's events can't be read: it is told of nothing");
            }
        }
    }
    Ok(wants)
}

pub(super) const COLUMNS: [C; 10] = [
    C::WorkspaceId,
    C::Id,
    C::EndpointId,
    C::Sequence,
    C::EventId,
    C::EventType,
    C::State,
    C::Attempts,
    C::CreatedAt,
    C::NextAt,
];

/// A message that is to be sent now, of a record or, without one, a test.
pub(super) fn row(
    workspace: WorkspaceId,
    id: Uuid,
    endpoint: Uuid,
    event: Option<&Event>,
    event_type: &str,
    now: Timestamp,
) -> [Value; COLUMNS.len()] {
    [
        workspace.0.into(),
        id.into(),
        endpoint.into(),
        event.map(|event| event.sequence).into(),
        event.map(|event| event.id.0).into(),
        event_type.into(),
        MessageState::Waiting.name().into(),
        0_i32.into(),
        now.micros().into(),
        Some(now.micros()).into(),
    ]
}
