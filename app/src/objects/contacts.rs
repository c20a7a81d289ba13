//! The people of a company: the list of contacts, narrowed to it.

use super::{
    api::{list_objects, show_object},
    frame::{Head, Tab},
    state::use_thing,
    table::ThingsTable,
    text,
};
use crate::{error::AppError, pages::NotFound, routes, ui::problem::Problem, viewer::use_viewer};
use daybook_domain::{
    Error,
    object::{Object, ObjectKind, ObjectPage, ObjectQuery},
};
use leptos::prelude::*;

const KIND: ObjectKind = ObjectKind::Contact;

#[component]
pub fn ContactsOfThing() -> impl IntoView {
    let thing = use_thing();
    let asked = Resource::new(
        move || thing.get(),
        |thing| async move {
            let (kind, id) = thing?;
            let query = of_company(&id.to_string());
            let both = async {
                let company = show_object(kind, id).await?;
                Ok::<_, AppError>((company, list_objects(KIND, query).await?))
            };
            Some(both.await)
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                Some(match asked.await? {
                    Ok((company, page)) => whole(company, page),
                    Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                })
            })}
        </Suspense>
    }
    .into_any()
}

fn of_company(id: &str) -> ObjectQuery {
    ObjectQuery {
        filters: [("company".to_owned(), vec![id.to_owned()])].into(),
        ..ObjectQuery::default()
    }
}

fn whole(company: Object, page: ObjectPage) -> AnyView {
    let (kind, id) = (company.kind, company.id);
    let (name, status) = (company.name().to_owned(), Some(company.status));
    let query = of_company(&id.to_string());
    let total = text::total(KIND, page.total);
    let may_change = use_viewer().is_some_and(|viewer| viewer.may(KIND.spec().change));
    let new =
        may_change.then(|| view! { <a class="button" href=routes::new_thing(KIND)>{text::new(KIND)}</a> });
    let list = if page.rows.is_empty() {
        view! {
            <div class="notice">
                <h2 class="notice__title">{text::none_yet(KIND)}</h2>
                <p>{text::CONTACTS_NONE}</p>
            </div>
        }
        .into_any()
    } else {
        // Search, filters and further pages are those of the list of all contacts.
        let all = routes::things(KIND, &query);
        view! {
            <p class="things__total" role="status">{total}</p>
            <ThingsTable kind=KIND query page ticks=false/>
            <p class="contacts__all"><a class="button" href=all>{text::CONTACTS_ALL}</a></p>
        }
        .into_any()
    };
    view! {
        <Head kind id name status tab=Tab::Contacts/>
        <div class="contacts">{list} {new}</div>
    }
    .into_any()
}
