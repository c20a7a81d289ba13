//! Inviting somebody.

use super::{api::InviteUser, text};
use crate::{
    routes,
    ui::form::{Field, FormProblem, FormState, SelectField, SubmitButton},
};
use daybook_domain::id::RoleId;
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn InvitePanel(
    action: ServerAction<InviteUser>,
    roles: StoredValue<Vec<(RoleId, String)>>,
) -> impl IntoView {
    let state = FormState::of(action);
    view! {
        <section class="panel" aria-labelledby="invite-title">
            <h2 class="panel__title" id="invite-title">{text::INVITE}</h2>
            <p class="panel__lead">{text::INVITE_LEAD}</p>
            <ActionForm action>
                <div class="form form--row">
                    <Field state prefix="invite" name="name" first=true label="Name" hint=text::NAME_HINT autocomplete="off" maxlength=200/>
                    <Field state prefix="invite" name="email" label="Email" kind="email" autocomplete="off" maxlength=254/>
                    <SelectField
                        state
                        prefix="invite"
                        name="role"
                        label="Role"
                        hint=text::ROLE_HINT
                        placeholder=text::CHOOSE_ROLE
                        options=role_options(roles)
                    />
                </div>
                <FormProblem state fields=&["name", "email", "role"]/>
                <div class="form__actions">
                    <SubmitButton state label=text::CREATE_INVITATION pending=text::CREATING/>
                    <a class="button" href=routes::USERS data-noscroll="">{text::CANCEL}</a>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}

/// The roles as a choice.
pub fn role_options(roles: StoredValue<Vec<(RoleId, String)>>) -> Vec<(String, String)> {
    roles.with_value(|roles| {
        roles
            .iter()
            .map(|(id, name)| (id.to_string(), name.clone()))
            .collect()
    })
}
