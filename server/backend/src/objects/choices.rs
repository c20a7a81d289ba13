//! What a property may refer to, and finding it by what was typed.

use super::rows;
use crate::Result;
use daybook_domain::{
    Error as Told,
    id::{ObjectId, WorkspaceId},
    object::{Choices, MAX_CHOICES, MAX_MEMBERS, MAX_NAME_CHARS, ObjectKind, ObjectStatus, Property},
};
use daybook_entity::object::{self, Column as C};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The active things that properties of a kind may refer to.
pub(super) async fn all(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
) -> Result<Vec<Choices>> {
    let properties = kind.spec().properties.iter();
    let kinds: BTreeSet<_> = properties.filter_map(Property::refers_to).collect();
    let mut all = Vec::with_capacity(kinds.len());
    for kind in kinds {
        let mut things: Vec<(Uuid, String)> = object::Entity::find()
            .select_only()
            .columns([C::Id, C::Name])
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Kind.eq(kind.name()))
            .filter(C::Status.eq(ObjectStatus::Active.name()))
            .order_by_asc(C::NameKey)
            .order_by_asc(C::Id)
            .limit(MAX_CHOICES as u64 + 1)
            .into_tuple()
            .all(db)
            .await?;
        let more = things.len() > MAX_CHOICES;
        things.truncate(MAX_CHOICES);
        all.push(Choices {
            kind,
            things: things
                .into_iter()
                .map(|(id, name)| (ObjectId(id), name))
                .collect(),
            more,
        });
    }
    Ok(all)
}

/// The ids of things of a kind that were said by id, external id or name. `Invalid{field}` for one that isn't there, or whose
/// name several have.
pub(super) async fn ids(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    field: &str,
    typed: &[String],
) -> Result<Vec<String>> {
    // Each is looked for, in the one transaction that writes: so they are bounded before.
    let texts: BTreeSet<_> = typed
        .iter()
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
        .collect();
    if texts.len() > MAX_MEMBERS {
        return Err(Told::invalid(field, format!("This has more than {MAX_MEMBERS} entries.")).into());
    }
    let mut ids = Vec::new();
    for text in texts {
        if text.chars().count() > MAX_NAME_CHARS || text.chars().any(char::is_control) {
            return Err(
                Told::invalid(field, format!("This is no name of a {}.", kind.spec().singular())).into(),
            );
        }
        let of_kind = object::Entity::find()
            .select_only()
            .column(C::Id)
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Kind.eq(kind.name()))
            .limit(2);
        let mut found: Vec<Uuid> = Vec::new();
        let ways = [
            text.parse::<Uuid>().ok().map(|id| C::Id.eq(id)),
            Some(C::ExternalId.eq(text)),
            Some(C::NameKey.eq(rows::key(text))),
        ];
        for way in ways.into_iter().flatten() {
            if found.is_empty() {
                found = of_kind.clone().filter(way).into_tuple().all(db).await?;
            }
        }
        let what = kind.spec().singular();
        match found[..] {
            [id] => ids.push(id.to_string()),
            [] => {
                let known = text.chars().take(100).collect::<String>();
                return Err(Told::invalid(field, format!("There is no {what} “{known}”.")).into());
            }
            _ => {
                let reason = format!("There are several with the name “{text}”: give the id of the {what}.");
                return Err(Told::invalid(field, reason).into());
            }
        }
    }
    Ok(ids)
}
