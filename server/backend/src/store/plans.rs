//! No statement about the log reads a whole table: every one that reading, appending, indexing and removing send is
//! taken down as it is sent, and the database is asked how it would go about it.

use super::{EventStore, Form, NewEvent, Rules};
use crate::{
    accounts::tests::{House, granted},
    index::EventIndex,
    local_time::Reader,
    testing::{
        TestDb, on_each_database,
        plans::{plan, watched},
        remove_records,
    },
};
use daybook_domain::{
    compare::{CompareQuery, Point},
    event::{Action, Actor, ActorKind, EventBody, Target},
    id::{EventId, IdMaker},
    log::{LogKind, LogScope},
    permission::{ExportAuditLogs, ViewAuditLogs},
    ports::AuditLogs,
    query::LogQuery,
    time::Clock,
};
use sea_orm::Statement;

/// Tables that grow with the log.
const LARGE: [&str; 5] = [
    "event",
    "event_block",
    "event_facet",
    "event_removed",
    "event_segment",
];
/// Those of them of which nothing ever reads all that a workspace has.
const LARGEST: [&str; 2] = ["event", "event_block"];
/// Enough for a sealed segment, and some that aren't.
const EVENTS: usize = 5_000;

fn events(at: &TestDb) -> Vec<NewEvent> {
    let one = |number: usize| {
        let actor = Actor::named(ActorKind::User, format!("Agent {}", number % 7))
            .with_id(format!("u{}", number % 7));
        let occurred = at
            .clock
            .now()
            .plus_seconds(i64::try_from(number).unwrap() * 60 - 400_000);
        let mut body = EventBody::new("role.updated", actor, occurred);
        body.log = LogKind::ALL[number % LogKind::ALL.len()];
        body.action = Action::Update;
        "helpdesk".clone_into(&mut body.source);
        body.source_event_id = Some(format!("e{number}"));
        body.summary = Some(format!("Changed role {} of the desk", number % 31));
        body.category = Some("Users & permissions".to_owned());
        body.targets = vec![Target::new("role", "r1", "Agents")];
        body.ip = Some([10, 0, 0, 1].into());
        NewEvent::new(EventId(at.ids.next()), body, number, [0; 16]).unwrap()
    };
    (0..EVENTS).map(one).collect()
}

/// Everything that is asked of the log.
async fn use_all(house: &House) {
    let at = &house.at;
    let id = house.workspace.id;
    for some in events(at).chunks(500) {
        at.writer.append(id, some.to_vec(), false).await.unwrap();
    }
    let index = EventIndex::new(at.db.clone()).merging(1);
    let store = EventStore::new(at.db.clone(), index.clone(), at.clock.clone());
    let ada = granted(&house.ada, ViewAuditLogs);
    let exporter = granted(&house.ada, ExportAuditLogs);
    index.settle(&at.writer).await.unwrap();
    let queries = [
        "",
        "category=Users+%26+permissions&outcome=success",
        "actor=agent+3",
        "actor=u3&action=update&event_type=role.updated",
        "ip=10.0.0.1&from=-7d&to=-1h",
        "q=role",
        "q=\"changed+role\"+-vip",
        "q=ro*+OR+ip:10.0.0.0/8",
        "q=section:*",
    ];
    for scope in [LogScope::All, LogScope::One(LogKind::Activity)] {
        for query in queries {
            let query = LogQuery::parse(query).unwrap();
            let page = store.list_events(&ada, scope, &query).await.unwrap();
            if let Some(older) = page.older {
                let next = store
                    .list_events(&ada, scope, &query.at(Some(older)))
                    .await
                    .unwrap();
                store
                    .list_events(&ada, scope, &query.at(next.newer))
                    .await
                    .unwrap();
            }
            store.overview(&ada, scope, &query).await.unwrap();
            store.newer(&ada, scope, &query, 10).await.unwrap();
            store.records(&ada, scope, &query, 1000).await.unwrap();
            let mut parts = store.parts(&exporter, scope, &query, Form::Stored).await.unwrap();
            while parts.next().await.unwrap().is_some() {}
        }
    }
    store.logs(&ada).await.unwrap();
    store.event_types(&ada).await.unwrap();
    let page = store
        .list_events(
            &ada,
            LogScope::One(LogKind::Activity),
            &LogQuery::parse("q=role").unwrap(),
        )
        .await
        .unwrap();
    let record = page.rows[0].id;
    store.event(&ada, record, None).await.unwrap();
    let query = CompareQuery {
        record,
        a: Point::Now,
        b: Point::Now,
    };
    store.compare(&ada, &query, None).await.unwrap();
    let reader = Reader::of("UTC", at.clock.now());
    let rules = Rules {
        cutoffs: vec![(LogKind::Access, at.clock.now())],
        holds: vec![(LogScope::All, LogQuery::parse("actor=agent").unwrap())],
    };
    store.due(id, &rules, &reader).await.unwrap();
    store.oldest(id, LogKind::Access, &reader).await.unwrap();
    remove_records(&at.writer, id, &(100..900).collect::<Vec<_>>()).await;
    index.forget_removed(id, &at.writer).await.unwrap();
    store
        .list_events(&ada, LogScope::All, &LogQuery::default())
        .await
        .unwrap();
}

/// The steps that read all of a large table, or all that a workspace has in one of the largest.
fn reading_all(steps: &[String]) -> Vec<&String> {
    let next = steps.iter().skip(1).map(Some).chain([None]);
    let reads_all = |(step, next): &(&String, Option<&String>)| {
        let words: Vec<_> = step.split_whitespace().collect();
        let is_on = |table: &str| {
            let on = format!(" on {table}");
            step.contains(&format!("{on} ")) || step.ends_with(&on)
        };
        let whole_table =
            |table: &&str| words.starts_with(&["SCAN", table]) || step.contains("Seq Scan") && is_on(table);
        let whole_workspace = |table: &&str| {
            let sqlite = words.starts_with(&["SEARCH", table]) && step.ends_with("(workspace_id=?)");
            let narrowed = next.is_some_and(|next| next.contains("Index Cond") && next.contains(" AND "));
            sqlite || step.contains("Index") && is_on(table) && !narrowed
        };
        LARGE.iter().any(whole_table) || LARGEST.iter().any(whole_workspace)
    };
    let found = steps.iter().zip(next).filter(reads_all);
    found.map(|(step, _)| step).collect()
}

#[tokio::test]
async fn every_statement_about_the_log_uses_an_index() {
    on_each_database(async |at| {
        let (at, sent) = watched(at);
        let house = House::new(at).await;
        use_all(&house).await;
        let statements: Vec<_> = sent.lock().unwrap().values().cloned().collect();
        let about_the_log = |statement: &&Statement| {
            let sql = &statement.sql;
            let is_read = ["SELECT", "UPDATE", "DELETE"]
                .iter()
                .any(|verb| sql.starts_with(verb));
            is_read
                && LARGE
                    .iter()
                    .any(|table| sql.contains(&format!("\"{table}\"")) || sql.contains(&format!(" {table} ")))
        };
        let statements: Vec<_> = statements.iter().filter(about_the_log).collect();
        assert!(statements.len() > 15, "{statements:?}");
        for statement in statements {
            let steps = plan(&house.at, statement).await;
            assert!(!steps.is_empty());
            let all = reading_all(&steps);
            assert!(all.is_empty(), "{}\n{all:#?} of {steps:#?}", statement.sql);
            // Reading all of a source to find some of its ids is no better.
            if statement.sql.contains("source_event_id") {
                let finds = |step: &String| step.contains("Index Cond") || step.contains("SEARCH");
                let found = steps
                    .iter()
                    .any(|step| finds(step) && step.contains("source_event_id"));
                assert!(found, "{}\n{steps:#?}", statement.sql);
            }
        }
    })
    .await;
}

#[test]
fn a_step_that_reads_all_is_known() {
    let reads_all = |steps: &[&str]| {
        let steps: Vec<_> = steps.iter().map(|step| (*step).to_owned()).collect();
        !reading_all(&steps).is_empty()
    };
    assert!(reads_all(&["SCAN event"]));
    assert!(reads_all(&["SCAN event USING COVERING INDEX event_id"]));
    assert!(reads_all(&[
        "SEARCH event_block USING INDEX sqlite_autoindex_event_block_1 (workspace_id=?)"
    ]));
    assert!(reads_all(&[
        "  ->  Seq Scan on event  (cost=0.00..1.00 rows=1 width=8)"
    ]));
    assert!(reads_all(&[
        "Index Scan using event_block_pkey on event_block  (cost=0.28..8.30 rows=1 width=8)",
        "  Index Cond: (workspace_id = '01'::uuid)",
        "  Filter: ((slot > 1) AND (slot < 4))",
    ]));
    assert!(!reads_all(&[
        "SEARCH event USING PRIMARY KEY (workspace_id=? AND sequence>?)"
    ]));
    assert!(!reads_all(&[
        "Index Scan using event_pkey on event  (cost=0.28..8.30 rows=1 width=8)",
        "  Index Cond: ((workspace_id = '01'::uuid) AND (sequence > 1))",
    ]));
}
