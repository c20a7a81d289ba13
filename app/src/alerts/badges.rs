//! How bad an alert is, and how far it is. The colour repeats what the word says.

use daybook_domain::monitoring::{AlertState, Severity};
use leptos::prelude::*;

#[component]
pub fn SeverityBadge(severity: Severity) -> impl IntoView {
    let tone = match severity {
        Severity::Low => "badge badge--neutral",
        Severity::Medium => "badge badge--signin",
        Severity::High | Severity::Critical => "badge badge--failure",
    };
    view! { <span class=tone>{severity.title()}</span> }
}

#[component]
pub fn StateBadge(state: AlertState) -> impl IntoView {
    let tone = match state {
        AlertState::Open => "badge badge--failure",
        AlertState::Acknowledged => "badge badge--signin",
        AlertState::Closed => "badge badge--neutral",
    };
    view! { <span class=tone>{state.title()}</span> }
}
