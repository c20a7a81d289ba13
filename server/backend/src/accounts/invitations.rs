//! Links with which invited people choose a password. A link works once and for seven days; the table holds only the
//! hash of what is in it.

use super::{
    Accounts, digest, person_at_the_door,
    rows::{self, Person},
    secret,
    users::set_password,
    workspace::first_sign_in,
};
use crate::{
    Result,
    email::{LinkMail, Mailing},
    local_time::Reader,
    record::{Done, record},
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    account::{Invitation, LinkWay, ShownOnce, UserStatus},
    email_template::MailTemplate,
    id::{UserId, WorkspaceId},
    time::Timestamp,
    viewer::{RequestContext, Viewer},
};
use daybook_entity::invitation;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use secrecy::SecretString;
use serde_json::Value;

const VALID_SECONDS: i64 = 7 * 24 * 3600;

/// Makes a link for somebody, in place of the one they had. What is shown is its path.
pub(super) async fn invite(tx: &WriteTx, person: &mut Person) -> Result<ShownOnce> {
    withdraw(tx, person).await?;
    let token = secret();
    let row = invitation::ActiveModel {
        workspace_id: Set(person.user.workspace_id),
        user_id: Set(person.user.id),
        token_hash: Set(digest(&token).to_vec()),
        created_at: Set(tx.now().micros()),
        expires_at: Set(tx.now().plus_seconds(VALID_SECONDS).micros()),
    };
    person.invitation = Some(
        invitation::Entity::insert(row)
            .exec_with_returning(tx.db())
            .await?,
    );
    Ok(ShownOnce::new(format!("/invite/{token}")))
}

/// Has a link mailed to whom it is for, or shows it where that can't be or isn't asked for.
pub(super) async fn hand_over(
    tx: &mut WriteTx,
    who: &Viewer,
    mailing: &Mailing,
    person: &Person,
    link: ShownOnce,
    by_mail: bool,
) -> Result<LinkWay> {
    if !by_mail {
        return Ok(LinkWay::Shown { link, why: None });
    }
    let (inviter, days) = (who.actor().label(), (VALID_SECONDS / (24 * 3600)).to_string());
    let mail = LinkMail {
        template: MailTemplate::Invitation,
        to: &person.user.email,
        name: &person.user.name,
        path: link.reveal(),
        until: tx.now().plus_seconds(VALID_SECONDS),
        brand: None,
        given: &[("inviter", &inviter), ("days", &days)],
    };
    Ok(match mailing.send(tx, who.workspace(), mail).await? {
        None => LinkWay::Mailed,
        why => LinkWay::Shown { link, why },
    })
}

/// How it is told.
pub(super) fn delivery(way: &LinkWay) -> (String, Value) {
    let way = match way {
        LinkWay::Mailed => "email",
        LinkWay::Shown { .. } => "shown",
    };
    ("delivery".to_owned(), way.into())
}

/// The link somebody had, if any, no longer works.
pub(super) async fn withdraw(tx: &WriteTx, person: &mut Person) -> Result<()> {
    if person.invitation.take().is_some() {
        invitation::Entity::delete_by_id((person.user.workspace_id, person.user.id))
            .exec(tx.db())
            .await?;
    }
    Ok(())
}

/// Whose link it is and until when; `NotFound` for an unknown, used or expired one.
async fn invited<C: ConnectionTrait>(
    db: &C,
    workspace: WorkspaceId,
    token: &str,
    now: Timestamp,
) -> Result<(Person, Timestamp)> {
    let found = invitation::Entity::find()
        .filter(invitation::Column::WorkspaceId.eq(workspace.0))
        .filter(invitation::Column::TokenHash.eq(digest(token).to_vec()))
        .filter(invitation::Column::ExpiresAt.gt(now.micros()))
        .one(db)
        .await?
        .ok_or(Told::NotFound)?;
    let person = rows::person(db, workspace, UserId(found.user_id)).await?;
    if person.status()? != UserStatus::Invited {
        return Err(Told::NotFound.into());
    }
    Ok((person, rows::timestamp(found.expires_at)?))
}

impl Accounts {
    /// What somebody with a link sees before choosing a password.
    pub(super) async fn invitation_of(&self, token: &str) -> Result<Invitation> {
        let workspace = self.workspace().await?.ok_or(Told::NotFound)?;
        let now = self.0.clock.now();
        let (person, expires) = invited(&self.0.db.read, workspace.id, token, now).await?;
        let reader = Reader::of(&person.user.zone, now);
        let reader = reader.writing(rows::format(&person.user.regional_format)?);
        Ok(Invitation {
            name: person.user.name,
            email: person.user.email,
            workspace: workspace.name,
            expires: reader.local(expires),
        })
    }

    /// Sets the first password of an invited user and records that they signed in: the caller makes the session.
    /// `NotFound` for an unknown, used or expired link.
    pub async fn accept_invitation(
        &self,
        token: &str,
        password: SecretString,
        request: &RequestContext,
    ) -> daybook_domain::Result<UserId> {
        self.accept(token.to_owned(), password, request.clone())
            .await
            .map_err(|error| error.into_domain(&request.correlation_id))
    }

    async fn accept(&self, token: String, password: SecretString, request: RequestContext) -> Result<UserId> {
        let workspace = self.workspace().await?.ok_or(Told::NotFound)?;
        // Before the slow part, which is for those with a link only.
        let (person, _) = invited(&self.0.db.read, workspace.id, &token, self.0.clock.now()).await?;
        let about = vec![person.user.name, person.user.email, workspace.name];
        let hash = self.hash_password("password", password, about).await?;
        let accepted = self.0.writer.change(move |tx| {
            Box::pin(async move {
                rows::lock(tx, workspace.id).await?;
                let (person, _) = invited(tx.db(), workspace.id, &token, tx.now()).await?;
                let before = person.record();
                let person = set_password(tx, person, hash).await?;
                let who = person_at_the_door(workspace.id, &person.user, &request);
                let summary = format!(
                    "User “{}” accepted the invitation and chose a password",
                    person.user.name
                );
                let after = person.record();
                let done = Done::updated(&before, &after).called("invitation_accepted");
                record(tx, &who, &done.saying(summary))?;
                first_sign_in(tx, &who, person, "invitation").await
            })
        });
        accepted.await
    }
}
