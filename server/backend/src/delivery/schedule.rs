//! When a message that failed is tried again.

use chrono::DateTime;
use std::time::Duration;

/// How long after each attempt that failed the next one is made. After the last there is none.
pub const WAITS: [Duration; 7] = [
    Duration::from_secs(5),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(10),
];
/// By which share a wait may be longer: what failed together isn't tried together again.
const JITTER: f64 = 0.2;
/// The longest that a receiver may ask to be left alone.
pub const LONGEST_ASKED: Duration = Duration::from_hours(24);

/// How long to wait after a message failed for the so many-th time, from 1. `asked` is what the receiver wants at least,
/// `dice` from 0 to 1. `None`: it isn't tried again.
pub fn wait(failed: usize, asked: Option<Duration>, dice: f64) -> Option<Duration> {
    let wait = *WAITS.get(failed.checked_sub(1)?)?;
    let wait = wait.max(asked.unwrap_or_default().min(LONGEST_ASKED));
    let share = if dice.is_finite() {
        dice.clamp(0.0, 1.0)
    } else {
        0.0
    };
    Some(wait.mul_f64(1.0 + JITTER * share))
}

/// What a `Retry-After` asks for: seconds, or a time (RFC 9110, 10.2.3). `now` is in seconds of the Unix epoch.
pub fn retry_after(value: &str, now: i64) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let until = DateTime::parse_from_rfc2822(value).ok()?;
    let seconds = until.timestamp().saturating_sub(now);
    Some(Duration::from_secs(seconds.try_into().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_message_is_tried_for_a_day_and_a_quarter() {
        let waits: Vec<_> = (1..).map_while(|failed| wait(failed, None, 0.0)).collect();
        assert_eq!(waits, WAITS);
        assert_eq!(wait(0, None, 0.0), None);
        let all: Duration = waits.iter().sum();
        assert_eq!(all, Duration::from_secs(5 + 35 * 60 + 27 * 3600));
    }

    #[test]
    fn a_receiver_may_ask_for_more_time_and_not_for_less() {
        let asked = |seconds| wait(2, Some(Duration::from_secs(seconds)), 0.0);
        assert_eq!(asked(1), Some(Duration::from_mins(5)));
        assert_eq!(asked(900), Some(Duration::from_mins(15)));
        assert_eq!(asked(u64::MAX), Some(LONGEST_ASKED));
        assert_eq!(wait(8, Some(Duration::from_mins(15)), 0.0), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_time() {
        let now = 784_111_777;
        assert_eq!(retry_after(" 120 ", now), Some(Duration::from_mins(2)));
        let later = "Sun, 06 Nov 1994 08:50:37 GMT";
        assert_eq!(retry_after(later, now), Some(Duration::from_mins(1)));
        assert_eq!(retry_after(later, now + 100), Some(Duration::ZERO), "it is over");
        assert_eq!(
            retry_after(&"9".repeat(30), now),
            Some(Duration::from_secs(u64::MAX))
        );
        for wrong in ["", "soon", "-5", "1.5", "Sun, 06 Nov"] {
            assert_eq!(retry_after(wrong, now), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn dice_make_a_wait_longer_by_a_fifth_at_most(
            failed in 1_usize..8, asked in prop::option::of(any::<u64>()), dice in any::<f64>(),
        ) {
            let asked = asked.map(Duration::from_secs);
            let least = wait(failed, asked, 0.0).unwrap();
            let wait = wait(failed, asked, dice).unwrap();
            prop_assert!(least <= wait && wait <= least.mul_f64(1.2));
        }

        #[test]
        fn whatever_a_receiver_asks_for_is_read_or_not(value in ".{0,40}", now in any::<i64>()) {
            let _ = retry_after(&value, now);
        }
    }
}
