//! People, roles, sessions and keys: who may enter, and the record of it.
//!
//! [`Accounts`] is the one way in. Each noun has a file; what they share (the connections, the password pool, the
//! throttle, the caches) is in [`Accounts`] itself. Every change runs in [`Writer::change`] and records its event in
//! the same transaction (see [`records`]); the tests enumerate the methods and fail on one that doesn't.
//!
//! No HTTP and no cookies here: the server keeps the cookie, this keeps the rows.

use crate::{Result, db::Db, writer::Writer};
use async_trait::async_trait;
use daybook_domain::{
    account::{ApiKey, Invitation, Role, RoleForm, Scope, Session, User, WithSecret},
    id::{ApiKeyId, IdMaker, RoleId, SessionId, UserId, WorkspaceId},
    permission::{ManageApiKeys, ManageRoles, ManageUsers, Permission},
    ports,
    time::{Clock, Timestamp},
    viewer::{Granted, RequestContext, Viewer},
};
use secrecy::SecretString;
use std::{net::IpAddr, sync::Arc};

/// People, roles, sessions and keys of the installation. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Accounts(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    #[expect(dead_code, reason = "skeleton")]
    db: Db,
    #[expect(dead_code, reason = "skeleton")]
    writer: Writer,
    #[expect(dead_code, reason = "skeleton")]
    clock: Arc<dyn Clock>,
    #[expect(dead_code, reason = "skeleton")]
    ids: Arc<dyn IdMaker>,
}

/// The helpdesk account this installation serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    pub id: WorkspaceId,
    pub name: String,
}

/// The form of the first page: what a workspace begins with.
#[derive(Debug, Clone)]
pub struct SetUp {
    pub workspace: String,
    pub name: String,
    pub email: String,
    pub password: SecretString,
}

/// A session as the server's store hands it over.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// SHA-256 of the cookie's secret.
    pub token_hash: [u8; 32],
    pub user_id: UserId,
    pub ip: Option<IpAddr>,
    pub user_agent: Option<String>,
    /// What tower-sessions keeps, as JSON.
    pub data: String,
    pub expires_at: Timestamp,
}

#[expect(clippy::todo, clippy::unused_async, unused_variables, reason = "skeleton")]
impl Accounts {
    pub fn new(db: Db, writer: Writer, clock: Arc<dyn Clock>, ids: Arc<dyn IdMaker>) -> Self {
        Self(Arc::new(Inner {
            db,
            writer,
            clock,
            ids,
        }))
    }

    /// The workspace, once it is set up.
    pub async fn workspace(&self) -> Result<Option<Workspace>> {
        todo!()
    }

    /// Makes the workspace, its built-in roles and its first administrator, and records that they signed in: the
    /// caller makes the session. `Conflict` where somebody was first.
    pub async fn set_up(&self, form: SetUp, request: &RequestContext) -> daybook_domain::Result<UserId> {
        todo!()
    }

    /// Checks email and password and records the try with its trace. The caller makes the session.
    pub async fn sign_in(
        &self,
        email: &str,
        password: SecretString,
        request: &RequestContext,
    ) -> daybook_domain::Result<UserId> {
        todo!()
    }

    /// Ends the viewer's session and records it.
    pub async fn sign_out(&self, viewer: &Viewer) -> daybook_domain::Result<()> {
        todo!()
    }

    /// Sets the first password of an invited user and records that they signed in: the caller makes the session.
    pub async fn accept_invitation(
        &self,
        token: &str,
        password: SecretString,
        request: &RequestContext,
    ) -> daybook_domain::Result<UserId> {
        todo!()
    }

    /// Whose session it is; `None` where it is expired or revoked or the user may not sign in.
    pub async fn viewer_of_session(
        &self,
        token_hash: &[u8; 32],
        request: RequestContext,
    ) -> Result<Option<Viewer>> {
        todo!()
    }

    /// Whose API key it is and what it may do; `None` where it is unknown or revoked.
    pub async fn viewer_of_api_key(
        &self,
        key: &SecretString,
        request: RequestContext,
    ) -> Result<Option<(Viewer, Vec<Scope>)>> {
        todo!()
    }

    /// The command line of this machine, which may do everything.
    pub fn system_viewer(&self, workspace: &Workspace, name: &str) -> Viewer {
        todo!()
    }

    /// Makes a user who can sign in at once. `Invalid{field: "role"}` for an unknown role.
    pub async fn create_user(
        &self,
        who: &Granted<ManageUsers>,
        name: &str,
        email: &str,
        role_name: &str,
        password: SecretString,
    ) -> daybook_domain::Result<User> {
        todo!()
    }

    /// Sets a user's password and ends their sessions. `Invalid{field: "email"}` for an unknown one.
    pub async fn reset_password(
        &self,
        who: &Granted<ManageUsers>,
        email: &str,
        password: SecretString,
    ) -> daybook_domain::Result<()> {
        todo!()
    }

    /// Stores a session; `false` where the token is taken.
    pub async fn insert_session(&self, session: NewSession) -> Result<bool> {
        todo!()
    }

    /// Updates a session that is there; one that was revoked stays gone.
    pub async fn save_session(
        &self,
        token_hash: &[u8; 32],
        data: String,
        expires_at: Timestamp,
    ) -> Result<()> {
        todo!()
    }

    /// Data and expiry of a session that has not expired.
    pub async fn load_session(&self, token_hash: &[u8; 32]) -> Result<Option<(String, Timestamp)>> {
        todo!()
    }

    pub async fn delete_session(&self, token_hash: &[u8; 32]) -> Result<()> {
        todo!()
    }

    /// Returns how many were removed.
    pub async fn delete_expired_sessions(&self) -> Result<u64> {
        todo!()
    }
}

#[async_trait]
#[expect(clippy::todo, unused_variables, reason = "skeleton")]
impl ports::Users for Accounts {
    async fn list_users(&self, who: &Granted<ManageUsers>) -> daybook_domain::Result<Vec<User>> {
        todo!()
    }

    async fn invite_user(
        &self,
        who: &Granted<ManageUsers>,
        name: &str,
        email: &str,
        role: RoleId,
    ) -> daybook_domain::Result<WithSecret<User>> {
        todo!()
    }

    async fn reinvite_user(
        &self,
        who: &Granted<ManageUsers>,
        id: UserId,
    ) -> daybook_domain::Result<WithSecret<User>> {
        todo!()
    }

    async fn set_user_role(
        &self,
        who: &Granted<ManageUsers>,
        id: UserId,
        role: RoleId,
    ) -> daybook_domain::Result<User> {
        todo!()
    }

    async fn deactivate_user(&self, who: &Granted<ManageUsers>, id: UserId) -> daybook_domain::Result<User> {
        todo!()
    }

    async fn reactivate_user(&self, who: &Granted<ManageUsers>, id: UserId) -> daybook_domain::Result<User> {
        todo!()
    }
}

#[async_trait]
#[expect(clippy::todo, unused_variables, reason = "skeleton")]
impl ports::Roles for Accounts {
    async fn list_roles(&self, who: &Granted<ManageRoles>) -> daybook_domain::Result<Vec<Role>> {
        todo!()
    }

    async fn role_choices(
        &self,
        who: &Granted<ManageUsers>,
    ) -> daybook_domain::Result<Vec<(RoleId, String)>> {
        todo!()
    }

    async fn role(&self, who: &Granted<ManageRoles>, id: RoleId) -> daybook_domain::Result<Role> {
        todo!()
    }

    async fn create_role(&self, who: &Granted<ManageRoles>, form: RoleForm) -> daybook_domain::Result<Role> {
        todo!()
    }

    async fn update_role(
        &self,
        who: &Granted<ManageRoles>,
        id: RoleId,
        form: RoleForm,
    ) -> daybook_domain::Result<Role> {
        todo!()
    }

    async fn delete_role(&self, who: &Granted<ManageRoles>, id: RoleId) -> daybook_domain::Result<()> {
        todo!()
    }
}

#[async_trait]
#[expect(clippy::todo, unused_variables, reason = "skeleton")]
impl ports::ApiKeys for Accounts {
    async fn list_api_keys(&self, who: &Granted<ManageApiKeys>) -> daybook_domain::Result<Vec<ApiKey>> {
        todo!()
    }

    async fn create_api_key(
        &self,
        who: &Granted<ManageApiKeys>,
        name: &str,
        scopes: Vec<Scope>,
    ) -> daybook_domain::Result<WithSecret<ApiKey>> {
        todo!()
    }

    async fn revoke_api_key(
        &self,
        who: &Granted<ManageApiKeys>,
        id: ApiKeyId,
    ) -> daybook_domain::Result<ApiKey> {
        todo!()
    }
}

#[async_trait]
#[expect(clippy::todo, unused_variables, reason = "skeleton")]
impl ports::Account for Accounts {
    async fn own_sessions(&self, who: &Viewer) -> daybook_domain::Result<Vec<Session>> {
        todo!()
    }

    async fn revoke_session(&self, who: &Viewer, id: SessionId) -> daybook_domain::Result<()> {
        todo!()
    }

    async fn revoke_other_sessions(&self, who: &Viewer) -> daybook_domain::Result<u64> {
        todo!()
    }

    async fn change_password(&self, who: &Viewer, current: &str, new: &str) -> daybook_domain::Result<()> {
        todo!()
    }

    async fn set_zone(&self, who: &Viewer, zone: &str) -> daybook_domain::Result<()> {
        todo!()
    }
}

#[async_trait]
#[expect(clippy::todo, unused_variables, reason = "skeleton")]
impl ports::Gate for Accounts {
    async fn needs_setup(&self) -> daybook_domain::Result<bool> {
        todo!()
    }

    async fn invitation(&self, token: &str) -> daybook_domain::Result<Invitation> {
        todo!()
    }

    async fn refused(&self, who: &Viewer, permission: Permission, what: &str) -> daybook_domain::Result<()> {
        todo!()
    }
}
