//! `POST /api/v2/events` as contract.md §2 has it: what is taken, and what the answer says.

use crate::{client::Client, house::House};
use axum::{body::Body, http::Request};
use daybook_backend::testing::{TestDb, on_each_database};
use daybook_domain::account::Scope;
use serde_json::{Value, json};

pub const EVENTS: &str = "/api/v2/events";

pub fn event(id: &str) -> Value {
    json!({"id": id, "event_type": "role.updated", "actor": {"kind": "user", "name": "Mara Okafor"}})
}

async fn writer(house: &House) -> Client {
    house.program(&[Scope::EventsWrite]).await
}

#[tokio::test]
async fn one_event_an_array_and_lines_are_stored() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let mut program = writer(&house).await;
        let one = program.post_json(EVENTS, event("a").to_string()).await;
        assert_eq!(
            (one.status, one.json()),
            (200, json!({"accepted": 1, "duplicates": 0, "rejected": []}))
        );
        let array = program
            .post_json(EVENTS, json!([event("b"), event("c")]).to_string())
            .await;
        assert_eq!((array.status, array.json()["accepted"].as_u64()), (200, Some(2)));
        let lines = format!("{}\n\n{}\n", event("d"), event("e"));
        let request = Request::post(EVENTS).header("content-type", "application/x-ndjson; charset=utf-8");
        let answer = program.send(request, lines.into()).await;
        assert_eq!(
            (answer.status, answer.json()["accepted"].as_u64()),
            (200, Some(2))
        );
        let mut ids: Vec<_> = house
            .received()
            .await
            .into_iter()
            .filter_map(|event| event.body.source_event_id)
            .collect();
        ids.sort();
        assert_eq!(ids, ["a", "b", "c", "d", "e"]);
        assert!(
            house
                .received()
                .await
                .iter()
                .all(|event| event.body.source == "helpdesk")
        );
        assert_eq!(program.post_json(EVENTS, "[]").await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_repeated_event_is_a_duplicate_and_a_changed_one_is_refused() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let mut program = writer(&house).await;
        program.post_json(EVENTS, event("a").to_string()).await;
        let mut changed = event("a");
        changed["summary"] = "Something else".into();
        let again = program
            .post_json(EVENTS, json!([event("a"), event("b"), changed]).to_string())
            .await;
        let refusal = json!([{"index": 2, "field": "id", "reason": "id already used for a different event"}]);
        assert_eq!(again.status, 200);
        assert_eq!(
            again.json(),
            json!({"accepted": 1, "duplicates": 1, "rejected": refusal})
        );
        assert_eq!(house.received().await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn nothing_accepted_and_something_rejected_is_a_422_with_the_same_body() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut program = writer(&house).await;
    let mut late = event("a");
    late["occurred_at"] = "yesterday".into();
    let answer = program
        .post_json(EVENTS, json!([late, {"actor": {"kind": "user"}}, 7]).to_string())
        .await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (422, "application/json")
    );
    let body = answer.json();
    let fields: Vec<_> = body["rejected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|refusal| &refusal["field"])
        .collect();
    assert_eq!(fields, ["occurred_at", "event_type", ""]);
    assert_eq!((&body["accepted"], &body["duplicates"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn atomic_is_all_or_nothing() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let mut program = writer(&house).await;
        let atomic = format!("{EVENTS}?atomic=true");
        let mixed = json!([event("a"), {"event_type": "x"}]).to_string();
        let answer = program.post_json(&atomic, mixed.clone()).await;
        assert_eq!(
            (answer.status, answer.json()["accepted"].as_u64()),
            (422, Some(0))
        );
        assert_eq!(answer.json()["rejected"].as_array().map(Vec::len), Some(1));
        assert!(house.received().await.is_empty());
        let answer = program
            .post_json(&atomic, json!([event("a"), event("b")]).to_string())
            .await;
        assert_eq!(
            (answer.status, answer.json()["accepted"].as_u64()),
            (200, Some(2))
        );
        let answer = program.post_json(EVENTS, mixed).await;
        assert_eq!(
            (answer.status, answer.json()["duplicates"].as_u64()),
            (422, Some(1))
        );
        program
            .post_json("/api/v2/events?atomic=perhaps", "[]")
            .await
            .problem(400, "query");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_json_is_placed() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut program = writer(&house).await;
    let answer = program.post_json(EVENTS, "[\n  {\"event_type\": oops}\n]").await;
    let problem = answer.problem(400, "not-json");
    assert_eq!(
        (problem["line"].as_u64(), problem["column"].as_u64()),
        (Some(2), Some(18))
    );
    let lines = format!("{}\n\n{{\"event_type\"\n", event("a"));
    let request = Request::post(EVENTS).header("content-type", "application/x-ndjson");
    let problem = program.send(request, lines.into()).await.problem(400, "not-json");
    assert_eq!(problem["line"], 3);
    program.post_json(EVENTS, "").await.problem(400, "not-json");
    assert!(house.received().await.is_empty());
}

#[tokio::test]
async fn a_key_is_needed_and_its_scope() {
    let house = House::new(TestDb::sqlite().await).await;
    let body = event("a").to_string();
    for key in [None, Some("dbk_nonsense"), Some("")] {
        let mut program = house.client();
        if let Some(key) = key {
            program = program.with_key(key);
        }
        let answer = program.post_json(EVENTS, body.clone()).await;
        answer.problem(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    // A session is no key.
    let mut browser = house.signed_in(crate::house::ADMINISTRATOR).await;
    browser
        .post_json(EVENTS, body.clone())
        .await
        .problem(401, "unauthenticated");

    let mut reader = house.program(&[Scope::EventsRead]).await;
    reader.post_json(EVENTS, body).await.problem(403, "scope");
    let events = house.events().await;
    let refusal = events
        .iter()
        .find(|event| event.body.event_type == "access.denied")
        .unwrap();
    assert_eq!(refusal.body.metadata["scope"], "events:write");
    assert_eq!(refusal.body.metadata["what"], "POST /api/v2/events");
    assert_eq!(refusal.body.actor.name.as_deref(), Some("helpdesk"));
    assert!(house.received().await.is_empty());
}

#[tokio::test]
async fn a_revoked_key_stops_at_once() {
    on_each_database(async |at| {
        use daybook_domain::{permission::ManageApiKeys, ports::ApiKeys};
        let house = House::new(at).await;
        let (id, key) = house.key(&[Scope::EventsWrite]).await;
        let mut program = house.client().with_key(&key);
        assert_eq!(
            program.post_json(EVENTS, event("a").to_string()).await.status,
            200
        );
        let granted = house.system().await.grant(ManageApiKeys).unwrap();
        house
            .services
            .accounts
            .revoke_api_key(&granted, id)
            .await
            .unwrap();
        program
            .post_json(EVENTS, event("b").to_string())
            .await
            .problem(401, "unauthenticated");
        assert_eq!(house.received().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn other_types_and_compressions_are_named() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut program = writer(&house).await;
    let send = |headers: &[(&str, &str)]| {
        headers
            .iter()
            .fold(Request::post(EVENTS), |request, (name, value)| {
                request.header(*name, *value)
            })
    };
    for headers in [
        &[][..],
        &[("content-type", "text/plain")],
        &[("content-type", "application/x-www-form-urlencoded")],
    ] {
        let problem = program
            .send(send(headers), Body::from("{}"))
            .await
            .problem(415, "content-type");
        assert!(
            problem["detail"]
                .as_str()
                .unwrap()
                .contains("application/x-ndjson")
        );
    }
    let headers = [("content-type", "application/json"), ("content-encoding", "br")];
    let answer = program.send(send(&headers), Body::from("{}")).await;
    answer.problem(415, "content-encoding");
    assert_eq!(answer.header("accept-encoding"), "gzip");
}

#[tokio::test]
async fn what_is_not_known_is_kept() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut program = writer(&house).await;
    let mut sent = event("a");
    sent["severity"] = 3.into();
    program.post_json(EVENTS, sent.to_string()).await;
    assert_eq!(
        house.received().await[0].body.metadata["unmapped"],
        json!({"severity": 3})
    );
}

#[tokio::test]
async fn the_rest_of_the_api_is_not_there() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut program = writer(&house).await;
    program.get("/api/v3/events").await.problem(404, "not-found");
    program.get("/api").await.problem(404, "not-found");
    program
        .send(Request::delete(EVENTS), Body::empty())
        .await
        .problem(405, "method");
}
