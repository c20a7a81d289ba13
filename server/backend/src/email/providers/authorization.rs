//! Providers that don't sign, but send along what we have given them in `Authorization`: `Basic` where user name and
//! password stand in the URL they post to, `Bearer` where they were given a token.
//!
//! - Postmark: <https://postmarkapp.com/developer/webhooks/webhooks-overview#protecting-your-webhook>
//! - Brevo: <https://developers.brevo.com/docs/secured-webhooks>
//! - Mailjet: <https://dev.mailjet.com/email/guides/webhooks/#endpoint-url>

use super::Refused;
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::header::{AUTHORIZATION, HeaderMap};
use subtle::ConstantTimeEq;

/// The key is `user:password`, or a token.
pub(super) fn verify(key: &str, headers: &HeaderMap) -> Result<(), Refused> {
    let given = headers.get(AUTHORIZATION).ok_or(Refused::Missing)?;
    let given = given.to_str().map_err(|_| Refused::Wrong)?;
    let (scheme, given) = given.split_once(' ').ok_or(Refused::Wrong)?;
    let given = match scheme.to_ascii_lowercase().as_str() {
        "bearer" => given.trim().as_bytes().to_vec(),
        "basic" => STANDARD.decode(given.trim()).map_err(|_| Refused::Wrong)?,
        _ => return Err(Refused::Wrong),
    };
    let is_same = bool::from(given.as_slice().ct_eq(key.as_bytes()));
    if is_same { Ok(()) } else { Err(Refused::Wrong) }
}
