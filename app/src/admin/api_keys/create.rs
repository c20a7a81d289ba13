//! Making a key.

use super::{api::CreateApiKey, text};
use crate::{
    routes,
    ui::form::{CheckboxGroup, Choice, Field, FormProblem, FormState, SubmitButton},
    viewer::use_naming,
};
use daybook_domain::account::Scope;
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn CreatePanel(action: ServerAction<CreateApiKey>) -> impl IntoView {
    let state = FormState::of(action);
    let choices = Scope::ALL
        .iter()
        .map(|scope| Choice {
            value: scope.name().to_owned(),
            title: scope.title().to_owned(),
            explanation: text::scope(scope.name()).map(|text| use_naming().says(text)),
            checked: *scope == Scope::EventsWrite,
        })
        .collect();
    view! {
        <section class="panel" aria-labelledby="create-key-title">
            <h2 class="panel__title" id="create-key-title">{text::NEW}</h2>
            <p class="panel__lead">{text::NEW_LEAD}</p>
            <ActionForm action>
                <div class="form">
                    <Field state prefix="key" name="name" first=true label="Name" hint=text::NAME_HINT autocomplete="off" maxlength=100/>
                    <CheckboxGroup name="scopes" legend=text::SCOPES choices problem=state.problem("scopes")/>
                    <FormProblem state fields=&["name", "scopes"]/>
                    <div class="form__actions">
                        <SubmitButton state label=text::CREATE pending=text::CREATING/>
                        <a class="button" href=routes::API_KEYS data-noscroll="">{text::CANCEL}</a>
                    </div>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}
