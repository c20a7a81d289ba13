//! The command line. One file per command; each opens what it needs and says in one sentence what stopped it.

mod demo;
mod logging;
mod serve;

use crate::{
    Problem,
    config::{Config, Settings},
    services,
};
use clap::{Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
