//! A page of a list of things: its rows, how many there are, and the values it can be narrowed to.

use super::{
    matching::Matching,
    order::{self, Ordering},
    postings,
    rows::{self, names},
};
use crate::{Error, Result, local_time::Reader};
use daybook_domain::{
    facet::Count,
    id::{ObjectId, WorkspaceId},
    object::{
        Names, ObjectCursor, ObjectFacet, ObjectFacetValue, ObjectKind, ObjectPage, ObjectQuery, ObjectRow,
        ObjectStatus, PAGE, Property, STATUS,
    },
};
use daybook_entity::{object, object_facet};
use futures::{future::try_join_all, try_join};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Asterisk, Query, SelectStatement, UnionType},
};
use std::collections::{BTreeMap, HashMap};

/// Values offered of one property.
const OFFERED: usize = 20;
/// Rows of sets that are read to count the values of one property.
const SETS: u64 = 2000;
/// Things of which each is looked at to count their values.
const FEW: u64 = 500;
/// Of more, so many stand for all where a property has too many values to count. A value that one in twenty has is missed
/// once in 700 times.
const SAMPLE: u64 = 128;

pub(super) async fn page(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    query: &ObjectQuery,
    reader: &Reader,
) -> Result<ObjectPage> {
    let matching = Matching::of(db, workspace, kind, query).await?;
    let (slice, total, offered) = try_join!(
        slice(db, &matching, query, PAGE),
        total(db, workspace, kind, &matching),
        offered(db, workspace, kind, &matching, query),
    )?;
    let (mut found, before, after) = slice;
    let columns = kind.spec().columns;
    let mut refers_to: Vec<_> = offered.iter().flat_map(Offered::references).collect();
    let mut listed = Vec::with_capacity(found.len());
    for row in found.drain(..) {
        let mut values = rows::values(&row)?;
        values.retain(|name, _| columns.contains(&name.as_str()));
        refers_to.extend(rows::references(kind, &values));
        listed.push(ObjectRow {
            id: ObjectId(row.id),
            status: rows::status(&row)?,
            changed: reader.stored(row.changed_at)?,
            name: row.name,
            values,
        });
    }
    let names = names(db, workspace, refers_to).await?;
    let facets = offered.into_iter().map(|offered| offered.named(&names)).collect();
    Ok(ObjectPage {
        rows: listed,
        names,
        total,
        facets,
        before,
        after,
    })
}

type Slice = (Vec<object::Model>, Option<ObjectCursor>, Option<ObjectCursor>);

/// At most so many rows from where the query's cursor begins, and the cursors of its neighbours.
pub(super) async fn slice(
    db: &impl ConnectionTrait,
    matching: &Matching,
    query: &ObjectQuery,
    most: usize,
) -> Result<Slice> {
    let backwards = query.cursor.as_ref().is_some_and(|cursor| cursor.backwards);
    let order = Ordering {
        by: query.sort.by,
        descending: query.sort.descending != backwards,
    };
    let mut found = order::rows(db, matching, order, query.cursor.as_ref(), most + 1).await?;
    let more = found.len() > most;
    found.truncate(most);
    if backwards {
        found.reverse();
    }
    let cursor = |row: Option<&object::Model>, backwards: bool| {
        row.map(|row| ObjectCursor {
            backwards,
            key: order.key(row),
            tie: row.number.unsigned_abs().into(),
        })
    };
    let (is_before, is_after) = if backwards {
        (more, true)
    } else {
        (query.cursor.is_some(), more)
    };
    let before = cursor(found.first().filter(|_| is_before), true);
    let after = cursor(found.last().filter(|_| is_after), false);
    Ok((found, before, after))
}

async fn total(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    matching: &Matching,
) -> Result<Count> {
    if matching.is_everything() {
        return Ok(Count::Exactly(how_many(db, workspace, kind).await?));
    }
    Ok(matching.count())
}

/// How many things of a kind there are.
pub(super) async fn how_many(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
) -> Result<u64> {
    let counts: Vec<Counted> = stored_counts(workspace, kind, STATUS)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counts.iter().map(|(_, _, count)| count.unsigned_abs()).sum())
}

/// The commonest values of a property, over all things of the kind.
fn stored_counts(workspace: WorkspaceId, kind: ObjectKind, property: &str) -> Select<object_facet::Entity> {
    use object_facet::Column as F;
    object_facet::Entity::find()
        .select_only()
        .columns([F::Property, F::Value, F::Count])
        .filter(F::WorkspaceId.eq(workspace.0))
        .filter(F::Kind.eq(kind.name()))
        .filter(F::Property.eq(property))
        .order_by_desc(F::Count)
        .order_by_asc(F::Value)
        .limit(OFFERED as u64 + 1)
}

type Counted = (String, String, i64);

/// The values a list can be narrowed to by one property.
struct Offered {
    field: &'static str,
    /// `None` for the status.
    property: Option<&'static Property>,
    values: Vec<(String, u64)>,
    /// Whether there are more than these.
    more: bool,
    exact: bool,
}

impl Offered {
    fn references(&self) -> Vec<ObjectId> {
        let refers = self
            .property
            .is_some_and(|property| property.refers_to().is_some());
        let ids = self.values.iter().filter(|_| refers);
        ids.filter_map(|(id, _)| id.parse().ok()).collect()
    }

    fn named(self, names: &Names) -> ObjectFacet {
        let property = self.property;
        let values = self.values.into_iter();
        ObjectFacet {
            property: self.field.to_owned(),
            title: property.map_or("Status", |property| property.title).to_owned(),
            values: values
                .map(|(value, count)| choice(property, names, value, count))
                .collect(),
            more: self.more,
            exact: self.exact,
        }
    }
}

/// The values of each filter with their counts: those of the list as the other filters narrow it.
async fn offered(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    matching: &Matching,
    query: &ObjectQuery,
) -> Result<Vec<Offered>> {
    let properties: Vec<_> = kind.spec().filters().collect();
    let fields = || std::iter::once(STATUS).chain(properties.iter().map(|property| property.name));
    let mut counts: HashMap<String, Vec<(String, u64)>> = HashMap::new();
    let mut inexact = Vec::new();
    // Those without a filter of their own share one question.
    let (free, filtered): (Vec<_>, Vec<_>) = fields().partition(|field| query.values(field).is_empty());
    let mut questions = vec![(matching.clone(), free)];
    questions.extend(
        filtered
            .into_iter()
            .map(|field| (matching.without(field), vec![field])),
    );
    let answers = questions.iter().map(async |(matching, fields)| {
        if !matching.is_everything() {
            return narrowed(db, workspace, kind, matching, fields).await;
        }
        let mut found = stored(db, workspace, kind, fields).await?;
        for field in fields {
            let chosen = query.values(field);
            found.retain(|(of, value, _)| of != field || !chosen.contains(value));
            found.extend(stored_counts_of(db, workspace, kind, field, chosen).await?);
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
    let offered = fields().map(|field| {
        let mut values = counts.remove(field).unwrap_or_default();
        values.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        // What is chosen is always offered, before the rest where it isn't among the commonest.
        let chosen = query.values(field);
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
            property: kind.spec().property(field),
            values,
            more,
            exact: !inexact.contains(&field),
        }
    });
    Ok(offered.filter(|offered| !offered.values.is_empty()).collect())
}

fn choice(property: Option<&Property>, names: &Names, value: String, count: u64) -> ObjectFacetValue {
    let title = match property {
        None => ObjectStatus::from_name(&value).map(|status| status.title().to_owned()),
        Some(property) if property.refers_to().is_some() => value
            .parse()
            .ok()
            .and_then(|id: ObjectId| names.get(&id).cloned()),
        Some(property) => property.title_of(&value).map(str::to_owned),
    };
    ObjectFacetValue {
        label: title.unwrap_or_else(|| value.clone()),
        value,
        count,
    }
}

/// Counts of some values of a property, over all things of a kind.
async fn stored_counts_of(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    property: &str,
    values: &[String],
) -> Result<Vec<Counted>> {
    use object_facet::Column as F;
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let counts = object_facet::Entity::find()
        .select_only()
        .columns([F::Property, F::Value, F::Count])
        .filter(F::WorkspaceId.eq(workspace.0))
        .filter(F::Kind.eq(kind.name()))
        .filter(F::Property.eq(property))
        .filter(F::Value.is_in(values.iter().map(String::as_str)));
    Ok(counts.into_tuple().all(db).await?)
}

/// Counts over all things of a kind.
async fn stored(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    fields: &[&str],
) -> Result<Vec<Counted>> {
    let one = |field: &&str| {
        let found = stored_counts(workspace, kind, field).into_query();
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

/// Counts over the things that match, and of which properties they aren't exact. Of few things each is looked at; of more
/// the sets of each value are counted, and of a property with too many values those of a sample.
async fn narrowed(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    matching: &Matching,
    fields: &[&'static str],
) -> Result<(Vec<Counted>, Vec<&'static str>)> {
    let known = matching.known();
    let are_few = known.len() <= FEW;
    let counts = if are_few {
        fields.iter().map(|field| (*field, None)).collect()
    } else {
        postings::counts(db, workspace, kind, fields, &known, SETS).await?
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
        let every = if are_few { 1 } else { known.len() / SAMPLE };
        let sample = known.iter().step_by(usize::try_from(every).unwrap_or(usize::MAX));
        for (status, values) in matching.values_of(db, sample, &looked_at).await? {
            for &field in &looked_at {
                let texts = match kind.spec().property(field) {
                    Some(property) => property.texts(values.get(field)),
                    None => vec![status.clone()],
                };
                for text in texts {
                    *counts.entry((field, text)).or_default() += 1;
                }
            }
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
