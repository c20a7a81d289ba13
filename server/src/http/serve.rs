//! The life of the server: listening, housekeeping, an orderly end.

use super::{AppState, router};
use axum::serve::ListenerExt;
use daybook_backend::error::chain;
use std::{io, net::SocketAddr, time::Duration};
use tokio::{net::TcpListener, sync::watch, time};

/// How long requests may go on after we were asked to stop.
const GRACE: Duration = Duration::from_secs(30);
const HOUSEKEEPING: Duration = Duration::from_mins(15);

/// Serves until the process is asked to stop; then answers what has been asked and comes back once it is stored.
///
/// # Errors
/// Where listening fails.
pub async fn run(state: AppState, listener: TcpListener) -> io::Result<()> {
    let housekeeping = tokio::spawn(housekeeping(state.clone()));
    let (stop, mut stopping) = watch::channel(false);
    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("stopping: answering what has been asked");
        // Nobody may be waiting any more.
        let _ended = stop.send(true);
        asked_to_stop().await;
        tracing::warn!("stopping at once");
        std::process::exit(130);
    });
    let mut signal = stopping.clone();
    // An answer of several small writes must not wait for the client's acknowledgements.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY");
        }
    });
    let service = router(state.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let serve = axum::serve(listener, service).with_graceful_shutdown(async move {
        let _gone = signal.wait_for(|stop| *stop).await;
    });
    let overdue = async {
        let _gone = stopping.wait_for(|stop| *stop).await;
        time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = async { serve.await } => ended?,
        () = overdue => tracing::warn!("some requests didn't end in time and were cut off"),
    }
    housekeeping.abort();
    state.services().drain().await;
    Ok(())
}

async fn housekeeping(state: AppState) {
    let mut rounds = time::interval(HOUSEKEEPING);
    rounds.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        match state.services().accounts.delete_expired_sessions().await {
            Ok(0) => {}
            Ok(count) => tracing::debug!(count, "removed expired sessions"),
            Err(error) => tracing::warn!(error = %chain(&error), "expired sessions stay for now"),
        }
    }
}

/// Ctrl-C, or SIGTERM from a service manager.
async fn asked_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _unsupported = tokio::signal::ctrl_c().await;
}
