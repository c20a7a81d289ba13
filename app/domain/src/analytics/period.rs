//! Days, weeks and months, and stretches of them.

use super::Grain;
use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// Whole days: both are included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// The first day of the one that a day is in.
pub(super) fn start(grain: Grain, day: NaiveDate) -> NaiveDate {
    let back = match grain {
        Grain::Day => 0,
        Grain::Week => day.weekday().num_days_from_monday(),
        Grain::Month => day.day0(),
    };
    before(day, u64::from(back))
}

/// The first day of the one after that which begins on a day.
fn next(grain: Grain, start: NaiveDate) -> NaiveDate {
    match grain {
        Grain::Day => after(start, 1),
        Grain::Week => after(start, 7),
        Grain::Month => start.checked_add_months(Months::new(1)).unwrap_or(start),
    }
}

// No calendar goes on for ever: its ends stay where they are.

fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

impl Period {
    /// The whole day, week or month that begins on a day.
    pub fn one(grain: Grain, start: NaiveDate) -> Self {
        Self {
            from: start,
            to: before(next(grain, start), 1),
        }
    }

    /// So many days, of which the last is `to`.
    pub fn days_to(to: NaiveDate, count: u64) -> Self {
        Self {
            from: before(to, count.saturating_sub(1)),
            to,
        }
    }

    /// Made of whole days, weeks or months.
    #[must_use]
    pub fn whole(self, by: Grain) -> Self {
        Self {
            from: start(by, self.from),
            to: Self::one(by, start(by, self.to)).to,
        }
    }

    /// The days, weeks or months of it, which is made of whole ones.
    pub fn parts(self, by: Grain) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut from = self.from;
        while from <= self.to {
            let part = Self::one(by, from);
            if part.to < from {
                break;
            }
            parts.push(part);
            from = after(part.to, 1);
            if from <= part.to {
                break;
            }
        }
        parts
    }

    /// As many days, weeks or months before it.
    #[must_use]
    pub fn previous(self, by: Grain) -> Self {
        let count = self.count(by);
        let from = match by {
            Grain::Day => before(self.from, count),
            Grain::Week => before(self.from, 7 * count),
            Grain::Month => {
                let months = Months::new(u32::try_from(count).unwrap_or(u32::MAX));
                self.from.checked_sub_months(months).unwrap_or(self.from)
            }
        };
        Self {
            from,
            to: before(self.from, 1),
        }
    }

    /// How many days, weeks or months it has, as far as it is made of whole ones.
    pub fn count(self, by: Grain) -> u64 {
        let days = u64::try_from((self.to - self.from).num_days() + 1).unwrap_or_default();
        match by {
            Grain::Day => days,
            Grain::Week => days.div_ceil(7),
            Grain::Month => {
                let months = (self.to.year() - self.from.year()) * 12 + self.to.month().cast_signed()
                    - self.from.month().cast_signed();
                u64::try_from(months + 1).unwrap_or_default()
            }
        }
    }

    /// The same days as few stretches: of months, of weeks and of days, each with the first days of its first and last.
    pub fn cover(self) -> Vec<(Grain, NaiveDate, NaiveDate)> {
        let mut cover = Vec::new();
        self.cover_by(&[Grain::Month, Grain::Week, Grain::Day], &mut cover);
        cover
    }

    fn cover_by(self, grains: &[Grain], cover: &mut Vec<(Grain, NaiveDate, NaiveDate)>) {
        let Some((by, finer)) = grains.split_first() else {
            return;
        };
        if self.from > self.to {
            return;
        }
        let first = start(*by, self.from);
        let first = if first == self.from {
            first
        } else {
            next(*by, first)
        };
        // After the last whole one.
        let end = start(*by, after(self.to, 1));
        if first >= end {
            self.cover_by(finer, cover);
            return;
        }
        let left = Self {
            from: self.from,
            to: before(first, 1),
        };
        let right = Self {
            from: end,
            to: self.to,
        };
        left.cover_by(finer, cover);
        cover.push((*by, first, start(*by, before(end, 1))));
        right.cover_by(finer, cover);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(from: &str, to: &str) -> Period {
        Period {
            from: day(from),
            to: day(to),
        }
    }

    #[test]
    fn periods_are_made_whole_and_compared_with_as_long_a_time() {
        let some = period("2026-10-28", "2026-11-22");
        assert_eq!(some.whole(Grain::Week), period("2026-10-26", "2026-11-22"));
        let months = some.whole(Grain::Month);
        assert_eq!(months, period("2026-10-01", "2026-11-30"));
        assert_eq!(months.previous(Grain::Month), period("2026-08-01", "2026-09-30"));
        assert_eq!(some.previous(Grain::Day), period("2026-10-02", "2026-10-27"));
        assert_eq!(months.parts(Grain::Month).len(), 2);
    }

    proptest! {
        #[test]
        fn a_cover_holds_each_day_once(from in 0_u64..2000, count in 1_u64..1500) {
            let from = after(day("2024-01-01"), from);
            let whole = Period { from, to: after(from, count - 1) };
            let mut days = Vec::new();
            for (grain, first, last) in whole.cover() {
                let stretch = Period { from: first, to: Period::one(grain, last).to };
                days.extend(stretch.parts(Grain::Day).into_iter().map(|day| day.from));
            }
            let all: Vec<_> = whole.parts(Grain::Day).into_iter().map(|day| day.from).collect();
            prop_assert_eq!(days, all);
        }

        #[test]
        fn parts_are_as_many_as_are_counted(from in 0_u64..2000, count in 1_u64..900, grain in 0_usize..3) {
            let from = after(day("2024-01-01"), from);
            let grain = Grain::ALL[grain];
            let whole = Period { from, to: after(from, count - 1) }.whole(grain);
            let parts = whole.parts(grain);
            prop_assert_eq!(parts.len() as u64, whole.count(grain));
            prop_assert_eq!((parts[0].from, parts[parts.len() - 1].to), (whole.from, whole.to));
            prop_assert_eq!(whole.previous(grain).count(grain), whole.count(grain));
        }
    }
}
