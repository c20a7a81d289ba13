//! The whole calendar, with clocks that are set forward and back.

use crate::{local_time::zone, reports::calendar::Calendar};
use chrono::NaiveDate;
use daybook_domain::{
    report::{Every, Timing, Weekday},
    time::Timestamp,
};
use proptest::prelude::*;

const BERLIN: &str = "Europe/Berlin";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn calendar(every: Every, weekday: Option<Weekday>, hour: u8, zone: &str) -> Calendar {
    let timing = Timing { every, weekday, hour };
    Calendar::new(timing, zone, at("2026-11-22T14:00:00Z"))
}

fn next(calendar: &Calendar, after: &str) -> String {
    let next = calendar.next(at(after)).to_string();
    next.trim_end_matches(":00.000000Z").to_owned()
}

fn period(calendar: &Calendar, now: &str) -> (String, String) {
    let period = calendar.period(at(now));
    (period.first.to_string(), period.last.to_string())
}

fn days(first: &str, last: &str) -> (String, String) {
    (first.to_owned(), last.to_owned())
}

#[test]
fn it_is_due_at_its_hour_by_the_zones_clock() {
    let daily = calendar(Every::Day, None, 8, BERLIN);
    assert_eq!(next(&daily, "2026-11-23T06:59:59Z"), "2026-11-23T07:00");
    assert_eq!(next(&daily, "2026-11-23T07:00:00Z"), "2026-11-24T07:00");
    let weekly = calendar(Every::Week, Some(Weekday::Monday), 8, BERLIN);
    assert_eq!(next(&weekly, "2026-11-22T23:00:00Z"), "2026-11-23T07:00");
    assert_eq!(next(&weekly, "2026-11-23T07:00:00Z"), "2026-11-30T07:00");
    let monthly = calendar(Every::Month, None, 0, BERLIN);
    assert_eq!(next(&monthly, "2026-11-23T07:00:00Z"), "2026-11-30T23:00");
    assert_eq!(next(&monthly, "2027-01-31T22:59:59Z"), "2027-01-31T23:00");
    assert_eq!(next(&monthly, "2028-01-31T23:00:00Z"), "2028-02-29T23:00");
    // A zone that isn't known any more is none.
    assert_eq!(
        next(
            &calendar(Every::Day, None, 8, "Mars/Olympus"),
            "2026-11-23T07:00:00Z"
        ),
        "2026-11-23T08:00"
    );
}

#[test]
fn clocks_that_are_set_neither_skip_a_report_nor_send_one_twice() {
    // 02:00 to 03:00 on 29 March 2026: the hour isn't there.
    let at_two = calendar(Every::Day, None, 2, BERLIN);
    assert_eq!(next(&at_two, "2026-03-28T12:00:00Z"), "2026-03-29T01:00");
    assert_eq!(next(&at_two, "2026-03-29T01:00:00Z"), "2026-03-30T00:00");
    // 03:00 to 02:00 on 25 October 2026: it is there twice.
    assert_eq!(next(&at_two, "2026-10-24T12:00:00Z"), "2026-10-25T00:00");
    assert_eq!(next(&at_two, "2026-10-25T00:00:00Z"), "2026-10-26T01:00");
    // The days are as long as they were.
    for (now, hours) in [
        ("2026-03-30T12:00:00Z", 23),
        ("2026-10-26T12:00:00Z", 25),
        ("2026-11-26T12:00:00Z", 24),
    ] {
        let (from, to) = at_two.instants(at_two.period(at(now)));
        assert_eq!((to.micros() - from.micros()) / 3_600_000_000, hours, "{now}");
    }
    // Where they are set at midnight, the day begins later.
    let cairo = calendar(Every::Day, None, 0, "Africa/Cairo");
    assert_eq!(next(&cairo, "2026-04-23T12:00:00Z"), "2026-04-23T22:00");
}

#[test]
fn a_report_is_about_the_period_that_has_ended() {
    let daily = calendar(Every::Day, None, 8, BERLIN);
    assert_eq!(
        period(&daily, "2026-11-23T07:00:00Z"),
        days("2026-11-22", "2026-11-22")
    );
    // Before its hour, the one that was due last is that of the day before.
    assert_eq!(
        period(&daily, "2026-11-23T06:59:59Z"),
        days("2026-11-21", "2026-11-21")
    );
    let weekly = calendar(Every::Week, Some(Weekday::Monday), 8, BERLIN);
    assert_eq!(
        period(&weekly, "2026-11-25T12:00:00Z"),
        days("2026-11-16", "2026-11-22")
    );
    let monthly = calendar(Every::Month, None, 8, BERLIN);
    assert_eq!(
        period(&monthly, "2026-12-01T07:00:00Z"),
        days("2026-11-01", "2026-11-30")
    );
    assert_eq!(
        period(&monthly, "2026-12-01T06:59:59Z"),
        days("2026-10-01", "2026-10-31")
    );
    assert_eq!(
        period(&monthly, "2028-03-15T06:59:59Z"),
        days("2028-02-01", "2028-02-29")
    );
    // Whatever the hour, yesterday is over.
    let last = daily.last_ended(at("2026-11-23T06:00:00Z"));
    assert_eq!(last.first, NaiveDate::from_ymd_opt(2026, 11, 22).unwrap());
    let before = monthly.previous(monthly.period(at("2026-03-02T12:00:00Z")));
    assert_eq!(
        (before.first.to_string(), before.last.to_string()),
        days("2026-01-01", "2026-01-31")
    );
}

proptest! {
    #[test]
    fn reports_tell_everything_once(
        // 2020 to 2035.
        now in 1_577_836_800_i64..2_051_222_400,
        every in prop::sample::select(Every::ALL),
        weekday in prop::sample::select(Weekday::ALL),
        hour in 0_u8..24,
        zone_name in prop::sample::select(chrono_tz::TZ_VARIANTS.map(chrono_tz::Tz::name).to_vec()),
        within in 0.0_f64..1.0,
    ) {
        let now = Timestamp::from_micros(now * 1_000_000).unwrap();
        let weekday = Some(weekday).filter(|_| every == Every::Week);
        let calendar = calendar(every, weekday, hour, zone_name);
        let due = calendar.next(now);
        let after = calendar.next(due);
        prop_assert!(now < due && due < after);
        let most = match every {
            Every::Day => 26,
            Every::Week => 7 * 24 + 2,
            Every::Month => 31 * 24 + 2,
        };
        prop_assert!(due.micros() - now.micros() <= most * 3_600_000_000);
        // One begins where the one before ends, on the clock as in the calendar.
        let (one, other) = (calendar.period(due), calendar.period(after));
        prop_assert_eq!(one.last.succ_opt().unwrap(), other.first);
        prop_assert_eq!(calendar.instants(one).1, calendar.instants(other).0);
        prop_assert_eq!(calendar.previous(other), one);
        // It has ended when it is told, and stays the one that is told until the next is due.
        prop_assert!(calendar.instants(one).1 <= due);
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "some moment between them")]
        let between = due.plus_micros(((after.micros() - due.micros() - 1) as f64 * within) as i64);
        prop_assert_eq!(calendar.period(between), one);
        prop_assert_eq!(calendar.next(between), after);
        // It is on the hour, unless that was skipped.
        let wall = due.to_datetime().with_timezone(&zone(zone_name).unwrap()).naive_local();
        let hours = wall.format("%H").to_string().parse::<u8>().unwrap();
        prop_assert!(hours >= hour);
    }
}
