//! Reading events through the API.

use crate::{
    api_events::{EVENTS, event},
    house::House,
};
use daybook_backend::testing::{TestDb, on_each_database};
use daybook_domain::account::Scope;
use serde_json::{Value, json};

#[tokio::test]
async fn pages_of_whole_records_follow_one_another() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let mut program = house.program(&[Scope::EventsWrite, Scope::EventsRead]).await;
        let sent: Vec<Value> = (0..7).map(|number| event(&number.to_string())).collect();
        program.post_json(EVENTS, Value::from(sent).to_string()).await;
        let (mut path, mut ids) = (
            format!("{EVENTS}?log=activity&event_type=role.updated&limit=3"),
            Vec::new(),
        );
        loop {
            let page = program.get(&path).await;
            assert_eq!(page.status, 200, "{}", page.body);
            let page = page.json();
            let data = page["data"].as_array().unwrap();
            assert!(data.len() <= 3);
            ids.extend(
                data.iter()
                    .map(|event| event["source_event_id"].as_str().unwrap().to_owned()),
            );
            let Some(cursor) = page["next_cursor"].as_str() else {
                break;
            };
            path = format!("{EVENTS}?log=activity&event_type=role.updated&limit=3&cursor={cursor}");
        }
        // Newest first; those of one moment by their sequence.
        assert_eq!(ids, ["6", "5", "4", "3", "2", "1", "0"]);
    })
    .await;
}

/// A cursor is a place in time: with another query it goes on from there.
#[tokio::test]
async fn a_cursor_of_another_query_is_a_place_in_this_one() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut program = house.program(&[Scope::EventsWrite, Scope::EventsRead]).await;
    let sent: Vec<Value> = (0..6)
        .map(|number| {
            let mut event = event(&number.to_string());
            event["category"] = if number % 2 == 0 { "Even" } else { "Odd" }.into();
            event
        })
        .collect();
    program.post_json(EVENTS, Value::from(sent).to_string()).await;
    let even = program
        .get(&format!("{EVENTS}?category=Even&limit=1"))
        .await
        .json();
    assert_eq!(even["data"][0]["source_event_id"], "4");
    let cursor = even["next_cursor"].as_str().unwrap();
    let odd = program
        .get(&format!("{EVENTS}?category=Odd&cursor={cursor}"))
        .await
        .json();
    let odd = odd["data"].as_array().unwrap();
    let ids: Vec<_> = odd.iter().map(|event| &event["source_event_id"]).collect();
    assert_eq!(ids, ["3", "1"]);
}

#[tokio::test]
async fn one_record_by_its_id() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut program = house.program(&[Scope::EventsWrite, Scope::EventsRead]).await;
    program.post_json(EVENTS, event("a").to_string()).await;
    let stored = house.received().await.remove(0);
    let answer = program.get(&format!("{EVENTS}/{}", stored.id)).await;
    assert_eq!(
        (answer.status, answer.json()),
        (200, serde_json::to_value(&stored).unwrap())
    );
    assert_eq!(
        answer.json()["actor"],
        json!({"kind": "user", "name": "Mara Okafor"})
    );
    program
        .get(&format!("{EVENTS}/01a20437-7329-7747-a042-cc938375cdfa"))
        .await
        .problem(404, "not-found");
    program
        .get(&format!("{EVENTS}/nonsense"))
        .await
        .problem(404, "not-found");
    program
        .get(&format!("{EVENTS}/%FF"))
        .await
        .problem(400, "address");
}

#[tokio::test]
async fn what_cannot_be_understood_is_named() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut program = house.program(&[Scope::EventsRead]).await;
    for (query, field) in [
        ("log=secrets", "log"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=x", "limit"),
        ("from=yesterday", "from"),
        ("cursor=zzz", "cursor"),
        ("action=explode", "action"),
        ("q=ä+secton:x", "q"),
        ("format=pdf", "format"),
    ] {
        let problem = program
            .get(&format!("{EVENTS}?{query}"))
            .await
            .problem(400, "query");
        assert_eq!(problem["field"], field);
    }
    let mistake = program
        .get(&format!("{EVENTS}?q=ä+secton:x"))
        .await
        .problem(400, "query");
    assert_eq!((&mistake["position"], &mistake["end"]), (&json!(2), &json!(8)));
    assert_eq!(
        mistake["reason"],
        "There is no field “secton”. Did you mean “section”?"
    );
    program
        .get(&format!("{EVENTS}?from=2026-11-02&to=2026-11-01"))
        .await
        .problem(422, "invalid");
    program
        .get(&format!("{EVENTS}?tz=Mars/Olympus"))
        .await
        .problem(422, "invalid");
}
