//! Whatever comes, nothing panics and nobody comes in.

use super::*;
use crate::{
    delivery::http,
    oidc::{
        claims, exchange,
        known::Metadata,
        token::{Expected, Unverified},
    },
};
use openidconnect::core::CoreJsonWebKeySet;
use proptest::{collection::vec, prelude::*, sample::select};
use reqwest::header::HeaderMap;

fn provider(secret: Option<&str>) -> Provider {
    Provider {
        issuer: "https://id.example".to_owned(),
        client_id: CLIENT.to_owned(),
        client_secret: secret.map(SecretString::from),
        scopes: Vec::new(),
    }
}

fn says() -> Metadata {
    let json = json!({
        "issuer": "https://id.example",
        "authorization_endpoint": "https://id.example/a",
        "token_endpoint": "https://id.example/t",
        "jwks_uri": "https://id.example/k",
        "id_token_signing_alg_values_supported": ["RS256", "HS256"],
    });
    serde_json::from_value(json).unwrap()
}

fn pending(at: i64) -> crate::oidc::Pending {
    let at = TestClock::default().now().plus_seconds(at);
    let json = json!({
        "issuer": "https://id.example", "client_id": CLIENT, "state": "the-state", "nonce": "n", "verifier": "v",
        "begun_at": at,
    });
    serde_json::from_value(json).unwrap()
}

/// Names that mean something in one place or another.
const NAMES: &[&str] = &[
    "access_token",
    "acr",
    "address",
    "alg",
    "amr",
    "aud",
    "auth_time",
    "azp",
    "crit",
    "cty",
    "email",
    "email_verified",
    "error",
    "error_description",
    "exp",
    "iat",
    "id_token",
    "iss",
    "kid",
    "locale",
    "name",
    "nbf",
    "nonce",
    "sub",
    "typ",
    "updated_at",
];

fn name() -> impl Strategy<Value = String> {
    prop_oneof![4 => select(NAMES).prop_map(str::to_owned), 1 => ".{0,8}"]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        select(
            &[
                "https://id.example",
                CLIENT,
                "n",
                "RS256",
                "HS256",
                "none",
                "JWT",
                "1",
                "a.b.c"
            ][..]
        )
        .prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![vec(inner.clone(), 0..6).prop_map(Value::from), object(inner)]
    })
}

fn object(values: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    vec((name(), values), 0..12).prop_map(|fields| Value::Object(fields.into_iter().collect()))
}

fn answered(status: u16, body: Vec<u8>) -> http::Answer {
    http::Answer {
        status,
        headers: HeaderMap::new(),
        body: body.into(),
        is_cut: false,
    }
}

fn withstands(text: &str) -> Result<(), TestCaseError> {
    let keys = json!({"keys": [Key::ed().told("1"), {"kty": "RSA", "n": "AQ", "e": "AQ"}]});
    let keys: CoreJsonWebKeySet = serde_json::from_value(keys).unwrap();
    let Ok(token) = Unverified::read(text) else {
        return Ok(());
    };
    let _names = claims::names(&token.claims);
    let _identity = claims::identity(&token.claims, Some(&token.claims));
    for secret in [None, Some(SECRET)] {
        let expected = Expected {
            provider: &provider(secret),
            says: &says(),
            nonce: "n",
            now: TestClock::default().now(),
        };
        prop_assert!(token.verify(&keys, &expected).is_err());
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_query_is_withstood(query in ".*", at in -700_i64..700) {
        let now = TestClock::default().now();
        let read = |query: &str| {
            let answer = Answer::of_query(query);
            let _names = answer.names();
            answer.code(&provider(None), &pending(at), now).map(str::to_owned)
        };
        prop_assert_eq!(read(&query), Err(Refused::StateMismatch));
        if let Ok(code) = read(&format!("state=the-state&{query}")) {
            prop_assert!(!code.is_empty() && at >= -600);
        }
        let twice = read(&format!("state=the-state&code=1&state={query}"));
        prop_assert_eq!(twice, Err(Refused::StateMismatch));
    }

    #[test]
    fn any_answer_of_the_token_endpoint_is_withstood(
        status in select(&[200_u16, 201, 302, 400, 401][..]),
        bytes in vec(any::<u8>(), 0..200),
        said in object(value()),
    ) {
        for body in [bytes, said.to_string().into_bytes()] {
            if let Ok(tokens) = exchange::read(&answered(status, body), &[SecretString::from(SECRET)]) {
                prop_assert_eq!(status, 200);
                prop_assert!(tokens.access_token.is_none() || said["access_token"].is_string());
            }
        }
    }

    #[test]
    fn any_token_is_withstood(header in object(value()), claims in object(value()), signature in vec(any::<u8>(), 0..80)) {
        withstands(&keys::token(&header, &claims, |_| signature.clone()))?;
        for alg in ["RS256", "EdDSA", "HS256"] {
            let header = json!({"alg": alg, "kid": "1"});
            withstands(&keys::token(&header, &claims, |_| signature.clone()))?;
        }
    }

    #[test]
    fn any_text_as_a_token_is_withstood(text in "[A-Za-z0-9_.=-]{0,60}|.{0,60}") {
        withstands(&text)?;
    }

    #[test]
    fn what_is_kept_of_claims_is_bounded(claims in object(value())) {
        let claims = claims.as_object().unwrap();
        prop_assert!(claims::names(claims).len() <= 60);
        if let Some(identity) = claims::identity(claims, None) {
            prop_assert!(!identity.subject.is_empty());
            prop_assert!(identity.email.is_none_or(|email| email.contains('@')));
            prop_assert!(!identity.claims.contains_key("nonce"));
        }
    }
}

/// By all of the way, too.
#[tokio::test]
async fn bodies_that_are_no_answers_lead_nowhere() {
    let desk = Desk::new().await;
    for body in [
        "",
        "null",
        "[]",
        "{",
        "{}",
        "\"id_token\"",
        "{\"id_token\":{}}",
        "{\"id_token\":\"..\"}",
        "\u{0}",
    ] {
        let begun = desk.begin().await;
        desk.stub.says("/token", Says::Bytes(body.into()));
        desk.finish(begun).await.outcome.unwrap_err();
    }
}
