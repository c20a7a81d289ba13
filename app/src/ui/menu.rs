//! Menus that are a `<details>`: the browser opens them, with or without JavaScript.

use leptos::{ev::KeyboardEvent, html::Details, prelude::*};

/// Closes the menu on Escape.
pub fn closes(menu: NodeRef<Details>) -> impl Fn(KeyboardEvent) {
    move |event| {
        if let Some(menu) = menu.get_untracked().filter(|_| event.key() == "Escape") {
            menu.set_open(false);
            event.prevent_default();
        }
    }
}
