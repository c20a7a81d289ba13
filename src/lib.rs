//! The browser half of Daybook: brings the page the server made to life.

use daybook_app::App;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's script. Sets `data-hydrated` when the page reacts, which tests wait for.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
    let root = web_sys::window().and_then(|window| window.document()?.document_element());
    if let Some(root) = root {
        // Failing to set an attribute harms only the tests that wait for it.
        let _ = root.set_attribute("data-hydrated", "");
    }
}
