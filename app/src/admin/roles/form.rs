//! The questions of a role: name, description, permissions.

use super::{groups::Group, text};
use crate::{
    ui::form::{CheckboxGroup, Choice, Field, FormState},
    viewer::use_naming,
};
use daybook_domain::{
    account::Role,
    permission::{BuiltInRole, Permission, PermissionSet},
};
use leptos::prelude::*;

#[component]
pub fn RoleFields(
    state: FormState,
    /// `None` for one to be made.
    #[prop(optional)]
    role: Option<Role>,
) -> impl IntoView {
    let built_in = role.as_ref().and_then(|role| role.built_in);
    let fixed = built_in == Some(BuiltInRole::Administrator);
    let name_hint = if built_in.is_some() {
        text::NAME_FIXED
    } else {
        text::NAME_HINT
    };
    let (name, description, permissions) = role
        .map(|role| (role.name, role.description, role.permissions))
        .unwrap_or_default();
    let ticked = state
        .typed("permissions")
        .map_or(permissions, |typed| read(&typed));
    let groups = Group::ALL
        .into_iter()
        .map(|group| {
            let choices = group
                .permissions()
                .map(|permission| choice(permission, &ticked))
                .collect();
            view! { <CheckboxGroup name="permissions" legend=group.title() choices fixed/> }
        })
        .collect_view();
    view! {
        <Field
            state
            name="name"
            label="Name"
            hint=name_hint
            value=name
            readonly=built_in.is_some()
            autocomplete="off"
            maxlength=100
        />
        <Field
            state
            name="description"
            label="Description"
            hint=text::DESCRIPTION_HINT
            value=description
            autocomplete="off"
            maxlength=300
            optional=true
        />
        <section class="permissions" aria-labelledby="permissions-title">
            <h2 class="permissions__title" id="permissions-title">{text::PERMISSIONS}</h2>
            {fixed.then(|| view! { <p class="permissions__note">{text::ADMINISTRATOR_FIXED}</p> })}
            <div class="permissions__groups">{groups}</div>
        </section>
    }
    .into_any()
}

fn choice(permission: Permission, ticked: &PermissionSet) -> Choice {
    Choice {
        value: permission.name().to_owned(),
        title: permission.title().to_owned(),
        explanation: Some(use_naming().says(permission.explanation())),
        checked: ticked.contains(&permission),
    }
}

/// Permissions as a refused form brought them back.
fn read(typed: &str) -> PermissionSet {
    typed
        .split_whitespace()
        .filter_map(|name| name.parse().ok())
        .collect()
}
