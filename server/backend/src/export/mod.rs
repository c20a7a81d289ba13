//! Everything of a list as one file, streamed: as much is in memory as the reader is behind.
//!
//! Taking records out is itself recorded (R55): that it began, with the query and how many records it is about, before
//! the first byte leaves; and how many went out, when it ended or the reader went away.

mod csv;
mod excerpt;
mod jobs;

pub(crate) use excerpt::{Excerpt, Most, excerpt};

use crate::{
    Error, Result,
    record::own_event,
    store::{EventStore, Form, Part, Parts},
    writer::{WriteTx, Writer},
};
use async_trait::async_trait;
use bytes::Bytes;
use daybook_domain::{
    catalogue::OwnType,
    event::{EventBody, Outcome},
    export::ExportProgress,
    facet::Count,
    log::LogScope,
    naming::Naming,
    permission::ExportAuditLogs,
    ports,
    query::LogQuery,
    viewer::{Granted, Viewer},
};
use futures::{Stream, StreamExt};
use jobs::{Job, Jobs};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use uuid::Uuid;

/// Exports that run at the same time; each reads as fast as it can.
const AT_ONCE: usize = 4;
/// Seconds until it is worth asking again.
const RETRY: u64 = 15;
/// Pieces that wait for the reader.
const AHEAD: usize = 4;

/// How the file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180, one line per record, safe to be opened in a spreadsheet. Sections and categories stand there as a
    /// person reads them; everything else is as it is stored.
    Csv,
    /// The stored records, one per line.
    JsonLines,
}

impl Format {
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "csv" => Some(Self::Csv),
            "jsonl" => Some(Self::JsonLines),
            _ => None,
        }
    }

    /// Its name in the address, and the ending of the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    fn form(self, naming: Naming) -> Form {
        match self {
            Self::Csv => Form::Written(csv::lines, naming),
            Self::JsonLines => Form::Stored,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::JsonLines => "JSON lines",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::JsonLines => "application/x-ndjson",
        }
    }
}

/// Makes exports. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Exports {
    store: EventStore,
    writer: Writer,
    places: Arc<Semaphore>,
    jobs: Jobs,
}

/// How the sending ended.
enum End {
    Reached,
    Gone,
    Cancelled,
}

/// What one export is about, for its two events.
#[derive(Debug, Clone)]
struct About {
    who: Viewer,
    scope: LogScope,
    query: String,
    format: Format,
    expected: Count,
}

impl Exports {
    pub fn new(store: EventStore, writer: Writer) -> Self {
        Self {
            store,
            writer,
            places: Arc::new(Semaphore::new(AT_ONCE)),
            jobs: Jobs::default(),
        }
    }

    /// Begins an export. The page of the query and what is open there don't matter. Dropping the stream ends it, and
    /// so does whoever knows its number, `job`.
    ///
    /// # Errors
    /// `Invalid` for a query that can't be read, `TooManyRequests` where too many run.
    pub async fn begin(
        &self,
        who: &Granted<ExportAuditLogs>,
        scope: LogScope,
        query: &LogQuery,
        format: Format,
        job: Option<Uuid>,
    ) -> daybook_domain::Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| {
            daybook_domain::Error::TooManyRequests {
                retry_after_seconds: RETRY,
            }
        })?;
        let viewer = who.viewer().clone();
        let request_id = viewer.request().correlation_id.clone();
        let query = query.at(None);
        let begun = async {
            let parts = self
                .store
                .parts(who, scope, &query, format.form(viewer.naming()))
                .await?;
            let about = About {
                scope,
                query: query.to_query_string(),
                format,
                expected: parts.expected(),
                who: viewer,
            };
            self.record(about.clone(), started).await?;
            let (pieces, waiting) = mpsc::channel(AHEAD);
            let job = self.jobs.begin(&about.who, job, about.expected);
            tokio::spawn(self.clone().run(about, parts, pieces, job, place));
            Ok::<_, Error>(waiting)
        };
        let waiting = begun.await.map_err(|error| error.into_domain(&request_id))?;
        let pieces = futures::stream::unfold(waiting, |mut waiting| async move {
            waiting.recv().await.map(|piece| (piece, waiting))
        });
        // Whoever compresses it asks once more after the end.
        Ok(pieces.fuse())
    }

    async fn run(
        self,
        about: About,
        mut parts: Parts,
        pieces: mpsc::Sender<Result<Bytes>>,
        job: Arc<Job>,
        _place: OwnedSemaphorePermit,
    ) {
        let outcome = match self.send(about.format, &mut parts, &pieces, &job).await {
            Ok(End::Reached) => Ok(()),
            Ok(End::Gone) => Err("The reader went away".to_owned()),
            Ok(End::Cancelled) => {
                // A file that ended well would pass for a whole one.
                let _ = pieces.send(Err(Error::Stopping)).await;
                Err("The reader cancelled it".to_owned())
            }
            Err(error) => {
                tracing::error!(error = %crate::error::chain(&error), "an export broke off");
                // Where the reader is gone too, nobody needs to be told.
                let _ = pieces.send(Err(error)).await;
                Err("Daybook couldn't read the records".to_owned())
            }
        };
        let (well, records) = (outcome.is_ok(), job.records());
        let recorded = self
            .record(about, move |tx, about| finished(tx, about, records, outcome))
            .await;
        if let Err(error) = recorded {
            tracing::error!(error = %crate::error::chain(&error), "the end of an export can't be recorded");
        }
        // Whoever sees that it has ended finds it in the log.
        job.end(well);
    }

    /// Sends all records.
    async fn send(
        &self,
        format: Format,
        parts: &mut Parts,
        pieces: &mpsc::Sender<Result<Bytes>>,
        job: &Job,
    ) -> Result<End> {
        if format == Format::Csv && pieces.send(Ok(csv::head()?)).await.is_err() {
            return Ok(End::Gone);
        }
        loop {
            let Some(Part { bytes, count }) = parts.next().await? else {
                return Ok(End::Reached);
            };
            tokio::select! {
                sent = pieces.send(Ok(bytes)) => if sent.is_err() {
                    return Ok(End::Gone);
                },
                () = job.cancelled() => return Ok(End::Cancelled),
            }
            job.add(count);
        }
    }

    async fn record(
        &self,
        about: About,
        event: impl FnOnce(&WriteTx, &About) -> EventBody + Send + 'static,
    ) -> Result<()> {
        self.writer
            .change(move |tx| {
                Box::pin(async move {
                    let event = event(tx, &about);
                    tx.record(about.who.workspace(), event);
                    Ok(())
                })
            })
            .await
    }
}

#[async_trait]
impl ports::Exports for Exports {
    async fn export_progress(
        &self,
        who: &Granted<ExportAuditLogs>,
        job: Uuid,
    ) -> daybook_domain::Result<ExportProgress> {
        let job = self.jobs.find(who.viewer(), job);
        Ok(job.ok_or(daybook_domain::Error::NotFound)?.progress())
    }

    async fn cancel_export(&self, who: &Granted<ExportAuditLogs>, job: Uuid) -> daybook_domain::Result<()> {
        if let Some(job) = self.jobs.find(who.viewer(), job) {
            job.cancel();
        }
        Ok(())
    }
}

fn event(tx: &WriteTx, about: &About, event_type: OwnType) -> EventBody {
    let mut event = own_event(event_type, &about.who, tx);
    event.metadata.insert("log".to_owned(), about.scope.slug().into());
    event
        .metadata
        .insert("query".to_owned(), about.query.clone().into());
    event
        .metadata
        .insert("format".to_owned(), about.format.name().into());
    event
}

fn started(tx: &WriteTx, about: &About) -> EventBody {
    let mut event = event(tx, about, OwnType::ExportStarted);
    let (number, at_most) = (about.expected.number(), !about.expected.is_exact());
    event.summary = Some(format!(
        "Began to export {}{number} records ({}) as {}",
        if at_most { "up to " } else { "" },
        about.scope.title(),
        about.format.title()
    ));
    event.metadata.insert("records".to_owned(), number.into());
    event
}

fn finished(tx: &WriteTx, about: &About, records: u64, outcome: Result<(), String>) -> EventBody {
    let mut event = event(tx, about, OwnType::ExportFinished);
    let how = if outcome.is_ok() {
        "Exported"
    } else {
        "Broke off an export after"
    };
    event.summary = Some(format!(
        "{how} {records} records ({}) as {}",
        about.scope.title(),
        about.format.title()
    ));
    event.outcome = if outcome.is_ok() {
        Outcome::Success
    } else {
        Outcome::Failure
    };
    event.reason = outcome.err();
    event.metadata.insert("records".to_owned(), records.into());
    event
}
