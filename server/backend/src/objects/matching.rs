//! Which things match a query.
//!
//! Each part of a query, a filter or a word, is a set of numbers (`postings`); what matches is what all of them share.
//! How many that are, and how they spread over the values of other filters, is known from the sets alone. A word that
//! very many words begin with isn't read whole: its things are asked for it, and what is counted is the least.

use super::{
    found_by::searched,
    postings::{Numbers, with_values, with_word},
    rows,
};
use crate::{Error, Result, rows::lines};
use daybook_domain::{
    Error as Told,
    facet::Count,
    id::WorkspaceId,
    object::{ObjectKind, ObjectQuery, STATUS, Values},
};
use daybook_entity::object::{self, Column as C};
use futures::future::try_join_all;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, FromQueryResult, Iterable,
    JoinType, QueryFilter, QueryResult, Select,
    sea_query::{Expr, Func, Query, SelectStatement},
};
use serde_json::Value;
use std::{collections::BTreeSet, sync::Arc};

/// Rows that are read of the words that begin with one that is looked for.
const WORDS: u64 = 20_000;

/// One part of a query.
#[derive(Debug, Clone)]
struct Part {
    /// The property it is about; `None` for a word.
    property: Option<&'static str>,
    numbers: Arc<Numbers>,
    /// The word, where there are more things than `numbers` has.
    more: Option<String>,
}

/// A query, understood.
#[derive(Debug, Clone)]
pub(super) struct Matching {
    backend: DbBackend,
    workspace: WorkspaceId,
    kind: ObjectKind,
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
        let mut filters = Vec::new();
        for (name, values) in &query.filters {
            let property = match kind.spec().property(name) {
                Some(property) if property.is_filter() => property.name,
                _ if name == STATUS => STATUS,
                _ => return Err(Told::invalid(name.as_str(), "There is no such filter.").into()),
            };
            filters.push((property, values));
        }
        let filters = filters.into_iter().map(async |(property, values)| {
            let numbers = with_values(db, workspace, kind, property, values).await?;
            Ok::<_, Error>(Part {
                property: Some(property),
                numbers: Arc::new(numbers),
                more: None,
            })
        });
        let words: BTreeSet<_> = query.q.iter().flat_map(|q| searched(q)).collect();
        // Signs alone are in no name.
        let nothing = query.q.is_some() && words.is_empty();
        let words = words.into_iter().map(async |word| {
            let (numbers, all) = with_word(db, workspace, kind, &word, WORDS).await?;
            Ok::<_, Error>(Part {
                property: None,
                numbers: Arc::new(numbers),
                more: (!all).then_some(word),
            })
        });
        let (mut parts, words) = futures::try_join!(try_join_all(filters), try_join_all(words))?;
        parts.extend(words);
        parts.extend(nothing.then(|| Part {
            property: None,
            numbers: Arc::default(),
            more: None,
        }));
        Ok(Self {
            backend: db.get_database_backend(),
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

    pub(super) fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    pub(super) fn kind(&self) -> ObjectKind {
        self.kind
    }

    pub(super) fn is_everything(&self) -> bool {
        self.parts.is_empty()
    }

    /// Whether [`Self::known`] are all.
    pub(super) fn is_all_known(&self) -> bool {
        self.parts.iter().all(|part| part.more.is_none())
    }

    /// Things that match: all of them, where no word has more. Of a query with parts.
    pub(super) fn known(&self) -> Numbers {
        shared(self.parts.iter())
    }

    /// All that may match, where anything rules some out; what [`Self::asked`] says holds for those that do.
    pub(super) fn among(&self) -> Option<Numbers> {
        let mut whole = self.parts.iter().filter(|part| part.more.is_none()).peekable();
        whole.peek()?;
        Some(shared(whole))
    }

    /// What is still to be asked of each thing.
    pub(super) fn asked(&self) -> Condition {
        let words = self.parts.iter().filter_map(|part| part.more.as_deref());
        words
            .map(|word| has_word(self.backend, word))
            .fold(Condition::all(), Condition::add)
    }

    /// How many match, of a query with parts.
    pub(super) fn count(&self) -> Count {
        let known = self.known().len();
        if self.is_all_known() {
            Count::Exactly(known)
        } else {
            Count::AtLeast(known)
        }
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
    pub(super) async fn values_of(
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

fn shared<'p>(parts: impl Iterator<Item = &'p Part>) -> Numbers {
    let mut sets: Vec<_> = parts.map(|part| &part.numbers).collect();
    sets.sort_by_key(|numbers| numbers.len());
    let mut sets = sets.into_iter();
    let first = sets
        .next()
        .map(|numbers| Numbers::clone(numbers))
        .unwrap_or_default();
    sets.fold(first, |shared, numbers| shared & &**numbers)
}

/// Whether a word among those of a thing begins so.
fn has_word(backend: DbBackend, begins: &str) -> Expr {
    let place = match backend {
        DbBackend::Postgres => Func::cust("strpos"),
        _ => Func::cust("instr"),
    };
    let words = Expr::col((object::Entity, C::Words));
    Expr::from(place.arg(words).arg(format!(" {begins}"))).gt(0)
}
