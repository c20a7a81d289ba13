//! Who calls: the key in the request, and what it may do.

use super::problem::Problem;
use crate::http::AppState;
use axum::{
    extract::FromRequestParts,
    http::{header::AUTHORIZATION, request::Parts},
};
use daybook_backend::{error::chain, record::access_event};
use daybook_domain::{
    account::Scope,
    catalogue::OwnType,
    viewer::{Principal, RequestContext, Viewer},
};
use secrecy::SecretString;

/// The key's owner. Extracting it is the check of the key; [`Caller::require`] is the check of the scope.
#[derive(Debug)]
pub struct Caller {
    viewer: Viewer,
    scopes: Vec<Scope>,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let key = bearer(parts)
            .ok_or_else(|| Problem::unauthenticated("Send the key as “Authorization: Bearer dbk_…”."))?;
        let context = parts.extensions.get::<RequestContext>().cloned();
        Self::of_key(&key, context.unwrap_or_default(), state).await
    }
}

impl Caller {
    /// Whose key it is.
    ///
    /// # Errors
    /// 401, or 503 where it can't be told.
    pub async fn of_key(
        key: &SecretString,
        context: RequestContext,
        state: &AppState,
    ) -> Result<Self, Problem> {
        let found = state
            .services()
            .accounts
            .viewer_of_api_key(key, context)
            .await
            .map_err(|error| {
                tracing::error!(error = %chain(&error), "can't tell whose key it is");
                Problem::unavailable()
            })?;
        let (viewer, scopes) =
            found.ok_or_else(|| Problem::unauthenticated("The key is unknown or was revoked."))?;
        Ok(Self { viewer, scopes })
    }
}

fn bearer(parts: &Parts) -> Option<SecretString> {
    let value = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !key.is_empty()).then(|| SecretString::from(key))
}

impl Caller {
    /// The viewer, if the key has the scope; a refusal is recorded. `what` is the route.
    ///
    /// # Errors
    /// 403, or 503 where the refusal can't be recorded.
    pub async fn require(
        &self,
        scope: Scope,
        what: &'static str,
        state: &AppState,
    ) -> Result<&Viewer, Problem> {
        if self.scopes.contains(&scope) {
            return Ok(&self.viewer);
        }
        let who = self.viewer.clone();
        let recorded = state.services().writer.change(move |tx| {
            Box::pin(async move {
                let reason = format!("Needs the scope {scope}");
                let mut event = access_event(OwnType::AccessDenied, &who, tx, Err(reason), Vec::new());
                event.section = Some("API".to_owned());
                event.summary = Some(format!("{} was refused: {what}", who.actor().label()));
                event.metadata.insert("scope".to_owned(), scope.name().into());
                event.metadata.insert("what".to_owned(), what.into());
                tx.record(who.workspace(), event);
                Ok(())
            })
        });
        recorded.await.map_err(|error| {
            tracing::error!(error = %chain(&error), "a refusal can't be recorded");
            Problem::unavailable()
        })?;
        Err(Problem::new(403, "scope", "The key lacks a scope")
            .detail(format!("This needs a key with the scope {scope}."))
            .with("scope", scope.name()))
    }

    /// Whether the key has this scope and no other.
    pub fn may_only(&self, scope: Scope) -> bool {
        self.scopes == [scope]
    }

    /// What events are filed under that don't name their source: the key's name.
    pub fn source(&self) -> &str {
        match self.viewer.principal() {
            Principal::ApiKey { name, .. } | Principal::User { name, .. } | Principal::System { name } => {
                name
            }
        }
    }

    /// What tells one key from another.
    pub fn key(&self) -> String {
        self.viewer.actor().key()
    }
}
