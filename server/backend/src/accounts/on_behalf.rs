//! What is done later by the rights of somebody who asked for it once: they need them still.

use super::{Accounts, rows};
use crate::{Error, Result};
use daybook_domain::{
    Error as Told,
    account::UserStatus,
    id::{UserId, WorkspaceId},
    permission::Permission,
    viewer::{Principal, RequestContext, Viewer},
};
use sea_orm::ConnectionTrait;

/// Whether a user may still do something.
#[derive(Debug)]
pub(crate) enum Standing {
    /// As who asks, with these rights and no others.
    May(Viewer),
    /// Why not, as a sentence.
    MayNot(String),
}

impl Accounts {
    /// How a user stands to what takes some permissions.
    pub(crate) async fn standing(
        &self,
        workspace: WorkspaceId,
        id: UserId,
        needed: &[Permission],
    ) -> Result<Standing> {
        let db = &self.0.db.read;
        let person = match rows::person(db, workspace, id).await {
            Ok(person) => person,
            Err(Error::Domain(Told::NotFound)) => {
                return Ok(Standing::MayNot("Who set it is gone.".to_owned()));
            }
            Err(error) => return Err(error),
        };
        let name = &person.user.name;
        if person.status()? != UserStatus::Active {
            let why = format!("{name}, who set it, can't sign in any more.");
            return Ok(Standing::MayNot(why));
        }
        let allowed = rows::permissions_of(&person.role)?;
        if let Some(lacking) = needed.iter().find(|needed| !allowed.contains(needed)) {
            let lacking = lacking.title();
            let why = format!("{name}, who set it, lacks the permission “{lacking}” by now.");
            return Ok(Standing::MayNot(why));
        }
        let principal = Principal::User {
            id,
            name: name.clone(),
            email: person.user.email.clone(),
            session: None,
        };
        let request = RequestContext {
            correlation_id: self.0.ids.next().to_string(),
            ..RequestContext::default()
        };
        let viewer = Viewer::new(
            workspace,
            principal,
            needed.iter().copied().collect(),
            person.user.zone.clone(),
            person.role.name.clone(),
            request,
        );
        let viewer = viewer
            .reading(rows::format(&person.user.regional_format)?)
            .calling(self.naming(workspace).await?);
        Ok(Standing::May(viewer))
    }
}

/// Whether somebody who was found to may do something still may, within the transaction that does it.
pub(crate) async fn holds<C: ConnectionTrait>(db: &C, who: &Viewer, needed: &[Permission]) -> Result<bool> {
    let Some(id) = who.user_id() else { return Ok(true) };
    let person = match rows::person(db, who.workspace(), id).await {
        Ok(person) => person,
        Err(Error::Domain(Told::NotFound)) => return Ok(false),
        Err(error) => return Err(error),
    };
    let allowed = rows::permissions_of(&person.role)?;
    Ok(person.status()? == UserStatus::Active && needed.iter().all(|needed| allowed.contains(needed)))
}
