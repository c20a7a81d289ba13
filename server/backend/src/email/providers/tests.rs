//! Recorded events, and such as the documentation has, against what they are read as; signatures made here.
//!
//! What lies in `fixtures/postmark`, `sendgrid` and `mailgun` is Symfony's (MIT, `fixtures/LICENSE.symfony.txt`). The key
//! and certificate in `fixtures/ses` were made for these tests: ring makes no RSA keys.

mod signatures;

use super::{MAX_EVENTS, Provider, ProviderEvent, Read, Refused, Said, Unread, field, read, ses, verify};
use BounceType::{Blocked, Hard, Soft};
use EmailStatus::{Bounced, Clicked, Complained, Deferred, Delivered, Opened, Queued, Sent, Suppressed};
use Said::{Happened, Nothing, Resubscribed, Unsubscribed};
use daybook_domain::{
    email::{BounceType, EmailStatus},
    time::Timestamp,
};
use proptest::prelude::*;
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
fn every_field_is_read_of_postmark() {
    assert_eq!(
        recorded("postmark/bounce.json"),
        ProviderEvent {
            provider_id: some("00000000-0000-0000-0000-000000000000"),
            recipient: some("john@example.com"),
            subject: some("Test subject"),
            from: some("sender@example.com"),
            event_id: some("42"),
            at: at("2022-09-02T14:29:19.123456Z"),
            detail: some("Test bounce details"),
            ..ProviderEvent::saying((Happened(Bounced), Some(Hard)))
        }
    );
    let click = recorded("postmark/link_click.json");
    assert_eq!(click.url, some("https://example.com"));
    assert_eq!(click.ip, some("188.2.95.4"));
    assert!(click.user_agent.unwrap().starts_with("Mozilla/5.0 (Macintosh"));
    assert_eq!(click.at, at("2022-09-02T14:31:09Z"));
    let delivery = json!({"RecordType": "Delivery", "DeliveredAt": "2019-11-05T16:33:54.0000000-05:00", "Details": "smtp;250 2.0.0 OK"});
    let delivery = one(Provider::Postmark, &delivery);
    assert_eq!(delivery.at, at("2019-11-05T21:33:54Z"));
    assert_eq!(delivery.code, some("2.0.0"));
}

#[test]
fn every_field_is_read_of_sendgrid() {
    // As in the documentation.
    let bounce = json!([{
        "email": "Example@test.com", "timestamp": 1_513_299_569, "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
        "event": "bounce", "category": ["cat facts"], "sg_event_id": "6g4ZI7SA-xmRDv57GoPIPw==", "ip": "192.0.2.1",
        "sg_message_id": "14c5d75ce93dfd64b469-A.filter0001.16648.5515E0B88.0", "type": "bounce", "status": "5.1.1",
        "reason": "550 5.1.1 The email account does not exist. ",
    }]);
    assert_eq!(
        one(Provider::Sendgrid, &bounce),
        ProviderEvent {
            provider_id: some("14c5d75ce93dfd64b469-A"),
            message_id: some("14c5d75ce93.dfd.64b469@ismtpd-555"),
            recipient: some("example@test.com"),
            event_id: some("6g4ZI7SA-xmRDv57GoPIPw=="),
            at: at("2017-12-15T00:59:29Z"),
            code: some("5.1.1"),
            detail: some("550 5.1.1 The email account does not exist."),
            ..ProviderEvent::saying((Happened(Bounced), Some(Hard)))
        }
    );
    let open = json!([{"event": "open", "ip": "255.255.255.255", "useragent": "Mozilla/4.0", "timestamp": "1513299569"}]);
    let open = one(Provider::Sendgrid, &open);
    assert_eq!(
        (open.ip, open.user_agent),
        (some("255.255.255.255"), some("Mozilla/4.0"))
    );
    assert_eq!(open.at, at("2017-12-15T00:59:29Z"));
}

#[test]
fn every_field_is_read_of_mailgun() {
    assert_eq!(
        recorded("mailgun/temporary_failure.json"),
        ProviderEvent {
            provider_id: some("20130503182626.18666.16540@app.symfony.com"),
            message_id: some("20130503182626.18666.16540@app.symfony.com"),
            recipient: some("alice@example.com"),
            subject: some("Test delivered webhook"),
            from: some("Bob <bob@app.symfony.com>"),
            event_id: some("Fs7-5t81S2ispqxqDw2U4Q"),
            at: at("2018-03-19T15:11:02.908181Z"),
            code: some("4.2.2"),
            detail: some(
                "4.2.2 The email account that you tried to reach is over quota. Please direct\n4.2.2 the recipient \
                 to\n4.2.2  https://support.example.com/mail/?p=422"
            ),
            ..ProviderEvent::saying((Happened(Deferred), None))
        }
    );
    let failure = recorded("mailgun/permanent_failure.json");
    assert_eq!(
        (failure.code, failure.detail),
        (some("550"), some("No Such User Here"))
    );
    let suppressed = recorded("mailgun/suppression_failure.json");
    assert_eq!(suppressed.code, None);
    assert_eq!(
        suppressed.detail,
        some("Not delivering to previously bounced address")
    );
    let click = recorded("mailgun/clicks.json");
    assert_eq!(click.ip, some("50.56.129.169"));
    assert!(click.user_agent.unwrap().contains("Chrome/26"));
    // Without `recipient`.
    let rejected = json!({"event-data": {
        "event": "rejected", "reject": {"reason": "Sandbox subdomains are for test purposes only.", "description": ""},
        "message": {"headers": {"to": "Ann <ann@example.org>"}},
    }});
    let rejected = one(Provider::Mailgun, &rejected);
    assert_eq!(rejected.recipient, some("ann@example.org"));
    assert_eq!(rejected.bounce, Some(Blocked));
    assert!(rejected.detail.unwrap().starts_with("Sandbox"));
}

#[test]
fn every_field_is_read_of_ses() {
    let bounce = json!({
        "bounceType": "Permanent", "bounceSubType": "General", "timestamp": "2017-08-05T00:41:02.669Z",
        "bouncedRecipients": [{
            "emailAddress": "Recipient <recipient@example.com>", "action": "failed", "status": "5.1.1",
            "diagnosticCode": "smtp; 550 5.1.1 user unknown",
        }],
    });
    let bounce = ses_one("Bounce", "bounce", bounce);
    assert_eq!(
        bounce,
        ProviderEvent {
            provider_id: some("EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000"),
            message_id: some("own.id@example.com"),
            recipient: some("recipient@example.com"),
            subject: some("Message sent from Amazon SES"),
            from: some("Sender <sender@example.com>"),
            event_id: some("22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324"),
            at: at("2017-08-05T00:41:02.669Z"),
            code: some("5.1.1"),
            detail: some("smtp; 550 5.1.1 user unknown"),
            ..ProviderEvent::saying((Happened(Bounced), Some(Hard)))
        }
    );
    let click = json!({"ipAddress": "192.0.2.1", "link": "http://docs.aws.amazon.com/", "timestamp": "2017-08-09T23:51:25.570Z", "userAgent": "Mozilla/5.0"});
    let click = ses_one("Click", "click", click);
    assert_eq!(click.said, Happened(Clicked));
    assert_eq!(click.url, some("http://docs.aws.amazon.com/"));
    assert_eq!(
        (click.ip, click.user_agent),
        (some("192.0.2.1"), some("Mozilla/5.0"))
    );
    assert_eq!(click.at, at("2017-08-09T23:51:25.570Z"));
    let sent = ses_one("Send", "send", json!({}));
    assert_eq!(
        (sent.said, sent.recipient),
        (Happened(Sent), some("recipient@example.com"))
    );
    assert_eq!(sent.at, at("2017-08-09T21:59:49.927Z"));
    let delivery = json!({"timestamp": "2016-10-19T23:21:04.133Z", "recipients": ["recipient@example.com"], "smtpResponse": "250 2.6.0 Message received"});
    let delivery = ses_one("Delivery", "delivery", delivery);
    assert_eq!(
        (delivery.said, delivery.code),
        (Happened(Delivered), some("2.6.0"))
    );
    let complaint = json!({"userAgent": "ExampleCorp Feedback Loop (V0.01)", "complainedRecipients": [{"emailAddress": "recipient@example.com"}], "complaintFeedbackType": "abuse"});
    let complaint = ses_one("Complaint", "complaint", complaint);
    assert_eq!(
        (complaint.said, complaint.detail),
        (Happened(Complained), some("abuse"))
    );
    assert_eq!(complaint.user_agent, None);
}

#[test]
fn every_field_is_read_of_brevo() {
    let event = one(Provider::Brevo, &brevo("hard_bounce"));
    let again = one(Provider::Brevo, &brevo("hard_bounce"));
    assert_eq!(event, again);
    assert_eq!(
        event,
        ProviderEvent {
            provider_id: some("201798300811.5787683@relay.domain.com"),
            message_id: some("201798300811.5787683@relay.domain.com"),
            recipient: some("example@domain.com"),
            subject: some("My first"),
            event_id: event.event_id.clone(),
            at: at("2020-11-09T14:54:14.123Z"),
            code: some("5.1.1"),
            detail: some("550-5.1.1 The email account that you tried to reach does not exist."),
            ..ProviderEvent::saying((Happened(Bounced), Some(Hard)))
        }
    );
    assert_eq!(event.event_id.unwrap().len(), 64);
    // As examples have it, and where it is left out.
    let mut seconds = brevo("deferred");
    seconds["ts_epoch"] = json!(1_604_933_654);
    assert_eq!(one(Provider::Brevo, &seconds).at, at("2020-11-09T14:54:14Z"));
    seconds.as_object_mut().unwrap().remove("ts_epoch");
    assert_eq!(one(Provider::Brevo, &seconds).at, at("2020-11-09T14:54:14Z"));
}

#[test]
fn every_field_is_read_of_mailjet() {
    let sent = mailjet(
        "sent",
        &json!({"smtp_reply": "sent (250 2.0.0 OK 1433333948 fa5si855896wjc.199 - gsmtp)"}),
    );
    let event = one(Provider::Mailjet, &sent);
    assert_eq!(
        event,
        ProviderEvent {
            provider_id: some("19421777835146490"),
            recipient: some("api@mailjet.com"),
            event_id: event.event_id.clone(),
            at: at("2015-06-03T12:19:09Z"),
            code: some("2.0.0"),
            detail: some("sent (250 2.0.0 OK 1433333948 fa5si855896wjc.199 - gsmtp)"),
            ..ProviderEvent::saying((Happened(Delivered), None))
        }
    );
    let click = mailjet(
        "click",
        &json!({"url": "https://mailjet.com", "ip": "127.0.0.1", "agent": "Mozilla/5.0"}),
    );
    let click = one(Provider::Mailjet, &click);
    assert_eq!(
        (click.url, click.ip),
        (some("https://mailjet.com"), some("127.0.0.1"))
    );
    assert_eq!(click.user_agent, some("Mozilla/5.0"));
}

#[test]
fn bounces_of_postmark() {
    let cases = [
        ("HardBounce", Happened(Bounced), Some(Hard)),
        ("SoftBounce", Happened(Bounced), Some(Soft)),
        ("Transient", Happened(Deferred), None),
        ("BadEmailAddress", Happened(Bounced), Some(Hard)),
        ("SpamNotification", Happened(Bounced), Some(Blocked)),
        ("Blocked", Happened(Bounced), Some(Blocked)),
        ("DMARCPolicy", Happened(Bounced), Some(Blocked)),
        ("SpamComplaint", Happened(Complained), None),
        ("ManuallyDeactivated", Happened(Suppressed), None),
        ("Unsubscribe", Unsubscribed, None),
        ("AutoResponder", Nothing, None),
        ("SomethingNew", Happened(Bounced), None),
    ];
    for (kind, said, bounce) in cases {
        let event = one(Provider::Postmark, &json!({"RecordType": "Bounce", "Type": kind}));
        assert_eq!((event.said, event.bounce), (said, bounce), "{kind}");
    }
    let by_code = one(
        Provider::Postmark,
        &json!({"RecordType": "Bounce", "TypeCode": 100_006}),
    );
    assert_eq!(by_code.bounce, Some(Blocked));
    let change = |suppress: bool, reason: Option<&str>| {
        let body = json!({"RecordType": "SubscriptionChange", "SuppressSending": suppress, "SuppressionReason": reason});
        one(Provider::Postmark, &body).said
    };
    assert_eq!(change(true, Some("ManualSuppression")), Unsubscribed);
    assert_eq!(change(true, Some("SpamComplaint")), Happened(Complained));
    assert_eq!(change(false, None), Resubscribed);
}

#[test]
fn bounces_of_sendgrid() {
    let cases = [
        ("bounce", "5.1.1", Hard),
        ("bounce", "5.0.0", Hard),
        ("bounce", "5.2.2", Soft),
        ("bounce", "5.7.1", Blocked),
        ("blocked", "5.7.1", Blocked),
        ("blocked", "5.0.0", Blocked),
        ("blocked", "4.2.2", Soft),
        ("expired", "", Soft),
    ];
    for (kind, status, bounce) in cases {
        let event = one(
            Provider::Sendgrid,
            &json!([{"event": "bounce", "type": kind, "status": status}]),
        );
        assert_eq!(
            (event.said, event.bounce),
            (Happened(Bounced), Some(bounce)),
            "{kind} {status}"
        );
    }
    let cases = [
        ("Bounced Address", Happened(Suppressed), None),
        ("Unsubscribed Address", Happened(Suppressed), None),
        ("Spam Reporting Address", Happened(Suppressed), None),
        ("Invalid", Happened(Bounced), Some(Hard)),
        ("Spam Content", Happened(Bounced), Some(Blocked)),
        ("Recipient List over Package Quota", Happened(Bounced), None),
    ];
    for (reason, said, bounce) in cases {
        let event = one(
            Provider::Sendgrid,
            &json!([{"event": "dropped", "reason": reason}]),
        );
        assert_eq!((event.said, event.bounce), (said, bounce), "{reason}");
    }
    let cases = [
        ("processed", Happened(Queued)),
        ("deferred", Happened(Deferred)),
        ("spamreport", Happened(Complained)),
        ("unsubscribe", Unsubscribed),
        ("group_unsubscribe", Nothing),
        ("group_resubscribe", Nothing),
        ("account_status_change", Nothing),
    ];
    for (kind, said) in cases {
        assert_eq!(
            one(Provider::Sendgrid, &json!([{"event": kind}])).said,
            said,
            "{kind}"
        );
    }
}

#[test]
fn bounces_of_mailgun() {
    let cases = [
        ("permanent", "bounce", 550, Happened(Bounced), Some(Hard)),
        ("permanent", "generic", 452, Happened(Bounced), Some(Soft)),
        ("permanent", "espblock", 550, Happened(Bounced), Some(Blocked)),
        ("permanent", "old", 602, Happened(Bounced), Some(Soft)),
        ("permanent", "suppress-bounce", 605, Happened(Suppressed), None),
        ("permanent", "suppress-complaint", 607, Happened(Suppressed), None),
        (
            "permanent",
            "suppress-unsubscribe",
            606,
            Happened(Suppressed),
            None,
        ),
        ("temporary", "generic", 452, Happened(Deferred), None),
    ];
    for (severity, reason, code, said, bounce) in cases {
        let event = json!({"event": "failed", "severity": severity, "reason": reason, "delivery-status": {"code": code}});
        let event = one(Provider::Mailgun, &json!({"event-data": event}));
        assert_eq!((event.said, event.bounce), (said, bounce), "{severity} {reason}");
    }
}

#[test]
fn bounces_of_ses() {
    let cases = [
        ("Permanent", "General", Happened(Bounced), Some(Hard)),
        ("Permanent", "NoEmail", Happened(Bounced), Some(Hard)),
        ("Permanent", "Suppressed", Happened(Suppressed), None),
        (
            "Permanent",
            "OnAccountSuppressionList",
            Happened(Suppressed),
            None,
        ),
        ("Permanent", "UnsubscribedRecipient", Happened(Suppressed), None),
        ("Transient", "General", Happened(Bounced), Some(Soft)),
        ("Transient", "MailboxFull", Happened(Bounced), Some(Soft)),
        ("Transient", "ContentRejected", Happened(Bounced), Some(Blocked)),
        ("Undetermined", "Undetermined", Happened(Bounced), Some(Soft)),
    ];
    for (kind, sub, said, bounce) in cases {
        let event = ses_one(
            "Bounce",
            "bounce",
            json!({"bounceType": kind, "bounceSubType": sub}),
        );
        assert_eq!((event.said, event.bounce), (said, bounce), "{kind} {sub}");
    }
    let cases = [
        (
            "DeliveryDelay",
            "deliveryDelay",
            json!({"delayType": "SpamDetected"}),
            Happened(Deferred),
            None,
        ),
        (
            "Reject",
            "reject",
            json!({"reason": "Bad content"}),
            Happened(Bounced),
            Some(Blocked),
        ),
        (
            "Rendering Failure",
            "failure",
            json!({"errorMessage": "No"}),
            Happened(Bounced),
            None,
        ),
        (
            "Complaint",
            "complaint",
            json!({"complaintSubType": "OnAccountSuppressionList"}),
            Happened(Suppressed),
            None,
        ),
        (
            "Complaint",
            "complaint",
            json!({"complaintFeedbackType": "not-spam"}),
            Nothing,
            None,
        ),
        (
            "Subscription",
            "subscription",
            json!({"newTopicPreferences": {"unsubscribeAll": true}}),
            Unsubscribed,
            None,
        ),
        (
            "Subscription",
            "subscription",
            json!({"newTopicPreferences": {"unsubscribeAll": false}}),
            Nothing,
            None,
        ),
        ("Received", "receipt", json!({}), Nothing, None),
    ];
    for (kind, part, content, said, bounce) in cases {
        let event = ses_one(kind, part, content);
        assert_eq!((event.said, event.bounce), (said, bounce), "{kind}");
    }
}

#[test]
fn bounces_of_brevo() {
    let cases = [
        ("request", Happened(Sent), None),
        ("delivered", Happened(Delivered), None),
        ("deferred", Happened(Deferred), None),
        ("hard_bounce", Happened(Bounced), Some(Hard)),
        ("soft_bounce", Happened(Bounced), Some(Soft)),
        ("invalid_email", Happened(Bounced), Some(Hard)),
        ("blocked", Happened(Suppressed), None),
        ("error", Happened(Bounced), None),
        ("spam", Happened(Complained), None),
        ("complaint", Happened(Complained), None),
        ("unique_opened", Happened(Opened), None),
        ("opened", Happened(Opened), None),
        ("proxy_open", Happened(Opened), None),
        ("unique_proxy_open", Happened(Opened), None),
        ("click", Happened(Clicked), None),
        ("unsubscribed", Unsubscribed, None),
        ("list_addition", Nothing, None),
    ];
    for (kind, said, bounce) in cases {
        let event = one(Provider::Brevo, &brevo(kind));
        assert_eq!((event.said, event.bounce), (said, bounce), "{kind}");
    }
}

#[test]
fn bounces_of_mailjet() {
    let cases = [
        (
            "bounce",
            true,
            "recipient",
            "user unknown",
            Happened(Bounced),
            Some(Hard),
        ),
        (
            "bounce",
            false,
            "recipient",
            "quota exceeded",
            Happened(Bounced),
            Some(Soft),
        ),
        ("bounce", false, "domain", "greylisted", Happened(Deferred), None),
        (
            "bounce",
            true,
            "spam",
            "sender blocked",
            Happened(Bounced),
            Some(Blocked),
        ),
        (
            "bounce",
            false,
            "policy issue",
            "",
            Happened(Bounced),
            Some(Blocked),
        ),
        (
            "blocked",
            false,
            "mailjet",
            "preblocked",
            Happened(Suppressed),
            None,
        ),
        (
            "blocked",
            false,
            "spam",
            "content blocked",
            Happened(Bounced),
            Some(Blocked),
        ),
        ("spam", false, "", "", Happened(Complained), None),
        ("unsub", false, "", "", Unsubscribed, None),
        ("open", false, "", "", Happened(Opened), None),
    ];
    for (kind, hard, related, error, said, bounce) in cases {
        let body = mailjet(
            kind,
            &json!({"hard_bounce": hard, "error_related_to": related, "error": error}),
        );
        let event = one(Provider::Mailjet, &body);
        assert_eq!((event.said, event.bounce), (said, bounce), "{kind} {error}");
    }
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

/// Any JSON that isn't too large.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        "[0-9.<>@ \u{0}-]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec(("[a-z]{0,5}", inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Every value of a document, by pointer.
fn pointers(value: &Value, here: &str, all: &mut Vec<String>) {
    all.push(here.to_owned());
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, &format!("{here}/{index}"), all);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                pointers(
                    field,
                    &format!("{here}/{}", name.replace('~', "~0").replace('/', "~1")),
                    all,
                );
            }
        }
        _ => {}
    }
}

/// Documents with values replaced.
fn altered() -> impl Strategy<Value = (Provider, Vec<u8>)> {
    let mut bodies: Vec<(Provider, Value)> = FIXTURES
        .iter()
        .map(|(provider, _, body)| (*provider, serde_json::from_str(body).unwrap()))
        .collect();
    let recipients =
        json!([{"emailAddress": "a@b.example", "status": "5.1.1", "diagnosticCode": "smtp; 550 no"}]);
    let bounce = json!({"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": recipients, "timestamp": "2017-08-05T00:41:02.669Z"});
    let ses = ses_event("Bounce", "bounce", bounce);
    bodies.push((Provider::Ses, enveloped(&ses)));
    bodies.push((Provider::Brevo, brevo("deferred")));
    bodies.push((
        Provider::Mailjet,
        mailjet("bounce", &json!({"hard_bounce": true, "error": "user unknown"})),
    ));
    let changes = proptest::collection::vec((any::<prop::sample::Index>(), value()), 1..4);
    (proptest::sample::select(bodies), changes, any::<bool>()).prop_map(
        move |((provider, mut body), changes, inside)| {
            // Of SES the event in the envelope as well.
            let mut event = (provider == Provider::Ses && inside).then(|| ses.clone());
            let target = event.as_mut().unwrap_or(&mut body);
            for (which, new) in changes {
                let mut all = Vec::new();
                pointers(target, "", &mut all);
                let pointer: &String = which.get(&all);
                *target.pointer_mut(pointer).unwrap() = new;
            }
            let body = event.map_or(body, |event| enveloped(&event));
            (provider, body.to_string().into_bytes())
        },
    )
}

fn fits(event: &ProviderEvent) -> bool {
    let texts = [
        &event.provider_id,
        &event.message_id,
        &event.recipient,
        &event.subject,
        &event.from,
        &event.event_id,
        &event.code,
        &event.detail,
        &event.url,
        &event.ip,
        &event.user_agent,
    ];
    let fit = |text: &String| !text.is_empty() && text.len() <= 4100 && !text.contains('\0');
    texts.into_iter().flatten().all(fit)
        && event.event_id.is_some()
        && (event.bounce.is_none() || event.said == Happened(Bounced))
}

/// Nothing panics, and what is read is as promised.
fn withstands(provider: Provider, headers: &HeaderMap, body: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(read) = read(provider, body) {
        prop_assert!(read.events.iter().all(fits));
        prop_assert_eq!(super::read(provider, body), Ok(read));
    }
    let now = Timestamp::from_micros(0).unwrap();
    let key = signatures::key("user:password");
    prop_assert!(verify(provider, Some(&key), headers, body, now).is_err());
    prop_assert!(ses::verify(body, body, None).is_err());
    prop_assert!(ses::verify(body, signatures::CERTIFICATE, None).is_err());
    if let Ok(url) = ses::signing_cert_url(body) {
        prop_assert!(url.host_str().unwrap().contains("amazonaws.com"));
    }
    let _ = ses::confirmation(body);
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_are_withstood(
        provider in proptest::sample::select(Provider::ALL),
        body in proptest::collection::vec(any::<u8>(), 0..200),
        header in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_bytes(&header) {
            for name in ["authorization", "x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp"] {
                headers.insert(HeaderName::from_static(name), value.clone());
            }
        }
        withstands(provider, &headers, &body)?;
    }

    #[test]
    fn any_document_is_withstood(provider in proptest::sample::select(Provider::ALL), body in value()) {
        withstands(provider, &HeaderMap::new(), body.to_string().as_bytes())?;
    }

    #[test]
    fn altered_events_are_withstood((provider, body) in altered()) {
        withstands(provider, &HeaderMap::new(), &body)?;
    }

    #[test]
    fn seconds_with_fractions_are_read_to_the_microsecond(micros in 0_i64..4_000_000_000_000_000) {
        let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
        let event: Value = serde_json::from_str(&format!("{{\"t\": {seconds}.{fraction:06}}}")).unwrap();
        prop_assert_eq!(field::seconds(&event, "/t").map(Timestamp::micros), Some(micros));
    }
}
