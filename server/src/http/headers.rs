//! The headers that tell a browser what our answers may do. Nothing is loaded from elsewhere, nothing of ours is
//! shown in a frame, and the only inline script is the one that carries the answer's nonce.

use axum::http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{
        CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
        X_CONTENT_TYPE_OPTIONS,
    },
};

/// Headers that are the same in every answer.
const ALWAYS: [(HeaderName, &str); 5] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Addresses hold search terms and invitations. Not `no-referrer`: that makes browsers send `Origin: null`.
    (REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
         microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), usb=()",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// For what isn't a page and has nothing to load.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

/// Adds the headers to an answer; one that has a policy of its own keeps it.
pub fn protect(headers: &mut HeaderMap, nonce: &str, https: bool) {
    for (name, value) in ALWAYS {
        headers
            .entry(name)
            .or_insert_with(|| HeaderValue::from_static(value));
    }
    if https {
        headers.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    let is_page = headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let policy = if is_page {
        HeaderValue::try_from(page_policy(nonce)).ok()
    } else {
        None
    };
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert_with(|| policy.unwrap_or(HeaderValue::from_static(NOTHING)));
}

fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' \
         data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'self'; \
         frame-ancestors 'none'; manifest-src 'self'"
    )
}
