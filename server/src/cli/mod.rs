//! The command line. One file per command; each opens what it needs and says in one sentence what stopped it.

mod api_key;
mod check_drift;
mod demo;
mod import;
mod logging;
mod progress;
mod reseal_secrets;
mod serve;
mod user;

use crate::{
    Problem, Services,
    config::{Config, Settings},
    services,
};
use clap::{Parser, Subcommand};
use daybook_backend::accounts::Workspace;
use std::{path::PathBuf, process::ExitCode};

/// Who did it, in the log, where a command did.
const COMMAND_LINE: &str = "Command line";

/// Daybook: the audit log a support team's administrators trust.
#[derive(Debug, Parser)]
#[command(name = "daybook", version, arg_required_else_help = true)]
struct Cli {
    /// Configuration file [default: daybook.toml in this folder, where there is one]
    #[arg(long, env = "DAYBOOK_CONFIG", global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the portal and the API
    Serve(serve::Args),
    /// Bring the database up to date and stop
    Migrate,
    /// Fill an empty database with a demo workspace
    Demo(demo::Args),
    /// Store events from files
    Import(import::Args),
    /// Look for companies, boards, … that aren't what the log says they are
    CheckDrift,
    /// Make, list and revoke keys for programs
    #[command(subcommand)]
    ApiKey(api_key::Command),
    /// Make users and reset passwords
    #[command(subcommand)]
    User(user::Command),
    /// Seal all secrets with the first of the configured keys, so that the others can go
    ResealSecrets,
    /// Print the settings in force, without secrets
    Config,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("daybook: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), Problem> {
    let config = Config::load(cli.settings, cli.config.as_deref())?;
    if matches!(cli.command, Command::Config) {
        print!("{}", config.to_toml()?);
        return Ok(());
    }
    logging::start(&config)?;
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Problem::new(format!("Daybook can't start its threads: {error}.")))?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve(args) => serve::run(&config, args).await,
            Command::Migrate => migrate(&config).await,
            Command::Demo(args) => demo::run(&config, args).await,
            Command::Import(args) => import::run(&config, args).await,
            Command::CheckDrift => check_drift::run(&config).await,
            Command::ApiKey(command) => api_key::run(&config, command).await,
            Command::User(command) => user::run(&config, command).await,
            Command::ResealSecrets => reseal_secrets::run(&config).await,
            Command::Config => Ok(()),
        }
    })
}

async fn migrate(config: &Config) -> Result<(), Problem> {
    let db = services::open_database(config).await?;
    db.migrate().await?;
    println!("The database is up to date.");
    Ok(())
}

/// The workspace that commands work in.
async fn workspace(services: &Services) -> Result<Workspace, Problem> {
    services.accounts.workspace().await?.ok_or_else(|| {
        Problem::new(
            "There is no workspace yet. Start `daybook serve` and open /setup in a browser, or fill a demo one with \
             `daybook demo`.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
