//! The event catalogue (R7): every type of event that Daybook itself emits, as data.
//!
//! What emits takes an [`OwnType`], and a type without a [`Row`] doesn't compile: so the catalogue can't fall behind
//! the code. Nothing is listed that nothing emits. What other systems send is only counted ([`SeenType`]): Daybook
//! can't say what they mean by it.
//!
//! The browser never names a row: the pages get a [`Listing`] from the server, and the catalogue stays out of the
//! WebAssembly.

mod access;
mod alerts;
mod contacts;
mod emails;
mod example;
mod identities;
mod integrations;
mod keys;
mod listing;
mod objects;
mod people;
mod records;
mod reports;
mod retention;
mod settings;
#[cfg(test)]
mod tests;
mod usage;
mod views;
mod webhooks;

pub use listing::{Entry, Group, Listing, MAX_SEEN, SeenType};

use crate::{
    event::{Action, Actor, Event, EventBody, words},
    log::LogKind,
    naming::Naming,
    object::custom::{self, CUSTOM},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `source` of the product's own events.
pub const OWN_SOURCE: &str = "daybook";

/// The release that emitted the first of these.
const V0_1_0: &str = "0.1.0";

macro_rules! own_types {
    ($($variant:ident = $word:literal, $title:literal, $row:expr;)+) => {
        words! {
            /// A type of event that Daybook emits. The names are for ever: they stand in records.
            OwnType {$(
                $variant = $word, $title;
            )+}
        }

        impl OwnType {
            /// What there is to know of it.
            pub fn row(self) -> &'static Row {
                match self {$(Self::$variant => &$row),+}
            }
        }
    };
}

own_types! {
    WorkspaceCreated = "workspace.created", "Workspace created", people::WORKSPACE_CREATED;
    UserCreated = "user.created", "User created", people::USER_CREATED;
    UserInvited = "user.invited", "User invited", people::USER_INVITED;
    UserReinvited = "user.reinvited", "User invited again", people::USER_REINVITED;
    UserInvitationAccepted = "user.invitation_accepted", "Invitation accepted", people::USER_INVITATION_ACCEPTED;
    UserProvisioned = "user.provisioned", "User made by a provider", identities::USER_PROVISIONED;
    UserIdentityLinked = "user.identity_linked", "Identity linked", identities::USER_IDENTITY_LINKED;
    UserIdentityUnlinked = "user.identity_unlinked", "Identity unlinked", identities::USER_IDENTITY_UNLINKED;
    UserUpdated = "user.updated", "User changed", people::USER_UPDATED;
    UserDeactivated = "user.deactivated", "User deactivated", people::USER_DEACTIVATED;
    UserReactivated = "user.reactivated", "User reactivated", people::USER_REACTIVATED;
    UserDeleted = "user.deleted", "User deleted", people::USER_DELETED;
    UserPasswordChanged = "user.password_changed", "Password changed", people::USER_PASSWORD_CHANGED;
    UserPasswordReset = "user.password_reset", "Password reset", people::USER_PASSWORD_RESET;
    RoleCreated = "role.created", "Role created", people::ROLE_CREATED;
    RoleUpdated = "role.updated", "Role changed", people::ROLE_UPDATED;
    RoleDeleted = "role.deleted", "Role deleted", people::ROLE_DELETED;
    ApiKeyCreated = "api_key.created", "API key created", keys::API_KEY_CREATED;
    ApiKeyRevoked = "api_key.revoked", "API key revoked", keys::API_KEY_REVOKED;
    SessionRevoked = "session.revoked", "Session ended", keys::SESSION_REVOKED;
    UserSignedIn = "user.signed_in", "User signed in", access::USER_SIGNED_IN;
    UserSignInFailed = "user.sign_in_failed", "Sign-in failed", access::USER_SIGN_IN_FAILED;
    UserSignedOut = "user.signed_out", "User signed out", access::USER_SIGNED_OUT;
    UserCodeAsked = "user.code_asked", "Code asked for", access::USER_CODE_ASKED;
    UserSecondFactorBegun = "user.second_factor_begun", "Second factor begun", access::USER_SECOND_FACTOR_BEGUN;
    UserSecondFactorEnabled = "user.second_factor_enabled", "Second factor set up", access::USER_SECOND_FACTOR_ENABLED;
    UserSecondFactorDisabled = "user.second_factor_disabled", "Second factor switched off", access::USER_SECOND_FACTOR_DISABLED;
    UserSecondFactorRemoved = "user.second_factor_removed", "Second factor removed", access::USER_SECOND_FACTOR_REMOVED;
    UserSecondFactorRefused = "user.second_factor_refused", "Code refused", access::USER_SECOND_FACTOR_REFUSED;
    UserRecoveryCodesRenewed = "user.recovery_codes_renewed", "Recovery codes renewed", access::USER_RECOVERY_CODES_RENEWED;
    UserPasswordResetAsked = "user.password_reset_asked", "New password asked for", access::USER_PASSWORD_RESET_ASKED;
    UserPasswordResetRefused = "user.password_reset_refused", "New password refused", access::USER_PASSWORD_RESET_REFUSED;
    UserPasswordChangeFailed = "user.password_change_failed", "Password change failed", access::USER_PASSWORD_CHANGE_FAILED;
    ImpersonationStarted = "impersonation.started", "Appearing as another began", access::IMPERSONATION_STARTED;
    ImpersonationEnded = "impersonation.ended", "Appearing as another ended", access::IMPERSONATION_ENDED;
    ContactSignedIn = "contact.signed_in", "Contact signed in", contacts::SIGNED_IN;
    ContactSignInFailed = "contact.sign_in_failed", "Contact sign-in failed", contacts::SIGN_IN_FAILED;
    ContactSignedOut = "contact.signed_out", "Contact signed out", contacts::SIGNED_OUT;
    ContactLinkSent = "contact.sign_in_link_sent", "Sign-in link sent", contacts::LINK_SENT;
    ContactLinkRefused = "contact.sign_in_link_refused", "Sign-in link refused", contacts::LINK_REFUSED;
    ContactSessionRevoked = "contact.session_revoked", "Contact session ended", contacts::SESSION_REVOKED;
    ContactPasswordSet = "contact.password_set", "Contact password set", contacts::PASSWORD_SET;
    ContactRecordsExported = "contact.records_exported", "Records taken out by a contact", contacts::RECORDS_EXPORTED;
    AccessDenied = "access.denied", "Access denied", access::ACCESS_DENIED;
    LogViewed = "audit_logs.viewed", "Log viewed", records::LOG_VIEWED;
    RecordViewed = "audit_logs.record_viewed", "Record viewed", records::RECORD_VIEWED;
    ExportStarted = "audit_logs.export_started", "Export started", records::EXPORT_STARTED;
    ExportFinished = "audit_logs.export_finished", "Export finished", records::EXPORT_FINISHED;
    SavedViewCreated = "saved_view.created", "View saved", views::SAVED_VIEW_CREATED;
    SavedViewUpdated = "saved_view.updated", "Saved view changed", views::SAVED_VIEW_UPDATED;
    SavedViewDeleted = "saved_view.deleted", "Saved view deleted", views::SAVED_VIEW_DELETED;
    ReportScheduleCreated = "report_schedule.created", "Report scheduled", reports::CREATED;
    ReportScheduleUpdated = "report_schedule.updated", "Scheduled report changed", reports::UPDATED;
    ReportScheduleDeleted = "report_schedule.deleted", "Scheduled report deleted", reports::DELETED;
    ReportScheduleStopped = "report_schedule.stopped", "Scheduled report stopped", reports::STOPPED_BY_ITSELF;
    ReportScheduleSent = "report_schedule.sent", "Report sent", reports::SENT;
    RetentionUpdated = "retention.updated", "Retention changed", retention::RETENTION_UPDATED;
    PurgeRequested = "retention.purge_requested", "Removal asked for", retention::PURGE_REQUESTED;
    PurgeStarted = "retention.purge_started", "Removal started", retention::PURGE_STARTED;
    Purged = "retention.purged", "Records removed", retention::PURGED;
    PurgeFailed = "retention.purge_failed", "Removal broke off", retention::PURGE_FAILED;
    LegalHoldPlaced = "legal_hold.placed", "Legal hold placed", retention::LEGAL_HOLD_PLACED;
    LegalHoldReleased = "legal_hold.released", "Legal hold released", retention::LEGAL_HOLD_RELEASED;
    WorkspaceUpdated = "workspace.updated", "General settings changed", settings::WORKSPACE_UPDATED;
    SignInPolicyUpdated = "sign_in_policy.updated", "Sign-in policy changed", settings::SIGN_IN_POLICY_UPDATED;
    UsageReportRefreshed = "usage_report.refreshed", "Monthly report refreshed", usage::REFRESHED;
    DriftChecked = "drift.checked", "Checked for drift", records::DRIFT_CHECKED;
    IdentityProviderCreated = "identity_provider.created", "Identity provider set up", identities::PROVIDER_CREATED;
    IdentityProviderUpdated = "identity_provider.updated", "Identity provider changed", identities::PROVIDER_UPDATED;
    IdentityProviderDeleted = "identity_provider.deleted", "Identity provider deleted", identities::PROVIDER_DELETED;
    LogSwitchedOn = "log.switched_on", "Log switched on", settings::LOG_SWITCHED_ON;
    LogSwitchedOff = "log.switched_off", "Log switched off", settings::LOG_SWITCHED_OFF;
    RecordingStarted = "recording.started", "Recording started", settings::RECORDING_STARTED;
    RecordingStopped = "recording.stopped", "Recording stopped", settings::RECORDING_STOPPED;
    CompanyCreated = "company.created", "Company created", objects::COMPANY.created;
    CompanyUpdated = "company.updated", "Company changed", objects::COMPANY.updated;
    CompanyDeactivated = "company.deactivated", "Company deactivated", objects::COMPANY.deactivated;
    CompanyReactivated = "company.reactivated", "Company reactivated", objects::COMPANY.reactivated;
    CompanyMerged = "company.merged", "Company merged", objects::COMPANY.merged;
    CompanyDeleted = "company.deleted", "Company deleted", objects::COMPANY.deleted;
    ContactCreated = "contact.created", "Contact created", objects::CONTACT.created;
    ContactUpdated = "contact.updated", "Contact changed", objects::CONTACT.updated;
    ContactDeactivated = "contact.deactivated", "Contact deactivated", objects::CONTACT.deactivated;
    ContactReactivated = "contact.reactivated", "Contact reactivated", objects::CONTACT.reactivated;
    ContactMerged = "contact.merged", "Contact merged", objects::CONTACT.merged;
    ContactDeleted = "contact.deleted", "Contact deleted", objects::CONTACT.deleted;
    ServiceAgentCreated = "service_agent.created", "Service agent created", objects::SERVICE_AGENT.created;
    ServiceAgentUpdated = "service_agent.updated", "Service agent changed", objects::SERVICE_AGENT.updated;
    ServiceAgentDeactivated = "service_agent.deactivated", "Service agent deactivated", objects::SERVICE_AGENT.deactivated;
    ServiceAgentReactivated = "service_agent.reactivated", "Service agent reactivated", objects::SERVICE_AGENT.reactivated;
    ServiceAgentMerged = "service_agent.merged", "Service agent merged", objects::SERVICE_AGENT.merged;
    ServiceAgentDeleted = "service_agent.deleted", "Service agent deleted", objects::SERVICE_AGENT.deleted;
    BrandCreated = "brand.created", "Brand created", objects::BRAND.created;
    BrandUpdated = "brand.updated", "Brand changed", objects::BRAND.updated;
    BrandDeactivated = "brand.deactivated", "Brand deactivated", objects::BRAND.deactivated;
    BrandReactivated = "brand.reactivated", "Brand reactivated", objects::BRAND.reactivated;
    BrandMerged = "brand.merged", "Brand merged", objects::BRAND.merged;
    BrandDeleted = "brand.deleted", "Brand deleted", objects::BRAND.deleted;
    BoardCreated = "board.created", "Board created", objects::BOARD.created;
    BoardUpdated = "board.updated", "Board changed", objects::BOARD.updated;
    BoardDeactivated = "board.deactivated", "Board deactivated", objects::BOARD.deactivated;
    BoardReactivated = "board.reactivated", "Board reactivated", objects::BOARD.reactivated;
    BoardMerged = "board.merged", "Board merged", objects::BOARD.merged;
    BoardDeleted = "board.deleted", "Board deleted", objects::BOARD.deleted;
    ServiceTypeCreated = "service_type.created", "Service type created", objects::SERVICE_TYPE.created;
    ServiceTypeUpdated = "service_type.updated", "Service type changed", objects::SERVICE_TYPE.updated;
    ServiceTypeDeactivated = "service_type.deactivated", "Service type deactivated", objects::SERVICE_TYPE.deactivated;
    ServiceTypeReactivated = "service_type.reactivated", "Service type reactivated", objects::SERVICE_TYPE.reactivated;
    ServiceTypeMerged = "service_type.merged", "Service type merged", objects::SERVICE_TYPE.merged;
    ServiceTypeDeleted = "service_type.deleted", "Service type deleted", objects::SERVICE_TYPE.deleted;
    ServiceGroupCreated = "service_group.created", "Service group created", objects::SERVICE_GROUP.created;
    ServiceGroupUpdated = "service_group.updated", "Service group changed", objects::SERVICE_GROUP.updated;
    ServiceGroupDeactivated = "service_group.deactivated", "Service group deactivated", objects::SERVICE_GROUP.deactivated;
    ServiceGroupReactivated = "service_group.reactivated", "Service group reactivated", objects::SERVICE_GROUP.reactivated;
    ServiceGroupMerged = "service_group.merged", "Service group merged", objects::SERVICE_GROUP.merged;
    ServiceGroupDeleted = "service_group.deleted", "Service group deleted", objects::SERVICE_GROUP.deleted;
    UserGroupCreated = "user_group.created", "User group created", objects::USER_GROUP.created;
    UserGroupUpdated = "user_group.updated", "User group changed", objects::USER_GROUP.updated;
    UserGroupDeactivated = "user_group.deactivated", "User group deactivated", objects::USER_GROUP.deactivated;
    UserGroupReactivated = "user_group.reactivated", "User group reactivated", objects::USER_GROUP.reactivated;
    UserGroupMerged = "user_group.merged", "User group merged", objects::USER_GROUP.merged;
    UserGroupDeleted = "user_group.deleted", "User group deleted", objects::USER_GROUP.deleted;
    MenuCreated = "menu.created", "Menu created", objects::MENU.created;
    MenuUpdated = "menu.updated", "Menu changed", objects::MENU.updated;
    MenuDeactivated = "menu.deactivated", "Menu deactivated", objects::MENU.deactivated;
    MenuReactivated = "menu.reactivated", "Menu reactivated", objects::MENU.reactivated;
    MenuMerged = "menu.merged", "Menu merged", objects::MENU.merged;
    MenuDeleted = "menu.deleted", "Menu deleted", objects::MENU.deleted;
    SearchCreated = "search.created", "Search created", objects::SEARCH.created;
    SearchUpdated = "search.updated", "Search changed", objects::SEARCH.updated;
    SearchDeactivated = "search.deactivated", "Search deactivated", objects::SEARCH.deactivated;
    SearchReactivated = "search.reactivated", "Search reactivated", objects::SEARCH.reactivated;
    SearchMerged = "search.merged", "Search merged", objects::SEARCH.merged;
    SearchDeleted = "search.deleted", "Search deleted", objects::SEARCH.deleted;
    ShortcutCreated = "shortcut.created", "Shortcut created", objects::SHORTCUT.created;
    ShortcutUpdated = "shortcut.updated", "Shortcut changed", objects::SHORTCUT.updated;
    ShortcutDeactivated = "shortcut.deactivated", "Shortcut deactivated", objects::SHORTCUT.deactivated;
    ShortcutReactivated = "shortcut.reactivated", "Shortcut reactivated", objects::SHORTCUT.reactivated;
    ShortcutMerged = "shortcut.merged", "Shortcut merged", objects::SHORTCUT.merged;
    ShortcutDeleted = "shortcut.deleted", "Shortcut deleted", objects::SHORTCUT.deleted;
    AccessRuleCreated = "access_rule.created", "Access rule created", objects::ACCESS_RULE.created;
    AccessRuleUpdated = "access_rule.updated", "Access rule changed", objects::ACCESS_RULE.updated;
    AccessRuleDeactivated = "access_rule.deactivated", "Access rule deactivated", objects::ACCESS_RULE.deactivated;
    AccessRuleReactivated = "access_rule.reactivated", "Access rule reactivated", objects::ACCESS_RULE.reactivated;
    AccessRuleMerged = "access_rule.merged", "Access rule merged", objects::ACCESS_RULE.merged;
    AccessRuleDeleted = "access_rule.deleted", "Access rule deleted", objects::ACCESS_RULE.deleted;
    BusinessRuleCreated = "business_rule.created", "Business rule created", objects::BUSINESS_RULE.created;
    BusinessRuleUpdated = "business_rule.updated", "Business rule changed", objects::BUSINESS_RULE.updated;
    BusinessRuleDeactivated = "business_rule.deactivated", "Business rule deactivated", objects::BUSINESS_RULE.deactivated;
    BusinessRuleReactivated = "business_rule.reactivated", "Business rule reactivated", objects::BUSINESS_RULE.reactivated;
    BusinessRuleMerged = "business_rule.merged", "Business rule merged", objects::BUSINESS_RULE.merged;
    BusinessRuleDeleted = "business_rule.deleted", "Business rule deleted", objects::BUSINESS_RULE.deleted;
    WebhookEndpointCreated = "webhook_endpoint.created", "Webhook endpoint created", objects::WEBHOOK_ENDPOINT.created;
    WebhookEndpointUpdated = "webhook_endpoint.updated", "Webhook endpoint changed", objects::WEBHOOK_ENDPOINT.updated;
    WebhookEndpointDeactivated = "webhook_endpoint.deactivated", "Webhook endpoint deactivated", objects::WEBHOOK_ENDPOINT.deactivated;
    WebhookEndpointReactivated = "webhook_endpoint.reactivated", "Webhook endpoint reactivated", objects::WEBHOOK_ENDPOINT.reactivated;
    WebhookEndpointMerged = "webhook_endpoint.merged", "Webhook endpoint merged", objects::WEBHOOK_ENDPOINT.merged;
    WebhookEndpointDeleted = "webhook_endpoint.deleted", "Webhook endpoint deleted", objects::WEBHOOK_ENDPOINT.deleted;
    WebhookSecretAdded = "webhook_endpoint.secret_added", "Signing secret added", webhooks::SECRET_ADDED;
    WebhookSecretRemoved = "webhook_endpoint.secret_removed", "Signing secret removed", webhooks::SECRET_REMOVED;
    WebhookHeadersChanged = "webhook_endpoint.headers_changed", "Headers changed", webhooks::HEADERS_CHANGED;
    WebhookPaused = "webhook_endpoint.paused", "Webhook endpoint paused", webhooks::PAUSED;
    WebhookResumed = "webhook_endpoint.resumed", "Webhook endpoint resumed", webhooks::RESUMED;
    WebhookTested = "webhook_endpoint.tested", "Test event sent", webhooks::TESTED;
    WebhookResent = "webhook_endpoint.resent", "Message sent again", webhooks::RESENT;
    WebhookRecovered = "webhook_endpoint.recovered", "Messages recovered", webhooks::RECOVERED;
    WebhookAttemptFailed = "webhook.attempt_failed", "Webhook attempt failed", webhooks::ATTEMPT_FAILED;
    WebhookMessageGivenUp = "webhook.message_given_up", "Webhook message given up", webhooks::GIVEN_UP;
    IntegrationCreated = "integration.created", "Integration created", objects::INTEGRATION.created;
    IntegrationUpdated = "integration.updated", "Integration changed", objects::INTEGRATION.updated;
    IntegrationDeactivated = "integration.deactivated", "Integration deactivated", objects::INTEGRATION.deactivated;
    IntegrationReactivated = "integration.reactivated", "Integration reactivated", objects::INTEGRATION.reactivated;
    IntegrationMerged = "integration.merged", "Integration merged", objects::INTEGRATION.merged;
    IntegrationDeleted = "integration.deleted", "Integration deleted", objects::INTEGRATION.deleted;
    IntegrationSecretSet = "integration.secret_set", "Integration's secret set", integrations::SECRET_SET;
    IntegrationPaused = "integration.paused", "Integration paused", integrations::PAUSED;
    IntegrationResumed = "integration.resumed", "Integration resumed", integrations::RESUMED;
    IntegrationTested = "integration.tested", "Integration tested", integrations::TESTED;
    IntegrationRewound = "integration.rewound", "Integration set back", integrations::REWOUND;
    IntegrationRecovered = "integration.recovered", "Integration works again", integrations::RECOVERED;
    IntegrationDeliveryFailed = "integration.delivery_failed", "Integration failed", integrations::DELIVERY_FAILED;
    IntegrationEventsRefused = "integration.events_refused", "Events refused", integrations::EVENTS_REFUSED;
    SecretsResealed = "secrets.resealed", "Secrets sealed anew", settings::SECRETS_RESEALED;
    MailSettingsUpdated = "mail_settings.updated", "Mail settings changed", emails::MAIL_SETTINGS_UPDATED;
    MailPaused = "mail_settings.paused", "Mail paused", emails::MAIL_PAUSED;
    MailResumed = "mail_settings.resumed", "Mail resumed", emails::MAIL_RESUMED;
    EmailProviderUpdated = "email_provider.updated", "Email provider changed", emails::PROVIDER_UPDATED;
    EmailTemplateUpdated = "email_template.updated", "Email template changed", emails::TEMPLATE_UPDATED;
    EmailSuppressionCreated = "email_suppression.created", "Address suppressed", emails::SUPPRESSION_CREATED;
    EmailSuppressionDeleted = "email_suppression.deleted", "Address not suppressed any more", emails::SUPPRESSION_DELETED;
    EmailTested = "email.tested", "Test email sent", emails::TESTED;
    EmailResent = "email.resent", "Email sent again", emails::RESENT;
    EmailAttachmentDownloaded = "email.attachment_downloaded", "Attachment downloaded", emails::ATTACHMENT_DOWNLOADED;
    EmailBounced = "email.bounced", "Email bounced", emails::BOUNCED;
    EmailDeferred = "email.deferred", "Email deferred", emails::DEFERRED;
    EmailComplained = "email.complained", "Email complained about", emails::COMPLAINED;
    EmailRecipientBlocked = "email.recipient_blocked", "Email recipient blocked", emails::RECIPIENT_BLOCKED;
    AlertRaised = "alert.raised", "Alert raised", alerts::ALERT_RAISED;
    AlertRaisedAgain = "alert.raised_again", "Alert raised again", alerts::ALERT_RAISED_AGAIN;
    AlertAcknowledged = "alert.acknowledged", "Alert acknowledged", alerts::ALERT_ACKNOWLEDGED;
    AlertAssigned = "alert.assigned", "Alert assigned", alerts::ALERT_ASSIGNED;
    AlertClosed = "alert.closed", "Alert closed", alerts::ALERT_CLOSED;
    AlertReopened = "alert.reopened", "Alert reopened", alerts::ALERT_REOPENED;
    AlertRuleCreated = "alert_rule.created", "Alert rule added", alerts::RULE_CREATED;
    AlertRuleUpdated = "alert_rule.updated", "Alert rule changed", alerts::RULE_UPDATED;
    AlertRuleDeleted = "alert_rule.deleted", "Alert rule deleted", alerts::RULE_DELETED;
    AlertRuleSwitchedOn = "alert_rule.switched_on", "Alert rule switched on", alerts::RULE_SWITCHED_ON;
    AlertRuleSwitchedOff = "alert_rule.switched_off", "Alert rule switched off", alerts::RULE_SWITCHED_OFF;
    EventsImported = "events.imported", "Events imported", records::EVENTS_IMPORTED;
    DataImported = "data.imported", "File imported", records::DATA_IMPORTED;
    DataExported = "data.exported", "File exported", records::DATA_EXPORTED;
}

impl OwnType {
    /// The type of what was done to a thing: kind `role` and verb `updated` are `role.updated`.
    pub fn of(kind: &str, verb: &str) -> Option<Self> {
        Self::from_name(&format!("{kind}.{verb}"))
    }

    /// An event of this type with what all of them share. Real ones and examples begin here.
    pub fn begin(self, actor: Actor, occurred_at: Timestamp) -> EventBody {
        let row = self.row();
        let mut body = EventBody::new(self.name(), actor, occurred_at);
        OWN_SOURCE.clone_into(&mut body.source);
        body.log = row.log;
        body.action = row.action;
        body.category = Some(row.category.to_owned());
        body.section = row.sections.first().map(|&section| section.to_owned());
        body
    }

    /// A record of this type, as the API answers it.
    pub fn example(self) -> Event {
        let mut event = example::common(self);
        (self.row().example)(&mut event.body);
        event
    }

    /// Whether each of the words, in lower case, stands in what a reader sees of it.
    fn matches(self, words: &[String], naming: Naming) -> bool {
        let row = self.row();
        let text = format!(
            "{} {} {} {}",
            self.name(),
            self.title(),
            row.category,
            row.meaning
        )
        .to_lowercase();
        let shown = naming.says(&text);
        words
            .iter()
            .all(|word| text.contains(word.as_str()) || shown.contains(word.as_str()))
    }
}

/// What there is to know of a type.
#[derive(Debug)]
pub struct Row {
    pub log: LogKind,
    pub category: &'static str,
    /// The first is the usual one.
    pub sections: &'static [&'static str],
    pub action: Action,
    /// One sentence: what has happened when there is a record of it.
    pub meaning: &'static str,
    /// What it carries beyond what every record carries.
    pub fields: &'static [Field],
    /// The first version that emitted it.
    pub since: &'static str,
    /// Fills in what the example carries beyond what every record carries.
    example: fn(&mut EventBody),
}

/// A field beyond the common ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Field<S = &'static str> {
    /// Where it stands: `metadata.scope`, `steps`; `changes.role` is the entry of `changes` with the property `role`.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub path: S,
    /// What it holds.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub description: S,
    /// Whether each record of the type has it.
    pub always: bool,
    /// Whether it only says that something changed, and never the values.
    pub secret: bool,
}

pub(crate) const fn always(path: &'static str, description: &'static str) -> Field {
    Field {
        path,
        description,
        always: true,
        secret: false,
    }
}

pub(crate) const fn sometimes(path: &'static str, description: &'static str) -> Field {
    Field {
        always: false,
        ..always(path, description)
    }
}

impl Field {
    const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    fn owned(&self, naming: Naming) -> Field<String> {
        Field {
            path: self.path.to_owned(),
            description: naming.says(self.description).into_owned(),
            always: self.always,
            secret: self.secret,
        }
    }
}

/// The fields of an event beyond the common ones (`impersonator` is one: whatever users do may be done in their name),
/// and whether their values are kept from it.
fn carried(body: &EventBody) -> BTreeMap<String, bool> {
    let auth = body.auth.as_ref();
    let parts = [
        ("targets", !body.targets.is_empty()),
        ("steps", !body.steps.is_empty()),
        ("reason", body.reason.is_some()),
        ("login_source", body.login_source.is_some()),
        ("auth.method", auth.is_some_and(|auth| auth.method.is_some())),
        ("auth.id", auth.is_some_and(|auth| auth.id.is_some())),
        ("company", body.company.is_some()),
        ("contact", body.contact.is_some()),
        ("conversation", body.conversation.is_some()),
        ("brand", body.brand.is_some()),
    ];
    let parts = parts.iter().filter(|(_, there)| *there);
    let changes = body.changes.iter();
    parts
        .map(|(path, _)| ((*path).to_owned(), false))
        .chain(changes.map(|change| {
            let one_of_all = custom::told_of(&change.property).map(|_| CUSTOM);
            (
                format!("changes.{}", one_of_all.unwrap_or(&change.property)),
                change.secret,
            )
        }))
        .chain(body.metadata.keys().map(|key| (format!("metadata.{key}"), false)))
        .collect()
}

/// In what an event of the product's own is not what the catalogue says of its type. Empty is as it should be: the
/// tests ask this of every event they come by.
pub fn faults(body: &EventBody) -> Vec<String> {
    let Some(of) = OwnType::from_name(&body.event_type) else {
        return vec![format!("{} isn't in the catalogue", body.event_type)];
    };
    let row = of.row();
    let mut faults = Vec::new();
    if body.log != row.log || body.action != row.action {
        faults.push(format!("{of}: {} in log {}", body.action, body.log));
    }
    let section = body.section.as_deref().unwrap_or_default();
    if body.category.as_deref() != Some(row.category) || !row.sections.contains(&section) {
        faults.push(format!("{of}: section {section} of {:?}", body.category));
    }
    let carried = carried(body);
    for (path, secret) in &carried {
        match row.fields.iter().find(|field| field.path == path) {
            None => faults.push(format!("{of}: {path} isn't named")),
            Some(field) if field.secret != *secret => faults.push(format!("{of}: {path} and its secrecy")),
            Some(_) => {}
        }
    }
    let missing = row
        .fields
        .iter()
        .filter(|field| field.always && !carried.contains_key(field.path));
    faults.extend(missing.map(|field| format!("{of}: {} is missing", field.path)));
    faults
}
