//! Messages that are known already, by the ids under which they went out: who tells of one first may be the system that
//! sent it, or the provider that took it.

use crate::{Result, writer::WriteTx};
use daybook_domain::id::WorkspaceId;
use daybook_entity::email_message::{self, Column as C};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::{BTreeSet, HashMap};

/// Messages of one question.
const TOGETHER: usize = 250;

/// By the provider's id and the `Message-ID` of each.
pub(super) struct Known(HashMap<String, Vec<email_message::Model>>);

impl Known {
    /// Those of some ids.
    pub(super) async fn of(tx: &WriteTx, workspace: WorkspaceId, ids: BTreeSet<String>) -> Result<Self> {
        let mut known = Self(HashMap::new());
        let ids: Vec<_> = ids.into_iter().collect();
        for some in ids.chunks(TOGETHER) {
            // One by one: SQLite would rather read all than go by several indexes.
            for column in [C::ProviderId, C::MessageId] {
                let rows = email_message::Entity::find()
                    .filter(C::WorkspaceId.eq(workspace.0))
                    .filter(column.is_in(some));
                for row in rows.all(tx.db()).await? {
                    known.put(row);
                }
            }
        }
        Ok(known)
    }

    /// A message as it is by now.
    pub(super) fn put(&mut self, row: email_message::Model) {
        for id in [&row.provider_id, &row.message_id].into_iter().flatten() {
            let rows = self.0.entry(id.clone()).or_default();
            match rows.iter_mut().find(|known| known.id == row.id) {
                Some(known) => known.clone_from(&row),
                None => rows.push(row.clone()),
            }
        }
    }

    /// The message that is meant: one id may be that of a message to several.
    pub(super) fn find(
        &self,
        ids: [&Option<String>; 2],
        address: Option<&str>,
    ) -> Option<email_message::Model> {
        let mut rows = ids
            .into_iter()
            .flatten()
            .filter_map(|id| self.0.get(id))
            .flatten();
        if let Some(address) = address {
            return rows.find(|row| row.address == address).cloned();
        }
        let first = rows.next()?;
        rows.all(|row| row.id == first.id).then(|| first.clone())
    }
}
