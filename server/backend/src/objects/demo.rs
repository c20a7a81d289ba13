//! What the demo's workspace has when its story begins.

use super::{
    Objects, rows,
    said::{Found, Wanted},
    save::{Became, Intended, State, save},
    typed,
};
use crate::{Result, accounts::Workspace, demo::DemoThings, writer::WriteTx};
use daybook_domain::{
    object::{ObjectKind, ObjectStatus, Typed, Values},
    time::Timestamp,
    viewer::Viewer,
};
use daybook_entity::object::{self, Column as C};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::HashMap;

/// Things of one transaction.
const TOGETHER: usize = 1_000;

impl Objects {
    /// Makes the things as of `at`, all as one action of the demo's, and answers how many were made: a thing that is typed
    /// twice is changed the second time.
    ///
    /// # Errors
    /// `Invalid` where what is typed can't be. What was made before stays.
    pub async fn furnish(
        &self,
        workspace: &Workspace,
        at: Timestamp,
        things: Vec<DemoThings>,
    ) -> daybook_domain::Result<u64> {
        let who = self.accounts.system_viewer(workspace, "Demo");
        let mut made = 0;
        for DemoThings { kind, typed } in things {
            for some in typed.chunks(TOGETHER) {
                let some = some.to_vec();
                let furnished = self.accounts.change(&who, "fill the demo", move |tx, who| {
                    Box::pin(async move {
                        tx.tells_of(at);
                        furnish(tx, who, kind, some).await
                    })
                });
                made += furnished.await?;
            }
        }
        Ok(made)
    }
}

async fn furnish(tx: &mut WriteTx, who: &Viewer, kind: ObjectKind, things: Vec<Typed>) -> Result<u64> {
    let mut wanted = Wanted::default();
    for thing in &things {
        typed::references(kind, thing, &mut wanted);
    }
    let found = Found::look_up(tx.db(), who, wanted).await?;
    let external_ids = things
        .iter()
        .filter_map(|thing| thing.get("external_id")?.first());
    let there = object::Entity::find()
        .filter(C::WorkspaceId.eq(who.workspace().0))
        .filter(C::Kind.eq(kind.name()))
        .filter(C::ExternalId.is_in(external_ids));
    let there = there.all(tx.db()).await?.into_iter();
    let mut there: HashMap<_, _> = there.map(|row| (row.external_id.clone(), row)).collect();
    let mut intended = Vec::with_capacity(things.len());
    for thing in things {
        let external_id = thing.get("external_id").and_then(|texts| texts.first()).cloned();
        let row = there.remove(&external_id);
        let before = row.as_ref().map_or_else(|| Ok(Values::new()), rows::values)?;
        let values = typed::read(kind, before, &thing, &found)?;
        let status = ObjectStatus::Active;
        intended.push(Intended {
            row,
            after: State { status, values },
            told: None,
        });
    }
    let mut made = 0;
    for saved in save(tx, who, kind, intended).await? {
        let (_, became) = saved?;
        made += u64::from(became == Became::Created);
    }
    Ok(made)
}
