//! The browser half of Daybook: brings the page the server made to life.

use daybook_app::App;
use leptos::prelude::{document, set_timeout};
use std::time::Duration;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's script. Sets `data-hydrated` when the page reacts, which tests wait for.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
    // Effects wait for their turn; after it the page listens to the keyboard too.
    set_timeout(mark_hydrated, Duration::ZERO);
}

fn mark_hydrated() {
    if let Some(root) = document().document_element() {
        // Failing to set an attribute harms only the tests that wait for it.
        let _ = root.set_attribute("data-hydrated", "");
    }
}
