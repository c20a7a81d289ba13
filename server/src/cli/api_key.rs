//! `daybook api-key`: keys for programs, without the portal.

use super::{COMMAND_LINE, workspace};
use crate::{Problem, Services, config::Config};
use daybook_domain::{
    account::{ApiKey, Scope},
    id::ApiKeyId,
    permission::ManageApiKeys,
    ports::ApiKeys,
};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Make a key and print it, once
    Create {
        /// What it is for; events that don't name their source are filed under it
        name: String,
        /// What it may do; repeat for several
        #[arg(long, value_name = "SCOPE", default_value = "events:write", value_parser = scope)]
        scope: Vec<Scope>,
    },
    /// List the keys
    List,
    /// Make a key stop working
    Revoke {
        /// As `list` shows it
        id: ApiKeyId,
    },
}

fn scope(text: &str) -> Result<Scope, String> {
    Scope::from_name(text).ok_or_else(|| {
        let names: Vec<_> = Scope::ALL.iter().map(|scope| scope.name()).collect();
        format!("“{text}” is not one of {}", names.join(", "))
    })
}

pub async fn run(config: &Config, command: Command) -> Result<(), Problem> {
    let services = Services::open(config).await?;
    let workspace = workspace(&services).await?;
    let accounts = &services.accounts;
    let granted = accounts
        .system_viewer(&workspace, COMMAND_LINE)
        .grant(ManageApiKeys)?;
    match command {
        Command::Create { name, scope } => {
            let made = accounts.create_api_key(&granted, &name, scope).await?;
            // The key alone on standard output, for scripts.
            println!("{}", made.secret.reveal());
            eprintln!(
                "This is the only time the key is shown. Its id is {}.",
                made.thing.id
            );
        }
        Command::List => {
            let mut keys = accounts.list_api_keys(&granted).await?;
            keys.sort_by_key(|key| key.created.utc);
            for key in keys {
                println!("{}", line(&key));
            }
        }
        Command::Revoke { id } => {
            let key = accounts.revoke_api_key(&granted, id).await?;
            println!("Revoked the key “{}” ({}…).", key.name, key.prefix);
        }
    }
    Ok(())
}

fn line(key: &ApiKey) -> String {
    let scopes: Vec<_> = key.scopes.iter().map(|scope| scope.name()).collect();
    let state = if key.revoked.is_some() {
        "revoked"
    } else {
        "active"
    };
    format!(
        "{}  {}…  {state}  {}  {}",
        key.id,
        key.prefix,
        scopes.join(","),
        key.name
    )
}
