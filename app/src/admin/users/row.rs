//! One user in the list, with the panel that belongs to them.

use super::{manage::ManagePanel, manage_link, page::UserActions, text};
use crate::{account::when::When, routes, viewer::use_viewer};
use daybook_domain::{
    account::{User, UserStatus},
    id::RoleId,
};
use leptos::prelude::*;

/// The person's row and, where asked for, the row with what can be done about them.
#[component]
pub fn UserRecord(
    user: User,
    roles: StoredValue<Vec<(RoleId, String)>>,
    actions: UserActions,
    managed: Memo<Option<String>>,
) -> impl IntoView {
    let id = user.id;
    let open =
        Memo::new(move |_| managed.with(|managed| managed.as_deref() == Some(id.to_string().as_str())));
    let is_viewer = use_viewer().is_some_and(|viewer| viewer.email == user.email);
    let toggle_to = move || {
        if open.get() {
            routes::USERS.to_owned()
        } else {
            manage_link(id)
        }
    };
    let (name, email, role) = (user.name.clone(), user.email.clone(), user.role_name.clone());
    let last = user.last_sign_in.clone();
    let about = user.name.clone();
    let user = StoredValue::new(user);
    view! {
        <tbody class="plain-table__group" class:plain-table__group--open=move || open.get() id=format!("user-{id}")>
            <tr class="plain-table__row">
                <th scope="row" class="user__name">
                    <a class="row-link" href=routes::user(id)><bdi>{name}</bdi></a>
                    {is_viewer.then(|| view! { " " <span class="user__you">{text::YOU}</span> })}
                </th>
                <td data-label="Email" class="user__email">{email}</td>
                <td data-label="Role">{role}</td>
                <td data-label="Status"><Status status=user.with_value(|user| user.status)/></td>
                <td data-label="Last sign-in">
                    {match last {
                        Some(at) => view! { <When at/> }.into_any(),
                        None => view! { <span class="quiet">{text::NEVER}</span> }.into_any(),
                    }}
                </td>
                <td class="plain-table__action">
                    <a class="row-link" href=toggle_to data-noscroll="">
                        {move || if open.get() { text::CLOSE } else { text::MANAGE }}
                        <span class="visually-hidden">" " {about}</span>
                    </a>
                </td>
            </tr>
            <Show when=move || open.get()>
                <tr class="plain-table__detail">
                    <td colspan="6">
                        <ManagePanel user=user.get_value() roles actions is_viewer/>
                    </td>
                </tr>
            </Show>
        </tbody>
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
