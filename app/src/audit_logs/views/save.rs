//! Saving the list one looks at: under a new name, or in place of another.

use super::{
    api::{CreateView, ONLY_ME, ReplaceView},
    text, use_kept,
};
use crate::{
    audit_logs::state::ListState,
    ui::form::{Field, FormProblem, FormState, SelectField, SubmitButton, Weight},
};
use daybook_domain::view::{MAX_NAME_CHARS, RoleName};
use leptos::{form::ActionForm, html::Form, prelude::*};

/// Who can be chosen to see a view.
pub fn readers(roles: &[RoleName]) -> Vec<(String, String)> {
    let everybody = roles
        .iter()
        .map(|role| (role.id.to_string(), text::shared(&role.name)));
    std::iter::once((ONLY_ME.to_owned(), text::ONLY_ME.to_owned()))
        .chain(everybody)
        .collect()
}

/// Which list the form is about.
#[component]
fn ThisList(state: ListState) -> impl IntoView {
    view! {
        <input type="hidden" name="log" value=move || state.scope().slug()/>
        <input
            type="hidden"
            name="query"
            value=move || state.query.with(|query| query.at(None).to_query_string())
        />
    }
}

#[component]
pub fn SaveView(state: ListState, action: ServerAction<CreateView>, form: NodeRef<Form>) -> impl IntoView {
    let told = FormState::of(action);
    let kept = use_kept();
    let roles = Memo::new(move |_| kept.read(|lists| lists.roles.clone()));
    let share = move || {
        let options = roles.with(|roles| readers(roles));
        view! { <SelectField state=told name="share" label=text::WHO options value=ONLY_ME prefix="view"/> }
    };
    let maxlength = u16::try_from(MAX_NAME_CHARS).unwrap_or(u16::MAX);
    view! {
        <details class="views__part" open=!told.is_fresh()>
            <summary class="views__more">{text::SAVE_AS}</summary>
            <ActionForm action node_ref=form>
                <div class="form views__form">
                    <ThisList state/>
                    <Field
                        state=told
                        name="name"
                        label=text::NAME
                        hint=text::NAME_EXAMPLE
                        autocomplete="off"
                        maxlength
                        prefix="view"
                    />
                    {share}
                    <label class="views__check">
                        <input type="checkbox" class="choice__box" name="make_default" value="yes"/>
                        <span>{text::MAKE_DEFAULT}</span>
                    </label>
                    <FormProblem state=told fields=&["name", "share"]/>
                    <SubmitButton state=told label=text::SAVE pending=text::SAVING/>
                </div>
            </ActionForm>
        </details>
    }
    .into_any()
}

/// Shown where the viewer has a view of this log that shows another list.
#[component]
pub fn ReplaceWith(state: ListState, action: ServerAction<ReplaceView>) -> impl IntoView {
    let told = FormState::of(action);
    let kept = use_kept();
    let others = Memo::new(move |_| {
        let now = state.query.with(|query| query.at(None));
        kept.read(|lists| {
            let own = lists.views_of(state.scope()).filter(|view| view.mine);
            let others = own.filter(|view| view.query.as_ref() != Some(&now));
            others
                .map(|view| (view.id.to_string(), view.name.clone()))
                .collect::<Vec<_>>()
        })
    });
    let choice = move || {
        view! { <SelectField state=told name="id" label=text::REPLACED options=others.get() prefix="replace"/> }
    };
    view! {
        <Show when=move || others.with(|others| !others.is_empty())>
            <details class="views__part">
                <summary class="views__more">{text::REPLACE}</summary>
                <ActionForm action>
                    <div class="form views__form">
                        <ThisList state/>
                        {choice}
                        <FormProblem state=told/>
                        <SubmitButton state=told label=text::REPLACE_BUTTON pending=text::SAVING weight=Weight::Plain/>
                    </div>
                </ActionForm>
            </details>
        </Show>
    }
    .into_any()
}
