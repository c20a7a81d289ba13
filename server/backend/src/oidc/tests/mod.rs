//! Against a provider that is real but for its purpose, and that misbehaves on order.

mod anything;
pub(crate) mod keys;
mod refusals;
mod rotation;
mod sign_in;
pub(crate) mod stub;

use super::{
    Answer, Begun, Finished, Oidc, Provider,
    refused::{Asked, Fault, Refused},
};
use crate::{
    delivery::{
        guard::Guard,
        http::{Limits, Sender},
    },
    testing::TestClock,
};
use daybook_domain::time::Clock as _;
use keys::Key;
use reqwest::Url;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use stub::{DISCOVERY, Says, Stub};

const CLIENT: &str = "daybook";
const SECRET: &str = "s3cret/of the+client";
const REDIRECT: &str = "https://log.example/sign-in/oidc";

/// Daybook, a provider, and the clock of both.
struct Desk {
    oidc: Oidc,
    clock: Arc<TestClock>,
    stub: Stub,
    provider: Provider,
}

impl Desk {
    async fn new() -> Self {
        let stub = Stub::new().await;
        let clock = Arc::new(TestClock::default());
        Self {
            oidc: Oidc::new(sender(Limits::default()), clock.clone()),
            clock,
            provider: Provider {
                issuer: stub.issuer.clone(),
                client_id: CLIENT.to_owned(),
                client_secret: Some(SecretString::from(SECRET)),
                scopes: vec!["email".to_owned(), "profile".to_owned()],
            },
            stub,
        }
    }

    fn now(&self) -> i64 {
        self.clock.now().micros() / 1_000_000
    }

    async fn begin(&self) -> Begun {
        self.oidc.begin(&self.provider, REDIRECT).await.unwrap()
    }

    async fn refused(&self) -> Refused {
        self.oidc.begin(&self.provider, REDIRECT).await.unwrap_err()
    }

    /// What a good ID token says.
    fn claims(&self, begun: &Begun) -> Value {
        json!({
            "iss": self.provider.issuer,
            "sub": "u-4711",
            "aud": CLIENT,
            "exp": self.now() + 300,
            "iat": self.now(),
            "nonce": parameter(begun, "nonce"),
            "email": "mara@northdesk.example",
            "email_verified": true,
            "name": "Mara Okafor",
        })
    }

    fn gives(&self, token: &str) {
        let tokens = json!({"token_type": "Bearer", "access_token": "access-1", "id_token": token});
        self.stub.says("/token", Says::Json(200, tokens));
    }

    async fn finish(&self, begun: Begun) -> Finished {
        let answer = answer(&begun);
        self.finish_with(begun, &answer).await
    }

    async fn finish_with(&self, begun: Begun, answer: &Answer) -> Finished {
        let finish = self.oidc.finish(&self.provider, begun.pending, REDIRECT, answer);
        finish.await
    }

    /// All of a sign-in, with an ID token that differs from a good one.
    async fn sign_in(&self, change: impl FnOnce(&mut Value)) -> Finished {
        self.sign_in_by(&Key::rsa(), "RS256", "1", change).await
    }

    async fn sign_in_by(
        &self,
        key: &Key,
        algorithm: &str,
        kid: &str,
        change: impl FnOnce(&mut Value),
    ) -> Finished {
        let begun = self.begin().await;
        let mut claims = self.claims(&begun);
        change(&mut claims);
        self.gives(&key.token(algorithm, kid, &claims));
        self.finish(begun).await
    }
}

/// What the browser takes to the provider.
fn parameter(begun: &Begun, wanted: &str) -> String {
    let url: Url = begun.url.parse().unwrap();
    let mut found = url.query_pairs().filter(|(name, _)| name == wanted);
    let (_, value) = found.next().unwrap();
    assert_eq!(found.next(), None);
    value.into_owned()
}

/// What it brings back.
fn answer(begun: &Begun) -> Answer {
    Answer {
        code: Some("code-1".to_owned()),
        state: Some(parameter(begun, "state")),
        ..Answer::default()
    }
}

/// Why nobody came in. It stands in the trace, too.
fn why(finished: &Finished) -> &Refused {
    let refused = finished.outcome.as_ref().unwrap_err();
    let last = finished.trace.last().unwrap();
    assert_eq!(last.message, refused.to_string());
    assert_eq!(last.data["reason_code"], refused.name());
    refused
}

fn remove(claims: &mut Value, name: &str) {
    claims.as_object_mut().unwrap().remove(name);
}

/// Sends within this machine.
pub(crate) fn sender(limits: Limits) -> Sender {
    let here = ["127.0.0.0/8"].map(|network| network.parse().unwrap());
    Sender::new(Guard::new(here), limits).unwrap()
}

fn short() -> Limits {
    let time = Duration::from_millis(200);
    Limits { time, connect: time }
}
