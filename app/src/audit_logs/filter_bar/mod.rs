//! The filters of a list: one form that is sent with GET, so that it works without JavaScript. With JavaScript each
//! change goes to the new URL at once, in one navigation.

pub mod chips;
mod choices;
mod dates;
mod facet_list;
mod fields;
mod submit;

use super::{
    overview::{Overviews, known},
    search::{FORM, Search},
    state::ListState,
    text,
};
use crate::{routes, ui::ready::ready};
use choices::choices;
use dates::Dates;
use daybook_domain::{
    log::{FilterField, LogScope},
    query::LogQuery,
};
use fields::Field;
use leptos::{html::Div, prelude::*};
use submit::{Occasion, apply_with_router, is_half_a_date};

/// On a narrow screen the form is a sheet that a button opens: a popover, which needs no JavaScript.
#[component]
pub fn FilterBar(state: ListState, search: Search, overview: Overviews) -> impl IntoView {
    let sheet = NodeRef::<Div>::new();
    let count = move || {
        state.query.with(|query| {
            let values = query.filters.values().map(Vec::len).sum::<usize>();
            values + usize::from(query.from.is_some()) + usize::from(query.to.is_some())
        })
    };
    view! {
        <div class="log__filters">
            <button type="button" class="button filters-open" popovertarget="filters">
                "Filters"
                {move || (count() > 0).then(|| view! { <span class="count">{count()}</span> })}
            </button>
            <div class="filters-sheet" id="filters" popover="auto" node_ref=sheet>
                <Transition>
                    {
                        // The form is made anew for another log only: else its fields would lose the focus.
                        let scope = known(overview, |known| known.scope);
                        move || scope.get().map(|scope| ready(move || form(state, scope, search, overview, sheet)))
                    }
                </Transition>
            </div>
        </div>
    }
    .into_any()
}

fn form(
    state: ListState,
    scope: LogScope,
    search: Search,
    overview: Overviews,
    sheet: NodeRef<Div>,
) -> AnyView {
    let form = NodeRef::<leptos::html::Form>::new();
    let apply = apply_with_router(state, scope, search, form);
    let apply_on_submit = apply.clone();
    let fields = Memo::new(move |_| state.query.with(|query| scope.filters(query)));
    let field = move |field: FilterField| {
        let choices = (field == FilterField::Area).then(|| choices(state, scope));
        view! { <Field state field overview/> {choices} }
    };
    // What the form has no fields for goes with it.
    let carried = move || {
        let pairs = state.query.with(LogQuery::to_pairs).into_iter();
        let carried = pairs.filter(|(name, _)| matches!(*name, "tz" | "columns" | "about"));
        carried
            .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
            .collect_view()
    };
    view! {
        <form
            class="filters"
            role="search"
            id=FORM
            aria-label="Filters"
            method="get"
            action=move || state.query.with(|query| {
                let about = query.about.clone();
                routes::enter(scope, &LogQuery { about, ..LogQuery::default() })
            })
            autocomplete="off"
            node_ref=form
            on:submit=move |ev| {
                ev.prevent_default();
                let applied = apply_on_submit(Occasion::Submit);
                if let Some(sheet) = sheet.get_untracked().filter(|_| applied) {
                    // Fails where the form isn't shown as a sheet, which is where it stays.
                    let _ = sheet.hide_popover();
                }
            }
            on:change=move |event| {
                if !is_half_a_date(&event) {
                    apply(Occasion::Change);
                }
            }
        >
            <div class="filters__first">
                <Dates state/>
                // Where the fields stand side by side their values are shown on demand.
                <details class="filters__values"><summary class="link-button">"Values and counts"</summary></details>
            </div>
            // An area brings its own; those that stay keep the focus.
            <For each=move || fields.get() key=|field| *field children=field/>
            {carried}
            <button type="submit" class="button filters__apply">"Apply"</button>
        </form>
    }
    .into_any()
}

/// The list without anything that narrows it.
pub fn clear_link(state: ListState) -> impl Fn() -> String + Copy {
    move || {
        state
            .query
            .with(|query| routes::log(state.scope(), &query.cleared()))
    }
}

/// What a control is called for scripts and labels: one per filter on the page.
pub fn control_id(name: &str) -> String {
    format!("filter-{name}")
}

/// Words for an unset control.
pub fn placeholder(field: FilterField) -> &'static str {
    text::any(field)
}
