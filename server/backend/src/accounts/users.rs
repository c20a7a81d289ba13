//! People: inviting them, giving them a role, letting them in and shutting them out.
//!
//! Somebody who manages users can't reach beyond their own permissions: neither by giving a role that allows more
//! than theirs, nor through people who may do more (a new link or password for an administrator would be one).

use super::{
    Accounts, departed, invitations, outside, profile, reader, resets, rows,
    rows::{Person, within_own},
    sessions,
};
use crate::{
    Error, Result,
    record::{Done, has_seen, record},
    writer::WriteTx,
};
use async_trait::async_trait;
use daybook_domain::{
    Error as Told,
    account::{Invited, User, UserDetail, UserForm, UserPage, UserStatus},
    id::{ProviderId, RoleId, UserId, WorkspaceId},
    object::ObjectQuery,
    permission::{BuiltInRole, ManageUsers},
    ports::Users,
    seen::Tag,
    viewer::{Granted, Viewer},
};
use daybook_entity::{role, user, workspace};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use secrecy::SecretString;

/// A user to be made, with everything checked. Without a password or a provider they are invited.
pub(super) struct NewUser {
    pub name: String,
    pub email: String,
    pub role: role::Model,
    pub password_hash: Option<String>,
    /// Whether a provider says who they are: they need no password.
    pub by_provider: bool,
    pub habits: Habits,
}

/// How somebody reads times and numbers until they choose for themselves: as the workspace has it for new users.
pub(super) struct Habits {
    zone: String,
    regional_format: String,
}

impl Habits {
    pub(super) fn of(workspace: &workspace::Model) -> Self {
        Self {
            zone: workspace.zone.clone(),
            regional_format: workspace.regional_format.clone(),
        }
    }
}

/// Makes a user. `Invalid{field: "email"}` where the email is taken.
pub(super) async fn insert_user(tx: &WriteTx, workspace: WorkspaceId, new: NewUser) -> Result<Person> {
    let email_key = rows::key(&new.email);
    email_is_free(tx, workspace, &new.email, None).await?;
    let status = if new.password_hash.is_some() || new.by_provider {
        UserStatus::Active
    } else {
        UserStatus::Invited
    };
    let row = user::ActiveModel {
        workspace_id: Set(workspace.0),
        id: Set(tx.new_id()),
        name_key: Set(rows::key(&new.name)),
        name: Set(new.name),
        phone: Set(None),
        email: Set(new.email),
        email_key: Set(email_key),
        role_id: Set(new.role.id),
        status: Set(status.name().to_owned()),
        password_changed_at: Set(new.password_hash.as_ref().map(|_| tx.now().micros())),
        password_hash: Set(new.password_hash),
        zone: Set(new.habits.zone),
        regional_format: Set(new.habits.regional_format),
        created_at: Set(tx.now().micros()),
        last_sign_in_at: Set(None),
    };
    let user = user::Entity::insert(row).exec_with_returning(tx.db()).await?;
    Ok(Person {
        user,
        role: new.role,
        invitation: None,
        identities: Vec::new(),
    })
}

/// Refuses an email address that another user has. Compared in lower case.
pub(super) async fn email_is_free(
    tx: &WriteTx,
    workspace: WorkspaceId,
    email: &str,
    own: Option<UserId>,
) -> Result<()> {
    match rows::person_by_email(tx.db(), workspace, email).await? {
        Some(other) if Some(other.id()) != own => {
            Err(Told::invalid("email", "Somebody with this email address is here already.").into())
        }
        _ => Ok(()),
    }
}

pub(super) async fn habits_of_new_users(tx: &WriteTx, workspace: WorkspaceId) -> Result<Habits> {
    workspace::Entity::find_by_id(workspace.0)
        .one(tx.db())
        .await?
        .map(|workspace| Habits::of(&workspace))
        .ok_or_else(|| Error::damaged("the workspace is gone"))
}

/// Sets a password. Who was invited may sign in with it; who was deactivated stays so.
pub(super) async fn set_password(tx: &WriteTx, mut person: Person, hash: String) -> Result<Person> {
    invitations::withdraw(tx, &mut person).await?;
    resets::withdraw(tx, &person.user).await?;
    let invited = person.status()? == UserStatus::Invited;
    let mut row = person.user.into_active_model();
    if invited {
        row.status = Set(UserStatus::Active.name().to_owned());
    }
    row.password_hash = Set(Some(hash));
    row.password_changed_at = Set(Some(tx.now().micros()));
    person.user = user::Entity::update(row).exec(tx.db()).await?;
    Ok(person)
}

async fn set_status(tx: &WriteTx, mut person: Person, status: UserStatus) -> Result<Person> {
    let mut row = person.user.into_active_model();
    row.status = Set(status.name().to_owned());
    person.user = user::Entity::update(row).exec(tx.db()).await?;
    Ok(person)
}

/// The person, if `who` may do something to them.
pub(super) async fn manageable(tx: &WriteTx, who: &Viewer, id: UserId) -> Result<Person> {
    let person = rows::person(tx.db(), who.workspace(), id).await?;
    within_own(who, &rows::permissions_of(&person.role)?)?;
    Ok(person)
}

/// The role, if `who` may give it.
async fn givable(tx: &WriteTx, who: &Viewer, id: RoleId) -> Result<role::Model> {
    let role = rows::role(tx.db(), who.workspace(), id.0).await?;
    within_own(who, &rows::permissions_of(&role)?)?;
    Ok(role)
}

/// Refuses where nobody who is let in would be an administrator any more.
pub(super) async fn keep_an_administrator(tx: &WriteTx, person: &Person) -> Result<()> {
    let administrator = rows::built_in(person.role.built_in.as_deref()) == Some(BuiltInRole::Administrator);
    if !administrator || person.status()? != UserStatus::Active {
        return Ok(());
    }
    let others = user::Entity::find()
        .filter(user::Column::WorkspaceId.eq(person.user.workspace_id))
        .filter(user::Column::RoleId.eq(person.role.id))
        .filter(user::Column::Status.eq(UserStatus::Active.name()))
        .filter(user::Column::Id.ne(person.user.id))
        .count(tx.db())
        .await?;
    if others == 0 {
        let name = &person.user.name;
        return Err(Told::conflict(format!(
            "{name} is the last administrator. Make somebody else one first."
        ))
        .into());
    }
    Ok(())
}

#[async_trait]
impl Users for Accounts {
    async fn list_users(
        &self,
        who: &Granted<ManageUsers>,
        query: &ObjectQuery,
    ) -> daybook_domain::Result<UserPage> {
        self.page_of_users(who, query)
            .await
            .map_err(outside(who.viewer()))
    }

    async fn invite_user(
        &self,
        who: &Granted<ManageUsers>,
        name: &str,
        email: &str,
        role: RoleId,
    ) -> daybook_domain::Result<Invited> {
        let (name, email, mailing) = (name.to_owned(), email.to_owned(), self.mailing().clone());
        self.change(who.viewer(), "invite a user", move |tx, who| {
            Box::pin(async move {
                let new = NewUser {
                    name: rows::name("name", &name)?,
                    email: rows::email(&email)?,
                    role: givable(tx, who, role).await?,
                    password_hash: None,
                    by_provider: false,
                    habits: habits_of_new_users(tx, who.workspace()).await?,
                };
                let mut person = insert_user(tx, who.workspace(), new).await?;
                let link = invitations::invite(tx, &mut person).await?;
                let way = invitations::hand_over(tx, who, &mailing, &person, link, true).await?;
                let after = person.record();
                let mut done = Done::created(&after).called("invited");
                done.metadata.extend([invitations::delivery(&way)]);
                record(tx, who, &done)?;
                Ok(Invited {
                    user: person.shown(&reader(who, tx))?,
                    way,
                })
            })
        })
        .await
    }

    async fn reinvite_user(
        &self,
        who: &Granted<ManageUsers>,
        id: UserId,
        by_mail: bool,
    ) -> daybook_domain::Result<Invited> {
        let mailing = self.mailing().clone();
        self.change(who.viewer(), "invite a user again", move |tx, who| {
            Box::pin(async move {
                let mut person = manageable(tx, who, id).await?;
                let name = person.user.name.clone();
                match person.status()? {
                    UserStatus::Invited => {}
                    UserStatus::Active => {
                        return Err(Told::conflict(format!("{name} has chosen a password already.")).into());
                    }
                    UserStatus::Deactivated => {
                        return Err(
                            Told::conflict(format!("{name} is deactivated. Reactivate them first.")).into(),
                        );
                    }
                }
                let before = person.record();
                let link = invitations::invite(tx, &mut person).await?;
                let way = invitations::hand_over(tx, who, &mailing, &person, link, by_mail).await?;
                let after = person.record();
                let summary = format!("Made a new invitation link for user “{name}”");
                let mut done = Done::updated(&before, &after).called("reinvited").saying(summary);
                done.metadata.extend([invitations::delivery(&way)]);
                record(tx, who, &done)?;
                Ok(Invited {
                    user: person.shown(&reader(who, tx))?,
                    way,
                })
            })
        })
        .await
    }

    async fn send_password_reset(
        &self,
        who: &Granted<ManageUsers>,
        id: UserId,
    ) -> daybook_domain::Result<User> {
        self.send_reset(who, id).await
    }

    async fn unlink_identity(
        &self,
        who: &Granted<ManageUsers>,
        id: UserId,
        provider: ProviderId,
        subject: &str,
    ) -> daybook_domain::Result<()> {
        self.unlink(who, id, provider, subject).await
    }

    async fn remove_second_factor(
        &self,
        who: &Granted<ManageUsers>,
        id: UserId,
    ) -> daybook_domain::Result<()> {
        self.remove_factor(who, id).await
    }

    async fn update_user(
        &self,
        who: &Granted<ManageUsers>,
        id: UserId,
        seen: &Tag,
        form: UserForm,
    ) -> daybook_domain::Result<User> {
        let seen = seen.clone();
        self.change(who.viewer(), "change a user", move |tx, who| {
            Box::pin(async move { profile::update(tx, who, id, &seen, form).await })
        })
        .await
    }

    async fn set_user_role(
        &self,
        who: &Granted<ManageUsers>,
        id: UserId,
        seen: &Tag,
        role: RoleId,
    ) -> daybook_domain::Result<User> {
        let seen = seen.clone();
        self.change(who.viewer(), "give a user another role", move |tx, who| {
            Box::pin(async move {
                let mut person = manageable(tx, who, id).await?;
                has_seen(&seen, &person.record())?;
                let role = givable(tx, who, role).await?;
                if role.id != person.role.id {
                    keep_an_administrator(tx, &person).await?;
                    let before = person.record();
                    let summary = format!(
                        "Changed role of user “{}” from “{}” to “{}”",
                        person.user.name, person.role.name, role.name
                    );
                    let mut row = person.user.into_active_model();
                    row.role_id = Set(role.id);
                    person.user = user::Entity::update(row).exec(tx.db()).await?;
                    person.role = role;
                    record(tx, who, &Done::updated(&before, &person.record()).saying(summary))?;
                }
                person.shown(&reader(who, tx))
            })
        })
        .await
    }

    async fn deactivate_user(&self, who: &Granted<ManageUsers>, id: UserId) -> daybook_domain::Result<User> {
        self.change(who.viewer(), "deactivate a user", move |tx, who| {
            Box::pin(async move {
                let mut person = manageable(tx, who, id).await?;
                if who.user_id() == Some(id) {
                    return Err(
                        Told::conflict("You can't deactivate yourself. Ask another administrator.").into(),
                    );
                }
                keep_an_administrator(tx, &person).await?;
                if person.status()? != UserStatus::Deactivated {
                    let before = person.record();
                    invitations::withdraw(tx, &mut person).await?;
                    resets::withdraw(tx, &person.user).await?;
                    person = set_status(tx, person, UserStatus::Deactivated).await?;
                    let after = person.record();
                    let done = Done::updated(&before, &after).called("deactivated");
                    record(tx, who, &done)?;
                }
                sessions::end_all(tx, who, &person.user, None).await?;
                person.shown(&reader(who, tx))
            })
        })
        .await
    }

    async fn reactivate_user(&self, who: &Granted<ManageUsers>, id: UserId) -> daybook_domain::Result<User> {
        self.change(who.viewer(), "reactivate a user", move |tx, who| {
            Box::pin(async move {
                let mut person = manageable(tx, who, id).await?;
                if person.status()? == UserStatus::Deactivated {
                    let before = person.record();
                    // Who never chose a password needs a new invitation.
                    let known = person.user.password_hash.is_some();
                    let status = if known {
                        UserStatus::Active
                    } else {
                        UserStatus::Invited
                    };
                    person = set_status(tx, person, status).await?;
                    let after = person.record();
                    let done = Done::updated(&before, &after).called("reactivated");
                    record(tx, who, &done)?;
                }
                person.shown(&reader(who, tx))
            })
        })
        .await
    }

    async fn user(&self, who: &Granted<ManageUsers>, id: UserId) -> daybook_domain::Result<UserDetail> {
        self.detail_of(who, id).await.map_err(outside(who.viewer()))
    }

    async fn delete_user(
        &self,
        who: &Granted<ManageUsers>,
        id: UserId,
        confirm: &str,
    ) -> daybook_domain::Result<User> {
        let confirm = confirm.to_owned();
        self.change(who.viewer(), "delete a user", move |tx, who| {
            Box::pin(async move { departed::delete(tx, who, id, &confirm).await })
        })
        .await
    }
}

impl Accounts {
    /// Makes a user who can sign in at once. `Invalid{field: "role"}` for an unknown role.
    pub async fn create_user(
        &self,
        who: &Granted<ManageUsers>,
        name: &str,
        email: &str,
        role_name: &str,
        password: SecretString,
    ) -> daybook_domain::Result<User> {
        let viewer = who.viewer();
        let name = rows::name("name", name).map_err(outside(viewer))?;
        let email = rows::email(email).map_err(outside(viewer))?;
        let about = vec![name.clone(), email.clone()];
        let hash = self
            .hash_password("password", password, about)
            .await
            .map_err(outside(viewer))?;
        let role_name = role_name.to_owned();
        self.change(viewer, "create a user", move |tx, who| {
            Box::pin(async move {
                let role = rows::role_by_name(tx.db(), who.workspace(), &role_name)
                    .await?
                    .ok_or_else(|| Told::invalid("role", format!("There is no role “{role_name}”.")))?;
                within_own(who, &rows::permissions_of(&role)?)?;
                let habits = habits_of_new_users(tx, who.workspace()).await?;
                let new = NewUser {
                    name,
                    email,
                    role,
                    password_hash: Some(hash),
                    by_provider: false,
                    habits,
                };
                let person = insert_user(tx, who.workspace(), new).await?;
                record(tx, who, &Done::created(&person.record()))?;
                person.shown(&reader(who, tx))
            })
        })
        .await
    }

    /// Sets a user's password and ends their sessions; somebody who was invited is let in by it. `Invalid{field:
    /// "email"}` for an unknown one, `Conflict` for a deactivated one.
    pub async fn reset_password(
        &self,
        who: &Granted<ManageUsers>,
        email: &str,
        password: SecretString,
    ) -> daybook_domain::Result<()> {
        let viewer = who.viewer();
        let unknown = || Told::invalid("email", "No user has this email address.");
        let known = rows::person_by_email(&self.0.db.read, who.workspace(), email)
            .await
            .map_err(outside(viewer))?;
        let known = known.ok_or_else(unknown)?;
        let about = vec![known.user.name.clone(), known.user.email.clone()];
        let hash = self
            .hash_password("password", password, about)
            .await
            .map_err(outside(viewer))?;
        let id = known.id();
        self.change(viewer, "reset a password", move |tx, who| {
            Box::pin(async move {
                let person = manageable(tx, who, id).await?;
                if person.status()? == UserStatus::Deactivated {
                    return Err(Told::conflict("This user is deactivated. Reactivate them first.").into());
                }
                let before = person.record();
                let person = set_password(tx, person, hash).await?;
                let summary = format!("Reset the password of user “{}”", person.user.name);
                let after = person.record();
                let done = Done::updated(&before, &after).called("password_reset");
                record(tx, who, &done.saying(summary))?;
                sessions::end_all(tx, who, &person.user, None).await?;
                Ok(())
            })
        })
        .await
    }
}
