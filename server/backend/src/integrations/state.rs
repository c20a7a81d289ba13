//! How far an integration is, how it does, and what somebody may do about it.

use super::{
    Integrations,
    integration::Integration,
    secret,
    send::{self, StreamCarrier},
};
use crate::{
    Error, Result,
    delivery::{
        outbox::{self, Due},
        worker::Carrier,
    },
    store::place,
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told, catalogue::OwnType, id::WorkspaceId, time::Timestamp, viewer::Viewer,
    webhook::AttemptCause,
};
use daybook_entity::integration_state::{self, Column as C, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, Iterable, QueryFilter,
    sea_query::OnConflict,
};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// All there are, by the integration.
pub(super) async fn all(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<HashMap<Uuid, Model>> {
    let rows = integration_state::Entity::find()
        .filter(C::WorkspaceId.eq(workspace.0))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.integration_id, row)).collect())
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    integration: &Integration,
) -> Result<Option<Model>> {
    Ok(
        integration_state::Entity::find_by_id((workspace.0, integration.id.0))
            .one(db)
            .await?,
    )
}

/// The state of one, which begins with what was recorded when it was made.
pub(super) async fn begun(
    tx: &DatabaseTransaction,
    workspace: WorkspaceId,
    integration: &Integration,
    now: Timestamp,
) -> Result<Model> {
    if let Some(there) = find(tx, workspace, integration).await? {
        return Ok(there);
    }
    let state = Model {
        workspace_id: workspace.0,
        integration_id: integration.id.0,
        cursor: place::first_since(tx, workspace, integration.created).await? - 1,
        paused_at: None,
        failures: 0,
        failing_since: None,
        next_at: None,
        failure: None,
        detail: None,
        told_at: None,
        alerted_at: None,
        sent_at: None,
        sent: 0,
        shrunk: 0,
        turn: 0,
    };
    integration_state::Entity::insert(state.clone().into_active_model())
        .exec_without_returning(tx)
        .await?;
    outbox::put(tx, workspace, StreamCarrier::NAME, vec![stream(integration)], now).await?;
    Ok(state)
}

/// The attempts to send what is next. There is always one in the outbox: whether there is something to send is seen by how
/// far the log and the integration are.
fn stream(integration: &Integration) -> Due {
    Due {
        id: integration.id.0,
        destination: integration.id.0,
        cause: AttemptCause::Schedule.name().to_owned(),
    }
}

pub(super) async fn store(tx: &WriteTx, was: &Model, is: Model) -> Result<()> {
    if *was == is {
        return Ok(());
    }
    let mut in_place = OnConflict::columns([C::WorkspaceId, C::IntegrationId]);
    in_place.update_columns(C::iter().filter(|column| !matches!(column, C::WorkspaceId | C::IntegrationId)));
    integration_state::Entity::insert(is.into_active_model())
        .on_conflict(in_place)
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

/// Has what is next sent now, also where an attempt has failed.
pub(super) async fn hasten(tx: &WriteTx, workspace: WorkspaceId, integration: &Integration) -> Result<()> {
    let was = begun(tx.db(), workspace, integration, tx.now()).await?;
    let mut is = was.clone();
    is.next_at = None;
    store(tx, &was, is).await?;
    let id = integration.id.0;
    outbox::hasten(tx.db(), workspace, id, Some(id), tx.now()).await?;
    Ok(())
}

pub(super) async fn pause(tx: &mut WriteTx, who: &Viewer, integration: &Integration) -> Result<()> {
    let was = begun(tx.db(), who.workspace(), integration, tx.now()).await?;
    if was.paused_at.is_some() {
        return Ok(());
    }
    let mut is = was.clone();
    is.paused_at = Some(tx.now().micros());
    store(tx, &was, is).await?;
    let summary = format!("Paused integration “{}”", integration.name);
    let event = integration.event(OwnType::IntegrationPaused, who, tx, summary);
    tx.record(who.workspace(), event);
    Ok(())
}

pub(super) async fn resume(tx: &mut WriteTx, who: &Viewer, integration: &Integration) -> Result<()> {
    let workspace = who.workspace();
    let was = begun(tx.db(), workspace, integration, tx.now()).await?;
    if was.paused_at.is_none() && was.failing_since.is_none() {
        return Ok(());
    }
    let mut is = was.clone();
    is.paused_at = None;
    store(tx, &was, is).await?;
    hasten(tx, workspace, integration).await?;
    let summary = format!("Resumed integration “{}”", integration.name);
    let event = integration.event(OwnType::IntegrationResumed, who, tx, summary);
    tx.record(workspace, event);
    Ok(())
}

/// An attempt to send a test, beside what is sent otherwise.
pub(super) async fn test(tx: &mut WriteTx, who: &Viewer, integration: &Integration) -> Result<()> {
    let workspace = who.workspace();
    let state = begun(tx.db(), workspace, integration, tx.now()).await?;
    let holders = secret::holders(tx.db(), workspace).await?;
    let waits = send::tests(tx.db(), workspace).await?;
    let not = if waits.contains(&integration.id.0) {
        Some("is being tested. See first what comes of that.")
    } else if !integration.is_on() {
        Some("is switched off. Reactivate it first.")
    } else if state.paused_at.is_some() {
        Some("is paused. Resume it first.")
    } else if secret::is_wanting(integration, &holders) {
        Some("lacks what it is sent with. Set that first.")
    } else {
        None
    };
    if let Some(not) = not {
        return Err(Told::conflict(format!("“{}” {not}", integration.name)).into());
    }
    let due = Due {
        id: tx.new_id(),
        cause: AttemptCause::Test.name().to_owned(),
        ..stream(integration)
    };
    outbox::put(tx.db(), workspace, StreamCarrier::NAME, vec![due], tx.now()).await?;
    let summary = format!("Sent a test event to integration “{}”", integration.name);
    let event = integration.event(OwnType::IntegrationTested, who, tx, summary);
    tx.record(workspace, event);
    Ok(())
}

/// How many records there are from a time on.
pub(super) async fn recorded_since(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    since: Timestamp,
) -> Result<(i64, u64)> {
    let first = place::first_since(db, workspace, since).await?;
    let last = place::last_sequence(db, workspace).await?;
    Ok((first, u64::try_from(last + 1 - first).unwrap_or_default()))
}

/// Has it go on from a time. How many records it is to be held against.
pub(super) async fn rewind(
    tx: &mut WriteTx,
    who: &Viewer,
    integration: &Integration,
    since: Timestamp,
) -> Result<u64> {
    let workspace = who.workspace();
    let (first, records) = recorded_since(tx.db(), workspace, since).await?;
    let was = begun(tx.db(), workspace, integration, tx.now()).await?;
    let mut is = was.clone();
    is.cursor = first - 1;
    // It begins anew.
    is.turn = was.turn.wrapping_add(1);
    (is.failures, is.shrunk) = (0, 0);
    (is.failing_since, is.failure, is.detail) = (None, None, None);
    store(tx, &was, is).await?;
    hasten(tx, workspace, integration).await?;
    let summary = format!("Set integration “{}” to go on from {since}", integration.name);
    let mut event = integration.event(OwnType::IntegrationRewound, who, tx, summary);
    let metadata = [
        ("since", json!(since.to_string())),
        ("from_sequence", json!(first)),
        ("records", json!(records)),
    ];
    event
        .metadata
        .extend(metadata.map(|(name, value)| (name.to_owned(), value)));
    tx.record(workspace, event);
    Ok(records)
}

impl Integrations {
    /// Begins with those that nobody has begun with yet.
    pub(super) async fn begin(&self, workspace: WorkspaceId, new: Vec<Integration>) -> Result<()> {
        let begun = self.0.writer.change(move |tx| {
            Box::pin(async move {
                crate::accounts::lock(tx, workspace).await?;
                for integration in new {
                    // It may be gone since it was looked for.
                    match Integration::find(tx.db(), workspace, integration.id).await {
                        Ok(integration) => drop(begun(tx.db(), workspace, &integration, tx.now()).await?),
                        Err(Error::Domain(Told::NotFound)) => {}
                        Err(error) => return Err(error),
                    }
                }
                Ok(())
            })
        });
        begun.await
    }
}
