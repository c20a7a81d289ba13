//! Deleting a role, or why it can't be.

use super::{api::DeleteRole, text};
use crate::ui::form::{Confirm, FormProblem, FormState, SubmitButton, Weight};
use daybook_domain::account::Role;
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn DeletePart(role: Role, action: ServerAction<DeleteRole>) -> impl IntoView {
    if role.built_in.is_some() {
        return ().into_any();
    }
    if role.users > 0 {
        return view! { <p class="role-delete quiet">{text::in_use(role.users)}</p> }.into_any();
    }
    let state = FormState::of(action);
    view! {
        <div class="role-delete">
            <Confirm label=text::DELETE question=text::delete_question(&role.name)>
                <ActionForm action>
                    <input type="hidden" name="id" value=role.id.to_string()/>
                    <SubmitButton state label=text::delete(&role.name) pending=text::DELETING weight=Weight::Danger/>
                    <FormProblem state/>
                </ActionForm>
            </Confirm>
        </div>
    }
    .into_any()
}
