//! The keyboard, where JavaScript runs. Every key works something that is on the page anyway: a link, a field, a
//! dialog. Never while somebody types.

use super::search::INPUT;
use crate::ui::hydrated::use_hydrated;
use leptos::{
    ev,
    html::Dialog,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement, KeyboardEvent},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Command {
    NextRow,
    PreviousRow,
    Open,
    Close,
    NextTab,
    PreviousTab,
    Search,
    Help,
}

/// The keys and what they do, as the help lists them.
const HELP: [(&str, &str); 7] = [
    ("j  k", "Next and previous record"),
    ("Enter  o", "Open or close the record"),
    ("Esc", "Close the record"),
    ("[  ]", "Previous and next log"),
    ("/", "Go to the search"),
    ("?", "This help"),
    ("Tab", "Everything else, in reading order"),
];

fn command(key: &str) -> Option<Command> {
    Some(match key {
        "j" => Command::NextRow,
        "k" => Command::PreviousRow,
        "o" => Command::Open,
        "Escape" => Command::Close,
        "]" => Command::NextTab,
        "[" => Command::PreviousTab,
        "/" => Command::Search,
        "?" => Command::Help,
        _ => return None,
    })
}

#[component]
pub fn Keyboard() -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move || {
        let listener = window_event_listener(ev::keydown, move |event| pressed(&event, dialog));
        on_cleanup(move || listener.remove());
    });
    let hydrated = use_hydrated();
    view! {
        <Show when=move || hydrated.get()>
            <p class="keys-hint"><button type="button" class="link-button" on:click=move |_| help(dialog)>"Keyboard shortcuts"</button></p>
        </Show>
        <dialog class="dialog" node_ref=dialog aria-labelledby="keys-title">
            <h2 id="keys-title" class="dialog__title">"Keyboard shortcuts"</h2>
            <dl class="keys">
                {HELP.map(|(keys, what)| view! {
                    <div>
                        <dt>{keys.split("  ").map(|key| view! { <kbd>{key}</kbd> }).collect_view()}</dt>
                        <dd>{what}</dd>
                    </div>
                })}
            </dl>
            <form method="dialog"><button class="button">"Close"</button></form>
        </dialog>
    }
}

fn pressed(event: &KeyboardEvent, dialog: NodeRef<Dialog>) {
    let dialog_open = dialog.get_untracked().is_some_and(|dialog| dialog.open());
    if event.ctrl_key()
        || event.meta_key()
        || event.alt_key()
        || event.default_prevented()
        || dialog_open
        || typing(event)
    {
        return;
    }
    let Some(command) = command(&event.key()) else {
        return;
    };
    let done = match command {
        Command::NextRow => step_row(1),
        Command::PreviousRow => step_row(-1),
        Command::Open => focused_row()
            .and_then(|row| find(&row, "a.toggle"))
            .map(|toggle| toggle.click())
            .is_some(),
        Command::Close => close_row(),
        Command::NextTab => step_tab("nextElementSibling"),
        Command::PreviousTab => step_tab("previousElementSibling"),
        Command::Search => first(&format!("#{INPUT}")).map(|input| input.focus()).is_some(),
        Command::Help => {
            help(dialog);
            true
        }
    };
    if done {
        event.prevent_default();
    }
}

fn help(dialog: NodeRef<Dialog>) {
    if let Some(dialog) = dialog.get_untracked() {
        // It fails only where the dialog is open already.
        let _ = dialog.show_modal();
    }
}

/// Whether the key belongs to a field.
fn typing(event: &KeyboardEvent) -> bool {
    let element = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| {
        let closest = element
            .closest("input, textarea, select, [contenteditable]")
            .ok()
            .flatten();
        closest.is_some()
    })
}

fn first(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok()??.dyn_into().ok()
}

fn find(element: &Element, selector: &str) -> Option<HtmlElement> {
    element.query_selector(selector).ok()??.dyn_into().ok()
}

/// The record the focus is in.
fn focused_row() -> Option<Element> {
    document().active_element()?.closest("tbody.event").ok()?
}

fn step_row(by: i32) -> bool {
    let Ok(toggles) = document().query_selector_all("tbody.event a.toggle") else {
        return false;
    };
    let toggle = |at: u32| {
        toggles
            .get(at)
            .and_then(|node| node.dyn_into::<HtmlElement>().ok())
    };
    let current = focused_row().and_then(|row| find(&row, "a.toggle"));
    let at =
        current.and_then(|current| (0..toggles.length()).find(|at| toggle(*at).as_ref() == Some(&current)));
    let next = match (at, by) {
        (None, _) => Some(0),
        (Some(at), 1..) => at.checked_add(1),
        (Some(at), _) => at.checked_sub(1),
    };
    next.and_then(toggle).map(|next| next.focus()).is_some()
}

/// Closes the record the focus is in, else the last opened one, and keeps the focus on its row.
fn close_row() -> bool {
    let open = focused_row().filter(|row| row.class_list().contains("event--open"));
    let open = open.or_else(|| {
        let all = document().query_selector_all("tbody.event--open").ok()?;
        all.get(all.length().checked_sub(1)?)?.dyn_into().ok()
    });
    let toggle = open.and_then(|row| find(&row, "a.toggle"));
    toggle
        .map(|toggle| {
            // A detached element can't take the focus; then nothing is lost.
            let _ = toggle.focus();
            toggle.click();
        })
        .is_some()
}

fn step_tab(sibling: &str) -> bool {
    let tab = first("nav.tabs a[aria-current]").and_then(|tab| tab.closest("li").ok().flatten());
    let next = tab.and_then(|tab| {
        if sibling == "nextElementSibling" {
            tab.next_element_sibling()
        } else {
            tab.previous_element_sibling()
        }
    });
    next.and_then(|next| find(&next, "a"))
        .map(|link| link.click())
        .is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enter_is_left_to_the_browser() {
        assert_eq!(command("Enter"), None);
        assert_eq!(command("j"), Some(Command::NextRow));
    }
}
