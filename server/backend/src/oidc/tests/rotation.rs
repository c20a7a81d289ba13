//! What is kept of a provider, and for how long.

use super::*;

#[tokio::test]
async fn what_a_provider_says_about_itself_is_kept_for_an_hour() {
    let desk = Desk::new().await;
    desk.begin().await;
    desk.clock.advance_seconds(3_599);
    desk.sign_in(|_| {}).await.outcome.unwrap();
    assert_eq!(desk.stub.count(DISCOVERY), 1);
    assert_eq!(desk.stub.count("/keys"), 1);
    desk.clock.advance_seconds(1);
    desk.sign_in(|_| {}).await.outcome.unwrap();
    assert_eq!(desk.stub.count(DISCOVERY), 2);
    assert_eq!(desk.stub.count("/keys"), 2);
}

#[tokio::test]
async fn a_provider_that_was_down_is_asked_again() {
    let desk = Desk::new().await;
    let good = desk.stub.description();
    desk.stub.says(DISCOVERY, Says::Json(503, json!({})));
    assert_eq!(desk.refused().await.name(), "provider_down");
    desk.stub.says(DISCOVERY, Says::Json(200, good));
    desk.begin().await;
}

#[tokio::test]
async fn a_new_key_is_found_by_asking_once_more() {
    let desk = Desk::new().await;
    desk.sign_in(|_| {}).await.outcome.unwrap();
    let key = Key::p256();
    desk.stub.says("/keys", stub::keys(&[key.told("2")]));
    let finished = desk.sign_in_by(&key, "ES256", "2", |_| {}).await;
    finished.outcome.unwrap();
    assert!(
        finished
            .trace
            .iter()
            .any(|step| step.message == "Took the provider's keys anew")
    );
    assert_eq!(desk.stub.count("/keys"), 2);
    desk.sign_in_by(&key, "ES256", "2", |_| {}).await.outcome.unwrap();
    assert_eq!(desk.stub.count("/keys"), 2);
    // The old one is gone.
    assert_eq!(why(&desk.sign_in(|_| {}).await), &Refused::UnknownKey);
}

#[tokio::test]
async fn keys_that_nobody_has_let_the_provider_be_asked_once_a_minute() {
    let desk = Desk::new().await;
    desk.sign_in(|_| {}).await.outcome.unwrap();
    let foreign = Key::p256();
    for count in [2, 2, 2] {
        let finished = desk.sign_in_by(&foreign, "ES256", "9", |_| {}).await;
        assert_eq!(why(&finished), &Refused::UnknownKey);
        assert_eq!(desk.stub.count("/keys"), count);
    }
    desk.clock.advance_seconds(60);
    let sign_ins = [0, 1, 2].map(|_| desk.sign_in_by(&foreign, "ES256", "9", |_| {}));
    for finished in futures::future::join_all(sign_ins).await {
        finished.outcome.unwrap_err();
    }
    assert_eq!(desk.stub.count("/keys"), 3);
    // Who has a good one comes in meanwhile.
    desk.sign_in(|_| {}).await.outcome.unwrap();
    assert_eq!(desk.stub.count("/keys"), 3);
}
