//! An integration's deliveries: how it does, what can be done about it, and its latest attempts.

use super::{
    KIND,
    api::{SetSecret, show_stream},
    attempts::attempts,
    doings::{Actions, doings},
    health::Health,
    rewind::{self, Counted, SINCE},
    secret::{self, Setting},
    text,
};
use crate::{
    admin::panel::use_chosen,
    error::AppError,
    objects::{Head, Tab, api::show_object, use_thing},
    pages::NotFound,
    routes,
    ui::{at_work::ask_again_while, form::successes, problem::Problem},
};
use daybook_domain::{
    Error,
    id::ObjectId,
    integration::StreamDetail,
    object::{Object, ObjectStatus},
};
use leptos::prelude::*;

type Whole = (Object, StreamDetail, Counted);

#[component]
pub fn DeliveriesOfIntegration() -> impl IntoView {
    let thing = use_thing();
    let set = ServerAction::<SetSecret>::new();
    let actions = Actions {
        test: ServerAction::new(),
        pause: ServerAction::new(),
        resume: ServerAction::new(),
        rewind: ServerAction::new(),
        secret: Setting {
            action: set,
            was_set: successes(set),
        },
    };
    let done = [
        successes(actions.test),
        successes(actions.pause),
        successes(actions.resume),
        successes(actions.rewind),
        actions.secret.was_set,
    ];
    let since = use_chosen(SINCE);
    let whole = Resource::new(
        move || {
            (
                thing.get(),
                since.get(),
                done.iter().map(Memo::get).sum::<usize>(),
            )
        },
        |(thing, since, _)| async move {
            let (_, id) = thing?;
            Some(read(id, since).await)
        },
    );
    ask_again_while(
        whole,
        |whole| matches!(whole, Some(Ok((_, detail, _))) if detail.soon),
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                Some(match whole.await? {
                    Ok(whole) => page(whole, actions),
                    Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                })
            })}
        </Transition>
    }
    .into_any()
}

async fn read(id: ObjectId, since: Option<String>) -> Result<Whole, AppError> {
    let thing = show_object(KIND, id).await?;
    let detail = show_stream(id).await?;
    Ok((thing, detail, rewind::count(id, since).await))
}

fn page((thing, detail, counted): Whole, actions: Actions) -> AnyView {
    let (id, name, status) = (thing.id, thing.name().to_owned(), thing.status);
    let StreamDetail {
        health,
        has_secret,
        soon,
        attempts: made,
    } = detail;
    let (state, behind) = (health.state, health.behind);
    let off =
        (status == ObjectStatus::Deactivated).then(|| view! { <p class="notice">{text::SWITCHED_OFF}</p> });
    let under_way = soon.then(|| {
        let here = routes::integration(id);
        view! {
            <p class="quiet" role="status">
                {text::UNDER_WAY} " " <noscript><a class="link" href=here>{text::LOOK_AGAIN}</a></noscript>
            </p>
        }
    });
    let secret = secret::part(id, health.of_type, has_secret, actions.secret);
    view! {
        <Head kind=KIND id name status=Some(status) tab=Tab::Deliveries/>
        <div class="integration">
            {off}
            <Health health/>
            {doings(id, state, actions)}
            {under_way}
            {secret}
            {attempts(made)}
            {rewind::part(id, behind, counted, actions.rewind)}
        </div>
    }
    .into_any()
}
