//! What somebody did in a period, on each database: counts, days of the reader's zone, places, impersonation; what the
//! log knows of a user; and the words of each helpdesk.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has to fail")]

use daybook_backend::{
    index::EventIndex,
    store::{EventStore, NewEvent},
    system::SystemIds,
    testing::{TestDb, on_each_database},
};
use daybook_domain::{
    Error,
    about::About,
    activity::{ActivityQuery, ActivitySummary, MOST},
    event::EventBody,
    id::{EventId, IdMaker, UserId},
    log::{FilterField, LogScope},
    permission::{Permission, ViewAuditLogs},
    ports::AuditLogs,
    query::LogQuery,
    viewer::{Granted, Principal, RequestContext, Viewer},
};
use serde_json::{Value, json};

const TOM: &str = "01a00000-0000-7000-8000-00000000000a";

fn done(at: &str, actor: &str, section: &str, ip: &str) -> Value {
    json!({
        "source": "daybook", "occurred_at": at, "log": "activity", "event_type": "role.updated", "action": "update",
        "outcome": "success", "section": section, "category": "Users & permissions",
        "actor": {"kind": "user", "id": actor, "name": if actor == "u1" { "Mara Okafor" } else { "Tom" }}, "ip": ip,
    })
}

fn login(at: &str, outcome: &str) -> Value {
    let mut event = done(at, "u1", "Admin Center", "198.51.100.7");
    event["action"] = "login".into();
    event["outcome"] = outcome.into();
    event
}

struct Log {
    /// Its folder goes when this does.
    _test: TestDb,
    store: EventStore,
    who: Granted<ViewAuditLogs>,
}

impl Log {
    async fn with(test: TestDb, events: Vec<Value>) -> Self {
        let workspace = test.workspace().await;
        let index = EventIndex::new(test.db.clone());
        let store = EventStore::new(test.db.clone(), index, test.clock.clone());
        let events = events.into_iter().enumerate().map(|(at, event)| {
            let body: EventBody = serde_json::from_value(event).unwrap();
            let hash = u128::try_from(at).unwrap().to_be_bytes();
            NewEvent::new(EventId(SystemIds.next()), body, at, hash).unwrap()
        });
        let appended = test.writer.append(workspace, events.collect(), false).await;
        assert_eq!(appended.unwrap().rejected.len(), 0);
        let viewer = Viewer::new(
            workspace,
            Principal::System { name: "test".into() },
            [Permission::AuditLogsView].into(),
            "Europe/Berlin".into(),
            "Auditor".into(),
            RequestContext::default(),
        );
        Self {
            _test: test,
            store,
            who: viewer.grant(ViewAuditLogs).unwrap(),
        }
    }

    async fn activity(&self, actor: &str, address: &str) -> ActivitySummary {
        let query = ActivityQuery::of(actor.into(), &LogQuery::parse(address).unwrap());
        self.store.activity(&self.who, &query).await.unwrap()
    }

    async fn count(&self, address: &str) -> u64 {
        let query = LogQuery::parse(address).unwrap();
        let overview = self.store.overview(&self.who, LogScope::All, &query).await;
        overview.unwrap().total.number()
    }
}

fn values(summary: &ActivitySummary, field: FilterField) -> Vec<(&str, u64)> {
    let values = summary.facet(field).unwrap().values.iter();
    values.map(|value| (value.value.as_str(), value.count)).collect()
}

#[tokio::test]
async fn a_summary_counts_what_somebody_did_in_the_period() {
    on_each_database(|test| async move {
        // The clock stands at 2026-11-22T14:00:00Z.
        let mut as_tom = done("2026-11-21T12:00:00Z", "u2", "Role", "203.0.113.9");
        as_tom["impersonator"] = json!({"kind": "user", "id": "u1", "name": "Mara Okafor"});
        let mut as_mara = done("2026-11-21T13:00:00Z", "u1", "Role", "203.0.113.9");
        as_mara["impersonator"] = json!({"kind": "user", "id": "u3", "name": "Ada"});
        let events = vec![
            // 00:30 on the 20th in Berlin.
            done("2026-11-19T23:30:00Z", "u1", "Role", "198.51.100.7"),
            done("2026-11-20T10:00:00Z", "u1", "User", "2001:db8::7"),
            done("2026-11-20T11:00:00Z", "u1", "User", "198.51.100.7"),
            done("2026-11-20T11:00:00Z", "u2", "User", "192.0.2.1"),
            // Before the period.
            done("2026-09-01T11:00:00Z", "u1", "Brand", "192.0.2.99"),
            login("2026-11-20T09:00:00Z", "success"),
            login("2026-11-20T08:59:00Z", "failure"),
            login("2026-11-20T08:58:00Z", "failure"),
            as_tom,
            as_mara,
        ];
        let log = Log::with(test, events).await;
        let summary = log.activity("u1", "from=-7d").await;
        assert_eq!(summary.records, 7);
        assert_eq!(summary.zone, "Europe/Berlin");
        let days = summary.days.as_ref().unwrap();
        assert_eq!(days.unit, "day");
        // The whole period, from the day it began in to the one it ended in.
        let counts: Vec<_> = days.bars.iter().map(|bar| bar.count).collect();
        assert_eq!(counts, [0, 0, 0, 0, 0, 6, 1, 0]);
        assert_eq!(
            values(&summary, FilterField::Section),
            [("Admin Center", 3), ("Role", 2), ("User", 2)]
        );
        assert_eq!(
            values(&summary, FilterField::Action),
            [("update", 4), ("login", 3)]
        );
        let sign_ins = &summary.sign_ins;
        assert_eq!((sign_ins.succeeded, sign_ins.failed), (1, 2));
        assert_eq!(sign_ins.last.as_ref().unwrap().time, "10:00:00");
        let places: Vec<_> = summary
            .places
            .iter()
            .map(|place| {
                let (first, last) = (place.first.utc.to_string(), place.last.utc.to_string());
                (
                    place.ip.as_str(),
                    place.records,
                    first[..16].to_owned(),
                    last[..16].to_owned(),
                )
            })
            .collect();
        let place = |ip, records, first: &str, last: &str| (ip, records, first.to_owned(), last.to_owned());
        assert_eq!(
            places,
            [
                place("203.0.113.9", 1, "2026-11-21T13:00", "2026-11-21T13:00"),
                place("198.51.100.7", 5, "2026-11-19T23:30", "2026-11-20T11:00"),
                place("2001:db8::7", 1, "2026-11-20T10:00", "2026-11-20T10:00"),
            ]
        );
        assert!(!summary.more_places);
        let by = &summary.impersonated_by;
        assert_eq!((by.len(), by[0].label.as_str(), by[0].records), (1, "Ada", 1));
        let others = &summary.impersonated;
        assert_eq!(
            (others.len(), others[0].label.as_str(), others[0].records),
            (1, "Tom", 1)
        );

        let nobody = log.activity("nobody", "").await;
        assert_eq!((nobody.records, nobody.days), (0, None));
        let year = log.activity("u1", "from=2026-01-01&to=2026-11-22").await;
        assert_eq!(year.records, 8);
        assert_eq!(year.days.unwrap().unit, "week");
        let wrong = ActivityQuery {
            actor: "u1".into(),
            from: LogQuery::parse("from=2026-11-22").unwrap().from,
            to: LogQuery::parse("to=2026-11-20").unwrap().to,
            tz: None,
        };
        let wrong = log.store.activity(&log.who, &wrong).await;
        assert!(matches!(wrong, Err(Error::Invalid { field, .. }) if field == "to"));
    })
    .await;
}

#[tokio::test]
async fn places_are_found_among_many_records_and_are_bounded() {
    on_each_database(|test| async move {
        let at = |number: u32| format!("2026-11-20T{:02}:{:02}:00Z", number / 60 % 24, number % 60);
        // The one that was somewhere else long ago is the last to be found.
        let mut events = vec![done("2026-11-19T00:00:00Z", "u1", "Role", "203.0.113.9")];
        events.extend((0..400).map(|number| done(&at(number), "u1", "Role", "198.51.100.7")));
        let many = (0..30).map(|number| done(&at(number), "u2", "Role", &format!("192.0.2.{number}")));
        events.extend(many);
        let log = Log::with(test, events).await;
        let summary = log.activity("u1", "").await;
        let places: Vec<_> = summary
            .places
            .iter()
            .map(|place| (place.ip.as_str(), place.records))
            .collect();
        assert_eq!(places, [("198.51.100.7", 400), ("203.0.113.9", 1)]);
        let many = log.activity("u2", "").await;
        assert_eq!((many.places.len(), many.more_places), (MOST, true));
        assert_eq!(many.places[0].ip, "192.0.2.29");
    })
    .await;
}

#[tokio::test]
async fn the_log_knows_who_a_user_was() {
    on_each_database(|test| async move {
        let about = |at: &str, verb: &str, source: &str| {
            let mut event = done(at, "u1", "User", "198.51.100.7");
            event["source"] = source.into();
            event["event_type"] = format!("user.{verb}").into();
            event["targets"] = json!([{"kind": "user", "id": TOM, "name": "Tom Weiss"}]);
            event["changes"] = json!([
                {"property": "email", "before": "tom@northdesk.example"},
                {"property": "password", "secret": true},
            ]);
            event
        };
        let (tom, id) = (TOM.parse::<UserId>().unwrap(), UserId(SystemIds.next()));
        let early = about("2026-11-20T10:00:00Z", "invited", "daybook");
        // Somebody else's word for it is not ours.
        let said = about("2026-11-20T11:00:00Z", "deleted", "helpdesk");
        let events = vec![early, said];
        let log = Log::with(test, events).await;
        let trace = log.store.trace(&log.who, &About::new("user", tom)).await.unwrap();
        assert_eq!((trace.name.as_str(), trace.deleted), ("Tom Weiss", None));
        let unknown = log.store.trace(&log.who, &About::new("user", id)).await;
        assert_eq!(unknown.unwrap_err(), Error::NotFound);
    })
    .await;
    on_each_database(|test| async move {
        let mut gone = done("2026-11-20T10:00:00Z", "u1", "User", "198.51.100.7");
        gone["event_type"] = "user.deleted".into();
        gone["targets"] = json!([{"kind": "user", "id": TOM, "name": "Tom Weiss"}]);
        gone["changes"] = json!([
            {"property": "email", "before": "tom@northdesk.example"},
            {"property": "password", "secret": true},
        ]);
        let log = Log::with(test, vec![gone]).await;
        let trace = log.store.trace(&log.who, &About::new("user", TOM)).await.unwrap();
        let deleted = trace.deleted.unwrap();
        assert_eq!(
            (trace.name.as_str(), deleted.by.as_str()),
            ("Tom Weiss", "Mara Okafor")
        );
        assert_eq!(
            deleted.state,
            [("email".to_owned(), "tom@northdesk.example".to_owned())]
        );
    })
    .await;
}

#[tokio::test]
async fn the_words_of_each_helpdesk_find_the_records_of_agents() {
    on_each_database(|test| async move {
        let at = "2026-11-20T10:00:00Z";
        let mut categorised = done(at, "u1", "User", "198.51.100.7");
        categorised["category"] = "Service agents".into();
        let events = vec![
            done(at, "u1", "Service agent", "198.51.100.7"),
            done(at, "u1", "Member", "198.51.100.7"),
            categorised,
        ];
        let log = Log::with(test, events).await;
        for (address, count) in [
            ("q=section:Member", 2),
            ("section=Member", 2),
            ("section=Resource", 1),
            ("q=section:resource", 1),
            ("q=section:\"Service agent\"", 1),
            ("section=Service+agent", 1),
            ("q=category:Members", 1),
            ("category=Resources", 1),
            ("q=-section:Member", 1),
        ] {
            assert_eq!(log.count(address).await, count, "{address}");
        }
    })
    .await;
}
