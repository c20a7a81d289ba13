//! The helpdesk product, which decides what agents are called.

use super::{api::SetHelpdesk, text};
use crate::ui::form::{FormProblem, FormState, SelectField, SubmitButton};
use daybook_domain::naming::Helpdesk;
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn HelpdeskForm(helpdesk: Helpdesk, action: ServerAction<SetHelpdesk>) -> impl IntoView {
    let state = FormState::of(action);
    let options = Helpdesk::ALL.iter();
    let options = options.map(|one| (one.name().to_owned(), text::helpdesk(*one)));
    view! {
        <section class="part" aria-labelledby="helpdesk-title">
            <h2 class="part__title" id="helpdesk-title">{text::HELPDESK}</h2>
            <ActionForm action>
                <div class="form">
                    <SelectField
                        state
                        prefix="settings"
                        name="helpdesk"
                        label=text::PRODUCT
                        hint=text::PRODUCT_HINT
                        value=helpdesk.name()
                        options=options.collect()
                    />
                    <FormProblem state fields=&["helpdesk"]/>
                    <div class="form__actions">
                        <SubmitButton state label=text::SAVE_HELPDESK pending=text::SAVING/>
                    </div>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}
