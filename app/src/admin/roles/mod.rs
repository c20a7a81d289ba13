//! Roles.

use leptos::prelude::*;

#[component]
pub fn RolesPage() -> impl IntoView {
    view! { <h1>"RolesPage"</h1> }
}

#[component]
pub fn RolePage() -> impl IntoView {
    view! { <h1>"RolePage"</h1> }
}
