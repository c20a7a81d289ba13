//! The gate: every page, function and route of the API, and what it answers to whom. What isn't in a table here
//! fails the test, so a new one can't come without a decision on who may use it.

use crate::{
    api_events::EVENTS,
    client::Client,
    house::{ADMINISTRATOR, AGENT, AUDITOR, House},
};
use axum::{body::Body, http::Request};
use daybook_app::routes::PAGES;
use daybook_backend::testing::TestDb;
use daybook_domain::{
    account::Scope,
    object::{Change, ObjectKind},
    permission::{BuiltInRole, Permission},
    ports::Objects as _,
};
use daybook_server::http::{API_ROUTES, handler_routes};
use leptos::server_fn::axum::server_fn_paths;
use std::collections::BTreeSet;

/// Statuses for nobody, an agent, an auditor, an administrator.
type Statuses = [u16; 4];

const NIL: &str = "00000000-0000-7000-8000-000000000000";

/// Pages, by the path of `PAGES`, an address of each, and what it answers.
const PAGE_ROWS: &[(&str, &str, Statuses)] = &[
    // Who is signed in has no use for these.
    ("/sign-in", "/sign-in", [200, 302, 302, 302]),
    // Done already.
    ("/setup", "/setup", [302, 302, 302, 302]),
    ("/invite/:token", "/invite/nonsense", [404, 404, 404, 404]),
    ("/forgot-password", "/forgot-password", [200; 4]),
    ("/sign-in/code", "/sign-in/code", [200; 4]),
    ("/reset/:token", "/reset/nonsense", [404; 4]),
    // The customer portal: a user of the workspace is nobody there.
    ("/portal", "/portal", [302; 4]),
    ("/portal/sign-in", "/portal/sign-in", [200; 4]),
    ("/portal/link/:token", "/portal/link/nonsense", [422; 4]),
    ("/portal/account", "/portal/account", [302; 4]),
    ("/portal/emails", "/portal/emails", [302; 4]),
    ("/portal/emails/:message", "/portal/emails/{nil}", [302; 4]),
    ("/portal/:list", "/portal/activity", [302; 4]),
    ("/portal/:list", "/portal/nonsense", [302; 4]),
    ("/", "/", [302, 302, 302, 302]),
    ("/audit-logs", "/audit-logs", [302, 302, 302, 302]),
    ("/audit-logs/views", "/audit-logs/views", [302, 403, 200, 200]),
    (
        "/audit-logs/views/:view/report",
        "/audit-logs/views/{nil}/report",
        [302, 403, 404, 404],
    ),
    (
        "/audit-logs/work-session/day",
        // There is no such agent.
        "/audit-logs/work-session/day?agent=nobody",
        [302, 403, 404, 404],
    ),
    ("/audit-logs/:log", "/audit-logs/activity", [302, 403, 200, 200]),
    (
        "/audit-logs/event/:id",
        "/audit-logs/event/{event}",
        [302, 403, 200, 200],
    ),
    (
        "/audit-logs/event/:id/compare",
        // Its first event is about a user.
        "/audit-logs/event/{event}/compare",
        [302, 403, 200, 200],
    ),
    ("/event-types", "/event-types", [302, 403, 200, 200]),
    ("/alerts", "/alerts", [302, 403, 200, 200]),
    ("/alerts/rules", "/alerts/rules", [302, 403, 200, 200]),
    (
        "/alerts/rules/:rule",
        "/alerts/rules/mass_export",
        [302, 403, 200, 200],
    ),
    ("/alerts/:id", "/alerts/{nil}", [302, 403, 404, 404]),
    ("/analytics", "/analytics", [302; 4]),
    ("/analytics/portal", "/analytics/portal", [302, 403, 200, 200]),
    // The module is off.
    ("/analytics/courses", "/analytics/courses", [302, 403, 404, 404]),
    ("/analytics/files", "/analytics/files", [302, 403, 200, 200]),
    ("/account", "/account", [302, 200, 200, 200]),
    (
        "/account/second-factor",
        "/account/second-factor",
        [302, 200, 200, 200],
    ),
    ("/admin/settings", "/admin/settings", [302, 403, 403, 200]),
    (
        "/admin/settings/past",
        "/admin/settings/past",
        [302, 403, 403, 200],
    ),
    ("/admin/users", "/admin/users", [302, 403, 403, 200]),
    (
        "/admin/users/:id/impersonate",
        "/admin/users/{nil}/impersonate",
        [302, 403, 403, 404],
    ),
    // To its first tab, where it is said who may see it, or that there is nobody.
    ("/admin/users/:id", "/admin/users/{nil}", [302, 302, 302, 302]),
    (
        "/admin/users/:id/:tab",
        "/admin/users/{nil}/activity",
        [302, 403, 404, 404],
    ),
    ("/admin/roles", "/admin/roles", [302, 403, 403, 200]),
    (
        "/admin/users/:id/:tab",
        "/admin/users/{nil}/past",
        [302, 403, 403, 404],
    ),
    ("/admin/roles/:id", "/admin/roles/{role}", [302, 403, 403, 200]),
    // What the log says of a role is for those who may read the log.
    (
        "/admin/roles/:id/:tab",
        "/admin/roles/{role}/audit-log",
        [302, 403, 200, 200],
    ),
    (
        "/admin/roles/:id/:tab",
        "/admin/roles/{nil}/audit-log",
        [302, 403, 404, 404],
    ),
    (
        "/admin/roles/:id/:tab",
        "/admin/roles/{role}/past",
        [302, 403, 403, 200],
    ),
    ("/admin/api-keys", "/admin/api-keys", [302, 403, 403, 200]),
    (
        "/admin/identity-providers",
        "/admin/identity-providers",
        [302, 403, 403, 200],
    ),
    (
        "/admin/identity-providers/:provider",
        "/admin/identity-providers/{nil}",
        [302, 403, 403, 404],
    ),
    (
        "/admin/identity-providers/:provider",
        "/admin/identity-providers/new",
        [302, 403, 403, 200],
    ),
    ("/admin/sign-in", "/admin/sign-in", [302, 403, 403, 200]),
    ("/admin/sign-in/past", "/admin/sign-in/past", [302, 403, 403, 200]),
    ("/admin/retention", "/admin/retention", [302, 403, 403, 200]),
    (
        "/admin/retention/past/:log",
        "/admin/retention/past/access",
        [302, 403, 403, 200],
    ),
    ("/admin/drift", "/admin/drift", [302, 403, 200, 200]),
    ("/companies", "/companies", [302, 200, 200, 200]),
    ("/companies/new", "/companies/new", [302, 403, 403, 200]),
    ("/companies/import", "/companies/import", [302, 403, 403, 200]),
    ("/companies/many", "/companies/many", [302, 403, 403, 200]),
    (
        "/companies/import/:import",
        "/companies/import/{nil}",
        [302, 403, 403, 404],
    ),
    // To its first tab, where it is said that there is no such thing.
    ("/companies/:id", "/companies/{nil}", [302, 302, 302, 302]),
    (
        "/companies/:id/:tab",
        "/companies/{nil}/overview",
        [302, 404, 404, 404],
    ),
    ("/contacts", "/contacts", [302, 200, 200, 200]),
    ("/contacts/new", "/contacts/new", [302, 403, 403, 200]),
    ("/contacts/import", "/contacts/import", [302, 403, 403, 200]),
    ("/contacts/many", "/contacts/many", [302, 403, 403, 200]),
    (
        "/contacts/import/:import",
        "/contacts/import/{nil}",
        [302, 403, 403, 404],
    ),
    // To its first tab, where it is said that there is no such thing.
    ("/contacts/:id", "/contacts/{nil}", [302, 302, 302, 302]),
    (
        "/contacts/:id/:tab",
        "/contacts/{nil}/overview",
        [302, 404, 404, 404],
    ),
    (
        "/contacts/:id/:tab",
        "/contacts/{nil}/usage",
        [302, 403, 404, 404],
    ),
    ("/agents", "/agents", [302, 200, 200, 200]),
    ("/agents/new", "/agents/new", [302, 403, 403, 200]),
    ("/agents/import", "/agents/import", [302, 403, 403, 200]),
    ("/agents/many", "/agents/many", [302, 403, 403, 200]),
    (
        "/agents/import/:import",
        "/agents/import/{nil}",
        [302, 403, 403, 404],
    ),
    // To its first tab, where it is said that there is no such thing.
    ("/agents/:id", "/agents/{nil}", [302, 302, 302, 302]),
    ("/agents/:id/:tab", "/agents/{nil}/overview", [302, 404, 404, 404]),
    ("/webhooks", "/webhooks", [302, 403, 403, 200]),
    ("/webhooks/new", "/webhooks/new", [302, 403, 403, 200]),
    ("/webhooks/import", "/webhooks/import", [302, 403, 403, 200]),
    ("/webhooks/many", "/webhooks/many?id={nil}", [302, 403, 403, 200]),
    (
        "/webhooks/import/:import",
        "/webhooks/import/{nil}",
        [302, 403, 403, 404],
    ),
    ("/webhooks/:id", "/webhooks/{nil}", [302, 302, 302, 302]),
    (
        "/webhooks/:id/:tab",
        "/webhooks/{nil}/deliveries",
        [302, 403, 403, 404],
    ),
    (
        "/webhooks/:id/deliveries/:message",
        "/webhooks/{nil}/deliveries/{nil}",
        [302, 403, 403, 404],
    ),
    ("/integrations", "/integrations", [302, 403, 403, 200]),
    ("/integrations/new", "/integrations/new", [302, 403, 403, 200]),
    (
        "/integrations/new",
        "/integrations/new?type=slack",
        [302, 403, 403, 200],
    ),
    (
        "/integrations/import",
        "/integrations/import",
        [302, 403, 403, 200],
    ),
    (
        "/integrations/many",
        "/integrations/many?id={nil}",
        [302, 403, 403, 200],
    ),
    (
        "/integrations/import/:import",
        "/integrations/import/{nil}",
        [302, 403, 403, 404],
    ),
    ("/integrations/:id", "/integrations/{nil}", [302, 302, 302, 302]),
    (
        "/integrations/:id/:tab",
        "/integrations/{nil}/deliveries",
        [302, 403, 403, 404],
    ),
    (
        "/email/delivery-history",
        "/email/delivery-history",
        [302, 403, 200, 200],
    ),
    (
        "/email/messages/:message",
        "/email/messages/{nil}",
        [302, 403, 404, 404],
    ),
    ("/email/suppressions", "/email/suppressions", [302, 403, 200, 200]),
    ("/admin/email", "/admin/email", [302, 403, 403, 200]),
    (
        "/admin/email/templates",
        "/admin/email/templates",
        [302, 403, 403, 200],
    ),
    (
        "/admin/email/templates/:template",
        "/admin/email/templates/invitation",
        [302, 403, 403, 200],
    ),
    (
        "/admin/email/templates/:template",
        "/admin/email/templates/nonsense",
        [302, 403, 403, 404],
    ),
    ("/admin/:kind", "/admin/brands", [302, 403, 403, 200]),
    ("/admin/:kind/new", "/admin/brands/new", [302, 403, 403, 200]),
    (
        "/admin/:kind/import",
        "/admin/brands/import",
        [302, 403, 403, 200],
    ),
    ("/admin/:kind/many", "/admin/brands/many", [302, 403, 403, 200]),
    (
        "/admin/:kind/import/:import",
        "/admin/brands/import/{nil}",
        [302, 403, 403, 404],
    ),
    // To the first tab that somebody may see.
    ("/admin/:kind/:id", "/admin/brands/{nil}", [302, 302, 302, 302]),
    (
        "/admin/:kind/:id/:tab",
        "/admin/brands/{nil}/overview",
        [302, 403, 403, 404],
    ),
    // What the log says of a thing is for those who may read the log.
    (
        "/admin/:kind/:id/:tab",
        "/admin/brands/{brand}/audit-log",
        [302, 403, 200, 200],
    ),
    (
        "/admin/:kind/:id/:tab",
        "/admin/brands/{nil}/audit-log",
        [302, 403, 404, 404],
    ),
    (
        "/admin/:kind/:id/:tab",
        "/admin/brands/{brand}/past",
        [302, 403, 403, 200],
    ),
];

#[derive(Clone, Copy)]
enum Call {
    Json(&'static str),
    Form(&'static str),
}
use Call::{Form, Json};

/// Nobody may; who is signed in, may.
const SIGNED_IN: Statuses = [401, 200, 200, 200];
/// What is asked by contacts of the customer portal.
const CONTACTS: Statuses = [401; 4];
/// The same, and there is nothing under the id that is sent.
const OWN_NOTHING: Statuses = [401, 404, 404, 404];
const VIEWERS: Statuses = [401, 403, 200, 200];
const VIEWERS_NOTHING: Statuses = [401, 403, 404, 404];
const VIEWERS_INVALID: Statuses = [401, 403, 422, 422];
const ADMINISTRATORS: Statuses = [401, 403, 403, 200];
const ADMINISTRATORS_NOTHING: Statuses = [401, 403, 403, 404];
const ADMINISTRATORS_INVALID: Statuses = [401, 403, 403, 422];
/// The form has seen nothing of what is there.
const ADMINISTRATORS_STALE: Statuses = [401, 403, 403, 409];

const LIST: &str = r#"{"scope": {"one": "activity"}, "query": {"q": null, "from": null, "to": null, "filters": {}, "open": [], "cursor": null, "columns": [], "tz": null}}"#;

const USERS: &str =
    r#"{"query": {"q": null, "filters": {}, "sort": {"by": "name", "descending": false}, "cursor": null}}"#;

const THINGS: &str = r#"{"kind": "company", "query": {"q": null, "filters": {}, "sort": {"by": "name", "descending": false}, "cursor": null}}"#;

/// Functions, with a call that would be taken from whoever may make it, but changes nothing.
const FUNCTION_ROWS: &[(&str, Call, Statuses)] = &[
    (
        "/_fn/account/change_password",
        Form("current_password=x&new_password=y"),
        [401, 422, 422, 422],
    ),
    (
        "/_fn/analytics/usage",
        Json(r#"{"query":{"of":"general","from":null,"to":null,"by":null,"whose":"All"}}"#),
        [401, 403, 200, 200],
    ),
    (
        "/_fn/analytics/usage_of",
        Json(
            r#"{"kind":"company","id":"{nil}","query":{"of":"general","from":null,"to":null,"by":null,"whose":"All"}}"#,
        ),
        [401, 403, 404, 404],
    ),
    ("/_fn/account/revoke_other_sessions", Form(""), SIGNED_IN),
    ("/_fn/account/revoke_session", Form("id={nil}"), OWN_NOTHING),
    ("/_fn/account/set_format", Form("format=en-GB"), SIGNED_IN),
    (
        "/_fn/account/set_profile",
        Form("seen=&name=x&phone="),
        [401, 409, 409, 409],
    ),
    ("/_fn/account/set_zone", Form("zone=UTC"), SIGNED_IN),
    ("/_fn/account/show", Json("{}"), SIGNED_IN),
    ("/_fn/account/second_factor", Json("{}"), SIGNED_IN),
    (
        "/_fn/account/begin_second_factor",
        Form("current_password=wrong"),
        [401, 422, 422, 422],
    ),
    // There is none to be confirmed, or to be done without.
    (
        "/_fn/account/confirm_second_factor",
        Form("code=123456"),
        [401, 409, 409, 409],
    ),
    (
        "/_fn/account/renew_recovery_codes",
        Form("code=123456"),
        [401, 409, 409, 409],
    ),
    (
        "/_fn/account/disable_second_factor",
        Form("code=123456"),
        [401, 409, 409, 409],
    ),
    (
        "/_fn/users/remove_second_factor",
        Form("id={nil}"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/users/unlink_identity",
        Form("id={nil}&provider={nil}&subject=s"),
        ADMINISTRATORS_NOTHING,
    ),
    ("/_fn/identity_providers/list", Json("{}"), ADMINISTRATORS),
    ("/_fn/identity_providers/roles", Json("{}"), ADMINISTRATORS),
    (
        "/_fn/identity_providers/show",
        Json(r#"{"id": "{nil}"}"#),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/identity_providers/create",
        Form("form[name]=X&form[issuer]=x&form[client_id]=x&form[newcomers]=refused"),
        ADMINISTRATORS_INVALID,
    ),
    (
        "/_fn/identity_providers/update",
        Form("id={nil}&seen=&form[name]=X&form[issuer]=x&form[client_id]=x&form[newcomers]=refused"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/identity_providers/delete",
        Form("id={nil}&name=X"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/identity_providers/check",
        Form("id={nil}"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/roles/need_second_factor",
        Form("id={nil}&needed=true"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/webhooks/add_secret",
        Form("endpoint={nil}"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/webhooks/pause",
        Form("endpoint={nil}"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/webhooks/recover",
        Form("endpoint={nil}&since=-1h"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/webhooks/remove_header",
        Form("endpoint={nil}&name=x"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/webhooks/remove_secret",
        Form("endpoint={nil}&secret={nil}"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/webhooks/resend",
        Form("endpoint={nil}&id={nil}"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/webhooks/resume",
        Form("endpoint={nil}"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/webhooks/set_header",
        Form("endpoint={nil}&name=&value="),
        ADMINISTRATORS_INVALID,
    ),
    (
        "/_fn/webhooks/test",
        Form("endpoint={nil}"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/webhooks/health",
        Json(r#"{"endpoint": "{nil}"}"#),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/webhooks/message",
        Json(r#"{"endpoint": "{nil}", "id": "{nil}"}"#),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/webhooks/messages",
        Json(
            r#"{"endpoint": "{nil}", "query": {"q": null, "filters": {}, "sort": {"by": "name", "descending": false}, "cursor": null}}"#,
        ),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/webhooks/recoverable",
        Json(r#"{"endpoint": "{nil}", "since": "-1h"}"#),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/webhooks/signing",
        Json(r#"{"endpoint": "{nil}"}"#),
        ADMINISTRATORS_NOTHING,
    ),
    ("/_fn/integrations/health", Json("{}"), ADMINISTRATORS),
    (
        "/_fn/integrations/pause",
        Form("id={nil}"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/integrations/recorded_since",
        Json(r#"{"id": "{nil}", "since": "-1h"}"#),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/integrations/resume",
        Form("id={nil}"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/integrations/rewind",
        Form("id={nil}&since=-1h"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/integrations/set_secret",
        Form("id={nil}&secret=x"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/integrations/show",
        Json(r#"{"id": "{nil}"}"#),
        ADMINISTRATORS_NOTHING,
    ),
    ("/_fn/integrations/test", Form("id={nil}"), ADMINISTRATORS_NOTHING),
    (
        "/_fn/emails/list",
        Json(
            r#"{"of": null, "query": {"q": null, "filters": {}, "sort": {"by": "name", "descending": false}, "cursor": null}}"#,
        ),
        VIEWERS,
    ),
    ("/_fn/emails/show", Json(r#"{"id": "{nil}"}"#), VIEWERS_NOTHING),
    ("/_fn/emails/resend", Form("id={nil}"), ADMINISTRATORS_NOTHING),
    (
        "/_fn/emails/suppressions",
        Json(
            r#"{"query": {"q": null, "filters": {}, "sort": {"by": "name", "descending": false}, "cursor": null}}"#,
        ),
        VIEWERS,
    ),
    (
        "/_fn/emails/suppress",
        Form("address=nobody"),
        ADMINISTRATORS_INVALID,
    ),
    (
        "/_fn/emails/unsuppress",
        Form("address=nobody@x.example"),
        ADMINISTRATORS_NOTHING,
    ),
    ("/_fn/emails/settings", Json("{}"), ADMINISTRATORS),
    (
        "/_fn/emails/set_settings",
        Form(
            "seen=&form[host]=&form[port]=25&form[security]=tls&form[username]=&form[password]=&form[from_name]=&form[from_address]=&form[reply_to]=",
        ),
        ADMINISTRATORS_STALE,
    ),
    ("/_fn/emails/providers", Json("{}"), ADMINISTRATORS),
    ("/_fn/emails/templates", Json("{}"), ADMINISTRATORS),
    (
        "/_fn/emails/template",
        Json(r#"{"template": "invitation"}"#),
        ADMINISTRATORS,
    ),
    (
        "/_fn/emails/set_template",
        Form("template=invitation&seen=&subject=Hi&text=Hello"),
        ADMINISTRATORS_INVALID,
    ),
    (
        "/_fn/emails/reset_template",
        Form("template=invitation&seen=other.x"),
        ADMINISTRATORS_STALE,
    ),
    (
        "/_fn/emails/undo_template",
        Form("template=invitation&seen="),
        ADMINISTRATORS_STALE,
    ),
    (
        "/_fn/emails/set_provider_key",
        Form("provider=ses&key=nonsense"),
        ADMINISTRATORS_INVALID,
    ),
    ("/_fn/emails/pause", Form(""), ADMINISTRATORS_STALE),
    ("/_fn/emails/resume", Form(""), ADMINISTRATORS),
    ("/_fn/emails/test", Form("to=nobody"), ADMINISTRATORS_INVALID),
    (
        "/_fn/alerts/acknowledge",
        Form("id={nil}"),
        ADMINISTRATORS_NOTHING,
    ),
    ("/_fn/alerts/assign", Form("id={nil}"), ADMINISTRATORS_NOTHING),
    (
        "/_fn/alerts/close",
        Form("id={nil}&note="),
        ADMINISTRATORS_INVALID,
    ),
    ("/_fn/alerts/list", Json(USERS), VIEWERS),
    ("/_fn/alerts/reopen", Form("id={nil}"), ADMINISTRATORS_NOTHING),
    ("/_fn/alerts/show", Json(r#"{"id": "{nil}"}"#), VIEWERS_NOTHING),
    ("/_fn/alert_rules/add", Form("sigma="), ADMINISTRATORS_INVALID),
    (
        "/_fn/alert_rules/delete",
        Form("id={nil}"),
        ADMINISTRATORS_NOTHING,
    ),
    ("/_fn/alert_rules/list", Json("{}"), VIEWERS),
    (
        "/_fn/alert_rules/set",
        Form("id=mass_export&seen=&severity=low&mail=nobody"),
        ADMINISTRATORS_STALE,
    ),
    ("/_fn/alert_rules/show", Json(r#"{"id": "mass_export"}"#), VIEWERS),
    (
        "/_fn/alert_rules/switch",
        Form("id={nil}&on=true"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/alert_rules/try",
        Json(r#"{"id": "mass_export"}"#),
        ADMINISTRATORS,
    ),
    ("/_fn/api_keys/create", Form("name="), ADMINISTRATORS_INVALID),
    ("/_fn/api_keys/list", Json("{}"), ADMINISTRATORS),
    ("/_fn/api_keys/revoke", Form("id={nil}"), ADMINISTRATORS_NOTHING),
    (
        "/_fn/audit_logs/agent_day",
        Json(r#"{"query": {"agent": "nobody", "date": null, "tz": null}}"#),
        VIEWERS_NOTHING,
    ),
    (
        "/_fn/audit_logs/cancel_export",
        Json(r#"{"job": "{nil}"}"#),
        VIEWERS,
    ),
    (
        "/_fn/audit_logs/compare",
        Json(r#"{"query": {"record": "{nil}", "a": "Now", "b": "Now"}, "tz": null}"#),
        VIEWERS_NOTHING,
    ),
    (
        "/_fn/audit_logs/export_progress",
        Json(r#"{"job": "{nil}"}"#),
        VIEWERS_NOTHING,
    ),
    (
        "/_fn/audit_logs/event",
        Json(r#"{"id": "{nil}", "tz": null}"#),
        VIEWERS_NOTHING,
    ),
    ("/_fn/audit_logs/list", Json(LIST), VIEWERS),
    ("/_fn/audit_logs/logs", Json("{}"), VIEWERS),
    ("/_fn/audit_logs/overview", Json(LIST), VIEWERS),
    // There is no such thing, which may have another answer.
    (
        "/_fn/audit_logs/trace",
        Json(r#"{"about": {"kind": "role", "id": "{nil}"}}"#),
        VIEWERS,
    ),
    (
        "/_fn/audit_logs/open",
        Json(r#"{"ids": [], "tz": null}"#),
        VIEWERS,
    ),
    ("/_fn/drift/check", Form(""), VIEWERS),
    ("/_fn/drift/show", Json("{}"), VIEWERS),
    ("/_fn/event_types/list", Json(r#"{"q": ""}"#), VIEWERS),
    // Says what waits for this browser, whoever it is.
    ("/_fn/flash/take", Form(""), [200; 4]),
    (
        "/_fn/imports/check",
        Form("kind=board&id={nil}&columns[]=name"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/imports/drop",
        Form("kind=board&id={nil}"),
        ADMINISTRATORS_NOTHING,
    ),
    ("/_fn/imports/list", Json(r#"{"kind": "board"}"#), ADMINISTRATORS),
    (
        "/_fn/imports/run",
        Form("kind=contact&id={nil}"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/imports/show",
        Json(r#"{"kind": "contact", "id": "{nil}"}"#),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/objects/became",
        Json(r#"{"kind": "service_agent", "id": "{nil}"}"#),
        SIGNED_IN,
    ),
    (
        "/_fn/objects/choices",
        Json(r#"{"kind": "board"}"#),
        ADMINISTRATORS,
    ),
    (
        "/_fn/objects/choose",
        Json(r#"{"kind": "board", "choice": {"Some": []}}"#),
        ADMINISTRATORS,
    ),
    (
        "/_fn/objects/create",
        Form("kind=company&values[name][]="),
        ADMINISTRATORS_INVALID,
    ),
    (
        "/_fn/objects/deactivate",
        Form("kind=contact&id={nil}"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/objects/delete",
        Form("kind=contact&id={nil}"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/objects/delete_many",
        Form("kind=board&ids[]={nil}"),
        ADMINISTRATORS,
    ),
    ("/_fn/objects/list", Json(THINGS), SIGNED_IN),
    (
        "/_fn/objects/merge",
        Form(
            "kind=contact&id={nil}&version=1&with=019aad3a-6c13-7a41-b6e0-4c6d8a0f3e04&with_version=1&kept[name]=this",
        ),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/objects/pair",
        Json(r#"{"kind": "contact", "stays": "{nil}", "goes": "019aad3a-6c13-7a41-b6e0-4c6d8a0f3e04"}"#),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/objects/reactivate",
        Form("kind=contact&id={nil}"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/objects/restore",
        Form("kind=board&id={nil}&version=1&at=now&properties[]=name"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/objects/show",
        Json(r#"{"kind": "service_agent", "id": "{nil}"}"#),
        OWN_NOTHING,
    ),
    (
        "/_fn/objects/switch_many",
        Form("kind=board&ids[]={nil}&status=active"),
        ADMINISTRATORS,
    ),
    (
        "/_fn/objects/then",
        Json(r#"{"kind": "company", "id": "{nil}", "point": "Now"}"#),
        VIEWERS_NOTHING,
    ),
    (
        "/_fn/objects/update",
        Form("kind=brand&id={nil}&version=1&values[name][]=x"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/objects/update_many",
        Form("kind=board&ids[]={nil}&ways[priority]=set&values[priority][]=high"),
        ADMINISTRATORS,
    ),
    // Records a refusal, which is refused to nobody who is signed in.
    (
        "/_fn/pages/refused",
        Json(r#"{"permission": "users.manage", "path": "/x"}"#),
        [401, 403, 403, 200],
    ),
    ("/_fn/reports/send", Form("view={nil}"), VIEWERS_NOTHING),
    (
        "/_fn/reports/set",
        Form("view={nil}&seen=&every=day&weekday=monday&hour=8&recipients=ann@x.example"),
        VIEWERS_NOTHING,
    ),
    ("/_fn/reports/show", Json(r#"{"view": "{nil}"}"#), VIEWERS_NOTHING),
    ("/_fn/reports/stop", Form("view={nil}"), VIEWERS_NOTHING),
    (
        "/_fn/retention/place_hold",
        Form("name=&reason=&log=all&query="),
        ADMINISTRATORS_INVALID,
    ),
    (
        "/_fn/past/restore",
        Form("kind=role&id={nil}&name=x&at=now&seen=x&properties[]=name"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/past/show",
        Json(r#"{"subject": {"Role": "{nil}"}, "point": "Now"}"#),
        ADMINISTRATORS_NOTHING,
    ),
    ("/_fn/retention/purge_now", Form(""), ADMINISTRATORS),
    (
        "/_fn/retention/release_hold",
        Form("id={nil}"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/retention/set",
        Form("log=billing&seen=&days=soon"),
        ADMINISTRATORS_INVALID,
    ),
    ("/_fn/retention/show", Json("{}"), ADMINISTRATORS),
    (
        "/_fn/roles/create",
        Form("name=&description="),
        ADMINISTRATORS_INVALID,
    ),
    ("/_fn/roles/delete", Form("id={nil}"), ADMINISTRATORS_NOTHING),
    ("/_fn/roles/list", Json("{}"), ADMINISTRATORS),
    (
        "/_fn/roles/show",
        Json(r#"{"id": "{nil}"}"#),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/roles/update",
        Form("id={nil}&seen=&name=x&description="),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/settings/set_helpdesk",
        Form("seen=&helpdesk=none"),
        ADMINISTRATORS_STALE,
    ),
    (
        "/_fn/settings/set_workspace",
        Form("seen=&workspace=&zone=UTC&format=en-GB"),
        ADMINISTRATORS_STALE,
    ),
    ("/_fn/settings/show", Json("{}"), ADMINISTRATORS),
    ("/_fn/settings/switch_courses", Form("on=false"), ADMINISTRATORS),
    (
        "/_fn/settings/switch_log",
        Form("log=activity&on=true"),
        ADMINISTRATORS_INVALID,
    ),
    (
        "/_fn/sign_in_policy/set",
        Form("seen=&idle_minutes=5&longest_hours=1&password_length=12"),
        ADMINISTRATORS_STALE,
    ),
    ("/_fn/sign_in_policy/show", Json("{}"), ADMINISTRATORS),
    // Before anybody can be signed in.
    (
        "/_fn/sign_in/invitation",
        Json(r#"{"token": "nonsense"}"#),
        [404; 4],
    ),
    ("/_fn/sign_in/needs_setup", Json("{}"), [200; 4]),
    ("/_fn/sign_in/providers", Json("{}"), [200; 4]),
    ("/_fn/sign_in/offers_reset", Json("{}"), [200; 4]),
    (
        "/_fn/sign_in/password_reset",
        Json(r#"{"token": "nonsense"}"#),
        [404; 4],
    ),
    (
        "/_fn/users/activity",
        Json(r#"{"query": {"actor": "nobody", "from": null, "to": null, "tz": null}}"#),
        VIEWERS,
    ),
    (
        "/_fn/users/delete",
        Form("id={nil}&confirm=x"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/users/impersonable",
        Json(r#"{"id": "{nil}"}"#),
        ADMINISTRATORS_NOTHING,
    ),
    // Of contacts: a user of the workspace is nobody in the customer portal.
    ("/_fn/portal/account", Json("{}"), CONTACTS),
    ("/_fn/portal/email", Json(r#"{"id": "{nil}"}"#), CONTACTS),
    ("/_fn/portal/emails", Json(r#"{"from": null}"#), CONTACTS),
    ("/_fn/portal/end_other_sessions", Form(""), CONTACTS),
    ("/_fn/portal/end_session", Form("id={nil}"), CONTACTS),
    ("/_fn/portal/entry", Json(r#"{"brand": null}"#), [200; 4]),
    ("/_fn/portal/link", Json(r#"{"token": "nonsense"}"#), [422; 4]),
    (
        "/_fn/portal/records",
        Json(r#"{"list": "activity", "from": null}"#),
        CONTACTS,
    ),
    ("/_fn/portal/set_password", Form("password=x"), CONTACTS),
    // There is no such user, which may have another answer.
    ("/_fn/users/show", Json(r#"{"id": "{nil}"}"#), ADMINISTRATORS),
    ("/_fn/users/deactivate", Form("id={nil}"), ADMINISTRATORS_NOTHING),
    (
        "/_fn/users/invite",
        Form("name=&email=x&role={nil}"),
        ADMINISTRATORS_INVALID,
    ),
    ("/_fn/users/list", Json(USERS), ADMINISTRATORS),
    ("/_fn/users/reactivate", Form("id={nil}"), ADMINISTRATORS_NOTHING),
    ("/_fn/users/reinvite", Form("id={nil}"), ADMINISTRATORS_NOTHING),
    ("/_fn/users/send_reset", Form("id={nil}"), ADMINISTRATORS_NOTHING),
    ("/_fn/users/role_choices", Json("{}"), ADMINISTRATORS),
    (
        "/_fn/users/set_role",
        Form("id={nil}&seen=&role={nil}"),
        ADMINISTRATORS_NOTHING,
    ),
    (
        "/_fn/users/update",
        Form("id={nil}&seen=&name=x&email=x@x.example&phone="),
        ADMINISTRATORS_NOTHING,
    ),
    // Tells the asker about the asker: nothing, where nobody is signed in.
    ("/_fn/viewer", Json("{}"), [200; 4]),
    (
        "/_fn/views/create",
        Form("log=access&query=&name=&share=me"),
        VIEWERS_INVALID,
    ),
    ("/_fn/views/delete", Form("id={nil}"), VIEWERS_NOTHING),
    (
        "/_fn/views/keep_settings",
        Form("log=access&columns=&density=comfortable&query="),
        VIEWERS,
    ),
    ("/_fn/views/kept", Json("{}"), VIEWERS),
    ("/_fn/views/list", Json("{}"), VIEWERS),
    ("/_fn/views/move", Form("id={nil}&shift=up"), VIEWERS_NOTHING),
    (
        "/_fn/views/replace",
        Form("id={nil}&log=access&query="),
        VIEWERS_NOTHING,
    ),
    ("/_fn/views/set_default", Form("log=access"), VIEWERS),
    (
        "/_fn/views/update",
        Form("id={nil}&seen=&name=x&share=me"),
        VIEWERS_NOTHING,
    ),
];

/// Routes of the API: without a key, with one that may read, with one that may write.
const API_ROWS: &[((&str, &str), &str, [u16; 3])] = &[
    (("POST", "/api/v2/events"), EVENTS, [401, 403, 200]),
    (("GET", "/api/v2/events"), EVENTS, [401, 200, 403]),
    (
        ("GET", "/api/v2/events/export"),
        "/api/v2/events/export",
        [401, 200, 403],
    ),
    (
        ("GET", "/api/v2/events/{id}"),
        "/api/v2/events/{nil}",
        [401, 404, 403],
    ),
    (
        ("GET", "/api/v2/event-types"),
        "/api/v2/event-types",
        [401, 200, 403],
    ),
    (
        ("PUT", "/api/v2/companies/{external_id}"),
        "/api/v2/companies/c-1",
        [401, 403, 403],
    ),
    (
        ("PUT", "/api/v2/contacts/{external_id}"),
        "/api/v2/contacts/c-1",
        [401, 403, 403],
    ),
    (
        ("PUT", "/api/v2/agents/{external_id}"),
        "/api/v2/agents/a-1",
        [401, 403, 403],
    ),
    (
        ("POST", "/api/v2/email-messages"),
        "/api/v2/email-messages",
        [401, 403, 403],
    ),
    (
        ("POST", "/api/v2/providers/{provider}/{key}"),
        "/api/v2/providers/postmark/{key}",
        [401, 403, 403],
    ),
    (
        ("GET", "/api/v2/dashboards/portal/monthly/reports"),
        "/api/v2/dashboards/portal/monthly/reports",
        [401, 403, 403],
    ),
    (
        ("GET", "/api/v2/dashboards/portal/monthly/reports/{reportId}"),
        "/api/v2/dashboards/portal/monthly/reports/{nil}",
        [401, 403, 403],
    ),
    (
        (
            "POST",
            "/api/v2/dashboards/portal/monthly/reports/{reportId}/refresh",
        ),
        "/api/v2/dashboards/portal/monthly/reports/{nil}/refresh",
        [401, 403, 403],
    ),
    (
        ("GET", "/api/v2/dashboards/portal/pastweek/{type}"),
        "/api/v2/dashboards/portal/pastweek/general",
        [401, 403, 403],
    ),
    // It holds no data.
    (("GET", "/api/v2/openapi.json"), "/api/v2/openapi.json", [200; 3]),
];

/// What answers beside pages and functions, with an address of it, and what it answers; those of each kind of thing follow
/// from who may see and change it.
const HANDLER_ROWS: &[(&str, &str, &str, Statuses)] = &[
    (
        "GET",
        "/analytics/portal/export",
        "/analytics/portal/export",
        [302, 403, 200, 200],
    ),
    (
        "GET",
        "/analytics/courses/export",
        "/analytics/courses/export",
        [302, 403, 404, 404],
    ),
    (
        "GET",
        "/analytics/files/export",
        "/analytics/files/export",
        [302, 403, 200, 200],
    ),
    // Nothing is typed into these: back to the form.
    ("POST", "/sign-in", "/sign-in", [303; 4]),
    ("POST", "/setup", "/setup", [303; 4]),
    ("POST", "/invite/{token}", "/invite/nonsense", [303; 4]),
    ("POST", "/forgot-password", "/forgot-password", [303; 4]),
    ("POST", "/sign-in/code", "/sign-in/code", [303; 4]),
    // Nothing was begun, and there is no such provider.
    ("GET", "/sign-in/callback", "/sign-in/callback", [303; 4]),
    ("GET", "/sign-in/with/{provider}", "/sign-in/with/{nil}", [303; 4]),
    ("POST", "/reset/{token}", "/reset/nonsense", [303; 4]),
    // To the sign-in page, to the first page with the reason, or back to the form.
    (
        "POST",
        "/admin/users/{id}/impersonate",
        "/admin/users/{nil}/impersonate",
        [303; 4],
    ),
    ("POST", "/impersonation/end", "/impersonation/end", [303; 4]),
    (
        "GET",
        "/audit-logs/{log}/export",
        "/audit-logs/activity/export?format=csv&q=zyzzyva",
        [302, 403, 200, 200],
    ),
    (
        "GET",
        "/audit-logs/{log}/live",
        "/audit-logs/activity/live?after=0",
        // Nothing comes, and the browser doesn't ask again.
        [204, 204, 200, 200],
    ),
    (
        "GET",
        "/email/messages/{id}/body",
        "/email/messages/{nil}/body",
        [302, 403, 404, 404],
    ),
    (
        "GET",
        "/email/messages/{id}/attachments/{number}",
        "/email/messages/{nil}/attachments/1",
        [302, 403, 404, 404],
    ),
    (
        "GET",
        "/admin/email/templates/{template}/preview",
        "/admin/email/templates/invitation/preview",
        [302, 403, 403, 200],
    ),
    (
        "POST",
        "/admin/email/templates/{template}/preview",
        // Nothing is typed.
        "/admin/email/templates/invitation/preview",
        [302, 403, 403, 422],
    ),
    // The customer portal: back to its form.
    ("POST", "/portal/sign-in", "/portal/sign-in", [303; 4]),
    ("POST", "/portal/sign-in/link", "/portal/sign-in/link", [303; 4]),
    ("POST", "/portal/link/{token}", "/portal/link/nonsense", [303; 4]),
    ("POST", "/portal/sign-out", "/portal/sign-out", [303; 4]),
    ("GET", "/portal/with/{provider}", "/portal/with/{nil}", [303; 4]),
    (
        "GET",
        "/portal/export/{list}",
        "/portal/export/activity",
        [303; 4],
    ),
    (
        "GET",
        "/portal/look/{colour}",
        "/portal/look/1f6f5c.css",
        [200; 4],
    ),
    // They hold no data, and what is tried out there needs a key.
    ("GET", "/swagger", "/swagger", [200; 4]),
    ("GET", "/swagger/{file}", "/swagger/swagger-ui.css", [200; 4]),
    // Last: whoever did it is out.
    ("POST", "/sign-out", "/sign-out", [303; 4]),
];

/// The same of each kind of thing.
fn of_things() -> Vec<(&'static str, String, String, Statuses)> {
    let mut rows = Vec::new();
    for kind in ObjectKind::ALL.iter().copied() {
        let spec = kind.spec();
        let of = |permission: Permission, yes: u16| {
            let roles = [
                BuiltInRole::Agent,
                BuiltInRole::Auditor,
                BuiltInRole::Administrator,
            ];
            let [agent, auditor, administrator] = roles.map(|role| {
                if role.permissions().contains(&permission) {
                    yes
                } else {
                    403
                }
            });
            [302, agent, auditor, administrator]
        };
        for (method, ending, rest, statuses) in [
            ("GET", "export", "export", of(spec.see, 200)),
            // Without a file: back to the form.
            ("POST", "upload", "upload", of(spec.change, 303)),
            (
                "GET",
                "import/{import}/problems",
                "import/{nil}/problems",
                of(spec.change, 404),
            ),
        ] {
            let path = |rest: &str| format!("{}/{rest}", spec.path);
            rows.push((method, path(ending), path(rest), statuses));
        }
    }
    rows
}

async fn everybody(house: &House) -> [Client; 4] {
    [
        house.client(),
        house.signed_in(AGENT).await,
        house.signed_in(AUDITOR).await,
        house.signed_in(ADMINISTRATOR).await,
    ]
}

#[tokio::test]
async fn pages_open_to_those_who_may_see_them() {
    let listed: BTreeSet<_> = PAGE_ROWS.iter().map(|row| row.0).collect();
    let there: BTreeSet<_> = PAGES.iter().map(|page| page.path).collect();
    assert_eq!(listed, there, "a page without a row, or a row without a page");
    let house = House::full(TestDb::sqlite().await).await;
    let event = house.events().await[0].id.to_string();
    let role = {
        use daybook_domain::{permission::ManageRoles, ports::Roles};
        let granted = house.system().await.grant(ManageRoles).unwrap();
        house.services.accounts.list_roles(&granted).await.unwrap()[0]
            .id
            .to_string()
    };
    let brand = {
        let change = house
            .system()
            .await
            .grant_kind(ObjectKind::Brand, Change)
            .unwrap();
        let typed = [("name".to_owned(), vec!["Northdesk".to_owned()])].into();
        let made = house.services.objects.create_object(&change, &typed).await;
        made.unwrap().id.to_string()
    };
    let mut faults = Vec::new();
    let mut refused = 0;
    for (who, mut client) in everybody(&house).await.into_iter().enumerate() {
        for (_, path, expected) in PAGE_ROWS {
            let path = path
                .replace("{event}", &event)
                .replace("{role}", &role)
                .replace("{brand}", &brand)
                .replace("{nil}", NIL);
            let answer = client.get(&path).await;
            refused += usize::from(answer.status == 403);
            if answer.status != expected[who] {
                faults.push(format!(
                    "{path} for {who}: {} instead of {}",
                    answer.status, expected[who]
                ));
            }
            let is_public = matches!(
                path.as_str(),
                "/sign-in"
                    | "/sign-in/code"
                    | "/setup"
                    | "/invite/nonsense"
                    | "/forgot-password"
                    | "/reset/nonsense"
                    | "/portal/sign-in"
                    | "/portal/link/nonsense"
            );
            let way_in = if path.starts_with("/portal") {
                "/portal"
            } else {
                "/sign-in"
            };
            if who == 0 && !is_public && !answer.location().starts_with(way_in) {
                faults.push(format!("{path} for nobody leads to {:?}", answer.location()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let recorded = house
        .events()
        .await
        .into_iter()
        .filter(|event| event.body.event_type == "access.denied")
        .count();
    assert_eq!(recorded, refused, "each refusal is recorded");
}

#[tokio::test]
async fn handlers_answer_those_who_may_ask() {
    let mut rows = of_things();
    let others = HANDLER_ROWS.iter();
    rows.extend(others.map(|(method, route, path, statuses)| {
        (*method, (*route).to_owned(), (*path).to_owned(), *statuses)
    }));
    let listed: BTreeSet<_> = rows
        .iter()
        .map(|(method, route, ..)| format!("{method} {route}"))
        .collect();
    let there: BTreeSet<_> = handler_routes()
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    assert_eq!(
        listed, there,
        "a handler without a row, or a row without a handler"
    );
    let house = House::full(TestDb::sqlite().await).await;
    let mut faults = Vec::new();
    let mut refused = 0;
    for (who, mut client) in everybody(&house).await.into_iter().enumerate() {
        for (method, route, path, expected) in &rows {
            let path = path.replace("{nil}", NIL);
            let request = Request::builder()
                .method(*method)
                .uri(&path)
                .header("sec-fetch-site", "same-origin");
            let (kind, body) = if route.ends_with("/upload") {
                ("multipart/form-data; boundary=x", "--x--\r\n")
            } else {
                ("application/x-www-form-urlencoded", "")
            };
            let answer = client
                .stream(request.header("content-type", kind), Body::from(body))
                .await;
            let status = answer.status().as_u16();
            refused += usize::from(status == 403);
            if status != expected[who] {
                faults.push(format!(
                    "{method} {path} for {who}: {status} instead of {}",
                    expected[who]
                ));
            }
            if route.ends_with("/impersonate") {
                let location = answer.headers()["location"].to_str().unwrap();
                let to = ["/sign-in", "/", "/", &path][who];
                if location.split('?').next() != Some(to) {
                    faults.push(format!("{path} for {who} leads to {location}"));
                }
                refused += usize::from(to == "/");
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let recorded = house.events().await;
    let recorded = recorded
        .iter()
        .filter(|event| event.body.event_type == "access.denied");
    assert_eq!(recorded.count(), refused, "each refusal is recorded");
}

#[tokio::test]
async fn functions_answer_those_who_may_call_them() {
    let listed: BTreeSet<_> = FUNCTION_ROWS.iter().map(|row| row.0).collect();
    let there: BTreeSet<_> = server_fn_paths().map(|(path, _)| path).collect();
    assert_eq!(
        listed, there,
        "a function without a row, or a row without a function"
    );
    let house = House::full(TestDb::sqlite().await).await;
    let mut faults = Vec::new();
    for (who, mut client) in everybody(&house).await.into_iter().enumerate() {
        for (path, call, expected) in FUNCTION_ROWS {
            let (kind, body) = match call {
                Json(body) => ("application/json", body),
                Form(body) => ("application/x-www-form-urlencoded", body),
            };
            let answer = client.call(path, kind, &body.replace("{nil}", NIL)).await;
            if answer.status != expected[who] {
                faults.push(format!(
                    "{path} for {who}: {} instead of {}: {}",
                    answer.status, expected[who], answer.body
                ));
            }
            if answer.header("cache-control") != "no-store" {
                faults.push(format!("{path} may be kept by caches"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A contact of the customer portal is nobody everywhere else.
#[tokio::test]
async fn a_contact_opens_nothing_of_the_workspace() {
    let house = House::full(TestDb::sqlite().await).await;
    let (mut contact, _) = house.contact("ann@harbor.example").await;
    let mut faults = Vec::new();
    for (_, path, expected) in PAGE_ROWS.iter().filter(|row| !row.1.starts_with("/portal")) {
        let path = path.replace("{nil}", NIL);
        let answer = contact.get(&path).await;
        if answer.status != expected[0] {
            faults.push(format!("{path}: {}", answer.status));
        }
    }
    for (path, call, expected) in FUNCTION_ROWS
        .iter()
        .filter(|row| !row.0.starts_with("/_fn/portal/"))
    {
        let (kind, body) = match call {
            Json(body) => ("application/json", body),
            Form(body) => ("application/x-www-form-urlencoded", body),
        };
        let answer = contact.call(path, kind, &body.replace("{nil}", NIL)).await;
        if answer.status != expected[0] {
            faults.push(format!("{path}: {} {}", answer.status, answer.body));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    // Those of the portal do answer.
    for (path, status) in [
        ("/portal", 302),
        ("/portal/sign-in", 302),
        ("/portal/activity", 200),
        ("/portal/sign-ins", 200),
        ("/portal/emails", 200),
        ("/portal/account", 200),
        ("/portal/nonsense", 404),
        (&format!("/portal/emails/{NIL}"), 404),
        ("/portal/export/activity", 200),
        ("/portal/export/emails", 200),
        ("/portal/export/nonsense", 404),
    ] {
        let answer = contact.get(path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
    }
}

#[tokio::test]
async fn the_api_answers_those_whose_key_may() {
    let listed: BTreeSet<_> = API_ROWS.iter().map(|row| row.0).collect();
    assert_eq!(listed, API_ROUTES.iter().copied().collect());
    let house = House::new(TestDb::sqlite().await).await;
    let (reads, writes) = (
        house.key(&[Scope::EventsRead]).await.1,
        house.key(&[Scope::EventsWrite]).await.1,
    );
    let callers = [
        (house.client(), "nonsense"),
        (house.client().with_key(&reads), reads.as_str()),
        (house.client().with_key(&writes), writes.as_str()),
    ];
    for (who, (mut client, key)) in callers.into_iter().enumerate() {
        for ((method, _), path, expected) in API_ROWS {
            let path = path.replace("{nil}", NIL).replace("{key}", key);
            let request = Request::builder()
                .method(*method)
                .uri(&path)
                .header("content-type", "application/json");
            let answer = client.send(request, Body::from("[]")).await;
            assert_eq!(
                answer.status, expected[who],
                "{method} {path} for {who}: {}",
                answer.body
            );
        }
    }
}
