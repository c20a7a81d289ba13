//! Lists whose records are kept.

use super::{records::HoldRecord, runs};
use crate::{
    Error, Result,
    local_time::Reader,
    record::{Done, record},
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    id::{HoldId, WorkspaceId},
    log::LogScope,
    query::LogQuery,
    retention::{GRACE_SECONDS, HoldForm, MAX_HOLDS},
    time::{End, TimeBound},
    viewer::Viewer,
};
use daybook_entity::legal_hold::{self, Column as C, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter, QueryOrder,
};

pub(super) async fn all(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<Model>> {
    Ok(legal_hold::Entity::find()
        .filter(C::WorkspaceId.eq(workspace.0))
        .order_by_asc(C::PlacedAt)
        .order_by_asc(C::Id)
        .all(db)
        .await?)
}

pub(super) fn log_of(row: &Model) -> Result<LogScope> {
    LogScope::from_name(&row.log).ok_or_else(|| Error::damaged(format!("a hold of the log “{}”", row.log)))
}

/// What it covers; `None` where that can't be read any more.
pub(super) fn query_of(row: &Model) -> Option<LogQuery> {
    let query = LogQuery::parse(&row.query).ok()?;
    query.expr().is_ok().then_some(query)
}

/// What the holds cover.
///
/// # Errors
/// Where one can't be read: then nothing may be removed.
pub(super) fn lists(rows: &[Model]) -> Result<Vec<(LogScope, LogQuery)>> {
    let list = |row: &Model| {
        let query = query_of(row)
            .ok_or_else(|| Error::damaged(format!("the legal hold “{}” can't be read", row.name)))?;
        Ok((log_of(row)?, query))
    };
    rows.iter().map(list).collect()
}

/// With moments in place of what means another one tomorrow, or to somebody else.
pub(super) fn at_moments(form: HoldForm, reader: &Reader) -> HoldForm {
    let moment = |bound: Option<TimeBound>, end| {
        bound.map(|bound| TimeBound::At(bound.resolve(end, reader.now(), |wall| reader.instant(wall))))
    };
    let query = LogQuery {
        from: moment(form.query.from, End::From),
        to: moment(form.query.to, End::To),
        tz: None,
        ..form.query
    };
    HoldForm { query, ..form }
}

pub(super) async fn place(tx: &mut WriteTx, who: &Viewer, form: HoldForm) -> Result<Model> {
    let known = all(tx.db(), who.workspace()).await?;
    if known.len() >= MAX_HOLDS {
        let reason = format!("There are {MAX_HOLDS} legal holds, which is the most. Release one first.");
        return Err(Told::conflict(reason).into());
    }
    let key = form.name.to_lowercase();
    if known.iter().any(|row| row.name_key == key) {
        let reason = format!("There is a legal hold “{}” already.", form.name);
        return Err(Told::invalid("name", reason).into());
    }
    let row = Model {
        workspace_id: who.workspace().0,
        id: tx.new_id(),
        name: form.name,
        name_key: key,
        reason: form.reason,
        log: form.log.name().to_owned(),
        query: form.query.to_query_string(),
        placed_at: tx.now().micros(),
        placed_by: who.actor().label(),
    };
    legal_hold::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(tx.db())
        .await?;
    record(tx, who, &Done::created(&told(&row)).called("placed"))?;
    Ok(row)
}

pub(super) async fn release(tx: &mut WriteTx, who: &Viewer, id: HoldId) -> Result<Model> {
    let row = legal_hold::Entity::find_by_id((who.workspace().0, id.0))
        .one(tx.db())
        .await?
        .ok_or(Told::NotFound)?;
    row.clone().delete(tx.db()).await?;
    runs::not_before(tx, who.workspace(), tx.now().plus_seconds(GRACE_SECONDS).micros()).await?;
    record(tx, who, &Done::deleted(&told(&row)).called("released"))?;
    Ok(row)
}

pub(super) fn told(row: &Model) -> HoldRecord {
    HoldRecord {
        id: row.id.to_string(),
        name: row.name.clone(),
        reason: row.reason.clone(),
        log: log_of(row).map_or_else(|_| row.log.clone(), |log| log.title().to_owned()),
        query: row.query.clone(),
    }
}
