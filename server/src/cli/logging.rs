//! The log, on standard error: standard output belongs to what a command was asked for.

use crate::{
    Problem,
    config::{Config, LogFormat},
};
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// tower-sessions calls every outdated cookie suspicious; a migration is news only where it fails.
const QUIET: &str = "tower_sessions=error,tower_sessions_core=error,sea_orm_migration=warn";

/// Starts logging as configured.
///
/// # Errors
/// Where the filter can't be understood.
pub fn start(config: &Config) -> Result<(), Problem> {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", config.log)).map_err(|error| {
        Problem::new(format!(
            "The log filter “{}” can't be understood: {error}. Examples: info, warn,daybook_backend=debug.",
            config.log
        ))
    })?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    // Fails only where a log was started before, as in tests.
    let _started = match config.log_format {
        LogFormat::Text => subscriber.try_init(),
        LogFormat::Json => subscriber.json().try_init(),
    };
    Ok(())
}
