//! The head of a thing's pages: what it is called, and its tabs.

use super::{table::Status, text};
use crate::{
    analytics::text as analytics,
    email::text as email,
    past, routes,
    ui::page_head::{TabLink, back_link, tabs},
    viewer::lacking,
    webhooks::text as webhooks,
};
use daybook_domain::{
    analytics::{UsageQuery, UsageType},
    id::ObjectId,
    log::{LogKind, LogScope},
    object::{ObjectKind, ObjectQuery, ObjectStatus},
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
    /// What was mailed to a contact, or to the people of a company.
    Emails,
    /// How much a contact, or the people of a company, use the portal.
    Usage,
    /// What was sent to a webhook endpoint, or to an integration.
    Deliveries,
    /// What its messages are signed with.
    Signing,
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
            "emails" => Self::Emails,
            "usage" => Self::Usage,
            "deliveries" => Self::Deliveries,
            "signing" => Self::Signing,
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
            Self::Emails | Self::Usage => matches!(kind, ObjectKind::Company | ObjectKind::Contact),
            Self::SignIns => kind == ObjectKind::Contact,
            Self::WorkSessions => kind == ObjectKind::ServiceAgent,
            Self::Deliveries => matches!(kind, ObjectKind::WebhookEndpoint | ObjectKind::Integration),
            Self::Signing => kind == ObjectKind::WebhookEndpoint,
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

    /// What it takes. What the log says of a thing is the log's to show, whoever may see the thing itself.
    fn needs(self, kind: ObjectKind) -> Vec<Permission> {
        match self {
            Self::Overview => vec![kind.spec().see],
            Self::Contacts => vec![kind.spec().see, ObjectKind::Contact.spec().see],
            Self::Emails => vec![kind.spec().see, Permission::EmailHistoryView],
            Self::Usage => vec![kind.spec().see, Permission::AnalyticsView],
            Self::AuditLog | Self::SignIns | Self::WorkSessions => vec![Permission::AuditLogsView],
            Self::Deliveries | Self::Signing => vec![kind.spec().change],
            Self::Past => vec![kind.spec().see, Permission::AuditLogsView],
            Self::Edit | Self::Merge => vec![kind.spec().see, kind.spec().change],
        }
    }

    /// What the viewer lacks for it.
    pub fn lacks(self, kind: ObjectKind) -> Option<Permission> {
        lacking(&self.needs(kind))
    }

    fn title(self) -> &'static str {
        match self {
            Self::Overview => text::OVERVIEW,
            Self::Contacts => text::plural(ObjectKind::Contact),
            Self::AuditLog => text::AUDIT_LOG,
            Self::SignIns => text::SIGN_INS,
            Self::WorkSessions => text::WORK_SESSIONS,
            Self::Emails => email::EMAILS,
            Self::Usage => analytics::USAGE,
            Self::Deliveries => webhooks::DELIVERIES,
            Self::Signing => webhooks::SIGNING,
            Self::Past => past::text::PAST,
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
            Self::Emails => routes::emails(Some((kind, id)), &ObjectQuery::default()),
            Self::Usage => routes::usage_of(kind, id, &UsageQuery::new(UsageType::General)),
            Self::Deliveries if kind == ObjectKind::Integration => routes::integration(id),
            Self::Deliveries => routes::deliveries(id, &ObjectQuery::default()),
            Self::Signing => routes::signing(id),
            Self::Past => routes::thing_past(kind, id, None),
            Self::Edit => routes::edit_thing(kind, id),
            Self::Merge => routes::merge_thing(kind, id),
        }
    }
}

/// Those that stand below the head, in their order.
const SHOWN: [Tab; 11] = [
    Tab::Overview,
    Tab::Contacts,
    Tab::Emails,
    Tab::Usage,
    Tab::Deliveries,
    Tab::Signing,
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
    /// `None` where it is deleted, or isn't the viewer's to see.
    status: Option<ObjectStatus>,
    #[prop(optional)] gone: bool,
    tab: Tab,
) -> impl IntoView {
    // What is deleted has its records still, and nothing else.
    let is_there = |of: &Tab| {
        !gone
            || !matches!(
                of,
                Tab::Edit | Tab::Contacts | Tab::Emails | Tab::Usage | Tab::Deliveries | Tab::Signing
            )
    };
    let shown = SHOWN
        .into_iter()
        .filter(|of| of.fits(kind) && is_there(of) && of.lacks(kind).is_none());
    let links = shown.map(|of| TabLink {
        title: of.title(),
        href: of.address(kind, id),
        current: tab == of,
    });
    let tabs = tabs(text::pages_of(&name), links);
    let status = status.map(|status| view! { <Status status/> });
    let gone = gone.then(|| view! { <span class="badge badge--delete">{text::GONE}</span> });
    let back = back_link(kind.spec().path, text::plural(kind), kind.spec().see);
    view! {
        <Title text=name.clone()/>
        <header class="page-head">
            {back}
            <h1 class="thing__name"><bdi>{name.clone()}</bdi> " " {status} {gone}</h1>
        </header>
        {tabs}
    }
    .into_any()
}
