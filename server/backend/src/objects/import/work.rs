//! The work on an import: its lines, some at a time.

use super::{
    file::{self, Table},
    lines::{Meant, Reading, same_as},
    stored,
};
use crate::{
    Error, Result,
    objects::{
        Objects, circles,
        save::{Became, Beginning, Intended, Prepared, Ready, Touched},
    },
    record::own_event,
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    catalogue::OwnType,
    id::{IdMaker, ImportId, WorkspaceId},
    naming::Naming,
    object::{Change, ImportCounts, ImportProblem, ImportState, KindGranted, Property},
    viewer::Viewer,
};
use daybook_entity::{
    event_head,
    object_import::{self, Column as C},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::{ops::Range, sync::Arc};
use tokio::{sync::oneshot, task::JoinHandle};

/// Lines stored together: so long, half a second on two slow cores, does the writer do nothing else. Fewer would touch the
/// same pages of the indexes more often.
pub(in crate::objects) const STORED: usize = 2500;
/// Lines tried together.
const TRIED: usize = 2000;

/// A file, and how it is read.
struct Work {
    id: ImportId,
    table: Table,
    reading: Reading,
    /// For each line the number of an earlier one about the same thing.
    twice: Vec<Option<u64>>,
}

impl Objects {
    /// Works on it behind the answer.
    pub(super) fn go_to_work(&self, who: &KindGranted<Change>, id: ImportId) {
        let (objects, who) = (self.clone(), who.clone());
        tokio::spawn(async move {
            if let Err(error) = objects.work(&who, id).await {
                // Its page says that it stalled, and offers to go on.
                tracing::warn!(error = %crate::error::chain(&error), import = %id, "an import broke off");
            }
        });
    }

    /// Works on it until it is through.
    pub(crate) async fn work(&self, who: &KindGranted<Change>, id: ImportId) -> Result<()> {
        let (workspace, kind) = (who.workspace(), who.kind());
        let row = stored::find(&self.db.read, workspace, kind, id).await?;
        let state = stored::state(&row)?;
        // Somebody else was faster.
        if !state.is_at_work() {
            return Ok(());
        }
        let text = stored::content(&self.db.read, workspace, id).await?;
        let settings = serde_json::from_str(&row.settings).map_err(Error::damaged)?;
        let read = move || -> Result<Work> {
            let table = file::table(&text)?;
            let width = table.heads.len();
            let reading = Reading {
                kind,
                settings,
                width,
            };
            let twice = reading.twice(&table.lines);
            Ok(Work {
                id,
                table,
                reading,
                twice,
            })
        };
        let work = tokio::task::spawn_blocking(read)
            .await
            .map_err(Error::damaged)??;
        let work = Arc::new(work);
        // All of it is the one action that began it, also where it goes on later.
        let viewer = who.viewer().in_action(row.correlation_id.clone());
        let together = if state == ImportState::Importing {
            STORED
        } else {
            TRIED
        };
        let mut done = usize::try_from(row.done).unwrap_or_default();
        let all = work.table.lines.len();
        let mut before = Before::default();
        while done < all {
            let some = done..all.min(done + together);
            done = some.end;
            if state == ImportState::Importing {
                let next = done..all.min(done + together);
                let (numbered, last_number) = oneshot::channel();
                let ahead = self.begin_ahead(&viewer, &work, next, last_number);
                let left = self.store(&viewer, &work, some, before, numbered).await?;
                before = Before {
                    left: Some(left),
                    ahead: ahead.await.map_err(Error::damaged)??,
                };
            } else {
                self.attempt(&viewer, &work, some).await?;
            }
        }
        self.finish(&viewer, &work, state).await
    }

    async fn attempt(&self, who: &Viewer, work: &Arc<Work>, some: Range<usize>) -> Result<()> {
        let Read {
            mut outcome,
            prepared,
        } = Read::of(&self.db.read, who, work, &some).await?;
        outcome.add(prepared.foreseen()?);
        let (id, was) = (work.id, some.start as u64);
        let stored = self.accounts.change(who, "check a file", move |tx, who| {
            Box::pin(async move {
                stored::advance(
                    tx,
                    who.workspace(),
                    id,
                    ImportState::Checking,
                    was,
                    &outcome.counts,
                )
                .await?;
                stored::add_problems(tx, who.workspace(), id, &outcome.problems).await
            })
        });
        Ok(stored.await?)
    }

    /// Reads the next lines, and makes what is to be written of them, while those before them are stored. Of a kind whose
    /// things refer to each other, lines may mean what those before them make: nothing is read of those.
    fn begin_ahead(
        &self,
        who: &Viewer,
        work: &Arc<Work>,
        next: Range<usize>,
        last_number: oneshot::Receiver<i32>,
    ) -> JoinHandle<Result<Option<Ahead>>> {
        let (objects, who, work) = (self.clone(), who.clone(), Arc::clone(work));
        tokio::spawn(async move {
            let kind = work.reading.kind;
            let properties = kind.spec().properties;
            let among_themselves = properties.iter().any(|one| one.refers_to() == Some(kind));
            if among_themselves || next.is_empty() {
                return Ok(None);
            }
            let db = &objects.db.read;
            let as_of = last_sequence(db, who.workspace()).await?;
            let read = Read::of(db, &who, &work, &next).await?;
            // Those before them weren't stored.
            let Ok(last_number) = last_number.await else {
                return Ok(None);
            };
            let at = objects.clock.now();
            let begin = Beginning { at, last_number };
            let made = read.make(&who, objects.accounts.ids(), begin).await?;
            Ok(Some(Ahead { as_of, made }))
        })
    }

    async fn store(
        &self,
        who: &Viewer,
        work: &Arc<Work>,
        some: Range<usize>,
        before: Before,
        numbered: oneshot::Sender<i32>,
    ) -> Result<Left> {
        let work = Arc::clone(work);
        let stored = self.accounts.change(who, "import a file", move |tx, who| {
            Box::pin(async move {
                let (workspace, kind) = (who.workspace(), work.reading.kind);
                circles::one_at_a_time(tx.db(), workspace, kind).await?;
                let begins = last_sequence(tx.db(), workspace).await?;
                let made = if let Some(made) = before.still_true(begins) {
                    made
                } else {
                    let read = Read::of(tx.db(), who, &work, &some).await?;
                    let begin = Beginning::next(tx, workspace, kind).await?;
                    read.make(who, tx.ids(), begin).await?
                };
                let Made { mut outcome, ready } = made;
                // Nobody may want to know.
                let _gone = numbered.send(ready.last_number());
                let (saved, touched) = ready.store(tx).await?;
                outcome.add(saved.into_iter().map(|saved| saved.map(|(_, became)| became)));
                let (state, was) = (ImportState::Importing, some.start as u64);
                stored::advance(tx, workspace, work.id, state, was, &outcome.counts).await?;
                stored::add_problems(tx, workspace, work.id, &outcome.problems).await?;
                let ends = begins + i64::try_from(tx.recorded()).unwrap_or(i64::MAX);
                Ok(Left {
                    begins,
                    ends,
                    touched,
                })
            })
        });
        Ok(stored.await?)
    }

    async fn finish(&self, who: &Viewer, work: &Arc<Work>, state: ImportState) -> Result<()> {
        let work = Arc::clone(work);
        let finished = self.accounts.change(who, "import a file", move |tx, who| {
            Box::pin(async move {
                let after = match state {
                    ImportState::Importing => ImportState::Finished,
                    _ => ImportState::Checked,
                };
                let updated = object_import::Entity::update_many()
                    .col_expr(C::State, after.name().into())
                    .col_expr(C::TouchedAt, tx.now().micros().into())
                    .filter(C::WorkspaceId.eq(who.workspace().0))
                    .filter(C::Id.eq(work.id.0))
                    .filter(C::State.eq(state.name()))
                    .exec(tx.db())
                    .await?;
                if updated.rows_affected == 1 && after == ImportState::Finished {
                    let row = stored::find(tx.db(), who.workspace(), work.reading.kind, work.id).await?;
                    tell(tx, who, &work, &row);
                }
                Ok(())
            })
        });
        Ok(finished.await?)
    }
}

/// The last record of the log: every change of a thing moves it.
async fn last_sequence(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<i64> {
    let head = event_head::Entity::find_by_id(workspace.0).one(db).await?;
    let head = head.ok_or_else(|| Error::damaged("the workspace has no log"))?;
    Ok(head.last_sequence)
}

/// Some lines, compared with what is there.
struct Read {
    outcome: Outcome,
    prepared: Prepared,
}

impl Read {
    async fn of(
        db: &impl ConnectionTrait,
        who: &Viewer,
        work: &Arc<Work>,
        some: &Range<usize>,
    ) -> Result<Self> {
        let lines = work.table.lines.get(some.clone()).unwrap_or_default();
        let (meant, looked_for) = work.reading.meant(db, who, lines).await?;
        let mut outcome = Outcome::new(work, some);
        let intended = outcome.sort(meant);
        let prepared = Prepared::of(db, who, work.reading.kind, intended, looked_for).await?;
        Ok(Self { outcome, prepared })
    }

    async fn make(self, who: &Viewer, ids: Arc<dyn IdMaker>, begin: Beginning) -> Result<Made> {
        let Self { outcome, prepared } = self;
        let ready = prepared.make(who, ids, begin).await?;
        Ok(Made { outcome, ready })
    }
}

/// Some lines, and what is to be written of them.
struct Made {
    outcome: Outcome,
    ready: Ready,
}

/// Lines that were made before their turn.
struct Ahead {
    /// The last record of the log when they began to be read.
    as_of: i64,
    made: Made,
}

/// What storing some lines has left.
struct Left {
    /// The last record of the log before it, and with its own.
    begins: i64,
    ends: i64,
    touched: Touched,
}

/// What is known when some lines are stored.
#[derive(Default)]
struct Before {
    left: Option<Left>,
    ahead: Option<Ahead>,
}

impl Before {
    /// What was made ahead, where the log hasn't moved since but for the lines before, and those touched nothing of it.
    fn still_true(self, now: i64) -> Option<Made> {
        let (left, ahead) = (self.left?, self.ahead?);
        let nobody_else = left.ends == now && (ahead.as_of == left.begins || ahead.as_of == left.ends);
        (nobody_else && !ahead.made.ready.rests_on(&left.touched)).then_some(ahead.made)
    }
}

fn tell(tx: &mut WriteTx, who: &Viewer, work: &Work, row: &object_import::Model) {
    let spec = work.reading.kind.spec();
    let counts = stored::counts(row);
    let mut event = own_event(OwnType::DataImported, who, tx);
    event.summary = Some(format!(
        "Imported {}: {} {} created, {} changed",
        row.file,
        counts.created,
        Naming::default().plural_in_sentence(spec.kind),
        counts.changed
    ));
    let metadata = &mut event.metadata;
    metadata.insert("kind".to_owned(), spec.kind.name().into());
    metadata.insert("file".to_owned(), row.file.as_str().into());
    for (name, count) in [
        ("lines", row.lines.unsigned_abs()),
        ("created", counts.created),
        ("changed", counts.changed),
        ("same", counts.same),
        ("bad", counts.bad),
    ] {
        metadata.insert(name.to_owned(), count.into());
    }
    tx.record(who.workspace(), event);
}

/// What becomes of some lines.
struct Outcome {
    work: Arc<Work>,
    first: usize,
    counts: ImportCounts,
    problems: Vec<ImportProblem>,
    /// The places of the lines whose things go on their way.
    going: Vec<usize>,
}

impl Outcome {
    fn new(work: &Arc<Work>, some: &Range<usize>) -> Self {
        Self {
            work: Arc::clone(work),
            first: some.start,
            counts: ImportCounts {
                done: some.len() as u64,
                ..ImportCounts::default()
            },
            problems: Vec::new(),
            going: Vec::new(),
        }
    }

    /// Those that are to be stored.
    fn sort(&mut self, meant: Vec<Meant>) -> Vec<Intended> {
        let mut intended = Vec::with_capacity(meant.len());
        for (place, meant) in meant.into_iter().enumerate() {
            let place = self.first + place;
            let earlier = self.work.twice.get(place).copied().flatten();
            match (meant, earlier) {
                (Err(told), _) => self.refuse(place, told),
                (Ok(_), Some(earlier)) => self.refuse(place, same_as(earlier)),
                (Ok(None), None) => self.counts.same += 1,
                (Ok(Some(one)), None) => {
                    self.going.push(place);
                    intended.push(one);
                }
            }
        }
        intended
    }

    fn add(&mut self, became: impl IntoIterator<Item = Result<Became, Told>>) {
        let going = std::mem::take(&mut self.going);
        for (place, became) in going.into_iter().zip(became) {
            match became {
                Ok(Became::Created) => self.counts.created += 1,
                Ok(Became::Changed) => self.counts.changed += 1,
                Ok(Became::Same) => self.counts.same += 1,
                Err(told) => self.refuse(place, told),
            }
        }
    }

    fn refuse(&mut self, place: usize, told: Told) {
        let (property, reason) = match told {
            Told::Invalid { field, reason } => (Some(field), reason),
            other => (None, other.to_string()),
        };
        let column = property.map(|name| {
            let known = self.work.reading.kind.spec().property(&name);
            known.map_or(name, |property: &Property| property.title.to_owned())
        });
        self.counts.bad += 1;
        self.problems.push(ImportProblem {
            line: self.work.table.lines.get(place).map_or(0, |line| line.number),
            column,
            reason,
        });
    }
}
