//! The page for an address that leads nowhere.

use crate::{error::set_status, routes};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn NotFound() -> impl IntoView {
    set_status(404);
    view! {
        <Title text="Not found"/>
        <section class="message">
            <h1>"There is nothing at this address"</h1>
            <p>"The link may be incomplete, or what it led to may have been removed since."</p>
            <p><a class="button" href=routes::HOME>"To the audit logs"</a></p>
        </section>
    }
}
