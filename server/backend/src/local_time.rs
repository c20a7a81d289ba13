//! Times as a reader sees them: in the reader's zone and in the way they are written there, formatted here and not in the
//! browser.

use chrono::{LocalResult, NaiveDateTime, TimeZone, Timelike};
use chrono_tz::Tz;
use daybook_domain::{
    Error, Result,
    regional::RegionalFormat,
    time::{End, LocalTime, TimeBound, Timestamp},
    viewer::Viewer,
};

/// A reader's zone, how dates and numbers are written for them, and the moment the page is made.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    zone: Tz,
    format: RegionalFormat,
    now: Timestamp,
}

/// The zone of an IANA name.
///
/// # Errors
/// `Invalid{field: "tz"}` for an unknown one.
pub fn zone(name: &str) -> Result<Tz> {
    name.parse().map_err(|_| {
        Error::invalid(
            "tz",
            format!("“{name}” is not the name of a time zone such as Europe/Berlin"),
        )
    })
}

impl Reader {
    pub fn new(zone: Tz, now: Timestamp) -> Self {
        Self {
            zone,
            format: RegionalFormat::default(),
            now,
        }
    }

    /// The reader with a stored zone name; UTC where that name is no longer known.
    pub fn of(zone_name: &str, now: Timestamp) -> Self {
        Self::new(zone(zone_name).unwrap_or(Tz::UTC), now)
    }

    /// Who asks, in their zone and in the way that is usual for them.
    pub fn viewer(who: &Viewer, now: Timestamp) -> Self {
        Self::of(who.zone(), now).writing(who.format())
    }

    #[must_use]
    pub fn writing(self, format: RegionalFormat) -> Self {
        Self { format, ..self }
    }

    #[must_use]
    pub fn in_zone(self, zone: Tz) -> Self {
        Self { zone, ..self }
    }

    pub fn format(&self) -> RegionalFormat {
        self.format
    }

    pub fn now(&self) -> Timestamp {
        self.now
    }

    pub fn zone_name(&self) -> &'static str {
        self.zone.name()
    }

    pub fn local(&self, at: Timestamp) -> LocalTime {
        let local = at.to_datetime().with_timezone(&self.zone);
        let clock = local.time();
        LocalTime {
            utc: at,
            day: local.date_naive(),
            clock: clock.with_nanosecond(0).unwrap_or(clock),
            date: self.format.date(local.date_naive()),
            time: self.format.seconds(clock),
            ago: ago(at, self.now),
        }
    }

    /// What the reader's clock shows at a moment.
    pub fn wall(&self, at: Timestamp) -> NaiveDateTime {
        at.to_datetime().with_timezone(&self.zone).naive_local()
    }

    /// A stored time, in microseconds, as the reader has it.
    ///
    /// # Errors
    /// `Damaged` where it is none.
    pub fn stored(&self, micros: i64) -> crate::Result<LocalTime> {
        stored(micros).map(|at| self.local(at))
    }

    /// The instant of a wall-clock time: the earlier where it comes twice, the end of the gap where it is skipped.
    pub fn instant(&self, wall: NaiveDateTime) -> Timestamp {
        let at = match self.zone.from_local_datetime(&wall) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.to_utc(),
            LocalResult::None => {
                // Clocks are set forward by at most a few hours; the first quarter hour that exists ends the gap.
                let later = (1..=96).find_map(|quarters| {
                    let moved = wall.checked_add_signed(chrono::TimeDelta::minutes(15 * quarters))?;
                    self.zone.from_local_datetime(&moved).earliest()
                });
                later.map_or_else(|| wall.and_utc(), |at| at.to_utc())
            }
        };
        Timestamp::from_datetime(at)
    }

    /// The moment that is meant by the beginning of a time.
    pub fn begins(&self, since: TimeBound) -> Timestamp {
        since.resolve(End::From, self.now, |wall| self.instant(wall))
    }
}

fn ago(at: Timestamp, now: Timestamp) -> String {
    let seconds = (now.micros() - at.micros()).div_euclid(1_000_000);
    let (count, unit) = match seconds.unsigned_abs() {
        0..=59 => {
            return if seconds < 0 { "in a moment" } else { "just now" }.to_owned();
        }
        s @ 60..=3_599 => (s / 60, "min"),
        s @ 3_600..=86_399 => (s / 3_600, "h"),
        s @ 86_400..=2_591_999 => (s / 86_400, if s < 172_800 { "day" } else { "days" }),
        s @ 2_592_000..=31_535_999 => (s / 2_592_000, if s < 5_184_000 { "month" } else { "months" }),
        s => (s / 31_536_000, if s < 63_072_000 { "year" } else { "years" }),
    };
    if seconds < 0 {
        format!("in {count} {unit}")
    } else {
        format!("{count} {unit} ago")
    }
}

/// A stored time, in microseconds.
///
/// # Errors
/// `Damaged` where it is none.
pub fn stored(micros: i64) -> crate::Result<Timestamp> {
    Timestamp::from_micros(micros).ok_or_else(|| crate::Error::damaged(format!("the time {micros}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn times_are_in_the_readers_zone() {
        let reader = Reader::of("Europe/Berlin", at("2026-11-22T13:00:00Z"));
        let local = reader.local(at("2026-11-21T23:30:05.5Z"));
        assert_eq!(
            (local.date.as_str(), local.time.as_str(), local.ago.as_str()),
            ("22 Nov 2026", "00:30:05", "13 h ago")
        );
    }

    #[test]
    fn times_are_written_as_the_reader_is_used_to() {
        let reader = Reader::of("America/New_York", at("2026-11-22T20:00:00Z"));
        let reader = reader.writing(RegionalFormat::UnitedStates);
        let local = reader.local(at("2026-11-22T19:30:05.5Z"));
        assert_eq!(
            (local.date.as_str(), local.time.as_str()),
            ("Nov 22, 2026", "2:30:05 PM")
        );
        assert_eq!(local.clock.to_string(), "14:30:05");
    }

    #[test]
    fn wall_clock_times_that_come_twice_or_never() {
        let reader = Reader::of("Europe/Berlin", at("2026-11-22T13:00:00Z"));
        let wall = |text: &str| reader.instant(text.parse().unwrap()).to_string();
        assert_eq!(wall("2026-10-25T02:30:00"), "2026-10-25T00:30:00.000000Z");
        assert_eq!(wall("2026-03-29T02:30:00"), "2026-03-29T01:00:00.000000Z");
    }

    #[test]
    fn unknown_zones_are_refused_by_name() {
        assert!(zone("Europe/Berlin").is_ok());
        assert!(zone("Mars/Olympus").is_err());
        assert_eq!(
            Reader::of("Mars/Olympus", at("2026-11-22T13:00:00Z")).zone_name(),
            "UTC"
        );
    }
}
