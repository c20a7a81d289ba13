//! Whether the helpdesk has courses, whose usage is shown then.

use super::{api::SwitchCourses, text};
use crate::ui::form::{FormProblem, FormState, SubmitButton, Weight};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn CoursesForm(on: bool, action: ServerAction<SwitchCourses>) -> impl IntoView {
    let state = FormState::of(action);
    let (about, label) = if on {
        (text::COURSES_ON, text::SWITCH_COURSES_OFF)
    } else {
        (text::COURSES_OFF, text::SWITCH_COURSES_ON)
    };
    view! {
        <section class="part" aria-labelledby="courses-title">
            <h2 class="part__title" id="courses-title">{text::COURSES}</h2>
            <p class="part__lead">{about}</p>
            <FormProblem state/>
            <ActionForm action>
                <input type="hidden" name="on" value=(!on).to_string()/>
                <SubmitButton state label pending=label weight=Weight::Plain/>
            </ActionForm>
        </section>
    }
    .into_any()
}
