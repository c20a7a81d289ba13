//! Which things of a kind match a query, and what they are.

use super::{found_by::collection, rows};
use crate::{
    Error, Result,
    found::{
        facets::Rows,
        matching::{Matching as Found, Sought},
    },
    rows::lines,
};
use daybook_domain::{
    Error as Told,
    id::WorkspaceId,
    object::{ObjectKind, ObjectQuery, STATUS, Values},
};
use daybook_entity::object::{self, Column as C};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, FromQueryResult, Iterable,
    JoinType, QueryFilter, QueryResult, Select,
    sea_query::{Expr, Func, Query, SelectStatement},
};
use serde_json::Value;

/// A query, understood.
#[derive(Debug, Clone)]
pub(super) struct Matching {
    backend: DbBackend,
    workspace: WorkspaceId,
    kind: ObjectKind,
    /// The numbers of those that match.
    pub sets: Found,
}

/// Somebody may still be typing.
fn begun(text: &str) -> Sought<'_> {
    Sought { text, whole: false }
}

impl Matching {
    /// `Invalid{field}` for a value that can't be one.
    pub(super) async fn of(
        db: &impl ConnectionTrait,
        workspace: WorkspaceId,
        kind: ObjectKind,
        query: &ObjectQuery,
    ) -> Result<Self> {
        let mut filters = Vec::new();
        for (name, values) in &query.filters {
            let property = match kind.spec().property(name) {
                Some(property) if property.is_filter() => property.name,
                _ if name == STATUS => STATUS,
                _ => return Err(Told::invalid(name.as_str(), "There is no such filter.").into()),
            };
            filters.push((property, values.clone()));
        }
        let of = collection(workspace, kind);
        Ok(Self {
            backend: db.get_database_backend(),
            workspace,
            kind,
            sets: Found::of(db, of, filters, query.q.as_deref().map(begun)).await?,
        })
    }

    pub(super) fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    pub(super) fn kind(&self) -> ObjectKind {
        self.kind
    }

    /// What is still to be asked of each thing.
    pub(super) fn asked(&self) -> Condition {
        self.sets.asked(self.backend, &(object::Entity, C::Words))
    }

    /// The things of the kind.
    pub(super) fn of_kind(&self) -> Select<object::Entity> {
        object::Entity::find()
            .filter(C::WorkspaceId.eq(self.workspace.0))
            .filter(C::Kind.eq(self.kind.name()))
    }

    /// Those with some numbers, which go over as one value however many they are. Each is looked up: neither database would
    /// find that out by itself.
    pub(super) fn with_numbers(
        &self,
        numbers: impl IntoIterator<Item = u32>,
        columns: &[C],
    ) -> SelectStatement {
        let numbers: Vec<_> = numbers.into_iter().collect();
        let numbers = Value::from(numbers).to_string();
        let number = Expr::col(("numbers", "value"));
        let (each, number) = match self.backend {
            DbBackend::Postgres => (
                Func::cust("json_array_elements_text").arg(Expr::val(numbers).cast_as("json")),
                number.cast_as("integer"),
            ),
            _ => (Func::cust("json_each").arg(numbers), number),
        };
        let of = |column: C| Expr::col((object::Entity, column));
        let is_it = of(C::WorkspaceId)
            .eq(self.workspace.0)
            .and(of(C::Kind).eq(self.kind.name()))
            .and(of(C::Number).eq(number));
        Query::select()
            .exprs(columns.iter().map(|column| of(*column)))
            .from_function(each, "numbers")
            // The join that SQLite doesn't turn round.
            .join(JoinType::CrossJoin, object::Entity, Condition::all())
            .and_where(is_it)
            .to_owned()
    }

    /// The status of those, and what they have of some properties, in no order.
    async fn stored_values_of(
        &self,
        db: &impl ConnectionTrait,
        numbers: impl IntoIterator<Item = u32>,
        properties: &[&str],
    ) -> Result<Vec<(String, Values)>> {
        let rows = self.with_numbers(numbers, &[C::Status, C::Properties]);
        // As they are stored: a database that is asked for some of them parses each row for each.
        let both = Query::select()
            .expr_as(Expr::cust(r#""status" || ' ' || "properties""#), "both")
            .from_subquery(rows, "things")
            .to_owned();
        let read = |both: &String| {
            let (status, values) = both
                .split_once(' ')
                .ok_or_else(|| Error::damaged("a thing without a status"))?;
            Ok((status.to_owned(), rows::some_values(values, properties)?))
        };
        lines(db, both, "both").await?.iter().map(read).collect()
    }

    /// Whole rows of those.
    pub(super) async fn rows_of(
        &self,
        db: &impl ConnectionTrait,
        numbers: impl IntoIterator<Item = u32>,
    ) -> Result<Vec<object::Model>> {
        let columns: Vec<_> = C::iter().collect();
        models(db, &self.with_numbers(numbers, &columns)).await
    }
}

/// Rows with all their columns.
pub(super) async fn models(db: &impl ConnectionTrait, rows: &SelectStatement) -> Result<Vec<object::Model>> {
    let rows = db.query_all(rows).await?;
    let model = |row: &QueryResult| Ok(object::Model::from_query_result(row, "")?);
    rows.iter().map(model).collect()
}

impl Rows for Matching {
    async fn values_of<D: ConnectionTrait>(
        &self,
        db: &D,
        numbers: Vec<u32>,
        fields: &[&'static str],
    ) -> Result<Vec<(&'static str, String)>> {
        let mut found = Vec::new();
        for (status, values) in self.stored_values_of(db, numbers, fields).await? {
            for &field in fields {
                let texts = match self.kind.spec().property(field) {
                    Some(property) => property.texts(values.get(field)),
                    None => vec![status.clone()],
                };
                found.extend(texts.into_iter().map(|text| (field, text)));
            }
        }
        Ok(found)
    }
}
