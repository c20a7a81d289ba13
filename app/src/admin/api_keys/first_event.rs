//! What to do with a key that was just made.

use super::{SENDS, text};
use crate::{flash::use_flash, layout::use_origin, ui::copy::Snippet};
use leptos::prelude::*;

/// The command that sends a first event, while the new key is still in view.
#[component]
pub fn FirstEvent() -> impl IntoView {
    let origin = StoredValue::new(use_origin());
    let flash = use_flash();
    let command = move || {
        flash.with(|flash| {
            let flash = flash.as_ref().filter(|flash| flash.value(SENDS).is_some())?;
            let key = flash.secret.as_ref()?;
            Some(origin.with_value(|origin| text::first_event(origin, key.reveal())))
        })
    };
    move || {
        command().map(|command| {
            view! {
                <section class="panel" aria-labelledby="first-event-title">
                    <h2 class="panel__title" id="first-event-title">{text::FIRST_EVENT}</h2>
                    <p class="panel__lead">{text::FIRST_EVENT_LEAD}</p>
                    <Snippet text=command/>
                </section>
            }
        })
    }
}
