//! What a user is called and how they are reached: changed by who manages users, or by themselves.

use super::{
    invitations, reader, resets,
    rows::{self, Person},
    users::{email_is_free, manageable},
};
use crate::{
    Result,
    record::{Done, has_seen, record},
    writer::WriteTx,
};
use daybook_domain::{
    account::{ProfileForm, User, UserForm},
    id::UserId,
    seen::Tag,
    viewer::Viewer,
};
use daybook_entity::user;
use sea_orm::{ActiveValue::Set, EntityTrait, IntoActiveModel};

pub(super) async fn update(
    tx: &mut WriteTx,
    who: &Viewer,
    id: UserId,
    seen: &Tag,
    form: UserForm,
) -> Result<User> {
    let person = manageable(tx, who, id).await?;
    has_seen(seen, &person.record())?;
    let email = rows::email(&form.email)?;
    email_is_free(tx, who.workspace(), &email, Some(id)).await?;
    let person = store(tx, who, person, &form.name, Some(email), &form.phone).await?;
    person.shown(&reader(who, tx))
}

pub(super) async fn update_own(
    tx: &mut WriteTx,
    who: &Viewer,
    id: UserId,
    seen: &Tag,
    form: ProfileForm,
) -> Result<()> {
    let person = rows::person(tx.db(), who.workspace(), id).await?;
    has_seen(seen, &person.record())?;
    store(tx, who, person, &form.name, None, &form.phone).await?;
    Ok(())
}

async fn store(
    tx: &mut WriteTx,
    who: &Viewer,
    mut person: Person,
    name: &str,
    email: Option<String>,
    phone: &str,
) -> Result<Person> {
    let before = person.record();
    // A link that is under way leads from where they may not be reached any more.
    if email.as_ref().is_some_and(|email| *email != person.user.email) {
        resets::withdraw(tx, &person.user).await?;
        invitations::withdraw(tx, &mut person).await?;
    }
    let (name, phone) = (rows::name("name", name)?, rows::phone(phone)?);
    let mut row = person.user.into_active_model();
    row.name_key = Set(rows::key(&name));
    row.name = Set(name);
    row.phone = Set(phone);
    if let Some(email) = email {
        row.email_key = Set(rows::key(&email));
        row.email = Set(email);
    }
    person.user = user::Entity::update(row).exec(tx.db()).await?;
    record(tx, who, &Done::updated(&before, &person.record()))?;
    Ok(person)
}
