//! Coming in by a password, which contacts set for themselves once they are in.

use super::{
    Portal,
    enter::{Refusal, Try, event, looked_up, sentence},
    member::{self, Member},
    sessions,
};
use crate::{
    Result,
    accounts::{Held, Trace, Typed, Way, Workspace, key, lock},
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    catalogue::OwnType,
    event::Change,
    id::{ObjectId, WorkspaceId},
    portal::ContactViewer,
    viewer::RequestContext,
};
use daybook_entity::contact_password;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};
use secrecy::SecretString;

/// For how long who came by a link may set a password without the one they have: that is how a forgotten one is replaced.
const FRESH_SECONDS: i64 = 30 * 60;

/// What there is to know of a contact's password.
pub(super) struct OfPassword {
    pub has_password: bool,
    pub asks_current: bool,
    /// Whether a first one can only be set by who has come by a link just now.
    pub needs_link: bool,
}

fn wrong() -> crate::Error {
    Told::invalid("email", "Email or password is wrong.").into()
}

async fn find(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    contact: ObjectId,
    email: &str,
) -> Result<Option<contact_password::Model>> {
    let found = contact_password::Entity::find_by_id((workspace.0, contact.0))
        .one(db)
        .await?;
    // Whose address is another by now may be somebody else.
    Ok(found.filter(|found| found.address == key(email)))
}

impl Portal {
    /// Lets in who has a contact's password. Answers with the secret of the session.
    ///
    /// `Invalid{field: "email"}` whatever is wrong, and after the same time; `TooManyRequests` where it was tried too often.
    pub async fn enter_by_password(
        &self,
        address: &str,
        password: SecretString,
        request: &RequestContext,
    ) -> daybook_domain::Result<SecretString> {
        self.try_password(address, password, request)
            .await
            .map_err(super::outside(request))
    }

    async fn try_password(
        &self,
        address: &str,
        password: SecretString,
        request: &RequestContext,
    ) -> Result<SecretString> {
        let workspace = self.workspace().await?;
        let typed = Typed::new(address);
        let address = typed.as_str();
        let tried = match self.begin_try(address, request) {
            Ok(tried) => tried,
            Err(held) => {
                if held.note {
                    self.note_throttled(workspace, address.to_owned(), request.clone(), held)
                        .await?;
                }
                return Err(Told::TooManyRequests {
                    retry_after_seconds: held.retry_after_seconds,
                }
                .into());
            }
        };
        let entered = self
            .check(workspace, address.to_owned(), password, request.clone())
            .await;
        match &entered {
            Ok(Ok(_)) => self.tries().succeeded(tried),
            Ok(Err(_)) => {}
            // Ours, not theirs.
            Err(_) => self.tries().void(tried),
        }
        entered?.map_err(|_| wrong())
    }

    async fn check(
        &self,
        workspace: Workspace,
        address: String,
        password: SecretString,
        request: RequestContext,
    ) -> Result<Result<SecretString, Refusal>> {
        let db = &self.0.db.read;
        // Whose password it is decides which of the contacts of an address comes in; the first has the say where none has one.
        let members = member::by_address(db, &workspace, &address).await?;
        let mut chosen = None;
        for member in members.iter().filter(|one| one.kept_out().is_none()) {
            let kept = find(db, workspace.id, member.id, &member.email).await?;
            if let Some(kept) = kept {
                chosen = Some((member.id, kept.password_hash));
                break;
            }
        }
        // Whoever it is, a password is checked, so that the time it takes tells nothing.
        let hash = chosen.as_ref().map(|(_, hash)| hash.clone());
        let right = self.0.accounts.is_password(password, hash).await?;
        let this = self.clone();
        let entered = self.0.writer.change(move |tx| {
            Box::pin(async move {
                lock(tx, workspace.id).await?;
                // As it is now: the check took its time.
                let members = member::by_address(tx.db(), &workspace, &address).await?;
                let mut trace = Trace::default();
                looked_up(&mut trace, tx, &members);
                let way = Way::form("password");
                let attempt = Try {
                    workspace: &workspace,
                    request: &request,
                    address: &address,
                    way: &way,
                };
                let id = chosen.as_ref().map(|(id, _)| *id);
                let member = members.iter().find(|one| Some(one.id) == id);
                let is_same = match &chosen {
                    Some((id, hash)) => {
                        let now = find(tx.db(), workspace.id, *id, &address).await?;
                        now.is_some_and(|now| now.password_hash == *hash)
                    }
                    None => true,
                };
                let refusal = match (member, members.first()) {
                    (_, None) => Some(Refusal::UnknownContact),
                    (Some(member), _) => match member.kept_out() {
                        Some(kept) => Some(Refusal::Kept(kept)),
                        None if !right => Some(Refusal::WrongPassword),
                        None if !is_same => Some(Refusal::ChangedMeanwhile),
                        None => None,
                    },
                    (None, Some(first)) => {
                        Some(first.kept_out().map_or(Refusal::WrongPassword, Refusal::Kept))
                    }
                };
                if let Some(refusal) = refusal {
                    let step = match refusal {
                        Refusal::WrongPassword if chosen.is_none() => "They have no password",
                        Refusal::WrongPassword => "Password is wrong",
                        _ => "They may not come in",
                    };
                    trace.step(tx.now(), step);
                    attempt.keep_out(tx, member.or(members.first()), refusal, trace);
                    return Ok(Err(refusal));
                }
                trace.step(tx.now(), "Password is right");
                let Some(member) = member else {
                    return Ok(Err(Refusal::UnknownContact));
                };
                let token = attempt.let_in(tx, &this, member, trace).await?;
                Ok(Ok(token))
            })
        });
        entered.await
    }

    async fn note_throttled(
        &self,
        workspace: Workspace,
        address: String,
        request: RequestContext,
        held: Held,
    ) -> Result<()> {
        let noted = self.0.writer.change(move |tx| {
            Box::pin(async move {
                let members = member::by_address(tx.db(), &workspace, &address).await?;
                let mut trace = Trace::default();
                looked_up(&mut trace, tx, &members);
                trace.step(tx.now(), "Held back before the password was checked");
                let attempt = Try {
                    workspace: &workspace,
                    request: &request,
                    address: &address,
                    way: &Way::form("password"),
                };
                attempt.keep_out(tx, members.first(), Refusal::Throttled(held), trace);
                Ok(())
            })
        });
        noted.await
    }

    /// That somebody who is in doesn't know the password is recorded as it is at the door.
    async fn note_wrong(&self, who: ContactViewer) -> Result<()> {
        let workspace = self.workspace().await?;
        let noted = self.0.writer.change(move |tx| {
            Box::pin(async move {
                let member = member::find(tx.db(), &workspace, who.contact()).await?;
                let way = Way::form("password");
                let attempt = Try {
                    workspace: &workspace,
                    request: who.request(),
                    address: who.email(),
                    way: &way,
                };
                let mut trace = Trace::default();
                trace.step(tx.now(), "Asked for the current password, to set another");
                attempt.keep_out(tx, member.as_ref(), Refusal::WrongPassword, trace);
                Ok(())
            })
        });
        noted.await
    }

    /// Whether the contact has a password, and what it takes to set another.
    pub(super) async fn password_of(&self, who: &ContactViewer) -> Result<OfPassword> {
        let db = &self.0.db.read;
        let has = find(db, who.workspace(), who.contact(), who.email())
            .await?
            .is_some();
        let fresh = sessions::is_fresh(db, who, self.0.clock.now(), FRESH_SECONDS).await?;
        Ok(OfPassword {
            has_password: has,
            asks_current: has && !fresh,
            needs_link: !has && !fresh,
        })
    }

    pub(super) async fn give_password(
        &self,
        who: &ContactViewer,
        current: SecretString,
        new: SecretString,
    ) -> Result<()> {
        let account = self.password_of(who).await?;
        if account.needs_link {
            let why = "Sign in by a link first: your first password is set within half an hour of that.";
            return Err(Told::invalid("password", why).into());
        }
        if account.asks_current {
            let held = self.begin_try(who.email(), who.request());
            let tried = held.map_err(|held| Told::TooManyRequests {
                retry_after_seconds: held.retry_after_seconds,
            })?;
            let kept = find(&self.0.db.read, who.workspace(), who.contact(), who.email()).await?;
            let hash = kept.map(|kept| kept.password_hash);
            if !self.0.accounts.is_password(current, hash).await? {
                self.note_wrong(who.clone()).await?;
                return Err(Told::invalid("current", "This is not your password.").into());
            }
            self.tries().succeeded(tried);
        }
        let about = vec![
            who.name().to_owned(),
            who.email().to_owned(),
            who.company_name().to_owned(),
        ];
        let hash = self.0.accounts.hash_password("password", new, about).await?;
        let (who, workspace) = (who.clone(), self.workspace().await?);
        let given = self.0.writer.change(move |tx| {
            Box::pin(async move {
                lock(tx, workspace.id).await?;
                let member = sessions::still_here(tx, &workspace, &who).await?;
                set(tx, workspace.id, &member, hash).await?;
                let of = OwnType::ContactPasswordSet;
                let mut event = event(
                    of,
                    &workspace,
                    who.request(),
                    tx,
                    Some(&member),
                    Ok(()),
                    Vec::new(),
                );
                event.summary = Some(sentence(&format!(
                    "{} set a password for the customer portal",
                    member.name
                )));
                event.changes = vec![Change::secret("password")];
                tx.record(workspace.id, event);
                sessions::end_all_others(tx, &workspace, &who, &member).await?;
                Ok(())
            })
        });
        given.await
    }
}

pub(super) async fn set(tx: &WriteTx, workspace: WorkspaceId, member: &Member, hash: String) -> Result<()> {
    use contact_password::Column as C;
    let row = contact_password::ActiveModel {
        workspace_id: Set(workspace.0),
        contact_id: Set(member.id.0),
        address: Set(key(&member.email)),
        password_hash: Set(hash),
        set_at: Set(tx.now().micros()),
    };
    let instead = OnConflict::columns([C::WorkspaceId, C::ContactId])
        .update_columns([C::Address, C::PasswordHash, C::SetAt])
        .to_owned();
    contact_password::Entity::insert(row)
        .on_conflict(instead)
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}
