//! The workspace: found once, made once, with its built-in roles and its first administrator.

use super::{
    Accounts, person_at_the_door,
    records::{RoleRecord, WorkspaceRecord},
    rows::{self, Person},
    sign_in::{self, Trace, Way},
    users::{Habits, NewUser, insert_user},
};
use crate::{
    Error, Result,
    error::chain,
    record::{Done, record},
    store,
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    id::{UserId, WorkspaceId},
    naming::Naming,
    permission::{BuiltInRole, Permission},
    viewer::{Principal, RequestContext, Viewer},
};
use daybook_entity::{role, workspace};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, SqlErr};
use secrecy::SecretString;
use std::time::Duration;
use tokio::sync::watch;

/// How often it is looked whether there is a workspace, where there is none.
const LOOK_AGAIN: Duration = Duration::from_secs(10);

/// The helpdesk account this installation serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    pub id: WorkspaceId,
    pub name: String,
}

/// The form of the first page: what a workspace begins with.
#[derive(Debug, Clone)]
pub struct SetUp {
    pub workspace: String,
    pub name: String,
    pub email: String,
    pub password: SecretString,
}

impl Accounts {
    /// The workspace, once it is set up. Asks the database until it is there and never again.
    pub async fn workspace(&self) -> Result<Option<Workspace>> {
        if let Some(known) = self.0.workspace.get() {
            return Ok(Some(known.clone()));
        }
        let found = workspace::Entity::find()
            .filter(workspace::Column::Slot.eq(1))
            .one(&self.0.db.read)
            .await?;
        Ok(found.map(|row| {
            let found = Workspace {
                id: WorkspaceId(row.id),
                name: row.name,
            };
            self.0.workspace.get_or_init(|| found).clone()
        }))
    }

    /// What things are called in it.
    pub(super) async fn naming(&self, id: WorkspaceId) -> Result<Naming> {
        let helpdesk: Option<String> = workspace::Entity::find_by_id(id.0)
            .select_only()
            .column(workspace::Column::Helpdesk)
            .into_tuple()
            .one(&self.0.db.read)
            .await?;
        rows::naming(&helpdesk.ok_or_else(|| Error::damaged("the workspace is gone"))?)
    }

    /// Makes the workspace, its built-in roles and its first administrator, and records that they signed in: the
    /// caller makes the session. `Conflict` where somebody was first.
    pub async fn set_up(&self, form: SetUp, request: &RequestContext) -> daybook_domain::Result<UserId> {
        self.make_workspace(form, request.clone()).await.map_err(|error| {
            let taken = match &error {
                Error::Database(error) => {
                    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
                }
                _ => false,
            };
            if taken {
                already().into_domain("")
            } else {
                error.into_domain(&request.correlation_id)
            }
        })
    }

    async fn make_workspace(&self, form: SetUp, request: RequestContext) -> Result<UserId> {
        let workspace = rows::name("workspace", &form.workspace)?;
        let name = rows::name("name", &form.name)?;
        let email = rows::email(&form.email)?;
        // Before the slow part: the page is open to everybody.
        if self.workspace().await?.is_some() {
            return Err(already());
        }
        let about = vec![name.clone(), email.clone(), workspace.clone()];
        let hash = self.hash_password("password", form.password, about).await?;
        let made = self.0.writer.change(move |tx| {
            Box::pin(async move {
                let id = WorkspaceId(tx.new_id());
                let workspace = store::create_workspace(tx, id, &workspace).await?;
                let mut roles = Vec::new();
                for built_in in BuiltInRole::ALL {
                    roles.push(insert_built_in(tx, id, built_in).await?);
                }
                let administrator = roles
                    .first()
                    .cloned()
                    .ok_or_else(|| Error::damaged("no built-in roles"))?;
                let new = NewUser {
                    name,
                    email,
                    role: administrator,
                    password_hash: Some(hash),
                    by_provider: false,
                    habits: Habits::of(&workspace),
                };
                let person = insert_user(tx, id, new).await?;
                let who = person_at_the_door(id, &person.user, &request);
                record(tx, &who, &Done::created(&WorkspaceRecord::new(&workspace)))?;
                for role in &roles {
                    record(tx, &who, &Done::created(&RoleRecord::new(role)?))?;
                }
                record(tx, &who, &Done::created(&person.record()))?;
                first_sign_in(tx, &who, person, "setup").await
            })
        });
        let user = made.await?;
        self.workspace().await?;
        Ok(user)
    }

    /// The workspace, once there is one; `None` where it is to stop before.
    pub(crate) async fn awaited(
        &self,
        mut appended: watch::Receiver<u64>,
        stopping: &mut watch::Receiver<bool>,
    ) -> Option<Workspace> {
        loop {
            match self.workspace().await {
                Ok(Some(workspace)) => return Some(workspace),
                Ok(None) => {}
                Err(error) => tracing::warn!(error = chain(&error), "it isn't known whose workspace this is"),
            }
            tokio::select! {
                changed = appended.changed() => changed.ok()?,
                // It may be set up by another process.
                () = tokio::time::sleep(LOOK_AGAIN) => {}
                _ = stopping.changed() => return None,
            }
        }
    }

    /// The command line of this machine, or Daybook itself: may do everything.
    pub fn system_viewer(&self, workspace: &Workspace, name: &str) -> Viewer {
        Viewer::new(
            workspace.id,
            Principal::System {
                name: name.to_owned(),
            },
            Permission::ALL.iter().copied().collect(),
            "UTC".to_owned(),
            "System".to_owned(),
            RequestContext {
                correlation_id: self.0.ids.next().to_string(),
                ..RequestContext::default()
            },
        )
    }
}

/// Lets in somebody who has just chosen their password, and records it.
pub(super) async fn first_sign_in(
    tx: &mut WriteTx,
    who: &Viewer,
    person: Person,
    method: &'static str,
) -> Result<UserId> {
    let mut trace = Trace::default();
    trace.found(tx.now(), Some(&person));
    trace.step(tx.now(), "Chose a password");
    trace.cookie(tx.now());
    let id = person.id();
    sign_in::let_in(tx, who, person.user, &Way::form(method), trace).await?;
    Ok(id)
}

pub(super) async fn insert_built_in(
    tx: &WriteTx,
    workspace: WorkspaceId,
    built_in: BuiltInRole,
) -> Result<role::Model> {
    let row = role::ActiveModel {
        workspace_id: Set(workspace.0),
        id: Set(tx.new_id()),
        name: Set(built_in.name().to_owned()),
        name_key: Set(rows::key(built_in.name())),
        description: Set(built_in.description().to_owned()),
        built_in: Set(Some(rows::built_in_name(built_in).to_owned())),
        permissions: Set(rows::to_json(
            built_in.permissions().iter().map(|permission| permission.name()),
        )),
        created_at: Set(tx.now().micros()),
        needs_second_factor: Set(false),
    };
    Ok(role::Entity::insert(row).exec_with_returning(tx.db()).await?)
}

pub(super) fn already() -> Error {
    Told::conflict("Daybook is set up already. Sign in, or ask an administrator for an invitation.").into()
}
