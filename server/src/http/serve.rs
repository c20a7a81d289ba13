//! The life of the server: listening, housekeeping, an orderly end.

use super::{AppState, router};
use axum::{
    Router,
    extract::{ConnectInfo, Request},
    serve::Listener,
};
use daybook_backend::error::chain;
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use std::time::Duration;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time,
};
use tower::ServiceExt;

/// How long requests may go on after we were asked to stop.
const GRACE: Duration = Duration::from_secs(30);
/// How long a connection may be without a whole request head: the first, or the next. Longer than the 60 s for which
/// proxies keep a connection, so that they are the ones to close it and never send into a closed one.
const HEAD: Duration = Duration::from_secs(65);
const HOUSEKEEPING: Duration = Duration::from_mins(15);

/// Serves until the process is asked to stop; then answers what has been asked and comes back once it is stored.
pub async fn run(state: AppState, listener: TcpListener) {
    let housekeeping = tokio::spawn(housekeeping(state.clone()));
    let webhooks = tokio::spawn(state.services().webhooks.clone().run(state.stopping()));
    let integrations = tokio::spawn(state.services().integrations.clone().run(state.stopping()));
    let monitoring = tokio::spawn(state.services().monitoring.clone().run(state.stopping()));
    let emails = tokio::spawn(state.services().emails.clone().run(state.stopping()));
    let reports = tokio::spawn(state.services().reports.clone().run(state.stopping()));
    let analytics = tokio::spawn(state.services().analytics.clone().run(state.stopping()));
    let (asked, stopping) = (state.clone(), state.stopping());
    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("stopping: answering what has been asked");
        asked.stop();
        asked_to_stop().await;
        tracing::warn!("stopping at once");
        std::process::exit(130);
    });
    let open = accept(listener, router(state.clone()), stopping).await;
    if time::timeout(GRACE, open.shutdown()).await.is_err() {
        tracing::warn!("some requests didn't end in time and were cut off");
    }
    housekeeping.abort();
    let workers = [
        ("reports", reports),
        ("monitoring", monitoring),
        ("analytics", analytics),
        ("webhooks", webhooks),
        ("integrations", integrations),
        ("emails", emails),
    ];
    for (what, worker) in workers {
        if let Err(error) = worker.await {
            tracing::error!(%error, what, "a worker broke off");
        }
    }
    state.services().drain().await;
}

/// Takes connections until `stopping` is true; gives back those that are open then.
///
/// As `axum::serve`, which has no limit for how long a client may take to say what it wants. HTTP/1.1 only: HTTP/2
/// needs TLS for browsers, and that is the proxy's.
async fn accept(
    mut listener: TcpListener,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) -> GracefulShutdown {
    let mut connections = http1::Builder::new();
    connections.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let open = GracefulShutdown::new();
    loop {
        let (stream, peer) = tokio::select! {
            // axum's: it waits a little where there are too many open files.
            accepted = Listener::accept(&mut listener) => accepted,
            _ = stopping.wait_for(|stop| *stop) => return open,
        };
        no_delay(&stream);
        let service = router.clone().map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            request
        });
        let service = TowerToHyperService::new(service);
        let connection = open.watch(connections.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%peer, error = %chain(&error), "a connection ended early");
            }
        });
    }
}

/// An answer of several small writes must not wait for the client's acknowledgements.
fn no_delay(stream: &TcpStream) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY");
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use std::net::SocketAddr;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    struct Server {
        address: SocketAddr,
        stop: watch::Sender<bool>,
        accepting: tokio::task::JoinHandle<GracefulShutdown>,
    }

    async fn server() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopping) = watch::channel(false);
        let who = get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() });
        let accepting = tokio::spawn(accept(listener, Router::new().route("/", who), stopping));
        Server {
            address,
            stop,
            accepting,
        }
    }

    async fn read_to_end(stream: &mut TcpStream) -> String {
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        text
    }

    // The clock stands still and jumps ahead whenever nobody has anything to do.
    #[tokio::test(start_paused = true)]
    async fn who_never_says_what_it_wants_is_cut_off() {
        let server = server().await;
        let begin = time::Instant::now();
        for beginning in ["", "GET / HTTP/1.1\r\nhost: a"] {
            let mut slow = TcpStream::connect(server.address).await.unwrap();
            slow.write_all(beginning.as_bytes()).await.unwrap();
            assert_eq!(read_to_end(&mut slow).await, "", "{beginning:?}");
        }
        assert!(begin.elapsed() >= HEAD);
    }

    #[tokio::test]
    async fn the_service_learns_the_address_of_its_client() {
        let server = server().await;
        let mut client = TcpStream::connect(server.address).await.unwrap();
        let request = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        client.write_all(request.as_bytes()).await.unwrap();
        let peer = client.local_addr().unwrap().to_string();
        assert!(read_to_end(&mut client).await.ends_with(&peer));
    }

    #[tokio::test]
    async fn open_connections_without_a_request_don_t_hold_up_the_end() {
        let server = server().await;
        let mut idle = TcpStream::connect(server.address).await.unwrap();
        idle.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            .await
            .unwrap();
        let mut first = [0];
        idle.read_exact(&mut first).await.unwrap();
        server.stop.send(true).unwrap();
        server.accepting.await.unwrap().shutdown().await;
        assert!(TcpStream::connect(server.address).await.is_err());
    }
}
