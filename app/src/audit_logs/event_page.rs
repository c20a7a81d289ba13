//! One record at its permanent address.

use super::{api, cells::Time, record::Record, state::Place, text};
use crate::{
    pages::NotFound,
    routes,
    ui::{
        badge::{ActionBadge, OutcomeBadge},
        number::thousands,
        problem::Problem,
    },
};
use daybook_domain::{
    Error,
    id::EventId,
    log::LogScope,
    page::{EventDetail, sentence},
    query::LogQuery,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn EventPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<EventId>().ok()));
    let tz = Memo::new(move |_| query.read().get("tz").filter(|tz| !tz.is_empty()));
    let found = Resource::new(
        move || (id.get(), tz.get()),
        |(id, tz)| async move {
            match id {
                Some(id) => api::event(id, tz).await,
                None => Err(Error::NotFound.into()),
            }
        },
    );
    view! {
        <Transition>
            {move || found.get().map(|found| match found {
                Ok(detail) => view! { <Whole detail/> }.into_any(),
                Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                Err(error) => view! { <Problem error/> }.into_any(),
            })}
        </Transition>
    }
}

#[component]
fn Whole(detail: EventDetail) -> impl IntoView {
    let body = &detail.event.body;
    let scope = LogScope::One(body.log);
    let place = Place {
        scope,
        query: LogQuery::default(),
    };
    let title = sentence(&detail.event);
    let number = u64::try_from(detail.event.sequence)
        .map(thousands)
        .unwrap_or_default();
    view! {
        <Title text=format!("{title} · Record #{number}")/>
        <nav class="crumbs" aria-label="Breadcrumb">
            <ol>
                <li><a href=routes::AUDIT_LOGS>{text::TITLE}</a></li>
                <li><a href=routes::enter(scope, &LogQuery::default())>{scope.title()}</a></li>
                <li aria-current="page">"Record #" {number}</li>
            </ol>
        </nav>
        <header class="page-head">
            <h1 dir="auto">{title}</h1>
            <p class="page-head__facts">
                <ActionBadge action=body.action/> " " <OutcomeBadge outcome=body.outcome/> " " <Time at=detail.occurred.clone()/>
            </p>
        </header>
        <section class="list list--single" aria-label="Record"><Record detail place alone=true/></section>
    }
}
