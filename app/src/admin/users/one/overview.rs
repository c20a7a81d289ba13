//! Who a user is, and where they are signed in.

use super::{actions::UserActions, edit::EditPart, manage::ManagePanel, text};
use crate::{account::when::When, ui::user_agent};
use daybook_domain::{
    account::{Session, UserDetail},
    id::RoleId,
};
use leptos::prelude::*;

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
    } = detail;
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
        {signed_in(sessions)}
    }
    .into_any()
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
