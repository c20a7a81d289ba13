//! The one table of page paths. Nothing else spells a path: links are made by the functions here, and the tests of
//! the gate go through [`PAGES`].

use crate::audit_logs::views::opens_first;
use daybook_domain::{
    about::About,
    analytics::{UsageQuery, UsageType, Whose},
    catalogue::OWN_SOURCE,
    compare::Point,
    email_template::MailTemplate,
    id::{
        AlertId, EmailMessageId, EventId, ImportId, ObjectId, ProviderId, RoleId, UserId, ViewId,
        WebhookMessageId,
    },
    log::{FilterField, LogKind, LogScope},
    monitoring::RuleId,
    object::{ObjectKind, ObjectQuery},
    past::Subject,
    permission::Permission,
    portal::PortalList,
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
    open("/sign-in/code"),
    open("/setup"),
    open("/invite/:token"),
    open("/forgot-password"),
    open("/reset/:token"),
    // The customer portal: who isn't a contact goes to its own sign-in page.
    open("/portal"),
    open("/portal/sign-in"),
    open("/portal/link/:token"),
    open("/portal/account"),
    open("/portal/emails"),
    open("/portal/emails/:message"),
    open("/portal/:list"),
    own("/"),
    own("/audit-logs"),
    guarded("/audit-logs/views", Permission::AuditLogsView),
    guarded("/audit-logs/views/:view/report", Permission::AuditLogsExport),
    guarded("/audit-logs/work-session/day", Permission::AuditLogsView),
    guarded("/audit-logs/:log", Permission::AuditLogsView),
    guarded("/audit-logs/event/:id", Permission::AuditLogsView),
    guarded("/audit-logs/event/:id/compare", Permission::AuditLogsView),
    guarded("/event-types", Permission::AuditLogsView),
    guarded("/alerts", Permission::AuditLogsView),
    guarded("/alerts/rules", Permission::AuditLogsView),
    guarded("/alerts/rules/:rule", Permission::AuditLogsView),
    guarded("/alerts/:id", Permission::AuditLogsView),
    own("/analytics"),
    guarded("/analytics/portal", Permission::AnalyticsView),
    guarded("/analytics/courses", Permission::AnalyticsView),
    guarded("/analytics/files", Permission::AnalyticsView),
    own("/account"),
    own("/account/second-factor"),
    guarded("/admin/settings", Permission::SettingsManage),
    guarded("/admin/settings/past", Permission::SettingsManage),
    guarded("/admin/users", Permission::UsersManage),
    guarded("/admin/users/:id/impersonate", Permission::Impersonate),
    // Who may see which of its tabs is asked there.
    own("/admin/users/:id"),
    own("/admin/users/:id/:tab"),
    guarded("/admin/roles", Permission::RolesManage),
    guarded("/admin/roles/:id", Permission::RolesManage),
    own("/admin/roles/:id/:tab"),
    guarded("/admin/api-keys", Permission::ApiKeysManage),
    guarded("/admin/sign-in", Permission::SettingsManage),
    guarded("/admin/sign-in/past", Permission::SettingsManage),
    guarded("/admin/identity-providers", Permission::SettingsManage),
    guarded("/admin/identity-providers/:provider", Permission::SettingsManage),
    guarded("/admin/retention", Permission::SettingsManage),
    guarded("/admin/retention/past/:log", Permission::SettingsManage),
    guarded("/admin/drift", Permission::AuditLogsView),
    // Who may see which tab of a thing is asked there: what the log says of it is the log's.
    guarded("/companies", Permission::DirectoryView),
    guarded("/companies/new", Permission::DirectoryManage),
    guarded("/companies/import", Permission::DirectoryManage),
    guarded("/companies/many", Permission::DirectoryManage),
    guarded("/companies/import/:import", Permission::DirectoryManage),
    own("/companies/:id"),
    own("/companies/:id/:tab"),
    guarded("/contacts", Permission::DirectoryView),
    guarded("/contacts/new", Permission::DirectoryManage),
    guarded("/contacts/import", Permission::DirectoryManage),
    guarded("/contacts/many", Permission::DirectoryManage),
    guarded("/contacts/import/:import", Permission::DirectoryManage),
    own("/contacts/:id"),
    own("/contacts/:id/:tab"),
    guarded("/agents", Permission::DirectoryView),
    guarded("/agents/new", Permission::DirectoryManage),
    guarded("/agents/import", Permission::DirectoryManage),
    guarded("/agents/many", Permission::DirectoryManage),
    guarded("/agents/import/:import", Permission::DirectoryManage),
    own("/agents/:id"),
    own("/agents/:id/:tab"),
    guarded("/webhooks", Permission::WebhooksManage),
    guarded("/webhooks/new", Permission::WebhooksManage),
    guarded("/webhooks/import", Permission::WebhooksManage),
    guarded("/webhooks/many", Permission::WebhooksManage),
    guarded("/webhooks/import/:import", Permission::WebhooksManage),
    own("/webhooks/:id"),
    own("/webhooks/:id/:tab"),
    guarded("/webhooks/:id/deliveries/:message", Permission::WebhooksManage),
    guarded("/integrations", Permission::IntegrationsManage),
    guarded("/integrations/new", Permission::IntegrationsManage),
    guarded("/integrations/import", Permission::IntegrationsManage),
    guarded("/integrations/many", Permission::IntegrationsManage),
    guarded("/integrations/import/:import", Permission::IntegrationsManage),
    own("/integrations/:id"),
    own("/integrations/:id/:tab"),
    guarded("/email/delivery-history", Permission::EmailHistoryView),
    guarded("/email/messages/:message", Permission::EmailHistoryView),
    guarded("/email/suppressions", Permission::EmailHistoryView),
    guarded("/admin/email", Permission::SettingsManage),
    guarded("/admin/email/templates", Permission::SettingsManage),
    guarded("/admin/email/templates/:template", Permission::SettingsManage),
    // Brands, boards, … each at the path of its kind.
    guarded("/admin/:kind", Permission::SettingsManage),
    guarded("/admin/:kind/new", Permission::SettingsManage),
    guarded("/admin/:kind/import", Permission::SettingsManage),
    guarded("/admin/:kind/many", Permission::SettingsManage),
    guarded("/admin/:kind/import/:import", Permission::SettingsManage),
    own("/admin/:kind/:id"),
    own("/admin/:kind/:id/:tab"),
];

pub const HOME: &str = "/";
pub const FORGOTTEN: &str = "/forgot-password";
pub const SETUP: &str = "/setup";
pub const ACCOUNT: &str = "/account";
pub const SECOND_FACTOR: &str = "/account/second-factor";
pub const SETTINGS: &str = "/admin/settings";
pub const USERS: &str = "/admin/users";
pub const ROLES: &str = "/admin/roles";
pub const API_KEYS: &str = "/admin/api-keys";
pub const SIGN_IN_POLICY: &str = "/admin/sign-in";
pub const IDENTITY_PROVIDERS: &str = "/admin/identity-providers";
pub const RETENTION: &str = "/admin/retention";
pub const DRIFT: &str = "/admin/drift";
pub const AUDIT_LOGS: &str = "/audit-logs";
pub const SAVED_VIEWS: &str = "/audit-logs/views";
pub const AGENT_DAY: &str = "/audit-logs/work-session/day";
/// What the addresses of the pages about email begin with.
pub const EMAIL: &str = "/email";
pub const DELIVERY_HISTORY: &str = "/email/delivery-history";
pub const SUPPRESSIONS: &str = "/email/suppressions";
pub const MAIL_SETTINGS: &str = "/admin/email";
pub const EMAIL_TEMPLATES: &str = "/admin/email/templates";
pub const EVENT_TYPES: &str = "/event-types";
pub const ALERTS: &str = "/alerts";
pub const ALERT_RULES: &str = "/alerts/rules";
/// What the addresses of the figures begin with.
pub const ANALYTICS: &str = "/analytics";
/// The description of the API. No page of ours: links to it leave the pages.
pub const SWAGGER: &str = "/swagger";
/// Where the sign-in form is sent: a handler of the server, not a page.
pub const SIGN_IN: &str = "/sign-in";
pub const SIGN_IN_CODE: &str = "/sign-in/code";
/// Where providers send browsers back to: a handler of the server, not a page.
pub const SIGN_IN_CALLBACK: &str = "/sign-in/callback";
/// What the ways to providers begin with: handlers of the server, not pages.
pub const SIGN_IN_WITH: &str = "/sign-in/with";
/// Where the sign-out form is sent: a handler of the server, not a page.
pub const SIGN_OUT: &str = "/sign-out";
/// The customer portal.
pub const PORTAL: &str = "/portal";
/// Where its sign-in form is, and where it is sent.
pub const PORTAL_SIGN_IN: &str = "/portal/sign-in";
/// Where a link to sign in is asked for: a handler of the server, not a page.
pub const PORTAL_ASK_LINK: &str = "/portal/sign-in/link";
pub const PORTAL_SIGN_OUT: &str = "/portal/sign-out";
pub const PORTAL_ACCOUNT: &str = "/portal/account";
pub const PORTAL_EMAILS: &str = "/portal/emails";

/// Where the form is sent that ends appearing as another: a handler of the server, not a page.
pub const END_IMPERSONATION: &str = "/impersonation/end";

/// The sign-in page, that goes on to `next` (a path of this site with its query).
pub fn sign_in(next: &str) -> String {
    and_then(SIGN_IN, next)
}

/// The way to a provider, and then on to `next`.
pub fn sign_in_with(provider: ProviderId, next: &str) -> String {
    and_then(&format!("{SIGN_IN_WITH}/{provider}"), next)
}

/// The page of a provider.
pub fn identity_provider(id: ProviderId) -> String {
    format!("{IDENTITY_PROVIDERS}/{id}")
}

/// The same where a code is asked for.
pub fn sign_in_code(next: &str) -> String {
    and_then(SIGN_IN_CODE, next)
}

fn and_then(page: &str, next: &str) -> String {
    if next.is_empty() || next == HOME {
        return page.to_owned();
    }
    let next = form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>();
    format!("{page}?next={next}")
}

/// A log in the state of `query`: where that is all of it, all of it is what the link says, also to a viewer whose view
/// of it opens first.
pub fn log(scope: LogScope, query: &LogQuery) -> String {
    let address = enter(scope, query);
    if address.contains('?') || query.about.is_some() || !opens_first(scope) {
        address
    } else {
        exactly(scope, query)
    }
}

/// A log as somebody opens it: with nothing in `query`, what they chose to see first.
pub fn enter(scope: LogScope, query: &LogQuery) -> String {
    if let Some(path) = query.about.as_ref().and_then(|about| own_log(about, scope)) {
        let rest = LogQuery {
            about: None,
            ..query.clone()
        };
        return format!("{path}{}", rest.to_query_string());
    }
    format!("{AUDIT_LOGS}/{}{}", scope.slug(), query.to_query_string())
}

/// The log of one thing: the tab of its page, or the list of all logs narrowed to it.
pub fn log_about(about: About) -> String {
    let query = LogQuery {
        about: Some(about),
        ..LogQuery::default()
    };
    enter(LogScope::All, &query)
}

/// The tab with a thing's own log, where things of the kind have pages: what of it stands in one log, where that has a tab
/// of its own, and otherwise all of it.
pub fn own_log(about: &About, scope: LogScope) -> Option<String> {
    match about.kind.as_str() {
        "user" => return Some(user_tab(about.id.parse().ok()?, UserTab::AuditLog)),
        "role" => return Some(role_tab(about.id.parse().ok()?, RoleTab::AuditLog)),
        _ => {}
    }
    let (kind, id) = (ObjectKind::from_name(&about.kind)?, about.id.parse().ok()?);
    Some(match (kind, scope) {
        (ObjectKind::Contact, LogScope::One(LogKind::ContactAuthentication)) => sign_ins_of(id),
        (ObjectKind::ServiceAgent, LogScope::One(LogKind::WorkSession)) => work_sessions_of(id),
        _ => thing_log(kind, id),
    })
}

/// The list of a kind in the state of `query`.
pub fn things(kind: ObjectKind, query: &ObjectQuery) -> String {
    format!("{}{}", kind.spec().path, query.to_query_string())
}

/// The form that makes a thing.
pub fn new_thing(kind: ObjectKind) -> String {
    format!("{}/new", kind.spec().path)
}

/// The same for one of several variants of the kind.
pub fn new_variant(kind: ObjectKind, variant: &str) -> String {
    let Some(name) = kind.spec().variant else {
        return new_thing(kind);
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair(name, variant);
    format!("{}?{}", new_thing(kind), query.finish())
}

/// Where one is after a thing is made: on its first page, or where it says what is still to be done.
pub fn after_creating(kind: ObjectKind, id: ObjectId) -> String {
    match kind {
        ObjectKind::Integration => integration(id),
        _ => thing(kind, id),
    }
}

/// One change of some things.
pub fn many(kind: ObjectKind, ids: &[ObjectId]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(ids.iter().map(|id| ("id", id.to_string())));
    format!("{}/many?{}", kind.spec().path, query.finish())
}

/// Where the ticks of a list are sent.
pub fn many_form(kind: ObjectKind) -> String {
    format!("{}/many", kind.spec().path)
}

/// One change of all that match.
pub fn all_of(kind: ObjectKind, query: &ObjectQuery) -> String {
    let query = query.at(None).to_query_string();
    let rest = query.strip_prefix('?').map(|rest| format!("&{rest}"));
    format!("{}/many?all=1{}", kind.spec().path, rest.unwrap_or_default())
}

/// A view as the one that is sent by mail.
pub fn report(view: ViewId) -> String {
    format!("{SAVED_VIEWS}/{view}/report")
}

/// Everything of a list as a file: an answer of the server, not a page.
pub fn export_things(kind: ObjectKind, query: &ObjectQuery) -> String {
    format!("{}/export{}", kind.spec().path, query.at(None).to_query_string())
}

/// Where files of a kind come in.
pub fn imports(kind: ObjectKind) -> String {
    format!("{}/import", kind.spec().path)
}

/// Where a file is sent: a handler of the server, not a page.
pub fn upload(kind: ObjectKind) -> String {
    format!("{}/upload", kind.spec().path)
}

pub fn import(kind: ObjectKind, id: ImportId) -> String {
    format!("{}/import/{id}", kind.spec().path)
}

/// The lines that can't be imported as a file: an answer of the server, not a page.
pub fn import_problems(kind: ObjectKind, id: ImportId) -> String {
    format!("{}/import/{id}/problems", kind.spec().path)
}

pub fn thing(kind: ObjectKind, id: ObjectId) -> String {
    format!("{}/{id}/overview", kind.spec().path)
}

/// The form that changes a thing.
pub fn edit_thing(kind: ObjectKind, id: ObjectId) -> String {
    format!("{}/{id}/edit", kind.spec().path)
}

/// What a thing was at a moment, as [`Point`] has it in an address; without one, the moments there are.
pub fn thing_past(kind: ObjectKind, id: ObjectId, at: Option<&Point>) -> String {
    format!("{}/{id}/past{}", kind.spec().path, at_moment(at))
}

/// Where a thing is merged with another of its kind, which is still to be chosen.
pub fn merge_thing(kind: ObjectKind, id: ObjectId) -> String {
    format!("{}/{id}/merge", kind.spec().path)
}

/// Two things beside each other, to be merged: the first stays.
pub fn merge_with(kind: ObjectKind, stays: ObjectId, goes: ObjectId) -> String {
    format!("{}?with={goes}", merge_thing(kind, stays))
}

/// The people of a company.
pub fn contacts_of(company: ObjectId) -> String {
    format!("{}/{company}/contacts", ObjectKind::Company.spec().path)
}

/// A contact's sign-ins to the customer portal.
pub fn sign_ins_of(contact: ObjectId) -> String {
    format!("{}/{contact}/sign-ins", ObjectKind::Contact.spec().path)
}

/// An agent's own sessions.
pub fn work_sessions_of(agent: ObjectId) -> String {
    format!("{}/{agent}/work-sessions", ObjectKind::ServiceAgent.spec().path)
}

/// What was sent to a webhook endpoint.
pub fn deliveries(endpoint: ObjectId, query: &ObjectQuery) -> String {
    let list = ObjectKind::WebhookEndpoint.spec().path;
    format!("{list}/{endpoint}/deliveries{}", query.to_query_string())
}

/// One message that was sent to a webhook endpoint.
pub fn webhook_message(endpoint: ObjectId, id: WebhookMessageId) -> String {
    let list = ObjectKind::WebhookEndpoint.spec().path;
    format!("{list}/{endpoint}/deliveries/{id}")
}

/// What the messages to a webhook endpoint are signed with.
pub fn signing(endpoint: ObjectId) -> String {
    format!("{}/{endpoint}/signing", ObjectKind::WebhookEndpoint.spec().path)
}

/// How an integration does, and what was sent to it.
pub fn integration(id: ObjectId) -> String {
    format!("{}/{id}/deliveries", ObjectKind::Integration.spec().path)
}

/// The messages to everybody, or to a company or a contact, in the state of `query`.
pub fn emails(of: Option<(ObjectKind, ObjectId)>, query: &ObjectQuery) -> String {
    let list = match of {
        None => DELIVERY_HISTORY.to_owned(),
        Some((kind, id)) => format!("{}/{id}/emails", kind.spec().path),
    };
    format!("{list}{}", query.to_query_string())
}

/// Whether a path is one of the customer portal.
pub fn is_of_portal(path: &str) -> bool {
    let rest = path.strip_prefix(PORTAL);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

/// The way to a provider for contacts: an answer of the server, not a page.
pub fn portal_with(provider: ProviderId) -> String {
    format!("{PORTAL}/with/{provider}")
}

pub fn portal_list(list: PortalList) -> String {
    format!("{PORTAL}/{list}")
}

pub fn portal_link(token: &str) -> String {
    format!("{PORTAL}/link/{token}")
}

pub fn portal_email(id: EmailMessageId) -> String {
    format!("{PORTAL_EMAILS}/{id}")
}

/// One page of a list of the customer portal, from a page mark on.
pub fn portal_from(list: &str, mark: &str) -> String {
    format!("{list}?from={mark}")
}

/// A list of the customer portal as a file: an answer of the server, not a page.
pub fn portal_export(list: &str) -> String {
    format!("{PORTAL}/export/{list}")
}

/// The colours of a brand: an answer of the server, not a page. `colour` is `#rrggbb`.
pub fn portal_look(colour: &str) -> String {
    format!("{PORTAL}/look/{}.css", colour.trim_start_matches('#'))
}

pub fn email(id: EmailMessageId) -> String {
    format!("{EMAIL}/messages/{id}")
}

/// A message's body in HTML: an answer of the server, not a page.
pub fn email_body(id: EmailMessageId) -> String {
    format!("{}/body", email(id))
}

/// Where somebody with a link chooses a new password.
pub fn reset(token: &str) -> String {
    format!("/reset/{token}")
}

/// A file that went along with a message: an answer of the server, not a page.
pub fn email_attachment(id: EmailMessageId, number: u32) -> String {
    format!("{}/attachments/{number}", email(id))
}

/// What one of Daybook's own mails says.
pub fn email_template(of: MailTemplate) -> String {
    format!("{EMAIL_TEMPLATES}/{of}")
}

/// What such a mail would look like: an answer of the server, not a page.
pub fn template_preview(of: MailTemplate) -> String {
    format!("{}/preview", email_template(of))
}

/// The alerts in the state of `query`.
pub fn alerts(query: &ObjectQuery) -> String {
    format!("{ALERTS}{}", query.to_query_string())
}

pub fn alert(id: AlertId) -> String {
    format!("{ALERTS}/{id}")
}

pub fn alert_rule(id: RuleId) -> String {
    format!("{ALERT_RULES}/{id}")
}

/// The same, with what it would have done in the past.
pub fn try_alert_rule(id: RuleId) -> String {
    format!("{}?try", alert_rule(id))
}

/// The addresses that are not to be mailed.
pub fn suppressions(query: &ObjectQuery) -> String {
    format!("{SUPPRESSIONS}{}", query.to_query_string())
}

/// One of them, as far as it is there.
pub fn suppressed(address: &str) -> String {
    suppressions(&ObjectQuery {
        q: Some(address.to_owned()),
        ..ObjectQuery::default()
    })
}

/// The figures of what is counted, in the state of `query`.
pub fn usage(query: &UsageQuery) -> String {
    format!("{}{}", usage_page(query.of), query.to_query_string())
}

fn usage_page(of: UsageType) -> String {
    let page = match of {
        UsageType::General => "portal",
        other => other.name(),
    };
    format!("{ANALYTICS}/{page}")
}

/// The same as a file: an answer of the server, not a page.
pub fn export_usage(query: &UsageQuery) -> String {
    format!("{}/export{}", usage_page(query.of), query.to_query_string())
}

/// The figures of one company or contact.
pub fn usage_of(kind: ObjectKind, id: ObjectId, query: &UsageQuery) -> String {
    let mut address = form_urlencoded::Serializer::new(String::new());
    if query.of != UsageType::General {
        address.append_pair("type", query.of.name());
    }
    let own = UsageQuery {
        whose: Whose::All,
        ..query.clone()
    };
    address.extend_pairs(own.to_pairs());
    let address = address.finish();
    let mark = if address.is_empty() { "" } else { "?" };
    format!("{}/{id}/usage{mark}{address}", kind.spec().path)
}

/// A thing's own log.
pub fn thing_log(kind: ObjectKind, id: ObjectId) -> String {
    format!("{}/{id}/audit-log", kind.spec().path)
}

/// As [`log`], whoever the viewer is.
pub fn exactly(scope: LogScope, query: &LogQuery) -> String {
    let address = enter(scope, query);
    if address.contains('?') {
        address
    } else {
        format!("{address}?view=none")
    }
}

/// The page of saved views with one of them open to be changed.
pub fn edit_view(id: ViewId) -> String {
    format!("{SAVED_VIEWS}?edit={id}")
}

/// Everything of a list as a file: an answer of the server, not a page.
pub fn export(query: &LogQuery, scope: LogScope, format: &str) -> String {
    let query = query.at(None).to_query_string();
    let rest = query.strip_prefix('?').map(|rest| format!("&{rest}"));
    format!(
        "{AUDIT_LOGS}/{}/export?format={format}{}",
        scope.slug(),
        rest.unwrap_or_default()
    )
}

/// The form for a legal hold on a list: its log's slug, and the rest of its address.
pub fn hold(log: &str, query: &str) -> String {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let query = query.trim_start_matches('?');
    format!("{RETENTION}?hold&log={}&query={}", encode(log), encode(query))
}

/// News of a list since a sequence: an answer of the server, not a page.
pub fn live(query: &LogQuery, scope: LogScope, after: i64) -> String {
    let query = query.at(None).to_query_string();
    let rest = query.strip_prefix('?').map(|rest| format!("&{rest}"));
    format!(
        "{AUDIT_LOGS}/{}/live?after={after}{}",
        scope.slug(),
        rest.unwrap_or_default()
    )
}

/// The log that opens first.
pub fn first_log() -> String {
    enter(LogScope::One(LogKind::Activity), &LogQuery::default())
}

/// The permanent address of a record.
pub fn event(id: EventId) -> String {
    format!("{AUDIT_LOGS}/event/{id}")
}

/// The thing a record is about, at two moments.
pub fn compare(id: EventId) -> String {
    format!("{}/compare", event(id))
}

/// The day of an agent, by their key; today in the reader's zone where no date is named.
pub fn agent_day(agent: &str, date: Option<&str>, tz: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("agent", agent);
    for (name, value) in [("date", date), ("tz", tz)] {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    format!("{AGENT_DAY}?{}", query.finish())
}

/// The event catalogue, narrowed to what holds the words.
pub fn event_types(words: &str) -> String {
    let words = words.trim();
    if words.is_empty() {
        return EVENT_TYPES.to_owned();
    }
    let q = form_urlencoded::byte_serialize(words.as_bytes()).collect::<String>();
    format!("{EVENT_TYPES}?q={q}")
}

/// The permanent address of an own type in the event catalogue.
pub fn event_type(name: &str) -> String {
    format!("{EVENT_TYPES}#{name}")
}

/// A page of a user, by the last part of its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserTab {
    Overview,
    Activity,
    AuditLog,
    Past,
}

impl UserTab {
    const ALL: [Self; 4] = [Self::Overview, Self::Activity, Self::AuditLog, Self::Past];

    fn name(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Activity => "activity",
            Self::AuditLog => "audit-log",
            Self::Past => "past",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.name() == name)
    }
}

/// The list of users in the state of `query`.
pub fn users(query: &ObjectQuery) -> String {
    format!("{USERS}{}", query.to_query_string())
}

/// A user's page: its first tab that the viewer may see. Also of one who was deleted.
pub fn user(id: UserId) -> String {
    format!("{USERS}/{id}")
}

pub fn user_tab(id: UserId, tab: UserTab) -> String {
    format!("{USERS}/{id}/{}", tab.name())
}

/// The form with which one begins to appear as a user, and where it is sent.
pub fn impersonate(id: UserId) -> String {
    format!("{USERS}/{id}/impersonate")
}

/// What a user did in a period.
pub fn user_activity(id: UserId, period: &LogQuery) -> String {
    format!("{}{}", user_tab(id, UserTab::Activity), period.to_query_string())
}

/// A page of a role, by the last part of its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleTab {
    /// What it may: the address itself.
    Permissions,
    AuditLog,
    Past,
}

impl RoleTab {
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "audit-log" => Some(Self::AuditLog),
            "past" => Some(Self::Past),
            _ => None,
        }
    }
}

pub fn role(id: RoleId) -> String {
    role_tab(id, RoleTab::Permissions)
}

pub fn role_tab(id: RoleId, tab: RoleTab) -> String {
    let tab = match tab {
        RoleTab::Permissions => "",
        RoleTab::AuditLog => "/audit-log",
        RoleTab::Past => "/past",
    };
    format!("{ROLES}/{id}{tab}")
}

/// What something beside the master data was at a moment; without one, the moments there are.
pub fn past(of: &Subject, at: Option<&Point>) -> String {
    let path = match of {
        Subject::Role(id) => role_tab(*id, RoleTab::Past),
        Subject::User(id) => user_tab(*id, UserTab::Past),
        Subject::Workspace => format!("{SETTINGS}/past"),
        Subject::SignInPolicy => format!("{SIGN_IN_POLICY}/past"),
        Subject::Retention(log) => format!("{RETENTION}/past/{}", log.name()),
    };
    format!("{path}{}", at_moment(at))
}

fn at_moment(at: Option<&Point>) -> String {
    let at = at.map(|at| form_urlencoded::byte_serialize(at.to_string().as_bytes()).collect::<String>());
    at.map(|at| format!("?at={at}")).unwrap_or_default()
}

/// What Daybook itself records in some sections, in all logs.
pub fn log_of_sections(sections: &[&str]) -> String {
    let sections = sections.iter().map(|&section| section.to_owned()).collect();
    let query = LogQuery {
        filters: [(FilterField::Section, sections)].into(),
        ..LogQuery::default()
    };
    log(LogScope::All, &query.searching(&format!("source:{OWN_SOURCE}")))
}

/// The page of a thing by the word and the id that stand in records, and what it takes to see it; of all of a kind where
/// there is no id.
pub fn page_of(about: &About) -> Option<(String, Permission)> {
    use Permission as P;
    if let Some(kind) = ObjectKind::from_name(&about.kind) {
        let page = match about.id.as_str() {
            "" => kind.spec().path.to_owned(),
            id => thing(kind, id.parse().ok()?),
        };
        return Some((page, kind.spec().see));
    }
    Some(match about.kind.as_str() {
        "user" => (
            user_tab(about.id.parse().ok()?, UserTab::Overview),
            P::UsersManage,
        ),
        "role" => (role(about.id.parse().ok()?), P::RolesManage),
        "api_key" => (API_KEYS.to_owned(), P::ApiKeysManage),
        "workspace" | "log" => (SETTINGS.to_owned(), P::SettingsManage),
        "identity_provider" => (identity_provider(about.id.parse().ok()?), P::SettingsManage),
        "sign_in_policy" => (SIGN_IN_POLICY.to_owned(), P::SettingsManage),
        "retention" | "legal_hold" => (RETENTION.to_owned(), P::SettingsManage),
        "report_schedule" => (report(about.id.parse().ok()?), P::AuditLogsExport),
        "alert" => (alert(about.id.parse().ok()?), P::AuditLogsView),
        "alert_rule" => (alert_rule(about.id.parse().ok()?), P::AuditLogsView),
        "email_message" => (email(about.id.parse().ok()?), P::EmailHistoryView),
        "email_suppression" => (suppressed(&about.id), P::EmailHistoryView),
        "email_template" => (
            email_template(MailTemplate::from_name(&about.id)?),
            P::SettingsManage,
        ),
        "mail_settings" | "email_provider" => (MAIL_SETTINGS.to_owned(), P::SettingsManage),
        _ => return None,
    })
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
