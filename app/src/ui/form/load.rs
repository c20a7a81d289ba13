//! A page whose content couldn't be read.

use crate::error::AppError;
use daybook_domain::Error;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// What happened, and what to do next.
#[component]
pub fn LoadProblem(error: AppError) -> impl IntoView {
    let location = use_location();
    let here = format!("{}{}", location.pathname.get_untracked(), location.search.get_untracked());
    let again = matches!(error.kind(), Error::Unavailable { .. } | Error::TooManyRequests { .. });
    view! {
        <div class="state" role="alert">
            <p class="state__title">{error.to_string()}</p>
            {again.then(|| view! { <p><a class="button" href=here rel="external">"Try again"</a></p> })}
        </div>
    }
}
