//! Alerts and rules, as they are checked against the log.

use super::{
    kept,
    raise::called,
    records::{ALERT, AlertRecord, RULE, RuleRecord},
};
use crate::{
    Error, Result,
    drift::family::{Family, Life, Moment, Stored, Visitor},
};
use async_trait::async_trait;
use daybook_domain::{about::About, monitoring::RuleId};
use daybook_entity::alert::{self, Column as A};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

pub(crate) struct Watching;

#[async_trait]
impl Family for Watching {
    fn lives(&self) -> Vec<Life> {
        vec![
            Life::new(RULE, &["created"], &["deleted"]),
            Life::new(ALERT, &["raised"], &[]),
        ]
    }

    async fn visit(&self, moment: &Moment<'_>, to: &mut dyn Visitor) -> Result<()> {
        for row in kept::stored(moment.db, moment.workspace).await? {
            let stored = Stored::of(
                About::new(RULE, &row.id),
                &row.name,
                row.created_at,
                RuleRecord::new(&row),
            )?;
            let stored = match row.id.parse()? {
                RuleId::BuiltIn(of) => {
                    let first = RuleRecord::new(&kept::as_it_comes(moment.workspace, of))?;
                    stored.from(serde_json::to_value(first).map_err(Error::damaged)?)
                }
                RuleId::Sigma(_) => stored,
            };
            to.thing(stored)?;
        }
        let alerts = alert::Entity::find()
            .filter(A::WorkspaceId.eq(moment.workspace.0))
            .all(moment.db)
            .await?;
        for row in alerts {
            let assigned = called(moment.db, &row).await?;
            let record = Ok(AlertRecord::new(&row, &assigned));
            let thing = About::new(ALERT, row.id);
            to.thing(Stored::of(thing, &row.summary, row.created_at, record)?)?;
        }
        Ok(())
    }
}
