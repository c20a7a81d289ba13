//! The bars of a histogram: spans of time that a person would choose, in the reader's zone.

use crate::local_time::Reader;
use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use daybook_domain::{regional::RegionalFormat, time::Timestamp};
use std::ops::Range;

/// Most bars.
const BARS: i64 = 72;
/// Most bars where each is a day: a quarter and a bit.
const DAYS: i64 = 100;
const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// What a bar spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    Minutes(u32),
    /// A part of a day: 1, 3, 6 or 12.
    Hours(u32),
    Day,
    /// From Monday on.
    Week,
    /// 1 or 3.
    Months(u32),
    /// 1, or a power of ten.
    Years(u32),
}

/// From fine to coarse.
const SCALES: [Scale; 16] = [
    Scale::Minutes(1),
    Scale::Minutes(5),
    Scale::Minutes(15),
    Scale::Minutes(30),
    Scale::Hours(1),
    Scale::Hours(3),
    Scale::Hours(6),
    Scale::Hours(12),
    Scale::Day,
    Scale::Week,
    Scale::Months(1),
    Scale::Months(3),
    Scale::Years(1),
    Scale::Years(10),
    Scale::Years(100),
    Scale::Years(1000),
];

impl Scale {
    /// The finest that needs no more than 72 bars.
    pub fn for_extent(extent: &Range<i64>) -> Self {
        let length = extent.end.saturating_sub(extent.start);
        let fits = |scale: &Self| length / scale.shortest() + 2 <= BARS;
        SCALES.into_iter().find(fits).unwrap_or(Self::Years(1000))
    }

    /// Days, or what is coarser where those would be more than a quarter's.
    pub fn for_days(extent: &Range<i64>) -> Self {
        let days = extent.end.saturating_sub(extent.start) / DAY + 2;
        if days <= DAYS {
            Self::Day
        } else {
            Self::for_extent(extent)
        }
    }

    /// Microseconds it spans at least, clocks that are put forward aside.
    fn shortest(self) -> i64 {
        match self {
            Self::Minutes(minutes) => i64::from(minutes) * MINUTE,
            Self::Hours(hours) => i64::from(hours) * 60 * MINUTE,
            Self::Day => DAY,
            Self::Week => 7 * DAY,
            Self::Months(months) => i64::from(months) * 28 * DAY,
            Self::Years(years) => i64::from(years) * 365 * DAY,
        }
    }

    /// For "per …".
    pub fn name(self) -> String {
        let (count, one, many) = match self {
            Self::Minutes(count) => (count, "minute", "minutes"),
            Self::Hours(count) => (count, "hour", "hours"),
            Self::Day => (1, "day", "days"),
            Self::Week => (1, "week", "weeks"),
            Self::Months(count) => (count, "month", "months"),
            Self::Years(count) => (count, "year", "years"),
        };
        if count == 1 {
            one.to_owned()
        } else {
            format!("{count} {many}")
        }
    }

    /// The edges of bars that cover an extent, in microseconds; none lies outside `limits`.
    pub fn edges(self, extent: &Range<i64>, reader: &Reader, limits: &Range<i64>) -> Vec<i64> {
        let time = |micros: i64| Timestamp::from_micros(micros).unwrap_or(Timestamp::MAX);
        let mut wall = self.floor(reader.wall(time(extent.start)));
        let mut edges = vec![reader.instant(wall).micros().min(extent.start).max(limits.start)];
        // As many steps as bars, and some for clocks that are put forward.
        for _ in 0..=DAYS + 8 {
            let Some(next) = self.next(wall) else { break };
            wall = next;
            let edge = reader.instant(wall).micros().min(limits.end);
            if edges.last().is_some_and(|last| edge > *last) {
                edges.push(edge);
            }
            if edge >= extent.end {
                break;
            }
        }
        if edges.last().is_some_and(|last| *last < extent.end) {
            edges.push(extent.end);
        }
        edges
    }

    /// Where the bar that holds a moment begins.
    fn floor(self, wall: NaiveDateTime) -> NaiveDateTime {
        let date = wall.date();
        let day = |date: Option<NaiveDate>| date.unwrap_or(wall.date()).and_time(NaiveTime::MIN);
        let at = |hour: u32, minute: u32| date.and_hms_opt(hour, minute, 0).unwrap_or(wall);
        match self {
            Self::Minutes(step) => at(wall.hour(), wall.minute() / step * step),
            Self::Hours(step) => at(wall.hour() / step * step, 0),
            Self::Day => day(Some(date)),
            Self::Week => {
                let since = u64::from(date.weekday().num_days_from_monday());
                day(date.checked_sub_days(Days::new(since)))
            }
            Self::Months(step) => day(NaiveDate::from_ymd_opt(
                date.year(),
                date.month0() / step * step + 1,
                1,
            )),
            Self::Years(step) => {
                let step = i32::try_from(step).unwrap_or(1);
                day(NaiveDate::from_ymd_opt(date.year().div_euclid(step) * step, 1, 1))
            }
        }
    }

    fn next(self, wall: NaiveDateTime) -> Option<NaiveDateTime> {
        match self {
            Self::Minutes(step) => wall.checked_add_signed(TimeDelta::minutes(step.into())),
            Self::Hours(step) => wall.checked_add_signed(TimeDelta::hours(step.into())),
            Self::Day => wall.checked_add_days(Days::new(1)),
            Self::Week => wall.checked_add_days(Days::new(7)),
            Self::Months(step) => wall.checked_add_months(Months::new(step)),
            Self::Years(step) => wall.checked_add_months(Months::new(12 * step)),
        }
    }

    /// The span as a person reads it, in the reader's zone.
    pub fn label(self, from: i64, to: i64, reader: &Reader) -> String {
        let wall = |micros| reader.wall(Timestamp::from_micros(micros).unwrap_or(Timestamp::MAX));
        let (from, to, format) = (wall(from), wall(to), reader.format());
        let last = to.checked_sub_signed(TimeDelta::microseconds(1)).unwrap_or(to);
        let days = |from: NaiveDateTime, last: NaiveDateTime| {
            let [first, last_written] = [from, last].map(|at| format.date(at.date()));
            let day_first = format == RegionalFormat::UnitedKingdom;
            if from.date() == last.date() {
                first
            } else if day_first && (from.year(), from.month()) == (last.year(), last.month()) {
                format!("{}–{last_written}", from.day())
            } else {
                format!("{first} – {last_written}")
            }
        };
        let whole_days = from.time() == NaiveTime::MIN && to.time() == NaiveTime::MIN;
        match self {
            Self::Minutes(_) | Self::Hours(_) => {
                let whole =
                    |at: NaiveDateTime| format!("{}, {}", format.date(at.date()), format.minutes(at.time()));
                let end = if from.date() == last.date() {
                    format.minutes(to.time())
                } else {
                    whole(to)
                };
                format!("{}–{end}", whole(from))
            }
            Self::Months(1) if from.day() == 1 && to.day() == 1 && whole_days => {
                from.format("%B %Y").to_string()
            }
            Self::Years(1) if from.ordinal() == 1 && to.ordinal() == 1 && whole_days => {
                from.format("%Y").to_string()
            }
            _ => days(from, last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local_time::zone;
    use proptest::prelude::*;

    fn reader(name: &str) -> Reader {
        Reader::new(zone(name).unwrap(), Timestamp::MIN)
    }

    fn micros(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().micros()
    }

    const ANY: Range<i64> = i64::MIN..i64::MAX;

    #[test]
    fn a_day_of_23_hours_is_one_bar_of_its_own() {
        let reader = reader("Europe/Berlin");
        let extent = micros("2026-03-26T10:00:00Z")..micros("2026-04-02T10:00:00Z");
        let edges = Scale::Day.edges(&extent, &reader, &ANY);
        let lengths: Vec<_> = edges
            .windows(2)
            .map(|edge| (edge[1] - edge[0]) / (60 * MINUTE))
            .collect();
        assert_eq!(lengths, [24, 24, 24, 23, 24, 24, 24, 24]);
        assert_eq!(Scale::Day.label(edges[3], edges[4], &reader), "29 Mar 2026");
    }

    #[test]
    fn the_hour_that_comes_twice_is_in_one_bar_and_the_one_that_is_skipped_in_none() {
        let reader = reader("Europe/Berlin");
        let autumn = micros("2026-10-25T00:00:00Z")..micros("2026-10-25T03:00:00Z");
        let edges = Scale::Hours(1).edges(&autumn, &reader, &ANY);
        let lengths: Vec<_> = edges
            .windows(2)
            .map(|edge| (edge[1] - edge[0]) / (60 * MINUTE))
            .collect();
        assert_eq!(lengths, [2, 1]);
        let spring = micros("2026-03-29T00:00:00Z")..micros("2026-03-29T03:00:00Z");
        assert_eq!(Scale::Hours(1).edges(&spring, &reader, &ANY).len(), 4);
    }

    #[test]
    fn limits_cut_the_first_and_the_last_bar() {
        let reader = reader("UTC");
        let range = micros("2026-11-20T10:30:00Z")..micros("2026-11-22T10:30:00Z");
        let scale = Scale::for_extent(&range);
        assert_eq!(scale, Scale::Hours(1));
        let edges = scale.edges(&range, &reader, &range);
        assert_eq!((edges[0], *edges.last().unwrap()), (range.start, range.end));
        assert_eq!(
            scale.label(edges[0], edges[1], &reader),
            "20 Nov 2026, 10:30–11:00"
        );
        assert_eq!(
            scale.label(edges[13], edges[14], &reader),
            "20 Nov 2026, 23:00–00:00"
        );
    }

    #[test]
    fn spans_are_named_as_people_do() {
        let reader = reader("UTC");
        let label = |scale: Scale, from, to| scale.label(micros(from), micros(to), &reader);
        assert_eq!(
            label(Scale::Week, "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"),
            "16–22 Nov 2026"
        );
        assert_eq!(
            label(Scale::Week, "2026-11-30T00:00:00Z", "2026-12-07T00:00:00Z"),
            "30 Nov 2026 – 6 Dec 2026"
        );
        assert_eq!(
            label(Scale::Months(1), "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"),
            "February 2024"
        );
        assert_eq!(
            label(Scale::Years(1), "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"),
            "2024"
        );
    }

    proptest! {
        #[test]
        fn edges_cover_the_extent_in_order(
            start in Timestamp::MIN.micros()..Timestamp::MAX.micros() - 1,
            length in prop_oneof![1..DAY, DAY..1000 * DAY, 1..i64::MAX / 4],
            name in prop::sample::select(vec!["UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Caracas"]),
        ) {
            let end = start.saturating_add(length).min(Timestamp::MAX.micros());
            prop_assume!(start < end);
            let reader = reader(name);
            let scale = Scale::for_extent(&(start..end));
            let edges = scale.edges(&(start..end), &reader, &ANY);
            prop_assert!(edges.windows(2).all(|edge| edge[0] < edge[1]));
            prop_assert!(edges[0] <= start && *edges.last().unwrap() >= end);
            prop_assert!(edges.len() <= 82, "{} bars of {:?}", edges.len(), scale);
        }
    }
}
