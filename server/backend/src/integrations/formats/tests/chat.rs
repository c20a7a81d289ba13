//! What somebody else wrote is only ever text.

use super::{
    super::chat::{self, CHAT_EVENTS},
    *,
};
use proptest::prelude::*;

/// Every object of a message.
fn objects<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(fields) => {
            found.push(value);
            fields.values().for_each(|value| objects(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| objects(value, found)),
        _ => {}
    }
}

/// Bytes of a message at most, however its sender writes JSON.
fn longest(value: &Value) -> usize {
    let ascii = |c: char| if c.is_ascii() { 1 } else { 6 * c.len_utf16() };
    value.to_string().chars().map(ascii).sum()
}

fn check_slack(events: &[Event], origin: &Origin<'_>) {
    let message = chat::slack(events, origin);
    let blocks = message["blocks"].as_array().unwrap();
    assert!(blocks.len() <= 50);
    let unescaped = |text: &str| {
        let plain = text.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "");
        plain.contains(['&', '<', '>'])
    };
    let fallback = message["text"].as_str().unwrap();
    assert!(!fallback.is_empty() && !unescaped(fallback) && fallback.len() <= 3000);
    assert_eq!(
        (&message["mrkdwn"], message.get("link_names")),
        (&json!(false), None)
    );
    let mut all = Vec::new();
    objects(&message["blocks"], &mut all);
    for object in all {
        let Some(text) = object["text"].as_str() else {
            continue;
        };
        assert!(!text.is_empty());
        match object["type"].as_str().unwrap() {
            "plain_text" => {
                assert!(text.encode_utf16().count() <= 3000 && !unescaped(text), "{text}");
                assert!(
                    text.lines().count() <= 2,
                    "two lines, and nobody else's: {text:?}"
                );
            }
            "mrkdwn" => {
                let (at, link) = text.split_once(" · ").unwrap_or((text, ""));
                assert_eq!(at, "2026-11-22 14:12:51 UTC");
                let of_daybook = link.starts_with("<https://daybook.example.org/audit-logs/event/");
                assert!(
                    link.is_empty() || (of_daybook && link.ends_with("|Open the record>")),
                    "{link}"
                );
            }
            other => panic!("{other}"),
        }
    }
    assert!(blocks[0]["text"]["text"].as_str().unwrap().encode_utf16().count() <= 150);
}

fn check_teams(events: &[Event], origin: &Origin<'_>) {
    let message = chat::teams(events, origin);
    assert!(longest(&message) < 28 * 1024, "{}", longest(&message));
    let card = &message["attachments"][0];
    assert_eq!(card["contentType"], "application/vnd.microsoft.card.adaptive");
    assert_eq!(card["content"]["version"], "1.4");
    let mut all = Vec::new();
    objects(&message, &mut all);
    for object in all {
        let kind = object["type"].as_str();
        assert_ne!(kind, Some("TextBlock"), "it would read markdown");
        let text = object["text"].as_str();
        assert_eq!(text.is_some(), kind == Some("TextRun"));
        assert!(text.is_none_or(|text| !text.contains("{{") && !text.contains(char::is_control)));
        if kind == Some("Action.OpenUrl") {
            let url = object["url"].as_str().unwrap();
            assert!(url.starts_with("https://daybook.example.org/audit-logs/event/"));
        }
    }
}

#[test]
fn nothing_in_an_event_is_markup() {
    for text in NASTY {
        let events = vec![saying(text); CHAT_EVENTS + 3];
        let origin = Origin {
            workspace: text,
            ..ORIGIN
        };
        check_slack(&events, &origin);
        check_teams(&events, &origin);
    }
}

#[test]
fn a_message_shows_who_did_what_and_where_to_read_on() {
    let mut body = grant("Agent".into(), "Administrator".into());
    body.event_type = "user.updated".to_owned();
    body.summary = Some("Made Tomás & Ann <admins>".to_owned());
    body.ip = Some([203, 0, 113, 24].into());
    body.impersonator = Some(Actor::named(ActorKind::User, "Bo Chen"));
    body.outcome = Outcome::Failure;
    body.reason = Some("Not allowed".to_owned());
    let events = [event(body)];
    let message = chat::slack(&events, &ORIGIN);
    assert_eq!(
        message["text"],
        "Northdesk: 1 event, 1 failed: Made Tomás &amp; Ann &lt;admins&gt;"
    );
    assert_eq!(
        message["blocks"][1]["text"]["text"],
        "❌ Failed: Made Tomás &amp; Ann &lt;admins&gt;\nBo Chen as Mara Okafor · user.updated · 203.0.113.24 · Not allowed"
    );
    let message = chat::teams(&events, &ORIGIN);
    let card = &message["attachments"][0]["content"]["body"];
    assert_eq!(card[0]["inlines"][0]["text"], "Northdesk: 1 event, 1 failed");
    assert_eq!(
        card[1]["items"][0]["inlines"][1]["text"],
        "Made Tomás & Ann <admins>"
    );
    let link = &card[1]["items"][1]["inlines"][2];
    assert_eq!(link["text"], "Open the record");
    let nowhere = Origin { url: None, ..ORIGIN };
    assert!(
        !chat::teams(&events, &nowhere)
            .to_string()
            .contains("Action.OpenUrl")
    );
    assert!(!chat::slack(&events, &nowhere).to_string().contains("audit-logs"));
}

#[test]
fn what_a_message_does_not_show_is_counted() {
    let events = vec![saying("a"); CHAT_EVENTS + 5];
    for message in [chat::slack(&events, &ORIGIN), chat::teams(&events, &ORIGIN)] {
        let text = message.to_string();
        assert!(
            text.contains("And 5 more in Daybook.") && text.contains("15 events, 15 failed"),
            "{text}"
        );
        assert_eq!(text.matches("Open the record").count(), CHAT_EVENTS);
    }
}

#[test]
fn the_longest_events_fit() {
    for text in [
        "😀".repeat(1000),
        "\"\\".repeat(500),
        "<&>".repeat(333),
        "€".repeat(1000),
    ] {
        let events = vec![saying(&text); CHAT_EVENTS + 1];
        let url = format!("https://daybook.example.org/{}", "a".repeat(170));
        let origin = Origin {
            workspace: &text,
            url: Some(&url),
            ..ORIGIN
        };
        assert!(longest(&chat::teams(&events, &origin)) < 28 * 1024);
        check_slack(
            &events,
            &Origin {
                workspace: &text,
                ..ORIGIN
            },
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_text_is_markup(texts in prop::collection::vec(prop_oneof![any::<String>(), "[<>&|*_`{}\\[\\]()a]{0,900}"], 1..12)) {
        let events: Vec<Event> = texts.iter().map(|text| saying(text)).collect();
        let origin = Origin { workspace: &texts[0], ..ORIGIN };
        check_slack(&events, &origin);
        check_teams(&events, &origin);
    }
}
