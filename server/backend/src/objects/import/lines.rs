//! From lines to what things are to be.

use super::file::Line;
use crate::{
    Result,
    objects::{
        aliases::{self, By},
        cells,
        holders::LookedFor,
        rows,
        said::{Found, Wanted},
        save::{Intended, State},
        typed,
    },
};
use daybook_domain::{
    Error as Told,
    id::{ObjectId, WorkspaceId},
    object::{
        ColumnMeaning, ImportSettings, ObjectKind, ObjectStatus, Property, STATUS, Typed, Values,
        custom::CUSTOM,
    },
    viewer::Viewer,
};
use daybook_entity::object::{self, Column as C};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::{Map, Value};
use std::collections::{HashMap, hash_map::Entry};
use uuid::Uuid;

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
    /// As a text editor counts them.
    line: u64,
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
            line: line.number,
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

    /// What each line makes of its thing, and why not; and what was looked for to find that out.
    pub(super) async fn meant(
        &self,
        db: &impl ConnectionTrait,
        who: &Viewer,
        lines: &[Line],
    ) -> Result<(Vec<Meant>, LookedFor)> {
        let spoken: Vec<_> = lines.iter().map(|line| self.spoken(line)).collect();
        let (known, looked_for) = self.known(db, who.workspace(), spoken.iter().flatten()).await?;
        let mut wanted = Wanted::default();
        for spoken in spoken.iter().flatten() {
            typed::references(self.kind, &spoken.typed, &mut wanted);
        }
        let found = Found::look_up(db, who, wanted).await?;
        let mut meant = Vec::with_capacity(lines.len());
        // Two lines may call one thing differently: by its name, by its id, by that of what became part of it.
        let mut taken: HashMap<Uuid, u64> = HashMap::new();
        for spoken in spoken {
            meant.push(match spoken {
                Ok(spoken) => {
                    let row = known.row(&spoken);
                    let first = row.map(|row| *taken.entry(row.id).or_insert(spoken.line));
                    match first.filter(|first| *first != spoken.line) {
                        Some(first) => Err(same_as(first)),
                        None => self.intended(spoken, &known, &found)?,
                    }
                }
                Err(told) => Err(told),
            });
        }
        Ok((meant, looked_for))
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
        // Known by what became part of it, it keeps its own.
        let own = row.and_then(|row| row.external_id.as_ref());
        if own.is_some() && own != spoken.external_id.as_ref() && spoken.external_id.is_some() {
            spoken.typed.remove("external_id");
        }
        let status = spoken.status.unwrap_or(before.status);
        let values = typed::read(self.kind, before.values, &spoken.typed, found)
            .and_then(|values| with_custom(self.kind, values, spoken.custom));
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
    ) -> Result<(Known, LookedFor)> {
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
        let mut known = Known {
            aliases: self.by_alias(db, workspace, &external_ids).await?,
            ..Known::default()
        };
        for (column, keys) in [(C::ExternalId, &external_ids), (C::UniqueKey, &uniques)] {
            for some in keys.chunks(TOGETHER) {
                for row in of_kind
                    .clone()
                    .filter(column.is_in(some.iter().copied()))
                    .all(db)
                    .await?
                {
                    if let Some(external_id) = &row.external_id {
                        known.external_ids.insert(external_id.clone(), row.clone());
                    }
                    known.uniques.insert(row.unique_key.clone(), row);
                }
            }
        }
        // Each is there by what is its own.
        let looked_for = LookedFor::new(&uniques, &external_ids, known.uniques.values());
        Ok((known, looked_for))
    }

    async fn by_alias(
        &self,
        db: &impl ConnectionTrait,
        workspace: WorkspaceId,
        external_ids: &[&str],
    ) -> Result<HashMap<String, object::Model>> {
        let said: Vec<_> = external_ids.iter().map(|&id| id.to_owned()).collect();
        let meant = aliases::meant(db, workspace, self.kind, By::ExternalId, &said).await?;
        let mut by_alias = HashMap::with_capacity(meant.len());
        for (said, id) in meant {
            by_alias.insert(said, rows::find(db, workspace, self.kind, ObjectId(id)).await?);
        }
        Ok(by_alias)
    }
}

/// The values with custom properties of which each has a column. An empty one is taken away.
fn with_custom(kind: ObjectKind, mut values: Values, columns: Vec<(String, String)>) -> Result<Values, Told> {
    let Some(property) = kind.spec().property(CUSTOM).filter(|_| !columns.is_empty()) else {
        return Ok(values);
    };
    let mut kept = match values.remove(CUSTOM) {
        Some(Value::Object(kept)) => kept,
        _ => Map::new(),
    };
    kept.extend(columns.into_iter().map(|(name, text)| (name, text.into())));
    let checked = property.check(&kept.into());
    let checked = checked.map_err(|reason| Told::invalid(CUSTOM, reason))?;
    values.extend(checked.map(|kept| (CUSTOM.to_owned(), kept)));
    Ok(values)
}

/// Why a line isn't stored.
pub(super) fn same_as(earlier: u64) -> Told {
    Told::conflict(format!("Line {earlier} is about the same one."))
}

/// Keys of one question.
const TOGETHER: usize = 500;

/// The things that lines may be about.
#[derive(Default)]
struct Known {
    /// By an external id of what became part of it.
    aliases: HashMap<String, object::Model>,
    external_ids: HashMap<String, object::Model>,
    uniques: HashMap<String, object::Model>,
}

impl Known {
    /// The thing with the external id, else the one of the same name or email that has none, or where the line says none.
    fn row(&self, spoken: &Spoken) -> Option<&object::Model> {
        let by_id = spoken.external_id.as_ref();
        let by_id = by_id.and_then(|id| self.external_ids.get(id).or_else(|| self.aliases.get(id)));
        by_id.or_else(|| {
            let same = self.uniques.get(spoken.unique.as_ref()?)?;
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
