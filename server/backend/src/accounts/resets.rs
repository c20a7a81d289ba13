//! Choosing a new password by a link that is mailed: for who has forgotten theirs, and for who an administrator sends one.
//! A link works once and for an hour; the table holds only the hash of what is in it.
//!
//! Whoever asks is told the same whether the address is a user's or not, and before it is looked up. The log says which.

use super::{
    Accounts, Workspace, digest, locked, person_at_the_door, reader,
    rows::{self, Person},
    secret, sessions,
    sign_in::{Refusal, Typed, nobody},
    throttle::Held,
    users::{manageable, set_password},
};
use crate::{
    Result,
    email::LinkMail,
    error::chain,
    local_time::Reader,
    record::{Done, access_event, record},
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    account::{Invitation, User, UserStatus},
    catalogue::OwnType,
    email_template::MailTemplate,
    event::{MAX_TEXT_CHARS, Target},
    id::{UserId, WorkspaceId},
    permission::ManageUsers,
    time::Timestamp,
    viewer::{Granted, RequestContext, Viewer},
};
use daybook_entity::{password_reset, user};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use secrecy::SecretString;
use tokio::task::JoinHandle;

const VALID_SECONDS: i64 = 3600;
/// Who has a link that is younger gets no other by asking: nobody's mailbox is filled through here.
const LEAST_SECONDS_BETWEEN: i64 = 10 * 60;

/// Makes a link for somebody, in place of the one they had, and has it mailed. Why not, where it can't be.
async fn send(tx: &mut WriteTx, accounts: &Accounts, person: &Person) -> Result<Option<String>> {
    let (token, until) = (secret(), tx.now().plus_seconds(VALID_SECONDS));
    let row = password_reset::ActiveModel {
        workspace_id: Set(person.user.workspace_id),
        user_id: Set(person.user.id),
        token_hash: Set(digest(&token).to_vec()),
        created_at: Set(tx.now().micros()),
        expires_at: Set(until.micros()),
    };
    let minutes = (VALID_SECONDS / 60).to_string();
    let mail = LinkMail {
        template: MailTemplate::PasswordReset,
        to: &person.user.email,
        name: &person.user.name,
        path: &format!("/reset/{token}"),
        until,
        brand: None,
        given: &[("minutes", &minutes)],
    };
    let workspace = WorkspaceId(person.user.workspace_id);
    let why = accounts.mailing().send(tx, workspace, mail).await?;
    if why.is_none() {
        withdraw(tx, &person.user).await?;
        password_reset::Entity::insert(row)
            .exec_without_returning(tx.db())
            .await?;
    }
    Ok(why)
}

/// The link somebody had, if any, no longer works.
pub(super) async fn withdraw(tx: &WriteTx, user: &user::Model) -> Result<()> {
    password_reset::Entity::delete_by_id((user.workspace_id, user.id))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Whose link it is and until when; `NotFound` for an unknown, used or expired one.
async fn owner<C: ConnectionTrait>(
    db: &C,
    workspace: WorkspaceId,
    token: &str,
    now: Timestamp,
) -> Result<(Person, Timestamp)> {
    use password_reset::Column as C;
    let found = password_reset::Entity::find()
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::TokenHash.eq(digest(token).to_vec()))
        .filter(C::ExpiresAt.gt(now.micros()))
        .one(db)
        .await?
        .ok_or(Told::NotFound)?;
    let person = rows::person(db, workspace, UserId(found.user_id)).await?;
    if person.status()? != UserStatus::Active {
        return Err(Told::NotFound.into());
    }
    Ok((person, rows::timestamp(found.expires_at)?))
}

/// Why somebody who asked gets no link, for the log only.
async fn refusal(tx: &WriteTx, person: &Person) -> Result<Option<String>> {
    let why = match person.status()? {
        UserStatus::Active => {
            let key = (person.user.workspace_id, person.user.id);
            let last = password_reset::Entity::find_by_id(key).one(tx.db()).await?;
            let recent = tx.now().plus_seconds(-LEAST_SECONDS_BETWEEN).micros();
            let was_just_sent = last.is_some_and(|last| last.created_at > recent);
            return Ok(was_just_sent.then(|| "A link was sent to them just before".to_owned()));
        }
        UserStatus::Deactivated => Refusal::Deactivated,
        UserStatus::Invited => Refusal::Invited,
    };
    Ok(Some(why.reason()))
}

/// Records that a link was asked for, and whether one was sent.
fn asked(
    tx: &mut WriteTx,
    workspace: &Workspace,
    request: &RequestContext,
    typed: &Typed,
    person: Option<&Person>,
    outcome: Result<(), String>,
) {
    let who = match person {
        Some(person) => person_at_the_door(workspace.id, &person.user, request),
        None => nobody(workspace, request),
    };
    let (of, past) = match &outcome {
        Ok(()) => (OwnType::UserPasswordResetAsked, "was sent"),
        Err(_) => (OwnType::UserPasswordResetRefused, "was not sent"),
    };
    let mut event = access_event(of, &who, tx, outcome, Vec::new());
    match person {
        Some(Person { user, .. }) => {
            event.targets = vec![Target::new("user", user.id.to_string(), &user.name)];
        }
        None => event.actor = typed.actor(),
    }
    let summary = format!("{} asked for a new password: a link {past}", event.actor.label());
    event.summary = Some(summary.chars().take(MAX_TEXT_CHARS).collect());
    tx.record(workspace.id, event);
}

/// Has a link sent to somebody, as an administrator.
pub(super) async fn send_by_hand(
    tx: &mut WriteTx,
    who: &Viewer,
    accounts: &Accounts,
    id: UserId,
) -> Result<User> {
    let person = manageable(tx, who, id).await?;
    let name = &person.user.name;
    let why = match person.status()? {
        UserStatus::Active => send(tx, accounts, &person).await?,
        UserStatus::Invited => Some(format!("{name} has no password yet. Send the invitation again.")),
        UserStatus::Deactivated => Some(format!("{name} is deactivated. Reactivate them first.")),
    };
    if let Some(why) = why {
        return Err(Told::conflict(why).into());
    }
    let mut event = access_event(OwnType::UserPasswordResetAsked, who, tx, Ok(()), Vec::new());
    event.targets = vec![Target::new("user", person.user.id.to_string(), name)];
    event.summary = Some(format!("Sent user “{name}” a link to choose a new password"));
    tx.record(who.workspace(), event);
    person.shown(&reader(who, tx))
}

impl Accounts {
    /// Whether a link can be asked for.
    pub(super) async fn sends_links(&self) -> Result<bool> {
        let Some(workspace) = self.workspace().await? else {
            return Ok(false);
        };
        let why = self
            .mailing()
            .obstacle(&self.0.db.read, workspace.id, None)
            .await?;
        Ok(why.is_none())
    }

    /// Has a link sent to the user with this email, if there is one. It is looked up, and the mail made, in the task that
    /// comes back, so that the time it takes tells nothing.
    ///
    /// `Invalid{field: "email"}` for what can't be an address; `TooManyRequests` where it was asked too often.
    pub async fn ask_for_reset(
        &self,
        email: &str,
        request: &RequestContext,
    ) -> daybook_domain::Result<JoinHandle<()>> {
        let outside = |error: crate::Error| error.into_domain(&request.correlation_id);
        let typed = Typed::new(email);
        rows::email(typed.as_str()).map_err(outside)?;
        let workspace = self.workspace().await.map_err(outside)?.ok_or(Told::NotFound)?;
        let (key, now) = (digest(&rows::key(typed.as_str())), self.0.clock.now());
        let held = locked(&self.0.resets).begin(key, request.ip, now).err();
        let (this, request) = (self.clone(), request.clone());
        if let Some(held) = held {
            if held.note {
                let noted = this.answer_asked(workspace, typed, request, Some(held)).await;
                noted.map_err(|error| error.into_domain(""))?;
            }
            return Err(Told::TooManyRequests {
                retry_after_seconds: held.retry_after_seconds,
            });
        }
        Ok(tokio::spawn(async move {
            if let Err(error) = this.answer_asked(workspace, typed, request, None).await {
                tracing::error!(error = chain(&error), "a link for a new password was not sent");
            }
        }))
    }

    async fn answer_asked(
        &self,
        workspace: Workspace,
        typed: Typed,
        request: RequestContext,
        held: Option<Held>,
    ) -> Result<()> {
        let this = self.clone();
        let answered = self.0.writer.change(move |tx| {
            Box::pin(async move {
                rows::lock(tx, workspace.id).await?;
                let person = rows::person_by_email(tx.db(), workspace.id, typed.as_str()).await?;
                let why = match (&held, &person) {
                    (Some(held), _) => Some(Refusal::Throttled(*held).reason()),
                    (None, None) => Some(Refusal::UnknownUser.reason()),
                    (None, Some(person)) => match refusal(tx, person).await? {
                        None => send(tx, &this, person).await?,
                        why => why,
                    },
                };
                let outcome = why.map_or(Ok(()), Err);
                asked(tx, &workspace, &request, &typed, person.as_ref(), outcome);
                Ok(())
            })
        });
        answered.await
    }

    /// What somebody with a link sees before choosing a password.
    pub(super) async fn reset_of(&self, token: &str) -> Result<Invitation> {
        let workspace = self.workspace().await?.ok_or(Told::NotFound)?;
        let now = self.0.clock.now();
        let (person, expires) = owner(&self.0.db.read, workspace.id, token, now).await?;
        let reader = Reader::of(&person.user.zone, now);
        let reader = reader.writing(rows::format(&person.user.regional_format)?);
        Ok(Invitation {
            name: person.user.name,
            email: person.user.email,
            workspace: workspace.name,
            expires: reader.local(expires),
        })
    }

    /// Sets the password that somebody with a link has chosen, and ends all their sessions. `NotFound` for an unknown, used
    /// or expired link, `Invalid{field: "password"}`.
    pub async fn choose_password(
        &self,
        token: &str,
        password: SecretString,
        request: &RequestContext,
    ) -> daybook_domain::Result<()> {
        self.choose(token.to_owned(), password, request.clone())
            .await
            .map_err(|error| error.into_domain(&request.correlation_id))
    }

    async fn choose(&self, token: String, password: SecretString, request: RequestContext) -> Result<()> {
        let workspace = self.workspace().await?.ok_or(Told::NotFound)?;
        // Before the slow part, which is for those with a link only.
        let (person, _) = owner(&self.0.db.read, workspace.id, &token, self.0.clock.now()).await?;
        let about = vec![person.user.name, person.user.email, workspace.name];
        let hash = self.hash_password("password", password, about).await?;
        let chosen = self.0.writer.change(move |tx| {
            Box::pin(async move {
                rows::lock(tx, workspace.id).await?;
                let (person, _) = owner(tx.db(), workspace.id, &token, tx.now()).await?;
                let before = person.record();
                let person = set_password(tx, person, hash).await?;
                let who = person_at_the_door(workspace.id, &person.user, &request);
                let name = &person.user.name;
                let summary = format!("User “{name}” chose a new password by a link they were mailed");
                let after = person.record();
                let done = Done::updated(&before, &after).called("password_reset");
                record(tx, &who, &done.saying(summary))?;
                sessions::end_all(tx, &who, &person.user, None).await?;
                Ok(())
            })
        });
        chosen.await
    }

    pub(super) async fn send_reset(&self, who: &Granted<ManageUsers>, id: UserId) -> Result<User, Told> {
        let this = self.clone();
        self.change(
            who.viewer(),
            "send a user a link for a new password",
            move |tx, who| Box::pin(async move { send_by_hand(tx, who, &this, id).await }),
        )
        .await
    }

    pub(super) async fn offered(&self) -> Result<bool, Told> {
        self.sends_links()
            .await
            .map_err(|error| error.into_domain(&self.0.ids.next().to_string()))
    }
}
