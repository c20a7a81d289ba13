use super::{
    Happened, Routing, WorkNote, agent_of,
    day::{Assigned, Over, Span, State, Totals, Turn, is_assigned_to, over_capacity, spans},
    is_likely_connection_loss,
};
use crate::{
    event::{Action, Actor, ActorKind, Automation, Change, Event, EventBody, NamedRef, Target},
    id::EventId,
    log::LogKind,
    time::Timestamp,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

fn at(seconds: i64) -> Timestamp {
    let start: Timestamp = "2026-11-20T00:00:00Z".parse().unwrap();
    start.plus_seconds(seconds)
}

fn mara() -> Actor {
    Actor::named(ActorKind::User, "Mara Okafor").with_id("u1")
}

fn system() -> Actor {
    Actor {
        automation: Some(Automation::QueueRouter),
        ..Actor::named(ActorKind::System, "Session monitor")
    }
}

fn body(event_type: &str, actor: Actor, changes: Vec<Change>) -> EventBody {
    let mut body = EventBody::new(event_type, actor, at(0));
    body.log = LogKind::WorkSession;
    body.targets = vec![Target::new("service_agent", "u1", "Mara Okafor")];
    body.changes = changes;
    body
}

fn routed(actor: Actor, before: impl Into<Value>, after: impl Into<Value>) -> EventBody {
    body(
        "routing-status-changed",
        actor,
        vec![Change::new("Routing status", before, after)],
    )
}

fn event(seconds: i64, mut body: EventBody) -> Event {
    body.occurred_at = at(seconds);
    Event {
        id: EventId(Uuid::from_u128(u128::try_from(seconds + 1_000_000).unwrap())),
        sequence: 1,
        recorded_at: at(seconds),
        body,
    }
}

fn held(event_type: &str, before: u64, after: u64, capacity: u64) -> EventBody {
    let mut body = body(
        event_type,
        system(),
        vec![Change::new("Conversations held", before, after)],
    );
    body.metadata.insert("capacity".into(), capacity.into());
    body.conversation = Some(NamedRef::new("4711", "#4711 VPN"));
    body
}

fn note(body: &EventBody) -> WorkNote {
    WorkNote::of(body).unwrap()
}

#[test]
fn only_the_system_loses_connections() {
    let lost = |body: &EventBody| is_likely_connection_loss(body);
    assert!(lost(&routed(system(), "Available", "Unavailable")));
    assert!(lost(&routed(Actor::new(ActorKind::System), "available", "Away")));
    assert!(!lost(&routed(mara(), "Available", "Unavailable")));
    assert!(!lost(&routed(system(), "Unavailable", "Available")));
    assert!(!lost(&routed(system(), "Unavailable", "Away")));
    // The start and the end of a session.
    assert!(!lost(&routed(system(), json!(null), "Unavailable")));
    assert!(!lost(&routed(system(), "Available", json!(null))));
    let program = Actor {
        automation: Some(Automation::Api),
        ..Actor::new(ActorKind::System)
    };
    assert!(!lost(&routed(program, "Available", "Unavailable")));
    assert!(!lost(&routed(
        Actor::new(ActorKind::ApiKey),
        "Available",
        "Unavailable"
    )));
    let mut denied = routed(system(), "Available", "Unavailable");
    denied
        .metadata
        .insert("likely_connection_loss".into(), json!(false));
    assert!(!lost(&denied));
    let mut elsewhere = routed(system(), "Available", "Unavailable");
    elsewhere.log = LogKind::Activity;
    assert!(!lost(&elsewhere));
    assert_eq!(WorkNote::of(&elsewhere), None);
}

#[test]
fn a_record_says_what_happened() {
    let happened = |body: &EventBody| note(body).happened;
    assert_eq!(
        happened(&routed(mara(), json!(null), "Available")),
        Happened::SessionStarted
    );
    assert_eq!(
        happened(&routed(mara(), "Available", json!(null))),
        Happened::SessionEnded
    );
    assert_eq!(
        happened(&routed(mara(), "Available", "Unavailable")),
        Happened::StatusChanged
    );
    assert_eq!(happened(&held("x", 5, 6, 5)), Happened::OverCapacity);
    assert_eq!(happened(&held("x", 6, 5, 5)), Happened::WithinCapacity);
    assert_eq!(happened(&held("x", 3, 4, 5)), Happened::Other);
    let set = body("capacity-changed", mara(), vec![Change::new("Capacity", 5, 6)]);
    assert_eq!(happened(&set), Happened::CapacityChanged);
    assert_eq!(
        (note(&set).capacity_before, note(&set).capacity),
        (Some(5), Some(6))
    );
    // Without values the name is all there is.
    assert_eq!(
        happened(&body("work_session.started", mara(), vec![])),
        Happened::SessionStarted
    );
    assert_eq!(
        happened(&body("work-session-ended", mara(), vec![])),
        Happened::SessionEnded
    );
    assert_eq!(
        happened(&body("device-disconnected", mara(), vec![])),
        Happened::Other
    );
}

#[test]
fn the_time_signed_in_is_that_of_the_session_that_ended() {
    let mut ended = routed(mara(), "Available", json!(null));
    ended.metadata.insert("duration_seconds".into(), json!(3600));
    assert_eq!(note(&ended).signed_in_seconds, Some(3600));
    let mut other = routed(mara(), "Available", "Unavailable");
    other.metadata.insert("duration_seconds".into(), json!(3600));
    assert_eq!(note(&other).signed_in_seconds, None);
}

#[test]
fn the_agent_is_who_it_happened_to() {
    let by_system = routed(system(), "Available", "Unavailable");
    assert_eq!(agent_of(&by_system).unwrap().key, "u1");
    let mut own = routed(mara(), "Available", "Unavailable");
    own.targets = vec![Target::new("work_session", "ws-1", "Session")];
    assert_eq!(agent_of(&own).unwrap().label, "Mara Okafor");
    let mut nobody = by_system;
    nobody.targets.clear();
    assert_eq!(agent_of(&nobody), None);
}

#[test]
fn changes_of_status_are_sorted_for_the_filter() {
    assert_eq!(
        Routing::of(&routed(mara(), "Unavailable", "Available")),
        Some(Routing::Available)
    );
    assert_eq!(
        Routing::of(&routed(mara(), "Available", "Away")),
        Some(Routing::Unavailable)
    );
    assert_eq!(
        Routing::of(&routed(system(), "Available", "Unavailable")),
        Some(Routing::ConnectionLoss)
    );
    assert_eq!(Routing::of(&routed(mara(), json!(null), "Available")), None);
}

#[test]
fn a_conversation_is_given_to_who_is_among_its_targets() {
    let mut given = EventBody::new("chat-assigned-to-user", system(), at(0));
    given.log = LogKind::Conversation;
    given.action = Action::Assign;
    given.targets = vec![
        Target::new("conversation", "u2", "#1"),
        Target::new("service_agent", "u1", "Mara Okafor"),
    ];
    assert!(is_assigned_to(&given, "u1"));
    // A conversation may have the number of an agent.
    assert!(!is_assigned_to(&given, "u2"));
    given.action = Action::Update;
    assert!(!is_assigned_to(&given, "u1"));
}

fn turns(events: &[Event]) -> Vec<Turn> {
    events.iter().filter_map(Turn::of).collect()
}

fn shown(spans: &[Span]) -> Vec<(i64, i64, State)> {
    let seconds = |time: Timestamp| (time.micros() - at(0).micros()) / 1_000_000;
    spans
        .iter()
        .map(|span| (seconds(span.from), seconds(span.to), span.state))
        .collect()
}

#[test]
fn a_day_goes_from_state_to_state() {
    let mut lunch = routed(mara(), "Available", "Unavailable");
    lunch.reason = Some("Lunch".into());
    let events = [
        event(100, routed(mara(), json!(null), "Available")),
        event(200, lunch),
        event(300, routed(mara(), "Unavailable", "Available")),
        event(400, routed(system(), "Available", "Unavailable")),
        event(500, routed(mara(), "Unavailable", "Available")),
        event(600, routed(mara(), "Available", json!(null))),
    ];
    let spans = spans(None, &turns(&events), at(0), at(1000));
    assert_eq!(
        shown(&spans),
        [
            (0, 100, State::SignedOut),
            (100, 200, State::Available),
            (200, 300, State::Unavailable),
            (300, 400, State::Available),
            (400, 500, State::Lost),
            (500, 600, State::Available),
            (600, 1000, State::SignedOut),
        ]
    );
    assert_eq!(spans[2].reason.as_deref(), Some("Lunch"));
    let totals = Totals::of(&spans, &[], &[]);
    assert_eq!((totals.signed_in, totals.available), (500_000_000, 300_000_000));
    assert_eq!((totals.lost, totals.losses), (100_000_000, 1));
}

#[test]
fn a_session_goes_on_over_midnight() {
    let before = event(-3600, routed(mara(), json!(null), "Available"));
    let last = Turn::of(&before);
    let end = [event(600, routed(mara(), "Available", json!(null)))];
    assert_eq!(
        shown(&spans(last.as_ref(), &turns(&end), at(0), at(1000))),
        [(0, 600, State::Available), (600, 1000, State::SignedOut)]
    );
    // What began it is known, though it was the day before.
    let all_day = spans(last.as_ref(), &[], at(0), at(1000));
    assert_eq!(all_day[0].record, Some(before.id));
}

#[test]
fn what_no_record_says_is_not_made_up() {
    let first = [event(600, routed(mara(), "Available", "Unavailable"))];
    assert_eq!(
        shown(&spans(None, &turns(&first), at(0), at(1000))),
        [(0, 600, State::Unknown), (600, 1000, State::Unavailable)]
    );
    assert_eq!(
        shown(&spans(None, &[], at(0), at(1000))),
        [(0, 1000, State::SignedOut)]
    );
    // A day that is still to come.
    assert_eq!(spans(None, &[], at(0), at(0)), []);
    assert_eq!(spans(None, &[], at(0), at(-100)), []);
}

#[test]
fn the_end_of_a_session_ends_being_over_capacity() {
    let events = [
        event(100, held("x", 5, 6, 5)),
        event(200, held("x", 6, 5, 5)),
        event(300, held("x", 5, 6, 5)),
        event(400, routed(mara(), "Available", json!(null))),
        event(500, held("x", 6, 5, 5)),
        event(900, held("x", 5, 6, 5)),
    ];
    let over = over_capacity(&events, at(150), at(1000));
    let seconds = |over: &Over| (over.to.micros() - over.from.micros()) / 1_000_000;
    assert_eq!(over.iter().map(seconds).collect::<Vec<_>>(), [50, 100, 100]);
    assert_eq!(over[0].from, at(150));
    assert_eq!(over[0].conversation.as_ref().unwrap().label(), "#4711 VPN");
}

/// Records as sources send them, sensible or not.
fn any_body() -> impl Strategy<Value = EventBody> {
    let status = || {
        prop_oneof![
            Just(json!(null)),
            Just(json!("Available")),
            Just(json!("Unavailable")),
            Just(json!("Away")),
            Just(json!(7)),
        ]
    };
    let actor = prop_oneof![Just(mara()), Just(system())];
    let reason = prop::option::of(prop_oneof![Just("Lunch".to_owned()), Just("Break".to_owned())]);
    let route = (actor, status(), status(), reason).prop_map(|(actor, before, after, reason)| {
        let mut body = routed(actor, before, after);
        body.reason = reason;
        body
    });
    let load = (0_u64..8, 0_u64..8).prop_map(|(before, after)| held("x", before, after, 5));
    let named = prop_oneof![
        Just("work-session-started"),
        Just("work-session-ended"),
        Just("capacity-exceeded"),
        Just("device-disconnected"),
    ];
    prop_oneof![4 => route, 2 => load, 1 => named.prop_map(|name| body(name, mara(), vec![]))]
}

fn any_events(range: std::ops::Range<i64>) -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec((range, any_body()), 0..30).prop_map(|events| {
        let mut events: Vec<_> = events.into_iter().map(|(at, body)| event(at, body)).collect();
        events.sort_by_key(|event| event.body.occurred_at);
        events
    })
}

proptest! {
    #[test]
    fn spans_cover_the_day_in_order_and_neighbours_differ(
        before in any_events(-500..0),
        during in any_events(0..90_000),
        hours in 1_i64..26,
    ) {
        let (from, until) = (at(0), at(hours * 3600));
        let last = before.iter().rev().find_map(Turn::of);
        let during = turns(&during);
        let within: Vec<_> = during.iter().filter(|turn| turn.at < until).cloned().collect();
        let spans = spans(last.as_ref(), &within, from, until);
        prop_assert_eq!(spans.first().map(|span| span.from), Some(from));
        prop_assert_eq!(spans.last().map(|span| span.to), Some(until));
        for span in &spans {
            prop_assert!(span.from < span.to);
            // At each moment: what the last turn before it says.
            let turn = within.iter().rev().find(|turn| turn.at <= span.from).or(last.as_ref());
            if let Some(turn) = turn {
                prop_assert_eq!((span.state, &span.reason), (turn.state, &turn.reason));
            } else {
                prop_assert!(!span.state.is_signed_in());
            }
        }
        for pair in spans.windows(2) {
            prop_assert_eq!(pair[0].to, pair[1].from);
            prop_assert!((pair[0].state, &pair[0].reason) != (pair[1].state, &pair[1].reason));
        }
        let totals = Totals::of(&spans, &[], &[]);
        prop_assert_eq!(totals.signed_in, totals.available + totals.unavailable + totals.lost);
        let away: i64 = spans.iter().filter(|span| !span.state.is_signed_in()).map(Span::micros).sum();
        prop_assert_eq!(totals.signed_in + away, until.micros() - from.micros());
    }

    #[test]
    fn times_over_capacity_lie_within_the_day_and_apart(events in any_events(-500..90_000)) {
        let (from, until) = (at(0), at(86_400));
        let over = over_capacity(&events, from, until);
        for one in &over {
            prop_assert!(from <= one.from && one.from < one.to && one.to <= until);
        }
        for pair in over.windows(2) {
            prop_assert!(pair[0].to <= pair[1].from);
        }
    }

    #[test]
    fn conversations_are_counted_once(numbers in prop::collection::vec(0_u64..5, 0..20)) {
        let local = |_| crate::time::LocalTime {
            utc: at(0),
            day: chrono::NaiveDate::default(),
            clock: chrono::NaiveTime::MIN,
            date: String::new(),
            time: String::new(),
            ago: String::new(),
        };
        let assigned: Vec<_> = numbers.iter().map(|number| Assigned {
            at: local(number),
            conversation: NamedRef::new(number.to_string(), format!("#{number}")),
            record: EventId(Uuid::nil()),
        }).collect();
        let different: std::collections::BTreeSet<_> = numbers.iter().collect();
        prop_assert_eq!(Totals::of(&[], &[], &assigned).conversations, different.len() as u64);
    }
}
