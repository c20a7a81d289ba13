//! One question of a form: its label, its hint, its control, and what is wrong with the answer.

use super::{FormState, state::still};
use leptos::{html, prelude::*};

/// A line of text to fill in.
#[component]
pub fn Field(
    state: FormState,
    /// The name of the form field, and the one by which an error points at it.
    name: &'static str,
    label: &'static str,
    #[prop(optional)] hint: Option<&'static str>,
    #[prop(default = "text")] kind: &'static str,
    /// What stands in it at first; what was typed before a refusal comes before this.
    #[prop(optional, into)]
    value: Option<String>,
    #[prop(optional)] autocomplete: Option<&'static str>,
    /// The name it is sent by, where that isn't the one an error points at it by.
    #[prop(optional, into)]
    sent_as: Option<String>,
    /// The `id` of a `<datalist>`.
    #[prop(optional)]
    list: Option<&'static str>,
    #[prop(optional)] maxlength: Option<u16>,
    /// Empty is a valid answer.
    #[prop(optional)]
    optional: bool,
    #[prop(optional)] readonly: bool,
    /// Where the cursor goes when the form appears.
    #[prop(optional)]
    first: bool,
    /// For a page with several forms: keeps the ids of equally named fields apart.
    #[prop(default = "field")]
    prefix: &'static str,
) -> impl IntoView {
    let hint = hint.filter(|hint| !hint.is_empty());
    let ids = Ids::new(prefix, name, hint.is_some());
    let problem = state.problem(name);
    let value = if kind == "password" {
        None
    } else {
        state.typed(name).or(value)
    };
    let input = NodeRef::<html::Input>::new();
    let focus = move || {
        if let Some(input) = input.get_untracked() {
            let _ = input.focus();
        }
    };
    focus_when_refused(problem, focus);
    let first = first && state.is_fresh();
    if first {
        Effect::new(move || {
            if nothing_else_has_the_cursor() {
                focus();
            }
        });
    }
    view! {
        <div class="field">
            <FieldLabel control=ids.control.clone() label optional/>
            <input
                class="input"
                node_ref=input
                id=ids.control
                name=sent_as.unwrap_or_else(|| name.to_owned())
                type=kind
                value=value
                autocomplete=autocomplete
                list=list
                maxlength=maxlength.map(|length| length.to_string())
                required=!optional
                readonly=readonly
                spellcheck=(kind != "text").then_some("false")
                autocapitalize=(kind != "text").then_some("none")
                autofocus=first || problem.get_untracked().is_some()
                aria-invalid=move || still(problem).is_some().then_some("true")
                aria-describedby=ids.described_by
            />
            <Notes hint problem ids=(ids.hint, ids.problem)/>
        </div>
    }
}

/// What stands over a control.
#[component]
pub fn FieldLabel(control: String, label: &'static str, optional: bool) -> impl IntoView {
    view! {
        <label class="field__label" for=control>
            {label}
            {optional.then(|| view! { <span class="field__optional">" optional"</span> })}
        </label>
    }
}

/// What stands under a control. The problem's place is always there, so that the control can point at it.
#[component]
pub fn Notes(
    hint: Option<&'static str>,
    problem: Signal<Option<String>>,
    ids: (String, String),
) -> impl IntoView {
    let (hint_id, problem_id) = ids;
    view! {
        {hint.map(|hint| view! { <p class="field__hint" id=hint_id>{hint}</p> })}
        <p class="field__problem" id=problem_id>{move || still(problem)}</p>
    }
}

/// The ids that tie a control to its label and its notes.
#[derive(Debug)]
pub struct Ids {
    pub control: String,
    pub hint: String,
    pub problem: String,
    pub described_by: String,
}

impl Ids {
    pub fn new(prefix: &str, name: &str, hinted: bool) -> Self {
        let control = format!("{prefix}-{name}");
        let (hint, problem) = (format!("{control}-hint"), format!("{control}-problem"));
        let described_by = if hinted {
            format!("{hint} {problem}")
        } else {
            problem.clone()
        };
        Self {
            control,
            hint,
            problem,
            described_by,
        }
    }
}

/// False where somebody has begun to type before the page came to life, or reached a control by keyboard.
fn nothing_else_has_the_cursor() -> bool {
    document()
        .active_element()
        .is_none_or(|element| matches!(element.tag_name().as_str(), "BODY" | "A"))
}

/// After a refusal that came without a new page the cursor goes to the field it is about: what is wrong is then read
/// out with the field, and can be put right at once.
pub(super) fn focus_when_refused(problem: Signal<Option<String>>, focus: impl Fn() + 'static) {
    Effect::new(move |before: Option<bool>| {
        let refused = still(problem).is_some();
        if refused && before == Some(false) {
            focus();
        }
        refused
    });
}
