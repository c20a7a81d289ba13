//! Contacts who come from an identity provider before anybody has made them.

use super::{
    change::{self, Edit},
    found_by::collection,
    rows,
};
use crate::{Result, found::postings::with_values, writer::WriteTx};
use daybook_domain::{
    id::{ObjectId, WorkspaceId},
    object::{ObjectKind, ObjectStatus, Typed},
    portal::PORTAL,
    viewer::Viewer,
};
use daybook_entity::object::{self, Column as C};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::Value;

/// Longest name of a contact, in characters.
const LONGEST_NAME: usize = 200;

/// The companies in use that have a domain, as they are written in lower case, and whose customer portal is on.
pub(crate) async fn companies_of_domain(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    domain: &str,
) -> Result<Vec<ObjectId>> {
    let of = collection(workspace, ObjectKind::Company);
    let numbers = with_values(db, of, "domains", &[domain.to_owned()]).await?;
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let companies = object::Entity::find()
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::Kind.eq(ObjectKind::Company.name()))
        .filter(C::Status.eq(ObjectStatus::Active.name()))
        .filter(C::Number.is_in(numbers.iter().map(u32::cast_signed)))
        .all(db)
        .await?;
    let mut found = Vec::new();
    for company in companies {
        if rows::values(&company)?.get(PORTAL) == Some(&Value::Bool(true)) {
            found.push(ObjectId(company.id));
        }
    }
    Ok(found)
}

/// Makes a contact of a company.
pub(crate) async fn make_contact(
    tx: &mut WriteTx,
    who: &Viewer,
    name: &str,
    email: &str,
    company: ObjectId,
) -> Result<ObjectId> {
    let name: String = name
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST_NAME)
        .collect();
    let typed: Typed = [
        ("name", name),
        ("email", email.to_owned()),
        ("company", company.to_string()),
    ]
    .into_iter()
    .map(|(property, text)| (property.to_owned(), vec![text]))
    .collect();
    let made = change::apply(tx, who, ObjectKind::Contact, Edit::Create(typed)).await?;
    Ok(ObjectId(made.row.id))
}
