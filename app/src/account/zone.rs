//! The zone in which the viewer reads times.

use super::{api::SetZone, text, zones::Zones};
use crate::ui::form::{Field, FormProblem, FormState, SubmitButton, Weight};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn ZoneForm(action: ServerAction<SetZone>, zone: String) -> impl IntoView {
    let state = FormState::of(action);
    view! {
        <section class="account__part" aria-labelledby="zone-title">
            <h2 id="zone-title">{text::ZONE}</h2>
            <p class="account__lead">{text::ZONE_LEAD}</p>
            <ActionForm action>
                <div class="form">
                    <Field
                        state
                        name="zone"
                        label=text::ZONE
                        hint=text::ZONE_HINT
                        value=zone
                        list="zones"
                        autocomplete="off"
                        maxlength=64
                    />
                    <Zones id="zones"/>
                    <FormProblem state fields=&["zone"]/>
                    <div class="form__actions">
                        <SubmitButton state label=text::SAVE_ZONE pending=text::SAVING weight=Weight::Plain/>
                    </div>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}
