//! What somebody did in a period (R38), and what the log knows of a user: counted by the index and read from few
//! records, however long the log is.

use super::{
    EventStore, facets, histogram,
    list::{Lists, again},
    overview::commonest,
};
use crate::{
    Result,
    db::Db,
    index::{
        Plan, View, filtered,
        overview::{count_between, count_values, countable, extent},
        search::{Answers, Condition, Question},
    },
    local_time::Reader,
};
use daybook_domain::{
    Error as Told,
    about::About,
    activity::{ActivityQuery, ActivitySummary, Deletion, LogTrace, MOST, Other, Place, SignIns},
    catalogue::{OWN_SOURCE, OwnType},
    cursor::{Cursor, Direction},
    event::{Action, Event, Outcome},
    facet::{Bar, Facet, Histogram},
    id::{UserId, WorkspaceId},
    log::{FilterField, LogScope},
    search::{Expr, Field, Term, Value},
    time::Timestamp,
};
use daybook_entity::user;
use futures::future::{try_join_all, try_join5};
use sea_orm::EntityTrait;
use std::ops::Range;

/// The filters whose values are counted.
const COUNTED: [FilterField; 2] = [FilterField::Section, FilterField::Action];
/// The word for users in records.
const USER: &str = "user";
/// Records read at a time to find values that aren't known yet, and how often.
const READ: usize = 100;
const ROUNDS: usize = 10;

/// Somebody's records of a period.
struct Doings<'a> {
    lists: Lists,
    actor: &'a str,
    time: Range<i64>,
    reader: &'a Reader,
}

impl EventStore {
    pub(super) async fn activity_of(
        &self,
        workspace: WorkspaceId,
        query: &ActivityQuery,
        reader: &Reader,
    ) -> Result<ActivitySummary> {
        let lists = self.lists(workspace, LogScope::All);
        let doings = Doings {
            actor: &query.actor,
            time: lists.question(&query.period(), reader).await?.time,
            lists,
            reader,
        };
        let (own, as_others) = (doings.own(None), doings.as_others());
        let (counted, sign_ins, places, by, others) = try_join5(
            doings.counted(&own, &COUNTED),
            doings.sign_ins(),
            doings.places(),
            doings.impersonators(),
            doings.counted(&as_others, &[FilterField::Actor]),
        )
        .await?;
        let (records, days, facets) = counted;
        let (places, more_places) = places;
        let others = others.2.into_iter().flat_map(|facet| facet.values);
        Ok(ActivitySummary {
            records,
            days,
            facets,
            sign_ins,
            places,
            more_places,
            impersonated_by: by,
            impersonated: others
                .take(MOST)
                .map(|value| Other {
                    key: value.value,
                    label: value.label,
                    records: value.count,
                })
                .collect(),
            zone: reader.zone_name().to_owned(),
        })
    }

    /// The newest record that says what became of a thing; of a user also, what they did. A user whom no record names
    /// yet is still somebody: those who are as old as the workspace have none of their coming.
    pub(super) async fn trace_of(
        &self,
        workspace: WorkspaceId,
        about: &About,
        reader: &Reader,
    ) -> Result<LogTrace> {
        let lists = self.lists(workspace, LogScope::All);
        let newest = async |text: Expr| {
            let question = Question::of(text);
            let found = again(|| Box::pin(lists.page(&question, None, 1))).await?;
            Ok::<_, crate::Error>(found.events.into_iter().next())
        };
        // Others may say what they like.
        let own = Expr::is(Field::Source, OWN_SOURCE);
        if let Some(ends) = OwnType::of(&about.kind, "deleted") {
            let gone = vec![
                Expr::is(Field::Target, &about.id),
                Expr::is(Field::Type, ends.name()),
                own.clone(),
            ];
            if let Some(event) = newest(Expr::All(gone)).await? {
                return Ok(LogTrace {
                    name: name_in(&event, about).unwrap_or_default(),
                    deleted: Some(deletion(&event, reader)),
                });
            }
        }
        let said = if about.kind == USER {
            Expr::Any(
                [Field::Target, Field::Actor]
                    .map(|field| Expr::is(field, &about.id))
                    .to_vec(),
            )
        } else {
            Expr::All(vec![Expr::is(Field::Target, &about.id), own])
        };
        let event = newest(said).await?;
        let mut name = event.and_then(|event| name_in(&event, about));
        if name.is_none() && about.kind == USER {
            name = user_name(&lists.db, workspace, &about.id).await?;
        }
        Ok(LogTrace {
            name: name.ok_or(Told::NotFound)?,
            deleted: None,
        })
    }
}

async fn user_name(db: &Db, workspace: WorkspaceId, id: &str) -> Result<Option<String>> {
    let Ok(UserId(id)) = id.parse() else {
        return Ok(None);
    };
    let user = user::Entity::find_by_id((workspace.0, id)).one(&db.read).await?;
    Ok(user.map(|user| user.name))
}

/// What a thing is called in a record.
fn name_in(event: &Event, about: &About) -> Option<String> {
    let mut targets = event.body.targets.iter();
    let target = targets.find(|target| About::target(target).as_ref() == Some(about));
    let actor =
        Some(&event.body.actor).filter(|actor| about.kind == USER && actor.id.as_deref() == Some(&about.id));
    let label = target.map(|target| target.label().to_owned());
    label.or_else(|| actor.map(daybook_domain::event::Actor::label))
}

fn deletion(event: &Event, reader: &Reader) -> Deletion {
    let changes = event.body.changes.iter().filter(|change| !change.secret);
    let state = changes.filter_map(|change| {
        let value = match &change.before {
            serde_json::Value::Null => return None,
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Some((change.property.clone(), value))
    });
    Deletion {
        record: event.id,
        at: reader.local(event.body.occurred_at),
        by: event.body.actor.label(),
        state: state.collect(),
    }
}

impl Doings<'_> {
    /// Their records, of which something more may hold.
    fn own(&self, text: Option<Expr>) -> Question {
        let by = Plan::Key(filtered(FilterField::Actor, self.actor));
        let by = Condition::new(Some(FilterField::Actor), by);
        let more = text.iter().map(|text| Condition::new(None, Plan::of(text)));
        Question {
            conditions: std::iter::once(by).chain(more).collect(),
            text,
            time: self.time.clone(),
            sequences: 0..i64::MAX,
        }
    }

    /// What they did under the names of others.
    fn as_others(&self) -> Question {
        let text = Expr::is(Field::Impersonator, self.actor);
        Question {
            conditions: vec![Condition::new(None, Plan::of(&text))],
            text: Some(text),
            time: self.time.clone(),
            sequences: 0..i64::MAX,
        }
    }

    /// How many records, when, and the values of some filters.
    async fn counted(
        &self,
        question: &Question,
        fields: &[FilterField],
    ) -> Result<(u64, Option<Histogram>, Vec<Facet>)> {
        let counted = again(|| Box::pin(self.count(question, fields))).await?;
        let (records, days, mut facets) = counted;
        facets::name(&self.lists.db.read, self.lists.workspace, &mut facets).await?;
        Ok((records, days, facets))
    }

    async fn count(
        &self,
        question: &Question,
        fields: &[FilterField],
    ) -> Result<(u64, Option<Histogram>, Vec<Facet>)> {
        let mut view = View::of(&self.lists.index, self.lists.workspace).await?;
        let mut sets = Answers::to(question, &mut view).await?.sets(None);
        let sure = self.lists.decide(question, &view, &mut sets).await?;
        let Some(extent) = extent(&view, &sets, &self.time) else {
            return Ok((0, None, Vec::new()));
        };
        let (scale, edges) = self.days(&extent);
        let counts = count_between(&mut view, &sets, &edges).await?;
        let (chunks, all) = countable(&view, &sets, &self.time);
        let tally = count_values(&mut view, &sets, &self.time, fields, &chunks).await?;
        let exact = all && sure;
        let bars = edges.windows(2).zip(&counts).filter_map(|(edge, count)| {
            let [from, to] = *edge else { return None };
            Some(Bar {
                from: Timestamp::from_micros(from)?,
                to: Timestamp::from_micros(to)?,
                label: scale.label(from, to, self.reader),
                count: *count,
            })
        });
        let days = Histogram {
            bars: bars.collect(),
            unit: scale.name(),
            exact: sure,
        };
        let facets = fields.iter().map(|field| commonest(&tally, *field, exact));
        Ok((counts.iter().sum(), Some(days), facets.collect()))
    }

    /// The whole period in days, also those on which nothing happened; as far as there are records where it is open.
    fn days(&self, extent: &Range<i64>) -> (histogram::Scale, Vec<i64>) {
        let begin = if self.time.start == i64::MIN {
            extent.start
        } else {
            self.time.start
        };
        let end = self.reader.now().micros().max(extent.end).min(self.time.end);
        let whole = begin.min(extent.start)..end.max(extent.end);
        let scale = histogram::Scale::for_days(&whole);
        let edges = scale.edges(&whole, self.reader, &self.time);
        (scale, edges)
    }

    async fn how_many(&self, text: Expr) -> Result<u64> {
        let question = self.own(Some(text));
        Ok(again(|| Box::pin(self.lists.count(&question))).await?.number())
    }

    /// The last of the records, or the first.
    async fn one(&self, text: Expr, direction: Direction) -> Result<Option<Event>> {
        let question = self.own(Some(text));
        let first = Cursor {
            direction,
            occurred_at: Timestamp::MIN,
            sequence: 0,
        };
        let cursor = (direction == Direction::Newer).then_some(first);
        let found = again(|| Box::pin(self.lists.page(&question, cursor, 1))).await?;
        Ok(found.events.into_iter().next())
    }

    async fn sign_ins(&self) -> Result<SignIns> {
        let with = |outcome: Outcome| {
            let login = Expr::is(Field::Action, Action::Login.name());
            Expr::All(vec![login, Expr::is(Field::Outcome, outcome.name())])
        };
        let last = self.one(with(Outcome::Success), Direction::Older).await?;
        Ok(SignIns {
            succeeded: self.how_many(with(Outcome::Success)).await?,
            failed: self.how_many(with(Outcome::Failure)).await?,
            last: last.map(|event| self.reader.local(event.body.occurred_at)),
        })
    }

    /// The values of a field that isn't counted, those of the latest records first, and whether there may be more: looks
    /// at some records, then at some that have none of the values it knows, and so on.
    async fn values<T>(
        &self,
        field: &Field,
        of: impl Fn(&Event) -> Option<(String, T)>,
    ) -> Result<(Vec<(String, T)>, bool)> {
        let mut known: Vec<(String, T)> = Vec::new();
        for _ in 0..ROUNDS {
            let mut parts = vec![Expr::Term(Term {
                field: Some(field.clone()),
                value: Value::Present,
            })];
            if !known.is_empty() {
                let seen = known.iter().map(|(value, _)| Expr::is(field.clone(), value));
                parts.push(Expr::Not(Box::new(Expr::Any(seen.collect()))));
            }
            let question = self.own(Some(Expr::All(parts)));
            let found = again(|| Box::pin(self.lists.page(&question, None, READ))).await?;
            for event in &found.events {
                let Some((value, what)) = of(event) else { continue };
                if known.iter().any(|(seen, _)| *seen == value) {
                    continue;
                }
                if known.len() == MOST {
                    return Ok((known, true));
                }
                known.push((value, what));
            }
            if found.events.len() < READ && found.searched_to.is_none() {
                return Ok((known, false));
            }
        }
        Ok((known, true))
    }

    async fn places(&self) -> Result<(Vec<Place>, bool)> {
        let of = |event: &Event| Some((event.body.ip?.to_string(), ()));
        let (known, more) = self.values(&Field::Ip, of).await?;
        let places = known.into_iter().map(async |(ip, ())| {
            let here = || Expr::is(Field::Ip, &ip);
            let first = self.one(here(), Direction::Newer).await?;
            let last = self.one(here(), Direction::Older).await?;
            let (Some(first), Some(last)) = (first, last) else {
                return Ok(None);
            };
            Ok::<_, crate::Error>(Some(Place {
                records: self.how_many(here()).await?,
                first: self.reader.local(first.body.occurred_at),
                last: self.reader.local(last.body.occurred_at),
                ip: ip.clone(),
            }))
        });
        let mut places: Vec<_> = try_join_all(places).await?.into_iter().flatten().collect();
        places.sort_by_key(|place| std::cmp::Reverse(place.last.utc));
        Ok((places, more))
    }

    /// Who appeared as them.
    async fn impersonators(&self) -> Result<Vec<Other>> {
        let of = |event: &Event| {
            let actor = event.body.impersonator.clone()?;
            Some((actor.key(), actor))
        };
        let (known, _) = self.values(&Field::Impersonator, of).await?;
        let counted = known.into_iter().map(async |(key, actor)| {
            let records = self.how_many(Expr::is(Field::Impersonator, &key)).await?;
            Ok::<_, crate::Error>(Other::new(&actor, records))
        });
        let mut counted = try_join_all(counted).await?;
        counted.sort_by_key(|other| std::cmp::Reverse(other.records));
        Ok(counted)
    }
}
