//! Small coloured words. The colour repeats what the word says and never says more.

use super::icon::Icon;
use daybook_domain::event::{Action, Outcome};
use leptos::prelude::*;

/// The family of acts an action belongs to, as a class name.
fn tone(action: Action) -> &'static str {
    match action {
        Action::Create | Action::Invite | Action::Enable | Action::Restore | Action::Import => {
            "badge badge--create"
        }
        Action::Update | Action::Assign | Action::Merge => "badge badge--update",
        Action::Delete | Action::Disable | Action::Revoke => "badge badge--delete",
        Action::Login | Action::Logout | Action::ImpersonateStart | Action::ImpersonateEnd => {
            "badge badge--signin"
        }
        Action::Read
        | Action::Send
        | Action::Export
        | Action::Open
        | Action::Close
        | Action::Join
        | Action::Leave
        | Action::Other => "badge badge--neutral",
    }
}

#[component]
pub fn ActionBadge(action: Action) -> impl IntoView {
    view! { <span class=tone(action)>{action.title()}</span> }
}

#[component]
pub fn OutcomeBadge(outcome: Outcome) -> impl IntoView {
    match outcome {
        Outcome::Success => view! { <span class="outcome">{outcome.title()}</span> }.into_any(),
        Outcome::Failure => {
            view! { <span class="badge badge--failure">{Icon::Failure.view()} {outcome.title()}</span> }
                .into_any()
        }
    }
}
