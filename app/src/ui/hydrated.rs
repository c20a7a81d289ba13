//! Whether the WebAssembly has taken over: for what is of use only then, and so isn't shown before.

use leptos::prelude::*;

#[derive(Debug, Clone, Copy)]
struct Hydrated(ReadSignal<bool>);

/// Called once, in the app.
pub fn provide_hydrated() {
    let (hydrated, set_hydrated) = signal(false);
    Effect::new(move || set_hydrated.set(true));
    provide_context(Hydrated(hydrated));
}

/// False on the server and until the page is hydrated.
pub fn use_hydrated() -> Signal<bool> {
    use_context::<Hydrated>().map_or_else(|| Signal::stored(false), |hydrated| hydrated.0.into())
}
