//! The workspace's name, and how new users read times and numbers.

use super::{
    api::{SetWorkspace, seen_now},
    text,
};
use crate::{
    account::{format::FormatField, zones::Zones},
    routes,
    ui::form::{Field, FormProblem, FormState, SubmitButton, meanwhile},
};
use daybook_domain::{regional::RegionalFormat, seen::Seen};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn WorkspaceForm(
    name: String,
    zone: String,
    format: RegionalFormat,
    seen: Seen,
    action: ServerAction<SetWorkspace>,
) -> impl IntoView {
    let state = FormState::of(action);
    let meanwhile = meanwhile(state, seen, seen_now, routes::SETTINGS.to_owned());
    view! {
        <section class="part" aria-labelledby="workspace-title">
            <h2 class="part__title" id="workspace-title">{text::WORKSPACE}</h2>
            <ActionForm action>
                <div class="form">
                    {meanwhile}
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
                    <FormatField state prefix="settings" label=text::FORMAT hint=text::FORMAT_HINT value=format/>
                    <FormProblem state fields=&["workspace", "zone", "format"]/>
                    <div class="form__actions">
                        <SubmitButton state label=text::SAVE pending=text::SAVING/>
                    </div>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}
