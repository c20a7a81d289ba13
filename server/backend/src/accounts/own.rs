//! What people do about their own account: sessions, password, name and phone, how they read times and numbers.

use super::{
    Accounts, outside, profile,
    rows::{self, Person},
    sessions,
    users::set_password,
};
use crate::{
    Error, Result, local_time,
    record::{Done, access_event, record, seen},
};
use async_trait::async_trait;
use daybook_domain::{
    Error as Told,
    account::{Profile, ProfileForm, SecondFactor, Session, ShownOnce},
    catalogue::OwnType,
    event::{Auth, Target},
    id::{SessionId, UserId},
    ports::Account,
    regional::RegionalFormat,
    seen::Tag,
    viewer::Viewer,
};
use daybook_entity::{session, user};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use secrecy::SecretString;

/// Programs and the command line have no account.
fn own_id(who: &Viewer) -> daybook_domain::Result<UserId> {
    who.user_id().ok_or(Told::Unauthenticated)
}

/// The same of who wants to change something: nobody changes the account of whom they appear as.
pub(super) fn own_to_change(who: &Viewer) -> daybook_domain::Result<UserId> {
    if who.impersonation().is_some() {
        let name = who.actor().label();
        return Err(Told::conflict(format!(
            "You appear as {name}: what is in their account stays theirs to change."
        )));
    }
    own_id(who)
}

#[async_trait]
impl Account for Accounts {
    async fn own_sessions(&self, who: &Viewer) -> daybook_domain::Result<Vec<Session>> {
        self.sessions_of(who, own_id(who)?).await.map_err(outside(who))
    }

    async fn revoke_session(&self, who: &Viewer, id: SessionId) -> daybook_domain::Result<()> {
        let user = own_to_change(who)?;
        self.change(who, "end a session", move |tx, who| {
            Box::pin(async move {
                let row = session::Entity::find_by_id((who.workspace().0, id.0))
                    .one(tx.db())
                    .await?;
                let row = row.filter(|row| row.user_id == user.0).ok_or(Told::NotFound)?;
                let person = rows::person(tx.db(), who.workspace(), user).await?;
                sessions::end(tx, who, &row, &person.user).await
            })
        })
        .await
    }

    async fn revoke_other_sessions(&self, who: &Viewer) -> daybook_domain::Result<u64> {
        let user = own_to_change(who)?;
        self.change(who, "end all other sessions", move |tx, who| {
            Box::pin(async move {
                let person = rows::person(tx.db(), who.workspace(), user).await?;
                sessions::end_all(tx, who, &person.user, who.session_id()).await
            })
        })
        .await
    }

    async fn change_password(&self, who: &Viewer, current: &str, new: &str) -> daybook_domain::Result<()> {
        let user = own_to_change(who)?;
        let person = rows::person(&self.0.db.read, who.workspace(), user)
            .await
            .map_err(outside(who))?;
        self.prove_password(who, &person, current)
            .await
            .map_err(outside(who))?;
        if new == current {
            return Err(Told::invalid(
                "new_password",
                "This is the password you have. Choose another one.",
            ));
        }
        let about = vec![person.user.name, person.user.email];
        let hash = self
            .hash_password("new_password", SecretString::from(new), about)
            .await
            .map_err(outside(who))?;
        let proven = person.user.password_hash;
        self.change(who, "change the own password", move |tx, who| {
            Box::pin(async move {
                let person = rows::person(tx.db(), who.workspace(), user).await?;
                if person.user.password_hash != proven {
                    return Err(
                        Told::conflict("Your password was changed in the meantime. Sign in again.").into(),
                    );
                }
                let before = person.record();
                let person = set_password(tx, person, hash).await?;
                let after = person.record();
                let done = Done::updated(&before, &after).called("password_changed");
                record(
                    tx,
                    who,
                    &done.saying(format!("User “{}” changed their password", person.user.name)),
                )?;
                sessions::end_all(tx, who, &person.user, who.session_id()).await?;
                Ok(())
            })
        })
        .await
    }

    async fn second_factor(&self, who: &Viewer) -> daybook_domain::Result<SecondFactor> {
        self.own_second_factor(who).await.map_err(outside(who))
    }

    async fn begin_second_factor(&self, who: &Viewer, password: &str) -> daybook_domain::Result<()> {
        self.begin_enrolment(who, password).await
    }

    async fn confirm_second_factor(&self, who: &Viewer, code: &str) -> daybook_domain::Result<ShownOnce> {
        self.confirm_enrolment(who, code).await
    }

    async fn renew_recovery_codes(&self, who: &Viewer, code: &str) -> daybook_domain::Result<ShownOnce> {
        self.renew_codes(who, code).await
    }

    async fn disable_second_factor(&self, who: &Viewer, code: &str) -> daybook_domain::Result<()> {
        self.disable_factor(who, code).await
    }

    async fn profile(&self, who: &Viewer) -> daybook_domain::Result<Profile> {
        self.profile_of(who, own_id(who)?).await.map_err(outside(who))
    }

    async fn set_profile(&self, who: &Viewer, seen: &Tag, form: ProfileForm) -> daybook_domain::Result<()> {
        let (user, seen) = (own_to_change(who)?, seen.clone());
        self.change(who, "change the own profile", move |tx, who| {
            Box::pin(async move { profile::update_own(tx, who, user, &seen, form).await })
        })
        .await
    }

    async fn set_zone(&self, who: &Viewer, zone: &str) -> daybook_domain::Result<()> {
        let user = own_to_change(who)?;
        let zone = local_time::zone(zone).map_err(|error| match error {
            Told::Invalid { reason, .. } => Told::invalid("zone", reason),
            other => other,
        })?;
        self.change(who, "set the own time zone", move |tx, who| {
            Box::pin(async move {
                let mut person = rows::person(tx.db(), who.workspace(), user).await?;
                let before = person.record();
                let mut row = person.user.into_active_model();
                row.zone = Set(zone.name().to_owned());
                person.user = user::Entity::update(row).exec(tx.db()).await?;
                record(tx, who, &Done::updated(&before, &person.record()))
            })
        })
        .await
    }

    async fn set_regional_format(&self, who: &Viewer, format: RegionalFormat) -> daybook_domain::Result<()> {
        let user = own_to_change(who)?;
        self.change(who, "set the own regional format", move |tx, who| {
            Box::pin(async move {
                let mut person = rows::person(tx.db(), who.workspace(), user).await?;
                let before = person.record();
                let mut row = person.user.into_active_model();
                row.regional_format = Set(format.name().to_owned());
                person.user = user::Entity::update(row).exec(tx.db()).await?;
                record(tx, who, &Done::updated(&before, &person.record()))
            })
        })
        .await
    }
}

impl Accounts {
    async fn profile_of(&self, who: &Viewer, user: UserId) -> Result<Profile> {
        let person = rows::person(&self.0.db.read, who.workspace(), user).await?;
        let seen = seen(&person.record())?;
        Ok(Profile {
            name: person.user.name,
            phone: person.user.phone,
            seen,
        })
    }

    pub(super) async fn sessions_of(&self, who: &Viewer, user: UserId) -> Result<Vec<Session>> {
        let rows = session::Entity::find()
            .filter(session::Column::WorkspaceId.eq(who.workspace().0))
            .filter(session::Column::UserId.eq(user.0))
            .filter(session::Column::ExpiresAt.gt(self.0.clock.now().micros()))
            .order_by_desc(session::Column::LastSeenAt)
            .order_by_desc(session::Column::Id)
            .all(&self.0.db.read)
            .await?;
        let reader = self.reader(who);
        rows.into_iter()
            .map(|row| {
                let id = SessionId(row.id);
                Ok(Session {
                    id,
                    current: who.session_id() == Some(id),
                    ip: row
                        .ip
                        .as_deref()
                        .map(str::parse)
                        .transpose()
                        .map_err(Error::damaged)?,
                    user_agent: row.user_agent,
                    created: reader.stored(row.created_at)?,
                    last_seen: reader.stored(row.last_seen_at)?,
                })
            })
            .collect()
    }

    /// Whoever sits before a session that was left open doesn't know the password: guessing it here is limited and
    /// recorded as it is at the door.
    pub(super) async fn prove_password(&self, who: &Viewer, person: &Person, current: &str) -> Result<()> {
        let tried = match self.begin_try(&person.user.email, who.request()) {
            Ok(tried) => tried,
            Err(held) => {
                if held.note {
                    self.record_wrong_current(who, person, "Too many tries").await?;
                }
                return Err(Told::TooManyRequests {
                    retry_after_seconds: held.retry_after_seconds,
                }
                .into());
            }
        };
        let hash = person.user.password_hash.clone();
        match self.0.passwords.verify(SecretString::from(current), hash).await {
            Ok(true) => {
                self.throttle().succeeded(tried);
                Ok(())
            }
            Ok(false) => {
                self.record_wrong_current(who, person, "Wrong current password")
                    .await?;
                Err(Told::invalid("current_password", "This is not your current password.").into())
            }
            Err(error) => {
                self.throttle().void(tried);
                Err(error)
            }
        }
    }

    async fn record_wrong_current(&self, who: &Viewer, person: &Person, why: &'static str) -> Result<()> {
        let who = who.clone();
        let target = Target::new("user", person.user.id.to_string(), &person.user.name);
        let recorded = self.0.writer.change(move |tx| {
            Box::pin(async move {
                let outcome = Err(why.to_owned());
                let event_type = OwnType::UserPasswordChangeFailed;
                let mut event = access_event(event_type, &who, tx, outcome, Vec::new());
                event.summary = Some(format!("{} failed to change their password", who.actor().label()));
                event.targets = vec![target];
                event.auth = Some(Auth {
                    method: Some("password".to_owned()),
                    id: None,
                });
                tx.record(who.workspace(), event);
                Ok(())
            })
        });
        recorded.await
    }
}
