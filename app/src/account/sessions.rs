//! Where the viewer is signed in.

use super::{
    api::{RevokeOtherSessions, RevokeSession},
    text,
    when::When,
};
use crate::ui::{
    form::{FormProblem, FormState, SubmitButton, Weight},
    user_agent,
};
use daybook_domain::account::Session;
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn Sessions(
    sessions: Vec<Session>,
    revoke: ServerAction<RevokeSession>,
    revoke_others: ServerAction<RevokeOtherSessions>,
) -> impl IntoView {
    let alone = sessions.len() <= 1;
    let state = FormState::of(revoke_others);
    let rows = sessions
        .into_iter()
        .map(|session| view! { <SessionRow session revoke/> })
        .collect_view();
    let foot = if alone {
        view! { <p class="plain-table__foot">{text::ONLY_HERE}</p> }.into_any()
    } else {
        view! {
            <ActionForm action=revoke_others>
                <div class="plain-table__foot">
                    <SubmitButton state label=text::SIGN_OUT_OTHERS pending=text::SIGNING_OUT weight=Weight::Plain/>
                </div>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <section class="account__part account__part--wide" aria-labelledby="sessions-title">
            <h2 id="sessions-title">{text::SESSIONS}</h2>
            <p class="account__lead">{text::SESSIONS_LEAD}</p>
            <FormProblem state/>
            <FormProblem state=FormState::of(revoke)/>
            <div class="plain-table__frame">
                <table class="plain-table" aria-labelledby="sessions-title">
                    <thead>
                        <tr>
                            <th scope="col">"Browser"</th>
                            <th scope="col">"IP address"</th>
                            <th scope="col">"Signed in"</th>
                            <th scope="col">"Last seen"</th>
                            <th scope="col"><span class="visually-hidden">{text::SIGN_OUT}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
                {foot}
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn SessionRow(session: Session, revoke: ServerAction<RevokeSession>) -> impl IntoView {
    let agent = session.user_agent.unwrap_or_default();
    let device = user_agent::label(&agent).unwrap_or_else(|| text::UNKNOWN_DEVICE.to_owned());
    let ip = session
        .ip
        .map_or_else(|| text::NO_ADDRESS.to_owned(), |ip| ip.to_string());
    let state = FormState::of(revoke);
    let action = if session.current {
        view! { <span class="badge badge--create">{text::THIS_BROWSER}</span> }.into_any()
    } else {
        let about = device.clone();
        view! {
            <ActionForm action=revoke>
                <input type="hidden" name="id" value=session.id.to_string()/>
                <SubmitButton state label=text::SIGN_OUT pending=text::SIGNING_OUT weight=Weight::Plain about/>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <tr class="plain-table__row">
            <th scope="row" title=agent>{device}</th>
            <td data-label="IP address"><span class="mono">{ip}</span></td>
            <td data-label="Signed in"><When at=session.created/></td>
            <td data-label="Last seen"><When at=session.last_seen/></td>
            <td class="plain-table__action">{action}</td>
        </tr>
    }
}
