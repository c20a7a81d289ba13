//! How it goes where all is well.

use super::*;
use crate::oidc::Pending;
use base64::{Engine, prelude::BASE64_STANDARD};
use ring::hmac;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

#[tokio::test]
async fn somebody_comes_in_with_what_the_provider_says_of_them() {
    let desk = Desk::new().await;
    let begun = desk.begin().await;
    assert!(
        begun
            .url
            .starts_with(&format!("{}/authorize?theme=dark&", desk.stub.issuer))
    );
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", REDIRECT),
        ("scope", "openid email profile"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(parameter(&begun, name), value);
    }
    let challenge = parameter(&begun, "code_challenge");
    desk.gives(&Key::rsa().token("RS256", "1", &desk.claims(&begun)));
    let finished = desk.finish(begun).await;
    let identity = finished.outcome.unwrap();
    assert_eq!(identity.subject, "u-4711");
    assert_eq!(identity.email.as_deref(), Some("mara@northdesk.example"));
    assert!(identity.email_verified);
    assert_eq!(identity.name.as_deref(), Some("Mara Okafor"));
    let steps: Vec<_> = finished.trace.iter().map(|step| step.message.as_str()).collect();
    assert_eq!(
        steps,
        [
            "Came back from the provider",
            "It belongs to a sign-in that was begun here",
            "Exchanged the code",
            "Read the ID token",
            "The ID token holds",
        ]
    );
    assert!(
        finished
            .trace
            .iter()
            .all(|step| step.at == Some(desk.clock.now()))
    );
    let got = desk.stub.last("/token");
    let form: BTreeMap<_, _> = openidconnect::url::form_urlencoded::parse(got.body.as_bytes()).collect();
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["code"], "code-1");
    assert_eq!(form["redirect_uri"], REDIRECT);
    assert_eq!(keys::base64(Sha256::digest(&*form["code_verifier"])), challenge);
    let basic = BASE64_STANDARD.encode("daybook:s3cret%2Fof+the%2Bclient");
    assert!(
        got.head.contains(&format!("authorization: Basic {basic}")),
        "{}",
        got.head
    );
    assert!(!form.contains_key("client_secret"));
    // With an email there was nothing to ask for.
    assert_eq!(desk.stub.count("/userinfo"), 0);
}

#[tokio::test]
async fn each_sign_in_has_secrets_of_its_own_which_nobody_sees() {
    let desk = Desk::new().await;
    let (one, other) = (desk.begin().await, desk.begin().await);
    for name in ["state", "nonce", "code_challenge"] {
        assert_ne!(parameter(&one, name), parameter(&other, name));
    }
    let secrets = ["state", "nonce"].map(|name| parameter(&one, name));
    let pending = serde_json::to_value(&one.pending).unwrap();
    let verifier = pending["verifier"].as_str().unwrap().to_owned();
    let kept: Pending = serde_json::from_value(pending).unwrap();
    assert_eq!(kept, one.pending);
    let token = Key::rsa().token("RS256", "1", &desk.claims(&one));
    desk.gives(&token);
    let shown = format!("{:?} {:?}", one.pending, answer(&one));
    let finished = desk.finish(one).await;
    finished.outcome.as_ref().unwrap();
    let shown = shown + &serde_json::to_string(&finished.trace).unwrap();
    let others = [
        "code-1", "access-1", SECRET, "u-4711", "mara@", "Mara", &verifier, &token,
    ];
    for secret in others.into_iter().chain(secrets.iter().map(String::as_str)) {
        assert!(!shown.contains(secret), "{secret} is in {shown}");
    }
    let read = &finished.trace[3];
    assert_eq!(
        read.data["claims"],
        json!([
            "aud",
            "email",
            "email_verified",
            "exp",
            "iat",
            "iss",
            "name",
            "nonce",
            "sub"
        ])
    );
}

#[tokio::test]
async fn the_client_proves_itself_as_the_provider_wants_it() {
    let mut desk = Desk::new().await;
    desk.stub.describes(
        "token_endpoint_auth_methods_supported",
        json!(["client_secret_post"]),
    );
    desk.sign_in(|_| {}).await.outcome.unwrap();
    let got = desk.stub.last("/token");
    assert!(!got.head.contains("authorization"));
    assert!(
        got.body
            .ends_with("&client_id=daybook&client_secret=s3cret%2Fof+the%2Bclient")
    );
    // A public client has nothing to prove.
    desk.provider.client_secret = None;
    desk.sign_in(|_| {}).await.outcome.unwrap();
    let got = desk.stub.last("/token");
    assert!(!got.head.contains("authorization"));
    assert!(got.body.ends_with("&client_id=daybook"));
    // Who doesn't say takes the usual way.
    let desk = Desk::new().await;
    desk.stub
        .describes("token_endpoint_auth_methods_supported", Value::Null);
    desk.sign_in(|_| {}).await.outcome.unwrap();
    assert!(desk.stub.last("/token").head.contains("authorization: Basic "));
}

#[tokio::test]
async fn what_is_signed_with_any_of_the_usual_algorithms_holds() {
    let desk = Desk::new().await;
    let keys = [Key::rsa(), Key::p256(), Key::p384(), Key::ed()];
    let unknown = json!({"kty": "XYZ", "kid": "0", "n": 5});
    let told: Vec<_> = ["1", "2", "3", "4"]
        .iter()
        .zip(&keys)
        .map(|(kid, key)| key.told(kid))
        .chain([unknown])
        .collect();
    desk.stub.says("/keys", stub::keys(&told));
    for (algorithm, kid, key) in [
        ("RS256", "1", &keys[0]),
        ("RS384", "1", &keys[0]),
        ("RS512", "1", &keys[0]),
        ("PS256", "1", &keys[0]),
        ("PS384", "1", &keys[0]),
        ("PS512", "1", &keys[0]),
        ("ES256", "2", &keys[1]),
        ("ES384", "3", &keys[2]),
        ("EdDSA", "4", &keys[3]),
    ] {
        let finished = desk.sign_in_by(key, algorithm, kid, |_| {}).await;
        assert!(finished.outcome.is_ok(), "{algorithm}: {finished:?}");
        assert_eq!(finished.trace[3].data["algorithm"], algorithm);
    }
}

#[tokio::test]
async fn a_shared_secret_signs_only_where_there_is_one_and_the_provider_does_that() {
    let sign = |key: &'static [u8]| {
        move |message: &[u8]| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, key);
            hmac::sign(&key, message).as_ref().to_vec()
        }
    };
    let header = json!({"alg": "HS256"});
    let mut desk = Desk::new().await;
    desk.stub
        .describes("id_token_signing_alg_values_supported", json!(["RS256", "HS256"]));
    let begun = desk.begin().await;
    desk.gives(&keys::token(
        &header,
        &desk.claims(&begun),
        sign(SECRET.as_bytes()),
    ));
    desk.finish(begun).await.outcome.unwrap();
    let begun = desk.begin().await;
    desk.gives(&keys::token(&header, &desk.claims(&begun), sign(b"another")));
    assert_eq!(why(&desk.finish(begun).await), &Refused::BadSignature);
    // Anybody may know the secret of a public client.
    desk.provider.client_secret = None;
    let begun = desk.begin().await;
    desk.gives(&keys::token(&header, &desk.claims(&begun), sign(b"")));
    let finished = desk.finish(begun).await;
    assert_eq!(why(&finished).name(), "algorithm");
    let desk = Desk::new().await;
    let begun = desk.begin().await;
    desk.gives(&keys::token(
        &header,
        &desk.claims(&begun),
        sign(SECRET.as_bytes()),
    ));
    assert_eq!(why(&desk.finish(begun).await).name(), "algorithm");
}

#[tokio::test]
async fn an_email_is_verified_only_where_the_provider_says_so() {
    let desk = Desk::new().await;
    for (said, is) in [
        (json!(true), true),
        (json!("true"), true),
        (json!(false), false),
        (json!("false"), false),
        (Value::Null, false),
    ] {
        let finished = desk
            .sign_in(|claims| claims["email_verified"] = said.clone())
            .await;
        assert_eq!(finished.outcome.unwrap().email_verified, is, "{said}");
    }
    let finished = desk.sign_in(|claims| remove(claims, "email_verified")).await;
    assert!(!finished.outcome.unwrap().email_verified);
}

#[tokio::test]
async fn what_the_token_leaves_out_is_asked_for() {
    let desk = Desk::new().await;
    let details = json!({
        "sub": "u-4711", "email": "mara@northdesk.example", "email_verified": "true", "groups": ["b"], "team": "c",
    });
    desk.stub.says("/userinfo", Says::Json(200, details));
    let without = |claims: &mut Value| {
        // Of another address, if of any.
        claims["email_verified"] = json!(false);
        claims["groups"] = json!(["a"]);
        remove(claims, "email");
    };
    let finished = desk.sign_in(without).await;
    let identity = finished.outcome.unwrap();
    assert_eq!(identity.email.as_deref(), Some("mara@northdesk.example"));
    assert!(identity.email_verified);
    assert_eq!(identity.claims["groups"], ["a"]);
    assert_eq!(identity.claims["team"], ["c"]);
    let head = desk.stub.last("/userinfo").head;
    assert!(head.contains("authorization: Bearer access-1"), "{head}");
    // Where they aren't to be had, somebody has no email; that is all.
    for says in [
        Says::Json(500, json!({})),
        Says::Json(403, json!({})),
        Says::Bytes(b"a.signed.one".to_vec()),
        Says::Bytes(vec![b' '; 300_000]),
    ] {
        desk.stub.says("/userinfo", says);
        let finished = desk.sign_in(without).await;
        let went_on = &finished.trace.last().unwrap().message;
        assert_eq!(went_on, "Went on without the user's details");
        assert_eq!(finished.outcome.unwrap().email, None);
    }
    desk.stub.says(
        "/userinfo",
        Says::Json(200, json!({"sub": "u-4712", "email": "a@b.example"})),
    );
    assert_eq!(why(&desk.sign_in(without).await), &Refused::WrongSubject);
    desk.stub
        .says("/userinfo", Says::Json(200, json!({"email": "a@b.example"})));
    assert_eq!(why(&desk.sign_in(without).await), &Refused::WrongSubject);
}

#[tokio::test]
async fn claims_are_kept_by_name_for_who_maps_them_to_roles() {
    let desk = Desk::new().await;
    let finished = desk
        .sign_in(|claims| {
            claims["groups"] = json!(["audit", "support", ["deeper"], null, 7]);
            claims["realm_access"] = json!({"roles": ["owner"], "a": {"b": {"c": {"d": "too deep"}}}});
            claims["is_admin"] = json!(true);
            claims["long"] = json!("x".repeat(513));
            remove(claims, "name");
            claims["given_name"] = json!("Mara");
            claims["family_name"] = json!("Okafor");
        })
        .await;
    let identity = finished.outcome.unwrap();
    assert_eq!(identity.name.as_deref(), Some("Mara Okafor"));
    let claims = identity.claims;
    assert_eq!(claims["groups"], ["audit", "support", "7"]);
    assert_eq!(claims["realm_access.roles"], ["owner"]);
    assert_eq!(claims["is_admin"], ["true"]);
    for absent in ["long", "nonce", "exp", "realm_access", "realm_access.a.b.c.d"] {
        assert!(!claims.contains_key(absent), "{absent}");
    }
    let many: Vec<_> = (0..5_000).map(|group| format!("group-{group}")).collect();
    let finished = desk.sign_in(|claims| claims["groups"] = json!(many)).await;
    let claims = finished.outcome.unwrap().claims;
    assert_eq!(claims.values().map(Vec::len).sum::<usize>(), 1_000);
}

#[tokio::test]
async fn ids_tell_where_to_look_in_the_provider_s_log() {
    let desk = Desk::new().await;
    let finished = desk
        .sign_in(|claims| {
            claims["sid"] = json!("session-1");
            claims["jti"] = json!("token-1");
            claims["tid"] = json!("tenant-1");
            claims["oid"] = json!(7);
        })
        .await;
    let ids = &finished.ids;
    assert_eq!(ids.sid.as_deref(), Some("session-1"));
    assert_eq!(ids.jti.as_deref(), Some("token-1"));
    assert_eq!(ids.tid.as_deref(), Some("tenant-1"));
    assert_eq!(ids.oid, None);
    assert_eq!(ids.requests["x-request-id"], "r-200");
}

#[tokio::test]
async fn a_token_for_several_is_taken_where_it_was_made_for_us() {
    let desk = Desk::new().await;
    let finished = desk
        .sign_in(|claims| {
            claims["aud"] = json!(["another", CLIENT]);
            claims["azp"] = json!(CLIENT);
        })
        .await;
    finished.outcome.unwrap();
    for azp in [json!("another"), json!(7), Value::Null] {
        let finished = desk
            .sign_in(|claims| {
                claims["aud"] = json!(["another", CLIENT]);
                claims["azp"] = azp;
            })
            .await;
        assert_eq!(why(&finished), &Refused::WrongAudience);
    }
}

#[tokio::test]
async fn the_issuer_may_be_named_by_the_answer() {
    let desk = Desk::new().await;
    desk.stub
        .describes("authorization_response_iss_parameter_supported", json!(true));
    let begun = desk.begin().await;
    desk.gives(&Key::rsa().token("RS256", "1", &desk.claims(&begun)));
    let answer = Answer {
        iss: Some(desk.provider.issuer.clone()),
        ..answer(&begun)
    };
    desk.finish_with(begun, &answer).await.outcome.unwrap();
    let begun = desk.begin().await;
    assert_eq!(why(&desk.finish(begun).await), &Refused::UnnamedAnswer);
}
