//! An integration as it is set up, read from the thing it is.

use super::KIND;
use crate::{Error, Result, record::own_event, writer::WriteTx};
use daybook_domain::{
    Error as Told,
    catalogue::OwnType,
    event::{EventBody, Target},
    id::{ObjectId, WorkspaceId},
    integration::IntegrationType,
    object::{ObjectStatus, Values},
    search::{self, Expr},
    time::Timestamp,
    viewer::Viewer,
};
use daybook_entity::object::{self, Column as C};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value;

#[derive(Debug, Clone)]
pub(super) struct Integration {
    pub id: ObjectId,
    pub name: String,
    pub of_type: IntegrationType,
    pub status: ObjectStatus,
    /// When it was made: what is recorded from then on is sent.
    pub created: Timestamp,
    values: Values,
}

impl Integration {
    fn of(row: &object::Model) -> Result<Self> {
        let values: Values = serde_json::from_str(&row.properties).map_err(Error::damaged)?;
        let of_type = values.get("type").and_then(Value::as_str);
        let of_type = of_type.and_then(IntegrationType::from_name);
        Ok(Self {
            id: ObjectId(row.id),
            name: row.name.clone(),
            of_type: of_type.ok_or_else(|| Error::damaged("an integration of no type"))?,
            status: ObjectStatus::from_name(&row.status)
                .ok_or_else(|| Error::damaged(format!("the status “{}”", row.status)))?,
            created: crate::local_time::stored(row.created_at)?,
            values,
        })
    }

    /// `NotFound` where there is none.
    pub(super) async fn find(
        db: &impl ConnectionTrait,
        workspace: WorkspaceId,
        id: ObjectId,
    ) -> Result<Self> {
        let row = object::Entity::find_by_id((workspace.0, id.0))
            .filter(C::Kind.eq(KIND.name()))
            .one(db)
            .await?;
        Self::of(&row.ok_or(Told::NotFound)?)
    }

    /// All there are, by name. One that can't be read is as if it weren't there.
    pub(super) async fn all(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<Self>> {
        let rows = object::Entity::find()
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Kind.eq(KIND.name()))
            .order_by_asc(C::Name)
            .order_by_asc(C::Id)
            .all(db)
            .await?;
        let read = rows.iter().filter_map(|row| {
            let read = Self::of(row);
            read.inspect_err(|error| tracing::warn!(id = %row.id, %error, "an integration can't be read"))
                .ok()
        });
        Ok(read.collect())
    }

    pub(super) fn is_on(&self) -> bool {
        self.status == ObjectStatus::Active
    }

    /// A property's text; empty where it has none.
    pub(super) fn text(&self, property: &str) -> &str {
        let text = self.values.get(property).and_then(Value::as_str);
        text.unwrap_or_default()
    }

    pub(super) fn flag(&self, property: &str) -> bool {
        self.values.get(property) == Some(&Value::Bool(true))
    }

    pub(super) fn port(&self) -> Option<u16> {
        self.values.get("port")?.as_u64()?.try_into().ok()
    }

    /// Which events it wants; `None` for all.
    ///
    /// # Errors
    /// Why that can't be read, as a sentence.
    pub(super) fn wants(&self) -> Result<Option<Expr>, String> {
        search::parse(self.text("events"))
            .map_err(|problem| format!("Which events are sent can't be read: {problem}."))
    }

    /// Where it is sent to, as far as that may be shown: a chat's address is a secret.
    pub(super) fn place(&self) -> String {
        match self.of_type {
            IntegrationType::Slack | IntegrationType::Teams => self.of_type.title().to_owned(),
            IntegrationType::Syslog => {
                let port = self.port().unwrap_or_default();
                format!("{} {}:{port}", self.text("transport"), self.text("host"))
            }
            IntegrationType::Folder => self.text("folder").to_owned(),
            IntegrationType::S3 => format!("{}/{}", self.origin(), self.text("bucket")),
            IntegrationType::Https | IntegrationType::Splunk | IntegrationType::Elasticsearch => {
                self.origin()
            }
        }
    }

    /// Scheme, host and port of its URL.
    pub(super) fn origin(&self) -> String {
        let url = self.text("url");
        reqwest::Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.origin().ascii_serialization())
    }

    pub(super) fn target(&self) -> Target {
        Target::new(KIND.name(), self.id.to_string(), &self.name)
    }

    /// A record about it, with its sentence.
    pub(super) fn event(&self, of: OwnType, who: &Viewer, tx: &WriteTx, summary: String) -> EventBody {
        let mut event = own_event(of, who, tx);
        event.summary = Some(summary);
        event.targets = vec![self.target()];
        event
    }
}
