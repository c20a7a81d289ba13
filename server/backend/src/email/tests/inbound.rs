//! What providers tell, of what they sent for us and for others.

use super::PostOffice;
use crate::{
    email::{NotTaken, ProviderTold},
    testing::{TestDb, on_each_database},
};
use daybook_domain::{
    email::{BounceType, EmailProvider as P, EmailStatus, NewPassword, SuppressionReason},
    log::LogScope,
    object::ObjectQuery,
    ports::Emails as _,
};
use reqwest::header::{AUTHORIZATION, HeaderMap};
use serde_json::{Value, json};

use EmailStatus as S;

async fn tell(
    office: &PostOffice,
    provider: P,
    headers: &HeaderMap,
    body: Value,
) -> Result<ProviderTold, NotTaken> {
    let body = body.to_string().into();
    office
        .emails
        .told_by_provider(&office.house.ada, provider, headers, body)
        .await
}

fn told(accepted: u64, duplicates: u64, ignored: u64) -> ProviderTold {
    ProviderTold {
        accepted,
        duplicates,
        ignored,
    }
}

fn sendgrid(event: &str, at: i64, id: &str) -> Value {
    json!({"email": "ann@harbor.example", "timestamp": at, "event": event, "sg_event_id": id, "sg_message_id": "abc.0",
        "smtp-id": "<4711@northdesk.example>"})
}

#[tokio::test]
async fn what_a_provider_tells_is_put_to_the_message_it_is_about() {
    on_each_database(async |at| {
        let office = PostOffice::new(at).await;
        let reported = json!({"id": "m-1", "to": "ann@harbor.example", "subject": "Your ticket",
            "message_id": "4711@northdesk.example", "at": "2026-11-20T10:00:00Z"});
        office.report(reported).await;
        let none = HeaderMap::new();
        // Out of order, of one that says nothing, and one that can't be read.
        let batch = json!([
            sendgrid("click", 1_795_170_000, "e-2"),
            sendgrid("delivered", 1_795_169_000, "e-1"),
            {"email": "ann@harbor.example", "timestamp": 1_795_169_500, "event": "new_kind", "sg_event_id": "e-3"},
            {"odd": true},
        ]);
        let first = tell(&office, P::Sendgrid, &none, batch.clone()).await.unwrap();
        assert_eq!(first, told(2, 0, 2));
        assert_eq!(tell(&office, P::Sendgrid, &none, batch).await.unwrap(), told(0, 2, 2));
        let row = office.list(None, "").await.rows.remove(0);
        assert_eq!((row.subject.as_str(), row.status), ("Your ticket", S::Clicked));
        let email = office.email(row.id).await;
        assert_eq!(email.provider_id.as_deref(), Some("abc"));
        assert_eq!(email.events.last().unwrap().source, "sendgrid");
        // Another recipient of the same message is another message, though nobody has told of it.
        let mut other = sendgrid("bounce", 1_795_169_100, "e-4");
        other["email"] = "bo@harbor.example".into();
        other["type"] = "bounce".into();
        other["status"] = "5.1.1".into();
        other["reason"] = "550 5.1.1 No such user".into();
        assert_eq!(tell(&office, P::Sendgrid, &none, json!([other])).await.unwrap(), told(1, 0, 0));
        let row = office.list(None, "?q=bo").await.rows.remove(0);
        assert_eq!((row.bounce, row.source.as_str()), (Some(BounceType::Hard), "sendgrid"));
        let email = office.email(row.id).await;
        assert_eq!(email.suppressed, Some(SuppressionReason::HardBounce));
        assert_eq!(office.failures().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_a_provider_tells_of_our_own_message_is_on_its_page() {
    let (mut office, server) = PostOffice::with_server(TestDb::sqlite().await).await;
    let id = office.test("ann@harbor.example").await;
    office.worker.settle().await.unwrap();
    let sent = server.take().remove(0);
    let header = |name: &str| {
        let line = sent
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_default().to_owned()
    };
    // Each has its own id of it, and gives back what was sent along.
    let delivered = json!({"RecordType": "Delivery", "MessageID": "p-1", "Recipient": "ann@harbor.example",
        "DeliveredAt": "2026-11-22T14:00:05Z", "Metadata": {"message-id": header("X-PM-Metadata-message-id")}});
    let opened = json!({"event": "open", "time": 1_795_356_010, "MessageID": 19_421_777, "email": "ann@harbor.example",
        "CustomID": header("X-MJ-CustomID")});
    let none = HeaderMap::new();
    office.later(std::time::Duration::from_mins(1));
    assert_eq!(
        tell(&office, P::Postmark, &none, delivered).await.unwrap(),
        told(1, 0, 0)
    );
    assert_eq!(
        tell(&office, P::Mailjet, &none, opened).await.unwrap(),
        told(1, 0, 0)
    );
    assert_eq!(
        office.timeline(id).await,
        [S::Queued, S::Sent, S::Delivered, S::Opened]
    );
    assert_eq!(office.list(None, "").await.rows.len(), 1);
}

#[tokio::test]
async fn a_provider_that_is_faster_than_the_report_tells_of_the_same_message() {
    on_each_database(async |at| {
        let office = PostOffice::new(at).await;
        let bounced = json!([sendgrid("delivered", 1_795_169_000, "e-1")]);
        tell(&office, P::Sendgrid, &HeaderMap::new(), bounced).await.unwrap();
        let reported = json!({"id": "m-1", "to": "ann@harbor.example", "subject": "Your ticket", "template": "reply",
            "message_id": "<4711@northdesk.example>", "text": "Hello", "at": "2026-11-20T10:00:00Z"});
        assert_eq!(office.report(reported.clone()).await.accepted, 1);
        assert_eq!(office.report(reported.clone()).await.duplicates, 1);
        // Nor is it another without the id that its sender has given it.
        let mut unnamed = reported;
        unnamed["id"] = Value::Null;
        office.report(unnamed).await;
        for found in ["", "?q=ticket", "?template=reply", "?source=helpdesk&status=delivered"] {
            assert_eq!(office.list(None, found).await.rows.len(), 1, "{found}");
        }
        assert_eq!(office.list(None, "?source=sendgrid").await.rows.len(), 0);
        let id = office.list(None, "").await.rows[0].id;
        assert_eq!(office.email(id).await.text.as_deref(), Some("Hello"));
    })
    .await;
}

#[tokio::test]
async fn who_unsubscribes_is_not_mailed_and_who_comes_back_is() {
    let office = PostOffice::new(TestDb::sqlite().await).await;
    let none = HeaderMap::new();
    let change = |suppress: bool| {
        json!({"RecordType": "SubscriptionChange", "MessageID": "883953f4", "Recipient": "ann@harbor.example",
            "SuppressSending": suppress, "SuppressionReason": if suppress { json!("ManualSuppression") } else { Value::Null },
            "Origin": "Recipient", "ChangedAt": "2026-11-20T10:53:34Z"})
    };
    let listed = async || {
        let page = office
            .emails
            .list_suppressions(&office.reader(), &ObjectQuery::default())
            .await;
        page.unwrap().rows
    };
    let taken = async |suppress| tell(&office, P::Postmark, &none, change(suppress)).await.unwrap();
    assert_eq!(taken(true).await, told(1, 0, 0));
    assert_eq!(taken(true).await, told(0, 1, 0));
    let rows = listed().await;
    assert_eq!(
        (rows[0].reason, rows[0].origin.as_str()),
        (SuppressionReason::Unsubscribed, "Postmark")
    );
    assert_eq!(taken(false).await, told(1, 0, 0));
    assert!(listed().await.is_empty());
    // What somebody else has said of the address stands.
    office
        .emails
        .suppress(&office.manager(), "ann@harbor.example", "")
        .await
        .unwrap();
    assert_eq!(taken(false).await, told(0, 1, 0));
    assert_eq!(listed().await.len(), 1);
}

#[tokio::test]
async fn a_wrong_signature_is_refused_and_recorded() {
    let office = PostOffice::new(TestDb::sqlite().await).await;
    let key = |key: &str| NewPassword::new(key.to_owned());
    let set = async |provider, with: &str| {
        office
            .emails
            .set_provider_key(&office.manager(), provider, key(with))
            .await
    };
    assert!(set(P::Sendgrid, "not base64!").await.is_err());
    assert!(set(P::Ses, "topic").await.is_err());
    set(P::Postmark, "daybook:hush").await.unwrap();
    let newest = &office.log(LogScope::All).await[0].body;
    assert!(
        !serde_json::to_string(newest).unwrap().contains("hush"),
        "{newest:?}"
    );
    let body = json!({"RecordType": "Delivery", "MessageID": "1", "Recipient": "ann@harbor.example",
        "DeliveredAt": "2026-11-20T10:53:34Z"});
    let mut headers = HeaderMap::new();
    for wrong in [None, Some("Basic ZGF5Ym9vazpvdGhlcg=="), Some("Bearer secret")] {
        if let Some(wrong) = wrong {
            headers.insert(AUTHORIZATION, wrong.parse().unwrap());
        }
        let refused = tell(&office, P::Postmark, &headers, body.clone()).await;
        assert!(matches!(refused, Err(NotTaken::Unsigned(_))), "{refused:?}");
    }
    let log = office.log(LogScope::All).await;
    let denied = log
        .iter()
        .take_while(|event| event.body.event_type == "access.denied");
    assert_eq!(denied.count(), 3);
    assert!(office.list(None, "").await.rows.is_empty());
    headers.insert(AUTHORIZATION, "Basic ZGF5Ym9vazpodXNo".parse().unwrap());
    assert_eq!(
        tell(&office, P::Postmark, &headers, body).await.unwrap(),
        told(1, 0, 0)
    );
    // Amazon's is always checked, and nothing is fetched from anywhere else.
    let forged = json!({"Type": "Notification", "MessageId": "1", "TopicArn": "arn:aws:sns:x", "Message": "{}",
        "Timestamp": "2026-11-20T10:53:34Z", "SignatureVersion": "2", "Signature": "AAAA",
        "SigningCertURL": "https://sns.eu-west-1.amazonaws.com.attacker.example/x.pem"});
    let refused = tell(&office, P::Ses, &HeaderMap::new(), forged).await;
    assert!(matches!(refused, Err(NotTaken::Unsigned(_))), "{refused:?}");
    let odd = tell(&office, P::Brevo, &HeaderMap::new(), json!("odd")).await;
    assert!(matches!(odd, Err(NotTaken::Unread(_))), "{odd:?}");
}
