//! The log store on each database: appending once, in order, without gaps; reading what was asked for.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has to fail")]

use daybook_backend::{
    index::EventIndex,
    store::{Appended, EventStore, NewEvent},
    system::SystemIds,
    testing::{TestDb, on_each_database},
};
use daybook_domain::{
    cursor::{Cursor, Direction},
    event::{Action, Actor, ActorKind, EventBody, Outcome, Target},
    facet::Count,
    id::{EventId, IdMaker, WorkspaceId},
    log::{FilterField, LogKind, LogScope},
    page::{EventPage, PAGE_SIZE},
    permission::{Permission, ViewAuditLogs},
    ports::AuditLogs,
    query::LogQuery,
    time::{Clock, Timestamp},
    viewer::{Granted, Principal, RequestContext, Viewer},
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

fn auditor(workspace: WorkspaceId) -> Granted<ViewAuditLogs> {
    let principal = Principal::System { name: "test".into() };
    let permissions = [Permission::AuditLogsView].into();
    Viewer::new(
        workspace,
        principal,
        permissions,
        "UTC".into(),
        "Auditor".into(),
        RequestContext::default(),
    )
    .grant(ViewAuditLogs)
    .unwrap()
}

fn body(at: Timestamp, event_type: &str) -> EventBody {
    let mut body = EventBody::new(
        event_type,
        Actor::named(ActorKind::User, "Mara Okafor").with_id("u1"),
        at,
    );
    body.source = "helpdesk".into();
    body
}

fn new(index: usize, body: EventBody) -> NewEvent {
    let hash = u128::from_be_bytes(*b"0123456789abcdef") ^ body.event_type.len() as u128;
    NewEvent::new(EventId(SystemIds.next()), body, index, hash.to_be_bytes()).unwrap()
}

fn with_id(index: usize, at: Timestamp, event_type: &str, id: &str) -> NewEvent {
    let mut body = body(at, event_type);
    body.source_event_id = Some(id.into());
    new(index, body)
}

struct Log {
    test: TestDb,
    workspace: WorkspaceId,
    store: EventStore,
    who: Granted<ViewAuditLogs>,
}

impl Log {
    async fn on(test: TestDb) -> Self {
        let workspace = test.workspace().await;
        let store = EventStore::new(
            test.db.clone(),
            EventIndex::new(test.db.clone()),
            test.clock.clone(),
        );
        Self {
            who: auditor(workspace),
            test,
            workspace,
            store,
        }
    }

    async fn append(&self, events: Vec<NewEvent>) -> Appended {
        self.test
            .writer
            .append(self.workspace, events, false)
            .await
            .unwrap()
    }

    async fn page(&self, scope: LogScope, query: &LogQuery) -> EventPage {
        self.store.list_events(&self.who, scope, query).await.unwrap()
    }

    async fn types(&self, query: &str) -> Vec<String> {
        let page = self.page(LogScope::All, &LogQuery::parse(query).unwrap()).await;
        page.rows.into_iter().map(|row| row.event_type).collect()
    }

    fn now(&self) -> Timestamp {
        self.test.clock.now()
    }
}

#[tokio::test]
async fn repeated_sends_are_stored_once_and_other_events_refused() {
    on_each_database(|test| async move {
        let log = Log::on(test).await;
        let now = log.now();
        let first = log
            .append(vec![with_id(0, now, "a", "1"), with_id(1, now, "b", "2")])
            .await;
        assert_eq!((first.accepted, first.duplicates), (2, 0));
        let again = log
            .append(vec![
                with_id(0, now, "a", "1"),
                with_id(1, now, "different", "2"),
                with_id(2, now, "c", "3"),
                with_id(3, now, "c", "3"),
            ])
            .await;
        assert_eq!((again.accepted, again.duplicates), (1, 2));
        assert_eq!(again.rejected.len(), 1);
        assert_eq!(
            (again.rejected[0].index, again.rejected[0].field.as_str()),
            (1, "id")
        );
        assert_eq!(again.rejected[0].reason, "id already used for a different event");
        let rows = log.page(LogScope::All, &LogQuery::default()).await.rows;
        assert_eq!(rows.iter().map(|row| row.sequence).collect::<Vec<_>>(), [3, 2, 1]);
    })
    .await;
}

#[tokio::test]
async fn an_atomic_batch_is_stored_whole_or_not_at_all() {
    on_each_database(|test| async move {
        let log = Log::on(test).await;
        let now = log.now();
        log.append(vec![with_id(0, now, "a", "1")]).await;
        let mixed = vec![with_id(0, now, "b", "2"), with_id(1, now, "different", "1")];
        let refused = log
            .test
            .writer
            .append(log.workspace, mixed.clone(), true)
            .await
            .unwrap();
        assert_eq!((refused.accepted, refused.rejected.len()), (0, 1));
        let partly = log.test.writer.append(log.workspace, mixed, false).await.unwrap();
        assert_eq!((partly.accepted, partly.rejected.len()), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn concurrent_writers_leave_no_gap_in_the_sequence() {
    on_each_database(|test| async move {
        let log = Log::on(test).await;
        let now = log.now();
        let sends = (0..40).map(|n| {
            let events = (0..5)
                .map(|k| with_id(k, now, "e", &format!("{}", (n * 5 + k) % 150)))
                .collect();
            log.test.writer.append(log.workspace, events, false)
        });
        let outcomes = futures::future::try_join_all(sends).await.unwrap();
        let accepted: u64 = outcomes.iter().map(|o| o.accepted).sum();
        let duplicates: u64 = outcomes.iter().map(|o| o.duplicates).sum();
        assert_eq!((accepted, duplicates), (150, 50));
        let mut sequences = Vec::new();
        let mut query = LogQuery::default();
        loop {
            let page = log.page(LogScope::All, &query).await;
            sequences.extend(page.rows.iter().map(|row| row.sequence));
            let Some(older) = page.older else { break };
            query = query.at(Some(older));
        }
        assert_eq!(sequences, (1..=150).rev().collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn a_change_that_fails_takes_nothing_else_with_it() {
    on_each_database(|test| async move {
        let log = Log::on(test).await;
        let (workspace, now) = (log.workspace, log.now());
        let good = log.test.writer.change(move |tx| {
            Box::pin(async move {
                tx.record(workspace, body(now, "good"));
                Ok(7)
            })
        });
        let bad = log.test.writer.change(move |tx| {
            Box::pin(async move {
                tx.record(workspace, body(now, "bad"));
                Err::<(), _>(daybook_domain::Error::NotFound.into())
            })
        });
        let panicking = log
            .test
            .writer
            .change::<(), _>(move |_| Box::pin(async move { panic!("on purpose") }));
        let (good, bad, panicking) = futures::join!(good, bad, panicking);
        assert_eq!(good.unwrap(), 7);
        assert!(bad.is_err() && panicking.is_err());
        assert_eq!(log.types("").await, ["good"]);
    })
    .await;
}

#[tokio::test]
async fn filters_narrow_and_combine() {
    on_each_database(|test| async move {
        let log = Log::on(test).await;
        let now = log.now();
        let mut role = body(now.plus_seconds(-60), "role.updated");
        role.category = Some("Roles".into());
        role.action = Action::Update;
        let mut login = body(now.plus_seconds(-3 * 86_400), "user.signed_in");
        login.log = LogKind::Access;
        login.outcome = Outcome::Failure;
        login.actor = Actor::named(ActorKind::User, "Jonas Weiß").with_email("Jonas@northdesk.example");
        let mut hook = body(now.plus_seconds(-10 * 86_400), "webhook.attempt_failed");
        hook.log = LogKind::WebhookFailure;
        hook.targets = vec![Target::new("webhook", "w1", "Ticket mirror")];
        log.append(vec![new(0, role), new(1, login), new(2, hook)]).await;
        assert_eq!(
            log.types("").await,
            ["role.updated", "user.signed_in", "webhook.attempt_failed"]
        );
        assert_eq!(log.types("category=Roles").await, ["role.updated"]);
        assert_eq!(log.types("outcome=failure").await, ["user.signed_in"]);
        assert_eq!(log.types("actor=WEISS").await, [""; 0]);
        assert_eq!(log.types("actor=weiß").await, ["user.signed_in"]);
        assert_eq!(log.types("actor=jonas@").await, ["user.signed_in"]);
        assert_eq!(log.types("actor=%25").await, [""; 0]);
        assert_eq!(log.types("actor=u1&from=-1d").await, ["role.updated"]);
        assert_eq!(log.types("from=-7d&to=-1d").await, ["user.signed_in"]);
        assert_eq!(
            log.types("to=2026-11-19").await,
            ["user.signed_in", "webhook.attempt_failed"]
        );
        assert_eq!(
            log.types("webhook=Ticket+mirror").await,
            ["webhook.attempt_failed"]
        );
        assert_eq!(log.types("category=Roles&outcome=failure").await, [""; 0]);
        let access = log
            .page(LogScope::One(LogKind::Access), &LogQuery::default())
            .await;
        assert_eq!(access.rows.len(), 1);
        let unknown = LogQuery {
            tz: Some("Mars/Olympus".into()),
            ..LogQuery::default()
        };
        assert!(
            log.store
                .list_events(&log.who, LogScope::All, &unknown)
                .await
                .is_err()
        );
    })
    .await;
}

#[tokio::test]
async fn facets_count_what_is_there() {
    on_each_database(|test| async move {
        let log = Log::on(test).await;
        let now = log.now();
        for round in 0..2 {
            let events = (0..3).map(|n| {
                let mut event = body(now, "role.updated");
                event.category = Some(if n == 0 {
                    "Brands".into()
                } else {
                    format!("Roles {round}")
                });
                new(n, event)
            });
            log.append(events.collect()).await;
        }
        let scope = LogScope::One(LogKind::Activity);
        for scope in [scope, LogScope::All] {
            let overview = log
                .store
                .overview(&log.who, scope, &LogQuery::default())
                .await
                .unwrap();
            assert_eq!(overview.total, Count::Exactly(6));
            let facets = overview.facets;
            let category = facets
                .iter()
                .find(|facet| facet.field == FilterField::Category)
                .unwrap();
            let counts: Vec<_> = category
                .values
                .iter()
                .map(|v| (v.value.as_str(), v.count))
                .collect();
            assert_eq!(
                counts,
                [("Brands", 2), ("Roles 0", 2), ("Roles 1", 2)],
                "{scope:?}"
            );
            let actor = facets
                .iter()
                .find(|facet| facet.field == FilterField::Actor)
                .unwrap();
            assert_eq!(
                (actor.values[0].label.as_str(), actor.values[0].count),
                ("Mara Okafor", 6)
            );
        }
        let tabs = log.store.logs(&log.who).await.unwrap();
        assert_eq!(tabs[0], (scope, 6));
        assert_eq!(tabs.last(), Some(&(LogScope::All, 6)));
        assert!(
            !tabs
                .iter()
                .any(|(scope, _)| *scope == LogScope::One(LogKind::Billing))
        );
    })
    .await;
}

#[tokio::test]
async fn another_workspaces_record_is_not_there() {
    on_each_database(|test| async move {
        let log = Log::on(test).await;
        log.append(vec![new(0, body(log.now(), "x"))]).await;
        let id = log.page(LogScope::All, &LogQuery::default()).await.rows[0].id;
        assert!(log.store.event(&log.who, id, None).await.is_ok());
        let stranger = auditor(WorkspaceId(uuid::Uuid::from_u128(1)));
        assert_eq!(
            log.store.event(&stranger, id, None).await,
            Err(daybook_domain::Error::NotFound)
        );
        assert!(
            log.store
                .list_events(&stranger, LogScope::All, &LogQuery::default())
                .await
                .unwrap()
                .rows
                .is_empty()
        );
    })
    .await;
}

/// Walking through a log page by page, there and back, shows every record once, whatever the times are.
#[tokio::test]
async fn paging_shows_every_record_once_both_ways() {
    on_each_database(|test| async move {
        let log = Log::on(test).await;
        let mut runner = TestRunner::deterministic();
        let offsets = prop::collection::vec(0_i64..60, 180..=180)
            .new_tree(&mut runner)
            .unwrap()
            .current();
        let events = offsets
            .iter()
            .enumerate()
            .map(|(n, offset)| new(n, body(log.now().plus_seconds(-offset), "e")));
        log.append(events.collect()).await;
        let mut expected: Vec<_> = offsets
            .iter()
            .enumerate()
            .map(|(n, offset)| (-offset, i64::try_from(n).unwrap() + 1))
            .collect();
        expected.sort_unstable();
        expected.reverse();
        let expected: Vec<_> = expected.into_iter().map(|(_, sequence)| sequence).collect();

        let (mut forth, mut pages) = (Vec::new(), Vec::new());
        let mut query = LogQuery::default();
        loop {
            let page = log.page(LogScope::All, &query).await;
            assert!(page.rows.len() <= PAGE_SIZE);
            pages.push(page.rows.iter().map(|row| row.sequence).collect::<Vec<_>>());
            forth.extend(page.rows.iter().map(|row| row.sequence));
            assert_eq!(page.newer.is_some(), pages.len() > 1);
            let Some(older) = page.older else { break };
            query = query.at(Some(older));
        }
        assert_eq!(forth, expected);
        assert_eq!(pages.len(), 4);

        let mut at = pages.len() - 1;
        while let Some(newer) = log.page(LogScope::All, &query).await.newer {
            assert_eq!(newer.direction, Direction::Newer);
            query = query.at(Some(newer));
            at -= 1;
            let page = log.page(LogScope::All, &query).await;
            assert_eq!(
                page.rows.iter().map(|row| row.sequence).collect::<Vec<_>>(),
                pages[at]
            );
            assert!(page.older.is_some());
        }
        assert_eq!(at, 0);
    })
    .await;
}

#[tokio::test]
async fn a_cursor_past_the_end_gives_an_empty_page() {
    on_each_database(|test| async move {
        let log = Log::on(test).await;
        log.append(vec![new(0, body(log.now(), "x"))]).await;
        let past = Cursor {
            direction: Direction::Older,
            occurred_at: Timestamp::MIN,
            sequence: 0,
        };
        let page = log.page(LogScope::All, &LogQuery::default().at(Some(past))).await;
        assert!(page.rows.is_empty() && page.older.is_none());
    })
    .await;
}
