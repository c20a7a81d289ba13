//! Rows of people, roles and keys: finding them within their workspace, and what they mean in the domain's words.
//! An id of another workspace is `NotFound` here, for everybody.

use super::records::UserRecord;
use crate::{
    Error, Result,
    local_time::{Reader, stored},
    record::seen,
    writer::WriteTx,
};
use daybook_domain::{
    account::{User, UserStatus},
    id::{RoleId, UserId, WorkspaceId},
    naming::{Helpdesk, Naming},
    object::phone_number,
    permission::{BuiltInRole, Permission, PermissionSet},
    regional::RegionalFormat,
    time::Timestamp,
    viewer::{Viewer, as_another},
};
use daybook_entity::{event_head, identity, invitation, role, session, user};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// A user with what their row points to.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub user: user::Model,
    pub role: role::Model,
    pub invitation: Option<invitation::Model>,
    /// In the order in which they were linked.
    pub identities: Vec<identity::Model>,
}

impl Person {
    pub(super) fn id(&self) -> UserId {
        UserId(self.user.id)
    }

    pub(super) fn record(&self) -> UserRecord {
        UserRecord::new(
            &self.user,
            &self.role.name,
            self.invitation.as_ref(),
            &self.identities,
        )
    }

    pub(super) fn status(&self) -> Result<UserStatus> {
        status(&self.user)
    }

    /// The user as the pages show them.
    pub(super) fn shown(&self, reader: &Reader) -> Result<User> {
        shown(self, reader)
    }
}

/// A user as the pages show them.
fn shown(person: &Person, reader: &Reader) -> Result<User> {
    let Person { user, role, .. } = person;
    Ok(User {
        id: UserId(user.id),
        name: user.name.clone(),
        email: user.email.clone(),
        phone: user.phone.clone(),
        role: RoleId(user.role_id),
        role_name: role.name.clone(),
        status: status(user)?,
        seen: seen(&person.record())?,
        created: reader.stored(user.created_at)?,
        last_sign_in: user.last_sign_in_at.map(|at| reader.stored(at)).transpose()?,
    })
}

fn status(user: &user::Model) -> Result<UserStatus> {
    UserStatus::from_name(&user.status)
        .ok_or_else(|| Error::damaged(format!("user status “{}”", user.status)))
}

/// How dates and numbers are written, as it is stored.
pub(crate) fn format(stored: &str) -> Result<RegionalFormat> {
    RegionalFormat::from_name(stored).ok_or_else(|| Error::damaged(format!("the regional format “{stored}”")))
}

/// What things are called with a stored helpdesk.
pub(super) fn naming(helpdesk: &str) -> Result<Naming> {
    Helpdesk::from_name(helpdesk)
        .map(Naming::of)
        .ok_or_else(|| Error::damaged(format!("the helpdesk “{helpdesk}”")))
}

pub(super) fn timestamp(micros: i64) -> Result<Timestamp> {
    stored(micros)
}

/// Lets one change of accounts run at a time, also where several processes share a PostgreSQL: what a change checks
/// (the last administrator, a free email) then still holds when it writes. SQLite's transaction does this already.
pub(crate) async fn lock(tx: &WriteTx, workspace: WorkspaceId) -> Result<()> {
    event_head::Entity::find_by_id(workspace.0)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .map(|_| ())
        .ok_or_else(|| Error::damaged("the workspace is gone"))
}

pub(super) async fn role<C: ConnectionTrait>(
    db: &C,
    workspace: WorkspaceId,
    id: Uuid,
) -> Result<role::Model> {
    role::Entity::find_by_id((workspace.0, id))
        .one(db)
        .await?
        .ok_or_else(|| daybook_domain::Error::NotFound.into())
}

pub(super) async fn role_by_name<C: ConnectionTrait>(
    db: &C,
    workspace: WorkspaceId,
    name: &str,
) -> Result<Option<role::Model>> {
    Ok(role::Entity::find()
        .filter(role::Column::WorkspaceId.eq(workspace.0))
        .filter(role::Column::NameKey.eq(key(name)))
        .one(db)
        .await?)
}

pub(super) async fn person<C: ConnectionTrait>(db: &C, workspace: WorkspaceId, id: UserId) -> Result<Person> {
    let found = user::Entity::find_by_id((workspace.0, id.0)).one(db).await?;
    whole(db, workspace, found.ok_or(daybook_domain::Error::NotFound)?).await
}

pub(super) async fn person_by_email<C: ConnectionTrait>(
    db: &C,
    workspace: WorkspaceId,
    email: &str,
) -> Result<Option<Person>> {
    let found = user::Entity::find()
        .filter(user::Column::WorkspaceId.eq(workspace.0))
        .filter(user::Column::EmailKey.eq(key(email)))
        .one(db)
        .await?;
    match found {
        Some(user) => whole(db, workspace, user).await.map(Some),
        None => Ok(None),
    }
}

async fn whole<C: ConnectionTrait>(db: &C, workspace: WorkspaceId, user: user::Model) -> Result<Person> {
    let role = role::Entity::find_by_id((workspace.0, user.role_id))
        .one(db)
        .await?
        .ok_or_else(|| Error::damaged("a user without a role"))?;
    let invitation = invitation::Entity::find_by_id((workspace.0, user.id))
        .one(db)
        .await?;
    let identities = identities(db, workspace, [user.id]).await?;
    Ok(Person {
        user,
        role,
        invitation,
        identities,
    })
}

/// The identities of some users.
pub(super) async fn identities<C: ConnectionTrait>(
    db: &C,
    workspace: WorkspaceId,
    users: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<identity::Model>> {
    use identity::Column as I;
    Ok(identity::Entity::find()
        .filter(I::WorkspaceId.eq(workspace.0))
        .filter(I::UserId.is_in(users))
        .order_by_asc(I::CreatedAt)
        .order_by_asc(I::ProviderId)
        .order_by_asc(I::Subject)
        .all(db)
        .await?)
}

/// The form in which names and emails are compared.
pub(crate) fn key(text: &str) -> String {
    text.trim().to_lowercase()
}

pub(super) fn built_in(name: Option<&str>) -> Option<BuiltInRole> {
    BuiltInRole::ALL
        .into_iter()
        .find(|role| name == Some(built_in_name(*role)))
}

/// What the column `built_in` holds.
pub(super) fn built_in_name(role: BuiltInRole) -> &'static str {
    match role {
        BuiltInRole::Administrator => "administrator",
        BuiltInRole::Auditor => "auditor",
        BuiltInRole::Agent => "agent",
    }
}

/// What a role allows. An Administrator may do everything, also what was added after the role was stored; names that
/// are no longer known allow nothing.
pub(super) fn permissions(built_in_role: Option<&str>, stored: &str) -> Result<PermissionSet> {
    if built_in(built_in_role) == Some(BuiltInRole::Administrator) {
        return Ok(Permission::ALL.iter().copied().collect());
    }
    let names: Vec<String> = serde_json::from_str(stored)
        .map_err(|error| Error::damaged(format!("the permissions of a role: {error}")))?;
    Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
}

pub(super) fn permissions_of(role: &role::Model) -> Result<PermissionSet> {
    permissions(role.built_in.as_deref(), &role.permissions)
}

/// A sorted JSON array, as the columns `permissions` and `scopes` hold it.
pub(super) fn to_json<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names.dedup();
    serde_json::Value::from(names).to_string()
}

/// Refuses where somebody would hand out, or take power over, more than they hold themselves.
pub(super) fn within_own(who: &Viewer, permissions: &PermissionSet) -> Result<()> {
    match permissions.iter().find(|permission| !who.may(**permission)) {
        Some(permission) => Err(daybook_domain::Error::Forbidden {
            permission: *permission,
        }
        .into()),
        None => Ok(()),
    }
}

/// Refuses who may not do everything: what lets somebody come in as anybody else takes all that those may do.
pub(crate) fn may_do_all(who: &Viewer) -> Result<()> {
    within_own(who, &Permission::ALL.iter().copied().collect())
}

/// A text that fits on a line, of at most so many characters.
pub(crate) fn line(field: &str, given: &str, most: usize) -> Result<String> {
    let text = given.trim();
    if text.chars().count() > most {
        let reason = format!("This is longer than {most} characters.");
        return Err(daybook_domain::Error::invalid(field, reason).into());
    }
    if text.chars().any(char::is_control) {
        let reason = "This holds a character that can't be shown.";
        return Err(daybook_domain::Error::invalid(field, reason).into());
    }
    Ok(text.to_owned())
}

/// Refuses who was shut out, signed out or given less since their request began: hashing a password takes a while, and
/// a change may wait for others.
pub(super) async fn still_allowed<C: ConnectionTrait>(db: &C, who: &Viewer, now: Timestamp) -> Result<()> {
    let Some(id) = who.user_id() else { return Ok(()) };
    let lost = || Error::from(daybook_domain::Error::Unauthenticated);
    let session = match who.session_id() {
        Some(session) => {
            let found = session::Entity::find_by_id((who.workspace().0, session.0))
                .one(db)
                .await?;
            Some(found.ok_or_else(lost)?)
        }
        None => None,
    };
    let person_in = async |id: UserId| -> Result<PermissionSet> {
        let person = person(db, who.workspace(), id).await?;
        if person.status()? != UserStatus::Active {
            return Err(lost());
        }
        permissions_of(&person.role)
    };
    let mut allowed = person_in(id).await?;
    if let Some(really) = who.impersonation() {
        let goes_on = session.is_some_and(|session| {
            session.appears_as == Some(id.0)
                && session.appears_until.is_some_and(|until| until > now.micros())
        });
        if !goes_on {
            return Err(lost());
        }
        allowed = as_another(&allowed, &person_in(really.id).await?);
    }
    match who.permissions().difference(&allowed).next() {
        Some(lost) => Err(daybook_domain::Error::Forbidden { permission: *lost }.into()),
        None => Ok(()),
    }
}

/// A name that people read: 1 to 200 characters without control characters.
pub(crate) fn name(field: &str, text: &str) -> Result<String> {
    let text = text.trim();
    let wrong = |reason: &str| Err(daybook_domain::Error::invalid(field, reason).into());
    if text.is_empty() {
        wrong("Enter a name.")
    } else if text.chars().count() > 200 {
        wrong("A name has at most 200 characters.")
    } else if text.chars().any(char::is_control) {
        wrong("A name can't hold line breaks or other control characters.")
    } else {
        Ok(text.to_owned())
    }
}

/// A phone number, where there is one.
pub(super) fn phone(text: &str) -> Result<Option<String>> {
    phone_number(text).map_err(|reason| daybook_domain::Error::invalid("phone", reason).into())
}

/// An address mail could go to, as far as its look tells (RFC 5321 allows 254 characters).
pub(super) fn email(text: &str) -> Result<String> {
    let text = text.trim();
    let wrong = |reason: &str| Err(daybook_domain::Error::invalid("email", reason).into());
    if text.is_empty() {
        return wrong("Enter an email address.");
    }
    if text.chars().count() > 254 {
        return wrong("An email address has at most 254 characters.");
    }
    let mut parts = text.split('@');
    let whole = matches!(
        (parts.next(), parts.next(), parts.next()),
        (Some(local), Some(domain), None) if !local.is_empty() && !domain.is_empty()
    );
    if !whole || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return wrong("This is not an email address such as mara@northdesk.example.");
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_emails_are_taken_as_people_type_them() {
        assert_eq!(name("name", "  Zoë Ní Bhriain ").unwrap(), "Zoë Ní Bhriain");
        assert_eq!(
            email(" Mara.Okafor@Northdesk.example ").unwrap(),
            "Mara.Okafor@Northdesk.example"
        );
        assert_eq!(name("name", &"ä".repeat(200)).unwrap().chars().count(), 200);
        for wrong in ["", "  ", "a\u{0}b", "a\nb", &"ä".repeat(201)] {
            assert!(name("name", wrong).is_err(), "{wrong:?}");
        }
        let long = format!("{}@x.example", "a".repeat(250));
        for wrong in [
            "",
            "mara",
            "@x",
            "mara@",
            "a@b@c",
            "a b@c",
            "a\u{0}@c",
            long.as_str(),
        ] {
            assert!(email(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn an_administrator_may_do_what_was_not_yet_there_when_the_role_was_stored() {
        let all: PermissionSet = Permission::ALL.iter().copied().collect();
        assert_eq!(permissions(Some("administrator"), "[]").unwrap(), all);
        let some = permissions(None, r#"["audit_logs.view","moon.view"]"#).unwrap();
        assert_eq!(some, [Permission::AuditLogsView].into());
        assert!(permissions(None, "damage").is_err());
    }
}
