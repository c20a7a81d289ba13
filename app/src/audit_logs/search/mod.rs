//! The text that is searched for: a field of the filters' form, though it stands by itself, so that text and filters
//! are one state and one address.
//!
//! Without JavaScript it is a text field that is sent. In the browser a mistake is marked before it is sent, and
//! what could come next is offered.

mod combobox;
mod complete;
mod help;
mod mark;
mod unreadable;

use super::{overview::Overviews, state::ListState};
use crate::ui::hydrated::use_hydrated;
use combobox::{Combobox, LISTBOX, option_id};
use help::Help;
use leptos::{
    html::Input,
    prelude::*,
    web_sys::{HtmlInputElement, KeyboardEvent},
};
pub use mark::Mistake;
pub use unreadable::Unreadable;

/// The form of the filters, which the text is a field of.
pub const FORM: &str = "filter-form";
/// The text field.
pub const INPUT: &str = "search-q";
const PROBLEM: &str = "search-problem";

/// What stands in the field, before it is in the address.
#[derive(Debug, Clone, Copy)]
pub struct Search {
    typed: RwSignal<String>,
    mistake: RwSignal<Option<Mistake>>,
    input: NodeRef<Input>,
}

impl Search {
    pub fn new(state: ListState) -> Self {
        let q = Memo::new(move |_| state.query.with(|query| query.q.clone()));
        let search = Self {
            typed: RwSignal::new(q.get_untracked().unwrap_or_default()),
            mistake: RwSignal::new(state.mistake.get_untracked()),
            input: NodeRef::new(),
        };
        Effect::watch(
            move || q.get(),
            move |q, _, _| {
                search.typed.set(q.clone().unwrap_or_default());
                search.mistake.set(state.mistake.get_untracked());
            },
            false,
        );
        search
    }

    /// Says what is wrong with what was to be sent.
    pub fn refuse(&self, mistake: Mistake) {
        self.mistake.set(Some(mistake));
    }

    pub fn focus(&self) {
        if let Some(input) = self.input.get_untracked() {
            // A field that isn't there can't be focused; then nothing is lost.
            let _ = input.focus();
        }
    }

    fn type_in(&self, text: String) {
        // A term half typed is no mistake yet; one that is marked is looked at again with every letter.
        if self.mistake.with_untracked(Option::is_some) {
            self.mistake.set(Mistake::find(text.trim()));
        }
        self.typed.set(text);
    }

    fn check(&self) {
        self.mistake
            .set(self.typed.with_untracked(|text| Mistake::find(text.trim())));
    }
}

#[component]
pub fn SearchBox(state: ListState, search: Search, overview: Overviews) -> impl IntoView {
    let combobox = Combobox::new(search, overview);
    let problem = move || {
        let href = |text: &str| {
            let query = state.query.with(|query| query.searching(text));
            crate::routes::log(state.scope(), &query)
        };
        let mistake = search.mistake.get()?;
        // What is shown in place of the records is said here only to those who don't see that.
        let shown_below = state.mistake.with(|below| below.as_ref() == Some(&mistake));
        Some(if shown_below {
            view! { <p class="visually-hidden">{mistake.sentence()}</p> }.into_any()
        } else {
            view! { <div class="mistake">{mistake.view(href)}</div> }.into_any()
        })
    };
    view! {
        <div class="search">
            <label class="visually-hidden" for=INPUT>"Search"</label>
            <div class="search__field">
                {field(state, search, combobox)}
                {listbox(combobox)}
            </div>
            <button type="submit" class="button" form=FORM>"Search"</button>
            <Help state/>
            <div class="search__problem" id=PROBLEM aria-live="polite">{problem}</div>
        </div>
    }
    .into_any()
}

fn field(state: ListState, search: Search, combobox: Combobox) -> AnyView {
    let hydrated = use_hydrated();
    let expanded = move || {
        let open = if combobox.is_open() { "true" } else { "false" };
        hydrated.get().then_some(open)
    };
    let wrong = move || search.mistake.with(Option::is_some);
    let on_input = move |event| {
        search.type_in(event_target_value(&event));
        combobox.offer();
    };
    view! {
        <input
            class="input search__input"
            type="text"
            id=INPUT
            name="q"
            form=FORM
            node_ref=search.input
            placeholder="Words, or field:value such as action:update"
            maxlength="4096"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            enterkeyhint="search"
            dir="auto"
            role=move || hydrated.get().then_some("combobox")
            aria-autocomplete=move || hydrated.get().then_some("list")
            aria-expanded=expanded
            aria-controls=move || hydrated.get().then_some(LISTBOX)
            aria-activedescendant=move || combobox.active().map(option_id)
            aria-invalid=move || wrong().then_some("true")
            aria-describedby=move || wrong().then_some(PROBLEM)
            value=move || state.query.with(|query| query.q.clone())
            prop:value=search.typed
            on:input=on_input
            on:change=move |_| search.check()
            on:keydown=move |event: KeyboardEvent| combobox.pressed(&event)
            on:blur=move |_| combobox.close()
        />
    }
    .into_any()
}

/// In the browser only: the server has no caret to offer anything at.
fn listbox(combobox: Combobox) -> AnyView {
    let options = move || {
        let offers = combobox.offers();
        let options = offers.into_iter().enumerate().map(|(at, offer)| {
            let chosen = move || combobox.active() == Some(at);
            view! {
                <li
                    class="options__option"
                    id=option_id(at)
                    role="option"
                    aria-selected=move || if chosen() { "true" } else { "false" }
                    on:click=move |_| combobox.choose(at)
                >
                    <bdi class="options__label">{offer.label}</bdi>
                    <span class="options__about">{offer.about}</span>
                </li>
            }
        });
        options.collect_view()
    };
    view! {
        <ul
            class="options"
            id=LISTBOX
            role="listbox"
            aria-label="Suggestions"
            hidden=move || !combobox.is_open()
            // The field keeps the focus.
            on:mousedown=move |event| event.prevent_default()
        >
            {options}
        </ul>
    }
    .into_any()
}

/// The place of the caret, in bytes of the text. A browser counts in units of UTF-16.
fn caret(input: &HtmlInputElement, text: &str) -> usize {
    let units = input.selection_start().ok().flatten().unwrap_or(u32::MAX);
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        if seen >= units {
            return at;
        }
        seen += u32::from(c.len_utf16() == 2) + 1;
    }
    text.len()
}
