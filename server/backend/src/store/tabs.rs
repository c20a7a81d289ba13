//! The logs that have a tab, and those that administrators switched on.

use super::facets;
use crate::Result;
use daybook_domain::{
    id::WorkspaceId,
    log::{LogKind, LogScope},
};
use daybook_entity::shown_log;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// The logs that have a tab also without records, besides the core ones. In no order.
pub(crate) async fn switched_on(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<LogKind>> {
    let rows = shown_log::Entity::find()
        .filter(shown_log::Column::WorkspaceId.eq(workspace.0))
        .all(db)
        .await?;
    let logs = rows.iter().filter_map(|row| LogKind::from_name(&row.log));
    Ok(logs.collect())
}

/// The core logs, those switched on, those with records, and last all of them together; each with how many records it
/// has.
pub(super) async fn tabs(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<(LogScope, u64)>> {
    let totals = facets::totals(db, workspace).await?;
    let on = switched_on(db, workspace).await?;
    let count = |kind| {
        let total = totals.iter().find(|(of, _)| *of == kind);
        total.map_or(0, |(_, count)| *count)
    };
    let mut tabs: Vec<_> = LogKind::ALL
        .iter()
        .map(|kind| (LogScope::One(*kind), count(*kind)))
        .filter(|(scope, count)| {
            scope.spec().core || *count > 0 || scope.kind().is_some_and(|kind| on.contains(&kind))
        })
        .collect();
    tabs.push((LogScope::All, totals.iter().map(|(_, count)| count).sum()));
    Ok(tabs)
}
