//! The second half of a sign-in: who has shown a password or come from a provider, and is asked for a code.
//!
//! What stands in the browser meanwhile opens nothing: it is good for one code, for a few minutes, and not for a session.

use super::{
    Accounts, Workspace, digest, person_at_the_door,
    rows::{self, Person},
    second_factor::{self, Proof, WrongCode},
    secret,
    sign_in::{Attempt, Refusal, Trace, Typed, Way, let_in, lower},
};
use crate::{Error, Result, record::access_event, writer::WriteTx};
use daybook_domain::{
    Error as Told, account::UserStatus, catalogue::OwnType, event::Target, id::UserId, viewer::RequestContext,
};
use daybook_entity::{sign_in_challenge, user};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use secrecy::SecretString;
use uuid::Uuid;

/// How long a code is waited for.
pub const CODE_SECONDS: i64 = 300;
/// Wrong codes after which the password is asked for again.
const TRIES: i32 = 5;

/// How somebody comes in whose password was right.
#[derive(Debug)]
pub enum Entering {
    In(UserId),
    /// Not before a code, with what the browser is to hold meanwhile.
    CodeDue(SecretString),
}

/// What a password's hash is known by: with another password, a sign-in that waits is over.
fn password_mark(user: &user::Model) -> Vec<u8> {
    digest(user.password_hash.as_deref().unwrap_or_default()).to_vec()
}

/// Waits for a code of somebody.
pub(super) async fn begin(
    tx: &mut WriteTx,
    workspace: &Workspace,
    person: &Person,
    request: &RequestContext,
    way: &Way,
    mut trace: Trace,
) -> Result<SecretString> {
    use sign_in_challenge::Column as C;
    sign_in_challenge::Entity::delete_many()
        .filter(C::WorkspaceId.eq(workspace.id.0))
        .filter(C::ExpiresAt.lte(tx.now().micros()))
        .exec(tx.db())
        .await?;
    let (user, token) = (&person.user, secret());
    let row = sign_in_challenge::ActiveModel {
        workspace_id: Set(workspace.id.0),
        token_hash: Set(digest(&token).to_vec()),
        user_id: Set(user.id),
        password_mark: Set(password_mark(user)),
        tries: Set(0),
        expires_at: Set(tx.now().plus_seconds(CODE_SECONDS).micros()),
        way: Set(Some(serde_json::to_string(way).map_err(Error::damaged)?)),
    };
    sign_in_challenge::Entity::insert(row)
        .exec_without_returning(tx.db())
        .await?;
    trace.step(tx.now(), "A code is asked for");
    let who = person_at_the_door(workspace.id, user, request);
    let mut event = access_event(OwnType::UserCodeAsked, &who, tx, Ok(()), trace.into_steps());
    let so_far = lower(came_by(way));
    event.summary = Some(format!("{} was asked for a code: the {so_far}", user.name));
    event.targets = vec![Target::new("user", user.id.to_string(), &user.name)];
    way.onto(&mut event);
    event.auth = None;
    tx.record(workspace.id, event);
    Ok(token.into())
}

/// What has been shown already.
fn came_by(way: &Way) -> &'static str {
    match way.provider {
        Some(_) => "Provider let them in",
        None => "Password was right",
    }
}

/// By what they came whose code is waited for.
fn way_of(row: &sign_in_challenge::Model) -> Result<Way> {
    let way = row.way.as_deref().map(serde_json::from_str).transpose();
    Ok(way
        .map_err(Error::damaged)?
        .unwrap_or_else(|| Way::form("password")))
}

/// Whose code is waited for; `NotFound` where none is, any more.
async fn waiting(
    db: &impl ConnectionTrait,
    workspace: &Workspace,
    token: &str,
    now: i64,
) -> Result<(sign_in_challenge::Model, Person)> {
    let key = (workspace.id.0, digest(token).to_vec());
    let row = sign_in_challenge::Entity::find_by_id(key).one(db).await?;
    let row = row.filter(|row| row.expires_at > now).ok_or(Told::NotFound)?;
    let person = rows::person(db, workspace.id, UserId(row.user_id)).await?;
    let goes_on = person.status()? == UserStatus::Active && password_mark(&person.user) == row.password_mark;
    if goes_on {
        Ok((row, person))
    } else {
        Err(Told::NotFound.into())
    }
}

/// Counts a wrong code. Whether it was the last that is taken.
async fn count(tx: &WriteTx, row: sign_in_challenge::Model) -> Result<bool> {
    let tries = row.tries + 1;
    if tries >= TRIES {
        end(tx, row.workspace_id, row.token_hash).await?;
        return Ok(true);
    }
    let mut row = row.into_active_model();
    row.tries = Set(tries);
    sign_in_challenge::Entity::update(row).exec(tx.db()).await?;
    Ok(false)
}

async fn end(tx: &WriteTx, workspace: Uuid, token_hash: Vec<u8>) -> Result<()> {
    sign_in_challenge::Entity::delete_by_id((workspace, token_hash))
        .exec(tx.db())
        .await?;
    Ok(())
}

fn refusal(wrong: WrongCode) -> Refusal {
    match wrong {
        WrongCode::Wrong => Refusal::WrongCode,
        WrongCode::UsedBefore => Refusal::UsedCode,
        WrongCode::Sealed => Refusal::SealedFactor,
    }
}

/// The step of a code that was right, and how that is called.
fn by(proof: Proof) -> (String, &'static str) {
    match proof {
        Proof::App => ("Code of the app is right".to_owned(), "code"),
        Proof::RecoveryCode(left) => (
            format!("Recovery code is right; {left} are left"),
            "recovery_code",
        ),
    }
}

const WRONG: &str = "This code is wrong, or was used already. Try the next one.";

impl Accounts {
    /// Ends a sign-in that waits for a code. The caller makes the session.
    ///
    /// `NotFound` where it doesn't wait any more: the password is to be typed again. `Invalid{field: "code"}` where the code is
    /// wrong; `TooManyRequests` where it was tried too often.
    pub async fn finish_sign_in(
        &self,
        token: &SecretString,
        code: &str,
        request: &RequestContext,
    ) -> daybook_domain::Result<UserId> {
        let finished = self.try_code(token, code, request).await;
        finished.map_err(|error| error.into_domain(&request.correlation_id))
    }

    async fn try_code(&self, token: &SecretString, code: &str, request: &RequestContext) -> Result<UserId> {
        use secrecy::ExposeSecret;
        let workspace = self.workspace().await?.ok_or(Told::NotFound)?;
        let token = token.expose_secret().to_owned();
        let now = self.0.clock.now().micros();
        let (_, person) = waiting(&self.0.db.read, &workspace, &token, now).await?;
        let email = person.user.email;
        let tried = self
            .begin_try(&email, request)
            .map_err(|held| Told::TooManyRequests {
                retry_after_seconds: held.retry_after_seconds,
            })?;
        let is_let_in = self.lets_in_from(request).await?;
        let (keys, code, request) = (self.keys().clone(), code.to_owned(), request.clone());
        let outcome = self.0.writer.change(move |tx| {
            Box::pin(async move {
                rows::lock(tx, workspace.id).await?;
                let (row, person) = waiting(tx.db(), &workspace, &token, tx.now().micros()).await?;
                let mut trace = Trace::default();
                trace.found(tx.now(), Some(&person));
                let way = way_of(&row)?;
                trace.step(tx.now(), came_by(&way));
                let factor = second_factor::confirmed(tx.db(), &person.user).await?;
                let proof = match &factor {
                    _ if !is_let_in => Err(Refusal::Network),
                    // Somebody has taken it away meanwhile: the next sign-in does without.
                    None => Err(Refusal::ChangedMeanwhile),
                    Some(factor) => second_factor::prove(tx, &keys, &person.user, factor, &code)
                        .await?
                        .map_err(refusal),
                };
                let proof = match proof {
                    Ok(proof) => proof,
                    Err(why) => {
                        trace.step(tx.now(), &why.reason());
                        let over = count(tx, row).await? || factor.is_none();
                        let attempt = Attempt {
                            workspace: &workspace,
                            request: &request,
                            typed: &Typed::new(&person.user.email),
                            way: &way.and("code"),
                        };
                        attempt.keep_out(tx, Some(&person), why, trace);
                        return Ok(Err(over));
                    }
                };
                end(tx, row.workspace_id, row.token_hash).await?;
                let (step, code) = by(proof);
                trace.step(tx.now(), &step);
                trace.cookie(tx.now());
                let who = person_at_the_door(workspace.id, &person.user, &request);
                let id = person.id();
                let_in(tx, &who, person.user, &way.and(code), trace).await?;
                Ok::<_, Error>(Ok(id))
            })
        });
        match outcome.await {
            Ok(Ok(id)) => {
                self.throttle().succeeded(tried);
                Ok(id)
            }
            Ok(Err(true)) => Err(Told::NotFound.into()),
            Ok(Err(false)) => Err(Told::invalid("code", WRONG).into()),
            Err(error) => {
                self.throttle().void(tried);
                Err(error)
            }
        }
    }
}
