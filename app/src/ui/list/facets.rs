//! The values a list can be narrowed to, with how many things each leaves. Links: they work without JavaScript, and can be
//! opened in another tab.

use crate::ui::number::thousands;
use daybook_domain::object::{ObjectFacet, ObjectFacetValue, ObjectQuery, STATUS};
use leptos::prelude::*;

const FILTERS: &str = "Filters";
const CLEAR: &str = "Clear all";

/// Values of a facet that are in sight at once.
const IN_SIGHT: usize = 6;

#[component]
pub fn Facets<L>(
    /// The address of the list in another state.
    link: L,
    query: ObjectQuery,
    facets: Vec<ObjectFacet>,
) -> impl IntoView
where
    L: Fn(&ObjectQuery) -> String + Copy + Send + Sync + 'static,
{
    let clear = query.is_narrowed().then(|| {
        let all = ObjectQuery {
            sort: query.sort,
            ..ObjectQuery::default()
        };
        view! { <p><a class="link" href=link(&all)>{CLEAR}</a></p> }
    });
    let chosen: usize = query.filters.values().map(Vec::len).sum();
    let facets = facets.into_iter().map(|facet| facet_of(link, &query, &facet));
    view! {
        <aside class="things__facets" aria-label=FILTERS>
            <button type="button" class="button filters-open" popovertarget="filters">
                {FILTERS} {(chosen > 0).then(|| view! { <span class="count">{chosen}</span> })}
            </button>
            <div class="filters-sheet" id="filters" popover="auto">
                {clear}
                {facets.collect_view()}
            </div>
        </aside>
    }
    .into_any()
}

fn facet_of(to: impl Fn(&ObjectQuery) -> String, query: &ObjectQuery, facet: &ObjectFacet) -> AnyView {
    let chosen = query.values(&facet.property).to_vec();
    let link = |value: &ObjectFacetValue| {
        let is_on = chosen.contains(&value.value);
        let href = to(&query.toggled(&facet.property, &value.value));
        let (label, count) = (value.label.clone(), thousands(value.count));
        view! {
            <li>
                <a class="facet-link" class:facet-link--on=is_on href=href aria-current=is_on.then_some("true") data-noscroll="">
                    <bdi class="facet-link__label">{label}</bdi>
                    <span class="count">{count}</span>
                </a>
            </li>
        }
    };
    let first = facet.values.iter().take(IN_SIGHT).map(link).collect_view();
    let rest: Vec<_> = facet.values.iter().skip(IN_SIGHT).map(link).collect();
    let rest = (!rest.is_empty()).then(|| {
        view! {
            <details class="things__more">
                <summary class="link-button">{format!("{} more", rest.len())}</summary>
                <ul class="facet-links">{rest}</ul>
            </details>
        }
    });
    // What is narrowed by is open; the rest is, where it is short.
    let open = !chosen.is_empty() || facet.property == STATUS || facet.values.len() <= IN_SIGHT;
    view! {
        <details class="things__facet" open=open>
            <summary class="things__facet-title">{facet.title.clone()}</summary>
            <ul class="facet-links">{first}</ul>
            {rest}
            {(!facet.exact).then(|| view! { <p class="quiet">"Counted over a sample."</p> })}
        </details>
    }
    .into_any()
}
