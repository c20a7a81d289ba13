//! The rows of a list in its order.
//!
//! What matches is a set of numbers. Where most things are in it, the list's order is walked, and what isn't is passed over.
//! Where few are, the first of them are found by their keys ([`sort_keys`]), looked up, and told apart where their keys
//! don't. Where that leaves many, it is walked all the same. A walk is given up where what matches isn't spread over the
//! order.

use super::{
    list::how_many,
    matching::Matching,
    sort_keys::{self, Key, Sorted},
};
use crate::{Result, found::postings::Numbers, rows::packed};
use daybook_domain::object::{ObjectCursor, SortBy};
use daybook_entity::object::{self, Column as C};
use sea_orm::{
    Condition, ConnectionTrait, DbBackend, ExprTrait, Order, QueryFilter, QuerySelect, QueryTrait, Value,
    sea_query::{Expr, Func, Query, SelectStatement},
};
use std::collections::HashMap;

/// Things that may be passed, where that many are likely to do, before anything else is tried.
const SHORT_WALK: u64 = 700;
/// Things that are looked up and sorted at once, however they lie in the order.
const FEW: u64 = 300;
/// Things that can be looked up and sorted at all.
const MANY: u64 = 5000;
/// Things that are passed at most for each that matches, where these are too many to be looked up. More would cost more
/// than to do so all the same.
const MOST_PASSED: u64 = 12;
/// Things that are looked up in the time in which a block of keys is read.
const FOR_A_BLOCK: u64 = 2;

/// What rows are ordered by, in the direction they are read in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ordering {
    pub by: SortBy,
    pub descending: bool,
}

impl Ordering {
    fn column(self) -> C {
        match self.by {
            SortBy::Name => C::NameKey,
            SortBy::Changed => C::ChangedAt,
            // Numbers are given in the order in which things are made.
            SortBy::Created => C::Number,
        }
    }

    /// What a cursor says of a row.
    pub(super) fn key(self, row: &object::Model) -> String {
        match self.by {
            SortBy::Name => row.name_key.clone(),
            SortBy::Changed => row.changed_at.to_string(),
            SortBy::Created => row.number.to_string(),
        }
    }

    fn of(self, rows: &mut SelectStatement) -> &mut SelectStatement {
        let order = if self.descending { Order::Desc } else { Order::Asc };
        let of = |column: C| (object::Entity, column);
        rows.order_by(of(self.column()), order.clone())
            .order_by(of(C::Number), order)
    }

    /// The key and the number of a place.
    fn place(self, at: &ObjectCursor) -> Result<(Key, u32)> {
        let number = u32::try_from(at.tie).map_err(|_| of_another())?;
        let key = match self.by {
            SortBy::Name => sort_keys::of_name(&at.key),
            SortBy::Changed => sort_keys::of_time(at.key.parse().map_err(|_| of_another())?),
            SortBy::Created => at.key.parse().map_err(|_| of_another())?,
        };
        Ok((key, number))
    }

    /// What lies past a place.
    fn past(self, place: Option<&ObjectCursor>, expr: impl Fn(C) -> Expr) -> Result<Condition> {
        let Some(ObjectCursor { key, tie, .. }) = place else {
            return Ok(Condition::all());
        };
        let column = self.column();
        let key: Value = match self.by {
            SortBy::Name => key.as_str().into(),
            SortBy::Changed => key.parse::<i64>().map_err(|_| of_another())?.into(),
            SortBy::Created => key.parse::<i32>().map_err(|_| of_another())?.into(),
        };
        let number = i32::try_from(*tie).map_err(|_| of_another())?;
        let (this, another) = (|| expr(column), || expr(C::Number));
        let (at, beyond, later) = if self.descending {
            (
                this().lte(key.clone()),
                this().lt(key.clone()),
                another().lt(number),
            )
        } else {
            (
                this().gte(key.clone()),
                this().gt(key.clone()),
                another().gt(number),
            )
        };
        // The first condition is one the index can begin at; OR alone isn't.
        let further = Condition::any()
            .add(beyond)
            .add(Condition::all().add(this().eq(key)).add(later));
        Ok(Condition::all().add(at).add(further))
    }
}

fn of_another() -> daybook_domain::Error {
    daybook_domain::Error::invalid("cursor", "This page mark is of another list.")
}

/// A column whose index is walked.
fn in_order(column: C) -> Expr {
    Expr::col((object::Entity, column))
}

/// A column of a thing that is looked up by its number: SQLite would rather go by what lies past a place, and look at all
/// of it for each.
fn looked_up(db: &impl ConnectionTrait, column: C) -> Expr {
    match db.get_database_backend() {
        DbBackend::Sqlite => Expr::cust_with_exprs("+?", [in_order(column)]),
        _ => in_order(column),
    }
}

/// The first rows past a place, at most so many.
pub(super) async fn rows(
    db: &impl ConnectionTrait,
    matching: &Matching,
    order: Ordering,
    past: Option<&ObjectCursor>,
    most: usize,
) -> Result<Vec<object::Model>> {
    let Some(among) = matching.sets.among() else {
        let all = matching.of_kind().filter(order.past(past, in_order)?);
        let mut all = all.filter(matching.asked());
        order.of(QueryTrait::query(&mut all)).limit(most as u64);
        return Ok(all.all(db).await?);
    };
    if among.is_empty() {
        return Ok(Vec::new());
    }
    // Of so many about one is in the set.
    let spread = u64::from(among.max().unwrap_or_default()) / among.len() + 1;
    let likely = 2 * most as u64 * spread;
    if likely <= SHORT_WALK
        && let Some(numbers) = walked(db, matching, order, past, most, &among, likely).await?
    {
        return in_order_of(matching, db, numbers).await;
    }
    let among = first(db, matching, order, past, most, among).await?;
    let walk = if among.len() > MANY {
        among.len() * MOST_PASSED
    } else {
        among.len()
    };
    if among.len() > FEW
        && let Some(numbers) = walked(db, matching, order, past, most, &among, walk).await?
    {
        return in_order_of(matching, db, numbers).await;
    }
    // What is sorted is small, and read whole only where it is shown.
    let mut these = matching.with_numbers(&among, &[C::Number]);
    these.cond_where(order.past(past, |column| looked_up(db, column))?);
    these.cond_where(matching.asked());
    order.of(&mut these).limit(most as u64);
    let these: Vec<(u32,)> = packed(db, these, [Expr::col(C::Number)]).await?;
    let these = these.into_iter().map(|(number,)| number).collect();
    in_order_of(matching, db, these).await
}

/// Those of a set among which the first past a place are, as far as their keys tell.
async fn first(
    db: &impl ConnectionTrait,
    matching: &Matching,
    order: Ordering,
    past: Option<&ObjectCursor>,
    most: usize,
    among: Numbers,
) -> Result<Numbers> {
    // Of what is still to be asked nobody knows how many are passed over.
    if !matching.sets.is_all_known() || among.len() <= FOR_A_BLOCK * sort_keys::blocks(&among) {
        return Ok(among);
    }
    let keyed = match Sorted::by(order.by) {
        Some(sorted) => sort_keys::keyed(db, matching.workspace(), matching.kind(), sorted, &among).await?,
        None => among.iter().map(|number| (number.into(), number)).collect(),
    };
    // As it is read: things of one key in the order of their numbers, where all that is sorted by is in the key.
    let place = |key: Key, number: u32| {
        let number = if sort_keys::is_whole(order.by, key) {
            number
        } else {
            0
        };
        if order.descending {
            (!key, !number)
        } else {
            (key, number)
        }
    };
    let past = match past {
        Some(cursor) => Some(order.place(cursor)?),
        None => None,
    };
    let past = past.map(|(key, number)| place(key, number));
    let mut kept = Numbers::new();
    let mut beyond = Vec::with_capacity(keyed.len());
    for (key, number) in keyed {
        let at = place(key, number);
        match past {
            Some(past) if at < past => {}
            // Names that begin as the one at the place does.
            Some(past) if at == past => drop(kept.insert(number)),
            _ => beyond.push((at, number)),
        }
    }
    if beyond.len() > most && most > 0 {
        let (_, (last, _), _) = beyond.select_nth_unstable(most - 1);
        let last = *last;
        beyond.retain(|(at, _)| *at <= last);
    }
    kept.extend(beyond.into_iter().map(|(_, number)| number));
    Ok(kept)
}

/// The numbers of the first rows, in order; `None` where so many things don't have them.
async fn walked(
    db: &impl ConnectionTrait,
    matching: &Matching,
    order: Ordering,
    past: Option<&ObjectCursor>,
    most: usize,
    among: &Numbers,
    walk: u64,
) -> Result<Option<Vec<u32>>> {
    let next = matching
        .of_kind()
        .filter(order.past(past, in_order)?)
        .filter(matching.asked());
    let mut next = next.select_only().column(C::Number).into_query();
    order.of(&mut next).limit(walk);
    let found = Query::select()
        .column(C::Number)
        .from_subquery(next, "next")
        .and_where(is_among(among))
        .limit(most as u64)
        .to_owned();
    let found: Vec<(u32,)> = packed(db, found, [Expr::col(C::Number)]).await?;
    if found.len() < most && walk < how_many(db, matching.workspace(), matching.kind()).await? {
        return Ok(None);
    }
    Ok(Some(found.into_iter().map(|(number,)| number).collect()))
}

/// The rows with some numbers, in the order of those.
async fn in_order_of(
    matching: &Matching,
    db: &impl ConnectionTrait,
    numbers: Vec<u32>,
) -> Result<Vec<object::Model>> {
    let mut rows = matching.rows_of(db, numbers.iter().copied()).await?;
    let places: HashMap<_, _> = numbers.into_iter().zip(0..).collect();
    rows.sort_by_key(|row| {
        places
            .get(&row.number.unsigned_abs())
            .copied()
            .unwrap_or(usize::MAX)
    });
    Ok(rows)
}

/// Whether a number is in a set, which goes over as a byte for each number: a part of a text would be looked for from its
/// beginning.
fn is_among(numbers: &Numbers) -> Expr {
    const IN: u8 = 1;
    let mut bytes = vec![0; numbers.max().map_or(0, |last| last as usize + 1)];
    for number in numbers {
        if let Some(byte) = bytes.get_mut(number as usize) {
            *byte = IN;
        }
    }
    let byte = Func::cust("substr")
        .arg(Expr::val(bytes))
        .arg(Expr::col(C::Number).add(1))
        .arg(1);
    Expr::from(byte).eq(vec![IN])
}
