//! What must be kept and not be read by who reads the database: AES-256 in Galois/counter mode (NIST SP 800-38D), with a
//! key from the configuration.
//!
//! Sealed bytes are bound to the place they are kept at: moved to another row they can't be opened. Several keys may be
//! known: the first seals, all open, so that a key can be replaced while what it sealed is still there.

use aes_gcm::{
    Aes256Gcm, Nonce,
    aead::{Aead, KeyInit, Payload},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use rand::TryRng;
use secrecy::{ExposeSecret, SecretBox, SecretSlice, SecretString, zeroize::Zeroizing};
use sha2::{Digest, Sha256};
use std::{fmt, sync::Arc};

/// The first byte of what is sealed: of this form.
const FORM: u8 = 1;
/// Bytes that tell keys apart.
const KEY_ID: usize = 4;
const NONCE: usize = 12;
const KEY: usize = 32;

/// A key as the configuration has it: 32 bytes in base64.
#[derive(Clone)]
struct SealingKey {
    id: [u8; KEY_ID],
    key: Arc<SecretBox<[u8; KEY]>>,
}

/// The keys that are known. Cheap to clone.
#[derive(Clone)]
pub struct Keyring {
    /// `None` where there is no key at all: nothing is sealed or opened then.
    current: Option<SealingKey>,
    others: Arc<[SealingKey]>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self.keys().map(|key| hex::encode(key.id)).collect();
        f.debug_tuple("Keyring").field(&ids).finish()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Unsealed {
    #[error("the system has no random numbers")]
    Random(#[from] rand::rngs::SysError),
    #[error(
        "there is no key to seal secrets with: give one as secret_keys, or let Daybook write into its data folder"
    )]
    NoKey,
    #[error("it is too long")]
    TooLong,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unopened {
    /// The key it was sealed with isn't known.
    #[error("it was sealed with the key {0}, which is not among those configured")]
    OtherKey(String),
    /// Damaged, or of another place.
    #[error("it is damaged, or was sealed for another place")]
    Damaged,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key is 32 bytes in base64")]
pub struct NotAKey;

impl Keyring {
    /// The first seals, all open.
    ///
    /// # Errors
    /// Where one isn't a key.
    pub fn new<'k>(first: &str, others: impl IntoIterator<Item = &'k str>) -> Result<Self, NotAKey> {
        Ok(Self {
            current: Some(SealingKey::parse(first)?),
            others: others
                .into_iter()
                .map(SealingKey::parse)
                .collect::<Result<_, _>>()?,
        })
    }

    /// Without any key.
    pub fn absent() -> Self {
        Self {
            current: None,
            others: Arc::default(),
        }
    }

    /// A key that nobody can guess, as the configuration has it.
    ///
    /// # Errors
    /// Where the system has no random numbers.
    pub fn new_key() -> Result<SecretString, Unsealed> {
        let mut key = Zeroizing::new([0; KEY]);
        rand::rngs::SysRng.try_fill_bytes(&mut *key)?;
        Ok(STANDARD.encode(*key).into())
    }

    fn keys(&self) -> impl Iterator<Item = &SealingKey> {
        self.current.iter().chain(self.others.iter())
    }

    /// Whether there is a key to seal with.
    pub fn can_seal(&self) -> bool {
        self.current.is_some()
    }

    /// Seals something for its place, such as a table and a key in it.
    ///
    /// # Errors
    /// Why it can't be.
    pub fn seal(&self, place: &str, open: &[u8]) -> Result<Vec<u8>, Unsealed> {
        let mut nonce = [0; NONCE];
        rand::rngs::SysRng.try_fill_bytes(&mut nonce)?;
        let payload = Payload {
            msg: open,
            aad: place.as_bytes(),
        };
        let current = self.current.as_ref().ok_or(Unsealed::NoKey)?;
        let sealed = current.cipher().encrypt(&Nonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| Unsealed::TooLong)?;
        Ok([&[FORM][..], &current.id, &nonce, &sealed].concat())
    }

    /// Opens what was sealed for the place.
    ///
    /// # Errors
    /// Why it can't be.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<SecretSlice<u8>, Unopened> {
        let (form, rest) = sealed.split_first().ok_or(Unopened::Damaged)?;
        let (id, rest) = rest.split_first_chunk::<KEY_ID>().ok_or(Unopened::Damaged)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or(Unopened::Damaged)?;
        if *form != FORM {
            return Err(Unopened::Damaged);
        }
        let key = self.keys().find(|key| key.id == *id);
        let key = key.ok_or_else(|| Unopened::OtherKey(hex::encode(id)))?;
        let payload = Payload {
            msg: rest,
            aad: place.as_bytes(),
        };
        let open = key.cipher().decrypt(&Nonce::from(*nonce), payload);
        open.map(SecretSlice::from).map_err(|_| Unopened::Damaged)
    }

    /// Seals a text that somebody wants to be kept.
    ///
    /// # Errors
    /// `Conflict` where there is no key.
    pub(crate) fn keep(&self, place: &str, text: &SecretString) -> crate::Result<Vec<u8>> {
        self.seal(place, text.expose_secret().as_bytes())
            .map_err(|error| match error {
                Unsealed::NoKey => {
                    daybook_domain::Error::conflict(format!("Nothing can be kept sealed: {error}.")).into()
                }
                other => crate::Error::damaged(other),
            })
    }

    /// Opens a text that was kept.
    ///
    /// # Errors
    /// Why it can't be, as a sentence within another.
    pub(crate) fn kept(&self, place: &str, sealed: &[u8]) -> Result<SecretString, String> {
        let open = self.open(place, sealed).map_err(|error| error.to_string())?;
        let text = std::str::from_utf8(open.expose_secret()).map_err(|error| error.to_string())?;
        Ok(SecretString::from(text))
    }

    /// Whether it was sealed with the key that seals now.
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        let current = self.current.as_ref().map(|key| key.id.as_slice());
        current.is_some() && sealed.get(1..=KEY_ID) == current
    }
}

impl SealingKey {
    fn parse(text: &str) -> Result<Self, NotAKey> {
        let bytes = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| NotAKey)?);
        let mut key = Box::new([0; KEY]);
        if bytes.len() != KEY {
            return Err(NotAKey);
        }
        key.copy_from_slice(&bytes);
        let digest = Sha256::new()
            .chain_update(b"daybook sealing key")
            .chain_update(&*bytes)
            .finalize();
        let mut id = [0; KEY_ID];
        id.copy_from_slice(&digest[..KEY_ID]);
        Ok(Self {
            id,
            key: Arc::new(SecretBox::new(key)),
        })
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(self.key.expose_secret().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(byte: u8) -> String {
        STANDARD.encode([byte; KEY])
    }

    #[test]
    fn what_was_sealed_is_opened_at_its_place_and_nowhere_else() {
        let keys = Keyring::new(&key(1), []).unwrap();
        let sealed = keys.seal("webhook_secret/1", b"whsec_x").unwrap();
        let open = |place| {
            keys.open(place, &sealed)
                .map(|open| open.expose_secret().to_vec())
        };
        assert_eq!(open("webhook_secret/1"), Ok(b"whsec_x".to_vec()));
        assert_eq!(open("webhook_secret/2"), Err(Unopened::Damaged));
        let again = keys.seal("webhook_secret/1", b"whsec_x").unwrap();
        assert_ne!(sealed, again, "nobody sees that two are the same");
        assert!(!sealed.windows(7).any(|bytes| bytes == b"whsec_x"));
    }

    #[test]
    fn a_key_can_be_replaced() {
        let before = Keyring::new(&key(1), []).unwrap();
        let both = Keyring::new(&key(2), [key(1).as_str()]).unwrap();
        let after = Keyring::new(&key(2), []).unwrap();
        let old = before.seal("here", b"secret").unwrap();
        assert!(before.is_current(&old) && !both.is_current(&old));
        let open = both.open("here", &old).unwrap();
        let new = both.seal("here", open.expose_secret()).unwrap();
        assert!(both.is_current(&new));
        assert_eq!(after.open("here", &new).unwrap().expose_secret(), b"secret");
        let refused = after.open("here", &old).unwrap_err();
        assert!(matches!(refused, Unopened::OtherKey(_)), "{refused}");
        assert!(!format!("{both:?}").contains(&key(1)));
    }

    #[test]
    fn a_key_has_32_bytes() {
        for wrong in ["", "short", &STANDARD.encode([1; 31]), &STANDARD.encode([1; 33])] {
            assert_eq!(Keyring::new(wrong, []).unwrap_err(), NotAKey);
        }
        assert!(Keyring::new(&format!("{}\n", key(1)), []).is_ok());
    }

    proptest! {
        #[test]
        fn damage_is_noticed(open in prop::collection::vec(any::<u8>(), 0..80), at in any::<prop::sample::Index>(), bit in 0_u32..8) {
            let keys = Keyring::new(&key(1), []).unwrap();
            let mut sealed = keys.seal("here", &open).unwrap();
            let at = at.index(sealed.len());
            sealed[at] ^= 1_u8 << bit;
            prop_assert!(keys.open("here", &sealed).is_err());
            prop_assert!(keys.open("here", &sealed[..at]).is_err());
        }
    }
}
