//! Objects in a store that speaks as Amazon S3 does. They are sent by the sender of HTTP, which says where nothing is sent;
//! here it is only said what is sent.
//!
//! An object is a file, `….jsonl.gz`, and its type is that of a packed file. It has no `Content-Encoding`: whoever gets it
//! would be given it unpacked by some programs and stores, under a name that says otherwise and with another checksum.
//!
//! Its checksums are `x-amz-content-sha256`, which is signed and which the store holds the body against, and `Content-MD5`:
//! buckets whose objects can't be deleted want it, and every store knows it. Newer ones such as `x-amz-checksum-sha256` are
//! refused by some.

mod sigv4;

use crate::delivery::http::Outgoing;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use daybook_domain::time::Timestamp;
use md5::Md5;
use reqwest::{
    Method, Url,
    header::{AUTHORIZATION, HOST, HeaderMap, HeaderName, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use sigv4::{Request, Signer};
use std::fmt::Write;

/// Bytes of a key at most.
const LONGEST_KEY: usize = 1024;
/// Characters of a store's answer that are told.
const TOLD: usize = 500;

/// A store, a bucket in it, and who writes into it.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    /// Such as `https://s3.eu-central-1.amazonaws.com`, without the bucket.
    pub endpoint: String,
    pub region: String,
    pub bucket: String,
    /// Whether the bucket is said in the path, and not in front of the host's name.
    pub path_style: bool,
    pub key_id: String,
    pub secret: SecretString,
}

/// What puts an object under a key, going out at a time: stores want it within 15 minutes of their own. What is there under
/// the key is replaced.
///
/// # Errors
/// What of the store, or the key, can't be, as a sentence.
pub(crate) fn put(store: &Store, key: &str, body: Bytes, at: Timestamp) -> Result<Outgoing, String> {
    store.check()?;
    let url = store.url(key)?;
    let date = sigv4::date(at);
    let sum = hex::encode(Sha256::digest(&body));
    let md5 = STANDARD.encode(Md5::digest(&body));
    let host = authority(&url);
    let headers = vec![
        ("content-md5", &*md5),
        ("content-type", "application/gzip"),
        ("host", &*host),
        ("x-amz-content-sha256", &*sum),
        ("x-amz-date", &*date),
    ];
    let mut sent = HeaderMap::new();
    for (name, value) in &headers {
        // The client's, who says the same.
        if *name != HOST.as_str() {
            sent.insert(HeaderName::from_static(name), header(value)?);
        }
    }
    let signer = Signer {
        key_id: &store.key_id,
        secret: &store.secret,
        region: &store.region,
        service: "s3",
    };
    let request = Request {
        method: "PUT",
        path: url.path(),
        headers,
        payload: &sum,
    };
    let authorization = signer
        .authorization(request, &date)
        .map_err(|error| format!("Nothing can be signed with this secret: {error}."))?;
    let mut authorization = header(&authorization)?;
    authorization.set_sensitive(true);
    sent.insert(AUTHORIZATION, authorization);
    Ok(Outgoing {
        method: Method::PUT,
        url: url.into(),
        headers: sent,
        body,
    })
}

/// What a store says in the body of an answer that says no, such as `NoSuchBucket: The specified bucket does not exist`.
pub(crate) fn told(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let within = |name: &str| {
        let (_, after) = text.split_once(&format!("<{name}>"))?;
        let (value, _) = after.split_once(&format!("</{name}>"))?;
        Some(value.trim()).filter(|value| !value.is_empty())
    };
    let mut said = within("Code")?.to_owned();
    if let Some(message) = within("Message") {
        said.extend([": ", message]);
    }
    for (escaped, plain) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        said = said.replace(escaped, plain);
    }
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    Some(said.chars().map(plain).take(TOLD).collect())
}

impl Store {
    /// Whether it may be one, as far as can be seen without asking it.
    ///
    /// # Errors
    /// What isn't right, as a sentence.
    pub fn check(&self) -> Result<(), String> {
        let is = |text: &str, others: &[u8]| {
            let good = |byte: u8| byte.is_ascii_alphanumeric() || others.contains(&byte);
            !text.is_empty() && text.bytes().all(good)
        };
        if !is(&self.region, b"-_") {
            return Err("A region has letters, digits and `-`, such as eu-central-1.".to_owned());
        }
        // It is one part of what is signed, and of a header.
        let is_good = |byte: u8| byte.is_ascii_graphic() && !b"/,=".contains(&byte);
        if self.key_id.is_empty() || !self.key_id.bytes().all(is_good) {
            return Err("The access key's id is missing, or has characters that none has.".to_owned());
        }
        if self.secret.expose_secret().is_empty() {
            return Err("The access key's secret is missing.".to_owned());
        }
        let bucket = &self.bucket;
        if !is(bucket, b"-_.") || bucket.starts_with('.') || bucket.len() > 255 {
            return Err("A bucket's name has letters, digits, `-`, `_` and `.`.".to_owned());
        }
        // It is part of a host's name.
        let is_label = |label: &str| {
            let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            !label.is_empty() && label.bytes().all(good) && !label.starts_with('-') && !label.ends_with('-')
        };
        let is_host = bucket.len() <= 63 && bucket.split('.').all(is_label);
        if !self.path_style && !is_host {
            return Err(
                "A bucket that is said in front of the host's name has small letters, digits and `-`: \
                 say this one in the path."
                    .to_owned(),
            );
        }
        self.base().map(drop)
    }

    fn base(&self) -> Result<Url, String> {
        let url: Url = self
            .endpoint
            .trim()
            .parse()
            .map_err(|error| format!("The store's address is none: {error}."))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err("The store's address begins with https:// or http://.".to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("The store's address holds a name or a password, which aren't used.".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("The store's address has nothing after a `?` or `#`.".to_owned());
        }
        // Whether it is encoded, and how, isn't known of others.
        let is_plain = |byte: u8| is_unreserved(byte) || byte == b'/';
        if !url.path().bytes().all(is_plain) {
            return Err(
                "The path of the store's address has letters, digits, `-`, `_`, `.` and `~`.".to_owned(),
            );
        }
        if !self.path_style && url.domain().is_none() {
            return Err(
                "In front of an address in digits nothing can be said: say the bucket in the path."
                    .to_owned(),
            );
        }
        Ok(url)
    }

    /// Where an object is.
    fn url(&self, key: &str) -> Result<Url, String> {
        let is_part = |part: &str| !matches!(part, "" | "." | "..");
        if key.len() > LONGEST_KEY || !key.split('/').all(is_part) {
            return Err(format!("{key:?} is no key of an object."));
        }
        let mut url = self.base()?;
        let mut path = url.path().trim_end_matches('/').to_owned();
        if self.path_style {
            path.extend(["/", &self.bucket]);
        } else if let Some(host) = url.host_str() {
            let host = format!("{}.{host}", self.bucket);
            url.set_host(Some(&host))
                .map_err(|error| format!("{host} is no host: {error}."))?;
        }
        path.push('/');
        path.push_str(&encoded(key));
        url.set_path(&path);
        // What is signed must be what is sent.
        if url.path() == path {
            Ok(url)
        } else {
            Err(format!("{key:?} is no key that can be sent."))
        }
    }
}

/// The host as the client says it, with its port where it isn't the usual one.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}

/// A key in a path, as it is signed: everything but what is unreserved (RFC 3986, 2.3) is encoded, and slashes stay.
fn encoded(key: &str) -> String {
    let mut text = String::new();
    for byte in key.bytes() {
        if is_unreserved(byte) || byte == b'/' {
            text.push(byte.into());
        } else {
            // Text takes everything.
            let _always = write!(text, "%{byte:02X}");
        }
    }
    text
}

fn header(value: &str) -> Result<HeaderValue, String> {
    value
        .parse()
        .map_err(|_| "Some of the store's settings can't be sent.".to_owned())
}

#[cfg(test)]
mod tests;
