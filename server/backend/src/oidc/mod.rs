//! Signing in by OpenID Connect: what is said to a provider, and what of its answers is believed.
//!
//! The authorization code flow (OpenID Connect Core 1.0, 3.1) with PKCE (RFC 7636): [`Oidc::begin`] says where the browser
//! goes and what has to be remembered of it, [`Oidc::finish`] what came of it, with a trace for the record. What a provider
//! says about itself and its keys are [`known`] for a while; the [`exchange`] gives a [`token`], whose [`claims`] tell who it
//! is. A mistake is [`refused`] with a name and a sentence.
//!
//! No database and no sessions here, and nobody is let in: an [`Identity`] says whom the provider means, not what they may.

mod claims;
mod exchange;
mod fetch;
mod known;
mod refused;
mod seen;
#[cfg(test)]
pub(crate) mod tests;
mod token;

use crate::{accounts::secret, delivery::http::Sender};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use claims::Claims;
use daybook_domain::{
    event::Step,
    time::{Clock, Timestamp},
};
use exchange::Exchange;
use fetch::Fetch;
pub(crate) use known::is_issuer;
use known::{Known, Providers};
use openidconnect::url::form_urlencoded;
use refused::Asked;
pub(crate) use refused::{Fault, Refused};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use seen::Seen;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt, sync::Arc};
use subtle::ConstantTimeEq;
use token::{Expected, Unverified};

/// Seconds that somebody may take at the provider.
const TIME: i64 = 10 * 60;

/// A provider as it is set up.
#[derive(Debug, Clone)]
pub(crate) struct Provider {
    /// As it calls itself, to the letter.
    pub issuer: String,
    pub client_id: String,
    /// `None` for a public client.
    pub client_secret: Option<SecretString>,
    /// Beyond `openid`.
    pub scopes: Vec<String>,
}

/// Cheap to clone; copies know the same of providers.
#[derive(Debug, Clone)]
pub(crate) struct Oidc {
    fetch: Fetch,
    clock: Arc<dyn Clock>,
    providers: Arc<Providers>,
}

/// A sign-in that has begun.
#[derive(Debug)]
pub(crate) struct Begun {
    /// Where the browser is sent.
    pub url: String,
    pub pending: Pending,
}

/// What has to be remembered until the browser is back, where nobody else reads or changes it. It serves once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pending {
    issuer: String,
    client_id: String,
    state: String,
    nonce: String,
    verifier: String,
    begun_at: Timestamp,
}

/// What the browser came back with.
#[derive(Clone, Default)]
pub(crate) struct Answer {
    pub code: Option<String>,
    pub state: Option<String>,
    pub error: Option<String>,
    pub error_description: Option<String>,
    pub iss: Option<String>,
}

/// Whom the provider means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    /// Stays the same with this provider, whatever else changes.
    pub subject: String,
    pub email: Option<String>,
    /// Whether the provider says so of this address.
    pub email_verified: bool,
    pub name: Option<String>,
    /// What else it says, by name, for who maps it to roles; what lies within another has both names, joined by a dot.
    pub claims: BTreeMap<String, Vec<String>>,
}

/// By what the provider can find it in its own log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ids {
    /// The session there.
    pub sid: Option<String>,
    /// The token.
    pub jti: Option<String>,
    /// The tenant and the object, as Microsoft has them.
    pub tid: Option<String>,
    pub oid: Option<String>,
    /// Requests, by the name of the header or field.
    pub requests: BTreeMap<String, String>,
}

/// What came of a sign-in.
#[derive(Debug)]
pub(crate) struct Finished {
    pub outcome: Result<Identity, Refused>,
    /// For the record, either way.
    pub trace: Vec<Step>,
    pub ids: Ids,
}

impl fmt::Debug for Pending {
    /// Who knows it can finish what somebody else has begun.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("begun_at", &self.begun_at)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Answer {
    /// The code is as good as a password for a minute.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl Answer {
    /// From the query of the address that the browser came to. What comes twice counts as missing (RFC 6749, 3.1).
    pub fn of_query(query: &str) -> Self {
        let one = |wanted: &str| {
            let mut found = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == wanted);
            let (_, value) = found.next()?;
            found.next().is_none().then(|| value.into_owned())
        };
        Self {
            code: one("code"),
            state: one("state"),
            error: one("error"),
            error_description: one("error_description"),
            iss: one("iss"),
        }
    }

    fn names(&self) -> Vec<&'static str> {
        let all = [
            ("code", &self.code),
            ("state", &self.state),
            ("error", &self.error),
            ("error_description", &self.error_description),
            ("iss", &self.iss),
        ];
        let there = all.into_iter().filter(|(_, value)| value.is_some());
        there.map(|(name, _)| name).collect()
    }

    /// The code, where it answers what was begun here.
    fn code(&self, provider: &Provider, pending: &Pending, now: Timestamp) -> Result<&str, Refused> {
        let state = self.state.as_deref().unwrap_or_default();
        if !bool::from(state.as_bytes().ct_eq(pending.state.as_bytes())) {
            return Err(Refused::StateMismatch);
        }
        if (&pending.issuer, &pending.client_id) != (&provider.issuer, &provider.client_id) {
            return Err(Refused::OtherProvider);
        }
        if now > pending.begun_at.plus_seconds(TIME) {
            return Err(Refused::Expired);
        }
        // Whose answer it is (RFC 9207, 2.4).
        if let Some(said) = self.iss.as_ref().filter(|said| **said != provider.issuer) {
            let said = fetch::short(said);
            return Err(Refused::OtherAnswer { said });
        }
        if let Some(error) = &self.error {
            return Err(Refused::Denied {
                error: fetch::short(error),
                description: self.error_description.as_deref().map(fetch::short),
            });
        }
        self.code
            .as_deref()
            .filter(|code| !code.is_empty())
            .ok_or(Refused::NoCode)
    }
}

impl Oidc {
    pub fn new(sender: Sender, clock: Arc<dyn Clock>) -> Self {
        let fetch = Fetch::new(sender);
        Self {
            providers: Arc::new(Providers::new(fetch.clone(), Arc::clone(&clock))),
            fetch,
            clock,
        }
    }

    /// Whether the provider answers as one does, and has keys.
    pub async fn check(&self, provider: &Provider) -> Result<(), Refused> {
        self.providers.forget(&provider.issuer);
        let known = self.providers.provider(&provider.issuer).await?;
        Exchange::proof(provider, &known.says)?;
        self.providers.keys(&known).await.map(|_| ())
    }

    /// Where the browser is sent, and what must come back. `redirect` is where it comes back to, the same when it does.
    pub async fn begin(&self, provider: &Provider, redirect: &str) -> Result<Begun, Refused> {
        let known = self.providers.provider(&provider.issuer).await?;
        let pending = Pending {
            issuer: provider.issuer.clone(),
            client_id: provider.client_id.clone(),
            state: secret(),
            nonce: secret(),
            verifier: secret(),
            begun_at: self.clock.now(),
        };
        let endpoint = &known.says.authorization_endpoint;
        let mut url: Url = endpoint.parse().map_err(|_| Refused::Malformed {
            asked: Asked::SignIn,
            what: "it has no address of the web".to_owned(),
        })?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &provider.client_id)
            .append_pair("redirect_uri", redirect)
            .append_pair("scope", &scope(&provider.scopes))
            .append_pair("state", &pending.state)
            .append_pair("nonce", &pending.nonce)
            .append_pair("code_challenge", &challenge(&pending.verifier))
            .append_pair("code_challenge_method", "S256");
        Ok(Begun {
            url: url.into(),
            pending,
        })
    }

    /// What came of it, for whom the browser came back with an answer.
    pub async fn finish(
        &self,
        provider: &Provider,
        pending: Pending,
        redirect: &str,
        answer: &Answer,
    ) -> Finished {
        let mut seen = Seen::new(Arc::clone(&self.clock));
        seen.step(
            "Came back from the provider",
            json!({"parameters": answer.names()}),
        );
        let outcome = self.follow(provider, &pending, redirect, answer, &mut seen).await;
        if let Err(refused) = &outcome {
            seen.step(refused.to_string(), json!({"reason_code": refused.name()}));
        }
        Finished {
            outcome,
            trace: seen.steps,
            ids: seen.ids,
        }
    }

    async fn follow(
        &self,
        provider: &Provider,
        pending: &Pending,
        redirect: &str,
        answer: &Answer,
        seen: &mut Seen,
    ) -> Result<Identity, Refused> {
        let code = answer.code(provider, pending, self.clock.now())?;
        seen.step("It belongs to a sign-in that was begun here", Value::Null);
        let known = self.providers.provider(&provider.issuer).await?;
        // Who says that each answer names its issuer means that others aren't its own (RFC 9207, 2.4).
        if answer.iss.is_none() && known.says.authorization_response_iss_parameter_supported == Some(true) {
            return Err(Refused::UnnamedAnswer);
        }
        let exchange = Exchange {
            provider,
            says: &known.says,
            pending,
            redirect,
            code,
        };
        let tokens = exchange.tokens(&self.fetch, seen).await?;
        let token = Unverified::read(tokens.id_token.expose_secret())?;
        seen.step(
            "Read the ID token",
            json!({
                "algorithm": claims::cut(&token.header.alg),
                "claims": claims::names(&token.claims),
                "key": token.header.kid.as_deref().map(claims::cut),
            }),
        );
        self.verify(provider, &known, &pending.nonce, &token, seen)
            .await?;
        seen.step("The ID token holds", Value::Null);
        seen.ids.of_token(&token.claims);
        let subject = claims::identity(&token.claims, None)
            .ok_or_else(|| token::malformed("the ID token names no subject"))?;
        if subject.email.is_some() {
            return Ok(subject);
        }
        let details = self.details(&known, tokens.access_token.as_ref(), &subject.subject, seen);
        let details = details.await?;
        Ok(claims::identity(&token.claims, details.as_ref()).unwrap_or(subject))
    }

    /// With the keys as they are known, and once more where the provider has others by now.
    async fn verify(
        &self,
        provider: &Provider,
        known: &Known,
        nonce: &str,
        token: &Unverified<'_>,
        seen: &mut Seen,
    ) -> Result<(), Refused> {
        let keys = self.providers.keys(known).await?;
        let expected = Expected {
            provider,
            says: &known.says,
            nonce,
            now: self.clock.now(),
        };
        let outcome = token.verify(&keys, &expected);
        if outcome != Err(Refused::UnknownKey) {
            return outcome;
        }
        match self.providers.other_keys(known, &keys).await? {
            Some(others) => {
                seen.step("Took the provider's keys anew", Value::Null);
                token.verify(&others, &expected)
            }
            None => outcome,
        }
    }

    async fn details(
        &self,
        known: &Known,
        access: Option<&SecretString>,
        subject: &str,
        seen: &mut Seen,
    ) -> Result<Option<Claims>, Refused> {
        match (&known.says.userinfo_endpoint, access) {
            (Some(url), Some(access)) => exchange::details(&self.fetch, url, access, subject, seen).await,
            _ => Ok(None),
        }
    }
}

/// Each once.
fn scope(beyond: &[String]) -> String {
    let mut all = vec!["openid"];
    for scope in beyond.iter().flat_map(|scopes| scopes.split_whitespace()) {
        if !all.contains(&scope) {
            all.push(scope);
        }
    }
    all.join(" ")
}

/// `S256` (RFC 7636, 4.2).
fn challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}
