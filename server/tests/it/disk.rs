//! A full disk, and a database that is away: nothing acknowledged is lost, nothing half is stored, and it goes on by
//! itself.

use crate::{
    api_events::{EVENTS, event},
    house::{House, PASSWORD},
};
use daybook_backend::testing::TestDb;
use daybook_domain::account::Scope;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

/// Lets the database grow to so many pages and no further, as a full disk does: SQLite answers `SQLITE_FULL`.
async fn limit(house: &House, pages: &'static str) {
    let limited = house.services.writer.change(move |tx| {
        Box::pin(async move {
            tx.db()
                .execute_unprepared(&format!("PRAGMA max_page_count = {pages}"))
                .await?;
            Ok(())
        })
    });
    limited.await.unwrap();
}

fn batch(from: usize) -> String {
    let events: Vec<Value> = (from..from + 50)
        .map(|number| {
            let mut event = event(&number.to_string());
            event["metadata"] = json!({"text": "x".repeat(2000)});
            event
        })
        .collect();
    Value::from(events).to_string()
}

#[tokio::test]
async fn a_full_disk_is_a_503_and_it_goes_on_when_there_is_room() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut program = house.program(&[Scope::EventsWrite, Scope::EventsRead]).await;
    assert_eq!(program.post_json(EVENTS, batch(0)).await.status, 200);
    // As many as there are: SQLite takes a smaller limit for the present size.
    limit(&house, "1").await;
    let (mut stored, mut next) = (50, 50);
    let refused = loop {
        let answer = program.post_json(EVENTS, batch(next)).await;
        if answer.status != 200 {
            break answer;
        }
        // What fits into the pages there are.
        (stored, next) = (stored + 50, next + 50);
        assert!(stored < 1000, "the limit has no effect");
    };
    refused.problem(503, "unavailable");
    assert_eq!(refused.header("retry-after"), "5");
    // Nothing of the refused batch is there, everything before is, and reading goes on.
    let list = program.get("/api/v2/events?limit=1000&log=activity").await.json();
    let ids = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| event["source"] == "helpdesk")
        .count();
    assert_eq!(ids, stored);
    let mut browser = house.client();
    assert_eq!(browser.get("/readyz").await.status, 200);
    let answer = browser
        .form(
            "/sign-in",
            &[("email", crate::house::ADMINISTRATOR), ("password", PASSWORD)],
        )
        .await;
    assert_eq!(answer.status, 303);

    limit(&house, "1073741823").await;
    let again = program.post_json(EVENTS, batch(next)).await;
    assert_eq!((again.status, again.json()["accepted"].as_u64()), (200, Some(50)));
}

#[tokio::test]
async fn a_database_that_is_away_is_a_503_everywhere() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut program = house.program(&[Scope::EventsRead]).await;
    let mut browser = house.signed_in(crate::house::ADMINISTRATOR).await;
    house.at.db.read.clone().close().await.unwrap();
    assert_eq!(browser.get("/healthz").await.status, 200);
    assert_eq!(browser.get("/readyz").await.status, 503);
    let page = browser.get("/audit-logs/activity").await;
    assert_eq!((page.status, page.header("retry-after")), (503, "5"));
    // The browser still has its session for when the database is back.
    assert!(browser.cookies.contains_key("daybook_session"));
    let answer = program.get(EVENTS).await;
    answer.problem(503, "unavailable");
    assert_eq!(answer.header("retry-after"), "5");
}
