//! Every field of an event, as its provider names it.

use super::*;

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
