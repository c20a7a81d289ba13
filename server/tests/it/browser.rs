//! What browsers and proxies say of a request, and how far they are believed.

use crate::house::{ADMINISTRATOR, House, PASSWORD, settings};
use axum::{body::Body, http::Request};
use daybook_backend::testing::TestDb;
use daybook_server::config::Settings;

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn another_site_can_make_a_browser_send_nothing() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut browser = house.signed_in(ADMINISTRATOR).await;
    let before = house.events().await.len();
    for path in [
        "/sign-in",
        "/sign-out",
        "/setup",
        "/invite/x",
        "/_fn/account/revoke_other_sessions",
        "/_fn/account/set_zone",
    ] {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            let request = Request::post(path)
                .header("content-type", FORM)
                .header(name, value);
            let answer = browser.send(request, Body::from("zone=UTC")).await;
            assert_eq!(answer.status, 403, "{path} with {name}: {value}");
            assert!(answer.header("content-security-policy").contains("nonce-"));
        }
        // Of our own origin, and from programs, which send neither header, it goes on.
        let request = Request::post(path)
            .header("content-type", FORM)
            .header("origin", "http://daybook.test");
        assert_ne!(
            house.client().send(request, Body::from("zone=UTC")).await.status,
            403,
            "{path}"
        );
    }
    assert_eq!(browser.get("/account").await.status, 200);
    let after = house.events().await;
    assert!(
        after.len() - before <= 1,
        "only the sign-in without a user may have left a record"
    );
}

#[tokio::test]
async fn functions_take_only_so_much() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut browser = house.signed_in(ADMINISTRATOR).await;
    let long = format!("zone={}", "x".repeat(300 * 1024));
    let answer = browser.call("/_fn/account/set_zone", FORM, &long).await;
    assert_eq!(answer.status, 422, "{}", answer.body);
    let answer = browser
        .form("/sign-in", &[("email", &"x".repeat(300 * 1024))])
        .await;
    assert_eq!(answer.status, 413);
}

async fn recorded_ip(settings: Settings, peer: &str, forwarded: &[(&str, &str)]) -> String {
    let house = House::with(TestDb::sqlite().await, settings).await;
    let mut request = Request::post("/sign-in").header("content-type", FORM);
    for (name, value) in forwarded {
        request = request.header(*name, *value);
    }
    let agent = "ü".repeat(2000);
    request = request.header("user-agent", agent.as_bytes());
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("email", ADMINISTRATOR), ("password", PASSWORD)])
        .finish();
    let answer = house.client().from(peer).send(request, body.into()).await;
    assert_eq!(answer.location(), "/");
    let events = house.events().await;
    let event = events
        .iter()
        .find(|event| event.body.login_source.as_deref() == Some("form"))
        .unwrap();
    assert_eq!(
        event.body.correlation_id.as_deref(),
        Some(answer.header("x-request-id"))
    );
    assert_eq!(event.body.user_agent.as_ref().unwrap().chars().count(), 1000);
    event.body.ip.unwrap().to_string()
}

#[tokio::test]
async fn the_log_names_the_client_and_believes_only_trusted_proxies() {
    let behind_proxy = || Settings {
        trusted_proxies: Some(vec!["10.0.0.0/8".parse().unwrap()]),
        ..settings()
    };
    let claim = [("x-forwarded-for", "1.2.3.4, 198.51.100.77")];
    assert_eq!(
        recorded_ip(settings(), "203.0.113.9", &claim).await,
        "203.0.113.9"
    );
    assert_eq!(
        recorded_ip(behind_proxy(), "203.0.113.9", &claim).await,
        "203.0.113.9"
    );
    assert_eq!(
        recorded_ip(behind_proxy(), "10.1.2.3", &claim).await,
        "198.51.100.77"
    );
    let standard = [("forwarded", "for=198.51.100.78;proto=https")];
    assert_eq!(
        recorded_ip(behind_proxy(), "10.1.2.3", &standard).await,
        "198.51.100.78"
    );
}
