//! The document, the router and the gate in front of every page.

use crate::{
    account::AccountPage,
    admin::{
        api_keys::ApiKeysPage,
        roles::{RolePage, RolesPage},
        users::UsersPage,
    },
    audit_logs::{EventPage, LogPage},
    flash,
    layout::{Frame, Layout},
    pages::{Forbidden, NotFound},
    routes,
    sign_in::{InvitationPage, SetupPage, SignInPage},
    ui::hydrated::provide_hydrated,
};
use daybook_domain::{permission::Permission, viewer::ViewerInfo};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Outlet, ParentRoute, Route, Router, Routes},
    hooks::use_location,
    path,
};

/// Who looks at the pages, known before anything is rendered; `None` where nobody is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentViewer(pub Option<ViewerInfo>);

/// The signed-in viewer. For what is shown, never for a decision.
pub fn use_viewer() -> Option<ViewerInfo> {
    use_context::<CurrentViewer>().and_then(|viewer| viewer.0)
}

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
    let viewer = SharedValue::new(|| {
        use_context::<crate::context::ServerContext>()
            .and_then(|context| context.viewer.map(|viewer| viewer.info()))
    });
    provide_context(CurrentViewer(viewer.into_inner()));
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Daybook".to_owned() } else { format!("{title} · Daybook") }/>
        <Router>
            <Routes fallback=Lost>
                <Route path=path!("/sign-in") view=|| view! { <Frame><SignInPage/></Frame> } ssr=SsrMode::Async/>
                <Route path=path!("/setup") view=|| view! { <Frame><SetupPage/></Frame> } ssr=SsrMode::Async/>
                <Route path=path!("/invite/:token") view=|| view! { <Frame><InvitationPage/></Frame> } ssr=SsrMode::Async/>
                <ParentRoute path=path!("") view=Portal ssr=SsrMode::Async>
                    <Route path=path!("/") view=|| elsewhere(routes::AUDIT_LOGS.to_owned()) ssr=SsrMode::Async/>
                    <Route path=path!("/audit-logs") view=|| elsewhere(routes::first_log()) ssr=SsrMode::Async/>
                    <Route path=path!("/audit-logs/:log") view=|| guarded(Permission::AuditLogsView, LogPage) ssr=SsrMode::Async/>
                    <Route path=path!("/audit-logs/event/:id") view=|| guarded(Permission::AuditLogsView, EventPage) ssr=SsrMode::Async/>
                    <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async/>
                    <Route path=path!("/admin/users") view=|| guarded(Permission::UsersManage, UsersPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/roles") view=|| guarded(Permission::RolesManage, RolesPage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/roles/:id") view=|| guarded(Permission::RolesManage, RolePage) ssr=SsrMode::Async/>
                    <Route path=path!("/admin/api-keys") view=|| guarded(Permission::ApiKeysManage, ApiKeysPage) ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// The pages behind the sign-in. A browser that isn't signed in gets nothing but the way there.
#[component]
fn Portal() -> impl IntoView {
    let Some(viewer) = use_viewer() else {
        let location = use_location();
        let search = location.search.get_untracked();
        let query = if search.is_empty() {
            search
        } else {
            format!("?{}", search.trim_start_matches('?'))
        };
        routes::go(&routes::sign_in(&format!(
            "{}{query}",
            location.pathname.get_untracked()
        )));
        return ().into_any();
    };
    view! { <Layout viewer><Outlet/></Layout> }.into_any()
}

/// The page if the viewer may see it, else why not. What the page shows is checked again where it is read.
fn guarded<V: IntoView + 'static>(permission: Permission, page: impl FnOnce() -> V) -> AnyView {
    match use_viewer() {
        Some(viewer) if viewer.may(permission) => page().into_any(),
        _ => view! { <Forbidden permission/> }.into_any(),
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
