//! Permissions in the order in which an administrator thinks of them.

use daybook_domain::permission::Permission;

/// A heading above check boxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Records,
    Directory,
    Delivery,
    AdminCenter,
    Support,
}

impl Group {
    pub const ALL: [Self; 5] = [
        Self::Records,
        Self::Directory,
        Self::Delivery,
        Self::AdminCenter,
        Self::Support,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::Records => "Records",
            Self::Directory => "Directory",
            Self::Delivery => "Delivery",
            Self::AdminCenter => "Admin Center",
            Self::Support => "Acting for others",
        }
    }

    /// A new permission doesn't compile until it has its place.
    fn of(permission: Permission) -> Self {
        use Permission as P;
        match permission {
            P::AuditLogsView
            | P::AuditLogsExport
            | P::AlertsManage
            | P::EmailHistoryView
            | P::AnalyticsView => Self::Records,
            P::DirectoryView | P::DirectoryManage => Self::Directory,
            P::WebhooksManage | P::IntegrationsManage => Self::Delivery,
            P::UsersManage | P::RolesManage | P::SettingsManage | P::ApiKeysManage => Self::AdminCenter,
            P::Impersonate => Self::Support,
        }
    }

    pub fn permissions(self) -> impl Iterator<Item = Permission> {
        Permission::ALL
            .iter()
            .copied()
            .filter(move |permission| Self::of(*permission) == self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_permission_is_offered() {
        let offered: BTreeSet<_> = Group::ALL.into_iter().flat_map(Group::permissions).collect();
        assert_eq!(offered.len(), Permission::ALL.len());
    }
}
