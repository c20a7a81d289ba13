//! The helpdesk product, which decides what agents are called.

use super::{
    api::{SetHelpdesk, seen_now},
    text,
};
use crate::{
    routes,
    ui::form::{FormProblem, FormState, SelectField, SubmitButton, meanwhile},
};
use daybook_domain::{naming::Helpdesk, seen::Seen};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn HelpdeskForm(helpdesk: Helpdesk, seen: Seen, action: ServerAction<SetHelpdesk>) -> impl IntoView {
    let state = FormState::of(action);
    let meanwhile = meanwhile(state, seen, seen_now, routes::SETTINGS.to_owned());
    let options = Helpdesk::ALL.iter();
    let options = options.map(|one| (one.name().to_owned(), text::helpdesk(*one)));
    view! {
        <section class="part" aria-labelledby="helpdesk-title">
            <h2 class="part__title" id="helpdesk-title">{text::HELPDESK}</h2>
            <ActionForm action>
                <div class="form">
                    {meanwhile}
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
