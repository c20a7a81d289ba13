//! The viewer's own account.

use leptos::prelude::*;

#[component]
pub fn AccountPage() -> impl IntoView {
    view! { <h1>"AccountPage"</h1> }
}
