//! For how many days each log keeps its records.

use super::{records::RetentionRecord, runs};
use crate::{
    Result,
    record::{Done, has_seen, record},
    writer::WriteTx,
};
use daybook_domain::{
    id::WorkspaceId,
    log::LogKind,
    retention::{GRACE_SECONDS, is_shorter},
    seen::Tag,
    time::Timestamp,
    viewer::Viewer,
};
use daybook_entity::retention_policy::{self, Column as C, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};
use std::collections::BTreeMap;

const DAY_SECONDS: i64 = 24 * 60 * 60;

pub(super) async fn all(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<Model>> {
    Ok(retention_policy::Entity::find()
        .filter(C::WorkspaceId.eq(workspace.0))
        .order_by_asc(C::Log)
        .all(db)
        .await?)
}

/// A number of days out of the database.
pub(super) fn number(days: Option<i32>) -> Option<u32> {
    days.and_then(|days| u32::try_from(days).ok())
}

/// What holds at a moment.
pub(super) fn days_at(policy: &Model, now: i64) -> Option<u32> {
    number(if policy.effective_at <= now {
        policy.days
    } else {
        policy.days_before
    })
}

/// Records that happened before it are past their retention.
pub(super) fn cutoff(now: Timestamp, days: u32) -> Timestamp {
    now.plus_seconds(-i64::from(days) * DAY_SECONDS)
}

/// The logs from which something is due at a moment, and what.
pub(super) fn cutoffs(policies: &[Model], now: Timestamp) -> Vec<(LogKind, Timestamp)> {
    let cutoff = |policy: &Model| {
        let days = days_at(policy, now.micros())?;
        Some((LogKind::from_name(&policy.log)?, cutoff(now, days)))
    };
    policies.iter().filter_map(cutoff).collect()
}

/// Of each log that ever had a retention: before when its records are due. `None` where they are kept for ever now.
pub(crate) async fn due_before(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    now: Timestamp,
) -> Result<BTreeMap<LogKind, Option<i64>>> {
    let policies = all(db, workspace).await?;
    let due = |policy: &Model| {
        let days = days_at(policy, now.micros());
        let due = days.map(|days| cutoff(now, days).micros());
        Some((LogKind::from_name(&policy.log)?, due))
    };
    Ok(policies.iter().filter_map(due).collect())
}

/// Returns when it takes effect.
pub(super) async fn set(
    tx: &mut WriteTx,
    who: &Viewer,
    log: LogKind,
    seen: &Tag,
    days: Option<u32>,
) -> Result<Timestamp> {
    let workspace = who.workspace();
    let now = tx.now();
    let known = retention_policy::Entity::find_by_id((workspace.0, log.name().to_owned()))
        .one(tx.db())
        .await?;
    let before = RetentionRecord::new(log, known.as_ref(), now);
    has_seen(seen, &before)?;
    let holds_now = known.as_ref().and_then(|policy| days_at(policy, now.micros()));
    let effective = if is_shorter(days, holds_now) {
        now.plus_seconds(GRACE_SECONDS)
    } else {
        now
    };
    let stored = |days: Option<u32>| days.and_then(|days| i32::try_from(days).ok());
    if let Some(known) = &known
        && known.days == stored(days)
    {
        // Saved once more: what was going to happen when stays.
        return Ok(Timestamp::from_micros(known.effective_at).map_or(now, |from| from.max(now)));
    }
    let policy = Model {
        workspace_id: workspace.0,
        log: log.name().to_owned(),
        days: stored(days),
        days_before: stored(holds_now),
        effective_at: effective.micros(),
    };
    let mut on_conflict = OnConflict::columns([C::WorkspaceId, C::Log]);
    on_conflict.update_columns([C::Days, C::DaysBefore, C::EffectiveAt]);
    retention_policy::Entity::insert(policy.clone().into_active_model())
        .on_conflict(on_conflict)
        .exec_without_returning(tx.db())
        .await?;
    if days.is_some() {
        runs::due(tx, workspace, effective.micros()).await?;
    }
    let after = RetentionRecord::new(log, Some(&policy), now);
    record(tx, who, &Done::updated(&before, &after))?;
    Ok(effective)
}

/// What was to take effect later does now.
pub(super) async fn take_effect(tx: &WriteTx, workspace: WorkspaceId) -> Result<()> {
    let now = tx.now().micros();
    retention_policy::Entity::update_many()
        .col_expr(C::EffectiveAt, Expr::value(now))
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::EffectiveAt.gt(now))
        .exec(tx.db())
        .await?;
    Ok(())
}
