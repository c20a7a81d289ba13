//! Whether an ID token holds (OpenID Connect Core 1.0, 3.1.3.7).
//!
//! Signature, issuer, audience, nonce and expiry are verified by `openidconnect`. What it leaves to others is added here:
//! which algorithms are taken, whom a token of several audiences is for, and that it isn't from the future.

use super::{
    Provider,
    claims::{Claims, cut},
    known::Metadata,
    refused::{Asked, Refused},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use daybook_domain::time::Timestamp;
use openidconnect::{
    ClaimsVerificationError, ClientId, ClientSecret, IssuerUrl, Nonce, SignatureVerificationError,
    core::{CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet, CoreJwsSigningAlgorithm as Algorithm},
};
use secrecy::ExposeSecret;
use serde::{Deserialize, de::DeserializeOwned};

/// Seconds by which clocks may differ.
pub(super) const SKEW: i64 = 60;
/// Signed with a key that only the provider has.
const BY_KEY: [(&str, Algorithm); 9] = [
    ("RS256", Algorithm::RsaSsaPkcs1V15Sha256),
    ("RS384", Algorithm::RsaSsaPkcs1V15Sha384),
    ("RS512", Algorithm::RsaSsaPkcs1V15Sha512),
    ("PS256", Algorithm::RsaSsaPssSha256),
    ("PS384", Algorithm::RsaSsaPssSha384),
    ("PS512", Algorithm::RsaSsaPssSha512),
    ("ES256", Algorithm::EcdsaP256Sha256),
    ("ES384", Algorithm::EcdsaP384Sha384),
    ("EdDSA", Algorithm::EdDsa),
];
/// With the client's secret: only where there is one, and the provider says that it does that.
const BY_SECRET: [(&str, Algorithm); 3] = [
    ("HS256", Algorithm::HmacSha256),
    ("HS384", Algorithm::HmacSha384),
    ("HS512", Algorithm::HmacSha512),
];

/// What a token has to fit.
#[derive(Clone, Copy)]
pub(super) struct Expected<'e> {
    pub provider: &'e Provider,
    pub says: &'e Metadata,
    pub nonce: &'e str,
    pub now: Timestamp,
}

/// A token of which nothing is believed yet.
pub(super) struct Unverified<'t> {
    text: &'t str,
    pub header: Header,
    pub claims: Claims,
}

#[derive(Debug, Deserialize)]
pub(super) struct Header {
    pub alg: String,
    pub kid: Option<String>,
}

impl<'t> Unverified<'t> {
    pub fn read(text: &'t str) -> Result<Self, Refused> {
        let mut parts = text.split('.');
        let (Some(header), Some(claims), Some(_), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(malformed("it is no signed ID token"));
        };
        Ok(Self {
            text,
            header: part(header)?,
            claims: part(claims)?,
        })
    }

    /// # Errors
    /// Why it doesn't hold: [`Refused::UnknownKey`] where other keys may tell.
    pub fn verify(&self, keys: &CoreJsonWebKeySet, expected: &Expected<'_>) -> Result<(), Refused> {
        let algorithms = expected.algorithms();
        if !algorithms.iter().any(|(name, _)| *name == self.header.alg) {
            return Err(Refused::Algorithm {
                alg: cut(&self.header.alg),
            });
        }
        let party = self.claims.get("azp").map(|party| party.as_str());
        let client = expected.provider.client_id.as_str();
        if party.is_some_and(|party| party != Some(client)) {
            return Err(Refused::WrongAudience);
        }
        // Others may be meant too where it says that it was made for us (OpenID Connect Core 1.0, 2: `azp`).
        let is_for_us = party.is_some();
        let skewed = expected.now.plus_seconds(-SKEW).to_datetime();
        let verifier = expected
            .verifier(keys)?
            .set_allowed_algs(algorithms.into_iter().map(|(_, algorithm)| algorithm))
            .set_other_audience_verifier_fn(move |_| is_for_us)
            .set_time_fn(move || skewed);
        let token: CoreIdToken = self
            .text
            .parse()
            .map_err(|_| malformed("the ID token isn't written as one"))?;
        let nonce = Nonce::new(expected.nonce.to_owned());
        token.claims(&verifier, &nonce).map_err(refused)?;
        self.is_valid_already(expected.now)
    }

    /// `nbf` (RFC 7519, 4.1.5), and `iat`, which can't lie ahead.
    fn is_valid_already(&self, now: Timestamp) -> Result<(), Refused> {
        #[expect(clippy::cast_precision_loss, reason = "seconds of the year 9999 are exact")]
        let latest = (now.plus_seconds(SKEW).micros() / 1_000_000) as f64;
        for name in ["nbf", "iat"] {
            let Some(at) = self.claims.get(name) else { continue };
            let at = at.as_f64().ok_or_else(|| malformed("a time isn't a number"))?;
            if at > latest {
                return Err(Refused::NotYetValid);
            }
        }
        Ok(())
    }
}

impl Expected<'_> {
    fn algorithms(&self) -> Vec<(&'static str, Algorithm)> {
        let offered = self.says.id_token_signing_alg_values_supported.as_deref();
        let offers = |name: &str| offered.is_some_and(|all| all.iter().any(|one| one == name));
        let has_secret = self.provider.client_secret.is_some();
        let by_secret = BY_SECRET
            .into_iter()
            .filter(|(name, _)| has_secret && offers(name));
        BY_KEY.into_iter().chain(by_secret).collect()
    }

    fn verifier(&self, keys: &CoreJsonWebKeySet) -> Result<CoreIdTokenVerifier<'static>, Refused> {
        let issuer = IssuerUrl::new(self.provider.issuer.clone()).map_err(|_| Refused::NotAnIssuer)?;
        let client = ClientId::new(self.provider.client_id.clone());
        Ok(match &self.provider.client_secret {
            Some(secret) => {
                let secret = ClientSecret::new(secret.expose_secret().to_owned());
                CoreIdTokenVerifier::new_confidential_client(client, secret, issuer, keys.clone())
            }
            None => CoreIdTokenVerifier::new_public_client(client, issuer, keys.clone()),
        })
    }
}

fn part<T: DeserializeOwned>(text: &str) -> Result<T, Refused> {
    let unreadable = || malformed("the ID token isn't written as one");
    let json = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| unreadable())?;
    serde_json::from_slice(&json).map_err(|_| unreadable())
}

pub(super) fn malformed(what: &str) -> Refused {
    Refused::Malformed {
        asked: Asked::Tokens,
        what: what.to_owned(),
    }
}

fn refused(why: ClaimsVerificationError) -> Refused {
    use SignatureVerificationError as Signature;
    match why {
        ClaimsVerificationError::Expired(_) => Refused::TokenExpired,
        ClaimsVerificationError::InvalidAudience(_) => Refused::WrongAudience,
        ClaimsVerificationError::InvalidIssuer(_) => Refused::WrongIssuer,
        ClaimsVerificationError::InvalidNonce(_) => Refused::WrongNonce,
        ClaimsVerificationError::SignatureVerification(
            Signature::NoMatchingKey | Signature::AmbiguousKeyId(_),
        ) => Refused::UnknownKey,
        ClaimsVerificationError::SignatureVerification(_) => Refused::BadSignature,
        _ => malformed("the ID token asks for what isn't known here"),
    }
}
