//! When reports are due and which time they are about, by the clock of a zone.
//!
//! A report is due at its hour on its days: where clocks are set forward past that hour, at the end of the gap; where it
//! comes twice, the first time. It is about whole days, however long those were. One is about the time that follows that of
//! the one before, so that nothing is told twice or left out.

use crate::local_time::{Reader, zone};
use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime};
use daybook_domain::{
    report::{Every, Timing, Weekday},
    time::{TimeBound, Timestamp},
};

/// How far days are looked through for one that fits: a month, and more.
const FAR: u64 = 40;

/// Whole days of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    pub first: NaiveDate,
    /// Included.
    pub last: NaiveDate,
}

impl Period {
    /// Its ends as they stand in the address of a list.
    pub(super) fn bounds(self) -> (TimeBound, TimeBound) {
        (TimeBound::Day(self.first), TimeBound::Day(self.last))
    }
}

/// When a report is due, in a zone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar {
    timing: Timing,
    reader: Reader,
}

impl Calendar {
    /// By UTC where the zone isn't known any more.
    pub(super) fn new(timing: Timing, zone_name: &str, now: Timestamp) -> Self {
        let zone = zone(zone_name).unwrap_or(chrono_tz::Tz::UTC);
        Self {
            timing,
            reader: Reader::new(zone, now),
        }
    }

    /// When it is due first after a moment.
    pub(super) fn next(&self, after: Timestamp) -> Timestamp {
        let from = before(self.reader.wall(after).date(), 1);
        let days = (0..FAR).map(|days| after_days(from, days));
        let mut due = days.filter(|day| self.is_on(*day)).map(|day| self.due_on(day));
        // There is one in each month.
        due.find(|due| *due > after).unwrap_or(Timestamp::MAX)
    }

    /// The period of the report that was due last by now.
    pub(super) fn period(&self, now: Timestamp) -> Period {
        self.ended(now, |day| self.due_on(day) <= now)
    }

    /// The last period that has ended, whatever the hour.
    pub(super) fn last_ended(&self, now: Timestamp) -> Period {
        self.ended(now, |_| true)
    }

    fn ended(&self, now: Timestamp, counts: impl Fn(NaiveDate) -> bool) -> Period {
        let today = self.reader.wall(now).date();
        let mut days = (0..FAR).map(|days| before(today, days));
        let day = days.find(|day| self.is_on(*day) && counts(*day));
        self.period_of(day.unwrap_or(today))
    }

    /// What a report of a day is about.
    fn period_of(&self, day: NaiveDate) -> Period {
        let first = match self.timing.every {
            Every::Day => before(day, 1),
            Every::Week => before(day, 7),
            Every::Month => month_before(day),
        };
        Period {
            first,
            last: before(day, 1),
        }
    }

    /// The period before another.
    pub(super) fn previous(&self, period: Period) -> Period {
        self.period_of(period.first)
    }

    fn is_on(&self, day: NaiveDate) -> bool {
        match self.timing.every {
            Every::Day => true,
            Every::Week => self
                .timing
                .weekday
                .is_none_or(|weekday| weekday_of(day) == weekday),
            Every::Month => day.day() == 1,
        }
    }

    fn due_on(&self, day: NaiveDate) -> Timestamp {
        let hour = NaiveTime::from_hms_opt(self.timing.hour.into(), 0, 0).unwrap_or_default();
        self.reader.instant(day.and_time(hour))
    }

    /// When a period begins and when it has ended.
    pub(super) fn instants(&self, period: Period) -> (Timestamp, Timestamp) {
        let midnight = |day: NaiveDate| self.reader.instant(day.and_time(NaiveTime::MIN));
        (midnight(period.first), midnight(after_days(period.last, 1)))
    }
}

fn weekday_of(day: NaiveDate) -> Weekday {
    match day.weekday() {
        chrono::Weekday::Mon => Weekday::Monday,
        chrono::Weekday::Tue => Weekday::Tuesday,
        chrono::Weekday::Wed => Weekday::Wednesday,
        chrono::Weekday::Thu => Weekday::Thursday,
        chrono::Weekday::Fri => Weekday::Friday,
        chrono::Weekday::Sat => Weekday::Saturday,
        chrono::Weekday::Sun => Weekday::Sunday,
    }
}

// No calendar goes on for ever: its ends stay where they are.

fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

fn after_days(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

fn month_before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_months(Months::new(1)).unwrap_or(day)
}
