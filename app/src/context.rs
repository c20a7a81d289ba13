//! What the server hands to the pages of one request, and how a server function gets at it.

use crate::error::AppError;
use daybook_domain::{
    Error,
    email::NewPassword,
    object::{KindGranted, ObjectKind, Right},
    past::{Subject, SubjectGranted},
    permission::Grantable,
    portal::ContactViewer,
    ports::Ports,
    view::OwnLists,
    viewer::{Granted, RequestContext, Viewer},
};
use leptos::prelude::*;
use std::sync::Arc;

/// URLs of the built assets, with their content hash: they may be cached for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    /// The JavaScript module that wasm-bindgen made.
    pub js: String,
    pub wasm: String,
    pub css: String,
}

/// Everything the pages may use of the server, for one request. The server provides it as a Leptos context.
#[derive(Debug, Clone)]
pub struct ServerContext {
    pub ports: Ports,
    /// `None` where nobody is signed in.
    pub viewer: Option<Viewer>,
    /// The contact who is signed in to the customer portal; known to its pages alone.
    pub contact: Option<ContactViewer>,
    /// What the browser has that asked for a link to sign in to the customer portal.
    pub link_browser: NewPassword,
    /// What the viewer keeps of lists; `None` where they may see none, and where no page is asked for.
    pub lists: Option<OwnLists>,
    pub request: RequestContext,
    pub assets: Arc<Assets>,
    /// For the Content-Security-Policy of this response.
    pub nonce: String,
}

impl ServerContext {
    /// The context of the current request.
    ///
    /// # Errors
    /// `Unavailable` outside a request, which is a mistake in the wiring.
    pub fn current() -> Result<Self, AppError> {
        use_context::<Self>().ok_or_else(|| {
            AppError::new(Error::Unavailable {
                request_id: "no request context".to_owned(),
            })
        })
    }
}

/// The ports and the contact of the customer portal, or `Unauthenticated`.
pub fn in_portal() -> Result<(Ports, ContactViewer), AppError> {
    let context = ServerContext::current()?;
    let contact = context
        .contact
        .ok_or_else(|| AppError::new(Error::Unauthenticated))?;
    Ok((context.ports, contact))
}

/// The ports and the viewer, or `Unauthenticated`.
pub fn signed_in() -> Result<(Ports, Viewer), AppError> {
    let context = ServerContext::current()?;
    let viewer = context
        .viewer
        .ok_or_else(|| AppError::new(Error::Unauthenticated))?;
    Ok((context.ports, viewer))
}

/// The ports and proof that the viewer holds `permission`; a refusal is recorded as `access.denied`. `what` names
/// what was asked for.
pub async fn authorize<P: Grantable>(permission: P, what: &str) -> Result<(Ports, Granted<P>), AppError> {
    let (ports, viewer) = signed_in()?;
    match viewer.grant(permission) {
        Ok(granted) => Ok((ports, granted)),
        Err(refusal) => Err(refused(&ports, &viewer, refusal, what).await),
    }
}

/// As [`authorize`], with proof that the viewer may do something with things of a kind.
pub async fn authorize_kind<R: Right>(
    kind: ObjectKind,
    right: R,
    what: &str,
) -> Result<(Ports, KindGranted<R>), AppError> {
    let (ports, viewer) = signed_in()?;
    match viewer.grant_kind(kind, right) {
        Ok(granted) => Ok((ports, granted)),
        Err(refusal) => Err(refused(&ports, &viewer, refusal, what).await),
    }
}

/// `None` for what isn't there, where that is an answer.
pub fn found<T>(answer: daybook_domain::Result<T>) -> Result<Option<T>, AppError> {
    match answer {
        Err(Error::NotFound) => Ok(None),
        answer => Ok(Some(answer?)),
    }
}

/// As [`authorize`], with proof that the viewer may see and change what has past states.
pub async fn authorize_subject(subject: Subject, what: &str) -> Result<(Ports, SubjectGranted), AppError> {
    let (ports, viewer) = signed_in()?;
    match viewer.grant_subject(subject) {
        Ok(granted) => Ok((ports, granted)),
        Err(refusal) => Err(refused(&ports, &viewer, refusal, what).await),
    }
}

async fn refused(ports: &Ports, viewer: &Viewer, refusal: Error, what: &str) -> AppError {
    if let Error::Forbidden { permission } = refusal
        && let Err(error) = ports.gate.refused(viewer, permission, what).await
    {
        return AppError::new(error);
    }
    AppError::new(refusal)
}
