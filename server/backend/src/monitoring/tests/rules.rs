//! Each rule: for what it fires, and for what it doesn't.

use crate::monitoring::{
    engine::{Watch, Watcher},
    places::{Place, Places},
    rules::{Around, Finding},
};
use daybook_domain::{
    event::{Action, Actor, ActorKind, Change, Event, EventBody, Outcome, Portal, Target},
    id::EventId,
    log::LogKind,
    monitoring::{BuiltInRule, Params, RuleId},
    time::Timestamp,
};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// Monday, nine in the morning, UTC.
const MONDAY: &str = "2026-11-23T09:00:00Z";
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// A story: events one after the other, looked at by one rule.
struct Story {
    rule: BuiltInRule,
    params: Params,
    around: Around,
    events: Vec<Event>,
}

impl Story {
    fn of(rule: BuiltInRule) -> Self {
        Self {
            rule,
            params: Params::default(),
            around: Around {
                zone: chrono_tz::Tz::UTC,
                administrators: HashSet::new(),
                places: None,
            },
            events: Vec::new(),
        }
    }

    fn with(mut self, numbers: &[(&str, u32)]) -> Self {
        let usual = self.params.all(self.rule);
        let mut all: BTreeMap<_, _> = usual
            .map(|(param, number)| (param.name.to_owned(), number.to_string()))
            .collect();
        all.extend(
            numbers
                .iter()
                .map(|(name, number)| ((*name).to_owned(), number.to_string())),
        );
        self.params = Params::typed(self.rule, &all).unwrap();
        self
    }

    /// An event so many seconds after Monday morning.
    fn at(&mut self, seconds: i64, change: impl FnOnce(&mut EventBody)) {
        let begin: Timestamp = MONDAY.parse().unwrap();
        let at = begin.plus_seconds(seconds);
        let sequence = i64::try_from(self.events.len()).unwrap() + 1;
        let mut body = EventBody::new("thing.happened", person("mara"), at);
        body.source = "helpdesk".to_owned();
        change(&mut body);
        self.events.push(Event {
            id: EventId(Uuid::from_u128(sequence.unsigned_abs().into())),
            sequence,
            recorded_at: at,
            body,
        });
    }

    fn found(&self) -> Vec<Finding> {
        let watcher = Watcher::of(RuleId::BuiltIn(self.rule), &self.params, None).unwrap();
        let mut watchers = [watcher];
        let mut watch = Watch::new(&mut watchers, &self.around);
        let found = self.events.iter().flat_map(|event| watch.look(event));
        found.map(|(_, finding)| finding).collect()
    }

    fn summaries(&self) -> Vec<String> {
        self.found().into_iter().map(|finding| finding.summary).collect()
    }
}

fn person(id: &str) -> Actor {
    Actor::named(ActorKind::User, format!("Agent {id}")).with_id(id)
}

fn login(body: &mut EventBody, outcome: Outcome) {
    body.log = LogKind::Access;
    body.action = Action::Login;
    body.outcome = outcome;
}

#[test]
fn failed_sign_ins_fire_at_the_number_and_not_before() {
    let mut story = Story::of(BuiltInRule::FailedSignIns).with(&[("count", 3), ("minutes", 10)]);
    story.at(0, |body| login(body, Outcome::Failure));
    story.at(10, |body| login(body, Outcome::Success));
    story.at(20, |body| login(body, Outcome::Failure));
    assert_eq!(story.summaries(), Vec::<String>::new());
    story.at(599, |body| login(body, Outcome::Failure));
    let found = story.found();
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].summary,
        "3 failed sign-ins of Agent mara within 10 minutes"
    );
    assert_eq!(
        (found[0].subject.key.as_str(), &found[0].records[..]),
        ("user:mara", &[1, 3, 4][..])
    );
}

#[test]
fn failed_sign_ins_outside_the_span_are_not_counted_together() {
    let mut story = Story::of(BuiltInRule::FailedSignIns).with(&[("count", 3), ("minutes", 10)]);
    for second in [0, 10, 611] {
        story.at(second, |body| login(body, Outcome::Failure));
    }
    assert_eq!(story.summaries(), Vec::<String>::new());
    // One that comes late is counted where it belongs.
    story.at(5, |body| login(body, Outcome::Failure));
    assert_eq!(story.summaries().len(), 0);
    for second in [600, 605] {
        story.at(second, |body| login(body, Outcome::Failure));
    }
    assert_eq!(story.summaries().len(), 1);
}

#[test]
fn failed_sign_ins_on_many_accounts_are_those_of_an_address() {
    let mut story = Story::of(BuiltInRule::FailedSignIns).with(&[("count", 3)]);
    for (second, who) in [(0, "mara"), (1, "tomas"), (2, "ida")] {
        story.at(second, |body| {
            login(body, Outcome::Failure);
            body.actor = person(who);
            body.ip = Some("203.0.113.9".parse().unwrap());
        });
    }
    let found = story.found();
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].summary,
        "3 failed sign-ins from 203.0.113.9 within 10 minutes"
    );
}

#[test]
fn an_administrator_is_known_by_devices_and_countries() {
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0";
    let newer = firefox.replace("151.0", "152.0");
    let mut story = Story::of(BuiltInRule::AdministratorNewPlace);
    story.around.administrators.insert("mara".to_owned());
    let germany: std::net::IpAddr = "192.0.2.1".parse().unwrap();
    let elsewhere: std::net::IpAddr = "198.51.100.1".parse().unwrap();
    let country = |name: &str| Place {
        country: Some(name.to_owned()),
        ..Place::default()
    };
    story.around.places = Some(Places::made_up(vec![
        (germany, country("Germany")),
        (elsewhere, country("Brazil")),
    ]));
    let mut enter = |seconds, who: &str, agent: &str, ip| {
        story.at(seconds, |body| {
            login(body, Outcome::Success);
            body.actor = person(who);
            body.user_agent = Some(agent.to_owned());
            body.ip = Some(ip);
        });
    };
    enter(0, "mara", firefox, germany);
    enter(HOUR, "mara", &newer, germany);
    // No administrator, and by no administrator's door.
    enter(2 * HOUR, "tomas", firefox, germany);
    enter(3 * HOUR, "tomas", "curl/8.5", elsewhere);
    assert_eq!(story.summaries(), Vec::<String>::new());
    let mut enter = |seconds, agent: &str, ip| {
        story.at(seconds, |body| {
            login(body, Outcome::Success);
            body.user_agent = Some(agent.to_owned());
            body.ip = Some(ip);
        });
    };
    enter(4 * HOUR, "curl/8.5", germany);
    enter(5 * HOUR, firefox, elsewhere);
    enter(6 * HOUR, firefox, elsewhere);
    assert_eq!(
        story.summaries(),
        [
            "Agent mara signed in with curl for the first time",
            "Agent mara signed in from Brazil for the first time",
        ]
    );
    // Of other systems the door tells.
    let mut story = Story::of(BuiltInRule::AdministratorNewPlace);
    for agent in [firefox, "curl/8.5"] {
        story.at(0, |body| {
            login(body, Outcome::Success);
            body.portal = Some(Portal::Admin);
            body.user_agent = Some(agent.to_owned());
        });
    }
    assert_eq!(story.summaries().len(), 1);
}

#[test]
fn nobody_travels_so_fast() {
    let place = |at| Place {
        at: Some(at),
        ..Place::default()
    };
    let [hamburg, berlin, tokyo] = ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map(|ip| ip.parse().unwrap());
    let mut story = Story::of(BuiltInRule::ImpossibleTravel);
    let enter = |story: &mut Story, seconds, ip| {
        story.at(seconds, |body| {
            login(body, Outcome::Success);
            body.ip = Some(ip);
        });
    };
    enter(&mut story, 0, hamburg);
    enter(&mut story, HOUR, tokyo);
    assert_eq!(
        story.summaries(),
        Vec::<String>::new(),
        "nothing is known of places"
    );
    story.around.places = Some(Places::made_up(vec![
        (hamburg, place((53.55, 10.0))),
        (berlin, place((52.52, 13.4))),
        (tokyo, place((35.68, 139.69))),
    ]));
    let found = story.found();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].records, [1, 2]);
    assert!(
        found[0].summary.contains("60 minutes later"),
        "{}",
        found[0].summary
    );
    // By plane, and from town to town in a minute, which is an estimate.
    story.events.clear();
    enter(&mut story, 0, hamburg);
    enter(&mut story, 12 * HOUR, tokyo);
    enter(&mut story, 40 * HOUR, hamburg);
    enter(&mut story, 40 * HOUR + 60, berlin);
    assert_eq!(story.summaries(), Vec::<String>::new());
}

fn gives_role(body: &mut EventBody) {
    body.action = Action::Update;
    body.targets = vec![Target::new("user", "tomas", "Tomás Rey")];
    body.changes = vec![Change::new("role", "Agent", "Administrator")];
}

#[test]
fn roles_are_granted_in_business_hours() {
    let mut story = Story::of(BuiltInRule::RoleOutsideHours);
    story.at(0, gives_role);
    story.at(9 * HOUR + 59 * 60, gives_role);
    assert_eq!(story.summaries(), Vec::<String>::new());
    // Seven in the evening, two at night, and Saturday at nine.
    for seconds in [10 * HOUR, 17 * HOUR, 5 * DAY] {
        story.at(seconds, gives_role);
    }
    // At night, but nothing is granted: by a program, of another kind, and taken away.
    for change in [
        (|body: &mut EventBody| {
            gives_role(body);
            body.actor = Actor::named(ActorKind::ApiKey, "sync");
        }) as fn(&mut EventBody),
        |body| {
            gives_role(body);
            body.changes = vec![Change::new("phone", "1", "2")];
        },
        |body| {
            gives_role(body);
            let (before, after) = (serde_json::json!(["a", "b"]), serde_json::json!(["a"]));
            body.changes = vec![Change::new("permissions", before, after)];
        },
        |body| {
            gives_role(body);
            body.outcome = Outcome::Failure;
        },
    ] {
        story.at(17 * HOUR, change);
    }
    let summaries = story.summaries();
    assert_eq!(summaries.len(), 3);
    assert_eq!(
        summaries[1],
        "Agent mara changed the role or permissions of Tomás Rey on a Tuesday at 02:00, UTC"
    );
    // By the clock of the workspace: nine in the morning of UTC is six in the evening in Tokyo, and seven is evening there.
    story.around.zone = chrono_tz::Asia::Tokyo;
    story.events.truncate(1);
    assert_eq!(story.summaries().len(), 0);
    story.at(HOUR, gives_role);
    assert_eq!(story.summaries().len(), 1);
}

#[test]
fn who_appears_as_another_says_why() {
    let mut story = Story::of(BuiltInRule::ImpersonationWithoutReason);
    for reason in [
        None,
        Some("test"),
        Some("  "),
        Some("Ticket 4711: the list is empty"),
    ] {
        story.at(0, |body| {
            body.action = Action::ImpersonateStart;
            body.targets = vec![Target::new("user", "tomas", "Tomás Rey")];
            body.reason = reason.map(str::to_owned);
        });
    }
    story.at(0, |body| body.action = Action::ImpersonateEnd);
    assert_eq!(
        story.summaries(),
        [
            "Agent mara appears as Tomás Rey and gives no reason",
            "Agent mara appears as Tomás Rey, because “test”",
            "Agent mara appears as Tomás Rey and gives no reason",
        ]
    );
}

#[test]
fn exports_are_large_or_many() {
    let mut story = Story::of(BuiltInRule::MassExport).with(&[("rows", 100), ("count", 3), ("minutes", 60)]);
    let export = |story: &mut Story, seconds, rows: u64| {
        story.at(seconds, |body| {
            body.action = Action::Export;
            body.metadata.insert("rows".to_owned(), rows.into());
        });
    };
    export(&mut story, 0, 99);
    export(&mut story, 10, 1);
    assert_eq!(story.summaries(), Vec::<String>::new());
    export(&mut story, 2 * HOUR, 100);
    assert_eq!(story.summaries(), ["Agent mara took 100 rows out at once"]);
    export(&mut story, 2 * HOUR + 1, 1);
    export(&mut story, 2 * HOUR + 2, 1);
    assert_eq!(story.summaries()[1], "3 exports by Agent mara within 60 minutes");
    // The record of the beginning is no second export.
    story.at(2 * HOUR + 3, |body| {
        body.event_type = "audit_logs.export_started".to_owned();
        body.action = Action::Export;
    });
    assert_eq!(story.summaries().len(), 2);
}

#[test]
fn deletions_are_counted_by_actor() {
    let mut story = Story::of(BuiltInRule::MassDelete).with(&[("count", 4), ("minutes", 1)]);
    for second in 0..3 {
        story.at(second, |body| body.action = Action::Delete);
        story.at(second, |body| {
            body.action = Action::Delete;
            body.actor = person("ida");
        });
    }
    story.at(3, |body| {
        body.action = Action::Delete;
        body.outcome = Outcome::Failure;
    });
    assert_eq!(story.summaries(), Vec::<String>::new());
    story.at(4, |body| body.action = Action::Delete);
    assert_eq!(story.summaries(), ["4 deletions by Agent mara within 1 minutes"]);
}

#[test]
fn a_source_that_goes_quiet_is_missed_once() {
    let mut story = Story::of(BuiltInRule::LoggingStopped);
    for minute in 0..60 {
        story.at(minute * 60, |body| body.source = "billing".to_owned());
    }
    // A source of few records isn't missed.
    story.at(HOUR, |body| body.source = "rare".to_owned());
    // The others go on.
    for hour in 1..40 {
        story.at(hour * HOUR + 600, |_| {});
    }
    let found = story.found();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        found[0].summary,
        "“billing” has sent nothing to the log activity for 24 hours"
    );
    assert_eq!(found[0].records, [60]);
    // It comes back, was quiet for 40 hours, and may be so for 80.
    story.at(41 * HOUR, |body| body.source = "billing".to_owned());
    for hour in 42..110 {
        story.at(hour * HOUR, |_| {});
    }
    assert_eq!(story.summaries().len(), 1);
    for hour in 110..130 {
        story.at(hour * HOUR, |_| {});
    }
    assert_eq!(story.summaries().len(), 2);
}

#[test]
fn while_daybook_was_away_nobody_was_quiet() {
    let mut story = Story::of(BuiltInRule::LoggingStopped);
    for minute in 0..60 {
        story.at(minute * 60, |_| {});
    }
    story.at(3 * DAY, |body| {
        body.source = "daybook".to_owned();
        body.event_type = "recording.started".to_owned();
    });
    story.at(3 * DAY + HOUR, |body| body.source = "other".to_owned());
    assert_eq!(story.summaries(), Vec::<String>::new());
    story.at(4 * DAY + HOUR, |body| body.source = "other".to_owned());
    assert_eq!(story.summaries().len(), 1);
}

#[test]
fn who_sees_to_it_that_less_is_recorded_is_told() {
    let own = |event_type: &'static str, change: Change| {
        move |body: &mut EventBody| {
            body.source = "daybook".to_owned();
            body.event_type = event_type.to_owned();
            body.targets = vec![Target::new("retention", "access", "Access")];
            body.changes = vec![change];
        }
    };
    let mut story = Story::of(BuiltInRule::LoggingStopped);
    story.at(0, own("retention.updated", Change::new("days", 30, 90)));
    story.at(1, own("integration.resumed", Change::new("x", 1, 2)));
    assert_eq!(story.summaries(), Vec::<String>::new());
    story.at(2, own("retention.updated", Change::new("days", 90, 30)));
    story.at(3, own("integration.paused", Change::new("x", 1, 2)));
    story.at(4, |body| {
        body.event_type = "audit_log.disabled".to_owned();
        body.action = Action::Disable;
    });
    assert_eq!(
        story.summaries(),
        [
            "Agent mara has records of “Access” kept for a shorter time",
            "Agent mara paused integration “Access”",
            "Agent mara switched auditing off, or deleted of it: ",
        ]
    );
}

#[test]
fn an_account_wakes_up() {
    let mut story = Story::of(BuiltInRule::DormantAccount).with(&[("days", 60)]);
    story.at(0, |_| {});
    story.at(59 * DAY, |_| {});
    // Somebody who is new isn't dormant, nor is Daybook itself.
    story.at(200 * DAY, |body| body.actor = person("new"));
    story.at(0, |body| {
        body.actor = Actor::named(ActorKind::System, "Retention");
    });
    story.at(200 * DAY, |body| {
        body.actor = Actor::named(ActorKind::System, "Retention");
    });
    // A try that fails is no use, nor does it wake.
    story.at(130 * DAY, |body| body.outcome = Outcome::Failure);
    assert_eq!(story.summaries(), Vec::<String>::new());
    story.at(140 * DAY, |_| {});
    assert_eq!(story.summaries(), ["Agent mara is active again after 81 days"]);
    story.at(140 * DAY + HOUR, |_| {});
    assert_eq!(story.summaries().len(), 1);
}

#[test]
fn a_key_has_its_networks() {
    let mut story = Story::of(BuiltInRule::KeyFromNewNetwork);
    let used = |story: &mut Story, seconds, ip: &str| {
        story.at(seconds, |body| {
            body.actor = Actor::named(ActorKind::ApiKey, "sync").with_id("k1");
            body.ip = Some(ip.parse().unwrap());
        });
    };
    used(&mut story, 0, "192.0.2.1");
    // In the first day it is learned, and a neighbour is in the same network.
    used(&mut story, HOUR, "198.51.100.1");
    used(&mut story, 2 * DAY, "192.0.2.77");
    assert_eq!(story.summaries(), Vec::<String>::new());
    used(&mut story, 3 * DAY, "2001:db8::1");
    used(&mut story, 3 * DAY + 1, "2001:db8:0:9::7");
    assert_eq!(
        story.summaries(),
        ["API key “sync” is used from 2001:db8::1, in a new network, 2001:db8::/48"]
    );
}

#[test]
fn what_alerts_leave_behind_is_looked_at_by_no_rule() {
    let mut story = Story::of(BuiltInRule::MassDelete).with(&[("count", 2)]);
    for event_type in ["alert_rule.deleted", "alert.closed", "alert_rule.deleted"] {
        story.at(0, |body| {
            body.source = "daybook".to_owned();
            body.event_type = event_type.to_owned();
            body.action = Action::Delete;
        });
    }
    assert_eq!(story.summaries(), Vec::<String>::new());
    // Others may call theirs so.
    for _ in 0..2 {
        story.at(0, |body| {
            body.event_type = "alert.deleted".to_owned();
            body.action = Action::Delete;
        });
    }
    assert_eq!(story.summaries().len(), 1);
}
