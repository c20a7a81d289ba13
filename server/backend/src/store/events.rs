//! Reading the log. Every method that hands out records takes proof of the permission, or the contact who asks for their
//! own; every query starts with the workspace.

use super::{
    event_types, facets,
    list::{Found, Lists, again},
    parse, tabs,
};
use crate::{
    Error, Result,
    beside::beside,
    db::Db,
    index::{EventIndex, search::Question},
    local_time::{self, Reader},
};
use async_trait::async_trait;
use daybook_domain::{
    about::About,
    activity::{ActivityQuery, ActivitySummary, LogTrace},
    catalogue::SeenType,
    compare::{CompareQuery, Comparison},
    cursor::{Cursor, Direction},
    event::Event,
    facet::{Count, Overview},
    id::{EventId, WorkspaceId},
    log::{LogKind, LogScope},
    page::{EventDetail, EventPage, EventRow, PAGE_SIZE},
    permission::ViewAuditLogs,
    portal::ContactViewer,
    ports::AuditLogs,
    query::LogQuery,
    search::Expr,
    time::{Clock, Timestamp},
    viewer::{Granted, Viewer},
    work_session::day::{AgentDay, DayQuery},
};
use daybook_entity::event::{self, Column as C};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::sync::Arc;

/// Most records in one answer of the API.
pub const MAX_RECORDS: usize = 1_000;

/// The log, to be read.
#[derive(Debug, Clone)]
pub struct EventStore {
    db: Db,
    index: EventIndex,
    clock: Arc<dyn Clock>,
}

impl EventStore {
    pub fn new(db: Db, index: EventIndex, clock: Arc<dyn Clock>) -> Self {
        Self { db, index, clock }
    }

    pub(super) fn index(&self) -> &EventIndex {
        &self.index
    }

    pub(super) fn lists(&self, workspace: WorkspaceId, scope: LogScope) -> Lists {
        Lists {
            db: self.db.clone(),
            index: self.index.clone(),
            workspace,
            scope,
        }
    }

    pub(super) fn reader(&self, who: &Viewer, tz: Option<&str>) -> Result<Reader> {
        let now = self.clock.now();
        let reader = Reader::viewer(who, now);
        Ok(match tz {
            Some(name) => reader.in_zone(local_time::zone(name)?),
            None => reader,
        })
    }

    /// Whole records for programs, newest first, and where the next ones begin. `limit` is cut to 1,000.
    ///
    /// # Errors
    /// `Invalid` for a zone that isn't known.
    pub async fn records(
        &self,
        who: &Granted<ViewAuditLogs>,
        scope: LogScope,
        query: &LogQuery,
        limit: usize,
    ) -> daybook_domain::Result<(Vec<Event>, Option<Cursor>)> {
        let viewer = who.viewer();
        let found = async {
            let reader = self.reader(viewer, query.tz.as_deref())?;
            let lists = self.lists(who.workspace(), scope);
            let question = lists.question(query, &reader).await?;
            let limit = limit.clamp(1, MAX_RECORDS);
            let found = again(|| Box::pin(lists.page(&question, query.cursor, limit + 1))).await?;
            Ok(up_to(found, limit))
        };
        found.await.map_err(outside(viewer))
    }

    /// Up to `limit` records of all logs that an expression asks for, newest first, and where to go on. What of them a contact
    /// may see the expression has to say, and whoever shows them.
    ///
    /// # Errors
    /// Where the database fails.
    pub(crate) async fn asked(
        &self,
        who: &ContactViewer,
        expr: Expr,
        from: Option<Cursor>,
        limit: usize,
    ) -> Result<(Vec<Event>, Option<Cursor>)> {
        let lists = self.lists(who.workspace(), LogScope::All);
        let question = Question::of(expr);
        let found = again(|| Box::pin(lists.page(&question, from, limit + 1))).await?;
        Ok(up_to(found, limit))
    }

    /// How many records of a list came after a sequence, and the sequence of the last record of the log.
    ///
    /// # Errors
    /// `Invalid` for a query that can't be read.
    pub async fn newer(
        &self,
        who: &Granted<ViewAuditLogs>,
        scope: LogScope,
        query: &LogQuery,
        after: i64,
    ) -> daybook_domain::Result<(Count, i64)> {
        let viewer = who.viewer();
        let counted = async {
            let reader = self.reader(viewer, query.tz.as_deref())?;
            let lists = self.lists(who.workspace(), scope);
            let mut question = lists.question(query, &reader).await?;
            question.sequences.start = after.saturating_add(1);
            again(|| Box::pin(lists.count_to_the_end(&question))).await
        };
        counted.await.map_err(outside(viewer))
    }

    async fn page(
        &self,
        workspace: WorkspaceId,
        scope: LogScope,
        query: &LogQuery,
        reader: &Reader,
    ) -> Result<EventPage> {
        let lists = self.lists(workspace, scope);
        let question = lists.question(query, reader).await?;
        let (lists, question) = (&lists, &question);
        let fetch = |cursor| again(move || Box::pin(lists.page(question, cursor, PAGE_SIZE + 1)));
        let mut cursor = query.cursor;
        let mut found = fetch(cursor).await?;
        let backwards = |cursor: Option<Cursor>| cursor.is_some_and(|at| at.direction == Direction::Newer);
        if backwards(cursor) && found.events.len() <= PAGE_SIZE && found.searched_to.is_none() {
            // Fewer than a page lie before: show the whole first page rather than a short one.
            cursor = None;
            found = fetch(None).await?;
        }
        let Found {
            mut events,
            searched_to,
            last_sequence,
        } = found;
        let more = events.len() > PAGE_SIZE;
        events.truncate(PAGE_SIZE);
        let backwards = backwards(cursor);
        if backwards {
            events.reverse();
        }
        let goes_on = |direction| searched_to.map(|at| mark(at, direction));
        let older = goes_on(Direction::Older).filter(|_| !backwards).or_else(|| {
            let last = events.last().filter(|_| more || backwards)?;
            Some(position(last, Direction::Older))
        });
        let newer = goes_on(Direction::Newer).filter(|_| backwards).or_else(|| {
            let first = events
                .first()
                .filter(|_| if backwards { more } else { cursor.is_some() })?;
            Some(position(first, Direction::Newer))
        });
        Ok(EventPage {
            rows: events
                .iter()
                .map(|event| EventRow::new(event, reader.local(event.body.occurred_at)))
                .collect(),
            older,
            newer,
            searched_to: searched_to.map(|(time, _)| reader.local(time)),
            last_sequence,
            zone: reader.zone_name().to_owned(),
        })
    }

    pub(super) async fn by_id(&self, workspace: WorkspaceId, id: EventId) -> Result<Event> {
        let record: Option<String> = event::Entity::find()
            .select_only()
            .column(C::Record)
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Id.eq(id.0))
            .into_tuple()
            .one(&self.db.read)
            .await?;
        parse(&record.ok_or(daybook_domain::Error::NotFound)?)
    }

    /// How many records each log has, of those that have had any.
    pub(crate) async fn totals(&self, workspace: WorkspaceId) -> Result<Vec<(LogKind, u64)>> {
        facets::totals(&self.db.read, workspace).await
    }

    /// How many records a list has.
    pub(crate) async fn count(
        &self,
        workspace: WorkspaceId,
        scope: LogScope,
        query: &LogQuery,
        reader: &Reader,
    ) -> Result<Count> {
        let lists = self.lists(workspace, scope);
        let question = lists.question(query, reader).await?;
        again(|| Box::pin(lists.count(&question))).await
    }
}

/// The first of what was found, and where the rest begins.
fn up_to(found: Found, limit: usize) -> (Vec<Event>, Option<Cursor>) {
    let Found {
        mut events,
        searched_to,
        ..
    } = found;
    let more = events.len() > limit;
    events.truncate(limit);
    let next = searched_to.map(|at| mark(at, Direction::Older)).or_else(|| {
        let last = events.last().filter(|_| more)?;
        Some(position(last, Direction::Older))
    });
    (events, next)
}

pub(super) fn position(event: &Event, direction: Direction) -> Cursor {
    Cursor {
        direction,
        occurred_at: event.body.occurred_at,
        sequence: event.sequence,
    }
}

pub(super) fn mark((occurred_at, sequence): (Timestamp, i64), direction: Direction) -> Cursor {
    Cursor {
        direction,
        occurred_at,
        sequence,
    }
}

pub(super) fn outside(who: &Viewer) -> impl Fn(Error) -> daybook_domain::Error {
    move |error| error.into_domain(&who.request().correlation_id)
}

#[async_trait]
impl AuditLogs for EventStore {
    async fn list_events(
        &self,
        who: &Granted<ViewAuditLogs>,
        scope: LogScope,
        query: &LogQuery,
    ) -> daybook_domain::Result<EventPage> {
        let viewer = who.viewer();
        let reader = self
            .reader(viewer, query.tz.as_deref())
            .map_err(outside(viewer))?;
        let (store, workspace, query) = (self.clone(), who.workspace(), query.clone());
        beside(async move { store.page(workspace, scope, &query, &reader).await })
            .await
            .map_err(outside(viewer))
    }

    async fn activity(
        &self,
        who: &Granted<ViewAuditLogs>,
        query: &ActivityQuery,
    ) -> daybook_domain::Result<ActivitySummary> {
        let viewer = who.viewer();
        let reader = self
            .reader(viewer, query.tz.as_deref())
            .map_err(outside(viewer))?;
        let (store, workspace, query) = (self.clone(), who.workspace(), query.clone());
        beside(async move { store.activity_of(workspace, &query, &reader).await })
            .await
            .map_err(outside(viewer))
    }

    async fn trace(&self, who: &Granted<ViewAuditLogs>, about: &About) -> daybook_domain::Result<LogTrace> {
        let viewer = who.viewer();
        let reader = self.reader(viewer, None).map_err(outside(viewer))?;
        let trace = self.trace_of(who.workspace(), about, &reader).await;
        trace.map_err(outside(viewer))
    }

    async fn event(
        &self,
        who: &Granted<ViewAuditLogs>,
        id: EventId,
        tz: Option<&str>,
    ) -> daybook_domain::Result<EventDetail> {
        let viewer = who.viewer();
        let reader = self.reader(viewer, tz).map_err(outside(viewer))?;
        let event = self.by_id(who.workspace(), id).await.map_err(outside(viewer))?;
        Ok(EventDetail {
            occurred: reader.local(event.body.occurred_at),
            recorded: reader.local(event.recorded_at),
            zone: reader.zone_name().to_owned(),
            event,
        })
    }

    async fn compare(
        &self,
        who: &Granted<ViewAuditLogs>,
        query: &CompareQuery,
        tz: Option<&str>,
    ) -> daybook_domain::Result<Comparison> {
        self.comparison(who, query, tz).await
    }

    async fn agent_day(
        &self,
        who: &Granted<ViewAuditLogs>,
        query: &DayQuery,
    ) -> daybook_domain::Result<AgentDay> {
        self.day(who, query).await
    }

    async fn overview(
        &self,
        who: &Granted<ViewAuditLogs>,
        scope: LogScope,
        query: &LogQuery,
    ) -> daybook_domain::Result<Overview> {
        let viewer = who.viewer();
        let reader = self
            .reader(viewer, query.tz.as_deref())
            .map_err(outside(viewer))?;
        let (lists, query) = (self.lists(who.workspace(), scope), query.clone());
        beside(async move { again(|| Box::pin(lists.overview(&query, &reader))).await })
            .await
            .map_err(outside(viewer))
    }

    async fn event_types(&self, who: &Granted<ViewAuditLogs>) -> daybook_domain::Result<Vec<SeenType>> {
        event_types::seen(&self.db.read, who.workspace())
            .await
            .map_err(outside(who.viewer()))
    }

    async fn logs(&self, who: &Granted<ViewAuditLogs>) -> daybook_domain::Result<Vec<(LogScope, u64)>> {
        tabs::tabs(&self.db.read, who.workspace())
            .await
            .map_err(outside(who.viewer()))
    }
}
