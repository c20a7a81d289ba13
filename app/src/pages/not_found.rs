//! The page for an address that leads nowhere.

use crate::{error::set_status, routes};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

#[component]
pub fn NotFound() -> impl IntoView {
    set_status(404);
    let is_customers = routes::is_of_portal(&use_location().pathname.get_untracked());
    let (home, label) = if is_customers {
        (routes::PORTAL, "To the portal")
    } else {
        (routes::HOME, "To the audit logs")
    };
    view! {
        <Title text="Not found"/>
        <section class="message">
            <h1>"There is nothing at this address"</h1>
            <p>"The link may be incomplete, or what it led to may have been removed since."</p>
            <p><a class="button" href=home>{label}</a></p>
        </section>
    }
}
