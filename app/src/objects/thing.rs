//! The pages of one thing. The tab is part of the address.

use super::{
    api::{object_choices, show_object, show_object_then},
    contacts::ContactsOfThing,
    edit::EditPart,
    frame::{Head, Tab},
    merge::MergeOfThing,
    overview::{Overview, gone_part},
    past::PastOfThing,
    state::use_thing,
};
use crate::{
    audit_logs::ThingLog,
    error::AppError,
    pages::{Forbidden, NotFound},
    routes,
    ui::{form::successes, problem::Problem},
    viewer::use_viewer,
};
use daybook_domain::{
    Error,
    about::About,
    compare::Point,
    id::ObjectId,
    log::LogScope,
    object::{Choices, Object, ObjectKind, ObjectThen},
    permission::Permission,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde::{Deserialize, Serialize};

#[component]
pub fn ThingPage() -> impl IntoView {
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|params| params.get("tab")));
    let thing = use_thing();
    move || match (thing.get(), name.get()) {
        (Some((kind, id)), None) => {
            routes::go(&routes::thing(kind, id));
            ().into_any()
        }
        (thing, name) => tab_of(thing, &name.unwrap_or_default()),
    }
}

fn tab_of(thing: Option<(ObjectKind, ObjectId)>, name: &str) -> AnyView {
    let tab = thing.and_then(|(kind, _)| Some((kind, Tab::of(kind, name)?)));
    let Some((kind, tab)) = tab else {
        return view! { <NotFound/> }.into_any();
    };
    let permission = tab.permission(kind);
    if !use_viewer().is_some_and(|viewer| viewer.may(permission)) {
        return view! { <Forbidden permission/> }.into_any();
    }
    match (tab, tab.log()) {
        (_, Some(log)) => view! { <LogOfThing tab log/> }.into_any(),
        (Tab::Past, _) => view! { <PastOfThing/> }.into_any(),
        (Tab::Merge, _) => view! { <MergeOfThing/> }.into_any(),
        (Tab::Contacts, _) => view! { <ContactsOfThing/> }.into_any(),
        _ => view! { <Thing tab/> }.into_any(),
    }
}

/// A thing, or what the log says of one that is deleted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Found {
    Here(Box<Object>),
    Gone(Box<ObjectThen>),
}

type Shown = Result<Found, AppError>;

/// A thing, read when `changes` says that it is another.
fn shown(changes: impl Fn() -> usize + Send + Sync + 'static) -> Resource<Option<Shown>> {
    let thing = use_thing();
    let reads = use_viewer().is_some_and(|viewer| viewer.may(Permission::AuditLogsView));
    Resource::new(
        move || (thing.get(), changes()),
        move |(thing, _)| async move {
            let (kind, id) = thing?;
            Some(match show_object(kind, id).await {
                Ok(thing) => Ok(Found::Here(Box::new(thing))),
                Err(error) if reads && *error.kind() == Error::NotFound => {
                    show_object_then(kind, id, Point::Now)
                        .await
                        .map(|gone| Found::Gone(Box::new(gone)))
                }
                Err(error) => Err(error),
            })
        },
    )
}

fn unshown(error: AppError) -> AnyView {
    match error.kind() {
        Error::NotFound => view! { <NotFound/> }.into_any(),
        _ => view! { <Problem error/> }.into_any(),
    }
}

/// The head of a thing's pages.
fn head(found: &Found, tab: Tab) -> AnyView {
    let (kind, id, name, status) = match found {
        Found::Here(thing) => (thing.kind, thing.id, thing.name().to_owned(), Some(thing.status)),
        Found::Gone(gone) => (gone.kind, gone.id, gone.name.clone(), None),
    };
    view! { <Head kind id name status tab/> }.into_any()
}

#[component]
fn LogOfThing(tab: Tab, log: LogScope) -> impl IntoView {
    let (shown, thing) = (shown(|| 0), use_thing());
    let about = Memo::new(move |_| thing.get().map(|(kind, id)| About::new(kind.name(), id)));
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match shown.await? {
                    Ok(found) => Some(head(&found, tab)),
                    Err(error) => Some(unshown(error)),
                }
            })}
        </Suspense>
        <ThingLog about log/>
    }
    .into_any()
}

#[component]
fn Thing(tab: Tab) -> impl IntoView {
    let (update, deactivate, reactivate, delete) = (
        ServerAction::new(),
        ServerAction::new(),
        ServerAction::new(),
        ServerAction::new(),
    );
    let done = [successes(update), successes(deactivate), successes(reactivate)];
    let shown = shown(move || done.iter().map(Memo::get).sum());
    let kind = use_thing();
    let choices = Resource::new(
        move || kind.get().filter(|_| tab == Tab::Edit),
        |thing| async move {
            match thing {
                Some((kind, _)) => object_choices(kind).await,
                None => Ok(Vec::<Choices>::new()),
            }
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let (thing, choices) = (shown.await?, choices.await);
                let found = match thing {
                    Ok(found) => found,
                    Err(error) => return Some(unshown(error)),
                };
                let head = head(&found, tab);
                let page = match (found, tab, choices) {
                    (Found::Gone(gone), ..) => gone_part(*gone),
                    (Found::Here(thing), Tab::Edit, Ok(choices)) => {
                        view! { <EditPart thing=*thing choices action=update/> }.into_any()
                    }
                    (_, Tab::Edit, Err(error)) => view! { <Problem error/> }.into_any(),
                    (Found::Here(thing), ..) => view! { <Overview thing=*thing deactivate reactivate delete/> }.into_any(),
                };
                Some(view! { {head} {page} }.into_any())
            })}
        </Suspense>
    }
    .into_any()
}
