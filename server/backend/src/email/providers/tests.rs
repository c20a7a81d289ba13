//! Recorded events, and such as the documentation has, against what they are read as; signatures made here.
//!
//! What lies in `fixtures/postmark`, `sendgrid` and `mailgun` is Symfony's (MIT, `fixtures/LICENSE.symfony.txt`). The key
//! and certificate in `fixtures/ses` were made for these tests: ring makes no RSA keys.

mod anything;
mod bounces;
mod fields;
mod signatures;

use super::{MAX_EVENTS, Provider, ProviderEvent, Read, Refused, Said, Unread, field, read, ses, verify};
use BounceType::{Blocked, Hard, Soft};
use EmailStatus::{Bounced, Clicked, Complained, Deferred, Delivered, Opened, Queued, Sent, Suppressed};
use Said::{Happened, Nothing, Resubscribed, Unsubscribed};
use daybook_domain::{
    email::{BounceType, EmailStatus},
    time::Timestamp,
};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

macro_rules! fixtures {
    ($($provider:ident: $($name:literal),+;)+) => {
        const FIXTURES: &[(Provider, &str, &str)] = &[$($(
            (Provider::$provider, $name, include_str!(concat!("fixtures/", $name))),
        )+)+];
    };
}

fixtures! {
    Postmark: "postmark/bounce.json", "postmark/delivery.json", "postmark/link_click.json", "postmark/open.json",
        "postmark/spam_complaint.json", "postmark/subscription_change.json";
    Sendgrid: "sendgrid/batch.json", "sendgrid/webhook.json";
    Mailgun: "mailgun/accepted.json", "mailgun/clicks.json", "mailgun/delivered_messages.json", "mailgun/opens.json",
        "mailgun/permanent_failure.json", "mailgun/spam_complaints.json", "mailgun/suppression_failure.json",
        "mailgun/temporary_failure.json", "mailgun/unsubscribes.json";
}

fn fixture(name: &str) -> (Provider, Value) {
    let (provider, _, body) = FIXTURES.iter().find(|(_, known, _)| *known == name).unwrap();
    (*provider, serde_json::from_str(body).unwrap())
}

fn read_value(provider: Provider, body: &Value) -> Read {
    read(provider, body.to_string().as_bytes()).unwrap()
}

/// The only event of a body.
fn one(provider: Provider, body: &Value) -> ProviderEvent {
    let read = read_value(provider, body);
    assert_eq!(read.refused, []);
    let [event] = <[ProviderEvent; 1]>::try_from(read.events).unwrap();
    event
}

fn recorded(name: &str) -> ProviderEvent {
    let (provider, body) = fixture(name);
    one(provider, &body)
}

#[expect(clippy::unnecessary_wraps, reason = "it stands for a field")]
fn at(text: &str) -> Option<Timestamp> {
    Some(text.parse().unwrap())
}

#[expect(clippy::unnecessary_wraps, reason = "it stands for a field")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// An event of SES as SNS sends it.
fn enveloped(event: &Value) -> Value {
    json!({
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": "arn:aws:sns:us-west-2:123456789012:MyTopic",
        "Subject": "Amazon SES Email Event Notification",
        "Message": format!("{event}\n"),
        "Timestamp": "2017-08-09T23:59:00.000Z",
        "SignatureVersion": "1",
        "Signature": "EXAMPLE",
        "SigningCertURL": "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem",
        "UnsubscribeURL": "https://sns.us-west-2.amazonaws.com/?Action=Unsubscribe",
    })
}

/// As in the documentation of SES, with one recipient.
fn ses_event(kind: &str, part: &str, content: Value) -> Value {
    let mut event = json!({
        "eventType": kind,
        "mail": {
            "timestamp": "2017-08-09T21:59:49.927Z",
            "source": "sender@example.com",
            "messageId": "EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000",
            "destination": ["Recipient@example.com"],
            "commonHeaders": {
                "from": ["Sender <sender@example.com>"],
                "to": ["recipient@example.com"],
                "messageId": "<own.id@example.com>",
                "subject": "Message sent from Amazon SES",
            },
        },
    });
    event[part] = content;
    event
}

fn ses_one(kind: &str, part: &str, content: Value) -> ProviderEvent {
    one(Provider::Ses, &enveloped(&ses_event(kind, part, content)))
}

fn brevo(event: &str) -> Value {
    json!({
        "event": event, "email": "example@domain.com", "id": 26224, "date": "2020-10-09 00:00:00", "ts": 1_604_933_619,
        "message-id": "<201798300811.5787683@relay.domain.com>", "ts_event": 1_604_933_654, "subject": "My first",
        "sending_ip": "192.0.2.1", "ts_epoch": 1_604_933_654_123_i64, "tags": ["transac_messages"],
        "reason": "550-5.1.1 The email account that you tried to reach does not exist.",
    })
}

fn mailjet(event: &str, more: &Value) -> Value {
    let mut body = json!({
        "event": event, "time": 1_433_333_949, "MessageID": 19_421_777_835_146_490_u64,
        "Message_GUID": "1ab23cd4-e567-8901-2345-6789f0gh1i2j", "email": "api@mailjet.com", "mj_campaign_id": 7257,
        "mj_contact_id": 4, "customcampaign": "", "CustomID": "helloworld", "Payload": "",
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

#[test]
fn a_provider_has_one_name() {
    for provider in Provider::ALL {
        assert_eq!(Provider::from_name(provider.name()), Some(*provider));
    }
    assert_eq!(Provider::from_name("SES"), None);
}

#[test]
fn what_is_recorded_says() {
    let said: Vec<_> = FIXTURES
        .iter()
        .flat_map(|(provider, name, body)| {
            let read = read(*provider, body.as_bytes()).unwrap();
            assert_eq!(read.refused, []);
            read.events
                .into_iter()
                .map(move |event| (*name, event.said, event.bounce))
        })
        .collect();
    assert_eq!(
        said,
        [
            ("postmark/bounce.json", Happened(Bounced), Some(Hard)),
            ("postmark/delivery.json", Happened(Delivered), None),
            ("postmark/link_click.json", Happened(Clicked), None),
            ("postmark/open.json", Happened(Opened), None),
            ("postmark/spam_complaint.json", Happened(Complained), None),
            ("postmark/subscription_change.json", Happened(Bounced), Some(Hard)),
            ("sendgrid/batch.json", Happened(Suppressed), None),
            ("sendgrid/batch.json", Happened(Clicked), None),
            ("sendgrid/webhook.json", Happened(Suppressed), None),
            ("mailgun/accepted.json", Happened(Queued), None),
            ("mailgun/clicks.json", Happened(Clicked), None),
            ("mailgun/delivered_messages.json", Happened(Delivered), None),
            ("mailgun/opens.json", Happened(Opened), None),
            ("mailgun/permanent_failure.json", Happened(Bounced), Some(Hard)),
            ("mailgun/spam_complaints.json", Happened(Complained), None),
            ("mailgun/suppression_failure.json", Happened(Suppressed), None),
            ("mailgun/temporary_failure.json", Happened(Deferred), None),
            ("mailgun/unsubscribes.json", Unsubscribed, None),
        ]
    );
}

#[test]
fn events_in_any_order_keep_their_times() {
    let batch: Vec<_> = [("click", 300), ("delivered", 100), ("open", 200)]
        .into_iter()
        .map(|(kind, time)| mailjet(kind, &json!({"time": time})))
        .collect();
    let events = read_value(Provider::Mailjet, &json!(batch)).events;
    let times: Vec<_> = events
        .iter()
        .map(|event| event.at.unwrap().micros() / 1_000_000)
        .collect();
    assert_eq!(times, [300, 100, 200]);
}

#[test]
fn a_batch_is_read_without_what_cannot_be() {
    let batch = json!([{"event": "open"}, {"no": "event"}, 7, {"event": "click"}]);
    let told = read_value(Provider::Sendgrid, &batch);
    assert_eq!(told.events.len(), 2);
    let refused: Vec<_> = told.refused.iter().map(|(index, _)| *index).collect();
    assert_eq!(refused, [1, 2]);
    let batch = vec![json!({"event": "open"}); MAX_EVENTS + 1];
    for (count, is_read) in [(MAX_EVENTS, true), (MAX_EVENTS + 1, false)] {
        let body = json!(batch[..count]).to_string();
        assert_eq!(read(Provider::Sendgrid, body.as_bytes()).is_ok(), is_read);
    }
}

#[test]
fn a_body_of_another_kind_is_told_apart() {
    for provider in Provider::ALL {
        assert!(
            matches!(read(*provider, b"event=open"), Err(Unread::NotJson(_))),
            "{provider:?}"
        );
        for body in ["{}", "7", "null", "\"text\""] {
            assert!(
                matches!(read(*provider, body.as_bytes()), Err(Unread::NotThis(_))),
                "{provider:?} {body}"
            );
        }
    }
}

#[test]
fn ses_tells_of_several_recipients() {
    let mut event = ses_event(
        "Bounce",
        "bounce",
        json!({"bounceType": "Permanent", "bouncedRecipients": [
            {"emailAddress": "jane@example.com", "status": "5.1.1"}, {"emailAddress": "richard@example.com"},
        ]}),
    );
    event["mail"]["destination"] = json!(["jane@example.com", "mary@example.com", "richard@example.com"]);
    let events = read_value(Provider::Ses, &enveloped(&event)).events;
    let told: Vec<_> = events
        .iter()
        .map(|event| (event.recipient.as_deref().unwrap(), event.code.as_deref()))
        .collect();
    assert_eq!(
        told,
        [("jane@example.com", Some("5.1.1")), ("richard@example.com", None)]
    );
    assert_ne!(events[0].event_id, events[1].event_id);
    // Which of them has opened it isn't known.
    event["eventType"] = json!("Open");
    assert_eq!(one(Provider::Ses, &enveloped(&event)).recipient, None);
    event["eventType"] = json!("Send");
    assert_eq!(read_value(Provider::Ses, &enveloped(&event)).events.len(), 3);
}

#[test]
fn ses_tells_nothing_with_a_subscription() {
    let mut envelope = enveloped(&json!({}));
    envelope["Message"] = json!("Successfully validated SNS topic for Amazon SES event publishing.");
    assert_eq!(read_value(Provider::Ses, &envelope), Read::default());
    envelope["Type"] = json!("SubscriptionConfirmation");
    assert_eq!(read_value(Provider::Ses, &envelope), Read::default());
    envelope["Type"] = json!("Notification");
    envelope["Message"] = json!("{broken");
    assert!(matches!(
        read(Provider::Ses, envelope.to_string().as_bytes()),
        Err(Unread::NotJson(_))
    ));
}

#[test]
fn codes_are_found_in_answers() {
    let cases = [
        (
            "smtp; 550 5.1.1 <jane@example.com>... User unknown",
            Some("5.1.1"),
        ),
        ("550-5.1.1 The email account", Some("5.1.1")),
        (
            "421 4.7.0 [TSS04] Messages from 87.253.233.123 deferred",
            Some("4.7.0"),
        ),
        (" RecipientError: 550 no such user", Some("550")),
        ("550 #5.1.0. Address rejected", Some("5.1.0")),
        ("Mailbox of 87.253.233.123 has 500 messages", None),
        ("605", None),
        ("5.1", None),
        ("5.1.1.1", None),
        ("3.1.1 5..1 5.1000.1", None),
        ("отказ 550", Some("550")),
        ("", None),
    ];
    for (answer, code) in cases {
        assert_eq!(field::code(answer).as_deref(), code, "{answer}");
    }
}

#[test]
fn what_is_too_long_is_cut_or_left_out() {
    let long = format!("\u{0}{}", "ä".repeat(5000));
    let event =
        json!({"event": "bounce", "reason": long, "sg_event_id": long, "smtp-id": long, "email": long});
    let event = one(Provider::Sendgrid, &json!([event]));
    let detail = event.detail.unwrap();
    assert_eq!(detail.chars().count(), 1000);
    assert!(detail.starts_with("\u{fffd}ä"));
    assert_eq!((event.message_id, event.recipient), (None, None));
    // The digest in place of it.
    assert_eq!(event.event_id.unwrap().len(), 64);
}
