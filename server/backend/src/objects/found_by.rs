//! What a thing is found by: the values lists can be narrowed to, the words of its names, and how many things have each
//! value.

mod kept;

pub(super) use kept::KeptOf;

use crate::{
    Result,
    found::{Collection, entries},
    rows::insert_many,
};
use daybook_domain::{
    id::{ObjectId, WorkspaceId},
    object::{ObjectKind, ObjectStatus, STATUS, Shape, Values},
};
use daybook_entity::object_reference;
use sea_orm::{DatabaseTransaction, EntityTrait, Value};
use std::collections::BTreeSet;
use uuid::Uuid;

/// All that one thing is found by.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FoundBy {
    entries: entries::FoundBy,
    refers_to: BTreeSet<(&'static str, ObjectId)>,
}

impl FoundBy {
    pub(super) fn of(kind: ObjectKind, status: ObjectStatus, values: &Values) -> Self {
        let mut found = Self::default();
        found.entries.values.insert((STATUS, status.name().to_owned()));
        for property in kind.spec().properties {
            let value = values.get(property.name);
            let refers_to = property.references(value).into_iter();
            found
                .refers_to
                .extend(refers_to.map(|other| (property.name, other)));
            let texts = property.texts(value);
            if property.is_filter() {
                found
                    .entries
                    .values
                    .extend(texts.iter().map(|text| (property.name, text.clone())));
            }
            let is_searched = matches!(
                property.shape,
                Shape::Text(_) | Shape::Email | Shape::Sender | Shape::Phone | Shape::Words | Shape::Url
            );
            if is_searched {
                let words = texts.iter().flat_map(|text| entries::searched(text));
                found.entries.words.extend(words);
            }
        }
        found
    }

    /// Its words, each after a space.
    pub(super) fn words(&self) -> String {
        self.entries.words()
    }
}

/// A thing that isn't found by what it was found by any more, but by something else.
#[derive(Debug)]
pub(super) struct Moved {
    pub id: ObjectId,
    pub number: u32,
    /// Whether it is made: nothing has a larger number.
    pub made: bool,
    pub was: FoundBy,
    pub is: FoundBy,
}

/// What is to change of what things of a kind are found by, and of the counts.
pub(super) struct Changes {
    entries: entries::Changes,
    /// References that are no more, by their keys.
    gone: Vec<(Uuid, Uuid, String, Uuid, String)>,
    references: Vec<[Value; REFERENCES.len()]>,
}

impl Changes {
    pub(super) fn of(workspace: WorkspaceId, kind: ObjectKind, things: &[Moved]) -> Result<Self> {
        let (mut gone, mut refers_to) = (Vec::new(), Vec::new());
        for Moved { id, was, is, .. } in things {
            let no_more = was.refers_to.difference(&is.refers_to);
            gone.extend(no_more.map(|(property, other)| {
                let kind = kind.name().to_owned();
                (workspace.0, other.0, kind, id.0, (*property).to_owned())
            }));
            let new = is.refers_to.difference(&was.refers_to);
            refers_to.extend(new.map(|(property, other)| (*other, *id, *property)));
        }
        // In the order of their keys: neighbours lie on one page.
        refers_to.sort_unstable();
        let references = refers_to.into_iter().map(|(other, id, property)| {
            [
                workspace.0.into(),
                other.0.into(),
                kind.name().into(),
                id.0.into(),
                Value::from(property),
            ]
        });
        let moved = things.iter().map(|thing| entries::Moved {
            number: thing.number,
            made: thing.made,
            was: &thing.was.entries,
            is: &thing.is.entries,
        });
        Ok(Self {
            entries: entries::Changes::of(collection(workspace, kind), moved)?,
            gone,
            references: references.collect(),
        })
    }

    pub(super) async fn store(self, tx: &DatabaseTransaction) -> Result<()> {
        for key in self.gone {
            object_reference::Entity::delete_by_id(key).exec(tx).await?;
        }
        self.entries.store(tx).await?;
        insert_many(tx, "object_reference", &REFERENCES, self.references, "").await
    }
}

/// The things of a kind, as they are found.
pub(super) fn collection(workspace: WorkspaceId, kind: ObjectKind) -> Collection {
    Collection {
        workspace,
        kind: kind.name(),
    }
}

const REFERENCES: [object_reference::Column; 5] = {
    use object_reference::Column as C;
    [C::WorkspaceId, C::RefersTo, C::Kind, C::ObjectId, C::Property]
};
