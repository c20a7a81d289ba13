//! Handing messages to a syslog server: by TLS (RFC 5425), TCP (RFC 6587) or UDP (RFC 5426).
//!
//! Syslog has no answer. What can be told is that a server takes the connection, proves its name, and lets everything be
//! sent: so much is asked here. By TLS and TCP all is written, the writing side is shut down and the server is listened to
//! until it closes too, so that one that breaks off is noticed. What is said of success remains less than "it is stored":
//!
//! - A server that stays silent may have everything in its buffers only, and lose it with them.
//! - One that reads and throws away looks like one that keeps.
//! - Of datagrams nothing is known at all, but where the machine says at once that nobody listens.
//!
//! After a failure some messages may have arrived: who sends them again sends some twice. They carry ids.

use crate::{
    delivery::{
        connect::{Dialer, To, bare},
        http::{under, untrusted},
    },
    error::chain,
};
use daybook_domain::delivery::{Failure, FailureKind};
use rustls::{
    ClientConfig,
    client::danger::ServerCertVerifier,
    crypto::{CryptoProvider, ring},
    pki_types::ServerName,
};
use rustls_platform_verifier::Verifier;
use std::{
    error::Error as StdError,
    io::{self, ErrorKind},
    pin::pin,
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufWriter, Interest, split},
    net::{TcpStream, UdpSocket},
    task::yield_now,
    time::{Instant, timeout_at},
};
use tokio_rustls::TlsConnector;

/// Ports that are sent to everywhere: syslog's, what it has by TCP, and what it has by TLS. To others only within the
/// networks that are named.
pub(crate) const PORTS: [u16; 3] = [514, 601, 6514];
/// The most that a datagram of IPv4 carries. Servers take less (RFC 5426, 3.2); how much is up to who makes the messages.
pub(crate) const DATAGRAM: usize = 65_507;
/// What is written at once.
const PIECE: usize = 64 * 1024;
/// How long a server's last word may be on its way after it has closed. That it didn't want what was sent after it closed
/// is said later than that it closed.
const SETTLE: Duration = Duration::from_millis(250);

/// How messages are carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Tls,
    Tcp,
    Udp,
}

/// Who takes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    pub host: String,
    pub port: u16,
    pub way: Way,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// From looking the name up until everything is sent.
    pub time: Duration,
    /// Of that, until there is a connection, and it is a trusted one.
    pub connect: Duration,
    /// For how long a server is listened to after everything is sent. It ends with `time` too.
    pub after: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(15),
            connect: Duration::from_secs(5),
            after: Duration::from_secs(2),
        }
    }
}

/// Sends messages. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Connector {
    dialer: Dialer,
    tls: Arc<ClientConfig>,
}

impl Connector {
    /// One that trusts whom the system trusts, as those who send by HTTP do. Reads the system's certificates.
    ///
    /// # Errors
    /// Where they can't be read.
    pub fn new(dialer: Dialer) -> Result<Self, rustls::Error> {
        let provider = Arc::new(ring::default_provider());
        let verifier = Arc::new(Verifier::new(Arc::clone(&provider))?);
        Self::of(dialer, provider, |versions| {
            versions
                .dangerous()
                .with_custom_certificate_verifier(verifier as Arc<dyn ServerCertVerifier>)
                .with_no_client_auth()
        })
    }

    /// One that trusts certificates of these authorities only.
    ///
    /// # Errors
    /// Where the provider of cryptography lacks what is needed.
    #[cfg(test)]
    pub fn trusting(dialer: Dialer, roots: rustls::RootCertStore) -> Result<Self, rustls::Error> {
        Self::of(dialer, Arc::new(ring::default_provider()), |versions| {
            versions.with_root_certificates(roots).with_no_client_auth()
        })
    }

    fn of(
        dialer: Dialer,
        provider: Arc<CryptoProvider>,
        trust: impl FnOnce(rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>) -> ClientConfig,
    ) -> Result<Self, rustls::Error> {
        let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        Ok(Self {
            dialer,
            tls: Arc::new(trust(versions)),
        })
    }

    /// Sends messages, in order. By TLS and TCP they are framed already; by UDP each is a datagram.
    ///
    /// # Errors
    /// Why they aren't all sent, or may not all have arrived.
    pub async fn send(&self, server: &Server, messages: &[Vec<u8>], limits: Limits) -> Result<(), Failure> {
        let begun = Instant::now();
        let time = Time {
            limits,
            connected: begun + limits.connect.min(limits.time),
            until: begun + limits.time,
        };
        let to = To {
            host: &server.host,
            port: server.port,
            ports: &PORTS,
        };
        match server.way {
            Way::Udp => {
                let socket = self.dialer.udp(to, time.connected).await?;
                datagrams(&socket, messages, &time).await
            }
            Way::Tcp => {
                let mut stream = self.dialer.tcp(to, time.connected).await?;
                match exchange(&mut stream, messages, &time).await? {
                    End::Closed => settle(&stream, &time).await,
                    End::Silent => Ok(()),
                }
            }
            Way::Tls => {
                let name = server_name(&server.host)?;
                let stream = self.dialer.tcp(to, time.connected).await?;
                let connector = TlsConnector::from(Arc::clone(&self.tls));
                let trusted = timeout_at(time.connected, connector.connect(name, stream)).await;
                let mut stream = trusted
                    .map_err(|_| {
                        Failure::new(FailureKind::Timeout, "There was no trusted connection in time.")
                    })?
                    .map_err(|error| not_trusted(&error))?;
                match exchange(&mut stream, messages, &time).await? {
                    End::Closed => settle(stream.get_ref().0, &time).await,
                    End::Silent => Ok(()),
                }
            }
        }
    }
}

/// What of an attempt ends when.
struct Time {
    limits: Limits,
    connected: Instant,
    until: Instant,
}

impl Time {
    /// When something ends that begins now.
    fn ending(&self, after: Duration) -> Instant {
        self.until.min(Instant::now() + after)
    }

    fn too_slow(&self) -> Failure {
        let seconds = self.limits.time.as_secs_f64();
        let detail = format!("The receiver didn't take everything within {seconds} seconds.");
        Failure::new(FailureKind::Timeout, detail)
    }
}

/// How a server takes that everything is sent.
enum End {
    Closed,
    /// For as long as it was listened to.
    Silent,
}

/// The name that the server has to prove.
fn server_name(host: &str) -> Result<ServerName<'static>, Failure> {
    // The dot at the end of a whole name is none of a certificate's.
    let name = bare(host).trim_end_matches('.').to_owned();
    ServerName::try_from(name).map_err(|_| {
        Failure::new(
            FailureKind::Blocked,
            "No certificate can be of a host of this name.",
        )
    })
}

/// Writes everything and listens to the end.
///
/// The server is listened to while it is written to: why it breaks off is said before, and it may close before it has
/// everything. One that has closed its side but goes on reading is none that is known of; it is taken for one that is gone.
async fn exchange<S>(stream: &mut S, messages: &[Vec<u8>], time: &Time) -> Result<End, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut heard, said) = split(stream);
    let mut ended = pin!(drain(&mut heard));
    let write = async {
        let mut said = BufWriter::with_capacity(PIECE, said);
        for message in messages {
            said.write_all(message).await?;
        }
        said.flush().await?;
        said.shutdown().await
    };
    let written = tokio::select! {
        biased;
        end = &mut ended => {
            return Err(end.map_or_else(|error| broken(&error), |()| closed_early()));
        }
        written = timeout_at(time.until, write) => written.map_err(|_| time.too_slow())?,
    };
    let end = timeout_at(time.ending(time.limits.after), &mut ended).await;
    match (written, end) {
        // Where both say something, what was heard says why.
        (_, Ok(Err(error))) | (Err(error), _) => Err(broken(&error)),
        (Ok(()), Ok(Ok(()))) => Ok(End::Closed),
        (Ok(()), Err(_)) => Ok(End::Silent),
    }
}

/// Reads to the end, keeping nothing.
async fn drain(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<()> {
    let mut thrown_away = [0; 1024];
    loop {
        match stream.read(&mut thrown_away).await {
            Ok(0) => return Ok(()),
            // Many close by TLS without saying so.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
            // One that talks without end mustn't keep its task from writing.
            Ok(_) => yield_now().await,
        }
    }
}

/// What a server that has closed says of what it was sent after. One that closed without having read it says so by a reset,
/// which comes after the end of what can be read.
async fn settle(stream: &TcpStream, time: &Time) -> Result<(), Failure> {
    let _either = timeout_at(time.ending(SETTLE), stream.ready(Interest::ERROR)).await;
    match stream.take_error() {
        Ok(None) => Ok(()),
        Ok(Some(error)) | Err(error) => Err(broken(&error)),
    }
}

/// Sends each message as a datagram, and listens shortly for the word that nobody takes them.
async fn datagrams(socket: &UdpSocket, messages: &[Vec<u8>], time: &Time) -> Result<(), Failure> {
    // Before any is sent: it would be sent again with the others, for ever.
    if let Some(message) = messages.iter().find(|message| message.len() > DATAGRAM) {
        let detail = format!(
            "Nothing was sent: a message of {} bytes is more than a datagram carries.",
            message.len()
        );
        return Err(Failure::new(FailureKind::NotSent, detail));
    }
    for message in messages {
        let sent = timeout_at(time.until, socket.send(message)).await;
        sent.map_err(|_| time.too_slow())?
            .map_err(|error| unheard(&error))?;
    }
    let until = time.ending(time.limits.after.min(SETTLE));
    let mut thrown_away = [0; 1];
    loop {
        match timeout_at(until, socket.recv(&mut thrown_away)).await {
            Err(_) => return Ok(()),
            Ok(Err(error)) if is_nobody(&error) => return Err(unheard(&error)),
            // Whatever it is: syslog has no answer.
            Ok(_) => {}
        }
    }
}

/// Whether it says of a datagram that was sent before that nobody took it. Windows has another word for it.
fn is_nobody(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset
    )
}

fn unheard(error: &io::Error) -> Failure {
    if is_nobody(error) {
        return Failure::new(FailureKind::Connect, "Nobody takes datagrams there.");
    }
    Failure::new(FailureKind::Broken, format!("A datagram wasn't sent: {error}."))
}

fn closed_early() -> Failure {
    let detail = "The receiver closed the connection before it had everything.";
    Failure::new(FailureKind::Broken, detail)
}

/// Why there is no trusted connection.
fn not_trusted(error: &io::Error) -> Failure {
    if let Some(tls) = tls_within(error) {
        return untrusted(tls);
    }
    match error.kind() {
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset => {
            let detail = "The receiver ended the connection before it was a trusted one.";
            Failure::new(FailureKind::Tls, detail)
        }
        _ => broken(error),
    }
}

/// What a connection's error means.
fn broken(error: &io::Error) -> Failure {
    // A server that wants a certificate of ours says so only after it seemed content.
    if let Some(tls) = tls_within(error) {
        return untrusted(tls);
    }
    let detail = format!("The connection broke: {}.", chain(error));
    Failure::new(FailureKind::Broken, detail)
}

fn tls_within(error: &io::Error) -> Option<&rustls::Error> {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(this) = cause {
        if let Some(tls) = this.downcast_ref() {
            return Some(tls);
        }
        cause = under(this);
    }
    None
}

#[cfg(test)]
mod tests;
