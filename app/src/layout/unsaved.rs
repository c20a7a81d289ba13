//! Nobody loses what they typed by a wrong click: who leaves a form that holds something unsaved is asked.
//!
//! What is unsaved is what differs from what the form came with, so a form needn't do anything for it, and one that was
//! saved and came back asks nothing. A link in the form itself (Cancel) means what it says.

use leptos::{
    ev,
    prelude::*,
    wasm_bindgen::{JsCast, JsValue, closure::Closure},
    web_sys::{
        Element, Event, HtmlInputElement, HtmlOptionElement, HtmlSelectElement, HtmlTextAreaElement,
        MouseEvent, NodeList,
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

/// Asks before the browser goes back or forth to another page of ours.
pub fn ask_before_going_back() {
    let (path, search) = (use_location().pathname, use_location().search);
    let listening = StoredValue::new_local(None::<Closure<dyn Fn(Event)>>);
    Effect::new(move || {
        let going = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            // Where the router still is. What the address bar says is where it would go.
            let here = (path.get_untracked(), search.get_untracked());
            let there = window().location();
            let there = (
                there.pathname().unwrap_or_default(),
                there
                    .search()
                    .unwrap_or_default()
                    .trim_start_matches('?')
                    .to_owned(),
            );
            if here == there || !is_unsaved() || may_leave() {
                return;
            }
            event.stop_immediate_propagation();
            let (path, search) = here;
            let address = if search.is_empty() {
                path
            } else {
                format!("{path}?{search}")
            };
            if let Ok(history) = window().history() {
                let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&address));
            }
        });
        // Before the router hears of it, whose listener was there first.
        let heard = window().add_event_listener_with_callback_and_bool(
            POP_STATE,
            going.as_ref().unchecked_ref(),
            true,
        );
        if heard.is_ok() {
            listening.set_value(Some(going));
        }
    });
    on_cleanup(move || {
        let Some(Some(going)) = listening.try_update_value(Option::take) else {
            return;
        };
        let going = going.as_ref().unchecked_ref();
        let _ = window().remove_event_listener_with_callback_and_bool(POP_STATE, going, true);
    });
}

const POP_STATE: &str = "popstate";

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
