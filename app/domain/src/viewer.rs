//! Who asks, and what they were found to be allowed. "The argument is the check": a port that needs a permission
//! takes a [`Granted`], and only a passed check makes one.

use crate::{
    Error, Result,
    event::{Actor, ActorKind, Portal},
    id::{ApiKeyId, SessionId, UserId, WorkspaceId},
    naming::Naming,
    permission::{Grantable, Permission, PermissionSet},
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
            permissions: self.permissions().clone(),
            naming: self.naming(),
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
    pub permissions: PermissionSet,
    /// What things are called in the workspace.
    pub naming: Naming,
}

impl ViewerInfo {
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }
}
