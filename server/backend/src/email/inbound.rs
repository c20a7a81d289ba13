//! What providers tell of messages by their own webhooks: checked, read, and put to the messages they are about.
//!
//! Events come out of order, twice, and of messages that nobody has told of: such a message is made of what the provider
//! says of it.

use super::{
    Emails,
    known::Known,
    message::{self, NewEmail, NewEvent},
    providers::{self, ProviderEvent, Refused, Said, Unread, ses},
    records, signing_keys,
    suppressions::{self, New},
};
use crate::{Error, Result, accounts, delivery::http::Outgoing, record::access_event, writer::WriteTx};
use bytes::Bytes;
use daybook_domain::{
    catalogue::OwnType,
    email::{BounceType, EmailProvider, EmailStatus, SuppressionReason, domain_of},
    id::WorkspaceId,
    viewer::Viewer,
};
use reqwest::{Method, Url, header::HeaderMap};
use secrecy::ExposeSecret;

/// Events of one transaction: others come between.
const STEP: usize = 500;
/// Certificates that are kept: more than a few are nobody's who means well.
const CERTIFICATES: usize = 16;

/// Why a request of a provider isn't taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// It isn't the provider's, as far as can be told.
    #[error("{0}")]
    Unsigned(&'static str),
    /// It isn't what the provider sends.
    #[error("{0}")]
    Unread(String),
    /// What is needed to tell can't be had now: it is to come again.
    #[error("What is needed of the provider can't be had now.")]
    Unavailable,
    #[error(transparent)]
    Backend(#[from] Error),
}

impl From<Unread> for NotTaken {
    fn from(unread: Unread) -> Self {
        Self::Unread(unread.to_string())
    }
}

impl From<Refused> for NotTaken {
    fn from(refused: Refused) -> Self {
        Self::Unsigned(match refused {
            Refused::Missing => "The signature is missing.",
            Refused::Wrong => "The signature is wrong.",
            Refused::Expired => "The signature is too old.",
        })
    }
}

/// What has become of the events of a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    pub accepted: u64,
    /// What was known already.
    pub duplicates: u64,
    /// What says nothing of a delivery, or of no recipient.
    pub ignored: u64,
}

impl Emails {
    /// Takes a request of a provider. One whose signature is wrong is recorded.
    ///
    /// # Errors
    /// Where it isn't taken as a whole. Nothing is stored then.
    pub async fn told_by_provider(
        &self,
        who: &Viewer,
        provider: EmailProvider,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Result<Told, NotTaken> {
        let workspace = who.workspace();
        if let Err(refusal) = self.verify(workspace, provider, headers, &body).await {
            if let NotTaken::Unsigned(why) = refusal {
                self.record_refusal(who, provider, why).await?;
            }
            return Err(refusal);
        }
        if provider == EmailProvider::Ses
            && let Some(url) = ses::confirmation(&body)
        {
            // Whoever subscribes wants to see that we do.
            self.fetch(url).await?;
        }
        let reading = tokio::task::spawn_blocking(move || providers::read(provider, &body));
        let read = reading
            .await
            .map_err(|_| Error::damaged("reading a body panicked"))??;
        let mut told = Told {
            ignored: read.refused.len() as u64,
            ..Told::default()
        };
        let mut rest = read.events.into_iter().peekable();
        while rest.peek().is_some() {
            let some: Vec<_> = rest.by_ref().take(STEP).collect();
            let stored = self.0.writer.change(move |tx| {
                Box::pin(async move {
                    accounts::lock(tx, workspace).await?;
                    take(tx, workspace, provider, some).await
                })
            });
            let some = stored.await?;
            told.accepted += some.accepted;
            told.duplicates += some.duplicates;
            told.ignored += some.ignored;
        }
        Ok(told)
    }

    async fn verify(
        &self,
        workspace: WorkspaceId,
        provider: EmailProvider,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(), NotTaken> {
        let key = signing_keys::of(&self.0.db.read, workspace, provider, &self.0.keys).await?;
        if provider != EmailProvider::Ses {
            return Ok(providers::verify(
                provider,
                key.as_ref(),
                headers,
                body,
                self.0.clock.now(),
            )?);
        }
        let url = ses::signing_cert_url(body)?;
        let topic = key.as_ref().map(ExposeSecret::expose_secret);
        // There are few, and each is the same for months.
        let known = self.certificates().get(url.as_str()).cloned();
        if let Some(known) = known {
            return Ok(ses::verify(body, &known, topic)?);
        }
        let certificate = self.fetch(url.clone()).await?;
        ses::verify(body, &certificate, topic)?;
        let mut known = self.certificates();
        if known.len() >= CERTIFICATES {
            known.clear();
        }
        known.insert(url.into(), certificate);
        Ok(())
    }

    async fn fetch(&self, url: Url) -> Result<Bytes, NotTaken> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let outgoing = Outgoing {
            method: Method::GET,
            url: url.into(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        };
        let attempted = self.0.sender.send(outgoing).await;
        match (attempted.failure, attempted.answer) {
            (None, Some(answer)) => Ok(answer.body),
            (failure, _) => {
                let why = failure.map_or_else(String::new, |failure| failure.detail);
                tracing::warn!(host, why, "what was needed of a provider couldn't be had");
                Err(NotTaken::Unavailable)
            }
        }
    }

    async fn record_refusal(&self, who: &Viewer, provider: EmailProvider, why: &str) -> Result<()> {
        let (who, why) = (who.clone(), why.to_owned());
        let recorded = self.0.writer.change(move |tx| {
            Box::pin(async move {
                let mut event = access_event(OwnType::AccessDenied, &who, tx, Err(why), Vec::new());
                let title = provider.title();
                event.section = Some("API".to_owned());
                event.summary = Some(format!("A report that says it is of {title} was refused"));
                event.metadata.insert(
                    "what".to_owned(),
                    format!("POST /api/v2/providers/{provider}").into(),
                );
                tx.record(who.workspace(), event);
                Ok(())
            })
        });
        recorded.await
    }
}

async fn take(
    tx: &mut WriteTx,
    workspace: WorkspaceId,
    provider: EmailProvider,
    events: Vec<ProviderEvent>,
) -> Result<Told> {
    let ids = events
        .iter()
        .flat_map(|event| [&event.provider_id, &event.message_id]);
    let ids = ids.flatten().cloned().collect();
    let (mut told, mut known) = (Told::default(), Known::of(tx, workspace, ids).await?);
    let system = records::system(workspace);
    for event in events {
        let news = match (event.said, &event.recipient) {
            (Said::Happened(status), _) => {
                happened(tx, workspace, provider, status, event, &mut known).await?
            }
            (Said::Nothing, _) | (_, None) => None,
            (Said::Unsubscribed, Some(address)) => {
                let new = New {
                    address,
                    reason: SuppressionReason::Unsubscribed,
                    origin: provider.title(),
                    note: event.detail.clone(),
                    message: None,
                };
                Some(suppressions::add(tx, &system, new).await?)
            }
            (Said::Resubscribed, Some(address)) => {
                // Who comes back of themselves takes back what they said, and nothing else.
                let why = suppressions::of(tx.db(), workspace, address).await?;
                let theirs = why == Some(SuppressionReason::Unsubscribed);
                Some(theirs && suppressions::remove(tx, &system, address).await?)
            }
        };
        match news {
            Some(true) => told.accepted += 1,
            Some(false) => told.duplicates += 1,
            None => told.ignored += 1,
        }
    }
    Ok(told)
}

/// Whether it was news; `None` where it can't be told to whom it happened.
async fn happened(
    tx: &mut WriteTx,
    workspace: WorkspaceId,
    provider: EmailProvider,
    status: EmailStatus,
    event: ProviderEvent,
    known: &mut Known,
) -> Result<Option<bool>> {
    let now = tx.now();
    let new = NewEvent {
        key: event.event_id.clone(),
        // Nothing has happened in the future.
        at: event.at.map_or(now, |at| at.min(now)),
        status,
        bounce: (status == EmailStatus::Bounced).then(|| event.bounce.unwrap_or(BounceType::Soft)),
        code: event.code.clone(),
        detail: event.detail.clone(),
        source: provider.name().to_owned(),
        url: event.url.clone(),
        ip: event.ip.clone(),
        user_agent: event.user_agent.clone(),
    };
    let ids = [&event.provider_id, &event.message_id];
    if let Some(row) = known.find(ids, event.recipient.as_deref()) {
        let mut is = row.clone();
        is.provider_id = is.provider_id.or(event.provider_id);
        is.message_id = is.message_id.or(event.message_id);
        let row = message::replace(tx, row, is).await?;
        let (row, is_news) = Box::pin(message::happened(tx, row, vec![new])).await?;
        known.put(row);
        return Ok(Some(is_news));
    }
    let Some(address) = event.recipient.filter(|address| !domain_of(address).is_empty()) else {
        return Ok(None);
    };
    let made = NewEmail {
        id: tx.new_id(),
        source: provider.name().to_owned(),
        source_id: None,
        at: new.at,
        address,
        to_name: None,
        sender: event.from.unwrap_or_default(),
        subject: event.subject.unwrap_or_default(),
        template: None,
        brand: None,
        company: None,
        contact: None,
        message_id: event.message_id,
        provider_id: event.provider_id,
        text: None,
        html: None,
        sealed: None,
        events: vec![new],
    };
    for row in Box::pin(message::store(tx, workspace, vec![made])).await? {
        known.put(row);
    }
    Ok(Some(true))
}
