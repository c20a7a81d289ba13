//! Instants and spans. Everything stored is UTC in microseconds; zones matter only where a person reads or types.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// Tells the time. Tests bring their own.
pub trait Clock: Send + Sync + fmt::Debug {
    fn now(&self) -> Timestamp;
}

/// An instant: microseconds since 1970-01-01T00:00:00Z. On the wire RFC 3339 in UTC with six fraction digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 0001-01-01T00:00:00Z, the earliest instant RFC 3339 can write with a year above zero.
    pub const MIN: Self = Self(-62_135_596_800_000_000);
    /// 9999-12-31T23:59:59.999999Z, the latest.
    pub const MAX: Self = Self(253_402_300_799_999_999);

    /// From microseconds since the epoch; `None` outside years 1 to 9999.
    pub fn from_micros(micros: i64) -> Option<Self> {
        (Self::MIN.0..=Self::MAX.0)
            .contains(&micros)
            .then_some(Self(micros))
    }

    pub fn micros(self) -> i64 {
        self.0
    }

    /// Cuts to microseconds and to years 1 to 9999.
    pub fn from_datetime(at: DateTime<Utc>) -> Self {
        Self(at.timestamp_micros().clamp(Self::MIN.0, Self::MAX.0))
    }

    pub fn to_datetime(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// Moves by a number of microseconds, staying within years 1 to 9999.
    #[must_use]
    pub fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros).clamp(Self::MIN.0, Self::MAX.0))
    }

    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        self.plus_micros(seconds.saturating_mul(1_000_000))
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        crate::openapi::text("date-time")
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Timestamp {}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_datetime().to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    /// RFC 3339 with any offset; finer fractions than microseconds are cut.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let at = DateTime::parse_from_rfc3339(text.trim()).map_err(|_| TimeError::NotRfc3339)?;
        Self::from_micros(at.timestamp_micros()).ok_or(TimeError::OutOfRange)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// Why a text is not a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    #[error("is not an RFC 3339 time such as 2026-11-22T14:05:00Z")]
    NotRfc3339,
    #[error("is outside the years 1 to 9999")]
    OutOfRange,
    #[error(
        "is not a date (2026-11-22), a time (2026-11-22T14:05:00Z) or a span back from now (-30m, -24h, -7d, -4w)"
    )]
    NotABound,
}

/// One end of a range of time, as typed in a form or a link. Kept as typed, so that `-7d` in a bookmark keeps
/// meaning "the last seven days".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeBound {
    At(Timestamp),
    /// A span back from now.
    Ago {
        count: u32,
        unit: Unit,
    },
    /// A whole day in the viewer's zone: its start as `from`, its end as `to`.
    Day(NaiveDate),
    /// A wall-clock time in the viewer's zone, as `<input type="datetime-local">` sends it.
    Local(NaiveDateTime),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    Minute,
    Hour,
    Day,
    Week,
}

impl Unit {
    const ALL: [(Self, char, i64); 4] = [
        (Self::Minute, 'm', 60),
        (Self::Hour, 'h', 3600),
        (Self::Day, 'd', 86_400),
        (Self::Week, 'w', 604_800),
    ];

    fn letter(self) -> char {
        Self::ALL
            .iter()
            .find(|(unit, ..)| *unit == self)
            .map_or('d', |(_, letter, _)| *letter)
    }

    fn seconds(self) -> i64 {
        Self::ALL
            .iter()
            .find(|(unit, ..)| *unit == self)
            .map_or(86_400, |(.., seconds)| *seconds)
    }
}

/// Which end of a range a bound stands at; decides what a whole day means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Inclusive start.
    From,
    /// Exclusive end.
    To,
}

impl TimeBound {
    /// The instant meant: `from` is inclusive, `to` exclusive. `to_utc` turns a wall-clock time of the viewer's
    /// zone into an instant (the earlier one where clocks are set back).
    pub fn resolve(self, end: End, now: Timestamp, to_utc: impl Fn(NaiveDateTime) -> Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Ago { count, unit } => now.plus_seconds(-i64::from(count).saturating_mul(unit.seconds())),
            Self::Day(day) => {
                let day = match end {
                    End::From => day,
                    End::To => day.succ_opt().unwrap_or(day),
                };
                to_utc(day.and_time(NaiveTime::MIN))
            }
            Self::Local(at) => to_utc(at),
        }
    }
}

impl fmt::Display for TimeBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(at) => f.write_str(&at.to_datetime().to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            Self::Ago { count, unit } => write!(f, "-{count}{}", unit.letter()),
            Self::Day(day) => write!(f, "{}", day.format("%Y-%m-%d")),
            Self::Local(at) => write!(f, "{}", at.format("%Y-%m-%dT%H:%M:%S")),
        }
    }
}

impl FromStr for TimeBound {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let text = text.trim();
        if let Some(span) = text.strip_prefix('-') {
            let letter = span.chars().next_back().ok_or(TimeError::NotABound)?;
            let (unit, ..) = Unit::ALL
                .into_iter()
                .find(|(_, l, _)| *l == letter)
                .ok_or(TimeError::NotABound)?;
            let digits = span.strip_suffix(letter).unwrap_or_default();
            if !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Err(TimeError::NotABound);
            }
            let count = digits.parse().map_err(|_| TimeError::NotABound)?;
            return Ok(Self::Ago { count, unit });
        }
        // A four-digit year only: chrono would also take +12026-01-01.
        if text.len() < 10 || !text.as_bytes()[0].is_ascii_digit() {
            return Err(TimeError::NotABound);
        }
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return Ok(Self::Day(day));
        }
        for format in ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"] {
            if let Ok(at) = NaiveDateTime::parse_from_str(text, format) {
                return Ok(Self::Local(at));
            }
        }
        text.parse().map(Self::At).map_err(|_| TimeError::NotABound)
    }
}

impl Serialize for TimeBound {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeBound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// An instant made ready for a reader: formatted on the server in the viewer's zone, because the browser must not
/// format during hydration (its zone and the server's would differ).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalTime {
    pub utc: Timestamp,
    /// Which day it is for the reader.
    pub day: NaiveDate,
    /// What the reader's clock shows, to the second.
    pub clock: NaiveTime,
    /// `22 Nov 2026`, as the reader has it written.
    pub date: String,
    /// `14:12:51`, as the reader has it written.
    pub time: String,
    /// `6 min ago`, as of the moment the page was made.
    pub ago: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_timestamp_survives_its_text(micros in Timestamp::MIN.0..=Timestamp::MAX.0) {
            let at = Timestamp(micros);
            prop_assert_eq!(at.to_string().parse::<Timestamp>().unwrap(), at);
        }

        #[test]
        fn a_span_survives_its_text(count in 0_u32.., unit in 0_usize..4) {
            let bound = TimeBound::Ago { count, unit: Unit::ALL[unit].0 };
            prop_assert_eq!(bound.to_string().parse::<TimeBound>().unwrap(), bound);
        }

        #[test]
        fn parsing_never_panics(text in ".*") {
            let _ = text.parse::<TimeBound>();
            let _ = text.parse::<Timestamp>();
        }
    }

    #[test]
    fn bounds_mean_what_a_person_means() {
        let now: Timestamp = "2026-11-22T14:00:00Z".parse().unwrap();
        let utc = |at: NaiveDateTime| Timestamp::from_datetime(at.and_utc());
        let resolve = |text: &str, end| {
            text.parse::<TimeBound>()
                .unwrap()
                .resolve(end, now, utc)
                .to_string()
        };
        assert_eq!(resolve("-7d", End::From), "2026-11-15T14:00:00.000000Z");
        assert_eq!(resolve("2026-11-20", End::From), "2026-11-20T00:00:00.000000Z");
        assert_eq!(resolve("2026-11-20", End::To), "2026-11-21T00:00:00.000000Z");
        assert_eq!(
            resolve("2026-11-20T10:30", End::To),
            "2026-11-20T10:30:00.000000Z"
        );
        assert_eq!(
            resolve("2026-11-20T10:30:00+01:00", End::To),
            "2026-11-20T09:30:00.000000Z"
        );
        assert_eq!(resolve("2024-02-29", End::To), "2024-03-01T00:00:00.000000Z");
        for wrong in [
            "",
            "2023-02-29",
            "-",
            "-7",
            "-7y",
            "-d",
            "yesterday",
            "2026-13-01",
            "22.11.2026",
            "-+7d",
        ] {
            assert_eq!(wrong.parse::<TimeBound>(), Err(TimeError::NotABound), "{wrong}");
        }
    }
}
