//! One message: where it stands, each attempt, and what is sent.

use super::{
    KIND,
    api::{ResendMessage, show_message},
    attempt::AttemptPart,
    deliveries::State,
    text,
};
use crate::{
    account::when::When,
    address::use_id,
    error::AppError,
    objects::{Head, Tab, api::show_object, use_thing},
    pages::NotFound,
    routes,
    ui::{
        at_work::ask_again_while,
        copy::Snippet,
        form::{FormProblem, FormState, SubmitButton, successes},
        problem::Problem,
    },
    viewer::lacking,
};
use daybook_domain::{
    Error,
    id::{ObjectId, WebhookMessageId},
    object::{Object, ObjectQuery, ObjectStatus},
    permission::Permission,
    webhook::{MessageBody, MessageDetail, MessageState},
};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn MessageOfThing() -> impl IntoView {
    let (thing, id) = (use_thing(), use_id::<WebhookMessageId>("message"));
    let resend = ServerAction::<ResendMessage>::new();
    let done = successes(resend);
    let shown = Resource::new(
        move || (thing.get(), id.get(), done.get()),
        |(thing, id, _)| async move {
            let (Some((_, endpoint)), Some(id)) = (thing, id) else {
                return Err(AppError::new(Error::NotFound));
            };
            Ok((
                show_object(KIND, endpoint).await?,
                show_message(endpoint, id).await?,
            ))
        },
    );
    ask_again_while(shown, |shown| {
        shown.as_ref().is_ok_and(|(_, detail)| detail.message.soon)
    });
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match shown.await {
                    Ok((endpoint, detail)) => page(endpoint, detail, resend),
                    Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(endpoint: Object, detail: MessageDetail, action: ServerAction<ResendMessage>) -> AnyView {
    let (id, name, status) = (endpoint.id, endpoint.name().to_owned(), endpoint.status);
    let message = detail.message;
    let may_resend = status == ObjectStatus::Active && !message.soon;
    let label = if message.state == MessageState::Waiting {
        text::SEND_NOW
    } else {
        text::RESEND
    };
    let record = message
        .event
        .filter(|_| lacking(&[Permission::AuditLogsView]).is_none());
    let record = record.map(|event| {
        view! {
            <div class="thing-facts__row">
                <dt>{text::THE_RECORD}</dt>
                <dd><a class="link" href=routes::event(event)>{message.event_type.clone()}</a></dd>
            </div>
        }
    });
    let next = message.next.clone().map(|at| {
        view! { <div class="thing-facts__row"><dt>"Next try"</dt><dd><When at/></dd></div> }
    });
    let under_way = message.soon.then(|| {
        let here = routes::webhook_message(id, message.id);
        view! {
            <p class="quiet" role="status">
                {text::UNDER_WAY} " " <noscript><a class="link" href=here>{text::LOOK_AGAIN}</a></noscript>
            </p>
        }
    });
    let resend = may_resend.then(|| again(id, message.id, label, action));
    let why = message
        .failure
        .as_ref()
        .map(|failure| view! { <p class="webhook-attempt__why">{failure.detail.clone()}</p> });
    let attempts = if detail.attempts.is_empty() {
        view! { <p class="quiet">{text::NO_ATTEMPTS}</p> }.into_any()
    } else {
        let attempts = detail.attempts.into_iter().enumerate();
        attempts
            .map(|(at, attempt)| view! { <AttemptPart attempt open=at == 0/> })
            .collect_view()
            .into_any()
    };
    let last_success = detail.last_success.map(|attempt| {
        view! {
            <section class="webhook__part">
                <h3>{text::LAST_SUCCESS}</h3>
                <p class="quiet">{text::LAST_SUCCESS_ABOUT}</p>
                <AttemptPart attempt open=false/>
            </section>
        }
    });
    let body = match detail.body {
        MessageBody::Here(body) => view! { <Snippet text=pretty(&body)/> }.into_any(),
        MessageBody::Gone => view! { <p class="quiet">{text::BODY_GONE}</p> }.into_any(),
        MessageBody::NotYours => view! { <p class="quiet">{text::NOT_YOURS}</p> }.into_any(),
    };
    let all = routes::deliveries(id, &ObjectQuery::default());
    view! {
        <Head kind=KIND id name status=Some(status) tab=Tab::Deliveries/>
        <div class="webhook">
            <p class="page-head__back"><a class="row-link" href=all>{text::DELIVERIES}</a></p>
            <h2 class="webhook__message"><bdi>{message.event_type.clone()}</bdi> " " <State state=message.state/></h2>
            {why}
            <dl class="thing-facts">
                <div class="thing-facts__row"><dt>{text::MESSAGE_ID}</dt><dd><code class="mono">{message.sent_id()}</code></dd></div>
                {record}
                <div class="thing-facts__row"><dt>"Made"</dt><dd><When at=message.created.clone()/></dd></div>
                {next}
            </dl>
            {under_way} {resend}
            <section class="webhook__part">
                <h3>{text::ATTEMPTS}</h3>
                {attempts}
            </section>
            {last_success}
            <section class="webhook__part">
                <h3>{text::BODY}</h3>
                {body}
            </section>
        </div>
    }
    .into_any()
}

fn again(
    endpoint: ObjectId,
    id: WebhookMessageId,
    label: &'static str,
    action: ServerAction<ResendMessage>,
) -> AnyView {
    let state = FormState::of(action);
    view! {
        <ActionForm action>
            <input type="hidden" name="endpoint" value=endpoint.to_string()/>
            <input type="hidden" name="id" value=id.to_string()/>
            <SubmitButton state label pending=text::RESENDING/>
            <FormProblem state/>
        </ActionForm>
    }
    .into_any()
}

/// JSON with its parts on lines of their own.
fn pretty(json: &str) -> String {
    let value: Result<serde_json::Value, _> = serde_json::from_str(json);
    let pretty = value.and_then(|value| serde_json::to_string_pretty(&value));
    pretty.unwrap_or_else(|_| json.to_owned())
}
