//! A list without rows: why, and what to do about it.

use super::{
    filter_bar::chips,
    overview::Overviews,
    state::{ListState, Place},
    text,
};
use crate::{routes, ui::copy::Snippet, viewer::use_viewer};
use daybook_domain::{
    log::LogKind,
    permission::Permission,
    query::{LogQuery, QueryProblem},
};
use leptos::prelude::*;

/// Nothing to show: the first time, past an end, or because of a filter.
#[component]
pub fn Empty(place: Place, overview: Overviews, origin: String) -> impl IntoView {
    if place.query.is_narrowed() {
        view! { <NothingMatches place overview/> }.into_any()
    } else if place.query.cursor.is_some() {
        let newest = routes::log(place.scope, &place.query.at(None));
        view! {
            <div class="notice">
                <h2 class="notice__title">"No more records this way"</h2>
                <p><a class="button" href=newest>"To the newest records"</a></p>
            </div>
        }
        .into_any()
    } else if place.query.about.is_some() {
        view! {
            <div class="notice">
                <h2 class="notice__title">"Nothing is recorded of it yet"</h2>
                <p>"What is changed about it from now on stands here."</p>
            </div>
        }
        .into_any()
    } else {
        view! { <FirstUse place origin/> }.into_any()
    }
}

#[component]
fn NothingMatches(place: Place, overview: Overviews) -> impl IntoView {
    let dropped = place.clone();
    let drops = move || {
        let chips = overview.with(|known| {
            let known = known.as_ref();
            chips::active(
                &dropped,
                known.map(super::overview::Overviewed::facets).unwrap_or_default(),
            )
        });
        chips
            .into_iter()
            .map(|chip| {
                view! { <li><a href=chip.without>"Drop " {chip.label} " " <strong><bdi>{chip.value}</bdi></strong></a></li> }
            })
            .collect_view()
    };
    let cleared = routes::log(place.scope, &place.query.cleared());
    view! {
        <div class="notice">
            <h2 class="notice__title">"No record matches all of these filters"</h2>
            <ul class="notice__list">{drops}</ul>
            <p><a class="button" href=cleared>"Clear all filters"</a></p>
        </div>
    }
}

#[component]
fn FirstUse(place: Place, origin: String) -> impl IntoView {
    let log = place.scope.kind().unwrap_or(LogKind::Activity);
    let keys = use_viewer().is_some_and(|viewer| viewer.may(Permission::ApiKeysManage));
    view! {
        <div class="notice notice--first">
            <h2 class="notice__title">"Nothing has been recorded here yet"</h2>
            <p>{text::about(place.scope)} " Records appear as soon as a system sends them. Send a first one:"</p>
            <Snippet text=text::first_event(&origin, log.name())/>
            {keys.then(|| view! { <p><a class="button" href=routes::API_KEYS>"Make an API key"</a></p> })}
        </div>
    }
}

/// An address somebody edited: what is wrong with it, and what can be shown instead.
#[component]
pub fn BadAddress(state: ListState, problems: Signal<Vec<QueryProblem>>) -> impl IntoView {
    let list = move || {
        problems
            .get()
            .into_iter()
            .map(|problem| view! { <li>{problem.to_string()} "."</li> })
            .collect_view()
    };
    let rest = move || {
        let query = state.query.get();
        query
            .is_narrowed()
            .then(|| routes::log(state.scope(), &query.at(None)))
    };
    let unfiltered = move || routes::log(state.scope(), &state.query.with(LogQuery::cleared));
    view! {
        <div class="notice notice--problem" role="alert">
            <h2 class="notice__title">"This address can't be read"</h2>
            <ul class="notice__list">{list}</ul>
            <p class="notice__links">
                {move || rest().map(|href| view! { <a class="button" href=href>"Go on without it"</a> })}
                <a class="button" href=unfiltered>"Show the unfiltered list"</a>
            </p>
        </div>
    }
}
