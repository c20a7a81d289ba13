//! All roles beside each other: what each may do.

use super::{groups::Group, text};
use crate::{routes, viewer::use_naming};
use daybook_domain::{account::Role, permission::Permission};
use leptos::prelude::*;

#[component]
pub fn Matrix(roles: Vec<Role>) -> impl IntoView {
    let heads = roles.iter().map(|role| {
        view! {
            <th scope="col" class="matrix__role">
                <a class="row-link" href=routes::role(role.id)><bdi>{role.name.clone()}</bdi></a>
            </th>
        }
    });
    let heads = heads.collect_view();
    let columns = roles.len() + 1;
    let groups = Group::ALL.into_iter().map(|group| {
        let rows = group.permissions().map(|permission| row(permission, &roles));
        view! {
            <tbody>
                <tr>
                    <th scope="rowgroup" colspan=columns class="matrix__group"><span>{group.title()}</span></th>
                </tr>
                {rows.collect_view()}
            </tbody>
        }
    });
    view! {
        <div class="part">
            <h2 class="part__title" id="matrix-title">{text::MATRIX}</h2>
            // It scrolls by itself where it is wider than the page, also by keyboard.
            <div class="matrix" role="region" aria-labelledby="matrix-title" tabindex="0">
                <table class="matrix__table" aria-labelledby="matrix-title">
                    <thead>
                        <tr><th scope="col">{text::PERMISSION}</th>{heads}</tr>
                    </thead>
                    {groups.collect_view()}
                </table>
            </div>
        </div>
    }
    .into_any()
}

fn row(permission: Permission, roles: &[Role]) -> AnyView {
    let cells = roles.iter().map(|role| {
        let (mark, said) = if role.permissions.contains(&permission) {
            ("✓", text::MAY)
        } else {
            ("–", text::MAY_NOT)
        };
        view! {
            <td class="matrix__cell" class:matrix__cell--may=mark == "✓">
                <span aria-hidden="true">{mark}</span> <span class="visually-hidden">{said}</span>
            </td>
        }
    });
    let explanation = use_naming().says(permission.explanation()).into_owned();
    view! {
        <tr>
            <th scope="row" title=explanation>{permission.title()}</th>
            {cells.collect_view()}
        </tr>
    }
    .into_any()
}
