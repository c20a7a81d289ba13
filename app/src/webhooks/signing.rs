//! What an endpoint's messages are signed with, and what is sent along.

use super::{
    KIND,
    api::{AddSecret, RemoveHeader, RemoveSecret, SetHeader, show_signing},
    text,
};
use crate::{
    account::when::When,
    error::AppError,
    objects::{Head, Tab, api::show_object, use_thing},
    pages::NotFound,
    ui::{
        form::{Confirm, Field, FormProblem, FormState, SubmitButton, Weight, successes},
        problem::Problem,
    },
};
use daybook_domain::{
    Error,
    id::ObjectId,
    object::Object,
    webhook::{Signing, SigningKey},
};
use leptos::{form::ActionForm, prelude::*};

#[derive(Clone, Copy)]
struct Actions {
    add: ServerAction<AddSecret>,
    remove: ServerAction<RemoveSecret>,
    set: ServerAction<SetHeader>,
    unset: ServerAction<RemoveHeader>,
    /// How often a header was set.
    was_set: Memo<usize>,
}

#[component]
pub fn SigningOfThing() -> impl IntoView {
    let thing = use_thing();
    let set = ServerAction::new();
    let actions = Actions {
        add: ServerAction::new(),
        remove: ServerAction::new(),
        set,
        unset: ServerAction::new(),
        was_set: successes(set),
    };
    let done = [
        successes(actions.add),
        successes(actions.remove),
        actions.was_set,
        successes(actions.unset),
    ];
    let shown = Resource::new(
        move || (thing.get(), done.iter().map(Memo::get).sum::<usize>()),
        |(thing, _)| async move {
            let (_, id) = thing?;
            let both = async { Ok::<_, AppError>((show_object(KIND, id).await?, show_signing(id).await?)) };
            Some(both.await)
        },
    );
    view! {
        <Transition>
            {move || Suspend::new(async move {
                Some(match shown.await? {
                    Ok((endpoint, signing)) => page(endpoint, signing, actions),
                    Err(error) if *error.kind() == Error::NotFound => view! { <NotFound/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                })
            })}
        </Transition>
    }
    .into_any()
}

fn page(endpoint: Object, signing: Signing, actions: Actions) -> AnyView {
    let (id, name, status) = (endpoint.id, endpoint.name().to_owned(), endpoint.status);
    view! {
        <Head kind=KIND id name status=Some(status) tab=Tab::Signing/>
        <div class="webhook">
            {secrets(id, signing.secrets, actions)}
            {headers(id, signing.headers, actions)}
        </div>
    }
    .into_any()
}

fn secrets(id: ObjectId, secrets: Vec<SigningKey>, actions: Actions) -> AnyView {
    let (add, remove) = (FormState::of(actions.add), FormState::of(actions.remove));
    let none = secrets.is_empty();
    let several = secrets.len() > 1;
    let rows = secrets.into_iter().map(|secret| {
        let until = match secret.expires {
            Some(at) => view! { "until " <time datetime=at.utc.to_string()>{at.date} " " {at.time}</time> }.into_any(),
            None => text::UNTIL_REMOVED.into_any(),
        };
        let about = format!("{} {}", secret.created.date, secret.created.time);
        let remove = several.then(|| view! {
            <Confirm label=text::REMOVE_SECRET question=text::REMOVE_QUESTION>
                <ActionForm action=actions.remove>
                    <input type="hidden" name="endpoint" value=id.to_string()/>
                    <input type="hidden" name="secret" value=secret.id.to_string()/>
                    <SubmitButton state=remove label=text::REMOVE pending=text::REMOVING weight=Weight::Danger about/>
                </ActionForm>
            </Confirm>
        });
        view! {
            <tr class="plain-table__row">
                <td data-label="Made"><When at=secret.created/></td>
                <td data-label=text::SIGNS>{until}</td>
                <td class="plain-table__action">{remove}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let table = if none {
        view! { <p class="notice">{text::NO_SECRETS}</p> }.into_any()
    } else {
        view! {
            <div class="plain-table__frame">
                <table class="plain-table" aria-label=text::SECRETS>
                    <thead>
                        <tr>
                            <th scope="col">"Made"</th>
                            <th scope="col">{text::SIGNS}</th>
                            <th scope="col"><span class="visually-hidden">{text::REMOVE}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="webhook__part">
            <h2>{text::SECRETS}</h2>
            <p>{text::SECRETS_ABOUT}</p>
            {table}
            <FormProblem state=remove/>
            <ActionForm action=actions.add>
                <input type="hidden" name="endpoint" value=id.to_string()/>
                <SubmitButton state=add label=text::ADD_SECRET pending=text::ADDING weight={if none { Weight::Primary } else { Weight::Plain }}/>
                <FormProblem state=add/>
            </ActionForm>
        </section>
    }
    .into_any()
}

fn headers(id: ObjectId, headers: Vec<String>, actions: Actions) -> AnyView {
    let (set, unset) = (FormState::of(actions.set), FormState::of(actions.unset));
    let none = headers
        .is_empty()
        .then(|| view! { <p class="quiet">{text::NO_HEADERS}</p> });
    let rows = headers.into_iter().map(|name| {
        let about = name.clone();
        view! {
            <li class="webhook__header">
                <code>{name.clone()}</code>
                <ActionForm action=actions.unset>
                    <input type="hidden" name="endpoint" value=id.to_string()/>
                    <input type="hidden" name="name" value=name/>
                    <SubmitButton state=unset label=text::REMOVE pending=text::REMOVING weight=Weight::Plain about/>
                </ActionForm>
            </li>
        }
    });
    view! {
        <section class="webhook__part">
            <h2>{text::HEADERS}</h2>
            <p>{text::HEADERS_ABOUT}</p>
            {none}
            <ul class="webhook__headers">{rows.collect_view()}</ul>
            <FormProblem state=unset/>
            <ActionForm action=actions.set>
                <div class="form">
                    <input type="hidden" name="endpoint" value=id.to_string()/>
                    // Empty again once what was typed is stored.
                    <For each=move || [actions.was_set.get()] key=|turn| *turn let:_turn>
                        <Field state=set prefix="header" name="name" label=text::HEADER_NAME hint=text::HEADER_NAME_HINT autocomplete="off" maxlength=100/>
                        <Field state=set prefix="header" name="value" kind="password" label=text::HEADER_VALUE autocomplete="new-password" maxlength=2000/>
                    </For>
                    <FormProblem state=set fields=&["name", "value"]/>
                    <div class="form__actions">
                        <SubmitButton state=set label=text::SET_HEADER pending=text::SETTING weight=Weight::Plain/>
                    </div>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}
