//! What isn't believed, and what is said of it.

use super::*;
use crate::oidc::{
    fetch::Fetch,
    known::{Metadata, check},
};
use ring::hmac;

#[tokio::test]
async fn an_id_token_that_says_something_else_is_refused() {
    let desk = Desk::new().await;
    let (now, issuer) = (desk.now(), desk.provider.issuer.clone());
    for (name, value, refused) in [
        ("aud", json!("another"), Refused::WrongAudience),
        ("aud", json!([]), Refused::WrongAudience),
        ("aud", json!([CLIENT, "another"]), Refused::WrongAudience),
        ("azp", json!("another"), Refused::WrongAudience),
        ("iss", json!("https://other.example"), Refused::WrongIssuer),
        ("iss", json!(format!("{issuer}/")), Refused::WrongIssuer),
        ("nonce", json!("another"), Refused::WrongNonce),
        ("nonce", json!(null), Refused::WrongNonce),
        ("exp", json!(now - 61), Refused::TokenExpired),
        ("nbf", json!(now + 61), Refused::NotYetValid),
        ("iat", json!(now + 61), Refused::NotYetValid),
    ] {
        let finished = desk.sign_in(|claims| claims[name] = value.clone()).await;
        assert_eq!(why(&finished), &refused, "{name}: {value}");
    }
    for (name, value) in [
        ("sub", json!("")),
        ("sub", json!("x".repeat(256))),
        ("sub", json!("a\nb")),
        ("sub", json!(4711)),
        ("exp", json!("tomorrow")),
        ("nbf", json!("yesterday")),
        ("iss", json!(7)),
    ] {
        let finished = desk.sign_in(|claims| claims[name] = value.clone()).await;
        assert_eq!(why(&finished).name(), "malformed", "{name}: {value}");
    }
    for name in ["sub", "exp", "iat", "iss"] {
        let finished = desk.sign_in(|claims| remove(claims, name)).await;
        assert_eq!(why(&finished).name(), "malformed", "{name}");
    }
    let finished = desk.sign_in(|claims| remove(claims, "nonce")).await;
    assert_eq!(why(&finished), &Refused::WrongNonce);
    let finished = desk.sign_in(|claims| remove(claims, "aud")).await;
    assert_eq!(why(&finished), &Refused::WrongAudience);
}

#[tokio::test]
async fn clocks_may_differ_by_a_minute() {
    let desk = Desk::new().await;
    for (name, off) in [("exp", -59), ("nbf", 60), ("iat", 60)] {
        let finished = desk
            .sign_in(|claims| claims[name] = json!(desk.now() + off))
            .await;
        assert!(finished.outcome.is_ok(), "{name}: {finished:?}");
    }
}

#[tokio::test]
async fn a_token_that_others_may_have_made_is_refused() {
    let desk = Desk::new().await;
    let header = json!({"alg": "RS256", "kid": "1"});
    let wrong: fn(&[u8]) -> Vec<u8> = |_| vec![1; 256];
    let empty: fn(&[u8]) -> Vec<u8> = |_| Vec::new();
    for (header, sign) in [
        (header.clone(), wrong),
        (header.clone(), empty),
        (json!({"alg": "RS256"}), wrong),
    ] {
        let begun = desk.begin().await;
        desk.gives(&keys::token(&header, &desk.claims(&begun), sign));
        assert_eq!(why(&desk.finish(begun).await), &Refused::BadSignature, "{header}");
    }
    // Signed, but then changed.
    let begun = desk.begin().await;
    let signed = Key::rsa().token("RS256", "1", &desk.claims(&begun));
    let mut other = desk.claims(&begun);
    other["sub"] = json!("u-1");
    let other = Key::rsa().token("RS256", "1", &other);
    let mut parts: Vec<_> = signed.split('.').collect();
    parts[1] = other.split('.').nth(1).unwrap();
    desk.gives(&parts.join("."));
    assert_eq!(why(&desk.finish(begun).await), &Refused::BadSignature);
    // With another's key of the same name.
    let rsa = json!([Key::rsa().told("1"), Key::p256().told("2")]);
    desk.clock.advance_seconds(3_600);
    desk.stub.says("/keys", Says::Json(200, json!({"keys": rsa})));
    let finished = desk.sign_in_by(&Key::p256(), "ES256", "2", |_| {}).await;
    assert_eq!(why(&finished), &Refused::BadSignature);
}

#[tokio::test]
async fn no_algorithm_is_none() {
    let desk = Desk::new().await;
    desk.stub.describes(
        "id_token_signing_alg_values_supported",
        json!(["RS256", "HS256", "none"]),
    );
    for alg in ["none", "None", "", "ES512", "RSA1_5", "x"] {
        let begun = desk.begin().await;
        let claims = desk.claims(&begun);
        desk.gives(&keys::token(&json!({ "alg": alg }), &claims, |_| Vec::new()));
        let finished = desk.finish(begun).await;
        assert_eq!(why(&finished), &Refused::Algorithm { alg: alg.to_owned() });
    }
    // The provider's key is everybody's: as a secret it signs nothing.
    let public = Key::rsa().told("1")["n"].as_str().unwrap().to_owned();
    let begun = desk.begin().await;
    let header = json!({"alg": "HS256", "kid": "1"});
    desk.gives(&keys::token(&header, &desk.claims(&begun), |message| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, public.as_bytes());
        hmac::sign(&key, message).as_ref().to_vec()
    }));
    assert_eq!(why(&desk.finish(begun).await), &Refused::BadSignature);
}

#[tokio::test]
async fn an_answer_to_something_else_is_refused_and_nobody_is_asked() {
    let mut desk = Desk::new().await;
    let begun = desk.begin().await;
    for (state, is) in [
        (None, "state_mismatch"),
        (Some(""), "state_mismatch"),
        (Some("x"), "state_mismatch"),
    ] {
        let wrong = Answer {
            state: state.map(str::to_owned),
            ..answer(&begun)
        };
        let begun = Begun {
            url: String::new(),
            pending: begun.pending.clone(),
        };
        assert_eq!(why(&desk.finish_with(begun, &wrong).await).name(), is);
    }
    let named = Answer {
        iss: Some("https://other.example".to_owned()),
        ..answer(&begun)
    };
    assert_eq!(why(&desk.finish_with(begun, &named).await).name(), "other_answer");
    let begun = desk.begin().await;
    let without = Answer {
        code: None,
        ..answer(&begun)
    };
    assert_eq!(why(&desk.finish_with(begun, &without).await), &Refused::NoCode);
    let begun = desk.begin().await;
    desk.clock.advance_seconds(601);
    let finished = desk.finish(begun).await;
    assert_eq!(why(&finished), &Refused::Expired);
    assert_eq!(why(&finished).fault(), Fault::Person);
    let begun = desk.begin().await;
    desk.provider.client_id = "another".to_owned();
    assert_eq!(why(&desk.finish(begun).await), &Refused::OtherProvider);
    assert_eq!(desk.stub.count("/token"), 0);
}

#[tokio::test]
async fn ten_minutes_are_given() {
    let desk = Desk::new().await;
    let begun = desk.begin().await;
    desk.clock.advance_seconds(600);
    desk.gives(&Key::rsa().token("RS256", "1", &desk.claims(&begun)));
    desk.finish(begun).await.outcome.unwrap();
}

#[tokio::test]
async fn a_provider_s_no_is_told() {
    let desk = Desk::new().await;
    for (error, fault) in [
        ("access_denied", Fault::Person),
        ("invalid_scope", Fault::Setup),
        ("server_error", Fault::Provider),
    ] {
        let begun = desk.begin().await;
        let state = parameter(&begun, "state");
        let answer = Answer::of_query(&format!("error={error}&error_description=Not+you&state={state}"));
        let finished = desk.finish_with(begun, &answer).await;
        let refused = why(&finished);
        assert_eq!((refused.name(), refused.fault()), ("denied", fault), "{error}");
        assert_eq!(
            refused.to_string(),
            format!("The provider says no: {error}. It says: “Not you”")
        );
        assert_eq!(
            finished.trace[0].data["parameters"],
            json!(["state", "error", "error_description"])
        );
    }
}

#[tokio::test]
async fn an_exchange_that_fails_tells_why_without_what_is_secret() {
    let desk = Desk::new().await;
    let begun = desk.begin().await;
    let said = json!({
        "error": "invalid_client",
        "error_description": format!("AADSTS7000215: no such secret as {SECRET}, nor the code code-1."),
        "correlation_id": "c-1",
        "trace_id": "t-1",
    });
    desk.stub.says("/token", Says::Json(401, said));
    let finished = desk.finish(begun).await;
    let refused = why(&finished);
    assert_eq!((refused.name(), refused.fault()), ("exchange", Fault::Setup));
    let sentence = refused.to_string();
    assert!(sentence.contains("invalid_client") && sentence.contains("AADSTS7000215"));
    assert!(
        !sentence.contains(SECRET) && !sentence.contains("code-1"),
        "{sentence}"
    );
    assert_eq!(finished.ids.requests["correlation_id"], "c-1");
    assert_eq!(finished.ids.requests["trace_id"], "t-1");
    assert_eq!(finished.ids.requests["x-request-id"], "r-401");
    for (says, name) in [
        (Says::Json(400, json!({"error": "invalid_grant"})), "exchange"),
        (Says::Json(404, json!([])), "exchange"),
        (
            Says::Json(200, json!({"error": "bad_verification_code"})),
            "exchange",
        ),
        (
            Says::Raw("HTTP/1.1 302 Found\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n".to_owned()),
            "exchange",
        ),
        (
            Says::Json(200, json!({"access_token": "a", "token_type": "Bearer"})),
            "no_id_token",
        ),
        (Says::Json(200, json!({"id_token": 7})), "no_id_token"),
        (Says::Json(200, json!({"id_token": "a.b.c"})), "malformed"),
        (Says::Json(200, json!({"id_token": "a.b.c.d.e"})), "malformed"),
        (Says::Bytes(b"id_token=a.b.c".to_vec()), "malformed"),
        (Says::Bytes(vec![b' '; 300_000]), "too_large"),
        (Says::Bytes(vec![b' '; 2_000_000]), "too_large"),
        (Says::Json(500, json!({})), "provider_down"),
        (Says::Json(429, json!({})), "provider_down"),
        (Says::Raw("SSH-2.0".to_owned()), "provider_down"),
    ] {
        let begun = desk.begin().await;
        desk.stub.says("/token", says.clone());
        let finished = desk.finish(begun).await;
        assert_eq!(why(&finished).name(), name, "{says:?}");
    }
}

#[tokio::test]
async fn a_provider_that_says_nothing_is_not_waited_for() {
    let mut desk = Desk::new().await;
    let begun = desk.begin().await;
    // What is to be answered has all the time.
    desk.oidc.fetch = Fetch::new(sender(short()));
    desk.stub.says("/token", Says::Nothing);
    assert_eq!(
        why(&desk.finish(begun).await),
        &Refused::ProviderSlow(Asked::Tokens)
    );
    desk.oidc = Oidc::new(sender(short()), desk.clock.clone());
    desk.stub.says(DISCOVERY, Says::Nothing);
    assert_eq!(desk.refused().await, Refused::ProviderSlow(Asked::Discovery));
}

#[tokio::test]
async fn keys_that_can_not_be_had_are_told_apart() {
    for (says, name) in [
        (Says::Json(500, json!({})), "provider_down"),
        (Says::Json(404, json!({})), "not_there"),
        (Says::Bytes(b"{}".to_vec()), "malformed"),
        (Says::Bytes(b"<html>".to_vec()), "malformed"),
        (Says::Bytes(vec![b' '; 300_000]), "too_large"),
        (stub::keys(&[]), "unknown_key"),
        (stub::keys(&[json!({"kty": "RSA", "kid": "1"})]), "bad_signature"),
        (
            stub::keys(&[json!({"kty": "oct", "kid": "1", "k": "AAAA"})]),
            "unknown_key",
        ),
    ] {
        let desk = Desk::new().await;
        desk.stub.says("/keys", says.clone());
        assert_eq!(why(&desk.sign_in(|_| {}).await).name(), name, "{says:?}");
    }
}

#[tokio::test]
async fn a_provider_that_is_not_the_one_that_is_meant_is_not_gone_to() {
    let desk = Desk::new().await;
    let moved = format!(
        "HTTP/1.1 302 Found\r\nlocation: {}/elsewhere\r\ncontent-length: 0\r\n\r\n",
        desk.stub.issuer
    );
    for (says, name, fault) in [
        (Says::Json(500, json!({})), "provider_down", Fault::Provider),
        (Says::Json(404, json!({})), "no_discovery", Fault::Setup),
        (Says::Raw(moved), "no_discovery", Fault::Setup),
        (
            Says::Json(200, json!({"issuer": "x"})),
            "malformed",
            Fault::Provider,
        ),
        (Says::Bytes(vec![b' '; 300_000]), "too_large", Fault::Provider),
    ] {
        desk.stub.says(DISCOVERY, says.clone());
        let refused = desk.refused().await;
        assert_eq!((refused.name(), refused.fault()), (name, fault), "{says:?}");
    }
    assert_eq!(desk.stub.count("/elsewhere"), 0);
    for (field, value, name) in [
        ("issuer", json!(format!("{}/", desk.stub.issuer)), "other_issuer"),
        ("issuer", json!("https://other.example"), "other_issuer"),
        (
            "issuer",
            json!("https://login.microsoftonline.com/{tenantid}/v2.0"),
            "many_tenants",
        ),
        (
            "authorization_endpoint",
            json!("javascript:alert(1)"),
            "not_https",
        ),
        ("token_endpoint", json!("file:///etc/passwd"), "not_https"),
        ("jwks_uri", json!("keys"), "malformed"),
        ("jwks_uri", json!(null), "malformed"),
    ] {
        desk.stub.describes(field, value);
        assert_eq!(desk.refused().await.name(), name, "{field}");
    }
    desk.stub.describes(
        "token_endpoint_auth_methods_supported",
        json!(["private_key_jwt"]),
    );
    let begun = desk.begin().await;
    assert_eq!(why(&desk.finish(begun).await).name(), "client_authentication");
}

/// Plain http only within networks that are named, and nothing into those that aren't.
#[tokio::test]
async fn where_a_provider_may_be_is_said_by_the_guard() {
    let mut desk = Desk::new().await;
    for (issuer, name) in [
        ("http://1.1.1.1", "not_https"),
        ("http://10.0.0.1", "not_https"),
        ("https://10.0.0.1", "blocked"),
        ("https://169.254.169.254", "blocked"),
        ("https://user:password@1.1.1.1", "blocked"),
        ("https://1.1.1.1:25", "blocked"),
        ("https://nobody.invalid", "provider_down"),
        ("https://1.1.1.1/?tenant=1", "not_an_issuer"),
        ("https://1.1.1.1/#a", "not_an_issuer"),
        ("ftp://1.1.1.1", "not_an_issuer"),
        ("northdesk", "not_an_issuer"),
        ("", "not_an_issuer"),
    ] {
        desk.provider.issuer = issuer.to_owned();
        assert_eq!(desk.refused().await.name(), name, "{issuer}");
    }
    // Where the provider's document leads is guarded as well.
    let mut desk = Desk::new().await;
    desk.stub
        .describes("token_endpoint", json!("https://169.254.169.254/latest"));
    let begun = desk.begin().await;
    assert_eq!(why(&desk.finish(begun).await).name(), "blocked");
    desk.provider.client_secret = None;
    assert_eq!(desk.stub.count("/token"), 0);
}

#[test]
fn a_provider_of_https_leads_to_nothing_else() {
    let issuer = "https://id.example";
    let says = |userinfo: &str| -> Metadata {
        serde_json::from_value(json!({
            "issuer": issuer,
            "authorization_endpoint": "https://id.example/a",
            "token_endpoint": "https://id.example/t",
            "jwks_uri": "https://keys.example/k",
            "userinfo_endpoint": userinfo,
        }))
        .unwrap()
    };
    assert_eq!(check(issuer, &says("https://id.example/u")), Ok(()));
    assert_eq!(
        check(issuer, &says("http://id.example/u")),
        Err(Refused::NotHttps(Asked::Details))
    );
}
