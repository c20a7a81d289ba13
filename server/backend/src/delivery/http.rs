//! Sending a message by HTTP.
//!
//! Whatever the receiver does, an attempt ends after [`Limits::time`] and keeps no more of the answer than [`KEPT`] bytes and
//! [`KEPT_HEADERS`] of its headers.
//! Redirects aren't followed: who may receive is said by the endpoint's address. There is no proxy from the environment,
//! which would resolve names itself.

use super::{
    guard::{Guard, PORTS, Refusal},
    names::{Names, Unknown, WebNames},
    schedule,
};
use crate::error::chain;
use bytes::Bytes;
use daybook_domain::delivery::{Failure, FailureKind};
use reqwest::{
    Client, Method, Response, Url,
    header::{
        CONNECTION, CONTENT_LENGTH, EXPECT, HOST, HeaderMap, HeaderName, PROXY_AUTHORIZATION, RETRY_AFTER,
        TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
    },
    redirect::Policy,
};
use std::{
    error::Error as StdError,
    fmt,
    io::{self, ErrorKind},
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::time::{Instant, timeout_at};

/// Bytes of an answer that are kept.
pub const KEPT: usize = 16 * 1024;
/// Bytes of an answer's headers that are kept.
pub const KEPT_HEADERS: usize = 8 * 1024;
/// Bytes of an answer that are read: who sends more doesn't answer, but stream.
pub const READ: usize = 1024 * 1024;
/// Connections to one receiver that are kept for the next message, and how long.
const IDLE: usize = 16;
const IDLE_TIME: Duration = Duration::from_secs(30);
/// Headers that say how a message is carried, and not what it is.
pub(crate) const OURS: [HeaderName; 9] = [
    CONNECTION,
    CONTENT_LENGTH,
    EXPECT,
    HOST,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From looking the name up to the answer's last byte.
    pub time: Duration,
    /// Of that, until there is a connection. A connection that is begun goes on when its message is given up, so that the
    /// next may have it: not for longer than this.
    pub connect: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(15),
            connect: Duration::from_secs(5),
        }
    }
}

/// Sends messages. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Sender {
    /// Sends to the ports that are everybody's.
    usual: Client,
    /// Sends to others, within the networks that are named.
    named: Client,
    guard: Guard,
    /// The ports that are everybody's.
    ports: &'static [u16],
    limits: Limits,
}

/// What is sent. Headers that say how it is carried are left out.
#[derive(Clone)]
pub struct Outgoing {
    pub method: Method,
    pub url: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl fmt::Debug for Outgoing {
    /// Address, headers and body may hold what is secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("method", &self.method)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What a receiver has answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// Its beginning.
    pub body: Bytes,
    /// Whether there was more.
    pub is_cut: bool,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempted {
    pub took: Duration,
    /// Also of an attempt that failed, where there was one.
    pub answer: Option<Answer>,
    pub failure: Option<Failure>,
}

/// Why there is no whole answer, and what there is of it.
type Failed = (Failure, Option<Answer>);

impl Answer {
    /// How long the receiver asks to be left alone; `now` in seconds of the Unix epoch.
    pub fn retry_after(&self, now: i64) -> Option<Duration> {
        let value = self.headers.get(RETRY_AFTER)?.to_str().ok()?;
        schedule::retry_after(value, now)
    }
}

impl Sender {
    /// # Errors
    /// Where the system's certificates can't be read.
    pub fn new(guard: Guard, limits: Limits) -> Result<Self, reqwest::Error> {
        // The one provider of cryptography; whoever came first has installed the same.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let names = Names::new(guard.clone());
        let client = |names: WebNames| {
            Client::builder()
                .user_agent(concat!("Daybook/", env!("CARGO_PKG_VERSION")))
                .redirect(Policy::none())
                .retry(reqwest::retry::never())
                .referer(false)
                .no_proxy()
                .dns_resolver(Arc::new(names))
                .connect_timeout(limits.connect)
                .pool_max_idle_per_host(IDLE)
                .pool_idle_timeout(IDLE_TIME)
                .build()
        };
        Ok(Self {
            usual: client(names.clone().of_usual_ports())?,
            named: client(names.of_other_ports())?,
            guard,
            ports: &PORTS,
            limits,
        })
    }

    /// One that sends only within the networks that are named: for what isn't to cross others as it is.
    #[must_use]
    pub fn within_named_networks(&self) -> Self {
        Self {
            ports: &[],
            ..self.clone()
        }
    }

    /// Makes one attempt.
    pub async fn send(&self, message: Outgoing) -> Attempted {
        self.send_keeping(message, KEPT).await
    }

    /// Makes one attempt whose answer says more than that it arrived: so many bytes of it are kept.
    pub async fn send_keeping(&self, message: Outgoing, most: usize) -> Attempted {
        let begun = Instant::now();
        let (answer, failure) = match self.exchange(message, most, begun + self.limits.time).await {
            Ok(answer) => {
                let failure = (!is_good(answer.status)).then(|| refused(answer.status));
                (Some(answer), failure)
            }
            // Who says no hasn't to say it well.
            Err((_, Some(answer))) if !is_good(answer.status) => {
                let status = answer.status;
                (Some(answer), Some(refused(status)))
            }
            Err((failure, answer)) => (answer, Some(failure)),
        };
        Attempted {
            took: begun.elapsed(),
            answer,
            failure,
        }
    }

    async fn exchange(&self, message: Outgoing, most: usize, until: Instant) -> Result<Answer, Failed> {
        let Outgoing {
            method,
            url,
            mut headers,
            body,
        } = message;
        for ours in &OURS {
            headers.remove(ours);
        }
        let begin = async {
            let (client, url) = self.admitted(&url)?;
            let request = client.request(method, url).headers(headers).body(body);
            request.send().await.map_err(|error| failed(&error))
        };
        let first = timeout_at(until, begin)
            .await
            .unwrap_or_else(|_| Err(self.too_slow()));
        let mut response = first.map_err(|failure| (failure, None))?;
        let headers = beginning(response.headers());
        let mut answer = Answer {
            status: response.status().as_u16(),
            headers,
            body: Bytes::new(),
            is_cut: false,
        };
        let mut kept = Vec::new();
        let read = timeout_at(until, read(&mut response, &mut kept, most)).await;
        let read = read.unwrap_or_else(|_| Err(self.too_slow()));
        answer.is_cut = !matches!(read, Ok(bytes) if bytes == kept.len());
        answer.body = kept.into();
        match read {
            Ok(_) => Ok(answer),
            Err(failure) => Err((failure, Some(answer))),
        }
    }

    fn too_slow(&self) -> Failure {
        let seconds = self.limits.time.as_secs_f64();
        let detail = format!("The whole answer wasn't there after {seconds} seconds.");
        Failure::new(FailureKind::Timeout, detail)
    }

    /// The address, where it may be sent to, and by what. What names mean is seen when they are connected to.
    fn admitted(&self, url: &str) -> Result<(&Client, Url), Failure> {
        let blocked = |detail: String| Failure::new(FailureKind::Blocked, detail);
        let url: Url = url
            .parse()
            .map_err(|error| blocked(format!("This is not an address of the web: {error}.")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(blocked(format!("Nothing is sent by {}.", url.scheme())));
        }
        if !url.username().is_empty() || url.password().is_some() {
            let detail = "The address holds a user's name or password, which belongs into a header.";
            return Err(blocked(detail.to_owned()));
        }
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(blocked("The address names no host.".to_owned()));
        };
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse::<IpAddr>() {
            let admitted = self.guard.admit_to(SocketAddr::new(address, port), self.ports);
            admitted.map_err(Failure::from)?;
        }
        let client = if self.ports.contains(&port) {
            &self.usual
        } else {
            &self.named
        };
        Ok((client, url))
    }
}

fn is_good(status: u16) -> bool {
    (200..300).contains(&status)
}

/// What is kept of headers.
fn beginning(headers: &HeaderMap) -> HeaderMap {
    let mut kept = HeaderMap::new();
    let mut room = KEPT_HEADERS;
    // When to come again is asked of it.
    let first = headers.get(RETRY_AFTER).map(|value| (&RETRY_AFTER, value));
    let others = headers.iter().filter(|(name, _)| *name != RETRY_AFTER);
    for (name, value) in first.into_iter().chain(others) {
        room = room.saturating_sub(name.as_str().len() + value.len());
        if room == 0 {
            break;
        }
        kept.append(name, value.clone());
    }
    kept
}

/// Reads an answer, keeping its beginning, at most so many bytes. How long it is.
async fn read(response: &mut Response, kept: &mut Vec<u8>, most: usize) -> Result<usize, Failure> {
    let announced = response.content_length().unwrap_or_default();
    let mut read = 0;
    while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
        read += chunk.len();
        let room = most - kept.len();
        kept.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if read > READ || announced > READ as u64 {
            let detail = format!("The answer has more than {READ} bytes; it was not read to its end.");
            return Err(Failure::new(FailureKind::TooLarge, detail));
        }
    }
    Ok(read)
}

fn refused(status: u16) -> Failure {
    let name = reqwest::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason());
    let name = name.map_or_else(String::new, |name| format!(" ({name})"));
    let detail = match status {
        300..400 => format!("The receiver answered {status}{name}: redirects are not followed."),
        _ => format!("The receiver answered {status}{name}."),
    };
    Failure::new(FailureKind::Status, detail)
}

/// What the client's error means.
fn failed(error: &reqwest::Error) -> Failure {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(this) = cause {
        if let Some(refusal) = this.downcast_ref::<Refusal>() {
            return (*refusal).into();
        }
        if let Some(unknown) = this.downcast_ref::<Unknown>() {
            return unknown.into();
        }
        if let Some(tls) = this.downcast_ref::<rustls::Error>() {
            return untrusted(tls);
        }
        let io = this.downcast_ref::<io::Error>().map(io::Error::kind);
        // Nothing is read from a connection before it is one but where trust is made.
        if error.is_connect() && io == Some(ErrorKind::UnexpectedEof) {
            let detail = "The receiver ended the connection before it was a trusted one.";
            return Failure::new(FailureKind::Tls, detail);
        }
        cause = under(this);
    }
    let kind = if error.is_timeout() {
        FailureKind::Timeout
    } else if error.is_connect() {
        FailureKind::Connect
    } else if error.is_builder() {
        FailureKind::Blocked
    } else {
        FailureKind::Broken
    };
    // The error itself names the address, which may hold what is secret.
    let causes = error.source().map_or_else(String::new, chain);
    Failure::new(kind, format!("{causes}."))
}

/// Where trust is what is missing.
pub(crate) fn untrusted(error: &rustls::Error) -> Failure {
    Failure::new(FailureKind::Tls, format!("No trusted connection: {error}."))
}

/// What lies under an error. An I/O error's source is that of the error within it, which it speaks for itself.
pub(crate) fn under<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e (dyn StdError + 'static)> {
    let within = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    match within {
        Some(within) => Some(within),
        None => error.source(),
    }
}
