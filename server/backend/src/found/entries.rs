//! What a row is found by: values that lists can be narrowed to, and words; and how many rows have each value.

use super::{
    Collection,
    postings::{self, Gathered, WORD},
};
use crate::{Result, rows::insert_many};
use daybook_domain::search::words;
use daybook_entity::facet;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, Value};
use std::collections::BTreeSet;

/// Longest word that is looked up, in characters; of longer ones the beginning.
const WORD_CHARS: usize = 40;
/// Rows that are many at once.
const MANY: usize = 100;

/// A property and one of its values.
pub(crate) type Entry = (&'static str, String);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FoundBy {
    pub values: BTreeSet<Entry>,
    pub words: BTreeSet<String>,
}

impl FoundBy {
    /// Its words, each after a space.
    pub(crate) fn words(&self) -> String {
        self.words.iter().flat_map(|word| [" ", word.as_str()]).collect()
    }
}

/// The words of a text, as they are stored and looked up.
pub(crate) fn searched(text: &str) -> impl Iterator<Item = String> + use<> {
    let words: Vec<_> = words(text).collect();
    words
        .into_iter()
        .map(|word| word.chars().take(WORD_CHARS).collect())
}

/// A row that isn't found by what it was found by any more, but by something else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moved<'f> {
    pub number: u32,
    /// Whether it is made: nothing has a larger number.
    pub made: bool,
    pub was: &'f FoundBy,
    pub is: &'f FoundBy,
}

/// What is to change of what rows are found by, and of the counts.
pub(crate) struct Changes {
    of: Collection,
    postings: postings::Changes,
    counts: Vec<[Value; COUNTS.len()]>,
    /// Values that fewer rows have, and maybe none.
    fewer: Vec<Entry>,
}

impl Changes {
    pub(crate) fn of<'f>(of: Collection, rows: impl ExactSizeIterator<Item = Moved<'f>>) -> Result<Self> {
        let many = rows.len() >= MANY;
        let mut counts: foldhash::HashMap<&Entry, i64> = foldhash::HashMap::default();
        let mut gathered = Gathered::default();
        for Moved {
            number,
            made,
            was,
            is,
        } in rows
        {
            for entry in was.values.difference(&is.values) {
                *counts.entry(entry).or_default() -= 1;
                gathered.take(entry.0, &entry.1, number)?;
            }
            for entry in is.values.difference(&was.values) {
                *counts.entry(entry).or_default() += 1;
                gathered.add(entry.0, &entry.1, number, made)?;
            }
            for word in was.words.difference(&is.words) {
                gathered.take(WORD, word, number)?;
            }
            for word in is.words.difference(&was.words) {
                gathered.add(WORD, word, number, made)?;
            }
        }
        // In the order of the keys: neighbours lie on one page.
        let mut counts: Vec<_> = counts.into_iter().filter(|(_, count)| *count != 0).collect();
        counts.sort_unstable();
        let fewer = counts.iter().filter(|(_, count)| *count < 0);
        let fewer = fewer.map(|(entry, _)| (*entry).clone()).collect();
        let counts = counts.into_iter().map(|((property, value), count)| {
            [
                of.workspace.0.into(),
                of.kind.into(),
                (*property).into(),
                value.clone().into(),
                Value::from(count),
            ]
        });
        Ok(Self {
            of,
            postings: gathered.into_changes(of, many),
            counts: counts.collect(),
            fewer,
        })
    }

    pub(crate) async fn store(self, tx: &DatabaseTransaction) -> Result<()> {
        use facet::Column as F;
        self.postings.store(tx, self.of).await?;
        insert_many(tx, "facet", &COUNTS, self.counts, ADDED).await?;
        // What no row has any more isn't offered.
        for (property, value) in self.fewer {
            facet::Entity::delete_many()
                .filter(F::WorkspaceId.eq(self.of.workspace.0))
                .filter(F::Kind.eq(self.of.kind))
                .filter(F::Property.eq(property))
                .filter(F::Value.eq(value.as_str()))
                .filter(F::Count.lte(0))
                .exec(tx)
                .await?;
        }
        Ok(())
    }
}

const COUNTS: [facet::Column; 5] = {
    use facet::Column as C;
    [C::WorkspaceId, C::Kind, C::Property, C::Value, C::Count]
};

/// Adds the count of a row that comes in to the one that is there.
const ADDED: &str = "ON CONFLICT (workspace_id, kind, property, value) DO UPDATE SET \
                     count = facet.count + excluded.count";
