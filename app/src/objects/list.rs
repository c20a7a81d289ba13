//! The list of one kind: search, filters with counts, the table, the pager.

use super::{api::list_objects, facets::Facets, state::ThingsState, table::ThingsTable, text};
use crate::{
    error::{AppError, set_status},
    pages::NotFound,
    routes,
    ui::{problem::Problem, ready::ready},
    viewer::use_viewer,
};
use daybook_domain::object::{MAX_TOGETHER, ObjectKind, ObjectPage, ObjectQuery, unreadable};
use leptos::prelude::*;
use leptos_meta::Title;
use serde::{Deserialize, Serialize};

/// A page of a list with what was asked: while the next one loads, the old one stays whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Listed {
    kind: ObjectKind,
    query: ObjectQuery,
    page: Result<ObjectPage, AppError>,
}

#[component]
pub fn ThingsPage() -> impl IntoView {
    let state = ThingsState::from_url();
    let listed = Resource::new(
        move || (state.kind.get(), state.query.get(), state.problems.get()),
        |(kind, query, problems)| async move {
            let kind = kind?;
            let page = if problems.is_empty() {
                list_objects(kind, query.clone()).await
            } else {
                Err(unreadable(problems).into())
            };
            Some(Listed { kind, query, page })
        },
    );
    let pending = RwSignal::new(false);
    move || match state.kind.get() {
        None => view! { <NotFound/> }.into_any(),
        Some(kind) => view! {
            <Title text=text::plural(kind)/>
            <Head kind query=state.query/>
            <search class="things-search">
                <SearchForm kind query=state.query/>
            </search>
            <div class="progress" class:progress--on=pending></div>
            <Transition set_pending=pending.write_only()>
                {move || listed.get().flatten().map(|listed| ready(move || view! { <List listed/> }))}
            </Transition>
        }
        .into_any(),
    }
}

#[component]
fn Head(kind: ObjectKind, query: Memo<ObjectQuery>) -> impl IntoView {
    let may_change = use_viewer().is_some_and(|viewer| viewer.may(kind.spec().change));
    let export = move || query.with(|query| routes::export_things(kind, query));
    view! {
        <header class="page-head page-head--split">
            <div>
                <h1>{text::plural(kind)}</h1>
                <p class="page-head__about">{text::about(kind)}</p>
            </div>
            <div class="page-head__actions">
                <a class="button" href=export rel="external" download>{text::EXPORT}</a>
                {may_change.then(|| view! {
                    <a class="button" href=routes::imports(kind)>{text::IMPORT}</a>
                    <a class="button button--primary" href=routes::new_thing(kind)>{text::new(kind)}</a>
                })}
            </div>
        </header>
    }
}

/// What narrows the list by other means goes with the form.
#[component]
fn SearchForm(kind: ObjectKind, query: Memo<ObjectQuery>) -> impl IntoView {
    let carried = move || {
        let pairs = query.with(|query| {
            let kept = query.without_text();
            kept.to_pairs()
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect::<Vec<_>>()
        });
        let fields = pairs
            .into_iter()
            .map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
        fields.collect_view()
    };
    let q = move || query.with(|query| query.q.clone().unwrap_or_default());
    view! {
        <leptos_router::components::Form method="get" action=kind.spec().path attr:class="things-search__form">
            <label class="visually-hidden" for="things-q">{text::search_label(kind)}</label>
            <input
                class="input"
                type="search"
                id="things-q"
                name="q"
                placeholder=text::search_label(kind)
                maxlength="200"
                autocomplete="off"
                dir="auto"
                value=q
                prop:value=q
            />
            {carried}
            <button type="submit" class="button">{text::SEARCH}</button>
        </leptos_router::components::Form>
    }
}

#[component]
fn List(listed: Listed) -> impl IntoView {
    let Listed { kind, query, page } = listed;
    let page = match page {
        Ok(page) => page,
        Err(error) => {
            set_status(error.kind().status());
            return view! { <Problem error/> }.into_any();
        }
    };
    if page.rows.is_empty() && !query.is_narrowed() && query.cursor.is_none() {
        return view! { <NoneYet kind/> }.into_any();
    }
    let link = |cursor| routes::things(kind, &query.at(cursor));
    let (before, after) = (
        page.before.clone().map(Some).map(link),
        page.after.clone().map(Some).map(link),
    );
    let total = text::total(kind, page.total);
    let empty = page.rows.is_empty();
    let facets = page.facets.clone();
    view! {
        <div class="things">
            <Facets kind query=query.clone() facets/>
            <section class="things__main" aria-label=text::plural(kind)>
                <p class="things__total" role="status">{total}</p>
                {if empty {
                    view! {
                        <div class="notice">
                            <h2 class="notice__title">{text::EMPTY_MATCH}</h2>
                            <p>{text::EMPTY_MATCH_ADVICE}</p>
                            <p><a class="button" href=routes::things(kind, &ObjectQuery::default())>{text::CLEAR}</a></p>
                        </div>
                    }
                    .into_any()
                } else {
                    tickable(kind, &query, page)
                }}
                <nav class="pager" aria-label="Pages">
                    {before.map(|href| view! { <a class="button" rel="prev" href=href>"‹ Previous"</a> })}
                    {after.map(|href| view! { <a class="button" rel="next" href=href>"Next ›"</a> })}
                </nav>
            </section>
        </div>
    }
    .into_any()
}

/// The table; for who may change what is in it, with a box beside each.
fn tickable(kind: ObjectKind, query: &ObjectQuery, page: ObjectPage) -> AnyView {
    let may_change = use_viewer().is_some_and(|viewer| viewer.may(kind.spec().change));
    let total = page.total;
    let table = view! { <ThingsTable kind query=query.clone() page ticks=may_change/> };
    if !may_change {
        return table.into_any();
    }
    let all = (query.is_narrowed() && total.is_exact() && total.number() <= MAX_TOGETHER as u64).then(|| {
        view! {
            <a class="button" href=routes::all_of(kind, query)>{text::change_all(kind, total.number())}</a>
        }
    });
    view! {
        <form method="get" action=routes::many_form(kind)>
            {table}
            <div class="things__many">
                <button type="submit" class="button">{text::CHANGE_SELECTED}</button>
                {all}
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn NoneYet(kind: ObjectKind) -> impl IntoView {
    let may_change = use_viewer().is_some_and(|viewer| viewer.may(kind.spec().change));
    view! {
        <div class="notice">
            <h2 class="notice__title">{text::none_yet(kind)}</h2>
            {may_change.then(|| view! {
                <p>{text::none_yet_advice(kind)}</p>
                <p><a class="button button--primary" href=routes::new_thing(kind)>{text::new(kind)}</a></p>
            })}
        </div>
    }
}
