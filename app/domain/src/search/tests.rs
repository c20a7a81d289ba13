use super::{field::distance, *};
use crate::{event::Event, id::EventId, time::Timestamp};
use proptest::prelude::*;
use serde_json::json;

fn read(text: &str) -> Expr {
    parse(text).unwrap().unwrap()
}

fn printed(text: &str) -> String {
    read(text).to_string()
}

#[test]
fn the_query_of_the_contract_is_understood() {
    let text = r#"action:update (section:"Board access" OR section:Role) -actor:sync-bot ip:203.0.113.0/24 after:dispatch*"#;
    assert_eq!(printed(text), text);
    let Expr::All(parts) = read(text) else {
        panic!("not a list")
    };
    assert_eq!(parts.len(), 5);
    assert!(matches!(&parts[2], Expr::Not(_)));
}

#[test]
fn one_thing_is_written_in_one_way() {
    for (typed, same) in [
        ("a AND b", "a b"),
        ("NOT a", "-a"),
        ("((a))", "a"),
        ("a b OR c d", "a b OR c d"),
        ("(a OR b) c", "(a OR b) c"),
        ("a AND (b AND c)", "a (b c)"),
        ("NOT (a b)", "-(a b)"),
        (
            "type:(role.updated OR role.created)",
            "type:role.updated OR type:role.created",
        ),
        ("Action:UPDATE", "action:update"),
        ("log:webhook-failure", "log:webhook_failure"),
        ("metadata.Http.status:200..299", "metadata.Http.status:200..299"),
        ("brand:*", "brand:*"),
        (
            r#"summary:"say \"hi\" \\ bye"*"#,
            r#"summary:"say \"hi\" \\ bye"*"#,
        ),
        ("ip:::1", r#"ip:"::1""#),
        ("ip:10.0.0.1..10.0.0.9", "ip:10.0.0.1..10.0.0.9"),
        ("10:30 https://x.org/a", r#""10:30" "https://x.org/a""#),
        ("“quoted”", r#""“quoted”""#),
    ] {
        assert_eq!(printed(typed), same, "{typed}");
        assert_eq!(printed(same), same, "{typed}");
    }
    assert_eq!(parse("  \t"), Ok(None));
}

#[test]
fn a_mistake_is_marked_where_it_is() {
    for (typed, marked, said) in [
        ("action:update (section:Role", "(", "Expected “)” for this “(”"),
        ("a) b", ")", "This “)” has no “(”"),
        ("a OR", "", "Expected a word, “field:value” or “(” after OR"),
        (
            "a OR OR b",
            "OR",
            "Expected a word, “field:value” or “(” after OR",
        ),
        (
            "AND a",
            "AND",
            "Expected a word, “field:value” or “(” after the beginning",
        ),
        ("()", ")", "Expected a word, “field:value” or “(” after “(”"),
        (
            "secton:Role",
            "secton",
            "There is no field “secton”. Did you mean “section”?",
        ),
        (
            "zebra:1",
            "zebra",
            "There is no field “zebra”. To search for it as text, put it in quotation marks",
        ),
        ("actor: Bo", "actor:", "Expected a value after “actor:”"),
        ("outcome:good", "good", "“outcome” is one of success, failure"),
        ("\"open", "\"", "Expected a closing quotation mark for this one"),
        (
            "summary:\"\"",
            "\"\"",
            "There is nothing between these quotation marks",
        ),
        ("a*b", "*", "“*” can only end a word or a quotation"),
        (
            "ip:10.0.0.0/33",
            "10.0.0.0/33",
            "“ip” is an address (203.0.113.7), a network (203.0.113.0/24) or a range (203.0.113.1..203.0.113.9)",
        ),
        ("metadata.n:20..10", "20..10", "This range ends before it starts"),
        // A lone dash is no NOT.
        ("- a", "-", "Expected letters or digits to search for"),
        ("!!!", "!!!", "Expected letters or digits to search for"),
    ] {
        let found = parse(typed).unwrap_err();
        assert_eq!(&typed[found.at.clone()], marked, "{typed}");
        assert_eq!(found.to_string(), said, "{typed}");
    }
}

#[test]
fn what_is_too_much_is_said() {
    let expected = |text: &str| parse(text).unwrap_err().expected;
    assert_eq!(expected(&"x".repeat(10_000)), Expected::Shorter);
    assert_eq!(expected(&format!("a{}", "ü".repeat(3000))), Expected::Shorter);
    assert_eq!(expected(&"x".repeat(300)), Expected::ShorterValue);
    assert_eq!(expected(&"x ".repeat(500)), Expected::FewerTerms);
    assert_eq!(expected(&"(".repeat(500)), Expected::LessDepth);
    assert_eq!(expected(&"NOT ".repeat(500)), Expected::LessDepth);
}

fn event() -> Event {
    let body = json!({
        "source": "helpdesk", "occurred_at": "2026-11-22T10:00:00.000000Z", "log": "activity",
        "event_type": "role.updated", "action": "update", "category": "Roles & permissions",
        "section": "Board access", "summary": "Changed permissions of role “Dispatcher”", "outcome": "success",
        "actor": {"kind": "user", "id": "u-7", "name": "Zoë Łukasz", "email": "zoe@example.org"},
        "targets": [{"kind": "role", "id": "r-9", "name": "Dispatcher"}],
        "ip": "203.0.113.7",
        "changes": [{"property": "Permissions", "before": ["tickets.read"], "after": ["tickets.read", "dispatch.manage"]}],
        "metadata": {"http": {"status": 204}, "tags": ["vip"]},
    });
    Event {
        id: EventId(uuid::Uuid::from_u128(7)),
        sequence: 1,
        recorded_at: "2026-11-22T10:00:00Z".parse::<Timestamp>().unwrap(),
        body: serde_json::from_value(body).unwrap(),
    }
}

#[test]
fn terms_find_what_they_name() {
    let event = event();
    for found in [
        "dispatcher",
        "disp*",
        "\"role dispatcher\"",
        "ZOË",
        "zoe@example.org",
        "actor:zoe@example.org",
        "actor:ŁUKASZ",
        "actor:u-7",
        "actor.kind:user",
        "section:\"board access\"",
        "section:board*",
        "type:ROLE.updated",
        "category:\"Roles & permissions\"",
        "after:dispatch*",
        "-before:dispatch*",
        "property:permissions",
        "ip:203.0.113.0/24",
        "ip:203.0.113.1..203.0.113.9",
        "203.0.113.7",
        "metadata.http.status:200..299",
        "metadata.tags:vip",
        "target:r-9",
        "ip:*",
        "-brand:*",
        "action:update (section:\"Board access\" OR section:Role) -actor:sync-bot",
    ] {
        assert!(read(found).matches(&event), "{found}");
    }
    for missed in [
        "dispatchers",
        "\"dispatcher role\"",
        "section:board",
        "type:role",
        "actor:zoe",
        "ip:203.0.112.0/24",
        "metadata.http.status:300..",
        "brand:*",
        "action:create",
        "NOT dispatcher",
        "metadata.Tags:vip",
    ] {
        assert!(!read(missed).matches(&event), "{missed}");
    }
}

#[test]
fn distances_are_small_for_typing_mistakes() {
    assert_eq!(distance("section", "section"), 0);
    assert_eq!(distance("secton", "section"), 1);
    assert_eq!(distance("esction", "section"), 1);
    assert_eq!(distance("", "ip"), 2);
}

fn any_expr() -> impl Strategy<Value = Expr> {
    let text = prop_oneof![
        "[a-z]{1,8}",
        "[A-Za-zäöü0-9 .:()\"\\\\*_-]{0,12}[a-z]",
        Just("AND".to_owned())
    ];
    let field = prop_oneof![
        Just(None),
        Just(Some(Field::Summary)),
        Just(Some(Field::Actor)),
        Just(Some(Field::Type)),
        "[a-zA-Z_]{1,6}(\\.[a-z]{1,4})?".prop_map(|path| Some(Field::Metadata(path))),
    ];
    let term = (field, text, any::<bool>()).prop_map(|(field, text, prefix)| {
        Expr::Term(Term {
            field,
            value: Value::Text { text, prefix },
        })
    });
    term.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::All),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::Any),
            inner.prop_map(|inner| Expr::Not(Box::new(inner))),
        ]
    })
}

proptest! {
    #[test]
    fn a_query_survives_its_text(expr in any_expr()) {
        prop_assert_eq!(parse(&expr.to_string()), Ok(Some(expr)));
    }

    #[test]
    fn parsing_never_panics(text in ".{0,80}") {
        let _ = parse(&text);
    }

    #[test]
    fn neither_do_marks_lie_between_bytes(text in "[a-zü(): \"*\\\\.-]{0,30}") {
        if let Err(found) = parse(&text) {
            prop_assert!(text.get(found.at).is_some());
        }
    }

    #[test]
    fn not_is_the_opposite(expr in any_expr()) {
        let event = event();
        prop_assert_ne!(Expr::Not(Box::new(expr.clone())).matches(&event), expr.matches(&event));
    }
}
