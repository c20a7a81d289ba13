//! Things, as they are checked against the log: their values, the columns that follow from these, and what they are found by.

use super::{
    found_by::{FoundBy, KeptOf},
    holders::Keys,
    records::ObjectRecord,
    rows, sort_keys,
};
use crate::{
    Error, Result,
    drift::family::{Family, Life, Moment, Stored, Visitor},
};
use async_trait::async_trait;
use daybook_domain::{
    about::About,
    drift::{Difference, Drift},
    id::ObjectId,
    naming::Naming,
    object::{Names, ObjectKind, ObjectStatus, Values, name_of},
};
use daybook_entity::object::{self, Column as C};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

/// Things read together.
const TOGETHER: u64 = 1000;

pub(crate) struct Things;

#[async_trait]
impl Family for Things {
    fn lives(&self) -> Vec<Life> {
        let life = |kind: &ObjectKind| Life {
            log: kind.spec().log,
            ..Life::new(kind.name(), &["created"], &["deleted"])
        };
        ObjectKind::ALL.iter().map(life).collect()
    }

    async fn visit(&self, moment: &Moment<'_>, to: &mut dyn Visitor) -> Result<()> {
        for kind in ObjectKind::ALL.iter().copied() {
            let mut kept = KeptOf::kind(moment.db, moment.workspace, kind).await?;
            let sort_keys = sort_keys::Kept::of(moment.db, moment.workspace, kind).await?;
            let mut after = None;
            loop {
                let mut some = object::Entity::find()
                    .filter(C::WorkspaceId.eq(moment.workspace.0))
                    .filter(C::Kind.eq(kind.name()))
                    .order_by_asc(C::Id)
                    .limit(TOGETHER);
                if let Some(after) = after {
                    some = some.filter(C::Id.gt(after));
                }
                let some = some.all(moment.db).await?;
                let Some(last) = some.last() else { break };
                after = Some(last.id);
                hand_over(moment, kind, some, &mut kept, &sort_keys, to).await?;
            }
            for (what, stored, due) in kept.amiss_altogether(moment.db).await? {
                to.amiss(Drift {
                    thing: About::new(kind.name(), ""),
                    name: Naming::default().plural(kind).to_owned(),
                    difference: Difference::Beside { what, stored, due },
                });
            }
        }
        Ok(())
    }
}

async fn hand_over(
    moment: &Moment<'_>,
    kind: ObjectKind,
    some: Vec<object::Model>,
    kept: &mut KeptOf,
    sort_keys: &sort_keys::Kept,
    to: &mut dyn Visitor,
) -> Result<()> {
    let mut due = BTreeMap::new();
    for row in &some {
        if let Ok((status, values)) = read(row) {
            let found_by = FoundBy::of(kind, status, &values);
            due.insert(ObjectId(row.id), (row.number.unsigned_abs(), found_by));
        }
    }
    let mut amiss = kept.amiss(moment.db, &due).await?;
    for row in some {
        let id = ObjectId(row.id);
        let mut stored = stored(kind, &row, due.get(&id).map(|(_, found_by)| found_by))?;
        stored.beside.extend(amiss.remove(&id).unwrap_or_default());
        for (sorted, kept, due) in sort_keys.amiss(&row)? {
            let what = format!("object_sort_key: {}", sorted.name());
            stored
                .beside
                .push((what, kept.to_string().into(), due.to_string().into()));
        }
        to.thing(stored)?;
    }
    Ok(())
}

fn read(row: &object::Model) -> Result<(ObjectStatus, Values)> {
    Ok((rows::status(row)?, rows::values(row)?))
}

fn stored(kind: ObjectKind, row: &object::Model, found_by: Option<&FoundBy>) -> Result<Stored> {
    let (id, read) = (ObjectId(row.id), read(row));
    let record = read.as_ref().map(|(status, values)| {
        // What it refers to is compared by its id.
        ObjectRecord::new(kind, id, *status, values, &Names::new())
    });
    let record = record.map_err(Error::damaged);
    let stored = Stored::of(About::new(kind.name(), id), &row.name, row.created_at, record)?;
    let (Ok((_, values)), Some(found_by)) = (&read, found_by) else {
        return Ok(stored);
    };
    let (name, keys) = (name_of(values), Keys::of(kind, values));
    Ok(stored
        .beside("name", row.name.as_str(), name)
        .beside("name_key", row.name_key.as_str(), rows::key(name))
        .beside("unique_key", row.unique_key.as_str(), keys.unique)
        .beside("external_id", row.external_id.clone(), keys.external_id)
        .beside("words", row.words.as_str(), found_by.words()))
}
