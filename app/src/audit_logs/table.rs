//! The table of a log: its columns are the log's data, one `<tbody>` per record with its row and its detail row.

use super::{
    cells::cell,
    record::Record,
    state::{ListState, Place},
    text,
    views::use_kept,
};
use crate::{
    error::AppError,
    routes,
    ui::{icon::Icon, problem::Problem},
    viewer::use_naming,
};
use daybook_domain::{
    event::Outcome,
    id::EventId,
    log::Column,
    page::{EventDetail, EventRow},
};
use leptos::{ev::MouseEvent, prelude::*, wasm_bindgen::JsCast, web_sys::Element};
use serde::{Deserialize, Serialize};

/// The whole records of the opened rows, with the ids they were asked for by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    pub ids: Vec<EventId>,
    pub records: Result<Vec<EventDetail>, AppError>,
}

/// So many columns fit beside each other on a wide screen.
const MOST_COLUMNS: usize = 9;

#[component]
pub fn EventTable(
    state: ListState,
    place: Place,
    rows: Vec<EventRow>,
    opened: Resource<Opened>,
) -> impl IntoView {
    let (kept, scope) = (use_kept(), place.scope);
    let (place, rows) = (StoredValue::new(place), StoredValue::new(rows));
    let columns = Memo::new(move |_| place.with_value(Place::columns));
    let compact = Memo::new(move |_| kept.is_compact(scope));
    // Drawn anew where the viewer keeps other columns, though the list is the same.
    move || {
        let columns = columns.get();
        // More than there is room for: the table scrolls by itself, and its head with it.
        let wide = columns.len() > MOST_COLUMNS;
        let usual = columns == scope.spec().columns;
        let heads = columns.iter().map(|column| {
            view! { <th scope="col" class=format!("col col--{}", column.name())>{use_naming().column(*column)}</th> }
        });
        let heads = heads.collect_view();
        let rows = rows.get_value().into_iter();
        view! {
            <div class="events-box" class:events-box--wide=wide>
                <table class="events" class:events--compact=compact class:events--usual=usual>
                    <caption class="visually-hidden">{format!("{}, newest first", scope.title())}</caption>
                    <thead>
                        <tr>
                            <th scope="col" class="col col--toggle"><span class="visually-hidden">"Details"</span></th>
                            {heads}
                        </tr>
                    </thead>
                    {rows.map(|row| view! { <Row state place row opened/> }).collect_view()}
                </table>
            </div>
        }
    }
}

#[component]
fn Row(
    state: ListState,
    place: StoredValue<Place>,
    row: EventRow,
    opened: Resource<Opened>,
) -> impl IntoView {
    let id = row.id;
    let columns = place.with_value(|place| place.columns().len());
    let is_open = Memo::new(move |_| state.query.with(|query| query.is_open(id)));
    let failed = row.outcome == Outcome::Failure;
    let detail_id = StoredValue::new(format!("record-{}", row.sequence));
    let cells = place.with_value(|place| {
        let cell = |column: &Column| {
            let class = format!("cell cell--{}", column.name());
            view! { <td class=class data-label=use_naming().column(*column)>{cell(*column, &row, place)}</td> }
        };
        place.columns().iter().map(cell).collect_view()
    });
    view! {
        <tbody class="event" class:event--open=is_open class:event--failed=failed>
            <tr class="event__row" on:click=toggle_by_row>
                <td class="cell cell--toggle"><Toggle state id is_open detail_id/></td>
                {cells}
            </tr>
            {move || is_open.get().then(|| view! {
                <tr class="event__detail" id=detail_id.get_value()>
                    <td colspan=columns + 1><Detail id place opened/></td>
                </tr>
            })}
        </tbody>
    }
}

/// The control of a row: a link, so that it works without JavaScript and shares what it opens.
#[component]
fn Toggle(
    state: ListState,
    id: EventId,
    is_open: Memo<bool>,
    detail_id: StoredValue<String>,
) -> impl IntoView {
    let href = move || {
        state
            .query
            .with(|query| routes::log(state.scope(), &query.toggled(id)))
    };
    view! {
        <a
            class="toggle"
            href=href
            data-noscroll
            aria-expanded=move || if is_open.get() { "true" } else { "false" }
            aria-controls=move || is_open.get().then(|| detail_id.get_value())
        >
            {Icon::Chevron.view()}
            <span class="visually-hidden">{move || if is_open.get() { text::HIDE } else { text::SHOW }}</span>
        </a>
    }
}

/// A click anywhere on a row that isn't on something of its own works its toggle.
fn toggle_by_row(event: MouseEvent) {
    let selecting = window()
        .get_selection()
        .ok()
        .flatten()
        .is_some_and(|selection| !selection.is_collapsed());
    let Some(element) = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
    else {
        return;
    };
    let own = element
        .closest("a, button, summary, input, label")
        .ok()
        .flatten()
        .is_some();
    if selecting || own || event.default_prevented() {
        return;
    }
    let toggle = element
        .closest("tr")
        .ok()
        .flatten()
        .and_then(|row| row.query_selector("a.toggle").ok().flatten());
    if let Some(toggle) = toggle.and_then(|toggle| toggle.dyn_into::<web_sys::HtmlElement>().ok()) {
        // After this handler: it would be called again while it runs.
        queue_microtask(move || toggle.click());
    }
}

/// The record of an opened row, once it is there.
#[component]
fn Detail(id: EventId, place: StoredValue<Place>, opened: Resource<Opened>) -> impl IntoView {
    // A memo, so that opening another row leaves this one's record, its folds and the focus in it alone.
    let found = Memo::new(move |_| {
        opened.with(|opened| {
            let opened = opened.as_ref().filter(|opened| opened.ids.contains(&id))?;
            let record =
                |records: &Vec<EventDetail>| records.iter().find(|detail| detail.event.id == id).cloned();
            Some(opened.records.as_ref().map(record).map_err(Clone::clone))
        })
    });
    move || match found.get() {
        None => view! { <p class="loading" role="status">{text::LOADING}</p> }.into_any(),
        Some(Ok(Some(detail))) => view! { <Record detail place=place.get_value()/> }.into_any(),
        Some(Ok(None)) => view! { <p class="loading">{text::GONE}</p> }.into_any(),
        Some(Err(error)) => view! { <Problem error/> }.into_any(),
    }
}
