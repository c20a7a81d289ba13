//! A page of a list of things: its rows, how many there are, and the values it can be narrowed to.

use super::{
    matching::Matching,
    rows::{self, local, names},
};
use crate::{Error, Result, local_time::Reader, rows::packed};
use daybook_domain::{
    facet::Count,
    id::{ObjectId, WorkspaceId},
    object::{
        FACETED, Names, ObjectCursor, ObjectFacet, ObjectFacetValue, ObjectKind, ObjectPage, ObjectQuery,
        ObjectRow, ObjectStatus, PAGE, Property, STATUS, SortBy,
    },
};
use daybook_entity::{
    object::{self, Column as C},
    object_facet, object_value,
};
use futures::{future::try_join_all, try_join};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, Value,
    sea_query::{Asterisk, Expr, Query, SelectStatement, UnionType},
};
use std::collections::HashMap;
use uuid::Uuid;

/// Things that are counted; of more it is said that there are more.
const COUNTED: u64 = 10_000;
/// Values offered of one property.
const OFFERED: usize = 20;

pub(super) async fn page(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    query: &ObjectQuery,
    reader: &Reader,
) -> Result<ObjectPage> {
    let matching = Matching::of(db, workspace, kind, query).await?;
    let (slice, total, facets) = try_join!(
        slice(db, &matching, query, PAGE),
        total(db, workspace, kind, &matching),
        facets(db, workspace, kind, &matching, query),
    )?;
    let (mut found, before, after) = slice;
    let columns = kind.spec().columns;
    let mut refers_to = Vec::new();
    let mut listed = Vec::with_capacity(found.len());
    for row in found.drain(..) {
        let mut values = rows::values(&row)?;
        values.retain(|name, _| columns.contains(&name.as_str()));
        refers_to.extend(rows::references(kind, &values));
        listed.push(ObjectRow {
            id: ObjectId(row.id),
            status: rows::status(&row)?,
            changed: local(reader, row.changed_at)?,
            name: row.name,
            values,
        });
    }
    Ok(ObjectPage {
        rows: listed,
        names: names(db, workspace, refers_to).await?,
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
    let column = match query.sort.by {
        SortBy::Name => C::NameKey,
        SortBy::Changed => C::ChangedAt,
        SortBy::Created => C::CreatedAt,
    };
    let backwards = query.cursor.as_ref().is_some_and(|cursor| cursor.backwards);
    let descending = query.sort.descending != backwards;
    let order = if descending { Order::Desc } else { Order::Asc };
    let mut select = matching.select();
    if let Some(cursor) = &query.cursor {
        select = select.filter(past(column, descending, cursor)?);
    }
    let select = select
        .order_by(column, order.clone())
        .order_by(C::Id, order)
        .limit(most as u64 + 1);
    let mut found = if matching.is_sorted() {
        in_order(db, matching, select).await?
    } else {
        select.all(db).await?
    };
    let more = found.len() > most;
    found.truncate(most);
    if backwards {
        found.reverse();
    }
    let cursor = |row: Option<&object::Model>, backwards: bool| {
        row.map(|row| ObjectCursor {
            backwards,
            key: match query.sort.by {
                SortBy::Name => row.name_key.clone(),
                SortBy::Changed => row.changed_at.to_string(),
                SortBy::Created => row.created_at.to_string(),
            },
            id: ObjectId(row.id),
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

/// The rows of a select that sorts what it finds: first which, then those. Whole rows would be read and carried to be
/// sorted.
async fn in_order(
    db: &impl ConnectionTrait,
    matching: &Matching,
    select: Select<object::Entity>,
) -> Result<Vec<object::Model>> {
    let ids: Vec<Uuid> = select.select_only().column(C::Id).into_tuple().all(db).await?;
    let places: HashMap<_, _> = ids.iter().zip(0..).map(|(id, place)| (*id, place)).collect();
    let rows = object::Entity::find()
        .filter(C::WorkspaceId.eq(matching.workspace().0))
        .filter(C::Id.is_in(ids));
    let mut rows = rows.all(db).await?;
    rows.sort_by_key(|row| places.get(&row.id).copied().unwrap_or(usize::MAX));
    Ok(rows)
}

/// The rows past the cursor, in the direction they are read in.
fn past(column: C, descending: bool, cursor: &ObjectCursor) -> Result<Condition> {
    let key: Value = match column {
        C::NameKey => cursor.key.as_str().into(),
        _ => cursor
            .key
            .parse::<i64>()
            .map_err(|_| daybook_domain::Error::invalid("cursor", "This page mark is of another list."))?
            .into(),
    };
    let (at, id) = (key.clone(), cursor.id.0);
    let beyond = if descending {
        (column.lt(key), C::Id.lt(id))
    } else {
        (column.gt(key), C::Id.gt(id))
    };
    // The first condition is one the index can begin at; OR alone isn't.
    let within = if descending {
        column.lte(at.clone())
    } else {
        column.gte(at.clone())
    };
    let further = Condition::any()
        .add(beyond.0)
        .add(Condition::all().add(column.eq(at)).add(beyond.1));
    Ok(Condition::all().add(within).add(further))
}

async fn total(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    matching: &Matching,
) -> Result<Count> {
    if matching.is_everything() {
        let counts = stored_counts(workspace, kind, STATUS)
            .into_tuple()
            .all(db)
            .await?;
        let counts: Vec<(String, String, i64)> = counts;
        return Ok(Count::Exactly(
            counts.iter().map(|(_, _, count)| count.unsigned_abs()).sum(),
        ));
    }
    if let Some(count) = matching.known() {
        return Ok(Count::Exactly(count));
    }
    let (found, is_all) = matching.count(db, COUNTED).await?;
    Ok(if is_all {
        Count::Exactly(found)
    } else {
        Count::AtLeast(found)
    })
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

/// The values of each filter with their counts: those of the list as the other filters narrow it.
async fn facets(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    matching: &Matching,
    query: &ObjectQuery,
) -> Result<Vec<ObjectFacet>> {
    let properties: Vec<_> = kind.spec().filters().collect();
    let fields = || std::iter::once(STATUS).chain(properties.iter().map(|property| property.name));
    let mut counts: HashMap<String, Vec<(String, u64)>> = HashMap::new();
    let mut exact: HashMap<&str, bool> = HashMap::new();
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
            return narrowed(db, workspace, matching, fields).await;
        }
        let mut found = stored(db, workspace, kind, fields).await?;
        for field in fields {
            let chosen = query.values(field);
            found.retain(|(of, value, _)| of != field || !chosen.contains(value));
            found.extend(stored_counts_of(db, workspace, kind, field, chosen).await?);
        }
        Ok::<(Vec<Counted>, bool), Error>((found, true))
    });
    let answers = try_join_all(answers).await?;
    for ((_, fields), (found, all)) in questions.into_iter().zip(answers) {
        for (field, value, count) in found {
            counts
                .entry(field)
                .or_default()
                .push((value, count.unsigned_abs()));
        }
        exact.extend(fields.into_iter().map(|field| (field, all)));
    }
    let mut offered: Vec<_> = fields()
        .map(|field| (field, counts.remove(field).unwrap_or_default()))
        .collect();
    let mut refers_to = Vec::new();
    for (field, values) in &mut offered {
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
        if kind
            .spec()
            .property(field)
            .is_some_and(|property| property.refers_to().is_some())
        {
            refers_to.extend(values.iter().filter_map(|(id, _)| id.parse::<ObjectId>().ok()));
        }
    }
    let names = names(db, workspace, refers_to).await?;
    let facets = offered.into_iter().map(|(field, mut values)| {
        let most = OFFERED.max(query.values(field).len());
        let more = values.len() > most;
        values.truncate(most);
        let property = kind.spec().property(field);
        ObjectFacet {
            property: field.to_owned(),
            title: property.map_or("Status", |property| property.title).to_owned(),
            values: values
                .into_iter()
                .map(|(value, count)| choice(property, &names, value, count))
                .collect(),
            more,
            exact: exact.get(field).copied().unwrap_or_default(),
        }
    });
    Ok(facets.filter(|facet| !facet.values.is_empty()).collect())
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

/// Counts over the first things that match, and whether those are all.
async fn narrowed(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    matching: &Matching,
    fields: &[&str],
) -> Result<(Vec<Counted>, bool)> {
    use object_value::Column as V;
    let mut things = matching.some(db, FACETED as u64 + 1).await?;
    let all = things.len() <= FACETED;
    things.truncate(FACETED);
    // Without the kind: by that the databases would read all values of all things.
    let counts = object_value::Entity::find()
        .select_only()
        .columns([V::Property, V::Value])
        .column_as(Expr::cust("COUNT(*)"), "count")
        .filter(V::WorkspaceId.eq(workspace.0))
        .filter(V::ObjectId.is_in(things))
        .filter(V::Property.is_in(fields.iter().copied()))
        .group_by(V::Property)
        .group_by(V::Value)
        .into_query();
    let counts = packed(db, counts, ["property", "value", "count"]).await?;
    Ok((counts, all))
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
