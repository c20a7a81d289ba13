//! Which other thing: those that are called alike, or what is looked for.

use super::{
    super::{api::list_objects, table::Status, text::search_label, values::value},
    text,
};
use crate::{routes, ui::problem::Problem};
use daybook_domain::object::{Object, ObjectPage, ObjectQuery};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Shortest word of a name that others are looked for by, in characters.
const TELLING: usize = 3;

#[component]
pub fn Candidates(thing: Object) -> impl IntoView {
    let parameters = use_query_map();
    let (kind, suggested) = (thing.kind, word_of(thing.name()).to_owned());
    let q = Memo::new(move |_| parameters.read().get("q").unwrap_or_else(|| suggested.clone()));
    let found = Resource::new(
        move || q.get(),
        move |q| async move {
            let query = ObjectQuery {
                q: Some(q.trim().to_owned()).filter(|q| !q.is_empty()),
                ..ObjectQuery::default()
            };
            list_objects(kind, query).await
        },
    );
    let action = routes::merge_thing(kind, thing.id);
    view! {
        <p class="page-head__about">{text::CHOOSE}</p>
        <leptos_router::components::Form method="get" action attr:class="merge__look">
            <label class="visually-hidden" for="merge-q">{text::LOOK_FOR}</label>
            <input
                class="input"
                type="search"
                id="merge-q"
                name="q"
                maxlength="200"
                autocomplete="off"
                dir="auto"
                placeholder=search_label(kind)
                value=move || q.get()
                prop:value=move || q.get()
            />
            <button type="submit" class="button">{text::LOOK}</button>
        </leptos_router::components::Form>
        <Suspense>
            {
                let thing = thing.clone();
                move || {
                    let thing = thing.clone();
                    Suspend::new(async move {
                        match found.await {
                            Ok(page) => list(&thing, page),
                            Err(error) => view! { <Problem error/> }.into_any(),
                        }
                    })
                }
            }
        </Suspense>
    }
    .into_any()
}

/// The word of a name that says most: the longest.
fn word_of(name: &str) -> &str {
    let words = name.split(|c: char| !c.is_alphanumeric());
    let longest = words.max_by_key(|word| word.chars().count());
    longest
        .filter(|word| word.chars().count() >= TELLING)
        .unwrap_or_default()
}

fn list(thing: &Object, page: ObjectPage) -> AnyView {
    let (kind, id, spec) = (thing.kind, thing.id, thing.kind.spec());
    let (names, more) = (page.names, page.after.is_some());
    let columns = || spec.columns.iter().filter_map(|name| spec.property(name));
    let mut others = page.rows.into_iter().filter(|row| row.id != id).peekable();
    if others.peek().is_none() {
        return view! { <p class="notice" role="status">{text::NO_OTHER}</p> }.into_any();
    }
    let rows = others.map(|row| {
        let cells = columns().map(|property| {
            let shown = value(property, row.values.get(property.name), &names);
            view! { <td data-label=property.title>{shown}</td> }
        });
        let cells = cells.collect_view();
        let label = format!("{}: {}", text::COMPARE, row.name);
        view! {
            <tr class="plain-table__row">
                <th scope="row"><bdi>{row.name}</bdi></th>
                {cells}
                <td data-label=super::super::text::STATUS><Status status=row.status/></td>
                <td>
                    <a class="button" href=routes::merge_with(kind, id, row.id) aria-label=label>{text::COMPARE}</a>
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let heads = columns().map(|property| view! { <th scope="col">{property.title}</th> });
    let heads = heads.collect_view();
    view! {
        <div class="plain-table__frame">
            <table class="plain-table" aria-label=text::candidates(kind)>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        {heads}
                        <th scope="col">{super::super::text::STATUS}</th>
                        <th scope="col"><span class="visually-hidden">{text::COMPARE}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {more.then(|| view! { <p class="quiet">{text::MORE}</p> })}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::word_of;

    #[test]
    fn a_name_is_looked_for_by_its_longest_word() {
        assert_eq!(word_of("Harbor IT"), "Harbor");
        assert_eq!(word_of("IT & Co"), "");
        assert_eq!(word_of("مرفأ الشمال"), "الشمال");
    }
}
