//! Identity providers: which there are, and which roles their people get.
//!
//! Who says which provider is believed can come in as anybody: to change one takes all permissions. The client's secret is
//! sealed for the issuer it is sent to.

use super::{
    Accounts, outside, roles,
    rows::{self, Person, line, may_do_all},
};
use crate::{
    Error, Result,
    delivery::sealed::Keyring,
    local_time::Reader,
    oidc::{self, Refused},
    record::{Done, Recorded, has_seen, record, seen},
    secrets::Resealed,
    writer::WriteTx,
};
use async_trait::async_trait;
use daybook_domain::{
    Error as Told,
    diff::SecretMark,
    event::NamedRef,
    id::{ProviderId, RoleId, UserId, WorkspaceId},
    identity::{
        IdentityProvider, LinkedIdentity, MAX_DOMAINS, MAX_PROVIDERS, MAX_ROLE_RULES, Newcomers,
        OfferedProvider, ProviderForm, RoleRule,
    },
    permission::{ManageSettings, ManageUsers},
    ports::IdentityProviders,
    seen::Tag,
    viewer::Granted,
};
use daybook_entity::{contact_identity, identity, identity_provider, role, user};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use uuid::Uuid;

const MAX_ISSUER: usize = 500;
/// Longest client id, scopes and name of a claim, in characters.
const MAX_LINE: usize = 300;
/// Longest value of a claim in a rule, in characters.
const MAX_VALUE: usize = 300;

/// Who signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Audience {
    #[default]
    Users,
    Contacts,
}

impl Audience {
    /// Whether a provider is offered to them.
    pub(super) fn is_of(self, row: &identity_provider::Model) -> bool {
        match self {
            Self::Users => row.is_enabled,
            Self::Contacts => row.for_contacts,
        }
    }
}

/// Names of roles, for records that tell of them.
pub(crate) struct RoleNames(HashMap<Uuid, String>);

impl RoleNames {
    pub(super) async fn all(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Self> {
        let rows = roles::all_rows(db, workspace).await?;
        Ok(Self(rows.into_iter().map(|role| (role.id, role.name)).collect()))
    }

    fn of(&self, role: Uuid) -> &str {
        self.0.get(&role).map_or("", String::as_str)
    }
}

/// A provider as the log compares it.
#[derive(Debug, Serialize)]
pub(super) struct ProviderRecord {
    #[serde(skip)]
    id: String,
    name: String,
    issuer: String,
    client_id: String,
    client_secret: Option<SecretMark>,
    scopes: Option<String>,
    enabled: bool,
    for_contacts: Option<bool>,
    newcomers: String,
    trusts_email: Option<bool>,
    email_domains: Option<Vec<String>>,
    role_claim: Option<String>,
    role_rules: Option<Vec<NamedRef>>,
    default_role: Option<NamedRef>,
    vouches_for_second_factor: Option<bool>,
}

impl ProviderRecord {
    pub(super) fn new(row: &identity_provider::Model, roles: &RoleNames) -> Result<Self> {
        // Sealed twice, the same is another: nothing of the secret can be guessed from it.
        let mark = |sealed: &Vec<u8>| SecretMark(hex::encode(&Sha256::digest(sealed)[..16]));
        let text = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let domains = domains(row)?;
        let mapped = rules(row)?;
        let told = mapped.iter().map(|(value, role)| {
            let name = roles.of(*role);
            NamedRef::new(format!("{value} → {role}"), format!("{value} → {name}"))
        });
        Ok(Self {
            id: row.id.to_string(),
            name: row.name.clone(),
            issuer: row.issuer.clone(),
            client_id: row.client_id.clone(),
            client_secret: row.sealed_secret.as_ref().map(mark),
            scopes: text(&row.scopes),
            enabled: row.is_enabled,
            for_contacts: row.for_contacts.then_some(true),
            newcomers: row.newcomers.clone(),
            trusts_email: row.trusts_email.then_some(true),
            email_domains: (!domains.is_empty()).then_some(domains),
            role_claim: text(&row.role_claim),
            role_rules: (!mapped.is_empty()).then(|| told.collect()),
            default_role: row
                .default_role_id
                .map(|role| NamedRef::new(role.to_string(), roles.of(role))),
            vouches_for_second_factor: row.vouches_for_factor.then_some(true),
        })
    }
}

impl Recorded for ProviderRecord {
    fn kind(&self) -> &'static str {
        "identity_provider"
    }

    fn id(&self) -> String {
        self.id.clone()
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}

/// Domains of those who may come; none for all.
pub(crate) fn domains(row: &identity_provider::Model) -> Result<Vec<String>> {
    serde_json::from_str(&row.domains).map_err(Error::damaged)
}

/// Values of the claim, each with its role. The first that fits counts.
pub(super) fn rules(row: &identity_provider::Model) -> Result<Vec<(String, Uuid)>> {
    serde_json::from_str(&row.role_rules).map_err(Error::damaged)
}

pub(crate) fn newcomers(row: &identity_provider::Model) -> Result<Newcomers> {
    Newcomers::from_name(&row.newcomers)
        .ok_or_else(|| Error::damaged(format!("the newcomers “{}” of a provider", row.newcomers)))
}

/// Sealed for where it is sent: whoever changes the issuer doesn't get it.
fn place(row: &identity_provider::Model) -> String {
    let (workspace, id, issuer, client) = (row.workspace_id, row.id, &row.issuer, &row.client_id);
    format!("identity_provider/{workspace}/{id}/{issuer}/{client}")
}

/// How it is spoken to, or why that can't be, as a sentence.
pub(super) fn spoken_to(row: &identity_provider::Model, keys: &Keyring) -> Result<oidc::Provider, String> {
    let sealed = row.sealed_secret.as_ref();
    Ok(oidc::Provider {
        issuer: row.issuer.clone(),
        client_id: row.client_id.clone(),
        client_secret: sealed.map(|sealed| keys.kept(&place(row), sealed)).transpose()?,
        scopes: row.scopes.split_whitespace().map(str::to_owned).collect(),
    })
}

async fn all(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<identity_provider::Model>> {
    use identity_provider::Column as C;
    Ok(identity_provider::Entity::find()
        .filter(C::WorkspaceId.eq(workspace.0))
        .order_by_asc(C::NameKey)
        .order_by_asc(C::Id)
        .all(db)
        .await?)
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: ProviderId,
) -> Result<identity_provider::Model> {
    let row = identity_provider::Entity::find_by_id((workspace.0, id.0))
        .one(db)
        .await?;
    row.ok_or_else(|| Told::NotFound.into())
}

/// The name of a provider that gives a role.
pub(super) async fn giving(db: &impl ConnectionTrait, role: &role::Model) -> Result<Option<String>> {
    for row in all(db, WorkspaceId(role.workspace_id)).await? {
        let gives =
            row.default_role_id == Some(role.id) || rules(&row)?.iter().any(|(_, given)| *given == role.id);
        if gives {
            return Ok(Some(row.name));
        }
    }
    Ok(None)
}

/// By what somebody comes in, as their page shows it.
pub(super) fn linked(person: &Person, reader: &Reader) -> Result<Vec<LinkedIdentity>> {
    let shown = person.identities.iter().map(|identity| {
        Ok(LinkedIdentity {
            provider: ProviderId(identity.provider_id),
            subject: identity.subject.clone(),
            label: identity.label.clone(),
            since: reader.stored(identity.created_at)?,
        })
    });
    shown.collect()
}

/// Nobody comes in as them any more.
pub(super) async fn forget(tx: &WriteTx, user: &user::Model) -> Result<()> {
    use identity::Column as I;
    identity::Entity::delete_many()
        .filter(I::WorkspaceId.eq(user.workspace_id))
        .filter(I::UserId.eq(user.id))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// No contact comes in by it any more for having come before.
async fn forget_contacts(tx: &WriteTx, provider: &identity_provider::Model) -> Result<()> {
    use contact_identity::Column as C;
    contact_identity::Entity::delete_many()
        .filter(C::WorkspaceId.eq(provider.workspace_id))
        .filter(C::ProviderId.eq(provider.id))
        .exec(tx.db())
        .await?;
    Ok(())
}

async fn shown(
    db: &impl ConnectionTrait,
    row: &identity_provider::Model,
    roles: &RoleNames,
    reader: &Reader,
) -> Result<IdentityProvider> {
    use identity::Column as I;
    let users = identity::Entity::find()
        .filter(I::WorkspaceId.eq(row.workspace_id))
        .filter(I::ProviderId.eq(row.id))
        .count(db)
        .await?;
    let mapped = rules(row)?.into_iter().map(|(value, role)| RoleRule {
        value,
        role_name: roles.of(role).to_owned(),
        role: RoleId(role),
    });
    Ok(IdentityProvider {
        id: ProviderId(row.id),
        name: row.name.clone(),
        issuer: row.issuer.clone(),
        client_id: row.client_id.clone(),
        has_secret: row.sealed_secret.is_some(),
        scopes: row.scopes.clone(),
        enabled: row.is_enabled,
        for_contacts: row.for_contacts,
        newcomers: newcomers(row)?,
        trusts_email: row.trusts_email,
        domains: domains(row)?,
        role_claim: row.role_claim.clone(),
        role_rules: mapped.collect(),
        default_role: row.default_role_id.map(RoleId),
        vouches_for_factor: row.vouches_for_factor,
        created: reader.stored(row.created_at)?,
        users,
        seen: seen(&ProviderRecord::new(row, roles)?)?,
    })
}

fn required(field: &str, given: &str, most: usize) -> Result<String> {
    let text = line(field, given, most)?;
    if text.is_empty() {
        return Err(Told::invalid(field, "This is required.").into());
    }
    Ok(text)
}

fn issuer(given: &str) -> Result<String> {
    let issuer = required("issuer", given, MAX_ISSUER)?;
    match oidc::is_issuer(&issuer) {
        Ok(()) => Ok(issuer),
        Err(why) => Err(Told::invalid("issuer", why.to_string()).into()),
    }
}

/// In lower case, sorted, none twice.
fn read_domains(given: &str) -> Result<Vec<String>> {
    let wrong = |why: String| Error::from(Told::invalid("domains", why));
    let mut domains = Vec::new();
    for text in given.split(|c: char| c == ',' || c.is_whitespace()) {
        let domain = text.trim_start_matches('@').to_lowercase();
        if domain.is_empty() {
            continue;
        }
        let is_one = domain.contains('.')
            && domain.chars().all(|c| c.is_alphanumeric() || "-.".contains(c))
            && !domain.starts_with(['.', '-'])
            && !domain.ends_with(['.', '-']);
        if !is_one || domain.len() > 253 {
            return Err(wrong(format!(
                "“{text}” is no domain, such as northdesk.example."
            )));
        }
        domains.push(domain);
    }
    domains.sort_unstable();
    domains.dedup();
    if domains.len() > MAX_DOMAINS {
        return Err(wrong(format!("These are more than {MAX_DOMAINS} domains.")));
    }
    Ok(domains)
}

/// `VALUE = ROLE`, one on each line; the last `=` parts the two.
fn read_rules(given: &str, there: &[role::Model]) -> Result<Vec<(String, Uuid)>> {
    let mut rules: Vec<(String, Uuid)> = Vec::new();
    for (number, text) in (1..).zip(given.lines()) {
        if text.trim().is_empty() {
            continue;
        }
        let wrong = |why: String| Error::from(Told::invalid("role_rules", format!("Line {number}: {why}")));
        let (value, name) = text
            .rsplit_once('=')
            .ok_or_else(|| wrong("there is no “=” between value and role.".to_owned()))?;
        let (value, name) = (value.trim(), name.trim());
        if value.is_empty() {
            return Err(wrong("the value is missing.".to_owned()));
        }
        if value.chars().count() > MAX_VALUE || value.chars().any(char::is_control) {
            return Err(wrong(format!(
                "a value has at most {MAX_VALUE} characters, all of which can be shown."
            )));
        }
        if rules.iter().any(|(known, _)| known == value) {
            return Err(wrong(format!("“{value}” stands in a line above already.")));
        }
        let role = there.iter().find(|role| role.name_key == rows::key(name));
        let role = role.ok_or_else(|| wrong(format!("there is no role “{name}”.")))?;
        rules.push((value.to_owned(), role.id));
    }
    if rules.len() > MAX_ROLE_RULES {
        let why = format!("These are more than {MAX_ROLE_RULES} rules.");
        return Err(Told::invalid("role_rules", why).into());
    }
    Ok(rules)
}

/// What a form makes of a provider.
async fn filled(
    tx: &WriteTx,
    keys: &Keyring,
    form: ProviderForm,
    was: Option<&identity_provider::Model>,
    workspace: WorkspaceId,
) -> Result<identity_provider::Model> {
    let roles = roles::all_rows(tx.db(), workspace).await?;
    let name = rows::name("name", &form.name)?;
    let name_key = rows::key(&name);
    let others = all(tx.db(), workspace).await?;
    let own = was.map(|row| row.id);
    if others
        .iter()
        .any(|row| row.name_key == name_key && Some(row.id) != own)
    {
        return Err(Told::invalid("name", "There is a provider of this name already.").into());
    }
    if own.is_none() && others.len() >= MAX_PROVIDERS {
        return Err(Told::conflict(format!(
            "There are {MAX_PROVIDERS} providers, which is all there can be."
        ))
        .into());
    }
    let mapped = read_rules(&form.role_rules, &roles)?;
    let role_claim = line("role_claim", &form.role_claim, MAX_LINE)?;
    if role_claim.is_empty() && !mapped.is_empty() {
        let why = "Say in which claim these values stand, such as groups.";
        return Err(Told::invalid("role_claim", why).into());
    }
    let default = form.default_role.map(|role| role.0);
    if default.is_some_and(|id| !roles.iter().any(|role| role.id == id)) {
        return Err(Told::invalid("default_role", "This role isn't there any more.").into());
    }
    if form.enabled && form.newcomers == Newcomers::Made && default.is_none() && mapped.is_empty() {
        let why = "Say which role they get, or write rules for it.";
        return Err(Told::invalid("default_role", why).into());
    }
    let own_domains = read_domains(&form.domains)?;
    if form.for_contacts && form.enabled && form.newcomers == Newcomers::Made {
        let why = "Where contacts sign in by it, too, nobody may become a user by coming: set up one provider for each.";
        return Err(Told::invalid("newcomers", why).into());
    }
    if form.for_contacts && own_domains.is_empty() {
        let why = "Say of which domains the contacts are: otherwise whoever runs the provider could come in as anybody's.";
        return Err(Told::invalid("domains", why).into());
    }
    let mut row = identity_provider::Model {
        workspace_id: workspace.0,
        id: own.unwrap_or_else(|| tx.new_id()),
        name,
        name_key,
        issuer: issuer(&form.issuer)?,
        client_id: required("client_id", &form.client_id, MAX_LINE)?,
        sealed_secret: None,
        scopes: line("scopes", &form.scopes, MAX_LINE)?,
        is_enabled: form.enabled,
        for_contacts: form.for_contacts,
        newcomers: form.newcomers.name().to_owned(),
        trusts_email: form.trusts_email,
        domains: serde_json::to_string(&own_domains).map_err(Error::damaged)?,
        role_claim,
        role_rules: serde_json::to_string(&mapped).map_err(Error::damaged)?,
        default_role_id: default,
        vouches_for_factor: form.vouches_for_factor,
        created_at: was.map_or(tx.now().micros(), |row| row.created_at),
    };
    let given = form.client_secret.reveal();
    if !given.is_empty() {
        row.sealed_secret = Some(keys.keep(&place(&row), &SecretString::from(given.to_owned()))?);
    } else if let Some(was) = was {
        if place(was) == place(&row) {
            row.sealed_secret.clone_from(&was.sealed_secret);
        } else if was.sealed_secret.is_some() {
            let why = "Type the secret: the one that is kept is for another issuer or client.";
            return Err(Told::invalid("client_secret", why).into());
        }
    }
    Ok(row)
}

/// Seals the secrets with the key that seals now.
pub(super) async fn reseal(
    tx: &WriteTx,
    workspace: WorkspaceId,
    keys: &Keyring,
    resealed: &mut Resealed,
) -> Result<()> {
    for row in all(tx.db(), workspace).await? {
        let Some(sealed) = &row.sealed_secret else {
            continue;
        };
        if let Some(sealed) = resealed.one(keys, &place(&row), sealed)? {
            let mut row = row.into_active_model();
            row.sealed_secret = Set(Some(sealed));
            identity_provider::Entity::update(row).exec(tx.db()).await?;
        }
    }
    Ok(())
}

#[async_trait]
impl IdentityProviders for Accounts {
    async fn list_identity_providers(
        &self,
        who: &Granted<ManageSettings>,
    ) -> daybook_domain::Result<Vec<IdentityProvider>> {
        self.all_providers(who).await.map_err(outside(who.viewer()))
    }

    async fn identity_provider(
        &self,
        who: &Granted<ManageSettings>,
        id: ProviderId,
    ) -> daybook_domain::Result<IdentityProvider> {
        self.one_provider(who, id).await.map_err(outside(who.viewer()))
    }

    async fn provider_roles(
        &self,
        who: &Granted<ManageSettings>,
    ) -> daybook_domain::Result<Vec<(RoleId, String)>> {
        let roles = roles::all_rows(&self.0.db.read, who.workspace()).await;
        let roles = roles.map_err(outside(who.viewer()))?;
        Ok(roles
            .into_iter()
            .map(|role| (RoleId(role.id), role.name))
            .collect())
    }

    async fn create_identity_provider(
        &self,
        who: &Granted<ManageSettings>,
        form: ProviderForm,
    ) -> daybook_domain::Result<IdentityProvider> {
        let keys = self.keys().clone();
        self.change(who.viewer(), "set up an identity provider", move |tx, who| {
            Box::pin(async move {
                may_do_all(who)?;
                let row = filled(tx, &keys, form, None, who.workspace()).await?;
                identity_provider::Entity::insert(row.clone().into_active_model())
                    .exec_without_returning(tx.db())
                    .await?;
                let roles = RoleNames::all(tx.db(), who.workspace()).await?;
                record(tx, who, &Done::created(&ProviderRecord::new(&row, &roles)?))?;
                shown(tx.db(), &row, &roles, &super::reader(who, tx)).await
            })
        })
        .await
    }

    async fn update_identity_provider(
        &self,
        who: &Granted<ManageSettings>,
        id: ProviderId,
        seen: &Tag,
        form: ProviderForm,
    ) -> daybook_domain::Result<IdentityProvider> {
        let (keys, seen) = (self.keys().clone(), seen.clone());
        self.change(who.viewer(), "change an identity provider", move |tx, who| {
            Box::pin(async move {
                may_do_all(who)?;
                let was = find(tx.db(), who.workspace(), id).await?;
                let roles = RoleNames::all(tx.db(), who.workspace()).await?;
                let before = ProviderRecord::new(&was, &roles)?;
                has_seen(&seen, &before)?;
                let row = filled(tx, &keys, form, Some(&was), who.workspace()).await?;
                if row.issuer != was.issuer {
                    forget_contacts(tx, &was).await?;
                }
                identity_provider::Entity::update(row.clone().into_active_model().reset_all())
                    .exec(tx.db())
                    .await?;
                record(
                    tx,
                    who,
                    &Done::updated(&before, &ProviderRecord::new(&row, &roles)?),
                )?;
                shown(tx.db(), &row, &roles, &super::reader(who, tx)).await
            })
        })
        .await
    }

    async fn delete_identity_provider(
        &self,
        who: &Granted<ManageSettings>,
        id: ProviderId,
    ) -> daybook_domain::Result<()> {
        self.change(who.viewer(), "delete an identity provider", move |tx, who| {
            Box::pin(async move {
                may_do_all(who)?;
                let row = find(tx.db(), who.workspace(), id).await?;
                let roles = RoleNames::all(tx.db(), who.workspace()).await?;
                let before = ProviderRecord::new(&row, &roles)?;
                forget_contacts(tx, &row).await?;
                identity_provider::Entity::delete_by_id((row.workspace_id, row.id))
                    .exec(tx.db())
                    .await?;
                record(tx, who, &Done::deleted(&before))
            })
        })
        .await
    }

    async fn check_identity_provider(
        &self,
        who: &Granted<ManageSettings>,
        id: ProviderId,
    ) -> daybook_domain::Result<Option<String>> {
        self.checked_provider(who, id)
            .await
            .map_err(outside(who.viewer()))
    }
}

impl Accounts {
    async fn all_providers(&self, who: &Granted<ManageSettings>) -> Result<Vec<IdentityProvider>> {
        let (db, reader) = (&self.0.db.read, self.reader(who.viewer()));
        let roles = RoleNames::all(db, who.workspace()).await?;
        let mut providers = Vec::new();
        for row in all(db, who.workspace()).await? {
            providers.push(shown(db, &row, &roles, &reader).await?);
        }
        Ok(providers)
    }

    async fn one_provider(&self, who: &Granted<ManageSettings>, id: ProviderId) -> Result<IdentityProvider> {
        let db = &self.0.db.read;
        let row = find(db, who.workspace(), id).await?;
        let roles = RoleNames::all(db, who.workspace()).await?;
        shown(db, &row, &roles, &self.reader(who.viewer())).await
    }

    async fn checked_provider(
        &self,
        who: &Granted<ManageSettings>,
        id: ProviderId,
    ) -> Result<Option<String>> {
        let row = find(&self.0.db.read, who.workspace(), id).await?;
        let provider = match spoken_to(&row, self.keys()) {
            Ok(provider) => provider,
            Err(why) => return Ok(Some(why)),
        };
        let checked = self.oidc().check(&provider).await;
        Ok(checked.err().map(|why: Refused| why.to_string()))
    }

    /// By which one can sign in.
    pub(crate) async fn providers_offered(&self, to: Audience) -> Result<Vec<OfferedProvider>> {
        let Some(workspace) = self.workspace().await? else {
            return Ok(Vec::new());
        };
        let rows = all(&self.0.db.read, workspace.id).await?;
        let offered = rows.into_iter().filter(|row| to.is_of(row));
        Ok(offered
            .map(|row| OfferedProvider {
                id: ProviderId(row.id),
                name: row.name,
            })
            .collect())
    }

    /// Parts a user from an identity.
    pub(super) async fn unlink(
        &self,
        who: &Granted<ManageUsers>,
        id: UserId,
        provider: ProviderId,
        subject: &str,
    ) -> daybook_domain::Result<()> {
        let subject = subject.to_owned();
        self.change(who.viewer(), "part a user from an identity", move |tx, who| {
            Box::pin(async move {
                let mut person = super::users::manageable(tx, who, id).await?;
                let before = person.record();
                let is_meant = |identity: &identity::Model| {
                    identity.provider_id == provider.0 && identity.subject == subject
                };
                if !person.identities.iter().any(is_meant) {
                    return Err(Told::NotFound.into());
                }
                identity::Entity::delete_by_id((who.workspace().0, provider.0, subject.clone()))
                    .exec(tx.db())
                    .await?;
                person.identities.retain(|identity| !is_meant(identity));
                let after = person.record();
                let summary = format!("Parted user “{}” from an identity", person.user.name);
                let done = Done::updated(&before, &after).called("identity_unlinked");
                record(tx, who, &done.saying(summary))
            })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles() -> Vec<role::Model> {
        ["Auditor", "Agent"]
            .into_iter()
            .zip(1_u128..)
            .map(|(name, id)| role::Model {
                workspace_id: Uuid::nil(),
                id: Uuid::from_u128(id),
                name: name.to_owned(),
                name_key: rows::key(name),
                description: String::new(),
                built_in: None,
                permissions: "[]".to_owned(),
                needs_second_factor: false,
                created_at: 0,
            })
            .collect()
    }

    #[test]
    fn rules_are_read_as_people_write_them() {
        let read = read_rules("desk = agent\n\n cn=audit,dc=x =Auditor \n", &roles()).unwrap();
        let [auditor, agent] = [1, 2].map(Uuid::from_u128);
        assert_eq!(
            read,
            [("desk".to_owned(), agent), ("cn=audit,dc=x".to_owned(), auditor)]
        );
        for (wrong, line) in [
            ("desk", 1),
            ("desk = Agent\n= Agent", 2),
            ("desk = Boss", 1),
            ("desk = Agent\ndesk = Auditor", 2),
        ] {
            let said = read_rules(wrong, &roles()).unwrap_err().to_string();
            assert!(said.contains(&format!("Line {line}: ")), "{wrong}: {said}");
        }
    }

    #[test]
    fn domains_have_one_form() {
        let read = read_domains("Northdesk.example, @b.example\nnorthdesk.example").unwrap();
        assert_eq!(read, ["b.example", "northdesk.example"]);
        for wrong in ["example", "a b@c.example", ".example.com", "x_y.example"] {
            assert!(read_domains(wrong).is_err(), "{wrong}");
        }
    }
}
