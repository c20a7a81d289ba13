//! The head of a thing's pages: what it is called, and its tabs.

use super::{table::Status, text};
use crate::{routes, viewer::use_viewer};
use daybook_domain::{
    id::ObjectId,
    object::{ObjectKind, ObjectStatus},
    permission::Permission,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// A page of a thing, by the last part of its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Overview,
    AuditLog,
    Past,
    Edit,
    /// Not among the tabs: it is come to from what can be done with the thing.
    Merge,
}

impl Tab {
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "overview" => Some(Self::Overview),
            "audit-log" => Some(Self::AuditLog),
            "past" => Some(Self::Past),
            "edit" => Some(Self::Edit),
            "merge" => Some(Self::Merge),
            _ => None,
        }
    }
}

#[component]
pub fn Head(
    kind: ObjectKind,
    id: ObjectId,
    #[prop(into)] name: String,
    /// `None` where it is deleted.
    status: Option<ObjectStatus>,
    tab: Tab,
) -> impl IntoView {
    let viewer = use_viewer();
    let may = |permission: Permission| viewer.as_ref().is_some_and(|viewer| viewer.may(permission));
    let link = |of: Tab, title: &'static str, href: String| {
        let current = (tab == of).then_some("page");
        view! { <li><a class="tabs__tab" href=href aria-current=current>{title}</a></li> }
    };
    let logs = may(Permission::AuditLogsView).then(|| {
        [
            link(Tab::AuditLog, text::AUDIT_LOG, routes::thing_log(kind, id)),
            link(Tab::Past, text::PAST, routes::thing_past(kind, id, None)),
        ]
    });
    let may_edit = status.is_some() && may(kind.spec().change);
    let edit = may_edit.then(|| link(Tab::Edit, text::EDIT, routes::edit_thing(kind, id)));
    let status = match status {
        Some(status) => view! { <Status status/> }.into_any(),
        None => view! { <span class="badge badge--delete">{text::GONE}</span> }.into_any(),
    };
    view! {
        <Title text=name.clone()/>
        <header class="page-head">
            <p class="page-head__back"><a class="row-link" href=kind.spec().path>{text::plural(kind)}</a></p>
            <h1 class="thing__name"><bdi>{name.clone()}</bdi> " " {status}</h1>
        </header>
        <nav class="tabs" aria-label=text::pages_of(&name)>
            <ul class="tabs__list">
                {link(Tab::Overview, text::OVERVIEW, routes::thing(kind, id))}
                {logs}
                {edit}
            </ul>
        </nav>
    }
    .into_any()
}
