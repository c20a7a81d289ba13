//! Signing in by an identity provider: whom of the users it means, whether they may come in, and which role they have then.
//!
//! What a provider says is [`oidc`](crate::oidc)'s to believe or not; here it is decided what that is worth. A subject that
//! came before is the user it was then. Another is found by its address, where the provider has verified that; and who isn't
//! found becomes a user only where that is set.

use super::{
    Accounts, Entering, Workspace, challenge, person_at_the_door,
    providers::{self, Audience, newcomers},
    rows::{self, Person},
    second_factor,
    sign_in::{Attempt, NOT_FROM_HERE, Refusal, Trace, Typed, Way, Why, let_in},
    users::{NewUser, habits_of_new_users, insert_user, keep_an_administrator},
};
use crate::{
    Error, Result,
    oidc::{Answer, Fault, Finished, Identity, Ids, Pending, Refused},
    record::{Done, record},
    writer::WriteTx,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use daybook_domain::{
    Error as Told,
    account::UserStatus,
    id::{ProviderId, UserId},
    identity::Newcomers,
    permission::PermissionSet,
    viewer::{Principal, RequestContext, Viewer},
};
use daybook_entity::{identity, identity_provider, user};
use sea_orm::{ActiveValue::Set, EntityTrait, IntoActiveModel};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How long a browser may be away at a provider.
pub const AT_PROVIDER_SECONDS: i64 = 600;
/// Longest path one goes on to, in bytes: it is kept in a cookie.
const MAX_NEXT: usize = 1000;
const GOOGLE: &str = "https://accounts.google.com";
const MICROSOFT: &str = "https://login.microsoftonline.com/";

/// A browser on its way to a provider.
#[derive(Debug)]
pub struct AtProvider {
    /// Where it goes.
    pub url: String,
    /// What it is to bring back, sealed.
    pub pending: SecretString,
}

/// Who came back.
#[derive(Debug)]
pub enum CameBack {
    User(UserBack),
    /// The customer portal says whether they come in.
    Contact(Box<ContactBack>),
}

/// What a provider said of somebody who wants to come into the customer portal, whatever it was.
#[derive(Debug)]
pub struct ContactBack {
    pub(crate) workspace: Workspace,
    pub(crate) provider: identity_provider::Model,
    pub(crate) finished: Finished,
}

/// A user who came back, and may come in.
#[derive(Debug)]
pub struct UserBack {
    pub entering: Entering,
    /// Whether the provider vouches for a second factor.
    pub factor_vouched: bool,
    /// Where it wanted to go.
    pub next: String,
}

/// What a browser brings back.
#[derive(Serialize, Deserialize)]
struct Carried {
    provider: ProviderId,
    #[serde(default)]
    audience: Audience,
    pending: Pending,
    next: String,
}

/// What is said of a provider that isn't offered.
fn not_offered() -> Error {
    Told::invalid("provider", "One can't sign in by this provider any more.").into()
}

/// What somebody is told whom a provider, or its set-up, keeps out.
pub(crate) fn told(provider: &str, refused: &Refused) -> Error {
    let what = match (refused.fault(), refused) {
        (_, Refused::StateMismatch | Refused::Expired) => {
            "That took too long, or was begun in another browser. Try again.".to_owned()
        }
        (Fault::Person, _) => format!("{provider} didn't sign you in. Try again."),
        (Fault::Provider, _) => format!(
            "{provider} doesn't answer as it should. Try again in a while. The reason is in the access log."
        ),
        (Fault::Setup, _) => format!(
            "{provider} isn't set up for Daybook as it should be. Whoever manages the settings finds the reason in the access \
             log."
        ),
    };
    Told::invalid("provider", what).into()
}

/// Why somebody whom a provider has let through isn't let in here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    NoEmail,
    UnverifiedEmail,
    OtherDomain,
    Unknown,
    Deactivated,
    NoRole,
    Network,
}

impl Kept {
    fn why(self) -> Why {
        match self {
            Self::NoEmail => Why::new("no_email", "The provider gives no email address"),
            Self::UnverifiedEmail => Why::new(
                "unverified_email",
                "The provider hasn't verified the email address",
            ),
            Self::OtherDomain => Why::new("other_domain", "The email address is of another domain"),
            Self::Unknown => Refusal::UnknownUser.into(),
            Self::Deactivated => Refusal::Deactivated.into(),
            Self::NoRole => Why::new("no_role", "The provider gives them no role here"),
            Self::Network => Refusal::Network.into(),
        }
    }

    fn told(self, provider: &str) -> Error {
        let what = match self {
            Self::NoEmail | Self::UnverifiedEmail => format!(
                "{provider} doesn't say which email address is yours, or hasn't verified it. Ask whoever runs it."
            ),
            Self::Network => NOT_FROM_HERE.to_owned(),
            Self::OtherDomain | Self::Unknown | Self::Deactivated | Self::NoRole => {
                format!("{provider} knows you, but you have no way in here. Ask an administrator of Daybook.")
            }
        };
        Told::invalid("provider", what).into()
    }
}

fn source(row: &identity_provider::Model) -> String {
    if row.issuer == GOOGLE {
        "google".to_owned()
    } else if row.issuer.starts_with(MICROSOFT) {
        "microsoft".to_owned()
    } else {
        row.name.clone()
    }
}

/// How the record tells of the provider's part.
pub(crate) fn way(row: &identity_provider::Model, subject: Option<&str>, ids: &Ids) -> Way {
    let requests = &ids.requests;
    let mut provider = serde_json::Map::new();
    let texts = [
        ("id", Some(row.id.to_string())),
        ("name", Some(row.name.clone())),
        ("issuer", Some(row.issuer.clone())),
        ("subject", subject.map(str::to_owned)),
        ("sid", ids.sid.clone()),
        ("jti", ids.jti.clone()),
        ("tid", ids.tid.clone()),
        ("oid", ids.oid.clone()),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            provider.insert(name.to_owned(), text.into());
        }
    }
    if !requests.is_empty() {
        provider.insert("requests".to_owned(), json!(requests));
    }
    let auth_id = ids.jti.as_ref().or(ids.sid.as_ref()).cloned();
    Way {
        source: source(row),
        method: "oidc".to_owned(),
        auth_id: auth_id.or_else(|| requests.values().next().cloned()),
        provider: Some(Value::Object(provider)),
    }
}

/// Whether the address is theirs whom the provider means.
///
/// Google vouches for the addresses of Gmail and of organisations only (Google, “OpenID Connect”, `email_verified` and `hd`).
pub(crate) fn is_verified(row: &identity_provider::Model, identity: &Identity, email: &str) -> bool {
    if row.trusts_email {
        return true;
    }
    let is_of_google = row.issuer == GOOGLE;
    let vouches =
        !is_of_google || identity.claims.contains_key("hd") || email.to_lowercase().ends_with("@gmail.com");
    identity.email_verified && vouches
}

pub(crate) fn is_of_domains(domains: &[String], email: Option<&str>) -> bool {
    let domain = email.and_then(|email| email.rsplit_once('@'));
    let domain = domain.map(|(_, domain)| domain.to_lowercase());
    domains.is_empty() || domain.is_some_and(|domain| domains.contains(&domain))
}

/// What one try by a provider is about.
struct Coming<'a> {
    workspace: &'a Workspace,
    provider: &'a identity_provider::Model,
    request: &'a RequestContext,
    identity: &'a Identity,
    is_let_in: bool,
}

impl Coming<'_> {
    /// The provider, as the actor of what it brings about.
    fn provider(&self) -> Viewer {
        let principal = Principal::System {
            name: format!("Identity provider {}", self.provider.name),
        };
        Viewer::new(
            self.workspace.id,
            principal,
            PermissionSet::new(),
            "UTC".to_owned(),
            String::new(),
            self.request.clone(),
        )
    }

    /// Whom the provider means, where that is a user; with whether they came from there before.
    async fn meant(
        &self,
        tx: &WriteTx,
        trace: &mut Trace,
    ) -> Result<Result<(Option<Person>, bool), (Option<Person>, Kept)>> {
        let (provider, identity) = (self.provider, self.identity);
        let key = (self.workspace.id.0, provider.id, identity.subject.clone());
        let linked = identity::Entity::find_by_id(key).one(tx.db()).await?;
        let email = identity.email.as_deref();
        let is_of_domains = is_of_domains(&providers::domains(provider)?, email);
        if let Some(linked) = linked {
            let person = rows::person(tx.db(), self.workspace.id, UserId(linked.user_id)).await?;
            trace.found_by(
                tx.now(),
                "Looked up the subject, which came before",
                Some(&person),
            );
            return Ok(if is_of_domains {
                Ok((Some(person), true))
            } else {
                Err((Some(person), Kept::OtherDomain))
            });
        }
        let Some(email) = email else {
            return Ok(Err((None, Kept::NoEmail)));
        };
        let person = rows::person_by_email(tx.db(), self.workspace.id, email).await?;
        trace.found_by(
            tx.now(),
            "Looked up the email: the subject is new",
            person.as_ref(),
        );
        Ok(if !is_verified(provider, identity, email) {
            Err((person, Kept::UnverifiedEmail))
        } else if !is_of_domains {
            Err((person, Kept::OtherDomain))
        } else {
            Ok((person, false))
        })
    }

    /// The role that the provider gives; `Ok(None)` where a user who is here keeps theirs, because there are no rules.
    async fn role(
        &self,
        tx: &WriteTx,
        is_new: bool,
        trace: &mut Trace,
    ) -> Result<Result<Option<daybook_entity::role::Model>, Kept>> {
        let rules = providers::rules(self.provider)?;
        if rules.is_empty() && !is_new {
            return Ok(Ok(None));
        }
        let claim = &self.provider.role_claim;
        let values = self.identity.claims.get(claim).map_or(&[][..], Vec::as_slice);
        let fitting = rules.iter().find(|(value, _)| values.contains(value));
        let given = fitting.map(|(_, role)| *role).or(self.provider.default_role_id);
        let Some(id) = given else {
            trace.step(tx.now(), "No rule gives a role");
            return Ok(Err(Kept::NoRole));
        };
        let role = rows::role(tx.db(), self.workspace.id, id).await?;
        let decided = json!({"claim": claim, "value": fitting.map(|(value, _)| value), "role": role.name});
        let how = match fitting {
            Some(_) => "A rule gives the role",
            None if rules.is_empty() => "New users get the provider's role",
            None => "No rule fits: the provider's role for all others",
        };
        trace.with_data(tx.now(), how, decided);
        Ok(Ok(Some(role)))
    }

    /// Makes the subject theirs.
    async fn link(&self, tx: &WriteTx, person: &mut Person) -> Result<()> {
        let email = self.identity.email.as_deref().unwrap_or(&self.identity.subject);
        let row = identity::ActiveModel {
            workspace_id: Set(self.workspace.id.0),
            provider_id: Set(self.provider.id),
            subject: Set(self.identity.subject.clone()),
            user_id: Set(person.user.id),
            label: Set(format!("{}: {email}", self.provider.name)),
            created_at: Set(tx.now().micros()),
        };
        let row = identity::Entity::insert(row).exec_with_returning(tx.db()).await?;
        person.identities.push(row);
        Ok(())
    }

    async fn make(
        &self,
        tx: &mut WriteTx,
        role: daybook_entity::role::Model,
        email: &str,
        trace: &mut Trace,
    ) -> Result<Person> {
        let name = self.identity.name.as_deref().unwrap_or(email);
        let name: String = name.chars().take(200).collect();
        let new = NewUser {
            name: rows::name("name", &name)?,
            email: rows::email(email)?,
            role,
            password_hash: None,
            by_provider: true,
            habits: habits_of_new_users(tx, self.workspace.id).await?,
        };
        let mut person = insert_user(tx, self.workspace.id, new).await?;
        self.link(tx, &mut person).await?;
        let summary = format!(
            "Made user “{}” as they came from {}",
            person.user.name, self.provider.name
        );
        let after = person.record();
        let done = Done::created(&after).called("provisioned");
        record(tx, &self.provider(), &done.saying(summary))?;
        trace.step(tx.now(), "Made them a user");
        Ok(person)
    }

    /// Makes the subject a user's who is here already. Who was invited needs no password any more.
    async fn join(&self, tx: &mut WriteTx, mut person: Person, trace: &mut Trace) -> Result<Person> {
        let before = person.record();
        if person.status()? == UserStatus::Invited {
            super::invitations::withdraw(tx, &mut person).await?;
            let mut row = person.user.into_active_model();
            row.status = Set(UserStatus::Active.name().to_owned());
            person.user = user::Entity::update(row).exec(tx.db()).await?;
        }
        self.link(tx, &mut person).await?;
        let summary = format!("Linked user “{}” with {}", person.user.name, self.provider.name);
        let after = person.record();
        let done = Done::updated(&before, &after).called("identity_linked");
        record(tx, &self.provider(), &done.saying(summary))?;
        trace.step(tx.now(), "Linked the subject with the member");
        Ok(person)
    }

    /// Gives a user the role that the rules say. Who is the last administrator stays one.
    async fn give(
        &self,
        tx: &mut WriteTx,
        mut person: Person,
        role: daybook_entity::role::Model,
        trace: &mut Trace,
    ) -> Result<Person> {
        if role.id == person.role.id {
            return Ok(person);
        }
        if keep_an_administrator(tx, &person).await.is_err() {
            trace.step(tx.now(), "They keep their role: nobody else is an administrator");
            return Ok(person);
        }
        let before = person.record();
        let summary = format!(
            "Changed role of user “{}” from “{}” to “{}”",
            person.user.name, person.role.name, role.name
        );
        let mut row = person.user.into_active_model();
        row.role_id = Set(role.id);
        person.user = user::Entity::update(row).exec(tx.db()).await?;
        person.role = role;
        let after = person.record();
        record(
            tx,
            &self.provider(),
            &Done::updated(&before, &after).saying(summary),
        )?;
        Ok(person)
    }

    /// Who comes in, or who doesn't and why.
    async fn decide(
        &self,
        tx: &mut WriteTx,
        trace: &mut Trace,
    ) -> Result<Result<Person, (Option<Person>, Kept)>> {
        let (person, came_before) = match self.meant(tx, trace).await? {
            Ok(meant) => meant,
            Err(kept) => return Ok(Err(kept)),
        };
        let status = person.as_ref().map(Person::status).transpose()?;
        if status == Some(UserStatus::Deactivated) {
            trace.step(tx.now(), "Member is not valid: deactivated");
            return Ok(Err((person, Kept::Deactivated)));
        }
        if person.is_none() && newcomers(self.provider)? == Newcomers::Refused {
            return Ok(Err((person, Kept::Unknown)));
        }
        if !self.is_let_in {
            trace.step(tx.now(), "Network is in none of the sign-in policy");
            return Ok(Err((person, Kept::Network)));
        }
        let role = match self.role(tx, person.is_none(), trace).await? {
            Ok(role) => role,
            Err(kept) => return Ok(Err((person, kept))),
        };
        match (person, role) {
            (None, Some(role)) => {
                let email = self.identity.email.clone().unwrap_or_default();
                Ok(Ok(self.make(tx, role, &email, trace).await?))
            }
            (None, None) => Ok(Err((None, Kept::NoRole))),
            (Some(person), role) => {
                let person = if came_before {
                    person
                } else {
                    self.join(tx, person, trace).await?
                };
                match role {
                    Some(role) => Ok(Ok(self.give(tx, person, role, trace).await?)),
                    None => Ok(Ok(person)),
                }
            }
        }
    }
}

/// What came of a try, once it is recorded.
enum Came {
    In(UserId),
    CodeDue(SecretString),
    Kept(Kept),
}

impl Accounts {
    /// Sends a browser to a provider. `redirect` is the address to which it comes back; `next` is where it goes on to then.
    ///
    /// `Invalid{field: "provider"}` where that can't be, with what to do; `TooManyRequests` where it was tried too often.
    pub async fn begin_at_provider(
        &self,
        id: ProviderId,
        audience: Audience,
        redirect: &str,
        next: &str,
        request: &RequestContext,
    ) -> daybook_domain::Result<AtProvider> {
        self.go_to_provider(id, audience, redirect, next, request)
            .await
            .map_err(|error| error.into_domain(&request.correlation_id))
    }

    /// Ends a sign-in by a provider, for the browser that came back with `query`. The caller makes the session, or has a code
    /// asked for.
    ///
    /// `Invalid{field: "provider"}` where nobody comes in, with what to do; the log says why.
    pub async fn finish_at_provider(
        &self,
        pending: &SecretString,
        redirect: &str,
        query: &str,
        request: &RequestContext,
    ) -> daybook_domain::Result<CameBack> {
        self.come_back(pending, redirect, query, request)
            .await
            .map_err(|error| error.into_domain(&request.correlation_id))
    }

    fn admit(&self, request: &RequestContext) -> Result<()> {
        let mut throttle = super::locked(&self.0.at_providers);
        throttle.admit(request.ip, self.0.clock.now()).map_err(|held| {
            Told::TooManyRequests {
                retry_after_seconds: held.retry_after_seconds,
            }
            .into()
        })
    }

    /// A provider that is offered.
    async fn offered_provider(
        &self,
        id: ProviderId,
        to: Audience,
    ) -> Result<(Workspace, identity_provider::Model)> {
        let workspace = self.workspace().await?.ok_or_else(not_offered)?;
        match providers::find(&self.0.db.read, workspace.id, id).await {
            Ok(row) if to.is_of(&row) => Ok((workspace, row)),
            Ok(_) | Err(Error::Domain(Told::NotFound)) => Err(not_offered()),
            Err(error) => Err(error),
        }
    }

    async fn go_to_provider(
        &self,
        id: ProviderId,
        audience: Audience,
        redirect: &str,
        next: &str,
        request: &RequestContext,
    ) -> Result<AtProvider> {
        self.admit(request)?;
        let (workspace, row) = self.offered_provider(id, audience).await?;
        let provider = providers::spoken_to(&row, self.keys())
            .map_err(|why| Error::damaged(format!("the secret of the provider “{}”: {why}", row.name)))?;
        let begun = match self.oidc().begin(&provider, redirect).await {
            Ok(begun) => begun,
            Err(refused) => {
                let said = told(&row.name, &refused);
                let finished = Finished {
                    outcome: Err(refused),
                    trace: Vec::new(),
                    ids: Ids::default(),
                };
                self.note_refused(workspace, Some(row), request, finished).await?;
                return Err(said);
            }
        };
        let next = if next.len() <= MAX_NEXT { next } else { "" };
        let carried = Carried {
            provider: id,
            audience,
            pending: begun.pending,
            next: next.to_owned(),
        };
        let carried = SecretString::from(serde_json::to_string(&carried).map_err(Error::damaged)?);
        let sealed = self.keys().keep(&cookie_place(&workspace), &carried)?;
        Ok(AtProvider {
            url: begun.url,
            pending: BASE64_URL_SAFE_NO_PAD.encode(sealed).into(),
        })
    }

    /// What a browser has brought back.
    fn carried(&self, workspace: &Workspace, pending: &SecretString) -> Option<Carried> {
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(pending.expose_secret()).ok()?;
        let open = self.keys().kept(&cookie_place(workspace), &sealed).ok()?;
        serde_json::from_str(open.expose_secret()).ok()
    }

    async fn come_back(
        &self,
        pending: &SecretString,
        redirect: &str,
        query: &str,
        request: &RequestContext,
    ) -> Result<CameBack> {
        self.admit(request)?;
        let workspace = self.workspace().await?.ok_or_else(not_offered)?;
        let Some(carried) = self.carried(&workspace, pending) else {
            let finished = Finished {
                outcome: Err(Refused::StateMismatch),
                trace: Vec::new(),
                ids: Ids::default(),
            };
            self.note_refused(workspace, None, request, finished).await?;
            return Err(told("The provider", &Refused::StateMismatch));
        };
        let Carried {
            provider: id,
            audience,
            pending,
            next,
        } = carried;
        let (workspace, row) = self.offered_provider(id, audience).await?;
        let provider = providers::spoken_to(&row, self.keys())
            .map_err(|why| Error::damaged(format!("the secret of the provider “{}”: {why}", row.name)))?;
        let answer = Answer::of_query(query);
        let finished = self.oidc().finish(&provider, pending, redirect, &answer).await;
        if audience == Audience::Contacts {
            return Ok(CameBack::Contact(Box::new(ContactBack {
                workspace,
                provider: row,
                finished,
            })));
        }
        let identity = match finished.outcome {
            Ok(identity) => identity,
            Err(refused) => {
                let said = told(&row.name, &refused);
                let finished = Finished {
                    outcome: Err(refused),
                    ..finished
                };
                self.note_refused(workspace, Some(row), request, finished).await?;
                return Err(said);
            }
        };
        let (name, vouches) = (row.name.clone(), row.vouches_for_factor);
        let trace = Trace::from(finished.trace);
        let came = self
            .enter_by_provider(workspace, row, request, identity, trace, finished.ids)
            .await?;
        let entering = match came {
            Came::In(user) => Entering::In(user),
            Came::CodeDue(token) => Entering::CodeDue(token),
            Came::Kept(kept) => return Err(kept.told(&name)),
        };
        Ok(CameBack::User(UserBack {
            entering,
            factor_vouched: vouches,
            next,
        }))
    }

    /// Lets somebody in whom the provider has let through, or records why not.
    async fn enter_by_provider(
        &self,
        workspace: Workspace,
        row: identity_provider::Model,
        request: &RequestContext,
        identity: Identity,
        mut trace: Trace,
        ids: Ids,
    ) -> Result<Came> {
        let is_let_in = self.lets_in_from(request).await?;
        let request = request.clone();
        let entered = self.0.writer.change(move |tx| {
            Box::pin(async move {
                rows::lock(tx, workspace.id).await?;
                let way = way(&row, Some(&identity.subject), &ids);
                let coming = Coming {
                    workspace: &workspace,
                    provider: &row,
                    request: &request,
                    identity: &identity,
                    is_let_in,
                };
                let person = match coming.decide(tx, &mut trace).await? {
                    Ok(person) => person,
                    Err((person, kept)) => {
                        let email = identity.email.as_deref().unwrap_or_default();
                        let attempt = Attempt {
                            workspace: &workspace,
                            request: &request,
                            typed: &Typed::new(email),
                            way: &way,
                        };
                        attempt.keep_out(tx, person.as_ref(), kept.why(), trace);
                        return Ok(Came::Kept(kept));
                    }
                };
                trace.step(tx.now(), "Member is valid");
                let factor = second_factor::confirmed(tx.db(), &person.user).await?;
                if factor.is_some() && !row.vouches_for_factor {
                    let token = challenge::begin(tx, &workspace, &person, &request, &way, trace).await?;
                    return Ok(Came::CodeDue(token));
                }
                trace.cookie(tx.now());
                let who = person_at_the_door(workspace.id, &person.user, &request);
                let id = person.id();
                let_in(tx, &who, person.user, &way, trace).await?;
                Ok::<_, Error>(Came::In(id))
            })
        });
        entered.await
    }

    /// Records that a provider, or what is wrong with it, kept somebody out.
    async fn note_refused(
        &self,
        workspace: Workspace,
        row: Option<identity_provider::Model>,
        request: &RequestContext,
        finished: Finished,
    ) -> Result<()> {
        let Err(refused) = finished.outcome else {
            return Ok(());
        };
        let request = request.clone();
        let noted = self.0.writer.change(move |tx| {
            Box::pin(async move {
                let unknown = || Way {
                    source: "oidc".to_owned(),
                    ..Way::form("oidc")
                };
                let way = row.map_or_else(unknown, |row| way(&row, None, &finished.ids));
                let attempt = Attempt {
                    workspace: &workspace,
                    request: &request,
                    typed: &Typed::new(""),
                    way: &way,
                };
                let mut trace = Trace::from(finished.trace);
                if trace.is_empty() {
                    let data = json!({"reason_code": refused.name()});
                    trace.with_data(tx.now(), &refused.to_string(), data);
                }
                let why = Why::new(refused.name(), refused.to_string());
                attempt.keep_out(tx, None, why, trace);
                Ok(())
            })
        });
        noted.await
    }
}

fn cookie_place(workspace: &Workspace) -> String {
    format!("sign_in_at_provider/{}", workspace.id)
}
