//! Links to the parts of a list, with how many rows each has. One of them is shown, or all are.

use crate::ui::number::count_of;
use daybook_domain::{facet::Count, object::ObjectQuery};
use leptos::prelude::*;

const ALL: &str = "All";

#[component]
pub fn OneOf<L>(
    /// The address of the list in another state.
    link: L,
    query: ObjectQuery,
    /// The filter that tells the parts apart.
    filter: &'static str,
    label: &'static str,
    /// Each value of the filter with its title.
    parts: Vec<(&'static str, &'static str, Count)>,
) -> impl IntoView
where
    L: Fn(&ObjectQuery) -> String + Send + Sync + 'static,
{
    let chosen = query.values(filter).to_vec();
    let mut all = query.at(None);
    all.filters.remove(filter);
    let entry = |query: &ObjectQuery, is_on: bool, title: &'static str, count: Option<Count>| {
        let count = count.map(|count| view! { " " <span class="count">{count_of(count)}</span> });
        view! {
            <li>
                <a class="facet-link" class:facet-link--on=is_on href=link(query) aria-current=is_on.then_some("true") data-noscroll="">
                    {title} {count}
                </a>
            </li>
        }
    };
    let whole = entry(&all, chosen.is_empty(), ALL, None);
    let parts = parts.into_iter().map(|(value, title, count)| {
        let is_on = chosen.iter().any(|chosen| chosen == value);
        entry(&all.toggled(filter, value), is_on, title, Some(count))
    });
    let parts = parts.collect_view();
    view! { <nav class="one-of" aria-label=label><ul>{whole} {parts}</ul></nav> }.into_any()
}
