//! The page somebody sees who lacks a permission: what it takes, and who can give it.

use crate::{app::use_viewer, error::AppError};
use daybook_domain::permission::Permission;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

/// Records that a page was refused. Always answers with the refusal, unless the viewer may see the page after all.
#[server(prefix = "/_fn", endpoint = "pages/refused", input = server_fn::codec::Json)]
async fn page_refused(permission: Permission, path: String) -> Result<(), AppError> {
    use crate::context::signed_in;
    use daybook_domain::Error;
    let (ports, viewer) = signed_in()?;
    if viewer.may(permission) {
        return Ok(());
    }
    ports.gate.refused(&viewer, permission, &path).await?;
    Err(AppError::new(Error::Forbidden { permission }))
}

#[component]
pub fn Forbidden(permission: Permission) -> impl IntoView {
    let path = use_location().pathname;
    let recorded = Resource::new(move || path.get(), move |path| page_refused(permission, path));
    let role = use_viewer().map(|viewer| viewer.role).unwrap_or_default();
    view! {
        <Title text="No permission"/>
        <h1>"You don't have the permission for this page"</h1>
        <p>"It needs “" {permission.title()} "”. Your role is " {role} "."</p>
        <Suspense>{move || recorded.get().map(|_| ())}</Suspense>
    }
}
