//! What the area of a list offers by name: links that choose its sections.

use crate::{audit_logs::state::ListState, routes, viewer::use_naming};
use daybook_domain::log::{Choice, FilterField, LogScope};
use leptos::prelude::*;

pub fn choices(state: ListState, scope: LogScope) -> AnyView {
    let offered = Memo::new(move |_| state.query.with(|query| scope.choices(query)));
    let list = move || {
        let offered = offered.get();
        (!offered.is_empty()).then(|| {
            let items = offered.iter().map(|choice| item(state, scope, choice));
            view! { <ul class="presets area-choices" aria-label="Sections">{items.collect_view()}</ul> }
        })
    };
    view! { {list} }.into_any()
}

fn item(state: ListState, scope: LogScope, choice: &'static Choice) -> AnyView {
    let chosen = Memo::new(move |_| {
        state.query.with(|query| {
            let values = query.values(FilterField::Section).iter();
            values.map(String::as_str).eq(choice.sections.iter().copied())
        })
    });
    let href = move || {
        let mut query = state.query.with(|query| query.without(FilterField::Section));
        if !chosen.get() {
            // A category that brought the area would leave nothing of its other sections.
            if let Some(area) = scope.area(&query) {
                query.filters.remove(&FilterField::Category);
                query
                    .filters
                    .insert(FilterField::Area, vec![area.name().to_owned()]);
            }
            let sections = choice.sections.iter().map(ToString::to_string);
            query.filters.insert(FilterField::Section, sections.collect());
        }
        routes::log(scope, &query)
    };
    view! {
        <li>
            <a class="presets__item" href=href aria-current=move || chosen.get().then_some("true") data-noscroll>
                {use_naming().says(choice.title).into_owned()}
            </a>
        </li>
    }
    .into_any()
}
