//! Sessions end where their contacts may not come in any more: one that was only refused for a while would go on.

use super::member;
use crate::{Result, accounts::Workspace, writer::WriteTx};
use daybook_domain::{
    id::{ObjectId, WorkspaceId},
    object::ObjectKind,
};
use daybook_entity::{
    contact_session::{self, Column as C},
    object_reference::{self, Column as R},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Ids of one question.
const TOGETHER: usize = 500;

/// Called once things have changed.
pub(crate) async fn shut_out(
    tx: &WriteTx,
    workspace: WorkspaceId,
    kind: ObjectKind,
    ids: &[Uuid],
) -> Result<()> {
    if !matches!(kind, ObjectKind::Company | ObjectKind::Contact) {
        return Ok(());
    }
    let mut inside = BTreeSet::new();
    for some in ids.chunks(TOGETHER) {
        let sessions = contact_session::Entity::find()
            .select_only()
            .column(C::ContactId)
            .distinct()
            .filter(C::WorkspaceId.eq(workspace.0));
        let of_company = object_reference::Entity::find()
            .select_only()
            .column(R::ObjectId)
            .filter(R::WorkspaceId.eq(workspace.0))
            .filter(R::RefersTo.is_in(some.iter().copied()))
            .filter(R::Kind.eq(ObjectKind::Contact.name()))
            .filter(R::Property.eq("company"));
        let theirs = if kind == ObjectKind::Contact {
            sessions.filter(C::ContactId.is_in(some.iter().copied()))
        } else {
            let contacts: Vec<Uuid> = of_company.into_tuple().all(tx.db()).await?;
            sessions.filter(C::ContactId.is_in(contacts))
        };
        let theirs: Vec<Uuid> = theirs.into_tuple().all(tx.db()).await?;
        inside.extend(theirs);
    }
    // Under which name the portal stands is nothing that decides.
    let workspace = Workspace {
        id: workspace,
        name: String::new(),
    };
    for contact in inside {
        let member = member::find(tx.db(), &workspace, ObjectId(contact)).await?;
        if member.is_none_or(|member| member.kept_out().is_some()) {
            contact_session::Entity::delete_many()
                .filter(C::WorkspaceId.eq(workspace.id.0))
                .filter(C::ContactId.eq(contact))
                .exec(tx.db())
                .await?;
        }
    }
    Ok(())
}
