//! A contact as the portal takes them: with their company, and the brand under which that is served.

use crate::{
    Result,
    accounts::{Workspace, key},
    objects::{find_object, values_of},
};
use daybook_domain::{
    Error as Told,
    event::{Actor, ActorKind, EventBody, NamedRef, Target},
    id::{ObjectId, WorkspaceId},
    object::{ObjectKind, ObjectStatus, Values},
    portal::{Look, MayBe, PORTAL, SEES_COMPANY},
};
use daybook_entity::object::{self, Column as C};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};
use uuid::Uuid;

/// Most contacts of one address.
const MOST: u64 = 20;

/// A contact, whether they may come in or not.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub id: ObjectId,
    pub name: String,
    pub email: String,
    pub company: Option<NamedRef>,
    pub brand: Option<NamedRef>,
    pub look: Look,
    pub sees_company: bool,
    kept_out: Option<Kept>,
}

/// Why a contact may not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    Deactivated,
    NoCompany,
    CompanyDeactivated,
    PortalOff,
}

impl Kept {
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Deactivated => "The contact is deactivated",
            Self::NoCompany => "The contact belongs to no company",
            Self::CompanyDeactivated => "The company is deactivated",
            Self::PortalOff => "The customer portal is off for the company",
        }
    }

    /// For programs that watch the log.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Deactivated | Self::CompanyDeactivated => "deactivated",
            Self::NoCompany | Self::PortalOff => "portal_off",
        }
    }
}

impl Member {
    pub(super) fn kept_out(&self) -> Option<Kept> {
        self.kept_out
    }

    /// The company of one who may come in.
    pub(super) fn company_id(&self) -> Option<ObjectId> {
        self.company.as_ref()?.id.as_ref()?.parse().ok()
    }

    pub(super) fn actor(&self) -> Actor {
        Actor {
            id: Some(self.id.to_string()),
            ..Actor::named(ActorKind::Contact, &self.name).with_email(&self.email)
        }
    }

    /// Says in a record whose it is.
    pub(super) fn onto(&self, body: &mut EventBody) {
        body.actor = self.actor();
        body.targets = vec![Target::new("contact", self.id.to_string(), &self.name)];
        body.contact = Some(NamedRef::new(self.id.to_string(), &self.name));
        body.company.clone_from(&self.company);
        body.brand.clone_from(&self.brand);
    }

    pub(super) fn may_be(&self) -> MayBe {
        let company = self.company.as_ref().and_then(|company| company.name.clone());
        MayBe {
            contact: self.id,
            name: self.name.clone(),
            company: company.unwrap_or_default(),
        }
    }

    /// As a step of a sign-in tells of them.
    pub(super) fn told(&self) -> Value {
        let company = self.company.as_ref().and_then(|company| company.name.as_deref());
        json!({
            "name": self.name,
            "entity_id": self.id,
            "email": self.email,
            "company": company,
            "kept_out": self.kept_out.map(Kept::reason),
        })
    }
}

/// The contact of an id.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    workspace: &Workspace,
    id: ObjectId,
) -> Result<Option<Member>> {
    match find_object(db, workspace.id, ObjectKind::Contact, id).await? {
        Some(row) => Ok(Some(of(db, workspace, row).await?)),
        None => Ok(None),
    }
}

/// The contacts whose address it is.
pub(super) async fn by_address(
    db: &impl ConnectionTrait,
    workspace: &Workspace,
    address: &str,
) -> Result<Vec<Member>> {
    let rows = object::Entity::find()
        .filter(C::WorkspaceId.eq(workspace.id.0))
        .filter(C::Kind.eq(ObjectKind::Contact.name()))
        .filter(C::UniqueKey.eq(key(address)))
        .order_by_asc(C::Number)
        .limit(MOST)
        .all(db)
        .await?;
    let mut members = Vec::new();
    for row in rows {
        members.push(of(db, workspace, row).await?);
    }
    Ok(members)
}

async fn of(db: &impl ConnectionTrait, workspace: &Workspace, row: object::Model) -> Result<Member> {
    let values = values_of(&row)?;
    let company = match reference(&values, "company") {
        Some(id) => find_object(db, workspace.id, ObjectKind::Company, id).await?,
        None => None,
    };
    let is_active = |row: &object::Model| row.status == ObjectStatus::Active.name();
    let mut sees_company = holds(&values, SEES_COMPANY);
    let mut look = Look {
        name: workspace.name.clone(),
        ..Look::default()
    };
    let mut brand = None;
    let kept_out = match &company {
        _ if !is_active(&row) => Some(Kept::Deactivated),
        None => Some(Kept::NoCompany),
        Some(company) => {
            let of_company = values_of(company)?;
            sees_company |= holds(&of_company, SEES_COMPANY);
            if let Some(id) = reference(&of_company, "brand")
                && let Some(row) = find_object(db, workspace.id, ObjectKind::Brand, id).await?
            {
                look = look_of(&row)?;
                brand = Some(NamedRef::new(row.id.to_string(), &row.name));
            }
            if !is_active(company) {
                Some(Kept::CompanyDeactivated)
            } else if of_company.get(PORTAL) != Some(&Value::Bool(true)) {
                Some(Kept::PortalOff)
            } else {
                None
            }
        }
    };
    let email = values.get("email").and_then(Value::as_str).unwrap_or_default();
    Ok(Member {
        id: ObjectId(row.id),
        name: row.name,
        email: email.to_owned(),
        company: company.map(|company| NamedRef::new(company.id.to_string(), &company.name)),
        brand,
        look,
        sees_company,
        kept_out,
    })
}

/// How a brand looks.
fn look_of(row: &object::Model) -> Result<Look> {
    let values = values_of(row)?;
    let text = |name: &str| values.get(name).and_then(Value::as_str).map(str::to_owned);
    Ok(Look {
        name: row.name.clone(),
        colour: text("colour"),
        logo: text("logo"),
    })
}

/// How the portal looks to somebody of whom nothing is known: as the brand that the address names by its id, as the only
/// one there is, or as the workspace.
pub(super) async fn look(
    db: &impl ConnectionTrait,
    workspace: &Workspace,
    brand: Option<&str>,
) -> Result<Look> {
    let of_workspace = Look {
        name: workspace.name.clone(),
        ..Look::default()
    };
    let brands = |workspace: WorkspaceId| {
        object::Entity::find()
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Kind.eq(ObjectKind::Brand.name()))
            .filter(C::Status.eq(ObjectStatus::Active.name()))
            .limit(2)
    };
    let named = brand.and_then(|brand| brand.parse::<Uuid>().ok());
    let mut found = match named {
        Some(id) => brands(workspace.id).filter(C::Id.eq(id)).all(db).await?,
        None => brands(workspace.id).all(db).await?,
    };
    match (found.pop(), found.is_empty()) {
        (Some(row), true) => look_of(&row),
        _ => Ok(of_workspace),
    }
}

fn reference(values: &Values, property: &str) -> Option<ObjectId> {
    values.get(property)?.as_str()?.parse().ok()
}

fn holds(values: &Values, permission: &str) -> bool {
    let held = values.get("permissions").and_then(Value::as_array);
    held.is_some_and(|held| held.iter().any(|one| one == permission))
}

/// Somebody of whom only is said that they aren't here.
pub(super) fn gone() -> crate::Error {
    Told::Unauthenticated.into()
}
