//! The address people reach this server by, for commands they copy.

use leptos::prelude::*;

/// `https://audit.example.org`. Made at route level: server and browser must agree on it.
pub fn use_origin() -> String {
    SharedValue::new(origin).into_inner()
}

#[cfg(feature = "ssr")]
fn origin() -> String {
    let parts = use_context::<http::request::Parts>();
    parts.map_or_else(
        || origin_of(&http::HeaderMap::new()),
        |parts| origin_of(&parts.headers),
    )
}

/// The same by what came with a request.
#[cfg(feature = "ssr")]
pub fn origin_of(headers: &http::HeaderMap) -> String {
    let header = |name: &str| headers.get(name)?.to_str().ok();
    let https = header("x-forwarded-proto") == Some("https");
    let is_address = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    let host = header("host")
        .filter(|host| host.chars().all(is_address))
        .unwrap_or("localhost:3000");
    format!("{}://{host}", if https { "https" } else { "http" })
}

#[cfg(not(feature = "ssr"))]
fn origin() -> String {
    window().location().origin().unwrap_or_default()
}
