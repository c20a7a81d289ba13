//! The rotation of the key that secrets are sealed with: what an older one has sealed is sealed anew, so that the older
//! one can go.

use crate::{
    Result, accounts,
    delivery::sealed::Keyring,
    email, integrations,
    record::own_event,
    webhooks,
    writer::{WriteTx, Writer},
};
use daybook_domain::{catalogue::OwnType, event::Outcome, viewer::Viewer};
use serde_json::json;

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resealed {
    /// What was sealed anew.
    pub anew: u64,
    /// What the key that seals has sealed already.
    pub current: u64,
    /// What can't be opened, by its place, and why.
    pub unopened: Vec<(String, String)>,
}

impl Resealed {
    /// A secret as it is to be stored; `None` where it stays as it is.
    pub(crate) fn one(&mut self, keys: &Keyring, place: &str, sealed: &[u8]) -> Result<Option<Vec<u8>>> {
        if keys.is_current(sealed) {
            self.current += 1;
            return Ok(None);
        }
        match keys.kept(place, sealed) {
            Ok(open) => {
                self.anew += 1;
                Ok(Some(keys.keep(place, &open)?))
            }
            Err(why) => {
                self.unopened.push((place.to_owned(), why));
                Ok(None)
            }
        }
    }
}

/// Seals all secrets anew that weren't sealed with the key that seals now, and records it. What can't be opened stays.
///
/// # Errors
/// Where there is no key, or the database fails: everything is as it was then.
pub async fn reseal(writer: &Writer, who: Viewer, keys: &Keyring) -> Result<Resealed> {
    let keys = keys.clone();
    writer
        .change(move |tx| {
            Box::pin(async move {
                accounts::lock(tx, who.workspace()).await?;
                let mut resealed = Resealed::default();
                webhooks::reseal(tx, &who, &keys, &mut resealed).await?;
                integrations::reseal(tx, &who, &keys, &mut resealed).await?;
                email::reseal(tx, &who, &keys, &mut resealed).await?;
                accounts::reseal(tx, who.workspace(), &keys, &mut resealed).await?;
                told(tx, &who, &resealed);
                Ok(resealed)
            })
        })
        .await
}

fn told(tx: &mut WriteTx, who: &Viewer, resealed: &Resealed) {
    let mut event = own_event(OwnType::SecretsResealed, who, tx);
    event.summary = Some(format!("Sealed {} secrets with the current key", resealed.anew));
    event
        .metadata
        .insert("sealed_anew".to_owned(), json!(resealed.anew));
    event
        .metadata
        .insert("unopened".to_owned(), json!(resealed.unopened.len()));
    if !resealed.unopened.is_empty() {
        event.outcome = Outcome::Failure;
        event.reason = Some(format!("{} secrets can't be opened.", resealed.unopened.len()));
    }
    tx.record(who.workspace(), event);
}
