//! Saved views, as they are checked against the log.

use super::{records::SavedViewRecord, rows};
use crate::{
    Error, Result,
    accounts::renamed,
    drift::{
        Sayings,
        family::{Family, Life, Moment, Stored, Visitor},
    },
};
use async_trait::async_trait;
use daybook_domain::{about::About, event::Event, time::Timestamp};
use daybook_entity::{role, saved_view};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::HashMap;

const KIND: &str = "saved_view";

pub(crate) struct Kept;

#[async_trait]
impl Family for Kept {
    fn lives(&self) -> Vec<Life> {
        vec![Life::new(KIND, &["created"], &["deleted"])]
    }

    async fn visit(&self, moment: &Moment<'_>, to: &mut dyn Visitor) -> Result<()> {
        let roles = role::Entity::find()
            .filter(role::Column::WorkspaceId.eq(moment.workspace.0))
            .all(moment.db)
            .await?;
        let roles: HashMap<_, _> = roles.into_iter().map(|role| (role.id, role.name)).collect();
        let views = saved_view::Entity::find()
            .filter(saved_view::Column::WorkspaceId.eq(moment.workspace.0))
            .all(moment.db)
            .await?;
        for view in &views {
            let shared_with = match view.shared_with {
                Some(role) => roles.get(&role).cloned().map(Some),
                None => Some(None),
            };
            let shared_with = shared_with.ok_or_else(|| Error::damaged("a view shared with no role"));
            // Its owner by their id: several may have the same name.
            let owner = view.owner_id.to_string();
            let record = shared_with.map(|shared_with| SavedViewRecord::new(view, shared_with, owner));
            let stored = Stored::of(About::new(KIND, view.id), &view.name, view.created_at, record)?;
            to.thing(stored.beside("name_key", view.name_key.as_str(), rows::key(&view.name)))?;
        }
        Ok(())
    }

    /// A view's record has the name of the role it is shared with.
    fn overhear(&self, event: &Event, said: &mut Sayings) {
        if let Some((before, after)) = renamed(event, "role") {
            said.rename(KIND, "shared_with", before, after);
        }
    }

    /// Only its owner makes a view.
    fn by_now(&self, said: &mut Sayings, _now: Timestamp) {
        for of in said.of_kind(KIND) {
            match (of.made_by.clone(), of.properties.get_mut("owner")) {
                (Some(owner), Some(said)) => said.value = owner.into(),
                _ => {
                    of.properties.remove("owner");
                }
            }
        }
    }
}
