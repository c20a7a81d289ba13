//! What a thing is found by: the values lists can be narrowed to, the words of its names, and how many things have each
//! value.

mod kept;

pub(super) use kept::KeptOf;

use super::postings::{self, Gathered, WORD};
use crate::{Result, rows::insert_many};
use daybook_domain::{
    id::{ObjectId, WorkspaceId},
    object::{ObjectKind, ObjectStatus, STATUS, Shape, Values},
    search::words,
};
use daybook_entity::{object_facet, object_reference};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, Value};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Longest word that is looked up, in characters; of longer ones the beginning.
const WORD_CHARS: usize = 40;
/// Things that are many at once.
const MANY: usize = 100;

/// A property and one of its values.
pub(super) type Entry = (&'static str, String);

/// All that one thing is found by.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FoundBy {
    values: BTreeSet<Entry>,
    words: BTreeSet<String>,
    refers_to: BTreeSet<(&'static str, ObjectId)>,
}

impl FoundBy {
    pub(super) fn of(kind: ObjectKind, status: ObjectStatus, values: &Values) -> Self {
        let mut found = Self::default();
        found.values.insert((STATUS, status.name().to_owned()));
        for property in kind.spec().properties {
            let value = values.get(property.name);
            let refers_to = property.references(value).into_iter();
            found
                .refers_to
                .extend(refers_to.map(|other| (property.name, other)));
            let texts = property.texts(value);
            if property.is_filter() {
                found
                    .values
                    .extend(texts.iter().map(|text| (property.name, text.clone())));
            }
            let is_searched = matches!(
                property.shape,
                Shape::Text(_) | Shape::Email | Shape::Phone | Shape::Words | Shape::Url
            );
            if is_searched {
                found.words.extend(texts.iter().flat_map(|text| searched(text)));
            }
        }
        found
    }

    /// Its words, each after a space.
    pub(super) fn words(&self) -> String {
        self.words.iter().flat_map(|word| [" ", word.as_str()]).collect()
    }
}

/// The words of a text, as they are stored and looked up.
pub(super) fn searched(text: &str) -> impl Iterator<Item = String> + use<> {
    let words: Vec<_> = words(text).collect();
    words
        .into_iter()
        .map(|word| word.chars().take(WORD_CHARS).collect())
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
    postings: postings::Changes,
    /// References that are no more, by their keys.
    gone: Vec<(Uuid, Uuid, String, Uuid, String)>,
    references: Vec<[Value; REFERENCES.len()]>,
    counts: Vec<[Value; COUNTS.len()]>,
    /// Values that fewer things have, and maybe none.
    fewer: Vec<Entry>,
}

impl Changes {
    pub(super) fn of(workspace: WorkspaceId, kind: ObjectKind, things: &[Moved]) -> Result<Self> {
        let mut counts: foldhash::HashMap<&Entry, i64> = foldhash::HashMap::default();
        let mut gathered = Gathered::default();
        let (mut gone, mut refers_to) = (Vec::new(), Vec::new());
        for thing in things {
            let Moved {
                id,
                number,
                made,
                was,
                is,
            } = thing;
            for entry in was.values.difference(&is.values) {
                *counts.entry(entry).or_default() -= 1;
                gathered.take(entry.0, &entry.1, *number)?;
            }
            for entry in is.values.difference(&was.values) {
                *counts.entry(entry).or_default() += 1;
                gathered.add(entry.0, &entry.1, *number, *made)?;
            }
            for word in was.words.difference(&is.words) {
                gathered.take(WORD, word, *number)?;
            }
            for word in is.words.difference(&was.words) {
                gathered.add(WORD, word, *number, *made)?;
            }
            let no_more = was.refers_to.difference(&is.refers_to);
            gone.extend(no_more.map(|(property, other)| {
                let kind = kind.name().to_owned();
                (workspace.0, other.0, kind, id.0, (*property).to_owned())
            }));
            let new = is.refers_to.difference(&was.refers_to);
            refers_to.extend(new.map(|(property, other)| (*other, *id, *property)));
        }
        // Each in the order of its keys: neighbours lie on one page.
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
        let mut counts: Vec<_> = counts.into_iter().filter(|(_, count)| *count != 0).collect();
        counts.sort_unstable();
        let fewer = counts.iter().filter(|(_, count)| *count < 0);
        let fewer = fewer.map(|(entry, _)| (*entry).clone()).collect();
        let counts = counts.into_iter().map(|((property, value), count)| {
            [
                workspace.0.into(),
                kind.name().into(),
                (*property).into(),
                value.clone().into(),
                Value::from(count),
            ]
        });
        Ok(Self {
            postings: gathered.into_changes(workspace, kind, things.len() >= MANY),
            gone,
            references: references.collect(),
            counts: counts.collect(),
            fewer,
        })
    }

    pub(super) async fn store(
        self,
        tx: &DatabaseTransaction,
        workspace: WorkspaceId,
        kind: ObjectKind,
    ) -> Result<()> {
        for key in self.gone {
            object_reference::Entity::delete_by_id(key).exec(tx).await?;
        }
        self.postings.store(tx, workspace, kind).await?;
        insert_many(tx, "object_reference", &REFERENCES, self.references, "").await?;
        insert_many(tx, "object_facet", &COUNTS, self.counts, ADDED).await?;
        // What no thing has any more isn't offered.
        for (property, value) in self.fewer {
            object_facet::Entity::delete_many()
                .filter(object_facet::Column::WorkspaceId.eq(workspace.0))
                .filter(object_facet::Column::Kind.eq(kind.name()))
                .filter(object_facet::Column::Property.eq(property))
                .filter(object_facet::Column::Value.eq(value.as_str()))
                .filter(object_facet::Column::Count.lte(0))
                .exec(tx)
                .await?;
        }
        Ok(())
    }
}

const REFERENCES: [object_reference::Column; 5] = {
    use object_reference::Column as C;
    [C::WorkspaceId, C::RefersTo, C::Kind, C::ObjectId, C::Property]
};
const COUNTS: [object_facet::Column; 5] = {
    use object_facet::Column as C;
    [C::WorkspaceId, C::Kind, C::Property, C::Value, C::Count]
};

/// Adds the count of a row that comes in to the one that is there.
const ADDED: &str = "ON CONFLICT (workspace_id, kind, property, value) DO UPDATE SET \
                     count = object_facet.count + excluded.count";
