//! The pages of one thing. The tab is part of the address.

use super::{
    api::{object_choices, show_object, show_object_then, thing_became},
    contacts::ContactsOfThing,
    edit::EditPart,
    frame::{Head, Tab},
    merge::MergeOfThing,
    overview::{Overview, gone_part},
    past::PastOfThing,
    state::use_thing,
    text,
};
use crate::{
    analytics::UsageOfThing,
    audit_logs::{ThingLog, api::trace},
    email::EmailsOfThing,
    error::AppError,
    integrations::DeliveriesOfIntegration,
    pages::{Forbidden, NotFound},
    routes,
    ui::{form::successes, problem::Problem},
    viewer::lacking,
    webhooks::{DeliveriesOfThing, SigningOfThing},
};
use daybook_domain::{
    Error,
    about::About,
    activity::LogTrace,
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
            // Who may not see the thing itself may see what the log says of it.
            let only_log = Tab::Overview.lacks(kind).is_some() && Tab::AuditLog.lacks(kind).is_none();
            routes::go(&if only_log {
                routes::thing_log(kind, id)
            } else {
                routes::thing(kind, id)
            });
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
    if let Some(permission) = tab.lacks(kind) {
        return view! { <Forbidden permission/> }.into_any();
    }
    match (tab, tab.log()) {
        (_, Some(log)) => view! { <LogOfThing tab log/> }.into_any(),
        (Tab::Past, _) => view! { <PastOfThing/> }.into_any(),
        (Tab::Merge, _) => view! { <MergeOfThing/> }.into_any(),
        (Tab::Emails, _) => view! { <EmailsOfThing/> }.into_any(),
        (Tab::Usage, _) => view! { <UsageOfThing/> }.into_any(),
        (Tab::Deliveries, _) if kind == ObjectKind::Integration => {
            view! { <DeliveriesOfIntegration/> }.into_any()
        }
        (Tab::Deliveries, _) => view! { <DeliveriesOfThing/> }.into_any(),
        (Tab::Signing, _) => view! { <SigningOfThing/> }.into_any(),
        (Tab::Contacts, _) => view! { <ContactsOfThing/> }.into_any(),
        _ => view! { <Thing tab/> }.into_any(),
    }
}

/// A thing, or what there is to say of one that isn't there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Found {
    Here(Box<Object>),
    Gone(Box<Gone>),
    /// Only what the log knows of it, for who may not see more.
    Told(ObjectKind, ObjectId, LogTrace),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Gone {
    kind: ObjectKind,
    id: ObjectId,
    /// What it became part of.
    became: Option<(ObjectId, String)>,
    /// What the log says of it, to those who may read that.
    last: Option<ObjectThen>,
}

type Shown = Result<Found, AppError>;

/// A thing, read when `changes` says that it is another.
fn shown(changes: impl Fn() -> usize + Send + Sync + 'static) -> Resource<Option<Shown>> {
    let thing = use_thing();
    let reads = lacking(&[Permission::AuditLogsView]).is_none();
    Resource::new(
        move || (thing.get(), changes()),
        move |(thing, _)| async move {
            let (kind, id) = thing?;
            if reads && Tab::Overview.lacks(kind).is_some() {
                let told = trace(About::new(kind.name(), id)).await;
                return Some(match told {
                    Ok(Some(told)) => Ok(Found::Told(kind, id, told)),
                    Ok(None) => Err(Error::NotFound.into()),
                    Err(error) => Err(error),
                });
            }
            Some(match show_object(kind, id).await {
                Ok(thing) => Ok(Found::Here(Box::new(thing))),
                Err(error) if *error.kind() == Error::NotFound => gone(kind, id, reads, error).await,
                Err(error) => Err(error),
            })
        },
    )
}

/// Of one that isn't there; `missing` where there is nothing to say of it.
async fn gone(kind: ObjectKind, id: ObjectId, reads: bool, missing: AppError) -> Shown {
    let became = thing_became(kind, id).await?;
    let last = if reads {
        match show_object_then(kind, id, Point::Now).await {
            Ok(last) => Some(last),
            Err(error) if *error.kind() == Error::NotFound => None,
            Err(error) => return Err(error),
        }
    } else {
        None
    };
    if became.is_none() && last.is_none() {
        return Err(missing);
    }
    Ok(Found::Gone(Box::new(Gone {
        kind,
        id,
        became,
        last,
    })))
}

fn unshown(error: AppError) -> AnyView {
    match error.kind() {
        Error::NotFound => view! { <NotFound/> }.into_any(),
        _ => view! { <Problem error/> }.into_any(),
    }
}

/// The head of a thing's pages.
fn head(found: &Found, tab: Tab) -> AnyView {
    let (kind, id, name, status, gone) = match found {
        Found::Here(thing) => (
            thing.kind,
            thing.id,
            thing.name().to_owned(),
            Some(thing.status),
            None,
        ),
        Found::Gone(gone) => {
            let name = gone.last.as_ref().map(|last| last.name.clone());
            let name = name.unwrap_or_else(|| text::title(gone.kind).to_owned());
            (gone.kind, gone.id, name, None, Some(gone.became.clone()))
        }
        Found::Told(kind, id, told) => {
            let gone = told.deleted.as_ref().map(|_| None);
            (*kind, *id, told.name.clone(), None, gone)
        }
    };
    let became = gone.clone().flatten().map(|(into, name)| {
        view! {
            <p class="notice">
                {text::MERGED_INTO} " " <a class="link" href=routes::thing(kind, into)><bdi>{name}</bdi></a> ". "
                {text::MERGED_ABOUT}
            </p>
        }
    });
    view! { <Head kind id name status gone=gone.is_some() tab/> {became} }.into_any()
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
                    (Found::Gone(gone), ..) => gone.last.map(gone_part).into_any(),
                    (Found::Here(thing), Tab::Edit, Ok(choices)) => {
                        view! { <EditPart thing=*thing choices action=update/> }.into_any()
                    }
                    (_, Tab::Edit, Err(error)) => view! { <Problem error/> }.into_any(),
                    // Who may not see it doesn't come here.
                    (Found::Told(..), ..) => ().into_any(),
                    (Found::Here(thing), ..) => view! { <Overview thing=*thing deactivate reactivate delete/> }.into_any(),
                };
                Some(view! { {head} {page} }.into_any())
            })}
        </Suspense>
    }
    .into_any()
}
