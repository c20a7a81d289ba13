//! What was sent to the people of a company, or to a contact: the list, narrowed to them.

use super::{
    api::list_emails,
    list::{EmailSearch, list},
};
use crate::{
    error::AppError,
    objects::{Head, Tab, api::show_object, use_thing},
    pages::NotFound,
    ui::{
        list::{Asked, Listed, use_asked},
        problem::Problem,
    },
};
use daybook_domain::{
    Error,
    email::{EmailFilters, EmailPage},
    id::ObjectId,
    object::{Object, ObjectKind},
};
use leptos::prelude::*;

#[component]
pub fn EmailsOfThing() -> impl IntoView {
    let thing = use_thing();
    let asked = use_asked(EmailFilters);
    let whole = Resource::new(
        move || (thing.get(), asked.get()),
        |(thing, asked)| async move { Some(read(thing?, asked).await) },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                Some(match whole.await? {
                    Ok((object, listed)) => page(object, listed),
                    Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                })
            })}
        </Transition>
    }
    .into_any()
}

async fn read(
    (kind, id): (ObjectKind, ObjectId),
    asked: Asked,
) -> Result<(Object, Listed<EmailPage>), AppError> {
    let object = show_object(kind, id).await?;
    let listed = Listed::read(asked, |query| list_emails(Some((kind, id)), query)).await;
    Ok((object, listed))
}

fn page(object: Object, listed: Listed<EmailPage>) -> AnyView {
    let (kind, id) = (object.kind, object.id);
    let (name, status) = (object.name().to_owned(), Some(object.status));
    let of = Some((kind, id));
    view! {
        <Head kind id name status tab=Tab::Emails/>
        <EmailSearch of query=listed.query.clone()/>
        {listed.shown(|query, page| list(of, query, page))}
    }
    .into_any()
}
