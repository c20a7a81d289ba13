//! The list of one kind: search, filters with counts, the table, the pager.

use super::{api::list_objects, state::ThingsState, table::ThingsTable, text};
use crate::{
    error::{AppError, set_status},
    pages::NotFound,
    routes,
    ui::{
        list::{Facets, ListSearch, NothingMatches, Pager},
        problem::Problem,
        ready::ready,
    },
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
    things_page(ViewFn::default(), None)
}

/// The same with parts of a feature's own: what stands `above` the list, and where there are `none_yet`.
pub fn things_page(above: ViewFn, none_yet: Option<ViewFn>) -> impl IntoView {
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
        Some(kind) => {
            let none_yet = none_yet.clone();
            view! {
                <Title text=text::plural(kind)/>
                <Head kind query=state.query/>
                {above.run()}
                <ListSearch action=kind.spec().path label=text::search_label(kind) query=state.query/>
                <div class="progress" class:progress--on=pending></div>
                <Transition set_pending=pending.write_only()>
                    {move || {
                        let none_yet = none_yet.clone();
                        listed.get().flatten().map(|listed| ready(move || view! { <List listed none_yet/> }))
                    }}
                </Transition>
            }
            .into_any()
        }
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

#[component]
fn List(listed: Listed, none_yet: Option<ViewFn>) -> impl IntoView {
    let Listed { kind, query, page } = listed;
    let page = match page {
        Ok(page) => page,
        Err(error) => {
            set_status(error.kind().status());
            return view! { <Problem error/> }.into_any();
        }
    };
    if page.rows.is_empty() && !query.is_narrowed() && query.cursor.is_none() {
        return match none_yet {
            Some(none_yet) => none_yet.run(),
            None => view! { <NoneYet kind/> }.into_any(),
        };
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
            <Facets link=move |query: &_| routes::things(kind, query) query=query.clone() facets/>
            <section class="things__main" aria-label=text::plural(kind)>
                <p class="things__total" role="status">{total}</p>
                {if empty {
                    view! { <NothingMatches all=routes::things(kind, &ObjectQuery::default())/> }.into_any()
                } else {
                    tickable(kind, &query, page)
                }}
                <Pager before after/>
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
