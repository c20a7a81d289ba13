//! What providers say about themselves (OpenID Connect Discovery 1.0) and the keys they sign with, kept for a while.

use super::{
    fetch::{Fetch, document, is_https, short},
    refused::{Asked, Refused},
};
use daybook_domain::time::{Clock, Timestamp};
use openidconnect::core::CoreJsonWebKeySet;
use reqwest::{
    Url,
    header::{ACCEPT, HeaderMap, HeaderValue},
};
use serde::Deserialize;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How long both are kept, in seconds.
const KEPT: i64 = 60 * 60;
/// After how many seconds the keys may be asked for anew because one is missing: else who makes tokens up would make us
/// ask each time.
const RENEWED: i64 = 60;
/// Providers that are known at once. One who sets up one after the other doesn't fill the memory.
const PROVIDERS: usize = 64;

/// Of what a provider says about itself, what counts here.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Metadata {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub jwks_uri: String,
    pub userinfo_endpoint: Option<String>,
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    pub id_token_signing_alg_values_supported: Option<Vec<String>>,
    /// Whether each answer names its issuer (RFC 9207, 3).
    pub authorization_response_iss_parameter_supported: Option<bool>,
}

/// A provider.
#[derive(Debug)]
pub(super) struct Known {
    pub says: Metadata,
    at: Timestamp,
    keys: Mutex<Option<Held>>,
    /// When the keys were last asked for because one was missing. Held while they are, so that others wait for them.
    renewed: tokio::sync::Mutex<Option<Timestamp>>,
}

#[derive(Debug, Clone)]
struct Held {
    keys: Arc<CoreJsonWebKeySet>,
    at: Timestamp,
}

#[derive(Debug)]
pub(super) struct Providers {
    fetch: Fetch,
    clock: Arc<dyn Clock>,
    known: Mutex<HashMap<String, Arc<Known>>>,
}

impl Providers {
    pub fn new(fetch: Fetch, clock: Arc<dyn Clock>) -> Self {
        Self {
            fetch,
            clock,
            known: Mutex::default(),
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Arc<Known>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a provider; it is asked where that is nothing, or old.
    pub async fn provider(&self, issuer: &str) -> Result<Arc<Known>, Refused> {
        let now = self.clock.now();
        let known = self.known().get(issuer).map(Arc::clone);
        if let Some(known) = known.filter(|known| is_fresh(known.at, now)) {
            return Ok(known);
        }
        let answer = self
            .fetch
            .get(Asked::Discovery, &discovery(issuer)?, accept_json())
            .await?;
        let says = document(Asked::Discovery, &answer)?;
        check(issuer, &says)?;
        let known = Arc::new(Known {
            says,
            at: now,
            keys: Mutex::default(),
            renewed: tokio::sync::Mutex::default(),
        });
        self.keep(issuer, &known);
        Ok(known)
    }

    /// It is asked anew when it is needed.
    pub fn forget(&self, issuer: &str) {
        self.known().remove(issuer);
    }

    fn keep(&self, issuer: &str, provider: &Arc<Known>) {
        let mut known = self.known();
        if known.len() >= PROVIDERS && !known.contains_key(issuer) {
            let oldest = known.iter().min_by_key(|(_, provider)| provider.at);
            let oldest = oldest.map(|(issuer, _)| issuer.clone());
            if let Some(oldest) = oldest {
                known.remove(&oldest);
            }
        }
        known.insert(issuer.to_owned(), Arc::clone(provider));
    }

    /// The keys of a provider.
    pub async fn keys(&self, provider: &Known) -> Result<Arc<CoreJsonWebKeySet>, Refused> {
        let now = self.clock.now();
        match provider.held().filter(|held| is_fresh(held.at, now)) {
            Some(held) => Ok(held.keys),
            None => self.ask_for_keys(provider).await,
        }
    }

    /// Other keys than those in which one is missing; `None` where they can't be asked for again yet.
    pub async fn other_keys(
        &self,
        provider: &Known,
        than: &Arc<CoreJsonWebKeySet>,
    ) -> Result<Option<Arc<CoreJsonWebKeySet>>, Refused> {
        let mut renewed = provider.renewed.lock().await;
        // Who waited has them from who came first.
        if let Some(held) = provider.held().filter(|held| !Arc::ptr_eq(&held.keys, than)) {
            return Ok(Some(held.keys));
        }
        let now = self.clock.now();
        if renewed.is_some_and(|at| now < at.plus_seconds(RENEWED)) {
            return Ok(None);
        }
        *renewed = Some(now);
        self.ask_for_keys(provider).await.map(Some)
    }

    async fn ask_for_keys(&self, provider: &Known) -> Result<Arc<CoreJsonWebKeySet>, Refused> {
        let url = &provider.says.jwks_uri;
        let answer = self.fetch.get(Asked::Keys, url, accept_json()).await?;
        let keys = Arc::new(document(Asked::Keys, &answer)?);
        *provider.kept_keys() = Some(Held {
            keys: Arc::clone(&keys),
            at: self.clock.now(),
        });
        Ok(keys)
    }
}

impl Known {
    fn kept_keys(&self) -> MutexGuard<'_, Option<Held>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn held(&self) -> Option<Held> {
        self.kept_keys().clone()
    }
}

fn is_fresh(at: Timestamp, now: Timestamp) -> bool {
    now < at.plus_seconds(KEPT)
}

pub(super) fn accept_json() -> HeaderMap {
    HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))])
}

/// Whether this is how a provider may call itself.
pub(crate) fn is_issuer(issuer: &str) -> Result<(), Refused> {
    discovery(issuer).map(|_| ())
}

/// Where a provider says what it is (OpenID Connect Discovery 1.0, 4).
fn discovery(issuer: &str) -> Result<String, Refused> {
    let url = Url::parse(issuer).map_err(|_| Refused::NotAnIssuer)?;
    let is_issuer =
        matches!(url.scheme(), "https" | "http") && url.query().is_none() && url.fragment().is_none();
    if !is_issuer {
        return Err(Refused::NotAnIssuer);
    }
    let base = issuer.strip_suffix('/').unwrap_or(issuer);
    Ok(format!("{base}/.well-known/openid-configuration"))
}

/// Whether this is what the provider that is meant may say about itself (OpenID Connect Discovery 1.0, 4.3).
pub(super) fn check(issuer: &str, says: &Metadata) -> Result<(), Refused> {
    // Microsoft's own template: each tenant's tokens then have another issuer.
    if says.issuer.contains("{tenantid}") {
        return Err(Refused::ManyTenants);
    }
    if says.issuer != issuer {
        return Err(Refused::OtherIssuer {
            said: short(&says.issuer),
        });
    }
    let endpoints = [
        (Asked::SignIn, Some(&says.authorization_endpoint)),
        (Asked::Tokens, Some(&says.token_endpoint)),
        (Asked::Keys, Some(&says.jwks_uri)),
        (Asked::Details, says.userinfo_endpoint.as_ref()),
    ];
    for (asked, endpoint) in endpoints {
        let Some(endpoint) = endpoint else { continue };
        let url = Url::parse(endpoint).map_err(|_| Refused::Malformed {
            asked,
            what: "it has no address of the web".to_owned(),
        })?;
        // Who is asked by http says http of others too; who is asked by https doesn't lead out of it.
        let is_good = url.scheme() == "https" || (url.scheme() == "http" && !is_https(issuer));
        if !is_good {
            return Err(Refused::NotHttps(asked));
        }
    }
    Ok(())
}
