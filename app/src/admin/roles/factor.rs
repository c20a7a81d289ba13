//! Whether those who have a role need a second factor.

use super::{api::NeedSecondFactor, text};
use crate::ui::form::{FormProblem, FormState, SubmitButton, Weight};
use daybook_domain::id::RoleId;
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn FactorPart(id: RoleId, needed: bool, action: ServerAction<NeedSecondFactor>) -> impl IntoView {
    let state = FormState::of(action);
    let (about, label) = if needed {
        (text::FACTOR_ON, text::NEED_NO_FACTOR)
    } else {
        (text::FACTOR_OFF, text::NEED_FACTOR)
    };
    view! {
        <section class="part" aria-labelledby="factor-title">
            <h2 class="part__title" id="factor-title">{text::FACTOR}</h2>
            <p class="part__lead">{about}</p>
            <ActionForm action>
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="needed" value=(!needed).to_string()/>
                <SubmitButton state label pending=text::SAVING weight=Weight::Plain/>
                <FormProblem state/>
            </ActionForm>
        </section>
    }
    .into_any()
}
