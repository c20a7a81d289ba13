//! Which day a moment is of, for the workspace, whatever zones it has had: each zone holds from a midnight of its own to
//! the next one's. Every moment is of one day, and every day is one stretch of time.

use crate::{
    Result,
    local_time::{Reader, stored},
    writer::WriteTx,
};
use chrono::{Days, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use daybook_domain::{
    analytics::{Period, Span},
    id::WorkspaceId,
    time::Timestamp,
};
use daybook_entity::usage_zone::{self, Column as C};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

/// A zone, from a midnight of its own on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Held {
    begins: Timestamp,
    /// The day that begins then.
    first_day: NaiveDate,
    name: String,
}

impl Held {
    fn zone(&self) -> Tz {
        // By UTC where it isn't known any more.
        self.name.parse().unwrap_or(Tz::UTC)
    }

    fn wall_day(&self, at: Timestamp) -> NaiveDate {
        Reader::new(self.zone(), at).wall(at).date()
    }

    fn midnight(&self, day: NaiveDate) -> Timestamp {
        Reader::new(self.zone(), self.begins).instant(day.and_time(NaiveTime::MIN))
    }
}

/// The zones of a workspace, earliest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Calendar(Vec<Held>);

/// Days since 1970-01-01, as they are stored.
pub(super) fn number_of(day: NaiveDate) -> i32 {
    i32::try_from((day - NaiveDate::default()).num_days()).unwrap_or_default()
}

pub(super) fn day_of(number: i32) -> NaiveDate {
    let days = Days::new(u64::from(number.unsigned_abs()));
    let epoch = NaiveDate::default();
    let day = if number < 0 {
        epoch.checked_sub_days(days)
    } else {
        epoch.checked_add_days(days)
    };
    day.unwrap_or_default()
}

fn after(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(day)
}

fn before(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(day)
}

impl Calendar {
    fn of(name: &str) -> Self {
        Self(vec![Held {
            begins: Timestamp::MIN,
            first_day: Timestamp::MIN.to_datetime().date_naive(),
            name: name.to_owned(),
        }])
    }

    /// As it is stored; empty where nothing was counted yet.
    pub(super) async fn load(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Self> {
        let rows = usage_zone::Entity::find()
            .filter(C::WorkspaceId.eq(workspace.0))
            .order_by_asc(C::BeginsAt);
        let mut held = Vec::new();
        for row in rows.all(db).await? {
            held.push(Held {
                begins: stored(row.begins_at)?,
                first_day: day_of(row.first_day),
                name: row.zone,
            });
        }
        Ok(Self(held))
    }

    /// With a zone that the workspace has now; `None` where it has that already.
    pub(super) fn following(&self, zone: &str, now: Timestamp) -> Option<Self> {
        // One that hasn't begun yet never does.
        let mut held = self.0.clone();
        held.retain(|held| held.begins <= now);
        let Some(last) = held.last() else {
            return Some(Self::of(zone));
        };
        if last.name == zone {
            return (held.len() != self.0.len()).then_some(Self(held));
        }
        if self.0.last().is_some_and(|last| last.name == zone) {
            return None;
        }
        let mut next = Held {
            begins: Timestamp::MIN,
            first_day: after(Self(held.clone()).day(now)),
            name: zone.to_owned(),
        };
        next.begins = next.midnight(next.first_day);
        while next.begins <= now {
            next.first_day = after(next.first_day);
            next.begins = next.midnight(next.first_day);
        }
        held.push(next);
        Some(Self(held))
    }

    /// Stores it in place of what is stored.
    pub(super) async fn store(&self, tx: &WriteTx, workspace: WorkspaceId) -> Result<()> {
        usage_zone::Entity::delete_many()
            .filter(C::WorkspaceId.eq(workspace.0))
            .exec(tx.db())
            .await?;
        for held in &self.0 {
            let row = usage_zone::ActiveModel {
                workspace_id: Set(workspace.0),
                begins_at: Set(held.begins.micros()),
                first_day: Set(number_of(held.first_day)),
                zone: Set(held.name.clone()),
            };
            usage_zone::Entity::insert(row)
                .exec_without_returning(tx.db())
                .await?;
        }
        Ok(())
    }

    /// The zone that holds on a day.
    pub(super) fn zone_on(&self, day: NaiveDate) -> &str {
        let held = self.0.iter().rev().find(|held| held.first_day <= day);
        held.or(self.0.first()).map_or("UTC", |held| held.name.as_str())
    }

    /// When a day begins.
    pub(super) fn begins(&self, day: NaiveDate) -> Timestamp {
        let at = self.0.iter().rposition(|held| held.first_day <= day);
        let at = at.unwrap_or_default();
        let Some(held) = self.0.get(at) else {
            return Timestamp::from_datetime(day.and_time(NaiveTime::MIN).and_utc());
        };
        let begins = if held.first_day == day {
            held.begins
        } else {
            held.midnight(day).max(held.begins)
        };
        // A day that the next zone leaves out has no length.
        match self.0.get(at + 1) {
            Some(next) => begins.min(next.begins),
            None => begins,
        }
    }

    pub(super) fn span(&self, period: Period) -> Span {
        Span {
            from: self.begins(period.from),
            to: self.begins(after(period.to)),
        }
    }

    /// The day that a moment is of.
    pub(super) fn day(&self, at: Timestamp) -> NaiveDate {
        let place = self.0.iter().rposition(|held| held.begins <= at);
        let place = place.unwrap_or_default();
        let Some(held) = self.0.get(place) else {
            return at.to_datetime().date_naive();
        };
        let mut day = held.wall_day(at).max(held.first_day);
        if let Some(next) = self.0.get(place + 1) {
            day = day.min(before(next.first_day));
        }
        // Where clocks are set back past midnight they show the day before once more.
        while at < self.begins(day) && day > held.first_day {
            day = before(day);
        }
        while at >= self.begins(after(day)) && after(day) != day {
            day = after(day);
        }
        day
    }
}

/// Finds the days of moments, most of which are of the day of the one before.
#[derive(Debug)]
pub(super) struct DayFinder<'c> {
    calendar: &'c Calendar,
    last: Option<(Timestamp, Timestamp, NaiveDate)>,
}

impl<'c> DayFinder<'c> {
    pub(super) fn new(calendar: &'c Calendar) -> Self {
        Self { calendar, last: None }
    }

    pub(super) fn day(&mut self, at: Timestamp) -> NaiveDate {
        if let Some((from, to, day)) = self.last
            && from <= at
            && at < to
        {
            return day;
        }
        let day = self.calendar.day(at);
        self.last = Some((self.calendar.begins(day), self.calendar.begins(after(day)), day));
        day
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ZONES: [&str; 8] = [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Pacific/Apia",
        "Pacific/Kiritimati",
        "Etc/GMT+12",
        "America/St_Johns",
        "Asia/Kathmandu",
    ];

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn another_zone_holds_from_its_next_midnight() {
        let berlin = Calendar(Vec::new())
            .following("Europe/Berlin", Timestamp::MIN)
            .unwrap();
        let now = at("2026-11-22T14:00:00Z");
        assert_eq!(berlin.following("Europe/Berlin", now), None);
        let both = berlin.following("America/New_York", now).unwrap();
        assert_eq!(both.begins(day("2026-11-22")), at("2026-11-21T23:00:00Z"));
        // From a midnight in Berlin to one in New York: thirty hours.
        assert_eq!(both.begins(day("2026-11-23")), at("2026-11-23T05:00:00Z"));
        assert_eq!(both.day(at("2026-11-23T04:59:59Z")), day("2026-11-22"));
        assert_eq!(both.zone_on(day("2026-11-22")), "Europe/Berlin");
        assert_eq!(both.zone_on(day("2026-11-23")), "America/New_York");
        // Taken back before it held.
        assert_eq!(both.following("Europe/Berlin", now), Some(berlin));
    }

    proptest! {
        #[test]
        fn every_moment_is_of_one_day(
            changes in prop::collection::vec((0_usize..8, 1_i64..20_000_000), 1..6),
            moments in prop::collection::vec(0_i64..1_200_000_000, 20),
        ) {
            let start = at("2009-10-01T00:00:00Z");
            let (mut calendar, mut now) = (Calendar(Vec::new()), start);
            for (zone, later) in changes {
                now = now.plus_seconds(later);
                calendar = calendar.following(ZONES[zone], now).unwrap_or(calendar);
            }
            for moment in moments {
                let moment = start.plus_seconds(moment % 600_000_000);
                let day = calendar.day(moment);
                let span = calendar.span(Period { from: day, to: day });
                prop_assert!(span.from <= moment && moment < span.to, "{} is not of {}", moment, day);
                let mut finder = DayFinder::new(&calendar);
                prop_assert_eq!((finder.day(moment), finder.day(moment)), (day, day));
            }
        }
    }

    #[test]
    fn days_are_numbered_from_the_epoch() {
        for text in ["1969-12-31", "1970-01-01", "2026-11-22", "0001-01-01"] {
            assert_eq!(day_of(number_of(day(text))), day(text));
        }
        assert_eq!(number_of(day("1970-01-02")), 1);
    }
}
