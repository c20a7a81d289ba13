//! What goes out: a batch in the form, and by the way, that an integration takes it.

use super::{
    formats::{Origin, bulk, cef, chat, ecs, hec, json, ocsf, syslog as message},
    integration::Integration,
    transports::{gzip, s3, syslog},
};
use crate::delivery::{
    hidden,
    http::{KEPT, Outgoing},
};
use bytes::Bytes;
use daybook_domain::{event::Event, integration::IntegrationType, time::Timestamp};
use reqwest::{
    Method,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Bytes that are kept of an answer that says of each event what became of it.
const KEPT_OF_EACH: usize = 512 * 1024;
/// Says which batch it is: one that comes again because a process was killed has the same.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The region of S3 where none is said.
const REGION: &str = "us-east-1";

/// What an attempt does.
pub(super) enum Work {
    Http(Box<Http>),
    Syslog(syslog::Server, Vec<Vec<u8>>),
    File {
        folder: String,
        key: String,
        bytes: Vec<u8>,
    },
}

pub(super) struct Http {
    pub outgoing: Outgoing,
    /// Bytes of the answer that are kept.
    pub keep: usize,
    /// The events of which the answer tells one by one.
    pub told_of: Vec<Event>,
    /// What no answer may repeat.
    pub hide: Vec<SecretString>,
}

impl Work {
    /// Bytes that go out.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Http(http) => http.outgoing.body.len(),
            Self::Syslog(_, messages) => messages.iter().map(Vec::len).sum(),
            Self::File { bytes, .. } => bytes.len(),
        }
    }
}

/// The way of a batch, which isn't empty, to an integration; or why there is none, as a sentence.
pub(super) fn work(
    integration: &Integration,
    secret: Option<&SecretString>,
    events: Vec<Event>,
    origin: &Origin<'_>,
    turn: i32,
    now: Timestamp,
) -> Result<Work, String> {
    let http = |outgoing, hide| {
        Work::Http(Box::new(Http {
            outgoing,
            keep: KEPT,
            told_of: Vec::new(),
            hide,
        }))
    };
    match integration.of_type {
        IntegrationType::Slack | IntegrationType::Teams => {
            let body = match integration.of_type {
                IntegrationType::Slack => chat::slack(&events, origin),
                _ => chat::teams(&events, origin),
            };
            let address = secret.ok_or("Its address is missing.")?;
            let outgoing = post(
                address.expose_secret().to_owned(),
                "application/json",
                written_json(&body)?,
            );
            Ok(http(outgoing, hidden::parts_of_url(address)))
        }
        IntegrationType::Https => {
            let written = events.iter().map(|event| match integration.text("format") {
                "ocsf" => ocsf::event(event, origin),
                "ecs" => ecs::event(event, origin),
                _ => json::record(event),
            });
            let body = written_json(&written.collect())?;
            let mut outgoing = post(integration.text("url").to_owned(), "application/json", body);
            let batch = HeaderValue::try_from(name_of(integration, turn, &events));
            outgoing
                .headers
                .insert(IDEMPOTENCY_KEY, batch.map_err(|error| error.to_string())?);
            let hide = authorized(&mut outgoing, secret, "")?;
            Ok(http(outgoing, hide))
        }
        IntegrationType::Splunk => {
            let index = Some(integration.text("splunk_index")).filter(|index| !index.is_empty());
            let body = hec::body(&events, index, origin);
            let url = under(integration.text("url"), &["services", "collector", "event"])?;
            let mut outgoing = post(url, "application/json", body);
            let hide = authorized(&mut outgoing, secret, "Splunk ")?;
            Ok(http(outgoing, hide))
        }
        IntegrationType::Elasticsearch => {
            let body = bulk::body(&events, integration.text("index"), origin);
            let told = "filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason";
            let url = format!("{}?{told}", under(integration.text("url"), &["_bulk"])?);
            let mut outgoing = post(url, "application/x-ndjson", body);
            let hide = authorized(&mut outgoing, secret, "")?;
            Ok(Work::Http(Box::new(Http {
                outgoing,
                keep: KEPT_OF_EACH,
                told_of: events,
                hide,
            })))
        }
        IntegrationType::Syslog => syslog(integration, &events, origin),
        IntegrationType::S3 => {
            let secret = secret.ok_or("Its secret access key is missing.")?;
            let region = Some(integration.text("region")).filter(|region| !region.is_empty());
            let store = s3::Store {
                endpoint: integration.text("url").to_owned(),
                region: region.unwrap_or(REGION).to_owned(),
                bucket: integration.text("bucket").to_owned(),
                path_style: integration.flag("path_style"),
                key_id: integration.text("access_key").to_owned(),
                secret: secret.clone(),
            };
            let body = Bytes::from(lines(&events)?);
            let outgoing = s3::put(&store, &key_of(&events, &body), body, now)?;
            Ok(http(outgoing, vec![secret.clone()]))
        }
        IntegrationType::Folder => {
            let bytes = lines(&events)?;
            Ok(Work::File {
                folder: integration.text("folder").to_owned(),
                key: key_of(&events, &bytes),
                bytes,
            })
        }
    }
}

fn post(url: String, content_type: &'static str, body: Vec<u8>) -> Outgoing {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    Outgoing {
        method: Method::POST,
        url,
        headers,
        body: body.into(),
    }
}

/// Sends the secret along, and says what of it no answer may repeat.
fn authorized(
    outgoing: &mut Outgoing,
    secret: Option<&SecretString>,
    scheme: &str,
) -> Result<Vec<SecretString>, String> {
    let Some(secret) = secret else {
        return Ok(Vec::new());
    };
    let value = format!("{scheme}{}", secret.expose_secret());
    let mut value = HeaderValue::try_from(value).map_err(|error| error.to_string())?;
    value.set_sensitive(true);
    outgoing.headers.insert(AUTHORIZATION, value);
    Ok(hidden::parts(secret))
}

/// A path under an address that may end in a slash, or in a part of the path already.
fn under(url: &str, path: &[&str]) -> Result<String, String> {
    let parsed = reqwest::Url::parse(url).map_err(|error| format!("“{url}” is no address: {error}."))?;
    if parsed.query().is_some() || parsed.fragment().is_some() {
        return Err("The URL holds a “?” or a “#”: it is to end with the host or a path.".to_owned());
    }
    let url = url.trim_end_matches('/');
    let there: Vec<_> = parsed.path().split('/').filter(|part| !part.is_empty()).collect();
    let known = (0..=path.len())
        .rev()
        .find(|many| there.ends_with(&path[..*many]));
    let missing = path.get(known.unwrap_or(0)..).unwrap_or_default();
    let parts = [url].into_iter().chain(missing.iter().copied());
    Ok(parts.collect::<Vec<_>>().join("/"))
}

fn syslog(integration: &Integration, events: &[Event], origin: &Origin<'_>) -> Result<Work, String> {
    let way = match integration.text("transport") {
        "udp" => syslog::Way::Udp,
        "tcp" => syslog::Way::Tcp,
        _ => syslog::Way::Tls,
    };
    let server = syslog::Server {
        host: integration.text("host").to_owned(),
        port: integration.port().ok_or("It has no port.")?,
        way,
    };
    let messages = events.iter().map(|event| {
        let payload = match integration.text("payload") {
            "json" => json::line(event),
            _ => cef::line(event, origin),
        };
        let written = message::message(event, &payload, origin);
        match way {
            syslog::Way::Udp => message::datagram(&written).into_owned(),
            syslog::Way::Tcp | syslog::Way::Tls => message::framed(&written),
        }
    });
    Ok(Work::Syslog(server, messages.collect()))
}

fn written_json(value: &Value) -> Result<Vec<u8>, String> {
    serde_json::to_vec(value).map_err(|error| error.to_string())
}

/// The records as gzipped lines of JSON.
fn lines(events: &[Event]) -> Result<Vec<u8>, String> {
    gzip::pack(events.iter().map(json::line)).map_err(|error| error.to_string())
}

/// The sequences of a batch's first and last record, in an order that is that of names.
fn span(events: &[Event]) -> String {
    let sequence = |event: Option<&Event>| event.map_or(0, |event| event.sequence);
    let (first, last) = (sequence(events.first()), sequence(events.last()));
    format!("{first:012}-{last:012}")
}

/// What a batch is called. What is sent once more because somebody wants it is another, and so is each test.
fn name_of(integration: &Integration, turn: i32, events: &[Event]) -> String {
    let id = integration.id;
    match events.first() {
        Some(test) if test.sequence == 0 => format!("{id}-test-{}", test.id),
        _ => format!("{id}-{turn}-{}", span(events)),
    }
}

/// Where in an archive a batch lies: by the day on which it was recorded, under a name that no other batch has, also where
/// another selection begins and ends with the same records.
fn key_of(events: &[Event], packed: &[u8]) -> String {
    let at = events.first().map(|event| event.recorded_at.to_datetime());
    let day = at.map_or_else(String::new, |at| at.format("%Y/%m/%d").to_string());
    let sum = hex::encode(&Sha256::digest(packed)[..4]);
    format!("{day}/{}-{sum}.jsonl.gz", span(events))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_put_where_it_is_missing() {
        let splunk = |url| under(url, &["services", "collector", "event"]);
        let whole = "https://splunk.example:8088/services/collector/event";
        for url in [
            "https://splunk.example:8088",
            "https://splunk.example:8088/",
            "https://splunk.example:8088/services/collector",
            "https://splunk.example:8088/services/collector/event",
        ] {
            assert_eq!(splunk(url).as_deref(), Ok(whole), "{url}");
        }
        assert_eq!(
            under("https://x.example/my_bulk", &["_bulk"]).as_deref(),
            Ok("https://x.example/my_bulk/_bulk")
        );
        assert!(under("https://x.example/?pipeline=a", &["_bulk"]).is_err());
    }
}
