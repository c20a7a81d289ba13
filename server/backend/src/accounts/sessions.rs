//! Sessions: the rows behind the cookie, for the server's session layer, and what a request's cookie says of who
//! asks. The server hands over the SHA-256 of the cookie's secret and never the secret.
//!
//! Storing, saving and expiring rows is the session layer's bookkeeping and leaves no event; signing in and out and
//! revoking do.

use super::{
    Accounts,
    impersonation::{self, Appearing, EndedBy},
    policy,
    records::SessionRecord,
    rows, touched,
};
use crate::{
    Error, Result,
    record::{Done, record},
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    account::UserStatus,
    id::{SessionId, UserId, WorkspaceId},
    time::Timestamp,
    viewer::{Principal, RequestContext, Viewer},
};
use daybook_entity::{role, second_factor, session, user, workspace};
use futures::future::BoxFuture;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, RelationDef, Select, sea_query::Expr,
};
use std::net::IpAddr;
use uuid::Uuid;

/// Longest part of what a browser says of itself that is kept, in characters.
const LONGEST_USER_AGENT: usize = 1000;

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
    /// Whether a provider they came from vouches for their second factor.
    pub factor_vouched: bool,
}

/// What one query finds out about a cookie.
#[derive(Debug, FromQueryResult)]
struct Holder {
    session: Uuid,
    created_at: i64,
    last_seen_at: i64,
    appears_as: Option<Uuid>,
    appears_why: Option<String>,
    appears_since: Option<i64>,
    appears_until: Option<i64>,
    user: Uuid,
    name: String,
    email: String,
    zone: String,
    regional_format: String,
    workspace: String,
    helpdesk: String,
    session_idle_minutes: i32,
    session_longest_hours: i32,
    sign_in_networks: String,
    role: String,
    built_in: Option<String>,
    permissions: String,
    needs_second_factor: bool,
    factor_vouched: bool,
    second_factor_at: Option<i64>,
}

impl Holder {
    /// Whether the policy, as it is now, lets the session go on from where the request comes.
    fn is_let_in(&self, request: &RequestContext, now: Timestamp) -> Result<bool> {
        let (begun, seen) = (
            rows::timestamp(self.created_at)?,
            rows::timestamp(self.last_seen_at)?,
        );
        let goes_on = policy::goes_on(
            self.session_idle_minutes,
            self.session_longest_hours,
            begun,
            seen,
            now,
        );
        Ok(goes_on && policy::lets_in(&policy::networks(&self.sign_in_networks)?, request.ip))
    }
}

fn by_hash(workspace: WorkspaceId, token_hash: &[u8; 32]) -> Select<session::Entity> {
    session::Entity::find()
        .filter(session::Column::WorkspaceId.eq(workspace.0))
        .filter(session::Column::TokenHash.eq(token_hash.to_vec()))
}

/// Ends a user's sessions but one, and records each. Returns how many.
pub(super) async fn end_all(
    tx: &mut WriteTx,
    who: &Viewer,
    user: &user::Model,
    keep: Option<SessionId>,
) -> Result<u64> {
    let found = session::Entity::find()
        .filter(session::Column::WorkspaceId.eq(user.workspace_id))
        .filter(session::Column::UserId.eq(user.id))
        .order_by_asc(session::Column::Id)
        .all(tx.db())
        .await?;
    let mut ended = 0;
    for row in found.iter().filter(|row| Some(SessionId(row.id)) != keep) {
        end(tx, who, row, user).await?;
        ended += 1;
    }
    Ok(ended)
}

/// Ends one session and records it; one that has expired was over already.
pub(super) async fn end(
    tx: &mut WriteTx,
    who: &Viewer,
    row: &session::Model,
    user: &user::Model,
) -> Result<()> {
    impersonation::note_end(tx, row, EndedBy::Session, who.request()).await?;
    session::Entity::delete_by_id((row.workspace_id, row.id))
        .exec(tx.db())
        .await?;
    if row.expires_at <= tx.now().micros() {
        return Ok(());
    }
    let gone = SessionRecord::new(row, user);
    let summary = match &row.ip {
        Some(ip) => format!("Ended a session of user “{}” from {ip}", user.name),
        None => format!("Ended a session of user “{}”", user.name),
    };
    record(tx, who, &Done::deleted(&gone).called("revoked").saying(summary))
}

impl Accounts {
    /// Whose session it is; `None` where it is expired or revoked or the user may not sign in.
    pub async fn viewer_of_session(
        &self,
        token_hash: &[u8; 32],
        request: RequestContext,
    ) -> Result<Option<Viewer>> {
        let Some(workspace) = self.workspace().await? else {
            return Ok(None);
        };
        let now = self.0.clock.now();
        let to_user: RelationDef = session::Entity::belongs_to(user::Entity)
            .from((session::Column::WorkspaceId, session::Column::UserId))
            .to((user::Column::WorkspaceId, user::Column::Id))
            .into();
        let to_role: RelationDef = user::Entity::belongs_to(role::Entity)
            .from((user::Column::WorkspaceId, user::Column::RoleId))
            .to((role::Column::WorkspaceId, role::Column::Id))
            .into();
        let to_workspace: RelationDef = user::Entity::belongs_to(workspace::Entity)
            .from(user::Column::WorkspaceId)
            .to(workspace::Column::Id)
            .into();
        let to_factor: RelationDef = user::Entity::belongs_to(second_factor::Entity)
            .from((user::Column::WorkspaceId, user::Column::Id))
            .to((second_factor::Column::WorkspaceId, second_factor::Column::UserId))
            .into();
        let holder = by_hash(workspace.id, token_hash)
            .filter(session::Column::ExpiresAt.gt(now.micros()))
            .filter(user::Column::Status.eq(UserStatus::Active.name()))
            .join(JoinType::InnerJoin, to_user)
            .join(JoinType::InnerJoin, to_role)
            .join(JoinType::InnerJoin, to_workspace)
            .join(JoinType::LeftJoin, to_factor)
            .select_only()
            .column_as(session::Column::Id, "session")
            .columns([
                session::Column::CreatedAt,
                session::Column::LastSeenAt,
                session::Column::AppearsAs,
                session::Column::AppearsWhy,
                session::Column::AppearsSince,
                session::Column::AppearsUntil,
                session::Column::FactorVouched,
            ])
            .column_as(user::Column::Id, "user")
            .column(user::Column::Name)
            .column(user::Column::Email)
            .column(user::Column::Zone)
            .column(user::Column::RegionalFormat)
            .column_as(workspace::Column::Name, "workspace")
            .columns([
                workspace::Column::Helpdesk,
                workspace::Column::SessionIdleMinutes,
                workspace::Column::SessionLongestHours,
                workspace::Column::SignInNetworks,
            ])
            .column_as(role::Column::Name, "role")
            .column(role::Column::BuiltIn)
            .column(role::Column::Permissions)
            .column(role::Column::NeedsSecondFactor)
            .column_as(second_factor::Column::ConfirmedAt, "second_factor_at")
            .into_model::<Holder>()
            .one(&self.0.db.read)
            .await?;
        let Some(holder) = holder else { return Ok(None) };
        if !holder.is_let_in(&request, now)? {
            return Ok(None);
        }
        let appearing = Appearing::of(
            holder.appears_as,
            holder.appears_why.as_deref(),
            holder.appears_since,
            holder.appears_until,
        )?;
        self.touch_session(workspace.id, &holder, now);
        let permissions = rows::permissions(holder.built_in.as_deref(), &holder.permissions)?;
        let principal = Principal::User {
            id: UserId(holder.user),
            name: holder.name,
            email: holder.email,
            session: Some(SessionId(holder.session)),
        };
        let viewer = Viewer::new(
            workspace.id,
            principal,
            permissions,
            holder.zone,
            holder.role,
            request,
        );
        let viewer = viewer
            .in_workspace_called(holder.workspace)
            .reading(rows::format(&holder.regional_format)?)
            .calling(rows::naming(&holder.helpdesk)?);
        if holder.needs_second_factor && holder.second_factor_at.is_none() && !holder.factor_vouched {
            return Ok(Some(viewer.lacking_second_factor()));
        }
        let Some(appearing) = appearing else {
            return Ok(Some(viewer));
        };
        if let Some(another) = self.viewer_appearing(&viewer, appearing).await? {
            return Ok(Some(another));
        }
        self.end_lapsed_impersonations().await?;
        Ok(Some(viewer))
    }

    /// Whether somebody whose request began a while ago would be let in again, with all they were allowed then. For what
    /// goes on after the answer began.
    pub async fn is_still_in(&self, who: &Viewer) -> Result<bool> {
        match rows::still_allowed(&self.0.db.read, who, self.0.clock.now()).await {
            Ok(()) => Ok(true),
            Err(Error::Domain(Told::Unauthenticated | Told::NotFound | Told::Forbidden { .. })) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn touch_session(&self, workspace: WorkspaceId, holder: &Holder, now: Timestamp) {
        if !self.0.touched.due(holder.session, Some(holder.last_seen_at), now) {
            return;
        }
        let id = holder.session;
        self.write_behind("last use of a session", move |tx| {
            Box::pin(async move {
                session::Entity::update_many()
                    .col_expr(session::Column::LastSeenAt, Expr::value(now.micros()))
                    .filter(session::Column::WorkspaceId.eq(workspace.0))
                    .filter(session::Column::Id.eq(id))
                    .filter(session::Column::LastSeenAt.lte(now.micros() - touched::EVERY))
                    .exec(tx.db())
                    .await?;
                Ok(())
            })
        });
    }

    /// Writes what nobody waits for: that it failed is worth a line in the log and no refusal.
    pub(crate) fn write_behind<F>(&self, what: &'static str, change: F)
    where
        F: for<'t> FnOnce(&'t mut WriteTx) -> BoxFuture<'t, Result<()>> + Send + 'static,
    {
        let writer = self.0.writer.clone();
        tokio::spawn(async move {
            if let Err(error) = writer.change(change).await {
                tracing::warn!(error = %crate::error::chain(&error), what, "not written");
            }
        });
    }

    /// Stores a session; `false` where the token is taken. `Unauthenticated` where the user was deactivated in the
    /// meantime.
    pub async fn insert_session(&self, session: NewSession) -> Result<bool> {
        let Some(workspace) = self.workspace().await? else {
            return Err(Told::Unauthenticated.into());
        };
        let stored = self.0.writer.change(move |tx| {
            Box::pin(async move {
                rows::lock(tx, workspace.id).await?;
                let person = rows::person(tx.db(), workspace.id, session.user_id).await?;
                if person.status()? != UserStatus::Active {
                    return Err(Told::Unauthenticated.into());
                }
                if by_hash(workspace.id, &session.token_hash).count(tx.db()).await? > 0 {
                    return Ok(false);
                }
                let user_agent = session
                    .user_agent
                    .map(|text| text.chars().take(LONGEST_USER_AGENT).collect());
                let row = session::ActiveModel {
                    workspace_id: Set(workspace.id.0),
                    id: Set(tx.new_id()),
                    token_hash: Set(session.token_hash.to_vec()),
                    user_id: Set(session.user_id.0),
                    ip: Set(session.ip.map(|ip| ip.to_canonical().to_string())),
                    user_agent: Set(user_agent),
                    data: Set(session.data),
                    created_at: Set(tx.now().micros()),
                    last_seen_at: Set(tx.now().micros()),
                    expires_at: Set(session.expires_at.micros()),
                    appears_as: Set(None),
                    appears_why: Set(None),
                    appears_since: Set(None),
                    appears_until: Set(None),
                    factor_vouched: Set(session.factor_vouched),
                };
                session::Entity::insert(row)
                    .exec_without_returning(tx.db())
                    .await?;
                Ok(true)
            })
        });
        stored.await
    }

    /// Updates a session that is there; one that was revoked stays gone.
    pub async fn save_session(
        &self,
        token_hash: &[u8; 32],
        data: String,
        expires_at: Timestamp,
    ) -> Result<()> {
        let Some(workspace) = self.workspace().await? else {
            return Ok(());
        };
        let token_hash = token_hash.to_vec();
        let saved = self.0.writer.change(move |tx| {
            Box::pin(async move {
                session::Entity::update_many()
                    .col_expr(session::Column::Data, Expr::value(data))
                    .col_expr(session::Column::ExpiresAt, Expr::value(expires_at.micros()))
                    .filter(session::Column::WorkspaceId.eq(workspace.id.0))
                    .filter(session::Column::TokenHash.eq(token_hash))
                    .exec(tx.db())
                    .await?;
                Ok(())
            })
        });
        saved.await
    }

    /// Data and expiry of a session that has not expired.
    pub async fn load_session(&self, token_hash: &[u8; 32]) -> Result<Option<(String, Timestamp)>> {
        let Some(workspace) = self.workspace().await? else {
            return Ok(None);
        };
        let found: Option<(String, i64)> = by_hash(workspace.id, token_hash)
            .filter(session::Column::ExpiresAt.gt(self.0.clock.now().micros()))
            .select_only()
            .columns([session::Column::Data, session::Column::ExpiresAt])
            .into_tuple()
            .one(&self.0.db.read)
            .await?;
        found
            .map(|(data, expires_at)| Ok((data, rows::timestamp(expires_at)?)))
            .transpose()
    }

    /// Removes a row, as the session layer does when it gives a session a new token. People sign out by
    /// [`Self::sign_out`].
    pub async fn delete_session(&self, token_hash: &[u8; 32]) -> Result<()> {
        let Some(workspace) = self.workspace().await? else {
            return Ok(());
        };
        let token_hash = token_hash.to_vec();
        let deleted = self.0.writer.change(move |tx| {
            Box::pin(async move {
                let row = session::Entity::find()
                    .filter(session::Column::WorkspaceId.eq(workspace.id.0))
                    .filter(session::Column::TokenHash.eq(token_hash))
                    .one(tx.db())
                    .await?;
                let Some(row) = row else { return Ok(()) };
                impersonation::note_end(tx, &row, EndedBy::Session, &RequestContext::default()).await?;
                session::Entity::delete_by_id((row.workspace_id, row.id))
                    .exec(tx.db())
                    .await?;
                Ok(())
            })
        });
        deleted.await
    }

    /// Returns how many were removed.
    pub async fn delete_expired_sessions(&self) -> Result<u64> {
        let Some(workspace) = self.workspace().await? else {
            return Ok(0);
        };
        self.end_lapsed_impersonations().await?;
        let deleted = self.0.writer.change(move |tx| {
            Box::pin(async move {
                let deleted = session::Entity::delete_many()
                    .filter(session::Column::WorkspaceId.eq(workspace.id.0))
                    .filter(session::Column::ExpiresAt.lte(tx.now().micros()))
                    .exec(tx.db())
                    .await?;
                Ok::<_, Error>(deleted.rows_affected)
            })
        });
        deleted.await
    }
}
