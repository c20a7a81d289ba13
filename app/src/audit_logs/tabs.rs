//! The tabs: one link per log, with how many records it has.

use super::{
    state::{ListState, carried},
    text,
};
use crate::{
    error::AppError,
    routes,
    ui::{menu::closes, number::thousands, ready::ready},
};
use daybook_domain::log::{LogKind, LogScope};
use leptos::{
    html::Details,
    prelude::*,
    web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition},
};

#[component]
pub fn Tabs(state: ListState, logs: Resource<Result<Vec<(LogScope, u64)>, AppError>>) -> impl IntoView {
    // Where the tabs scroll, the current one is in sight.
    Effect::new(move || {
        state.known.track();
        request_animation_frame(move || {
            if let Ok(Some(tab)) = document().query_selector("nav.tabs [aria-current]") {
                let nearest = ScrollIntoViewOptions::new();
                nearest.set_block(ScrollLogicalPosition::Nearest);
                nearest.set_inline(ScrollLogicalPosition::Nearest);
                tab.scroll_into_view_with_scroll_into_view_options(&nearest);
            }
        });
    });
    view! {
        <nav class="tabs" aria-label=text::TABS>
            <Transition>
                {move || logs.get().map(|logs| {
                    let tabs = with_current(logs.unwrap_or_default(), state.scope());
                    ready(move || view! { <Strip state tabs/> })
                })}
            </Transition>
        </nav>
    }
}

/// All tabs, and once more in a menu: the style shows each in the one where there is room for it.
#[component]
fn Strip(state: ListState, tabs: Vec<(LogScope, Option<u64>)>) -> impl IntoView {
    let menu = NodeRef::<Details>::new();
    let rest = tabs.iter().copied().filter(|(scope, _)| may_give_way(*scope));
    let rest: Vec<_> = rest.collect();
    let more = (!rest.is_empty()).then(|| {
        view! {
            <details class="menu tabs__more" node_ref=menu on:keydown=closes(menu)>
                <summary class="tabs__tab">{text::MORE_TABS}</summary>
                <div class="menu__panel">
                    <ul class="tabs__menu">{numbered(state, rest)}</ul>
                </div>
            </details>
        }
    });
    view! {
        <ul class="tabs__list">{numbered(state, tabs)}</ul>
        {more}
    }
}

/// Tabs that can go to the menu have a number, the first to stay the lowest.
fn numbered(state: ListState, tabs: Vec<(LogScope, Option<u64>)>) -> impl IntoView {
    let mut number = 0;
    let tabs = tabs.into_iter().map(|tab| {
        let class = may_give_way(tab.0).then(|| {
            number += 1;
            format!("tabs__item--{number}")
        });
        view! { <li class=class><Tab state tab/></li> }
    });
    tabs.collect_view()
}

/// Whether a tab may go to the menu: neither a core log nor all of them together.
fn may_give_way(scope: LogScope) -> bool {
    scope.kind().is_some_and(|kind| !kind.spec().core)
}

/// The core logs where the server didn't say, and the log that is shown even where it has no tab of its own yet.
fn with_current(logs: Vec<(LogScope, u64)>, current: LogScope) -> Vec<(LogScope, Option<u64>)> {
    let mut tabs: Vec<_> = logs
        .into_iter()
        .map(|(scope, count)| (scope, Some(count)))
        .collect();
    if tabs.is_empty() {
        let core = LogKind::ALL.iter().copied().filter(|kind| kind.spec().core);
        tabs.extend(core.map(|kind| (LogScope::One(kind), None)));
    }
    if !tabs.iter().any(|(scope, _)| *scope == current) {
        tabs.push((current, None));
    }
    // In the order in which the logs are declared, all of them together at the end.
    tabs.sort_by_key(|(scope, _)| scope.kind().map_or(usize::MAX, |kind| kind as usize));
    tabs
}

#[component]
fn Tab(state: ListState, tab: (LogScope, Option<u64>)) -> impl IntoView {
    let (scope, count) = tab;
    let href = move || {
        let query = state.query.with(|query| carried(query, scope));
        // Who is in the log already doesn't open it.
        if state.known.get() == Some(scope) {
            routes::log(scope, &query)
        } else {
            routes::enter(scope, &query)
        }
    };
    let current = move || (state.known.get() == Some(scope)).then_some("page");
    view! {
        <a class="tabs__tab" href=href aria-current=current>
            {scope.title()}
            {count.map(|count| view! { " " <span class="count">{thousands(count)}</span> })}
        </a>
    }
}
