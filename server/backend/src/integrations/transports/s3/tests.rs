//! Against signatures of others, and a store that makes its own.

use super::*;
use crate::delivery::{
    guard::Guard,
    http::{Attempted, Limits, Sender},
};
use daybook_domain::delivery::FailureKind;
use ring::{digest, hmac};
use std::collections::BTreeMap;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn store(endpoint: &str) -> Store {
    Store {
        endpoint: endpoint.to_owned(),
        region: "eu-central-1".to_owned(),
        bucket: "archive".to_owned(),
        path_style: false,
        key_id: "AKIDEXAMPLE".to_owned(),
        secret: SECRET.into(),
    }
}

fn in_the_path(endpoint: &str) -> Store {
    Store {
        path_style: true,
        ..store(endpoint)
    }
}

fn at() -> Timestamp {
    "2026-11-30T23:59:59.5Z".parse().unwrap()
}

fn url(store: &Store, key: &str) -> String {
    put(store, key, Bytes::new(), at()).unwrap().url
}

fn signature(sent: &Outgoing) -> &str {
    let authorization = sent.headers[AUTHORIZATION].to_str().unwrap();
    authorization.rsplit_once("Signature=").unwrap().1
}

/// Signed by botocore 1.44.8 with the same headers at the same time.
#[test]
fn what_is_signed_is_what_others_sign() {
    let amazon = store("https://s3.eu-central-1.amazonaws.com");
    let sent = put(&amazon, "2026/11/30/records.jsonl.gz", "packed".into(), at()).unwrap();
    assert_eq!(sent.method, Method::PUT);
    assert_eq!(
        sent.url,
        "https://archive.s3.eu-central-1.amazonaws.com/2026/11/30/records.jsonl.gz"
    );
    assert_eq!(sent.headers["content-md5"], "9Z3NMG7DKTDx54odgigLSA==");
    assert_eq!(sent.headers["content-type"], "application/gzip");
    assert_eq!(
        sent.headers["x-amz-content-sha256"],
        "88cb8a087b6e8cebfc9ae5602f5a2159a6bcf923e7f2c56809bcda6cad1727a7"
    );
    assert_eq!(sent.headers["x-amz-date"], "20261130T235959Z");
    assert_eq!(
        sent.headers[AUTHORIZATION],
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261130/eu-central-1/s3/aws4_request, \
         SignedHeaders=content-md5;content-type;host;x-amz-content-sha256;x-amz-date, \
         Signature=4d296d7bcaccd78ed6ec5fdd8b8badb16bea558fb0a89954228a35fd045df0b6"
    );
    // An address with a port and a path, a bucket that is no host's name, and a key to be encoded.
    let own = Store {
        bucket: "My_Archive".to_owned(),
        ..in_the_path("http://[::1]:9000/store/")
    };
    let sent = put(&own, "a b/ä+$'(*)%.gz", Bytes::new(), at()).unwrap();
    assert_eq!(
        sent.url,
        "http://[::1]:9000/store/My_Archive/a%20b/%C3%A4%2B%24%27%28%2A%29%25.gz"
    );
    assert_eq!(
        signature(&sent),
        "ce3b4bedff1080be38508e06ab298b5d09c03374ddbee1138de7dac75ef5e8e7"
    );
}

#[test]
fn the_bucket_is_in_the_host_or_in_the_path() {
    assert_eq!(
        url(&store("https://s3.example"), "a"),
        "https://archive.s3.example/a"
    );
    assert_eq!(
        url(&store(" https://S3.example:443/ "), "a"),
        "https://archive.s3.example/a"
    );
    assert_eq!(
        url(&store("http://s3.example:9000"), "a/~b"),
        "http://archive.s3.example:9000/a/~b"
    );
    assert_eq!(
        url(&in_the_path("https://s3.example"), "a"),
        "https://s3.example/archive/a"
    );
    assert_eq!(
        url(&in_the_path("http://10.0.0.1:9000"), "?#\\%2e"),
        "http://10.0.0.1:9000/archive/%3F%23%5C%252e"
    );
}

#[test]
fn what_can_not_be_is_said() {
    let mut odd = Vec::new();
    for endpoint in [
        "",
        "s3.example",
        "ftp://s3.example",
        "https://",
        "https://user:password@s3.example",
        "https://s3.example/?list",
        "https://s3.example/#top",
        "https://s3.example/ä",
        "https://10.0.0.1",
        "https://[::1]:9000",
    ] {
        odd.push(store(endpoint));
    }
    for bucket in ["", ".", "..", "a/b", "A", "a_b", "-a", "a..b", "ä"] {
        odd.push(Store {
            bucket: bucket.to_owned(),
            ..store("https://s3.example")
        });
    }
    for bucket in ["", "..", "a/b", "a?b"] {
        odd.push(Store {
            bucket: bucket.to_owned(),
            ..in_the_path("https://s3.example")
        });
    }
    for (region, key_id, secret) in [
        ("", "id", "secret"),
        ("a/b", "id", "secret"),
        ("eu", "", "secret"),
        ("eu", "i d", "secret"),
        ("eu", "i\nd", "secret"),
        ("eu", "id", ""),
    ] {
        odd.push(Store {
            region: region.to_owned(),
            key_id: key_id.to_owned(),
            secret: secret.into(),
            ..store("https://s3.example")
        });
    }
    for store in odd {
        let told = put(&store, "a", Bytes::new(), at()).unwrap_err();
        assert_eq!(store.check(), Err(told.clone()));
        assert!(told.ends_with('.') && !told.contains(SECRET), "{store:?}: {told}");
        assert!(!format!("{store:?}").contains(SECRET));
    }
    let long = "x".repeat(LONGEST_KEY + 1);
    for key in ["", "/", "/a", "a/", "a//b", ".", "../a", "a/./b", &long] {
        let told = put(&store("https://s3.example"), key, Bytes::new(), at());
        assert!(told.is_err(), "{key}");
    }
}

#[test]
fn what_a_store_says_is_told() {
    let body = br#"<?xml version="1.0"?><Error><Code>NoSuchBucket</Code>
        <Message>There&apos;s no &quot;a&amp;b&quot;
</Message><Resource>/a</Resource></Error>"#;
    assert_eq!(told(body).unwrap(), r#"NoSuchBucket: There's no "a&b""#);
    assert_eq!(
        told(b"<Code>SlowDown</Code><Message/>").as_deref(),
        Some("SlowDown")
    );
    for odd in [
        &b""[..],
        b"<html>Not found</html>",
        b"<Code></Code>",
        b"</Code><Code>",
        b"\xff",
    ] {
        assert_eq!(told(odd), None);
    }
}

/// What a store got.
struct Got {
    first: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Got {
    /// The signature of what has arrived, made with another library than ours.
    fn signature(&self) -> (String, String) {
        let authorization = self.headers["authorization"]
            .strip_prefix("AWS4-HMAC-SHA256 ")
            .unwrap();
        let parts: BTreeMap<_, _> = authorization
            .split(", ")
            .map(|part| part.split_once('=').unwrap())
            .collect();
        let (_, scope) = parts["Credential"].split_once('/').unwrap();
        let mut words = self.first.split(' ');
        let mut canonical = format!("{}\n{}\n\n", words.next().unwrap(), words.next().unwrap());
        for name in parts["SignedHeaders"].split(';') {
            canonical.extend([name, ":", &self.headers[name], "\n"]);
        }
        let sum = hex::encode(digest::digest(&digest::SHA256, &self.body));
        canonical.extend(["\n", parts["SignedHeaders"], "\n", &sum]);
        let hash = hex::encode(digest::digest(&digest::SHA256, canonical.as_bytes()));
        let text = format!(
            "AWS4-HMAC-SHA256\n{}\n{scope}\n{hash}",
            self.headers["x-amz-date"]
        );
        let keyed =
            |key: &[u8], text: &str| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes());
        let mut key = format!("AWS4{SECRET}").into_bytes();
        for part in scope.split('/') {
            key = keyed(&key, part).as_ref().to_vec();
        }
        (hex::encode(keyed(&key, &text)), parts["Signature"].to_owned())
    }
}

/// A store that takes one object where the signature is that of what has arrived.
async fn takes_one() -> (String, JoinHandle<Got>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let got = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap();
        let (first, rest) = head.split_once("\r\n").unwrap();
        let headers: BTreeMap<_, _> = rest
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let mut body = vec![0; headers["content-length"].parse().unwrap()];
        stream.read_exact(&mut body).await.unwrap();
        let got = Got {
            first: first.to_owned(),
            headers,
            body,
        };
        let (expected, signature) = got.signature();
        let answer = if expected == signature {
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned()
        } else {
            let body = "<Error><Code>SignatureDoesNotMatch</Code><Message>No.</Message></Error>";
            format!(
                "HTTP/1.1 403 Forbidden\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
        };
        stream.write_all(answer.as_bytes()).await.unwrap();
        got
    });
    (format!("http://{address}"), got)
}

async fn sent(message: Outgoing) -> Attempted {
    let here = Guard::new(["127.0.0.0/8".parse().unwrap()]);
    Sender::new(here, Limits::default()).unwrap().send(message).await
}

#[tokio::test]
async fn a_store_takes_what_is_put() {
    let body = vec![0x1f; 300_000];
    for key in [
        "2026/11/30/records.jsonl.gz",
        "ä b/+&=?#%2F!'()*;:@$,[]~\"\\<>^`{|}.gz",
    ] {
        let (endpoint, got) = takes_one().await;
        let message = put(&in_the_path(&endpoint), key, body.clone().into(), at()).unwrap();
        let attempted = sent(message).await;
        assert_eq!(attempted.failure, None, "{key}");
        let got = got.await.unwrap();
        assert!(got.body == body);
        assert!(!got.headers.contains_key("content-encoding"));
        assert!(got.first.starts_with("PUT /archive/"), "{}", got.first);
    }
}

#[tokio::test]
async fn a_store_that_knows_another_secret_says_so() {
    let (endpoint, _got) = takes_one().await;
    let store = Store {
        secret: "another".into(),
        ..in_the_path(&endpoint)
    };
    let message = put(&store, "a", "b".into(), at()).unwrap();
    let attempted = sent(message).await;
    assert_eq!(attempted.failure.unwrap().kind, FailureKind::Status);
    let answer = attempted.answer.unwrap();
    assert_eq!(answer.status, 403);
    assert_eq!(told(&answer.body).as_deref(), Some("SignatureDoesNotMatch: No."));
}

/// The signature is of the body too: what was changed on the way isn't taken.
#[tokio::test]
async fn a_store_does_not_take_what_was_changed() {
    let (endpoint, _got) = takes_one().await;
    let mut message = put(&in_the_path(&endpoint), "a", "mine".into(), at()).unwrap();
    message.body = "else".into();
    assert_eq!(sent(message).await.answer.unwrap().status, 403);
}
