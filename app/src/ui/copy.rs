//! Texts to take away: a button where the browser can copy, and a text that can be selected where it can't.

use super::hydrated::use_hydrated;
use leptos::prelude::*;
use std::time::Duration;

/// Puts a text on the clipboard. Shows itself only where that works: with JavaScript, on a secure origin.
#[component]
pub fn CopyButton(
    /// What the button says: "Copy as JSON".
    label: &'static str,
    /// Makes the text when it is wanted.
    text: impl Fn() -> String + Send + Sync + Copy + 'static,
) -> impl IntoView {
    let hydrated = use_hydrated();
    let (copied, set_copied) = signal(false);
    let copy = move |_| {
        // The promise is left alone: a browser that refuses shows its own message, and the text stays selectable.
        let _ = window().navigator().clipboard().write_text(&text());
        set_copied.set(true);
        set_timeout(move || set_copied.set(false), Duration::from_secs(2));
    };
    let works = move || hydrated.get() && window().is_secure_context();
    view! {
        <Show when=works>
            <button type="button" class="link-button" on:click=copy>
                {move || if copied.get() { "Copied" } else { label }}
            </button>
            <span class="visually-hidden" role="status">{move || copied.get().then_some("Copied")}</span>
        </Show>
    }
}

/// A command or a text to copy, in full.
#[component]
pub fn Snippet(text: String) -> impl IntoView {
    let stored = StoredValue::new(text.clone());
    view! {
        <div class="snippet">
            <pre class="snippet__text" tabindex="0"><code>{text}</code></pre>
            <CopyButton label="Copy" text=move || stored.get_value()/>
        </div>
    }
}

/// A secret that is shown this once. A path is completed to an address once the browser can.
#[component]
pub fn Secret(secret: String) -> impl IntoView {
    let hydrated = use_hydrated();
    let stored = StoredValue::new(secret);
    let whole = move || {
        let secret = stored.get_value();
        if secret.starts_with('/') && hydrated.get() {
            let origin = window().location().origin().unwrap_or_default();
            format!("{origin}{secret}")
        } else {
            secret
        }
    };
    view! {
        <div class="snippet snippet--secret">
            <code class="snippet__text">{whole}</code>
            <CopyButton label="Copy" text=whole/>
        </div>
    }
}
