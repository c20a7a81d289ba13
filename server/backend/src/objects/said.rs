//! Finding things by what somebody said: an id, an id of another system, or a name. Everything that is said together is
//! looked up together.

use super::{
    aliases::{self, By},
    rows,
};
use crate::{
    Result,
    rows::{id_text, packed},
};
use daybook_domain::{
    Error as Told,
    id::WorkspaceId,
    naming::Naming,
    object::{MAX_MEMBERS, MAX_NAME_CHARS, ObjectKind},
    viewer::Viewer,
};
use daybook_entity::object::{self, Column as C};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::Expr,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Texts of one question.
const TOGETHER: usize = 500;

/// What is to be looked up, by the kind it is said to be of.
#[derive(Debug, Default)]
pub(super) struct Wanted(BTreeMap<ObjectKind, BTreeSet<String>>);

impl Wanted {
    /// Texts that can't be anything's name are left out: [`Found::ids_of`] refuses them.
    pub(super) fn add<'a>(&mut self, kind: ObjectKind, texts: impl IntoIterator<Item = &'a str>) {
        let texts = texts.into_iter().map(str::trim).filter(|text| can_be_said(text));
        self.0
            .entry(kind)
            .or_default()
            .extend(texts.take(MAX_MEMBERS).map(str::to_owned));
    }
}

/// Long texts and ones that no database takes are no names.
fn can_be_said(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= MAX_NAME_CHARS && !text.chars().any(char::is_control)
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What things are called to whoever said it.
    naming: Naming,
    ids: BTreeSet<(ObjectKind, Uuid)>,
    /// The things that those became part of which the ids were of.
    became: HashMap<(ObjectKind, Uuid), Uuid>,
    external_ids: HashMap<(ObjectKind, String), Uuid>,
    names: HashMap<(ObjectKind, String), Vec<Uuid>>,
}

impl Found {
    pub(super) async fn look_up(db: &impl ConnectionTrait, who: &Viewer, wanted: Wanted) -> Result<Self> {
        let workspace = who.workspace();
        let mut found = Self {
            naming: who.naming(),
            ..Self::default()
        };
        for (kind, texts) in wanted.0 {
            let ids = texts.iter().filter_map(|text| text.parse::<Uuid>().ok());
            let names: BTreeSet<_> = texts.iter().map(|text| rows::key(text)).collect();
            let (ids, names): (Vec<_>, Vec<_>) = (ids.collect(), names.into_iter().collect());
            let texts: Vec<_> = texts.into_iter().collect();
            let of_kind = object::Entity::find()
                .select_only()
                .columns([C::Id, C::ExternalId, C::NameKey])
                .filter(C::WorkspaceId.eq(workspace.0))
                .filter(C::Kind.eq(kind.name()));
            let mut conditions = Vec::new();
            conditions.extend(ids.chunks(TOGETHER).map(|some| C::Id.is_in(some.iter().copied())));
            conditions.extend(texts.chunks(TOGETHER).map(|some| C::ExternalId.is_in(some)));
            conditions.extend(names.chunks(TOGETHER).map(|some| C::NameKey.is_in(some)));
            for condition in conditions {
                let rows = of_kind.clone().filter(condition).into_query();
                let columns = [
                    id_text(db.get_database_backend(), C::Id),
                    Expr::col(C::ExternalId),
                    Expr::col(C::NameKey),
                ];
                let rows: Vec<(Uuid, Option<String>, String)> = packed(db, rows, columns).await?;
                for (id, external_id, name) in rows {
                    found.ids.insert((kind, id));
                    if let Some(external_id) = external_id {
                        found.external_ids.insert((kind, external_id), id);
                    }
                    let same = found.names.entry((kind, name)).or_default();
                    if !same.contains(&id) {
                        same.push(id);
                    }
                }
            }
            found.add_aliases(db, workspace, kind, &ids, &texts).await?;
        }
        Ok(found)
    }

    /// What is known of no thing may be of one that became part of another.
    async fn add_aliases(
        &mut self,
        db: &impl ConnectionTrait,
        workspace: WorkspaceId,
        kind: ObjectKind,
        ids: &[Uuid],
        texts: &[String],
    ) -> Result<()> {
        let unknown = ids.iter().filter(|id| !self.ids.contains(&(kind, **id)));
        let unknown: Vec<_> = unknown.map(Uuid::to_string).collect();
        for (id, meant) in aliases::meant(db, workspace, kind, By::Id, &unknown).await? {
            if let Ok(id) = id.parse() {
                self.became.insert((kind, id), meant);
            }
        }
        let is_unknown = |text: &&String| !self.external_ids.contains_key(&(kind, (*text).clone()));
        let unknown: Vec<_> = texts.iter().filter(is_unknown).cloned().collect();
        let meant = aliases::meant(db, workspace, kind, By::ExternalId, &unknown).await?;
        let meant = meant.into_iter().map(|(text, id)| ((kind, text), id));
        self.external_ids.extend(meant);
        Ok(())
    }

    /// The ids of things of a kind, in the order of what was said. `Invalid{field}` for one that isn't there, or whose name
    /// several have.
    pub(super) fn ids_of(&self, kind: ObjectKind, field: &str, said: &[String]) -> Result<Vec<String>, Told> {
        let invalid = |reason: String| Told::invalid(field, reason);
        let what = self.naming.singular(kind);
        let texts: BTreeSet<_> = said
            .iter()
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
            .collect();
        if texts.len() > MAX_MEMBERS {
            return Err(invalid(format!("This has more than {MAX_MEMBERS} entries.")));
        }
        let id = |text: &str| {
            if !can_be_said(text) {
                return Err(invalid(format!("This is no name of a {what}.")));
            }
            if let Ok(id) = text.parse::<Uuid>() {
                if self.ids.contains(&(kind, id)) {
                    return Ok(id.to_string());
                }
                if let Some(became) = self.became.get(&(kind, id)) {
                    return Ok(became.to_string());
                }
            }
            if let Some(id) = self.external_ids.get(&(kind, text.to_owned())) {
                return Ok(id.to_string());
            }
            let named = self.names.get(&(kind, rows::key(text)));
            match named.map(Vec::as_slice) {
                Some([id]) => Ok(id.to_string()),
                Some([_, ..]) => Err(invalid(format!(
                    "There are several with the name “{text}”: give the id of the {what}."
                ))),
                _ => {
                    let known = text.chars().take(100).collect::<String>();
                    Err(invalid(format!("There is no {what} “{known}”.")))
                }
            }
        };
        texts.into_iter().map(id).collect()
    }
}
