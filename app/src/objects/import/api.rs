//! Server functions about files of things. The file itself is sent to an address of its own.

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
    object::{Change, ColumnMeaning, ImportSettings},
};
use daybook_domain::{
    id::ImportId,
    object::{Import, ObjectKind},
};
use leptos::{prelude::*, server_fn::codec::Json};

#[cfg(feature = "ssr")]
use super::text;

#[server(prefix = "/_fn", endpoint = "imports/list", input = Json)]
pub async fn list_imports(kind: ObjectKind) -> Result<Vec<Import>, AppError> {
    let (ports, who) = authorize_kind(kind, Change, "imports/list").await?;
    Ok(ports.imports.list_imports(&who).await?)
}

#[server(prefix = "/_fn", endpoint = "imports/show", input = Json)]
pub async fn show_import(kind: ObjectKind, id: ImportId) -> Result<Import, AppError> {
    let (ports, who) = authorize_kind(kind, Change, "imports/show").await?;
    Ok(ports.imports.import(&who, id).await?)
}

/// Tries it. `columns` says what each column holds, as [`ColumnMeaning::name`] has it.
#[server(prefix = "/_fn", endpoint = "imports/check")]
pub async fn check_import(
    kind: ObjectKind,
    id: ImportId,
    columns: Vec<String>,
    #[server(default)] update: bool,
    #[server(default)] clear: bool,
) -> Result<(), AppError> {
    let (ports, who) = authorize_kind(kind, Change, "imports/check").await?;
    let to = routes::import(kind, id);
    let meaning = |name: &String| {
        let unknown = || Error::invalid("columns", format!("There is no property “{name}”."));
        ColumnMeaning::from_name(kind, name).ok_or_else(unknown)
    };
    let columns = columns.iter().map(meaning).collect::<Result<_, _>>();
    let columns = columns.map_err(|error| flash::refused(error, &[], &to))?;
    let settings = ImportSettings {
        columns,
        update,
        clear,
    };
    let checked = ports.imports.check_import(&who, id, settings).await;
    checked.map_err(|error| flash::refused(error, &[], &to))?;
    flash::done(&Flash::success(text::CHECK_BEGAN), &to);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "imports/run")]
pub async fn run_import(kind: ObjectKind, id: ImportId) -> Result<(), AppError> {
    let (ports, who) = authorize_kind(kind, Change, "imports/run").await?;
    let to = routes::import(kind, id);
    let begun = ports.imports.run_import(&who, id).await;
    begun.map_err(|error| flash::refused(error, &[], &to))?;
    flash::done(&Flash::success(text::IMPORT_BEGAN), &to);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "imports/drop")]
pub async fn drop_import(kind: ObjectKind, id: ImportId) -> Result<(), AppError> {
    let (ports, who) = authorize_kind(kind, Change, "imports/drop").await?;
    let dropped = ports.imports.drop_import(&who, id).await;
    dropped.map_err(|error| flash::refused(error, &[], &routes::import(kind, id)))?;
    flash::done(&Flash::success(text::DROPPED), &routes::imports(kind));
    Ok(())
}
