//! What makes the browser load and start the WebAssembly.
//!
//! Not Leptos' own `HydrationScripts`: that one writes the nonce into `crossorigin` of its preload links (leptos
//! #4843), so that Firefox loads both files twice.

use crate::context::ServerContext;
use leptos::prelude::*;

/// The preload links and the one inline script of the page.
#[component]
pub fn Hydration() -> impl IntoView {
    let context = ServerContext::current().ok()?;
    let assets = context.assets;
    let script = format!(
        "import init, {{ hydrate }} from {js:?};\ninit({{ module_or_path: {wasm:?} }}).then(hydrate);",
        js = assets.js,
        wasm = assets.wasm,
    );
    Some(view! {
        <link rel="modulepreload" href=assets.js.clone()/>
        <link rel="preload" href=assets.wasm.clone() r#as="fetch" r#type="application/wasm" crossorigin=""/>
        <script type="module" nonce=context.nonce>{script}</script>
    })
}
