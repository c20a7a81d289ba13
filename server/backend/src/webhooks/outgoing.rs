//! What goes out to an endpoint: the body, and the headers with their signatures.

use super::{Endpoint, signing};
use crate::{
    Error, Result,
    delivery::{hidden, http::Outgoing, signature},
};
use daybook_domain::{id::WebhookMessageId, time::Timestamp, webhook::SentRequest};
use reqwest::{
    Method,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

/// What the type of a test is called.
pub(super) const TEST_TYPE: &str = "webhook.test";

/// An attempt that is to be made, or why it can't be.
pub(super) struct Job {
    pub what: Result<Box<Outgoing>, Unsent>,
    pub request: SentRequest,
    pub at: Timestamp,
    /// What no answer may repeat.
    pub hide: Vec<SecretString>,
}

/// Why nothing is sent.
#[derive(Debug, Clone)]
pub(super) struct Unsent {
    pub why: String,
    /// Whether trying again can't help.
    pub is_final: bool,
}

/// The body of a message: type, time and the record, as Standard Webhooks has it.
pub(super) fn body(event_type: &str, at: Timestamp, record: &str) -> Result<String> {
    let event_type = serde_json::to_string(event_type).map_err(Error::damaged)?;
    Ok(format!(
        r#"{{"type":{event_type},"timestamp":"{at}","data":{record}}}"#
    ))
}

/// What a test tells.
pub(super) fn test_body(endpoint: &str, at: Timestamp) -> Result<String> {
    let data = json!({"message": "This is a test of Daybook's webhooks.", "endpoint": endpoint});
    body(TEST_TYPE, at, &data.to_string())
}

/// Seconds of the Unix epoch.
pub(super) fn seconds(at: Timestamp) -> i64 {
    at.micros().div_euclid(1_000_000)
}

/// What goes out. An endpoint without a secret isn't sent to.
pub(super) fn job(
    endpoint: &Endpoint,
    signs: &signing::Signs,
    id: WebhookMessageId,
    body: String,
    now: Timestamp,
) -> Result<Job> {
    // There is one: `Signs` are not without.
    let (secret, others) = signs
        .secrets
        .split_first()
        .ok_or_else(|| Error::damaged("an endpoint without a secret"))?;
    let signed = signature::headers(secret, others, &id.sent(), seconds(now), body.as_bytes());
    let mut headers = HeaderMap::new();
    let mut shown = vec![("content-type".to_owned(), Some("application/json".to_owned()))];
    for header in &signs.headers {
        let name = HeaderName::from_bytes(header.name.as_bytes()).map_err(Error::damaged)?;
        let mut value =
            HeaderValue::from_bytes(header.value.expose_secret().as_bytes()).map_err(Error::damaged)?;
        value.set_sensitive(true);
        headers.insert(name, value);
        shown.push((header.name.clone(), None));
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in signed {
        let is_secret = name == "webhook-signature";
        shown.push((name.to_owned(), (!is_secret).then(|| value.clone())));
        headers.insert(name, HeaderValue::try_from(value).map_err(Error::damaged)?);
    }
    let outgoing = Outgoing {
        method: Method::POST,
        url: endpoint.url.clone(),
        headers,
        body: body.into(),
    };
    let request = SentRequest {
        method: "POST".to_owned(),
        url: hidden::shown_url(&endpoint.url),
        headers: shown,
    };
    Ok(Job {
        what: Ok(Box::new(outgoing)),
        request,
        at: now,
        hide: signs
            .headers
            .iter()
            .flat_map(|header| hidden::parts(&header.value))
            .collect(),
    })
}
