//! The audit logs: the list of records of a log, and one record.

use leptos::prelude::*;

#[component]
pub fn LogPage() -> impl IntoView {
    view! { <h1>"Audit logs"</h1> }
}

#[component]
pub fn EventPage() -> impl IntoView {
    view! { <h1>"Record"</h1> }
}
