//! The values that a list can be narrowed to, with how many rows of the list, as the other filters narrow it, have each.

use super::{Collection, matching::Matching, postings};
use crate::{Error, Result};
use daybook_entity::facet::{self, Column as F};
use futures::future::try_join_all;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Asterisk, Query, SelectStatement, UnionType},
};
use std::{
    collections::{BTreeMap, HashMap},
    future::Future,
};

/// Values offered of one field.
const OFFERED: usize = 20;
/// Rows of sets that are read to count the values of one field.
const SETS: u64 = 2000;
/// Rows of which each is looked at to count their values.
const FEW: u64 = 500;
/// Of more, so many stand for all where a field has too many values to count. A value that one in twenty has is missed
/// once in 700 times.
const SAMPLE: u64 = 128;

/// The values a list can be narrowed to by one field, commonest first.
#[derive(Debug)]
pub(crate) struct Offered {
    pub field: &'static str,
    pub values: Vec<(String, u64)>,
    /// Whether there are more than these.
    pub more: bool,
    pub exact: bool,
}

/// The rows of a collection, each of which can be looked at.
pub(crate) trait Rows: Sync {
    /// The values that those of some numbers have of some fields, once for each row that has one.
    fn values_of<C: ConnectionTrait>(
        &self,
        db: &C,
        numbers: Vec<u32>,
        fields: &[&'static str],
    ) -> impl Future<Output = Result<Vec<(&'static str, String)>>> + Send;
}

type Counted = (String, String, i64);

/// The values of some fields. `chosen` says which of a field the list is narrowed to: those are always offered.
pub(crate) async fn offered<'q>(
    db: &impl ConnectionTrait,
    rows: &impl Rows,
    matching: &Matching,
    fields: &[&'static str],
    chosen: impl Fn(&str) -> &'q [String],
) -> Result<Vec<Offered>> {
    let of = matching.of;
    let mut counts: HashMap<String, Vec<(String, u64)>> = HashMap::new();
    let mut inexact = Vec::new();
    // Those without a filter of their own share one question.
    let (free, filtered): (Vec<_>, Vec<_>) = fields.iter().partition(|field| chosen(field).is_empty());
    let mut questions = vec![(matching.clone(), free)];
    questions.extend(
        filtered
            .into_iter()
            .map(|field| (matching.without(field), vec![field])),
    );
    let answers = questions.iter().map(async |(matching, fields)| {
        if !matching.is_everything() {
            return narrowed(db, rows, matching, fields).await;
        }
        let mut found = stored(db, of, fields).await?;
        for field in fields {
            let chosen = chosen(field);
            found.retain(|(of, value, _)| of != field || !chosen.contains(value));
            found.extend(stored_counts_of(db, of, field, chosen).await?);
        }
        Ok::<_, Error>((found, Vec::new()))
    });
    let answers = try_join_all(answers).await?;
    for (found, uncertain) in answers {
        for (field, value, count) in found {
            counts
                .entry(field)
                .or_default()
                .push((value, count.unsigned_abs()));
        }
        inexact.extend(uncertain);
    }
    let offered = fields.iter().map(|&field| {
        let mut values = counts.remove(field).unwrap_or_default();
        values.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        // What is chosen is always offered, before the rest where it isn't among the commonest.
        let chosen = chosen(field);
        let is_missing = |chosen: &&String| values.iter().all(|(value, _)| value != *chosen);
        let missing: Vec<_> = chosen.iter().filter(is_missing).cloned().collect();
        values.extend(missing.into_iter().map(|value| (value, 0)));
        let is_first = |at: usize, value: &String| at >= OFFERED && chosen.contains(value);
        let (first, rest): (Vec<_>, Vec<_>) = values
            .drain(..)
            .enumerate()
            .partition(|(at, (value, _))| is_first(*at, value));
        values.extend(first.into_iter().chain(rest).map(|(_, value)| value));
        let most = OFFERED.max(chosen.len());
        let more = values.len() > most;
        values.truncate(most);
        Offered {
            field,
            values,
            more,
            exact: !inexact.contains(&field),
        }
    });
    Ok(offered.filter(|offered| !offered.values.is_empty()).collect())
}

/// How many rows there are. Each has one value of `field`, and no more.
pub(crate) async fn how_many(db: &impl ConnectionTrait, of: Collection, field: &str) -> Result<u64> {
    let counts: Vec<Counted> = stored_counts(of, field).into_tuple().all(db).await?;
    Ok(counts.iter().map(|(_, _, count)| count.unsigned_abs()).sum())
}

/// The commonest values of a field, over all rows.
fn stored_counts(of: Collection, field: &str) -> Select<facet::Entity> {
    counts_of(of, field)
        .order_by_desc(F::Count)
        .order_by_asc(F::Value)
        .limit(OFFERED as u64 + 1)
}

fn counts_of(of: Collection, field: &str) -> Select<facet::Entity> {
    facet::Entity::find()
        .select_only()
        .columns([F::Property, F::Value, F::Count])
        .filter(F::WorkspaceId.eq(of.workspace.0))
        .filter(F::Kind.eq(of.kind))
        .filter(F::Property.eq(field))
}

/// Counts of some values of a field, over all rows.
async fn stored_counts_of(
    db: &impl ConnectionTrait,
    of: Collection,
    field: &str,
    values: &[String],
) -> Result<Vec<Counted>> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let counts = counts_of(of, field).filter(F::Value.is_in(values.iter().map(String::as_str)));
    Ok(counts.into_tuple().all(db).await?)
}

/// Counts over all rows.
async fn stored(db: &impl ConnectionTrait, of: Collection, fields: &[&str]) -> Result<Vec<Counted>> {
    let one = |field: &&str| {
        let found = stored_counts(of, field).into_query();
        // In brackets of its own: SQLite allows an order within a union only there.
        let mut whole = Query::select();
        whole.column(Asterisk).from_subquery(found, "found");
        whole
    };
    let all = fields.iter().map(one).reduce(|mut all, one| {
        all.union(UnionType::All, one);
        all
    });
    let Some(all) = all else { return Ok(Vec::new()) };
    read(db, &all).await
}

/// Counts over the rows that match, and of which fields they aren't exact. Of few rows each is looked at; of more the sets
/// of each value are counted, and of a field with too many values those of a sample.
async fn narrowed(
    db: &impl ConnectionTrait,
    rows: &impl Rows,
    matching: &Matching,
    fields: &[&'static str],
) -> Result<(Vec<Counted>, Vec<&'static str>)> {
    let known = matching.known();
    let are_few = known.len() <= FEW;
    let counts = if are_few {
        fields.iter().map(|field| (*field, None)).collect()
    } else {
        postings::counts(db, matching.of, fields, &known, SETS).await?
    };
    let (mut counted, mut looked_at) = (Vec::new(), Vec::new());
    for (field, counts) in counts {
        let Some(counts) = counts else {
            looked_at.push(field);
            continue;
        };
        let counts = counts.into_iter();
        counted.extend(counts.map(|(value, count)| (field.to_owned(), value, count.cast_signed())));
    }
    if !looked_at.is_empty() {
        let mut counts: BTreeMap<(&str, String), i64> = BTreeMap::new();
        let sample: Vec<_> = if are_few {
            known.iter().collect()
        } else {
            let many = u32::try_from(known.len()).unwrap_or(u32::MAX);
            let every = usize::try_from(known.len() / SAMPLE).unwrap_or(usize::MAX);
            // By their place: going through all of them takes as long as the rest.
            (0..many)
                .step_by(every)
                .filter_map(|place| known.select(place))
                .collect()
        };
        for value in rows.values_of(db, sample, &looked_at).await? {
            *counts.entry(value).or_default() += 1;
        }
        let counts = counts.into_iter();
        counted.extend(counts.map(|((field, value), count)| (field.to_owned(), value, count)));
    }
    let inexact = if !matching.is_all_known() {
        fields.to_vec()
    } else if are_few {
        Vec::new()
    } else {
        looked_at
    };
    Ok((counted, inexact))
}

async fn read(db: &impl ConnectionTrait, counts: &SelectStatement) -> Result<Vec<Counted>> {
    let rows = db.query_all(counts).await?;
    let counted = |row: sea_orm::QueryResult| {
        Ok((
            row.try_get_by_index(0)?,
            row.try_get_by_index(1)?,
            row.try_get_by_index(2)?,
        ))
    };
    rows.into_iter().map(counted).collect()
}
