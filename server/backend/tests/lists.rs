//! Lists, compared with what the records themselves say: the same random questions to SQLite, to PostgreSQL and to a
//! loop over all records; with the index in memory, sealed, and put together.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has to fail")]

use daybook_backend::{
    index::EventIndex,
    store::{EventStore, NewEvent},
    testing::{TestClock, TestDb, TestIds, each_database, remove_records},
    values::each_value,
};
use daybook_domain::{
    event::Event,
    facet::{Count, Overview},
    id::{EventId, IdMaker, WorkspaceId},
    log::{FilterField, LogKind, LogScope},
    page::EventPage,
    permission::{Permission, ViewAuditLogs},
    ports::AuditLogs,
    query::LogQuery,
    time::{Clock, End, Timestamp},
    viewer::{Granted, Principal, RequestContext, Viewer},
};
use rand::RngExt;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use serde_json::json;
use std::collections::BTreeMap;

/// More than two sealed segments, and some that aren't.
const EVENTS: usize = 2 * 4096 + 1500;

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

struct Dice(ChaCha8Rng);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const LOGS: &[&str] = &["activity", "activity", "access", "billing", "webhook_failure"];
const CATEGORIES: &[&str] = &["Roles", "Boards & brands", "Users", "roles"];
const NAMES: &[&str] = &[
    "Mara Okafor",
    "Jonas Weiß",
    "Zoë Ångström",
    "李 小龍",
    "Ahmed al-Rashid",
];
const WORDS: &[&str] = &[
    "role",
    "changed",
    "board",
    "access",
    "vip",
    "the",
    "Ticket",
    "escalated",
    "12",
    "naïve",
];
const IPS: &[&str] = &["203.0.113.7", "203.0.113.9", "198.51.100.1", "2001:db8::7"];

/// Records of a few weeks in about the order in which they happened, and some of years ago among them.
fn events(dice: &mut Dice, now: Timestamp) -> Vec<Event> {
    let start = now.plus_seconds(-40 * 86_400);
    let ids = TestIds::default();
    let one = |number: usize| {
        let mut words = |most: usize| {
            let count = dice.below(most);
            (0..count).map(|_| dice.pick(WORDS)).collect::<Vec<_>>().join(" ")
        };
        let (summary, before, note) = (words(6), words(3), words(3));
        let who = dice.below(NAMES.len());
        let rare = number % 1979 == 7;
        let at = if number % 499 == 3 {
            now.plus_seconds(-(86_400 * 365 * 3) - i64::try_from(dice.below(10_000_000)).unwrap())
        } else {
            start.plus_seconds(i64::try_from(number * 340 + dice.below(5000)).unwrap())
        };
        let action = dice.pick(&["create", "update", "update", "delete"]);
        let body = json!({
            "source": "helpdesk",
            "occurred_at": at,
            "log": dice.pick(LOGS),
            "event_type": if rare { "role.renamed" } else { dice.pick(&["role.updated", "board-moved", "user.signed_in"]) },
            "action": action,
            "outcome": if dice.below(10) == 0 { "failure" } else { "success" },
            "category": if dice.below(4) == 0 { None } else { Some(dice.pick(CATEGORIES)) },
            "section": if dice.below(3) == 0 { Some("Board access") } else { None },
            "summary": summary,
            "actor": if rare {
                json!({"kind": "system", "automation": "queue_router"})
            } else {
                json!({"kind": "user", "id": format!("u{who}"), "name": NAMES[who], "email": format!("u{who}@example.org")})
            },
            "targets": [{"kind": "webhook", "name": dice.pick(&["Ticket mirror", "Billing"])}],
            "brand": if dice.below(5) == 0 { Some(json!({"id": "b1", "name": "Northdesk"})) } else { None },
            "ip": if dice.below(3) == 0 { None } else { Some(dice.pick(IPS)) },
            "changes": [{"property": "Name", "before": before, "after": dice.below(40)}],
            "metadata": {"http": {"status": 200 + dice.below(300)}, "note": note},
        });
        Event {
            id: EventId(ids.next()),
            sequence: i64::try_from(number).unwrap() + 1,
            recorded_at: now,
            body: serde_json::from_value(body).unwrap(),
        }
    };
    (0..EVENTS).map(one).collect()
}

/// A part of a URL's query, at random.
fn any_url(dice: &mut Dice) -> String {
    let mut parts: Vec<String> = Vec::new();
    for _ in 0..dice.below(4) {
        let part = match dice.below(9) {
            0 => format!(
                "category={}",
                dice.pick(&["Roles", "roles", "Boards+%26+brands", "None"])
            ),
            1 => "category=Users&category=Roles".to_owned(),
            2 => format!(
                "event_type={}",
                dice.pick(&["role.renamed", "role.updated", "nothing"])
            ),
            3 => format!(
                "actor={}",
                dice.pick(&["u1", "weiß", "queue_router", "example.org", "nobody"])
            ),
            4 => format!("outcome={}", dice.pick(&["failure", "success"])),
            5 => format!("ip={}", dice.pick(IPS)),
            6 => format!(
                "from={}",
                dice.pick(&["-7d", "-3h", "2026-11-01", "2024-01-01", "2026-10-25T02:30"])
            ),
            7 => format!("to={}", dice.pick(&["-1h", "2026-11-21", "2026-11-20T10:00:00Z"])),
            _ => format!("section={}", dice.pick(&["Board+access", "board+access"])),
        };
        let name = part.split('=').next().unwrap().to_owned();
        if !parts.iter().any(|known| known.starts_with(&format!("{name}="))) {
            parts.push(part);
        }
    }
    if dice.below(3) > 0 {
        let mut terms = Vec::new();
        for _ in 0..=dice.below(3) {
            let term = dice.pick(&[
                "role",
                "vi*",
                "\"board access\"",
                "summary:\"the role\"",
                "-naïve",
                "section:*",
                "actor:weiß",
                "actor:u2",
                "action:delete",
                "category:roles",
                "ip:203.0.113.0/24",
                "ip:2001:db8::/32",
                "after:10..20",
                "metadata.http.status:404",
                "metadata.http.status:..210",
                "before:vip*",
                "type:role*",
                "brand:northdesk",
                "actor.kind:system",
                "log:billing",
                "target:\"Ticket mirror\"",
                "zoë",
                "-brand:*",
                "nowhere",
            ]);
            terms.push(term);
        }
        let joint = dice.pick(&[" ", " OR ", " "]);
        let text = terms.join(joint);
        parts.push(format!(
            "q={}",
            text.replace('+', "%2B").replace(' ', "+").replace('&', "%26")
        ));
    }
    parts.join("&")
}

/// A question, and what of it is the same for every way to ask it.
struct Asked<'a> {
    events: &'a [Event],
    scope: LogScope,
    query: LogQuery,
    now: Timestamp,
    /// By event: whether the text finds it.
    found: Vec<bool>,
    /// By event.
    values: Vec<BTreeMap<FilterField, String>>,
    /// What is typed for actors: whether it is the key of one.
    is_key: BTreeMap<String, bool>,
}

impl<'a> Asked<'a> {
    fn new(events: &'a [Event], scope: LogScope, url: &str, now: Timestamp) -> Self {
        let query = LogQuery::parse(url).unwrap();
        let expr = query.expr().unwrap();
        let values = |event: &Event| {
            let mut values = BTreeMap::new();
            each_value(&event.body, &mut |field, value, _| {
                values.insert(field, value.to_owned());
            });
            values
        };
        let typed = query.values(FilterField::Actor).iter();
        Self {
            is_key: typed
                .map(|typed| {
                    (
                        typed.clone(),
                        events.iter().any(|event| event.body.actor.key() == *typed),
                    )
                })
                .collect(),
            found: events
                .iter()
                .map(|event| expr.as_ref().is_none_or(|expr| expr.matches(event)))
                .collect(),
            values: events.iter().map(values).collect(),
            events,
            scope,
            query,
            now,
        }
    }

    fn is_actor(&self, event: &Event) -> bool {
        let actor = &event.body.actor;
        let text = format!("{} {}", actor.label(), actor.email.as_deref().unwrap_or_default()).to_lowercase();
        self.is_key.iter().any(|(typed, is_key)| {
            if *is_key {
                *typed == actor.key()
            } else {
                text.contains(&typed.to_lowercase())
            }
        })
    }

    /// The places of the list's records, newest first, by looking at each of them. `but` leaves one filter out.
    fn list(&self, but: Option<FilterField>) -> Vec<usize> {
        let berlin: chrono_tz::Tz = "Europe/Berlin".parse().unwrap();
        let instant = |wall: chrono::NaiveDateTime| {
            let at = wall.and_local_timezone(berlin).earliest().unwrap();
            Timestamp::from_datetime(at.to_utc())
        };
        let from = self
            .query
            .from
            .map(|from| from.resolve(End::From, self.now, instant));
        let to = self.query.to.map(|to| to.resolve(End::To, self.now, instant));
        let belongs = |at: &usize| {
            let event = &self.events[*at];
            let time = event.body.occurred_at;
            let filtered = self
                .query
                .filters
                .iter()
                .filter(|(field, _)| Some(**field) != but)
                .all(|(field, wanted)| {
                    if *field == FilterField::Actor {
                        return self.is_actor(event);
                    }
                    self.values[*at]
                        .get(field)
                        .is_some_and(|value| wanted.contains(value))
                });
            self.found[*at]
                && self.scope.kind().is_none_or(|kind| kind == event.body.log)
                && from.is_none_or(|from| time >= from)
                && to.is_none_or(|to| time < to)
                && filtered
        };
        let mut found: Vec<_> = (0..self.events.len()).filter(belongs).collect();
        found.sort_by_key(|at| std::cmp::Reverse((self.events[*at].body.occurred_at, *at)));
        found
    }

    fn check_overview(&self, overview: &Overview) {
        let all = self.list(None);
        let count = u64::try_from(all.len()).unwrap();
        match overview.total {
            Count::Exactly(total) => assert_eq!(total, count),
            Count::AtMost(total) => assert!(total >= count),
            Count::AtLeast(_) => panic!("{:?}", overview.total),
        }
        let Some(histogram) = &overview.histogram else {
            assert_eq!(count, 0);
            return;
        };
        assert_eq!(histogram.exact, overview.total.is_exact());
        for bar in histogram.bars.iter().filter(|_| histogram.exact) {
            let inside = |at: &&usize| (bar.from..bar.to).contains(&self.events[**at].body.occurred_at);
            assert_eq!(
                bar.count,
                u64::try_from(all.iter().filter(inside).count()).unwrap(),
                "{bar:?}"
            );
        }
        for facet in overview.facets.iter().filter(|facet| facet.exact) {
            let but = self
                .query
                .filters
                .contains_key(&facet.field)
                .then_some(facet.field);
            let own = but.map(|_| self.list(but));
            let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
            for at in own.as_ref().unwrap_or(&all) {
                if let Some(value) = self.values[*at].get(&facet.field) {
                    *counts.entry(value).or_default() += 1;
                }
            }
            let found = facet
                .values
                .iter()
                .map(|value| (value.value.as_str(), value.count));
            assert_eq!(found.collect::<BTreeMap<_, _>>(), counts, "{:?}", facet.field);
        }
    }
}

struct Log {
    test: TestDb,
    workspace: WorkspaceId,
    store: EventStore,
    index: EventIndex,
    who: Granted<ViewAuditLogs>,
}

impl Log {
    async fn on(test: TestDb) -> Self {
        let workspace = test.workspace().await;
        let index = EventIndex::new(test.db.clone()).merging(2);
        Self {
            store: EventStore::new(test.db.clone(), index.clone(), test.clock.clone()),
            who: auditor(workspace),
            index,
            test,
            workspace,
        }
    }

    /// The same log in another process, which knows nothing yet.
    fn other_process(&self) -> Self {
        let index = EventIndex::new(self.test.db.clone()).merging(2);
        Self {
            store: EventStore::new(self.test.db.clone(), index.clone(), self.test.clock.clone()),
            index,
            test: self.test.clone(),
            who: auditor(self.workspace),
            workspace: self.workspace,
        }
    }

    async fn append(&self, events: &[Event]) {
        for some in events.chunks(1000) {
            let new = some
                .iter()
                .map(|event| NewEvent::new(event.id, event.body.clone(), 0, [0; 16]).unwrap())
                .collect();
            self.test.writer.append(self.workspace, new, false).await.unwrap();
        }
    }

    /// The first pages of a list, there and back, and the list as a whole.
    async fn check(&self, asked: &Asked<'_>) {
        let Asked { scope, query, .. } = asked;
        let url = query.to_query_string();
        let list = async |query: &LogQuery| self.store.list_events(&self.who, *scope, query).await.unwrap();
        let sequences = |page: &EventPage| page.rows.iter().map(|row| row.sequence).collect::<Vec<_>>();
        let (mut found, mut at) = (Vec::<i64>::new(), query.clone());
        let mut before: Vec<i64> = Vec::new();
        for _ in 0..3 {
            let page = list(&at).await;
            assert!(page.searched_to.is_none(), "{url}");
            if let Some(newer) = page.newer {
                assert_eq!(sequences(&list(&query.at(Some(newer))).await), before, "{url}");
            }
            before = sequences(&page);
            found.extend(&before);
            let Some(older) = page.older else { break };
            at = query.at(Some(older));
        }
        let expected: Vec<_> = asked
            .list(None)
            .into_iter()
            .take(150)
            .map(|at| asked.events[at].sequence)
            .collect();
        assert_eq!(found, expected, "{scope:?} {url}");
        asked.check_overview(&self.store.overview(&self.who, *scope, query).await.unwrap());
    }
}

#[tokio::test]
async fn lists_are_what_the_records_say() {
    let clock = TestClock::default();
    let mut dice = Dice(ChaCha8Rng::seed_from_u64(11));
    let events = events(&mut dice, clock.now());
    let scopes = [
        LogScope::All,
        LogScope::One(LogKind::Activity),
        LogScope::One(LogKind::WebhookFailure),
    ];
    let mut questions = vec![
        (LogScope::All, String::new()),
        (scopes[2], "webhook=Billing".to_owned()),
    ];
    questions.extend((0..40).map(|_| (scopes[dice.below(3)], any_url(&mut dice))));
    let now = clock.now();
    let some = &events[..3000];
    let early: Vec<_> = questions
        .iter()
        .take(10)
        .map(|(scope, url)| Asked::new(some, *scope, url, now))
        .collect();
    let all: Vec<_> = questions
        .iter()
        .map(|(scope, url)| Asked::new(&events, *scope, url, now))
        .collect();
    // Single ones, a whole chunk, and some of those that aren't sealed.
    let is_gone = |event: &&Event| {
        event.sequence % 3 == 0 || (1025..=2048).contains(&event.sequence) || event.sequence > 9500
    };
    let gone: Vec<_> = events
        .iter()
        .filter(is_gone)
        .map(|event| event.sequence)
        .collect();
    let left: Vec<_> = events.iter().filter(|event| !is_gone(event)).cloned().collect();
    let late: Vec<_> = questions
        .iter()
        .take(14)
        .map(|(scope, url)| Asked::new(&left, *scope, url, now))
        .collect();
    for test in each_database().await {
        let log = Log::on(test).await;
        log.append(some).await;
        for asked in &early {
            log.check(asked).await;
        }
        for some in events[3000..].chunks(700) {
            log.append(some).await;
            log.index.settle(&log.test.writer).await.unwrap();
        }
        for asked in &all {
            log.check(asked).await;
        }
        let other = log.other_process();
        other.check(&all[5]).await;
        remove_records(&log.test.writer, log.workspace, &gone).await;
        for asked in &late {
            log.check(asked).await;
        }
        log.index
            .forget_removed(log.workspace, &log.test.writer)
            .await
            .unwrap();
        for asked in &late {
            log.check(asked).await;
        }
        other.check(&late[3]).await;
        log.other_process().check(&late[4]).await;
    }
}
