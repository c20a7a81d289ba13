//! What reaches out of the process: the keys that secrets are sealed with, what sends, and where it is reached itself.

use crate::{
    Problem,
    config::{Config, Network},
};
use daybook_backend::{
    delivery::{
        guard::Guard,
        http::{Limits, Sender},
        sealed::Keyring,
    },
    integrations::Surroundings,
    monitoring::Places,
};
use secrecy::{ExposeSecret, SecretString};
use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    path::Path,
};

/// The file in the data folder with the key, where none is configured.
const KEY_FILE: &str = "secret.key";

/// See the module.
#[derive(Debug, Clone)]
pub struct Outside {
    pub keys: Keyring,
    pub sender: Sender,
    pub surroundings: Surroundings,
    /// Where addresses are, where there is a database that says so.
    pub places: Option<Places>,
    /// Where Daybook is reached, as browsers write it in `Origin`.
    pub address: Option<String>,
}

impl Outside {
    /// Makes a key in the data folder where there is none and none is configured.
    ///
    /// # Errors
    /// With the remedy.
    pub fn of(config: &Config) -> Result<Self, Problem> {
        // Elsewhere a folder that isn't there may be a disk that isn't.
        if config.archive_dir.starts_with(&config.data_dir) {
            crate::services::make_folder(&config.archive_dir)?;
        }
        Self::with(config, keys(config)?)
    }

    /// With keys that are known.
    ///
    /// # Errors
    /// Where the system has no certificates, and where the MaxMind database can't be read.
    pub fn with(config: &Config, keys: Keyring) -> Result<Self, Problem> {
        let untrusting = |error: &dyn std::fmt::Display| {
            Problem::new(format!(
                "Nothing can be sent by TLS: {error}. Check that the system's certificates are installed."
            ))
        };
        let guard = Guard::new(config.delivery_networks.iter().map(Network::net));
        let sender = Sender::new(guard.clone(), Limits::default()).map_err(|error| untrusting(&error))?;
        let url = config.public_url.as_ref();
        let surroundings = Surroundings::new(
            sender.clone(),
            guard,
            config.archive_dir.clone(),
            url.map_or_else(String::new, |url| url.host().to_owned()),
            url.map(|url| url.origin().to_owned()),
        );
        let places = config.geo_database.as_deref().map(Places::open).transpose()?;
        Ok(Self {
            keys,
            places,
            sender,
            surroundings: surroundings.map_err(|error| untrusting(&error))?,
            address: url.map(|url| url.origin().to_owned()),
        })
    }
}

fn keys(config: &Config) -> Result<Keyring, Problem> {
    let wrong = |place: &str| {
        let place = place.to_owned();
        move |error| {
            Problem::new(format!(
                "{place} can't be used: {error}. Make one with `openssl rand -base64 32`."
            ))
        }
    };
    let path = config.data_dir.join(KEY_FILE);
    let mut given = config.secret_keys.iter().map(ExposeSecret::expose_secret);
    if let Some(first) = given.next() {
        // What was sealed before keys were given can still be opened.
        let before = fs::read_to_string(&path).ok();
        let others = given.chain(before.as_deref());
        return Keyring::new(first, others).map_err(wrong("A key of secret_keys"));
    }
    let key = match kept_key(&path) {
        Ok(key) => key,
        // Only what is kept sealed needs one.
        Err(problem) => {
            tracing::warn!("{problem}");
            return Ok(Keyring::absent());
        }
    };
    Keyring::new(key.expose_secret(), []).map_err(wrong(&path.display().to_string()))
}

/// The key of a file, which is made where it isn't there.
fn kept_key(path: &Path) -> Result<SecretString, Problem> {
    let failed = |error: std::io::Error| {
        Problem::new(format!(
            "The key file {} can't be read or made: {error}. Check the folder's permissions, or give secret_keys.",
            path.display()
        ))
    };
    match fs::read_to_string(path) {
        Ok(key) => return Ok(key.into()),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    if let Some(folder) = path.parent() {
        crate::services::make_folder(folder)?;
    }
    let key = Keyring::new_key().map_err(|error| Problem::new(format!("No key can be made: {error}.")))?;
    // Written whole under another name first: a process that ends halfway leaves no half key.
    let draft = path.with_extension(format!("{:016x}.new", rand::random::<u64>()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // Whoever has it can read the secrets of the database.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&draft).and_then(|mut file| {
        writeln!(file, "{}", key.expose_secret())?;
        file.sync_all()
    });
    written.map_err(failed)?;
    // Of two processes that begin together, the first one's counts.
    let kept = match fs::hard_link(&draft, path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(failed(error)),
        _ => fs::read_to_string(path).map_err(failed),
    };
    let _draft = fs::remove_file(&draft);
    Ok(kept?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_is_nobody_elses() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data").join(KEY_FILE);
        let key = kept_key(&path).unwrap();
        assert_eq!(
            kept_key(&path).unwrap().expose_secret(),
            format!("{}\n", key.expose_secret().trim())
        );
        assert!(Keyring::new(key.expose_secret(), []).is_ok());
        assert_eq!(
            fs::read_dir(path.parent().unwrap()).unwrap().count(),
            1,
            "no draft stays"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
