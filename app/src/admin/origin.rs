//! The address under which the viewer sees Daybook, for links and commands that are taken elsewhere.

use leptos::prelude::*;

/// `https://daybook.example.org`, without a slash at the end.
pub fn use_origin() -> String {
    SharedValue::new(origin).into_inner()
}

/// From the request being answered. Not for decisions: the browser says what stands in there.
#[cfg(feature = "ssr")]
pub fn origin() -> String {
    let Some(parts) = use_context::<http::request::Parts>() else { return String::new() };
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = if header("x-forwarded-proto") == Some("https") { "https" } else { "http" };
    let host = header("host").or_else(|| parts.uri.authority().map(http::uri::Authority::as_str)).unwrap_or_default();
    format!("{scheme}://{host}")
}

#[cfg(not(feature = "ssr"))]
fn origin() -> String {
    window().location().origin().unwrap_or_default()
}
