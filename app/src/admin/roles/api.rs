//! Server functions about roles.

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::authorize,
    flash::{self, Flash},
    routes,
    ui::form::SEEN,
};
use daybook_domain::{account::Role, id::RoleId, permission::Permission, seen::Tag};
#[cfg(feature = "ssr")]
use daybook_domain::{account::RoleForm, permission::ManageRoles};
use leptos::{prelude::*, server_fn::codec::Json};

#[cfg(feature = "ssr")]
use super::{NEW_PATH, text};

#[server(prefix = "/_fn", endpoint = "roles/list", input = Json)]
pub async fn list_roles() -> Result<Vec<Role>, AppError> {
    let (ports, who) = authorize(ManageRoles, "roles/list").await?;
    Ok(ports.roles.list_roles(&who).await?)
}

#[server(prefix = "/_fn", endpoint = "roles/show", input = Json)]
pub async fn show_role(id: RoleId) -> Result<Role, AppError> {
    let (ports, who) = authorize(ManageRoles, "roles/show").await?;
    Ok(ports.roles.role(&who, id).await?)
}

/// No permission ticked means no field sent, hence the `Option`.
#[server(prefix = "/_fn", endpoint = "roles/create")]
pub async fn create_role(
    name: String,
    description: String,
    permissions: Option<Vec<Permission>>,
) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageRoles, "roles/create").await?;
    let form = RoleForm {
        name,
        description,
        permissions: permissions.unwrap_or_default(),
    };
    let role = ports
        .roles
        .create_role(&who, form.clone())
        .await
        .map_err(|error| refused(error, &form, None, NEW_PATH))?;
    flash::done(&Flash::success(text::created(&role.name)), routes::ROLES);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "roles/update")]
pub async fn update_role(
    id: RoleId,
    seen: Tag,
    name: String,
    description: String,
    permissions: Option<Vec<Permission>>,
) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageRoles, "roles/update").await?;
    let form = RoleForm {
        name,
        description,
        permissions: permissions.unwrap_or_default(),
    };
    let updated = ports.roles.update_role(&who, id, &seen, form.clone()).await;
    let role = updated.map_err(|error| refused(error, &form, Some(&seen), &routes::role(id)))?;
    flash::done(&Flash::success(text::saved(&role.name)), routes::ROLES);
    Ok(())
}

/// Whether those who have it need a second factor.
#[server(prefix = "/_fn", endpoint = "roles/need_second_factor")]
pub async fn need_second_factor(id: RoleId, needed: bool) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageRoles, "roles/need_second_factor").await?;
    let said = ports.roles.need_second_factor(&who, id, needed).await;
    said.map_err(|error| flash::refused(error, &[], &routes::role(id)))?;
    let told = if needed {
        text::FACTOR_NEEDED
    } else {
        text::FACTOR_NOT_NEEDED
    };
    flash::done(&Flash::success(told), &routes::role(id));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "roles/delete")]
pub async fn delete_role(id: RoleId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageRoles, "roles/delete").await?;
    ports
        .roles
        .delete_role(&who, id)
        .await
        .map_err(|error| flash::refused(error, &[], &routes::role(id)))?;
    flash::done(&Flash::success(text::deleted()), routes::ROLES);
    Ok(())
}

/// Back to the form, with the reason and what was filled in.
#[cfg(feature = "ssr")]
fn refused(error: daybook_domain::Error, form: &RoleForm, seen: Option<&Tag>, to: &str) -> AppError {
    let permissions = form
        .permissions
        .iter()
        .map(|permission| permission.name())
        .collect::<Vec<_>>()
        .join(" ");
    let mut typed = vec![
        ("name", form.name.as_str()),
        ("description", &form.description),
        ("permissions", permissions.as_str()),
    ];
    typed.extend(seen.map(|seen| (SEEN, seen.as_str())));
    flash::refused(error, &typed, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the server reads a form; see `server_fn::codec::PostUrl`.
    fn read(form: &str) -> Option<CreateRole> {
        serde_qs::Config::new(5, false).deserialize_str(form).ok()
    }

    fn permissions(form: &str) -> Option<Vec<Permission>> {
        read(form).map(|role| role.permissions.unwrap_or_default())
    }

    #[test]
    fn check_boxes_are_read_as_the_browser_sends_them() {
        let form =
            "name=Desk+lead&description=&permissions%5B%5D=audit_logs.view&permissions%5B%5D=users.manage";
        assert_eq!(
            permissions(form),
            Some(vec![Permission::AuditLogsView, Permission::UsersManage])
        );
    }

    #[test]
    fn no_box_ticked_is_no_permission() {
        assert_eq!(permissions("name=Guest&description="), Some(vec![]));
    }

    #[test]
    fn an_unknown_permission_is_refused() {
        assert_eq!(permissions("name=Guest&description=&permissions%5B%5D=fly"), None);
    }

    /// With JavaScript the form is read in the browser, written again and then read by the server.
    #[test]
    fn what_the_browser_writes_again_reads_the_same() {
        for form in [
            "name=A&description=B+%26+c&permissions%5B%5D=impersonate&permissions%5B%5D=roles.manage",
            "name=A&description=",
        ] {
            let read_once =
                read(form).map(|role| (role.name.clone(), role.description.clone(), permissions(form)));
            let again = read(form)
                .and_then(|role| serde_qs::to_string(&role).ok())
                .unwrap_or_default();
            let read_twice =
                read(&again).map(|role| (role.name.clone(), role.description.clone(), permissions(&again)));
            assert_eq!(read_once, read_twice, "{again}");
        }
    }
}
