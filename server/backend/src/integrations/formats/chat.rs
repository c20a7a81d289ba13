//! Events as messages in Slack and Microsoft Teams.
//!
//! What people read there is written by whoever caused the events. So their texts stand only where neither chat looks for
//! markup: in `plain_text` (Slack) and in text runs (Teams). There they can't mention anybody, name a link as another, or
//! break out of their line. Links are ours, on words of ours.

use super::{
    Origin,
    about::{headline, told, who},
    text::{one_line, within},
};
use daybook_domain::event::{Event, NamedRef, Outcome};
use serde_json::{Value, json};
use std::fmt::Write;

/// Events in one message at most. Who sends more has the others counted.
pub(crate) const CHAT_EVENTS: usize = 10;
/// What links say.
const OPEN: &str = "Open the record";

/// What an event is marked with, in words too: colours and signs aren't read aloud.
fn mark(event: &Event) -> Option<&'static str> {
    (event.body.outcome == Outcome::Failure).then_some("❌ Failed: ")
}

/// Who, what and where, for the line below the sentence.
fn details(event: &Event) -> String {
    let body = &event.body;
    let company = body.company.as_ref().map(NamedRef::label);
    let parts = [
        Some(who(body)),
        Some(body.event_type.clone()).filter(|kind| *kind != headline(body)),
        body.ip.map(|ip| ip.to_string()),
        told(company).map(str::to_owned),
        body.reason.clone().filter(|_| body.outcome == Outcome::Failure),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().map(|part| one_line(&part)).collect();
    parts.join(" · ")
}

/// When, to the second.
fn at(event: &Event) -> String {
    let at = event.body.occurred_at.to_string();
    let (seconds, _) = at.split_once('.').unwrap_or((&at, ""));
    format!("{} UTC", seconds.replacen('T', " ", 1))
}

/// How many there are of what, in which workspace.
fn title(events: &[Event], origin: &Origin<'_>) -> String {
    let failed = events
        .iter()
        .filter(|event| event.body.outcome == Outcome::Failure)
        .count();
    let count = match events.len() {
        1 => "1 event".to_owned(),
        many => format!("{many} events"),
    };
    let failed = match failed {
        0 => String::new(),
        failed => format!(", {failed} failed"),
    };
    format!("{}: {count}{failed}", one_line(origin.workspace))
}

/// What is said of those that the message doesn't show.
fn others(events: &[Event]) -> Option<String> {
    let others = events.len().saturating_sub(CHAT_EVENTS);
    (others > 0).then(|| format!("And {others} more in Daybook."))
}

/// The body of a request to an incoming webhook of Slack
/// (<https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>).
pub(crate) fn slack(events: &[Event], origin: &Origin<'_>) -> Value {
    // A header has up to 150 characters, the text of a section 3,000.
    let mut blocks = vec![json!({"type": "header", "text": plain(&title(events, origin), 150)})];
    for event in events.iter().take(CHAT_EVENTS) {
        let mark = mark(event).unwrap_or_default();
        let sentence = escaped(&format!("{mark}{}", one_line(&headline(&event.body))), 1800);
        let details = escaped(&details(event), 1000);
        let text = json!({"type": "plain_text", "text": format!("{sentence}\n{details}"), "emoji": false});
        blocks.push(json!({"type": "section", "text": text}));
        let mut below = at(event);
        if let Some(link) = origin.link(event) {
            // Writing to a text doesn't fail. No address that is a link has a character of Slack's in it but one.
            let _ = write!(below, " · <{}|{OPEN}>", link.replace('&', "&amp;"));
        }
        // No word in it is anybody else's, so this may be markup.
        let below = json!({"type": "mrkdwn", "text": below, "verbatim": true});
        blocks.push(json!({"type": "context", "elements": [below]}));
    }
    if let Some(others) = others(events) {
        blocks.push(json!({"type": "section", "text": plain(&others, 150)}));
    }
    json!({
        // For notifications, and for those who can't see blocks.
        "text": escaped(&fallback(events, origin), 500),
        "mrkdwn": false,
        "unfurl_links": false,
        "unfurl_media": false,
        "blocks": blocks,
    })
}

/// What mentions people or makes links in one markup or another.
const MARKUP: &[char] = &['@', '[', ']', '(', ')', '*', '_', '`', '~', '#', '!', '|'];

/// The message in a line.
fn fallback(events: &[Event], origin: &Origin<'_>) -> String {
    let title = title(events, origin);
    match events {
        // Whoever takes it for markup, as some that speak as Slack does do, finds none in it.
        [only] => format!(
            "{title}: {}",
            one_line(&headline(&only.body)).replace(MARKUP, " ")
        ),
        _ => title,
    }
}

fn plain(text: &str, most: usize) -> Value {
    json!({"type": "plain_text", "text": escaped(text, most), "emoji": false})
}

/// A text without the three characters that Slack takes for its own
/// (<https://docs.slack.dev/messaging/formatting-message-text#escaping>), no longer than that when it is escaped.
fn escaped(text: &str, most: usize) -> String {
    let weight = |c| match c {
        '&' => 5,
        '<' | '>' => 4,
        // Slack doesn't say what a character is: the most it may count.
        c => c.len_utf16(),
    };
    let text = within(text, most, weight);
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// What weighs a message of Teams: 28 KB. Its ends don't say how they write JSON, so each character is taken as the longest
/// it can be, and what is ours has more room than it needs.
const SENTENCE_BYTES: usize = 1000;
const DETAILS_BYTES: usize = 600;
const TITLE_BYTES: usize = 400;

/// The body of a request to a webhook of a workflow in Microsoft Teams: an Adaptive Card, version 1.4
/// (<https://learn.microsoft.com/en-us/adaptive-cards/schema-explorer/text-run>).
pub(crate) fn teams(events: &[Event], origin: &Origin<'_>) -> Value {
    let title = run(&title(events, origin), TITLE_BYTES);
    let mut body = vec![runs(vec![with(
        title,
        &json!({"weight": "Bolder", "size": "Medium"}),
    )])];
    for event in events.iter().take(CHAT_EVENTS) {
        let mut sentence = Vec::new();
        if let Some(mark) = mark(event) {
            let mark = run(mark, TITLE_BYTES);
            sentence.push(with(mark, &json!({"weight": "Bolder", "color": "Attention"})));
        }
        sentence.push(run(&one_line(&headline(&event.body)), SENTENCE_BYTES));
        let details = format!("{} · {}", at(event), details(event));
        let details = run(&details, DETAILS_BYTES);
        let mut below = vec![with(details, &json!({"size": "Small", "isSubtle": true}))];
        if let Some(link) = origin.link(event) {
            below.push(with(run(" · ", 100), &json!({"size": "Small"})));
            let action = json!({"size": "Small", "selectAction": {"type": "Action.OpenUrl", "url": link}});
            below.push(with(run(OPEN, 100), &action));
        }
        let items = vec![runs(sentence), with(runs(below), &json!({"spacing": "None"}))];
        body.push(json!({"type": "Container", "separator": true, "items": items}));
    }
    if let Some(others) = others(events) {
        body.push(runs(vec![run(&others, TITLE_BYTES)]));
    }
    json!({"type": "message", "attachments": [{
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": null,
        "content": {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.4",
            "body": body,
            "msteams": {"width": "Full"},
        },
    }]})
}

fn runs(inlines: Vec<Value>) -> Value {
    json!({"type": "RichTextBlock", "inlines": inlines})
}

/// A run of text, in which cards know no markup but that of dates: `{{DATE(…)}}`.
fn run(text: &str, most: usize) -> Value {
    let weight = |c: char| match c {
        '"' | '\\' => 2,
        c if c.is_ascii() => 1,
        // `\u0000`, twice for what is beyond the first plane.
        c => 6 * c.len_utf16(),
    };
    // Twice: of three braces the first two are parted first.
    let text = text.replace("{{", "{ {").replace("{{", "{ {");
    json!({"type": "TextRun", "text": within(&text, most, weight)})
}

/// An element with more of what it may have.
fn with(mut element: Value, more: &Value) -> Value {
    if let (Some(element), Some(more)) = (element.as_object_mut(), more.as_object()) {
        element.extend(more.clone());
    }
    element
}
