//! Changing one's password.

use super::{api::ChangePassword, text};
use crate::ui::form::{Field, FormProblem, FormState, SubmitButton, Weight};
use leptos::{form::ActionForm, html::Form, prelude::*};

#[component]
pub fn PasswordForm(
    action: ServerAction<ChangePassword>,
    email: String,
    /// The form, which the page empties once the password is changed.
    form: NodeRef<Form>,
) -> impl IntoView {
    let state = FormState::of(action);
    view! {
        <section class="account__part" aria-labelledby="password-title">
            <h2 id="password-title">{text::PASSWORD}</h2>
            <p class="account__lead">{text::PASSWORD_LEAD}</p>
            <ActionForm action node_ref=form>
                <div class="form">
                    // For password managers, which otherwise wouldn't know whose password this is.
                    <input class="visually-hidden" type="email" value=email autocomplete="username" readonly tabindex="-1" aria-hidden="true"/>
                    <Field
                        state
                        name="current_password"
                        label=text::CURRENT_PASSWORD
                        kind="password"
                        autocomplete="current-password"
                    />
                    <Field
                        state
                        name="new_password"
                        label=text::NEW_PASSWORD
                        kind="password"
                        hint=text::NEW_PASSWORD_HINT
                        autocomplete="new-password"
                    />
                    <FormProblem state fields=&["current_password", "new_password"]/>
                    <div class="form__actions">
                        <SubmitButton state label=text::CHANGE_PASSWORD pending=text::CHANGING weight=Weight::Plain/>
                    </div>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}
