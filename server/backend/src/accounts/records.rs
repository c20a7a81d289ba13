//! People, roles, keys and sessions as the log compares them: every field is a property with a before and an after.
//! Secrets are here only as marks, which show that they changed and nothing else (R50).

use super::policy;
use crate::{Error, Result, record::Recorded};
use daybook_domain::{diff::SecretMark, event::NamedRef, settings::SignInPolicy, time::Timestamp};
use daybook_entity::{api_key, identity, invitation, role, session, user, workspace};
use serde::Serialize;

#[derive(Debug, Serialize)]
pub(crate) struct WorkspaceRecord {
    #[serde(skip)]
    id: String,
    name: String,
    time_zone: String,
    regional_format: String,
    helpdesk_integration: String,
    courses_module: bool,
}

impl WorkspaceRecord {
    pub(crate) fn new(workspace: &workspace::Model) -> Self {
        Self {
            id: workspace.id.to_string(),
            name: workspace.name.clone(),
            time_zone: workspace.zone.clone(),
            regional_format: workspace.regional_format.clone(),
            helpdesk_integration: workspace.helpdesk.clone(),
            courses_module: workspace.courses,
        }
    }
}

impl Recorded for WorkspaceRecord {
    fn kind(&self) -> &'static str {
        "workspace"
    }

    fn id(&self) -> String {
        self.id.clone()
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}

#[derive(Debug, Serialize)]
pub(super) struct SignInPolicyRecord {
    #[serde(skip)]
    id: String,
    #[serde(skip)]
    workspace: String,
    session_idle_minutes: u32,
    session_longest_hours: u32,
    password_length: u32,
    networks: Vec<String>,
}

impl SignInPolicyRecord {
    pub(super) fn new(workspace: &workspace::Model) -> Result<Self> {
        Ok(Self::of(workspace, policy::of(workspace)?))
    }

    pub(super) fn of(workspace: &workspace::Model, policy: SignInPolicy) -> Self {
        Self {
            id: workspace.id.to_string(),
            workspace: workspace.name.clone(),
            session_idle_minutes: policy.idle_minutes,
            session_longest_hours: policy.longest_hours,
            password_length: policy.password_length,
            networks: policy.networks,
        }
    }
}

impl Recorded for SignInPolicyRecord {
    fn kind(&self) -> &'static str {
        "sign_in_policy"
    }

    fn id(&self) -> String {
        self.id.clone()
    }

    fn name(&self) -> String {
        self.workspace.clone()
    }
}

#[derive(Debug, Serialize)]
pub(super) struct UserRecord {
    #[serde(skip)]
    id: String,
    name: String,
    email: String,
    phone: Option<String>,
    role: String,
    status: String,
    time_zone: String,
    regional_format: String,
    password: Option<SecretMark>,
    invitation: Option<SecretMark>,
    /// By what they come in from a provider.
    identities: Option<Vec<NamedRef>>,
}

impl UserRecord {
    pub(super) fn new(
        user: &user::Model,
        role: &str,
        invitation: Option<&invitation::Model>,
        identities: &[identity::Model],
    ) -> Self {
        let known = identities.iter().map(|identity| {
            let (provider, subject) = (identity.provider_id, &identity.subject);
            NamedRef::new(format!("{provider}/{subject}"), &identity.label)
        });
        Self {
            id: user.id.to_string(),
            name: user.name.clone(),
            email: user.email.clone(),
            phone: user.phone.clone(),
            role: role.to_owned(),
            status: user.status.clone(),
            time_zone: user.zone.clone(),
            regional_format: user.regional_format.clone(),
            // The salt: new with every password, and of no help in guessing it.
            password: user
                .password_hash
                .as_ref()
                .map(|phc| SecretMark(phc.split('$').nth(4).unwrap_or_default().to_owned())),
            invitation: invitation.map(|invitation| mark(&invitation.token_hash)),
            identities: (!identities.is_empty()).then(|| known.collect()),
        }
    }
}

impl Recorded for UserRecord {
    fn kind(&self) -> &'static str {
        "user"
    }

    fn id(&self) -> String {
        self.id.clone()
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}

#[derive(Debug, Serialize)]
pub(super) struct RoleRecord {
    #[serde(skip)]
    id: String,
    name: String,
    description: Option<String>,
    permissions: Vec<String>,
    second_factor: Option<bool>,
}

impl RoleRecord {
    pub(super) fn new(role: &role::Model) -> Result<Self> {
        Ok(Self {
            id: role.id.to_string(),
            name: role.name.clone(),
            description: Some(role.description.clone()).filter(|text| !text.is_empty()),
            permissions: words(&role.permissions)?,
            second_factor: role.needs_second_factor.then_some(true),
        })
    }
}

impl Recorded for RoleRecord {
    fn kind(&self) -> &'static str {
        "role"
    }

    fn id(&self) -> String {
        self.id.clone()
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}

#[derive(Debug, Serialize)]
pub(super) struct ApiKeyRecord {
    #[serde(skip)]
    id: String,
    name: String,
    prefix: String,
    scopes: Vec<String>,
    status: &'static str,
    key: SecretMark,
}

impl ApiKeyRecord {
    pub(super) fn new(key: &api_key::Model) -> Result<Self> {
        Ok(Self {
            id: key.id.to_string(),
            name: key.name.clone(),
            prefix: key.prefix.clone(),
            scopes: words(&key.scopes)?,
            status: if key.revoked_at.is_some() {
                "revoked"
            } else {
                "active"
            },
            key: mark(&key.key_hash),
        })
    }
}

impl Recorded for ApiKeyRecord {
    fn kind(&self) -> &'static str {
        "api_key"
    }

    fn id(&self) -> String {
        self.id.clone()
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}

#[derive(Debug, Serialize)]
pub(super) struct SessionRecord {
    #[serde(skip)]
    id: String,
    user: String,
    email: String,
    ip_address: Option<String>,
    browser: Option<String>,
    signed_in_at: Option<Timestamp>,
}

impl SessionRecord {
    pub(super) fn new(session: &session::Model, user: &user::Model) -> Self {
        Self {
            id: session.id.to_string(),
            user: user.name.clone(),
            email: user.email.clone(),
            ip_address: session.ip.clone(),
            browser: session.user_agent.clone(),
            signed_in_at: Timestamp::from_micros(session.created_at),
        }
    }
}

impl Recorded for SessionRecord {
    fn kind(&self) -> &'static str {
        "session"
    }

    fn id(&self) -> String {
        self.id.clone()
    }

    /// Sessions have no name of their own: whose it is and where it came from.
    fn name(&self) -> String {
        match &self.ip_address {
            Some(ip) => format!("{} from {ip}", self.user),
            None => self.user.clone(),
        }
    }
}

/// A few bytes of the hash of a secret of 256 random bits: they can't be traced back to it.
fn mark(hash: &[u8]) -> SecretMark {
    SecretMark(hex::encode(&hash[..hash.len().min(8)]))
}

fn words(json: &str) -> Result<Vec<String>> {
    serde_json::from_str(json).map_err(|error| Error::damaged(format!("a stored list of words: {error}")))
}
