//! API keys.

use leptos::prelude::*;

#[component]
pub fn ApiKeysPage() -> impl IntoView {
    view! { <h1>"ApiKeysPage"</h1> }
}
