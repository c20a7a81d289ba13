//! An instant, as the reader's zone has it.

use daybook_domain::time::LocalTime;
use leptos::prelude::*;

/// `6 min ago`, with the date and time beneath the pointer.
#[component]
pub fn When(at: LocalTime) -> impl IntoView {
    view! { <time datetime=at.utc.to_string() title=format!("{} {}", at.date, at.time)>{at.ago}</time> }
}
