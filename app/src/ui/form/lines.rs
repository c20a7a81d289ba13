//! A text with lines.

use super::{
    FormState,
    field::{FieldLabel, Ids, Notes, focus_when_refused},
    state::still,
};
use leptos::{html, prelude::*};

/// A text with lines to fill in.
#[component]
pub fn LinesField(
    state: FormState,
    /// The name by which an error points at it.
    name: &'static str,
    label: &'static str,
    #[prop(optional)] hint: Option<&'static str>,
    /// What stands in it at first; what was typed before a refusal comes before this.
    #[prop(into)]
    value: String,
    #[prop(optional)] maxlength: Option<u16>,
    /// How many lines are seen at once.
    #[prop(default = 4)]
    rows: u16,
    /// Empty is a valid answer.
    #[prop(optional)]
    optional: bool,
    /// The name it is sent by.
    #[prop(into)]
    sent_as: String,
    #[prop(default = "field")] prefix: &'static str,
) -> impl IntoView {
    let hint = hint.filter(|hint| !hint.is_empty());
    let ids = Ids::new(prefix, name, hint.is_some());
    let problem = state.problem(name);
    let area = NodeRef::<html::Textarea>::new();
    focus_when_refused(problem, move || {
        if let Some(area) = area.get_untracked() {
            let _ = area.focus();
        }
    });
    view! {
        <div class="field">
            <FieldLabel control=ids.control.clone() label optional/>
            <textarea
                class="input input--lines"
                node_ref=area
                id=ids.control
                name=sent_as
                rows=rows.to_string()
                dir="auto"
                maxlength=maxlength.map(|length| length.to_string())
                required=!optional
                aria-invalid=move || still(problem).is_some().then_some("true")
                aria-describedby=ids.described_by
            >
                {state.typed(name).unwrap_or(value)}
            </textarea>
            <Notes hint problem ids=(ids.hint, ids.problem)/>
        </div>
    }
}
