//! The head of a thing's pages: what it is called, and its tabs.

use super::{table::Status, text};
use crate::{routes, viewer::use_viewer};
use daybook_domain::{
    id::ObjectId,
    log::{LogKind, LogScope},
    object::{ObjectKind, ObjectStatus},
    permission::Permission,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// A page of a thing, by the last part of its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Overview,
    /// The people of a company.
    Contacts,
    AuditLog,
    /// When a contact came into the customer portal, or tried.
    SignIns,
    /// When an agent was there.
    WorkSessions,
    Past,
    Edit,
    /// Not among the tabs: it is come to from what can be done with the thing.
    Merge,
}

impl Tab {
    /// The page of that name, where things of the kind have one.
    pub fn of(kind: ObjectKind, name: &str) -> Option<Self> {
        let tab = match name {
            "overview" => Self::Overview,
            "contacts" => Self::Contacts,
            "audit-log" => Self::AuditLog,
            "sign-ins" => Self::SignIns,
            "work-sessions" => Self::WorkSessions,
            "past" => Self::Past,
            "edit" => Self::Edit,
            "merge" => Self::Merge,
            _ => return None,
        };
        tab.fits(kind).then_some(tab)
    }

    fn fits(self, kind: ObjectKind) -> bool {
        match self {
            Self::Contacts => kind == ObjectKind::Company,
            Self::SignIns => kind == ObjectKind::Contact,
            Self::WorkSessions => kind == ObjectKind::ServiceAgent,
            _ => true,
        }
    }

    /// The log it shows, narrowed to the thing.
    pub fn log(self) -> Option<LogScope> {
        match self {
            Self::AuditLog => Some(LogScope::All),
            Self::SignIns => Some(LogScope::One(LogKind::ContactAuthentication)),
            Self::WorkSessions => Some(LogScope::One(LogKind::WorkSession)),
            _ => None,
        }
    }

    /// What it takes.
    pub fn permission(self, kind: ObjectKind) -> Permission {
        match self {
            Self::Overview => kind.spec().see,
            Self::Contacts => ObjectKind::Contact.spec().see,
            Self::AuditLog | Self::SignIns | Self::WorkSessions | Self::Past => Permission::AuditLogsView,
            Self::Edit | Self::Merge => kind.spec().change,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Overview => text::OVERVIEW,
            Self::Contacts => text::plural(ObjectKind::Contact),
            Self::AuditLog => text::AUDIT_LOG,
            Self::SignIns => text::SIGN_INS,
            Self::WorkSessions => text::WORK_SESSIONS,
            Self::Past => text::PAST,
            Self::Edit => text::EDIT,
            Self::Merge => text::MERGE,
        }
    }

    fn address(self, kind: ObjectKind, id: ObjectId) -> String {
        match self {
            Self::Overview => routes::thing(kind, id),
            Self::Contacts => routes::contacts_of(id),
            Self::AuditLog => routes::thing_log(kind, id),
            Self::SignIns => routes::sign_ins_of(id),
            Self::WorkSessions => routes::work_sessions_of(id),
            Self::Past => routes::thing_past(kind, id, None),
            Self::Edit => routes::edit_thing(kind, id),
            Self::Merge => routes::merge_thing(kind, id),
        }
    }
}

/// Those that stand below the head, in their order.
const SHOWN: [Tab; 7] = [
    Tab::Overview,
    Tab::Contacts,
    Tab::AuditLog,
    Tab::SignIns,
    Tab::WorkSessions,
    Tab::Past,
    Tab::Edit,
];

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
    // What is deleted has its records still, and nothing else.
    let is_there = |of: &Tab| status.is_some() || !matches!(of, Tab::Edit | Tab::Contacts);
    let tabs = SHOWN
        .into_iter()
        .filter(|of| of.fits(kind) && is_there(of) && may(of.permission(kind)));
    let tabs = tabs.map(|of| {
        let current = (tab == of).then_some("page");
        view! { <li><a class="tabs__tab" href=of.address(kind, id) aria-current=current>{of.title()}</a></li> }
    });
    let tabs = tabs.collect_view();
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
            <ul class="tabs__list">{tabs}</ul>
        </nav>
    }
    .into_any()
}
