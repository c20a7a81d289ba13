//! Which things of a kind have a value or a word, as sets of their numbers.
//!
//! Stored are blocks: all numbers of one value among [`BLOCK`] that follow each other, in one row. What many things have
//! costs a bit for each, what one has two bytes; what several parts of a query leave is found without asking the
//! database about any thing.
//!
//! A block is a list of two bytes for each number, least first, or of odd length: a byte, a bit for each number, and a list
//! of those that came later. So the numbers of things that are made, which are larger than all there are, can be written
//! behind it without reading it.

use super::Collection;
use crate::{
    Error, Result,
    rows::{insert_many, packed},
};
use daybook_entity::{
    facet,
    posting::{self, Column as P},
};
use futures::try_join;
use roaring::RoaringBitmap;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, ExprTrait,
    QueryFilter, QueryResult, QuerySelect, QueryTrait, Select, Value,
    sea_query::{Expr, Func, IntoColumnRef, Query, UnionType, ValueTuple},
};
use std::collections::BTreeMap;

/// Numbers of a block: those of a container of a roaring bitmap.
const BLOCK: u32 = 1 << 16;
/// Bytes of a bit for each number.
const BITS: usize = BLOCK as usize / 8;
/// What stands before the bits.
const MARK: u8 = 1;
/// Numbers that are written behind a block at most, of one change. Of more, it is looked whether they are better bits.
const BEHIND: usize = 32;
/// Rows that are looked up together.
const TOGETHER: usize = 500;
/// What stands for the property of a word.
pub(crate) const WORD: &str = "";

/// A set of numbers of things.
pub(crate) type Numbers = RoaringBitmap;

/// The bits of a block, where it has any, and its list.
fn parts(bytes: &[u8]) -> Result<(&[u8], &[[u8; 2]])> {
    let (bits, list) = if bytes.len().is_multiple_of(2) {
        (&[][..], bytes)
    } else {
        let bits = bytes
            .split_first()
            .and_then(|(_, rest)| rest.split_at_checked(BITS));
        bits.ok_or_else(|| Error::damaged("a block of numbers that is too short"))?
    };
    let (pairs, _) = list.as_chunks();
    Ok((bits, pairs))
}

/// The numbers of a block that begins somewhere.
fn read_block(begins: u32, bytes: &[u8]) -> Result<Numbers> {
    let (bits, pairs) = parts(bytes)?;
    let mut numbers = Numbers::from_lsb0_bytes(begins, bits);
    for pair in pairs {
        let number = begins + u32::from(u16::from_le_bytes(*pair));
        numbers.try_push(number).map_err(Error::damaged)?;
    }
    Ok(numbers)
}

/// A set that many blocks are held against: a bit for each number, by blocks.
struct Against(BTreeMap<u32, Vec<u64>>);

impl Against {
    /// Taken from the set as it is written down (<https://github.com/RoaringBitmap/RoaringFormatSpec>): number by number takes
    /// longer than all that is asked of it.
    fn new(numbers: &Numbers) -> Result<Self> {
        const BEGINS: u32 = 12_346;
        let mut numbers = numbers.clone();
        // So that each block is a list or bits.
        numbers.remove_run_compression();
        let mut bytes = Vec::with_capacity(numbers.serialized_size());
        numbers.serialize_into(&mut bytes).map_err(Error::damaged)?;
        let mut rest = bytes.as_slice();
        let mut take = |many: usize| {
            let (taken, after) = rest.split_at_checked(many)?;
            rest = after;
            Some(taken)
        };
        let mut read = || {
            let number = |bytes: &[u8]| Some(u32::from_le_bytes(bytes.try_into().ok()?));
            if number(take(4)?)? != BEGINS {
                return None;
            }
            let containers = number(take(4)?)? as usize;
            // Of each its block and one less than its numbers; then where it stands, which follows from that.
            let (heads, _) = take(containers * 4)?.as_chunks::<4>();
            take(containers * 4)?;
            let mut blocks = BTreeMap::new();
            for [block, high, less, more] in heads {
                let count = usize::from(u16::from_le_bytes([*less, *more])) + 1;
                let words = if count * 2 <= BITS {
                    let mut words = vec![0; BITS / 8];
                    for pair in take(count * 2)?.as_chunks().0 {
                        let within = usize::from(u16::from_le_bytes(*pair));
                        *words.get_mut(within / 64)? |= 1 << (within % 64);
                    }
                    words
                } else {
                    let words = take(BITS)?.as_chunks().0.iter();
                    words.map(|word| u64::from_le_bytes(*word)).collect()
                };
                blocks.insert(u16::from_le_bytes([*block, *high]).into(), words);
            }
            Some(Self(blocks))
        };
        read().ok_or_else(|| Error::damaged("a set of numbers that is written in another form"))
    }

    /// How many numbers of a block are in the set.
    fn count(&self, block: i64, bytes: &[u8]) -> Result<u64> {
        let (bits, pairs) = parts(bytes)?;
        if !pairs.is_sorted_by(|one, other| u16::from_le_bytes(*one) < u16::from_le_bytes(*other)) {
            return Err(Error::damaged("a block of numbers that isn't in order"));
        }
        let block = u32::try_from(block).map_err(Error::damaged)?;
        let Some(own) = self.0.get(&block) else {
            return Ok(0);
        };
        let (words, _) = bits.as_chunks();
        let words = words.iter().zip(own);
        let of_bits = words.map(|(word, own)| u64::from((u64::from_le_bytes(*word) & own).count_ones()));
        let of_list = pairs.iter().map(|pair| {
            let within = usize::from(u16::from_le_bytes(*pair));
            own.get(within / 64).map_or(0, |bits| bits >> (within % 64) & 1)
        });
        Ok(of_bits.sum::<u64>() + of_list.sum::<u64>())
    }
}

/// A block that begins at nought.
fn write_block(numbers: &Numbers) -> Vec<u8> {
    if numbers.len() * 2 < BITS as u64 {
        let two = |number: u32| {
            let [low, high, ..] = number.to_le_bytes();
            [low, high]
        };
        return numbers.iter().flat_map(two).collect();
    }
    let mut block = vec![0; 1 + BITS];
    let (mark, bits) = block.split_at_mut(1);
    mark.fill(MARK);
    for number in numbers {
        if let Some(byte) = bits.get_mut(number as usize / 8) {
            *byte |= 1 << (number % 8);
        }
    }
    block
}

fn place(number: u32) -> Result<(i32, u16)> {
    let block = i32::try_from(number / BLOCK).map_err(Error::damaged)?;
    let within = u16::try_from(number % BLOCK).map_err(Error::damaged)?;
    Ok((block, within))
}

fn add(numbers: &mut Numbers, block: i64, bytes: &[u8]) -> Result<()> {
    let begins = u32::try_from(block)
        .ok()
        .and_then(|block| block.checked_mul(BLOCK))
        .ok_or_else(|| Error::damaged(format!("the block {block} of numbers")))?;
    *numbers |= read_block(begins, bytes)?;
    Ok(())
}

#[derive(Debug, Default)]
struct Change {
    gone: Vec<u16>,
    new: Vec<u16>,
    /// Whether any of the new ones isn't of a thing that is made.
    among: bool,
}

impl Change {
    fn onto(&self, numbers: &mut Numbers) {
        for number in &self.gone {
            numbers.remove((*number).into());
        }
        numbers.extend(self.new.iter().map(|number| u32::from(*number)));
    }

    fn is_behind(&self) -> bool {
        self.gone.is_empty() && !self.among && self.new.len() <= BEHIND
    }
}

/// Changes as they come together.
#[derive(Default)]
pub(crate) struct Gathered<'e>(foldhash::HashMap<(&'static str, &'e str, i32), Change>);

impl<'e> Gathered<'e> {
    /// Of a thing that is made (its number is larger than all there are), or of one that was there.
    pub(crate) fn add(
        &mut self,
        property: &'static str,
        value: &'e str,
        number: u32,
        made: bool,
    ) -> Result<()> {
        let (block, within) = place(number)?;
        let change = self.0.entry((property, value, block)).or_default();
        change.new.push(within);
        change.among |= !made;
        Ok(())
    }

    pub(crate) fn take(&mut self, property: &'static str, value: &'e str, number: u32) -> Result<()> {
        let (block, within) = place(number)?;
        let change = self.0.entry((property, value, block)).or_default();
        change.gone.push(within);
        Ok(())
    }

    /// What is to be written. Of `many` things, what can be is written behind what is there.
    pub(crate) fn into_changes(self, of: Collection, many: bool) -> Changes {
        let mut all: Vec<_> = self.0.into_iter().collect();
        // In the order of the keys: neighbours lie on one page.
        all.sort_unstable_by_key(|(key, _)| *key);
        let mut changes = Changes::default();
        for ((property, value, block), mut change) in all {
            let key = (property, value.to_owned(), block);
            if !(many && change.is_behind()) {
                changes.among.push((key, change));
                continue;
            }
            change.new.sort_unstable();
            let numbers = change.new.into_iter().flat_map(u16::to_le_bytes);
            changes.behind.push(row(of, key, numbers.collect()));
        }
        changes
    }
}

/// A property, one of its values, and a block of numbers.
type Key = (&'static str, String, i32);

/// What is to be written of sets.
#[derive(Default)]
pub(crate) struct Changes {
    behind: Vec<[Value; COLUMNS.len()]>,
    among: Vec<(Key, Change)>,
}

impl Changes {
    pub(crate) async fn store(self, tx: &DatabaseTransaction, of: Collection) -> Result<()> {
        let Self { behind, mut among } = self;
        let mut rows = Vec::with_capacity(among.len());
        while !among.is_empty() {
            let some: Vec<_> = among.drain(..among.len().min(TOGETHER)).collect();
            let mut stored = stored(tx, of, some.iter().map(|(key, _)| key)).await?;
            for (at, (key, change)) in some.into_iter().enumerate() {
                let mut numbers = stored.remove(&at).unwrap_or_default();
                change.onto(&mut numbers);
                if !numbers.is_empty() {
                    rows.push(row(of, key, write_block(&numbers)));
                    continue;
                }
                let (property, value, block) = key;
                let key = (
                    of.workspace.0,
                    of.kind.to_owned(),
                    property.to_owned(),
                    value,
                    block,
                );
                posting::Entity::delete_by_id(key).exec(tx).await?;
            }
        }
        insert_many(tx, "posting", &COLUMNS, rows, IN_PLACE_OF).await?;
        let and_then = match tx.get_database_backend() {
            DbBackend::Postgres => format!("{AT_KEY} posting.numbers || excluded.numbers"),
            _ => format!("{AT_KEY} CAST(posting.numbers || excluded.numbers AS BLOB)"),
        };
        insert_many(tx, "posting", &COLUMNS, behind, &and_then).await
    }
}

fn row(of: Collection, (property, value, block): Key, numbers: Vec<u8>) -> [Value; COLUMNS.len()] {
    [
        of.workspace.0.into(),
        of.kind.into(),
        property.into(),
        value.into(),
        block.into(),
        numbers.into(),
    ]
}

const COLUMNS: [P; 6] = [
    P::WorkspaceId,
    P::Kind,
    P::Property,
    P::Value,
    P::Block,
    P::Numbers,
];
const AT_KEY: &str = "ON CONFLICT (workspace_id, kind, property, value, block) DO UPDATE SET numbers =";
const IN_PLACE_OF: &str =
    "ON CONFLICT (workspace_id, kind, property, value, block) DO UPDATE SET numbers = excluded.numbers";

/// The blocks that are stored of some, by their place. A question for each: asked for all at once, PostgreSQL may read all
/// of the kind.
async fn stored<'k>(
    tx: &DatabaseTransaction,
    of: Collection,
    keys: impl Iterator<Item = &'k Key>,
) -> Result<BTreeMap<usize, Numbers>> {
    let column = |name: &'static str| ("keys", name).into_column_ref();
    let numbers = posting::Entity::find()
        .select_only()
        .column(P::Numbers)
        .filter(P::WorkspaceId.eq(of.workspace.0))
        .filter(P::Kind.eq(of.kind))
        .filter(Expr::col((posting::Entity, P::Property)).equals(column("column2")))
        .filter(Expr::col((posting::Entity, P::Value)).equals(column("column3")))
        .filter(Expr::col((posting::Entity, P::Block)).equals(column("column4")))
        .into_query();
    let keys = (0i32..).zip(keys).map(|(at, (property, value, block))| {
        let value = value.as_str();
        ValueTuple::Many(vec![at.into(), (*property).into(), value.into(), (*block).into()])
    });
    let asked = Query::select()
        .expr_as(Expr::col(column("column1")), "at")
        .expr_as(Expr::SubQuery(None, Box::new(numbers.into())), "numbers")
        .from_values(keys, "keys")
        .to_owned();
    let found = Query::select()
        .columns(["at", "numbers"])
        .from_subquery(asked, "found")
        .and_where(Expr::col("numbers").is_not_null())
        .to_owned();
    let rows = tx.query_all(&found).await?;
    let block = |row: QueryResult| {
        let (at, bytes): (i32, Vec<u8>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let at = usize::try_from(at).map_err(Error::damaged)?;
        Ok((at, read_block(0, &bytes)?))
    };
    rows.into_iter().map(block).collect()
}

fn of_all(of: Collection) -> Select<posting::Entity> {
    posting::Entity::find()
        .select_only()
        .filter(P::WorkspaceId.eq(of.workspace.0))
        .filter(P::Kind.eq(of.kind))
}

/// The things that have one of the values.
pub(crate) async fn with_values(
    db: &impl ConnectionTrait,
    of: Collection,
    property: &str,
    values: &[String],
) -> Result<Numbers> {
    let these = P::Property
        .eq(property)
        .and(P::Value.is_in(values.iter().map(String::as_str)));
    let rows = of_all(of).filter(these);
    let mut numbers = Numbers::new();
    for row in read(db, rows).await? {
        add(&mut numbers, row.block, &row.numbers)?;
    }
    Ok(numbers)
}

/// The things with a word that begins so, and whether they are all: no more than so many rows are read.
pub(crate) async fn with_word(
    db: &impl ConnectionTrait,
    of: Collection,
    begins: &str,
    most: u64,
) -> Result<(Numbers, bool)> {
    let words = || of_all(of).filter(P::Property.eq(WORD));
    let longer = Condition::all()
        .add(P::Value.gt(begins))
        .add(P::Value.lt(after_all(begins)));
    let longer = words().filter(longer).limit(most + 1);
    // A word itself may be in large blocks, of which there are few; the many that begin with it are in small ones.
    let (itself, longer) = try_join!(
        read(db, words().filter(P::Value.eq(begins))),
        read_many(db, longer)
    )?;
    let mut numbers = Numbers::new();
    for row in itself.iter().chain(&longer) {
        add(&mut numbers, row.block, &row.numbers)?;
    }
    Ok((numbers, longer.len() as u64 <= most))
}

/// A property, and how many things have each of its values; `None` where too many rows may say it.
pub(crate) type Counted = (&'static str, Option<Vec<(String, u64)>>);

/// How many of the things have each value of some properties, where no more rows than so many say it.
pub(crate) async fn counts(
    db: &impl ConnectionTrait,
    of: Collection,
    properties: &[&'static str],
    among: &Numbers,
    most: u64,
) -> Result<Vec<Counted>> {
    let block = |number: Option<u32>| (number.unwrap_or_default() / BLOCK).cast_signed();
    let blocks = block(among.min())..=block(among.max());
    let sizes = how_many_rows(db, of, properties, *blocks.end(), most).await?;
    let size = |property: &str| sizes.get(property).copied().unwrap_or_default();
    let read_at_once = properties.iter().filter(|property| size(property) <= most);
    let (few, many): (Vec<_>, Vec<_>) = read_at_once.partition(|property| size(property) <= TOGETHER as u64);
    let rows_of = |properties: &[&&str]| {
        let these = P::Property.is_in(properties.iter().map(|property| **property));
        of_all(of)
            .filter(these)
            .filter(P::Block.between(*blocks.start(), *blocks.end()))
    };
    let (few, many) = try_join!(
        async {
            if few.is_empty() {
                Ok(Vec::new())
            } else {
                read(db, rows_of(&few)).await
            }
        },
        async {
            if many.is_empty() {
                Ok(Vec::new())
            } else {
                read_many(db, rows_of(&many)).await
            }
        },
    )?;
    let mut counts: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    let among = Against::new(among)?;
    for Row {
        property,
        value,
        block,
        numbers,
    } in few.into_iter().chain(many)
    {
        let count = among.count(block, &numbers)?;
        if count > 0 {
            let counts = counts.entry(property).or_default();
            *counts.entry(value).or_default() += count;
        }
    }
    let counted = |property: &&'static str| {
        let counts = counts.remove(*property).unwrap_or_default();
        let is_counted = size(property) <= most;
        (*property, is_counted.then(|| counts.into_iter().collect()))
    };
    Ok(properties.iter().map(counted).collect())
}

/// How many rows may say which things have a value of each property, up to a block; of more than `most`, any number above.
/// Those of earlier blocks count: they are passed over one by one.
async fn how_many_rows(
    db: &impl ConnectionTrait,
    of: Collection,
    properties: &[&'static str],
    last: i32,
    most: u64,
) -> Result<BTreeMap<String, u64>> {
    use facet::Column as F;
    // A value has no more rows than things, and no more than there are blocks.
    let blocks = Expr::val(i64::from(last) + 1);
    let rows = match db.get_database_backend() {
        DbBackend::Postgres => Func::cust("LEAST"),
        _ => Func::cust("MIN"),
    };
    let rows = rows.arg(Expr::col(F::Count)).arg(blocks);
    let rows = Expr::from(Func::sum(rows)).cast_as("text");
    let one = |property: &&'static str| {
        let values = facet::Entity::find()
            .select_only()
            .column(F::Count)
            .filter(F::WorkspaceId.eq(of.workspace.0))
            .filter(F::Kind.eq(of.kind))
            .filter(F::Property.eq(*property))
            .limit(most + 1)
            .into_query();
        Query::select()
            .expr(Expr::val(*property).cast_as("text"))
            .expr(rows.clone())
            .from_subquery(values, "counts")
            .to_owned()
    };
    let all = properties.iter().map(one).reduce(|mut all, one| {
        all.union(UnionType::All, one);
        all
    });
    let Some(all) = all else {
        return Ok(BTreeMap::new());
    };
    let size = |row: QueryResult| {
        let (property, rows): (String, Option<String>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        // Nothing is the sum of nothing.
        let rows = rows.map_or(Ok(0), |rows| rows.parse().map_err(Error::damaged))?;
        Ok((property, rows))
    };
    db.query_all(&all).await?.into_iter().map(size).collect()
}

/// All sets of a kind, by property and value.
pub(crate) async fn all(
    db: &impl ConnectionTrait,
    of: Collection,
) -> Result<BTreeMap<(String, String), Numbers>> {
    let rows: Vec<(String, String, i32, Vec<u8>)> = of_all(of)
        .columns([P::Property, P::Value, P::Block, P::Numbers])
        .into_tuple()
        .all(db)
        .await?;
    let mut sets: BTreeMap<_, Numbers> = BTreeMap::new();
    for (property, value, block, bytes) in rows {
        add(sets.entry((property, value)).or_default(), block.into(), &bytes)?;
    }
    Ok(sets)
}

/// A block of a value.
struct Row {
    property: String,
    value: String,
    block: i64,
    numbers: Vec<u8>,
}

const ROW: [P; 4] = [P::Property, P::Value, P::Block, P::Numbers];

async fn read(db: &impl ConnectionTrait, rows: Select<posting::Entity>) -> Result<Vec<Row>> {
    let rows = rows.columns(ROW).into_tuple();
    let rows: Vec<(String, String, i32, Vec<u8>)> = rows.all(db).await?;
    let row = |(property, value, block, numbers): (String, String, i32, Vec<u8>)| Row {
        property,
        value,
        block: block.into(),
        numbers,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// The same of many small ones.
async fn read_many(db: &impl ConnectionTrait, rows: Select<posting::Entity>) -> Result<Vec<Row>> {
    let rows = rows.columns(ROW).into_query();
    let hex = match db.get_database_backend() {
        DbBackend::Postgres => Func::cust("encode").arg(Expr::col(P::Numbers)).arg("hex"),
        _ => Func::cust("hex").arg(Expr::col(P::Numbers)),
    };
    let columns = [
        Expr::col(P::Property),
        Expr::col(P::Value),
        Expr::col(P::Block),
        Expr::from(hex),
    ];
    let rows: Vec<(String, String, i64, String)> = packed(db, rows, columns).await?;
    let row = |(property, value, block, numbers): (String, String, i64, String)| {
        Ok(Row {
            property,
            value,
            block,
            numbers: hex::decode(numbers).map_err(Error::damaged)?,
        })
    };
    rows.into_iter().map(row).collect()
}

/// The first text after all that begin with `prefix`, as bytes are ordered.
pub(crate) fn after_all(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}

#[cfg(test)]
mod tests {
    use super::{
        super::entries::{self, FoundBy, Moved},
        Against, BLOCK, Change, Collection, Numbers, counts, read_block, write_block,
    };
    use crate::testing::{TestDb, on_each_database};
    use daybook_domain::id::WorkspaceId;
    use proptest::{collection::btree_set, prelude::*};
    use sea_orm::TransactionTrait as _;
    use std::collections::{BTreeMap, BTreeSet};
    use uuid::Uuid;

    fn numbers() -> impl Strategy<Value = BTreeSet<u16>> {
        prop_oneof![
            btree_set(any::<u16>(), 0..20),
            btree_set(any::<u16>(), 4000..4200)
        ]
    }

    fn set(numbers: &BTreeSet<u16>) -> Numbers {
        numbers.iter().map(|number| u32::from(*number)).collect()
    }

    proptest! {
        #[test]
        fn a_block_survives_being_written(numbers in numbers()) {
            let bytes = write_block(&set(&numbers));
            let expected: Numbers = numbers.iter().map(|number| 3 * BLOCK + u32::from(*number)).collect();
            prop_assert_eq!(read_block(3 * BLOCK, &bytes).unwrap(), expected);
        }

        #[test]
        fn what_two_sets_share_is_counted(one in numbers(), behind in numbers(), other in numbers(), block in 0_u32..3) {
            let last = one.last().copied();
            let behind: BTreeSet<_> = behind.into_iter().filter(|number| Some(*number) > last).collect();
            let mut bytes = write_block(&set(&one));
            bytes.extend(behind.iter().flat_map(|number| number.to_le_bytes()));
            let all = &one | &behind;
            let among: Numbers = other.iter().map(|number| block * BLOCK + u32::from(*number)).collect();
            let against = Against::new(&among).unwrap();
            prop_assert_eq!(against.count(block.into(), &bytes).unwrap(), all.intersection(&other).count() as u64);
            prop_assert_eq!(against.count(7, &bytes).unwrap(), 0);
        }

        #[test]
        fn what_blocks_are_held_against_is_the_set(
            some in numbers(),
            many in 0_u32..70_000,
            from in 0_u32..200_000,
            apart in 1_u32..5,
        ) {
            let mut all = set(&some);
            all.insert_range(from..from + many);
            all.extend((0..9_000).map(|number| 300_000 + number * apart));
            let Against(blocks) = Against::new(&all).unwrap();
            let numbers = blocks.iter().flat_map(|(block, words)| {
                let words = words.iter().zip((0..).step_by(64));
                words.flat_map(move |(word, begins)| {
                    let within = (0..64).filter(move |bit| word >> bit & 1 == 1);
                    within.map(move |bit| block * BLOCK + begins + bit)
                })
            });
            prop_assert!(numbers.eq(&all));
        }

        #[test]
        fn what_is_written_behind_a_block_is_in_it(numbers in numbers(), behind in numbers()) {
            let last = numbers.last().copied();
            let behind: BTreeSet<_> = behind.into_iter().filter(|number| Some(*number) > last).collect();
            let mut bytes = write_block(&set(&numbers));
            bytes.extend(behind.iter().flat_map(|number| number.to_le_bytes()));
            prop_assert_eq!(read_block(0, &bytes).unwrap(), set(&numbers) | set(&behind));
        }

        #[test]
        fn a_changed_block_has_what_came_and_not_what_went(was in numbers(), gone in numbers(), new in numbers()) {
            let mut block = set(&was);
            let gone: BTreeSet<_> = gone.difference(&new).copied().collect();
            let change = Change {
                gone: gone.iter().copied().collect(),
                new: new.iter().copied().collect(),
                among: true,
            };
            change.onto(&mut block);
            prop_assert_eq!(block, (set(&was) - set(&gone)) | set(&new));
        }
    }

    /// How many of some numbers have each value of a property, as `counts` has it.
    async fn counted(at: &TestDb, of: Collection, among: &Numbers, most: u64) -> Option<Vec<(String, u64)>> {
        let counted = counts(&at.db.read, of, &["colour"], among, most).await;
        counted.unwrap().remove(0).1
    }

    #[tokio::test]
    async fn values_are_counted_in_the_blocks_of_a_set() {
        on_each_database(async |at| {
            let workspace = WorkspaceId(Uuid::from_u128(7));
            let of = Collection {
                workspace,
                kind: "thing",
            };
            let colour = |number: u32| ["red", "green", "blue"][number as usize % 3];
            let all: Vec<_> = (1..5 * BLOCK).step_by(97).collect();
            let found: Vec<_> = all
                .iter()
                .map(|number| FoundBy {
                    values: [("colour", colour(*number).to_owned())].into(),
                    words: BTreeSet::new(),
                })
                .collect();
            let nothing = FoundBy::default();
            let made = all.iter().zip(&found).map(|(number, is)| Moved {
                number: *number,
                made: true,
                was: &nothing,
                is,
            });
            let changes = entries::Changes::of(of, made).unwrap();
            let tx = at.db.write.begin().await.unwrap();
            changes.store(&tx).await.unwrap();
            tx.commit().await.unwrap();
            for (from, to) in [
                (1, 5 * BLOCK),
                (2 * BLOCK + 7, 2 * BLOCK + 900),
                (BLOCK - 200, 3 * BLOCK + 200),
            ] {
                let among: Numbers = all
                    .iter()
                    .copied()
                    .filter(|number| (from..to).contains(number))
                    .collect();
                let mut due: BTreeMap<_, u64> = BTreeMap::new();
                for number in &among {
                    *due.entry(colour(number).to_owned()).or_default() += 1;
                }
                let blocks = u64::from((to - 1) / BLOCK + 1);
                let found = counted(&at, of, &among, 3 * blocks).await.unwrap();
                assert_eq!(BTreeMap::from_iter(found), due, "{from}..{to}");
                // More rows may say it than are read.
                assert_eq!(
                    counted(&at, of, &among, 3 * blocks - 1).await,
                    None,
                    "{from}..{to}"
                );
            }
        })
        .await;
    }

    #[test]
    fn a_damaged_block_is_told() {
        for bytes in [&[1][..], &[2, 0, 1, 0], &[1, 0, 1, 0]] {
            assert!(read_block(0, bytes).is_err(), "{bytes:?}");
            if bytes.len() % 2 == 1 {
                assert!(
                    Against::new(&[1].into_iter().collect())
                        .unwrap()
                        .count(0, bytes)
                        .is_err(),
                    "{bytes:?}"
                );
            }
        }
    }
}
