//! From lines to what things are to be.

use super::file::Line;
use crate::{
    Result,
    objects::{
        cells, rows,
        said::{Found, Wanted},
        save::{Intended, State},
        typed,
    },
};
use daybook_domain::{
    Error as Told,
    id::WorkspaceId,
    object::{ColumnMeaning, ImportSettings, ObjectKind, ObjectStatus, Property, STATUS, Typed, Values},
};
use daybook_entity::object::{self, Column as C};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::Value;
use std::collections::{HashMap, hash_map::Entry};

/// What is read, and how.
#[derive(Debug)]
pub(super) struct Reading {
    pub kind: ObjectKind,
    pub settings: ImportSettings,
    /// Columns of the head.
    pub width: usize,
}

/// What a line says, before it is known of which thing.
struct Spoken {
    external_id: Option<String>,
    /// The key that tells things of the kind apart.
    unique: Option<String>,
    typed: Typed,
    status: Option<ObjectStatus>,
    custom: Vec<(String, String)>,
}

/// What a thing is to be by a line; `None` where the thing is there and is to be left alone.
pub(super) type Meant = Result<Option<Intended>, Told>;

impl Reading {
    fn meanings(&self) -> impl Iterator<Item = (usize, &ColumnMeaning)> {
        self.settings.columns.iter().enumerate()
    }

    fn column_of(&self, property: &str) -> Option<usize> {
        let is_it =
            |meaning: &ColumnMeaning| matches!(meaning, ColumnMeaning::Property(name) if name == property);
        self.settings.columns.iter().position(is_it)
    }

    fn cell_of<'l>(&self, line: &'l Line, property: &str) -> Option<&'l str> {
        let cell = line.cell(self.column_of(property)?);
        Some(cell).filter(|cell| !cell.is_empty())
    }

    /// For each line the number of an earlier one about the same thing.
    pub(super) fn twice(&self, lines: &[Line]) -> Vec<Option<u64>> {
        let mut seen: HashMap<(bool, String), u64> = HashMap::new();
        let first = |line: &Line| {
            let external_id = self.cell_of(line, "external_id").map(|id| (true, id.to_owned()));
            let unique = self.cell_of(line, self.kind.spec().unique);
            let unique = unique.map(|unique| (false, rows::key(unique)));
            let mut earlier = None;
            for key in external_id.into_iter().chain(unique) {
                match seen.entry(key) {
                    Entry::Occupied(there) => earlier = earlier.or(Some(*there.get())),
                    Entry::Vacant(free) => drop(free.insert(line.number)),
                }
            }
            earlier
        };
        lines.iter().map(first).collect()
    }

    fn spoken(&self, line: &Line) -> Result<Spoken, Told> {
        if line.cells.len() != self.width {
            return Err(Told::conflict(format!(
                "The line has {} cells, the first line has {}.",
                line.cells.len(),
                self.width
            )));
        }
        let mut spoken = Spoken {
            external_id: self.cell_of(line, "external_id").map(str::to_owned),
            unique: self.cell_of(line, self.kind.spec().unique).map(rows::key),
            typed: Typed::new(),
            status: None,
            custom: Vec::new(),
        };
        for (at, meaning) in self.meanings() {
            let cell = line.cell(at);
            if cell.is_empty() && !self.settings.clear {
                continue;
            }
            match meaning {
                ColumnMeaning::Nothing => {}
                ColumnMeaning::Custom(name) => spoken.custom.push((name.clone(), cell.to_owned())),
                ColumnMeaning::Property(name) if name == STATUS => {
                    spoken.status = status(cell)?;
                }
                ColumnMeaning::Property(name) => {
                    if let Some(property) = self.kind.spec().property(name) {
                        spoken.typed.insert(name.clone(), texts(property, cell));
                    }
                }
            }
        }
        Ok(spoken)
    }

    /// What each line makes of its thing, and why not.
    pub(super) async fn meant(
        &self,
        db: &impl ConnectionTrait,
        workspace: WorkspaceId,
        lines: &[Line],
    ) -> Result<Vec<Meant>> {
        let spoken: Vec<_> = lines.iter().map(|line| self.spoken(line)).collect();
        let known = self.known(db, workspace, spoken.iter().flatten()).await?;
        let mut wanted = Wanted::default();
        for spoken in spoken.iter().flatten() {
            typed::references(self.kind, &spoken.typed, &mut wanted);
        }
        let found = Found::look_up(db, workspace, wanted).await?;
        let mut meant = Vec::with_capacity(lines.len());
        for spoken in spoken {
            meant.push(match spoken {
                Ok(spoken) => self.intended(spoken, &known, &found)?,
                Err(told) => Err(told),
            });
        }
        Ok(meant)
    }

    /// The outer error is ours, the inner one the line's.
    fn intended(&self, mut spoken: Spoken, known: &Known, found: &Found) -> Result<Meant> {
        let row = known.row(&spoken);
        if row.is_some() && !self.settings.update {
            return Ok(Ok(None));
        }
        let before = row.map(State::of).transpose()?;
        let before = before.unwrap_or(State {
            status: ObjectStatus::Active,
            values: Values::new(),
        });
        if !spoken.custom.is_empty() {
            let kept = before.values.get("custom").and_then(Value::as_object);
            let mut pairs: HashMap<String, String> = kept
                .into_iter()
                .flatten()
                .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
                .collect();
            pairs.extend(spoken.custom);
            // An empty one is taken away.
            let lines = pairs.into_iter().filter(|(_, value)| !value.is_empty());
            let lines = lines.map(|(name, value)| format!("{name}: {}", value.replace('\n', " ")));
            spoken.typed.entry("custom".to_owned()).or_default().extend(lines);
        }
        let status = spoken.status.unwrap_or(before.status);
        let values = typed::read(self.kind, before.values, &spoken.typed, found);
        Ok(values.map(|values| {
            Some(Intended {
                row: row.cloned(),
                after: State { status, values },
                told: None,
            })
        }))
    }

    async fn known<'s>(
        &self,
        db: &impl ConnectionTrait,
        workspace: WorkspaceId,
        spoken: impl Iterator<Item = &'s Spoken> + Clone,
    ) -> Result<Known> {
        let fits = |key: &&str| !key.chars().any(char::is_control);
        let external_ids: Vec<_> = spoken
            .clone()
            .filter_map(|line| line.external_id.as_deref())
            .filter(fits)
            .collect();
        let uniques: Vec<_> = spoken
            .filter_map(|line| line.unique.as_deref())
            .filter(fits)
            .collect();
        let of_kind = object::Entity::find()
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Kind.eq(self.kind.name()));
        let mut known = Known::default();
        for (column, keys) in [(C::ExternalId, external_ids), (C::UniqueKey, uniques)] {
            for some in keys.chunks(TOGETHER) {
                for row in of_kind
                    .clone()
                    .filter(column.is_in(some.iter().copied()))
                    .all(db)
                    .await?
                {
                    if let Some(external_id) = &row.external_id {
                        known.by_external_id.insert(external_id.clone(), row.clone());
                    }
                    known.by_unique.insert(row.unique_key.clone(), row);
                }
            }
        }
        Ok(known)
    }
}

/// Keys of one question.
const TOGETHER: usize = 500;

/// The things that lines may be about.
#[derive(Default)]
struct Known {
    by_external_id: HashMap<String, object::Model>,
    by_unique: HashMap<String, object::Model>,
}

impl Known {
    /// The thing with the external id, else the one of the same name or email that has none, or where the line says none.
    fn row(&self, spoken: &Spoken) -> Option<&object::Model> {
        let by_id = spoken
            .external_id
            .as_ref()
            .and_then(|id| self.by_external_id.get(id));
        by_id.or_else(|| {
            let same = self.by_unique.get(spoken.unique.as_ref()?)?;
            (spoken.external_id.is_none() || same.external_id.is_none()).then_some(same)
        })
    }
}

fn texts(property: &Property, cell: &str) -> Vec<String> {
    if cell.is_empty() {
        Vec::new()
    } else {
        cells::typed(property, cell)
    }
}

/// `None` where it is to stay.
fn status(cell: &str) -> Result<Option<ObjectStatus>, Told> {
    let word = cell.to_lowercase();
    match ObjectStatus::from_name(&word) {
        Some(status) => Ok(Some(status)),
        None if word.is_empty() => Ok(None),
        None => {
            let reason = format!("This is none of {}.", ObjectStatus::names().join(", "));
            Err(Told::invalid(STATUS, reason))
        }
    }
}
