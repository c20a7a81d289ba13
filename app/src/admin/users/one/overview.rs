//! Who a user is, and where they are signed in.

use super::text;
use crate::{account::when::When, admin::users::manage_link, ui::user_agent};
use daybook_domain::account::{Session, UserDetail};
use leptos::prelude::*;

#[component]
pub fn Overview(detail: UserDetail) -> impl IntoView {
    let UserDetail { user, sessions } = detail;
    let last = match user.last_sign_in {
        Some(at) => view! { <When at/> }.into_any(),
        None => text::NEVER.into_any(),
    };
    view! {
        <dl class="facts">
            <div><dt>"Email"</dt><dd>{user.email}</dd></div>
            <div><dt>"Role"</dt><dd>{user.role_name}</dd></div>
            <div><dt>"Status"</dt><dd>{user.status.title()}</dd></div>
            <div><dt>"Since"</dt><dd><When at=user.created/></dd></div>
            <div><dt>"Last sign-in"</dt><dd>{last}</dd></div>
        </dl>
        <p class="user__manage"><a class="button" href=manage_link(user.id)>{text::MANAGE}</a></p>
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
