//! In place of the records: the search of the address can't be read.

use super::Mistake;
use crate::{audit_logs::state::Place, routes};
use leptos::prelude::*;

#[component]
pub fn Unreadable(place: Place, mistake: Mistake) -> impl IntoView {
    let href = |text: &str| routes::log(place.scope, &place.query.searching(text));
    view! {
        <div class="notice notice--problem" role="alert">
            <h2 class="notice__title">"This search can't be read"</h2>
            <div class="mistake">{mistake.view(href)}</div>
            <p class="notice__links"><a class="button" href=href("")>"Show the list without it"</a></p>
        </div>
    }
}
