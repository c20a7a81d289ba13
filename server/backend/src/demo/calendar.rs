//! When things happen: offices in three time zones with their own weekends, days with a morning rush and a lunch
//! dip, quiet nights, holidays. Integers only, so that every machine gets the same answer.

use super::dice::Dice;
use chrono::{DateTime, Datelike, Timelike, Weekday};
use chrono_tz::Tz;
use daybook_domain::time::Timestamp;

pub const SECOND: i64 = 1_000_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

#[derive(Debug)]
pub struct Office {
    pub zone: Tz,
    weekend: [Weekday; 2],
    /// How much of the work is done here.
    size: u64,
}

pub static OFFICES: [Office; 3] = [
    Office {
        zone: Tz::Europe__Berlin,
        weekend: [Weekday::Sat, Weekday::Sun],
        size: 10,
    },
    Office {
        zone: Tz::America__Toronto,
        weekend: [Weekday::Sat, Weekday::Sun],
        size: 6,
    },
    Office {
        zone: Tz::Asia__Amman,
        weekend: [Weekday::Fri, Weekday::Sat],
        size: 4,
    },
];

/// How busy a working day is, hour by hour of the office's own time.
const HOURS: [u64; 24] = [
    2, 1, 1, 1, 2, 4, 14, 38, 76, 98, 100, 92, 68, 80, 96, 94, 84, 60, 30, 18, 12, 9, 6, 4,
];
const WEEKDAYS: [u64; 7] = [118, 108, 102, 100, 86, 100, 100];

impl Office {
    pub fn local(&self, at: Timestamp) -> DateTime<Tz> {
        at.to_datetime().with_timezone(&self.zone)
    }

    fn is_day_off(&self, local: &DateTime<Tz>) -> bool {
        let holiday = matches!((local.month(), local.day()), (1 | 5, 1) | (12, 25 | 26));
        holiday || self.weekend.contains(&local.weekday())
    }

    /// Whether people of this office sit at their desks.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let local = self.local(at);
        !self.is_day_off(&local) && (7..19).contains(&local.hour())
    }

    fn busy(&self, at: Timestamp) -> u64 {
        let local = self.local(at);
        let hour = HOURS.get(local.hour() as usize).copied().unwrap_or(1);
        if self.is_day_off(&local) {
            // Somebody is on call, customers and programs never rest.
            return self.size * (hour * 9 + 300);
        }
        let day = WEEKDAYS
            .get(local.weekday().num_days_from_monday() as usize)
            .copied()
            .unwrap_or(100);
        self.size * hour * day
    }
}

/// One hour of the demo's life.
#[derive(Debug)]
struct Slot {
    /// Weight of each office in this hour.
    offices: [u64; OFFICES.len()],
    /// Whether one of them is open.
    open: bool,
    /// Weight of everything before this hour.
    before: u64,
}

/// The whole span, hour by hour, with how much happens in each.
#[derive(Debug)]
pub struct Calendar {
    start: Timestamp,
    until: Timestamp,
    slots: Vec<Slot>,
    total: u64,
}

impl Calendar {
    pub fn new(until: Timestamp, days: u32) -> Self {
        let start = until.plus_micros(-i64::from(days.max(1)) * DAY);
        let mut slots = Vec::new();
        let mut total = 0;
        let mut at = start;
        while at < until {
            let offices = std::array::from_fn(|office| OFFICES[office].busy(at));
            slots.push(Slot {
                offices,
                open: OFFICES.iter().any(|office| office.is_open(at)),
                before: total,
            });
            total += offices.iter().sum::<u64>();
            at = at.plus_micros(HOUR);
        }
        Self {
            start,
            until,
            slots,
            total: total.max(1),
        }
    }

    pub fn start(&self) -> Timestamp {
        self.start
    }

    pub fn until(&self) -> Timestamp {
        self.until
    }

    fn slot(&self, at: Timestamp) -> Option<&Slot> {
        let hours = (at.micros() - self.start.micros()).max(0) / HOUR;
        self.slots.get(usize::try_from(hours).ok()?)
    }

    /// When `done` of `all` events have happened, if they come as busy as the hours are.
    pub fn time_of(&self, done: u64, all: u64) -> Timestamp {
        let weight = u128::from(self.total) * u128::from(done) / u128::from(all.max(1));
        let weight = u64::try_from(weight).unwrap_or(u64::MAX);
        let position = self
            .slots
            .partition_point(|slot| slot.before <= weight)
            .saturating_sub(1);
        let Some(slot) = self.slots.get(position) else {
            return self.until;
        };
        let within = u128::from(weight - slot.before) * u128::from(HOUR.unsigned_abs())
            / u128::from(slot.offices.iter().sum::<u64>().max(1));
        let hours = i64::try_from(position).unwrap_or(0) * HOUR;
        let micros = hours + i64::try_from(within).unwrap_or(0);
        self.start.plus_micros(micros).min(self.until)
    }

    pub fn anyone_at_work(&self, at: Timestamp) -> bool {
        self.slot(at).is_some_and(|slot| slot.open)
    }

    /// One of the offices, the busier at this hour the likelier.
    pub fn office(&self, at: Timestamp, dice: &mut Dice) -> usize {
        self.slot(at)
            .map_or(0, |slot| dice.weighted(slot.offices.iter().copied()))
    }

    /// The first hour at or after `from` in which the office is open and local time is `hour`; `from` if there is none
    /// before the end.
    pub fn working_hour(&self, office: usize, from: Timestamp, hour: u32) -> Timestamp {
        let office = &OFFICES[office];
        let mut at = from;
        while at < self.until {
            if office.is_open(at) && office.local(at).hour() == hour {
                return at;
            }
            at = at.plus_micros(HOUR);
        }
        from
    }
}
