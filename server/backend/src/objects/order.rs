//! The rows of a list in its order.
//!
//! What matches is a set of numbers. Where it is small, its things are looked up and sorted; where it is large, the list's
//! order is walked, and what isn't in the set is passed over. Whichever costs less, so long as what matches is spread over
//! the order. Where it isn't, the walk is given up.

use super::{list::how_many, matching::Matching, postings::Numbers};
use crate::{Result, rows::packed};
use daybook_domain::object::{ObjectCursor, SortBy};
use daybook_entity::object::{self, Column as C};
use sea_orm::{
    Condition, ConnectionTrait, DbBackend, ExprTrait, Order, QueryFilter, QuerySelect, QueryTrait, Value,
    sea_query::{Expr, Func, Query, SelectStatement},
};
use std::collections::HashMap;

/// Things that are looked up to be sorted at no great cost, however they lie in the order: those with one name lie together.
const FEW: u64 = 5000;
/// Things that are passed at most for each that matches. More would cost more than to look those up as well.
const MOST_PASSED: u64 = 12;

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

    /// What lies past a place.
    fn past(self, place: Option<&ObjectCursor>, expr: impl Fn(C) -> Expr) -> Result<Condition> {
        let Some(ObjectCursor { key, tie, .. }) = place else {
            return Ok(Condition::all());
        };
        let of_another = || daybook_domain::Error::invalid("cursor", "This page mark is of another list.");
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
    let Some(among) = matching.among() else {
        let all = matching.of_kind().filter(order.past(past, in_order)?);
        let mut all = all.filter(matching.asked());
        order.of(QueryTrait::query(&mut all)).limit(most as u64);
        return Ok(all.all(db).await?);
    };
    let numbers = numbers(db, matching, order, past, most, &among).await?;
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

/// The numbers of those rows, in order.
async fn numbers(
    db: &impl ConnectionTrait,
    matching: &Matching,
    order: Ordering,
    past: Option<&ObjectCursor>,
    most: usize,
    among: &Numbers,
) -> Result<Vec<u32>> {
    let few = async || {
        let mut these = matching.with_numbers(among, &[C::Number]);
        these.cond_where(order.past(past, |column| looked_up(db, column))?);
        these.cond_where(matching.asked());
        order.of(&mut these).limit(most as u64);
        let numbers: Vec<(u32,)> = packed(db, these, [Expr::col(C::Number)]).await?;
        Result::Ok(numbers.into_iter().map(|(number,)| number).collect())
    };
    if among.is_empty() {
        return Ok(Vec::new());
    }
    if among.len() <= FEW {
        return few().await;
    }
    let walked = among.len() * MOST_PASSED;
    let next = matching
        .of_kind()
        .filter(order.past(past, in_order)?)
        .filter(matching.asked());
    let mut next = next.select_only().column(C::Number).into_query();
    order.of(&mut next).limit(walked);
    let found = Query::select()
        .column(C::Number)
        .from_subquery(next, "next")
        .and_where(is_among(among))
        .limit(most as u64)
        .to_owned();
    let found: Vec<(u32,)> = packed(db, found, [Expr::col(C::Number)]).await?;
    // They lie elsewhere.
    if found.len() < most && walked < how_many(db, matching.workspace(), matching.kind()).await? {
        return few().await;
    }
    Ok(found.into_iter().map(|(number,)| number).collect())
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
