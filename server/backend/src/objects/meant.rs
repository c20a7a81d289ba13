//! Which thing is meant by what others say: an id of ours, their own id, what became part of another, an email address.

use super::{
    aliases::{self, By},
    rows,
};
use crate::Result;
use daybook_domain::{
    id::{ObjectId, WorkspaceId},
    object::ObjectKind,
};
use daybook_entity::object::{self, Column as C};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Select};
use std::collections::HashMap;
use uuid::Uuid;

/// Texts of one question.
const TOGETHER: usize = 500;

/// A thing that is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Meant {
    pub id: ObjectId,
    pub name: String,
    /// The company that it belongs to.
    pub company: Option<ObjectId>,
}

impl Meant {
    fn of(row: &object::Model) -> Result<Self> {
        let values = rows::some_values(&row.properties, &["company"])?;
        let company = values.get("company").and_then(|company| company.as_str());
        Ok(Self {
            id: ObjectId(row.id),
            name: row.name.clone(),
            company: company.and_then(|id| id.parse().ok()),
        })
    }
}

/// The name and the address that mail of a brand is sent from; `None` for one without an address of its own, or that isn't
/// there.
pub(crate) async fn sender_of_brand(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: &str,
) -> Result<Option<(Option<String>, String)>> {
    const SENDER: [&str; 2] = ["sender_name", "sender_address"];
    let meant = by_ids(db, workspace, ObjectKind::Brand, &[id.to_owned()]).await?;
    let Some(brand) = meant.get(id) else {
        return Ok(None);
    };
    let row = rows::find(db, workspace, ObjectKind::Brand, brand.id).await?;
    let values = rows::some_values(&row.properties, &SENDER)?;
    let [name, address] = SENDER.map(|name| values.get(name)?.as_str().map(str::to_owned));
    Ok(address.map(|address| (name, address)))
}

fn of_kind(workspace: WorkspaceId, kind: ObjectKind) -> Select<object::Entity> {
    object::Entity::find()
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::Kind.eq(kind.name()))
}

/// The things that are meant by ids, ours or those of another system.
pub(crate) async fn by_ids(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    texts: &[String],
) -> Result<HashMap<String, Meant>> {
    let mut meant = HashMap::new();
    for some in texts.chunks(TOGETHER) {
        let external = of_kind(workspace, kind).filter(C::ExternalId.is_in(some));
        for row in external.all(db).await? {
            if let Some(text) = &row.external_id {
                meant.insert(text.clone(), Meant::of(&row)?);
            }
        }
    }
    // What is there comes before what has become part of it.
    let mut others: HashMap<Uuid, Vec<String>> = HashMap::new();
    let rest: Vec<_> = texts
        .iter()
        .filter(|text| !meant.contains_key(*text))
        .cloned()
        .collect();
    for text in &rest {
        if let Ok(id) = Uuid::parse_str(text) {
            others.entry(id).or_default().push(text.clone());
        }
    }
    for by in [By::Id, By::ExternalId] {
        for (text, id) in aliases::meant(db, workspace, kind, by, &rest).await? {
            others.entry(id).or_default().push(text);
        }
    }
    let ids: Vec<_> = others.keys().copied().collect();
    for some in ids.chunks(TOGETHER) {
        let rows = of_kind(workspace, kind).filter(C::Id.is_in(some.iter().copied()));
        for row in rows.all(db).await? {
            for text in others.remove(&row.id).unwrap_or_default() {
                meant.insert(text, Meant::of(&row)?);
            }
        }
    }
    Ok(meant)
}

/// The things that have what no two of a kind may share: a contact's address, a company's name.
pub(crate) async fn by_unique(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    texts: &[String],
) -> Result<HashMap<String, Meant>> {
    let keys: HashMap<_, _> = texts.iter().map(|text| (rows::key(text), text)).collect();
    let all: Vec<_> = keys.keys().cloned().collect();
    let mut meant = HashMap::new();
    for some in all.chunks(TOGETHER) {
        let rows = of_kind(workspace, kind).filter(C::UniqueKey.is_in(some));
        for row in rows.all(db).await? {
            if let Some(text) = keys.get(&row.unique_key) {
                meant.insert((*text).clone(), Meant::of(&row)?);
            }
        }
    }
    Ok(meant)
}
