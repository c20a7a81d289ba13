//! Server functions about saved views. All of them need “View audit logs”.

use crate::error::AppError;
use daybook_domain::{
    id::ViewId,
    seen::{Seen, Tag},
    view::{OwnLists, SavedView, Shift},
};
use leptos::{prelude::*, server_fn::codec::Json};
#[cfg(feature = "ssr")]
use {
    super::{
        sent::{form, list},
        text,
    },
    crate::{
        context::authorize,
        flash::{self, Flash},
        routes,
        ui::form::SEEN,
    },
    daybook_domain::permission::{ManageRoles, ViewAuditLogs},
};

/// What is chosen in a form to share with nobody.
pub const ONLY_ME: &str = "me";

/// Everything the asker keeps of lists.
#[server(prefix = "/_fn", endpoint = "views/kept", input = Json)]
pub async fn kept_now() -> Result<OwnLists, AppError> {
    let (ports, who) = authorize(ViewAuditLogs, "views/kept").await?;
    Ok(ports.views.own_lists(&who).await?)
}

/// The views the asker sees, and those of others that they may change without seeing them in a menu.
#[server(prefix = "/_fn", endpoint = "views/list", input = Json)]
pub async fn list_views() -> Result<(Vec<SavedView>, Vec<SavedView>), AppError> {
    let (ports, who) = authorize(ViewAuditLogs, "views/list").await?;
    let mut seen = ports.views.own_lists(&who).await?.views;
    seen.sort_by_key(|view| view.log.kind().map_or(usize::MAX, |kind| kind as usize));
    let mut others = match who.viewer().grant(ManageRoles) {
        Ok(manager) => ports.views.list_shared_views(&manager).await?,
        Err(_) => Vec::new(),
    };
    others.retain(|other| seen.iter().all(|view| view.id != other.id));
    Ok((seen, others))
}

/// What the form of a view changes, as it is now.
pub async fn seen_now(id: ViewId) -> Option<Seen> {
    let (seen, others) = list_views().await.ok()?;
    let mut all = seen.into_iter().chain(others);
    all.find(|view| view.id == id).map(|view| view.seen)
}

#[server(prefix = "/_fn", endpoint = "views/create")]
pub async fn create_view(
    log: String,
    query: String,
    name: String,
    share: String,
    make_default: Option<String>,
) -> Result<(), AppError> {
    let (ports, who) = authorize(ViewAuditLogs, "views/create").await?;
    let (log, query) = list(&log, &query)?;
    let refused = |error| {
        flash::refused(
            error,
            &[("name", &name), ("share", &share)],
            &routes::exactly(log, &query),
        )
    };
    let form = form(&name, &share).map_err(refused)?;
    let view = ports
        .views
        .create_view(&who, log, &query, form)
        .await
        .map_err(refused)?;
    if make_default.is_some() {
        ports
            .views
            .set_default_view(&who, log, Some(view.id))
            .await
            .map_err(refused)?;
    }
    flash::done(
        &Flash::success(text::saved(&view.name)),
        &routes::exactly(log, &query.at(None)),
    );
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "views/update")]
pub async fn update_view(id: ViewId, seen: Tag, name: String, share: String) -> Result<(), AppError> {
    let (ports, who) = authorize(ViewAuditLogs, "views/update").await?;
    let typed = [("name", name.as_str()), ("share", &share), (SEEN, seen.as_str())];
    let refused = |error| flash::refused(error, &typed, &routes::edit_view(id));
    let form = form(&name, &share).map_err(refused)?;
    let view = ports.views.update_view(&who, id, &seen, form).await;
    let view = view.map_err(refused)?;
    flash::done(&Flash::success(text::saved(&view.name)), routes::SAVED_VIEWS);
    Ok(())
}

/// Gives a view another list. `log` is the one whose page the form stood on, to go back to.
#[server(prefix = "/_fn", endpoint = "views/replace")]
pub async fn replace_view(id: ViewId, log: String, query: String) -> Result<(), AppError> {
    let (ports, who) = authorize(ViewAuditLogs, "views/replace").await?;
    let (log, query) = list(&log, &query)?;
    let replaced = ports.views.replace_view(&who, id, &query).await;
    let view = replaced.map_err(|error| flash::refused(error, &[], &routes::exactly(log, &query)))?;
    flash::done(
        &Flash::success(text::replaced(&view.name)),
        &routes::exactly(view.log, &query.at(None)),
    );
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "views/delete")]
pub async fn delete_view(id: ViewId) -> Result<(), AppError> {
    let (ports, who) = authorize(ViewAuditLogs, "views/delete").await?;
    let deleted = ports.views.delete_view(&who, id).await;
    let view = deleted.map_err(|error| flash::refused(error, &[], &routes::edit_view(id)))?;
    flash::done(&Flash::success(text::deleted(&view.name)), routes::SAVED_VIEWS);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "views/move")]
pub async fn move_view(id: ViewId, shift: Shift) -> Result<(), AppError> {
    let (ports, who) = authorize(ViewAuditLogs, "views/move").await?;
    let moved = ports.views.move_view(&who, id, shift).await;
    let view = moved.map_err(|error| flash::refused(error, &[], routes::SAVED_VIEWS))?;
    flash::done(&Flash::success(text::moved(&view.name)), routes::SAVED_VIEWS);
    Ok(())
}

/// `view` is what the log opens with; without one, all of it.
#[server(prefix = "/_fn", endpoint = "views/set_default")]
pub async fn set_default_view(log: String, view: Option<ViewId>) -> Result<(), AppError> {
    let (ports, who) = authorize(ViewAuditLogs, "views/set_default").await?;
    let (log, _) = list(&log, "")?;
    let set = ports.views.set_default_view(&who, log, view).await;
    set.map_err(|error| flash::refused(error, &[], routes::SAVED_VIEWS))?;
    let said = if view.is_some() {
        text::opens_first(log.title())
    } else {
        text::opens_whole(log.title())
    };
    flash::done(&Flash::success(said), routes::SAVED_VIEWS);
    Ok(())
}
