//! The sessions of contacts: the cookie holds 256 random bits, the table their SHA-256. How long one lasts says the sign-in
//! policy, and whether its contact may still come in is asked at each request.

use super::{
    Portal,
    enter::{event, sentence},
    member::{self, Member},
    passwords::OfPassword,
};
use crate::{
    Result,
    accounts::{Workspace, digest, key, lock, regional_format, secret},
    local_time::Reader,
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    catalogue::OwnType,
    id::{ContactSessionId, ObjectId},
    portal::{ContactViewer, Inner, PortalAccount, PortalSession},
    time::Timestamp,
    viewer::RequestContext,
};
use daybook_entity::{
    contact_session::{self, Column as C},
    workspace,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select,
    sea_query::Expr,
};
use secrecy::{ExposeSecret, SecretString};

/// Longest part of what a browser says of itself that is kept, in characters.
const LONGEST_USER_AGENT: usize = 1000;
/// The last use is written down after this long, not at every request.
const TOUCH_SECONDS: i64 = 60;

/// Makes a session. Answers with what the cookie holds.
pub(super) async fn begin(
    tx: &WriteTx,
    portal: &Portal,
    member: &Member,
    request: &RequestContext,
    method: &str,
) -> Result<SecretString> {
    let workspace = portal.workspace().await?;
    let policy = portal.0.accounts.policy().await?;
    let (token, now) = (secret(), tx.now());
    let user_agent = request.user_agent.as_ref();
    let longest = i64::from(policy.longest_hours) * 3600;
    let row = contact_session::ActiveModel {
        workspace_id: Set(workspace.id.0),
        contact_id: Set(member.id.0),
        id: Set(tx.new_id()),
        address: Set(key(&member.email)),
        token_hash: Set(digest(&token).to_vec()),
        method: Set(method.to_owned()),
        ip: Set(request.ip.map(|ip| ip.to_canonical().to_string())),
        user_agent: Set(user_agent.map(|text| text.chars().take(LONGEST_USER_AGENT).collect())),
        created_at: Set(now.micros()),
        last_seen_at: Set(now.micros()),
        expires_at: Set(now.plus_seconds(longest).micros()),
    };
    contact_session::Entity::insert(row)
        .exec_without_returning(tx.db())
        .await?;
    let over = contact_session::Entity::delete_many()
        .filter(C::WorkspaceId.eq(workspace.id.0))
        .filter(C::ContactId.eq(member.id.0))
        .filter(C::ExpiresAt.lte(now.micros()));
    over.exec(tx.db()).await?;
    Ok(SecretString::from(token))
}

/// The sessions of the asker.
fn own(who: &ContactViewer) -> Select<contact_session::Entity> {
    contact_session::Entity::find()
        .filter(C::WorkspaceId.eq(who.workspace().0))
        .filter(C::ContactId.eq(who.contact().0))
}

/// Whether the asker came by a link, not long ago.
pub(super) async fn is_fresh(
    db: &impl ConnectionTrait,
    who: &ContactViewer,
    now: Timestamp,
    seconds: i64,
) -> Result<bool> {
    let this = own(who).filter(C::Id.eq(who.session().0)).one(db).await?;
    let since = now.plus_seconds(-seconds).micros();
    Ok(this.is_some_and(|row| row.method == "magic_link" && row.created_at > since))
}

/// The asker as they are now, within a change: whose session is over, or who may not come in any more, changes nothing.
pub(super) async fn still_here(tx: &WriteTx, workspace: &Workspace, who: &ContactViewer) -> Result<Member> {
    let session = own(who).filter(C::Id.eq(who.session().0)).one(tx.db()).await?;
    let member = member::find(tx.db(), workspace, who.contact()).await?;
    match (session, member) {
        (Some(_), Some(member)) if member.kept_out().is_none() => Ok(member),
        _ => Err(member::gone()),
    }
}

/// Ends all sessions of the asker but the one that asks. Answers how many.
pub(super) async fn end_all_others(
    tx: &mut WriteTx,
    workspace: &Workspace,
    who: &ContactViewer,
    member: &Member,
) -> Result<u64> {
    let others = own(who).filter(C::Id.ne(who.session().0)).order_by_asc(C::Id);
    let mut ended = 0;
    for row in others.all(tx.db()).await? {
        end(tx, workspace, who, member, row).await?;
        ended += 1;
    }
    Ok(ended)
}

async fn end(
    tx: &mut WriteTx,
    workspace: &Workspace,
    who: &ContactViewer,
    member: &Member,
    row: contact_session::Model,
) -> Result<()> {
    let key = (row.workspace_id, row.contact_id, row.id);
    contact_session::Entity::delete_by_id(key).exec(tx.db()).await?;
    if row.expires_at <= tx.now().micros() {
        return Ok(());
    }
    let of = OwnType::ContactSessionRevoked;
    let mut event = event(of, workspace, who.request(), tx, Some(member), Ok(()), Vec::new());
    let name = &member.name;
    event.summary = Some(sentence(&match &row.ip {
        Some(ip) => format!("{name} ended a session of theirs from {ip}"),
        None => format!("{name} ended a session of theirs"),
    }));
    event
        .metadata
        .insert("session".to_owned(), row.id.to_string().into());
    if let Some(ip) = row.ip {
        event.metadata.insert("from".to_owned(), ip.into());
    }
    tx.record(workspace.id, event);
    Ok(())
}

impl Portal {
    /// Whose session it is; `None` where it is over or its contact may not come in.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn viewer_of(
        &self,
        token: &SecretString,
        request: RequestContext,
    ) -> Result<Option<ContactViewer>> {
        let Some(workspace) = self.0.accounts.workspace().await? else {
            return Ok(None);
        };
        let (db, now) = (&self.0.db.read, self.0.clock.now());
        let found = contact_session::Entity::find()
            .filter(C::WorkspaceId.eq(workspace.id.0))
            .filter(C::TokenHash.eq(digest(token.expose_secret()).to_vec()))
            .one(db)
            .await?;
        let Some(row) = found else { return Ok(None) };
        let of_workspace = workspace::Entity::find_by_id(workspace.id.0).one(db).await?;
        let member = member::find(db, &workspace, ObjectId(row.contact_id)).await?;
        let (Some(of_workspace), Some(member)) = (of_workspace, member) else {
            return Ok(None);
        };
        let idle = i64::from(of_workspace.session_idle_minutes) * 60;
        let longest = i64::from(of_workspace.session_longest_hours) * 3600;
        let micros = |seconds: i64| seconds * 1_000_000;
        let goes_on = row.created_at + micros(longest) > now.micros()
            && row.last_seen_at + micros(idle) > now.micros()
            && row.expires_at > now.micros()
            // Whose address is another by now may be somebody else.
            && row.address == key(&member.email);
        let (true, None, Some(company)) = (goes_on, member.kept_out(), member.company_id()) else {
            return Ok(None);
        };
        self.touch(&row, now);
        let company_name = member.company.as_ref().and_then(|company| company.name.clone());
        Ok(Some(ContactViewer::new(Inner {
            workspace: workspace.id,
            contact: member.id,
            name: member.name,
            email: member.email,
            company,
            company_name: company_name.unwrap_or_default(),
            sees_company: member.sees_company,
            session: ContactSessionId(row.id),
            format: regional_format(&of_workspace.regional_format)?,
            zone: of_workspace.zone,
            look: member.look,
            request,
        })))
    }

    fn touch(&self, row: &contact_session::Model, now: Timestamp) {
        let since = now.plus_seconds(-TOUCH_SECONDS).micros();
        if row.last_seen_at > since {
            return;
        }
        let (workspace, id) = (row.workspace_id, row.id);
        let accounts = &self.0.accounts;
        accounts.write_behind("last use of a contact's session", move |tx| {
            Box::pin(async move {
                contact_session::Entity::update_many()
                    .col_expr(C::LastSeenAt, Expr::value(now.micros()))
                    .filter(C::WorkspaceId.eq(workspace))
                    .filter(C::Id.eq(id))
                    .filter(C::LastSeenAt.lt(now.micros()))
                    .exec(tx.db())
                    .await?;
                Ok(())
            })
        });
    }

    /// Ends the asker's session and records it.
    ///
    /// # Errors
    /// Where nothing could be written.
    pub async fn sign_out(&self, who: &ContactViewer) -> daybook_domain::Result<()> {
        let (asker, workspace) = (
            who.clone(),
            self.workspace().await.map_err(super::outside(who.request()))?,
        );
        let signed_out = self.0.writer.change(move |tx| {
            Box::pin(async move {
                let key = (asker.workspace().0, asker.contact().0, asker.session().0);
                contact_session::Entity::delete_by_id(key).exec(tx.db()).await?;
                let member = member::find(tx.db(), &workspace, asker.contact()).await?;
                let of = OwnType::ContactSignedOut;
                let request = asker.request();
                let mut event = event(of, &workspace, request, tx, member.as_ref(), Ok(()), Vec::new());
                event.summary = Some(sentence(&format!(
                    "{} signed out of the customer portal",
                    asker.name()
                )));
                tx.record(workspace.id, event);
                Ok(())
            })
        });
        signed_out.await.map_err(super::outside(who.request()))
    }

    pub(super) async fn account_of(&self, who: &ContactViewer) -> Result<PortalAccount> {
        let reader = self.reader(who);
        let OfPassword {
            has_password,
            asks_current,
            needs_link,
        } = self.password_of(who).await?;
        let rows = own(who)
            .filter(C::ExpiresAt.gt(reader.now().micros()))
            .order_by_desc(C::LastSeenAt)
            .all(&self.0.db.read)
            .await?;
        let sessions = rows.into_iter().map(|row| shown(row, who, &reader));
        Ok(PortalAccount {
            has_password,
            asks_current,
            needs_link,
            sessions: sessions.collect::<Result<_>>()?,
        })
    }

    pub(super) async fn end_one(&self, who: &ContactViewer, id: ContactSessionId) -> Result<()> {
        let (who, workspace) = (who.clone(), self.workspace().await?);
        let ended = self.0.writer.change(move |tx| {
            Box::pin(async move {
                lock(tx, workspace.id).await?;
                let member = still_here(tx, &workspace, &who).await?;
                let row = own(&who).filter(C::Id.eq(id.0)).one(tx.db()).await?;
                let row = row.ok_or(Told::NotFound)?;
                end(tx, &workspace, &who, &member, row).await
            })
        });
        ended.await
    }

    pub(super) async fn end_others(&self, who: &ContactViewer) -> Result<u64> {
        let (who, workspace) = (who.clone(), self.workspace().await?);
        let ended = self.0.writer.change(move |tx| {
            Box::pin(async move {
                lock(tx, workspace.id).await?;
                let member = still_here(tx, &workspace, &who).await?;
                end_all_others(tx, &workspace, &who, &member).await
            })
        });
        ended.await
    }
}

fn shown(row: contact_session::Model, who: &ContactViewer, reader: &Reader) -> Result<PortalSession> {
    Ok(PortalSession {
        id: ContactSessionId(row.id),
        is_this: row.id == who.session().0,
        begun: reader.stored(row.created_at)?,
        seen: reader.stored(row.last_seen_at)?,
        method: row.method,
        ip: row.ip,
        user_agent: row.user_agent,
    })
}
