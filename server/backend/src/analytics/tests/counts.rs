//! The counts are what the records say: they are made again from all of them and compared.

use super::{
    super::calendar::{Calendar, number_of},
    Desk, at, usage,
};
use crate::testing::{
    TestDb, drawn, on_each_database,
    plans::{plan, watched},
};
use daybook_domain::{
    analytics::{Grain, Period, Usage, UsageQuery, UsageType, Whose, company_key, contact_key, start},
    event::{Actor, ActorKind, Event, EventBody, NamedRef, Portal},
    object::{ObjectKind, See},
    permission::ManageSettings,
    ports::{Analytics as _, WorkspaceSettings as _},
    regional::RegionalFormat,
    settings::WorkspaceForm,
    time::Timestamp,
};
use daybook_entity::{usage_days, usage_event_type, usage_person, usage_seen, usage_total};
use daybook_migration::{Migrator, MigratorTrait};
use proptest::prelude::*;
use sea_orm::EntityTrait;
use std::collections::{BTreeMap, BTreeSet};

fn any_event() -> impl Strategy<Value = EventBody> {
    let types = prop::sample::select(vec!["chat-opened", "course.done", "file.read", "x"]);
    let sections = prop::option::of(prop::sample::select(vec!["Course", "Folder", "Account"]));
    let names = |names: &[&'static str]| prop::sample::select(names.to_vec());
    let contact = names(&["", "ann", "ben", "cleo", "Dörte"]);
    let company = prop::option::of(names(&["", "harbor", "quay"]));
    let portals = prop_oneof![
        6 => Just(Some(Portal::Customer)),
        1 => Just(Some(Portal::Agent)),
        1 => Just(None)
    ];
    let kinds = prop_oneof![6 => Just(ActorKind::Contact), 1 => Just(ActorKind::User)];
    let seconds = 0_i64..75 * 86_400;
    (
        types,
        sections,
        contact,
        company,
        portals,
        kinds,
        seconds,
        0..8_u8,
    )
        .prop_map(
            |(event_type, section, contact, company, portal, kind, seconds, luck)| {
                let mut actor = Actor::new(kind);
                match luck {
                    0 => actor.name = Some(contact.to_owned()),
                    1 => actor.email = Some(format!("{contact}@harbor.example")),
                    _ => actor.id = Some(contact.to_owned()),
                }
                let start = at("2026-09-08T00:00:00Z");
                let mut body = EventBody::new(event_type, actor, start.plus_seconds(seconds));
                body.section = section.map(str::to_owned);
                body.company = company.map(|company| NamedRef::new(company, company.to_uppercase()));
                body.portal = portal;
                body.impersonator = (luck == 7).then(|| Actor::named(ActorKind::User, "Mara"));
                body
            },
        )
}

type Time = (String, String, i32);

/// All counts there are.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    persons: BTreeMap<(Time, String, String), i64>,
    event_types: BTreeMap<(Time, String, String, String), i64>,
    seen: BTreeMap<(String, String, String), i32>,
    totals: BTreeMap<Time, (i64, i64, i64)>,
    /// By what is counted, kind, key and day.
    days: BTreeMap<(String, &'static str, String, i32), i64>,
}

impl Counts {
    /// Made of the records, the plain way.
    fn of(events: &[Event], calendar: &Calendar) -> Self {
        let mut counts = Self::default();
        let mut there: BTreeMap<Time, (i64, BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
        for body in events.iter().map(|event| &event.body) {
            for of in UsageType::ALL.iter().filter(|of| of.counts(body)) {
                let day = calendar.day(body.occurred_at);
                let company = company_key(body).unwrap_or_default();
                let contact = contact_key(body).unwrap_or_default();
                for (kind, key) in [("company", &company), ("contact", &contact)] {
                    let key = (of.name().to_owned(), kind, key.clone(), number_of(day));
                    if !key.2.is_empty() {
                        *counts.days.entry(key).or_default() += 1;
                    }
                }
                for grain in Grain::ALL {
                    let start = number_of(start(*grain, day));
                    let time = (of.name().to_owned(), grain.name().to_owned(), start);
                    let key = (time.clone(), company.clone(), contact.clone());
                    *counts.persons.entry(key).or_default() += 1;
                    let both = [
                        (String::new(), String::new()),
                        (company.clone(), String::new()),
                        (String::new(), contact.clone()),
                    ];
                    for (company, contact) in BTreeSet::from(both) {
                        if *grain != Grain::Day && !(company.is_empty() && contact.is_empty()) {
                            continue;
                        }
                        let key = (time.clone(), company, contact, body.event_type.clone());
                        *counts.event_types.entry(key).or_default() += 1;
                    }
                    let (sum, users, companies) = there.entry(time).or_default();
                    *sum += 1;
                    users.extend(Some(contact.clone()).filter(|key| !key.is_empty()));
                    companies.extend(Some(company.clone()).filter(|key| !key.is_empty()));
                }
                if !contact.is_empty() {
                    for company in [String::new(), company] {
                        let key = (of.name().to_owned(), company, contact.clone());
                        let first = counts.seen.entry(key).or_insert(i32::MAX);
                        *first = number_of(day).min(*first);
                    }
                }
            }
        }
        let size = |set: BTreeSet<String>| i64::try_from(set.len()).unwrap();
        counts.totals = there
            .into_iter()
            .map(|(time, (sum, users, companies))| (time, (sum, size(users), size(companies))))
            .collect();
        counts
    }

    async fn stored(desk: &Desk) -> Self {
        let db = &desk.house.at.db.read;
        let mut counts = Self::default();
        for row in usage_person::Entity::find().all(db).await.unwrap() {
            let time = (row.usage_type, row.grain, row.start_day);
            counts
                .persons
                .insert((time, row.company, row.contact), row.activities);
        }
        for row in usage_event_type::Entity::find().all(db).await.unwrap() {
            let time = (row.usage_type, row.grain, row.start_day);
            let key = (time, row.company, row.contact, row.event_type);
            counts.event_types.insert(key, row.activities);
        }
        for row in usage_seen::Entity::find().all(db).await.unwrap() {
            let key = (row.usage_type, row.company, row.contact);
            counts.seen.insert(key, row.first_day);
        }
        for row in usage_total::Entity::find().all(db).await.unwrap() {
            let time = (row.usage_type, row.grain, row.start_day);
            let figures = (row.activities, row.users, row.companies);
            counts.totals.insert(time, figures);
        }
        for row in usage_days::Entity::find().all(db).await.unwrap() {
            let kind = if row.kind == "company" {
                "company"
            } else {
                "contact"
            };
            let (line, key) = row.line.split_once('"').unwrap();
            assert_eq!(
                serde_json::Value::from(row.key.as_str()).to_string(),
                format!("\"{key}")
            );
            let mut told = line.split(' ');
            assert_eq!(told.next().unwrap().parse(), Ok(row.stretch));
            let mut day = row.stretch << 10;
            for told in told {
                let (step, count) = told.split_once(':').unwrap();
                day += step.parse::<i32>().unwrap();
                assert_eq!(day >> 10, row.stretch);
                let key = (row.usage_type.clone(), kind, row.key.clone(), day);
                let twice = counts.days.insert(key, count.parse().unwrap());
                assert_eq!(twice, None);
            }
        }
        counts
    }
}

impl Desk {
    async fn zone(&self, zone: &str) {
        let settings = crate::settings::GeneralSettings::new(
            self.house.at.db.clone(),
            self.events(),
            self.house.accounts.clone(),
        );
        let who = self.house.ada.grant(ManageSettings).unwrap();
        let seen = settings.settings(&who).await.unwrap().seen.tag();
        let form = WorkspaceForm {
            name: "Northdesk".to_owned(),
            zone: zone.to_owned(),
            format: RegionalFormat::default(),
        };
        settings.set_workspace(&who, &seen, form).await.unwrap();
    }

    fn events(&self) -> crate::store::EventStore {
        let (db, clock) = (self.house.at.db.clone(), self.house.at.clock.clone());
        crate::store::EventStore::new(db.clone(), crate::index::EventIndex::new(db), clock)
    }

    async fn usage(&self, query: &UsageQuery) -> Usage {
        self.analytics.usage(&self.who(), query).await.unwrap()
    }
}

#[tokio::test]
async fn counts_are_what_the_records_say() {
    on_each_database(async |test| {
        let desk = Desk::new(test).await;
        desk.zone("America/New_York").await;
        let all = drawn(&prop::collection::vec(any_event(), 600));
        for (turn, some) in all.chunks(150).enumerate() {
            desk.counted(some.to_vec()).await;
            if turn == 1 {
                // Its days hold from the next midnight on.
                desk.zone("Asia/Kathmandu").await;
                desk.analytics.settle().await.unwrap();
                desk.house.at.clock.advance_seconds(86_400);
            }
        }
        let calendar = Calendar::load(&desk.house.at.db.read, desk.house.workspace.id)
            .await
            .unwrap();
        let events = desk.house.events().await;
        let expected = Counts::of(&events, &calendar);
        assert!(expected.persons.len() > 100 && expected.totals.len() > 100);
        assert_eq!(Counts::stored(&desk).await, expected);

        // And pages show the same, of whatever period.
        for (of, from, to, by) in [
            (UsageType::General, "2026-10-05", "2026-11-20", "day"),
            (UsageType::General, "2026-09-15", "2026-11-10", "week"),
            (UsageType::Files, "2026-09-15", "2026-11-10", "month"),
        ] {
            let asked = UsageQuery::parse(of, &format!("from={from}&to={to}&by={by}")).unwrap();
            for whose in [Whose::All, Whose::Company(vec!["harbor".into(), "quay".into()])] {
                let asked = UsageQuery {
                    whose,
                    ..asked.clone()
                };
                shows(&desk.usage(&asked).await, &events, &calendar);
            }
        }
        // What was counted before there were days by company and contact has them, too.
        let steps = Migrator::migrations();
        let at = steps.iter().position(|step| step.name() == "m0033_usage_days");
        let since = u32::try_from(steps.len() - at.unwrap()).unwrap();
        let write = desk.house.at.db.write.clone();
        Migrator::down(&write, Some(since)).await.unwrap();
        Migrator::up(&write, None).await.unwrap();
        assert_eq!(Counts::stored(&desk).await, expected);
        // Removed records stay counted.
        desk.purge().await;
        desk.analytics.settle().await.unwrap();
        assert_eq!(Counts::stored(&desk).await, expected);
    })
    .await;
}

/// Holds a page against the records.
fn shows(usage: &Usage, events: &[Event], calendar: &Calendar) {
    let keys = usage.query.whose.keys();
    let counted = |period: Period| {
        let span = calendar.span(period);
        let list = usage.query.records(span);
        let asked = list.expr().unwrap().unwrap();
        // By the query that its numbers lead to.
        let within = move |at: Timestamp| span.from <= at && at < span.to;
        let found = events
            .iter()
            .filter(move |event| within(event.body.occurred_at) && asked.matches(event));
        found.collect::<Vec<_>>()
    };
    let different = |events: &[&Event], key: fn(&EventBody) -> Option<String>| {
        let keys: BTreeSet<_> = events.iter().filter_map(|event| key(&event.body)).collect();
        u64::try_from(keys.len()).unwrap()
    };
    for (period, figures) in usage.bars.iter().map(|bar| (bar.period, bar.figures)).chain([
        (usage.period, usage.figures),
        (usage.period.previous(usage.by), usage.before),
    ]) {
        let found = counted(period);
        let said = (figures.activities, figures.users, figures.companies);
        let expected = (
            found.len() as u64,
            different(&found, contact_key),
            different(&found, company_key),
        );
        assert_eq!(said, expected, "{period:?} of {keys:?}");
        assert!(figures.new_users <= figures.users);
    }
    let found = counted(usage.period);
    let sums: Vec<_> = usage.contacts.iter().map(|contact| contact.activities).collect();
    assert!(sums.is_sorted_by(|a, b| a >= b), "{sums:?}");
    for contact in &usage.contacts {
        let theirs = found
            .iter()
            .filter(|event| contact_key(&event.body).as_deref() == Some(&contact.key));
        assert_eq!(contact.activities, theirs.count() as u64, "{contact:?}");
    }
    for event_type in &usage.event_types {
        let theirs = found
            .iter()
            .filter(|event| event.body.event_type == event_type.key);
        assert_eq!(event_type.activities, theirs.count() as u64, "{event_type:?}");
    }
    assert!(!usage.event_types.is_empty());
}

/// `PostgreSQL` goes by statistics, which a small table can't have: how it does is measured.
#[tokio::test]
async fn a_page_of_one_reads_nothing_of_others() {
    let (test, sent) = watched(TestDb::sqlite().await);
    let desk = Desk::new(test).await;
    let of = |number: usize| {
        usage(
            "x",
            &format!("c{}", number % 7),
            &format!("p{number}"),
            "2026-11-20T10:00:00Z",
        )
    };
    desk.counted((0..40).map(of)).await;
    sent.lock().unwrap().clear();
    for query in [
        "company=c1",
        "company=c1&company=c2&by=week&from=-365d",
        "contact=p1&by=month&from=-700d",
        "contact=p1&contact=p2&contact=p3",
    ] {
        let asked = UsageQuery::parse(UsageType::General, query).unwrap();
        assert!(desk.usage(&asked).await.figures.activities > 0, "{query}");
    }
    let statements: Vec<_> = sent.lock().unwrap().values().cloned().collect();
    let mut seen = 0;
    for statement in statements
        .iter()
        .filter(|statement| statement.sql.starts_with("SELECT"))
    {
        for step in plan(&desk.house.at, statement).await {
            let table = ["usage_person ", "usage_event_type ", "usage_seen "];
            if table.iter().any(|table| step.contains(table)) {
                seen += 1;
                let is_theirs = step.contains("company=?") || step.contains("contact=?");
                assert!(is_theirs, "{step} of {}", statement.sql);
            }
        }
    }
    assert!(seen > 10, "{statements:?}");
}

/// Days stand in rows of 1,024, of which one begins on 27 January 2026.
#[tokio::test]
async fn who_is_in_two_rows_is_one() {
    on_each_database(async |test| {
        let desk = Desk::new(test).await;
        let odd = "ann \"A\"\n";
        desk.counted([
            usage("x", "harbor", odd, "2026-01-05T10:00:00Z"),
            usage("x", "harbor", odd, "2026-01-26T10:00:00Z"),
            usage("x", "quay", odd, "2026-01-27T10:00:00Z"),
            usage("x", "quay", "ben", "2026-01-27T10:00:00Z"),
        ])
        .await;
        let asked = UsageQuery::parse(UsageType::General, "from=2026-01-20&to=2026-02-02").unwrap();
        let page = desk.usage(&asked).await;
        let said = |figures: daybook_domain::analytics::Figures| (figures.users, figures.companies);
        assert_eq!((said(page.figures), said(page.before)), ((2, 2), (0, 0)));
        let contacts = page
            .contacts
            .iter()
            .map(|contact| (contact.key.as_str(), contact.activities));
        assert_eq!(contacts.collect::<Vec<_>>(), [(odd, 2), ("ben", 1)]);
        let asked = UsageQuery::parse(UsageType::General, "from=2026-01-24&to=2026-02-12").unwrap();
        assert_eq!(said(desk.usage(&asked).await.before), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn two_processes_count_each_record_once() {
    on_each_database(async |test| {
        let desk = Desk::new(test).await;
        let other = super::of(&desk.house);
        for turn in 0..20 {
            let who = format!("c{turn}");
            desk.append([usage("x", "harbor", &who, "2026-11-20T10:00:00Z")])
                .await;
            let both = futures::join!(desk.analytics.settle(), other.settle());
            assert!(both.0.is_ok() && both.1.is_ok());
        }
        desk.analytics.settle().await.unwrap();
        let usage = desk.usage(&UsageQuery::new(UsageType::General)).await;
        assert_eq!((usage.figures.activities, usage.figures.users), (20, 20));
        assert_eq!(usage.counted_to, None);
    })
    .await;
}

#[tokio::test]
async fn a_page_says_what_is_new_and_how_far_it_is() {
    on_each_database(async |test| {
        let desk = Desk::new(test).await;
        let ann = |when| usage("file.read", "harbor", "ann", when);
        desk.counted([
            ann("2026-10-10T10:00:00Z"),
            ann("2026-11-10T10:00:00Z"),
            usage("course.done", "harbor", "ben", "2026-11-12T10:00:00Z"),
        ])
        .await;
        let asked = UsageQuery::new(UsageType::General);
        let page = desk.usage(&asked).await;
        assert_eq!(
            (
                page.figures.users,
                page.figures.new_users,
                page.figures.returning()
            ),
            (2, 1, 1)
        );
        assert_eq!((page.before.activities, page.before.new_users), (1, 1));
        assert_eq!((page.contacts[0].name.as_str(), page.companies.len()), ("ANN", 1));
        desk.append([ann("2026-11-20T10:00:00Z")]).await;
        let page = desk.usage(&asked).await;
        assert_eq!(
            page.counted_to.unwrap().utc,
            desk.house.last_event().await.recorded_at
        );
        assert_eq!(page.figures.activities, 2);
        desk.analytics.settle().await.unwrap();
        assert_eq!(desk.usage(&asked).await.figures.activities, 3);

        let week = desk
            .analytics
            .past_week(&desk.who(), UsageType::General)
            .await
            .unwrap();
        assert_eq!((week.activities, week.users, week.days.len()), (1, 1, 7));
        assert_eq!(
            (week.from.to_string().as_str(), week.to.to_string().as_str()),
            ("2026-11-15", "2026-11-21")
        );

        // Courses are there where the module is on.
        let courses = UsageQuery::new(UsageType::Courses);
        let refused = desk.analytics.usage(&desk.who(), &courses).await;
        assert_eq!(refused, Err(daybook_domain::Error::NotFound));
        let csv = desk.analytics.export(&desk.who(), &asked).await.unwrap();
        let csv = String::from_utf8(csv.to_vec()).unwrap();
        assert!(
            csv.contains("\r\nperiod,2026-10-26,2026-11-22,,,3,2,1,1,1\r\n"),
            "{csv}"
        );
        assert!(csv.contains("\r\ncontact,2026-10-26,2026-11-22,ann,ANN,2,,,,\r\n"));
        let told = desk.house.last_event().await.body;
        assert_eq!(told.event_type, "data.exported");
        assert_eq!(told.metadata["usage_type"], "general");
    })
    .await;
}

#[tokio::test]
async fn a_contact_s_own_page_has_what_records_name_them_by() {
    on_each_database(async |test| {
        let desk = Desk::new(test).await;
        let (db, clock) = (desk.house.at.db.clone(), desk.house.at.clock.clone());
        let logs = crate::reading::ReadLogs::new(desk.events(), desk.house.at.writer.clone(), clock.clone());
        let objects = crate::objects::Objects::new(db, desk.house.accounts.clone(), logs, clock);
        let change = desk
            .house
            .ada
            .grant_kind(ObjectKind::Company, daybook_domain::object::Change)
            .unwrap();
        let typed = [("name", "Harbor IT"), ("external_id", "h-1")]
            .map(|(name, value)| (name.to_owned(), vec![value.to_owned()]));
        let harbor = daybook_domain::ports::Objects::create_object(&objects, &change, &typed.into())
            .await
            .unwrap()
            .id;
        let own = harbor.to_string();
        desk.counted([
            usage("x", "h-1", "ann", "2026-11-20T10:00:00Z"),
            usage("x", &own, "ben", "2026-11-20T10:00:00Z"),
            usage("x", "quay", "cleo", "2026-11-20T10:00:00Z"),
        ])
        .await;
        let see = desk.house.ada.grant_kind(ObjectKind::Company, See).unwrap();
        let asked = UsageQuery::new(UsageType::General);
        let page = desk
            .analytics
            .usage_of(&desk.who(), &see, harbor, &asked)
            .await
            .unwrap();
        assert_eq!((page.figures.activities, page.figures.users), (2, 2));
        assert_eq!(page.companies[0].name, "Harbor IT");
        assert_eq!(page.companies[0].thing, Some(harbor));
        let nobody = daybook_domain::id::ObjectId(uuid::Uuid::nil());
        let missing = desk.analytics.usage_of(&desk.who(), &see, nobody, &asked).await;
        assert_eq!(missing, Err(daybook_domain::Error::NotFound));
    })
    .await;
}
