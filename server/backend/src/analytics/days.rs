//! What companies and contacts did day by day, in a row for each of them and about three years: who did most in a time, and
//! how many there were, is found in one reading, whatever the days. The counts of months, weeks and days have a row for each
//! in each, and those of a year are ten times as many.

use super::{calendar::number_of, ranges::Top};
use crate::{
    Error, Result,
    rows::{insert_many, joined},
};
use daybook_domain::{
    analytics::{MOST, Period, ReportLineKind, UsageType},
    id::WorkspaceId,
};
use daybook_entity::usage_days::{self, Column as D};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    ops::RangeInclusive,
};

/// Bits of the day's number that tell the days of a row apart: a row has 1,024 days and a few kilobytes at most.
const BITS: u32 = 10;
/// Keys of one question.
const TOGETHER: usize = 500;

/// Counts by day.
type Days = BTreeMap<i32, i64>;

/// Counts to be added.
#[derive(Debug, Default)]
pub(super) struct Added(BTreeMap<(UsageType, ReportLineKind, i32), BTreeMap<String, Days>>);

impl Added {
    pub(super) fn count(&mut self, of: UsageType, kind: ReportLineKind, key: &str, day: i32, count: i64) {
        let things = self.0.entry((of, kind, day >> BITS)).or_default();
        // Most are there already.
        if !things.contains_key(key) {
            things.insert(key.to_owned(), Days::new());
        }
        if let Some(days) = things.get_mut(key) {
            *days.entry(day).or_default() += count;
        }
    }

    /// Adds them to what is stored.
    pub(super) async fn store(self, tx: &DatabaseTransaction, workspace: WorkspaceId) -> Result<()> {
        for ((of, kind, stretch), mut things) in self.0 {
            let keys: Vec<_> = things.keys().cloned().collect();
            for some in keys.chunks(TOGETHER) {
                let stored: Vec<(String, String)> = usage_days::Entity::find()
                    .select_only()
                    .columns([D::Key, D::Line])
                    .filter(D::WorkspaceId.eq(workspace.0))
                    .filter(D::UsageType.eq(of.name()))
                    .filter(D::Kind.eq(kind.name()))
                    .filter(D::Stretch.eq(stretch))
                    .filter(D::Key.is_in(some))
                    .into_tuple()
                    .all(tx)
                    .await?;
                for (key, line) in stored {
                    let (stretch, text, _) = read(&line)?;
                    if let Some(days) = things.get_mut(&key) {
                        each(stretch, text, |day, count| {
                            *days.entry(day).or_default() += count;
                        });
                    }
                }
            }
            let rows = things.into_iter().map(|(key, days)| {
                [
                    workspace.0.into(),
                    of.name().into(),
                    kind.name().into(),
                    stretch.into(),
                    key.as_str().into(),
                    written(stretch, &days, &key).into(),
                ]
            });
            insert_many(tx, "usage_days", &COLUMNS, rows.collect(), IN_PLACE).await?;
        }
        Ok(())
    }
}

const COLUMNS: [D; 6] = [D::WorkspaceId, D::UsageType, D::Kind, D::Stretch, D::Key, D::Line];
const IN_PLACE: &str =
    "ON CONFLICT (workspace_id, usage_type, kind, stretch, key) DO UPDATE SET line = excluded.line";

/// `20 217:6 6:12"ann"`: the stretch, steps from the day before, the first from the beginning of the stretch, and the key.
fn written(stretch: i32, days: &Days, key: &str) -> String {
    let mut line = stretch.to_string();
    let mut last = stretch << BITS;
    for (day, count) in days {
        // A string takes all that is written to it.
        let _always = write!(line, " {}:{count}", day - last);
        last = *day;
    }
    line.push_str(&Value::from(key).to_string());
    line
}

/// The stretch of a line, its days, and its key without the first quote.
fn read(line: &str) -> Result<(i32, &str, &str)> {
    let parts = || {
        let (days, key) = line.split_once('"')?;
        let (stretch, days) = days.split_once(' ')?;
        Some((stretch.parse().ok()?, days, key))
    };
    parts().ok_or_else(|| Error::damaged("days that are none"))
}

/// Tells each day with its count. By hand: pages read megabytes of this.
fn each(stretch: i32, text: &str, mut tell: impl FnMut(i32, i64)) {
    let (mut day, mut number) = (i64::from(stretch << BITS), 0_i64);
    let mut end = |day: i64, count: i64| tell(i32::try_from(day).unwrap_or_default(), count);
    for byte in text.bytes() {
        match byte {
            b':' => {
                day += number;
                number = 0;
            }
            b' ' => {
                end(day, number);
                number = 0;
            }
            digit => number = number * 10 + i64::from(digit.wrapping_sub(b'0')),
        }
    }
    if !text.is_empty() {
        end(day, number);
    }
}

/// The most active companies or contacts of some periods, and how many there are in each.
pub(super) async fn tops<const N: usize>(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    (of, kind): (UsageType, ReportLineKind),
    periods: [Period; N],
) -> Result<[Top; N]> {
    let bounds = periods.map(|period| number_of(period.from)..=number_of(period.to));
    let first = bounds.iter().map(|days| *days.start()).min();
    let last = bounds.iter().map(|days| *days.end()).max();
    let rows = Query::select()
        .column(D::Line)
        .from("usage_days")
        .and_where(Expr::col(D::WorkspaceId).eq(workspace.0))
        .and_where(Expr::col(D::UsageType).eq(of.name()))
        .and_where(Expr::col(D::Kind).eq(kind.name()))
        .and_where(Expr::col(D::Stretch).between(
            first.unwrap_or_default() >> BITS,
            last.unwrap_or_default() >> BITS,
        ))
        .to_owned();
    let text = joined(db, rows, "line").await?.unwrap_or_default();
    // Megabytes, off the threads that answer others.
    let counting = tokio::task::spawn_blocking(move || counted(&text, &bounds));
    counting
        .await
        .map_err(|_| Error::damaged("counting days panicked"))?
}

fn counted<const N: usize>(lines: &str, bounds: &[RangeInclusive<i32>; N]) -> Result<[Top; N]> {
    let mut sums: HashMap<&str, [i64; N]> = HashMap::with_capacity(lines.len() / 100);
    for line in lines.lines() {
        let (stretch, days, key) = read(line)?;
        let mut theirs = [0; N];
        each(stretch, days, |day, count| {
            for (sum, days) in theirs.iter_mut().zip(bounds) {
                if days.contains(&day) {
                    *sum += count;
                }
            }
        });
        if theirs != [0; N] {
            let sums = sums.entry(key).or_insert([0; N]);
            for (sum, more) in sums.iter_mut().zip(theirs) {
                *sum += more;
            }
        }
    }
    let mut tops = std::array::from_fn(|_| Top::default());
    for (place, top) in tops.iter_mut().enumerate() {
        let there = sums.iter().map(|(key, sums)| (sums[place], *key));
        *top = most(there.filter(|(sum, _)| *sum > 0).collect())?;
    }
    Ok(tops)
}

/// The first of some sums, whose keys are JSON without its first quote.
fn most(mut sums: Vec<(i64, &str)>) -> Result<Top> {
    let count = sums.len() as u64;
    let order = |a: &(i64, &str), b: &(i64, &str)| (b.0, a.1).cmp(&(a.0, b.1));
    if sums.len() > MOST {
        sums.select_nth_unstable_by(MOST, order);
        sums.truncate(MOST);
    }
    sums.sort_unstable_by(order);
    let first = sums.into_iter().map(|(sum, key)| {
        let key = serde_json::from_str(&format!("\"{key}")).map_err(Error::damaged)?;
        Ok((key, u64::try_from(sum).unwrap_or_default()))
    });
    Ok(Top {
        first: first.collect::<Result<_>>()?,
        count,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_line_is_read_as_it_is_written(
            stretch in -800_i32..800,
            days in prop::collection::btree_map(0_i32..1024, 1_i64..1_000_000, 1..20),
            key in any::<String>(),
        ) {
            let days: Days = days.into_iter().map(|(day, count)| ((stretch << BITS) + day, count)).collect();
            let line = written(stretch, &days, &key);
            prop_assert!(!line.contains('\n'));
            let (told, text, json) = read(&line).unwrap();
            let mut found = Days::new();
            each(told, text, |day, count| *found.entry(day).or_default() += count);
            prop_assert_eq!(found, days);
            prop_assert_eq!(most(vec![(1, json)]).unwrap().first, [(key, 1)]);
        }
    }

    #[test]
    fn the_most_active_come_first_and_those_alike_by_their_keys() {
        let keys: Vec<_> = (10..30).map(|number| format!("c{number}\\n\"")).collect();
        let sums = keys.iter().enumerate().map(|(place, key)| {
            let sum = if place == 7 { 9 } else { 1 };
            (sum, key.as_str())
        });
        let top = most(sums.collect()).unwrap();
        assert_eq!((top.count, top.first.len()), (20, MOST));
        assert_eq!(top.first[..2], [("c17\n".to_owned(), 9), ("c10\n".to_owned(), 1)]);
    }
}
