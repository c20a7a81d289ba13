//! When the records of a list happened: a row of bars over it, each a link that narrows the list to its time.
//!
//! In the browser the bars are one stop of the Tab key with arrows between them, and a range of them can be picked
//! by dragging or with Shift.

mod geometry;
mod pick;

use super::{
    overview::{Overviews, known},
    state::ListState,
};
use crate::ui::{hydrated::use_hydrated, ready::ready};
use daybook_domain::{
    facet::{Bar, Histogram},
    query::LogQuery,
    time::{TimeBound, Timestamp},
};
use geometry::{HEIGHT, Picked, heights, peak, wider};
use leptos::prelude::*;
use pick::Pick;

#[component]
pub fn Spread(state: ListState, overview: Overviews) -> impl IntoView {
    // After a range was chosen with the keyboard the focus goes on to the bars of that range.
    let refocus = StoredValue::new(false);
    view! {
        <Transition>
            {
                let histogram = known(overview, |known| known.overview.as_ref()?.histogram.clone());
                let shown = Memo::new(move |_| {
                    let histogram = histogram.get().flatten();
                    histogram.filter(|histogram| !histogram.bars.is_empty() && state.is_readable())
                });
                move || shown.get().map(|histogram| ready(move || bars(state, histogram, refocus)))
            }
        </Transition>
    }
    .into_any()
}

/// The list of one time only.
fn narrowed(state: ListState, (from, to): (Timestamp, Timestamp)) -> String {
    state.href(|query| {
        query.from = Some(TimeBound::At(from));
        query.to = Some(TimeBound::At(to));
    })
}

fn bars(state: ListState, histogram: Histogram, refocus: StoredValue<bool>) -> AnyView {
    let pick = Pick::new(state, histogram.bars.clone(), refocus);
    let each = histogram.bars.iter().zip(heights(&histogram.bars)).enumerate();
    let each = each.map(|(at, (bar, height))| {
        let picked = Picked { from: at, to: at };
        one(state, pick, at, bar, height, picked.words(&histogram))
    });
    let each = each.collect_view();
    view! {
        <div class="histo" role="group" aria-label="When they happened">
            <span class="histo__peak" aria-hidden="true">{peak(&histogram.bars)}</span>
            <ul
                class="histo__bars"
                node_ref=pick.list
                on:keydown=move |event| pick.pressed(&event)
                on:focusin=move |event| pick.focused(&event)
                on:pointerdown=move |event| pick.began(&event)
                on:pointermove=move |event| pick.moved(&event)
                on:pointerup=move |event| pick.ended(&event)
                on:pointercancel=move |_| pick.cancel()
                on:dragstart=move |event| event.prevent_default()
            >
                {each}
            </ul>
            {caption(state, histogram, pick)}
        </div>
    }
    .into_any()
}

/// Bars that only lead somewhere: no range of them can be picked.
pub fn still_bars(histogram: &Histogram, label: &'static str, href: &dyn Fn(&Bar) -> String) -> AnyView {
    let each = histogram.bars.iter().zip(heights(&histogram.bars)).enumerate();
    let each = each.map(|(at, (bar, height))| {
        let name = Picked { from: at, to: at }.words(histogram);
        view! {
            <li class="histo__bar">
                <a href=href(bar) aria-label=name.clone() title=name>{drawn(height)}</a>
            </li>
        }
    });
    let label_of = |bar: Option<&Bar>| bar.map(|bar| bar.label.clone());
    view! {
        <div class="histo" role="group" aria-label=label>
            <span class="histo__peak" aria-hidden="true">{peak(&histogram.bars)}</span>
            <ul class="histo__bars">{each.collect_view()}</ul>
            <div class="histo__foot">
                <span>{label_of(histogram.bars.first())}</span>
                <span class="histo__unit">{format!("per {}", histogram.unit)}</span>
                <span>{label_of(histogram.bars.last())}</span>
            </div>
        </div>
    }
    .into_any()
}

fn drawn(height: u64) -> AnyView {
    view! {
        <svg viewBox=format!("0 0 1 {HEIGHT}") preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <rect y=HEIGHT - height width="1" height=height/>
        </svg>
    }
    .into_any()
}

fn one(state: ListState, pick: Pick, at: usize, bar: &Bar, height: u64, name: String) -> AnyView {
    let time = (bar.from, bar.to);
    let hydrated = use_hydrated();
    // All of them are stops where nothing but the Tab key moves between them.
    let stop = move || {
        let is_stop = pick.active.get() == at;
        hydrated.get().then_some(if is_stop { "0" } else { "-1" })
    };
    view! {
        <li class="histo__bar" class:histo__bar--picked=move || pick.holds(at)>
            <a href=move || narrowed(state, time) aria-label=name.clone() title=name data-bar=at tabindex=stop data-noscroll draggable="false">
                {drawn(height)}
            </a>
        </li>
    }
    .into_any()
}

/// First and last time, what a bar spans, and the ways back to more.
fn caption(state: ListState, histogram: Histogram, pick: Pick) -> AnyView {
    let hydrated = use_hydrated();
    let (first, last) = (histogram.bars.first(), histogram.bars.last());
    let label = |bar: Option<&Bar>| bar.map(|bar| bar.label.clone());
    let (first, last) = (label(first), label(last));
    let unit = format!("per {}", histogram.unit);
    let around = wider(&histogram.bars);
    let words = move || pick.range().map(|picked| picked.words(&histogram));
    let hint = move || {
        hydrated
            .get()
            .then(|| view! { <span class="histo__hint">" · drag to narrow the range"</span> })
    };
    let narrow = move || {
        state
            .query
            .with(|query| query.from.is_some() || query.to.is_some())
    };
    let back = move || {
        let around = around.filter(|_| narrow())?;
        Some(view! {
            <a class="histo__back" href=narrowed(state, around) data-noscroll>"Wider range"</a>
            <a class="histo__back" href=state.href(all_time) data-noscroll>"All time"</a>
        })
    };
    view! {
        <div class="histo__foot">
            <span>{first}</span>
            <span class="histo__unit">
                <span aria-live="polite">{words}</span>
                {move || pick.range().is_none().then(|| view! { {unit.clone()} {hint} })}
                {back}
            </span>
            <span>{last}</span>
        </div>
    }
    .into_any()
}

fn all_time(query: &mut LogQuery) {
    *query = query.any_time();
}
