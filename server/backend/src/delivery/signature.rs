//! How a receiver knows that a message is ours and wasn't changed: Standard Webhooks 1.0, symmetric signatures
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice, SecretString, zeroize::Zeroizing};
use sha2::Sha256;

/// What the text of a secret begins with.
const PREFIX: &str = "whsec_";
/// Bytes of a secret that is made here.
pub const BYTES: usize = 32;
/// Bytes of one that somebody brings, at least and at most.
const ALLOWED: std::ops::RangeInclusive<usize> = 24..=64;

/// A secret that messages are signed with.
#[derive(Debug, Clone)]
pub struct SigningSecret(SecretSlice<u8>);

/// What a secret isn't.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A secret is `whsec_` and {} to {} bytes in base64.", ALLOWED.start(), ALLOWED.end())]
pub struct NotASecret;

impl SigningSecret {
    /// From bytes that nobody can guess.
    pub fn new(random: [u8; BYTES]) -> Self {
        Self(random.to_vec().into())
    }

    /// # Errors
    /// Where it isn't one.
    pub fn parse(text: &str) -> Result<Self, NotASecret> {
        let text = text.trim();
        let bytes = STANDARD
            .decode(text.strip_prefix(PREFIX).unwrap_or(text))
            .map_err(|_| NotASecret)?;
        if ALLOWED.contains(&bytes.len()) {
            Ok(Self(bytes.into()))
        } else {
            Err(NotASecret)
        }
    }

    /// As it is shown to who sets the receiver up.
    pub fn text(&self) -> SecretString {
        format!("{PREFIX}{}", STANDARD.encode(self.0.expose_secret())).into()
    }

    /// The signature of a message that goes out at a time, in seconds of the Unix epoch.
    fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        // One that is shorter than a block of the hash is followed by noughts (RFC 2104, 2), and none is longer.
        let mut key = Zeroizing::new([0; *ALLOWED.end()]);
        for (to, from) in key.iter_mut().zip(self.0.expose_secret()) {
            *to = *from;
        }
        let mut mac = Hmac::<Sha256>::new((&*key).into());
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// The headers of a message: its id, the time it goes out at in seconds of the Unix epoch, and its signature by the secret
/// and by the others, of which the receiver need know one.
pub fn headers(
    secret: &SigningSecret,
    others: &[SigningSecret],
    id: &str,
    timestamp: i64,
    body: &[u8],
) -> [(&'static str, String); 3] {
    let signatures: Vec<_> = std::iter::once(secret)
        .chain(others)
        .map(|secret| secret.sign(id, timestamp, body))
        .collect();
    [
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", timestamp.to_string()),
        ("webhook-signature", signatures.join(" ")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use standardwebhooks::Webhook;

    /// The specification's own example.
    #[test]
    fn the_vector_of_the_specification_is_signed_alike() {
        let secret = SigningSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let [id, timestamp, signature] = headers(
            &secret,
            &[],
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(id, ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned()));
        assert_eq!(timestamp, ("webhook-timestamp", "1614265330".to_owned()));
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signature, ("webhook-signature", expected.to_owned()));
    }

    #[test]
    fn a_secret_is_read_back_and_not_printed() {
        let secret = SigningSecret::new([7; BYTES]);
        let text = secret.text().expose_secret().to_owned();
        assert!(text.starts_with("whsec_"));
        let again = SigningSecret::parse(&format!(" {text}\n")).unwrap();
        assert_eq!(again.sign("1", 2, b"3"), secret.sign("1", 2, b"3"));
        assert!(!format!("{secret:?}").contains(&text[6..]));
        assert!(!format!("{secret:?}").contains("7, 7"));
        for wrong in [
            "",
            "whsec_",
            "whsec_c2hvcnQ=",
            "whsec_not base64",
            &"A".repeat(100),
        ] {
            assert_eq!(SigningSecret::parse(wrong).unwrap_err(), NotASecret, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn the_reference_implementation_signs_alike(
            first in any::<[u8; BYTES]>(), second in any::<[u8; BYTES]>(), id in "[a-z0-9-]{1,40}", body in ".{0,200}",
            timestamp in 0_i64..4_000_000_000,
        ) {
            let secrets = [first, second].map(SigningSecret::new);
            let [_, _, (_, signatures)] = headers(&secrets[0], &secrets[1..], &id, timestamp, body.as_bytes());
            let expected = secrets.map(|secret| {
                let theirs = Webhook::new(secret.text().expose_secret()).unwrap();
                theirs.sign(&id, timestamp, body.as_bytes()).unwrap()
            });
            prop_assert_eq!(signatures, expected.join(" "));
        }
    }
}
