//! Which things of a kind have a value or a word, as sets of their numbers.
//!
//! Stored are blocks: all numbers of one value among [`BLOCK`] that follow each other, in one row. What many things have
//! costs a bit for each, what one has two bytes; what several parts of a query leave is found without asking the
//! database about any thing.

use crate::{
    Error, Result,
    rows::{insert_many, packed},
};
use daybook_domain::{id::WorkspaceId, object::ObjectKind};
use daybook_entity::object_posting::{self, Column as P};
use roaring::RoaringBitmap;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, ExprTrait,
    QueryFilter, QueryResult, QuerySelect, QueryTrait, Select, Value,
    sea_query::{Expr, Func, IntoColumnRef, Query, ValueTuple},
};
use std::collections::BTreeMap;

/// Numbers of a block.
const BLOCK: u32 = 4096;
/// Bytes of a block that has a bit for each number; one with fewer bytes has two for each of those that are in.
const BITS: usize = BLOCK as usize / 8;
/// Rows that are looked up together.
const TOGETHER: usize = 500;
/// What stands for the property of a word.
pub(super) const WORD: &str = "";

/// A set of numbers of things.
pub(super) type Numbers = RoaringBitmap;

/// Numbers of one block, from where it begins, in order.
#[derive(Debug, Default, PartialEq, Eq)]
struct Block(Vec<u16>);

impl Block {
    fn read(bytes: &[u8]) -> Result<Self> {
        let numbers: Vec<u16> = if bytes.len() == BITS {
            let bits = (0u16..).zip(bytes).flat_map(|(at, byte)| {
                let is_in = move |bit: &u16| byte >> bit & 1 == 1;
                (0..8).filter(is_in).map(move |bit| at * 8 + bit)
            });
            bits.collect()
        } else {
            let (pairs, rest) = bytes.as_chunks::<2>();
            if !rest.is_empty() {
                return Err(Error::damaged("a block of numbers of odd length"));
            }
            pairs.iter().map(|pair| u16::from_le_bytes(*pair)).collect()
        };
        let is_sound = numbers.is_sorted_by(|one, next| one < next)
            && numbers.last().is_none_or(|last| u32::from(*last) < BLOCK);
        if is_sound {
            Ok(Self(numbers))
        } else {
            Err(Error::damaged("a block of numbers that aren't its own"))
        }
    }

    fn write(&self) -> Vec<u8> {
        if self.0.len() * 2 < BITS {
            return self.0.iter().flat_map(|number| number.to_le_bytes()).collect();
        }
        let mut bits = vec![0; BITS];
        for number in &self.0 {
            bits[usize::from(number / 8)] |= 1 << (number % 8);
        }
        bits
    }

    fn change(&mut self, change: &Change) {
        self.0.retain(|number| !change.gone.contains(number));
        self.0.extend(&change.new);
        self.0.sort_unstable();
        self.0.dedup();
    }
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
    if bytes.len() == BITS {
        *numbers |= Numbers::from_lsb0_bytes(begins, bytes);
    } else {
        numbers.extend(
            Block::read(bytes)?
                .0
                .iter()
                .map(|number| begins + u32::from(*number)),
        );
    }
    Ok(())
}

#[derive(Debug, Default)]
struct Change {
    gone: Vec<u16>,
    new: Vec<u16>,
}

/// What is to change, in the order of the keys: neighbours lie on one page.
#[derive(Debug, Default)]
pub(super) struct Changes<'e>(BTreeMap<(&'e str, &'e str, i32), Change>);

impl<'e> Changes<'e> {
    pub(super) fn add(&mut self, property: &'e str, value: &'e str, number: u32) -> Result<()> {
        let (block, within) = place(number)?;
        self.0
            .entry((property, value, block))
            .or_default()
            .new
            .push(within);
        Ok(())
    }

    pub(super) fn take(&mut self, property: &'e str, value: &'e str, number: u32) -> Result<()> {
        let (block, within) = place(number)?;
        self.0
            .entry((property, value, block))
            .or_default()
            .gone
            .push(within);
        Ok(())
    }

    pub(super) async fn store(
        self,
        tx: &DatabaseTransaction,
        workspace: WorkspaceId,
        kind: ObjectKind,
    ) -> Result<()> {
        let changes: Vec<_> = self.0.into_iter().collect();
        let mut rows = Vec::with_capacity(changes.len());
        for some in changes.chunks(TOGETHER) {
            let mut stored = stored(tx, workspace, kind, some.iter().map(|(key, _)| *key)).await?;
            for (at, ((property, value, block), change)) in some.iter().enumerate() {
                let mut numbers = stored.remove(&at).unwrap_or_default();
                numbers.change(change);
                if numbers.0.is_empty() {
                    let key = (workspace.0, kind.name(), *property, *value, *block);
                    let (workspace, kind, property, value, block) = key;
                    object_posting::Entity::delete_by_id((
                        workspace,
                        kind.to_owned(),
                        property.to_owned(),
                        value.to_owned(),
                        block,
                    ))
                    .exec(tx)
                    .await?;
                    continue;
                }
                rows.push([
                    workspace.0.into(),
                    kind.name().into(),
                    (*property).into(),
                    (*value).into(),
                    (*block).into(),
                    Value::from(numbers.write()),
                ]);
            }
        }
        insert_many(tx, "object_posting", &COLUMNS, rows, IN_PLACE_OF).await
    }
}

const COLUMNS: [P; 6] = [
    P::WorkspaceId,
    P::Kind,
    P::Property,
    P::Value,
    P::Block,
    P::Numbers,
];
const IN_PLACE_OF: &str =
    "ON CONFLICT (workspace_id, kind, property, value, block) DO UPDATE SET numbers = excluded.numbers";

/// The blocks that are stored of some, by their place. A question for each: asked for all at once, PostgreSQL may read all
/// of the kind.
async fn stored<'k>(
    tx: &DatabaseTransaction,
    workspace: WorkspaceId,
    kind: ObjectKind,
    keys: impl Iterator<Item = (&'k str, &'k str, i32)>,
) -> Result<BTreeMap<usize, Block>> {
    let column = |name: &'static str| ("keys", name).into_column_ref();
    let numbers = object_posting::Entity::find()
        .select_only()
        .column(P::Numbers)
        .filter(P::WorkspaceId.eq(workspace.0))
        .filter(P::Kind.eq(kind.name()))
        .filter(Expr::col((object_posting::Entity, P::Property)).equals(column("column2")))
        .filter(Expr::col((object_posting::Entity, P::Value)).equals(column("column3")))
        .filter(Expr::col((object_posting::Entity, P::Block)).equals(column("column4")))
        .into_query();
    let keys = (0i32..).zip(keys).map(|(at, (property, value, block))| {
        ValueTuple::Many(vec![at.into(), property.into(), value.into(), block.into()])
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
        Ok((at, Block::read(&bytes)?))
    };
    rows.into_iter().map(block).collect()
}

fn of_kind(workspace: WorkspaceId, kind: ObjectKind) -> Select<object_posting::Entity> {
    object_posting::Entity::find()
        .select_only()
        .filter(P::WorkspaceId.eq(workspace.0))
        .filter(P::Kind.eq(kind.name()))
}

/// The things that have one of the values.
pub(super) async fn with_values(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    property: &str,
    values: &[String],
) -> Result<Numbers> {
    let these = P::Property
        .eq(property)
        .and(P::Value.is_in(values.iter().map(String::as_str)));
    let rows = of_kind(workspace, kind).filter(these);
    let mut numbers = Numbers::new();
    for (_, block, bytes) in read(db, rows).await? {
        add(&mut numbers, block, &bytes)?;
    }
    Ok(numbers)
}

/// The things with a word that begins so, and whether they are all: no more than so many rows are read.
pub(super) async fn with_word(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    begins: &str,
    most: u64,
) -> Result<(Numbers, bool)> {
    let these = Condition::all()
        .add(P::Property.eq(WORD))
        .add(P::Value.gte(begins))
        .add(P::Value.lt(after_all(begins)));
    let rows = of_kind(workspace, kind).filter(these).limit(most + 1);
    let rows = read(db, rows).await?;
    let mut numbers = Numbers::new();
    for (_, block, bytes) in &rows {
        add(&mut numbers, *block, bytes)?;
    }
    Ok((numbers, rows.len() as u64 <= most))
}

/// How many of the things have each value of a property; `None` where more rows than so many say it.
pub(super) async fn counts(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    property: &str,
    among: &Numbers,
    most: u64,
) -> Result<Option<Vec<(String, u64)>>> {
    let rows = of_kind(workspace, kind)
        .filter(P::Property.eq(property))
        .limit(most + 1);
    let rows = read(db, rows).await?;
    if rows.len() as u64 > most {
        return Ok(None);
    }
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for (value, block, bytes) in rows {
        let mut numbers = Numbers::new();
        add(&mut numbers, block, &bytes)?;
        let count = numbers.intersection_len(among);
        if count > 0 {
            *counts.entry(value).or_default() += count;
        }
    }
    Ok(Some(counts.into_iter().collect()))
}

/// All sets of a kind, by property and value.
pub(super) async fn all(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
) -> Result<BTreeMap<(String, String), Numbers>> {
    let rows: Vec<(String, String, i32, Vec<u8>)> = of_kind(workspace, kind)
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

type Row = (String, i64, Vec<u8>);

/// Value, block and numbers of some rows, in one answer.
async fn read(db: &impl ConnectionTrait, rows: Select<object_posting::Entity>) -> Result<Vec<Row>> {
    let rows = rows.columns([P::Value, P::Block, P::Numbers]).into_query();
    let hex = |numbers: Expr| match db.get_database_backend() {
        DbBackend::Postgres => Func::cust("encode").arg(numbers).arg("hex"),
        _ => Func::cust("hex").arg(numbers),
    };
    let columns = [
        Expr::col("value"),
        Expr::col("block"),
        Expr::from(hex(Expr::col("numbers"))),
    ];
    let rows: Vec<(String, i64, String)> = packed(db, rows, columns).await?;
    let row = |(value, block, numbers): (String, i64, String)| {
        Ok((value, block, hex::decode(numbers).map_err(Error::damaged)?))
    };
    rows.into_iter().map(row).collect()
}

/// The first text after all that begin with `prefix`, as bytes are ordered.
fn after_all(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}

#[cfg(test)]
mod tests {
    use super::{BITS, BLOCK, Block, Change, Numbers, add};
    use proptest::{collection::btree_set, prelude::*};
    use std::collections::BTreeSet;

    fn numbers() -> impl Strategy<Value = BTreeSet<u16>> {
        prop_oneof![btree_set(0..4096u16, 0..20), btree_set(0..4096u16, 200..400)]
    }

    proptest! {
        #[test]
        fn a_block_survives_being_written(numbers in numbers()) {
            let block = Block(numbers.iter().copied().collect());
            let bytes = block.write();
            prop_assert!(bytes.len() <= BITS);
            let mut set = Numbers::new();
            add(&mut set, 3, &bytes).unwrap();
            let expected = numbers.iter().map(|number| 3 * BLOCK + u32::from(*number));
            prop_assert_eq!(set, expected.collect::<Numbers>());
            prop_assert_eq!(Block::read(&bytes).unwrap(), block);
        }

        #[test]
        fn a_changed_block_has_what_came_and_not_what_went(was in numbers(), gone in numbers(), new in numbers()) {
            let mut block = Block(was.iter().copied().collect());
            let gone: BTreeSet<_> = gone.difference(&new).copied().collect();
            block.change(&Change { gone: gone.iter().copied().collect(), new: new.iter().copied().collect() });
            let kept: BTreeSet<_> = was.difference(&gone).copied().collect();
            prop_assert_eq!(block.0, kept.union(&new).copied().collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_damaged_block_is_told() {
        for bytes in [&[1][..], &[2, 0, 1, 0], &[0, 16]] {
            assert!(Block::read(bytes).is_err(), "{bytes:?}");
        }
    }
}
