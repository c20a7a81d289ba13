//! `daybook reseal-secrets`: after another key has come to stand first in `secret_keys`.

use super::{COMMAND_LINE, workspace};
use crate::{Problem, Services, config::Config};
use daybook_backend::secrets::reseal;

pub async fn run(config: &Config) -> Result<(), Problem> {
    let services = Services::open(config).await?;
    let workspace = workspace(&services).await?;
    let who = services.accounts.system_viewer(&workspace, COMMAND_LINE);
    let resealed = reseal(&services.writer, who, &services.keys).await?;
    eprintln!(
        "Sealed {} secrets with the current key; {} were already.",
        resealed.anew, resealed.current
    );
    for (place, why) in &resealed.unopened {
        eprintln!("{place} can't be opened: {why}.");
    }
    if resealed.unopened.is_empty() {
        return Ok(());
    }
    Err(Problem::new(
        "Some secrets can't be opened. Give the key they were sealed with as a further one of secret_keys, or set them again.",
    ))
}
