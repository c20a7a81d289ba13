//! An agent's day on each database: bounds in the reader's zone, what was before it, and whose it is.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has to fail")]

use daybook_backend::{
    index::EventIndex,
    store::{EventStore, NewEvent},
    system::SystemIds,
    testing::{TestDb, on_each_database},
};
use daybook_domain::{
    Error,
    event::EventBody,
    facet::Facet,
    id::{EventId, IdMaker, WorkspaceId},
    log::{FilterField, LogKind, LogScope},
    permission::{Permission, ViewAuditLogs},
    ports::AuditLogs,
    query::LogQuery,
    viewer::{Granted, Principal, RequestContext, Viewer},
    work_session::day::{AgentDay, DayQuery, State},
};
use serde_json::{Value, json};

fn auditor(workspace: WorkspaceId) -> Granted<ViewAuditLogs> {
    Viewer::new(
        workspace,
        Principal::System { name: "test".into() },
        [Permission::AuditLogsView].into(),
        "Europe/Berlin".into(),
        "Auditor".into(),
        RequestContext::default(),
    )
    .grant(ViewAuditLogs)
    .unwrap()
}

fn mara() -> Value {
    json!({"kind": "user", "id": "u1", "name": "Mara Okafor"})
}

fn monitor() -> Value {
    json!({"kind": "system", "automation": "queue_router", "name": "Session monitor"})
}

/// A change of the routing status of an agent.
fn routed(at: &str, actor: Value, agent: &str, before: Value, after: Value) -> Value {
    json!({
        "source": "helpdesk",
        "occurred_at": at,
        "log": "work_session",
        "event_type": "routing-status-changed",
        "action": "update",
        "outcome": "success",
        "actor": actor,
        "targets": [{"kind": "service_agent", "id": agent, "name": if agent == "u1" { "Mara Okafor" } else { "Maram Said" }}],
        "changes": [{"property": "Routing status", "before": before, "after": after}],
    })
}

fn crossed(at: &str, before: u64, after: u64) -> Value {
    json!({
        "source": "helpdesk",
        "occurred_at": at,
        "log": "work_session",
        "event_type": "capacity-crossed",
        "action": "update",
        "outcome": "success",
        "actor": monitor(),
        "targets": [{"kind": "service_agent", "id": "u1", "name": "Mara Okafor"}],
        "conversation": {"id": "7", "name": "#7 Printer"},
        "changes": [{"property": "Conversations held", "before": before, "after": after}],
        "metadata": {"capacity": 5},
    })
}

fn assigned(at: &str, number: &str, agent: &str) -> Value {
    json!({
        "source": "helpdesk",
        "occurred_at": at,
        "log": "conversation",
        "event_type": "chat-assigned-to-user",
        "action": "assign",
        "outcome": "success",
        "actor": monitor(),
        "targets": [{"kind": "conversation", "id": number}, {"kind": "service_agent", "id": agent}],
        "conversation": {"id": number, "name": format!("#{number}")},
    })
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
        Self {
            _test: test,
            store,
            who: auditor(workspace),
        }
    }

    async fn try_day(&self, agent: &str, date: &str, tz: Option<&str>) -> Result<AgentDay, Error> {
        let query = DayQuery {
            agent: agent.into(),
            date: Some(date.to_owned()).filter(|date| !date.is_empty()),
            tz: tz.map(str::to_owned),
        };
        self.store.agent_day(&self.who, &query).await
    }

    async fn day(&self, date: &str) -> AgentDay {
        self.try_day("u1", date, None).await.unwrap()
    }
}

/// The states with the times of the reader's clock at which they begin.
fn shown(day: &AgentDay) -> Vec<(&str, State)> {
    day.parts
        .iter()
        .map(|part| (part.from.time.as_str(), part.span.state))
        .collect()
}

fn hours(micros: i64) -> i64 {
    micros / 3_600_000_000
}

#[tokio::test]
async fn a_day_is_that_of_the_readers_zone_and_knows_what_was_before() {
    on_each_database(|test| async move {
        // The clock stands at 2026-11-22T14:00:00Z, which is 15:00 in Berlin.
        let log = Log::with(
            test,
            vec![
                // 22:30 on the 20th in Berlin.
                routed(
                    "2026-11-20T21:30:00Z",
                    mara(),
                    "u1",
                    json!(null),
                    json!("Available"),
                ),
                routed(
                    "2026-11-21T00:00:00Z",
                    monitor(),
                    "u1",
                    json!("Available"),
                    json!("Unavailable"),
                ),
                routed(
                    "2026-11-21T00:05:00Z",
                    mara(),
                    "u1",
                    json!("Unavailable"),
                    json!("Available"),
                ),
                crossed("2026-11-21T01:00:00Z", 5, 6),
                crossed("2026-11-21T01:30:00Z", 6, 5),
                routed(
                    "2026-11-21T03:00:00Z",
                    mara(),
                    "u1",
                    json!("Available"),
                    json!(null),
                ),
                assigned("2026-11-20T22:30:00Z", "1", "u1"),
                assigned("2026-11-20T23:30:00Z", "2", "u1"),
                assigned("2026-11-21T00:30:00Z", "2", "u1"),
                assigned("2026-11-21T00:40:00Z", "3", "u2"),
                // Another agent, with a name that begins like the first one's.
                routed(
                    "2026-11-21T02:00:00Z",
                    mara(),
                    "u2",
                    json!(null),
                    json!("Available"),
                ),
            ],
        )
        .await;
        let day = log.day("2026-11-21").await;
        assert_eq!(day.agent.label, "Mara Okafor");
        assert_eq!(day.title, "Saturday, 21 November 2026");
        assert_eq!(
            shown(&day),
            [
                ("00:00:00", State::Available),
                ("01:00:00", State::Lost),
                ("01:05:00", State::Available),
                ("04:00:00", State::SignedOut),
            ]
        );
        assert_eq!(day.since.as_ref().unwrap().time, "22:30:00");
        assert_eq!((hours(day.totals.signed_in), day.totals.losses), (4, 1));
        assert_eq!(day.totals.over_capacity, 1_800_000_000);
        let numbers: Vec<_> = day.assigned.iter().map(|one| one.conversation.label()).collect();
        assert_eq!(
            (numbers.as_slice(), day.totals.conversations),
            (["#2", "#2"].as_slice(), 1)
        );
        assert_eq!(
            day.over[0].span.conversation.as_ref().unwrap().label(),
            "#7 Printer"
        );
        assert_eq!(day.hours.len(), 24);
        assert_eq!(
            day.next.map(|next| next.to_string()).as_deref(),
            Some("2026-11-22")
        );

        // The same in another zone.
        let utc = log.try_day("u1", "2026-11-20", Some("UTC")).await.unwrap();
        assert_eq!(
            shown(&utc),
            [("00:00:00", State::SignedOut), ("21:30:00", State::Available)]
        );

        // Today is as long as it has been, and is what is shown where no day is named.
        let today = log.day("").await;
        assert_eq!(today.date.to_string(), "2026-11-22");
        assert_eq!(hours(today.until.micros() - today.from.micros()), 15);
        assert_eq!(shown(&today), [("00:00:00", State::SignedOut)]);
        assert_eq!((today.next, today.more), (None, false));
        // Nothing is known of tomorrow, and the agent still has a name.
        let tomorrow = log.day("2026-11-23").await;
        assert_eq!(
            (shown(&tomorrow).len(), tomorrow.agent.label.as_str()),
            (0, "Mara Okafor")
        );
        let long_ago = log.day("2020-01-01").await;
        assert_eq!(shown(&long_ago), [("00:00:00", State::SignedOut)]);

        assert_eq!(
            log.try_day("Mara", "2026-11-21", None).await,
            Err(Error::NotFound)
        );
        assert_eq!(log.try_day("", "2026-11-21", None).await, Err(Error::NotFound));
        for date in [
            "21.11.2026",
            "2026-11-31",
            "0000-01-01",
            "+2026-1-1",
            "12026-01-01",
        ] {
            let refused = log.try_day("u1", date, None).await;
            assert!(
                matches!(&refused, Err(Error::Invalid { field, .. }) if field == "date"),
                "{date}: {refused:?}"
            );
        }
        let refused = log.try_day("u1", "2026-11-21", Some("Mars/Olympus")).await;
        assert!(matches!(refused, Err(Error::Invalid { field, .. }) if field == "tz"));
        for date in ["0001-01-01", "9999-12-31"] {
            log.day(date).await;
        }
    })
    .await;
}

#[tokio::test]
async fn days_on_which_clocks_are_set_have_23_and_25_hours() {
    on_each_database(|test| async move {
        let log = Log::with(
            test,
            vec![
                routed(
                    "2026-03-28T12:00:00Z",
                    mara(),
                    "u1",
                    json!(null),
                    json!("Available"),
                ),
                routed(
                    "2026-03-30T12:00:00Z",
                    mara(),
                    "u1",
                    json!("Available"),
                    json!(null),
                ),
                routed(
                    "2026-10-24T12:00:00Z",
                    mara(),
                    "u1",
                    json!(null),
                    json!("Available"),
                ),
                routed(
                    "2026-10-26T12:00:00Z",
                    mara(),
                    "u1",
                    json!("Available"),
                    json!(null),
                ),
            ],
        )
        .await;
        let spring = log.day("2026-03-29").await;
        assert_eq!((hours(spring.totals.signed_in), spring.hours.len()), (23, 23));
        assert!(spring.hours.iter().all(|hour| hour.hour != 2));
        let autumn = log.day("2026-10-25").await;
        assert_eq!((hours(autumn.totals.signed_in), autumn.hours.len()), (25, 25));
        assert_eq!(autumn.hours.iter().filter(|hour| hour.hour == 2).count(), 2);
        assert_eq!(shown(&autumn), [("00:00:00", State::Available)]);
        // Half an hour, on an island.
        let island = log
            .try_day("u1", "2026-04-05", Some("Australia/Lord_Howe"))
            .await
            .unwrap();
        assert_eq!(
            (island.to.micros() - island.from.micros()) / 60_000_000,
            24 * 60 + 30
        );
    })
    .await;
}

#[tokio::test]
async fn agents_losses_and_areas_are_filters() {
    on_each_database(|test| async move {
        let log = Log::with(
            test,
            vec![
                routed(
                    "2026-11-21T00:00:00Z",
                    monitor(),
                    "u1",
                    json!("Available"),
                    json!("Unavailable"),
                ),
                routed(
                    "2026-11-21T00:05:00Z",
                    mara(),
                    "u1",
                    json!("Unavailable"),
                    json!("Available"),
                ),
                routed(
                    "2026-11-21T02:00:00Z",
                    mara(),
                    "u2",
                    json!("Available"),
                    json!("Unavailable"),
                ),
                assigned("2026-11-20T22:30:00Z", "1", "u1"),
            ],
        )
        .await;
        let count = async |scope: LogScope, query: &str| {
            let query = LogQuery::parse(query).unwrap();
            log.store
                .list_events(&log.who, scope, &query)
                .await
                .unwrap()
                .rows
                .len()
        };
        let sessions = LogScope::One(LogKind::WorkSession);
        assert_eq!(count(sessions, "agent=u1").await, 2);
        // Part of a name, as for actors.
        assert_eq!(count(sessions, "agent=okafor").await, 2);
        assert_eq!(count(sessions, "agent=mara").await, 3);
        assert_eq!(count(sessions, "routing=connection_loss").await, 1);
        assert_eq!(count(sessions, "routing=unavailable&agent=u2").await, 1);
        assert_eq!(count(LogScope::All, "area=work_session").await, 3);
        assert_eq!(count(LogScope::All, "area=conversation").await, 1);
        let query = LogQuery::parse("area=work_session&agent=u2").unwrap();
        let overview = log.store.overview(&log.who, LogScope::All, &query).await.unwrap();
        let facet = |field| -> Vec<(&str, u64)> {
            let facet = overview
                .facets
                .iter()
                .find(|facet: &&Facet| facet.field == field)
                .unwrap();
            facet
                .values
                .iter()
                .map(|value| (value.label.as_str(), value.count))
                .collect()
        };
        assert_eq!(facet(FilterField::Agent), [("Mara Okafor", 2), ("Maram Said", 1)]);
        assert_eq!(facet(FilterField::Routing), [("Became Unavailable", 1)]);
    })
    .await;
}
