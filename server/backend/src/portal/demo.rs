//! The contact of the demo who can come in without a mail server: by a password.

use super::{
    Portal,
    enter::{event, sentence},
    member::{self, Member},
    passwords,
};
use crate::{Result, accounts::lock};
use daybook_domain::{
    catalogue::OwnType, event::Change, id::ObjectId, object::ObjectKind, time::Timestamp,
    viewer::RequestContext,
};
use daybook_entity::object::{self, Column as C};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use secrecy::SecretString;

/// Contacts among which the one is looked for.
const AMONG: u64 = 200;

impl Portal {
    /// Gives a password to the first contact who may come in and sees the whole company, as of `at`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn furnish(&self, password: SecretString, at: Timestamp) -> daybook_domain::Result<()> {
        let request = RequestContext::default();
        let given = async {
            let Some(member) = self.first().await? else {
                return Ok(());
            };
            let hash = self
                .0
                .accounts
                .hash_password("password", password, Vec::new())
                .await?;
            let (workspace, request) = (self.workspace().await?, request.clone());
            let given = self.0.writer.change(move |tx| {
                Box::pin(async move {
                    lock(tx, workspace.id).await?;
                    tx.tells_of(at);
                    passwords::set(tx, workspace.id, &member, hash).await?;
                    let of = OwnType::ContactPasswordSet;
                    let mut event = event(of, &workspace, &request, tx, Some(&member), Ok(()), Vec::new());
                    let summary = format!("{} set a password for the customer portal", member.name);
                    event.summary = Some(sentence(&summary));
                    event.changes = vec![Change::secret("password")];
                    tx.record(workspace.id, event);
                    Ok(())
                })
            });
            given.await
        };
        given.await.map_err(super::outside(&request))
    }

    /// The address of the contact that has it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn furnished(&self) -> daybook_domain::Result<Option<String>> {
        let first = self
            .first()
            .await
            .map_err(super::outside(&RequestContext::default()))?;
        Ok(first.map(|member| member.email))
    }

    async fn first(&self) -> Result<Option<Member>> {
        let (workspace, db) = (self.workspace().await?, &self.0.db.read);
        let rows: Vec<uuid::Uuid> = object::Entity::find()
            .select_only()
            .column(C::Id)
            .filter(C::WorkspaceId.eq(workspace.id.0))
            .filter(C::Kind.eq(ObjectKind::Contact.name()))
            .order_by_asc(C::Number)
            .limit(AMONG)
            .into_tuple()
            .all(db)
            .await?;
        for id in rows {
            let member = member::find(db, &workspace, ObjectId(id)).await?;
            if let Some(member) = member.filter(|one| one.sees_company && one.kept_out().is_none()) {
                return Ok(Some(member));
            }
        }
        Ok(None)
    }
}
