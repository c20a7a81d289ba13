use super::{
    answer::{answer, blocks},
    merge::merge,
    segment::{Builder, Head, Whole},
    *,
};
use daybook_domain::{
    event::Event,
    id::EventId,
    log::FilterField,
    search::{Expr, parse},
    time::Timestamp,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

fn event(number: usize, body: Value) -> Event {
    Event {
        id: EventId(uuid::Uuid::from_u128(number as u128 + 1)),
        sequence: i64::try_from(number).unwrap() + 1,
        recorded_at: "2026-11-22T10:00:00Z".parse::<Timestamp>().unwrap(),
        body: serde_json::from_value(body).unwrap(),
    }
}

/// Records of few words, so that questions meet them.
fn any_events() -> impl Strategy<Value = Vec<Event>> {
    let word = || {
        prop::sample::select(vec![
            "role", "Role", "vip", "board", "access", "Zoë", "a-b", "12", "-0", "7.5",
        ])
    };
    let text = || prop::collection::vec(word(), 0..4).prop_map(|words| words.join(" "));
    let ip = prop::sample::select(vec![
        "10.0.0.1",
        "10.0.0.200",
        "192.168.1.1",
        "2001:db8::1",
        "::ffff:10.0.0.1",
    ]);
    let body = (
        text(),
        text(),
        text(),
        text(),
        text(),
        prop::option::of(ip),
        any::<bool>(),
    )
        .prop_map(|(summary, section, name, before, meta, ip, good)| {
            json!({
                "source": "test", "occurred_at": "2026-11-22T10:00:00.000000Z", "log": "activity",
                "event_type": "role.updated", "action": if good { "update" } else { "create" },
                "outcome": if good { "success" } else { "failure" }, "summary": summary, "section": section,
                "actor": {"kind": "user", "id": "u-7", "name": name, "email": "zoe@example.org"},
                "ip": ip, "changes": [{"property": "Name", "before": before, "after": [12, "vip"]}],
                "metadata": {"http": {"status": 204, "note": meta}, "count": meta.len()},
            })
        });
    prop::collection::vec(body, 0..30).prop_map(|bodies| {
        bodies
            .into_iter()
            .enumerate()
            .map(|(at, body)| event(at, body))
            .collect()
    })
}

fn any_query() -> impl Strategy<Value = String> {
    let term = prop::sample::select(vec![
        "role",
        "ro*",
        "\"role vip\"",
        "\"vip bo\"*",
        "zoë",
        "zoe@example.org",
        "10.0.0.1",
        "summary:role",
        "summary:\"role board\"",
        "section:role",
        "section:*",
        "section:\"board access\"",
        "section:bo*",
        "actor:vip",
        "actor:u-7",
        "actor:\"zoë role\"",
        "actor:zo*",
        "type:role.updated",
        "type:role*",
        "action:update",
        "outcome:fail*",
        "before:12",
        "before:0..10",
        "before:..7",
        "after:12..",
        "ip:10.0.0.0/24",
        "ip:10.0.0.1",
        "ip:10.0.0.1..10.0.0.250",
        "ip:2001:db8::/32",
        "ip:*",
        "metadata.http.status:200..299",
        "metadata.http.note:vip",
        "metadata.count:5..20",
        "metadata.none:*",
        "property:name",
        "brand:*",
    ]);
    let term = term.prop_map(str::to_owned);
    term.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} OR {b})")),
            inner.prop_map(|a| format!("-({a})")),
        ]
    })
}

fn segment_of(events: &[Event]) -> Arc<Whole> {
    let mut builder = Builder::default();
    for event in events {
        builder.add(event);
    }
    Arc::new(builder.segment())
}

fn asked(expr: &Expr, segment: &Whole, events: &[Event]) -> Vec<usize> {
    let plan = Plan::of(expr);
    // Only what it said it needs.
    let needed = blocks(&plan, &segment.head);
    let read = |number: usize| -> &[u8] {
        if needed.contains(&number) {
            &segment.blocks[number]
        } else {
            &[]
        }
    };
    let answer = answer(&plan, &segment.head, &read);
    assert!(answer.sure.is_disjoint(&answer.unsure));
    let (sure, possible) = (&answer.sure, answer.possible());
    let numbers = possible
        .iter()
        .filter(|number| sure.contains(*number) || expr.matches(&events[*number as usize]));
    numbers.map(|number| number as usize).collect()
}

fn answered(expr: &Expr, events: &[Event]) -> Vec<usize> {
    asked(expr, &segment_of(events), events)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_index_answers_as_the_records_themselves_do(events in any_events(), query in any_query()) {
        let expr = parse(&query).unwrap().unwrap();
        let expected: Vec<_> = (0..events.len()).filter(|at| expr.matches(&events[*at])).collect();
        prop_assert_eq!(answered(&expr, &events), expected, "{}", query);
    }

    #[test]
    fn segments_put_together_answer_as_one(events in any_events(), at in any::<prop::sample::Index>(), query in any_query()) {
        let at = if events.is_empty() { 0 } else { at.index(events.len()) };
        let merged = merge(&[segment_of(&events[..at]), segment_of(&events[at..])]);
        let expr = parse(&query).unwrap().unwrap();
        let expected: Vec<_> = (0..events.len()).filter(|at| expr.matches(&events[*at])).collect();
        prop_assert_eq!(asked(&expr, &merged, &events), expected, "{}", query);
    }

    #[test]
    fn a_head_survives_its_bytes(events in any_events()) {
        prop_assume!(!events.is_empty());
        let head = segment_of(&events).head.clone();
        prop_assert_eq!(Head::read(&head.write()), Some(head));
    }

    #[test]
    fn bytes_of_somebody_else_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let segment = segment_of(&[event(0, json!({
            "source": "test", "occurred_at": "2026-11-22T10:00:00.000000Z", "log": "activity", "event_type": "x",
            "action": "other", "outcome": "success", "actor": {"kind": "system"},
        }))]);
        let read = |_| -> &[u8] { &bytes };
        let _ = answer(&Plan::of(&parse("x").unwrap().unwrap()), &segment.head, &read);
        let columns = chunk::Columns::read(bytes.clone().into());
        columns.count(&[0, 1, 7], FilterField::ALL, &mut |_, _, _| {});
        let _ = Head::read(&bytes);
    }
}

#[test]
fn a_dictionary_of_many_blocks_is_searched_in_the_right_ones() {
    let events: Vec<_> = (0..3000)
        .map(|number| {
            event(
                number,
                json!({
                    "source": "test", "occurred_at": "2026-11-22T10:00:00.000000Z", "log": "activity",
                    "event_type": format!("type.{}", number % 1500), "action": "other", "outcome": "success",
                    "actor": {"kind": "system"}, "summary": format!("word{number} common"),
                }),
            )
        })
        .collect();
    let of = |query: &str| answered(&parse(query).unwrap().unwrap(), &events);
    assert_eq!(of("word1234"), [1234]);
    assert_eq!(of("type:type.7"), [7, 1507]);
    assert_eq!(of("common").len(), 3000);
    assert_eq!(
        of("word299*"),
        [299, 2990, 2991, 2992, 2993, 2994, 2995, 2996, 2997, 2998, 2999]
    );
    assert_eq!(of("nowhere"), Vec::<usize>::new());
}
