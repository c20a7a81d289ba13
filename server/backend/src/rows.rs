//! Many rows, in and out by few statements.

use crate::{Error, Result};
use daybook_domain::object::{ObjectCursor, ObjectQuery};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, IdenStatic, Statement, Value,
    sea_query::{Expr, ExprTrait, Func, IntoColumnRef, Query, SelectStatement},
};
use serde::de::DeserializeOwned;

/// Rows per INSERT. One size for most of them, so that the prepared statement is found again.
const ROWS: usize = 200;

/// Inserts rows with a statement whose text depends on their number only, so that the database finds it prepared.
/// Building each one anew through the query builder cost as much as the insert itself. `and_then` stands at its end.
pub(crate) async fn insert_many<const N: usize>(
    tx: &DatabaseTransaction,
    table: &str,
    columns: &[impl IdenStatic; N],
    rows: Vec<[Value; N]>,
    and_then: &str,
) -> Result<()> {
    let backend = tx.get_database_backend();
    // Nobody goes on after one that fails, so it needn't undo what it has done of itself, which SQLite keeps pages for.
    let insert = match backend {
        DbBackend::Postgres => "INSERT",
        _ => "INSERT OR FAIL",
    };
    let mut rows = rows.into_iter().peekable();
    let mut statement = (0, String::new());
    while rows.peek().is_some() {
        let values: Vec<Value> = rows.by_ref().take(ROWS).flatten().collect();
        let count = values.len() / N;
        if statement.0 != count {
            let columns: Vec<_> = columns
                .iter()
                .map(|column| format!("\"{}\"", column.as_str()))
                .collect();
            let (columns, marks) = (columns.join(", "), marks(backend, count, N));
            let sql = format!("{insert} INTO \"{table}\" ({columns}) VALUES {marks} {and_then}");
            statement = (count, sql);
        }
        let (_, sql) = &statement;
        tx.execute_raw(Statement::from_sql_and_values(backend, sql, values))
            .await?;
    }
    Ok(())
}

/// `(?, ?), (?, ?)`
fn marks(backend: DbBackend, rows: usize, columns: usize) -> String {
    let mut marks = String::new();
    for row in 0..rows {
        for column in 0..columns {
            marks.push_str(match (row, column) {
                (0, 0) => "(",
                (_, 0) => "), (",
                _ => ", ",
            });
            match backend {
                DbBackend::Postgres => {
                    marks.push('$');
                    marks.push_str(&(row * columns + column + 1).to_string());
                }
                _ => marks.push('?'),
            }
        }
    }
    marks.push(')');
    marks
}

/// The rows of a select, in its order where that has a limit, as tuples of some expressions over its columns, handed over
/// as one JSON text: one by one costs more than reading them.
pub(crate) async fn packed<T: DeserializeOwned>(
    db: &impl ConnectionTrait,
    rows: SelectStatement,
    columns: impl IntoIterator<Item = Expr>,
) -> Result<Vec<T>> {
    let (one, all) = match db.get_database_backend() {
        DbBackend::Postgres => ("json_build_array", "json_agg"),
        _ => ("json_array", "json_group_array"),
    };
    let row = Func::cust(one).args(columns);
    let all = Expr::expr(Func::cust(all).arg(row)).cast_as("text");
    let packed = Query::select().expr(all).from_subquery(rows, "rows").to_owned();
    let row = db.query_one(&packed).await?;
    let text: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
    match text {
        Some(text) => serde_json::from_str(&text).map_err(Error::damaged),
        // PostgreSQL makes nothing of no rows.
        None => Ok(Vec::new()),
    }
}

/// An id as [`packed`] hands it over: JSON has no bytes.
pub(crate) fn id_text(backend: DbBackend, id: impl IntoColumnRef) -> Expr {
    let id = Expr::col(id);
    match backend {
        DbBackend::Postgres => id.cast_as("text"),
        _ => Func::cust("hex").arg(id).into(),
    }
}

/// A page of a list: its rows, and the cursors of its neighbours.
pub(crate) type Page<R> = (Vec<R>, Option<ObjectCursor>, Option<ObjectCursor>);

/// Makes a page of the first rows past a query's cursor, in the direction it points to: one more than `most`, where there
/// are so many. `place` is what a row is ordered by, and what tells it from others of the same.
pub(crate) fn page_of<R>(
    mut found: Vec<R>,
    most: usize,
    query: &ObjectQuery,
    place: impl Fn(&R) -> (String, u128),
) -> Page<R> {
    let backwards = query.is_backwards();
    let more = found.len() > most;
    found.truncate(most);
    if backwards {
        found.reverse();
    }
    let cursor = |row: Option<&R>, backwards| {
        let (key, tie) = place(row?);
        Some(ObjectCursor { backwards, key, tie })
    };
    let (is_before, is_after) = if backwards {
        (more, true)
    } else {
        (query.cursor.is_some(), more)
    };
    let before = cursor(found.first().filter(|_| is_before), true);
    let after = cursor(found.last().filter(|_| is_after), false);
    (found, before, after)
}

/// Whether a text stands in a column, letter by letter.
pub(crate) fn contains(backend: DbBackend, column: impl IntoColumnRef, text: &str) -> Expr {
    let place = match backend {
        DbBackend::Postgres => Func::cust("strpos"),
        _ => Func::cust("instr"),
    };
    Expr::from(place.arg(Expr::col(column)).arg(text)).gt(0)
}

/// A text of each row of a select, in its order, none of which has a line end: handed over as one text, because that of
/// one by one costs more than reading them.
pub(crate) async fn lines(
    db: &impl ConnectionTrait,
    rows: SelectStatement,
    text: &'static str,
) -> Result<Vec<String>> {
    let joined = joined(db, rows, text).await?;
    Ok(joined.map_or_else(Vec::new, |text| text.split('\n').map(str::to_owned).collect()))
}

/// As [`lines`], in one text; none where there are no rows.
pub(crate) async fn joined(
    db: &impl ConnectionTrait,
    rows: SelectStatement,
    text: &'static str,
) -> Result<Option<String>> {
    let (all, character) = match db.get_database_backend() {
        DbBackend::Postgres => ("string_agg", "chr"),
        _ => ("group_concat", "char"),
    };
    let line_end = Func::cust(character).arg(10);
    let all = Func::cust(all).arg(Expr::col(text)).arg(line_end);
    let joined = Query::select().expr(all).from_subquery(rows, "rows").to_owned();
    let row = db.query_one(&joined).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.flatten())
}
