//! What is recorded becomes messages to the endpoints that want to know of it, in the transaction that records it.
//!
//! That sending failed is nobody's message: an endpoint that fails would be told so for ever.

use super::KIND;
use crate::{
    Result,
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
pub(crate) struct Wants {
    endpoint: Uuid,
    /// `None` for all.
    of: Option<Expr>,
}

/// Which of some events each endpoint is told of: their places, in order.
pub(crate) fn told(wants: &[Wants], events: &[Event]) -> Vec<(usize, Uuid)> {
    let mut told = Vec::new();
    let events = events
        .iter()
        .enumerate()
        .filter(|(_, event)| !is_failure_of_ours(event));
    for (place, event) in events {
        let of_this = wants
            .iter()
            .filter(|wants| wants.of.as_ref().is_none_or(|of| of.matches(event)));
        told.extend(of_this.map(|wants| (place, wants.endpoint)));
    }
    told
}

/// Makes messages of events that are being stored.
pub(crate) async fn store(
    tx: &DatabaseTransaction,
    workspace: WorkspaceId,
    events: &[Event],
    told: Vec<(usize, Uuid)>,
    ids: &dyn IdMaker,
    now: Timestamp,
) -> Result<()> {
    if told.is_empty() {
        return Ok(());
    }
    let (mut messages, mut due) = (Vec::with_capacity(told.len()), Vec::with_capacity(told.len()));
    for (place, endpoint) in told {
        let Some(event) = events.get(place) else { continue };
        let id = ids.next();
        messages.push(row(
            workspace,
            id,
            endpoint,
            Some(event),
            &event.body.event_type,
            now,
        ));
        due.push(Due {
            id,
            destination: endpoint,
            cause: AttemptCause::Schedule.name().to_owned(),
        });
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

/// Who is to be told, and of what.
pub(crate) async fn wants(tx: &DatabaseTransaction, workspace: WorkspaceId) -> Result<Vec<Wants>> {
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
        match query(&properties) {
            Ok(of) => wants.push(Wants { endpoint, of }),
            // It could be read when it was typed. What is being recorded doesn't fail for it.
            Err(problem) => {
                tracing::warn!(%endpoint, problem, "an endpoint's events can't be read: it is told of nothing");
            }
        }
    }
    Ok(wants)
}

/// The query among the properties of an endpoint.
fn query(properties: &str) -> Result<Option<Expr>, String> {
    let values: Values = serde_json::from_str(properties).map_err(|error| error.to_string())?;
    let query = values.get("events").and_then(|query| query.as_str());
    search::parse(query.unwrap_or_default()).map_err(|problem| problem.to_string())
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
