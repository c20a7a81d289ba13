//! The filters of a list: one form that is sent with GET, so that it works without JavaScript. With JavaScript each
//! change goes to the new URL at once, in one navigation.

pub mod chips;
mod dates;
mod fields;

use super::{
    state::{ListState, carried},
    text,
};
use crate::{app::use_viewer, routes};
use chips::Chips;
use dates::Dates;
use daybook_domain::{facet::Facet, log::LogScope, query::LogQuery};
use fields::Field;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use serde::{Deserialize, Serialize};

/// The facets of a log, with the log they are of: while another one loads, the old form stays whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facets {
    pub scope: LogScope,
    pub facets: Vec<Facet>,
}

#[component]
pub fn FilterBar(state: ListState, facets: Resource<Facets>) -> impl IntoView {
    view! {
        <Transition>
            {move || facets.get().map(|facets| view! { <FilterForm state facets/> })}
        </Transition>
        <Chips state/>
    }
}

#[component]
fn FilterForm(state: ListState, facets: Facets) -> impl IntoView {
    let Facets { scope, facets } = facets;
    let form = NodeRef::<leptos::html::Form>::new();
    let apply = apply_with_router(form, scope);
    let apply_on_submit = apply.clone();
    let fields = scope.spec().filters.iter().map(|field| {
        let facet = facets.iter().find(|facet| facet.field == *field).cloned();
        view! { <Field state field=*field facet/> }
    });
    let zone = move || state.query.with(|query| query.tz.clone());
    let zone_name = use_viewer().map(|viewer| viewer.zone).unwrap_or_default();
    view! {
        <form
            class="filters"
            role="search"
            aria-label="Filters"
            method="get"
            action=routes::log(scope, &LogQuery::default())
            autocomplete="off"
            node_ref=form
            on:submit=move |ev| {
                ev.prevent_default();
                apply_on_submit();
            }
            on:change=move |_| apply()
        >
            <Dates state zone=zone_name/>
            {fields.collect_view()}
            {move || zone().map(|tz| view! { <input type="hidden" name="tz" value=tz/> })}
            <button type="submit" class="button filters__apply">"Apply"</button>
        </form>
    }
}

/// Reads the form into a URL and goes there, unless that is where we are.
fn apply_with_router(form: NodeRef<leptos::html::Form>, scope: LogScope) -> impl Fn() + Clone {
    let navigate = use_navigate();
    let location = leptos_router::hooks::use_location();
    move || {
        let Some(typed) = form.get_untracked().and_then(|form| form_text(&form)) else {
            return;
        };
        let target = match LogQuery::parse(&typed) {
            Ok(query) => routes::log(scope, &query),
            // As typed: the page says what is wrong with it.
            Err(_) => format!("{}?{typed}", routes::log(scope, &LogQuery::default())),
        };
        if target != crate::ui::problem::here_untracked(&location) {
            navigate(
                &target,
                NavigateOptions {
                    scroll: false,
                    ..NavigateOptions::default()
                },
            );
        }
    }
}

/// What the form would send, as the browser would encode it.
fn form_text(form: &web_sys::HtmlFormElement) -> Option<String> {
    use leptos::web_sys::{FormData, UrlSearchParams};
    let data = FormData::new_with_form(form).ok()?;
    let params = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    Some(String::from(params.to_string()))
}

/// The active filters and the way out of each, also of those the form of this log has no control for.
pub fn clear_link(state: ListState) -> impl Fn() -> String + Copy {
    move || {
        state
            .query
            .with(|query| routes::log(state.scope(), &carried(query, state.scope()).cleared()))
    }
}

/// What a control is called for scripts and labels: one per filter on the page.
pub fn control_id(name: &str) -> String {
    format!("filter-{name}")
}

/// Words for an unset control.
pub fn placeholder(field: daybook_domain::log::FilterField) -> &'static str {
    text::any(field)
}
