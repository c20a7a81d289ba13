//! `daybook demo`.
use crate::{Problem, Services, config::Config};

#[derive(Debug, clap::Args)]
pub struct Args {}

pub async fn run(_config: &Config, _args: Args) -> Result<(), Problem> {
    Ok(())
}

pub async fn fill_if_empty(_services: &Services) -> Result<Option<String>, Problem> {
    Ok(None)
}
