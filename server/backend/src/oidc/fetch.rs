//! Asking a provider. Whatever is asked goes out by [`Sender`]: not into networks that it keeps out of, not for longer than
//! its limits, and without following a redirect.

use super::refused::{Asked, Refused};
use crate::delivery::http::{Answer, Attempted, Outgoing, Sender};
use daybook_domain::delivery::{Failure, FailureKind};
use reqwest::{Method, StatusCode, Url, header::HeaderMap};
use serde::de::DeserializeOwned;

/// Bytes of an answer that are read. The largest are the keys of those who send a chain of certificates with each.
pub(super) const MOST: usize = 256 * 1024;

/// Asks. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Fetch {
    sender: Sender,
    /// For what goes by plain http.
    near: Sender,
}

impl Fetch {
    pub fn new(sender: Sender) -> Self {
        Self {
            near: sender.within_named_networks(),
            sender,
        }
    }

    pub async fn get(&self, asked: Asked, url: &str, headers: HeaderMap) -> Result<Answer, Refused> {
        let message = Outgoing {
            method: Method::GET,
            url: url.to_owned(),
            headers,
            body: bytes::Bytes::new(),
        };
        self.ask(asked, message).await
    }

    /// An answer, whole. It may say no, unless it is that there is none to be had for now.
    pub async fn ask(&self, asked: Asked, message: Outgoing) -> Result<Answer, Refused> {
        let is_plain = !is_https(&message.url);
        let sender = if is_plain { &self.near } else { &self.sender };
        let Attempted { answer, failure, .. } = sender.send_keeping(message, MOST).await;
        match (answer, failure) {
            (Some(answer), None) if answer.is_cut => Err(Refused::TooLarge(asked)),
            (Some(answer), None) => Ok(answer),
            (Some(answer), Some(failure)) if failure.kind == FailureKind::Status => {
                if is_for_now(answer.status) {
                    Err(down(asked, failure))
                } else {
                    Ok(answer)
                }
            }
            (_, Some(failure)) => Err(match failure.kind {
                FailureKind::Timeout => Refused::ProviderSlow(asked),
                FailureKind::TooLarge => Refused::TooLarge(asked),
                FailureKind::Blocked if is_plain => Refused::NotHttps(asked),
                FailureKind::Blocked => Refused::Blocked {
                    asked,
                    detail: failure.detail,
                },
                _ => down(asked, failure),
            }),
            (None, None) => Err(Refused::ProviderSlow(asked)),
        }
    }
}

/// Whether it may be another time.
fn is_for_now(status: u16) -> bool {
    status >= 500 || status == StatusCode::TOO_MANY_REQUESTS
}

fn down(asked: Asked, failure: Failure) -> Refused {
    Refused::ProviderDown {
        asked,
        detail: failure.detail,
    }
}

pub(super) fn is_https(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.scheme() == "https")
}

/// What a document says that isn't secret.
pub(super) fn document<T: DeserializeOwned>(asked: Asked, answer: &Answer) -> Result<T, Refused> {
    if answer.status != StatusCode::OK {
        return Err(Refused::NotThere {
            asked,
            status: answer.status,
        });
    }
    serde_json::from_slice(&answer.body).map_err(|why| Refused::Malformed {
        asked,
        what: short(&why.to_string()),
    })
}

/// What somebody else says, fit for a sentence.
pub(super) fn short(text: &str) -> String {
    let shown = text.chars().filter(|letter| !letter.is_control());
    shown.take(200).collect()
}
