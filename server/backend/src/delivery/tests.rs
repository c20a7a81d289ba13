//! Against receivers that do what they please.

use super::{
    guard::Guard,
    http::{Attempted, KEPT, Limits, Outgoing, Sender},
};
use daybook_domain::delivery::FailureKind;
use reqwest::{Method, header::HeaderMap};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivateKeyDer},
};

/// How long attempts of tests may take that are to take too long.
const SHORT: Duration = Duration::from_millis(300);
/// The same, where some of the answer is to come before.
const LONGER: Duration = Duration::from_secs(2);

fn sender(time: Duration) -> Sender {
    let here = ["127.0.0.0/8", "::1/128"].map(|network| network.parse().unwrap());
    Sender::new(Guard::new(here), Limits { time, connect: time }).unwrap()
}

fn message(url: &str) -> Outgoing {
    let mut headers = HeaderMap::new();
    headers.insert("webhook-id", "msg_1".parse().unwrap());
    Outgoing {
        method: Method::POST,
        url: url.to_owned(),
        headers,
        body: r#"{"type":"role.updated"}"#.into(),
    }
}

/// Receives, says what it got, and does something with each connection.
async fn receiver<F>(answer: impl Fn(TcpStream) -> F + Send + 'static) -> (SocketAddr, mpsc::Receiver<String>)
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (got, received) = mpsc::channel(100);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = Vec::new();
            while !request.ends_with(br#"{"type":"role.updated"}"#) {
                if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                    break;
                }
            }
            got.send(String::from_utf8_lossy(&request).into_owned())
                .await
                .unwrap();
            tokio::spawn(answer(stream));
        }
    });
    (address, received)
}

/// One that writes something and holds the connection.
async fn writes(text: impl Into<Vec<u8>>) -> SocketAddr {
    let text = Arc::new(text.into());
    let (address, mut received) = receiver(move |mut stream| {
        let text = Arc::clone(&text);
        async move {
            let _sent = stream.write_all(&text).await;
            // Until the other side has enough.
            let _end = stream.read_u8().await;
        }
    })
    .await;
    tokio::spawn(async move { while received.recv().await.is_some() {} });
    address
}

async fn sent_to(address: SocketAddr, time: Duration) -> Attempted {
    sender(time)
        .send(message(&format!("http://{address}/hook?a=1")))
        .await
}

async fn answered(text: impl Into<Vec<u8>>) -> Attempted {
    sent_to(writes(text).await, Limits::default().time).await
}

fn kind(attempted: &Attempted) -> Option<FailureKind> {
    attempted.failure.as_ref().map(|failure| failure.kind)
}

fn detail(attempted: &Attempted) -> &str {
    &attempted.failure.as_ref().unwrap().detail
}

#[tokio::test]
async fn what_is_sent_arrives_and_the_answer_is_kept() {
    let (address, mut received) = receiver(async |mut stream| {
        let answer = "HTTP/1.1 202 Accepted\r\nx-seen: yes\r\ncontent-length: 4\r\n\r\ngood";
        stream.write_all(answer.as_bytes()).await.unwrap();
    })
    .await;
    let attempted = sent_to(address, Limits::default().time).await;
    assert_eq!(attempted.failure, None);
    let answer = attempted.answer.unwrap();
    assert_eq!(
        (answer.status, &answer.body[..], answer.is_cut),
        (202, &b"good"[..], false)
    );
    assert_eq!(answer.headers["x-seen"], "yes");
    let request = received.recv().await.unwrap().to_lowercase();
    for part in [
        "post /hook?a=1 http/1.1\r\n",
        "webhook-id: msg_1\r\n",
        "user-agent: daybook/",
        "content-length: 23\r\n",
    ] {
        assert!(request.contains(part), "{part} isn't in {request}");
    }
}

#[tokio::test]
async fn an_answer_that_says_no_is_a_failure_with_its_answer() {
    let attempted = answered("HTTP/1.1 500 Oh\r\ncontent-length: 3\r\n\r\nbad").await;
    assert_eq!(kind(&attempted), Some(FailureKind::Status));
    assert_eq!(
        detail(&attempted),
        "The receiver answered 500 (Internal Server Error)."
    );
    assert_eq!(&attempted.answer.unwrap().body[..], b"bad");
    let attempted = answered("HTTP/1.1 429 Slow\r\nretry-after: 120\r\ncontent-length: 0\r\n\r\n").await;
    assert_eq!(kind(&attempted), Some(FailureKind::Status));
    let answer = attempted.answer.unwrap();
    assert_eq!(answer.retry_after(0), Some(Duration::from_mins(2)));
}

/// Who says no hasn't to say it well.
#[tokio::test]
async fn a_refusal_with_a_body_that_breaks_is_a_refusal() {
    for text in [
        "HTTP/1.1 410 Gone\r\ncontent-length: 2147483648\r\n\r\nmany",
        "HTTP/1.1 503 Busy\r\ncontent-length: 100\r\n\r\ndrip",
    ] {
        let attempted = sent_to(writes(text).await, LONGER).await;
        assert_eq!(kind(&attempted), Some(FailureKind::Status), "{attempted:?}");
        assert!(attempted.answer.unwrap().is_cut);
    }
}

/// What a message says of itself doesn't change how it is carried.
#[tokio::test]
async fn headers_of_the_connection_are_not_the_messages() {
    let (address, mut received) = receiver(async |mut stream| {
        let filler = "y".repeat(5000);
        let answer =
            format!("HTTP/1.1 200 OK\r\nx-one: {filler}\r\nx-two: {filler}\r\nretry-after: 7\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.unwrap();
    })
    .await;
    let mut message = message(&format!("http://{address}/"));
    for (name, value) in [
        ("host", "other.example"),
        ("content-length", "5"),
        ("x-own", "kept"),
    ] {
        message.headers.insert(name, value.parse().unwrap());
    }
    let attempted = sender(Limits::default().time).send(message).await;
    let request = received.recv().await.unwrap().to_lowercase();
    assert!(request.contains(&format!("host: {address}\r\n")), "{request}");
    assert!(request.contains("content-length: 23\r\n") && request.contains("x-own: kept\r\n"));
    // Of the answer's, the first are kept, and when to come again.
    let headers = attempted.answer.unwrap().headers;
    assert!(headers.contains_key("x-one") && !headers.contains_key("x-two"));
    assert_eq!(headers["retry-after"], "7");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = writes("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let redirect =
        format!("HTTP/1.1 302 Found\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n");
    let attempted = answered(redirect).await;
    assert_eq!(kind(&attempted), Some(FailureKind::Status));
    assert!(detail(&attempted).contains("redirects are not followed"));
}

#[tokio::test]
async fn whoever_does_not_answer_in_time_is_left() {
    let attempted = sent_to(writes("").await, SHORT).await;
    assert_eq!(kind(&attempted), Some(FailureKind::Timeout));
    assert_eq!(attempted.answer, None);
    assert!(attempted.took >= SHORT);
    // What there is of an answer is kept.
    let address = writes("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\ndrip").await;
    let attempted = sent_to(address, LONGER).await;
    assert_eq!(kind(&attempted), Some(FailureKind::Timeout));
    let answer = attempted.answer.unwrap();
    assert_eq!(
        (answer.status, &answer.body[..], answer.is_cut),
        (200, &b"drip"[..], true)
    );
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let attempted = answered("HTTP/1.1 200 OK\r\ncontent-length: 2147483648\r\n\r\nmany").await;
    assert_eq!(kind(&attempted), Some(FailureKind::TooLarge));
    let (address, _received) = receiver(async |mut stream| {
        let _sent = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while stream.write_all(&[b'x'; 8 * 1024]).await.is_ok() {}
    })
    .await;
    let attempted = sent_to(address, Limits::default().time).await;
    assert_eq!(kind(&attempted), Some(FailureKind::TooLarge));
    assert_eq!(attempted.answer.unwrap().body.len(), KEPT);
    // Some of one that isn't too large is left away.
    let long = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: 20000\r\n\r\n{}",
        "y".repeat(20_000)
    );
    let attempted = answered(long).await;
    assert_eq!(attempted.failure, None);
    let answer = attempted.answer.unwrap();
    assert_eq!((answer.body.len(), answer.is_cut), (KEPT, true));
}

#[tokio::test]
async fn what_is_not_http_is_a_broken_connection() {
    assert_eq!(
        kind(&answered("SSH-2.0-OpenSSH_9.2\r\n").await),
        Some(FailureKind::Broken)
    );
    let (address, _received) = receiver(async |stream| drop(stream)).await;
    let attempted = sent_to(address, Limits::default().time).await;
    assert_eq!(kind(&attempted), Some(FailureKind::Broken));
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly";
    let (address, _received) = receiver(move |mut stream| async move {
        stream.write_all(cut.as_bytes()).await.unwrap();
    })
    .await;
    let attempted = sent_to(address, Limits::default().time).await;
    assert_eq!(kind(&attempted), Some(FailureKind::Broken));
    assert_eq!(&attempted.answer.unwrap().body[..], b"only");
}

#[tokio::test]
async fn where_nobody_listens_there_is_no_connection() {
    let attempted = sent_to(([127, 0, 0, 1], 1).into(), Limits::default().time).await;
    assert_eq!(kind(&attempted), Some(FailureKind::Connect), "{attempted:?}");
    assert!(
        !detail(&attempted).contains("/hook"),
        "the address may hold secrets"
    );
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    // Its construction installs the provider.
    let sender = sender(Limits::default().time);
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _refused = acceptor.accept(stream).await;
        }
    });
    let attempted = sender.send(message(&format!("https://localhost:{port}/"))).await;
    assert_eq!(kind(&attempted), Some(FailureKind::Tls), "{attempted:?}");
    // Nor is one without TLS taken for one with it.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _sent = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let attempted = sender.send(message(&format!("https://{address}/"))).await;
    assert_eq!(kind(&attempted), Some(FailureKind::Tls), "{attempted:?}");
}

#[tokio::test]
async fn nothing_is_sent_into_the_own_network() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let guarded = Sender::new(Guard::default(), Limits::default()).unwrap();
    for url in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://localhost:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("http://0x7f.1:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        "http://localhost/".to_owned(),
        "http://[::1]/".to_owned(),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "https://10.0.0.1/".to_owned(),
        "http://1.1.1.1:25/".to_owned(),
        "ftp://1.1.1.1/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "not an address".to_owned(),
        "https://user:password@1.1.1.1/".to_owned(),
    ] {
        let attempted = guarded.send(message(&url)).await;
        assert_eq!(
            kind(&attempted),
            Some(FailureKind::Blocked),
            "{url} {attempted:?}"
        );
    }
    assert!(
        tokio::time::timeout(Duration::ZERO, listener.accept())
            .await
            .is_err()
    );
}

/// What isn't to cross others stays within the networks that are named, also where the port is everybody's.
#[tokio::test]
async fn some_is_sent_only_within_named_networks() {
    let address = writes("HTTP/1.1 204 No Content\r\n\r\n").await;
    let near = sender(Limits::default().time).within_named_networks();
    for host in ["127.0.0.1", "localhost"] {
        let url = format!("http://{host}:{}/", address.port());
        assert_eq!(near.send(message(&url)).await.failure, None, "{host}");
    }
    for url in ["http://1.1.1.1/", "http://1.1.1.1:8080/", "http://10.0.0.1/"] {
        let attempted = near.send(message(url)).await;
        assert_eq!(
            kind(&attempted),
            Some(FailureKind::Blocked),
            "{url} {attempted:?}"
        );
    }
}

#[tokio::test]
async fn a_name_that_nobody_has_is_told_apart() {
    let attempted = sender(Duration::from_mins(1))
        .send(message("https://nobody.invalid/"))
        .await;
    assert_eq!(kind(&attempted), Some(FailureKind::Dns), "{attempted:?}");
}
