//! The ends of a list: the way to newer and older records, and in which zone the times are.

use super::state::Place;
use crate::{routes, viewer::use_viewer};
use daybook_domain::{cursor::Cursor, query::LogQuery, time::LocalTime};
use leptos::prelude::*;

#[component]
pub fn Pager(place: Place, newer: Option<Cursor>, older: Option<Cursor>) -> impl IntoView {
    let to = |cursor| routes::log(place.scope, &place.query.at(cursor));
    let newest = place.query.cursor.map(|_| to(None));
    view! {
        <nav class="pager" aria-label="Pages">
            {newest.map(|href| view! { <a class="button" href=href>"Newest"</a> })}
            {newer.map(|cursor| view! { <a class="button" rel="prev" href=to(Some(cursor))>"‹ Newer"</a> })}
            {older.map(|cursor| view! { <a class="button" rel="next" href=to(Some(cursor))>"Older ›"</a> })}
        </nav>
    }
}

/// Where the search stopped before the page was full: that there may be more, and the way to it.
#[component]
pub fn Searched(
    place: Place,
    to: LocalTime,
    older: Option<Cursor>,
    /// Whether there is nothing above it.
    alone: bool,
) -> impl IntoView {
    let on = older.map(|cursor| {
        let href = routes::log(place.scope, &place.query.at(Some(cursor)));
        view! { " Older records: " <a class="link" href=href>"keep looking"</a> "." }
    });
    let found = if alone {
        "Nothing found so far. Searched back to "
    } else {
        "Searched back to "
    };
    view! {
        <p class="searched" role="status">
            {found} <time datetime=to.utc.to_string()>{to.date} " " {to.time}</time> "." {on}
        </p>
    }
}

/// Names the zone once, with the way to UTC and back.
#[component]
pub fn Zone(place: Place, zone: String) -> impl IntoView {
    let with_zone = |tz: Option<&str>| {
        routes::log(
            place.scope,
            &LogQuery {
                tz: tz.map(str::to_owned),
                ..place.query.clone()
            },
        )
    };
    let own = use_viewer().map(|viewer| viewer.zone).unwrap_or_default();
    let link = if place.query.tz.is_some() {
        Some((with_zone(None), format!("Show in {own}")))
    } else {
        (zone != "UTC").then(|| (with_zone(Some("UTC")), "Show in UTC".to_owned()))
    };
    view! {
        <p class="zone">
            "Times in " <strong>{zone}</strong>
            {link.map(|(href, label)| view! { " · " <a href=href data-noscroll>{label}</a> })}
        </p>
    }
}
