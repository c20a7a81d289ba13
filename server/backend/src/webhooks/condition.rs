//! How an endpoint does: whether it may be sent to, and what its answers change about that.

use super::{Endpoint, KIND};
use crate::{
    Result,
    delivery::{outbox, schedule::LONGEST_ASKED},
    email::{Mailing, alerts},
    objects,
    writer::WriteTx,
};
use daybook_domain::{
    catalogue::OwnType, delivery::Failure, email_template::MailTemplate, id::WorkspaceId,
    object::ObjectStatus, permission::Permission, time::Timestamp, viewer::Viewer,
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
/// The longest that there may be nothing between two failures of one time of failing: longer than any wait of the schedule.
const QUIET_SECONDS: i64 = 26 * 60 * 60;

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
        failed_at: None,
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
        failed_at: Set(is.failed_at),
        slow_until: Set(is.slow_until),
    };
    let mut in_place = sea_orm::sea_query::OnConflict::columns([C::WorkspaceId, C::EndpointId]);
    in_place.update_columns([C::PausedAt, C::FailingSince, C::FailedAt, C::SlowUntil]);
    webhook_state::Entity::insert(row)
        .on_conflict(in_place)
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

/// What came of an attempt, as far as it says how the endpoint does.
pub(super) struct Came<'a> {
    pub failure: Option<&'a Failure>,
    pub status: Option<i32>,
    /// How long the receiver wants to be left alone.
    pub asked: Option<Duration>,
    /// Whether it was sent to where messages are sent now.
    pub is_here: bool,
    /// By hand: it says nothing of how long nothing has arrived.
    pub is_test: bool,
}

/// What an attempt changes.
pub(super) async fn after(
    tx: &mut WriteTx,
    who: &Viewer,
    mailing: &Mailing,
    endpoint: &Endpoint,
    came: Came<'_>,
) -> Result<()> {
    // What comes in late of one that is switched off says nothing of how it does when it is on again.
    if endpoint.status != ObjectStatus::Active || !came.is_here {
        return Ok(());
    }
    let now = tx.now();
    let was = find(tx.db(), who.workspace(), endpoint).await?;
    let mut is = was.clone();
    if came.failure.is_none() {
        is.failing_since = None;
        is.failed_at = None;
        return store(tx, &was, &is).await;
    }
    let slow = match came.status {
        Some(429 | 502 | 504) => Some(came.asked.unwrap_or(SLOW)),
        _ => came.asked,
    };
    if let Some(wait) = slow {
        let wait = wait.min(LONGEST_ASKED);
        let until = now
            .plus_micros(i64::try_from(wait.as_micros()).unwrap_or_default())
            .micros();
        is.slow_until = is.slow_until.max(Some(until));
    }
    if !came.is_test {
        // Where there was nothing to send for long, nobody knows whether it would have arrived.
        let quiet = is
            .failed_at
            .is_some_and(|last| now.micros() - last > QUIET_SECONDS * 1_000_000);
        if quiet || is.failing_since.is_none() {
            is.failing_since = Some(now.micros());
        }
        is.failed_at = Some(now.micros());
    }
    let failing = is.failing_since.map_or(0, |since| now.micros() - since);
    let why = if came.status == Some(410) {
        Some("it answered that it is gone (410)")
    } else if failing >= LOST_SECONDS * 1_000_000 {
        Some("nothing has arrived there for five days")
    } else {
        None
    };
    if why.is_some() {
        // It begins anew when somebody switches it on again.
        is.failing_since = None;
        is.failed_at = None;
        is.slow_until = None;
    }
    store(tx, &was, &is).await?;
    let Some(why) = why else { return Ok(()) };
    let summary = format!("Switched off webhook endpoint “{}”: {why}", endpoint.name);
    objects::switch_off(tx, who, KIND, endpoint.id, summary).await?;
    let page = mailing.link(&format!("{}/{}/overview", KIND.spec().path, endpoint.id));
    let values = [
        ("endpoint", endpoint.name.as_str()),
        ("reason", why),
        ("link", page.as_deref().unwrap_or_default()),
    ];
    let (to, template) = (Permission::WebhooksManage, MailTemplate::WebhookOff);
    alerts::tell(tx, who.workspace(), to, template, &values).await
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
    is.failing_since = None;
    is.failed_at = None;
    store(tx, &was, &is).await?;
    outbox::hasten(tx.db(), who.workspace(), endpoint.id.0, None, tx.now()).await?;
    let summary = format!("Resumed webhook endpoint “{}”", endpoint.name);
    let event = endpoint.event(OwnType::WebhookResumed, who, tx, summary);
    tx.record(who.workspace(), event);
    Ok(())
}
