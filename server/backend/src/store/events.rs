//! Reading the log. Every method that hands out records takes proof of the permission; every query starts with the
//! workspace.

use super::facets;
use crate::{
    Error, Result,
    db::Db,
    local_time::{self, Reader},
};
use async_trait::async_trait;
use daybook_domain::{
    cursor::{Cursor, Direction},
    event::Event,
    facet::Facet,
    id::{EventId, WorkspaceId},
    log::{FilterField, LogKind, LogScope},
    page::{EventDetail, EventPage, EventRow, PAGE_SIZE},
    permission::ViewAuditLogs,
    ports::AuditLogs,
    query::LogQuery,
    time::{Clock, End},
    viewer::{Granted, Viewer},
};
use daybook_entity::event::{self, Column as C};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};
use std::sync::Arc;

/// Most records in one answer of the API.
pub const MAX_RECORDS: usize = 1_000;

/// The log, to be read.
#[derive(Debug, Clone)]
pub struct EventStore {
    db: Db,
    clock: Arc<dyn Clock>,
}

impl EventStore {
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock }
    }

    fn reader(&self, who: &Viewer, tz: Option<&str>) -> Result<Reader> {
        let now = self.clock.now();
        Ok(match tz {
            Some(name) => Reader::new(local_time::zone(name)?, now),
            None => Reader::of(who.zone(), now),
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
            let Some(matching) = self.matching(who.workspace(), scope, query, &reader).await? else {
                return Ok((Vec::new(), None));
            };
            let limit = limit.clamp(1, MAX_RECORDS);
            let mut found = self.fetch(matching, query.cursor, limit).await?;
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found
                .last()
                .filter(|_| more)
                .map(|last| position(last, Direction::Older));
            Ok((found, next))
        };
        found.await.map_err(outside(viewer))
    }

    async fn page(
        &self,
        workspace: WorkspaceId,
        scope: LogScope,
        query: &LogQuery,
        reader: &Reader,
    ) -> Result<EventPage> {
        let Some(matching) = self.matching(workspace, scope, query, reader).await? else {
            return Ok(EventPage {
                rows: Vec::new(),
                older: None,
                newer: None,
                zone: reader.zone_name().to_owned(),
            });
        };
        let mut cursor = query.cursor;
        let mut found = self.fetch(matching.clone(), cursor, PAGE_SIZE).await?;
        if cursor.is_some_and(|at| at.direction == Direction::Newer) && found.len() <= PAGE_SIZE {
            // Fewer than a page lie before: show the whole first page rather than a short one.
            cursor = None;
            found = self.fetch(matching, None, PAGE_SIZE).await?;
        }
        let more = found.len() > PAGE_SIZE;
        found.truncate(PAGE_SIZE);
        let backwards = cursor.is_some_and(|at| at.direction == Direction::Newer);
        if backwards {
            found.reverse();
        }
        let older = found
            .last()
            .filter(|_| more || backwards)
            .map(|last| position(last, Direction::Older));
        let newer = found
            .first()
            .filter(|_| if backwards { more } else { cursor.is_some() })
            .map(|first| position(first, Direction::Newer));
        Ok(EventPage {
            rows: found
                .iter()
                .map(|event| EventRow::new(event, reader.local(event.body.occurred_at)))
                .collect(),
            older,
            newer,
            zone: reader.zone_name().to_owned(),
        })
    }

    /// The query without page and order; `None` where nothing can match.
    async fn matching(
        &self,
        workspace: WorkspaceId,
        scope: LogScope,
        query: &LogQuery,
        reader: &Reader,
    ) -> Result<Option<Select<event::Entity>>> {
        let mut condition = Condition::all().add(C::WorkspaceId.eq(workspace.0));
        if let LogScope::One(kind) = scope {
            condition = condition.add(C::Log.eq(kind.name()));
        }
        let instant = |wall| reader.instant(wall);
        if let Some(from) = query.from {
            condition =
                condition.add(C::OccurredAt.gte(from.resolve(End::From, reader.now(), instant).micros()));
        }
        if let Some(to) = query.to {
            condition = condition.add(C::OccurredAt.lt(to.resolve(End::To, reader.now(), instant).micros()));
        }
        for (field, values) in &query.filters {
            let column = match field {
                FilterField::Category => C::Category,
                FilterField::EventType => C::EventType,
                FilterField::Action => C::Action,
                FilterField::Outcome => C::Outcome,
                FilterField::Section => C::Section,
                FilterField::Brand => C::BrandKey,
                FilterField::LoginSource => C::LoginSource,
                FilterField::Webhook | FilterField::Integration => C::TargetKey,
                FilterField::Ip => C::Ip,
                FilterField::Actor => {
                    let keys = facets::actors(&self.db.read, workspace, scope, values).await?;
                    if keys.is_empty() {
                        return Ok(None);
                    }
                    condition = condition.add(C::ActorKey.is_in(keys));
                    continue;
                }
            };
            condition = condition.add(column.is_in(values.iter().map(String::as_str)));
        }
        Ok(Some(event::Entity::find().filter(condition)))
    }

    /// One record more than `limit`, where there is one.
    async fn fetch(
        &self,
        matching: Select<event::Entity>,
        cursor: Option<Cursor>,
        limit: usize,
    ) -> Result<Vec<Event>> {
        let mut select = matching;
        let mut order = Order::Desc;
        if let Some(at) = cursor {
            let key = Expr::tuple([Expr::col(C::OccurredAt), Expr::col(C::Sequence)]);
            let position = Expr::tuple([Expr::val(at.occurred_at.micros()), Expr::val(at.sequence)]);
            select = match at.direction {
                Direction::Older => select.filter(key.lt(position)),
                Direction::Newer => {
                    order = Order::Asc;
                    select.filter(key.gt(position))
                }
            };
        }
        let records: Vec<String> = select
            .select_only()
            .column(C::Record)
            .order_by(C::OccurredAt, order.clone())
            .order_by(C::Sequence, order)
            .limit(limit as u64 + 1)
            .into_tuple()
            .all(&self.db.read)
            .await?;
        records.iter().map(|record| parse(record)).collect()
    }

    async fn by_id(&self, workspace: WorkspaceId, id: EventId) -> Result<Event> {
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

    async fn tabs(&self, workspace: WorkspaceId) -> Result<Vec<(LogScope, u64)>> {
        let totals = facets::totals(&self.db.read, workspace).await?;
        let count = |kind| {
            totals
                .iter()
                .find(|(of, _)| *of == kind)
                .map_or(0, |(_, count)| *count)
        };
        let mut tabs: Vec<_> = LogKind::ALL
            .iter()
            .map(|kind| (LogScope::One(*kind), count(*kind)))
            .filter(|(scope, count)| scope.spec().core || *count > 0)
            .collect();
        tabs.push((LogScope::All, totals.iter().map(|(_, count)| count).sum()));
        Ok(tabs)
    }
}

fn position(event: &Event, direction: Direction) -> Cursor {
    Cursor {
        direction,
        occurred_at: event.body.occurred_at,
        sequence: event.sequence,
    }
}

fn parse(record: &str) -> Result<Event> {
    serde_json::from_str(record).map_err(|error| Error::damaged(format!("a stored record: {error}")))
}

fn outside(who: &Viewer) -> impl Fn(Error) -> daybook_domain::Error {
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
        self.page(who.workspace(), scope, query, &reader)
            .await
            .map_err(outside(viewer))
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

    async fn facets(
        &self,
        who: &Granted<ViewAuditLogs>,
        scope: LogScope,
    ) -> daybook_domain::Result<Vec<Facet>> {
        facets::facets(&self.db.read, who.workspace(), scope)
            .await
            .map_err(outside(who.viewer()))
    }

    async fn logs(&self, who: &Granted<ViewAuditLogs>) -> daybook_domain::Result<Vec<(LogScope, u64)>> {
        self.tabs(who.workspace()).await.map_err(outside(who.viewer()))
    }
}
