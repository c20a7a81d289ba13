//! Sending a message by HTTP.
//!
//! Whatever the receiver does, an attempt ends after [`Limits::time`] and holds no more than [`KEPT`] bytes of the answer.
//! Redirects aren't followed: who may receive is said by the endpoint's address. There is no proxy from the environment,
//! which would resolve names itself.

use super::{
    guard::{Guard, Refusal},
    schedule,
};
use crate::error::chain;
use bytes::Bytes;
use daybook_domain::delivery::{Failure, FailureKind};
use reqwest::{
    Client, Method, Response, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{HeaderMap, RETRY_AFTER},
    redirect::Policy,
};
use std::{
    error::Error as StdError,
    fmt,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::{
    net::lookup_host,
    time::{Instant, timeout_at},
};

/// Bytes of an answer that are kept.
pub const KEPT: usize = 16 * 1024;
/// Bytes of an answer that are read: who sends more doesn't answer, but stream.
pub const READ: usize = 1024 * 1024;
/// Connections to one receiver that are kept for the next message, and how long.
const IDLE: usize = 16;
const IDLE_TIME: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From looking the name up to the answer's last byte.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(15),
        }
    }
}

/// Sends messages. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Sender {
    client: Client,
    guard: Guard,
    limits: Limits,
}

/// What is sent.
#[derive(Debug, Clone)]
pub struct Outgoing {
    pub method: Method,
    pub url: String,
    pub headers: HeaderMap,
    pub body: Bytes,
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
        let client = Client::builder()
            .user_agent(concat!("Daybook/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .dns_resolver(Arc::new(Guarded(guard.clone())))
            .pool_max_idle_per_host(IDLE)
            .pool_idle_timeout(IDLE_TIME)
            .build()?;
        Ok(Self {
            client,
            guard,
            limits,
        })
    }

    /// Makes one attempt.
    pub async fn send(&self, message: Outgoing) -> Attempted {
        let begun = Instant::now();
        let (answer, failure) = match self.exchange(message, begun + self.limits.time).await {
            Ok(answer) => {
                let failure = (!(200..300).contains(&answer.status)).then(|| refused(answer.status));
                (Some(answer), failure)
            }
            Err((failure, answer)) => (answer, Some(failure)),
        };
        Attempted {
            took: begun.elapsed(),
            answer,
            failure,
        }
    }

    async fn exchange(&self, message: Outgoing, until: Instant) -> Result<Answer, Failed> {
        let Outgoing {
            method,
            url,
            headers,
            body,
        } = message;
        let begin = async {
            let url = self.admitted(&url).await?;
            let request = self.client.request(method, url).headers(headers).body(body);
            request.send().await.map_err(|error| failed(&error))
        };
        let first = timeout_at(until, begin)
            .await
            .unwrap_or_else(|_| Err(self.too_slow()));
        let mut response = first.map_err(|failure| (failure, None))?;
        let mut answer = Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: Bytes::new(),
            is_cut: false,
        };
        let mut kept = Vec::new();
        let read = timeout_at(until, read(&mut response, &mut kept)).await;
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

    /// The address, where it may be sent to. Names are resolved again, and held to the same, when they are connected to.
    async fn admitted(&self, url: &str) -> Result<Url, Failure> {
        let blocked = |detail: String| Failure::new(FailureKind::Blocked, detail);
        let url: Url = url
            .parse()
            .map_err(|error| blocked(format!("This is not an address of the web: {error}.")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(blocked(format!("Nothing is sent by {}.", url.scheme())));
        }
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(blocked("The address names no host.".to_owned()));
        };
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let addresses = match bare.parse::<IpAddr>() {
            Ok(address) => vec![SocketAddr::new(address, port)],
            Err(_) => looked_up(host, port).await.map_err(|unknown| {
                let detail = format!("{unknown}.");
                Failure::new(FailureKind::Dns, detail)
            })?,
        };
        admitted(&self.guard, addresses)
            .map_err(|refusal| blocked(format!("Nothing was sent: {refusal}.")))?;
        Ok(url)
    }
}

/// Those of some addresses that may be sent to.
fn admitted(guard: &Guard, addresses: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Refusal> {
    let mut refusal = None;
    let admit = |address: &SocketAddr| match guard.admit(*address) {
        Ok(()) => true,
        Err(refused) => {
            refusal.get_or_insert(refused);
            false
        }
    };
    let good: Vec<_> = addresses.into_iter().filter(admit).collect();
    match refusal {
        Some(refusal) if good.is_empty() => Err(refusal),
        _ => Ok(good),
    }
}

/// A name that means nothing.
#[derive(Debug)]
struct Unknown {
    name: String,
    why: Option<std::io::Error>,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.why {
            Some(why) => write!(f, "{} can't be looked up: {why}", self.name),
            None => write!(f, "{} has no address", self.name),
        }
    }
}

impl StdError for Unknown {}

async fn looked_up(name: &str, port: u16) -> Result<Vec<SocketAddr>, Unknown> {
    let unknown = |why| Unknown {
        name: name.to_owned(),
        why,
    };
    let found: Vec<_> = lookup_host((name, port))
        .await
        .map_err(|error| unknown(Some(error)))?
        .collect();
    if found.is_empty() {
        return Err(unknown(None));
    }
    Ok(found)
}

/// What names mean to the client: only what may be sent to.
pub(super) struct Guarded(pub(super) Guard);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.0.clone();
        Box::pin(async move {
            // The port isn't told; that it is one of those was seen before, so any of them stands for it.
            let found = looked_up(name.as_str(), super::guard::PORTS[0]).await?;
            let mut found = admitted(&guard, found)?;
            for address in &mut found {
                address.set_port(0);
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Reads an answer, keeping its beginning. How long it is.
async fn read(response: &mut Response, kept: &mut Vec<u8>) -> Result<usize, Failure> {
    let announced = response.content_length().unwrap_or_default();
    let mut read = 0;
    while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
        read += chunk.len();
        let room = KEPT - kept.len();
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
            return Failure::new(FailureKind::Blocked, format!("Nothing was sent: {refusal}."));
        }
        if let Some(unknown) = this.downcast_ref::<Unknown>() {
            return Failure::new(FailureKind::Dns, format!("{unknown}."));
        }
        if let Some(tls) = this.downcast_ref::<rustls::Error>() {
            return Failure::new(FailureKind::Tls, format!("No trusted connection: {tls}."));
        }
        cause = under(this);
    }
    let kind = if error.is_connect() {
        FailureKind::Connect
    } else if error.is_timeout() {
        FailureKind::Timeout
    } else {
        FailureKind::Broken
    };
    // The error itself names the address, which may hold what is secret.
    let causes = error.source().map_or_else(String::new, chain);
    Failure::new(kind, format!("{causes}."))
}

/// What lies under an error. An I/O error's source is that of the error within it, which it speaks for itself.
fn under<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e (dyn StdError + 'static)> {
    let within = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref);
    match within {
        Some(within) => Some(within),
        None => error.source(),
    }
}
