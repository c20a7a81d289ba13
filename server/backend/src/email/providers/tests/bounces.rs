//! What lies behind a refusal, in the words of each provider.

use super::*;

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
