//! Form: repeatable, ordered, within the limits, in believable proportions, with addresses that belong to nobody.

use super::{LIFE, options, until};
use crate::demo::{DemoOptions, SOURCE, calendar, events, life::SHARES, people, things::Things};
use chrono::{Datelike, Timelike, Weekday};
use daybook_domain::{
    account::UserStatus,
    event::{EventBody, MAX_EVENT_BYTES},
    log::LogKind,
    permission::BuiltInRole,
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

fn bytes(options: &DemoOptions) -> Vec<u8> {
    let all: Vec<EventBody> = events(options).collect();
    serde_json::to_vec(&all).unwrap()
}

#[test]
fn the_same_options_tell_the_same_byte_for_byte() {
    let once = options(3_000);
    assert_eq!(bytes(&once), bytes(&once.clone()));
    assert_eq!(people(7), people(7));
    for other in [
        DemoOptions {
            seed: 8,
            ..once.clone()
        },
        DemoOptions {
            until: until().plus_seconds(1),
            ..once.clone()
        },
        DemoOptions {
            days: 31,
            ..once.clone()
        },
    ] {
        assert_ne!(bytes(&once), bytes(&other), "{other:?}");
    }
    assert_ne!(people(7), people(8));
}

#[test]
fn there_are_as_many_as_were_asked_for_in_order_and_in_their_span() {
    for (count, days) in [
        (0, 30),
        (1, 0),
        (2, 1),
        (60, 400),
        (499, 30),
        (500, 1),
        (501, 3),
        (4_000, 2),
        (9_000, 30),
    ] {
        let options = DemoOptions {
            events: count,
            seed: count,
            until: until(),
            days,
        };
        let start = until().plus_micros(-i64::from(days.max(1)) * calendar::DAY);
        let mut last = start;
        let mut told = 0;
        for event in events(&options) {
            assert!(
                last <= event.occurred_at,
                "{count} events: {last} then {}",
                event.occurred_at
            );
            assert_eq!(event.source, SOURCE);
            assert_eq!(event.source_event_id, Some(format!("demo-{count}-{told}")));
            last = event.occurred_at;
            told += 1;
        }
        assert_eq!(told, count);
        assert!(last <= until());
    }
}

fn check(event: &EventBody) {
    assert_eq!(event.check_limits(), Ok(()), "{event:?}");
    let json = serde_json::to_string(event).unwrap();
    assert!(json.len() < MAX_EVENT_BYTES / 4, "{} bytes", json.len());
    let summary = event.summary.as_deref().unwrap_or_default();
    assert!(summary.contains(' ') && !summary.contains("  "), "{summary:?}");
    assert!(event.category.is_some() && event.section.is_some(), "{json}");
    let failed = event.outcome == daybook_domain::event::Outcome::Failure;
    assert!(!failed || event.reason.is_some(), "{json}");
    for change in &event.changes {
        assert!(!change.secret || (change.before.is_null() && change.after.is_null()));
        assert!(change.secret || change.before != change.after, "{json}");
    }
}

#[test]
fn every_event_keeps_the_limits_and_says_a_sentence() {
    LIFE.iter().for_each(check);
    for seed in [0, 3, 1_000, u64::MAX] {
        events(&DemoOptions {
            seed,
            ..options(4_000)
        })
        .for_each(|event| check(&event));
    }
}

#[test]
fn every_log_is_there_in_its_proportion() {
    let mut counts: BTreeMap<LogKind, u64> = LogKind::ALL.iter().map(|log| (*log, 0)).collect();
    for event in LIFE.iter() {
        *counts.entry(event.log).or_default() += 1;
    }
    assert_eq!(SHARES.iter().sum::<u64>(), 1000);
    for (log, count) in counts {
        let share = SHARES[log as usize];
        let per_mille = count * 1000 / LIFE.len() as u64;
        // The stories come on top of the everyday.
        assert!(
            per_mille.abs_diff(share) <= 15,
            "{log}: {per_mille} of 1000, meant {share}"
        );
        assert!(count >= 10, "{log}: {count}");
    }
}

#[test]
fn days_are_busy_and_nights_are_quiet() {
    let at = |fits: &dyn Fn(Weekday, u32) -> bool| {
        let count = LIFE.iter().filter(|event| {
            let at = event.occurred_at.to_datetime();
            fits(at.weekday(), at.hour())
        });
        count.count()
    };
    let rush = at(&|_, hour| (8..10).contains(&hour));
    let night = at(&|_, hour| (2..4).contains(&hour));
    assert!(
        rush > night * 6,
        "{rush} between 8 and 10, {night} between 2 and 4"
    );
    let monday = at(&|day, _| day == Weekday::Mon);
    let saturday = at(&|day, _| day == Weekday::Sat);
    assert!(
        monday > saturday * 3 && saturday > 0,
        "{monday} on Mondays, {saturday} on Saturdays"
    );
}

#[test]
fn addresses_belong_to_nobody() {
    fn emails(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::String(text) => {
                let words = text.split(|c: char| c.is_whitespace() || "<>()“”,;:".contains(c));
                found.extend(words.filter(|word| word.contains('@')).map(str::to_owned));
            }
            Value::Array(list) => list.iter().for_each(|value| emails(value, found)),
            Value::Object(map) => map.values().for_each(|value| emails(value, found)),
            _ => {}
        }
    }
    let documentation = |ip: IpAddr| match ip {
        IpAddr::V4(ip) => ip.is_documentation() || ip.is_private(),
        IpAddr::V6(ip) => ip.segments()[..2] == [0x2001, 0xdb8],
    };
    let mut found = BTreeSet::new();
    for event in LIFE.iter() {
        assert!(event.ip.is_none_or(documentation), "{:?}", event.ip);
        emails(&serde_json::to_value(event).unwrap(), &mut found);
    }
    assert!(found.len() > 1_000);
    for email in &found {
        assert!(email.ends_with(".example") && email.is_ascii(), "{email}");
    }
}

/// What somebody reads as the history of a thing must add up: each "before" is the "after" that came last.
#[test]
fn histories_add_up() {
    let mut known: BTreeMap<(&str, &str), &Value> = BTreeMap::new();
    let mut compared = 0;
    let things = [LogKind::Activity, LogKind::Customer];
    for event in LIFE.iter().filter(|event| things.contains(&event.log)) {
        let Some(id) = event.target().and_then(|target| target.id.as_deref()) else {
            continue;
        };
        // A merge tells the last state of the second target.
        if event.event_type.ends_with(".merged") {
            continue;
        }
        for change in event.changes.iter().filter(|change| !change.secret) {
            let before = known.insert((id, &change.property), &change.after);
            let restored = event.event_type.ends_with(".restored");
            if let Some(before) = before.filter(|_| !restored) {
                // Capacity is also changed in work sessions.
                if change.property != "Capacity" {
                    assert_eq!(
                        before, &change.before,
                        "{} of {id}: {:?}",
                        change.property, event.summary
                    );
                }
                compared += 1;
            }
        }
    }
    assert!(compared > 1_000, "{compared}");
}

#[test]
fn people_are_a_team_with_three_accounts_to_try() {
    for seed in 0..20 {
        let users = people(seed).users;
        let of_status = |status| users.iter().filter(|user| user.status == status).count();
        assert_eq!(users.len(), 28);
        assert_eq!(
            (of_status(UserStatus::Deactivated), of_status(UserStatus::Invited)),
            (4, 1)
        );
        let first: Vec<_> = users[..3]
            .iter()
            .map(|user| (user.email.as_str(), user.role))
            .collect();
        assert_eq!(
            first,
            [
                ("admin@northdesk.example", BuiltInRole::Administrator),
                ("auditor@northdesk.example", BuiltInRole::Auditor),
                ("agent@northdesk.example", BuiltInRole::Agent),
            ]
        );
        let ids: BTreeSet<_> = users.iter().map(|user| user.id).collect();
        let emails: BTreeSet<_> = users.iter().map(|user| &user.email).collect();
        assert_eq!((ids.len(), emails.len()), (28, 28));
        assert!(users.iter().all(|user| user.id.0.get_version_num() == 7));
    }
}

#[test]
fn a_kind_stands_at_the_position_of_its_name() {
    let things = Things::new(7, vec!["Mara Okafor".to_owned(), "Tomás Ferreira".to_owned()]);
    for (position, kind) in things.kinds.iter().enumerate() {
        assert_eq!(kind.name as usize, position);
    }
}
