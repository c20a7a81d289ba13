//! Server functions about the asker's own account. They need no permission but being signed in.

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::signed_in,
    flash::{self, Flash},
    routes,
    ui::form::SEEN,
};
#[cfg(feature = "ssr")]
use daybook_domain::account::ProfileForm;
use daybook_domain::{
    account::{Profile, SecondFactor, Session},
    id::SessionId,
    regional::RegionalFormat,
    seen::Tag,
};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::text;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnAccount {
    pub name: String,
    pub email: String,
    pub role: String,
    /// IANA name.
    pub zone: String,
    pub format: RegionalFormat,
    pub profile: Profile,
    pub second_factor: SecondFactor,
    pub sessions: Vec<Session>,
}

#[server(prefix = "/_fn", endpoint = "account/show", input = Json)]
pub async fn show_account() -> Result<OwnAccount, AppError> {
    let (ports, who) = signed_in()?;
    let sessions = ports.account.own_sessions(&who).await?;
    let profile = ports.account.profile(&who).await?;
    let mut second_factor = ports.account.second_factor(&who).await?;
    // That is for its own page.
    second_factor.enrolment = None;
    let info = who.info();
    Ok(OwnAccount {
        name: info.name,
        email: info.email,
        role: info.role,
        zone: info.zone,
        format: info.format,
        profile,
        second_factor,
        sessions,
    })
}

#[server(prefix = "/_fn", endpoint = "account/second_factor", input = Json)]
pub async fn show_second_factor() -> Result<SecondFactor, AppError> {
    let (ports, who) = signed_in()?;
    Ok(ports.account.second_factor(&who).await?)
}

#[server(prefix = "/_fn", endpoint = "account/begin_second_factor")]
pub async fn begin_second_factor(#[server(default)] current_password: String) -> Result<(), AppError> {
    let (ports, who) = signed_in()?;
    let begun = ports.account.begin_second_factor(&who, &current_password).await;
    begun.map_err(|error| flash::refused(error, &[], routes::SECOND_FACTOR))?;
    flash::done(&Flash::success(text::BEGUN), routes::SECOND_FACTOR);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "account/confirm_second_factor")]
pub async fn confirm_second_factor(code: String) -> Result<(), AppError> {
    let (ports, who) = signed_in()?;
    let confirmed = ports.account.confirm_second_factor(&who, &code).await;
    let codes = confirmed.map_err(|error| flash::refused(error, &[], routes::SECOND_FACTOR))?;
    let said = Flash::success(text::SWITCHED_ON).with_secret(codes);
    flash::done(&said, routes::SECOND_FACTOR);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "account/renew_recovery_codes")]
pub async fn renew_recovery_codes(code: String) -> Result<(), AppError> {
    let (ports, who) = signed_in()?;
    let renewed = ports.account.renew_recovery_codes(&who, &code).await;
    let codes = renewed.map_err(|error| flash::refused(error, &[], routes::SECOND_FACTOR))?;
    let said = Flash::success(text::RENEWED).with_secret(codes);
    flash::done(&said, routes::SECOND_FACTOR);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "account/disable_second_factor")]
pub async fn disable_second_factor(code: String) -> Result<(), AppError> {
    let (ports, who) = signed_in()?;
    let disabled = ports.account.disable_second_factor(&who, &code).await;
    disabled.map_err(|error| flash::refused(error, &[], routes::SECOND_FACTOR))?;
    flash::done(&Flash::success(text::SWITCHED_OFF), routes::SECOND_FACTOR);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "account/revoke_session")]
pub async fn revoke_session(id: SessionId) -> Result<(), AppError> {
    let (ports, who) = signed_in()?;
    ports
        .account
        .revoke_session(&who, id)
        .await
        .map_err(|error| flash::refused(error, &[], routes::ACCOUNT))?;
    flash::done(&Flash::success(text::SIGNED_OUT), routes::ACCOUNT);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "account/revoke_other_sessions")]
pub async fn revoke_other_sessions() -> Result<(), AppError> {
    let (ports, who) = signed_in()?;
    let revoked = ports.account.revoke_other_sessions(&who).await;
    let count = revoked.map_err(|error| flash::refused(error, &[], routes::ACCOUNT))?;
    flash::done(&Flash::success(text::signed_out_others(count)), routes::ACCOUNT);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "account/change_password")]
pub async fn change_password(current_password: String, new_password: String) -> Result<(), AppError> {
    let (ports, who) = signed_in()?;
    let changed = ports
        .account
        .change_password(&who, &current_password, &new_password)
        .await;
    changed.map_err(|error| flash::refused(error, &[], routes::ACCOUNT))?;
    flash::done(&Flash::success(text::PASSWORD_CHANGED), routes::ACCOUNT);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "account/set_zone")]
pub async fn set_zone(zone: String) -> Result<(), AppError> {
    let (ports, who) = signed_in()?;
    let set = ports.account.set_zone(&who, &zone).await;
    set.map_err(|error| flash::refused(error, &[("zone", &zone)], routes::ACCOUNT))?;
    flash::done(&Flash::success(text::zone_saved(&zone)), routes::ACCOUNT);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "account/set_format")]
pub async fn set_format(format: RegionalFormat) -> Result<(), AppError> {
    let (ports, who) = signed_in()?;
    let set = ports.account.set_regional_format(&who, format).await;
    set.map_err(|error| flash::refused(error, &[("format", format.name())], routes::ACCOUNT))?;
    flash::done(&Flash::success(text::format_saved(format)), routes::ACCOUNT);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "account/set_profile")]
pub async fn set_profile(seen: Tag, name: String, phone: String) -> Result<(), AppError> {
    let (ports, who) = signed_in()?;
    let typed = [("name", name.as_str()), ("phone", &phone), (SEEN, seen.as_str())];
    let form = ProfileForm {
        name: name.clone(),
        phone: phone.clone(),
    };
    let set = ports.account.set_profile(&who, &seen, form).await;
    set.map_err(|error| flash::refused(error, &typed, routes::ACCOUNT))?;
    flash::done(&Flash::success(text::PROFILE_SAVED), routes::ACCOUNT);
    Ok(())
}
