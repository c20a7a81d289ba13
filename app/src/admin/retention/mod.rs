//! For how long records are kept: a retention per log, legal holds, and what the purge does.

mod api;
mod hold;
mod log;
mod page;
mod place;
mod purge;
pub mod text;

pub use page::RetentionPage;

use crate::routes;
use daybook_domain::{id::HoldId, log::LogKind};

/// The page with the form for a new hold open.
const PLACE_PATH: &str = "/admin/retention?hold";

/// The page with the form of one log open.
fn edit_path(log: LogKind) -> String {
    format!("{}?edit={}#log-{}", routes::RETENTION, log.name(), log.name())
}

/// The page with the question about one hold open.
fn release_path(id: HoldId) -> String {
    format!("{}?release={id}", routes::RETENTION)
}
