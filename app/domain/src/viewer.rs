//! Who asks, and what they were found to be allowed. "The argument is the check": a port that needs a permission
//! takes a [`Granted`], and only a passed check makes one.

use crate::{
    Error, Result,
    event::{Actor, ActorKind, Portal},
    id::{ApiKeyId, SessionId, UserId, WorkspaceId},
    naming::Naming,
    permission::{Grantable, Permission, PermissionSet},
    regional::RegionalFormat,
    time::LocalTime,
};
use serde::{Deserialize, Serialize};
use std::{marker::PhantomData, net::IpAddr, sync::Arc};

/// Where a request came from. Copied into every event it causes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestContext {
    /// The client's address, behind trusted proxies the forwarded one (R47).
    pub ip: Option<IpAddr>,
    pub user_agent: Option<String>,
    pub portal: Option<Portal>,
    /// One user action, many records (R49). Also the request id shown in errors.
    pub correlation_id: String,
}

/// The one who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    User {
        id: UserId,
        name: String,
        email: String,
        session: Option<SessionId>,
    },
    ApiKey {
        id: ApiKeyId,
        name: String,
    },
    /// The command line of the machine Daybook runs on, or Daybook itself.
    System {
        name: String,
    },
}

/// A known principal in a workspace with what it may do. Made by the authentication layer, never from input.
#[derive(Debug, Clone)]
pub struct Viewer(Arc<ViewerInner>);

#[derive(Debug, Clone)]
struct ViewerInner {
    workspace: WorkspaceId,
    workspace_name: String,
    principal: Principal,
    permissions: PermissionSet,
    zone: String,
    role: String,
    request: RequestContext,
    naming: Naming,
    format: RegionalFormat,
    impersonation: Option<Impersonation>,
    second_factor_due: bool,
}

/// Somebody who appears as another user (R46): who it really is, why, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impersonation {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub reason: String,
    pub until: LocalTime,
    /// From the request to `until`.
    pub seconds_left: i64,
}

/// As whom somebody appears, and how.
#[derive(Debug, Clone)]
pub struct Another {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub permissions: PermissionSet,
    pub zone: String,
    pub format: RegionalFormat,
    pub role: String,
    pub reason: String,
    pub until: LocalTime,
    pub seconds_left: i64,
}

/// What nobody does in the name of another: what opens doors, to themselves or others, and appearing as a third.
const NEVER_AS_ANOTHER: [Permission; 4] = [
    Permission::UsersManage,
    Permission::RolesManage,
    Permission::ApiKeysManage,
    Permission::Impersonate,
];

/// What somebody may do who appears as another: what both may, without what nobody does in the name of another.
pub fn as_another(theirs: &PermissionSet, own: &PermissionSet) -> PermissionSet {
    let both = theirs.intersection(own).copied();
    both.filter(|permission| !NEVER_AS_ANOTHER.contains(permission))
        .collect()
}

impl Viewer {
    /// `zone` is an IANA time zone name; `role` the name of the role, for display.
    pub fn new(
        workspace: WorkspaceId,
        principal: Principal,
        permissions: PermissionSet,
        zone: String,
        role: String,
        request: RequestContext,
    ) -> Self {
        Self(Arc::new(ViewerInner {
            workspace,
            workspace_name: String::new(),
            principal,
            permissions,
            zone,
            role,
            request,
            naming: Naming::default(),
            format: RegionalFormat::default(),
            impersonation: None,
            second_factor_due: false,
        }))
    }

    pub fn workspace(&self) -> WorkspaceId {
        self.0.workspace
    }

    /// With the workspace's name, for display.
    #[must_use]
    pub fn in_workspace_called(mut self, name: String) -> Self {
        Arc::make_mut(&mut self.0).workspace_name = name;
        self
    }

    /// The same, going on with an action that began earlier: what it records belongs to that.
    #[must_use]
    pub fn in_action(&self, correlation_id: String) -> Self {
        let mut same = self.clone();
        Arc::make_mut(&mut same.0).request.correlation_id = correlation_id;
        same
    }

    /// With what things are called in the workspace.
    #[must_use]
    pub fn calling(mut self, naming: Naming) -> Self {
        Arc::make_mut(&mut self.0).naming = naming;
        self
    }

    /// Somebody whose role needs a second factor and who has none: they may do nothing but set it up.
    #[must_use]
    pub fn lacking_second_factor(mut self) -> Self {
        let inner = Arc::make_mut(&mut self.0);
        inner.permissions = PermissionSet::new();
        inner.second_factor_due = true;
        self
    }

    /// Whether they have to set up a second factor before anything else.
    pub fn is_second_factor_due(&self) -> bool {
        self.0.second_factor_due
    }

    /// With how dates and numbers are written for them.
    #[must_use]
    pub fn reading(mut self, format: RegionalFormat) -> Self {
        Arc::make_mut(&mut self.0).format = format;
        self
    }

    /// The same person, appearing as another: what they may from then on is what [`as_another`] says. `None` where it
    /// isn't a user who asks.
    pub fn appearing_as(&self, another: Another) -> Option<Self> {
        let Principal::User {
            id,
            name,
            email,
            session,
        } = self.principal()
        else {
            return None;
        };
        let mut inner = (*self.0).clone();
        inner.impersonation = Some(Impersonation {
            id: *id,
            name: name.clone(),
            email: email.clone(),
            reason: another.reason,
            until: another.until,
            seconds_left: another.seconds_left,
        });
        inner.permissions = as_another(&another.permissions, self.permissions());
        inner.principal = Principal::User {
            id: another.id,
            name: another.name,
            email: another.email,
            session: *session,
        };
        inner.zone = another.zone;
        inner.format = another.format;
        inner.role = another.role;
        Some(Self(Arc::new(inner)))
    }

    /// Who it really is, for what they do in their own name; allowed nothing.
    #[must_use]
    pub fn themselves(&self) -> Self {
        let Some(really) = self.impersonation() else {
            return self.clone();
        };
        let mut inner = (*self.0).clone();
        inner.principal = Principal::User {
            id: really.id,
            name: really.name.clone(),
            email: really.email.clone(),
            session: self.session_id(),
        };
        inner.permissions = PermissionSet::new();
        inner.impersonation = None;
        Self(Arc::new(inner))
    }

    /// Who it really is, where somebody appears as this principal.
    pub fn impersonation(&self) -> Option<&Impersonation> {
        self.0.impersonation.as_ref()
    }

    /// The same as the actor beside the actor of an event: “A as B”.
    pub fn impersonator(&self) -> Option<Actor> {
        self.impersonation().map(|really| Actor {
            id: Some(really.id.to_string()),
            ..Actor::named(ActorKind::User, &really.name).with_email(&really.email)
        })
    }

    /// What things are called where the viewer reads of them.
    pub fn naming(&self) -> Naming {
        self.0.naming
    }

    pub fn principal(&self) -> &Principal {
        &self.0.principal
    }

    pub fn request(&self) -> &RequestContext {
        &self.0.request
    }

    /// IANA name of the zone in which this viewer reads times.
    pub fn zone(&self) -> &str {
        &self.0.zone
    }

    /// How dates and numbers are written for this viewer.
    pub fn format(&self) -> RegionalFormat {
        self.0.format
    }

    pub fn may(&self, permission: Permission) -> bool {
        self.0.permissions.contains(&permission)
    }

    pub fn permissions(&self) -> &PermissionSet {
        &self.0.permissions
    }

    /// The check. `viewer.grant(ViewAuditLogs)?` is the only way to a `Granted<ViewAuditLogs>`.
    pub fn grant<P: Grantable>(&self, _permission: P) -> Result<Granted<P>> {
        if self.may(P::PERMISSION) {
            Ok(Granted {
                viewer: self.clone(),
                permission: PhantomData,
            })
        } else {
            Err(Error::Forbidden {
                permission: P::PERMISSION,
            })
        }
    }

    /// The user who asks, where it is one.
    pub fn user_id(&self) -> Option<UserId> {
        match self.principal() {
            Principal::User { id, .. } => Some(*id),
            Principal::ApiKey { .. } | Principal::System { .. } => None,
        }
    }

    pub fn session_id(&self) -> Option<SessionId> {
        match self.principal() {
            Principal::User { session, .. } => *session,
            Principal::ApiKey { .. } | Principal::System { .. } => None,
        }
    }

    /// This principal as the actor of an event.
    pub fn actor(&self) -> Actor {
        match self.principal() {
            Principal::User { id, name, email, .. } => Actor {
                id: Some(id.to_string()),
                ..Actor::named(ActorKind::User, name).with_email(email)
            },
            Principal::ApiKey { id, name } => Actor {
                id: Some(id.to_string()),
                ..Actor::named(ActorKind::ApiKey, name)
            },
            Principal::System { name } => Actor::named(ActorKind::System, name),
        }
    }

    /// What the pages may know about the viewer.
    pub fn info(&self) -> ViewerInfo {
        let (name, email) = match self.principal() {
            Principal::User { name, email, .. } => (name.clone(), email.clone()),
            Principal::ApiKey { name, .. } | Principal::System { name } => (name.clone(), String::new()),
        };
        ViewerInfo {
            name,
            email,
            workspace: self.0.workspace_name.clone(),
            role: self.0.role.clone(),
            zone: self.zone().to_owned(),
            format: self.format(),
            permissions: self.permissions().clone(),
            naming: self.naming(),
            second_factor_due: self.is_second_factor_due(),
            impersonation: self.impersonation().map(|really| ImpersonationInfo {
                by: really.name.clone(),
                reason: really.reason.clone(),
                until: really.until.clone(),
                seconds_left: really.seconds_left,
            }),
        }
    }
}

/// Proof that a viewer was found to hold permission `P`.
#[derive(Debug, Clone)]
pub struct Granted<P: Grantable> {
    viewer: Viewer,
    permission: PhantomData<P>,
}

impl<P: Grantable> Granted<P> {
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    pub fn workspace(&self) -> WorkspaceId {
        self.viewer.workspace()
    }
}

/// The viewer as pages show it: for the menu and the name in the corner, never for a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewerInfo {
    pub name: String,
    pub email: String,
    /// The name of the workspace.
    pub workspace: String,
    pub role: String,
    pub zone: String,
    /// How dates and numbers are written for the viewer.
    pub format: RegionalFormat,
    pub permissions: PermissionSet,
    /// What things are called in the workspace.
    pub naming: Naming,
    /// Whether they have to set up a second factor before anything else.
    pub second_factor_due: bool,
    /// Where it is really somebody else.
    pub impersonation: Option<ImpersonationInfo>,
}

/// Who really looks at the pages, as these say it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImpersonationInfo {
    pub by: String,
    pub reason: String,
    pub until: LocalTime,
    /// From the request to `until`.
    pub seconds_left: i64,
}

impl ViewerInfo {
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permission::BuiltInRole;

    #[test]
    fn who_appears_as_another_may_no_more_than_either() {
        let everything = BuiltInRole::Administrator.permissions();
        let auditor = BuiltInRole::Auditor.permissions();
        assert_eq!(as_another(&auditor, &everything), auditor);
        assert_eq!(as_another(&everything, &auditor), auditor);
        let among_administrators = as_another(&everything, &everything);
        assert!(among_administrators.contains(&Permission::SettingsManage));
        for never in NEVER_AS_ANOTHER {
            assert!(!among_administrators.contains(&never), "{never}");
        }
    }
}
