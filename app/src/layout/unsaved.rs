//! Nobody loses what they typed by a wrong click: who leaves a form that holds something unsaved is asked.
//!
//! What is unsaved is what differs from what the form came with, so a form needn't do anything for it, and one that was
//! saved and came back asks nothing. A link in the form itself (Cancel) means what it says.

use leptos::{
    ev,
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{
        Element, HtmlInputElement, HtmlOptionElement, HtmlSelectElement, HtmlTextAreaElement, MouseEvent,
        NodeList,
    },
};
use leptos_router::hooks::use_location;

/// Forms that change something, and are sent by a server function.
const FORMS: &str = "main form[action^=\"/_fn/\"]";
const CONTROLS: &str = "main form[action^=\"/_fn/\"] :is(input, textarea, select)";

const QUESTION: &str = "What you typed isn't saved. Leave the page without it?";

/// Asks before the browser itself leaves.
pub fn ask_before_unload() {
    Effect::new(move || {
        let listener = window_event_listener(ev::beforeunload, |event| {
            if is_unsaved() {
                event.prevent_default();
            }
        });
        on_cleanup(move || listener.remove());
    });
}

/// The address of the page that is shown, whatever the browser says already.
#[derive(Debug, Clone, Copy)]
struct Here(StoredValue<String>);

/// Asks before the browser goes back or forth to another page of ours. Called before there is a router: who listens first
/// hears of it first.
pub fn ask_before_going_back() {
    let here = StoredValue::new(String::new());
    provide_context(Here(here));
    let listener = window_event_listener(ev::popstate, move |event| {
        let there = window().location();
        let there = there.pathname().unwrap_or_default() + &there.search().unwrap_or_default();
        let here = here.get_value();
        if here.is_empty() || here == there || !is_unsaved() || may_leave() {
            return;
        }
        event.stop_immediate_propagation();
        // The browser has gone already.
        if let Ok(history) = window().history() {
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&here));
        }
    });
    on_cleanup(move || listener.remove());
}

/// Keeps in mind which page is shown.
pub fn follow_address() {
    let (path, search) = (use_location().pathname, use_location().search);
    let here = use_context::<Here>();
    Effect::new(move || {
        let (path, search) = (path.get(), search.get());
        let mark = if search.is_empty() { "" } else { "?" };
        if let Some(Here(here)) = here {
            here.set_value(format!("{path}{mark}{search}"));
        }
    });
}

/// Asks before a link leads to another page of ours.
pub fn ask_before_leaving(event: &MouseEvent) {
    let plain = event.button() == 0
        && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
    let Some(link) = link.filter(|_| plain) else {
        return;
    };
    let attribute = |name: &str| link.get_attribute(name).unwrap_or_default();
    // Where the browser goes by itself it asks by itself; within the page nothing is lost.
    let by_itself = attribute("rel").contains("external") || link.has_attribute("download");
    let stays = attribute("href").starts_with('#') || attribute("target") == "_blank";
    let of_the_form = link.closest(FORMS).ok().flatten().is_some();
    if by_itself || stays || of_the_form || !is_unsaved() {
        return;
    }
    if !may_leave() {
        event.prevent_default();
        event.stop_propagation();
    }
}

fn may_leave() -> bool {
    window().confirm_with_message(QUESTION).unwrap_or(true)
}

fn is_unsaved() -> bool {
    let controls = document().query_selector_all(CONTROLS);
    controls.is_ok_and(|controls| all::<Element>(&controls).any(|control| differs(&control)))
}

fn all<T: JsCast>(nodes: &NodeList) -> impl Iterator<Item = T> {
    (0..nodes.length()).filter_map(|at| nodes.item(at)?.dyn_into::<T>().ok())
}

/// Whether a control holds something else than it came with.
fn differs(control: &Element) -> bool {
    if let Some(area) = control.dyn_ref::<HtmlTextAreaElement>() {
        return area
            .default_value()
            .is_ok_and(|came_with| area.value() != came_with);
    }
    if let Some(select) = control.dyn_ref::<HtmlSelectElement>() {
        let Ok(options) = select.query_selector_all("option") else {
            return false;
        };
        let options: Vec<HtmlOptionElement> = all(&options).collect();
        let came_with = options.iter().position(HtmlOptionElement::default_selected);
        return usize::try_from(select.selected_index()).unwrap_or_default() != came_with.unwrap_or_default();
    }
    let Some(input) = control.dyn_ref::<HtmlInputElement>() else {
        return false;
    };
    match input.type_().as_str() {
        "checkbox" | "radio" => input.checked() != input.default_checked(),
        // Browsers fill in passwords by themselves.
        "hidden" | "password" | "file" | "submit" => false,
        _ => input.value() != input.default_value(),
    }
}
