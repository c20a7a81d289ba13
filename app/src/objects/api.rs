//! Server functions about things. What the asker may do depends on the kind.

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::{authorize, authorize_kind},
    flash::{self, Flash},
    past, routes,
    ui::form::SEEN,
};
#[cfg(feature = "ssr")]
use daybook_domain::{
    Error,
    object::{Change, Keep, Kept, ManyTyped, ManyWay, Merge, See, unreadable},
    permission::ViewAuditLogs,
};
use daybook_domain::{
    compare::Point,
    id::ObjectId,
    object::{
        Choices, Chosen, ManyChoice, Object, ObjectKind, ObjectPage, ObjectQuery, ObjectStatus, ObjectThen,
        Pair, Typed,
    },
    seen::Tag,
};
use leptos::{prelude::*, server_fn::codec::Json};
use std::collections::BTreeMap;

#[cfg(feature = "ssr")]
use super::text;

#[server(prefix = "/_fn", endpoint = "objects/list", input = Json)]
pub async fn list_objects(kind: ObjectKind, query: ObjectQuery) -> Result<ObjectPage, AppError> {
    let (ports, who) = authorize_kind(kind, See, "objects/list").await?;
    let query = query.checked(kind.spec()).map_err(unreadable)?;
    Ok(ports.objects.list_objects(&who, &query).await?)
}

#[server(prefix = "/_fn", endpoint = "objects/show", input = Json)]
pub async fn show_object(kind: ObjectKind, id: ObjectId) -> Result<Object, AppError> {
    let (ports, who) = authorize_kind(kind, See, "objects/show").await?;
    Ok(ports.objects.object(&who, id).await?)
}

/// The thing that one became part of, with its name.
#[server(prefix = "/_fn", endpoint = "objects/became", input = Json)]
pub async fn thing_became(kind: ObjectKind, id: ObjectId) -> Result<Option<(ObjectId, String)>, AppError> {
    let (ports, who) = authorize_kind(kind, See, "objects/became").await?;
    Ok(ports.objects.became(&who, id).await?)
}

/// What the properties of the kind may refer to.
#[server(prefix = "/_fn", endpoint = "objects/choices", input = Json)]
pub async fn object_choices(kind: ObjectKind) -> Result<Vec<Choices>, AppError> {
    let (ports, who) = authorize_kind(kind, Change, "objects/choices").await?;
    Ok(ports.objects.choices(&who).await?)
}

#[server(prefix = "/_fn", endpoint = "objects/create")]
pub async fn create_object(kind: ObjectKind, values: Typed) -> Result<(), AppError> {
    let (ports, who) = authorize_kind(kind, Change, "objects/create").await?;
    let created = ports.objects.create_object(&who, &values).await;
    let thing = created.map_err(|error| refused(error, &values, None, &new_form(kind, &values)))?;
    let done = Flash::success(text::created(kind, thing.name()));
    flash::done(&done, &routes::after_creating(kind, thing.id));
    Ok(())
}

/// `version` is the one whose values stood in the form, and `seen` what they were: it goes back with a refusal.
#[server(prefix = "/_fn", endpoint = "objects/update")]
pub async fn update_object(
    kind: ObjectKind,
    id: ObjectId,
    version: i32,
    #[server(default)] seen: Tag,
    values: Typed,
) -> Result<(), AppError> {
    let (ports, who) = authorize_kind(kind, Change, "objects/update").await?;
    let updated = ports.objects.update_object(&who, id, version, &values).await;
    let thing =
        updated.map_err(|error| refused(error, &values, Some(&seen), &routes::edit_thing(kind, id)))?;
    let done = Flash::success(text::saved(thing.name()));
    flash::done(&done, &routes::thing(kind, id));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "objects/deactivate")]
pub async fn deactivate_object(kind: ObjectKind, id: ObjectId) -> Result<(), AppError> {
    let (ports, who) = authorize_kind(kind, Change, "objects/deactivate").await?;
    let to = routes::thing(kind, id);
    let thing = ports.objects.deactivate_object(&who, id).await;
    let thing = thing.map_err(|error| flash::refused(error, &[], &to))?;
    flash::done(&Flash::success(text::deactivated(thing.name())), &to);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "objects/reactivate")]
pub async fn reactivate_object(kind: ObjectKind, id: ObjectId) -> Result<(), AppError> {
    let (ports, who) = authorize_kind(kind, Change, "objects/reactivate").await?;
    let to = routes::thing(kind, id);
    let thing = ports.objects.reactivate_object(&who, id).await;
    let thing = thing.map_err(|error| flash::refused(error, &[], &to))?;
    flash::done(&Flash::success(text::reactivated(thing.name())), &to);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "objects/delete")]
pub async fn delete_object(kind: ObjectKind, id: ObjectId) -> Result<(), AppError> {
    let (ports, who) = authorize_kind(kind, Change, "objects/delete").await?;
    let deleted = ports.objects.delete_object(&who, id).await;
    deleted.map_err(|error| flash::refused(error, &[], &routes::thing(kind, id)))?;
    flash::done(&Flash::success(text::deleted(kind)), kind.spec().path);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "objects/choose", input = Json)]
pub async fn choose_objects(kind: ObjectKind, choice: ManyChoice) -> Result<Chosen, AppError> {
    let (ports, who) = authorize_kind(kind, Change, "objects/choose").await?;
    let choice = match choice {
        ManyChoice::All(query) => ManyChoice::All(query.checked(kind.spec()).map_err(unreadable)?),
        some @ ManyChoice::Some(_) => some,
    };
    Ok(ports.objects.choose_objects(&who, &choice).await?)
}

/// `ways` says how each property is changed, as [`ManyWay`] has it; without one it stays.
#[server(prefix = "/_fn", endpoint = "objects/update_many")]
pub async fn update_objects(
    kind: ObjectKind,
    ids: Vec<ObjectId>,
    #[server(default)] ways: BTreeMap<String, String>,
    #[server(default)] values: Typed,
) -> Result<(), AppError> {
    let (ports, who) = authorize_kind(kind, Change, "objects/update_many").await?;
    let chosen = ways
        .iter()
        .filter_map(|(name, way)| Some((name, ManyWay::from_name(way)?)));
    let typed: ManyTyped = chosen
        .map(|(name, way)| {
            let texts = values.get(name).cloned().unwrap_or_default();
            (name.clone(), (way, texts))
        })
        .collect();
    let done = ports.objects.update_objects(&who, &ids, &typed).await;
    let done = done.map_err(|error| {
        let ways = ways.into_iter().filter(|(_, way)| !way.is_empty());
        let mut filled_in = values;
        filled_in.extend(ways.map(|(name, way)| (text::way_of(&name), vec![way])));
        refused(error, &filled_in, None, &routes::many(kind, &ids))
    })?;
    let said = text::done_with_many(kind, text::CHANGED, done);
    flash::done(&Flash::success(said), kind.spec().path);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "objects/switch_many")]
pub async fn switch_objects(
    kind: ObjectKind,
    ids: Vec<ObjectId>,
    status: ObjectStatus,
) -> Result<(), AppError> {
    let (ports, who) = authorize_kind(kind, Change, "objects/switch_many").await?;
    let done = ports.objects.switch_objects(&who, &ids, status).await;
    let done = done.map_err(|error| flash::refused(error, &[], &routes::many(kind, &ids)))?;
    let what = match status {
        ObjectStatus::Active => text::REACTIVATED,
        ObjectStatus::Deactivated => text::DEACTIVATED,
    };
    flash::done(
        &Flash::success(text::done_with_many(kind, what, done)),
        kind.spec().path,
    );
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "objects/delete_many")]
pub async fn delete_objects(kind: ObjectKind, ids: Vec<ObjectId>) -> Result<(), AppError> {
    let (ports, who) = authorize_kind(kind, Change, "objects/delete_many").await?;
    let done = ports.objects.delete_objects(&who, &ids).await;
    let done = done.map_err(|error| flash::refused(error, &[], &routes::many(kind, &ids)))?;
    let said = text::done_with_many(kind, text::DELETED, done);
    flash::done(&Flash::success(said), kind.spec().path);
    Ok(())
}

/// What a thing was at a moment, from its log.
#[server(prefix = "/_fn", endpoint = "objects/then", input = Json)]
pub async fn show_object_then(kind: ObjectKind, id: ObjectId, point: Point) -> Result<ObjectThen, AppError> {
    let (ports, who) = authorize_kind(kind, See, "objects/then").await?;
    let (_, reader) = authorize(ViewAuditLogs, "objects/then").await?;
    Ok(ports.objects.object_then(&who, &reader, id, point).await?)
}

/// Gives properties the values they had `at` a moment. `version` is the one whose values were shown beside them.
#[server(prefix = "/_fn", endpoint = "objects/restore")]
pub async fn restore_object(
    kind: ObjectKind,
    id: ObjectId,
    version: i32,
    at: String,
    #[server(default)] properties: Vec<String>,
) -> Result<(), AppError> {
    let (ports, who) = authorize_kind(kind, Change, "objects/restore").await?;
    let (_, reader) = authorize(ViewAuditLogs, "objects/restore").await?;
    let point = at
        .parse::<Point>()
        .map_err(|reason| Error::invalid("at", reason))?;
    let objects = &ports.objects;
    let restored = objects
        .restore_object(&who, &reader, id, version, point, &properties)
        .await;
    let back = routes::thing_past(kind, id, Some(&point));
    let thing = restored.map_err(|error| flash::refused(error, &[], &back))?;
    flash::done(
        &Flash::success(past::text::restored(thing.name())),
        &routes::thing(kind, id),
    );
    Ok(())
}

/// Two things that may be one.
#[server(prefix = "/_fn", endpoint = "objects/pair", input = Json)]
pub async fn show_pair(kind: ObjectKind, stays: ObjectId, goes: ObjectId) -> Result<Pair, AppError> {
    let (ports, who) = authorize_kind(kind, Change, "objects/pair").await?;
    Ok(ports.objects.object_pair(&who, stays, goes).await?)
}

/// Makes `with` part of `id`. The versions are those that were shown; `kept` says whose value of a property stays, as
/// [`Keep`] has it.
#[server(prefix = "/_fn", endpoint = "objects/merge")]
pub async fn merge_objects(
    kind: ObjectKind,
    id: ObjectId,
    version: i32,
    with: ObjectId,
    with_version: i32,
    #[server(default)] kept: BTreeMap<String, String>,
) -> Result<(), AppError> {
    let (ports, who) = authorize_kind(kind, Change, "objects/merge").await?;
    let choices: Vec<_> = kept
        .iter()
        .map(|(name, keep)| (name.as_str(), keep.as_str()))
        .collect();
    let back = routes::merge_with(kind, id, with);
    let refused = |error| flash::refused(error, &choices, &back);
    let read = |(name, keep): &(&str, &str)| match Keep::from_name(keep) {
        Some(keep) => Ok(((*name).to_owned(), keep)),
        None => Err(Error::invalid(*name, "Choose whose value stays.")),
    };
    let kept = choices
        .iter()
        .map(read)
        .collect::<Result<Kept, _>>()
        .map_err(refused)?;
    let asked = Merge {
        stays: (id, version),
        goes: (with, with_version),
        kept,
    };
    let merged = ports.objects.merge_objects(&who, &asked).await.map_err(refused)?;
    flash::done(
        &Flash::success(text::merged(merged.name())),
        &routes::thing(kind, id),
    );
    Ok(())
}

/// The form that was filled in.
#[cfg(feature = "ssr")]
fn new_form(kind: ObjectKind, values: &Typed) -> String {
    let variant = kind.spec().variant.and_then(|name| values.get(name)?.first());
    variant.map_or_else(
        || routes::new_thing(kind),
        |variant| routes::new_variant(kind, variant),
    )
}

/// Back to the form, with the reason and what was filled in.
#[cfg(feature = "ssr")]
fn refused(error: Error, values: &Typed, seen: Option<&Tag>, to: &str) -> AppError {
    let joined: Vec<_> = values
        .iter()
        .map(|(name, texts)| (name.as_str(), texts.join("\n")))
        .collect();
    let typed = joined.iter().map(|(name, text)| (*name, text.as_str()));
    let typed: Vec<_> = typed.chain(seen.map(|seen| (SEEN, seen.as_str()))).collect();
    flash::refused(error, &typed, to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use daybook_domain::object::ObjectKind;

    /// As the server reads a form; see `server_fn::codec::PostUrl`.
    fn read(form: &str) -> Option<CreateObject> {
        serde_qs::Config::new(5, false).deserialize_str(form).ok()
    }

    #[test]
    fn a_form_is_read_as_the_browser_sends_it() {
        let form = "kind=company&values%5Bname%5D%5B%5D=Harbor+IT&values%5Bboards%5D%5B%5D=&values%5Bboards%5D%5B%5D=b1\
                    &values%5Bboards%5D%5B%5D=b2&values%5Bnotes%5D%5B%5D=a%0D%0Ab";
        let create = read(form).unwrap();
        assert_eq!(create.kind, ObjectKind::Company);
        assert_eq!(create.values["name"], ["Harbor IT"]);
        assert_eq!(create.values["boards"], ["", "b1", "b2"]);
        assert_eq!(create.values["notes"], ["a\r\nb"]);
    }

    /// With JavaScript the form is read in the browser, written again and then read by the server.
    #[test]
    fn what_the_browser_writes_again_reads_the_same() {
        let once = read("kind=board&values%5Bname%5D%5B%5D=A+%26+b&values%5Bstatuses%5D%5B%5D=").unwrap();
        let again = read(&serde_qs::to_string(&once).unwrap()).unwrap();
        assert_eq!((once.kind, once.values), (again.kind, again.values));
    }
}
