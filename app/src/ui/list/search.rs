//! The search of a list. What narrows it by other means goes with the form.

use daybook_domain::object::ObjectQuery;
use leptos::prelude::*;

#[component]
pub fn ListSearch(
    /// The path of the list.
    #[prop(into)]
    action: String,
    #[prop(into)] label: String,
    #[prop(into)] query: Signal<ObjectQuery>,
    /// The filters that have a field among the children.
    #[prop(optional)]
    fields: &'static [&'static str],
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let carried = move || {
        let kept = query.with(ObjectQuery::without_text);
        let pairs = kept.to_pairs().into_iter();
        let pairs = pairs.filter(|(name, _)| !fields.contains(name));
        let inputs =
            pairs.map(|(name, value)| view! { <input type="hidden" name=name.to_owned() value=value/> });
        inputs.collect_view()
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
                {children.map(|children| children())}
                {carried}
                <button type="submit" class="button">"Search"</button>
            </leptos_router::components::Form>
        </search>
    }
    .into_any()
}
