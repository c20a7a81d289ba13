//! The site: the browser half, the style sheet, icons. The release build carries it; a debug build reads it from
//! disk (see `build.rs`).
//!
//! Addresses below `/pkg/` hold a hash of what is there, so they may be kept for ever; another hash is another
//! build, and asking for it gets nothing rather than the wrong half.

use super::AppState;
use axum::{
    Router,
    extract::{Path, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use daybook_app::context::Assets;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{
    borrow::Cow,
    sync::{Arc, OnceLock},
};

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const FOR_AN_HOUR: &str = "public, max-age=3600";
/// Stands in the addresses where there is no site.
const NO_HASH: &str = "none";

type Content = Cow<'static, [u8]>;

/// The files by name, in the order of the names; see `build.rs`.
#[cfg(embedded_site)]
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/site.rs"));

#[cfg(embedded_site)]
fn file(name: &str) -> Option<Content> {
    let found = FILES.binary_search_by_key(&name, |(name, _)| name).ok()?;
    FILES.get(found).map(|(_, content)| Cow::Borrowed(*content))
}

#[cfg(not(embedded_site))]
fn file(name: &str) -> Option<Content> {
    use std::path::{Component, Path};
    let path = Path::new(name);
    let is_inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    let path = Path::new(env!("DAYBOOK_SITE_DIR")).join(path);
    std::fs::read(path).ok().filter(|_| is_inside).map(Cow::Owned)
}

#[derive(Deserialize)]
struct Manifest {
    hash: String,
}

/// Where the pages find their assets.
#[derive(Debug, Default)]
pub struct Site {
    once: OnceLock<Arc<Built>>,
}

#[derive(Debug)]
struct Built {
    hash: String,
    assets: Arc<Assets>,
}

impl Site {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn is_missing(&self) -> bool {
        self.built().hash == NO_HASH
    }

    pub fn assets(&self) -> Arc<Assets> {
        self.built().assets.clone()
    }

    fn built(&self) -> Arc<Built> {
        if !cfg!(embedded_site) {
            // The site may be built anew while the server runs.
            return Arc::new(Built::find());
        }
        self.once.get_or_init(|| Arc::new(Built::find())).clone()
    }
}

impl Built {
    fn find() -> Self {
        let hash = file("manifest.json")
            .and_then(|content| serde_json::from_slice::<Manifest>(&content).ok())
            .map_or_else(|| NO_HASH.to_owned(), |manifest| manifest.hash);
        let url = |file: &str| format!("/pkg/{hash}/{file}");
        let assets = Assets {
            js: url("daybook.js"),
            wasm: url("daybook_bg.wasm"),
            css: url("daybook.css"),
        };
        Self {
            hash,
            assets: Arc::new(assets),
        }
    }
}

/// A file at the root of the site: an icon, `robots.txt`. `None` for what isn't there.
pub fn public_file(path: &str, request: &HeaderMap) -> Option<Response> {
    let path = path.strip_prefix('/')?;
    if path.is_empty() || path == "manifest.json" || path.starts_with("pkg/") {
        return None;
    }
    let found = file(path)?;
    let etag = Sha256::digest(&found)[..16]
        .iter()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    let etag = format!("\"{etag}\"");
    let known = request
        .get(IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == etag.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        content(path, found)
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(FOR_AN_HOUR));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(ETAG, etag);
    }
    Some(response)
}

pub fn routes(state: &AppState) -> Router {
    Router::new()
        .route("/pkg/{hash}/{*file}", get(package_file))
        .with_state(state.clone())
}

async fn package_file(
    State(state): State<AppState>,
    Path((hash, path)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let not_found = (StatusCode::NOT_FOUND, [(CACHE_CONTROL, "no-store")]);
    if hash != state.site().built().hash || path.rsplit('.').next() == Some("br") {
        return not_found.into_response();
    }
    let name = format!("pkg/{path}");
    let compressed = if accepts(&headers, "br") {
        file(&format!("{name}.br"))
    } else {
        None
    };
    let is_compressed = compressed.is_some();
    let Some(found) = compressed.or_else(|| file(&name)) else {
        return not_found.into_response();
    };
    let mut response = content(&name, found);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(FOR_EVER));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if is_compressed {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response
}

/// The file as an answer, with the type its own name (not that of its compressed form) says.
fn content(name: &str, file: Content) -> Response {
    let kind = match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("txt") => "text/plain; charset=utf-8",
        Some("webmanifest") => "application/manifest+json",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    ([(CONTENT_TYPE, kind)], axum::body::Bytes::from_owner(file)).into_response()
}

/// Whether a compression is taken.
pub fn accepts(headers: &HeaderMap, wanted: &str) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            let refused = matches!(
                weight.trim().trim_start_matches("q="),
                "0" | "0.0" | "0.00" | "0.000"
            );
            name.trim().eq_ignore_ascii_case(wanted) && !refused
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_goes_to_those_who_take_it() {
        let takes = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(value));
            accepts(&headers, "br")
        };
        assert!(takes("gzip, deflate, br, zstd") && takes("br;q=0.5"));
        assert!(!takes("gzip") && !takes("br;q=0, gzip"));
        assert!(!accepts(&HeaderMap::new(), "br"));
    }
}
