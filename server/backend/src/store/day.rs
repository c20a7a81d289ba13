//! One agent's day: its records, read for what they say of the time between them.

use super::{
    EventStore,
    events::outside,
    list::{Lists, again},
};
use crate::{
    Result,
    index::{Plan, search::Condition},
    local_time::Reader,
};
use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};
use daybook_domain::{
    Error,
    event::{Action, Event, NamedRef},
    log::{FilterField, LogKind, LogScope},
    page::sentence,
    permission::ViewAuditLogs,
    query::LogQuery,
    search::{Expr, Field},
    time::{TimeBound, Timestamp},
    viewer::Granted,
    work_session::{
        Agent, agent_of,
        day::{
            AgentDay, Assigned, DayQuery, Hour, MOST, Part, Totals, Turn, is_assigned_to, over_capacity,
            spans,
        },
    },
};

/// Records of before a day that are looked through for how it began.
const BEFORE: usize = 100;
/// Clocks are set by quarters of an hour, so that each full hour begins at one.
const QUARTER_SECONDS: i64 = 900;

impl EventStore {
    pub(super) async fn day(
        &self,
        who: &Granted<ViewAuditLogs>,
        query: &DayQuery,
    ) -> daybook_domain::Result<AgentDay> {
        let read = async {
            let reader = self.reader(who.viewer(), query.tz.as_deref())?;
            let date = match query.date.as_deref() {
                Some(text) => date(text)?,
                None => reader.wall(reader.now()).date(),
            };
            let (sessions, conversations) = (LogKind::WorkSession, LogKind::Conversation);
            let day = Day {
                sessions: self.lists(who.workspace(), LogScope::One(sessions)),
                conversations: self.lists(who.workspace(), LogScope::One(conversations)),
                reader,
                key: &query.agent,
            };
            day.on(date).await
        };
        read.await.map_err(outside(who.viewer()))
    }
}

/// # Errors
/// `Invalid` for what is no date of years 1 to 9999.
fn date(text: &str) -> Result<NaiveDate> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let date = date.filter(|date| text.len() == 10 && (1..=9999).contains(&date.year()));
    Ok(date.ok_or_else(|| Error::invalid("date", "is not a date such as 2026-11-22"))?)
}

/// What is read of whom.
#[derive(Debug)]
struct Day<'a> {
    sessions: Lists,
    conversations: Lists,
    reader: Reader,
    key: &'a str,
}

impl Day<'_> {
    async fn on(&self, date: NaiveDate) -> Result<AgentDay> {
        let midnight = |date: NaiveDate| self.reader.instant(date.and_time(NaiveTime::MIN));
        let next = date.succ_opt().filter(|next| next.year() <= 9999);
        let (from, to) = (midnight(date), next.map_or(Timestamp::MAX, midnight));
        let until = to.min(self.reader.now()).max(from);
        let (before, _) = self.records(None, from, BEFORE).await?;
        let (during, more) = self.records(Some(from), until, MOST).await?;
        let agent = self.agent(&before, &during).await?;
        let last = before.iter().rev().find_map(Turn::of);
        let turns: Vec<_> = during.iter().filter_map(Turn::of).collect();
        let spans = spans(last.as_ref(), &turns, from, until);
        let all: Vec<_> = before.into_iter().chain(during).collect();
        let over = over_capacity(&all, from, until);
        let (assigned, more_assigned) = self.assigned(from, until).await?;
        let began = last.filter(|last| last.state.is_signed_in());
        let now = self.reader.now();
        Ok(AgentDay {
            agent,
            date,
            title: self.reader.format().long_date(date),
            previous: date.pred_opt().filter(|date| date.year() >= 1),
            next: next.filter(|next| midnight(*next) <= now),
            from,
            to,
            until,
            since: began.map(|began| self.reader.local(began.at)),
            totals: Totals::of(&spans, &over, &assigned),
            parts: self.parts(spans, |span| (span.from, span.to)),
            over: self.parts(over, |over| (over.from, over.to)),
            assigned,
            hours: self.hours(from, to),
            more: more || more_assigned,
            zone: self.reader.zone_name().to_owned(),
        })
    }

    fn parts<T>(&self, spans: Vec<T>, ends: impl Fn(&T) -> (Timestamp, Timestamp)) -> Vec<Part<T>> {
        let part = |span: T| {
            let (from, to) = ends(&span);
            Part {
                span,
                from: self.reader.local(from),
                to: self.reader.local(to),
            }
        };
        spans.into_iter().map(part).collect()
    }

    /// The full hours of the reader's clock: one more or one less where it is set.
    fn hours(&self, from: Timestamp, to: Timestamp) -> Vec<Hour> {
        let quarters = (0..).map(|quarter| from.plus_seconds(quarter * QUARTER_SECONDS));
        let within = quarters.take_while(|at| *at < to).take(30 * 4);
        let hour = within.filter_map(|at| {
            let wall = self.reader.wall(at);
            (wall.minute() == 0 && wall.second() == 0).then(|| Hour {
                at,
                hour: wall.hour(),
            })
        });
        hour.collect()
    }

    /// The agent's records of a time, oldest first, at most the newest so many; and whether there are more.
    async fn records(
        &self,
        from: Option<Timestamp>,
        to: Timestamp,
        most: usize,
    ) -> Result<(Vec<Event>, bool)> {
        let mut query = LogQuery::default().narrowed(FilterField::Agent, self.key);
        query.from = from.map(TimeBound::At);
        query.to = Some(TimeBound::At(to));
        if from.is_some_and(|from| from >= to) {
            return Ok((Vec::new(), false));
        }
        let question = self.sessions.question(&query, &self.reader).await?;
        let found = again(|| Box::pin(self.sessions.page(&question, None, most + 1))).await?;
        let more = found.events.len() > most;
        let mut events = found.events;
        events.truncate(most);
        // The filter also takes a part of a name.
        events.retain(|event| agent_of(&event.body).is_some_and(|agent| agent.key == self.key));
        events.reverse();
        Ok((events, more))
    }

    /// The agent under the name they had last, up to the day; else the one they have.
    async fn agent(&self, before: &[Event], during: &[Event]) -> Result<Agent> {
        let last = during
            .last()
            .or(before.last())
            .and_then(|event| agent_of(&event.body));
        if let Some(agent) = last {
            return Ok(agent);
        }
        let (later, _) = self.records(None, Timestamp::MAX, 1).await?;
        let later = later.first().and_then(|event| agent_of(&event.body));
        Ok(later.ok_or(Error::NotFound)?)
    }

    /// The conversations the agent was given, oldest first.
    async fn assigned(&self, from: Timestamp, to: Timestamp) -> Result<(Vec<Assigned>, bool)> {
        if from >= to {
            return Ok((Vec::new(), false));
        }
        let mut query = LogQuery::default().narrowed(FilterField::Action, Action::Assign.name());
        query.from = Some(TimeBound::At(from));
        query.to = Some(TimeBound::At(to));
        let mut question = self.conversations.question(&query, &self.reader).await?;
        let target = Expr::is(Field::Target, self.key);
        question.conditions.push(Condition::new(None, Plan::of(&target)));
        question.text = Some(target);
        let found = again(|| Box::pin(self.conversations.page(&question, None, MOST + 1))).await?;
        let more = found.events.len() > MOST || found.searched_to.is_some();
        let mut events = found.events;
        events.truncate(MOST);
        let given = events
            .iter()
            .rev()
            .filter(|event| is_assigned_to(&event.body, self.key));
        let given = given.map(|event| Assigned {
            at: self.reader.local(event.body.occurred_at),
            conversation: event.body.conversation.clone().unwrap_or_else(|| NamedRef {
                id: None,
                name: Some(sentence(event)),
            }),
            record: event.id,
        });
        Ok((given.collect(), more))
    }
}
