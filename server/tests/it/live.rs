//! News of a list while somebody looks at it.

use crate::{
    api_events::{EVENTS, event},
    house::{AGENT, AUDITOR, House},
};
use axum::{body::Body, http::Request};
use daybook_backend::testing::TestDb;
use daybook_domain::{account::Scope, object::ObjectQuery, permission::ManageUsers, ports::Users};
use http_body_util::BodyExt;
use serde_json::Value;

const LIVE: &str = "/audit-logs/activity/live";

#[tokio::test]
async fn it_says_how_many_records_came_since() {
    let house = House::full(TestDb::sqlite().await).await;
    let mut program = house.program(&[Scope::EventsWrite]).await;
    let last = house
        .events()
        .await
        .iter()
        .map(|event| event.sequence)
        .max()
        .unwrap();
    let sent: Vec<Value> = (0..3).map(|number| event(&number.to_string())).collect();
    program.post_json(EVENTS, Value::from(sent).to_string()).await;
    let mut auditor = house.signed_in(AUDITOR).await;
    for (query, count) in [("", 3), ("&q=source:daybook", 0), ("&event_type=role.updated", 3)] {
        let request = Request::get(format!("{LIVE}?after={last}{query}"));
        let mut answer = auditor.stream(request, Body::empty()).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let first = answer
            .body_mut()
            .frame()
            .await
            .unwrap()
            .unwrap()
            .into_data()
            .unwrap();
        let first = String::from_utf8(first.to_vec()).unwrap();
        assert!(
            first.contains(&format!("data: {{\"count\":{count},\"exact\":true}}")),
            "{query}: {first}"
        );
    }
}

#[tokio::test]
async fn who_may_not_look_is_told_to_stop_asking() {
    let house = House::full(TestDb::sqlite().await).await;
    for mut client in [house.client(), house.signed_in(AGENT).await] {
        assert_eq!(client.get(&format!("{LIVE}?after=0")).await.status, 204);
    }
    let mut auditor = house.signed_in(AUDITOR).await;
    for nonsense in [
        LIVE.to_owned(),
        format!("{LIVE}?after=x"),
        "/audit-logs/secrets/live?after=1".to_owned(),
    ] {
        assert_eq!(auditor.get(&nonsense).await.status, 204, "{nonsense}");
    }
}

#[tokio::test]
async fn who_is_shut_out_hears_nothing_more() {
    let house = House::full(TestDb::sqlite().await).await;
    let mut program = house.program(&[Scope::EventsWrite]).await;
    let mut auditor = house.signed_in(AUDITOR).await;
    let request = Request::get(format!("{LIVE}?after=1"));
    let mut answer = auditor.stream(request, Body::empty()).await;
    assert!(answer.body_mut().frame().await.is_some());
    let (who, accounts) = (
        house.system().await.grant(ManageUsers).unwrap(),
        &house.services.accounts,
    );
    let users = accounts
        .list_users(&who, &ObjectQuery::default())
        .await
        .unwrap()
        .rows;
    let otto = users.iter().find(|user| user.email == AUDITOR).unwrap();
    accounts.deactivate_user(&who, otto.id).await.unwrap();
    program
        .post_json(EVENTS, Value::from(vec![event("1")]).to_string())
        .await;
    assert!(answer.body_mut().frame().await.is_none(), "the connection ends");
}
