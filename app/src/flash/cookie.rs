//! The cookie a message travels in.

use super::Flash;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::collections::BTreeMap;

pub const COOKIE: &str = "daybook_flash";
/// Browsers drop cookies above 4 KiB; what was typed is given up first.
const MAX_COOKIE_BYTES: usize = 3800;

impl Flash {
    /// The value of a `Set-Cookie` header. `secure` where the browser came over https.
    pub fn set_cookie(&self, secure: bool) -> String {
        let mut text = self.encoded();
        if text.len() > MAX_COOKIE_BYTES {
            text = Self {
                values: BTreeMap::new(),
                ..self.clone()
            }
            .encoded();
        }
        let secure = if secure { "; Secure" } else { "" };
        format!("{COOKIE}={text}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax{secure}")
    }

    fn encoded(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// The value of a `Set-Cookie` header that takes the message back.
    pub fn clear_cookie() -> String {
        format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
    }

    /// Reads the `Cookie` headers of a request. A cookie somebody edited is no message.
    pub fn from_headers(headers: &http::HeaderMap) -> Option<Self> {
        let text = headers
            .get_all(http::header::COOKIE)
            .iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(name, value)| (name == COOKIE).then_some(value))?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use daybook_domain::account::ShownOnce;

    fn round_trip(flash: &Flash) -> Option<Flash> {
        let cookie = flash.set_cookie(true);
        let pair = cookie.split(';').next()?;
        let mut headers = http::HeaderMap::new();
        headers.append(http::header::COOKIE, "other=1".parse().ok()?);
        headers.append(http::header::COOKIE, format!("theme=dark; {pair}").parse().ok()?);
        Flash::from_headers(&headers)
    }

    #[test]
    fn a_message_survives_its_cookie() {
        let flash = Flash::success("Invited Zoë “Z” Łukasz.")
            .with_secret(ShownOnce::new("/invite/abc".into()))
            .with_value("email", "zoe@example.org");
        assert_eq!(round_trip(&flash), Some(flash));
    }

    #[test]
    fn a_long_message_gives_up_what_was_typed() {
        let flash = Flash::problem("is too long").with_value("name", "x".repeat(8000));
        assert!(flash.set_cookie(false).len() < 4096);
        assert_eq!(round_trip(&flash).map(|f| f.values.len()), Some(0));
    }

    #[test]
    fn an_edited_cookie_is_no_message() {
        let mut headers = http::HeaderMap::new();
        headers.append(
            http::header::COOKIE,
            http::HeaderValue::from_static("daybook_flash=%%%"),
        );
        assert_eq!(Flash::from_headers(&headers), None);
    }
}
