//! The document, the router and the gate in front of every page.

use crate::{
    account::{AccountPage, SecondFactorPage},
    address::here,
    admin::{
        api_keys::ApiKeysPage,
        drift::DriftPage,
        identity_providers::{IdentityProviderPage, IdentityProvidersPage},
        past::{PastOfRetention, PastOfSettings, PastOfSignInPolicy},
        retention::RetentionPage,
        roles::{RolePage, RoleTabPage, RolesPage},
        settings::SettingsPage,
        sign_in::SignInPolicyPage,
        users::{ImpersonatePage, UserPage, UsersPage},
    },
    alerts::{AlertPage, AlertRulePage, AlertRulesPage, AlertsPage},
    analytics::{CoursesUsagePage, FilesUsagePage, PortalUsagePage},
    audit_logs::{
        AgentDayPage, ComparePage, EventPage, LogPage, ReportPage,
        views::{ViewsPage, provide_kept},
    },
    email::{
        DeliveryHistoryPage, EmailMessagePage, EmailTemplatePage, EmailTemplatesPage, MailSettingsPage,
        SuppressionsPage,
    },
    event_types::EventTypesPage,
    flash,
    integrations::IntegrationsPage,
    layout::{Frame, Layout, ask_before_going_back},
    objects::{ImportPage, ImportsPage, ManyPage, NewThingPage, ThingPage, ThingsPage},
    pages::{Forbidden, NotFound},
    portal::{
        CustomerPortal, PortalAccountPage, PortalEmailPage, PortalEmailsPage, PortalLinkPage,
        PortalRecordsPage, PortalSignInPage, provide_contact,
    },
    routes,
    sign_in::{CodePage, ForgottenPage, InvitationPage, ResetPage, SetupPage, SignInPage},
    ui::hydrated::provide_hydrated,
    viewer::{provide_viewer, use_viewer},
    webhooks::MessageOfThing,
};
use daybook_domain::{
    analytics::{UsageQuery, UsageType},
    portal::PortalList,
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Outlet, ParentRoute, Route, Router, Routes},
    hooks::use_location,
    path,
};

/// The HTML document around the pages, made on the server.
#[cfg(feature = "ssr")]
pub fn shell() -> impl IntoView {
    use crate::layout::Hydration;
    use leptos_meta::MetaTags;
    let css = crate::context::ServerContext::current()
        .map(|context| context.assets.css.clone())
        .ok();
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=css/>
                <Hydration/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Everything inside `<body>`.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    flash::provide_redirects();
    provide_hydrated();
    provide_viewer();
    provide_contact();
    provide_kept();
    ask_before_going_back();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Daybook".to_owned() } else { format!("{title} · Daybook") }/>
        <Router>
            <Routes fallback=Lost>
                <Route path=path!("/sign-in") view=|| view! { <Frame><SignInPage/></Frame> } ssr=SsrMode::Async/>
                <Route path=path!("/sign-in/code") view=|| view! { <Frame><CodePage/></Frame> } ssr=SsrMode::Async/>
                <Route path=path!("/setup") view=|| view! { <Frame><SetupPage/></Frame> } ssr=SsrMode::Async/>
                <Route path=path!("/invite/:token") view=|| view! { <Frame><InvitationPage/></Frame> } ssr=SsrMode::Async/>
                <Route path=path!("/forgot-password") view=|| view! { <Frame><ForgottenPage/></Frame> } ssr=SsrMode::Async/>
                <Route path=path!("/reset/:token") view=|| view! { <Frame><ResetPage/></Frame> } ssr=SsrMode::Async/>
                <Route path=path!("/portal/sign-in") view=|| view! { <Frame><PortalSignInPage/></Frame> } ssr=SsrMode::Async/>
                <Route path=path!("/portal/link/:token") view=|| view! { <Frame><PortalLinkPage/></Frame> } ssr=SsrMode::Async/>
                <ParentRoute path=path!("/portal") view=CustomerPortal ssr=SsrMode::Async>
                    <Route path=path!("") view=|| elsewhere(routes::portal_list(PortalList::Activity)) ssr=SsrMode::Async/>
                    <Route path=path!("account") view=PortalAccountPage ssr=SsrMode::Async/>
                    <Route path=path!("emails") view=PortalEmailsPage ssr=SsrMode::Async/>
                    <Route path=path!("emails/:message") view=PortalEmailPage ssr=SsrMode::Async/>
                    <Route path=path!(":list") view=PortalRecordsPage ssr=SsrMode::Async/>
                </ParentRoute>
                <ParentRoute path=path!("") view=Portal ssr=SsrMode::Async>
                    <Route path=path!("/") view=|| elsewhere(routes::AUDIT_LOGS.to_owned()) ssr=SsrMode::Async/>
                    <Route path=path!("/audit-logs") view=|| elsewhere(routes::first_log()) ssr=SsrMode::Async/>
                    // Before the logs: the first that fits is taken.
                    <Route path=path!("/audit-logs/views") view=|| page("/audit-logs/views", ViewsPage) ssr=SsrMode::Async/>
                    <Route path=path!("/audit-logs/views/:view/report") view=|| page("/audit-logs/views/:view/report", ReportPage) ssr=SsrMode::Async/>
                    <Route path=path!("/audit-logs/work-session/day") view=|| page("/audit-logs/work-session/day", AgentDayPage) ssr=SsrMode::Async/>
                    <Route path=path!("/audit-logs/:log") view=|| page("/audit-logs/:log", LogPage) ssr=SsrMode::Async/>
                    <Route path=path!("/audit-logs/event/:id") view=|| page("/audit-logs/event/:id", EventPage) ssr=SsrMode::Async/>
                    <Route path=path!("/audit-logs/event/:id/compare") view=|| page("/audit-logs/event/:id/compare", ComparePage) ssr=SsrMode::Async/>
                    <Route path=path!("/event-types") view=|| page("/event-types", EventTypesPage) ssr=SsrMode::Async/>
                    <Route path=path!("/alerts") view=|| page("/alerts", AlertsPage) ssr=SsrMode::Async/>
                    <Route path=path!("/alerts/rules") view=|| page("/alerts/rules", AlertRulesPage) ssr=SsrMode::Async/>
                    <Route path=path!("/alerts/rules/:rule") view=|| page("/alerts/rules/:rule", AlertRulePage) ssr=SsrMode::Async/>
                    <Route path=path!("/alerts/:id") view=|| page("/alerts/:id", AlertPage) ssr=SsrMode::Async/>
                    <Route path=path!("/analytics") view=|| elsewhere(routes::usage(&UsageQuery::new(UsageType::General))) ssr=SsrMode::Async/>
                    <Route path=path!("/analytics/portal") view=|| page("/analytics/portal", PortalUsagePage) ssr=SsrMode::Async/>
                    <Route path=path!("/analytics/courses") view=|| page("/analytics/courses", CoursesUsagePage) ssr=SsrMode::Async/>
                    <Route path=path!("/analytics/files") view=|| page("/analytics/files", FilesUsagePage) ssr=SsrMode::Async/>
                    <Route path=path!("/account") view=|| page("/account", AccountPage) ssr=SsrMode::Async/>
                    <Route path=path!("/account/second-factor") view=|| page("/account/second-factor", SecondFactorPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/users") view=|| page("/admin/users", UsersPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/users/:id/impersonate") view=|| page("/admin/users/:id/impersonate", ImpersonatePage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/users/:id") view=|| page("/admin/users/:id", UserPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/users/:id/:tab") view=|| page("/admin/users/:id/:tab", UserPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/roles") view=|| page("/admin/roles", RolesPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/roles/:id") view=|| page("/admin/roles/:id", RolePage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/roles/:id/:tab") view=|| page("/admin/roles/:id/:tab", RoleTabPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/api-keys") view=|| page("/admin/api-keys", ApiKeysPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/settings") view=|| page("/admin/settings", SettingsPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/settings/past") view=|| page("/admin/settings/past", PastOfSettings) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/sign-in/past") view=|| page("/admin/sign-in/past", PastOfSignInPolicy) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/retention/past/:log") view=|| page("/admin/retention/past/:log", PastOfRetention) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/identity-providers") view=|| page("/admin/identity-providers", IdentityProvidersPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/identity-providers/:provider") view=|| page("/admin/identity-providers/:provider", IdentityProviderPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/sign-in") view=|| page("/admin/sign-in", SignInPolicyPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/retention") view=|| page("/admin/retention", RetentionPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/drift") view=|| page("/admin/drift", DriftPage) ssr=SsrMode::Async/>
                    <Route path=path!("/companies") view=|| page("/companies", ThingsPage) ssr=SsrMode::Async/>
                    <Route path=path!("/companies/new") view=|| page("/companies/new", NewThingPage) ssr=SsrMode::Async/>
                    <Route path=path!("/companies/import") view=|| page("/companies/import", ImportsPage) ssr=SsrMode::Async/>
                    <Route path=path!("/companies/many") view=|| page("/companies/many", ManyPage) ssr=SsrMode::Async/>
                    <Route path=path!("/companies/import/:import") view=|| page("/companies/import/:import", ImportPage) ssr=SsrMode::Async/>
                    <Route path=path!("/companies/:id") view=|| page("/companies/:id", ThingPage) ssr=SsrMode::Async/>
                    <Route path=path!("/companies/:id/:tab") view=|| page("/companies/:id/:tab", ThingPage) ssr=SsrMode::Async/>
                    <Route path=path!("/contacts") view=|| page("/contacts", ThingsPage) ssr=SsrMode::Async/>
                    <Route path=path!("/contacts/new") view=|| page("/contacts/new", NewThingPage) ssr=SsrMode::Async/>
                    <Route path=path!("/contacts/import") view=|| page("/contacts/import", ImportsPage) ssr=SsrMode::Async/>
                    <Route path=path!("/contacts/many") view=|| page("/contacts/many", ManyPage) ssr=SsrMode::Async/>
                    <Route path=path!("/contacts/import/:import") view=|| page("/contacts/import/:import", ImportPage) ssr=SsrMode::Async/>
                    <Route path=path!("/contacts/:id") view=|| page("/contacts/:id", ThingPage) ssr=SsrMode::Async/>
                    <Route path=path!("/contacts/:id/:tab") view=|| page("/contacts/:id/:tab", ThingPage) ssr=SsrMode::Async/>
                    <Route path=path!("/agents") view=|| page("/agents", ThingsPage) ssr=SsrMode::Async/>
                    <Route path=path!("/agents/new") view=|| page("/agents/new", NewThingPage) ssr=SsrMode::Async/>
                    <Route path=path!("/agents/import") view=|| page("/agents/import", ImportsPage) ssr=SsrMode::Async/>
                    <Route path=path!("/agents/many") view=|| page("/agents/many", ManyPage) ssr=SsrMode::Async/>
                    <Route path=path!("/agents/import/:import") view=|| page("/agents/import/:import", ImportPage) ssr=SsrMode::Async/>
                    <Route path=path!("/agents/:id") view=|| page("/agents/:id", ThingPage) ssr=SsrMode::Async/>
                    <Route path=path!("/agents/:id/:tab") view=|| page("/agents/:id/:tab", ThingPage) ssr=SsrMode::Async/>
                    <Route path=path!("/webhooks") view=|| page("/webhooks", ThingsPage) ssr=SsrMode::Async/>
                    <Route path=path!("/webhooks/new") view=|| page("/webhooks/new", NewThingPage) ssr=SsrMode::Async/>
                    <Route path=path!("/webhooks/import") view=|| page("/webhooks/import", ImportsPage) ssr=SsrMode::Async/>
                    <Route path=path!("/webhooks/many") view=|| page("/webhooks/many", ManyPage) ssr=SsrMode::Async/>
                    <Route path=path!("/webhooks/import/:import") view=|| page("/webhooks/import/:import", ImportPage) ssr=SsrMode::Async/>
                    <Route path=path!("/webhooks/:id") view=|| page("/webhooks/:id", ThingPage) ssr=SsrMode::Async/>
                    <Route path=path!("/webhooks/:id/:tab") view=|| page("/webhooks/:id/:tab", ThingPage) ssr=SsrMode::Async/>
                    <Route path=path!("/webhooks/:id/deliveries/:message") view=|| page("/webhooks/:id/deliveries/:message", MessageOfThing) ssr=SsrMode::Async/>
                    <Route path=path!("/integrations") view=|| page("/integrations", IntegrationsPage) ssr=SsrMode::Async/>
                    <Route path=path!("/integrations/new") view=|| page("/integrations/new", NewThingPage) ssr=SsrMode::Async/>
                    <Route path=path!("/integrations/import") view=|| page("/integrations/import", ImportsPage) ssr=SsrMode::Async/>
                    <Route path=path!("/integrations/many") view=|| page("/integrations/many", ManyPage) ssr=SsrMode::Async/>
                    <Route path=path!("/integrations/import/:import") view=|| page("/integrations/import/:import", ImportPage) ssr=SsrMode::Async/>
                    <Route path=path!("/integrations/:id") view=|| page("/integrations/:id", ThingPage) ssr=SsrMode::Async/>
                    <Route path=path!("/integrations/:id/:tab") view=|| page("/integrations/:id/:tab", ThingPage) ssr=SsrMode::Async/>
                    <Route path=path!("/email/delivery-history") view=|| page("/email/delivery-history", DeliveryHistoryPage) ssr=SsrMode::Async/>
                    <Route path=path!("/email/messages/:message") view=|| page("/email/messages/:message", EmailMessagePage) ssr=SsrMode::Async/>
                    <Route path=path!("/email/suppressions") view=|| page("/email/suppressions", SuppressionsPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/email") view=|| page("/admin/email", MailSettingsPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/email/templates") view=|| page("/admin/email/templates", EmailTemplatesPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/email/templates/:template") view=|| page("/admin/email/templates/:template", EmailTemplatePage) ssr=SsrMode::Async/>
                    // After those with pages of their own.
                    <Route path=path!("/admin/:kind") view=|| page("/admin/:kind", ThingsPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/:kind/new") view=|| page("/admin/:kind/new", NewThingPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/:kind/import") view=|| page("/admin/:kind/import", ImportsPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/:kind/many") view=|| page("/admin/:kind/many", ManyPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/:kind/import/:import") view=|| page("/admin/:kind/import/:import", ImportPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/:kind/:id") view=|| page("/admin/:kind/:id", ThingPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/:kind/:id/:tab") view=|| page("/admin/:kind/:id/:tab", ThingPage) ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// The pages behind the sign-in. A browser that isn't signed in gets nothing but the way there.
#[component]
fn Portal() -> impl IntoView {
    let Some(viewer) = use_viewer() else {
        routes::go(&routes::sign_in(&here(&use_location())));
        return ().into_any();
    };
    view! { <Layout viewer><Outlet/></Layout> }.into_any()
}

/// A page of [`routes::PAGES`] if the viewer may see it, else why not. What the page shows is checked again where it
/// is read. A path that isn't in the table is nobody's.
fn page<V: IntoView + 'static>(path: &str, page: impl FnOnce() -> V) -> AnyView {
    let Some(route) = routes::PAGES.iter().find(|route| route.path == path) else {
        return view! { <NotFound/> }.into_any();
    };
    match (route.permission, use_viewer()) {
        (None, _) => page().into_any(),
        (Some(permission), Some(viewer)) if viewer.may(permission) => page().into_any(),
        (Some(permission), _) => view! { <Forbidden permission/> }.into_any(),
    }
}

fn elsewhere(to: String) -> AnyView {
    routes::go(&to);
    ().into_any()
}

/// No such page: inside the portal's layout for those signed in.
#[component]
fn Lost() -> impl IntoView {
    match use_viewer() {
        Some(viewer) => view! { <Layout viewer><NotFound/></Layout> }.into_any(),
        None => view! { <Frame><NotFound/></Frame> }.into_any(),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::App;
    use crate::routes::PAGES;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_of_pages_is_what_is_routed() {
        let routed = leptos_axum::generate_route_list(App);
        let routed: BTreeSet<_> = routed
            .iter()
            .map(|route| route.path().replace('{', ":").replace('}', ""))
            .collect();
        let listed: BTreeSet<_> = PAGES.iter().map(|page| page.path.to_owned()).collect();
        assert_eq!(routed, listed);
    }
}
