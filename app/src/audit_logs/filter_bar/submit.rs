//! From what stands in the form to the address it means, in the browser.

use crate::{
    audit_logs::{
        search::{Mistake, Search},
        state::ListState,
    },
    routes,
};
use daybook_domain::{log::LogScope, query::LogQuery};
use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{FormData, HtmlInputElement, UrlSearchParams},
};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// While a year is typed, "2026" passes through the years 2, 20 and 202.
pub fn is_half_a_date(event: &leptos::ev::Event) -> bool {
    let input = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    input.is_some_and(|input| input.type_() == "date" && input.value().starts_with('0'))
}

/// Why the form is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// A filter was changed.
    Change,
    /// Somebody asked for it.
    Submit,
}

/// Reads the form into a URL and goes there, unless that is where we are. Whether it could be read: a search with a
/// mistake in it is marked and goes nowhere.
pub fn apply_with_router(
    state: ListState,
    scope: LogScope,
    search: Search,
    form: NodeRef<leptos::html::Form>,
) -> impl Fn(Occasion) -> bool + Clone {
    let navigate = use_navigate();
    let location = leptos_router::hooks::use_location();
    move |occasion| {
        let Some(typed) = form.get_untracked().and_then(|form| form_text(&form)) else {
            return false;
        };
        let target = match LogQuery::parse(&typed) {
            Ok(mut query) => {
                if let Some(mistake) = Mistake::of(&query) {
                    search.refuse(mistake);
                    if occasion == Occasion::Submit {
                        search.focus();
                        return false;
                    }
                    // The filters work on, with the search there was before.
                    query.q = state.query.with_untracked(|query| query.q.clone());
                }
                routes::log(scope, &query)
            }
            // As typed: the page says what is wrong with it.
            Err(_) => format!("{}?{typed}", routes::enter(scope, &LogQuery::default())),
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
        true
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
