//! Which logs have a tab, as it is checked against the log.

use super::{is_core, records::LogRecord};
use crate::{
    Error, Result,
    drift::family::{Family, Life, Moment, Stored, Visitor},
    store::switched_on,
};
use async_trait::async_trait;
use daybook_domain::{about::About, log::LogKind};

/// Each log beyond the core ones. A tab is there because of a row.
pub(crate) struct Tabs;

#[async_trait]
impl Family for Tabs {
    fn lives(&self) -> Vec<Life> {
        vec![Life::new("log", &[], &[])]
    }

    async fn visit(&self, moment: &Moment<'_>, to: &mut dyn Visitor) -> Result<()> {
        let on = switched_on(moment.db, moment.workspace).await?;
        for log in LogKind::ALL.iter().copied().filter(|log| !is_core(*log)) {
            let first = serde_json::to_value(LogRecord::new(log, false)).map_err(Error::damaged)?;
            let record = LogRecord::new(log, on.contains(&log));
            let thing = About::new("log", log.name());
            to.thing(Stored::of(thing, log.title(), 0, Ok(record))?.from(first))?;
        }
        Ok(())
    }
}
