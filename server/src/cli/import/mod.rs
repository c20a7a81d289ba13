//! `daybook import`: files of events, one a line.
//!
//! Whatever stops it, calling it again goes on: each line has an id (its own, or one made of its content), and what
//! is stored already counts as a duplicate. So nothing needs to be remembered between runs.

mod ids;
mod lines;
mod rejected;

use super::{
    progress::{Progress, number, per_second},
    workspace,
};
use crate::{Problem, Services, config::Config};
use daybook_backend::{
    accounts::Workspace,
    ingest::parse_line,
    record::own_event,
    store::{NewEvent, Refusal},
};
use daybook_domain::{catalogue::OwnType, id::IdMaker, time::Timestamp};
use ids::Ordinals;
use lines::{BytesRead, End, Line, Lines, MAX_LINE};
use rejected::Rejected;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    time::Instant,
};
use tokio::sync::mpsc;

/// Events per transaction.
const BATCH: usize = 1_000;
/// Batches read ahead of the writer.
const AHEAD: usize = 4;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files of events, one JSON object a line, plain or gzip; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Who sent the events that don't say so themselves. With ids of their own, the same events under another source
    /// are other events
    #[arg(long, value_name = "NAME", default_value = "import")]
    source: String,
}

pub async fn run(config: &Config, args: Args) -> Result<(), Problem> {
    let services = Services::open(config).await?;
    let workspace = workspace(&services).await?;
    let mut rejected = 0;
    for path in &args.files {
        rejected += import(&services, &workspace, path, &args.source).await?;
    }
    services.settle().await?;
    if rejected == 0 {
        return Ok(());
    }
    // Not a success: whoever deletes files after importing them should look first.
    Err(Problem::new(format!(
        "{} lines were rejected; the rest is stored.",
        number(rejected)
    )))
}

/// What the reading thread hands over: events, and lines that are none, in the order of the file.
#[derive(Default)]
struct Batch {
    events: Vec<NewEvent>,
    /// The lines of the events: `events[i]` knows its own position here.
    lines: Vec<Line>,
    refused: Vec<Refusal>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    accepted: u64,
    duplicates: u64,
}

async fn import(
    services: &Services,
    workspace: &Workspace,
    path: &Path,
    source: &str,
) -> Result<u64, Problem> {
    let begin = Instant::now();
    let read = BytesRead::default();
    let (lines, size) = Lines::open(path, &read).map_err(|error| {
        Problem::new(format!(
            "{} can't be read: {error}. Check the path and its permissions.",
            path.display()
        ))
    })?;
    let (batches, mut ready) = mpsc::channel(AHEAD);
    let (ids, now, name) = (Arc::clone(&services.ids), services.clock.now(), source.to_owned());
    let reading = tokio::task::spawn_blocking(move || read_all(lines, &name, now, ids.as_ref(), &batches));
    let mut progress = Progress::new(format!("Importing {}", path.display()), size);
    let mut rejected = Rejected::beside(path);
    let mut counts = Counts::default();
    while let Some(batch) = ready.recv().await {
        let stored = store(services, workspace, batch, &mut rejected).await;
        let stored = stored.inspect_err(|_| progress.end())?;
        counts.accepted += stored.accepted;
        counts.duplicates += stored.duplicates;
        let lines = counts.accepted + counts.duplicates + rejected.count;
        progress.at(read.load(Ordering::Relaxed), lines);
    }
    progress.end();
    let ended = reading
        .await
        .map_err(|_| Problem::new("Reading the file broke."))?;
    record(services, workspace, path, counts, rejected.count).await?;
    tell(path, counts, &rejected, begin);
    match ended {
        Ok(()) => Ok(rejected.count),
        Err(error) => Err(Problem::new(format!(
            "{} can't be read to its end: {error}. What came before is stored; import the whole file again to add \
             the rest.",
            path.display()
        ))),
    }
}

/// Runs on a thread of its own: reads, gives ids, parses.
fn read_all(
    mut lines: Lines,
    source: &str,
    now: Timestamp,
    ids: &dyn IdMaker,
    batches: &mpsc::Sender<Batch>,
) -> std::io::Result<()> {
    let mut ordinals = Ordinals::default();
    loop {
        let mut batch = Batch::default();
        for line in lines.by_ref().take(BATCH) {
            let index = batch.lines.len();
            match event(&line, index, source, now, ids, &mut ordinals) {
                Ok(event) => batch.events.push(event),
                Err(refusal) => batch.refused.push(refusal),
            }
            batch.lines.push(line);
        }
        // Nobody waits for it any more: storing failed, which is told there.
        if batch.lines.is_empty() || batches.blocking_send(batch).is_err() {
            return lines.take_error().map_or(Ok(()), Err);
        }
    }
}

fn event(
    line: &Line,
    index: usize,
    source: &str,
    now: Timestamp,
    ids: &dyn IdMaker,
    ordinals: &mut Ordinals,
) -> Result<NewEvent, Refusal> {
    let refuse = |reason: String| Refusal {
        index,
        field: String::new(),
        reason,
    };
    if line.end == End::TooLong {
        return Err(refuse(format!("is longer than {MAX_LINE} bytes")));
    }
    if line.end == End::Broken {
        return Err(refuse(
            "is cut off: the file can't be read any further".to_owned(),
        ));
    }
    let parsed = parse_line(&ordinals.with_id(&line.bytes), index, source, now, ids);
    parsed.map_err(|mut refusal| {
        let is_json = !refusal.reason.starts_with("is not JSON");
        if !is_json && line.end == End::File {
            refusal
                .reason
                .push_str("; the file ends here without a line end, so it may be cut off");
        }
        if !is_json && line.number == 1 && line.bytes.trim_ascii() == b"[" {
            refusal
                .reason
                .push_str("; to make one event a line of a JSON array: jq -c '.[]' FILE");
        }
        refusal
    })
}

async fn store(
    services: &Services,
    workspace: &Workspace,
    batch: Batch,
    rejected: &mut Rejected,
) -> Result<Counts, Problem> {
    let Batch {
        events,
        lines,
        mut refused,
    } = batch;
    let mut counts = Counts::default();
    if !events.is_empty() {
        let outcome = services
            .writer
            .append(workspace.id, events, false)
            .await
            .map_err(|error| {
                Problem::new(format!(
                    "Not everything could be stored: {}. What was stored stays; mend this and import again.",
                    daybook_backend::error::chain(&error)
                ))
            })?;
        counts.accepted = outcome.accepted;
        counts.duplicates = outcome.duplicates;
        refused.extend(outcome.rejected);
    }
    refused.sort_by_key(|refusal| refusal.index);
    for refusal in refused {
        if let Some(line) = lines.get(refusal.index) {
            rejected.add(line.number, &refusal.field, &refusal.reason, &line.bytes)?;
        }
    }
    Ok(counts)
}

/// An import is itself something that happened.
async fn record(
    services: &Services,
    workspace: &Workspace,
    path: &Path,
    counts: Counts,
    rejected: u64,
) -> Result<(), Problem> {
    if counts.accepted == 0 {
        return Ok(());
    }
    let who = services.accounts.system_viewer(workspace, super::COMMAND_LINE);
    let file = path.file_name().map_or_else(
        || "standard input".into(),
        |name| name.to_string_lossy().into_owned(),
    );
    let recorded = services.writer.change(move |tx| {
        Box::pin(async move {
            let mut event = own_event(OwnType::EventsImported, &who, tx);
            event.summary = Some(
                format!("Imported {} events from {file}", number(counts.accepted))
                    .chars()
                    .take(1000)
                    .collect(),
            );
            let facts = [
                ("accepted", counts.accepted),
                ("duplicates", counts.duplicates),
                ("rejected", rejected),
            ];
            for (name, count) in facts {
                event.metadata.insert(name.to_owned(), count.into());
            }
            event.metadata.insert("file".to_owned(), file.into());
            tx.record(who.workspace(), event);
            Ok(())
        })
    });
    Ok(recorded.await?)
}

fn tell(path: &Path, counts: Counts, rejected: &Rejected, begin: Instant) {
    let took = begin.elapsed();
    let all = counts.accepted + counts.duplicates + rejected.count;
    println!(
        "{}: {} accepted, {} duplicates, {} rejected, in {:.1} s ({} per second)",
        path.display(),
        number(counts.accepted),
        number(counts.duplicates),
        number(rejected.count),
        took.as_secs_f32(),
        number(per_second(all, took))
    );
    if rejected.count > 0 {
        println!(
            "The rejected lines are in {}, with reasons.",
            rejected.path().display()
        );
    }
}
