//! Nobody loses what they typed by a wrong click: who leaves a form that holds something unsaved is asked.
//!
//! What is unsaved is what differs from what the form came with, so a form needn't do anything for it, and one that was
//! saved and came back asks nothing. A link in the form itself (Cancel) means what it says.

use leptos::{
    ev,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{
        Element, HtmlInputElement, HtmlOptionElement, HtmlSelectElement, HtmlTextAreaElement, MouseEvent,
        NodeList,
    },
};

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
    if !window().confirm_with_message(QUESTION).unwrap_or(true) {
        event.prevent_default();
        event.stop_propagation();
    }
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
