//! What a thing is found by: the values lists can be narrowed to, the words of its names, and how many things have each
//! value.

use super::rows::references;
use crate::{Result, rows::insert_many};
use daybook_domain::{
    id::{ObjectId, WorkspaceId},
    object::{ObjectKind, ObjectStatus, STATUS, Shape, Values},
    search::words,
};
use daybook_entity::{object_facet, object_value, object_word};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Longest word that is looked up, in characters; of longer ones the beginning.
const WORD_CHARS: usize = 40;

/// A property and one of its values.
type Entry = (&'static str, String);

/// All that one thing is found by.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FoundBy {
    values: BTreeSet<Entry>,
    words: BTreeSet<String>,
    refers_to: BTreeSet<ObjectId>,
}

impl FoundBy {
    pub(super) fn of(kind: ObjectKind, status: ObjectStatus, values: &Values) -> Self {
        let mut found = Self {
            refers_to: references(kind, values).into_iter().collect(),
            ..Self::default()
        };
        found.values.insert((STATUS, status.name().to_owned()));
        for property in kind.spec().properties {
            let texts = property.texts(values.get(property.name));
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
    let (mut values, mut words) = (Vec::new(), Vec::new());
    for Moved { id, was, is } in things {
        let gone: Vec<_> = was.values.difference(&is.values).collect();
        for entry in &gone {
            *counts.entry(entry).or_default() -= 1;
            object_value::Entity::delete_by_id((
                workspace.0,
                kind.name().to_owned(),
                entry.0.to_owned(),
                entry.1.clone(),
                id.0,
            ))
            .exec(tx)
            .await?;
        }
        for entry in is.values.difference(&was.values) {
            *counts.entry(entry).or_default() += 1;
            let refers_to = entry
                .1
                .parse::<ObjectId>()
                .ok()
                .filter(|other| is.refers_to.contains(other));
            values.push((entry, *id, refers_to));
        }
        let gone: Vec<_> = was.words.difference(&is.words).cloned().collect();
        if !gone.is_empty() {
            object_word::Entity::delete_many()
                .filter(object_word::Column::WorkspaceId.eq(workspace.0))
                .filter(object_word::Column::Kind.eq(kind.name()))
                .filter(object_word::Column::Word.is_in(gone))
                .filter(object_word::Column::ObjectId.eq(id.0))
                .exec(tx)
                .await?;
        }
        words.extend(is.words.difference(&was.words).map(|word| (word, *id)));
    }
    // In the order of the keys: neighbours lie on one page.
    values.sort_unstable();
    words.sort_unstable();
    let values = values.into_iter().map(|((property, value), id, refers_to)| {
        [
            workspace.0.into(),
            kind.name().into(),
            (*property).into(),
            value.as_str().into(),
            id.0.into(),
            Value::from(refers_to.map(|other| other.0)),
        ]
    });
    let words = words.into_iter().map(|(word, id)| {
        [
            workspace.0.into(),
            kind.name().into(),
            Value::from(word.as_str()),
            id.0.into(),
        ]
    });
    insert_many(tx, "object_value", &VALUES, values.collect(), "").await?;
    insert_many(tx, "object_word", &WORDS, words.collect(), "").await?;
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

const VALUES: [object_value::Column; 6] = {
    use object_value::Column as C;
    [
        C::WorkspaceId,
        C::Kind,
        C::Property,
        C::Value,
        C::ObjectId,
        C::RefersTo,
    ]
};
const WORDS: [object_word::Column; 4] = {
    use object_word::Column as C;
    [C::WorkspaceId, C::Kind, C::Word, C::ObjectId]
};
const COUNTS: [object_facet::Column; 5] = {
    use object_facet::Column as C;
    [C::WorkspaceId, C::Kind, C::Property, C::Value, C::Count]
};

/// Adds the count of a row that comes in to the one that is there.
const ADDED: &str = "ON CONFLICT (workspace_id, kind, property, value) DO UPDATE SET \
                     count = object_facet.count + excluded.count";
