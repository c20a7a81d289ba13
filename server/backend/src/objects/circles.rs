//! What may not come back to itself: a rule that runs another, which runs the first. Asked of every change, in its
//! transaction, whichever way it came.

use super::rows;
use crate::Result;
use daybook_domain::{
    Error as Told,
    id::{ObjectId, WorkspaceId},
    object::{ObjectKind, Property, Values, name_of},
};
use daybook_entity::{
    event_head,
    object::{self, Column as C},
};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{HashMap, HashSet, hash_map::Entry};

/// Ids of one question.
const TOGETHER: usize = 500;
/// Names told of a circle; of a longer one the first.
const TOLD: usize = 8;

/// Where one comes from each thing, with those things' names.
#[derive(Debug, Default)]
pub(super) struct Circles {
    leads: HashMap<ObjectId, Lead>,
}

#[derive(Debug, Clone)]
struct Lead {
    name: String,
    to: Vec<ObjectId>,
}

impl Lead {
    fn of(kind: ObjectKind, values: &Values) -> Self {
        let to = acyclic(kind).flat_map(|property| property.references(values.get(property.name)));
        Self {
            name: name_of(values).to_owned(),
            to: to.collect(),
        }
    }
}

/// The properties that may not lead back.
fn acyclic(kind: ObjectKind) -> impl Iterator<Item = &'static Property> {
    kind.spec().properties.iter().filter(|property| property.acyclic)
}

/// Keeps two processes from storing one half of a circle each. Whoever records waits for this row in any case.
pub(super) async fn one_at_a_time(
    tx: &DatabaseTransaction,
    workspace: WorkspaceId,
    kind: ObjectKind,
) -> Result<()> {
    if acyclic(kind).next().is_some() {
        let head = event_head::Entity::find_by_id(workspace.0).lock_exclusive();
        head.one(tx).await?;
    }
    Ok(())
}

impl Circles {
    /// All that can be reached from what things are to be.
    pub(super) async fn around(
        db: &impl ConnectionTrait,
        workspace: WorkspaceId,
        kind: ObjectKind,
        things: impl Iterator<Item = &Values>,
    ) -> Result<Self> {
        let mut circles = Self::default();
        if acyclic(kind).next().is_none() {
            return Ok(circles);
        }
        let mut next: HashSet<_> = things.flat_map(|values| Lead::of(kind, values).to).collect();
        while !next.is_empty() {
            let ids: Vec<_> = next.drain().collect();
            for some in ids.chunks(TOGETHER) {
                let found = object::Entity::find()
                    .filter(C::WorkspaceId.eq(workspace.0))
                    .filter(C::Kind.eq(kind.name()))
                    .filter(C::Id.is_in(some.iter().map(|id| id.0)));
                for row in found.all(db).await? {
                    let lead = Lead::of(kind, &rows::values(&row)?);
                    next.extend(&lead.to);
                    circles.leads.insert(ObjectId(row.id), lead);
                }
            }
            next.retain(|id| !circles.leads.contains_key(id));
        }
        Ok(circles)
    }

    /// From now on the thing is so, unless that would make a circle.
    pub(super) fn lead(&mut self, kind: ObjectKind, id: ObjectId, values: &Values) -> Result<(), Told> {
        let Some(property) = acyclic(kind).next() else {
            return Ok(());
        };
        let was = self.leads.insert(id, Lead::of(kind, values));
        let Some(way) = self.way_back(id) else {
            return Ok(());
        };
        let told = self.told(&way);
        match was {
            Some(was) => self.leads.insert(id, was),
            None => self.leads.remove(&id),
        };
        let reason = format!("This would run in a circle: {told}.");
        Err(Told::invalid(property.name, reason))
    }

    fn told(&self, way: &[ObjectId]) -> String {
        let name = |id: &ObjectId| self.leads.get(id).map_or("", |lead| lead.name.as_str());
        let mut names: Vec<_> = way.iter().map(name).collect();
        if names.len() > TOLD {
            names.splice(TOLD - 2..names.len() - 1, ["…"]);
        }
        names.join(" → ")
    }

    /// The shortest way from a thing back to itself, with it at both ends.
    fn way_back(&self, id: ObjectId) -> Option<Vec<ObjectId>> {
        let mut from: HashMap<ObjectId, ObjectId> = HashMap::new();
        let mut layer = vec![id];
        while !layer.is_empty() {
            let mut next = Vec::new();
            for here in layer {
                let to = self.leads.get(&here).map_or(&[][..], |lead| &lead.to);
                for &there in to {
                    if there == id {
                        let mut way = vec![id, here];
                        while let Some(before) = way.last().and_then(|last| from.get(last)) {
                            way.push(*before);
                        }
                        way.reverse();
                        return Some(way);
                    }
                    if let Entry::Vacant(unseen) = from.entry(there) {
                        unseen.insert(here);
                        next.push(there);
                    }
                }
            }
            layer = next;
        }
        None
    }
}
