//! Where the message of a page appears, and how it gets there without loading the page.

use super::{Flash, Tone};
use crate::error::AppError;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::{use_location, use_navigate};

#[server(prefix = "/_fn", endpoint = "flash/take")]
#[allow(
    clippy::unused_async,
    reason = "a server function is async; an expectation would be lost on the way through the macro"
)]
pub async fn take_flash() -> Result<Option<Flash>, AppError> {
    Ok(super::answer::take())
}

/// Bumped when a server function sends the browser elsewhere: then, and only then, a message may wait.
#[derive(Debug, Clone, Copy)]
struct Redirected(RwSignal<Option<String>>);

/// Called once, above the router, which would otherwise install its own handler of redirects.
pub fn provide_redirects() {
    let target = RwSignal::new(None);
    provide_context(Redirected(target));
    #[cfg(not(feature = "ssr"))]
    {
        let hook = move |to: &str| target.set(Some(to.to_owned()));
        // Only the first call counts; there is one app per page.
        let _ = server_fn::redirect::set_redirect_hook(hook);
    }
}

/// The message of this page. Called once per page frame, inside the router and never where the page redirects, or
/// the message would be lost on the way.
pub fn provide_flash() -> RwSignal<Option<Flash>> {
    let initial = SharedValue::new(|| {
        #[cfg(feature = "ssr")]
        return super::answer::take();
        #[cfg(not(feature = "ssr"))]
        None
    });
    let flash = RwSignal::new(initial.into_inner());
    provide_context(flash);

    let location = use_location();
    Effect::new(move |before: Option<String>| {
        let path = location.pathname.get();
        if before.is_some_and(|before| before != path) {
            flash.set(None);
        }
        path
    });
    if let Some(Redirected(target)) = use_context() {
        let navigate = use_navigate();
        Effect::new(move || {
            if let Some(to) = target.get() {
                target.set(None);
                navigate(&to, leptos_router::NavigateOptions::default());
                crate::viewer::refresh_viewer();
                spawn_local(async move {
                    if let Ok(Some(taken)) = take_flash().await {
                        flash.set(Some(taken));
                    }
                });
            }
        });
    }
    flash
}

/// The message of this page, for forms that want to be filled in again.
pub fn use_flash() -> RwSignal<Option<Flash>> {
    use_context().unwrap_or_else(|| RwSignal::new(None))
}

/// Where the message of the page appears. The region is always there, so that its filling is announced.
#[component]
pub fn FlashMessage() -> impl IntoView {
    let flash = use_flash();
    let tone = move |wanted: Tone| flash.with(|f| f.as_ref().is_some_and(|f| f.tone == wanted));
    let message = move |wanted: Tone| {
        flash.with(|f| f.as_ref().filter(|f| f.tone == wanted).map(|f| f.message.clone()))
    };
    let secret = move || {
        flash.with(|f| {
            f.as_ref()
                .and_then(|f| f.secret.as_ref())
                .map(|secret| secret.reveal().to_owned())
        })
    };
    view! {
        <div class="flash" class:flash--success=move || tone(Tone::Success) class:flash--problem=move || tone(Tone::Problem)>
            <div role="status" class="flash__message">{move || message(Tone::Success)}</div>
            <div role="alert" class="flash__message">{move || message(Tone::Problem)}</div>
            {move || secret().map(|secret| view! { <crate::ui::copy::Secret secret/> })}
        </div>
    }
}
