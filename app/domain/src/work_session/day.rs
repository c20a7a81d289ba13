//! One agent's day, computed from its records: in which state the agent was at every moment, and what that adds up
//! to. A day is a span of time here; which one a date means in a zone, the caller knows.

use super::{Happened, WorkNote, agent_target};
use crate::{
    event::{Action, Event, EventBody, NamedRef, words},
    id::EventId,
    log::LogKind,
    time::{LocalTime, Timestamp},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Records of a day that are read; of a longer one the newest.
pub const MOST: usize = 1000;

words! {
    /// Where an agent stands at a moment.
    State {
        /// No record says.
        Unknown = "unknown", "Not recorded";
        SignedOut = "signed_out", "Signed out";
        Available = "available", "Available";
        Unavailable = "unavailable", "Unavailable";
        /// Unavailable, and likely not by choice.
        Lost = "lost", "Likely connection loss";
    }
}

impl State {
    pub fn is_signed_in(self) -> bool {
        matches!(self, Self::Available | Self::Unavailable | Self::Lost)
    }
}

/// The day that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DayQuery {
    /// [`Agent::key`](super::Agent::key).
    pub agent: String,
    /// `2026-11-22` in the reader's zone; today where there is none.
    pub date: Option<String>,
    /// IANA zone, where it isn't the viewer's own.
    pub tz: Option<String>,
}

/// A moment from which on an agent is in another state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    pub at: Timestamp,
    pub state: State,
    pub reason: Option<String>,
    /// The record that says so.
    pub record: EventId,
    /// Whether the record shows that there was a session before it.
    pub was_signed_in: bool,
}

impl Turn {
    /// `None` for a record that leaves the state as it is.
    pub fn of(event: &Event) -> Option<Self> {
        let note = WorkNote::of(&event.body)?;
        let after = note.status.as_ref().and_then(|change| change.after.as_ref());
        let by_status = |lost| match after {
            Some(status) if !status.is_available() => {
                if lost {
                    State::Lost
                } else {
                    State::Unavailable
                }
            }
            _ => State::Available,
        };
        let state = match note.happened {
            Happened::SessionStarted => by_status(false),
            Happened::SessionEnded => State::SignedOut,
            Happened::StatusChanged => by_status(note.likely_connection_loss),
            _ => return None,
        };
        let own_word = after.filter(|status| {
            state == State::Unavailable && !status.0.trim().eq_ignore_ascii_case("unavailable")
        });
        let reason = match state {
            State::Unavailable | State::Lost => event.body.reason.clone(),
            _ => None,
        };
        Some(Self {
            at: event.body.occurred_at,
            state,
            reason: reason.or_else(|| own_word.map(|status| status.0.clone())),
            record: event.id,
            was_signed_in: note.happened != Happened::SessionStarted,
        })
    }
}

/// A stretch of time in one state. Not empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Inclusive.
    pub from: Timestamp,
    /// Exclusive.
    pub to: Timestamp,
    pub state: State,
    pub reason: Option<String>,
    /// What began it; `None` where nothing is known to have.
    pub record: Option<EventId>,
}

impl Span {
    pub fn micros(&self) -> i64 {
        self.to.micros() - self.from.micros()
    }
}

/// The states of a span of time, without gaps and in order; neighbours differ. `last` is the last turn before it,
/// `turns` are those within it, in order.
pub fn spans(last: Option<&Turn>, turns: &[Turn], from: Timestamp, until: Timestamp) -> Vec<Span> {
    let unknown = last.is_none() && turns.first().is_some_and(|first| first.was_signed_in);
    let mut spans = Vec::new();
    let mut current = Span {
        from,
        to: from,
        state: last.map_or(if unknown { State::Unknown } else { State::SignedOut }, |last| {
            last.state
        }),
        reason: last.and_then(|last| last.reason.clone()),
        record: last.map(|last| last.record),
    };
    for turn in turns {
        if current.state == turn.state && current.reason == turn.reason {
            continue;
        }
        let at = turn.at.clamp(current.from, until.max(from));
        let next = Span {
            from: at,
            to: at,
            state: turn.state,
            reason: turn.reason.clone(),
            record: Some(turn.record),
        };
        push(&mut spans, current, at);
        current = next;
    }
    push(&mut spans, current, until);
    spans
}

fn push(spans: &mut Vec<Span>, span: Span, to: Timestamp) {
    if to <= span.from {
        return;
    }
    // Two that are alike met because what lay between them took no time.
    match spans.last_mut() {
        Some(last) if last.state == span.state && last.reason == span.reason => last.to = to,
        _ => spans.push(Span { to, ..span }),
    }
}

/// A stretch of time over capacity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Over {
    /// Inclusive.
    pub from: Timestamp,
    /// Exclusive.
    pub to: Timestamp,
    /// The conversation that made it so, where it is known.
    pub conversation: Option<NamedRef>,
}

/// When an agent held more than they may, from records of before and of the time itself, in order. The end of a
/// session ends it: nobody signed out is over capacity.
pub fn over_capacity(events: &[Event], from: Timestamp, until: Timestamp) -> Vec<Over> {
    let mut found: Vec<Over> = Vec::new();
    let mut open: Option<Over> = None;
    for event in events {
        let Some(note) = WorkNote::of(&event.body) else {
            continue;
        };
        let at = event.body.occurred_at.clamp(from, until.max(from));
        match note.happened {
            Happened::OverCapacity if open.is_none() => {
                open = Some(Over {
                    from: at,
                    to: at,
                    conversation: note.conversation,
                });
            }
            Happened::WithinCapacity | Happened::SessionEnded | Happened::SessionStarted => {
                found.extend(open.take().map(|over| Over { to: at, ..over }));
            }
            _ => {}
        }
    }
    found.extend(open.map(|over| Over { to: until, ..over }));
    found.retain(|over| over.to > over.from);
    found
}

/// Whether a record says that the agent was given a conversation.
pub fn is_assigned_to(body: &EventBody, agent: &str) -> bool {
    body.log == LogKind::Conversation
        && body.action == Action::Assign
        && body
            .targets
            .iter()
            .filter_map(agent_target)
            .any(|target| target.key == agent)
}

/// What a day adds up to; times in microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// The sum of the three that follow.
    pub signed_in: i64,
    pub available: i64,
    /// By choice, as far as is known.
    pub unavailable: i64,
    pub lost: i64,
    pub losses: u64,
    pub over_capacity: i64,
    /// Different ones.
    pub conversations: u64,
}

impl Totals {
    pub fn of(spans: &[Span], over: &[Over], assigned: &[Assigned]) -> Self {
        let mut totals = Self::default();
        for span in spans {
            let micros = span.micros();
            match span.state {
                State::Available => totals.available += micros,
                State::Unavailable => totals.unavailable += micros,
                State::Lost => {
                    totals.lost += micros;
                    totals.losses += 1;
                }
                State::Unknown | State::SignedOut => continue,
            }
            totals.signed_in += micros;
        }
        totals.over_capacity = over
            .iter()
            .map(|over| over.to.micros() - over.from.micros())
            .sum();
        let mut names: Vec<_> = assigned.iter().map(|one| one.conversation.label()).collect();
        names.sort_unstable();
        names.dedup();
        totals.conversations = u64::try_from(names.len()).unwrap_or(u64::MAX);
        totals
    }
}

/// A conversation that was given to the agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    pub at: LocalTime,
    pub conversation: NamedRef,
    pub record: EventId,
}

/// A span, with its ends made ready for the reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part<T> {
    pub span: T,
    pub from: LocalTime,
    pub to: LocalTime,
}

/// A full hour of the reader's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hour {
    pub at: Timestamp,
    pub hour: u32,
}

/// An agent's day as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentDay {
    pub agent: super::Agent,
    pub date: NaiveDate,
    /// `Friday, 20 November 2026`
    pub title: String,
    pub previous: Option<NaiveDate>,
    /// `None` where that is still to come.
    pub next: Option<NaiveDate>,
    /// The day's first moment and the first one after it.
    pub from: Timestamp,
    pub to: Timestamp,
    /// How much of it has passed.
    pub until: Timestamp,
    /// Since when the agent had been in the state in which the day began, where they were signed in.
    pub since: Option<LocalTime>,
    /// All of what has passed.
    pub parts: Vec<Part<Span>>,
    pub over: Vec<Part<Over>>,
    pub assigned: Vec<Assigned>,
    pub totals: Totals,
    pub hours: Vec<Hour>,
    /// More records than were read.
    pub more: bool,
    /// IANA name of the zone the day is one of.
    pub zone: String,
}
