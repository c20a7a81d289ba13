//! Giving back what was: by the same changes as anybody makes who may, with their checks and their records.

use super::PastStates;
use daybook_domain::{
    Error as Told, Result,
    account::{RoleForm, UserForm, UserStatus},
    id::{RoleId, UserId},
    log::LogKind,
    naming::Helpdesk,
    past::Subject,
    permission::{ManageRoles, ManageSettings, ManageUsers, Permission},
    ports::{Retentions as _, Roles as _, SignInPolicies as _, Users as _, WorkspaceSettings as _},
    regional::RegionalFormat,
    settings::WorkspaceForm,
    viewer::Viewer,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Values that are wanted back, by property.
type Wanted = Map<String, Value>;

/// A value of a record as what it stands for. `Invalid` where nothing has it any more.
fn read<T: DeserializeOwned>(wanted: &Wanted, property: &str) -> Result<Option<T>> {
    let Some(value) = wanted.get(property) else {
        return Ok(None);
    };
    let read = serde_json::from_value(value.clone());
    read.map(Some).map_err(|_| gone(property))
}

fn gone(property: &str) -> Told {
    Told::invalid(
        property,
        "There is no such value any more, so this can't be restored.",
    )
}

impl PastStates {
    pub(super) async fn restore(&self, who: &Viewer, subject: Subject, wanted: &Wanted) -> Result<()> {
        match subject {
            Subject::Role(id) => self.restore_role(who, id, wanted).await,
            Subject::User(id) => self.restore_user(who, id, wanted).await,
            Subject::Workspace => self.restore_workspace(who, wanted).await,
            Subject::SignInPolicy => self.restore_policy(who, wanted).await,
            Subject::Retention(log) => self.restore_retention(who, log, wanted).await,
        }
    }

    async fn restore_role(&self, who: &Viewer, id: RoleId, wanted: &Wanted) -> Result<()> {
        let who = who.grant(ManageRoles)?;
        let now = self.accounts.role(&who, id).await?;
        let permissions = match read::<Vec<String>>(wanted, "permissions")? {
            Some(names) => names
                .iter()
                .map(|name| name.parse::<Permission>().map_err(|_| gone("permissions")))
                .collect::<Result<_>>()?,
            None => now.permissions.into_iter().collect(),
        };
        let description = match wanted.get("description") {
            Some(_) => read::<Option<String>>(wanted, "description")?
                .flatten()
                .unwrap_or_default(),
            None => now.description,
        };
        let form = RoleForm {
            name: read(wanted, "name")?.unwrap_or(now.name),
            description,
            permissions,
        };
        let seen = now.seen.tag();
        self.accounts.update_role(&who, id, &seen, form).await.map(|_| ())
    }

    async fn restore_user(&self, who: &Viewer, id: UserId, wanted: &Wanted) -> Result<()> {
        let who = who.grant(ManageUsers)?;
        let status = match read::<String>(wanted, "status")? {
            Some(status) => Some(UserStatus::from_name(&status).ok_or_else(|| gone("status"))?),
            None => None,
        };
        let mut now = self.accounts.user(&who, id).await?.user;
        let moves = match (status, now.status) {
            (None, _) => None,
            (Some(then), now) if then == now => None,
            (Some(then @ UserStatus::Deactivated), _) | (Some(then), UserStatus::Deactivated) => Some(then),
            _ => {
                let reason = "Who has chosen a password isn't invited any more.";
                return Err(Told::invalid("status", reason));
            }
        };
        if ["name", "email", "phone"]
            .iter()
            .any(|property| wanted.contains_key(*property))
        {
            let phone = read::<Option<String>>(wanted, "phone")?.unwrap_or(now.phone.clone());
            let form = UserForm {
                name: read(wanted, "name")?.unwrap_or_else(|| now.name.clone()),
                email: read(wanted, "email")?.unwrap_or_else(|| now.email.clone()),
                phone: phone.unwrap_or_default(),
            };
            now = self.accounts.update_user(&who, id, &now.seen.tag(), form).await?;
        }
        if let Some(name) = read::<String>(wanted, "role")? {
            let roles = self.accounts.role_choices(&who).await?;
            let role = roles.into_iter().find(|(_, of)| *of == name);
            let (role, _) = role.ok_or_else(|| {
                let reason = format!("There is no role “{name}” any more, so this can't be restored.");
                Told::invalid("role", reason)
            })?;
            self.accounts
                .set_user_role(&who, id, &now.seen.tag(), role)
                .await?;
        }
        match moves {
            Some(UserStatus::Deactivated) => self.accounts.deactivate_user(&who, id).await.map(|_| ()),
            Some(_) => self.accounts.reactivate_user(&who, id).await.map(|_| ()),
            None => Ok(()),
        }
    }

    async fn restore_workspace(&self, who: &Viewer, wanted: &Wanted) -> Result<()> {
        let who = who.grant(ManageSettings)?;
        let mut now = self.settings.settings(&who).await?;
        if ["name", "time_zone", "regional_format"]
            .iter()
            .any(|property| wanted.contains_key(*property))
        {
            let format = match read::<String>(wanted, "regional_format")? {
                Some(name) => RegionalFormat::from_name(&name).ok_or_else(|| gone("regional_format"))?,
                None => now.format,
            };
            let form = WorkspaceForm {
                name: read(wanted, "name")?.unwrap_or(now.workspace),
                zone: read(wanted, "time_zone")?.unwrap_or(now.zone),
                format,
            };
            self.settings.set_workspace(&who, &now.seen.tag(), form).await?;
            now = self.settings.settings(&who).await?;
        }
        if let Some(helpdesk) = read::<String>(wanted, "helpdesk_integration")? {
            let helpdesk = Helpdesk::from_name(&helpdesk).ok_or_else(|| gone("helpdesk_integration"))?;
            self.settings
                .set_helpdesk(&who, &now.seen.tag(), helpdesk)
                .await?;
        }
        if let Some(on) = read::<bool>(wanted, "courses_module")? {
            self.settings.switch_courses(&who, on).await?;
        }
        Ok(())
    }

    async fn restore_policy(&self, who: &Viewer, wanted: &Wanted) -> Result<()> {
        let who = who.grant(ManageSettings)?;
        let (mut policy, seen) = self.accounts.sign_in_policy(&who).await?;
        let number = |property: &str, now: u32| Ok(read(wanted, property)?.unwrap_or(now));
        policy.idle_minutes = number("session_idle_minutes", policy.idle_minutes)?;
        policy.longest_hours = number("session_longest_hours", policy.longest_hours)?;
        policy.password_length = number("password_length", policy.password_length)?;
        policy.networks = read(wanted, "networks")?.unwrap_or(policy.networks);
        self.accounts.set_sign_in_policy(&who, &seen.tag(), policy).await
    }

    async fn restore_retention(&self, who: &Viewer, log: LogKind, wanted: &Wanted) -> Result<()> {
        let who = who.grant(ManageSettings)?;
        if let Some(days) = read::<Option<u32>>(wanted, "days")? {
            let logs = self.retention.retention(&who).await?.logs;
            let seen = logs.into_iter().find(|of| of.log == log).map(|of| of.seen);
            let seen = seen.unwrap_or_default().tag();
            self.retention.set_retention(&who, log, &seen, days).await?;
        }
        Ok(())
    }
}
