//! Every log as data: title, columns, filters, permission. Adding one means adding a row here, its cells in
//! `app/src/audit_logs/kinds/` where it needs columns of its own, and tests.

use crate::{event::words, permission::Permission};
use serde::{Deserialize, Serialize};

words! {
    /// The logs of contract.md §1, by their wire names.
    LogKind {
        Activity = "activity", "Activity";
        Access = "access", "Access";
        WebhookFailure = "webhook_failure", "Webhook failures";
        IntegrationFailure = "integration_failure", "Integration failures";
        EmailFailure = "email_failure", "Email failures";
        WorkflowFailure = "workflow_failure", "Workflow failures";
        ContactAuthentication = "contact_authentication", "Contact sign-ins";
        Billing = "billing", "Billing";
        WorkSession = "work_session", "Work sessions";
        Conversation = "conversation", "Conversations";
        Customer = "customer", "Customers";
    }
}

words! {
    /// A column of a log's table.
    Column {
        Time = "time", "Date and time";
        Actor = "actor", "Performed by";
        Action = "action", "Event";
        EventType = "event_type", "Event type";
        Category = "category", "Category";
        Section = "section", "Section";
        Target = "target", "Target";
        Property = "property", "Property";
        Summary = "summary", "Summary";
        Outcome = "outcome", "Outcome";
        Company = "company", "Company";
        Brand = "brand", "Brand";
        Portal = "portal", "Portal";
        LoginSource = "login_source", "Source of login";
        Ip = "ip", "IP address";
        Agent = "agent", "Agent";
        Happened = "happened", "What happened";
        Status = "status", "Routing status";
        SignedIn = "signed_in", "Time signed in";
        Capacity = "capacity", "Capacity";
    }
}

words! {
    /// A field whose values narrow a list. The name is the URL parameter; repeated, it means "any of these".
    FilterField {
        /// The part of the system log (R15).
        Area = "area", "Area";
        Category = "category", "Category";
        EventType = "event_type", "Event type";
        Action = "action", "Event";
        /// Matches the actor's key, or part of the name or email, in any case.
        Actor = "actor", "Performed by";
        Outcome = "outcome", "Outcome";
        Section = "section", "Section";
        Company = "company", "Company";
        Brand = "brand", "Brand";
        Portal = "portal", "Portal";
        LoginSource = "login_source", "Source of login";
        Webhook = "webhook", "Webhook";
        Integration = "integration", "Integration";
        Ip = "ip", "IP address";
        /// Whose work session it is: as the actor.
        Agent = "agent", "Agent";
        /// What became of the routing status.
        Routing = "routing", "Routing status";
    }
}

/// What a log shows and who may see it.
#[derive(Debug)]
pub struct LogSpec {
    pub kind: LogKind,
    /// One sentence under the title.
    pub about: &'static str,
    pub permission: Permission,
    /// Core logs always have a tab; the others when they have records.
    pub core: bool,
    pub columns: &'static [Column],
    pub filters: &'static [FilterField],
}

use Column as C;
use FilterField as F;

const fn spec(
    kind: LogKind,
    core: bool,
    about: &'static str,
    columns: &'static [Column],
    filters: &'static [FilterField],
) -> LogSpec {
    LogSpec {
        kind,
        about,
        permission: Permission::AuditLogsView,
        core,
        columns,
        filters,
    }
}

const GENERAL_COLUMNS: &[Column] = &[C::Time, C::Actor, C::Action, C::Section, C::Summary, C::Ip];
const GENERAL_FILTERS: &[FilterField] = &[F::Category, F::EventType, F::Actor, F::Outcome];
/// Where before and after are what is asked for: the properties stand in the line.
const CHANGE_COLUMNS: &[Column] = &[
    C::Time,
    C::Actor,
    C::Action,
    C::Section,
    C::Property,
    C::Summary,
    C::Ip,
];

static SPECS: [LogSpec; LogKind::ALL.len()] = [
    spec(
        LogKind::Activity,
        true,
        "Who changed what in the admin settings, when, from where, and what it was before.",
        &[
            C::Time,
            C::Actor,
            C::Action,
            C::Category,
            C::Section,
            C::Property,
            C::Summary,
            C::Ip,
        ],
        &[
            F::Area,
            F::Category,
            F::EventType,
            F::Section,
            F::Actor,
            F::Action,
            F::Outcome,
        ],
    ),
    spec(
        LogKind::Access,
        true,
        "Sign-ins, sign-outs and impersonation in the agent and the customer portal, and who read the logs.",
        &[
            C::Time,
            C::Actor,
            C::Action,
            C::Category,
            C::Outcome,
            C::Brand,
            C::LoginSource,
            C::Ip,
        ],
        &[
            F::Category,
            F::Actor,
            F::Action,
            F::Outcome,
            F::LoginSource,
            F::Brand,
            F::Portal,
        ],
    ),
    spec(
        LogKind::WebhookFailure,
        true,
        "Attempts to deliver a webhook that failed, and why.",
        &[C::Time, C::Target, C::EventType, C::Summary, C::Outcome],
        &[F::Webhook, F::EventType],
    ),
    spec(
        LogKind::IntegrationFailure,
        true,
        "Calls to other products that failed, and why.",
        &[C::Time, C::Target, C::Section, C::EventType, C::Summary],
        // The section is the type of the integration.
        &[F::Integration, F::Section, F::EventType],
    ),
    spec(
        LogKind::EmailFailure,
        false,
        "Emails that bounced, were refused or were not sent.",
        &[C::Time, C::Target, C::EventType, C::Company, C::Summary, C::Brand],
        &[F::Category, F::EventType, F::Actor, F::Company, F::Brand],
    ),
    spec(
        LogKind::WorkflowFailure,
        false,
        "Workflows and business rules that stopped with an error.",
        &[C::Time, C::Actor, C::Target, C::EventType, C::Summary],
        GENERAL_FILTERS,
    ),
    spec(
        LogKind::ContactAuthentication,
        false,
        "Every time a contact signed in, with what the identity provider calls it.",
        &[
            C::Time,
            C::Actor,
            C::Company,
            C::Action,
            C::Outcome,
            C::LoginSource,
            C::Ip,
        ],
        &[F::Actor, F::Company, F::Outcome, F::LoginSource, F::Brand],
    ),
    spec(
        LogKind::Billing,
        false,
        "Plan and seat changes.",
        CHANGE_COLUMNS,
        GENERAL_FILTERS,
    ),
    spec(
        LogKind::WorkSession,
        false,
        "When agents were signed in, available and at capacity.",
        &[
            C::Time,
            C::Agent,
            C::Happened,
            C::Status,
            C::SignedIn,
            C::Capacity,
            C::Actor,
        ],
        &[F::Agent, F::EventType, F::Routing, F::Actor],
    ),
    spec(
        LogKind::Conversation,
        false,
        "What happened to conversations.",
        &[C::Time, C::Actor, C::Action, C::Target, C::Company, C::Summary],
        &[F::EventType, F::Actor, F::Company, F::Action, F::Outcome],
    ),
    spec(
        LogKind::Customer,
        false,
        "What happened to companies and contacts.",
        CHANGE_COLUMNS,
        &[
            F::Category,
            F::EventType,
            F::Section,
            F::Actor,
            F::Company,
            F::Action,
        ],
    ),
];

static ALL_LOGS: LogSpec = LogSpec {
    kind: LogKind::Activity,
    about: "Every record of every log, newest first.",
    permission: Permission::AuditLogsView,
    core: true,
    columns: GENERAL_COLUMNS,
    filters: &[
        F::Area,
        F::Category,
        F::EventType,
        F::Section,
        F::Agent,
        F::Routing,
        F::Actor,
        F::Company,
        F::Action,
        F::Outcome,
    ],
};

impl LogKind {
    /// The name in the URL: the wire name with hyphens.
    pub fn slug(self) -> String {
        self.name().replace('_', "-")
    }

    pub fn spec(self) -> &'static LogSpec {
        // The table is in declaration order; a test holds it to that.
        &SPECS[self as usize]
    }
}

/// Which records a list is about: one log, or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogScope {
    All,
    One(LogKind),
}

impl LogScope {
    /// The path segment after `/audit-logs/`.
    pub fn slug(self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::One(kind) => kind.slug(),
        }
    }

    pub fn from_slug(slug: &str) -> Option<Self> {
        if slug == "all" {
            return Some(Self::All);
        }
        LogKind::ALL
            .iter()
            .copied()
            .find(|kind| kind.slug() == slug)
            .map(Self::One)
    }

    /// The name in the database and the API: a log's wire name, or `all`.
    pub fn name(self) -> &'static str {
        self.kind().map_or("all", LogKind::name)
    }

    pub fn from_name(name: &str) -> Option<Self> {
        if name == "all" {
            return Some(Self::All);
        }
        LogKind::from_name(name).map(Self::One)
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::One(kind) => kind.title(),
        }
    }

    pub fn spec(self) -> &'static LogSpec {
        match self {
            Self::All => &ALL_LOGS,
            Self::One(kind) => kind.spec(),
        }
    }

    pub fn kind(self) -> Option<LogKind> {
        match self {
            Self::All => None,
            Self::One(kind) => Some(kind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_log_has_its_own_row_and_slug() {
        for kind in LogKind::ALL.iter().copied() {
            assert_eq!(kind.spec().kind, kind);
            assert_eq!(LogScope::from_slug(&kind.slug()), Some(LogScope::One(kind)));
            assert!(kind.spec().columns.contains(&Column::Time));
        }
        assert_eq!(
            LogScope::from_slug("webhook-failure"),
            Some(LogScope::One(LogKind::WebhookFailure))
        );
        assert_eq!(LogScope::from_slug("webhook_failure"), None);
        assert_eq!(LogScope::from_slug("all"), Some(LogScope::All));
    }
}
