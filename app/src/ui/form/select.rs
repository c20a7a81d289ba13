//! A choice of one.

use super::{
    FormState,
    field::{FieldLabel, Ids, Notes, focus_when_refused},
    state::still,
};
use leptos::{html, prelude::*};

/// A list to choose from.
#[component]
pub fn SelectField(
    state: FormState,
    name: &'static str,
    label: &'static str,
    #[prop(optional)] hint: Option<&'static str>,
    /// Value and title of each.
    options: Vec<(String, String)>,
    /// The value chosen at first. Without one the question has to be answered.
    #[prop(optional, into)]
    value: Option<String>,
    /// Stands in for the answer until one is chosen.
    #[prop(default = "Choose…")]
    placeholder: &'static str,
    #[prop(default = "field")] prefix: &'static str,
    /// None is a valid answer.
    #[prop(optional)]
    optional: bool,
    /// The name it is sent by, where that isn't the one an error points at it by.
    #[prop(optional, into)]
    sent_as: Option<String>,
) -> impl IntoView {
    let hint = hint.filter(|hint| !hint.is_empty());
    let ids = Ids::new(prefix, name, hint.is_some());
    let problem = state.problem(name);
    let chosen = state
        .typed(name)
        .or(value)
        .filter(|chosen| options.iter().any(|(value, _)| value == chosen));
    let select = NodeRef::<html::Select>::new();
    focus_when_refused(problem, move || {
        if let Some(select) = select.get_untracked() {
            let _ = select.focus();
        }
    });
    let none = chosen.is_none();
    let unanswered = (none || optional)
        .then(|| view! { <option value="" disabled=!optional selected=none>{placeholder}</option> });
    let options = options
        .into_iter()
        .map(|(value, title)| {
            let selected = chosen.as_ref() == Some(&value);
            view! { <option value=value selected=selected>{title}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <FieldLabel control=ids.control.clone() label optional/>
            <select
                class="input input--select"
                node_ref=select
                id=ids.control
                name=sent_as.unwrap_or_else(|| name.to_owned())
                required=!optional
                aria-invalid=move || still(problem).is_some().then_some("true")
                aria-describedby=ids.described_by
            >
                {unanswered}
                {options}
            </select>
            <Notes hint problem ids=(ids.hint, ids.problem)/>
        </div>
    }
}
