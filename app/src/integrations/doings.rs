//! What can be done with an integration.

use super::{
    api::{PauseIntegration, ResumeIntegration, RewindIntegration, TestIntegration},
    secret::Setting,
    text,
};
use crate::ui::form::{FormProblem, FormState, SubmitButton, Weight};
use daybook_domain::{id::ObjectId, integration::StreamState};
use leptos::{form::ActionForm, prelude::*};

/// The forms of a page.
#[derive(Clone, Copy)]
pub struct Actions {
    pub test: ServerAction<TestIntegration>,
    pub pause: ServerAction<PauseIntegration>,
    pub resume: ServerAction<ResumeIntegration>,
    pub rewind: ServerAction<RewindIntegration>,
    pub secret: Setting,
}

/// What fits how it does: what is paused can be resumed, what fails can be tried now, what sends can be tested and paused.
pub fn doings(id: ObjectId, state: StreamState, actions: Actions) -> AnyView {
    let sends = matches!(
        state,
        StreamState::UpToDate | StreamState::CatchingUp | StreamState::Failing
    );
    let go_on = match state {
        StreamState::Paused => Some(text::RESUME),
        StreamState::Failing => Some(text::TRY_NOW),
        _ => None,
    };
    let (test, pause, resume) = (
        FormState::of(actions.test),
        FormState::of(actions.pause),
        FormState::of(actions.resume),
    );
    let go_on = go_on.map(|label| {
        view! {
            <ActionForm action=actions.resume>
                <input type="hidden" name="id" value=id.to_string()/>
                <SubmitButton state=resume label pending=text::RESUMING/>
                <FormProblem state=resume/>
            </ActionForm>
        }
    });
    let while_sending = sends.then(|| {
        view! {
            <ActionForm action=actions.test>
                <input type="hidden" name="id" value=id.to_string()/>
                <SubmitButton state=test label=text::TEST pending=text::TESTING weight=Weight::Plain/>
                <FormProblem state=test/>
            </ActionForm>
            <ActionForm action=actions.pause>
                <input type="hidden" name="id" value=id.to_string()/>
                <SubmitButton state=pause label=text::PAUSE pending=text::PAUSING weight=Weight::Plain/>
                <FormProblem state=pause/>
            </ActionForm>
        }
    });
    view! { <div class="integration__doings">{go_on} {while_sending}</div> }.into_any()
}
