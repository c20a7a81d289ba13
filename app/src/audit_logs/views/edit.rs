//! Changing one view: its name, who sees it; its link; and deleting it.

use super::{
    api::{ONLY_ME, seen_now},
    page::Actions,
    save::readers,
    text, use_kept,
};
use crate::{
    routes,
    ui::{
        copy::CopyButton,
        form::{Confirm, Field, FormProblem, FormState, SelectField, SubmitButton, Weight, meanwhile},
    },
};
use daybook_domain::view::{MAX_NAME_CHARS, SavedView};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn EditView(view: SavedView, actions: Actions) -> impl IntoView {
    let state = FormState::of(actions.update);
    let mut roles = use_kept().read(|lists| lists.roles.clone());
    // A role that lost the permission is still the one chosen.
    if let Some(role) = view.shared_with.clone().filter(|role| !roles.contains(role)) {
        roles.push(role);
    }
    let shared = view.shared_with.as_ref().map(|role| role.id.to_string());
    let share = shared.unwrap_or_else(|| ONLY_ME.to_owned());
    let role = view.shared_with.as_ref().map(|role| role.name.as_str());
    let question = text::delete_question(&view.name, role);
    let link = view.query.as_ref().map(|query| {
        let path = StoredValue::new(routes::exactly(view.log, query));
        let whole = move || {
            format!(
                "{}{}",
                window().location().origin().unwrap_or_default(),
                path.get_value()
            )
        };
        view! { <p><CopyButton label=text::COPY text=whole/></p> }
    });
    let (id, name) = (view.id, view.name.clone());
    let meanwhile = meanwhile(
        state,
        view.seen.clone(),
        move || seen_now(id),
        routes::edit_view(id),
    );
    let maxlength = u16::try_from(MAX_NAME_CHARS).unwrap_or(u16::MAX);
    view! {
        <div class="manage views-page__edit">
            <ActionForm action=actions.update>
                <input type="hidden" name="id" value=id.to_string()/>
                {meanwhile}
                <div class="form form--inline">
                    <Field state name="name" label=text::NAME value=view.name.clone() autocomplete="off" maxlength/>
                    <SelectField state name="share" label=text::WHO options=readers(&roles) value=share/>
                    <SubmitButton state label=text::SAVE_CHANGES pending=text::SAVING/>
                    <a class="button" href=routes::SAVED_VIEWS data-noscroll="">{text::CANCEL}</a>
                </div>
                <FormProblem state fields=&["name", "share"]/>
            </ActionForm>
            {link}
            <DeleteView id=id.to_string() name question actions/>
        </div>
    }
    .into_any()
}

#[component]
fn DeleteView(id: String, name: String, question: String, actions: Actions) -> impl IntoView {
    let state = FormState::of(actions.delete);
    view! {
        <Confirm label=text::DELETE question>
            <ActionForm action=actions.delete>
                <input type="hidden" name="id" value=id/>
                <SubmitButton state label=text::delete(&name) pending=text::DELETING weight=Weight::Danger/>
                <FormProblem state/>
            </ActionForm>
        </Confirm>
    }
}
