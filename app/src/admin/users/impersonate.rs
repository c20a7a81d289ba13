//! The form with which one begins to appear as a user (R46).

use super::{api::show_impersonable, text};
use crate::{
    pages::NotFound,
    routes,
    ui::{
        form::{FormState, LinesField, SelectField, SubmitButton},
        problem::Problem,
    },
};
use daybook_domain::{
    Error,
    account::{IMPERSONATION_MINUTES, Impersonable, MAX_IMPERSONATION_REASON},
    id::UserId,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// The length offered first.
const USUAL_MINUTES: u32 = IMPERSONATION_MINUTES[1];

#[component]
pub fn ImpersonatePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<UserId>().ok()));
    let whom = Resource::new_blocking(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => Some(show_impersonable(id).await),
                None => None,
            }
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match whom.await {
                    Some(Ok(whom)) => view! { <Whom whom/> }.into_any(),
                    Some(Err(error)) if *error.kind() != Error::NotFound => view! { <Problem error/> }.into_any(),
                    _ => view! { <NotFound/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Whom(whom: Impersonable) -> impl IntoView {
    let title = text::impersonate(&whom.name);
    let body = match whom.obstacle.clone() {
        Some(obstacle) => view! { <p class="notice">{obstacle}</p> }.into_any(),
        None => view! { <Why id=whom.id/> }.into_any(),
    };
    view! {
        <Title text=title.clone()/>
        <header class="page-head">
            <p class="page-head__back">
                <a class="row-link" href=routes::user(whom.id)><bdi>{whom.name}</bdi></a>
            </p>
            <h1>{title}</h1>
            <p class="page-head__about">{text::IMPERSONATE_LEAD}</p>
        </header>
        <ul class="bullets">
            {text::IMPERSONATE_RULES.iter().map(|rule| view! { <li>{*rule}</li> }).collect_view()}
        </ul>
        {body}
    }
    .into_any()
}

/// Sent to a handler of the server, not to a function: everything on the page is another's from then on.
#[component]
fn Why(id: UserId) -> impl IntoView {
    let state = FormState::plain();
    let lengths = IMPERSONATION_MINUTES.iter();
    let lengths = lengths.map(|minutes| (minutes.to_string(), text::minutes(*minutes)));
    view! {
        <form class="form" method="post" action=routes::impersonate(id)>
            <LinesField
                state
                name="reason"
                sent_as="reason"
                label=text::REASON
                hint=text::REASON_HINT
                value=""
                maxlength=MAX_IMPERSONATION_REASON
            />
            <SelectField
                state
                name="minutes"
                label=text::MINUTES
                value=USUAL_MINUTES.to_string()
                options=lengths.collect()
            />
            <div class="form__actions">
                <SubmitButton state label=text::IMPERSONATE pending=text::IMPERSONATE/>
                <a class="button" href=routes::user(id)>{text::CANCEL}</a>
            </div>
        </form>
    }
    .into_any()
}
