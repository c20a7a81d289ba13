//! What a contact has of their own: where they are signed in, and a password.

use super::{
    api::{EndOtherPortalSessions, EndPortalSession, SetPortalPassword, show_portal_account},
    contact::use_contact,
    text,
};
use crate::{
    account::when::When,
    ui::{
        form::{Field, FormProblem, FormState, SubmitButton, Weight, successes},
        problem::Problem,
        ready::ready,
        user_agent,
    },
};
use daybook_domain::portal::{PortalAccount, PortalSession};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

#[component]
pub fn PortalAccountPage() -> impl IntoView {
    let (end, others) = (ServerAction::new(), ServerAction::new());
    let password = ServerAction::new();
    let changes = (successes(end), successes(others), successes(password));
    let account = Resource::new(
        move || (changes.0.get(), changes.1.get(), changes.2.get()),
        |_| show_portal_account(),
    );
    view! {
        <Title text=text::ACCOUNT/>
        <header class="page-head">
            <h1>{text::ACCOUNT}</h1>
        </header>
        <Transition>
            {move || account.get().map(|account| {
                ready(move || match account {
                    Ok(account) => whole(account, end, others, password),
                    Err(error) => view! { <Problem error/> }.into_any(),
                })
            })}
        </Transition>
    }
}

fn whole(
    account: PortalAccount,
    end: ServerAction<EndPortalSession>,
    others: ServerAction<EndOtherPortalSessions>,
    password: ServerAction<SetPortalPassword>,
) -> AnyView {
    let PortalAccount {
        has_password,
        asks_current,
        needs_link,
        sessions,
    } = account;
    let foot = (sessions.len() > 1).then(|| {
        let state = FormState::of(others);
        view! {
            <ActionForm action=others>
                <div class="plain-table__foot">
                    <SubmitButton state label=text::END_OTHERS pending=text::ENDING weight=Weight::Plain/>
                </div>
            </ActionForm>
        }
    });
    let rows = sessions.into_iter().map(|session| row(session, end));
    view! {
        <div class="account">
            <section class="account__part account__part--wide" aria-labelledby="sessions-title">
                <h2 id="sessions-title">{text::SESSIONS}</h2>
                <p class="account__lead">{text::SESSIONS_LEAD}</p>
                <FormProblem state=FormState::of(end)/>
                <FormProblem state=FormState::of(others)/>
                <div class="plain-table__frame">
                    <table class="plain-table" aria-labelledby="sessions-title">
                        <thead>
                            <tr>
                                <th scope="col">{text::BROWSER}</th>
                                <th scope="col">{text::IP}</th>
                                <th scope="col">{text::METHOD}</th>
                                <th scope="col">{text::BEGUN}</th>
                                <th scope="col">{text::SEEN}</th>
                                <th scope="col"><span class="visually-hidden">{text::END}</span></th>
                            </tr>
                        </thead>
                        <tbody>{rows.collect_view()}</tbody>
                    </table>
                    {foot}
                </div>
            </section>
            {if needs_link { first_by_link() } else { password_form(has_password, asks_current, password) }}
        </div>
    }
    .into_any()
}

fn row(session: PortalSession, end: ServerAction<EndPortalSession>) -> AnyView {
    let agent = session.user_agent.unwrap_or_default();
    let browser = user_agent::label(&agent).unwrap_or_else(|| text::UNKNOWN_BROWSER.to_owned());
    let action = if session.is_this {
        view! { <span class="badge badge--create">{text::THIS_BROWSER}</span> }.into_any()
    } else {
        let (state, about) = (FormState::of(end), browser.clone());
        view! {
            <ActionForm action=end>
                <input type="hidden" name="id" value=session.id.to_string()/>
                <SubmitButton state label=text::END pending=text::ENDING weight=Weight::Plain about/>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <tr class="plain-table__row">
            <th scope="row" title=agent>{browser}</th>
            <td data-label=text::IP>
                <span class="mono">{session.ip.unwrap_or_else(|| text::UNKNOWN_ADDRESS.to_owned())}</span>
            </td>
            <td data-label=text::METHOD>{text::method(&session.method)}</td>
            <td data-label=text::BEGUN><When at=session.begun/></td>
            <td data-label=text::SEEN><When at=session.seen/></td>
            <td class="plain-table__action">{action}</td>
        </tr>
    }
    .into_any()
}

/// Who didn't come by a link just now sets no first password: an open browser would be enough to come back for ever.
fn first_by_link() -> AnyView {
    view! {
        <section class="account__part" aria-labelledby="password-title">
            <h2 id="password-title">{text::PASSWORD}</h2>
            <p class="account__lead">{text::PASSWORD_NEEDS_LINK}</p>
        </section>
    }
    .into_any()
}

fn password_form(has_password: bool, asks_current: bool, action: ServerAction<SetPortalPassword>) -> AnyView {
    let state = FormState::of(action);
    let email = use_contact().map(|contact| contact.email).unwrap_or_default();
    let lead = match (has_password, asks_current) {
        (false, _) => text::PASSWORD_LEAD_NONE,
        (true, true) => text::PASSWORD_LEAD_ASKED,
        (true, false) => text::PASSWORD_LEAD_FRESH,
    };
    let current = asks_current.then(|| {
        view! {
            <Field state name="current" label=text::CURRENT_PASSWORD kind="password" autocomplete="current-password"/>
        }
    });
    view! {
        <section class="account__part" aria-labelledby="password-title">
            <h2 id="password-title">{text::PASSWORD}</h2>
            <p class="account__lead">{lead}</p>
            <ActionForm action>
                <div class="form">
                    // For password managers, which otherwise wouldn't know whose password this is.
                    <input class="visually-hidden" type="email" value=email autocomplete="username" readonly tabindex="-1" aria-hidden="true"/>
                    {current}
                    <Field
                        state
                        name="password"
                        label=text::NEW_PASSWORD
                        kind="password"
                        hint=text::PASSWORD_HINT
                        autocomplete="new-password"
                    />
                    <FormProblem state fields=&["current", "password"]/>
                    <div class="form__actions">
                        <SubmitButton state label=text::SET_PASSWORD pending=text::SETTING weight=Weight::Plain/>
                    </div>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}
