//! Coming in, and being kept out: what the record tells of it, whichever way somebody came.

use super::{
    Portal,
    member::{self, Kept, Member},
    sessions,
};
use crate::{
    Result,
    accounts::{Audience, Held, Trace, Typed, Way, Why, Workspace, locked, lower, nobody},
    record::access_event,
    writer::WriteTx,
};
use daybook_domain::{
    catalogue::OwnType,
    event::{Actor, ActorKind, EventBody, MAX_TEXT_CHARS, Portal as At, Step},
    portal::Entry,
    viewer::RequestContext,
};
use secrecy::SecretString;
use serde_json::json;

/// Why a contact, or nobody who is one, isn't let in; for the log only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    UnknownContact,
    Kept(Kept),
    WrongPassword,
    Throttled(Held),
    UnknownLink,
    ExpiredLink,
    UsedLink,
    OtherBrowser,
    /// The provider doesn't say which address is theirs, or hasn't verified it.
    UnverifiedEmail,
    OtherDomain,
    /// By a provider, which can't ask which of them somebody is.
    SeveralContacts,
    /// Taken out of use, or given another password, in the meantime.
    ChangedMeanwhile,
}

impl Refusal {
    pub(super) fn why(self) -> Why {
        match self {
            Self::UnknownContact => Why::new("unknown_contact", "No contact has this address"),
            Self::Kept(kept) => Why::new(kept.code(), kept.reason()),
            Self::WrongPassword => Why::new("wrong_password", "Wrong password"),
            Self::Throttled(held) => Why::new(
                "throttled",
                format!("Too many tries: held back for {} s", held.retry_after_seconds),
            ),
            Self::UnknownLink => Why::new("unknown_link", "There is no such link"),
            Self::ExpiredLink => Why::new("expired_link", "The link has expired"),
            Self::UsedLink => Why::new("used_link", "The link was used before"),
            Self::OtherBrowser => Why::new(
                "other_browser",
                "The link was opened in another browser than the one that asked for it",
            ),
            Self::UnverifiedEmail => Why::new(
                "unverified_email",
                "The provider hasn't verified the email address, or gives none",
            ),
            Self::OtherDomain => Why::new("other_domain", "The email address is of another domain"),
            Self::SeveralContacts => Why::new("several_contacts", "Several contacts have this address"),
            Self::ChangedMeanwhile => Why::new("changed_meanwhile", "The contact changed during the sign-in"),
        }
    }
}

/// What one try is about.
pub(super) struct Try<'a> {
    pub workspace: &'a Workspace,
    pub request: &'a RequestContext,
    /// What was typed, where it was an address.
    pub address: &'a str,
    pub way: &'a Way,
}

/// A record of the portal: of a contact, or of somebody at its door.
pub(super) fn event(
    of: OwnType,
    workspace: &Workspace,
    request: &RequestContext,
    tx: &WriteTx,
    member: Option<&Member>,
    outcome: Result<(), String>,
    steps: Vec<Step>,
) -> EventBody {
    let mut event = access_event(of, &nobody(workspace, request), tx, outcome, steps);
    event.portal = Some(At::Customer);
    match member {
        Some(member) => member.onto(&mut event),
        None => event.actor = Actor::new(ActorKind::Contact),
    }
    event
}

/// A sentence that fits a record.
pub(super) fn sentence(text: &str) -> String {
    text.chars().take(MAX_TEXT_CHARS).collect()
}

/// Says which contacts an address belongs to.
pub(super) fn looked_up(trace: &mut Trace, tx: &WriteTx, members: &[Member]) {
    let told: Vec<_> = members.iter().map(Member::told).collect();
    trace.with_data(tx.now(), "Looked up the address", json!({"members": told}));
}

impl Try<'_> {
    /// Lets a contact in: a session, and the record of it. Answers with the secret of the session.
    pub(super) async fn let_in(
        &self,
        tx: &mut WriteTx,
        portal: &Portal,
        member: &Member,
        mut trace: Trace,
    ) -> Result<SecretString> {
        let token = sessions::begin(tx, portal, member, self.request, &self.way.method).await?;
        trace.cookie(tx.now());
        let steps = trace.into_steps();
        let of = OwnType::ContactSignedIn;
        let mut event = event(of, self.workspace, self.request, tx, Some(member), Ok(()), steps);
        event.summary = Some(sentence(&format!(
            "{} signed in to the customer portal",
            member.name
        )));
        self.way.onto(&mut event);
        tx.record(self.workspace.id, event);
        Ok(token)
    }

    /// Records that somebody isn't let in.
    pub(super) fn keep_out(&self, tx: &mut WriteTx, member: Option<&Member>, refusal: Refusal, trace: Trace) {
        self.keep_out_for(tx, member, refusal.why(), trace);
    }

    pub(super) fn keep_out_for(&self, tx: &mut WriteTx, member: Option<&Member>, why: Why, trace: Trace) {
        let outcome = Err(why.reason.clone());
        let steps = trace.into_steps();
        let of = OwnType::ContactSignInFailed;
        let mut event = event(of, self.workspace, self.request, tx, member, outcome, steps);
        if member.is_none() {
            event.actor = at_the_door(self.address);
        }
        let summary = format!(
            "Sign-in of {} to the customer portal failed: {}",
            event.actor.label(),
            lower(&why.reason)
        );
        event.summary = Some(sentence(&summary));
        self.way.onto(&mut event);
        event.metadata.insert("reason_code".to_owned(), why.code.into());
        tx.record(self.workspace.id, event);
    }
}

/// Somebody who typed an address that is no contact's.
pub(super) fn at_the_door(address: &str) -> Actor {
    Actor {
        kind: ActorKind::Contact,
        ..Typed::new(address).actor()
    }
}

impl Portal {
    pub(super) async fn entrance(&self, brand: Option<&str>) -> Result<Entry> {
        let workspace = self.workspace().await?;
        let db = &self.0.db.read;
        let mailing = self.0.accounts.mailing();
        Ok(Entry {
            look: member::look(db, &workspace, brand).await?,
            sends_links: mailing.obstacle(db, workspace.id, None).await?.is_none(),
            providers: self.0.accounts.providers_offered(Audience::Contacts).await?,
        })
    }

    /// Whether somebody may try a password for this address now. Counts as a wrong one until told otherwise.
    pub(super) fn begin_try(
        &self,
        address: &str,
        request: &RequestContext,
    ) -> Result<crate::accounts::Try, Held> {
        let account = crate::accounts::digest(&crate::accounts::key(address));
        locked(&self.0.tries).begin(account, request.ip, self.0.clock.now())
    }
}
