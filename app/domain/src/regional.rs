//! How dates, times and numbers are written for a reader. The words of the interface are English whatever is chosen:
//! month names appear only where English ones are usual, the other ways write dates in numbers.

use crate::event::words;
use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

words! {
    /// A way of writing them, by the tag of the language and region where it is usual (BCP 47).
    RegionalFormat {
        UnitedKingdom = "en-GB", "United Kingdom";
        UnitedStates = "en-US", "United States";
        Germany = "de-DE", "Germany";
        France = "fr-FR", "France";
        Sweden = "sv-SE", "Sweden";
    }
}

/// As chrono's `strftime` has them.
struct Spec {
    date: &'static str,
    /// With the day of the week.
    long: &'static str,
    seconds: &'static str,
    minutes: &'static str,
    /// Between groups of three digits.
    thousands: char,
}

/// In declaration order; a test holds it to that.
const SPECS: [Spec; 5] = [
    Spec {
        date: "%-d %b %Y",
        long: "%A, %-d %B %Y",
        seconds: "%H:%M:%S",
        minutes: "%H:%M",
        thousands: ',',
    },
    Spec {
        date: "%b %-d, %Y",
        long: "%A, %B %-d, %Y",
        seconds: "%-I:%M:%S %p",
        minutes: "%-I:%M %p",
        thousands: ',',
    },
    Spec {
        date: "%d.%m.%Y",
        long: "%A, %d.%m.%Y",
        seconds: "%H:%M:%S",
        minutes: "%H:%M",
        thousands: '.',
    },
    Spec {
        date: "%d/%m/%Y",
        long: "%A, %d/%m/%Y",
        seconds: "%H:%M:%S",
        minutes: "%H:%M",
        // A narrow space at which no line breaks.
        thousands: '\u{202f}',
    },
    Spec {
        date: "%Y-%m-%d",
        long: "%A, %Y-%m-%d",
        seconds: "%H:%M:%S",
        minutes: "%H:%M",
        thousands: '\u{a0}',
    },
];

#[expect(
    clippy::derivable_impls,
    reason = "the macro that makes the words derives none"
)]
impl Default for RegionalFormat {
    fn default() -> Self {
        Self::UnitedKingdom
    }
}

impl RegionalFormat {
    fn spec(self) -> &'static Spec {
        &SPECS[self as usize]
    }

    /// `22 Nov 2026`
    pub fn date(self, day: NaiveDate) -> String {
        day.format(self.spec().date).to_string()
    }

    /// `Sunday, 22 November 2026`
    pub fn long_date(self, day: NaiveDate) -> String {
        day.format(self.spec().long).to_string()
    }

    /// `14:12:51`
    pub fn seconds(self, clock: NaiveTime) -> String {
        clock.format(self.spec().seconds).to_string()
    }

    /// `14:12`
    pub fn minutes(self, clock: NaiveTime) -> String {
        clock.format(self.spec().minutes).to_string()
    }

    /// A date, a time and a number: `31 Dec 2026, 14:05, 1,204,331`.
    pub fn example(self) -> String {
        let day = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap_or_default();
        let clock = NaiveTime::from_hms_opt(14, 5, 0).unwrap_or_default();
        let (date, time) = (self.date(day), self.minutes(clock));
        format!("{date}, {time}, {}", self.number(1_204_331))
    }

    /// `1204331` as `1,204,331`.
    pub fn number(self, number: u64) -> String {
        let digits = number.to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(self.spec().thousands);
            }
            text.push(digit);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_writes_as_its_region_does() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        let clock = NaiveTime::from_hms_opt(14, 5, 9).unwrap();
        let written = |format: RegionalFormat| {
            [
                format.date(day),
                format.long_date(day),
                format.seconds(clock),
                format.minutes(clock),
                format.number(1_204_331),
            ]
        };
        let expected = [
            [
                "2 Nov 2026",
                "Monday, 2 November 2026",
                "14:05:09",
                "14:05",
                "1,204,331",
            ],
            [
                "Nov 2, 2026",
                "Monday, November 2, 2026",
                "2:05:09 PM",
                "2:05 PM",
                "1,204,331",
            ],
            [
                "02.11.2026",
                "Monday, 02.11.2026",
                "14:05:09",
                "14:05",
                "1.204.331",
            ],
            [
                "02/11/2026",
                "Monday, 02/11/2026",
                "14:05:09",
                "14:05",
                "1\u{202f}204\u{202f}331",
            ],
            [
                "2026-11-02",
                "Monday, 2026-11-02",
                "14:05:09",
                "14:05",
                "1\u{a0}204\u{a0}331",
            ],
        ];
        assert_eq!(RegionalFormat::ALL.len(), expected.len());
        for (format, expected) in RegionalFormat::ALL.iter().zip(expected) {
            assert_eq!(written(*format), expected.map(str::to_owned), "{format}");
        }
    }

    #[test]
    fn midnight_and_noon_have_their_hour() {
        let at = |hour| RegionalFormat::UnitedStates.minutes(NaiveTime::from_hms_opt(hour, 0, 0).unwrap());
        assert_eq!([at(0), at(12)], ["12:00 AM", "12:00 PM"]);
    }

    #[test]
    fn numbers_are_set_apart_in_threes() {
        let shown = [0, 7, 999, 1000, 18_204, 123_456, u64::MAX]
            .map(|number| RegionalFormat::default().number(number));
        assert_eq!(
            shown,
            [
                "0",
                "7",
                "999",
                "1,000",
                "18,204",
                "123,456",
                "18,446,744,073,709,551,615"
            ]
        );
    }
}
