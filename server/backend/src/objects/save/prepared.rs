//! What things are to be, compared with everything it depends on: what each is now, and what others have or refer to.

use super::{Became, Beginning, Intended, Ready, Saved, State};
use crate::{
    Error, Result,
    objects::{
        circles::Circles,
        found_by::FoundBy,
        holders::{Holders, Keys, LookedFor},
        records::Telling,
        rows,
    },
};
use daybook_domain::{
    Error as Told,
    id::{IdMaker, ObjectId},
    object::{Names, ObjectKind, name_of},
    viewer::Viewer,
};
use daybook_entity::object;
use sea_orm::ConnectionTrait;
use std::{collections::HashSet, sync::Arc};
use tokio::task::spawn_blocking;
use uuid::Uuid;

/// A thing on its way.
pub(super) struct Going {
    /// Its place among what was intended.
    pub place: usize,
    /// Of one that is to be made only to tell it apart: it gets another with its number.
    pub id: ObjectId,
    pub row: Option<object::Model>,
    pub before: Option<State>,
    pub after: State,
    /// What it is to be found by.
    pub found_by: FoundBy,
    pub keys: Keys,
    pub told: Option<Telling>,
}

impl Going {
    /// What it is told apart by, and was.
    fn all_keys(&self) -> impl Iterator<Item = &str> {
        let was = self.row.iter().flat_map(|row| {
            let unique = [row.unique_key.as_str()];
            unique.into_iter().chain(row.external_id.as_deref())
        });
        was.chain(self.keys.all())
    }

    pub(super) fn becomes(&self) -> Became {
        match self.before {
            Some(_) => Became::Changed,
            None => Became::Created,
        }
    }
}

/// What is to be stored, once it has been compared.
pub(in crate::objects) struct Prepared {
    pub(super) kind: ObjectKind,
    /// What needs no storing or can't be stored, by place; nothing where what is `going` is.
    pub(super) settled: Vec<Option<Saved>>,
    pub(super) going: Vec<Going>,
    /// What those wanted that were refused for what others have.
    refused: Vec<Keys>,
    /// Of all that records refer to.
    pub(super) names: Names,
}

impl Prepared {
    pub(in crate::objects) async fn of(
        db: &impl ConnectionTrait,
        who: &Viewer,
        kind: ObjectKind,
        intended: Vec<Intended>,
        looked_for: LookedFor,
    ) -> Result<Self> {
        let mut prepared = Self {
            kind,
            settled: intended.iter().map(|_| None).collect(),
            going: Vec::with_capacity(intended.len()),
            refused: Vec::new(),
            names: Names::new(),
        };
        let changing = prepared.settle_same(intended)?;
        prepared.sift(db, who, changing, looked_for).await?;
        let mut referred = Vec::new();
        for going in &prepared.going {
            let states = going.before.iter().chain([&going.after]);
            referred.extend(states.flat_map(|state| rows::references(kind, &state.values)));
        }
        prepared.names = rows::names(db, who.workspace(), referred).await?;
        Ok(prepared)
    }

    /// Settles those that stay as they are and those that lack something, and answers with the others.
    fn settle_same(&mut self, intended: Vec<Intended>) -> Result<Vec<Going>> {
        let mut new_ids = (1..).map(Uuid::from_u128);
        let mut changing = Vec::with_capacity(intended.len());
        for (place, Intended { row, mut after, told }) in intended.into_iter().enumerate() {
            match self.kind.spec().whole(after.values) {
                Ok(values) => after.values = values,
                Err(missing) => {
                    self.settled[place] = Some(Err(Told::invalid(missing.name, "This is required.")));
                    continue;
                }
            }
            let before = row.as_ref().map(State::of).transpose()?;
            let has_a_word = told.as_ref().is_some_and(Telling::has_a_word);
            match row {
                Some(row) if before.as_ref() == Some(&after) && !has_a_word => {
                    self.settled[place] = Some(Ok((row, Became::Same)));
                }
                row => changing.push(Going {
                    place,
                    id: ObjectId(
                        row.as_ref()
                            .map_or_else(|| new_ids.next().unwrap_or_default(), |row| row.id),
                    ),
                    keys: Keys::of(self.kind, &after.values),
                    found_by: after.found_by(self.kind),
                    row,
                    before,
                    after,
                    told,
                }),
            }
        }
        Ok(changing)
    }

    /// Refuses those that others are in the way of, each as it is after the ones before it.
    async fn sift(
        &mut self,
        db: &impl ConnectionTrait,
        who: &Viewer,
        changing: Vec<Going>,
        looked_for: LookedFor,
    ) -> Result<()> {
        let (workspace, kind) = (who.workspace(), self.kind);
        let keys: Vec<_> = changing.iter().map(|changing| &changing.keys).collect();
        let mut holders = Holders::of(db, workspace, kind, &keys, looked_for).await?;
        let after = changing.iter().map(|changing| &changing.after.values);
        let mut circles = Circles::around(db, workspace, kind, after).await?;
        for changing in changing {
            let fits = match holders.refusal(kind, who.naming(), changing.id, &changing.keys) {
                Some(told) => Err(told),
                None => circles.lead(kind, changing.id, &changing.after.values),
            };
            if let Err(told) = fits {
                self.settled[changing.place] = Some(Err(told));
                self.refused.push(changing.keys);
            } else {
                let called = name_of(&changing.after.values);
                holders.pass(changing.id, called, changing.row.as_ref(), &changing.keys);
                self.going.push(changing);
            }
        }
        Ok(())
    }

    /// What becomes of each, were it stored.
    pub(in crate::objects) fn foreseen(self) -> Result<Vec<Result<Became, Told>>> {
        let mut foreseen: Vec<_> = self
            .settled
            .into_iter()
            .map(|settled| settled.map(|settled| settled.map(|(_, became)| became)))
            .collect();
        for going in self.going {
            foreseen[going.place] = Some(Ok(going.becomes()));
        }
        foreseen
            .into_iter()
            .map(|foreseen| foreseen.ok_or_else(neither))
            .collect()
    }

    /// What storing it makes untrue that was read before.
    pub(super) fn touches(&self) -> Touched {
        let mut touched = Touched::default();
        for going in &self.going {
            touched.keys.extend(going.all_keys().map(str::to_owned));
            touched.ids.extend(going.row.as_ref().map(|row| row.id));
        }
        touched
    }

    /// What it would be another for, had that been touched before it was read, beside what it touches itself.
    pub(super) fn rests_on(&self) -> Touched {
        let same = self.settled.iter().flatten().flatten().map(|(row, _)| row.id);
        let wanted = self.refused.iter().flat_map(Keys::all);
        Touched {
            ids: same.collect(),
            keys: wanted.map(str::to_owned).collect(),
        }
    }

    /// Makes all that is to be written, on a thread that nobody waits for. Made things begin at a place.
    pub(in crate::objects) async fn make(
        self,
        who: &Viewer,
        ids: Arc<dyn IdMaker>,
        begin: Beginning,
    ) -> Result<Ready> {
        let who = who.clone();
        let made = spawn_blocking(move || Ready::make(self, &who, ids.as_ref(), begin));
        made.await.map_err(Error::damaged)?
    }
}

pub(super) fn neither() -> Error {
    Error::damaged("a thing that was neither stored nor refused")
}

/// Things that are changed, and all that they or new ones are told apart by, before and after.
#[derive(Debug, Default)]
pub(in crate::objects) struct Touched {
    ids: HashSet<Uuid>,
    keys: HashSet<String>,
}

impl Touched {
    pub(super) fn meets(&self, other: &Self) -> bool {
        !self.ids.is_disjoint(&other.ids) || !self.keys.is_disjoint(&other.keys)
    }
}
