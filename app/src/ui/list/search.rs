//! The search of a list. What narrows it by other means goes with the form.

use daybook_domain::object::ObjectQuery;
use leptos::prelude::*;

#[component]
pub fn ListSearch(
    /// The path of the list.
    action: &'static str,
    label: String,
    query: Memo<ObjectQuery>,
) -> impl IntoView {
    let carried = move || {
        let pairs = query.with(|query| {
            let kept = query.without_text();
            kept.to_pairs()
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect::<Vec<_>>()
        });
        let fields = pairs
            .into_iter()
            .map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
        fields.collect_view()
    };
    let q = move || query.with(|query| query.q.clone().unwrap_or_default());
    view! {
        <search class="things-search">
            <leptos_router::components::Form method="get" action attr:class="things-search__form">
                <label class="visually-hidden" for="list-q">{label.clone()}</label>
                <input
                    class="input"
                    type="search"
                    id="list-q"
                    name="q"
                    placeholder=label
                    maxlength="200"
                    autocomplete="off"
                    dir="auto"
                    value=q
                    prop:value=q
                />
                {carried}
                <button type="submit" class="button">"Search"</button>
            </leptos_router::components::Form>
        </search>
    }
    .into_any()
}
