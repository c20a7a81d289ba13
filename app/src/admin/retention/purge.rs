//! What was removed last, what is next, and doing it now.

use super::{api::PurgeNow, text};
use crate::{
    account::when::When,
    ui::form::{Confirm, FormProblem, FormState, SubmitButton, Weight},
};
use daybook_domain::retention::Purge;
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn PurgePart(known: Purge, action: ServerAction<PurgeNow>) -> impl IntoView {
    let state = FormState::of(action);
    let last = known.last.map(|last| {
        let progress = last.finished.is_none().then(|| {
            let (done, all) = (last.removed.to_string(), last.planned.max(1).to_string());
            view! { <progress class="export__bar" value=done max=all aria-label="Removed"></progress> }
        });
        view! { <p>{text::last(&last)} " " {progress}</p> }
    });
    let next = known.next.map(|at| {
        view! {
            <p>"The next one is " <When at/> "."</p>
            <Confirm label=text::PURGE_NOW question=text::PURGE_NOW_QUESTION>
                <ActionForm action>
                    <SubmitButton state label=text::PURGE_NOW_BUTTON pending=text::PURGING weight=Weight::Danger/>
                    <FormProblem state/>
                </ActionForm>
            </Confirm>
        }
    });
    let nothing = (next.is_none() && last.is_none()).then(|| view! { <p>{text::PURGE_NONE}</p> });
    view! {
        <section class="part" aria-labelledby="purge-title">
            <h2 class="part__title" id="purge-title">{text::PURGE}</h2>
            {nothing}
            {last}
            {next}
        </section>
    }
    .into_any()
}
