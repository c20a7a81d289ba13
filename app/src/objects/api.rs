//! Server functions about things. What the asker may do depends on the kind.

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::authorize_kind,
    flash::{self, Flash},
    routes,
};
#[cfg(feature = "ssr")]
use daybook_domain::{
    Error,
    object::{Change, See},
};
use daybook_domain::{
    id::ObjectId,
    object::{Choices, Object, ObjectKind, ObjectPage, ObjectQuery, Typed},
};
use leptos::{prelude::*, server_fn::codec::Json};

#[cfg(feature = "ssr")]
use super::text;

#[server(prefix = "/_fn", endpoint = "objects/list", input = Json)]
pub async fn list_objects(kind: ObjectKind, query: ObjectQuery) -> Result<ObjectPage, AppError> {
    let (ports, who) = authorize_kind(kind, See, "objects/list").await?;
    let query = query.checked(kind.spec()).map_err(|problems| {
        let problem = problems.into_iter().next();
        let (field, reason) = problem
            .map(|problem| (problem.field, problem.reason))
            .unwrap_or_default();
        Error::invalid(field, reason)
    })?;
    Ok(ports.objects.list_objects(&who, &query).await?)
}

#[server(prefix = "/_fn", endpoint = "objects/show", input = Json)]
pub async fn show_object(kind: ObjectKind, id: ObjectId) -> Result<Object, AppError> {
    let (ports, who) = authorize_kind(kind, See, "objects/show").await?;
    Ok(ports.objects.object(&who, id).await?)
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
    let thing = created.map_err(|error| refused(error, &values, &routes::new_thing(kind)))?;
    let done = Flash::success(text::created(kind, thing.name()));
    flash::done(&done, &routes::thing(kind, thing.id));
    Ok(())
}

/// `version` is the one whose values stood in the form.
#[server(prefix = "/_fn", endpoint = "objects/update")]
pub async fn update_object(
    kind: ObjectKind,
    id: ObjectId,
    version: i32,
    values: Typed,
) -> Result<(), AppError> {
    let (ports, who) = authorize_kind(kind, Change, "objects/update").await?;
    let updated = ports.objects.update_object(&who, id, version, &values).await;
    let thing = updated.map_err(|error| refused(error, &values, &routes::edit_thing(kind, id)))?;
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

/// Back to the form, with the reason and what was filled in.
#[cfg(feature = "ssr")]
fn refused(error: Error, values: &Typed, to: &str) -> AppError {
    let joined: Vec<_> = values
        .iter()
        .map(|(name, texts)| (name.as_str(), texts.join("\n")))
        .collect();
    let typed: Vec<_> = joined.iter().map(|(name, text)| (*name, text.as_str())).collect();
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
