//! Who a user is, and where they are signed in.

use super::{actions::UserActions, edit::EditPart, manage::ManagePanel, text};
use crate::{
    account::when::When,
    ui::{
        form::{FormState, SubmitButton, Weight},
        user_agent,
    },
};
use daybook_domain::{
    account::{Session, UserDetail},
    id::{RoleId, UserId},
    identity::LinkedIdentity,
};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn Overview(
    detail: UserDetail,
    /// Those that can be given.
    roles: Vec<(RoleId, String)>,
    actions: UserActions,
    /// Whether it is the one who looks.
    is_viewer: bool,
) -> impl IntoView {
    let UserDetail {
        user,
        sessions,
        unmailable,
        second_factor,
        identities,
    } = detail;
    let user_id = user.id;
    let has_factor = second_factor.is_some();
    let factor = match second_factor {
        Some(at) => view! { {text::FACTOR_SINCE} <When at/> }.into_any(),
        None => text::NO_FACTOR.into_any(),
    };
    let last = match user.last_sign_in.clone() {
        Some(at) => view! { <When at/> }.into_any(),
        None => text::NEVER.into_any(),
    };
    view! {
        <dl class="facts">
            <div><dt>"Email"</dt><dd>{user.email.clone()}</dd></div>
            <div><dt>"Phone"</dt><dd><bdi>{user.phone.clone().unwrap_or_else(|| text::NONE.to_owned())}</bdi></dd></div>
            <div><dt>"Role"</dt><dd>{user.role_name.clone()}</dd></div>
            <div><dt>"Status"</dt><dd>{user.status.title()}</dd></div>
            <div><dt>"Since"</dt><dd><When at=user.created.clone()/></dd></div>
            <div><dt>"Last sign-in"</dt><dd>{last}</dd></div>
            <div><dt>"Second factor"</dt><dd>{factor}</dd></div>
        </dl>
        <EditPart user=user.clone() actions/>
        <ManagePanel user roles=StoredValue::new(roles) actions is_viewer unmailable has_factor/>
        {by_providers(user_id, identities, actions)}
        {signed_in(sessions)}
    }
    .into_any()
}

/// The identities by which they come in, where there are any.
fn by_providers(id: UserId, identities: Vec<LinkedIdentity>, actions: UserActions) -> Option<AnyView> {
    if identities.is_empty() {
        return None;
    }
    let rows = identities.into_iter().map(|identity| {
        let state = FormState::of(actions.unlink);
        view! {
            <tr class="plain-table__row">
                <th scope="row"><bdi>{identity.label.clone()}</bdi></th>
                <td data-label=text::SUBJECT><span class="mono">{identity.subject.clone()}</span></td>
                <td data-label=text::LINKED><When at=identity.since/></td>
                <td class="plain-table__action">
                    <ActionForm action=actions.unlink>
                        <input type="hidden" name="id" value=id.to_string()/>
                        <input type="hidden" name="provider" value=identity.provider.to_string()/>
                        <input type="hidden" name="subject" value=identity.subject/>
                        <SubmitButton state label=text::UNLINK pending=text::UNLINKING weight=Weight::Plain about=identity.label/>
                    </ActionForm>
                </td>
            </tr>
        }
    });
    let part = view! {
        <section class="part" aria-labelledby="identities-title">
            <h2 class="part__title" id="identities-title">{text::IDENTITIES}</h2>
            <p class="part__lead">{text::IDENTITIES_LEAD}</p>
            <div class="plain-table__frame">
                <table class="plain-table" aria-labelledby="identities-title">
                    <thead>
                        <tr>
                            <th scope="col">{text::IDENTITY}</th>
                            <th scope="col">{text::SUBJECT}</th>
                            <th scope="col">{text::LINKED}</th>
                            <th scope="col"><span class="visually-hidden">{text::UNLINK}</span></th>
                        </tr>
                    </thead>
                    <tbody class="plain-table__group">{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    };
    Some(part.into_any())
}

fn signed_in(sessions: Vec<Session>) -> AnyView {
    let rows = sessions.into_iter().map(|session| {
        let agent = session.user_agent.unwrap_or_default();
        let device = user_agent::label(&agent).unwrap_or_else(|| text::UNKNOWN_DEVICE.to_owned());
        let ip = session.ip.map_or_else(|| "–".to_owned(), |ip| ip.to_string());
        view! {
            <tr class="plain-table__row">
                <th scope="row" title=agent>{device}</th>
                <td data-label="IP address"><span class="mono">{ip}</span></td>
                <td data-label="Signed in"><When at=session.created/></td>
                <td data-label="Last seen"><When at=session.last_seen/></td>
            </tr>
        }
    });
    let rows = rows.collect::<Vec<_>>();
    let table = if rows.is_empty() {
        view! { <p class="quiet">{text::SIGNED_IN_NOWHERE}</p> }.into_any()
    } else {
        view! {
            <div class="plain-table__frame">
                <table class="plain-table" aria-labelledby="sessions-title">
                    <thead>
                        <tr>
                            <th scope="col">"Browser"</th>
                            <th scope="col">"IP address"</th>
                            <th scope="col">"Signed in"</th>
                            <th scope="col">"Last seen"</th>
                        </tr>
                    </thead>
                    <tbody class="plain-table__group">{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="part" aria-labelledby="sessions-title">
            <h2 class="part__title" id="sessions-title">{text::SESSIONS}</h2>
            {table}
        </section>
    }
    .into_any()
}
