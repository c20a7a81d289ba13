//! The line over a list: how many records match, which columns are shown, and the way to take them out.

use super::{
    columns::Columns,
    export::export_menu,
    overview::{Overviews, known},
    state::ListState,
    text,
    views::ViewsMenu,
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
            <div class="list__tools">
                // Views are of a log.
                <Show when=move || !state.is_of_thing()><ViewsMenu state/></Show>
                <Columns state/>
                {export_menu(state)}
            </div>
        </div>
    }
    .into_any()
}
