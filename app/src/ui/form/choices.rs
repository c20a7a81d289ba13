//! A choice of any number.

use super::state::still;
use leptos::prelude::*;
use std::borrow::Cow;

/// One check box of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    pub title: String,
    pub explanation: Option<Cow<'static, str>>,
    pub checked: bool,
}

/// Check boxes under one heading. They are sent as `name[]`, which the server reads as a list, with JavaScript or
/// without.
#[component]
pub fn CheckboxGroup(
    /// Without the brackets.
    name: &'static str,
    #[prop(into)] legend: String,
    choices: Vec<Choice>,
    /// Fixed choices are shown as they are and sent with the form; say elsewhere why they are fixed.
    #[prop(optional)]
    fixed: bool,
    /// The name they are sent by, where that isn't `name[]`.
    #[prop(optional, into)]
    sent_as: Option<String>,
    /// Something is sent also where none is ticked, so that nothing can be told from not asked.
    #[prop(optional)]
    or_none: bool,
    /// What is wrong with the choice.
    #[prop(optional, into)]
    problem: Option<Signal<Option<String>>>,
) -> impl IntoView {
    let field = sent_as.unwrap_or_else(|| format!("{name}[]"));
    let none = or_none.then(|| view! { <input type="hidden" name=field.clone() value=""/> });
    let items = choices
        .into_iter()
        .map(|choice| {
            let id = format!("{name}-{}", choice.value.replace([':', '.'], "-"));
            let hint_id = choice.explanation.as_ref().map(|_| format!("{id}-hint"));
            // A disabled box isn't sent.
            let sent = (fixed && choice.checked)
                .then(|| view! { <input type="hidden" name=field.clone() value=choice.value.clone()/> });
            view! {
                <div class="choice">
                    <input
                        class="choice__box"
                        type="checkbox"
                        id=id.clone()
                        name=field.clone()
                        value=choice.value
                        checked=choice.checked
                        disabled=fixed
                        aria-describedby=hint_id.clone()
                    />
                    <label class="choice__title" for=id>{choice.title}</label>
                    {choice
                        .explanation
                        .map(|text| view! { <p class="choice__explanation" id=hint_id>{text}</p> })}
                    {sent}
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class="choices">
            <legend class="choices__legend">{legend}</legend>
            {none}
            {items}
            {problem.map(|problem| view! { <p class="field__problem" role="alert">{move || still(problem)}</p> })}
        </fieldset>
    }
}
