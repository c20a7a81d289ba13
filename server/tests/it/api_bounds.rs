//! `POST /api/v2/events` at its bounds: too large, too many, cut off, and a database that can't write.

use crate::{
    api_events::{EVENTS, event},
    house::House,
};
use axum::{
    body::{Body, Bytes},
    http::Request,
};
use daybook_backend::{ingest::MAX_BODY, testing::TestDb};
use daybook_domain::account::Scope;
use flate2::{Compression, write::GzEncoder};
use futures::{StreamExt, stream};
use serde_json::{Value, json};
use std::io::{self, Write};
use tokio::sync::mpsc;

pub fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn post(headers: &[(&str, &str)]) -> http::request::Builder {
    let request = Request::post(EVENTS).header("content-type", "application/json");
    headers
        .iter()
        .fold(request, |request, (name, value)| request.header(*name, *value))
}

#[tokio::test]
async fn gzip_is_understood_and_bounded() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut program = house.program(&[Scope::EventsWrite]).await;
    let compressed = [("content-encoding", "gzip")];
    let body = gzip(json!([event("a"), event("b")]).to_string().as_bytes());
    let answer = program.send(post(&compressed), body.clone().into()).await;
    assert_eq!(
        (answer.status, answer.json()["accepted"].as_u64()),
        (200, Some(2))
    );
    // Cut off, and no gzip at all.
    let cut = body[..body.len() - 6].to_vec();
    program
        .send(post(&compressed), cut.into())
        .await
        .problem(400, "not-gzip");
    program
        .send(post(&compressed), "[]".into())
        .await
        .problem(400, "not-gzip");
    // 17 MiB of blanks are 17 KiB.
    let bomb = gzip(&vec![b' '; MAX_BODY + 1]);
    assert!(bomb.len() < MAX_BODY / 100);
    program
        .send(post(&compressed), bomb.into())
        .await
        .problem(413, "too-large");
    assert_eq!(house.received().await.len(), 2);
}

#[tokio::test]
async fn too_much_is_refused_whole() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut program = house.program(&[Scope::EventsWrite]).await;
    // By what it says of itself; by what comes; by the number of events.
    let said = (MAX_BODY + 1).to_string();
    program
        .send(post(&[("content-length", &said)]), Body::empty())
        .await
        .problem(413, "too-large");
    let endless = stream::repeat(Ok::<_, std::convert::Infallible>(Bytes::from(vec![
        b' ';
        64 * 1024
    ])));
    program
        .send(post(&[]), Body::from_stream(endless))
        .await
        .problem(413, "too-large");
    let many: Vec<Value> = (0..10_001).map(|number| event(&number.to_string())).collect();
    program
        .post_json(EVENTS, Value::from(many.clone()).to_string())
        .await
        .problem(413, "too-large");
    assert!(house.received().await.is_empty());
    let most = Value::from(many[1..].to_vec()).to_string();
    assert_eq!(program.post_json(EVENTS, most).await.json()["accepted"], 10_000);
}

#[tokio::test]
async fn a_body_cut_off_halfway_stores_nothing() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut program = house.program(&[Scope::EventsWrite]).await;
    program.post_json(EVENTS, event("before").to_string()).await;
    let lines = format!("{}\n{}\n", event("a"), event("b"));
    let half = stream::iter([
        Ok(Bytes::from(lines)),
        Err(io::Error::from(io::ErrorKind::ConnectionReset)),
    ]);
    let request = Request::post(EVENTS).header("content-type", "application/x-ndjson");
    program
        .send(request, Body::from_stream(half))
        .await
        .problem(400, "incomplete");
    let whole_lines_only = format!("{}\n{{\"event_type\": \"role.upd", event("a"));
    let request = Request::post(EVENTS).header("content-type", "application/x-ndjson");
    program
        .send(request, whole_lines_only.into())
        .await
        .problem(400, "not-json");
    assert_eq!(house.received().await.len(), 1);
}

#[tokio::test]
async fn one_key_can_have_only_so_many_requests_under_way() {
    let house = House::new(TestDb::sqlite().await).await;
    let program = house.program(&[Scope::EventsWrite]).await;
    let (begun, mut begins) = mpsc::unbounded_channel();
    let mut held = Vec::new();
    for number in 0..64 {
        let mut program = program.clone();
        let (go_on, mut waiting) = mpsc::channel::<()>(1);
        let begun = begun.clone();
        // The body says when it is first asked for, then waits to be let go.
        let body = stream::once(async move {
            begun.send(()).unwrap();
            waiting.recv().await;
            Ok::<_, io::Error>(Bytes::from(event(&number.to_string()).to_string()))
        });
        let body = Body::from_stream(body.boxed());
        held.push((
            go_on,
            tokio::spawn(async move { program.post_json(EVENTS, body).await }),
        ));
    }
    for _ in 0..64 {
        begins.recv().await.unwrap();
    }
    let answer = program.clone().post_json(EVENTS, event("more").to_string()).await;
    answer.problem(429, "too-many-requests");
    assert_eq!(answer.header("retry-after"), "1");
    // Another key has its own places.
    let mut other = house.program(&[Scope::EventsWrite]).await;
    assert_eq!(
        other.post_json(EVENTS, event("other").to_string()).await.status,
        200
    );
    for (go_on, answer) in held {
        go_on.send(()).await.unwrap();
        assert_eq!(answer.await.unwrap().status, 200);
    }
    assert_eq!(
        program
            .clone()
            .post_json(EVENTS, event("more").to_string())
            .await
            .status,
        200
    );
    assert_eq!(house.received().await.len(), 66);
}
