//! A page of a list of things: its rows, how many there are, and the values it can be narrowed to.

use super::{
    found_by::collection,
    matching::Matching,
    order::{self, Ordering},
    rows::{self, names},
};
use crate::{
    Result,
    found::facets::{self, Offered},
    local_time::Reader,
    rows::{Page, page_of},
};
use daybook_domain::{
    facet::Count,
    id::{ObjectId, WorkspaceId},
    object::{
        Names, ObjectFacet, ObjectFacetValue, ObjectKind, ObjectPage, ObjectQuery, ObjectRow, ObjectStatus,
        PAGE, Property, STATUS,
    },
};
use daybook_entity::object;
use futures::try_join;
use sea_orm::ConnectionTrait;

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
        offered(db, kind, &matching, query),
    )?;
    let (mut found, before, after) = slice;
    let columns = kind.spec().columns;
    let mut refers_to: Vec<_> = offered
        .iter()
        .flat_map(|offered| references(kind, offered))
        .collect();
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
    let facets = offered
        .into_iter()
        .map(|offered| named(kind, offered, &names))
        .collect();
    Ok(ObjectPage {
        rows: listed,
        names,
        total,
        facets,
        before,
        after,
    })
}

/// At most so many rows from where the query's cursor begins, and the cursors of its neighbours.
pub(super) async fn slice(
    db: &impl ConnectionTrait,
    matching: &Matching,
    query: &ObjectQuery,
    most: usize,
) -> Result<Page<object::Model>> {
    let backwards = query.is_backwards();
    let order = Ordering {
        by: query.sort.by,
        descending: query.sort.descending != backwards,
    };
    let found = order::rows(db, matching, order, query.cursor.as_ref(), most + 1).await?;
    Ok(page_of(found, most, query, |row| {
        (order.key(row), row.number.unsigned_abs().into())
    }))
}

async fn total(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    matching: &Matching,
) -> Result<Count> {
    if matching.sets.is_everything() {
        return Ok(Count::Exactly(how_many(db, workspace, kind).await?));
    }
    Ok(matching.sets.count())
}

/// How many things of a kind there are.
pub(super) async fn how_many(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
) -> Result<u64> {
    facets::how_many(db, collection(workspace, kind), STATUS).await
}

/// The values of each filter with their counts.
async fn offered(
    db: &impl ConnectionTrait,
    kind: ObjectKind,
    matching: &Matching,
    query: &ObjectQuery,
) -> Result<Vec<Offered>> {
    let properties = kind.spec().filters().map(|property| property.name);
    let fields: Vec<_> = std::iter::once(STATUS).chain(properties).collect();
    facets::offered(db, matching, &matching.sets, &fields, |field| query.values(field)).await
}

/// The things that values of a filter are.
fn references(kind: ObjectKind, offered: &Offered) -> Vec<ObjectId> {
    let property = kind.spec().property(offered.field);
    let refers = property.is_some_and(|property| property.refers_to().is_some());
    let ids = offered.values.iter().filter(|_| refers);
    ids.filter_map(|(id, _)| id.parse().ok()).collect()
}

fn named(kind: ObjectKind, offered: Offered, names: &Names) -> ObjectFacet {
    // `None` for the status.
    let property = kind.spec().property(offered.field);
    let values = offered.values.into_iter();
    ObjectFacet {
        property: offered.field.to_owned(),
        title: property.map_or("Status", |property| property.title).to_owned(),
        values: values
            .map(|(value, count)| choice(property, names, value, count))
            .collect(),
        more: offered.more,
        exact: offered.exact,
    }
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
