//! The people of the demo workspace, under the ids that the demo's events name them by.

use super::{
    Accounts, Workspace,
    records::WorkspaceRecord,
    rows,
    workspace::{already, insert_built_in},
};
use crate::{
    Error, Result,
    demo::{DemoPeople, DemoUser, WORKSPACE_NAME},
    record::{Done, record},
    store,
    writer::WriteTx,
};
use daybook_domain::{
    id::WorkspaceId,
    permission::{BuiltInRole, Permission},
    regional::RegionalFormat,
    viewer::{Principal, RequestContext, Viewer},
};
use daybook_entity::{role, user};
use sea_orm::{ActiveValue::Set, EntityTrait};
use secrecy::SecretString;

/// How many of the people, from the first, can sign in.
const SIGN_IN: usize = 3;

impl Accounts {
    /// Makes the demo's workspace, its built-in roles and everybody in it. The first three get `password`, the
    /// others none. `Conflict` where there is a workspace already.
    ///
    /// # Errors
    /// Where nothing could be written: then nothing was.
    pub async fn found_demo(&self, people: DemoPeople, password: SecretString) -> Result<Workspace> {
        if self.workspace().await?.is_some() {
            return Err(already());
        }
        let hash = self.hash_password("password", password, Vec::new()).await?;
        let made = self.0.writer.change(move |tx| {
            Box::pin(async move {
                let id = WorkspaceId(tx.new_id());
                let workspace = store::create_workspace(tx, id, WORKSPACE_NAME).await?;
                let mut roles = Vec::new();
                for built_in in BuiltInRole::ALL {
                    roles.push((built_in, insert_built_in(tx, id, built_in).await?));
                }
                for (position, person) in people.users.into_iter().enumerate() {
                    let role = roles.iter().find(|(built_in, _)| *built_in == person.role);
                    let (_, role) = role.ok_or_else(|| Error::damaged("no built-in roles"))?;
                    let hash = Some(&hash).filter(|_| position < SIGN_IN).cloned();
                    insert(tx, id, person, role, hash).await?;
                }
                let who = demo(id, tx);
                record(tx, &who, &Done::created(&WorkspaceRecord::new(&workspace)))
            })
        });
        made.await?;
        self.workspace()
            .await?
            .ok_or_else(|| Error::damaged("the demo's workspace is gone"))
    }
}

fn demo(workspace: WorkspaceId, tx: &WriteTx) -> Viewer {
    Viewer::new(
        workspace,
        Principal::System {
            name: "Demo".to_owned(),
        },
        Permission::ALL.iter().copied().collect(),
        "UTC".to_owned(),
        "System".to_owned(),
        RequestContext {
            correlation_id: tx.new_id().to_string(),
            ..RequestContext::default()
        },
    )
}

async fn insert(
    tx: &WriteTx,
    workspace: WorkspaceId,
    person: DemoUser,
    role: &role::Model,
    password_hash: Option<String>,
) -> Result<()> {
    let row = user::ActiveModel {
        workspace_id: Set(workspace.0),
        id: Set(person.id.0),
        name_key: Set(rows::key(&person.name)),
        name: Set(person.name),
        phone: Set(None),
        email_key: Set(rows::key(&person.email)),
        email: Set(person.email),
        role_id: Set(role.id),
        status: Set(person.status.name().to_owned()),
        password_changed_at: Set(password_hash.as_ref().map(|_| tx.now().micros())),
        password_hash: Set(password_hash),
        zone: Set(person.zone.to_owned()),
        regional_format: Set(RegionalFormat::default().name().to_owned()),
        created_at: Set(tx.now().micros()),
        last_sign_in_at: Set(None),
    };
    user::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}
