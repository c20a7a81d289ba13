//! What was sent to an endpoint: its health, what can be done with it, and its messages.

use super::{
    KIND,
    api::{
        PauseEndpoint, RecoverMessages, ResumeEndpoint, SendTest, list_messages, show_health, show_signing,
    },
    health::Health,
    recover::{self, Counted, SINCE},
    text,
};
use crate::{
    account::when::When,
    admin::panel::use_chosen,
    error::AppError,
    objects::{Head, Tab, api::show_object, use_thing},
    pages::NotFound,
    routes,
    ui::{
        form::{FormProblem, FormState, SubmitButton, Weight, successes},
        list::{Asked, OneOf, Pager, use_asked},
        problem::Problem,
    },
};
use daybook_domain::{
    Error,
    id::ObjectId,
    object::{Object, ObjectQuery, ObjectStatus, unreadable},
    webhook::{EndpointHealth, Message, MessageFilters, MessagePage, MessageState, STATE, Signing},
};
use leptos::{form::ActionForm, prelude::*};

type Whole = (Object, EndpointHealth, Signing, ObjectQuery, MessagePage, Counted);

#[component]
pub fn DeliveriesOfThing() -> impl IntoView {
    let thing = use_thing();
    let asked = use_asked(MessageFilters);
    let actions = Actions {
        test: ServerAction::new(),
        pause: ServerAction::new(),
        resume: ServerAction::new(),
        recover: ServerAction::new(),
    };
    let done = [
        successes(actions.test),
        successes(actions.pause),
        successes(actions.resume),
        successes(actions.recover),
    ];
    let since = use_chosen(SINCE);
    let whole = Resource::new(
        move || {
            (
                thing.get(),
                asked.get(),
                since.get(),
                done.iter().map(Memo::get).sum::<usize>(),
            )
        },
        |(thing, asked, since, _)| async move {
            let (_, id) = thing?;
            Some(read(id, asked, since).await)
        },
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

/// What can be done with an endpoint.
#[derive(Clone, Copy)]
struct Actions {
    test: ServerAction<SendTest>,
    pause: ServerAction<PauseEndpoint>,
    resume: ServerAction<ResumeEndpoint>,
    recover: ServerAction<RecoverMessages>,
}

async fn read(id: ObjectId, asked: Asked, since: Option<String>) -> Result<Whole, AppError> {
    let query = asked.map_err(unreadable)?;
    let endpoint = show_object(KIND, id).await?;
    let health = show_health(id).await?;
    let signing = show_signing(id).await?;
    let page = list_messages(id, query.clone()).await?;
    let counted = recover::count(id, since).await;
    Ok((endpoint, health, signing, query, page, counted))
}

fn page((endpoint, health, signing, query, page, counted): Whole, actions: Actions) -> AnyView {
    let (id, name, status) = (endpoint.id, endpoint.name().to_owned(), endpoint.status);
    let paused = health.paused.is_some();
    let is_signed = !signing.secrets.is_empty();
    let unsigned = (!is_signed).then(|| {
        view! {
            <div class="notice">
                <p>{text::NO_SECRET}</p>
                <p><a class="button button--primary" href=routes::signing(id)>{text::MAKE_SECRET}</a></p>
            </div>
        }
    });
    let off =
        (status == ObjectStatus::Deactivated).then(|| view! { <p class="notice">{text::SWITCHED_OFF}</p> });
    let can_send = is_signed && status == ObjectStatus::Active;
    view! {
        <Head kind=KIND id name status=Some(status) tab=Tab::Deliveries/>
        <div class="webhook">
            {off} {unsigned}
            <Health health/>
            {can_send.then(|| doings(id, paused, actions))}
            {messages(id, &query, page)}
            {can_send.then(|| recover::part(id, counted, actions.recover))}
        </div>
    }
    .into_any()
}

fn doings(id: ObjectId, paused: bool, actions: Actions) -> AnyView {
    let test = FormState::of(actions.test);
    let (pause, resume) = (FormState::of(actions.pause), FormState::of(actions.resume));
    let switch = if paused {
        view! {
            <ActionForm action=actions.resume>
                <input type="hidden" name="endpoint" value=id.to_string()/>
                <SubmitButton state=resume label=text::RESUME pending=text::RESUMING/>
                <FormProblem state=resume/>
            </ActionForm>
        }
        .into_any()
    } else {
        view! {
            <ActionForm action=actions.pause>
                <input type="hidden" name="endpoint" value=id.to_string()/>
                <SubmitButton state=pause label=text::PAUSE pending=text::PAUSING weight=Weight::Plain/>
                <FormProblem state=pause/>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <div class="webhook__doings">
            <ActionForm action=actions.test>
                <input type="hidden" name="endpoint" value=id.to_string()/>
                <SubmitButton state=test label=text::TEST pending=text::TESTING weight=Weight::Plain/>
                <FormProblem state=test/>
            </ActionForm>
            {switch}
        </div>
    }
    .into_any()
}

fn messages(id: ObjectId, query: &ObjectQuery, page: MessagePage) -> AnyView {
    let nothing = page.rows.is_empty();
    if nothing && !query.is_narrowed() && query.cursor.is_none() {
        return view! {
            <div class="notice">
                <h2 class="notice__title">{text::NONE_YET}</h2>
                <p>{text::NONE_YET_ADVICE}</p>
            </div>
        }
        .into_any();
    }
    let link = |cursor| routes::deliveries(id, &query.at(cursor));
    let (before, after) = (page.before.map(Some).map(link), page.after.map(Some).map(link));
    let states = page.states.iter();
    let states = states
        .map(|(state, count)| (state.name(), state.title(), *count))
        .collect();
    let states = view! {
        <OneOf link=move |query: &_| routes::deliveries(id, query) query=query.clone() filter=STATE label=text::STATES parts=states/>
    };
    let rows = page.rows.into_iter().map(|message| row(id, message));
    let table = if nothing {
        view! { <p class="notice">{text::NO_MATCH}</p> }.into_any()
    } else {
        view! {
            <div class="plain-table__frame">
                <table class="plain-table" aria-label=text::TABLE>
                    <thead>
                        <tr>
                            <th scope="col">"Event"</th>
                            <th scope="col">"State"</th>
                            <th scope="col">"Attempts"</th>
                            <th scope="col">"Last answer"</th>
                            <th scope="col">"Made"</th>
                            <th scope="col">"Next try"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! { {states} {table} <Pager before after/> }.into_any()
}

fn row(id: ObjectId, message: Message) -> AnyView {
    let href = routes::webhook_message(id, message.id);
    let answer = answer(&message);
    view! {
        <tr class="plain-table__row">
            <th scope="row"><a class="link" href=href><bdi>{message.event_type}</bdi></a></th>
            <td data-label="State"><State state=message.state/></td>
            <td data-label="Attempts">{message.attempts}</td>
            <td data-label="Last answer">{answer}</td>
            <td data-label="Made"><When at=message.created/></td>
            <td data-label="Next try">
                {match message.next {
                    Some(at) => view! { <When at/> }.into_any(),
                    None => view! { <span class="quiet">"–"</span> }.into_any(),
                }}
            </td>
        </tr>
    }
    .into_any()
}

/// The status, or why there was none.
fn answer(message: &Message) -> AnyView {
    match (message.status, &message.failure) {
        (Some(status), _) => view! { <code>{status}</code> }.into_any(),
        (None, Some(failure)) => failure.kind.title().into_any(),
        (None, None) => view! { <span class="quiet">"–"</span> }.into_any(),
    }
}

#[component]
pub fn State(state: MessageState) -> impl IntoView {
    let class = match state {
        MessageState::Waiting => "badge badge--neutral",
        MessageState::Delivered => "badge badge--create",
        MessageState::Failed => "badge badge--delete",
    };
    view! { <span class=class>{state.title()}</span> }
}
