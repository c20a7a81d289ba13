//! Which things match a query.
//!
//! Each part of a query is a condition on `object_value` or `object_word`, with about how many things satisfy it. Where
//! one is satisfied by few, those are looked at and sorted; where all are satisfied by many, the list's order is walked
//! and each thing is asked. It is meant so;
//! which way the databases go isn't held to by a test yet.

use super::found_by::searched;
use crate::{Error, Result};
use daybook_domain::{
    Error as Told,
    id::WorkspaceId,
    object::{ObjectKind, ObjectQuery, STATUS},
};
use daybook_entity::{
    object::{self, Column as C},
    object_facet, object_value, object_word,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Query, SelectStatement, SimpleExpr},
};

/// Things that are looked at one by one and sorted.
const FEW: u64 = 2000;

/// One part of a query.
#[derive(Debug, Clone)]
struct Part {
    /// The property it is about; `None` for a word.
    property: Option<&'static str>,
    what: What,
    /// About how many things satisfy it; at most so many, plus one, are counted for a word.
    size: u64,
}

#[derive(Debug, Clone)]
enum What {
    /// One of the values.
    Values(&'static str, Vec<String>),
    /// A word that begins so.
    Word(String),
}

impl What {
    /// The ids of all that satisfy it.
    fn ids(&self, workspace: WorkspaceId, kind: ObjectKind) -> SelectStatement {
        match self {
            Self::Values(property, values) => object_value::Entity::find()
                .select_only()
                .column(object_value::Column::ObjectId)
                .filter(object_value::Column::WorkspaceId.eq(workspace.0))
                .filter(object_value::Column::Kind.eq(kind.name()))
                .filter(object_value::Column::Property.eq(*property))
                .filter(object_value::Column::Value.is_in(values.iter().map(String::as_str)))
                .into_query(),
            Self::Word(word) => object_word::Entity::find()
                .select_only()
                .column(object_word::Column::ObjectId)
                .filter(object_word::Column::WorkspaceId.eq(workspace.0))
                .filter(object_word::Column::Kind.eq(kind.name()))
                .filter(object_word::Column::Word.gte(word.as_str()))
                .filter(object_word::Column::Word.lt(after_all(word)))
                .into_query(),
        }
    }

    /// Whether a thing of the list satisfies it.
    fn asked(&self, workspace: WorkspaceId, kind: ObjectKind) -> SimpleExpr {
        let thing = Expr::col((object::Entity, C::Id));
        let mut ids = self.ids(workspace, kind);
        match self {
            Self::Values(..) => {
                ids.and_where(thing.equals((object_value::Entity, object_value::Column::ObjectId)))
            }
            Self::Word(_) => {
                ids.and_where(thing.equals((object_word::Entity, object_word::Column::ObjectId)))
            }
        };
        Expr::exists(ids)
    }
}

/// The first text after all that begin with `prefix`, as bytes are ordered.
fn after_all(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}

/// How many rows there are.
pub(super) async fn count(db: &impl ConnectionTrait, rows: SelectStatement) -> Result<u64> {
    let count = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from_subquery(rows, "found")
        .to_owned();
    let row = db.query_one(&count).await?;
    let row = row.ok_or_else(|| Error::damaged("a count without a row"))?;
    Ok(row.try_get_by_index::<i64>(0)?.unsigned_abs())
}

/// A query, understood.
#[derive(Debug, Clone)]
pub(super) struct Matching {
    workspace: WorkspaceId,
    kind: ObjectKind,
    /// Those that fewest things satisfy come first.
    parts: Vec<Part>,
}

impl Matching {
    /// `Invalid{field}` for a value that can't be one.
    pub(super) async fn of(
        db: &impl ConnectionTrait,
        workspace: WorkspaceId,
        kind: ObjectKind,
        query: &ObjectQuery,
    ) -> Result<Self> {
        let mut parts = Vec::new();
        for (name, values) in &query.filters {
            let property = match kind.spec().property(name) {
                Some(property) if property.is_filter() => property.name,
                _ if name == STATUS => STATUS,
                _ => return Err(Told::invalid(name.as_str(), "There is no such filter.").into()),
            };
            let what = What::Values(property, values.clone());
            let size = counted(db, workspace, kind, property, values).await?;
            parts.push(Part {
                property: Some(property),
                what,
                size,
            });
        }
        for word in query.q.iter().flat_map(|q| searched(q)).take(10) {
            let what = What::Word(word);
            let size = count(db, what.ids(workspace, kind).limit(FEW + 1).to_owned()).await?;
            parts.push(Part {
                property: None,
                what,
                size,
            });
        }
        parts.sort_by_key(|part| part.size);
        Ok(Self {
            workspace,
            kind,
            parts,
        })
    }

    /// As if the query had no filter of this property.
    pub(super) fn without(&self, property: &str) -> Self {
        let mut rest = self.clone();
        rest.parts.retain(|part| part.property != Some(property));
        rest
    }

    pub(super) fn is_everything(&self) -> bool {
        self.parts.is_empty()
    }

    /// How many match, where that is known without counting.
    pub(super) fn known(&self) -> Option<u64> {
        match &self.parts[..] {
            // A set property's values overlap; one value doesn't.
            [
                Part {
                    what: What::Values(_, values),
                    size,
                    ..
                },
            ] if values.len() == 1 => Some(*size),
            _ => None,
        }
    }

    /// The things that match.
    pub(super) fn select(&self) -> Select<object::Entity> {
        let mut all = Condition::all()
            .add(C::WorkspaceId.eq(self.workspace.0))
            .add(C::Kind.eq(self.kind.name()));
        let few = self.parts.first().is_some_and(|part| part.size <= FEW);
        for (position, part) in self.parts.iter().enumerate() {
            all = all.add(if few && position == 0 {
                C::Id.in_subquery(part.what.ids(self.workspace, self.kind))
            } else {
                part.what.asked(self.workspace, self.kind)
            });
        }
        object::Entity::find().filter(all)
    }
}

/// How many things have one of the values, each counted as often as it has one.
async fn counted(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    property: &str,
    values: &[String],
) -> Result<u64> {
    let counts: Vec<i64> = object_facet::Entity::find()
        .select_only()
        .column(object_facet::Column::Count)
        .filter(object_facet::Column::WorkspaceId.eq(workspace.0))
        .filter(object_facet::Column::Kind.eq(kind.name()))
        .filter(object_facet::Column::Property.eq(property))
        .filter(object_facet::Column::Value.is_in(values.iter().map(String::as_str)))
        .into_tuple()
        .all(db)
        .await?;
    Ok(counts.iter().map(|count| count.unsigned_abs()).sum())
}
