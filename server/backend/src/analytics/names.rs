//! What companies and contacts are called: as the directory has them, else as the last record that was counted.

use crate::{Result, objects::meant};
use daybook_domain::{
    analytics::ReportLineKind,
    id::{ObjectId, WorkspaceId},
    object::ObjectKind,
};
use daybook_entity::usage_name::{self, Column as C};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashMap;

/// Keys of one question.
const TOGETHER: usize = 500;

/// A company or a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub name: String,
    /// The thing of the directory, where there is one.
    pub thing: Option<ObjectId>,
}

/// What some are called that are counted under these keys; those of whom nothing is known are left out.
pub(super) async fn of(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ReportLineKind,
    keys: &[String],
) -> Result<HashMap<String, Named>> {
    let mut named = HashMap::new();
    for some in keys.chunks(TOGETHER) {
        let told: Vec<(String, String)> = usage_name::Entity::find()
            .select_only()
            .columns([C::Key, C::Name])
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Kind.eq(kind.name()))
            .filter(C::Key.is_in(some))
            .into_tuple()
            .all(db)
            .await?;
        named.extend(
            told.into_iter()
                .map(|(key, name)| (key, Named { name, thing: None })),
        );
    }
    let of = match kind {
        ReportLineKind::Company => ObjectKind::Company,
        ReportLineKind::Contact => ObjectKind::Contact,
    };
    for (key, thing) in meant::by_ids(db, workspace, of, keys).await? {
        let name = if thing.name.is_empty() {
            named.get(&key).map_or(key.clone(), |named| named.name.clone())
        } else {
            thing.name
        };
        let thing = Some(thing.id);
        named.insert(key, Named { name, thing });
    }
    Ok(named)
}
