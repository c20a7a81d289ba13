//! What is sent in secret, and isn't shown: not as it was sent, and not where the receiver repeats it.

use super::http::Answer;
use reqwest::header::{HeaderValue, SET_COOKIE};
use secrecy::{ExposeSecret, SecretString};

/// An address without its query, which may hold a secret.
pub(crate) fn shown_url(url: &str) -> String {
    match url.split_once('?') {
        Some((address, _)) => format!("{address}?…"),
        None => url.to_owned(),
    }
}

/// Takes out of an answer what was sent in secret: some receivers repeat what they got.
pub(crate) fn hide_in(answer: &mut Answer, secrets: &[SecretString]) {
    const HIDDEN: &str = "hidden";
    for (name, value) in &mut answer.headers {
        let text = String::from_utf8_lossy(value.as_bytes());
        let repeats = secrets.iter().any(|secret| text.contains(secret.expose_secret()));
        if name == SET_COOKIE || repeats {
            *value = HeaderValue::from_static(HIDDEN);
        }
    }
    let body = String::from_utf8_lossy(&answer.body);
    if secrets.iter().any(|secret| body.contains(secret.expose_secret())) {
        let mut body = body.into_owned();
        for secret in secrets {
            body = body.replace(secret.expose_secret(), HIDDEN);
        }
        answer.body = body.into();
    }
}

/// A header's value, and what follows its scheme: `Bearer …`.
pub(crate) fn parts(value: &SecretString) -> Vec<SecretString> {
    let text = value.expose_secret();
    let after = text.split_once(' ').map(|(_, after)| after);
    let parts = [Some(text), after].into_iter().flatten();
    // What is that short would be found everywhere.
    parts
        .filter(|part| part.len() >= 4)
        .map(SecretString::from)
        .collect()
}

/// Bytes as text, without what no database takes.
pub(crate) fn readable(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace('\0', "\u{fffd}")
}
