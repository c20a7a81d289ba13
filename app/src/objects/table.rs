//! The table of a list: name, the kind's columns, status, last change. Its heads sort it.

use super::{text, values::value};
use crate::{account::when::When, routes};
use daybook_domain::object::{
    Names, ObjectKind, ObjectPage, ObjectQuery, ObjectRow, ObjectStatus, Property, Sort, SortBy,
};
use leptos::prelude::*;

#[component]
pub fn ThingsTable(
    kind: ObjectKind,
    query: ObjectQuery,
    page: ObjectPage,
    /// Whether each can be ticked.
    ticks: bool,
) -> impl IntoView {
    let spec = kind.spec();
    let columns: Vec<&'static Property> = spec
        .columns
        .iter()
        .filter_map(|name| spec.property(name))
        .collect();
    let heads = columns
        .iter()
        .map(|property| view! { <th scope="col">{property.title}</th> })
        .collect_view();
    let names = page.names;
    let rows = page
        .rows
        .into_iter()
        .map(|row| record(kind, &columns, &names, row, ticks))
        .collect_view();
    view! {
        <div class="plain-table__frame">
            <table class="plain-table" aria-label=text::plural(kind)>
                <thead>
                    <tr>
                        {ticks.then(|| view! {
                            <th scope="col"><span class="visually-hidden">{text::SELECT}</span></th>
                        })}
                        <SortHead kind query=query.clone() by=SortBy::Name/>
                        {heads}
                        <th scope="col">"Status"</th>
                        <SortHead kind query by=SortBy::Changed/>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn record(
    kind: ObjectKind,
    columns: &[&'static Property],
    names: &Names,
    row: ObjectRow,
    ticks: bool,
) -> AnyView {
    let cells = columns.iter().map(|property| {
        let shown = value(property, row.values.get(property.name), names);
        view! { <td data-label=property.title>{shown}</td> }
    });
    let cells = cells.collect_view();
    let tick = ticks.then(|| {
        let (id, label) = (row.id.to_string(), text::select(&row.name));
        view! { <td class="things__tick"><input type="checkbox" name="id" value=id aria-label=label/></td> }
    });
    view! {
        <tr class="plain-table__row">
            {tick}
            <th scope="row"><a class="link" href=routes::thing(kind, row.id)><bdi>{row.name}</bdi></a></th>
            {cells}
            <td data-label="Status"><Status status=row.status/></td>
            <td data-label="Last changed"><When at=row.changed/></td>
        </tr>
    }
    .into_any()
}

#[component]
pub fn Status(status: ObjectStatus) -> impl IntoView {
    let class = match status {
        ObjectStatus::Active => "badge badge--create",
        ObjectStatus::Deactivated => "badge badge--neutral",
    };
    view! { <span class=class>{status.title()}</span> }
}

/// A head that sorts by its column: once more, the other way round.
#[component]
fn SortHead(kind: ObjectKind, query: ObjectQuery, by: SortBy) -> impl IntoView {
    let is_current = query.sort.by == by;
    // Names from A to Z first, times from the newest.
    let usual = by != SortBy::Name;
    let descending = if is_current { !query.sort.descending } else { usual };
    let href = routes::things(kind, &query.sorted(Sort { by, descending }));
    let order = is_current.then_some(if query.sort.descending {
        "descending"
    } else {
        "ascending"
    });
    let arrow = is_current.then_some(if query.sort.descending { " ↓" } else { " ↑" });
    view! {
        <th scope="col" aria-sort=order>
            <a class="sort-link" href=href data-noscroll="">{by.title()}<span aria-hidden="true">{arrow}</span></a>
        </th>
    }
}
