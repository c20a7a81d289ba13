//! What no two things of a kind may share, and who has it.

use super::rows;
use crate::Result;
use daybook_domain::{
    Error as Told,
    id::{ObjectId, WorkspaceId},
    naming::Naming,
    object::{ObjectKind, Values},
};
use daybook_entity::object::{self, Column as C};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::{HashMap, HashSet};

/// Keys of one question.
const TOGETHER: usize = 500;

/// What no two things of a kind may share.
#[derive(Debug)]
pub(super) struct Keys {
    pub unique: String,
    pub external_id: Option<String>,
}

impl Keys {
    pub(super) fn of(kind: ObjectKind, values: &Values) -> Self {
        let text = |property: &str| values.get(property).and_then(|value| value.as_str());
        Self {
            unique: rows::key(text(kind.spec().unique).unwrap_or_default()),
            external_id: text("external_id").map(str::to_owned),
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        let unique = [self.unique.as_str()];
        unique.into_iter().chain(self.external_id.as_deref())
    }
}

/// Which thing has a key, and what it is called.
type Held = HashMap<String, (ObjectId, String)>;

/// Who has what no two may share, as it is after each thing in turn.
#[derive(Debug, Default)]
pub(super) struct Holders {
    unique: Held,
    external_id: Held,
}

/// Keys that were looked for already, and who has them.
#[derive(Debug, Default)]
pub(super) struct LookedFor {
    holders: Holders,
    uniques: HashSet<String>,
    external_ids: HashSet<String>,
}

impl LookedFor {
    pub(super) fn new<'r>(
        uniques: &[&str],
        external_ids: &[&str],
        found: impl IntoIterator<Item = &'r object::Model>,
    ) -> Self {
        let owned = |keys: &[&str]| keys.iter().map(|&key| key.to_owned()).collect();
        let mut holders = Holders::default();
        for row in found {
            holders.add(row);
        }
        Self {
            holders,
            uniques: owned(uniques),
            external_ids: owned(external_ids),
        }
    }
}

impl Holders {
    /// Those of all that some things are to have.
    pub(super) async fn of(
        db: &impl ConnectionTrait,
        workspace: WorkspaceId,
        kind: ObjectKind,
        keys: &[&Keys],
        looked_for: LookedFor,
    ) -> Result<Self> {
        let LookedFor {
            mut holders,
            uniques: known,
            external_ids: known_ids,
        } = looked_for;
        let of_kind = object::Entity::find()
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Kind.eq(kind.name()));
        let uniques = keys.iter().map(|keys| keys.unique.as_str());
        let uniques: Vec<_> = uniques.filter(|key| !known.contains(*key)).collect();
        let external_ids = keys.iter().filter_map(|keys| keys.external_id.as_deref());
        let external_ids: Vec<_> = external_ids.filter(|key| !known_ids.contains(*key)).collect();
        for (column, keys) in [(C::UniqueKey, uniques), (C::ExternalId, external_ids)] {
            for some in keys.chunks(TOGETHER) {
                let found = of_kind.clone().filter(column.is_in(some.iter().copied()));
                for row in found.all(db).await? {
                    holders.add(&row);
                }
            }
        }
        Ok(holders)
    }

    fn add(&mut self, row: &object::Model) {
        let holder = (ObjectId(row.id), row.name.clone());
        if let Some(key) = &row.external_id {
            self.external_id.insert(key.clone(), holder.clone());
        }
        self.unique.insert(row.unique_key.clone(), holder);
    }

    /// Why a thing can't have what it is to have.
    pub(super) fn refusal(
        &self,
        kind: ObjectKind,
        naming: Naming,
        id: ObjectId,
        keys: &Keys,
    ) -> Option<Told> {
        let other = |held: &Held, key: &str| {
            let other = held.get(key).filter(|(other, _)| *other != id);
            other.map(|(_, name)| name.clone())
        };
        let (property, name) = if let Some(name) = other(&self.unique, &keys.unique) {
            (kind.spec().unique, name)
        } else {
            let external_id = keys.external_id.as_deref()?;
            ("external_id", other(&self.external_id, external_id)?)
        };
        let reason = format!("The {} “{name}” has this already.", naming.singular(kind));
        Some(Told::invalid(property, reason))
    }

    /// It has from now on what it is to have, and what it had is free: in whichever pieces a file is stored, the same
    /// becomes of it.
    pub(super) fn pass(&mut self, id: ObjectId, called: &str, row: Option<&object::Model>, keys: &Keys) {
        if let Some(row) = row {
            let free = |held: &mut Held, key: &str| {
                if held.get(key).is_some_and(|(holder, _)| *holder == id) {
                    held.remove(key);
                }
            };
            free(&mut self.unique, &row.unique_key);
            if let Some(key) = &row.external_id {
                free(&mut self.external_id, key);
            }
        }
        let holder = (id, called.to_owned());
        if let Some(key) = &keys.external_id {
            self.external_id.insert(key.clone(), holder.clone());
        }
        self.unique.insert(keys.unique.clone(), holder);
    }
}
