//! When messages were made, roughly: the first and the last time of each thousand numbers. Mail comes to be known in about
//! the order in which it is made, so few of these zones overlap, and the latest of a set of messages are found by looking
//! at few of them. What is told late is found all the same.

use crate::{
    Result,
    found::postings::Numbers,
    rows::{insert_many, packed},
};
use daybook_domain::{id::WorkspaceId, time::Timestamp};
use daybook_entity::{
    email_message::{self, Column as C},
    email_zone::{self, Column as Z},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter,
    QuerySelect, QueryTrait, Select, Value, sea_query::Expr,
};
use std::{collections::BTreeMap, ops::Range};

/// Numbers of a zone.
const ZONE: u32 = 1024;
/// Messages that are looked up together.
const TOGETHER: usize = 300;
/// Zones that are looked through for a period which holds them in part. Where there are more, the period is read.
const PARTLY: usize = 64;

/// Where a message stands in the order of lists.
pub(super) type Place = (i64, u32);

fn zone(number: u32) -> u32 {
    number / ZONE
}

fn numbers(zone: u32) -> Range<u32> {
    zone * ZONE..(zone + 1) * ZONE
}

/// Notes when new messages were made.
pub(super) async fn widen(
    tx: &DatabaseTransaction,
    workspace: WorkspaceId,
    rows: &[email_message::Model],
) -> Result<()> {
    const COLUMNS: [Z; 5] = [Z::WorkspaceId, Z::Zone, Z::Messages, Z::FirstAt, Z::LastAt];
    let mut zones: BTreeMap<u32, (i32, i64, i64)> = BTreeMap::new();
    for row in rows {
        let zone = zones.entry(zone(row.number.unsigned_abs()));
        let (count, first, last) = zone.or_insert((0, row.at, row.at));
        *count += 1;
        *first = row.at.min(*first);
        *last = row.at.max(*last);
    }
    let row = |(zone, (count, first, last)): (u32, (i32, i64, i64))| -> [Value; COLUMNS.len()] {
        [
            workspace.0.into(),
            zone.cast_signed().into(),
            count.into(),
            first.into(),
            last.into(),
        ]
    };
    let (least, most) = match tx.get_database_backend() {
        DbBackend::Postgres => ("LEAST", "GREATEST"),
        _ => ("MIN", "MAX"),
    };
    let and_then = format!(
        "ON CONFLICT (workspace_id, zone) DO UPDATE SET messages = email_zone.messages + excluded.messages, \
         first_at = {least}(email_zone.first_at, excluded.first_at), \
         last_at = {most}(email_zone.last_at, excluded.last_at)"
    );
    insert_many(
        tx,
        "email_zone",
        &COLUMNS,
        zones.into_iter().map(row).collect(),
        &and_then,
    )
    .await
}

/// A zone, how many messages it has, and when the first and the last of them were made.
type Known = (u32, u32, i64, i64);

async fn known(db: &impl ConnectionTrait, workspace: WorkspaceId, that: Condition) -> Result<Vec<Known>> {
    let zones = email_zone::Entity::find()
        .select_only()
        .columns([Z::Zone, Z::Messages, Z::FirstAt, Z::LastAt])
        .filter(Z::WorkspaceId.eq(workspace.0))
        .filter(that)
        .into_query();
    packed(
        db,
        zones,
        [Z::Zone, Z::Messages, Z::FirstAt, Z::LastAt].map(Expr::col),
    )
    .await
}

fn messages(workspace: WorkspaceId) -> Select<email_message::Entity> {
    email_message::Entity::find().filter(C::WorkspaceId.eq(workspace.0))
}

/// The messages of a period, which ends before `to`.
pub(super) async fn period(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
) -> Result<Numbers> {
    let (from, to) = (
        from.map_or(i64::MIN, Timestamp::micros),
        to.map_or(i64::MAX, Timestamp::micros),
    );
    let touched = Condition::all().add(Z::LastAt.gte(from)).add(Z::FirstAt.lt(to));
    let (whole, partly): (Vec<_>, Vec<_>) = known(db, workspace, touched)
        .await?
        .into_iter()
        .partition(|(_, count, first, last)| *count == ZONE && *first >= from && *last < to);
    let within = messages(workspace)
        .filter(C::At.gte(from))
        .filter(C::At.lt(to))
        .select_only()
        .column(C::Number);
    let number = || [Expr::col(C::Number)];
    let mut found = Numbers::new();
    if partly.len() > PARTLY {
        let all: Vec<(u32,)> = packed(db, within.into_query(), number()).await?;
        found.extend(all.into_iter().map(|(number,)| number));
        return Ok(found);
    }
    for (zone, ..) in whole {
        found.insert_range(numbers(zone));
    }
    for (zone, ..) in partly {
        let numbers = numbers(zone);
        let some = within
            .clone()
            .filter(C::Number.gte(numbers.start.cast_signed()))
            .filter(C::Number.lt(numbers.end.cast_signed()));
        let some: Vec<(u32,)> = packed(db, some.into_query(), number()).await?;
        found.extend(some.into_iter().map(|(number,)| number));
    }
    Ok(found)
}

/// The first messages of a set past a place, at most so many, the latest first or the earliest.
pub(super) async fn first(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    among: &Numbers,
    that: Condition,
    past: Option<Place>,
    descending: bool,
    most: usize,
) -> Result<Vec<Place>> {
    let touched = match (past, descending) {
        (None, _) => Condition::all(),
        (Some((at, _)), true) => Condition::all().add(Z::FirstAt.lte(at)),
        (Some((at, _)), false) => Condition::all().add(Z::LastAt.gte(at)),
    };
    // So that the first is the least, whichever way.
    let turned = |at: i64| if descending { !at } else { at };
    let place = |(at, number): Place| {
        let number = i64::from(number);
        (turned(at), turned(number))
    };
    let mut zones: Vec<_> = known(db, workspace, touched)
        .await?
        .into_iter()
        .map(|(zone, _, first, last)| (turned(if descending { last } else { first }), zone))
        .collect();
    zones.sort_unstable();
    let past = past.map(place);
    let mut zones = zones.into_iter().peekable();
    let mut found: Vec<Place> = Vec::new();
    while zones.peek().is_some() {
        let mut some = Vec::new();
        while some.len() < TOGETHER
            && let Some((_, zone)) = zones.next()
        {
            some.extend(among.range(numbers(zone)));
        }
        let beyond = |at: &Place| past.is_none_or(|past| place(*at) > past);
        found.extend(
            places(db, workspace, &some, &that)
                .await?
                .into_iter()
                .filter(beyond),
        );
        found.sort_unstable_by_key(|at| place(*at));
        found.truncate(most);
        let next = zones.peek().map(|(bound, _)| *bound);
        let is_settled = |(at, _): &Place| next.is_none_or(|next| turned(*at) < next);
        if found.len() == most && found.last().is_none_or(is_settled) {
            break;
        }
    }
    Ok(found)
}

/// When messages of some numbers were made, of those for which something holds.
async fn places(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    numbers: &[u32],
    that: &Condition,
) -> Result<Vec<Place>> {
    let mut places = Vec::with_capacity(numbers.len());
    for some in numbers.chunks(TOGETHER) {
        let rows = messages(workspace)
            .select_only()
            .columns([C::At, C::Number])
            .filter(C::Number.is_in(some.iter().map(|number| number.cast_signed())))
            .filter(that.clone());
        let some: Vec<Place> = packed(db, rows.into_query(), [C::At, C::Number].map(Expr::col)).await?;
        places.extend(some);
    }
    Ok(places)
}
