//! Who looks at the pages: known before anything is rendered, so that the gate and the menu wait for nothing.

use crate::{context::ServerContext, error::AppError};
use daybook_domain::{naming::Naming, permission::Permission, regional::RegionalFormat, viewer::ViewerInfo};
use leptos::{prelude::*, task::spawn_local};

#[derive(Debug, Clone, Copy)]
struct CurrentViewer(RwSignal<Option<ViewerInfo>>);

/// Called once, in the app. The browser gets the viewer with the page.
pub fn provide_viewer() {
    let viewer = SharedValue::new(of_request).into_inner();
    provide_context(CurrentViewer(RwSignal::new(viewer)));
}

/// The signed-in viewer, `None` where nobody is. For what is shown, never for a decision.
pub fn use_viewer() -> Option<ViewerInfo> {
    use_context::<CurrentViewer>().and_then(|viewer| viewer.0.get_untracked())
}

/// The same, followed where it changes: by what stays while pages come and go.
pub fn follow_viewer() -> Signal<Option<ViewerInfo>> {
    match use_context::<CurrentViewer>() {
        Some(CurrentViewer(viewer)) => viewer.into(),
        None => Signal::stored(None),
    }
}

/// The first of some permissions that the viewer doesn't have.
pub fn lacking(needs: &[Permission]) -> Option<Permission> {
    let viewer = use_viewer();
    let may = |permission: Permission| viewer.as_ref().is_some_and(|viewer| viewer.may(permission));
    needs.iter().copied().find(|permission| !may(*permission))
}

/// What things are called for the viewer (R24). Whatever names a kind of thing to a person asks this; also in server
/// functions, which answer with sentences.
pub fn use_naming() -> Naming {
    if let Some(viewer) = use_viewer() {
        return viewer.naming;
    }
    let viewer = use_context::<ServerContext>().and_then(|context| context.viewer);
    viewer.map(|viewer| viewer.naming()).unwrap_or_default()
}

/// How dates and numbers are written for the viewer; also in server functions, which answer with sentences.
pub fn use_format() -> RegionalFormat {
    if let Some(viewer) = use_viewer() {
        return viewer.format;
    }
    let viewer = use_context::<ServerContext>().and_then(|context| context.viewer);
    viewer.map(|viewer| viewer.format()).unwrap_or_default()
}

/// Asks again who the viewer is: what was just done may have changed their zone or role.
pub fn refresh_viewer() {
    if let Some(CurrentViewer(viewer)) = use_context() {
        spawn_local(async move {
            // Without an answer the page goes on with what it knows; the next one asks again.
            if let Ok(now) = viewer_now().await {
                viewer.set(now);
            }
        });
    }
}

/// The asker's own name, role, zone and permissions.
#[server(prefix = "/_fn", endpoint = "viewer", input = server_fn::codec::Json)]
#[allow(
    clippy::unused_async,
    reason = "a server function is async; an expectation would be lost on the way through the macro"
)]
pub async fn viewer_now() -> Result<Option<ViewerInfo>, AppError> {
    Ok(of_request())
}

fn of_request() -> Option<ViewerInfo> {
    use_context::<ServerContext>()?.viewer.map(|viewer| viewer.info())
}
