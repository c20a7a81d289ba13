//! Roles, users and settings as they were at a moment, rebuilt from their records (R18), as
//! [`ObjectThen`](crate::object::ObjectThen) is for the master data.

use crate::{
    Error, Result,
    about::About,
    compare::Moment,
    id::{RoleId, UserId, WorkspaceId},
    log::LogKind,
    page::EventRow,
    permission::Permission,
    viewer::Viewer,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What has past states beside the master data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Subject {
    Role(RoleId),
    User(UserId),
    /// The general settings.
    Workspace,
    SignInPolicy,
    /// For how long a log keeps its records.
    Retention(LogKind),
}

impl Subject {
    /// By the word in records and what tells one from others of the kind; that is empty where there is only one.
    pub fn parse(kind: &str, id: &str) -> Option<Self> {
        Some(match kind {
            "role" => Self::Role(id.parse().ok()?),
            "user" => Self::User(id.parse().ok()?),
            "workspace" => Self::Workspace,
            "sign_in_policy" => Self::SignInPolicy,
            "retention" => Self::Retention(LogKind::from_name(id)?),
            _ => return None,
        })
    }

    /// The word in records.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Role(_) => "role",
            Self::User(_) => "user",
            Self::Workspace => "workspace",
            Self::SignInPolicy => "sign_in_policy",
            Self::Retention(_) => "retention",
        }
    }

    /// As [`Self::parse`] takes it.
    pub fn id(self) -> String {
        match self {
            Self::Role(id) => id.to_string(),
            Self::User(id) => id.to_string(),
            Self::Workspace | Self::SignInPolicy => String::new(),
            Self::Retention(log) => log.name().to_owned(),
        }
    }

    /// As its records name it.
    pub fn about(self, workspace: WorkspaceId) -> About {
        match self {
            Self::Workspace | Self::SignInPolicy => About::new(self.kind(), workspace),
            _ => About::new(self.kind(), self.id()),
        }
    }

    /// What it takes to see and change it.
    pub fn permission(self) -> Permission {
        match self {
            Self::Role(_) => Permission::RolesManage,
            Self::User(_) => Permission::UsersManage,
            Self::Workspace | Self::SignInPolicy | Self::Retention(_) => Permission::SettingsManage,
        }
    }

    /// Whether a property can be given a value it had. What only its owner changes, or what follows from something else,
    /// can't.
    pub fn gives_back(self, property: &str) -> bool {
        let properties: &[&str] = match self {
            Self::Role(_) => &["name", "description", "permissions"],
            Self::User(_) => &["name", "email", "phone", "role", "status"],
            Self::Workspace => &[
                "name",
                "time_zone",
                "regional_format",
                "helpdesk_integration",
                "courses_module",
            ],
            Self::SignInPolicy => &[
                "session_idle_minutes",
                "session_longest_hours",
                "password_length",
                "networks",
            ],
            Self::Retention(_) => &["days"],
        };
        properties.contains(&property)
    }
}

/// Proof that a viewer may see and change a subject.
#[derive(Debug, Clone)]
pub struct SubjectGranted {
    viewer: Viewer,
    subject: Subject,
}

impl Viewer {
    /// The check: the only way to a [`SubjectGranted`].
    ///
    /// # Errors
    /// `Forbidden` with the permission that is missing.
    pub fn grant_subject(&self, subject: Subject) -> Result<SubjectGranted> {
        let permission = subject.permission();
        if self.may(permission) {
            Ok(SubjectGranted {
                viewer: self.clone(),
                subject,
            })
        } else {
            Err(Error::Forbidden { permission })
        }
    }
}

impl SubjectGranted {
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    pub fn workspace(&self) -> WorkspaceId {
        self.viewer.workspace()
    }

    pub fn subject(&self) -> Subject {
        self.subject
    }
}

/// What the log knows of a value at a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ValueThen {
    /// Null for none.
    Known(Value),
    /// The log says nothing of it.
    Unknown,
    /// Its values are kept from the log: only whether it was changed since is known.
    Secret { changed_since: bool },
}

/// A property then and now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PropertyThen {
    pub property: String,
    pub then: ValueThen,
    /// Null where it has none, or is a secret.
    pub now: Value,
}

impl PropertyThen {
    pub fn differs(&self) -> bool {
        match &self.then {
            ValueThen::Known(then) => *then != self.now,
            ValueThen::Unknown => false,
            ValueThen::Secret { changed_since } => *changed_since,
        }
    }
}

/// Something then and now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PastState {
    pub subject: Subject,
    /// What it is called, or was last.
    pub name: String,
    pub moment: Moment,
    /// `None` where it wasn't there at the moment.
    pub then: Option<Vec<PropertyThen>>,
    /// Whether it is there now.
    pub is_here: bool,
    /// What is restored over what was shown: stands for the values of now.
    pub seen: String,
    /// Its records, newest first, to choose other moments from.
    pub history: Vec<EventRow>,
    /// There are older records than those listed.
    pub more: bool,
    /// IANA name of the zone the times are in.
    pub zone: String,
}
