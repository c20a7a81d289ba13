//! The way to what opens first: who opens a log, with nothing said, is led to their own view of it, so that the address
//! says what is shown. Who takes the last filter off a list isn't: they asked for everything.

use super::use_kept;
use crate::{audit_logs::state::ListState, routes};
use daybook_domain::{log::LogScope, query::LogQuery};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

/// Where the page that is opened leads to.
pub fn opening(state: ListState) -> Option<String> {
    let bare = use_location().search.with_untracked(|search| is_bare(search));
    let log = state.known.get_untracked().filter(|_| bare)?;
    Some(routes::enter(log, &use_kept().first_of(log)?))
}

/// Goes on leading, from one log to the next.
pub fn follow(state: ListState) {
    let (kept, navigate, search) = (use_kept(), use_navigate(), use_location().search);
    Effect::new(move |before: Option<Option<LogScope>>| {
        let log = state.known.get();
        let bare = search.with(|search| is_bare(search));
        let first = log
            .filter(|_| bare)
            .and_then(|log| Some((log, kept.first_of(log)?)));
        if let (Some((log, first)), Some(before)) = (first, before) {
            let to = if before == Some(log) {
                routes::exactly(log, &LogQuery::default())
            } else {
                routes::enter(log, &first)
            };
            let unseen = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&to, unseen);
        }
        log
    });
}

fn is_bare(search: &str) -> bool {
    search.trim_start_matches('?').is_empty()
}
