//! What a thing is found by: the values lists can be narrowed to, the words of its names, and how many things have each
//! value.

mod kept;

pub(super) use kept::KeptOf;

use super::postings::{Changes, WORD};
use crate::{Result, rows::insert_many};
use daybook_domain::{
    id::{ObjectId, WorkspaceId},
    object::{ObjectKind, ObjectStatus, STATUS, Shape, Values},
    search::words,
};
use daybook_entity::{object_facet, object_reference};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, Value};
use std::collections::{BTreeMap, BTreeSet};

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

/// Stores what things of a kind are found by, and the counts.
pub(super) async fn store(
    tx: &DatabaseTransaction,
    workspace: WorkspaceId,
    kind: ObjectKind,
    things: &[Moved],
) -> Result<()> {
    let mut counts: BTreeMap<&Entry, i64> = BTreeMap::new();
    let mut postings = Changes::default();
    let mut refers_to = Vec::new();
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
            postings.take(entry.0, &entry.1, *number)?;
        }
        for entry in is.values.difference(&was.values) {
            *counts.entry(entry).or_default() += 1;
            postings.add(entry.0, &entry.1, *number, *made)?;
        }
        for word in was.words.difference(&is.words) {
            postings.take(WORD, word, *number)?;
        }
        for word in is.words.difference(&was.words) {
            postings.add(WORD, word, *number, *made)?;
        }
        for (property, other) in was.refers_to.difference(&is.refers_to) {
            let key = (
                workspace.0,
                other.0,
                kind.name().to_owned(),
                id.0,
                (*property).to_owned(),
            );
            object_reference::Entity::delete_by_id(key).exec(tx).await?;
        }
        let new = is.refers_to.difference(&was.refers_to);
        refers_to.extend(new.map(|(property, other)| (*other, *id, *property)));
    }
    postings.store(tx, workspace, kind, things.len() >= MANY).await?;
    // In the order of the keys: neighbours lie on one page.
    refers_to.sort_unstable();
    let refers_to = refers_to.into_iter().map(|(other, id, property)| {
        [
            workspace.0.into(),
            other.0.into(),
            kind.name().into(),
            id.0.into(),
            Value::from(property),
        ]
    });
    insert_many(tx, "object_reference", &REFERENCES, refers_to.collect(), "").await?;
    counts.retain(|_, count| *count != 0);
    let rows = counts.iter().map(|((property, value), count)| {
        [
            workspace.0.into(),
            kind.name().into(),
            (*property).into(),
            value.clone().into(),
            Value::from(*count),
        ]
    });
    insert_many(tx, "object_facet", &COUNTS, rows.collect(), ADDED).await?;
    // What no thing has any more isn't offered.
    for ((property, value), _) in counts.into_iter().filter(|(_, count)| *count < 0) {
        object_facet::Entity::delete_many()
            .filter(object_facet::Column::WorkspaceId.eq(workspace.0))
            .filter(object_facet::Column::Kind.eq(kind.name()))
            .filter(object_facet::Column::Property.eq(*property))
            .filter(object_facet::Column::Value.eq(value.as_str()))
            .filter(object_facet::Column::Count.lte(0))
            .exec(tx)
            .await?;
    }
    Ok(())
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
