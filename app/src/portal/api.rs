//! What the pages of the customer portal ask for.

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::{ServerContext, found, in_portal},
    flash::{self, Flash},
    portal::text,
    routes,
};
#[cfg(feature = "ssr")]
use daybook_domain::email::NewPassword;
use daybook_domain::{
    id::{ContactSessionId, EmailMessageId},
    portal::{
        Entry, MayBe, PortalAccount, PortalEmail, PortalEmailDetail, PortalList, PortalPage, PortalRecord,
    },
};
use leptos::{prelude::*, server_fn::codec::Json};

/// What the sign-in page offers, as the brand that the address names.
#[server(prefix = "/_fn", endpoint = "portal/entry", input = Json)]
pub async fn show_portal_entry(brand: Option<String>) -> Result<Entry, AppError> {
    let ports = ServerContext::current()?.ports;
    Ok(ports.portal.entry(brand.as_deref()).await?)
}

/// Whom a link lets in that was mailed to this browser's user.
#[server(prefix = "/_fn", endpoint = "portal/link", input = Json)]
pub async fn show_portal_link(token: String) -> Result<Vec<MayBe>, AppError> {
    let ServerContext {
        ports, link_browser, ..
    } = ServerContext::current()?;
    Ok(ports.portal.link_of(&token, &link_browser).await?)
}

#[server(prefix = "/_fn", endpoint = "portal/records", input = Json)]
pub async fn list_portal_records(
    list: PortalList,
    from: Option<String>,
) -> Result<PortalPage<PortalRecord>, AppError> {
    let (ports, who) = in_portal()?;
    Ok(ports.portal.records(&who, list, from.as_deref()).await?)
}

#[server(prefix = "/_fn", endpoint = "portal/emails", input = Json)]
pub async fn list_portal_emails(from: Option<String>) -> Result<PortalPage<PortalEmail>, AppError> {
    let (ports, who) = in_portal()?;
    Ok(ports.portal.emails(&who, from.as_deref()).await?)
}

#[server(prefix = "/_fn", endpoint = "portal/email", input = Json)]
pub async fn show_portal_email(id: EmailMessageId) -> Result<Option<PortalEmailDetail>, AppError> {
    let (ports, who) = in_portal()?;
    found(ports.portal.email(&who, id).await)
}

#[server(prefix = "/_fn", endpoint = "portal/account", input = Json)]
pub async fn show_portal_account() -> Result<PortalAccount, AppError> {
    let (ports, who) = in_portal()?;
    Ok(ports.portal.account(&who).await?)
}

#[server(prefix = "/_fn", endpoint = "portal/end_session")]
pub async fn end_portal_session(id: ContactSessionId) -> Result<(), AppError> {
    let (ports, who) = in_portal()?;
    let ended = ports.portal.end_session(&who, id).await;
    ended.map_err(|error| flash::refused(error, &[], routes::PORTAL_ACCOUNT))?;
    flash::done(&Flash::success(text::SESSION_ENDED), routes::PORTAL_ACCOUNT);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "portal/end_other_sessions")]
pub async fn end_other_portal_sessions() -> Result<(), AppError> {
    let (ports, who) = in_portal()?;
    let ended = ports.portal.end_other_sessions(&who).await;
    ended.map_err(|error| flash::refused(error, &[], routes::PORTAL_ACCOUNT))?;
    flash::done(&Flash::success(text::OTHERS_ENDED), routes::PORTAL_ACCOUNT);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "portal/set_password")]
pub async fn set_portal_password(
    #[server(default)] current: String,
    password: String,
) -> Result<(), AppError> {
    let (ports, who) = in_portal()?;
    let (current, password) = (NewPassword::new(current), NewPassword::new(password));
    let set = ports.portal.set_password(&who, current, password).await;
    set.map_err(|error| flash::refused(error, &[], routes::PORTAL_ACCOUNT))?;
    flash::done(&Flash::success(text::PASSWORD_SET), routes::PORTAL_ACCOUNT);
    Ok(())
}
