//! What is sent to a database, taken down, and how the database would go about it.

use super::TestDb;
use crate::writer::Writer;
use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

pub(crate) type Sent = Arc<Mutex<BTreeMap<String, Statement>>>;

/// The same database, and what is sent to it.
pub(crate) fn watched(mut at: TestDb) -> (TestDb, Sent) {
    let sent = Sent::default();
    for connection in [&mut at.db.read, &mut at.db.write] {
        let sent = Arc::clone(&sent);
        connection.set_metric_callback(move |info| {
            let statement = info.statement.clone();
            sent.lock().unwrap().insert(statement.sql.clone(), statement);
        });
    }
    at.writer = Writer::start(&at.db, at.clock.clone(), at.ids.clone());
    (at, sent)
}

/// What the database says of a statement, one step per line.
pub(crate) async fn plan(at: &TestDb, statement: &Statement) -> Vec<String> {
    let explain = |prefix: &str| Statement {
        sql: format!("{prefix} {}", statement.sql),
        ..statement.clone()
    };
    if at.db.backend() == DbBackend::Postgres {
        let tx = at.db.read.begin().await.unwrap();
        // The tables are small here: reading all of them would be the fastest.
        tx.execute_unprepared("SET LOCAL enable_seqscan = off")
            .await
            .unwrap();
        let rows = tx.query_all_raw(explain("EXPLAIN")).await.unwrap();
        tx.rollback().await.unwrap();
        return rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    }
    let rows = at.db.read.query_all_raw(explain("EXPLAIN QUERY PLAN")).await;
    let rows = rows.unwrap();
    rows.iter()
        .map(|row| row.try_get("", "detail").unwrap())
        .collect()
}
