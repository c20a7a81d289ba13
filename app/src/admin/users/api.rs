//! Server functions about users.

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::authorize,
    flash::{self, Flash},
    layout::use_origin,
    routes,
};
#[cfg(feature = "ssr")]
use daybook_domain::{account::ShownOnce, permission::ManageUsers};
use daybook_domain::{
    account::User,
    id::{RoleId, UserId},
};
use leptos::{prelude::*, server_fn::codec::Json};

#[cfg(feature = "ssr")]
use super::{INVITE_PATH, manage_path, text};

#[server(prefix = "/_fn", endpoint = "users/list", input = Json)]
pub async fn list_users() -> Result<Vec<User>, AppError> {
    let (ports, who) = authorize(ManageUsers, "users/list").await?;
    Ok(ports.users.list_users(&who).await?)
}

#[server(prefix = "/_fn", endpoint = "users/role_choices", input = Json)]
pub async fn role_choices() -> Result<Vec<(RoleId, String)>, AppError> {
    let (ports, who) = authorize(ManageUsers, "users/role_choices").await?;
    Ok(ports.roles.role_choices(&who).await?)
}

#[server(prefix = "/_fn", endpoint = "users/invite")]
pub async fn invite_user(name: String, email: String, role: RoleId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageUsers, "users/invite").await?;
    let typed = [
        ("name", name.as_str()),
        ("email", &email),
        ("role", &role.to_string()),
    ];
    let invited = ports.users.invite_user(&who, &name, &email, role).await;
    let invited = invited.map_err(|error| flash::refused(error, &typed, INVITE_PATH))?;
    flash::done(
        &Flash::success(text::invited(&invited.thing.name)).with_secret(link(&invited.secret)),
        routes::USERS,
    );
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "users/reinvite")]
pub async fn reinvite_user(id: UserId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageUsers, "users/reinvite").await?;
    let invited = ports
        .users
        .reinvite_user(&who, id)
        .await
        .map_err(|error| refused(error, id))?;
    flash::done(
        &Flash::success(text::reinvited(&invited.thing.name)).with_secret(link(&invited.secret)),
        routes::USERS,
    );
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "users/set_role")]
pub async fn set_user_role(id: UserId, role: RoleId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageUsers, "users/set_role").await?;
    let user = ports
        .users
        .set_user_role(&who, id, role)
        .await
        .map_err(|error| refused(error, id))?;
    flash::done(
        &Flash::success(text::role_set(&user.name, &user.role_name)),
        routes::USERS,
    );
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "users/deactivate")]
pub async fn deactivate_user(id: UserId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageUsers, "users/deactivate").await?;
    let user = ports
        .users
        .deactivate_user(&who, id)
        .await
        .map_err(|error| refused(error, id))?;
    flash::done(
        &Flash::success(text::deactivated(&user.name, user.last_sign_in.is_some())),
        routes::USERS,
    );
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "users/reactivate")]
pub async fn reactivate_user(id: UserId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageUsers, "users/reactivate").await?;
    let user = ports
        .users
        .reactivate_user(&who, id)
        .await
        .map_err(|error| refused(error, id))?;
    flash::done(
        &Flash::success(text::reactivated(&user.name, user.status)),
        routes::USERS,
    );
    Ok(())
}

/// Back to the person's panel, with the reason.
#[cfg(feature = "ssr")]
fn refused(error: daybook_domain::Error, id: UserId) -> AppError {
    flash::refused(error, &[], &manage_path(id))
}

/// The link as it is sent to the person.
#[cfg(feature = "ssr")]
fn link(path: &ShownOnce) -> ShownOnce {
    ShownOnce::new(format!("{}{}", use_origin(), path.reveal()))
}
