//! The line over a list: how many records match, and which columns are shown.

use super::{
    columns::Columns,
    overview::{Overviews, known},
    state::ListState,
    text,
};
use leptos::prelude::*;

#[component]
pub fn ListHead(state: ListState, overview: Overviews) -> impl IntoView {
    let total = move || {
        let total = known(overview, |known| Some(known.overview.as_ref()?.total));
        move || {
            total
                .get()
                .flatten()
                .filter(|_| state.is_readable())
                .map(text::records)
        }
    };
    view! {
        <div class="list__head">
            <p class="list__total" role="status"><Transition>{total()}</Transition></p>
            <Columns state/>
        </div>
    }
    .into_any()
}
