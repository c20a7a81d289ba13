//! Every format with every kind of event that there is, and with texts that want to be something else.

mod bulk;
mod cef;
mod chat;
mod ecs;
mod lines;
mod ocsf;
mod syslog;

use super::{Origin, text};
use daybook_domain::{
    catalogue::OwnType,
    event::{
        Action, Actor, ActorKind, Auth, Automation, Change, Event, EventBody, NamedRef, Outcome, Portal,
        Step, Target,
    },
    id::EventId,
    log::LogKind,
    time::Timestamp,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const ORIGIN: Origin<'static> = Origin {
    workspace: "Northdesk",
    host: "daybook.example.org",
    url: Some("https://daybook.example.org/"),
};

/// What people have tried before.
const NASTY: &[&str] = &[
    "<!channel> <@U012AB3CD> <https://evil.example|Open the record> & *bold* _it_ `code`",
    "[Open the record](https://evil.example) **bold** <at>Mara</at> {{{DATE(2026-11-22T14:05:00Z)}}}",
    "one\r\ntwo\u{2028}three\u{0}\u{202e}four",
    r#"a|b\c=d e=f "g" ]h\n"#,
    "cs1=forged cs1Label=Workspace",
    "",
    " ",
    "2026",
    "{\"a\": 1}",
];

fn at() -> Timestamp {
    "2026-11-22T14:12:51.481207Z".parse().unwrap()
}

fn event(body: EventBody) -> Event {
    Event {
        id: EventId("019aad3b-1e4d-7b20-9c3f-000000000007".parse().unwrap()),
        sequence: 42,
        recorded_at: at().plus_micros(2744),
        body,
    }
}

fn body(log: LogKind, action: Action) -> EventBody {
    let actor = Actor::named(ActorKind::User, "Mara Okafor")
        .with_id("u-1")
        .with_email("mara@northdesk.example");
    let mut body = EventBody::new("thing.happened", actor, at());
    body.source = "daybook".to_owned();
    body.log = log;
    body.action = action;
    body
}

/// An event every text of which is this one.
fn saying(text: &str) -> Event {
    let some = || Some(text.to_owned());
    let actor = |kind| Actor::named(kind, text).with_id(text).with_email(text);
    let named = || Some(NamedRef::new(text, text));
    let mut body = EventBody::new(text, actor(ActorKind::Contact), at());
    body.source = text.to_owned();
    body.actor.automation = Some(Automation::BusinessRule);
    body.impersonator = Some(actor(ActorKind::User));
    body.targets = vec![Target::new("user", text, text), Target::new(text, text, text)];
    body.outcome = Outcome::Failure;
    (body.company, body.contact, body.conversation, body.brand) = (named(), named(), named(), named());
    body.ip = Some([203, 0, 113, 24].into());
    body.portal = Some(Portal::Admin);
    body.auth = Some(Auth {
        id: some(),
        method: some(),
    });
    body.changes = vec![
        Change::new(text, text, json!({text: [text, 1.5, null, true]})),
        Change::secret(text),
    ];
    body.steps = vec![Step::new(at(), text).with_data(json!([text]))];
    body.metadata.insert("recipient".to_owned(), text.into());
    body.metadata.insert(text.to_owned(), json!({text: text}));
    for field in [
        &mut body.source_event_id,
        &mut body.category,
        &mut body.section,
        &mut body.summary,
        &mut body.reason,
        &mut body.user_agent,
        &mut body.login_source,
        &mut body.correlation_id,
    ] {
        *field = some();
    }
    event(body)
}

/// What Daybook emits, each log with each action with and without a target, and nasty ones.
fn all() -> Vec<Event> {
    let mut all: Vec<Event> = OwnType::ALL.iter().map(|of| of.example()).collect();
    for log in LogKind::ALL.iter().copied() {
        for action in Action::ALL.iter().copied() {
            all.push(event(body(log, action)));
            for kind in ["User", "contact", "company", "role", "board"] {
                let mut one = saying("Tomás");
                one.body.log = log;
                one.body.action = action;
                one.body.targets[0].kind = kind.to_owned();
                all.push(one);
            }
        }
    }
    let mut read = body(LogKind::Access, Action::Read);
    read.portal = Some(Portal::Api);
    read.ip = Some("2001:db8::1".parse().unwrap());
    read.actor = Actor::named(ActorKind::ApiKey, "Collector");
    all.push(event(read));
    all.push(event(grant("Agent".into(), "Administrator".into())));
    all.push(event(grant(json!(["a", "b"]), json!([]))));
    all.extend(NASTY.iter().map(|text| saying(text)));
    all
}

/// A change of what somebody may do.
fn grant(before: Value, after: Value) -> EventBody {
    let mut body = body(LogKind::Activity, Action::Update);
    body.targets = vec![Target::new("user", "u-2", "Tomás Rey")];
    body.changes = vec![Change::new("Support role", before, after)];
    body
}

/// Each value that isn't a list or an object, also where those are written as a text.
fn leaves(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                found.insert(name.clone());
                leaves(value, found);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| leaves(value, found)),
        Value::String(text) => {
            found.insert(text.clone());
            if let Ok(inner) = serde_json::from_str::<Value>(text) {
                leaves(&inner, found);
            }
        }
        other => {
            found.insert(other.to_string());
        }
    }
}

/// Says which values of a record are nowhere in what became of it.
fn lost(event: &Event, written: &Value) -> Vec<String> {
    let record = super::json::record(event);
    let mut kept = BTreeSet::new();
    leaves(written, &mut kept);
    let mut lost = Vec::new();
    for (name, value) in record.as_object().unwrap() {
        let mut told = BTreeSet::new();
        leaves(value, &mut told);
        // The names of fields that every actor and target has are the format's.
        let known = ["id", "name", "email", "kind", "success", "failure"];
        let missing = told
            .difference(&kept)
            .filter(|leaf| !leaf.trim().is_empty() && !known.contains(&leaf.as_str()));
        lost.extend(missing.map(|leaf| format!("{name}: {leaf}")));
    }
    lost
}

#[test]
fn links_are_made_of_addresses_that_are_safe_in_any_markup() {
    let event = event(body(LogKind::Activity, Action::Update));
    let link = |url| {
        Origin {
            url: Some(url),
            ..ORIGIN
        }
        .link(&event)
    };
    let expected = format!("https://daybook.example.org/audit-logs/event/{}", event.id);
    assert_eq!(ORIGIN.link(&event), Some(expected));
    assert_eq!(link("http://[::1]:3000"), None, "brackets are markup");
    for wrong in [
        "javascript:alert(1)",
        "https://a|b",
        "https://a>b",
        "daybook.example.org",
        "https://a b",
    ] {
        assert_eq!(link(wrong), None, "{wrong}");
    }
    assert_eq!(link(&format!("https://{}", "a".repeat(300))), None);
}

#[test]
fn texts_are_cut_and_put_on_one_line() {
    assert_eq!(text::cut("Straße", 6), "Straße");
    assert_eq!(text::cut("Straßen", 6), "Straß…");
    assert_eq!(text::cut("a", 0), "…");
    assert_eq!(text::one_line(" a\r\n\tb\u{2028}\u{202e}c\u{7}"), "a b c");
    assert_eq!(text::one_line("👩\u{200d}🔧"), "👩\u{200d}🔧");
    let words: Vec<String> = text::words("user.Two_step-reset").collect();
    assert_eq!(words, ["user", "two", "step", "reset"]);
}
