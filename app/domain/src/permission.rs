//! What a role may allow, and the proof that a check has passed.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt, str::FromStr};

macro_rules! permissions {
    ($($variant:ident, $marker:ident, $name:literal, $title:literal, $explanation:literal;)+) => {
        /// One thing a role can allow. The names are the contract's (`audit_logs.view` …).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Permission {$(
            #[doc = $explanation]
            #[serde(rename = $name)]
            $variant,
        )+}

        impl Permission {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The wire and database name.
            pub fn name(self) -> &'static str {
                match self {$(Self::$variant => $name),+}
            }

            /// What an administrator reads beside the check box.
            pub fn title(self) -> &'static str {
                match self {$(Self::$variant => $title),+}
            }

            /// One sentence on what it opens.
            pub fn explanation(self) -> &'static str {
                match self {$(Self::$variant => $explanation),+}
            }
        }

        $(
            #[doc = concat!("Marker of the permission “", $title, "” for [`Granted`](crate::viewer::Granted).")]
            #[derive(Debug, Clone, Copy)]
            pub struct $marker;

            impl Grantable for $marker {
                const PERMISSION: Permission = Permission::$variant;
            }
        )+
    };
}

/// A type that stands for one permission.
pub trait Grantable: Send + Sync + 'static {
    const PERMISSION: Permission;
}

permissions! {
    AuditLogsView, ViewAuditLogs, "audit_logs.view", "View audit logs", "Open the audit logs and each record in them.";
    AuditLogsExport, ExportAuditLogs, "audit_logs.export", "Export audit logs", "Download records as CSV or JSON lines, and have saved views sent by mail.";
    EmailHistoryView, ViewEmailHistory, "email_history.view", "View email history", "See every email sent and what became of it.";
    DirectoryView, ViewDirectory, "directory.view", "View the directory", "See companies, contacts and service agents.";
    DirectoryManage, ManageDirectory, "directory.manage", "Manage the directory", "Create, change and delete companies, contacts and service agents.";
    AnalyticsView, ViewAnalytics, "analytics.view", "View analytics", "See usage figures of the portals.";
    WebhooksManage, ManageWebhooks, "webhooks.manage", "Manage webhooks", "Create and change webhook endpoints, which are sent the records they ask for, and send messages again.";
    IntegrationsManage, ManageIntegrations, "integrations.manage", "Manage integrations", "Connect other products, which are sent the records, also past ones, and change how they are connected.";
    AlertsManage, ManageAlerts, "alerts.manage", "Manage alerts and rules", "Deal with alerts, which are also mailed, and change the rules that raise them.";
    UsersManage, ManageUsers, "users.manage", "Manage users", "Invite people, give them a role, deactivate them.";
    RolesManage, ManageRoles, "roles.manage", "Manage roles", "Create roles and choose what each may do.";
    SettingsManage, ManageSettings, "settings.manage", "Manage settings", "Change the workspace's general settings.";
    ApiKeysManage, ManageApiKeys, "api_keys.manage", "Manage API keys", "Create and revoke keys that programs use.";
    Impersonate, ImpersonateUsers, "impersonate", "Impersonate users", "Appear as another user, with a reason and a time limit.";
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Permission {
    type Err = UnknownPermission;

    fn from_str(text: &str) -> Result<Self, UnknownPermission> {
        Self::ALL
            .iter()
            .copied()
            .find(|p| p.name() == text)
            .ok_or(UnknownPermission)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a permission")]
pub struct UnknownPermission;

/// What somebody may do.
pub type PermissionSet = BTreeSet<Permission>;

/// The roles every workspace starts with. Their names can't be changed, and an Administrator may do everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuiltInRole {
    Administrator,
    Auditor,
    Agent,
}

impl BuiltInRole {
    pub const ALL: [Self; 3] = [Self::Administrator, Self::Auditor, Self::Agent];

    pub fn name(self) -> &'static str {
        match self {
            Self::Administrator => "Administrator",
            Self::Auditor => "Auditor",
            Self::Agent => "Agent",
        }
    }

    pub fn description(self) -> &'static str {
        match self {
            Self::Administrator => "May do everything.",
            Self::Auditor => "Reads and exports the records, and changes nothing.",
            Self::Agent => "Works with customers; sees no audit logs.",
        }
    }

    pub fn permissions(self) -> PermissionSet {
        use Permission as P;
        match self {
            Self::Administrator => P::ALL.iter().copied().collect(),
            Self::Auditor => [
                P::AuditLogsView,
                P::AuditLogsExport,
                P::EmailHistoryView,
                P::DirectoryView,
                P::AnalyticsView,
            ]
            .into(),
            Self::Agent => [P::DirectoryView].into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_parse_back() {
        for permission in Permission::ALL {
            assert_eq!(permission.name().parse(), Ok(*permission));
        }
        let names: BTreeSet<_> = Permission::ALL.iter().map(|p| p.name()).collect();
        assert_eq!(names.len(), Permission::ALL.len());
    }

    #[test]
    fn an_auditor_changes_nothing_and_an_agent_sees_no_log() {
        assert!(
            BuiltInRole::Auditor
                .permissions()
                .iter()
                .all(|p| !p.name().ends_with(".manage"))
        );
        assert!(
            !BuiltInRole::Agent
                .permissions()
                .contains(&Permission::AuditLogsView)
        );
    }
}
