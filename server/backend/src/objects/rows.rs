//! Rows of things: finding them within their workspace and kind, and what they mean in the domain's words. An id of
//! another workspace, or of a thing of another kind, is `NotFound`, for everybody.

use crate::{
    Error, Result,
    local_time::Reader,
    rows::{id_text, packed},
};
use daybook_domain::{
    id::{ObjectId, WorkspaceId},
    object::{Names, Object, ObjectKind, ObjectStatus, Values},
};
use daybook_entity::object::{self, Column as C};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::Expr,
};
use serde::{
    Deserializer as _,
    de::{IgnoredAny, MapAccess, Visitor},
};
use std::fmt;

/// Ids of one question.
const TOGETHER: usize = 500;

/// The form in which names and what is unique are compared.
pub(super) fn key(text: &str) -> String {
    text.trim().to_lowercase()
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    id: ObjectId,
) -> Result<object::Model> {
    find_if_there(db, workspace, kind, id)
        .await?
        .ok_or_else(|| daybook_domain::Error::NotFound.into())
}

pub(crate) async fn find_if_there(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    id: ObjectId,
) -> Result<Option<object::Model>> {
    let found = object::Entity::find_by_id((workspace.0, id.0)).one(db).await?;
    Ok(found.filter(|row| row.kind == kind.name()))
}

pub(crate) fn values(row: &object::Model) -> Result<Values> {
    serde_json::from_str(&row.properties).map_err(Error::damaged)
}

/// Those of some properties alone, of values as they are stored: nothing is made of the others.
pub(super) fn some_values(stored: &str, properties: &[&str]) -> Result<Values> {
    struct Only<'p>(&'p [&'p str]);
    impl<'de> Visitor<'de> for Only<'_> {
        type Value = Values;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("values by the names of properties")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut stored: A) -> Result<Values, A::Error> {
            let mut values = Values::new();
            // Names of properties need no escapes.
            while let Some(name) = stored.next_key::<&str>()? {
                if self.0.contains(&name) {
                    values.insert(name.to_owned(), stored.next_value()?);
                } else {
                    stored.next_value::<IgnoredAny>()?;
                }
            }
            Ok(values)
        }
    }
    let mut stored = serde_json::Deserializer::from_str(stored);
    stored.deserialize_map(Only(properties)).map_err(Error::damaged)
}

pub(super) fn status(row: &object::Model) -> Result<ObjectStatus> {
    ObjectStatus::from_name(&row.status).ok_or_else(|| Error::damaged(format!("the status “{}”", row.status)))
}

pub(super) fn kind(row: &object::Model) -> Result<ObjectKind> {
    ObjectKind::from_name(&row.kind).ok_or_else(|| Error::damaged(format!("a thing of kind “{}”", row.kind)))
}

/// Everything that values of a kind refer to.
pub(super) fn references(kind: ObjectKind, values: &Values) -> Vec<ObjectId> {
    let properties = kind.spec().properties.iter();
    properties
        .flat_map(|property| property.references(values.get(property.name)))
        .collect()
}

/// The names of some things.
pub(crate) async fn names(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    mut ids: Vec<ObjectId>,
) -> Result<Names> {
    ids.sort_unstable();
    ids.dedup();
    let mut names = Names::new();
    for some in ids.chunks(TOGETHER) {
        let found = object::Entity::find()
            .select_only()
            .columns([C::Id, C::Name])
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Id.is_in(some.iter().map(|id| id.0)))
            .into_query();
        let columns = [id_text(db.get_database_backend(), C::Id), Expr::col(C::Name)];
        let found: Vec<(ObjectId, String)> = packed(db, found, columns).await?;
        names.extend(found);
    }
    Ok(names)
}

/// A thing as its page shows it.
pub(super) async fn shown(db: &impl ConnectionTrait, row: object::Model, reader: &Reader) -> Result<Object> {
    let (kind, values) = (kind(&row)?, values(&row)?);
    Ok(Object {
        id: ObjectId(row.id),
        kind,
        status: status(&row)?,
        version: row.version,
        names: names(db, WorkspaceId(row.workspace_id), references(kind, &values)).await?,
        values,
        created: reader.stored(row.created_at)?,
        changed: reader.stored(row.changed_at)?,
    })
}

#[cfg(test)]
mod tests {
    use super::some_values;
    use daybook_domain::object::Values;
    use serde_json::json;

    #[test]
    fn some_values_are_those_and_no_others() {
        let all =
            json!({"custom": {"a": {"b": [1]}}, "name": "Ærø \"quoted\"", "tags": ["x", "y"], "vip": true});
        let stored = all.to_string();
        for properties in [&["name", "vip"][..], &["tags", "absent"], &[]] {
            let all: Values = serde_json::from_str(&stored).unwrap();
            let due: Values = all
                .into_iter()
                .filter(|(name, _)| properties.contains(&name.as_str()))
                .collect();
            assert_eq!(some_values(&stored, properties).unwrap(), due);
        }
        assert!(some_values("[]", &["name"]).is_err());
        assert!(some_values(r#"{"name": "#, &["name"]).is_err());
    }
}
