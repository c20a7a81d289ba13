//! What went wrong, and what to do next.

use crate::{address::here, error::AppError, routes};
use daybook_domain::Error;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Where one signs in who was at an address.
fn sign_in(here: &str) -> String {
    if routes::is_of_portal(here) {
        routes::PORTAL_SIGN_IN.to_owned()
    } else {
        routes::sign_in(here)
    }
}

/// An error in place of what could not be shown.
#[component]
pub fn Problem(error: AppError) -> impl IntoView {
    let location = use_location();
    let (title, advice, link) = match error.into_inner() {
        Error::Unauthenticated => (
            "You are signed out",
            "Your session has ended. Sign in, and you come back to this page.".to_owned(),
            Some(("Sign in", sign_in(&here(&location)))),
        ),
        Error::Forbidden { permission } => (
            "You don't have the permission for this",
            format!(
                "It needs “{}”. Somebody who manages roles can add it to yours.",
                permission.title()
            ),
            None,
        ),
        Error::NotFound => (
            "There is nothing here",
            "It may have been removed, or the address is incomplete.".to_owned(),
            None,
        ),
        Error::Invalid { field, reason } => ("This can't be shown", format!("{field}: {reason}"), None),
        Error::Conflict { reason } => ("This wasn't done", reason, None),
        error @ Error::TooManyRequests { .. } => ("Too many tries", error.to_string(), None),
        Error::Unavailable { request_id } => (
            "Daybook can't answer right now",
            format!(
                "Nothing was lost. Try again in a moment; if it stays like this, tell your administrator: {request_id}."
            ),
            Some(("Try again", here(&location))),
        ),
    };
    view! {
        <div class="notice notice--problem" role="alert">
            <h2 class="notice__title">{title}</h2>
            <p>{advice}</p>
            {link.map(|(text, href)| view! { <p><a class="button" href=href rel="external">{text}</a></p> })}
        </div>
    }
}
