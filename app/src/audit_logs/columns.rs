//! Which columns a list shows. A form that is sent with GET; with JavaScript each change goes to the new address at
//! once.

use super::state::ListState;
use crate::routes;
use daybook_domain::{
    log::{Column, LogScope},
    query::LogQuery,
};
use leptos::{
    ev::KeyboardEvent,
    html::{Details, Form},
    prelude::*,
    web_sys::FormData,
};
use leptos_router::{NavigateOptions, hooks::use_navigate};

#[component]
pub fn Columns(state: ListState) -> impl IntoView {
    let scope = Memo::new(move |_| state.scope());
    move || chooser(state, scope.get())
}

/// All columns: the shown ones first. The order stays while the choice is made.
fn order(shown: &[Column]) -> Vec<Column> {
    let rest = Column::ALL.iter().filter(|column| !shown.contains(column));
    shown.iter().chain(rest).copied().collect()
}

/// What stands in the address for a choice: nothing for the log's own columns, and for none at all.
fn chosen(names: impl Iterator<Item = String>, own: &[Column]) -> Vec<Column> {
    let columns: Vec<_> = names.filter_map(|name| Column::from_name(&name)).collect();
    if columns == own { Vec::new() } else { columns }
}

fn shown(query: &LogQuery, scope: LogScope) -> Vec<Column> {
    if query.columns.is_empty() {
        scope.spec().columns.to_vec()
    } else {
        query.columns.clone()
    }
}

fn chooser(state: ListState, scope: LogScope) -> AnyView {
    let (details, form) = (NodeRef::<Details>::new(), NodeRef::<Form>::new());
    let shown = Memo::new(move |_| state.query.with(|query| shown(query, scope)));
    let boxes = order(&shown.get_untracked()).into_iter().map(|column| {
        let checked = move || shown.with(|shown| shown.contains(&column));
        view! {
            <label class="columns__column">
                <input type="checkbox" name="columns" value=column.name() checked=checked prop:checked=checked/>
                <span>{column.title()}</span>
            </label>
        }
    });
    let boxes = boxes.collect_view();
    let rest = move || {
        let pairs = state.query.with(LogQuery::to_pairs).into_iter();
        let rest = pairs.filter(|(name, _)| *name != "columns");
        rest.map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
            .collect_view()
    };
    let own = move || {
        let query = state.query.get();
        let own = LogQuery {
            columns: Vec::new(),
            ..query.clone()
        };
        (own != query).then(|| {
            view! { <a class="columns__own" href=routes::log(scope, &own) data-noscroll>"The log’s own columns"</a> }
        })
    };
    let apply = apply(state, scope, form);
    let on_submit = apply.clone();
    let close = move |event: KeyboardEvent| {
        if let Some(details) = details.get_untracked().filter(|_| event.key() == "Escape") {
            details.set_open(false);
            event.prevent_default();
        }
    };
    view! {
        <details class="columns" node_ref=details on:keydown=close>
            <summary class="button">"Columns"</summary>
            <form
                class="columns__panel"
                method="get"
                action=routes::log(scope, &LogQuery::default())
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
        </details>
    }
    .into_any()
}

/// Goes to the list with the columns that are ticked.
fn apply(state: ListState, scope: LogScope, form: NodeRef<Form>) -> impl Fn() + Clone {
    let navigate = use_navigate();
    move || {
        let ticked = form
            .get_untracked()
            .and_then(|form| FormData::new_with_form(&form).ok());
        let Some(ticked) = ticked.map(|data| data.get_all("columns")) else {
            return;
        };
        let names = ticked.iter().filter_map(|name| name.as_string());
        let query = LogQuery {
            columns: chosen(names, scope.spec().columns),
            ..state.query.get_untracked()
        };
        let stay = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&routes::log(scope, &query), stay);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_offered_once_the_shown_ones_first() {
        let order = order(&[Column::Ip, Column::Time]);
        assert_eq!(order[..2], [Column::Ip, Column::Time]);
        assert_eq!(order.len(), Column::ALL.len());
    }

    #[test]
    fn the_logs_own_columns_are_not_spelt_out() {
        let own = [Column::Time, Column::Actor];
        let names = |names: &[&str]| {
            let names: Vec<_> = names.iter().map(ToString::to_string).collect();
            chosen(names.into_iter(), &own)
        };
        assert_eq!(names(&["time", "actor"]), []);
        assert_eq!(names(&[]), []);
        assert_eq!(names(&["time", "nonsense"]), [Column::Time]);
    }
}
