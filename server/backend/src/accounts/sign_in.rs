//! Signing in and out. The page says one thing to whoever fails; the log says why, step by step (R2).

use super::{
    Accounts, Entering, Workspace, challenge, digest,
    impersonation::{self, EndedBy},
    outside, person_at_the_door,
    rows::{self, Person},
    second_factor::{self, WrongCode},
    throttle::{Held, Try},
};
use crate::{Error, Result, record::access_event, writer::WriteTx};
use daybook_domain::{
    Error as Told,
    account::UserStatus,
    catalogue::OwnType,
    event::{Actor, ActorKind, Auth, EventBody, MAX_TEXT_CHARS, Step, Target},
    permission::PermissionSet,
    time::Timestamp,
    viewer::{Principal, RequestContext, Viewer},
};
use daybook_entity::{session, user};
use sea_orm::{ActiveValue::Set, EntityTrait, IntoActiveModel};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Why somebody wasn't let in, for the log only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    UnknownUser,
    WrongPassword,
    Deactivated,
    Invited,
    Throttled(Held),
    /// Everything is right but the network they come from.
    Network,
    /// Deactivated or given another password while the password was being checked.
    ChangedMeanwhile,
    WrongCode,
    UsedCode,
    /// What codes are made from can't be opened.
    SealedFactor,
}

impl Refusal {
    pub(super) fn reason(self) -> String {
        match self {
            Self::UnknownUser => "Unknown user".to_owned(),
            Self::WrongPassword => "Wrong password".to_owned(),
            Self::Deactivated => "The user is deactivated".to_owned(),
            Self::Invited => "The user has not accepted the invitation yet".to_owned(),
            Self::Throttled(held) => {
                format!("Too many tries: held back for {} s", held.retry_after_seconds)
            }
            Self::Network => "Not from this network".to_owned(),
            Self::ChangedMeanwhile => "The account changed during the sign-in".to_owned(),
            Self::WrongCode => WrongCode::Wrong.reason().to_owned(),
            Self::UsedCode => WrongCode::UsedBefore.reason().to_owned(),
            Self::SealedFactor => WrongCode::Sealed.reason().to_owned(),
        }
    }

    /// For programs that watch the log.
    fn code(self) -> &'static str {
        match self {
            Self::UnknownUser => "unknown_user",
            Self::WrongPassword => "wrong_password",
            Self::Deactivated => "deactivated",
            Self::Invited => "invited",
            Self::Throttled(_) => "throttled",
            Self::Network => "network",
            Self::ChangedMeanwhile => "changed_meanwhile",
            Self::WrongCode => "wrong_code",
            Self::UsedCode => "used_code",
            Self::SealedFactor => "sealed_factor",
        }
    }
}

/// Why somebody wasn't let in, as the log has it.
pub(crate) struct Why {
    pub reason: String,
    /// For programs that watch the log.
    pub code: &'static str,
    limit: Option<&'static str>,
}

impl Why {
    pub(crate) fn new(code: &'static str, reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            code,
            limit: None,
        }
    }
}

impl From<Refusal> for Why {
    fn from(refusal: Refusal) -> Self {
        let limit = match refusal {
            Refusal::Throttled(held) => Some(held.limit.name()),
            _ => None,
        };
        Self {
            limit,
            ..Self::new(refusal.code(), refusal.reason())
        }
    }
}

/// By what somebody comes in, as its records have it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Way {
    /// `login_source`
    pub source: String,
    /// `auth.method`
    pub method: String,
    /// `auth.id`
    pub auth_id: Option<String>,
    /// `metadata.provider`
    pub provider: Option<Value>,
}

impl Way {
    /// The sign-in page's form.
    pub(crate) fn form(method: &str) -> Self {
        Self {
            source: "form".to_owned(),
            method: method.to_owned(),
            auth_id: None,
            provider: None,
        }
    }

    /// With a code beside it.
    #[must_use]
    pub(super) fn and(mut self, code: &str) -> Self {
        self.method = format!("{}_and_{code}", self.method);
        self
    }

    pub(crate) fn onto(&self, event: &mut EventBody) {
        event.login_source = Some(self.source.clone());
        event.auth = Some(Auth {
            method: Some(self.method.clone()),
            id: self.auth_id.clone(),
        });
        if let Some(provider) = &self.provider {
            event.metadata.insert("provider".to_owned(), provider.clone());
        }
    }
}

/// The numbered steps of a sign-in.
#[derive(Debug, Default)]
pub(crate) struct Trace(Vec<Step>);

impl From<Vec<Step>> for Trace {
    fn from(steps: Vec<Step>) -> Self {
        Self(steps)
    }
}

impl Trace {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn with_data(&mut self, at: Timestamp, message: &str, data: Value) {
        self.0.push(Step::new(at, message).with_data(data));
    }

    pub(crate) fn step(&mut self, at: Timestamp, message: &str) {
        self.0.push(Step::new(at, message));
    }

    /// Whom the email belongs to. A list, because an email can belong to several members.
    pub(super) fn found(&mut self, at: Timestamp, person: Option<&Person>) {
        self.found_by(at, "Looked up the email", person);
    }

    pub(super) fn found_by(&mut self, at: Timestamp, how: &str, person: Option<&Person>) {
        let members: Vec<_> = person
            .iter()
            .map(|person| json!({"name": person.user.name, "entity_id": person.user.id, "email": person.user.email}))
            .collect();
        self.0
            .push(Step::new(at, how).with_data(json!({"members": members})));
    }

    pub(crate) fn into_steps(self) -> Vec<Step> {
        self.0
    }

    pub(crate) fn cookie(&mut self, at: Timestamp) {
        self.0
            .push(Step::new(at, "Cookie issued").with_data(json!({"rememberMe": false})));
    }
}

/// An email as somebody typed it who may be anybody.
pub(crate) struct Typed(String);

impl Typed {
    pub(crate) fn new(text: &str) -> Self {
        let text: String = text
            .trim()
            .chars()
            .filter(|c| !c.is_control())
            .take(MAX_TEXT_CHARS)
            .collect();
        Self(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What the log keeps of it. Without an @ it is no email; more likely a password in the wrong field.
    pub(crate) fn actor(&self) -> Actor {
        let actor = Actor::new(ActorKind::User);
        if self.0.contains('@') {
            actor.with_email(&self.0)
        } else {
            actor
        }
    }
}

pub(super) const NOT_FROM_HERE: &str =
    "Nobody can sign in from your network. Whoever manages the settings can add it to the sign-in policy.";

fn wrong() -> Error {
    Told::invalid("email", "Email or password is wrong.").into()
}

/// Sets the time of the sign-in and records it.
pub(super) async fn let_in(
    tx: &mut WriteTx,
    who: &Viewer,
    user: user::Model,
    way: &Way,
    trace: Trace,
) -> Result<()> {
    let target = Target::new("user", user.id.to_string(), &user.name);
    let summary = format!("{} signed in", user.name);
    let mut row = user.into_active_model();
    row.last_sign_in_at = Set(Some(tx.now().micros()));
    user::Entity::update(row).exec(tx.db()).await?;
    let mut event = access_event(OwnType::UserSignedIn, who, tx, Ok(()), trace.0);
    event.summary = Some(summary);
    event.targets = vec![target];
    way.onto(&mut event);
    tx.record(who.workspace(), event);
    Ok(())
}

/// A try to sign in.
#[derive(Clone, Copy)]
pub(super) struct Attempt<'a> {
    pub workspace: &'a Workspace,
    pub request: &'a RequestContext,
    pub typed: &'a Typed,
    pub way: &'a Way,
}

impl Attempt<'_> {
    /// Records that somebody wasn't let in.
    pub(super) fn keep_out(
        self,
        tx: &mut WriteTx,
        person: Option<&Person>,
        why: impl Into<Why>,
        trace: Trace,
    ) {
        let Self {
            workspace,
            request,
            typed,
            way,
        } = self;
        let why = why.into();
        let who = match person {
            Some(person) => person_at_the_door(workspace.id, &person.user, request),
            None => nobody(workspace, request),
        };
        let mut event = access_event(
            OwnType::UserSignInFailed,
            &who,
            tx,
            Err(why.reason.clone()),
            trace.0,
        );
        match person {
            Some(Person { user, .. }) => {
                event.targets = vec![Target::new("user", user.id.to_string(), &user.name)];
            }
            None => event.actor = typed.actor(),
        }
        let is_known = event.actor.name.is_some() || event.actor.email.is_some();
        let whose = match &way.provider {
            // Not before the provider has said who it is.
            Some(_) if !is_known => format!("by {}", way.source),
            _ => format!("of {}", event.actor.label()),
        };
        let summary = format!("Sign-in {whose} failed: {}", lower(&why.reason));
        event.summary = Some(summary.chars().take(MAX_TEXT_CHARS).collect());
        way.onto(&mut event);
        event.metadata.insert("reason_code".to_owned(), why.code.into());
        if let Some(limit) = why.limit {
            event.metadata.insert("limit".to_owned(), limit.into());
        }
        tx.record(workspace.id, event);
    }
}

pub(crate) fn nobody(workspace: &Workspace, request: &RequestContext) -> Viewer {
    let principal = Principal::System { name: String::new() };
    Viewer::new(
        workspace.id,
        principal,
        PermissionSet::new(),
        "UTC".to_owned(),
        String::new(),
        request.clone(),
    )
}

pub(crate) fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters
        .next()
        .into_iter()
        .flat_map(char::to_lowercase)
        .chain(letters)
        .collect()
}

impl Accounts {
    /// Checks email and password and records the try with its trace. The caller makes the session, or has a code asked for.
    ///
    /// `Invalid{field: "email"}` whatever is wrong, and after the same time; `TooManyRequests` where it was tried too
    /// often.
    pub async fn sign_in(
        &self,
        email: &str,
        password: SecretString,
        request: &RequestContext,
    ) -> daybook_domain::Result<Entering> {
        self.try_to_sign_in(Typed::new(email), password, request)
            .await
            .map_err(|error| error.into_domain(&request.correlation_id))
    }

    async fn try_to_sign_in(
        &self,
        typed: Typed,
        password: SecretString,
        request: &RequestContext,
    ) -> Result<Entering> {
        let workspace = self.workspace().await?.ok_or_else(wrong)?;
        let tried = match self.begin_try(&typed.0, request) {
            Ok(tried) => tried,
            Err(held) => {
                if held.note {
                    self.note_throttled(workspace, typed, request, held).await?;
                }
                return Err(Told::TooManyRequests {
                    retry_after_seconds: held.retry_after_seconds,
                }
                .into());
            }
        };
        let outcome = self.check(workspace, typed, password, request).await;
        match &outcome {
            Ok(Ok(Entering::In(_))) => self.throttle().succeeded(tried),
            Ok(Err(_)) => {}
            // Ours, not theirs; or half a success, which doesn't make wrong codes undone.
            Err(_) | Ok(Ok(Entering::CodeDue(_))) => self.throttle().void(tried),
        }
        outcome?.map_err(|refusal| match refusal {
            // Who knows the password may know this, and could do nothing about “wrong”.
            Refusal::Network => Told::invalid("email", NOT_FROM_HERE).into(),
            _ => wrong(),
        })
    }

    /// Whether somebody may try a password for this email now. Counts as a wrong one until told otherwise.
    pub(super) fn begin_try(&self, email: &str, request: &RequestContext) -> Result<Try, Held> {
        self.throttle()
            .begin(digest(&rows::key(email)), request.ip, self.0.clock.now())
    }

    /// Why they may not enter; the log has it by then.
    async fn check(
        &self,
        workspace: Workspace,
        typed: Typed,
        password: SecretString,
        request: &RequestContext,
    ) -> Result<Result<Entering, Refusal>> {
        let clock = &self.0.clock;
        let mut trace = Trace::default();
        let person = rows::person_by_email(&self.0.db.read, workspace.id, &typed.0).await?;
        trace.found(clock.now(), person.as_ref());
        let mut refusal = match person.as_ref().map(Person::status).transpose()? {
            None => Some((Refusal::UnknownUser, "No member has this email")),
            Some(UserStatus::Deactivated) => Some((Refusal::Deactivated, "Member is not valid: deactivated")),
            Some(UserStatus::Invited) => Some((
                Refusal::Invited,
                "Member is not valid: invitation not accepted yet",
            )),
            Some(UserStatus::Active) => None,
        };
        trace.step(clock.now(), refusal.map_or("Member is valid", |(_, step)| step));
        // Whoever it is, a password is checked, so that the time it takes tells nothing.
        let hash = person
            .as_ref()
            .and_then(|person| person.user.password_hash.clone());
        let hash = hash.filter(|_| refusal.is_none());
        let right = self.0.passwords.verify(password, hash.clone()).await?;
        if refusal.is_none() {
            trace.step(
                clock.now(),
                if right {
                    "Password is right"
                } else {
                    "Password is wrong"
                },
            );
            refusal = (!right).then_some((Refusal::WrongPassword, ""));
        }
        if refusal.is_none() && !self.lets_in_from(request).await? {
            trace.step(clock.now(), "Network is in none of the sign-in policy");
            refusal = Some((Refusal::Network, ""));
        }
        let refusal = refusal.map(|(refusal, _)| refusal);
        let request = request.clone();
        let decided = self.0.writer.change(move |tx| {
            Box::pin(async move {
                rows::lock(tx, workspace.id).await?;
                let way = Way::form("password");
                let attempt = Attempt {
                    workspace: &workspace,
                    request: &request,
                    typed: &typed,
                    way: &way,
                };
                let Some(person) = person else {
                    attempt.keep_out(tx, None, Refusal::UnknownUser, trace);
                    return Ok(Err(Refusal::UnknownUser));
                };
                // As it is now: the check took its time.
                let person = rows::person(tx.db(), workspace.id, person.id()).await?;
                let unchanged = person.status()? == UserStatus::Active && person.user.password_hash == hash;
                let why = refusal.or_else(|| (!unchanged).then_some(Refusal::ChangedMeanwhile));
                if let Some(why) = why {
                    attempt.keep_out(tx, Some(&person), why, trace);
                    return Ok(Err(why));
                }
                if second_factor::confirmed(tx.db(), &person.user).await?.is_some() {
                    let token = challenge::begin(tx, &workspace, &person, &request, &way, trace).await?;
                    return Ok(Ok(Entering::CodeDue(token)));
                }
                trace.cookie(tx.now());
                let who = person_at_the_door(workspace.id, &person.user, &request);
                let id = person.id();
                let_in(tx, &who, person.user, &way, trace).await?;
                Ok(Ok(Entering::In(id)))
            })
        });
        decided.await
    }

    async fn note_throttled(
        &self,
        workspace: Workspace,
        typed: Typed,
        request: &RequestContext,
        held: Held,
    ) -> Result<()> {
        let person = rows::person_by_email(&self.0.db.read, workspace.id, &typed.0).await?;
        let request = request.clone();
        let noted = self.0.writer.change(move |tx| {
            Box::pin(async move {
                let mut trace = Trace::default();
                trace.found(tx.now(), person.as_ref());
                trace.step(tx.now(), "Held back before the password was checked");
                let attempt = Attempt {
                    workspace: &workspace,
                    request: &request,
                    typed: &typed,
                    way: &Way::form("password"),
                };
                attempt.keep_out(tx, person.as_ref(), Refusal::Throttled(held), trace);
                Ok(())
            })
        });
        noted.await
    }

    /// Ends the viewer's session and records it. `Unauthenticated` where there is none.
    pub async fn sign_out(&self, viewer: &Viewer) -> daybook_domain::Result<()> {
        let who = viewer.themselves();
        let (Some(session), Some(user)) = (who.session_id(), who.user_id()) else {
            return Err(Told::Unauthenticated);
        };
        // Not only once: that somebody signed out is worth a record also where the session is gone by now.
        let signed_out = self.0.writer.change(move |tx| {
            Box::pin(async move {
                let row = session::Entity::find_by_id((who.workspace().0, session.0))
                    .one(tx.db())
                    .await?;
                if let Some(row) = row {
                    impersonation::note_end(tx, &row, EndedBy::SignOut, who.request()).await?;
                }
                session::Entity::delete_by_id((who.workspace().0, session.0))
                    .exec(tx.db())
                    .await?;
                let mut event = access_event(OwnType::UserSignedOut, &who, tx, Ok(()), Vec::new());
                let name = who.actor().label();
                event.summary = Some(format!("{name} signed out"));
                event.targets = vec![Target::new("user", user.to_string(), name)];
                tx.record(who.workspace(), event);
                Ok(())
            })
        });
        signed_out.await.map_err(outside(viewer))
    }
}
