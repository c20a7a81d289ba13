//! Sending a form, and what came of it.

use super::{FormState, state::still};
use leptos::prelude::*;

/// How much weight a button has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weight {
    #[default]
    Primary,
    Plain,
    Danger,
}

impl Weight {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button--primary",
            Self::Plain => "button",
            Self::Danger => "button button--danger-solid",
        }
    }
}

/// Sends the form around it. While the answer is awaited it says so, keeps the focus, and doesn't send again.
#[component]
pub fn SubmitButton(
    state: FormState,
    #[prop(into)] label: String,
    /// What it says while at work, such as “Saving…”.
    pending: &'static str,
    #[prop(optional)] weight: Weight,
    /// For buttons that look alike: the rest of the name, heard but not seen.
    #[prop(optional, into)]
    about: Option<String>,
) -> impl IntoView {
    let busy = state.pending();
    let text = move || {
        if busy.try_get().unwrap_or_default() {
            pending.to_owned()
        } else {
            label.clone()
        }
    };
    view! {
        <button
            type="submit"
            class=weight.class()
            aria-disabled=move || busy.try_get().unwrap_or_default().then_some("true")
            on:click=move |event| {
                if busy.get_untracked() {
                    event.prevent_default();
                }
            }
        >
            {text}
            {about.map(|about| view! { <span class="visually-hidden">" " {about}</span> })}
        </button>
    }
}

/// Why the form as a whole was refused. The region is always there, so that its filling is announced.
#[component]
pub fn FormProblem(
    state: FormState,
    /// The fields that show their own problems.
    #[prop(optional, into)]
    fields: Vec<&'static str>,
) -> impl IntoView {
    let problem = state.general_problem(fields);
    view! { <p class="form__problem" role="alert">{move || still(problem)}</p> }
}
