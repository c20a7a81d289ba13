//! What is sent in secret, and isn't shown: not as it was sent, and not where the receiver repeats it.

use super::http::Answer;
use reqwest::header::{HeaderValue, SET_COOKIE};
use secrecy::{ExposeSecret, SecretString};

/// Shorter parts of an address are words, such as `services`.
const SHORTEST_OF_URL: usize = 9;

/// An address without its query, which may hold a secret.
pub(crate) fn shown_url(url: &str) -> String {
    match url.split_once('?') {
        Some((address, _)) => format!("{address}?…"),
        None => url.to_owned(),
    }
}

const HIDDEN: &str = "hidden";

/// Takes out of an answer what was sent in secret: some receivers repeat what they got.
pub(crate) fn hide_in(answer: &mut Answer, secrets: &[SecretString]) {
    for (name, value) in &mut answer.headers {
        let text = String::from_utf8_lossy(value.as_bytes());
        if name == SET_COOKIE || hide(&text, secrets) != text {
            *value = HeaderValue::from_static(HIDDEN);
        }
    }
    let body = String::from_utf8_lossy(&answer.body);
    let without = hide(&body, secrets);
    if without != body {
        answer.body = without.into();
    }
}

/// A text without secrets, also as JSON and XML write them.
pub(crate) fn hide(text: &str, secrets: &[SecretString]) -> String {
    let mut text = text.to_owned();
    for secret in secrets {
        let secret = secret.expose_secret();
        for written in [secret, &secret.replace('/', r"\/"), &secret.replace('&', "&amp;")] {
            if text.contains(written) {
                text = text.replace(written, HIDDEN);
            }
        }
    }
    text
}

/// An address that is a secret itself, and what of it tells it: receivers repeat the path without the host.
pub(crate) fn parts_of_url(address: &SecretString) -> Vec<SecretString> {
    let text = address.expose_secret();
    let mut parts = vec![text.to_owned()];
    if let Ok(url) = reqwest::Url::parse(text) {
        let path = url.path();
        parts.extend(url.query().map(|query| format!("{path}?{query}")));
        parts.extend(url.query().map(str::to_owned));
        parts.push(path.to_owned());
        parts.extend(path.rsplit('/').map(str::to_owned));
        parts.extend(url.query_pairs().map(|(_, value)| value.into_owned()));
    }
    // The longest first: what is left of it would tell where it was.
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    parts.retain(|part| part.len() >= SHORTEST_OF_URL);
    parts.into_iter().map(SecretString::from).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_not_told_by_its_parts() {
        let address =
            SecretString::from("https://hooks.example/services/T0AAAAAAA/B0BBBBBBB?sig=a%2Fb-cdefghij");
        let parts = parts_of_url(&address);
        for said in [
            "Cannot POST /services/T0AAAAAAA/B0BBBBBBB",
            r"no such hook: https:\/\/hooks.example\/services\/T0AAAAAAA\/B0BBBBBBB?sig=a%2Fb-cdefghij",
            "B0BBBBBBB is revoked",
            "the signature a/b-cdefghij doesn't hold",
        ] {
            let hidden = hide(said, &parts);
            assert!(hidden.contains(HIDDEN), "{hidden}");
            for part in ["T0AAAAAAA", "B0BBBBBBB", "cdefghij"] {
                assert!(!hidden.contains(part), "{hidden}");
            }
        }
        assert_eq!(
            hide("invalid_payload in services", &parts),
            "invalid_payload in services"
        );
    }
}
