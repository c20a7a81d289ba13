//! The way to the pages before and after.

use leptos::prelude::*;

#[component]
pub fn Pager(before: Option<String>, after: Option<String>) -> impl IntoView {
    view! {
        <nav class="pager" aria-label="Pages">
            {before.map(|href| view! { <a class="button" rel="prev" href=href>"‹ Previous"</a> })}
            {after.map(|href| view! { <a class="button" rel="next" href=href>"Next ›"</a> })}
        </nav>
    }
}
