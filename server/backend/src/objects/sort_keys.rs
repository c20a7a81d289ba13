//! What lists are sorted by, as columns: a few bytes for each number of a kind, a block of them to a row. So the first of
//! many things are found without looking each up.
//!
//! Keys are ordered as the databases order what they are of. Of a name it is the first bytes: longer names that begin alike
//! are told apart elsewhere. A number keeps its keys when its thing goes; nothing asks for them then.

use crate::{Error, Result, found::postings::Numbers, rows::insert_many};
use daybook_domain::{
    id::WorkspaceId,
    object::{ObjectKind, SortBy},
};
use daybook_entity::{
    object,
    object_sort_key::{self, Column as C},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Select, Value,
};
use std::collections::{BTreeMap, HashMap};

/// Numbers of a block: one fits a page of SQLite's.
const BLOCK: u32 = 500;
/// Blocks that are looked up together.
const TOGETHER: usize = 500;

/// A number that is ordered as what it is the key of.
pub(super) type Key = u128;

/// The key of a name in lower case: its first bytes, and noughts behind a shorter one.
pub(super) fn of_name(name_key: &str) -> Key {
    let mut first = [0; size_of::<Key>()];
    for (to, from) in first.iter_mut().zip(name_key.bytes()) {
        *to = from;
    }
    Key::from_be_bytes(first)
}

/// The key of a time in microseconds since 1970.
pub(super) fn of_time(micros: i64) -> Key {
    Key::from(micros.cast_unsigned() ^ 1 << 63)
}

/// Whether whatever has a key is the same, and not only begins alike.
pub(super) fn is_whole(by: SortBy, key: Key) -> bool {
    by != SortBy::Name || key.to_be_bytes().ends_with(&[0])
}

/// A column that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Sorted {
    Name,
    Changed,
}

impl Sorted {
    const ALL: [Self; 2] = [Self::Name, Self::Changed];

    /// `None` where the number itself says it.
    pub(super) fn by(by: SortBy) -> Option<Self> {
        match by {
            SortBy::Name => Some(Self::Name),
            SortBy::Changed => Some(Self::Changed),
            SortBy::Created => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Changed => "changed",
        }
    }

    /// Bytes of a key.
    fn width(self) -> usize {
        match self {
            Self::Name => 16,
            Self::Changed => 8,
        }
    }
}

/// The keys of a thing.
#[derive(Debug, Clone, Copy)]
pub(super) struct SortKeys {
    number: u32,
    name: Key,
    changed: Key,
}

impl SortKeys {
    pub(super) fn of(row: &object::Model) -> Self {
        Self {
            number: row.number.unsigned_abs(),
            name: of_name(&row.name_key),
            changed: of_time(row.changed_at),
        }
    }

    fn key(&self, sorted: Sorted) -> Key {
        match sorted {
            Sorted::Name => self.name,
            Sorted::Changed => self.changed,
        }
    }
}

fn place(number: u32) -> Result<(i32, usize)> {
    let block = i32::try_from(number / BLOCK).map_err(Error::damaged)?;
    Ok((block, (number % BLOCK) as usize))
}

/// A key of a block, by its place there; of one that was never written the least.
fn read(keys: &[u8], sorted: Sorted, place: usize) -> Key {
    let width = sorted.width();
    let stored = keys.get(place * width..(place + 1) * width).unwrap_or_default();
    let mut key = [0; size_of::<Key>()];
    for (to, from) in key.iter_mut().rev().zip(stored.iter().rev()) {
        *to = *from;
    }
    Key::from_be_bytes(key)
}

fn write(keys: &mut Vec<u8>, sorted: Sorted, place: usize, key: Key) {
    let width = sorted.width();
    if keys.len() < (place + 1) * width {
        keys.resize((place + 1) * width, 0);
    }
    if let Some(at) = keys.get_mut(place * width..(place + 1) * width) {
        for (to, from) in at.iter_mut().rev().zip(key.to_be_bytes().iter().rev()) {
            *to = *from;
        }
    }
}

/// Stores the keys of things that are made or changed.
pub(super) async fn store(
    tx: &DatabaseTransaction,
    workspace: WorkspaceId,
    kind: ObjectKind,
    things: &[SortKeys],
) -> Result<()> {
    let mut blocks: BTreeMap<i32, Vec<(usize, SortKeys)>> = BTreeMap::new();
    for thing in things {
        let (block, place) = place(thing.number)?;
        blocks.entry(block).or_default().push((place, *thing));
    }
    let blocks: Vec<_> = blocks.into_iter().collect();
    for some in blocks.chunks(TOGETHER) {
        let stored = of_kind(workspace, kind)
            .filter(C::SortedBy.is_in(Sorted::ALL.map(Sorted::name)))
            .filter(C::Block.is_in(some.iter().map(|(block, _)| *block)));
        let mut stored = by_block(tx, stored).await?;
        let mut written = Vec::new();
        for sorted in Sorted::ALL {
            for (block, things) in some {
                let was = stored
                    .remove(&(sorted.name().to_owned(), *block))
                    .unwrap_or_default();
                let mut keys = was.clone();
                for (place, thing) in things {
                    write(&mut keys, sorted, *place, thing.key(sorted));
                }
                if keys != was {
                    written.push([
                        workspace.0.into(),
                        kind.name().into(),
                        sorted.name().into(),
                        (*block).into(),
                        Value::from(keys),
                    ]);
                }
            }
        }
        insert_many(tx, "object_sort_key", &COLUMNS, written, IN_PLACE_OF).await?;
    }
    Ok(())
}

const COLUMNS: [C; 5] = [C::WorkspaceId, C::Kind, C::SortedBy, C::Block, C::Keys];
const IN_PLACE_OF: &str =
    "ON CONFLICT (workspace_id, kind, sorted_by, block) DO UPDATE SET keys = excluded.keys";

fn of_kind(workspace: WorkspaceId, kind: ObjectKind) -> Select<object_sort_key::Entity> {
    object_sort_key::Entity::find()
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::Kind.eq(kind.name()))
}

/// Keys by column and block.
async fn by_block(
    db: &impl ConnectionTrait,
    rows: Select<object_sort_key::Entity>,
) -> Result<HashMap<(String, i32), Vec<u8>>> {
    let columns = [C::SortedBy, C::Block, C::Keys];
    let rows = rows.select_only().columns(columns).into_tuple();
    let rows: Vec<(String, i32, Vec<u8>)> = rows.all(db).await?;
    let by_block = |(sorted, block, keys)| ((sorted, block), keys);
    Ok(rows.into_iter().map(by_block).collect())
}

/// How many blocks are read for some numbers.
pub(super) fn blocks(among: &Numbers) -> u64 {
    let blocks = among.min().zip(among.max());
    blocks.map_or(0, |(first, last)| u64::from(last / BLOCK - first / BLOCK) + 1)
}

/// Each of the numbers with its key.
pub(super) async fn keyed(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    sorted: Sorted,
    among: &Numbers,
) -> Result<Vec<(Key, u32)>> {
    let Some((first, last)) = among.min().zip(among.max()) else {
        return Ok(Vec::new());
    };
    let ((first, _), (last, _)) = (place(first)?, place(last)?);
    let rows: Vec<(i32, Vec<u8>)> = of_kind(workspace, kind)
        .select_only()
        .columns([C::Block, C::Keys])
        .filter(C::SortedBy.eq(sorted.name()))
        .filter(C::Block.between(first, last))
        .into_tuple()
        .all(db)
        .await?;
    let rows: HashMap<_, _> = rows.into_iter().collect();
    let mut keyed = Vec::with_capacity(usize::try_from(among.len()).unwrap_or_default());
    let mut at: (i32, &[u8]) = (-1, &[]);
    for number in among {
        let (block, place) = place(number)?;
        if at.0 != block {
            at = (block, rows.get(&block).map_or(&[], Vec::as_slice));
        }
        keyed.push((read(at.1, sorted, place), number));
    }
    Ok(keyed)
}

/// The keys of a kind as they are kept, to be checked.
pub(super) struct Kept(HashMap<(String, i32), Vec<u8>>);

impl Kept {
    pub(super) async fn of(
        db: &impl ConnectionTrait,
        workspace: WorkspaceId,
        kind: ObjectKind,
    ) -> Result<Self> {
        Ok(Self(by_block(db, of_kind(workspace, kind)).await?))
    }

    /// Which aren't as they should be, of a thing: what they are of, what is kept and what is due.
    pub(super) fn amiss(&self, row: &object::Model) -> Result<Vec<(Sorted, Key, Key)>> {
        let due = SortKeys::of(row);
        let (block, place) = place(due.number)?;
        let kept = |sorted: Sorted| {
            let keys = self.0.get(&(sorted.name().to_owned(), block));
            keys.map_or(0, |keys| read(keys, sorted, place))
        };
        let all = Sorted::ALL.map(|sorted| (sorted, kept(sorted), due.key(sorted)));
        Ok(all.into_iter().filter(|(_, kept, due)| kept != due).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{Sorted, is_whole, of_name, of_time, read, write};
    use daybook_domain::object::SortBy;
    use proptest::prelude::*;

    proptest! {
        /// Where two keys differ, the names do in the same direction; where they don't, the names only begin alike.
        #[test]
        fn keys_are_ordered_as_names_are(one in "(maximiliane von)?[ab日]{0,2}", other in "(maximiliane von)?[ab日]{0,2}") {
            let (key, keys, names) = (of_name(&one), of_name(&one).cmp(&of_name(&other)), one.cmp(&other));
            prop_assert!(keys == names || (keys.is_eq() && !is_whole(SortBy::Name, key)));
        }

        #[test]
        fn keys_are_ordered_as_times_are(one: i64, other: i64) {
            prop_assert_eq!(of_time(one).cmp(&of_time(other)), one.cmp(&other));
        }

        #[test]
        fn what_is_written_is_read(places in prop::collection::btree_map(0_usize..40, any::<i64>(), 0..20)) {
            for sorted in Sorted::ALL {
                let mut keys = Vec::new();
                for (place, time) in places.iter().rev() {
                    write(&mut keys, sorted, *place, of_time(*time));
                }
                for place in 0..41 {
                    let due = places.get(&place).map_or(0, |time| of_time(*time));
                    prop_assert_eq!(read(&keys, sorted, place), due);
                }
            }
        }
    }
}
