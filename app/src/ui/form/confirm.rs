//! A question before something is taken away.

use leptos::prelude::*;

/// A button that first says what will happen: the form that does it is inside. Works without JavaScript, by keyboard,
/// and never covers the thing it is about.
#[component]
pub fn Confirm(
    /// What the button says, such as “Deactivate…”.
    #[prop(into)]
    label: String,
    /// Names the thing and the consequence.
    #[prop(into)]
    question: String,
    /// Open from the start: the last try was refused.
    #[prop(optional)]
    open: bool,
    /// The form with the button that does it.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="confirm" open=open>
            <summary class="button button--danger confirm__summary">{label}</summary>
            <div class="confirm__body">
                <p class="confirm__question">{question}</p>
                {children()}
            </div>
        </details>
    }
}
