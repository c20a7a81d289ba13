//! Appearing as another user (R46): with a reason, for a while, and never with more than one may oneself.
//!
//! It belongs to a session. The session stays that of whoever it really is, and its row says as whom they appear;
//! [`Accounts::viewer_of_session`] makes the viewer of both. Begin and end are recorded as done by whoever it really is,
//! everything between as “A as B” by [`own_event`](crate::record::own_event).

use super::{
    Accounts, outside, person_at_the_door,
    rows::{self, Person, within_own},
};
use crate::{Error, Result, local_time::Reader, record::access_event, writer::WriteTx};
use async_trait::async_trait;
use daybook_domain::{
    Error as Told,
    account::{IMPERSONATION_MINUTES, Impersonable, MAX_IMPERSONATION_REASON, UserStatus},
    catalogue::OwnType,
    event::{EventBody, Target},
    id::{UserId, WorkspaceId},
    permission::ImpersonateUsers,
    ports::Impersonations,
    time::Timestamp,
    viewer::{Another, Granted, RequestContext, Viewer},
};
use daybook_entity::{session, user};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use uuid::Uuid;

const MICROS: i64 = 1_000_000;

/// What brought it to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EndedBy {
    Themselves,
    Time,
    SignOut,
    /// The session expired or was revoked.
    Session,
    /// As whom they appeared may no longer sign in.
    User,
}

impl EndedBy {
    fn name(self) -> &'static str {
        match self {
            Self::Themselves => "themselves",
            Self::Time => "time",
            Self::SignOut => "sign_out",
            Self::Session => "session",
            Self::User => "user",
        }
    }
}

/// What a session's row says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Appearing {
    pub user: UserId,
    pub why: String,
    pub since: Timestamp,
    pub until: Timestamp,
}

impl Appearing {
    pub(super) fn of(
        user: Option<Uuid>,
        why: Option<&str>,
        since: Option<i64>,
        until: Option<i64>,
    ) -> Result<Option<Self>> {
        let Some(user) = user else { return Ok(None) };
        let time = |at: Option<i64>| rows::timestamp(at.unwrap_or_default());
        Ok(Some(Self {
            user: UserId(user),
            why: why.unwrap_or_default().to_owned(),
            since: time(since)?,
            until: time(until)?,
        }))
    }
}

/// Records that whoever holds a session stopped appearing as somebody, if they did. The caller sees to the row.
pub(super) async fn note_end(
    tx: &mut WriteTx,
    row: &session::Model,
    ended_by: EndedBy,
    request: &RequestContext,
) -> Result<()> {
    let why = row.appears_why.as_deref();
    let Some(appearing) = Appearing::of(row.appears_as, why, row.appears_since, row.appears_until)? else {
        return Ok(());
    };
    let workspace = WorkspaceId(row.workspace_id);
    let really = rows::person(tx.db(), workspace, UserId(row.user_id)).await?.user;
    let who = person_at_the_door(workspace, &really, request);
    // They may be gone.
    let target = user::Entity::find_by_id((row.workspace_id, appearing.user.0))
        .one(tx.db())
        .await?;
    let name = target.map_or_else(|| "a user who was deleted".to_owned(), |user| user.name);
    let ended = if ended_by == EndedBy::Time {
        appearing.until
    } else {
        tx.now()
    };
    let mut event = begun(OwnType::ImpersonationEnded, &who, tx, &appearing, &name);
    event.summary = Some(format!("{} stopped appearing as {name}", really.name));
    event.occurred_at = ended;
    let seconds = (ended.micros() - appearing.since.micros()) / MICROS;
    event
        .metadata
        .insert("ended_by".to_owned(), ended_by.name().into());
    event.metadata.insert("seconds".to_owned(), seconds.into());
    tx.record(workspace, event);
    Ok(())
}

fn begun(of: OwnType, who: &Viewer, tx: &WriteTx, appearing: &Appearing, name: &str) -> EventBody {
    let mut event = access_event(of, who, tx, Ok(()), Vec::new());
    event.targets = vec![Target::new("user", appearing.user.to_string(), name)];
    event
        .metadata
        .insert("why".to_owned(), appearing.why.clone().into());
    event
}

/// Makes a session that of its holder again.
async fn clear(tx: &mut WriteTx, row: session::Model) -> Result<()> {
    let mut row = row.into_active_model();
    row.appears_as = Set(None);
    row.appears_why = Set(None);
    row.appears_since = Set(None);
    row.appears_until = Set(None);
    session::Entity::update(row).exec(tx.db()).await?;
    Ok(())
}

/// Why nobody may appear as them, beyond what their role allows.
fn obstacle(who: &Viewer, person: &Person) -> Result<Option<String>> {
    Ok(if who.user_id() == Some(person.id()) {
        Some("This is you.".to_owned())
    } else if person.status()? != UserStatus::Active {
        Some(format!(
            "{} can't sign in, so nobody can as them.",
            person.user.name
        ))
    } else {
        None
    })
}

fn checked_reason(text: &str) -> Result<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let wrong = |why: String| Err(Told::invalid("reason", why).into());
    if text.is_empty() {
        wrong("Say why: it stands in the log.".to_owned())
    } else if text.chars().count() > MAX_IMPERSONATION_REASON.into() {
        wrong(format!(
            "A reason has at most {MAX_IMPERSONATION_REASON} characters."
        ))
    } else if text.chars().any(char::is_control) {
        wrong("A reason can't hold control characters.".to_owned())
    } else {
        Ok(text)
    }
}

#[async_trait]
impl Impersonations for Accounts {
    async fn impersonable(
        &self,
        who: &Granted<ImpersonateUsers>,
        id: UserId,
    ) -> daybook_domain::Result<Impersonable> {
        let viewer = who.viewer();
        let found = async {
            let person = rows::person(&self.0.db.read, who.workspace(), id).await?;
            let beyond = rows::permissions_of(&person.role)?
                .into_iter()
                .find(|permission| !viewer.may(*permission));
            let obstacle = obstacle(viewer, &person)?.or_else(|| {
                beyond.map(|permission| {
                    let name = &person.user.name;
                    format!("{name} may do what you may not: “{}”.", permission.title())
                })
            });
            Ok(Impersonable {
                id,
                name: person.user.name,
                role_name: person.role.name,
                obstacle,
            })
        };
        found.await.map_err(outside(viewer))
    }
}

impl Accounts {
    /// From now on the asker's session is one of `user`. `Invalid{field: "reason"|"minutes"}`; `Conflict` for oneself and
    /// for who can't sign in; `Forbidden` where they may do anything that the asker may not.
    pub async fn begin_impersonation(
        &self,
        who: &Granted<ImpersonateUsers>,
        user: UserId,
        reason: &str,
        minutes: u32,
    ) -> daybook_domain::Result<()> {
        let viewer = who.viewer();
        let reason = checked_reason(reason).map_err(outside(viewer))?;
        if !IMPERSONATION_MINUTES.contains(&minutes) {
            return Err(Told::invalid("minutes", "Choose one of the lengths offered."));
        }
        let session = viewer.session_id().ok_or(Told::Unauthenticated)?;
        self.change(viewer, "appear as another user", move |tx, who| {
            Box::pin(async move {
                let person = rows::person(tx.db(), who.workspace(), user).await?;
                if let Some(obstacle) = obstacle(who, &person)? {
                    return Err(Told::conflict(obstacle).into());
                }
                within_own(who, &rows::permissions_of(&person.role)?)?;
                let row = session::Entity::find_by_id((who.workspace().0, session.0))
                    .one(tx.db())
                    .await?
                    .ok_or(Told::Unauthenticated)?;
                let appearing = Appearing {
                    user,
                    why: reason,
                    since: tx.now(),
                    until: tx.now().plus_seconds(i64::from(minutes) * 60),
                };
                let mut row = row.into_active_model();
                row.appears_as = Set(Some(user.0));
                row.appears_why = Set(Some(appearing.why.clone()));
                row.appears_since = Set(Some(appearing.since.micros()));
                row.appears_until = Set(Some(appearing.until.micros()));
                session::Entity::update(row).exec(tx.db()).await?;
                let name = &person.user.name;
                let mut event = begun(OwnType::ImpersonationStarted, who, tx, &appearing, name);
                event.summary = Some(format!("{} began to appear as {name}", who.actor().label()));
                event.metadata.insert("minutes".to_owned(), minutes.into());
                tx.record(who.workspace(), event);
                Ok(())
            })
        })
        .await
    }

    /// The asker's session is their own again; nothing happens where it is. Says as whom they appeared.
    pub async fn end_impersonation(&self, who: &Viewer) -> daybook_domain::Result<Option<UserId>> {
        let session = who.session_id().ok_or(Told::Unauthenticated)?;
        let (workspace, request) = (who.workspace(), who.request().clone());
        let ended = self.0.writer.change(move |tx| {
            Box::pin(async move {
                rows::lock(tx, workspace).await?;
                let row = session::Entity::find_by_id((workspace.0, session.0))
                    .one(tx.db())
                    .await?;
                let Some(row) = row.filter(|row| row.appears_as.is_some()) else {
                    return Ok(None);
                };
                note_end(tx, &row, EndedBy::Themselves, &request).await?;
                let user = row.appears_as.map(UserId);
                clear(tx, row).await?;
                Ok(user)
            })
        });
        ended.await.map_err(outside(who))
    }

    /// Ends what is over: the time was up, or as whom they appear may no longer sign in. Asked where a request comes upon
    /// it, and now and then for those nobody asks by. Returns how many.
    pub async fn end_lapsed_impersonations(&self) -> Result<u64> {
        let Some(workspace) = self.workspace().await? else {
            return Ok(0);
        };
        let ended = self.0.writer.change(move |tx| {
            Box::pin(async move {
                rows::lock(tx, workspace.id).await?;
                let now = tx.now().micros();
                let active = user::Entity::find()
                    .filter(user::Column::WorkspaceId.eq(workspace.id.0))
                    .filter(user::Column::Status.eq(UserStatus::Active.name()))
                    .select_only()
                    .column(user::Column::Id);
                let over = Condition::any()
                    .add(session::Column::AppearsUntil.lte(now))
                    .add(session::Column::ExpiresAt.lte(now))
                    .add(session::Column::AppearsAs.not_in_subquery(active.into_query()));
                let found = session::Entity::find()
                    .filter(session::Column::WorkspaceId.eq(workspace.id.0))
                    .filter(session::Column::AppearsAs.is_not_null())
                    .filter(over)
                    .order_by_asc(session::Column::Id)
                    .all(tx.db())
                    .await?;
                let mut ended = 0;
                for row in found {
                    let ended_by = if row.appears_until.is_some_and(|until| until <= now) {
                        EndedBy::Time
                    } else if row.expires_at <= now {
                        EndedBy::Session
                    } else {
                        EndedBy::User
                    };
                    // It ended by itself: from where it was begun is all there is to say.
                    let request = RequestContext {
                        ip: row.ip.as_deref().and_then(|ip| ip.parse().ok()),
                        user_agent: row.user_agent.clone(),
                        ..RequestContext::default()
                    };
                    note_end(tx, &row, ended_by, &request).await?;
                    clear(tx, row).await?;
                    ended += 1;
                }
                Ok::<_, Error>(ended)
            })
        });
        ended.await
    }

    /// The viewer of a session whose holder appears as somebody; `None` where that is over.
    pub(super) async fn viewer_appearing(
        &self,
        holder: &Viewer,
        as_whom: Appearing,
    ) -> Result<Option<Viewer>> {
        let now = self.0.clock.now();
        if as_whom.until <= now {
            return Ok(None);
        }
        let person = match rows::person(&self.0.db.read, holder.workspace(), as_whom.user).await {
            Ok(person) => person,
            Err(Error::Domain(Told::NotFound)) => return Ok(None),
            Err(error) => return Err(error),
        };
        if person.status()? != UserStatus::Active {
            return Ok(None);
        }
        let format = rows::format(&person.user.regional_format)?;
        let reader = Reader::of(&person.user.zone, now).writing(format);
        Ok(holder.appearing_as(Another {
            id: person.id(),
            permissions: rows::permissions_of(&person.role)?,
            name: person.user.name,
            email: person.user.email,
            zone: person.user.zone,
            format,
            role: person.role.name,
            reason: as_whom.why,
            until: reader.local(as_whom.until),
            seconds_left: (as_whom.until.micros() - now.micros()) / MICROS,
        }))
    }
}
