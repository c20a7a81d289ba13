//! Many small rows, handed over as one JSON text: one by one costs more than reading them.

use crate::{Error, Result};
use sea_orm::{
    ConnectionTrait, DbBackend,
    sea_query::{Expr, ExprTrait, Func, IntoColumnRef, Query, SelectStatement},
};
use serde::de::DeserializeOwned;

/// The rows of a select, in any order, as tuples of some of its columns.
pub(super) async fn packed<T: DeserializeOwned>(
    db: &impl ConnectionTrait,
    rows: SelectStatement,
    columns: impl IntoIterator<Item = impl IntoColumnRef>,
) -> Result<Vec<T>> {
    let (one, all) = match db.get_database_backend() {
        DbBackend::Postgres => ("json_build_array", "json_agg"),
        _ => ("json_array", "json_group_array"),
    };
    let row = Func::cust(one).args(columns.into_iter().map(Expr::col));
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
