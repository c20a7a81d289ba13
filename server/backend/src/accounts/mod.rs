//! People, roles, sessions and keys: who may enter, and the record of it.
//!
//! [`Accounts`] is the one way in. Each noun has a file; what they share (the connections, the password pool, the
//! throttle, the caches) is here. Every change runs in [`Writer::change`] and records its event in the same
//! transaction (see [`records`]); the tests enumerate the methods and fail on one that doesn't.
//!
//! Nobody can hand out more than they hold: whoever manages users, roles or keys does so within their own
//! permissions (see [`rows::within_own`]).
//!
//! What a form changes it has shown first: who sends it says what they have seen, and is refused where that has changed
//! (see [`crate::record::has_seen`]).
//!
//! No HTTP and no cookies here: the server keeps the cookie, this keeps the rows.

mod api_keys;
mod by_provider;
mod challenge;
mod demo;
mod departed;
mod gate;
mod impersonation;
mod invitations;
mod known_keys;
mod list;
mod on_behalf;
mod own;
mod passwords;
mod policy;
mod profile;
mod providers;
mod records;
mod resets;
mod roles;
mod rows;
mod second_factor;
mod sessions;
mod sign_in;
mod stored;
#[cfg(test)]
pub(crate) mod tests;
mod throttle;
mod touched;
mod users;
mod workspace;

pub use by_provider::{AT_PROVIDER_SECONDS, AtProvider, CameBack, ContactBack, UserBack};
pub(crate) use by_provider::{is_of_domains, is_verified, told as told_of_provider, way as way_of_provider};
pub use challenge::{CODE_SECONDS, Entering};
pub(crate) use on_behalf::{Standing, holds};
pub use providers::Audience;
pub(crate) use providers::{domains as domains_of_provider, newcomers as newcomers_of_provider};
pub(crate) use records::WorkspaceRecord;
pub(crate) use roles::{active_users_with, roles_with};
pub(crate) use rows::{format as regional_format, key, line, lock, may_do_all, name as checked_name};
pub use sessions::NewSession;
pub(crate) use sign_in::{Trace, Typed, Way, Why, lower, nobody};
pub(crate) use stored::{Keys, People, Providers, Settings, renamed};
pub(crate) use throttle::{Held, Throttle, Try};
pub use workspace::{SetUp, Workspace};

use crate::{
    Error, Result,
    db::Db,
    delivery::{http::Sender, sealed::Keyring},
    email::Mailing,
    local_time::Reader,
    oidc::Oidc,
    secrets::Resealed,
    writer::{WriteTx, Writer},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use daybook_domain::{
    Error as Told,
    id::{IdMaker, WorkspaceId},
    permission::PermissionSet,
    time::Clock,
    viewer::{Principal, RequestContext, Viewer},
};
use daybook_entity::user;
use futures::future::BoxFuture;
use sha2::{Digest, Sha256};
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

/// People, roles, sessions and keys of the installation. Cheap to clone.
#[derive(Clone)]
pub struct Accounts(Arc<Inner>);

struct Inner {
    db: Db,
    writer: Writer,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdMaker>,
    workspace: OnceLock<Workspace>,
    passwords: passwords::Passwords,
    throttle: Mutex<Throttle>,
    /// Of those who ask for a new password.
    resets: Mutex<Throttle>,
    /// Of those who go to an identity provider and come back from one.
    at_providers: Mutex<Throttle>,
    keys: Mutex<known_keys::KnownKeys>,
    touched: touched::Touched,
    mailing: Mailing,
    oidc: Oidc,
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Accounts")
    }
}

impl Accounts {
    pub fn new(
        db: Db,
        writer: Writer,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdMaker>,
        mailing: Mailing,
        sender: Sender,
    ) -> Self {
        let oidc = Oidc::new(sender, clock.clone());
        Self(Arc::new(Inner {
            db,
            writer,
            clock,
            ids,
            workspace: OnceLock::new(),
            passwords: passwords::Passwords::new(),
            throttle: Mutex::default(),
            resets: Mutex::default(),
            at_providers: Mutex::default(),
            keys: Mutex::default(),
            touched: touched::Touched::default(),
            mailing,
            oidc,
        }))
    }

    /// Runs a change that `who` asked for, alone among the changes of accounts, if they may still ask for it; records
    /// a refusal for want of a permission. `what` names the change in that record.
    pub(crate) async fn change<T, F>(&self, who: &Viewer, what: &str, change: F) -> daybook_domain::Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut WriteTx, &'t Viewer) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        let viewer = who.clone();
        let changed = self.0.writer.change(move |tx| {
            Box::pin(async move {
                lock(tx, viewer.workspace()).await?;
                rows::still_allowed(tx.db(), &viewer, tx.now()).await?;
                change(tx, &viewer).await
            })
        });
        let outcome = changed.await.map_err(outside(who));
        if let Err(Told::Forbidden { permission }) = outcome {
            self.record_refusal(who, permission, what)
                .await
                .map_err(outside(who))?;
        }
        outcome
    }

    /// How people are mailed links.
    pub(crate) fn mailing(&self) -> &Mailing {
        &self.0.mailing
    }

    /// How identity providers are spoken to.
    fn oidc(&self) -> &Oidc {
        &self.0.oidc
    }

    pub(crate) fn ids(&self) -> Arc<dyn IdMaker> {
        Arc::clone(&self.0.ids)
    }

    fn reader(&self, who: &Viewer) -> Reader {
        Reader::viewer(who, self.0.clock.now())
    }

    fn throttle(&self) -> MutexGuard<'_, Throttle> {
        locked(&self.0.throttle)
    }
}

/// Seals what is kept of accounts with the key that seals now.
pub(crate) async fn reseal(
    tx: &WriteTx,
    workspace: WorkspaceId,
    keys: &Keyring,
    resealed: &mut Resealed,
) -> Result<()> {
    second_factor::reseal(tx, workspace, keys, resealed).await?;
    providers::reseal(tx, workspace, keys, resealed).await
}

/// What is behind a lock here stays whole whatever panics.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A reader of what a change returns.
fn reader(who: &Viewer, tx: &WriteTx) -> Reader {
    Reader::viewer(who, tx.now())
}

/// What the asker is told of an error.
fn outside(who: &Viewer) -> impl Fn(Error) -> Told {
    move |error| error.into_domain(&who.request().correlation_id)
}

/// Somebody who isn't signed in (yet), as the actor of what they do.
fn person_at_the_door(workspace: WorkspaceId, user: &user::Model, request: &RequestContext) -> Viewer {
    let principal = Principal::User {
        id: daybook_domain::id::UserId(user.id),
        name: user.name.clone(),
        email: user.email.clone(),
        session: None,
    };
    Viewer::new(
        workspace,
        principal,
        PermissionSet::new(),
        user.zone.clone(),
        String::new(),
        request.clone(),
    )
}

/// 256 random bits, fit for a link or a header.
pub(crate) fn secret() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// What the database holds of a secret of 256 random bits: no slow hash is needed for those.
pub(crate) fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
