//! Imports as they are stored.

use crate::{Error, Result, local_time::Reader, rows::insert_many, writer::WriteTx};
use daybook_domain::{
    Error as Told,
    id::{ImportId, WorkspaceId},
    object::{Import, ImportCounts, ImportProblem, ImportState, ObjectKind, SHOWN_PROBLEMS},
    time::Timestamp,
};
use daybook_entity::{
    object_import::{self, Column as C},
    object_import_content, object_import_problem,
};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value,
    sea_query::{Expr, ExprTrait},
};
use std::io::{Read, Write};

/// Nobody has worked on one for so long: whoever did has gone.
const STALLED_SECONDS: i64 = 60;
/// For how long a file is kept.
const KEPT_SECONDS: i64 = 7 * 24 * 3600;
/// Imports that are listed.
const LISTED: u64 = 10;
/// Bytes a file may have once it is read again; it was smaller when it came.
const MOST: u64 = 256 * 1024 * 1024;

pub(super) async fn find(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    id: ImportId,
) -> Result<object_import::Model> {
    let found = object_import::Entity::find_by_id((workspace.0, id.0))
        .one(db)
        .await?;
    found
        .filter(|row| row.kind == kind.name())
        .ok_or_else(|| Told::NotFound.into())
}

pub(super) async fn latest(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
) -> Result<Vec<object_import::Model>> {
    let of_kind = object_import::Entity::find()
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::Kind.eq(kind.name()));
    Ok(of_kind.order_by_desc(C::Id).limit(LISTED).all(db).await?)
}

pub(super) fn state(row: &object_import::Model) -> Result<ImportState> {
    ImportState::from_name(&row.state)
        .ok_or_else(|| Error::damaged(format!("an import that is “{}”", row.state)))
}

/// Whether it is at work, but nobody works on it.
pub(super) fn stalled(row: &object_import::Model, now: Timestamp) -> Result<bool> {
    Ok(state(row)?.is_at_work() && row.touched_at < now.plus_seconds(-STALLED_SECONDS).micros())
}

pub(super) fn counts(row: &object_import::Model) -> ImportCounts {
    ImportCounts {
        done: row.done.unsigned_abs(),
        created: row.created.unsigned_abs(),
        changed: row.changed.unsigned_abs(),
        same: row.same.unsigned_abs(),
        bad: row.bad.unsigned_abs(),
    }
}

pub(super) fn shown(
    row: object_import::Model,
    problems: Vec<ImportProblem>,
    reader: &Reader,
) -> Result<Import> {
    Ok(Import {
        id: ImportId(row.id),
        kind: ObjectKind::from_name(&row.kind)
            .ok_or_else(|| Error::damaged(format!("things of kind “{}”", row.kind)))?,
        lines: row.lines.unsigned_abs(),
        columns: serde_json::from_str(&row.columns).map_err(Error::damaged)?,
        settings: serde_json::from_str(&row.settings).map_err(Error::damaged)?,
        state: state(&row)?,
        stalled: stalled(&row, reader.now())?,
        counts: counts(&row),
        problems,
        uploaded: reader.stored(row.created_at)?,
        by: row.by_name,
        file: row.file,
    })
}

/// The lines that can't be stored, in order: the first so many, or all.
pub(super) async fn problems(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: ImportId,
    most: Option<usize>,
) -> Result<Vec<ImportProblem>> {
    use object_import_problem::Column as P;
    let rows = object_import_problem::Entity::find()
        .filter(P::WorkspaceId.eq(workspace.0))
        .filter(P::ImportId.eq(id.0))
        .order_by_asc(P::Line)
        .limit(most.map(|most| most as u64))
        .all(db)
        .await?;
    let problem = |row: object_import_problem::Model| ImportProblem {
        line: row.line.unsigned_abs(),
        column: row.column_name,
        reason: row.reason,
    };
    Ok(rows.into_iter().map(problem).collect())
}

/// Those that a page lists.
pub(super) async fn first_problems(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: ImportId,
) -> Result<Vec<ImportProblem>> {
    problems(db, workspace, id, Some(SHOWN_PROBLEMS)).await
}

pub(super) async fn add_problems(
    tx: &WriteTx,
    workspace: WorkspaceId,
    id: ImportId,
    problems: &[ImportProblem],
) -> Result<()> {
    use object_import_problem::Column as P;
    const COLUMNS: [P; 5] = [P::WorkspaceId, P::ImportId, P::Line, P::ColumnName, P::Reason];
    let rows = problems.iter().map(|problem| {
        [
            workspace.0.into(),
            id.0.into(),
            Value::from(i64::try_from(problem.line).unwrap_or(i64::MAX)),
            problem.column.clone().into(),
            problem.reason.clone().into(),
        ]
    });
    insert_many(tx.db(), "object_import_problem", &COLUMNS, rows.collect(), "").await
}

pub(super) async fn forget_problems(tx: &WriteTx, workspace: WorkspaceId, id: ImportId) -> Result<()> {
    use object_import_problem::Column as P;
    object_import_problem::Entity::delete_many()
        .filter(P::WorkspaceId.eq(workspace.0))
        .filter(P::ImportId.eq(id.0))
        .exec(tx.db())
        .await?;
    Ok(())
}

pub(super) async fn remove(tx: &WriteTx, workspace: WorkspaceId, id: ImportId) -> Result<()> {
    forget_problems(tx, workspace, id).await?;
    object_import_content::Entity::delete_by_id((workspace.0, id.0))
        .exec(tx.db())
        .await?;
    object_import::Entity::delete_by_id((workspace.0, id.0))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Forgets the files of long ago.
pub(super) async fn remove_old(tx: &WriteTx, workspace: WorkspaceId) -> Result<()> {
    let old: Vec<uuid::Uuid> = object_import::Entity::find()
        .select_only()
        .column(C::Id)
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::TouchedAt.lt(tx.now().plus_seconds(-KEPT_SECONDS).micros()))
        .into_tuple()
        .all(tx.db())
        .await?;
    for id in old {
        remove(tx, workspace, ImportId(id)).await?;
    }
    Ok(())
}

/// Adds what became of some lines. `Conflict` where somebody else did them, or the import is gone.
pub(super) async fn advance(
    tx: &WriteTx,
    workspace: WorkspaceId,
    id: ImportId,
    working: ImportState,
    was: u64,
    of: &ImportCounts,
) -> Result<()> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let more = |column: C, count: u64| (column, Expr::col(column).add(number(count)));
    let mut update = object_import::Entity::update_many()
        .col_expr(C::TouchedAt, tx.now().micros().into())
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::Id.eq(id.0))
        .filter(C::State.eq(working.name()))
        .filter(C::Done.eq(number(was)));
    for (column, sum) in [
        more(C::Done, of.done),
        more(C::Created, of.created),
        more(C::Changed, of.changed),
        more(C::Same, of.same),
        more(C::Bad, of.bad),
    ] {
        update = update.col_expr(column, sum);
    }
    if update.exec(tx.db()).await?.rows_affected == 1 {
        Ok(())
    } else {
        Err(Told::conflict("The import is at work elsewhere, or was taken away.").into())
    }
}

pub(super) fn packed(text: &str) -> Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text.as_bytes()).map_err(Error::damaged)?;
    packed.finish().map_err(Error::damaged)
}

pub(super) async fn content(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: ImportId,
) -> Result<String> {
    let content = object_import_content::Entity::find_by_id((workspace.0, id.0))
        .one(db)
        .await?;
    let content = content.ok_or(Told::NotFound)?.content;
    let mut text = String::new();
    GzDecoder::new(&content[..])
        .take(MOST)
        .read_to_string(&mut text)
        .map_err(Error::damaged)?;
    Ok(text)
}
