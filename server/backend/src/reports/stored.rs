//! Schedules, as they are checked against the log.

use super::records::{KIND, ScheduleRecord};
use crate::{
    Result,
    drift::family::{Family, Life, Moment, Stored, Visitor},
};
use async_trait::async_trait;
use daybook_domain::about::About;
use daybook_entity::{report_schedule, saved_view};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::HashMap;

pub(crate) struct Schedules;

#[async_trait]
impl Family for Schedules {
    fn lives(&self) -> Vec<Life> {
        vec![Life::new(KIND, &["created"], &["deleted"])]
    }

    async fn visit(&self, moment: &Moment<'_>, to: &mut dyn Visitor) -> Result<()> {
        let rows = report_schedule::Entity::find()
            .filter(report_schedule::Column::WorkspaceId.eq(moment.workspace.0))
            .all(moment.db)
            .await?;
        if rows.is_empty() {
            return Ok(());
        }
        let views = saved_view::Entity::find()
            .filter(saved_view::Column::WorkspaceId.eq(moment.workspace.0))
            .all(moment.db)
            .await?;
        let names: HashMap<_, _> = views.into_iter().map(|view| (view.id, view.name)).collect();
        for row in rows {
            let name = names.get(&row.view_id).map(String::as_str).unwrap_or_default();
            let record = ScheduleRecord::of(moment.db, &row, name).await;
            let stored = Stored::of(About::new(KIND, row.view_id), name, row.created_at, record)?;
            // It waits for its time, or is stopped.
            to.thing(stored.beside("next_at", row.next_at.is_some(), row.stopped.is_none()))?;
        }
        Ok(())
    }
}
