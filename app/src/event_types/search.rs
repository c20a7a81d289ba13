//! The words that the catalogue is searched for. They are in the address; without JavaScript the form makes it.

use super::text;
use crate::{address::parameter, routes};
use leptos::{html::Input, prelude::*};
use leptos_router::hooks::{use_location, use_navigate};

/// Longest search, in characters.
const MAX_CHARS: usize = 200;

/// What the address asks for; empty for everything.
pub fn use_search() -> Memo<String> {
    let location = use_location();
    Memo::new(move |_| {
        location.search.track();
        let q = parameter(&location, "q").unwrap_or_default();
        q.trim().chars().take(MAX_CHARS).collect()
    })
}

#[component]
pub fn SearchBox(q: Memo<String>) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let navigate = use_navigate();
    let search = move |event: leptos::ev::SubmitEvent| {
        if let Some(input) = input.get_untracked() {
            event.prevent_default();
            navigate(
                &routes::event_types(&input.value()),
                leptos_router::NavigateOptions::default(),
            );
        }
    };
    view! {
        <form
            class="event-types__search"
            role="search"
            aria-label=text::SEARCH_LABEL
            method="get"
            action=routes::EVENT_TYPES
            autocomplete="off"
            on:submit=search
        >
            <label class="visually-hidden" for="event-types-q">{text::SEARCH_LABEL}</label>
            <input
                class="input"
                type="search"
                id="event-types-q"
                name="q"
                node_ref=input
                maxlength=MAX_CHARS.to_string()
                placeholder=text::SEARCH_HINT
                dir="auto"
                spellcheck="false"
                enterkeyhint="search"
                value=move || q.get()
                prop:value=move || q.get()
            />
            <button type="submit" class="button">{text::SEARCH}</button>
            <Show when=move || q.with(|q| !q.is_empty())>
                <a class="button" href=routes::EVENT_TYPES>{text::CLEAR}</a>
            </Show>
        </form>
    }
    .into_any()
}
