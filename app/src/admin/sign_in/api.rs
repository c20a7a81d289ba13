//! Server functions about the sign-in policy.

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::authorize,
    flash::{self, Flash},
    routes,
    ui::form::SEEN,
};
#[cfg(feature = "ssr")]
use daybook_domain::{Error, permission::ManageSettings};
use daybook_domain::{
    seen::{Seen, Tag},
    settings::SignInPolicy,
};
use leptos::{prelude::*, server_fn::codec::Json};
use std::net::IpAddr;

#[cfg(feature = "ssr")]
use super::text;

/// The policy, what there is to see of it, and the address from which the asker came.
#[server(prefix = "/_fn", endpoint = "sign_in_policy/show", input = Json)]
pub async fn show_policy() -> Result<(SignInPolicy, Seen, Option<IpAddr>), AppError> {
    let (ports, who) = authorize(ManageSettings, "sign_in_policy/show").await?;
    let (policy, seen) = ports.sign_in_policies.sign_in_policy(&who).await?;
    Ok((policy, seen, who.viewer().request().ip))
}

/// Each as it was typed; `networks` with spaces, commas or lines between.
#[server(prefix = "/_fn", endpoint = "sign_in_policy/set")]
pub async fn set_policy(
    seen: Tag,
    idle_minutes: String,
    longest_hours: String,
    password_length: String,
    #[server(default)] networks: String,
) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "sign_in_policy/set").await?;
    let typed = [
        ("idle_minutes", idle_minutes.as_str()),
        ("longest_hours", &longest_hours),
        ("password_length", &password_length),
        ("networks", &networks),
        (SEEN, seen.as_str()),
    ];
    let number = |field: &str, text: &str| {
        let number = text.trim().parse::<u32>();
        number.map_err(|_| Error::invalid(field, text::NO_NUMBER))
    };
    let read = || -> daybook_domain::Result<SignInPolicy> {
        let networks = networks.split(|c: char| c == ',' || c.is_whitespace());
        Ok(SignInPolicy {
            idle_minutes: number("idle_minutes", &idle_minutes)?,
            longest_hours: number("longest_hours", &longest_hours)?,
            password_length: number("password_length", &password_length)?,
            networks: networks
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
                .collect(),
        })
    };
    let set = match read() {
        Ok(policy) => {
            let policies = &ports.sign_in_policies;
            policies.set_sign_in_policy(&who, &seen, policy).await
        }
        Err(error) => Err(error),
    };
    set.map_err(|error| flash::refused(error, &typed, routes::SIGN_IN_POLICY))?;
    flash::done(&Flash::success(text::SAVED), routes::SIGN_IN_POLICY);
    Ok(())
}
