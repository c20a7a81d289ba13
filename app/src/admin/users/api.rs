//! Server functions about users.

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    audit_logs::api::called,
    context::{authorize, found},
    flash::{self, Flash},
    layout::use_origin,
    routes::{self, UserTab},
    ui::form::SEEN,
};
use daybook_domain::{
    account::{Impersonable, UserDetail, UserPage},
    activity::{ActivityQuery, ActivitySummary},
    id::{ProviderId, RoleId, UserId},
    object::ObjectQuery,
    seen::Tag,
};
#[cfg(feature = "ssr")]
use daybook_domain::{
    account::{LinkWay, ShownOnce, User, UserForm},
    permission::{ImpersonateUsers, ManageUsers, ViewAuditLogs},
};
use leptos::{prelude::*, server_fn::codec::Json};

#[cfg(feature = "ssr")]
use super::{INVITE_PATH, text};

#[server(prefix = "/_fn", endpoint = "users/list", input = Json)]
pub async fn list_users(query: ObjectQuery) -> Result<UserPage, AppError> {
    let (ports, who) = authorize(ManageUsers, "users/list").await?;
    Ok(ports.users.list_users(&who, &query).await?)
}

/// One user, and where they are signed in; `None` where there is no such user, which may have another answer.
#[server(prefix = "/_fn", endpoint = "users/show", input = Json)]
pub async fn show_user(id: UserId) -> Result<Option<UserDetail>, AppError> {
    let (ports, who) = authorize(ManageUsers, "users/show").await?;
    found(ports.users.user(&who, id).await)
}

/// Somebody one could appear as, and what stands in the way.
#[server(prefix = "/_fn", endpoint = "users/impersonable", input = Json)]
pub async fn show_impersonable(id: UserId) -> Result<Impersonable, AppError> {
    let (ports, who) = authorize(ImpersonateUsers, "users/impersonable").await?;
    Ok(ports.impersonations.impersonable(&who, id).await?)
}

/// What somebody did in a period.
#[server(prefix = "/_fn", endpoint = "users/activity", input = Json)]
pub async fn activity_of(query: ActivityQuery) -> Result<ActivitySummary, AppError> {
    let (ports, who) = authorize(ViewAuditLogs, "users/activity").await?;
    let mut summary = ports.audit_logs.activity(&who, &query).await?;
    called(who.viewer().naming(), &mut summary.facets);
    Ok(summary)
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
    let User { name, email, .. } = invited.user;
    let said = match invited.way {
        LinkWay::Mailed => Flash::success(text::invited_by_mail(&name, &email)),
        LinkWay::Shown { link, why } => {
            Flash::success(text::invited(&name, why.as_deref())).with_secret(whole(&link))
        }
    };
    flash::done(&said, routes::USERS);
    Ok(())
}

/// A new link, by mail where that can be; `show` has it shown instead.
#[server(prefix = "/_fn", endpoint = "users/reinvite")]
pub async fn reinvite_user(id: UserId, #[server(default)] show: bool) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageUsers, "users/reinvite").await?;
    let invited = ports
        .users
        .reinvite_user(&who, id, !show)
        .await
        .map_err(|error| refused(error, id))?;
    let User { name, email, .. } = invited.user;
    let said = match invited.way {
        LinkWay::Mailed => Flash::success(text::reinvited_by_mail(&name, &email)),
        LinkWay::Shown { link, why } => {
            Flash::success(text::reinvited(&name, why.as_deref())).with_secret(whole(&link))
        }
    };
    flash::done(&said, &page_of(id));
    Ok(())
}

/// Mails them a link to choose a new password.
#[server(prefix = "/_fn", endpoint = "users/send_reset")]
pub async fn send_password_reset(id: UserId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageUsers, "users/send_reset").await?;
    let sent = ports.users.send_password_reset(&who, id).await;
    let user = sent.map_err(|error| refused(error, id))?;
    let said = text::reset_sent(&user.name, &user.email);
    flash::done(&Flash::success(said), &page_of(id));
    Ok(())
}

/// Takes the second factor away from somebody who has lost it.
#[server(prefix = "/_fn", endpoint = "users/remove_second_factor")]
pub async fn remove_second_factor(id: UserId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageUsers, "users/remove_second_factor").await?;
    let removed = ports.users.remove_second_factor(&who, id).await;
    removed.map_err(|error| refused(error, id))?;
    flash::done(&Flash::success(text::SECOND_FACTOR_REMOVED), &page_of(id));
    Ok(())
}

/// Parts a user from an identity by which they come in.
#[server(prefix = "/_fn", endpoint = "users/unlink_identity")]
pub async fn unlink_identity(id: UserId, provider: ProviderId, subject: String) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageUsers, "users/unlink_identity").await?;
    let parted = ports.users.unlink_identity(&who, id, provider, &subject).await;
    parted.map_err(|error| refused(error, id))?;
    flash::done(&Flash::success(text::UNLINKED), &page_of(id));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "users/update")]
pub async fn update_user(
    id: UserId,
    seen: Tag,
    name: String,
    email: String,
    phone: String,
) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageUsers, "users/update").await?;
    let form = UserForm { name, email, phone };
    let updated = ports.users.update_user(&who, id, &seen, form.clone()).await;
    let typed = [
        ("name", form.name.as_str()),
        ("email", &form.email),
        ("phone", &form.phone),
        (SEEN, seen.as_str()),
    ];
    let user = updated.map_err(|error| flash::refused(error, &typed, &page_of(id)))?;
    flash::done(&Flash::success(text::saved(&user.name)), &page_of(id));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "users/set_role")]
pub async fn set_user_role(id: UserId, seen: Tag, role: RoleId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageUsers, "users/set_role").await?;
    let set = ports.users.set_user_role(&who, id, &seen, role).await;
    let typed = [("role", role.to_string()), (SEEN, seen.as_str().to_owned())];
    let typed = typed.each_ref().map(|(name, value)| (*name, value.as_str()));
    let user = set.map_err(|error| flash::refused(error, &typed, &page_of(id)))?;
    let said = text::role_set(&user.name, &user.role_name);
    flash::done(&Flash::success(said), &page_of(id));
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
        &page_of(id),
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
        &page_of(id),
    );
    Ok(())
}

/// `confirm` is the email address of who is to go, typed once more.
#[server(prefix = "/_fn", endpoint = "users/delete")]
pub async fn delete_user(id: UserId, confirm: String) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageUsers, "users/delete").await?;
    let deleted = ports.users.delete_user(&who, id, &confirm).await;
    let typed = [("confirm", confirm.as_str())];
    let user = deleted.map_err(|error| flash::refused(error, &typed, &page_of(id)))?;
    flash::done(&Flash::success(text::deleted(&user.name)), routes::USERS);
    Ok(())
}

/// Where one user is changed.
#[cfg(feature = "ssr")]
fn page_of(id: UserId) -> String {
    routes::user_tab(id, UserTab::Overview)
}

/// Back there, with the reason.
#[cfg(feature = "ssr")]
fn refused(error: daybook_domain::Error, id: UserId) -> AppError {
    flash::refused(error, &[], &page_of(id))
}

/// The link as it is sent to the person.
#[cfg(feature = "ssr")]
fn whole(path: &ShownOnce) -> ShownOnce {
    ShownOnce::new(format!("{}{}", use_origin(), path.reveal()))
}
