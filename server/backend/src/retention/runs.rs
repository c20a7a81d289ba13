//! When records are removed. One process at a time does it: who claims a run keeps it by its heartbeat.

use crate::{Result, writer::WriteTx};
use daybook_domain::{id::WorkspaceId, retention::PURGE_SECONDS, time::Timestamp};
use daybook_entity::retention_run::{self, Column as C, Model};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};

/// A run without a heartbeat for so long was given up.
const GIVEN_UP_SECONDS: i64 = 10 * 60;
/// Until a run that broke off is tried again.
const RETRY_SECONDS: i64 = 60 * 60;

pub(super) async fn find(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Option<Model>> {
    Ok(retention_run::Entity::find_by_id(workspace.0).one(db).await?)
}

/// The next run comes no later than this.
pub(super) async fn due(tx: &WriteTx, workspace: WorkspaceId, at: i64) -> Result<()> {
    let first = retention_run::ActiveModel {
        workspace_id: Set(workspace.0),
        due_at: Set(at),
        started_at: Set(None),
        beat_at: Set(None),
        finished_at: Set(None),
        removed: Set(0),
        planned: Set(0),
        held: Set(0),
        problem: Set(String::new()),
    };
    let mut there = OnConflict::column(C::WorkspaceId);
    there.do_nothing();
    retention_run::Entity::insert(first)
        .on_conflict(there)
        .exec_without_returning(tx.db())
        .await?;
    retention_run::Entity::update_many()
        .col_expr(C::DueAt, Expr::value(at))
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::DueAt.gt(at))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// The next run comes no earlier than this.
pub(super) async fn not_before(tx: &WriteTx, workspace: WorkspaceId, at: i64) -> Result<()> {
    retention_run::Entity::update_many()
        .col_expr(C::DueAt, Expr::value(at))
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::DueAt.lt(at))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Whether the caller is to do a run now. At most one is told so.
pub(super) async fn claim(tx: &WriteTx, workspace: WorkspaceId) -> Result<bool> {
    let now = tx.now();
    let given_up = now.plus_seconds(-GIVEN_UP_SECONDS).micros();
    let nobody_works = Condition::any()
        .add(C::StartedAt.is_null())
        .add(C::FinishedAt.is_not_null())
        .add(C::BeatAt.lt(given_up));
    let broke_off = Condition::all()
        .add(C::StartedAt.is_not_null())
        .add(C::FinishedAt.is_null());
    let claimed = retention_run::Entity::update_many()
        .col_expr(C::DueAt, Expr::value(now.plus_seconds(PURGE_SECONDS).micros()))
        .col_expr(C::StartedAt, Expr::value(now.micros()))
        .col_expr(C::BeatAt, Expr::value(now.micros()))
        .col_expr(C::FinishedAt, Expr::value(None::<i64>))
        .col_expr(C::Removed, Expr::value(0_i64))
        .col_expr(C::Planned, Expr::value(0_i64))
        .col_expr(C::Held, Expr::value(0_i64))
        .col_expr(C::Problem, Expr::value(""))
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(nobody_works)
        .filter(Condition::any().add(C::DueAt.lte(now.micros())).add(broke_off))
        .exec(tx.db())
        .await?;
    Ok(claimed.rows_affected == 1)
}

/// How far the caller's run is.
pub(super) async fn beat(
    tx: &WriteTx,
    workspace: WorkspaceId,
    removed: u64,
    planned: u64,
    held: u64,
) -> Result<()> {
    let count = |count: u64| Expr::value(i64::try_from(count).unwrap_or(i64::MAX));
    retention_run::Entity::update_many()
        .col_expr(C::BeatAt, Expr::value(tx.now().micros()))
        .col_expr(C::Removed, count(removed))
        .col_expr(C::Planned, count(planned))
        .col_expr(C::Held, count(held))
        .filter(C::WorkspaceId.eq(workspace.0))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// The caller's run is over; one that broke off is tried again soon.
pub(super) async fn finish(tx: &WriteTx, workspace: WorkspaceId, problem: Option<&str>) -> Result<()> {
    let now: Timestamp = tx.now();
    let mut update = retention_run::Entity::update_many()
        .col_expr(C::FinishedAt, Expr::value(now.micros()))
        .col_expr(C::Problem, Expr::value(problem.unwrap_or_default()));
    if problem.is_some() {
        update = update.col_expr(C::DueAt, Expr::value(now.plus_seconds(RETRY_SECONDS).micros()));
    }
    update
        .filter(C::WorkspaceId.eq(workspace.0))
        .exec(tx.db())
        .await?;
    Ok(())
}
