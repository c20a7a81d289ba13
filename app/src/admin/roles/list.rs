//! The list of roles.

use super::{NEW_PATH, api::list_roles, matrix::Matrix, text};
use crate::{routes, ui::problem::Problem};
use daybook_domain::{account::Role, permission::Permission};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn RolesPage() -> impl IntoView {
    let roles = Resource::new(|| (), |()| list_roles());
    view! {
        <Title text=text::TITLE/>
        <header class="page-head page-head--split">
            <div>
                <h1>{text::TITLE}</h1>
                <p class="page-head__about">{text::LEAD}</p>
            </div>
            <a class="button button--primary" href=NEW_PATH>{text::NEW}</a>
        </header>
        <Transition>
            {move || Suspend::new(async move {
                match roles.await {
                    Ok(roles) => view! { <RoleList roles=roles.clone()/> <Matrix roles/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn RoleList(roles: Vec<Role>) -> impl IntoView {
    let rows = roles
        .into_iter()
        .map(|role| view! { <RoleRow role/> })
        .collect_view();
    view! {
        <div class="plain-table__frame">
            <table class="plain-table" aria-label=text::TABLE>
                <thead>
                    <tr>
                        <th scope="col">"Role"</th>
                        <th scope="col">{text::PERMISSIONS}</th>
                        <th scope="col" class="plain-table__number">"Users"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn RoleRow(role: Role) -> impl IntoView {
    let titles = role
        .permissions
        .iter()
        .map(|permission| permission.title())
        .collect::<Vec<_>>()
        .join(", ");
    let count = text::permissions(role.permissions.len(), Permission::ALL.len());
    let some = role.permissions.len() != Permission::ALL.len() && !role.permissions.is_empty();
    view! {
        <tr class="plain-table__row">
            <th scope="row" class="role__name">
                <a class="row-link" href=routes::role(role.id)><bdi>{role.name}</bdi></a>
                {role.built_in.map(|_| view! { " " <span class="badge badge--neutral">{text::BUILT_IN}</span> })}
                <p class="role__description">{role.description}</p>
            </th>
            <td data-label=text::PERMISSIONS>
                {count}
                {some.then(|| view! { <p class="role__permissions">{titles}</p> })}
            </td>
            <td data-label="Users" class="plain-table__number">{role.users}</td>
        </tr>
    }
}
