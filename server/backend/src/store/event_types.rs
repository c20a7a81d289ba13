//! The types of a workspace's events, from the counts that are kept for the filters.
//!
//! The counts know a type by its name alone: an event of the product's own and one that somebody else sent under the
//! same name are counted together.

use crate::Result;
use daybook_domain::{
    catalogue::{MAX_SEEN, OwnType, SeenType},
    id::WorkspaceId,
    log::{FilterField, LogKind},
};
use daybook_entity::event_facet::{self, Column as C};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use std::collections::HashMap;

/// The most frequent types and all of the product's own, most frequent first.
pub(super) async fn seen(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<SeenType>> {
    let own = OwnType::ALL.iter().map(|of| of.name());
    let found: Vec<(String, i64)> = event_facet::Entity::find()
        .select_only()
        .column(C::Value)
        .column_as(C::Count.sum().cast_as("BIGINT"), "total")
        .filter(types(workspace))
        .filter(C::Value.is_not_in(own.clone()))
        .group_by(C::Value)
        .order_by_desc(Expr::cust("total"))
        .order_by_asc(C::Value)
        .limit(MAX_SEEN as u64)
        .into_tuple()
        .all(db)
        .await?;
    let others = found.iter().map(|(name, _)| name.as_str());
    let counts: Vec<(String, String, i64)> = event_facet::Entity::find()
        .select_only()
        .columns([C::Value, C::Log, C::Count])
        .filter(types(workspace))
        .filter(C::Value.is_in(others.chain(own)))
        .into_tuple()
        .all(db)
        .await?;
    Ok(together(counts))
}

fn types(workspace: WorkspaceId) -> Condition {
    Condition::all()
        .add(C::WorkspaceId.eq(workspace.0))
        // Named one by one, so that the key finds them.
        .add(C::Log.is_in(LogKind::ALL.iter().map(|kind| kind.name())))
        .add(C::Field.eq(FilterField::EventType.name()))
}

fn together(counts: Vec<(String, String, i64)>) -> Vec<SeenType> {
    let mut types: HashMap<String, SeenType> = HashMap::new();
    for (name, log, count) in counts {
        let Some(log) = LogKind::from_name(&log) else {
            continue;
        };
        let count = count.unsigned_abs();
        let seen = types.entry(name).or_insert_with_key(|name| SeenType {
            event_type: name.clone(),
            count: 0,
            logs: Vec::new(),
            own: OwnType::from_name(name).is_some(),
        });
        seen.count += count;
        seen.logs.push((log, count));
    }
    let mut types: Vec<_> = types.into_values().collect();
    for seen in &mut types {
        seen.logs.sort_unstable();
    }
    types.sort_by(|one, other| {
        other
            .count
            .cmp(&one.count)
            .then_with(|| one.event_type.cmp(&other.event_type))
    });
    types
}
