//! How far something is that the server does in the background. The page asks again until it is through: by itself where
//! the WebAssembly runs, else by being loaded again.

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;

/// How often a page asks how far it is.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// How often a page without JavaScript is loaded again, in seconds.
const LOAD_AGAIN: &str = r#"<meta http-equiv="refresh" content="2">"#;

/// While `at_work` holds of what was read, reads it again. What is shown stays until the answer is there.
pub fn ask_again_while<T>(read: Resource<T>, at_work: impl Fn(&T) -> bool + 'static)
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    Effect::new(move || {
        if read.with(|read| read.as_ref().is_some_and(&at_work)) {
            set_timeout(move || read.refetch(), ASK_EVERY);
        }
    });
}

#[component]
pub fn AtWork(
    /// What is being done.
    #[prop(into)]
    label: String,
    done: u64,
    of: u64,
    /// How far it is, in words.
    said: String,
    /// This page.
    here: String,
    look_again: &'static str,
) -> impl IntoView {
    // As text: an element that the browser's half makes would be obeyed, in `noscript` or not.
    view! {
        <noscript inner_html=LOAD_AGAIN></noscript>
        <p class="at-work">
            <progress max=of.to_string() value=done.to_string() aria-label=label></progress>
            " " {said} " "
            <noscript><a class="link" href=here>{look_again}</a></noscript>
        </p>
    }
    .into_any()
}
