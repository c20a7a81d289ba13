//! How much a company or a contact uses the portal: the same figures, of them.

use super::{
    api::show_usage_of,
    view::{Address, whole},
};
use crate::{
    address::parameter,
    error::AppError,
    objects::{Head, Tab, api::show_object, use_thing},
    pages::NotFound,
    routes,
    ui::problem::Problem,
};
use daybook_domain::{
    Error,
    analytics::{Usage, UsageQuery, UsageType},
    id::ObjectId,
    object::{Object, ObjectKind},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

#[component]
pub fn UsageOfThing() -> impl IntoView {
    let (thing, location) = (use_thing(), use_location());
    let asked = Memo::new(move |_| {
        location.search.track();
        let of = parameter(&location, "type").and_then(|name| UsageType::from_name(&name));
        let search = location.search.get();
        UsageQuery::parse(of.unwrap_or(UsageType::General), &search)
    });
    let whole = Resource::new(
        move || (thing.get(), asked.get()),
        |(thing, asked)| async move { Some(read(thing?, asked).await) },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                Some(match whole.await? {
                    Ok((object, usage)) => page(object, usage),
                    Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                })
            })}
        </Transition>
    }
    .into_any()
}

type Found = Result<(Object, Result<Usage, AppError>), AppError>;

async fn read((kind, id): (ObjectKind, ObjectId), asked: daybook_domain::Result<UsageQuery>) -> Found {
    let object = show_object(kind, id).await?;
    let usage = match asked {
        Ok(query) => show_usage_of(kind, id, query).await,
        Err(error) => Err(AppError::new(error)),
    };
    Ok((object, usage))
}

fn page(object: Object, usage: Result<Usage, AppError>) -> AnyView {
    let (kind, id) = (object.kind, object.id);
    let (name, status) = (object.name().to_owned(), Some(object.status));
    let address: Address = Box::new(move |query: &UsageQuery| routes::usage_of(kind, id, query));
    let shown = match usage {
        Ok(usage) => whole(&usage, &address, None),
        Err(error) => view! { <Problem error/> }.into_any(),
    };
    view! { <Head kind id name status tab=Tab::Usage/> {shown} }.into_any()
}
