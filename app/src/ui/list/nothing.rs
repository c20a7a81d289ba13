//! What stands where a narrowed list leaves nothing.

use leptos::prelude::*;

#[component]
pub fn NothingMatches(
    /// The whole list.
    all: String,
) -> impl IntoView {
    view! {
        <div class="notice">
            <h2 class="notice__title">"Nothing matches"</h2>
            <p>"Take a filter away, or look for the beginning of a word."</p>
            <p><a class="button" href=all>"Clear all"</a></p>
        </div>
    }
}
