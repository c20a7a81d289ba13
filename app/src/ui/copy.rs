//! A text to take away: shown so that it can be selected, with a button where the browser can copy.

use leptos::prelude::*;

/// A secret that is shown this once.
#[component]
pub fn Secret(secret: String) -> impl IntoView {
    view! { <code class="secret">{secret}</code> }
}
