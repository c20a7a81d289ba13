//! The portal's frame: the sidebar with what the viewer may see, and the page beside it.
//!
//! On a narrow screen the sidebar is a popover: the browser's own, so that it opens without JavaScript.

use super::{
    appearing::Appearing,
    unsaved::{ask_before_leaving, ask_before_unload, follow_address},
};
use crate::{
    admin::identity_providers::text as identity_providers,
    alerts::text::ALERTS,
    analytics::text as analytics,
    email::text as email,
    flash::{FlashMessage, provide_flash},
    routes,
    ui::icon::Icon,
    viewer::follow_viewer,
};
use daybook_domain::{naming::Naming, object::ObjectKind, permission::Permission, viewer::ViewerInfo};
use leptos::{
    html::Nav,
    prelude::*,
    web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition},
};
use leptos_router::hooks::use_location;

/// Title, address, and what it takes to see it.
type Entry = (&'static str, &'static str, Permission);

/// What there is, in its order.
fn sections(naming: Naming) -> [(&'static str, Vec<Entry>); 5] {
    let of_kind = |kind: ObjectKind| (naming.plural(kind), kind.spec().path, kind.spec().see);
    let kinds = |see: Permission| {
        let kinds = ObjectKind::ALL.iter().copied();
        let kinds = kinds.filter(move |kind| kind.spec().see == see);
        kinds.map(of_kind).collect::<Vec<_>>()
    };
    let email = (
        email::EMAIL,
        routes::DELIVERY_HISTORY,
        Permission::EmailHistoryView,
    );
    [
        (
            "Records",
            vec![
                ("Audit logs", routes::AUDIT_LOGS, Permission::AuditLogsView),
                (ALERTS, routes::ALERTS, Permission::AuditLogsView),
                ("Event types", routes::EVENT_TYPES, Permission::AuditLogsView),
                (analytics::TITLE, routes::ANALYTICS, Permission::AnalyticsView),
            ],
        ),
        ("Directory", kinds(Permission::DirectoryView)),
        (
            "Delivery",
            [email]
                .into_iter()
                .chain(kinds(Permission::WebhooksManage))
                .chain(kinds(Permission::IntegrationsManage))
                .collect(),
        ),
        ("Helpdesk", kinds(Permission::SettingsManage)),
        (
            "Admin Center",
            vec![
                ("General settings", routes::SETTINGS, Permission::SettingsManage),
                ("Users", routes::USERS, Permission::UsersManage),
                ("Roles & permissions", routes::ROLES, Permission::RolesManage),
                ("API keys", routes::API_KEYS, Permission::ApiKeysManage),
                (
                    "Sign-in policy",
                    routes::SIGN_IN_POLICY,
                    Permission::SettingsManage,
                ),
                (
                    identity_providers::TITLE,
                    routes::IDENTITY_PROVIDERS,
                    Permission::SettingsManage,
                ),
                (email::SETTINGS, routes::MAIL_SETTINGS, Permission::SettingsManage),
                ("Retention", routes::RETENTION, Permission::SettingsManage),
                ("Drift check", routes::DRIFT, Permission::AuditLogsView),
            ],
        ),
    ]
}

#[component]
pub fn Layout(viewer: ViewerInfo, children: Children) -> impl IntoView {
    provide_flash();
    ask_before_unload();
    follow_address();
    let menu = NodeRef::<Nav>::new();
    let path = use_location().pathname;
    let appearing = viewer.clone();
    Effect::new(move || {
        path.track();
        if let Some(menu) = menu.get_untracked() {
            // Fails where it isn't shown as a popover, which is where there is nothing to hide.
            let _ = menu.hide_popover();
            // Once it is marked there.
            request_animation_frame(move || show_current(&menu));
        }
    });
    view! {
        <a class="skip-link" href="#main" rel="external">"Skip to the content"</a>
        <div class="portal" on:click:capture=move |event| ask_before_leaving(&event)>
            <header class="topbar">
                <Brand/>
                <button type="button" class="button topbar__menu" popovertarget="menu">
                    {Icon::Menu.view()} "Menu"
                </button>
            </header>
            <nav class="sidebar" id="menu" aria-label="Portal" popover="auto" node_ref=menu>
                <Brand/>
                {menu_of(viewer.clone())}
                <Me viewer/>
            </nav>
            <main class="main" id="main" tabindex="-1">
                <Appearing viewer=appearing/>
                <FlashMessage/>
                {children()}
            </main>
        </div>
    }
}

/// Scrolls a menu that is longer than the window to where one is.
fn show_current(menu: &Element) {
    if let Ok(Some(link)) = menu.query_selector("[aria-current]") {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        link.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

#[component]
fn Brand() -> impl IntoView {
    view! { <a class="brand" href=routes::HOME>{Icon::Book.view()} "Daybook"</a> }
}

/// The workspace and what there is in it. An administrator may have changed how both are called.
fn menu_of(viewer: ViewerInfo) -> impl IntoView {
    let known = follow_viewer();
    let now = Memo::new(move |_| known.get().unwrap_or_else(|| viewer.clone()));
    move || {
        let viewer = now.get();
        view! {
            <p class="sidebar__workspace"><bdi>{viewer.workspace.clone()}</bdi></p>
            <Sections viewer/>
        }
    }
}

#[component]
fn Sections(viewer: ViewerInfo) -> impl IntoView {
    let sections = sections(viewer.naming).into_iter().filter_map(|(title, entries)| {
        let seen: Vec<_> = entries.into_iter().filter(|(.., permission)| viewer.may(*permission)).collect();
        (!seen.is_empty()).then(|| view! {
            <li class="sidebar__section">
                <span class="sidebar__title">{title}</span>
                <ul>{seen.into_iter().map(|(title, href, _)| view! { <SidebarLink title href/> }).collect_view()}</ul>
            </li>
        })
    });
    view! { <ul class="sidebar__sections">{sections.collect_view()}</ul> }
}

#[component]
fn SidebarLink(title: &'static str, href: &'static str) -> impl IntoView {
    let path = use_location().pathname;
    // The pages about email stand beside its list, not below it.
    let within = if href == routes::DELIVERY_HISTORY {
        routes::EMAIL
    } else {
        href
    };
    let current = move || {
        path.with(|path| {
            let rest = path.strip_prefix(within);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                .then_some("page")
        })
    };
    view! { <li><a class="sidebar__link" href=href aria-current=current>{title}</a></li> }
}

/// Who is signed in, their account, and the way out.
#[component]
fn Me(viewer: ViewerInfo) -> impl IntoView {
    view! {
        <div class="me">
            <p class="me__name"><bdi>{viewer.name}</bdi> <small class="sub">{viewer.role}</small></p>
            <ul>
                <SidebarLink title="Account" href=routes::ACCOUNT/>
                <li>
                    <form method="post" action=routes::SIGN_OUT>
                        <button type="submit" class="sidebar__link">"Sign out"</button>
                    </form>
                </li>
            </ul>
        </div>
    }
}
