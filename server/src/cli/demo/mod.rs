//! `daybook demo`, and what `daybook serve --demo` does first: an empty database becomes Northdesk, a helpdesk that
//! doesn't exist.

mod people;

use super::progress::{Progress, number};
use crate::{Problem, Services, config::Config};
use daybook_backend::{
    demo::{DemoOptions, WORKSPACE_NAME, begins, events, things},
    store::NewEvent,
};
use daybook_domain::{
    id::{EventId, IdMaker, WorkspaceId},
    time::Timestamp,
};
use std::{sync::Arc, time::Instant};
use tokio::sync::mpsc;

/// What `serve --demo` tells: half a year.
const EVENTS: u64 = 30_000;
const DAYS: u32 = 180;
const SEED: u64 = 1;
/// For so many seconds before the end of the story, rules raise alerts for what they find in it.
const WATCHED: i64 = 14 * 24 * 60 * 60;
/// Events per transaction.
const BATCH: usize = 2_000;
/// Batches made ahead of the writer.
const AHEAD: usize = 4;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// How many events, up to tens of millions
    #[arg(long, value_name = "N", default_value_t = EVENTS)]
    events: u64,
    /// The same seed, end and days tell the same story
    #[arg(long, value_name = "S", default_value_t = SEED)]
    seed: u64,
    /// When the story ends, as RFC 3339 time [default: now]
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<Timestamp>,
    /// How many days it covers [default: 180, or as many as make busy days]
    #[arg(long, value_name = "D", value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: Option<u32>,
    /// No companies, contacts, agents or boards: just the log
    #[arg(long)]
    log_only: bool,
}

fn time(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|error| format!("“{text}” {error}"))
}

pub async fn run(config: &Config, args: Args) -> Result<(), Problem> {
    let services = Services::open(config).await?;
    if services.accounts.workspace().await?.is_some() {
        return Err(Problem::new(
            "This database has a workspace already; the demo needs one of its own. Choose an empty folder with \
             --data-dir.",
        ));
    }
    let until = args.until.unwrap_or_else(|| services.clock.now());
    let mut options = DemoOptions::new(args.events, args.seed, until);
    if let Some(days) = args.days.or((args.events <= EVENTS).then_some(DAYS)) {
        options.days = days;
    }
    fill(&services, &options, !args.log_only).await?;
    println!("{}", people::how_to_sign_in(&services).await?);
    Ok(())
}

/// Fills an empty database; says how to sign in where it holds the demo.
pub async fn fill_if_empty(services: &Services) -> Result<Option<String>, Problem> {
    match services.accounts.workspace().await? {
        None => {
            let options = DemoOptions {
                events: EVENTS,
                seed: SEED,
                until: services.clock.now(),
                days: DAYS,
            };
            fill(services, &options, true).await?;
        }
        Some(workspace) if workspace.name == WORKSPACE_NAME => {}
        Some(_) => return Ok(None),
    }
    Ok(Some(people::how_to_sign_in(services).await?))
}

async fn fill(services: &Services, options: &DemoOptions, furnished: bool) -> Result<(), Problem> {
    let begin = Instant::now();
    let workspace = people::found(services, options.seed).await?;
    let mut made = 0;
    if furnished {
        let furnish = services
            .objects
            .furnish(&workspace, begins(options), things(options.seed));
        made = furnish.await?;
        people::furnish_portal(services, begins(options)).await?;
    }
    let stored = tell(services, workspace.id, options).await?;
    services.settle().await?;
    if furnished {
        let since = options.until.plus_seconds(-WATCHED);
        services.monitoring.look_back(since).await?;
        services.settle().await?;
    }
    services.analytics.settle().await?;
    let beside = match made {
        0 => String::new(),
        made => format!(" and {} companies, contacts, boards …", number(made)),
    };
    eprintln!(
        "Filled the demo workspace {WORKSPACE_NAME} with {} events{beside} in {:.1} s.",
        number(stored),
        begin.elapsed().as_secs_f32()
    );
    Ok(())
}

/// Makes the events on a thread of its own while the writer stores those before.
async fn tell(services: &Services, workspace: WorkspaceId, options: &DemoOptions) -> Result<u64, Problem> {
    let (batches, mut ready) = mpsc::channel(AHEAD);
    let (ids, asked) = (Arc::clone(&services.ids), options.clone());
    let making = tokio::task::spawn_blocking(move || make(&asked, ids.as_ref(), &batches));
    let mut progress = Progress::new("Telling the demo", Some(options.events));
    let mut stored = 0;
    while let Some(batch) = ready.recv().await {
        stored += services.writer.append(workspace, batch, false).await?.accepted;
        progress.at(stored, stored);
    }
    progress.end();
    making
        .await
        .map_err(|_| Problem::new("The demo can't be told: its generator broke."))??;
    Ok(stored)
}

fn make(
    options: &DemoOptions,
    ids: &dyn IdMaker,
    batches: &mpsc::Sender<Vec<NewEvent>>,
) -> daybook_backend::Result<()> {
    let mut story = events(options);
    loop {
        let batch: Vec<_> = story
            .by_ref()
            .take(BATCH)
            .map(|body| NewEvent::new(EventId(ids.next()), body, 0, [0; 16]))
            .collect::<Result<_, _>>()?;
        // Nobody waits for it any more: the writer failed, which is told there.
        if batch.is_empty() || batches.blocking_send(batch).is_err() {
            return Ok(());
        }
    }
}
