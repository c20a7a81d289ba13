//! The range of time: two dates, and the spans people ask for most as links.

use super::control_id;
use crate::{
    audit_logs::{state::ListState, text},
    routes,
};
use daybook_domain::{query::LogQuery, time::TimeBound};
use leptos::prelude::*;

#[component]
pub fn Dates(
    state: ListState,
    /// The zone whose days are meant.
    zone: String,
) -> impl IntoView {
    view! {
        <div class="filters__dates">
            <Bound name="from" label="From" zone=zone.clone() bound=Memo::new(move |_| state.query.with(|query| query.from))/>
            <Bound name="to" label="To" zone bound=Memo::new(move |_| state.query.with(|query| query.to))/>
            <ul class="presets" aria-label="Time range">
                {text::PRESETS.map(|(label, span)| view! { <Preset state label from=Some(span)/> })}
                <Preset state label=text::ANY_TIME from=None/>
            </ul>
        </div>
    }
}

/// A date. A bound that isn't a whole day is carried along unseen until a date replaces it.
#[component]
fn Bound(
    name: &'static str,
    label: &'static str,
    zone: String,
    bound: Memo<Option<TimeBound>>,
) -> impl IntoView {
    let day = move || match bound.get() {
        Some(day @ TimeBound::Day(_)) => day.to_string(),
        _ => String::new(),
    };
    let other = move || {
        bound
            .get()
            .filter(|bound| !matches!(bound, TimeBound::Day(_)))
            .map(|bound| bound.to_string())
    };
    let title = format!("Days in {zone}");
    view! {
        <div class="field">
            <label class="field__label" for=control_id(name)>{label}</label>
            {move || other().map(|value| view! { <input type="hidden" name=name value=value/> })}
            <input class="input" type="date" id=control_id(name) name=name title=title value=day prop:value=day/>
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
