//! The one table of page paths. Nothing else spells a path: links are made by the functions here, and the tests of
//! the gate go through [`PAGES`].

use daybook_domain::{
    id::{EventId, RoleId},
    log::{LogKind, LogScope},
    permission::Permission,
    query::LogQuery,
};

/// A page, as its gate sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRoute {
    /// With `:name` for a parameter.
    pub path: &'static str,
    /// What the viewer needs; `None` where being signed in, or nothing, is enough.
    pub permission: Option<Permission>,
    /// Whether somebody signed out is sent to the sign-in page.
    pub signed_in: bool,
}

const fn open(path: &'static str) -> PageRoute {
    PageRoute {
        path,
        permission: None,
        signed_in: false,
    }
}

const fn own(path: &'static str) -> PageRoute {
    PageRoute {
        path,
        permission: None,
        signed_in: true,
    }
}

const fn guarded(path: &'static str, permission: Permission) -> PageRoute {
    PageRoute {
        path,
        permission: Some(permission),
        signed_in: true,
    }
}

/// Every page there is. `app.rs` routes them; a test compares the two.
pub const PAGES: &[PageRoute] = &[
    open("/sign-in"),
    open("/setup"),
    open("/invite/:token"),
    own("/"),
    own("/audit-logs"),
    guarded("/audit-logs/:log", Permission::AuditLogsView),
    guarded("/audit-logs/event/:id", Permission::AuditLogsView),
    own("/account"),
    guarded("/admin/users", Permission::UsersManage),
    guarded("/admin/roles", Permission::RolesManage),
    guarded("/admin/roles/:id", Permission::RolesManage),
    guarded("/admin/api-keys", Permission::ApiKeysManage),
];

pub const HOME: &str = "/";
pub const SETUP: &str = "/setup";
pub const ACCOUNT: &str = "/account";
pub const USERS: &str = "/admin/users";
pub const ROLES: &str = "/admin/roles";
pub const API_KEYS: &str = "/admin/api-keys";
pub const AUDIT_LOGS: &str = "/audit-logs";
/// Where the sign-in form is sent: a handler of the server, not a page.
pub const SIGN_IN: &str = "/sign-in";
/// Where the sign-out form is sent: a handler of the server, not a page.
pub const SIGN_OUT: &str = "/sign-out";

/// The sign-in page, that goes on to `next` (a path of this site with its query).
pub fn sign_in(next: &str) -> String {
    if next.is_empty() || next == HOME {
        return SIGN_IN.to_owned();
    }
    let next = form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>();
    format!("{SIGN_IN}?next={next}")
}

/// One log, or all of them, in the state of `query`.
pub fn log(scope: LogScope, query: &LogQuery) -> String {
    format!("{AUDIT_LOGS}/{}{}", scope.slug(), query.to_query_string())
}

/// The log that opens first.
pub fn first_log() -> String {
    log(LogScope::One(LogKind::Activity), &LogQuery::default())
}

/// The permanent address of a record.
pub fn event(id: EventId) -> String {
    format!("{AUDIT_LOGS}/event/{id}")
}

pub fn role(id: RoleId) -> String {
    format!("{ROLES}/{id}")
}

/// Sends the asker elsewhere: a 302 on the server, a navigation without a trace in the browser.
pub fn go(to: &str) {
    #[cfg(feature = "ssr")]
    {
        use leptos::prelude::use_context;
        if let (Some(response), Ok(location)) = (
            use_context::<leptos_axum::ResponseOptions>(),
            http::HeaderValue::from_str(to),
        ) {
            response.set_status(http::StatusCode::FOUND);
            response.insert_header(http::header::LOCATION, location);
        }
    }
    #[cfg(not(feature = "ssr"))]
    {
        use leptos_router::{NavigateOptions, hooks::use_navigate};
        use_navigate()(
            to,
            NavigateOptions {
                replace: true,
                ..NavigateOptions::default()
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_survives_the_sign_in_address() {
        assert_eq!(sign_in("/"), "/sign-in");
        assert_eq!(
            sign_in("/audit-logs/access?actor=a&ip=::1"),
            "/sign-in?next=%2Faudit-logs%2Faccess%3Factor%3Da%26ip%3D%3A%3A1"
        );
    }
}
