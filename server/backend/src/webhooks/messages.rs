//! What was sent to an endpoint, as people read it.

use super::{Endpoint, Webhooks, condition, outgoing};
use crate::{
    Error, Result,
    delivery::hidden::readable,
    local_time::{Reader, stored},
    rows::page_of,
};
use daybook_domain::{
    Error as Told,
    delivery::{Failure, FailureKind},
    facet::Count,
    id::{EventId, ObjectId, WebhookMessageId, WorkspaceId},
    object::{ObjectQuery, PAGE},
    permission::ViewAuditLogs,
    ports::AuditLogs as _,
    viewer::Viewer,
    webhook::{
        Attempt, AttemptCause, EndpointHealth, GotResponse, Message, MessageBody, MessageDetail, MessagePage,
        MessageState, STATE,
    },
};
use daybook_entity::{
    event, webhook_attempt,
    webhook_message::{self, Column as C},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::ops::RangeInclusive;
use uuid::Uuid;

/// Messages of a state that are counted; of more, it is said that there are as many at least.
const COUNTED: u64 = 10_000;
/// Attempts of the last day by which an endpoint's health is told: the latest.
const LATEST: u64 = 1_000;
/// How far off the next attempt is, in microseconds, where it is worth waiting for. One that is long overdue waits for
/// something else: that its endpoint is resumed, say.
const SOON: RangeInclusive<i64> = -30_000_000..=10_000_000;
/// Attempts of a message that are shown: the latest.
const SHOWN: u64 = 50;
const DAY_SECONDS: i64 = 24 * 60 * 60;

fn of_endpoint(workspace: WorkspaceId, endpoint: ObjectId) -> Select<webhook_message::Entity> {
    webhook_message::Entity::find()
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::EndpointId.eq(endpoint.0))
}

fn failure(kind: Option<&str>, detail: Option<String>) -> Option<Failure> {
    let kind = FailureKind::from_name(kind?)?;
    Some(Failure::new(kind, detail.unwrap_or_default()))
}

fn shown(row: webhook_message::Model, reader: &Reader) -> Result<Message> {
    Ok(Message {
        id: WebhookMessageId(row.id),
        event_type: row.event_type,
        event: row.event_id.map(EventId),
        created: reader.stored(row.created_at)?,
        state: MessageState::from_name(&row.state)
            .ok_or_else(|| Error::damaged(format!("a message that is “{}”", row.state)))?,
        attempts: row.attempts.unsigned_abs(),
        next: row.next_at.map(|next| reader.stored(next)).transpose()?,
        soon: row
            .next_at
            .is_some_and(|next| SOON.contains(&(next - reader.now().micros()))),
        status: row.status.and_then(|status| status.try_into().ok()),
        failure: failure(row.failure.as_deref(), row.detail),
    })
}

fn attempt(row: webhook_attempt::Model, reader: &Reader) -> Result<Attempt> {
    let headers = row.response_headers.as_deref().unwrap_or("[]");
    let headers = serde_json::from_str(headers).map_err(Error::damaged)?;
    let status = row.status.and_then(|status| status.try_into().ok());
    Ok(Attempt {
        number: row.number.unsigned_abs(),
        at: reader.stored(row.at)?,
        cause: AttemptCause::from_name(&row.cause)
            .ok_or_else(|| Error::damaged(format!("an attempt by “{}”", row.cause)))?,
        took_ms: row.took_ms.unsigned_abs(),
        request: serde_json::from_str(&row.request).map_err(Error::damaged)?,
        response: status.map(|status| GotResponse {
            status,
            headers,
            body: readable(&row.response_body.unwrap_or_default()),
            is_cut: row.is_cut,
        }),
        failure: failure(row.failure.as_deref(), row.detail),
    })
}

impl Webhooks {
    pub(super) async fn page(
        &self,
        who: &Viewer,
        endpoint: ObjectId,
        query: &ObjectQuery,
    ) -> Result<MessagePage> {
        let (db, workspace, reader) = (&self.0.db.read, who.workspace(), self.reader(who));
        Endpoint::find(db, workspace, endpoint).await?;
        let mut rows = of_endpoint(workspace, endpoint);
        let states = query.values(STATE);
        if !states.is_empty() {
            rows = rows.filter(C::State.is_in(states.iter().map(String::as_str)));
        }
        // Ids are in the order of time. Newest first: what comes after a place is older.
        let backwards = query.is_backwards();
        if let Some(cursor) = &query.cursor {
            let place = Uuid::from_u128(cursor.tie);
            rows = rows.filter(if backwards {
                C::Id.gt(place)
            } else {
                C::Id.lt(place)
            });
        }
        let rows = if backwards {
            rows.order_by_asc(C::Id)
        } else {
            rows.order_by_desc(C::Id)
        };
        let found = rows.limit(PAGE as u64 + 1).all(db).await?;
        let (rows, before, after) = page_of(found, PAGE, query, |row| (String::new(), row.id.as_u128()));
        let mut counts = Vec::new();
        for state in MessageState::ALL {
            counts.push((*state, self.count(workspace, endpoint, *state).await?));
        }
        Ok(MessagePage {
            rows: rows
                .into_iter()
                .map(|row| shown(row, &reader))
                .collect::<Result<_>>()?,
            states: counts,
            before,
            after,
        })
    }

    async fn count(&self, workspace: WorkspaceId, endpoint: ObjectId, state: MessageState) -> Result<Count> {
        let counted = of_endpoint(workspace, endpoint)
            .filter(C::State.eq(state.name()))
            .limit(COUNTED + 1)
            .count(&self.0.db.read)
            .await?;
        Ok(if counted > COUNTED {
            Count::AtLeast(COUNTED)
        } else {
            Count::Exactly(counted)
        })
    }

    pub(super) async fn detail(
        &self,
        who: &Viewer,
        endpoint: ObjectId,
        id: WebhookMessageId,
    ) -> Result<MessageDetail> {
        use webhook_attempt::Column as A;
        let (db, workspace, reader) = (&self.0.db.read, who.workspace(), self.reader(who));
        let of = Endpoint::find(db, workspace, endpoint).await?;
        let row = of_endpoint(workspace, endpoint)
            .filter(C::Id.eq(id.0))
            .one(db)
            .await?;
        let row = row.ok_or(Told::NotFound)?;
        let attempts = webhook_attempt::Entity::find()
            .filter(A::WorkspaceId.eq(workspace.0))
            .filter(A::MessageId.eq(id.0))
            .order_by_desc(A::Number)
            .limit(SHOWN)
            .all(db)
            .await?;
        let body = self.body_of(who, &of, &row).await?;
        let failed = attempts.first().is_some_and(|last| last.failure.is_some());
        let last_success = if failed {
            webhook_attempt::Entity::find()
                .filter(A::WorkspaceId.eq(workspace.0))
                .filter(A::EndpointId.eq(endpoint.0))
                .filter(A::MessageId.ne(id.0))
                .filter(A::Failure.is_null())
                .order_by_desc(A::At)
                .one(db)
                .await?
        } else {
            None
        };
        Ok(MessageDetail {
            message: shown(row, &reader)?,
            body,
            attempts: attempts
                .into_iter()
                .map(|row| attempt(row, &reader))
                .collect::<Result<_>>()?,
            last_success: last_success.map(|row| attempt(row, &reader)).transpose()?,
        })
    }

    /// What is sent, for who may read the log: that it was read is recorded as wherever it is.
    async fn body_of(
        &self,
        who: &Viewer,
        endpoint: &Endpoint,
        row: &webhook_message::Model,
    ) -> Result<MessageBody> {
        let (Some(sequence), Some(id)) = (row.sequence, row.event_id) else {
            let body = outgoing::test_body(&endpoint.name, stored(row.created_at)?)?;
            return Ok(MessageBody::Here(body));
        };
        let Ok(reader) = who.grant(ViewAuditLogs) else {
            return Ok(MessageBody::NotYours);
        };
        let record = event::Entity::find_by_id((who.workspace().0, sequence))
            .one(&self.0.db.read)
            .await?;
        let Some(record) = record else {
            return Ok(MessageBody::Gone);
        };
        self.0.logs.event(&reader, EventId(id), None).await?;
        let body = outgoing::body(&row.event_type, stored(record.occurred_at)?, &record.record)?;
        Ok(MessageBody::Here(body))
    }

    pub(super) async fn health(&self, who: &Viewer, endpoint: ObjectId) -> Result<EndpointHealth> {
        use webhook_attempt::Column as A;
        let (db, workspace, reader) = (&self.0.db.read, who.workspace(), self.reader(who));
        let of = Endpoint::find(db, workspace, endpoint).await?;
        let state = condition::find(db, workspace, &of).await?;
        let since = reader.now().plus_seconds(-DAY_SECONDS);
        let latest: Vec<(Option<String>, i64)> = webhook_attempt::Entity::find()
            .select_only()
            .columns([A::Failure, A::TookMs])
            .filter(A::WorkspaceId.eq(workspace.0))
            .filter(A::EndpointId.eq(endpoint.0))
            .filter(A::At.gte(since.micros()))
            .order_by_desc(A::At)
            .limit(LATEST)
            .into_tuple()
            .all(db)
            .await?;
        let went_wrong = latest.iter().filter(|(failure, _)| failure.is_some()).count() as u64;
        let mut took: Vec<_> = latest
            .iter()
            .filter(|(failure, _)| failure.is_none())
            .map(|(_, took)| took.unsigned_abs())
            .collect();
        took.sort_unstable();
        let local = |micros: Option<i64>| micros.map(|micros| reader.stored(micros)).transpose();
        let slow = state.slow_until.filter(|until| *until > reader.now().micros());
        Ok(EndpointHealth {
            paused: local(state.paused_at)?,
            failing_since: local(state.failing_since)?,
            slow_until: local(slow)?,
            waiting: self.count(workspace, endpoint, MessageState::Waiting).await?,
            went_well: took.len() as u64,
            went_wrong,
            median_ms: took.get(took.len() / 2).copied(),
            p95_ms: took.get(took.len() * 95 / 100).copied(),
        })
    }
}
