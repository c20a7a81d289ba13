//! Which columns a list shows, and in which order. A form that is sent with GET; with JavaScript each change goes to
//! the new address at once.

mod order;

use super::{
    state::ListState,
    views::{KeepColumns, use_kept},
};
use crate::{routes, ui::menu::closes, viewer::use_naming};
use daybook_domain::{
    log::{Column, LogScope},
    query::LogQuery,
};
use leptos::{
    html::{Details, Form},
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{self, FormData},
};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use order::{chosen, forward, settled};

#[component]
pub fn Columns(state: ListState) -> impl IntoView {
    let scope = Memo::new(move |_| state.scope());
    move || chooser(state, scope.get())
}

fn chooser(state: ListState, scope: LogScope) -> AnyView {
    let (details, form) = (NodeRef::<Details>::new(), NodeRef::<Form>::new());
    let kept = use_kept();
    let shown = Memo::new(move |_| state.query.with(|query| kept.columns(scope, query)));
    let order = Memo::new(move |before: Option<&Vec<Column>>| shown.with(|shown| settled(before, shown)));
    let boxes = move || {
        let boxes = order.get().into_iter();
        boxes
            .map(|column| one_box(state, scope, shown, column))
            .collect_view()
    };
    let rest = move || {
        let pairs = state.query.with(LogQuery::to_pairs).into_iter();
        let rest = pairs.filter(|(name, _)| *name != "columns");
        rest.map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
            .collect_view()
    };
    let own = move || {
        let query = state.query.get();
        let own = scope.columns(&query);
        (shown.with(|shown| shown != own)).then(|| {
            let is_anyway = kept.read(|lists| lists.columns_of(scope, &query)) == own;
            let columns = if is_anyway { Vec::new() } else { own.to_vec() };
            let href = address(state, scope, columns);
            view! { <a class="columns__own" href=href data-noscroll>"The log’s own columns"</a> }
        })
    };
    let apply = apply(state, scope, form);
    let on_submit = apply.clone();
    view! {
        <details class="columns" node_ref=details on:keydown=closes(details)>
            <summary class="button">"Columns"</summary>
            <div class="columns__panel">
                <form
                    class="columns__form"
                    method="get"
                    action=routes::enter(scope, &LogQuery::default())
                    node_ref=form
                    on:submit=move |event| {
                        event.prevent_default();
                        on_submit();
                    }
                    on:change=move |_| apply()
                >
                    {rest}
                    {boxes}
                    <button type="submit" class="button columns__submit">"Show these"</button>
                    {own}
                </form>
                <KeepColumns state scope shown/>
            </div>
        </details>
    }
    .into_any()
}

/// A column to tick, and where it is shown, the way to the place before.
fn one_box(state: ListState, scope: LogScope, shown: Memo<Vec<Column>>, column: Column) -> AnyView {
    let checked = move || shown.with(|shown| shown.contains(&column));
    let id = format!("column-forward-{}", column.name());
    let forward_link = move || {
        let moved = shown.with(|shown| forward(shown, column))?;
        let (id, to_focus) = (id.clone(), id.clone());
        let keep_focus = move |_| focus_later(to_focus.clone());
        Some(view! {
            <a class="columns__forward" id=id href=address(state, scope, moved) data-noscroll on:click=keep_focus>
                <span aria-hidden="true">"↑"</span>
                <span class="visually-hidden">"Move " {use_naming().column(column)} " forward"</span>
            </a>
        })
    };
    view! {
        <div class="columns__line">
            <label class="columns__column">
                <input type="checkbox" name="columns" value=column.name() checked=checked prop:checked=checked/>
                <span>{use_naming().column(column)}</span>
            </label>
            {forward_link}
        </div>
    }
    .into_any()
}

/// The boxes are drawn anew when one is moved: who moves it by keyboard goes on there.
fn focus_later(id: String) {
    request_animation_frame(move || {
        let link = document().get_element_by_id(&id);
        if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Fails where it is gone, being the first now.
            let _ = link.focus();
        }
    });
}

fn address(state: ListState, scope: LogScope, columns: Vec<Column>) -> String {
    let query = state.query.get();
    routes::log(scope, &LogQuery { columns, ..query })
}

/// Goes to the list with the columns that are ticked.
fn apply(state: ListState, scope: LogScope, form: NodeRef<Form>) -> impl Fn() + Clone {
    let (kept, navigate) = (use_kept(), use_navigate());
    move || {
        let ticked = form
            .get_untracked()
            .and_then(|form| FormData::new_with_form(&form).ok());
        let Some(ticked) = ticked.map(|data| data.get_all("columns")) else {
            return;
        };
        let names = ticked.iter().filter_map(|name| name.as_string());
        let anyway = untrack(|| {
            state
                .query
                .with(|query| kept.read(|lists| lists.columns_of(scope, query)))
        });
        let query = LogQuery {
            columns: chosen(names, &anyway),
            ..state.query.get_untracked()
        };
        let stay = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&routes::log(scope, &query), stay);
    }
}
