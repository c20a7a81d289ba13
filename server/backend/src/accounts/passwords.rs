//! Passwords: what is strong enough, and Argon2id, in a pool that is never wider than the machine has cores. Hashing
//! is meant to be slow; without a bound a few hundred tries at once would take the machine down.

use super::Accounts;
use crate::{Error, Result};
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::{Error as HashError, phc::PasswordHash},
};
use secrecy::{ExposeSecret, SecretString};
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

/// OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

const LONGEST: usize = 256;
/// Characters that must remain where everything known about its owner is taken out.
const LEAST_OF_ITS_OWN: usize = 8;

/// How long somebody waits for a core before being told to come back.
const PATIENCE: Duration = Duration::from_secs(10);

/// Random bytes in the place of a hash, with the parameters above: what the password of somebody unknown is compared
/// with, so that the answer takes as long as for somebody known.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$Vi2ZfZw14Gr4yOeb1uVXjQ$fVl1FJlmiIG6jXqGcyXCAvv4oS7lYtZCZbW6Vb3Dn5g";

impl Accounts {
    /// Checks a password somebody chose, by the policy as it is now, and hashes it. `about` is what belongs to them.
    pub(crate) async fn hash_password(
        &self,
        field: &'static str,
        password: SecretString,
        about: Vec<String>,
    ) -> Result<String> {
        let shortest = self.policy().await?.password_length;
        self.0.passwords.hash(field, password, shortest, about).await
    }

    /// Whether it is the password of that hash. Takes the same time without a hash, and is then false.
    pub(crate) async fn is_password(&self, password: SecretString, hash: Option<String>) -> Result<bool> {
        self.0.passwords.verify(password, hash).await
    }
}

/// The pool.
#[derive(Debug)]
pub(super) struct Passwords {
    permits: Arc<Semaphore>,
    #[cfg(test)]
    checked: std::sync::atomic::AtomicUsize,
}

impl Passwords {
    pub(super) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            permits: Arc::new(Semaphore::new(cores)),
            #[cfg(test)]
            checked: std::sync::atomic::AtomicUsize::new(0),
        }
    }

    /// Checks a password somebody chose and hashes it. It has `shortest` characters or more; `about` is what belongs to
    /// them and is guessed first.
    async fn hash(
        &self,
        field: &'static str,
        password: SecretString,
        shortest: u32,
        about: Vec<String>,
    ) -> Result<String> {
        check_length(field, &password, shortest)?;
        self.run(move || {
            check_strength(field, &password, &about)?;
            let hash = argon2()?
                .hash_password(password.expose_secret().as_bytes())
                .map_err(Error::damaged)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether it is the password of that hash. Takes the same time without a hash, and is then false.
    pub(super) async fn verify(&self, password: SecretString, hash: Option<String>) -> Result<bool> {
        #[cfg(test)]
        self.checked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        self.run(move || {
            let stored = PasswordHash::new(hash.as_deref().unwrap_or(NOBODY)).map_err(Error::damaged)?;
            match argon2()?.verify_password(password.expose_secret().as_bytes(), &stored) {
                Ok(()) => Ok(hash.is_some()),
                Err(HashError::PasswordInvalid) => Ok(false),
                Err(error) => Err(Error::damaged(error)),
            }
        })
        .await
    }

    /// Nobody's password is hashed as long as this is held.
    #[cfg(test)]
    pub(super) async fn hold(&self) -> tokio::sync::OwnedSemaphorePermit {
        let all = u32::try_from(self.permits.available_permits()).unwrap();
        Arc::clone(&self.permits).acquire_many_owned(all).await.unwrap()
    }

    /// How many passwords were, or are about to be, compared with a hash.
    #[cfg(test)]
    pub(super) fn checked(&self) -> usize {
        self.checked.load(std::sync::atomic::Ordering::SeqCst)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let permit = tokio::time::timeout(PATIENCE, Arc::clone(&self.permits).acquire_owned())
            .await
            .map_err(|_| daybook_domain::Error::TooManyRequests {
                retry_after_seconds: 5,
            })?
            .map_err(|_| Error::Stopping)?;
        // The permit goes along: a caller that goes away doesn't stop the work, and must not make room for more.
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        })
        .await
        .map_err(Error::damaged)?
    }
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Error::damaged)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn check_length(field: &'static str, password: &SecretString, shortest: u32) -> Result<()> {
    let length = password.expose_secret().chars().take(LONGEST + 1).count();
    let reason = if u32::try_from(length).is_ok_and(|length| length < shortest) {
        format!("A password needs at least {shortest} characters.")
    } else if length > LONGEST {
        format!("A password has at most {LONGEST} characters.")
    } else {
        return Ok(());
    };
    Err(daybook_domain::Error::invalid(field, reason).into())
}

fn check_strength(field: &'static str, password: &SecretString, about: &[String]) -> Result<()> {
    let password = password.expose_secret();
    let words: Vec<&str> = about
        .iter()
        .flat_map(|text| std::iter::once(text.as_str()).chain(text.split(|c: char| !c.is_alphanumeric())))
        .filter(|word| !word.is_empty())
        .chain(["daybook"])
        .collect();
    let refuse = |why: &str| {
        let reason = format!("This password is too easy to guess. {why}");
        Err(daybook_domain::Error::invalid(field, reason.trim_end()).into())
    };
    let estimate = zxcvbn(password, &words);
    if estimate.score() < Score::Three {
        return refuse(&estimate.feedback().map(ToString::to_string).unwrap_or_default());
    }
    // zxcvbn thinks that several words in a row are good, whosever they are.
    if left_without(password, words) < LEAST_OF_ITS_OWN {
        return refuse("It is little more than your name, your email address or the name of this place.");
    }
    Ok(())
}

/// How many characters are left where these words are taken out.
fn left_without(password: &str, mut words: Vec<&str>) -> usize {
    words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    let mut left = password.to_lowercase();
    for word in words.iter().filter(|word| word.chars().count() >= 3) {
        left = left.replace(&word.to_lowercase(), "");
    }
    left.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use daybook_domain::Error as Told;

    const GOOD: &str = "brass lantern over quiet water";

    async fn refusal(password: &str, about: &[&str]) -> Told {
        let about = about.iter().map(ToString::to_string).collect();
        match Passwords::new()
            .hash("password", SecretString::from(password), 12, about)
            .await
        {
            Err(Error::Domain(error)) => error,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_password_is_hashed_as_owasp_says_and_found_right_again() {
        let pool = Passwords::new();
        let hash = pool.hash("password", GOOD.into(), 12, vec![]).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(
            hash,
            pool.hash("password", GOOD.into(), 12, vec![]).await.unwrap()
        );
        assert!(pool.verify(GOOD.into(), Some(hash.clone())).await.unwrap());
        assert!(
            !pool
                .verify("brass lantern over quiet Water".into(), Some(hash))
                .await
                .unwrap()
        );
        assert!(!pool.verify(GOOD.into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn the_hash_of_nobody_costs_what_a_real_one_costs() {
        let real = Passwords::new()
            .hash("password", GOOD.into(), 12, vec![])
            .await
            .unwrap();
        let (real, nobody) = (
            PasswordHash::new(&real).unwrap(),
            PasswordHash::new(NOBODY).unwrap(),
        );
        assert_eq!(
            (&nobody.algorithm, &nobody.version, &nobody.params),
            (&real.algorithm, &real.version, &real.params)
        );
        let lengths = |hash: &PasswordHash| (hash.salt.unwrap().as_ref().len(), hash.hash.unwrap().len());
        assert_eq!(lengths(&nobody), lengths(&real));
    }

    #[tokio::test]
    async fn weak_passwords_are_refused_with_a_reason() {
        let reason = |error| match error {
            Told::Invalid { field, reason } => {
                assert_eq!(field, "password");
                reason
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(
            reason(refusal("short", &[]).await),
            "A password needs at least 12 characters."
        );
        assert_eq!(
            reason(refusal(&"ä".repeat(257), &[]).await),
            "A password has at most 256 characters."
        );
        for (weak, about) in [
            ("password12345", [].as_slice()),
            ("aaaaaaaaaaaaaaaa", &[]),
            ("mara.okafor1", &["Mara Okafor", "mara.okafor@northdesk.example"]),
            ("Daybookdaybook1", &[]),
            (
                "Mara-Okafor-Northdesk-26",
                &["Mara Okafor", "mara.okafor@northdesk.example"],
            ),
        ] {
            let told = reason(refusal(weak, about).await);
            assert!(
                told.starts_with("This password is too easy to guess."),
                "{weak}: {told}"
            );
            assert!(!told.contains(weak));
        }
    }
}
