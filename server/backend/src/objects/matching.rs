//! Which things match a query.
//!
//! Each part of a query is a condition on `object_value` or `object_word`, with about how many things satisfy it. Where
//! one is satisfied by few enough, its things are asked for the other parts, and those that match are sorted; where all
//! are satisfied by many, the list's order is walked and each thing is asked. What is counted and what is counted of
//! (facets) always begins with the rarest part.
//!
//! Neither database knows how the words of names are spread, and both are led: a subquery names the kind only where the
//! index that begins with it is meant. Which way they go is held to by a test (`store::plans`).

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
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    Select,
    sea_query::{Expr, ExprTrait, Func, Query, SelectStatement},
};
use uuid::Uuid;

/// Things that are looked at one by one and sorted.
const FEW: u64 = 10_000;
/// Of a part that more satisfy so many are looked at to count: of the rest it is said that there is more.
const LOOKED_AT: u64 = 50_000;
/// Things that several parts leave and that are known one by one.
const LEFT: u64 = 1000;
/// The name of a table within a subquery.
const PART: &str = "part";
const OTHER: &str = "other";

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
    /// The rows of those of the kind that satisfy it.
    fn rows(&self, workspace: WorkspaceId, kind: ObjectKind, name: &'static str) -> SelectStatement {
        let column = |column: &'static str| Expr::col((name, column));
        let mut rows = Query::select();
        match self {
            Self::Values(..) => rows.from_as(object_value::Entity, name),
            Self::Word(_) => rows.from_as(object_word::Entity, name),
        };
        rows.and_where(column("workspace_id").eq(workspace.0))
            .and_where(column("kind").eq(kind.name()));
        match self {
            Self::Values(property, values) => of_values(&mut rows, name, property, values),
            Self::Word(word) => rows
                .and_where(column("word").gte(word.as_str()))
                .and_where(column("word").lt(after_all(word))),
        };
        rows
    }

    /// Whether a thing satisfies it, by its id.
    fn asked(&self, backend: DbBackend, workspace: WorkspaceId, thing: Expr) -> Expr {
        let column = |column: &'static str| Expr::col((OTHER, column));
        let mut rows = Query::select();
        rows.expr(Expr::val(1))
            .and_where(column("workspace_id").eq(workspace.0));
        match self {
            Self::Values(property, values) => {
                rows.from_as(object_value::Entity, OTHER)
                    .and_where(column("object_id").eq(thing));
                of_values(&mut rows, OTHER, property, values);
            }
            Self::Word(word) => {
                rows.from_as(object::Entity, OTHER)
                    .and_where(column("id").eq(thing))
                    .and_where(has_word(backend, column("words"), word));
            }
        }
        Expr::exists(rows)
    }

    /// The same of the row at hand.
    fn asked_of_row(&self, backend: DbBackend, workspace: WorkspaceId) -> Expr {
        match self {
            Self::Values(..) => self.asked(backend, workspace, Expr::col((object::Entity, C::Id))),
            Self::Word(word) => has_word(backend, Expr::col((object::Entity, C::Words)), word),
        }
    }
}

fn of_values<'a>(
    rows: &'a mut SelectStatement,
    name: &'static str,
    property: &str,
    values: &[String],
) -> &'a mut SelectStatement {
    rows.and_where(Expr::col((name, "property")).eq(property))
        .and_where(Expr::col((name, "value")).is_in(values.iter().map(String::as_str)))
}

/// Whether a word among those of a thing begins so.
fn has_word(backend: DbBackend, words: Expr, begins: &str) -> Expr {
    let place = match backend {
        DbBackend::Postgres => Func::cust("strpos"),
        _ => Func::cust("instr"),
    };
    Expr::from(place.arg(words).arg(format!(" {begins}"))).gt(0)
}

/// The first text after all that begin with `prefix`, as bytes are ordered.
fn after_all(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}

/// How many rows there are.
async fn count(db: &impl ConnectionTrait, rows: SelectStatement) -> Result<u64> {
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
    backend: DbBackend,
    workspace: WorkspaceId,
    kind: ObjectKind,
    /// Those that fewest things satisfy come first.
    parts: Vec<Part>,
    /// All that match, where several parts leave few: they are asked once, not for each question about them.
    left: Option<Vec<Uuid>>,
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
            let mut rows = what.rows(workspace, kind, PART);
            rows.expr(Expr::val(1)).limit(FEW + 1);
            let size = count(db, rows).await?;
            parts.push(Part {
                property: None,
                what,
                size,
            });
        }
        parts.sort_by_key(|part| part.size);
        let mut matching = Self {
            backend: db.get_database_backend(),
            workspace,
            kind,
            parts,
            left: None,
        };
        if matching.parts.len() > 1 && matching.is_sorted() {
            let left = matching.some(db, LEFT + 1).await?;
            matching.left = Some(left).filter(|left| left.len() as u64 <= LEFT);
        }
        Ok(matching)
    }

    /// As if the query had no filter of this property.
    pub(super) fn without(&self, property: &str) -> Self {
        let mut rest = self.clone();
        rest.left = None;
        rest.parts.retain(|part| part.property != Some(property));
        rest
    }

    pub(super) fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    pub(super) fn is_everything(&self) -> bool {
        self.parts.is_empty()
    }

    /// How many match, where that is known without counting.
    pub(super) fn known(&self) -> Option<u64> {
        if let Some(left) = &self.left {
            return Some(left.len() as u64);
        }
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

    /// Whether those that match are looked at one by one and sorted; otherwise the list's order is walked.
    pub(super) fn is_sorted(&self) -> bool {
        self.parts.first().is_some_and(|part| part.size <= FEW)
    }

    /// The ids of the things that match, by way of the rarest part; some several times. `None` where everything does.
    fn ids(&self) -> Option<SelectStatement> {
        let (rarest, others) = self.parts.split_first()?;
        let (workspace, kind) = (self.workspace, self.kind);
        let mut ids = rarest.what.rows(workspace, kind, PART);
        let thing = || Expr::col((PART, "object_id"));
        ids.expr(thing());
        for other in others {
            ids.and_where(if other.size <= FEW {
                // Read once and kept: cheaper than to ask for each.
                let mut these = other.what.rows(workspace, kind, OTHER);
                these.expr(Expr::col((OTHER, "object_id")));
                thing().in_subquery(these)
            } else {
                other.what.asked(self.backend, workspace, thing())
            });
        }
        Some(ids)
    }

    /// Each id once, at most so many.
    fn different_ids(&self, most: u64) -> SelectStatement {
        let Some(mut ids) = self.ids() else {
            let of_kind = self.select().select_only().column(C::Id);
            return of_kind.limit(most).into_query();
        };
        let mut different = Query::select();
        different
            .distinct()
            .column("object_id")
            .from_subquery(ids.limit(LOOKED_AT).to_owned(), "found")
            .limit(most);
        different
    }

    /// Some of the things that match, at most so many.
    pub(super) async fn some(&self, db: &impl ConnectionTrait, most: u64) -> Result<Vec<Uuid>> {
        if let Some(left) = &self.left {
            return Ok(left
                .iter()
                .copied()
                .take(usize::try_from(most).unwrap_or(usize::MAX))
                .collect());
        }
        let rows = db.query_all(&self.different_ids(most)).await?;
        rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
    }

    /// How many match, at most so many, and whether that is all. Where [`Self::known`] doesn't say it.
    pub(super) async fn count(&self, db: &impl ConnectionTrait, most: u64) -> Result<(u64, bool)> {
        let found = count(db, self.different_ids(most + 1)).await?;
        let are_all_looked_at = self.parts.first().is_none_or(|part| {
            // Of a word only so many are counted.
            let counted = if part.property.is_some() { LOOKED_AT } else { FEW };
            part.size <= counted
        });
        Ok((Ord::min(found, most), found <= most && are_all_looked_at))
    }

    /// The things that match.
    pub(super) fn select(&self) -> Select<object::Entity> {
        let (workspace, kind) = (self.workspace, self.kind);
        let all = object::Entity::find().filter(C::WorkspaceId.eq(workspace.0));
        if let Some(left) = &self.left {
            return all.filter(C::Id.is_in(left.iter().copied()));
        }
        if let Some(ids) = self.ids().filter(|_| self.is_sorted()) {
            // By their ids, whatever the order.
            return all.filter(C::Id.in_subquery(ids));
        }
        let parts = self.parts.iter();
        let asked = parts.map(|part| part.what.asked_of_row(self.backend, workspace));
        all.filter(C::Kind.eq(kind.name()))
            .filter(asked.fold(Condition::all(), Condition::add))
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
