//! Whether what things are found by is what it should be. It is stored beside them, so that it can be changed without them.

use super::{FoundBy, collection};
use crate::{
    Result,
    found::postings::{self, WORD},
};
use daybook_domain::{
    id::{ObjectId, WorkspaceId},
    object::ObjectKind,
};
use daybook_entity::{facet, object_reference};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Ids of one question.
const TOGETHER: usize = 500;

/// Something that isn't as it should be: where, what is stored and what is due.
pub(in crate::objects) type Amiss = (String, Value, Value);

/// What is kept of the things of a kind. It is kept by value and by word, so all of it is read at once.
pub(in crate::objects) struct KeptOf {
    workspace: WorkspaceId,
    kind: ObjectKind,
    /// Properties with their values, words, and how many things have each.
    entries: Vec<(String, String, u64)>,
    /// Which of them each thing has that isn't looked at yet, by its number.
    of: HashMap<u32, Vec<usize>>,
}

/// A property, and what it refers to.
type Reference = (String, Uuid);

impl KeptOf {
    pub(in crate::objects) async fn kind(
        db: &impl ConnectionTrait,
        workspace: WorkspaceId,
        kind: ObjectKind,
    ) -> Result<Self> {
        let mut entries = Vec::new();
        let mut of: HashMap<_, Vec<_>> = HashMap::new();
        for ((property, value), numbers) in postings::all(db, collection(workspace, kind)).await? {
            for number in &numbers {
                of.entry(number).or_default().push(entries.len());
            }
            entries.push((property, value, numbers.len()));
        }
        Ok(Self {
            workspace,
            kind,
            entries,
            of,
        })
    }

    /// What isn't as it should be, of some things, with their numbers.
    pub(in crate::objects) async fn amiss(
        &mut self,
        db: &impl ConnectionTrait,
        due: &BTreeMap<ObjectId, (u32, FoundBy)>,
    ) -> Result<HashMap<ObjectId, Vec<Amiss>>> {
        let ids: Vec<_> = due.keys().map(|id| id.0).collect();
        let mut references = self.references(db, &ids).await?;
        let mut amiss: HashMap<_, Vec<_>> = HashMap::new();
        for (id, (number, due)) in due {
            let kept = self.of.remove(number).unwrap_or_default();
            let kept = kept.iter().filter_map(|at| self.entries.get(*at));
            let kept = kept.map(|(property, value, _)| (property.as_str(), value.as_str()));
            let (words, values): (BTreeSet<_>, BTreeSet<_>) =
                kept.partition(|(property, _)| *property == WORD);
            let due_values = due.entries.values.iter();
            let due_values = due_values.map(|(property, value)| (*property, value.as_str()));
            let values = differing("posting", &values, &due_values.collect(), |(property, value)| {
                format!("{property} {value}")
            });
            let due_words = due.entries.words.iter().map(|word| (WORD, word.as_str()));
            let words = differing("posting: words", &words, &due_words.collect(), |(_, word)| {
                (*word).to_owned()
            });
            let kept = references.remove(&id.0).unwrap_or_default();
            let refers_to = due.refers_to.iter();
            let refers_to = refers_to.map(|(property, other)| ((*property).to_owned(), other.0));
            let refers_to = differing(
                "object_reference",
                &kept,
                &refers_to.collect(),
                |(property, other)| format!("{property} → {other}"),
            );
            let found: Vec<_> = values.into_iter().chain(words).chain(refers_to).collect();
            if !found.is_empty() {
                amiss.insert(*id, found);
            }
        }
        Ok(amiss)
    }

    async fn references(
        &self,
        db: &impl ConnectionTrait,
        ids: &[Uuid],
    ) -> Result<HashMap<Uuid, BTreeSet<Reference>>> {
        use object_reference::Column as C;
        let mut references: HashMap<_, BTreeSet<_>> = HashMap::new();
        for some in ids.chunks(TOGETHER) {
            let rows: Vec<(Uuid, String, Uuid)> = object_reference::Entity::find()
                .select_only()
                .columns([C::ObjectId, C::Property, C::RefersTo])
                .filter(C::WorkspaceId.eq(self.workspace.0))
                .filter(C::Kind.eq(self.kind.name()))
                .filter(C::ObjectId.is_in(some.iter().copied()))
                .into_tuple()
                .all(db)
                .await?;
            for (id, property, refers_to) in rows {
                references.entry(id).or_default().insert((property, refers_to));
            }
        }
        Ok(references)
    }

    /// What isn't as it should be of all together, once each was looked at: the counts, and numbers of nothing.
    pub(in crate::objects) async fn amiss_altogether(self, db: &impl ConnectionTrait) -> Result<Vec<Amiss>> {
        use facet::Column as C;
        let kept: Vec<(String, String, i64)> = facet::Entity::find()
            .select_only()
            .columns([C::Property, C::Value, C::Count])
            .filter(C::WorkspaceId.eq(self.workspace.0))
            .filter(C::Kind.eq(self.kind.name()))
            .into_tuple()
            .all(db)
            .await?;
        let mut both: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
        for (property, value, count) in kept {
            both.entry((property, value)).or_default().0 = count;
        }
        for (property, value, count) in self.entries.into_iter().filter(|entry| entry.0 != WORD) {
            both.entry((property, value)).or_default().1 = count.cast_signed();
        }
        both.retain(|_, (kept, due)| kept != due);
        let counts = both.into_iter().map(|((property, value), (kept, due))| {
            (format!("facet: {property} {value}"), kept.into(), due.into())
        });
        let mut strays: Vec<_> = self.of.into_keys().collect();
        strays.sort_unstable();
        let strays =
            (!strays.is_empty()).then(|| ("posting".to_owned(), strays.into(), Value::Array(Vec::new())));
        Ok(counts.chain(strays).collect())
    }
}

/// What is kept and not due, and what is due and not kept.
fn differing<T: Ord>(
    table: &str,
    kept: &BTreeSet<T>,
    due: &BTreeSet<T>,
    said: impl Fn(&T) -> String,
) -> Option<Amiss> {
    let only = |one: &BTreeSet<T>, other| one.difference(other).map(&said).collect();
    (kept != due).then(|| (table.to_owned(), only(kept, due), only(due, kept)))
}
