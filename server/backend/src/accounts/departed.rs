//! One user's page, and taking a user away for good. Records copy the names of people (R48), so nothing in the log needs
//! them; what else refers to a user goes with them, and each of it is recorded.

use super::{
    Accounts, invitations, providers, reader, resets, rows, second_factor, sessions,
    users::{keep_an_administrator, manageable},
};
use crate::{
    Result,
    record::{Done, record},
    views,
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    account::{User, UserDetail},
    id::UserId,
    permission::ManageUsers,
    viewer::{Granted, Viewer},
};
use daybook_entity::user;
use sea_orm::EntityTrait;

impl Accounts {
    pub(super) async fn detail_of(&self, who: &Granted<ManageUsers>, id: UserId) -> Result<UserDetail> {
        let viewer = who.viewer();
        let person = rows::person(&self.0.db.read, who.workspace(), id).await?;
        let factor = second_factor::confirmed(&self.0.db.read, &person.user).await?;
        let reader = self.reader(viewer);
        Ok(UserDetail {
            user: person.shown(&reader)?,
            second_factor: second_factor::since(factor.as_ref(), &reader)?,
            identities: providers::linked(&person, &reader)?,
            sessions: self.sessions_of(viewer, id).await?,
            unmailable: self
                .mailing()
                .obstacle(&self.0.db.read, who.workspace(), Some(&person.user.email))
                .await?,
        })
    }
}

/// Sessions end first, so that nothing in between is done by somebody who is gone.
pub(super) async fn delete(tx: &mut WriteTx, who: &Viewer, id: UserId, confirm: &str) -> Result<User> {
    let mut person = manageable(tx, who, id).await?;
    if who.user_id() == Some(id) {
        return Err(Told::conflict("You can't delete yourself. Ask another administrator.").into());
    }
    keep_an_administrator(tx, &person).await?;
    if rows::key(confirm) != person.user.email_key {
        let asked = format!("Type {} to confirm.", person.user.email);
        return Err(Told::invalid("confirm", asked).into());
    }
    let shown = person.shown(&reader(who, tx))?;
    let before = person.record();
    sessions::end_all(tx, who, &person.user, None).await?;
    views::forget(tx, who, id).await?;
    invitations::withdraw(tx, &mut person).await?;
    resets::withdraw(tx, &person.user).await?;
    second_factor::forget(tx, &person.user).await?;
    providers::forget(tx, &person.user).await?;
    user::Entity::delete_by_id((person.user.workspace_id, person.user.id))
        .exec(tx.db())
        .await?;
    record(tx, who, &Done::deleted(&before))?;
    Ok(shown)
}
