//! The range of time: two dates, and the spans people ask for most as links.

use super::control_id;
use crate::{
    audit_logs::{state::ListState, text},
    routes,
    ui::list::DateBound,
};
use daybook_domain::{query::LogQuery, time::TimeBound};
use leptos::prelude::*;

#[component]
pub fn Dates(state: ListState) -> impl IntoView {
    let from = Memo::new(move |_| state.query.with(|query| query.from));
    let to = Memo::new(move |_| state.query.with(|query| query.to));
    view! {
        <div class="filters__dates">
            <DateBound id=control_id("from") name="from" label="From" bound=from/>
            <DateBound id=control_id("to") name="to" label="To" bound=to/>
            <ul class="presets" aria-label="Time range">
                {text::PRESETS.map(|(label, span)| view! { <Preset state label from=Some(span)/> })}
                <Preset state label=text::ANY_TIME from=None/>
            </ul>
        </div>
    }
}

#[component]
fn Preset(state: ListState, label: &'static str, from: Option<TimeBound>) -> impl IntoView {
    let href = move || {
        let query = state.query.with(|query| LogQuery {
            from,
            to: None,
            ..query.at(None)
        });
        routes::log(state.scope(), &query)
    };
    let chosen = move || {
        state
            .query
            .with(|query| (query.from == from && query.to.is_none()).then_some("true"))
    };
    view! { <li><a class="presets__item" href=href aria-current=chosen data-noscroll>{label}</a></li> }
}
