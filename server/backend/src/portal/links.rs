//! Coming in by a link that is mailed. A link works once, for a quarter of an hour, and in the browser that asked for it: one
//! that is forwarded, or opened by what looks at mail, lets nobody in.
//!
//! Whoever asks is told the same whether the address is a contact's or not, and before it is looked up. The log says which.
//!
//! The link leads to a page with a button: what follows links of mails before their readers do doesn't press it. Where the
//! address is several contacts', that page asks which.

use super::{
    Portal,
    enter::{Refusal, Try, at_the_door, event, looked_up, sentence},
    member::{self, Member},
};
use crate::{
    Result,
    accounts::{Held, Trace, Way, Workspace, digest, key, lock, locked, secret},
    email::LinkMail,
    error::chain,
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    catalogue::OwnType,
    email,
    email_template::MailTemplate,
    id::ObjectId,
    portal::{LINK_MINUTES, MayBe},
    time::Timestamp,
    viewer::RequestContext,
};
use daybook_entity::contact_link::{self, Column as C};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::task::JoinHandle;

const VALID_SECONDS: i64 = LINK_MINUTES * 60;
/// Links that one address gets within the time that one works, from one browser and from all: nobody's mailbox is filled
/// through here, and nobody is kept out by what others ask for.
const MOST_OF_BROWSER: u64 = 4;
const MOST_OF_ALL: u64 = 20;
/// How long a link is remembered after its time, so that the log can say that it was used or has expired.
const REMEMBERED_SECONDS: i64 = 7 * 24 * 3600;

/// What is to be said to somebody whose link doesn't let them in.
fn told(refusal: Refusal) -> crate::Error {
    let what = match refusal {
        Refusal::OtherBrowser => {
            "Open the link in the browser in which you asked for it, or ask for another one here."
        }
        Refusal::UsedLink => "This link was used already. Ask for another one.",
        Refusal::ExpiredLink => "This link has expired. Ask for another one.",
        _ => "This link is no good. Ask for another one.",
    };
    Told::invalid("link", what).into()
}

async fn find(
    db: &impl ConnectionTrait,
    workspace: &Workspace,
    token: &str,
) -> Result<Option<contact_link::Model>> {
    let found = contact_link::Entity::find()
        .filter(C::WorkspaceId.eq(workspace.id.0))
        .filter(C::TokenHash.eq(digest(token).to_vec()))
        .one(db)
        .await?;
    Ok(found)
}

/// Why a link doesn't let in whoever has it in this browser.
fn amiss(row: &contact_link::Model, browser: &SecretString, now: Timestamp) -> Option<Refusal> {
    if row.used_at.is_some() {
        Some(Refusal::UsedLink)
    } else if row.expires_at <= now.micros() {
        Some(Refusal::ExpiredLink)
    } else if row.browser_hash != digest(browser.expose_secret()) {
        Some(Refusal::OtherBrowser)
    } else {
        None
    }
}

fn way(row: Option<&contact_link::Model>) -> Way {
    Way {
        source: "magic_link".to_owned(),
        auth_id: row.map(|row| row.id.to_string()),
        ..Way::form("magic_link")
    }
}

impl Portal {
    /// Has a link sent to the contacts with this address who may come in. It is looked up, and the mail made, in the task
    /// that comes back, so that the time it takes tells nothing. `browser` is what the browser has to show again with the
    /// link.
    ///
    /// `Invalid{field: "email"}` for what can't be an address; `TooManyRequests` where it was asked too often.
    pub async fn ask_for_link(
        &self,
        address: &str,
        browser: &SecretString,
        request: &RequestContext,
    ) -> daybook_domain::Result<JoinHandle<()>> {
        let outside = super::outside(request);
        let address = email::address(address).map_err(|why| Told::invalid("email", why))?;
        let workspace = self.workspace().await.map_err(&outside)?;
        let (account, now) = (digest(&key(&address)), self.0.clock.now());
        let held = locked(&self.0.asked).begin(account, request.ip, now).err();
        let (this, request, browser) = (self.clone(), request.clone(), digest(browser.expose_secret()));
        if let Some(held) = held {
            if held.note {
                let noted = this.answer_asked(workspace, address, browser, request, Some(held));
                noted.await.map_err(|error| error.into_domain(""))?;
            }
            return Err(Told::TooManyRequests {
                retry_after_seconds: held.retry_after_seconds,
            });
        }
        Ok(tokio::spawn(async move {
            let answered = this.answer_asked(workspace, address, browser, request, None);
            if let Err(error) = answered.await {
                tracing::error!(error = chain(&error), "a link to sign in was not sent");
            }
        }))
    }

    async fn answer_asked(
        &self,
        workspace: Workspace,
        address: String,
        browser: [u8; 32],
        request: RequestContext,
        held: Option<Held>,
    ) -> Result<()> {
        let this = self.clone();
        let answered = self.0.writer.change(move |tx| {
            Box::pin(async move {
                lock(tx, workspace.id).await?;
                let members = member::by_address(tx.db(), &workspace, &address).await?;
                let mut trace = Trace::default();
                looked_up(&mut trace, tx, &members);
                let welcome: Vec<_> = members.iter().filter(|one| one.kept_out().is_none()).collect();
                let sent = match (held, welcome.first()) {
                    (Some(held), _) => Err(Refusal::Throttled(held).why().reason),
                    (None, Some(first)) => this.send(tx, &workspace, first, &address, browser).await?,
                    (None, None) => {
                        let kept = members.first().and_then(Member::kept_out);
                        let refusal = kept.map_or(Refusal::UnknownContact, Refusal::Kept);
                        Err(refusal.why().reason)
                    }
                };
                // Of several the record belongs to none before one of them comes in.
                let member = match (welcome.as_slice(), members.as_slice()) {
                    ([only], _) => Some(*only),
                    ([], [only]) => Some(only),
                    _ => None,
                };
                let (of, past) = match &sent {
                    Ok(_) => (OwnType::ContactLinkSent, "was sent"),
                    Err(_) => (OwnType::ContactLinkRefused, "was not sent"),
                };
                let outcome = sent.as_ref().map(|_| ()).map_err(Clone::clone);
                let steps = trace.into_steps();
                let mut event = event(of, &workspace, &request, tx, member, outcome, steps);
                if member.is_none() {
                    event.actor = at_the_door(&address);
                }
                let who = event.actor.label();
                event.summary = Some(sentence(&format!("{who} asked for a sign-in link: it {past}")));
                if let Ok(link) = sent {
                    event.metadata.insert("link".to_owned(), link.into());
                }
                tx.record(workspace.id, event);
                Ok(())
            })
        });
        answered.await
    }

    /// Makes a link and has it mailed: its id, or why that can't be.
    async fn send(
        &self,
        tx: &mut WriteTx,
        workspace: &Workspace,
        member: &Member,
        address: &str,
        browser: [u8; 32],
    ) -> Result<Result<String, String>> {
        let now = tx.now();
        let recent = contact_link::Entity::find()
            .filter(C::WorkspaceId.eq(workspace.id.0))
            .filter(C::Address.eq(address))
            .filter(C::CreatedAt.gt(now.plus_seconds(-VALID_SECONDS).micros()));
        let own = recent.clone().filter(C::BrowserHash.eq(browser.to_vec()));
        let is_enough = own.count(tx.db()).await? >= MOST_OF_BROWSER;
        if is_enough || recent.count(tx.db()).await? >= MOST_OF_ALL {
            return Ok(Err("Links were sent to them just before".to_owned()));
        }
        let (token, id, until) = (secret(), tx.new_id(), now.plus_seconds(VALID_SECONDS));
        let minutes = LINK_MINUTES.to_string();
        let mail = LinkMail {
            template: MailTemplate::PortalLink,
            to: address,
            name: &member.name,
            path: &format!("/portal/link/{token}"),
            until,
            brand: member.brand.clone(),
            given: &[("minutes", &minutes), ("portal", &member.look.name)],
        };
        if let Some(why) = self.0.accounts.mailing().send(tx, workspace.id, mail).await? {
            return Ok(Err(why));
        }
        let row = contact_link::ActiveModel {
            workspace_id: Set(workspace.id.0),
            id: Set(id),
            token_hash: Set(digest(&token).to_vec()),
            browser_hash: Set(browser.to_vec()),
            address: Set(address.to_owned()),
            created_at: Set(now.micros()),
            expires_at: Set(until.micros()),
            used_at: Set(None),
        };
        contact_link::Entity::insert(row)
            .exec_without_returning(tx.db())
            .await?;
        contact_link::Entity::delete_many()
            .filter(C::WorkspaceId.eq(workspace.id.0))
            .filter(C::ExpiresAt.lt(now.plus_seconds(-REMEMBERED_SECONDS).micros()))
            .exec(tx.db())
            .await?;
        Ok(Ok(id.to_string()))
    }

    /// Whom a link lets in, for the page on which they say so.
    pub(super) async fn whose(&self, token: &str, browser: &SecretString) -> Result<Vec<MayBe>> {
        let (workspace, db) = (self.workspace().await?, &self.0.db.read);
        let Some(row) = find(db, &workspace, token).await? else {
            return Err(told(Refusal::UnknownLink));
        };
        if let Some(refusal) = amiss(&row, browser, self.0.clock.now()) {
            return Err(told(refusal));
        }
        let members = member::by_address(db, &workspace, &row.address).await?;
        let welcome = members.iter().filter(|one| one.kept_out().is_none());
        Ok(welcome.map(Member::may_be).collect())
    }

    /// Lets in who has a link, as the contact they chose. Answers with the secret of the session.
    ///
    /// `Invalid{field: "link"}` where it lets nobody in, with what to do; the log says why.
    pub async fn enter_by_link(
        &self,
        token: &str,
        browser: &SecretString,
        chosen: Option<ObjectId>,
        request: &RequestContext,
    ) -> daybook_domain::Result<SecretString> {
        self.by_link(token.to_owned(), browser.clone(), chosen, request.clone())
            .await
            .and_then(|entered| entered.map_err(told))
            .map_err(super::outside(request))
    }

    async fn by_link(
        &self,
        token: String,
        browser: SecretString,
        chosen: Option<ObjectId>,
        request: RequestContext,
    ) -> Result<Result<SecretString, Refusal>> {
        // Each try is recorded: who makes up links doesn't fill the log.
        let admitted = locked(&self.0.opened).admit(request.ip, self.0.clock.now());
        admitted.map_err(|held| Told::TooManyRequests {
            retry_after_seconds: held.retry_after_seconds,
        })?;
        let (this, workspace) = (self.clone(), self.workspace().await?);
        let entered = self.0.writer.change(move |tx| {
            Box::pin(async move {
                lock(tx, workspace.id).await?;
                let row = find(tx.db(), &workspace, &token).await?;
                let way = way(row.as_ref());
                let address = row.as_ref().map(|row| row.address.clone()).unwrap_or_default();
                let attempt = Try {
                    workspace: &workspace,
                    request: &request,
                    address: &address,
                    way: &way,
                };
                let mut trace = Trace::default();
                let Some(row) = row else {
                    trace.step(tx.now(), "No link is like this one");
                    attempt.keep_out(tx, None, Refusal::UnknownLink, trace);
                    return Ok(Err(Refusal::UnknownLink));
                };
                let members = member::by_address(tx.db(), &workspace, &row.address).await?;
                looked_up(&mut trace, tx, &members);
                if let Some(refusal) = amiss(&row, &browser, tx.now()) {
                    trace.step(tx.now(), "The link lets nobody in");
                    attempt.keep_out(tx, members.first(), refusal, trace);
                    return Ok(Err(refusal));
                }
                trace.step(tx.now(), "The link is right, and so is the browser");
                let welcome: Vec<_> = members.iter().filter(|one| one.kept_out().is_none()).collect();
                let member = match (welcome.as_slice(), chosen) {
                    ([only], None) => Some(*only),
                    (several, Some(id)) => several.iter().find(|one| one.id == id).copied(),
                    (_, None) => None,
                };
                let Some(member) = member else {
                    let kept = members.first().and_then(Member::kept_out);
                    let refusal = kept.map_or(Refusal::ChangedMeanwhile, Refusal::Kept);
                    attempt.keep_out(tx, members.first(), refusal, trace);
                    return Ok(Err(refusal));
                };
                if welcome.len() > 1 {
                    trace.with_data(tx.now(), "Chose whom to be", member.told());
                }
                let mut used = row.into_active_model();
                used.used_at = Set(Some(tx.now().micros()));
                contact_link::Entity::update(used).exec(tx.db()).await?;
                let token = attempt.let_in(tx, &this, member, trace).await?;
                Ok(Ok(token))
            })
        });
        entered.await
    }
}
