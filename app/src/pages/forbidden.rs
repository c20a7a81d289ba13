//! The page somebody sees who lacks a permission: what it takes, and who can give it.

use crate::{error::AppError, routes, ui::problem::Problem, viewer::use_viewer};
use daybook_domain::{Error, permission::Permission};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

/// Records that a page was refused. Answers with the refusal, unless the viewer may see the page after all.
#[server(prefix = "/_fn", endpoint = "pages/refused", input = server_fn::codec::Json)]
pub async fn page_refused(permission: Permission, path: String) -> Result<(), AppError> {
    let (ports, viewer) = crate::context::signed_in()?;
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
        <section class="message">
            <h1>"You don't have the permission for this page"</h1>
            <p>
                "It needs “" {permission.title()} "”, which your role " <strong>{role}</strong> " doesn't include. "
                "An administrator can add it to the role under Roles & permissions, or give you another role."
            </p>
            <p>"That you asked for this page has been recorded."</p>
            <p><a class="button" href=routes::ACCOUNT>"To your account"</a></p>
        </section>
        <Suspense>
            {move || recorded.get().map(|answer| match answer.map_err(AppError::into_inner) {
                Ok(()) => view! { <p class="message">"You may see it by now: load this page again."</p> }.into_any(),
                Err(Error::Forbidden { .. }) => ().into_any(),
                Err(error) => view! { <Problem error=error.into()/> }.into_any(),
            })}
        </Suspense>
    }
}
