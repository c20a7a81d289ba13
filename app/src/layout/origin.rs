//! The address people reach this server by, for commands they copy.

use leptos::prelude::*;

/// `https://audit.example.org`. Made at route level: server and browser must agree on it.
pub fn use_origin() -> String {
    SharedValue::new(origin).into_inner()
}

#[cfg(feature = "ssr")]
fn origin() -> String {
    let parts = use_context::<http::request::Parts>();
    let header = |name: &str| parts.as_ref()?.headers.get(name)?.to_str().ok();
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
