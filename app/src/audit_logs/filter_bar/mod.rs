//! The filters of a list: one form that is sent with GET, so that it works without JavaScript. With JavaScript each
//! change goes to the new URL at once, in one navigation.

pub mod chips;
mod dates;
mod fields;

use super::{
    state::{ListState, carried},
    text,
};
use crate::{routes, viewer::use_viewer};
use chips::Chips;
use dates::Dates;
use daybook_domain::{facet::Facet, log::LogScope, query::LogQuery};
use fields::Field;
use leptos::{
    html::Div,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{FormData, HtmlInputElement, UrlSearchParams},
};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use serde::{Deserialize, Serialize};

/// The facets of a log, with the log they are of: while another one loads, the old form stays whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facets {
    pub scope: LogScope,
    pub facets: Vec<Facet>,
}

/// On a narrow screen the form is a sheet that a button opens: a popover, which needs no JavaScript.
#[component]
pub fn FilterBar(state: ListState, facets: Resource<Facets>) -> impl IntoView {
    let sheet = NodeRef::<Div>::new();
    let count = move || {
        state.query.with(|query| {
            let values = query.filters.values().map(Vec::len).sum::<usize>();
            values + usize::from(query.from.is_some()) + usize::from(query.to.is_some())
        })
    };
    view! {
        <button type="button" class="button filters-open" popovertarget="filters">
            "Filters"
            {move || (count() > 0).then(|| view! { <span class="count">{count()}</span> })}
        </button>
        <div class="filters-sheet" id="filters" popover="auto" node_ref=sheet>
            <Transition>
                {move || facets.get().map(|facets| view! { <FilterForm state facets sheet/> })}
            </Transition>
        </div>
        <Chips state facets/>
    }
}

#[component]
fn FilterForm(state: ListState, facets: Facets, sheet: NodeRef<Div>) -> impl IntoView {
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
                if let Some(sheet) = sheet.get_untracked() {
                    // Fails where the form isn't shown as a sheet, which is where it stays.
                    let _ = sheet.hide_popover();
                }
            }
            on:change=move |event| {
                if !is_half_a_date(&event) {
                    apply();
                }
            }
        >
            <Dates state zone=zone_name/>
            {fields.collect_view()}
            {move || zone().map(|tz| view! { <input type="hidden" name="tz" value=tz/> })}
            <button type="submit" class="button filters__apply">"Apply"</button>
        </form>
    }
}

/// While a year is typed, "2026" passes through the years 2, 20 and 202.
fn is_half_a_date(event: &leptos::ev::Event) -> bool {
    let input = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    input.is_some_and(|input| input.type_() == "date" && input.value().starts_with('0'))
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
        if target != crate::address::here(&location) {
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

/// What the form would send, as the browser would encode it, except that a typed text takes the place of the named
/// value it stands before.
fn form_text(form: &web_sys::HtmlFormElement) -> Option<String> {
    let data = FormData::new_with_form(form).ok()?;
    let named = form.query_selector_all("input[data-replaceable]").ok()?;
    for input in (0..named.length()).filter_map(|at| named.get(at)?.dyn_into::<HtmlInputElement>().ok()) {
        let name = input.name();
        let typed = data.get_all(&name).iter().any(|value| {
            let value = value.as_string().unwrap_or_default();
            !value.trim().is_empty() && value != input.value()
        });
        if typed {
            let rest = data.get_all(&name);
            data.delete(&name);
            for value in rest.iter().filter_map(|value| value.as_string()) {
                if value != input.value() {
                    data.append_with_str(&name, &value).ok()?;
                }
            }
        }
    }
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
