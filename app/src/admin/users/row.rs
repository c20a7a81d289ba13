//! One user in the list.

use super::text;
use crate::{
    account::when::When,
    routes::{self, UserTab},
    viewer::use_viewer,
};
use daybook_domain::account::{User, UserStatus};
use leptos::prelude::*;

#[component]
pub fn UserRecord(user: User) -> impl IntoView {
    let is_viewer = use_viewer().is_some_and(|viewer| viewer.email == user.email);
    let last = match user.last_sign_in {
        Some(at) => view! { <When at/> }.into_any(),
        None => view! { <span class="quiet">{text::NEVER}</span> }.into_any(),
    };
    view! {
        <tr class="plain-table__row">
            <th scope="row" class="user__name">
                <a class="row-link" href=routes::user(user.id)><bdi>{user.name.clone()}</bdi></a>
                {is_viewer.then(|| view! { " " <span class="user__you">{text::YOU}</span> })}
            </th>
            <td data-label="Email" class="user__email">{user.email}</td>
            <td data-label="Role">{user.role_name}</td>
            <td data-label="Status"><Status status=user.status/></td>
            <td data-label="Last sign-in">{last}</td>
            <td class="plain-table__action">
                <a class="row-link" href=routes::user_tab(user.id, UserTab::Overview)>
                    {text::MANAGE} <span class="visually-hidden">" " {user.name}</span>
                </a>
            </td>
        </tr>
    }
    .into_any()
}

#[component]
pub fn Status(status: UserStatus) -> impl IntoView {
    let class = match status {
        UserStatus::Active => "badge badge--create",
        UserStatus::Invited => "badge badge--signin",
        UserStatus::Deactivated => "badge badge--neutral",
    };
    view! { <span class=class>{status.title()}</span> }
}
