//! `daybook serve`.

use super::demo;
use crate::{
    Problem, Services,
    config::Config,
    http::{self, AppState},
};
use daybook_backend::recording;
use std::{
    io::{ErrorKind, Write},
    net::SocketAddr,
};
use tokio::net::TcpListener;

const VERSION: &str = env!("CARGO_PKG_VERSION");

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Fill an empty database with a demo workspace first
    #[arg(long)]
    demo: bool,
}

pub async fn run(config: &Config, args: Args) -> Result<(), Problem> {
    // First of all: nobody wants to wait for the demo only to hear that the port is taken.
    let listener = bind(config.listen).await?;
    let address = listener
        .local_addr()
        .map_err(|error| Problem::new(format!("The address can't be told: {error}.")))?;
    let services = Services::open(config).await?;
    let accounts = if args.demo {
        demo::fill_if_empty(&services).await?
    } else {
        None
    };
    recording::started(&services.accounts, &services.writer, VERSION).await?;
    services.retention.start();
    let state = AppState::new(services.clone(), config);
    state.warn_about_missing_site();
    announce(address, accounts.as_deref());
    http::run(state, listener).await;
    recording::stopped(&services.accounts, &services.writer, VERSION).await?;
    Ok(())
}

/// The line that scripts and tests wait for comes last.
fn announce(address: SocketAddr, accounts: Option<&str>) {
    let mut out = std::io::stdout().lock();
    // Nobody may be listening; the server runs all the same.
    let _closed = accounts
        .map_or(Ok(()), |accounts| writeln!(out, "{accounts}"))
        .and_then(|()| writeln!(out, "Daybook is at http://{address}"))
        .and_then(|()| out.flush());
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Problem> {
    TcpListener::bind(address).await.map_err(|error| {
        Problem::new(match error.kind() {
            ErrorKind::AddrInUse => format!(
                "{address} is in use by another program, perhaps by another Daybook. Stop that one, or choose \
                 another port with --listen."
            ),
            ErrorKind::PermissionDenied => {
                format!("This user may not listen on {address}. Choose a port above 1023 with --listen.")
            }
            ErrorKind::AddrNotAvailable => {
                format!("{address} is no address of this machine. Choose another with --listen.")
            }
            _ => format!("Daybook can't listen on {address}: {error}. Choose another address with --listen."),
        })
    })
}
