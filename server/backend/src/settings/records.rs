//! A log's tab as the log compares it.

use crate::record::Recorded;
use daybook_domain::log::LogKind;
use serde::Serialize;

#[derive(Debug, Serialize)]
pub(super) struct LogRecord {
    #[serde(skip)]
    log: LogKind,
    tab: &'static str,
}

impl LogRecord {
    pub(super) fn new(log: LogKind, switched_on: bool) -> Self {
        Self {
            log,
            tab: if switched_on {
                "always"
            } else {
                "when it has records"
            },
        }
    }
}

impl Recorded for LogRecord {
    fn kind(&self) -> &'static str {
        "log"
    }

    fn id(&self) -> String {
        self.log.name().to_owned()
    }

    fn name(&self) -> String {
        self.log.title().to_owned()
    }
}
