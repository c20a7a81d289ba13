//! Against servers that do what they please.

use super::*;
use crate::delivery::guard::Guard;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{RootCertStore, ServerConfig, pki_types::PrivateKeyDer, server::WebPkiClientVerifier};
use std::net::SocketAddr;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// Attempts of tests that are to take too long, and how long a silent server is listened to.
const SHORT: Duration = Duration::from_millis(300);

fn limits() -> Limits {
    Limits {
        after: SHORT,
        ..Limits::default()
    }
}

fn short() -> Limits {
    Limits {
        time: SHORT,
        ..limits()
    }
}

fn here() -> Dialer {
    let here = ["127.0.0.0/8", "::1/128"].map(|network| network.parse().unwrap());
    Dialer::new(Guard::new(here))
}

fn connector() -> Connector {
    Connector::trusting(here(), RootCertStore::empty()).unwrap()
}

fn server(address: SocketAddr, way: Way) -> Server {
    Server {
        host: address.ip().to_string(),
        port: address.port(),
        way,
    }
}

/// One that does something with its first connection.
async fn one<F, T>(does: impl FnOnce(TcpStream) -> F + Send + 'static) -> (SocketAddr, JoinHandle<T>)
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let done = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        does(stream).await
    });
    (address, done)
}

async fn to_the_end(mut stream: impl AsyncRead + Unpin) -> Vec<u8> {
    let mut got = Vec::new();
    stream.read_to_end(&mut got).await.unwrap();
    got
}

fn frames() -> Vec<Vec<u8>> {
    (0..1000)
        .map(|n| format!("<110>1 - - daybook - - - event {n}"))
        .map(|message| format!("{} {message}", message.len()).into_bytes())
        .collect()
}

/// More than lies in between.
fn many() -> Vec<Vec<u8>> {
    vec![vec![b'x'; 1024 * 1024]; 32]
}

fn kind(sent: &Result<(), Failure>) -> Option<FailureKind> {
    sent.as_ref().err().map(|failure| failure.kind)
}

#[tokio::test]
async fn frames_arrive_in_order() {
    let (address, got) = one(to_the_end).await;
    let sent = connector()
        .send(&server(address, Way::Tcp), &frames(), limits())
        .await;
    assert_eq!(sent, Ok(()));
    assert_eq!(got.await.unwrap(), frames().concat());
}

#[tokio::test]
async fn all_of_much_arrives() {
    let (address, got) = one(to_the_end).await;
    let sent = connector()
        .send(&server(address, Way::Tcp), &many(), Limits::default())
        .await;
    assert_eq!(sent, Ok(()));
    assert_eq!(got.await.unwrap().len(), 32 * 1024 * 1024);
}

#[tokio::test]
async fn one_that_breaks_off_is_noticed() {
    // Amid everything.
    let (address, _done) = one(async |mut stream| drop(stream.read_u8().await)).await;
    let sent = connector()
        .send(&server(address, Way::Tcp), &many(), limits())
        .await;
    assert_eq!(kind(&sent), Some(FailureKind::Broken), "{sent:?}");
    // After everything lies in its buffers: one that closes without reading resets.
    let (address, _done) = one(async |stream| stream.peek(&mut [0]).await).await;
    let sent = connector()
        .send(&server(address, Way::Tcp), &frames(), limits())
        .await;
    assert_eq!(kind(&sent), Some(FailureKind::Broken), "{sent:?}");
    // Before anything.
    let (address, _done) = one(async |stream| drop(stream)).await;
    let sent = connector()
        .send(&server(address, Way::Tcp), &many(), limits())
        .await;
    assert_eq!(kind(&sent), Some(FailureKind::Broken), "{sent:?}");
}

/// The end of what can be read comes before the word that what was sent after it isn't wanted.
#[tokio::test]
async fn one_that_closed_before_it_had_anything_is_noticed_late() {
    let (address, closed) = one(async |stream| drop(stream)).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    closed.await.unwrap();
    assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
    stream.write_all(b"too late").await.unwrap();
    let time = Time {
        limits: limits(),
        connected: Instant::now(),
        until: Instant::now() + limits().time,
    };
    let settled = settle(&stream, &time).await;
    assert_eq!(kind(&settled), Some(FailureKind::Broken), "{settled:?}");
}

#[tokio::test]
async fn one_that_does_not_read_is_left() {
    let held = |stream| async { (stream, std::future::pending::<()>().await) };
    let (address, held_open) = one(held).await;
    let begun = Instant::now();
    let sent = connector()
        .send(&server(address, Way::Tcp), &many(), short())
        .await;
    assert_eq!(kind(&sent), Some(FailureKind::Timeout), "{sent:?}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    held_open.abort();
    // What fits into its buffers is all that can be known.
    let (address, held_open) = one(held).await;
    let sent = connector()
        .send(&server(address, Way::Tcp), &frames(), limits())
        .await;
    assert_eq!(sent, Ok(()));
    held_open.abort();
}

/// Nor is one listened to for ever.
#[tokio::test]
async fn one_that_talks_is_not_listened_to() {
    let (address, talking) = one(async |stream: TcpStream| {
        let (mut heard, mut said) = stream.into_split();
        let heard = tokio::spawn(async move { to_the_end(&mut heard).await });
        while said.write_all(&[b'x'; 1024]).await.is_ok() {}
        heard.await.unwrap()
    })
    .await;
    let sent = connector()
        .send(&server(address, Way::Tcp), &frames(), limits())
        .await;
    assert_eq!(sent, Ok(()));
    assert_eq!(talking.await.unwrap(), frames().concat());
}

#[tokio::test]
async fn nobody_and_whoever_may_not_be_sent_to() {
    let to = |host: &str, port, way| Server {
        host: host.to_owned(),
        port,
        way,
    };
    for way in [Way::Tcp, Way::Tls] {
        let sent = connector()
            .send(&to("127.0.0.1", 1, way), &frames(), limits())
            .await;
        assert_eq!(kind(&sent), Some(FailureKind::Connect), "{sent:?}");
    }
    let guarded = Connector::trusting(Dialer::new(Guard::default()), RootCertStore::empty()).unwrap();
    for way in [Way::Tcp, Way::Tls, Way::Udp] {
        let sent = connector()
            .send(&to("nobody.invalid", 514, way), &frames(), limits())
            .await;
        assert_eq!(kind(&sent), Some(FailureKind::Dns), "{sent:?}");
        for (host, port) in [
            ("127.0.0.1", 514),
            ("localhost", 6514),
            ("1.1.1.1", 443),
            ("1.1.1.1", 53),
        ] {
            let sent = guarded.send(&to(host, port, way), &frames(), limits()).await;
            assert_eq!(kind(&sent), Some(FailureKind::Blocked), "{host}:{port} {sent:?}");
        }
    }
    let sent = connector()
        .send(&to("no name", 6514, Way::Tls), &frames(), limits())
        .await;
    assert_eq!(kind(&sent), Some(FailureKind::Blocked), "{sent:?}");
}

/// An authority, and what it says of whom until when.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    roots: RootCertStore,
}

impl Authority {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let mut roots = RootCertStore::empty();
        roots
            .add(params.self_signed(&key).unwrap().der().clone())
            .unwrap();
        Self {
            issuer: Issuer::new(params, key),
            roots,
        }
    }

    fn connector(&self) -> Connector {
        Connector::trusting(here(), self.roots.clone()).unwrap()
    }

    /// A server of a name. `asks` for certificates of this authority too.
    fn acceptor(&self, name: &str, year: i32, asks: bool) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_after = date_time_ymd(year, 1, 1);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let provider = Arc::new(ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = if asks {
            let roots = Arc::new(self.roots.clone());
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider).build();
            builder.with_client_cert_verifier(verifier.unwrap())
        } else {
            builder.with_no_client_auth()
        };
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let config = builder
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// The year until which certificates of tests hold.
const HOLDS: i32 = 4000;

/// A server by TLS that does something with its first connection.
async fn trusted<F, T>(
    acceptor: TlsAcceptor,
    does: impl FnOnce(TlsStream<TcpStream>) -> F + Send + 'static,
) -> (SocketAddr, JoinHandle<Option<T>>)
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    one(async move |stream| Some(does(acceptor.accept(stream).await.ok()?).await)).await
}

#[tokio::test]
async fn frames_arrive_by_tls() {
    let authority = Authority::new("ours");
    for host in ["localhost", "127.0.0.1"] {
        let (address, got) = trusted(authority.acceptor(host, HOLDS, false), |mut stream| async move {
            let mut got = Vec::new();
            stream.read_to_end(&mut got).await.unwrap();
            stream.shutdown().await.unwrap();
            got
        })
        .await;
        let server = Server {
            host: host.to_owned(),
            port: address.port(),
            way: Way::Tls,
        };
        let sent = authority.connector().send(&server, &frames(), limits()).await;
        assert_eq!(sent, Ok(()), "{host}");
        assert_eq!(got.await.unwrap().unwrap(), frames().concat());
    }
    // Many close without a word.
    let (address, got) = trusted(authority.acceptor("127.0.0.1", HOLDS, false), to_the_end).await;
    let sent = authority
        .connector()
        .send(&server(address, Way::Tls), &many(), Limits::default())
        .await;
    assert_eq!(sent, Ok(()));
    assert_eq!(got.await.unwrap().unwrap().len(), 32 * 1024 * 1024);
}

#[tokio::test]
async fn only_who_proves_the_name_is_sent_to() {
    let (authority, other) = (Authority::new("ours"), Authority::new("another"));
    for (acceptor, why) in [
        (
            authority.acceptor("other.example", HOLDS, false),
            "not valid for name",
        ),
        (authority.acceptor("127.0.0.1", 2020, false), "expired"),
        (other.acceptor("127.0.0.1", HOLDS, false), "UnknownIssuer"),
    ] {
        let (address, got) = trusted(acceptor, to_the_end).await;
        let sent = authority
            .connector()
            .send(&server(address, Way::Tls), &frames(), limits())
            .await;
        assert_eq!(kind(&sent), Some(FailureKind::Tls), "{sent:?}");
        let detail = sent.unwrap_err().detail;
        assert!(detail.contains(why), "{why}: {detail}");
        assert_eq!(got.await.unwrap(), None);
    }
}

/// The system's authorities know nothing of one that a test makes.
#[tokio::test]
async fn the_systems_authorities_are_trusted() {
    // Where there are none, nobody is.
    let Ok(connector) = Connector::new(here()) else {
        return;
    };
    let authority = Authority::new("ours");
    let (address, _got) = trusted(authority.acceptor("127.0.0.1", HOLDS, false), to_the_end).await;
    let sent = connector
        .send(&server(address, Way::Tls), &frames(), limits())
        .await;
    assert_eq!(kind(&sent), Some(FailureKind::Tls), "{sent:?}");
}

#[tokio::test]
async fn who_does_not_speak_tls_is_not_sent_to() {
    let authority = Authority::new("ours");
    let to = |address| server(address, Way::Tls);
    // Speaks something else, ends, and says nothing at all.
    let (address, _done) = one(async |mut stream| stream.write_all(b"220 mail ESMTP\r\n").await).await;
    let sent = authority
        .connector()
        .send(&to(address), &frames(), limits())
        .await;
    assert_eq!(kind(&sent), Some(FailureKind::Tls), "{sent:?}");
    let (address, _done) = one(async |stream| drop(stream)).await;
    let sent = authority
        .connector()
        .send(&to(address), &frames(), limits())
        .await;
    assert_eq!(kind(&sent), Some(FailureKind::Tls), "{sent:?}");
    let (address, held) = one(async |stream| (stream, std::future::pending::<()>().await)).await;
    let sent = authority.connector().send(&to(address), &frames(), short()).await;
    assert_eq!(kind(&sent), Some(FailureKind::Timeout), "{sent:?}");
    held.abort();
}

/// By TLS 1.3 it says so only after the client takes the connection for good.
#[tokio::test]
async fn a_server_that_wants_a_certificate_of_ours_is_a_failure() {
    let authority = Authority::new("ours");
    for messages in [frames(), many()] {
        let acceptor = authority.acceptor("127.0.0.1", HOLDS, true);
        let (address, _done) = trusted(acceptor, to_the_end).await;
        let sent = authority
            .connector()
            .send(&server(address, Way::Tls), &messages, limits())
            .await;
        let kind = kind(&sent).unwrap();
        // Much may be on its way when it says so, and the reset for it overtakes what is said.
        assert!(
            kind == FailureKind::Tls || messages.len() == 32 && kind == FailureKind::Broken,
            "{sent:?}"
        );
    }
}

#[tokio::test]
async fn one_that_breaks_off_by_tls_is_noticed() {
    let authority = Authority::new("ours");
    let acceptor = || authority.acceptor("127.0.0.1", HOLDS, false);
    for messages in [frames(), many()] {
        let breaks_off = |mut stream: TlsStream<TcpStream>| async move {
            stream.read_u8().await.unwrap();
            // What it still has unread is what it resets for.
            stream.get_ref().0.set_zero_linger().unwrap();
        };
        let (address, _done) = trusted(acceptor(), breaks_off).await;
        let sent = authority
            .connector()
            .send(&server(address, Way::Tls), &messages, limits())
            .await;
        assert_eq!(kind(&sent), Some(FailureKind::Broken), "{sent:?}");
    }
    let held = |stream| async { (stream, std::future::pending::<()>().await) };
    let (address, held_open) = trusted(acceptor(), held).await;
    let begun = Instant::now();
    let sent = authority
        .connector()
        .send(&server(address, Way::Tls), &many(), short())
        .await;
    assert_eq!(kind(&sent), Some(FailureKind::Timeout), "{sent:?}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    held_open.abort();
}

#[tokio::test]
async fn messages_are_datagrams() {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    let largest = vec![b'x'; DATAGRAM];
    let messages = vec![b"<110>1 one".to_vec(), b"<110>1 two".to_vec(), largest];
    let sent = connector()
        .send(&server(address, Way::Udp), &messages, limits())
        .await;
    assert_eq!(sent, Ok(()));
    for message in messages {
        let mut got = vec![0; DATAGRAM + 1];
        let length = socket.recv(&mut got).await.unwrap();
        assert!(got[..length] == message, "{length} bytes");
    }
    // None goes out where one can't.
    let too_large = vec![b"<110>1 one".to_vec(), vec![b'x'; DATAGRAM + 1]];
    let sent = connector()
        .send(&server(address, Way::Udp), &too_large, limits())
        .await;
    assert_eq!(kind(&sent), Some(FailureKind::NotSent), "{sent:?}");
    assert!(socket.try_recv(&mut [0]).is_err());
}

#[tokio::test]
async fn that_nobody_takes_datagrams_is_noticed_where_it_is_said() {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    drop(socket);
    for messages in [frames(), vec![b"<110>1 one".to_vec()]] {
        let sent = connector()
            .send(&server(address, Way::Udp), &messages, limits())
            .await;
        assert_eq!(kind(&sent), Some(FailureKind::Connect), "{sent:?}");
    }
}
