//! What is sent next: the records after the last one that was sent, as far as they are wanted and fit together.

use super::formats::chat::CHAT_EVENTS;
use crate::{Result, store};
use daybook_domain::{event::Event, id::WorkspaceId, integration::IntegrationType, search::Expr};
use daybook_entity::event::{self, Column as C};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Records that are read at a time.
const READ: u64 = 500;
/// Records that are read for one batch: of more, those of which nothing is wanted are passed over first.
const SCANNED: usize = 20_000;
const DAY_MICROS: i64 = 24 * 60 * 60 * 1_000_000;

/// What fits into a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    pub events: usize,
    /// Of the records, as they are stored. A single one may be larger.
    pub bytes: usize,
    /// Whether they are all of one day, by UTC.
    pub of_a_day: bool,
}

impl Room {
    pub(super) fn of(of_type: IntegrationType) -> Self {
        let events = |events, bytes| Self {
            events,
            bytes,
            of_a_day: false,
        };
        match of_type {
            IntegrationType::Slack | IntegrationType::Teams => events(CHAT_EVENTS, 1 << 20),
            IntegrationType::S3 | IntegrationType::Folder => Self {
                of_a_day: true,
                ..events(10_000, 8 << 20)
            },
            IntegrationType::Syslog => events(2_000, 2 << 20),
            _ => events(500, 1 << 20),
        }
    }

    /// Half as much, so many times: what was too much at once may be taken in parts.
    pub(super) fn shrunk(self, times: i32) -> Self {
        let half = |most: usize| most.checked_shr(times.unsigned_abs()).unwrap_or(0).max(1);
        Self {
            events: half(self.events),
            bytes: half(self.bytes),
            ..self
        }
    }
}

/// What is sent next.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Batch {
    pub events: Vec<Event>,
    /// The sequence of the last record that was looked at.
    pub upto: i64,
}

pub(super) async fn next(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    after: i64,
    wanted: Option<&Expr>,
    room: Room,
) -> Result<Batch> {
    let mut batch = Batch {
        events: Vec::new(),
        upto: after,
    };
    let (mut bytes, mut scanned) = (0, 0);
    loop {
        let rows: Vec<(i64, String)> = event::Entity::find()
            .select_only()
            .columns([C::Sequence, C::Record])
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Sequence.gt(batch.upto))
            .order_by_asc(C::Sequence)
            .limit(READ)
            .into_tuple()
            .all(db)
            .await?;
        let read = rows.len();
        for (sequence, record) in rows {
            let event = store::parse(&record)?;
            if wanted.is_none_or(|wanted| wanted.matches(&event)) {
                let is_full = bytes + record.len() > room.bytes;
                let day = |event: &Event| event.recorded_at.micros().div_euclid(DAY_MICROS);
                let first = batch.events.first();
                if first.is_some_and(|first| is_full || room.of_a_day && day(first) != day(&event)) {
                    return Ok(batch);
                }
                bytes += record.len();
                batch.events.push(event);
            }
            batch.upto = sequence;
            if batch.events.len() >= room.events {
                return Ok(batch);
            }
        }
        scanned += read;
        if read < usize::try_from(READ).unwrap_or(usize::MAX) || scanned >= SCANNED {
            return Ok(batch);
        }
    }
}
