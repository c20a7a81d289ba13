//! How an endpoint does: whether it may be sent to, and what its answers change about that.

use super::{Endpoint, KIND};
use crate::{Result, objects, writer::WriteTx};
use daybook_domain::{
    catalogue::OwnType, delivery::Failure, id::WorkspaceId, object::ObjectStatus, time::Timestamp,
    viewer::Viewer,
};
use daybook_entity::{
    object, webhook_secret,
    webhook_state::{self, Column as C},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    QueryTrait,
};
use std::time::Duration;
use uuid::Uuid;

/// An endpoint to which nothing has arrived for so long is switched off.
const LOST_SECONDS: i64 = 5 * 24 * 60 * 60;
/// How long one is left alone that says it is overloaded, and doesn't say for how long.
const SLOW: Duration = Duration::from_mins(1);
/// The longest it is, whatever it says.
const SLOWEST: Duration = Duration::from_hours(1);

/// The endpoints that may be sent to: in use, with a secret to sign with, and neither paused nor to be left alone.
pub(super) async fn open(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    now: Timestamp,
) -> Result<Vec<Uuid>> {
    use object::Column as O;
    let secrets = webhook_secret::Entity::find()
        .select_only()
        .column(webhook_secret::Column::EndpointId)
        .filter(webhook_secret::Column::WorkspaceId.eq(workspace.0))
        .into_query();
    let closed = webhook_state::Entity::find()
        .select_only()
        .column(C::EndpointId)
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(
            Condition::any()
                .add(C::PausedAt.is_not_null())
                .add(C::SlowUntil.gt(now.micros())),
        )
        .into_query();
    let open = object::Entity::find()
        .select_only()
        .column(O::Id)
        .filter(O::WorkspaceId.eq(workspace.0))
        .filter(O::Kind.eq(KIND.name()))
        .filter(O::Status.eq(ObjectStatus::Active.name()))
        .filter(O::Id.in_subquery(secrets))
        .filter(O::Id.not_in_subquery(closed));
    Ok(open.into_tuple().all(db).await?)
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    endpoint: &Endpoint,
) -> Result<webhook_state::Model> {
    let found = webhook_state::Entity::find_by_id((workspace.0, endpoint.id.0))
        .one(db)
        .await?;
    Ok(found.unwrap_or(webhook_state::Model {
        workspace_id: workspace.0,
        endpoint_id: endpoint.id.0,
        paused_at: None,
        failing_since: None,
        slow_until: None,
    }))
}

async fn store(tx: &WriteTx, was: &webhook_state::Model, is: &webhook_state::Model) -> Result<()> {
    if was == is {
        return Ok(());
    }
    let row = webhook_state::ActiveModel {
        workspace_id: Set(is.workspace_id),
        endpoint_id: Set(is.endpoint_id),
        paused_at: Set(is.paused_at),
        failing_since: Set(is.failing_since),
        slow_until: Set(is.slow_until),
    };
    let mut in_place = sea_orm::sea_query::OnConflict::columns([C::WorkspaceId, C::EndpointId]);
    in_place.update_columns([C::PausedAt, C::FailingSince, C::SlowUntil]);
    webhook_state::Entity::insert(row)
        .on_conflict(in_place)
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

/// What an attempt changes.
pub(super) async fn after(
    tx: &mut WriteTx,
    who: &Viewer,
    endpoint: &Endpoint,
    failure: Option<&Failure>,
    status: Option<i32>,
    asked: Option<Duration>,
) -> Result<()> {
    let now = tx.now();
    let was = find(tx.db(), who.workspace(), endpoint).await?;
    let mut is = was.clone();
    if failure.is_none() {
        is.failing_since = None;
        is.slow_until = None;
        return store(tx, &was, &is).await;
    }
    let since = *is.failing_since.get_or_insert(now.micros());
    let slow = match status {
        Some(429 | 502 | 504) => Some(asked.unwrap_or(SLOW)),
        _ => asked,
    };
    if let Some(wait) = slow {
        let wait = wait.min(SLOWEST);
        let until = now
            .plus_micros(i64::try_from(wait.as_micros()).unwrap_or_default())
            .micros();
        is.slow_until = is.slow_until.max(Some(until));
    }
    let why = if status == Some(410) {
        Some("it answered that it is gone (410)")
    } else if now.micros() - since >= LOST_SECONDS * 1_000_000 {
        Some("nothing has arrived there for five days")
    } else {
        None
    };
    if why.is_some() {
        // It begins anew when somebody switches it on again.
        is.failing_since = None;
        is.slow_until = None;
    }
    store(tx, &was, &is).await?;
    match why {
        Some(why) if endpoint.status == ObjectStatus::Active => {
            let summary = format!("Switched off webhook endpoint “{}”: {why}", endpoint.name);
            objects::switch_off(tx, who, KIND, endpoint.id, summary).await
        }
        _ => Ok(()),
    }
}

pub(super) async fn pause(tx: &mut WriteTx, who: &Viewer, endpoint: &Endpoint) -> Result<()> {
    let was = find(tx.db(), who.workspace(), endpoint).await?;
    if was.paused_at.is_some() {
        return Ok(());
    }
    let mut is = was.clone();
    is.paused_at = Some(tx.now().micros());
    store(tx, &was, &is).await?;
    let summary = format!("Paused webhook endpoint “{}”", endpoint.name);
    let event = endpoint.event(OwnType::WebhookPaused, who, tx, summary);
    tx.record(who.workspace(), event);
    Ok(())
}

pub(super) async fn resume(tx: &mut WriteTx, who: &Viewer, endpoint: &Endpoint) -> Result<()> {
    let was = find(tx.db(), who.workspace(), endpoint).await?;
    if was.paused_at.is_none() && was.slow_until.is_none() {
        return Ok(());
    }
    let mut is = was.clone();
    is.paused_at = None;
    is.slow_until = None;
    store(tx, &was, &is).await?;
    let summary = format!("Resumed webhook endpoint “{}”", endpoint.name);
    let event = endpoint.event(OwnType::WebhookResumed, who, tx, summary);
    tx.record(who.workspace(), event);
    Ok(())
}
