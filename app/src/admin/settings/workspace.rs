//! The workspace's name and the zone of new users.

use super::{api::SetWorkspace, text};
use crate::{
    account::zones::Zones,
    ui::form::{Field, FormProblem, FormState, SubmitButton},
};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn WorkspaceForm(name: String, zone: String, action: ServerAction<SetWorkspace>) -> impl IntoView {
    let state = FormState::of(action);
    view! {
        <section class="part" aria-labelledby="workspace-title">
            <h2 class="part__title" id="workspace-title">{text::WORKSPACE}</h2>
            <ActionForm action>
                <div class="form">
                    <Field
                        state
                        prefix="settings"
                        name="workspace"
                        label=text::NAME
                        hint=text::NAME_HINT
                        value=name
                        autocomplete="organization"
                        maxlength=200
                    />
                    <Field
                        state
                        prefix="settings"
                        name="zone"
                        label=text::ZONE
                        hint=text::ZONE_HINT
                        value=zone
                        list="zones"
                        autocomplete="off"
                        maxlength=64
                    />
                    <Zones id="zones"/>
                    <FormProblem state fields=&["workspace", "zone"]/>
                    <div class="form__actions">
                        <SubmitButton state label=text::SAVE pending=text::SAVING/>
                    </div>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}
