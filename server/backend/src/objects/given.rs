//! A thing as another system has it, in JSON.

use super::{
    aliases::{self, By},
    rows,
    said::{Found, Wanted},
};
use crate::Result;
use daybook_domain::{
    Error as Told,
    id::{ObjectId, WorkspaceId},
    object::{
        Given, ObjectKind, ObjectStatus, Property, Values,
        custom::{self, CUSTOM, NotKept},
    },
    viewer::Viewer,
};
use daybook_entity::object::{self, Column as C};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::Value;
use std::collections::BTreeMap;

/// The thing that is meant: the one with the external id, else the one that a thing with it became part of, else one without
/// any that has the same name or email.
pub(super) async fn known(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    external_id: &str,
    given: &Given,
) -> Result<Option<object::Model>> {
    let property = kind
        .spec()
        .property("external_id")
        .filter(|_| external_id.trim() == external_id);
    let checked = property.map(|property| property.check(&external_id.into()));
    if !matches!(checked, Some(Ok(Some(_)))) {
        return Err(Told::invalid("external_id", "This can't be an id.").into());
    }
    let of_kind = object::Entity::find()
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::Kind.eq(kind.name()));
    let found = of_kind
        .clone()
        .filter(C::ExternalId.eq(external_id))
        .one(db)
        .await?;
    if found.is_some() {
        return Ok(found);
    }
    let said = [external_id.to_owned()];
    let meant = aliases::meant(db, workspace, kind, By::ExternalId, &said).await?;
    if let Some(id) = meant.into_values().next() {
        return Ok(Some(rows::find(db, workspace, kind, ObjectId(id)).await?));
    }
    let Some(unique) = given.get(kind.spec().unique).and_then(Value::as_str) else {
        return Ok(None);
    };
    if unique.contains('\0') {
        return Ok(None);
    }
    let same = of_kind
        .filter(C::UniqueKey.eq(rows::key(unique)))
        .filter(C::ExternalId.is_null());
    Ok(same.one(db).await?)
}

/// Whether it is to be in use; `None` where that isn't said.
pub(super) fn status(given: &Given) -> Result<Option<ObjectStatus>> {
    let said = given.get("status").filter(|said| !said.is_null());
    let read = |said: &Value| {
        let status = said.as_str().and_then(ObjectStatus::from_name);
        let reason = || format!("This is none of {}.", ObjectStatus::names().join(", "));
        status.ok_or_else(|| Told::invalid("status", reason()))
    };
    Ok(said.map(read).transpose()?)
}

/// The values of the thing at hand with what is given, each checked, and what of that can't be kept. A thing that is known by
/// what became part of it keeps its own external id.
pub(super) async fn read(
    db: &impl ConnectionTrait,
    who: &Viewer,
    kind: ObjectKind,
    row: Option<&object::Model>,
    external_id: &str,
    mut given: Given,
) -> Result<(Values, Vec<NotKept>)> {
    let mut values = row.map_or_else(|| Ok(Values::new()), rows::values)?;
    // What our own answers say beyond the properties.
    for told in ["id", "kind", "status", "version", "changed_at", "not_kept"] {
        given.remove(told);
    }
    let own = row
        .and_then(|row| row.external_id.as_deref())
        .unwrap_or(external_id);
    let said = given.insert("external_id".to_owned(), own.into());
    if said.is_some_and(|said| said != external_id && said != own) {
        return Err(Told::invalid("external_id", "This is another one than in the address.").into());
    }
    let mut references = BTreeMap::new();
    let mut wanted = Wanted::default();
    for property in kind.spec().properties {
        if let (Some(other), Some(value)) = (property.refers_to(), given.get(property.name)) {
            let texts = said_in(property, value)?;
            wanted.add(other, texts.iter().map(String::as_str));
            references.insert(property.name, (other, texts));
        }
    }
    let found = Found::look_up(db, who, wanted).await?;
    for property in kind.spec().properties {
        let Some(value) = given.remove(property.name) else {
            if property.is_always_required() && !values.contains_key(property.name) {
                return Err(Told::invalid(property.name, "This is required.").into());
            }
            continue;
        };
        let value = match references.get(property.name) {
            Some((other, texts)) => {
                let mut ids = found.ids_of(*other, property.name, texts)?;
                if property.is_set() {
                    ids.into()
                } else {
                    ids.pop().map_or(Value::Null, Value::from)
                }
            }
            None => value,
        };
        set(&mut values, property, &value)?;
    }
    if given.is_empty() || kind.spec().property(CUSTOM).is_none() {
        return Ok((values, Vec::new()));
    }
    let (kept, not_kept) = custom::said_anew(values.get(CUSTOM), given);
    match kept {
        Some(kept) => values.insert(CUSTOM.to_owned(), kept),
        None => values.remove(CUSTOM),
    };
    Ok((values, not_kept))
}

fn set(values: &mut Values, property: &Property, value: &Value) -> Result<()> {
    let checked = property.check(value);
    match checked.map_err(|reason| Told::invalid(property.name, reason))? {
        Some(value) => values.insert(property.name.to_owned(), value),
        None => values.remove(property.name),
    };
    Ok(())
}

/// What is said by external id, by name or by id: one text, or several.
fn said_in(property: &Property, value: &Value) -> Result<Vec<String>, Told> {
    // As a text, or as our own answers have it: `{"id": …}`.
    let said = |value: &Value| {
        let text = value.get("id").unwrap_or(value).as_str();
        let wrong = || Told::invalid(property.name, "This is neither an id nor a name.");
        text.map(str::to_owned).ok_or_else(wrong)
    };
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(members) if property.is_set() => members.iter().map(said).collect(),
        one if !property.is_set() => Ok(vec![said(one)?]),
        _ => Err(Told::invalid(property.name, "This is not a list.")),
    }
}
