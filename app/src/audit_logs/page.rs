//! The page of a log: tabs, filters, the list, the pager. Data is asked for here and only read further down.

use super::{
    api,
    empty::{BadAddress, Empty},
    filter_bar::{FilterBar, chips::Chips},
    head::ListHead,
    histogram::Spread,
    keys::Keyboard,
    news::news,
    overview::{self, Overviews},
    pager::{Pager, Searched, Zone},
    search::{Mistake, Search, SearchBox, Unreadable},
    state::{ListState, Place},
    table::{EventTable, Opened},
    tabs::Tabs,
    text, views,
};
use crate::{
    error::{AppError, set_status},
    layout::use_origin,
    pages::NotFound,
    routes,
    ui::{
        problem::Problem,
        ready::{await_on_server, ready},
    },
};
use daybook_domain::{
    Error,
    about::About,
    log::LogScope,
    page::EventPage,
    query::{LogQuery, QueryProblem},
};
use leptos::prelude::*;
use leptos_meta::Title;
use serde::{Deserialize, Serialize};

/// A page of records with what was asked: while the next one loads, the old one stays whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Listed {
    scope: LogScope,
    query: LogQuery,
    /// `None` where the address can't be read, so that nothing was asked for.
    page: Option<Result<EventPage, AppError>>,
}

#[component]
pub fn LogPage() -> impl IntoView {
    let state = ListState::from_url();
    if let Some(elsewhere) = state.tidy_address().or_else(|| views::opening(state)) {
        routes::go(&elsewhere);
        // The way there is all the server answers; in the browser this page goes on at the other address.
        if cfg!(feature = "ssr") {
            return ().into_any();
        }
    }
    views::follow(state);
    let logs = Resource::new(|| (), |()| api::logs());
    whole(state, Some(logs))
}

/// The log of one thing, below the head of its page: the same list, narrowed.
#[component]
pub fn ThingLog(
    about: Memo<Option<About>>,
    /// The one log that is shown, or all of them.
    #[prop(default = LogScope::All)]
    log: LogScope,
) -> impl IntoView {
    let state = ListState::of_thing(about, log);
    if let Some(elsewhere) = state.tidy_address() {
        routes::go(&elsewhere);
        if cfg!(feature = "ssr") {
            return ().into_any();
        }
    }
    whole(state, None)
}

/// The tabs of all logs, with how many records each has.
type Logs = Resource<Result<Vec<(LogScope, u64)>, AppError>>;

/// Asks for everything a list shows. Without `logs` it stands on another page.
fn whole(state: ListState, logs: Option<Logs>) -> AnyView {
    let overview = overview::ask(state);
    let listed = Resource::new(
        move || state.listed(),
        |wanted| async move {
            let (scope, query, readable) = wanted?;
            let page = if readable {
                Some(api::list_events(scope, query.clone()).await)
            } else {
                None
            };
            Some(Listed { scope, query, page })
        },
    );
    let opened = opened(state);
    let origin = use_origin();
    let is_known = Memo::new(move |_| state.known.get().is_some());
    let page = move || {
        if is_known.get() {
            view! { <Log state logs overview listed opened origin=origin.clone()/> }.into_any()
        } else {
            view! { <NotFound/> }.into_any()
        }
    };
    page.into_any()
}

/// The records of the opened rows. What this page already has isn't asked for again.
fn opened(state: ListState) -> Resource<Opened> {
    let kept = StoredValue::new((None, Vec::new()));
    Resource::new(
        move || state.query.with(|query| (query.open.clone(), query.tz.clone())),
        move |(ids, tz)| async move {
            let mut records = kept.with_value(
                |(zone, records): &(Option<String>, Vec<_>)| {
                    if *zone == tz { records.clone() } else { Vec::new() }
                },
            );
            records.retain(|detail: &daybook_domain::page::EventDetail| ids.contains(&detail.event.id));
            let missing: Vec<_> = ids
                .iter()
                .copied()
                .filter(|id| records.iter().all(|detail| detail.event.id != *id))
                .collect();
            let fetched = if missing.is_empty() {
                Ok(Vec::new())
            } else {
                api::open_events(missing, tz.clone()).await
            };
            let records = fetched.map(|fetched| {
                records.extend(fetched);
                kept.try_set_value((tz, records.clone()));
                records
            });
            Opened { ids, records }
        },
    )
}

#[component]
fn Log(
    state: ListState,
    logs: Option<Logs>,
    overview: Overviews,
    listed: Resource<Option<Listed>>,
    opened: Resource<Opened>,
    origin: String,
) -> impl IntoView {
    let pending = RwSignal::new(false);
    let search = Search::new(state);
    let head = logs.map(|logs| {
        let title = move || format!("{} · {}", state.scope().title(), text::TITLE);
        view! {
            <Title text=title/>
            <header class="page-head">
                <h1>{text::TITLE}</h1>
                <p class="page-head__about">{move || text::about(state.scope())}</p>
            </header>
            <Tabs state logs/>
        }
    });
    let reload = Callback::new(move |()| {
        // Following the link to the newest page loads it, unless that is the page one is on.
        if state.query.with_untracked(|query| query.cursor.is_none()) {
            listed.refetch();
        }
        overview.refetch();
    });
    view! {
        {head}
        <SearchBox state search overview/>
        <div class="log">
            <FilterBar state search overview/>
            <div class="log__main">
                <Chips state overview/>
                <section class="list" aria-label="Records" aria-busy=move || pending.get().then_some("true")>
                    <div class="progress" class:progress--on=pending></div>
                    <ListHead state overview/>
                    <Spread state overview/>
                    <Transition set_pending=pending.write_only()>
                        {move || {
                            let origin = origin.clone();
                            await_on_server(opened);
                            await_on_server(overview);
                            let listed = listed.get().flatten();
                            listed.map(|listed| ready(move || view! { <Rows state listed opened overview reload origin/> }))
                        }}
                    </Transition>
                </section>
            </div>
        </div>
        <Keyboard/>
    }
    .into_any()
}

#[component]
fn Rows(
    state: ListState,
    listed: Listed,
    opened: Resource<Opened>,
    overview: Overviews,
    reload: Callback<()>,
    origin: String,
) -> impl IntoView {
    let Listed { scope, query, page } = listed;
    let place = Place { scope, query };
    let Some(page) = page else {
        set_status(400);
        return match Mistake::of(&place.query) {
            Some(mistake) => view! { <Unreadable place mistake/> }.into_any(),
            None => view! { <BadAddress state problems=state.problems.into()/> }.into_any(),
        };
    };
    let page = match page.map_err(AppError::into_inner) {
        Ok(page) => page,
        Err(Error::Invalid { field, reason }) => {
            set_status(400);
            let value = place
                .query
                .to_pairs()
                .into_iter()
                .find(|(name, _)| *name == field);
            let value = value.map(|(_, value)| value).unwrap_or_default();
            // Some reasons begin with the value, which stands before the reason anyway.
            let reason = match reason.strip_prefix(&format!("“{value}” ")) {
                Some(rest) => rest.to_owned(),
                None => reason,
            };
            return view! { <BadAddress state problems=Signal::stored(vec![QueryProblem { field, value, reason }])/> }
                .into_any();
        }
        Err(error) => return view! { <Problem error=error.into()/> }.into_any(),
    };
    let foot = view! {
        <footer class="list__foot">
            <Zone place=place.clone() zone=page.zone/>
            <Pager place=place.clone() newer=page.newer older=page.older/>
        </footer>
    };
    let alone = page.rows.is_empty();
    let news = news(&place, page.last_sequence, reload);
    let searched = page.searched_to.map(|to| {
        let place = place.clone();
        view! { <Searched place to older=page.older alone/> }
    });
    if !alone {
        view! { {news} <EventTable state place rows=page.rows opened/> {searched} {foot} }.into_any()
    } else if searched.is_some() {
        view! { {news} {searched} {foot} }.into_any()
    } else {
        view! { {news} <Empty place overview origin/> }.into_any()
    }
}
