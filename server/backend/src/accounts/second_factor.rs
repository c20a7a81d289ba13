//! A second factor at the sign-in: codes that an app makes (RFC 6238), and recovery codes for when it is lost.
//!
//! What codes are made from is sealed for its user. A code is taken once: the step of the last one is kept. Of recovery codes
//! only hashes are kept, and each goes as it is used.

use super::{
    Accounts, digest, outside,
    own::own_to_change,
    rows::{self, Person},
    users::manageable,
};
use crate::{
    Error, Result, delivery::sealed::Keyring, local_time::Reader, record::access_event, secrets::Resealed,
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    account::{Enrolment, SecondFactor, ShownOnce},
    catalogue::OwnType,
    event::Target,
    id::{UserId, WorkspaceId},
    permission::ManageUsers,
    time::Timestamp,
    viewer::{Granted, Viewer},
};
use daybook_entity::{recovery_code, second_factor, session, user};
use futures::future::BoxFuture;
use qrcode::{QrCode, render::svg};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
};
use secrecy::{ExposeSecret, SecretString};
use totp_rs::{Algorithm, Builder, Secret, Totp};
use uuid::Uuid;

/// The digits of an app's code.
const DIGITS: u8 = 6;
/// How long one is good, in seconds.
const STEP: u64 = 30;
/// How many steps an app's clock may be off.
const SKEW: u16 = 1;
/// Recovery codes that are made at once.
const CODES: usize = 10;
/// How long the first code is waited for: who finds a browser open later doesn't go on with what was begun there.
const PENDING_SECONDS: i64 = 15 * 60;
/// For how long somebody without a password counts as having just proven who they are.
const FRESH_SECONDS: i64 = 10 * 60;
/// Random bytes of each; 16 characters in base 32.
const CODE_BYTES: usize = 10;

/// What was shown by a code that is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    App,
    /// How many are left.
    RecoveryCode(u64),
}

/// What is wrong with a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WrongCode {
    Wrong,
    UsedBefore,
    /// What codes are made from can't be opened.
    Sealed,
}

impl WrongCode {
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Wrong => "Wrong code",
            Self::UsedBefore => "The code was used before",
            Self::Sealed => "What codes are made from can't be opened with the keys that are configured",
        }
    }

    /// What somebody is told who typed it.
    fn told(self) -> Error {
        let told = match self {
            Self::Wrong => {
                "This code is wrong. An app's code is good for half a minute; its clock must be right."
            }
            Self::UsedBefore => "This code was used already. Wait for the next one.",
            Self::Sealed => {
                "Codes can't be checked: the key that seals them isn't configured. Use a recovery code, or ask whoever runs \
                 this server."
            }
        };
        Told::invalid("code", told).into()
    }
}

fn place(workspace: Uuid, user: Uuid) -> String {
    format!("second_factor/{workspace}/{user}")
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    user: &user::Model,
) -> Result<Option<second_factor::Model>> {
    let key = (user.workspace_id, user.id);
    Ok(second_factor::Entity::find_by_id(key).one(db).await?)
}

/// The factor of somebody who is asked for a code.
pub(super) async fn confirmed(
    db: &impl ConnectionTrait,
    user: &user::Model,
) -> Result<Option<second_factor::Model>> {
    let factor = find(db, user).await?;
    Ok(factor.filter(|factor| factor.confirmed_at.is_some()))
}

/// Whether it is waited for the first code of a factor.
fn is_pending(factor: &second_factor::Model, now: Timestamp) -> bool {
    factor.confirmed_at.is_none() && factor.created_at > now.plus_seconds(-PENDING_SECONDS).micros()
}

fn totp(secret: &SecretString, email: &str, workspace: &str) -> Result<Totp> {
    // Neither may hold one: it parts them.
    let plain = |text: &str| text.replace(':', " ");
    let secret = Secret::try_from_base32(secret.expose_secret()).map_err(Error::damaged)?;
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_step_duration(STEP)
        .with_skew(SKEW)
        .with_secret(secret)
        .with_account_name(plain(email))
        .with_issuer(Some(plain(&format!("Daybook {workspace}"))))
        .build()
        .map_err(Error::damaged)
}

/// A code as it is compared: without spaces and hyphens, in lower case.
fn plain(typed: &str) -> String {
    typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

fn is_of_app(code: &str) -> bool {
    code.len() == usize::from(DIGITS) && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// Takes a code, where it is right.
pub(super) async fn prove(
    tx: &WriteTx,
    keys: &Keyring,
    user: &user::Model,
    factor: &second_factor::Model,
    typed: &str,
) -> Result<Result<Proof, WrongCode>> {
    let code = plain(typed);
    if !is_of_app(&code) {
        let gone = recovery_code::Entity::delete_by_id((user.workspace_id, user.id, digest(&code).to_vec()))
            .exec(tx.db())
            .await?;
        return Ok(match gone.rows_affected {
            0 => Err(WrongCode::Wrong),
            _ => Ok(Proof::RecoveryCode(left(tx.db(), user).await?)),
        });
    }
    let Ok(secret) = keys.kept(&place(user.workspace_id, user.id), &factor.sealed_secret) else {
        return Ok(Err(WrongCode::Sealed));
    };
    let seconds = u64::try_from(tx.now().micros() / 1_000_000).unwrap_or_default();
    let step = totp(&secret, &user.email, "")?.check(&code, seconds);
    let Some(step) = step.and_then(|step| i64::try_from(step).ok()) else {
        return Ok(Err(WrongCode::Wrong));
    };
    if step <= factor.last_step {
        return Ok(Err(WrongCode::UsedBefore));
    }
    let mut factor = factor.clone().into_active_model();
    factor.last_step = Set(step);
    second_factor::Entity::update(factor).exec(tx.db()).await?;
    Ok(Ok(Proof::App))
}

/// Recovery codes that are left.
async fn left(db: &impl ConnectionTrait, user: &user::Model) -> Result<u64> {
    let codes = of_user(user.workspace_id, user.id);
    Ok(codes.count(db).await?)
}

fn of_user(workspace: Uuid, user: Uuid) -> sea_orm::Select<recovery_code::Entity> {
    use recovery_code::Column as C;
    recovery_code::Entity::find()
        .filter(C::WorkspaceId.eq(workspace))
        .filter(C::UserId.eq(user))
}

async fn forget_codes(tx: &WriteTx, user: &user::Model) -> Result<()> {
    use recovery_code::Column as C;
    recovery_code::Entity::delete_many()
        .filter(C::WorkspaceId.eq(user.workspace_id))
        .filter(C::UserId.eq(user.id))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Takes all of it away from somebody.
pub(super) async fn forget(tx: &WriteTx, user: &user::Model) -> Result<()> {
    forget_codes(tx, user).await?;
    second_factor::Entity::delete_by_id((user.workspace_id, user.id))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Makes recovery codes in place of those that are there. One stands on each line.
async fn new_codes(tx: &WriteTx, user: &user::Model) -> Result<ShownOnce> {
    forget_codes(tx, user).await?;
    let codes: Vec<String> = (0..CODES)
        .map(|_| Secret::from(rand::random::<[u8; CODE_BYTES]>().to_vec()).to_base32())
        .map(|code| code.to_lowercase())
        .collect();
    let rows = codes.iter().map(|code| recovery_code::ActiveModel {
        workspace_id: Set(user.workspace_id),
        user_id: Set(user.id),
        code_hash: Set(digest(code).to_vec()),
    });
    recovery_code::Entity::insert_many(rows)
        .exec_without_returning(tx.db())
        .await?;
    let grouped = |code: &String| {
        let letters: Vec<char> = code.chars().collect();
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        groups.join("-")
    };
    let codes: Vec<_> = codes.iter().map(grouped).collect();
    Ok(ShownOnce::new(codes.join("\n")))
}

/// Records something about the second factor of a user.
fn done(
    tx: &mut WriteTx,
    who: &Viewer,
    of: OwnType,
    user: &user::Model,
    outcome: Result<(), String>,
    summary: String,
) {
    let mut event = access_event(of, who, tx, outcome, Vec::new());
    event.summary = Some(summary);
    event.targets = vec![Target::new("user", user.id.to_string(), &user.name)];
    tx.record(who.workspace(), event);
}

/// Why somebody can't be without, where their role needs it.
fn not_needed(person: &Person) -> Result<()> {
    if person.role.needs_second_factor {
        let role = &person.role.name;
        return Err(Told::conflict(format!("Your role, {role}, needs a second factor.")).into());
    }
    Ok(())
}

fn nothing_there() -> Error {
    Told::conflict("There is no second factor by now. Look at the page again.").into()
}

/// Takes the second factor away from somebody who has lost it.
pub(super) async fn remove(tx: &mut WriteTx, who: &Viewer, id: UserId) -> Result<()> {
    let person = manageable(tx, who, id).await?;
    if who.user_id() == Some(id) {
        let reason = "Your own second factor is switched off on your account's page, with a code.";
        return Err(Told::conflict(reason).into());
    }
    if find(tx.db(), &person.user).await?.is_none() {
        return Err(nothing_there());
    }
    forget(tx, &person.user).await?;
    let summary = format!("Removed the second factor of user “{}”", person.user.name);
    done(
        tx,
        who,
        OwnType::UserSecondFactorRemoved,
        &person.user,
        Ok(()),
        summary,
    );
    Ok(())
}

/// Seals what codes are made from with the key that seals now.
pub(super) async fn reseal(
    tx: &WriteTx,
    workspace: WorkspaceId,
    keys: &Keyring,
    resealed: &mut Resealed,
) -> Result<()> {
    let rows = second_factor::Entity::find()
        .filter(second_factor::Column::WorkspaceId.eq(workspace.0))
        .all(tx.db())
        .await?;
    for row in rows {
        let place = place(row.workspace_id, row.user_id);
        if let Some(sealed) = resealed.one(keys, &place, &row.sealed_secret)? {
            let mut row = row.into_active_model();
            row.sealed_secret = Set(sealed);
            second_factor::Entity::update(row).exec(tx.db()).await?;
        }
    }
    Ok(())
}

/// What an app takes.
fn enrolment(secret: &SecretString, email: &str, workspace: &str) -> Result<Enrolment> {
    let uri = totp(secret, email, workspace)?.to_url().map_err(Error::damaged)?;
    let code = QrCode::new(&uri).map_err(Error::damaged)?;
    let picture = code
        .render::<svg::Color>()
        .min_dimensions(200, 200)
        .quiet_zone(true)
        .build();
    Ok(Enrolment {
        secret: ShownOnce::new(secret.expose_secret().to_owned()),
        uri: ShownOnce::new(uri),
        picture: ShownOnce::new(picture),
    })
}

/// What is done with a code that is right.
type Then<T> = for<'t> fn(&'t mut WriteTx, &'t Viewer, &'t Person) -> BoxFuture<'t, Result<T>>;

impl Accounts {
    pub(super) fn keys(&self) -> &Keyring {
        self.mailing().keys()
    }

    pub(super) async fn own_second_factor(&self, who: &Viewer) -> Result<SecondFactor> {
        let id = who.user_id().ok_or(Told::Unauthenticated)?;
        let db = &self.0.db.read;
        let person = rows::person(db, who.workspace(), id).await?;
        let (user, reader) = (&person.user, self.reader(who));
        let factor = find(db, user).await?;
        // What an app takes is nobody's but their own.
        let pending = factor
            .as_ref()
            .filter(|factor| is_pending(factor, reader.now()) && who.impersonation().is_none());
        let secret = pending.map(|factor| {
            self.keys()
                .kept(&place(user.workspace_id, user.id), &factor.sealed_secret)
        });
        let enrolment = match secret {
            Some(Ok(secret)) => Some(enrolment(&secret, &user.email, &who.info().workspace)?),
            Some(Err(_)) | None => None,
        };
        Ok(SecondFactor {
            since: since(factor.as_ref(), &reader)?,
            recovery_codes: left(db, user).await?,
            needed: person.role.needs_second_factor,
            has_password: person.user.password_hash.is_some(),
            enrolment,
        })
    }

    pub(super) async fn begin_enrolment(&self, who: &Viewer, password: &str) -> daybook_domain::Result<()> {
        let id = own_to_change(who)?;
        let person = rows::person(&self.0.db.read, who.workspace(), id).await;
        let person = person.map_err(outside(who))?;
        let proven = if person.user.password_hash.is_some() {
            self.prove_password(who, &person, password).await
        } else {
            self.prove_fresh(who).await
        };
        proven.map_err(outside(who))?;
        let keys = self.keys().clone();
        self.change(who, "begin with a second factor", move |tx, who| {
            Box::pin(async move {
                let person = rows::person(tx.db(), who.workspace(), id).await?;
                let user = &person.user;
                if confirmed(tx.db(), user).await?.is_some() {
                    return Err(Told::conflict("You have a second factor already.").into());
                }
                let secret = SecretString::from(Secret::generate().to_base32());
                let row = second_factor::ActiveModel {
                    workspace_id: Set(user.workspace_id),
                    user_id: Set(user.id),
                    sealed_secret: Set(keys.keep(&place(user.workspace_id, user.id), &secret)?),
                    created_at: Set(tx.now().micros()),
                    confirmed_at: Set(None),
                    last_step: Set(0),
                };
                forget(tx, user).await?;
                second_factor::Entity::insert(row)
                    .exec_without_returning(tx.db())
                    .await?;
                let summary = format!("{} began to set up a second factor", user.name);
                done(tx, who, OwnType::UserSecondFactorBegun, user, Ok(()), summary);
                Ok(())
            })
        })
        .await
    }

    /// Who has no password proves who they are by having come in just now.
    async fn prove_fresh(&self, who: &Viewer) -> Result<()> {
        let session = who.session_id().ok_or(Told::Unauthenticated)?;
        let row = session::Entity::find_by_id((who.workspace().0, session.0))
            .one(&self.0.db.read)
            .await?;
        let row = row.ok_or(Told::Unauthenticated)?;
        if row.created_at > self.0.clock.now().plus_seconds(-FRESH_SECONDS).micros() {
            return Ok(());
        }
        let reason = "You signed in a while ago. Sign out and in again, so that it is you who sets this up.";
        Err(Told::conflict(reason).into())
    }

    /// Does something once a code is right; a wrong one is recorded. `is_new` says whether the factor is one that isn't
    /// confirmed yet.
    async fn with_code<T: Send + 'static>(
        &self,
        who: &Viewer,
        typed: &str,
        is_new: bool,
        then: Then<T>,
    ) -> daybook_domain::Result<T> {
        let id = own_to_change(who)?;
        let email = who.actor().email.unwrap_or_default();
        let tried = self
            .begin_try(&email, who.request())
            .map_err(|held| Told::TooManyRequests {
                retry_after_seconds: held.retry_after_seconds,
            })?;
        let (keys, typed) = (self.keys().clone(), typed.to_owned());
        let outcome = self.change(who, "use a code", move |tx, who| {
            Box::pin(async move {
                let person = rows::person(tx.db(), who.workspace(), id).await?;
                let factor = find(tx.db(), &person.user).await?;
                let now = tx.now();
                let factor = factor.filter(|factor| {
                    if is_new {
                        is_pending(factor, now)
                    } else {
                        factor.confirmed_at.is_some()
                    }
                });
                let factor = factor.ok_or_else(nothing_there)?;
                match prove(tx, &keys, &person.user, &factor, &typed).await? {
                    Ok(_) => Ok(Ok(then(tx, who, &person).await?)),
                    Err(wrong) => {
                        let (of, reason) = (OwnType::UserSecondFactorRefused, wrong.reason());
                        let summary = format!("A code of {} was refused: {reason}", person.user.name);
                        let outcome = Err(reason.to_owned());
                        done(tx, who, of, &person.user, outcome, summary);
                        Ok(Err(wrong))
                    }
                }
            })
        });
        match outcome.await {
            Ok(Ok(value)) => {
                self.throttle().succeeded(tried);
                Ok(value)
            }
            Ok(Err(wrong)) => Err(outside(who)(wrong.told())),
            Err(error) => {
                self.throttle().void(tried);
                Err(error)
            }
        }
    }

    pub(super) async fn confirm_enrolment(
        &self,
        who: &Viewer,
        code: &str,
    ) -> daybook_domain::Result<ShownOnce> {
        self.with_code(who, code, true, |tx, who, person| {
            Box::pin(async move {
                let user = &person.user;
                let mut factor = find(tx.db(), user)
                    .await?
                    .ok_or_else(nothing_there)?
                    .into_active_model();
                factor.confirmed_at = Set(Some(tx.now().micros()));
                second_factor::Entity::update(factor).exec(tx.db()).await?;
                let codes = new_codes(tx, user).await?;
                let summary = format!("{} set up a second factor", user.name);
                done(tx, who, OwnType::UserSecondFactorEnabled, user, Ok(()), summary);
                Ok(codes)
            })
        })
        .await
    }

    pub(super) async fn renew_codes(&self, who: &Viewer, code: &str) -> daybook_domain::Result<ShownOnce> {
        self.with_code(who, code, false, |tx, who, person| {
            Box::pin(async move {
                let codes = new_codes(tx, &person.user).await?;
                let summary = format!("{} made new recovery codes", person.user.name);
                done(
                    tx,
                    who,
                    OwnType::UserRecoveryCodesRenewed,
                    &person.user,
                    Ok(()),
                    summary,
                );
                Ok(codes)
            })
        })
        .await
    }

    pub(super) async fn disable_factor(&self, who: &Viewer, code: &str) -> daybook_domain::Result<()> {
        self.with_code(who, code, false, |tx, who, person| {
            Box::pin(async move {
                not_needed(person)?;
                forget(tx, &person.user).await?;
                let summary = format!("{} switched their second factor off", person.user.name);
                done(
                    tx,
                    who,
                    OwnType::UserSecondFactorDisabled,
                    &person.user,
                    Ok(()),
                    summary,
                );
                Ok(())
            })
        })
        .await
    }

    pub(super) async fn remove_factor(
        &self,
        who: &Granted<ManageUsers>,
        id: UserId,
    ) -> daybook_domain::Result<()> {
        self.change(who.viewer(), "remove a second factor", move |tx, who| {
            Box::pin(remove(tx, who, id))
        })
        .await
    }
}

/// Since when a code is asked for.
pub(super) fn since(
    factor: Option<&second_factor::Model>,
    reader: &Reader,
) -> Result<Option<daybook_domain::time::LocalTime>> {
    let at = factor.and_then(|factor| factor.confirmed_at);
    at.map(|at| reader.stored(at)).transpose()
}
