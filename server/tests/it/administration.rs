//! Every way in which people, roles, keys and what is set for all can be changed, as every role: with forms that would be
//! taken and ids of what is there. Who may does; who may not leaves no trace but the record of the refusal.

use crate::{
    client::Client,
    house::{ADMINISTRATOR, AGENT, AUDITOR, House, PASSWORD},
};
use daybook_backend::{
    ingest::Format,
    testing::{TestDb, give_identity, give_second_factor, remove_records},
};
use daybook_domain::{
    account::{RoleForm, Scope, UserStatus},
    email::{MailForm, MailSecurity, NewPassword},
    email_template::{MailTemplate, Wording},
    id::{AlertId, ObjectId, WebhookMessageId, WebhookSecretId},
    identity::{Newcomers, ProviderForm},
    log::{LogKind, LogScope},
    monitoring::{BuiltInRule, RuleId},
    object::{Change, ObjectKind, ObjectQuery},
    permission::{
        ManageAlerts, ManageApiKeys, ManageIntegrations, ManageRoles, ManageSettings, ManageUsers,
        ManageWebhooks, Permission as P, ViewAuditLogs,
    },
    ports::{
        ApiKeys, Emails as _, IdentityProviders as _, Integrations as _, Monitoring as _, Objects as _,
        Retentions, Roles, SignInPolicies, Users, Webhooks as _, WorkspaceSettings,
    },
    query::LogQuery,
    retention::HoldForm,
};
use leptos::server_fn::axum::server_fn_paths;
use std::collections::BTreeSet;

/// The functions that change something, what each needs, and its form; what stands in braces is made for each call.
const MUTATIONS: &[(&str, P, &str)] = &[
    (
        "/_fn/users/invite",
        P::UsersManage,
        "name=New&email=new{turn}@x.example&role={agent}",
    ),
    (
        "/_fn/users/update",
        P::UsersManage,
        "id={invited}&seen={user_seen}&name=Other&email=other{turn}@x.example&phone=555-0100",
    ),
    (
        "/_fn/users/set_role",
        P::UsersManage,
        "id={invited}&seen={user_seen}&role={unused}",
    ),
    ("/_fn/users/reinvite", P::UsersManage, "id={invited}"),
    ("/_fn/users/send_reset", P::UsersManage, "id={active}"),
    ("/_fn/users/deactivate", P::UsersManage, "id={invited}"),
    ("/_fn/users/reactivate", P::UsersManage, "id={gone}"),
    (
        "/_fn/users/delete",
        P::UsersManage,
        "id={invited}&confirm=invited{turn}@x.example",
    ),
    (
        "/_fn/roles/create",
        P::RolesManage,
        "name=New{turn}&description=&permissions[]=directory.view",
    ),
    (
        "/_fn/roles/update",
        P::RolesManage,
        "id={unused}&seen={role_seen}&name=Other{turn}&description=&permissions[]=directory.view",
    ),
    ("/_fn/roles/delete", P::RolesManage, "id={unused}"),
    (
        "/_fn/api_keys/create",
        P::ApiKeysManage,
        "name=New&scopes[]=events:read",
    ),
    ("/_fn/api_keys/revoke", P::ApiKeysManage, "id={key}"),
    (
        "/_fn/settings/set_workspace",
        P::SettingsManage,
        "seen={settings_seen}&workspace=Desk{turn}&zone=UTC&format=sv-SE",
    ),
    ("/_fn/settings/switch_courses", P::SettingsManage, "on={courses}"),
    (
        "/_fn/settings/set_helpdesk",
        P::SettingsManage,
        "seen={settings_seen}&helpdesk={helpdesk}",
    ),
    (
        "/_fn/settings/switch_log",
        P::SettingsManage,
        "log=billing&on={switched}",
    ),
    (
        "/_fn/sign_in_policy/set",
        P::SettingsManage,
        "seen={policy_seen}&idle_minutes=60&longest_hours=24&password_length={length}&networks=",
    ),
    (
        "/_fn/retention/set",
        P::SettingsManage,
        "log=activity&seen={retention_seen}&days={days}",
    ),
    ("/_fn/retention/purge_now", P::SettingsManage, ""),
    (
        "/_fn/retention/place_hold",
        P::SettingsManage,
        "name=Case{turn}&reason=Why&log=billing&query=",
    ),
    ("/_fn/retention/release_hold", P::SettingsManage, "id={hold}"),
    (
        "/_fn/webhooks/add_secret",
        P::WebhooksManage,
        "endpoint={endpoint}",
    ),
    (
        "/_fn/webhooks/remove_secret",
        P::WebhooksManage,
        "endpoint={endpoint}&secret={secret}",
    ),
    (
        "/_fn/webhooks/set_header",
        P::WebhooksManage,
        "endpoint={endpoint}&name=x-key&value=v{turn}",
    ),
    (
        "/_fn/webhooks/remove_header",
        P::WebhooksManage,
        "endpoint={endpoint}&name=x-there",
    ),
    ("/_fn/webhooks/pause", P::WebhooksManage, "endpoint={endpoint}"),
    ("/_fn/webhooks/resume", P::WebhooksManage, "endpoint={paused}"),
    ("/_fn/webhooks/test", P::WebhooksManage, "endpoint={endpoint}"),
    (
        "/_fn/webhooks/resend",
        P::WebhooksManage,
        "endpoint={endpoint}&id={failed}",
    ),
    (
        "/_fn/webhooks/recover",
        P::WebhooksManage,
        "endpoint={endpoint}&since=-1h",
    ),
    (
        "/_fn/integrations/set_secret",
        P::IntegrationsManage,
        "id={chat}&secret=https://chat{turn}.x.example/in",
    ),
    (
        "/_fn/integrations/pause",
        P::IntegrationsManage,
        "id={integration}",
    ),
    ("/_fn/integrations/resume", P::IntegrationsManage, "id={resting}"),
    (
        "/_fn/integrations/test",
        P::IntegrationsManage,
        "id={integration}",
    ),
    (
        "/_fn/integrations/rewind",
        P::IntegrationsManage,
        "id={integration}&since=-1h",
    ),
    ("/_fn/alerts/acknowledge", P::AlertsManage, "id={alert}"),
    (
        "/_fn/alerts/assign",
        P::AlertsManage,
        "id={alert}&user={system_user}",
    ),
    ("/_fn/alerts/close", P::AlertsManage, "id={alert}&note=Nothing"),
    ("/_fn/alerts/reopen", P::AlertsManage, "id={closed_alert}"),
    (
        "/_fn/alert_rules/add",
        P::AlertsManage,
        "sigma=title:+Added{turn}%0Alogsource:%0A++product:+x%0Adetection:%0A++a:%0A++++ip:+x%0A++condition:+a",
    ),
    (
        "/_fn/alert_rules/set",
        P::AlertsManage,
        "id=mass_delete&seen={rule_seen}&severity=low&mail=nobody&params[count]={days}&params[minutes]=10",
    ),
    (
        "/_fn/alert_rules/switch",
        P::AlertsManage,
        "id={sigma_rule}&on=true",
    ),
    ("/_fn/alert_rules/delete", P::AlertsManage, "id={sigma_rule}"),
    ("/_fn/emails/resend", P::SettingsManage, "id={email}"),
    (
        "/_fn/emails/suppress",
        P::SettingsManage,
        "address=user{turn}@x.example",
    ),
    (
        "/_fn/emails/unsuppress",
        P::SettingsManage,
        "address={suppressed}",
    ),
    (
        "/_fn/emails/set_settings",
        P::SettingsManage,
        "seen={mail_seen}&form[host]={mail_host}&form[port]={mail_port}&form[security]={mail_security}&form[username]=&\
         form[password]=&form[from_name]=Desk+{turn}&form[from_address]=desk@x.example&form[reply_to]=",
    ),
    (
        "/_fn/emails/set_provider_key",
        P::SettingsManage,
        "provider=mailgun&key=key-{turn}",
    ),
    ("/_fn/users/remove_second_factor", P::UsersManage, "id={factored}"),
    (
        "/_fn/users/unlink_identity",
        P::UsersManage,
        "id={linked}&provider={provider}&subject=s-{linked}",
    ),
    (
        "/_fn/identity_providers/create",
        P::SettingsManage,
        "form[name]=New{turn}&form[issuer]=https://id.x.example&form[client_id]=x&form[newcomers]=refused",
    ),
    (
        "/_fn/identity_providers/update",
        P::SettingsManage,
        "id={provider}&seen={provider_seen}&form[name]=Other{turn}&form[issuer]=https://id.x.example&form[client_id]=x&\
         form[newcomers]=refused&form[flags][]=enabled",
    ),
    (
        "/_fn/identity_providers/delete",
        P::SettingsManage,
        "id={provider}&name=X",
    ),
    (
        "/_fn/roles/need_second_factor",
        P::RolesManage,
        "id={unused}&needed=true",
    ),
    ("/_fn/emails/pause", P::SettingsManage, ""),
    ("/_fn/emails/resume", P::SettingsManage, ""),
    ("/_fn/emails/test", P::SettingsManage, "to=ann@x.example"),
    (
        "/_fn/emails/set_template",
        P::SettingsManage,
        "template=test&seen={template_seen}&subject=Hi{turn}&text=Hello",
    ),
    (
        "/_fn/emails/reset_template",
        P::SettingsManage,
        "template=test&seen={template_seen}",
    ),
    (
        "/_fn/emails/undo_template",
        P::SettingsManage,
        "template=test&seen={template_seen}",
    ),
];

/// Functions of the same that change nothing.
const READS: [&str; 36] = [
    "/_fn/alert_rules/list",
    "/_fn/alert_rules/show",
    "/_fn/alert_rules/try",
    "/_fn/alerts/list",
    "/_fn/alerts/show",
    "/_fn/api_keys/list",
    "/_fn/emails/list",
    "/_fn/emails/providers",
    "/_fn/emails/settings",
    "/_fn/emails/show",
    "/_fn/emails/suppressions",
    "/_fn/emails/template",
    "/_fn/emails/templates",
    "/_fn/identity_providers/check",
    "/_fn/identity_providers/list",
    "/_fn/identity_providers/roles",
    "/_fn/identity_providers/show",
    "/_fn/integrations/health",
    "/_fn/integrations/recorded_since",
    "/_fn/integrations/show",
    "/_fn/retention/show",
    "/_fn/roles/list",
    "/_fn/roles/show",
    "/_fn/settings/show",
    "/_fn/sign_in_policy/show",
    "/_fn/users/activity",
    "/_fn/users/impersonable",
    "/_fn/users/list",
    "/_fn/users/role_choices",
    "/_fn/users/show",
    "/_fn/users/trace",
    "/_fn/webhooks/health",
    "/_fn/webhooks/message",
    "/_fn/webhooks/messages",
    "/_fn/webhooks/recoverable",
    "/_fn/webhooks/signing",
];

const AREAS: [&str; 12] = [
    "alert_rules",
    "alerts",
    "users",
    "roles",
    "api_keys",
    "settings",
    "sign_in_policy",
    "retention",
    "emails",
    "webhooks",
    "integrations",
    "identity_providers",
];

/// What takes all permissions, whichever it is about: with any of these somebody could become whoever has them.
fn takes_all(path: &str) -> bool {
    path.starts_with("/_fn/identity_providers/")
}

/// Long enough for whatever the sign-in policy asks for by then.
const LONG_PASSWORD: &str = "brass lantern over quiet water, seven copper kettles whistling by the harbour";

/// What is made anew for each call, by its place in a form.
async fn made(
    house: &House,
    form: &str,
    turn: usize,
    endpoint: &mut Option<MadeEndpoint>,
    integrations: &mut Option<MadeIntegrations>,
) -> Vec<(&'static str, String)> {
    let (system, services) = (house.system().await, &house.services);
    let accounts = &services.accounts;
    let (users, roles) = (
        system.grant(ManageUsers).unwrap(),
        system.grant(ManageRoles).unwrap(),
    );
    let (settings, reader) = (
        system.grant(ManageSettings).unwrap(),
        system.grant(ViewAuditLogs).unwrap(),
    );
    let choices = accounts.role_choices(&users).await.unwrap();
    let agent = choices.iter().find(|(_, name)| name == "Agent").unwrap().0;
    let invite = async |name: &str| {
        let email = format!("{name}{turn}@x.example");
        accounts
            .invite_user(&users, name, &email, agent)
            .await
            .unwrap()
            .user
    };
    let (invited, gone) = (invite("invited").await, invite("gone").await);
    let email = format!("active{turn}@x.example");
    let active = accounts.create_user(&users, "active", &email, "Agent", LONG_PASSWORD.into());
    let active = if form.contains("{active}") {
        active.await.unwrap().id.to_string()
    } else {
        String::new()
    };
    let out = accounts.deactivate_user(&users, gone.id).await.unwrap();
    assert_eq!(out.status, UserStatus::Deactivated);
    let role = RoleForm {
        name: format!("Unused{turn}"),
        description: String::new(),
        permissions: vec![],
    };
    let unused = accounts.create_role(&roles, role).await.unwrap();
    let keys = system.grant(ManageApiKeys).unwrap();
    let key = accounts
        .create_api_key(&keys, "Key", vec![Scope::EventsRead])
        .await
        .unwrap();
    // There is a most of them.
    let mut held = String::new();
    if form.contains("{hold}") {
        let case = HoldForm {
            name: format!("Hold{turn}"),
            reason: "A case".to_owned(),
            log: LogScope::One(LogKind::Billing),
            query: LogQuery::default(),
        };
        let placed = services.retention.place_hold(&settings, &reader, case).await;
        held = placed.unwrap().id.to_string();
    }
    if form.contains("{factored}") {
        give_second_factor(&services.writer, system.workspace(), invited.id).await;
    }
    let mut provider = (String::new(), String::new());
    if form.contains("{provider}") {
        let there = accounts.list_identity_providers(&settings).await.unwrap();
        let known = if let Some(known) = there.into_iter().next() {
            known
        } else {
            let form = ProviderForm {
                name: format!("Provider{turn}"),
                issuer: "https://id.x.example".to_owned(),
                client_id: "x".to_owned(),
                client_secret: NewPassword::default(),
                scopes: String::new(),
                enabled: true,
                for_contacts: false,
                newcomers: Newcomers::Refused,
                trusts_email: false,
                domains: String::new(),
                role_claim: String::new(),
                role_rules: String::new(),
                default_role: None,
                vouches_for_factor: false,
            };
            accounts.create_identity_provider(&settings, form).await.unwrap()
        };
        if form.contains("{linked}") {
            give_identity(&services.writer, system.workspace(), invited.id, known.id).await;
        }
        provider = (known.id.to_string(), known.seen.tag().as_str().to_owned());
    }
    let mut mail = services.emails.mail_settings(&settings).await.unwrap();
    if mail.host.is_empty() {
        let form = MailForm {
            host: "smtp.x.example".to_owned(),
            port: 25,
            security: MailSecurity::Tls,
            username: String::new(),
            password: NewPassword::default(),
            from_name: String::new(),
            from_address: "desk@x.example".to_owned(),
            reply_to: String::new(),
        };
        let seen = mail.seen.tag();
        let set = services.emails.set_mail_settings(&settings, &seen, form).await;
        set.unwrap();
        mail = services.emails.mail_settings(&settings).await.unwrap();
    }
    let (alerts, watched) = (system.grant(ManageAlerts).unwrap(), &services.monitoring);
    let (mut alert, mut closed_alert) = (String::new(), String::new());
    if form.contains("{alert}") || form.contains("{closed_alert}") {
        alert = raise(house, turn).await.to_string();
        if form.contains("{closed_alert}") {
            let id = alert.parse().unwrap();
            watched.close_alert(&alerts, id, "Nothing.").await.unwrap();
            closed_alert.clone_from(&alert);
        }
    }
    let mut sigma_rule = String::new();
    if form.contains("{sigma_rule}") {
        let text = format!("title: Rule {turn}\n{SIGMA}");
        sigma_rule = watched
            .add_alert_rule(&alerts, &text)
            .await
            .unwrap()
            .0
            .to_string();
    }
    let mass_delete = RuleId::BuiltIn(BuiltInRule::MassDelete);
    let rule_seen = watched.alert_rule(&reader, mass_delete).await.unwrap().seen.tag();
    let everybody = accounts
        .list_users(&users, &ObjectQuery::default())
        .await
        .unwrap();
    let system_user = everybody
        .rows
        .iter()
        .find(|user| user.role_name == "Administrator");
    let (mut email, suppressed) = (String::new(), format!("gone{turn}@x.example"));
    if form.contains("{email}") {
        let sent = services.emails.send_test_email(&settings, "bo@x.example").await;
        email = sent.unwrap().to_string();
        // What is hastened was to go at another time.
        house.at.clock.advance_seconds(1);
    }
    let mut template_seen = String::new();
    if form.contains("{template_seen}") {
        let of = MailTemplate::Test;
        let seen = services.emails.email_template(&settings, of).await.unwrap().seen;
        let wording = Wording {
            subject: format!("Before {turn}"),
            text: "Arrived".to_owned(),
        };
        let set = services
            .emails
            .set_email_template(&settings, of, &seen.tag(), wording)
            .await;
        set.unwrap();
        let seen = services.emails.email_template(&settings, of).await.unwrap().seen;
        seen.tag().as_str().clone_into(&mut template_seen);
    }
    if form.contains("{suppressed}") {
        services
            .emails
            .suppress(&settings, &suppressed, "")
            .await
            .unwrap();
    }
    if form.contains("endpoint=") && endpoint.is_none() {
        *endpoint = Some(make_endpoint(house, turn).await);
    }
    if ["{chat}", "{integration}", "{resting}"]
        .iter()
        .any(|place| form.contains(place))
        && integrations.is_none()
    {
        *integrations = Some(make_integrations(house, turn).await);
    }
    let of_integration = |id: fn(&MadeIntegrations) -> ObjectId| {
        integrations
            .as_ref()
            .map(|made| id(made).to_string())
            .unwrap_or_default()
    };
    let of_endpoint = |id: fn(&MadeEndpoint) -> String| endpoint.as_ref().map(id).unwrap_or_default();
    let known = services.settings.settings(&settings).await.unwrap();
    let policy = accounts.sign_in_policy(&settings).await.unwrap();
    let kept = services.retention.retention(&settings).await.unwrap().logs;
    let kept = kept.into_iter().find(|of| of.log == LogKind::Activity);
    let billing = known.logs.iter().find(|tab| tab.log == LogKind::Billing).unwrap();
    vec![
        ("{turn}", turn.to_string()),
        ("{alert}", alert),
        ("{closed_alert}", closed_alert),
        ("{sigma_rule}", sigma_rule),
        ("{rule_seen}", rule_seen.as_str().to_owned()),
        (
            "{system_user}",
            system_user.map(|user| user.id.to_string()).unwrap_or_default(),
        ),
        ("{email}", email),
        ("{suppressed}", suppressed),
        ("{template_seen}", template_seen),
        ("{mail_seen}", mail.seen.tag().as_str().to_owned()),
        ("{mail_host}", mail.host.clone()),
        ("{mail_port}", mail.port.to_string()),
        ("{mail_security}", mail.security.name().to_owned()),
        ("{agent}", agent.to_string()),
        ("{active}", active),
        ("{factored}", invited.id.to_string()),
        ("{linked}", invited.id.to_string()),
        ("{provider}", provider.0),
        ("{provider_seen}", provider.1),
        ("{invited}", invited.id.to_string()),
        ("{user_seen}", invited.seen.tag().as_str().to_owned()),
        ("{gone}", gone.id.to_string()),
        ("{unused}", unused.id.to_string()),
        ("{role_seen}", unused.seen.tag().as_str().to_owned()),
        ("{key}", key.thing.id.to_string()),
        ("{hold}", held),
        ("{settings_seen}", known.seen.tag().as_str().to_owned()),
        ("{courses}", (!known.courses).to_string()),
        (
            "{helpdesk}",
            if known.helpdesk.name() == "none" {
                "autotask"
            } else {
                "none"
            }
            .to_owned(),
        ),
        ("{switched}", (!billing.switched_on).to_string()),
        ("{policy_seen}", policy.1.tag().as_str().to_owned()),
        ("{length}", (12 + turn % 50).to_string()),
        (
            "{retention_seen}",
            kept.map(|of| of.seen.tag().as_str().to_owned())
                .unwrap_or_default(),
        ),
        ("{days}", (100 + turn).to_string()),
        ("{endpoint}", of_endpoint(|made| made.id.to_string())),
        ("{secret}", of_endpoint(|made| made.secret.to_string())),
        ("{failed}", of_endpoint(|made| made.failed.to_string())),
        ("{paused}", of_endpoint(|made| made.paused.to_string())),
        ("{chat}", of_integration(|made| made.chat)),
        ("{integration}", of_integration(|made| made.folder)),
        ("{resting}", of_integration(|made| made.resting)),
    ]
}

const SIGMA: &str = "logsource:\n  product: x\ndetection:\n  a:\n    ip: x\n  condition: a\n";

/// An alert that nobody has dealt with: ten failed sign-ins of an account of its own.
async fn raise(house: &House, turn: usize) -> AlertId {
    let (system, services) = (house.system().await, &house.services);
    services.monitoring.settle().await.unwrap();
    let failed = serde_json::json!({
        "event_type": "agent.sign_in_failed", "action": "login", "outcome": "failure",
        "actor": {"kind": "user", "id": format!("tried-{turn}")},
    });
    let body = serde_json::Value::from(vec![failed; 10]).to_string();
    let workspace = system.workspace();
    let taken = services
        .ingest
        .receive(workspace, "helpdesk", Format::Json, body.into(), true);
    taken.await.unwrap();
    services.monitoring.settle().await.unwrap();
    let reader = system.grant(ViewAuditLogs).unwrap();
    let all = ObjectQuery::default();
    let page = services.monitoring.list_alerts(&reader, &all).await.unwrap();
    let name = format!("tried-{turn}");
    page.rows
        .into_iter()
        .find(|alert| alert.subject == name)
        .unwrap()
        .id
}

struct MadeEndpoint {
    id: ObjectId,
    secret: WebhookSecretId,
    /// A message that has failed.
    failed: WebhookMessageId,
    /// Another endpoint, which is paused.
    paused: ObjectId,
}

/// A webhook endpoint with two secrets, a header and a message of its own making that can't be sent: its record is gone.
async fn make_endpoint(house: &House, turn: usize) -> MadeEndpoint {
    let (system, services) = (house.system().await, &house.services);
    let things = system.grant_kind(ObjectKind::WebhookEndpoint, Change).unwrap();
    let who = system.grant(ManageWebhooks).unwrap();
    let make = async |name: String| {
        let values = [
            ("name", name.as_str()),
            ("url", "https://nowhere.example/in"),
            ("events", "type:webhook_endpoint.created"),
        ];
        let typed = values.map(|(name, value)| (name.to_owned(), vec![value.to_owned()]));
        let made = services.objects.create_object(&things, &typed.into()).await;
        let id = made.unwrap().id;
        let created = house.events().await[0].sequence;
        remove_records(&services.writer, system.workspace(), &[created]).await;
        let made = services.webhooks.add_secret(&who, id).await.unwrap();
        (id, made.thing.secrets[0].id)
    };
    let (paused, _) = make(format!("Paused{turn}")).await;
    let (id, secret) = make(format!("Endpoint{turn}")).await;
    services.webhooks.add_secret(&who, id).await.unwrap();
    services
        .webhooks
        .set_header(&who, id, "x-there", "yes")
        .await
        .unwrap();
    services.webhooks.settle().await.unwrap();
    services.webhooks.pause_endpoint(&who, paused).await.unwrap();
    let messages = services
        .webhooks
        .list_messages(&who, id, &ObjectQuery::default())
        .await
        .unwrap();
    MadeEndpoint {
        id,
        secret,
        failed: messages.rows[0].id,
        paused,
    }
}

struct MadeIntegrations {
    /// One that lacks its secret.
    chat: ObjectId,
    folder: ObjectId,
    /// One that is paused.
    resting: ObjectId,
}

async fn make_integrations(house: &House, turn: usize) -> MadeIntegrations {
    let (system, services) = (house.system().await, &house.services);
    let things = system.grant_kind(ObjectKind::Integration, Change).unwrap();
    let who = system.grant(ManageIntegrations).unwrap();
    let make = async |name: &str, values: &[(&str, &str)]| {
        let name = format!("{name}{turn}");
        let values = values.iter().copied().chain([("name", name.as_str())]);
        let typed = values.map(|(name, value)| (name.to_owned(), vec![value.to_owned()]));
        let made = services.objects.create_object(&things, &typed.collect()).await;
        made.unwrap().id
    };
    let chat = make("Chat", &[("type", "slack")]).await;
    let folder = make("Archive", &[("type", "folder"), ("folder", "audit")]).await;
    let resting = make("Resting", &[("type", "folder"), ("folder", "audit")]).await;
    services
        .integrations
        .pause_integration(&who, resting)
        .await
        .unwrap();
    MadeIntegrations {
        chat,
        folder,
        resting,
    }
}

/// Somebody with a role that may do all but one thing, signed in.
async fn all_but(house: &House, without: P) -> Client {
    let (system, accounts) = (house.system().await, &house.services.accounts);
    let name = format!("All but {}", without.name());
    let form = RoleForm {
        name: name.clone(),
        description: String::new(),
        permissions: P::ALL.iter().copied().filter(|of| *of != without).collect(),
    };
    let roles = system.grant(ManageRoles).unwrap();
    accounts.create_role(&roles, form).await.unwrap();
    let email = format!("without-{}@x.example", without.name());
    let users = system.grant(ManageUsers).unwrap();
    let made = accounts.create_user(&users, "Custom", &email, &name, PASSWORD.into());
    made.await.unwrap();
    house.signed_in(&email).await
}

#[tokio::test]
async fn every_change_of_people_and_settings_as_every_role() {
    let there: BTreeSet<_> = server_fn_paths()
        .map(|(path, _)| path)
        .filter(|path| {
            AREAS
                .iter()
                .any(|area| path.starts_with(&format!("/_fn/{area}/")))
        })
        .filter(|path| !READS.contains(path))
        .collect();
    let listed: BTreeSet<_> = MUTATIONS.iter().map(|(path, ..)| *path).collect();
    assert_eq!(
        there, listed,
        "a change that isn't tried, or one that isn't there"
    );

    let house = House::full(TestDb::sqlite().await).await;
    let mut people = vec![
        ("nobody".to_owned(), house.client(), None),
        (
            "agent".to_owned(),
            house.signed_in(AGENT).await,
            Some(BTreeSet::new()),
        ),
        (
            "auditor".to_owned(),
            house.signed_in(AUDITOR).await,
            Some(BTreeSet::new()),
        ),
        (
            "administrator".to_owned(),
            house.signed_in(ADMINISTRATOR).await,
            Some(P::ALL.iter().copied().collect()),
        ),
    ];
    for without in [
        P::UsersManage,
        P::RolesManage,
        P::ApiKeysManage,
        P::SettingsManage,
        P::WebhooksManage,
        P::IntegrationsManage,
        P::AlertsManage,
    ] {
        let may = P::ALL.iter().copied().filter(|of| *of != without).collect();
        let name = format!("all but {without}");
        people.push((name, all_but(&house, without).await, Some(may)));
    }
    let (mut faults, mut turn) = (Vec::new(), 0);
    // Whoever is refused leaves it as it is, for the next.
    let (mut endpoint, mut integrations) = (None, None);
    for (name, client, may) in &mut people {
        for (path, needs, form) in MUTATIONS {
            turn += 1;
            // What is asked for once more is asked for at another time.
            house.at.clock.advance_seconds(1);
            let places = made(&house, form, turn, &mut endpoint, &mut integrations).await;
            let filled = places.iter().fold((*form).to_owned(), |form, (place, value)| {
                form.replace(place, value)
            });
            let body = filled.replace('[', "%5B").replace(']', "%5D");
            let (count, before) = (house.events().await[0].sequence, house.at.contents().await);
            let answer = client
                .call(path, "application/x-www-form-urlencoded", &body)
                .await;
            let expected = match may {
                None => 401,
                Some(may) if takes_all(path) && may.len() < P::ALL.len() => 403,
                Some(may) if may.contains(needs) => 200,
                Some(_) => 403,
            };
            if answer.status != expected {
                faults.push(format!("{path} for {name}: {} {}", answer.status, answer.body));
            }
            if expected == 200 {
                (endpoint, integrations) = (None, None);
            }
            let changed = house.at.contents().await != before;
            // Once what is too old is gone, purging leaves only its record.
            let may_leave_all = *path == "/_fn/retention/purge_now" && expected == 200;
            if changed != (expected == 200) && !may_leave_all {
                faults.push(format!("{path} for {name} changed something: {changed}"));
            }
            let events = house.events().await;
            let told = events.iter().take_while(|event| event.sequence > count);
            let told: Vec<_> = told.map(|event| event.body.event_type.as_str()).collect();
            let fits = match expected {
                200 => !told.is_empty() && !told.contains(&"access.denied"),
                403 => told == ["access.denied"],
                _ => told.is_empty(),
            };
            if !fits {
                faults.push(format!("{path} for {name} left {told:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
