//! When a rule holds: as it is read, and as it is edited. Edited is an outline in a field of text; where the WebAssembly
//! runs, a form builds that outline instead, and either way is a click away from the other.

mod builder;
mod draft;
mod shown;
mod text;

pub use shown::shown;

use crate::ui::{
    form::{FieldLabel, FormState, Ids, Notes},
    hydrated::use_hydrated,
};
use builder::Builder;
use daybook_domain::object::conditions::{Conditions, FIELDS, Unreadable};
use draft::GroupDraft;
use leptos::{html, prelude::*};

/// The question for conditions.
#[component]
pub fn ConditionsField(
    state: FormState,
    /// The name by which an error points at it.
    name: &'static str,
    label: &'static str,
    /// The name it is sent by.
    #[prop(into)]
    sent_as: String,
    /// The outline at first; what was typed before a refusal comes before this.
    value: String,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let ids = Ids::new("field", name, true);
    let outline = RwSignal::new(state.typed(name).unwrap_or(value));
    let refused = state.problem(name);
    // Why the outline can't become a form.
    let unreadable = RwSignal::new(None::<String>);
    let built = RwSignal::new(None::<GroupDraft>);
    let area = NodeRef::<html::Textarea>::new();
    let open_form = move || match outline.with_untracked(|outline| GroupDraft::read(outline)) {
        Ok(draft) => {
            unreadable.set(None);
            built.set(Some(draft));
        }
        Err(error) => unreadable.set(Some(error.to_string())),
    };
    let hydrated = use_hydrated();
    Effect::new(move |begun: Option<bool>| {
        let begins = hydrated.get() && begun != Some(true);
        // What was refused is shown as it was typed.
        if begins && refused.with_untracked(Option::is_none) {
            open_form();
            // What the form begins with is nothing that somebody typed.
            if let (Some(area), Some(draft)) = (area.get_untracked(), built.get_untracked()) {
                let _ = area.set_default_value(&draft.outline());
            }
        }
        begun == Some(true) || begins
    });
    Effect::new(move || {
        if let Some(draft) = built.get() {
            outline.set(draft.outline());
        }
    });
    let wrong: Signal<Option<Unreadable>> = Signal::derive(move || {
        refused.with(Option::is_some).then(|| {
            let read: Result<Conditions, _> = outline.with(|outline| outline.parse());
            read.err()
        })?
    });
    let is_built = Signal::derive(move || built.with(Option::is_some));
    // The form says it beside the row.
    let problem = Signal::derive(move || {
        let said = || unreadable.get().or_else(|| refused.get());
        (!is_built.get()).then(said).flatten()
    });
    let switch = move |_| {
        if built.with_untracked(Option::is_none) {
            open_form();
            return;
        }
        built.set(None);
        request_animation_frame(move || {
            if let Some(area) = area.get_untracked() {
                let _ = area.focus();
            }
        });
    };
    let first = outline.get_untracked();
    let other_way = move || {
        let title = if is_built.get() {
            text::AS_TEXT
        } else {
            text::AS_FORM
        };
        hydrated.get().then(|| {
            view! { <button type="button" class="link-button" on:click=switch>{title}</button> }
        })
    };
    view! {
        <div class="field field--wide conditions">
            <div class="conditions__title">
                <FieldLabel control=ids.control.clone() label optional/>
                {other_way}
            </div>
            {move || built.get().map(|root| view! { <Builder root wrong label/> })}
            <textarea
                class="input input--lines input--outline"
                node_ref=area
                id=ids.control
                name=sent_as
                rows="8"
                spellcheck="false"
                hidden=move || is_built.get()
                required=move || !optional && !is_built.get()
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                aria-describedby=ids.described_by
                prop:value=move || outline.get()
                on:input=move |event| outline.set(event_target_value(&event))
            >
                {first}
            </textarea>
            <div class="conditions__notes" hidden=move || is_built.get()>
                <Notes hint=Some(text::HINT) problem ids=(ids.hint, ids.problem)/>
                <Help/>
            </div>
        </div>
    }
    .into_any()
}

/// What can stand in an outline.
#[component]
fn Help() -> impl IntoView {
    let rows = FIELDS.iter().map(|field| {
        let comparisons: Vec<_> = field.comparisons().iter().map(|is| is.name()).collect();
        let words = field.words().map(|words| {
            let words: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            format!(": {}", words.join(", "))
        });
        view! {
            <div class="thing-facts__row">
                <dt><code>{field.name}</code></dt>
                <dd>{comparisons.join(", ")} {words}</dd>
            </div>
        }
    });
    view! {
        <details>
            <summary>{text::HELP}</summary>
            <pre class="conditions__example"><code>{text::EXAMPLE}</code></pre>
            <dl class="thing-facts">{rows.collect_view()}</dl>
        </details>
    }
}
