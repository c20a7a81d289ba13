//! `POST /api/v2/email-messages` and `POST /api/v2/providers/{provider}/{key}`; the body of a message in its frame.

use crate::house::{AUDITOR, House};
use axum::http::Request;
use daybook_backend::testing::TestDb;
use daybook_domain::{account::Scope, object::ObjectQuery, permission::ViewEmailHistory, ports::Emails as _};
use serde_json::json;

#[tokio::test]
async fn what_a_helpdesk_and_a_provider_report_is_shown() {
    let house = House::full(TestDb::sqlite().await).await;
    let key = house.key(&[Scope::EmailWrite]).await.1;
    let mut program = house.client().with_key(&key);
    let send = |path: &str| Request::post(path.to_owned()).header("content-type", "application/x-ndjson");
    let body = "{\"id\": \"1\", \"to\": \"ann@harbor.example\", \"html\": \"<script>alert(1)</script>Hello\", \"message_id\": \"<4711@x>\"}\n\
                {\"to\": \"nobody\"}\n";
    let answer = program.send(send("/api/v2/email-messages"), body.into()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let told = answer.json();
    assert_eq!(
        (&told["accepted"], &told["rejected"][0]["field"]),
        (&json!(1), &json!("to"))
    );
    let nothing = program
        .send(send("/api/v2/email-messages"), "{\"to\": \"nobody\"}".into())
        .await;
    assert_eq!(nothing.status, 422, "{}", nothing.body);
    let broken = program.send(send("/api/v2/email-messages"), "{".into()).await;
    assert_eq!((broken.status, broken.json()["line"].clone()), (400, json!(1)));

    let delivery = json!({"RecordType": "Delivery", "MessageID": "p-1", "Recipient": "ann@harbor.example",
        "DeliveredAt": "2026-11-20T10:53:34Z", "Metadata": {}});
    // The key stands in the address alone.
    let mut provider = house.client();
    let address = format!("/api/v2/providers/postmark/{key}");
    let request = || Request::post(address.clone()).header("content-type", "text/plain");
    let answer = provider.send(request(), delivery.to_string().into()).await;
    assert_eq!(
        answer.json(),
        json!({"accepted": 1, "duplicates": 0, "ignored": 0}),
        "{}",
        answer.body
    );
    let again = provider.send(request(), delivery.to_string().into()).await;
    assert_eq!(again.json()["duplicates"], 1);
    let odd = provider.send(request(), "odd".into()).await;
    assert_eq!(odd.status, 400, "{}", odd.body);
    // In an address a key that may do more is no key.
    let (_, mighty) = house.key(&[Scope::EventsRead, Scope::EmailWrite]).await;
    let mighty = Request::post(format!("/api/v2/providers/postmark/{mighty}"));
    assert_eq!(
        provider.send(mighty, delivery.to_string().into()).await.status,
        403
    );
    let unknown = Request::post(format!("/api/v2/providers/pigeon/{key}"));
    assert_eq!(provider.send(unknown, "{}".into()).await.status, 404);
    let forged = json!({"Type": "Notification", "SigningCertURL": "https://attacker.example/x.pem"});
    let forged = provider
        .send(
            Request::post(format!("/api/v2/providers/ses/{key}")),
            forged.to_string().into(),
        )
        .await;
    assert_eq!(forged.status, 401, "{}", forged.body);

    let who = house.system().await.grant(ViewEmailHistory).unwrap();
    let everything = ObjectQuery::default();
    let page = house
        .services
        .emails
        .list_emails(&who, None, &everything)
        .await
        .unwrap();
    assert_eq!(page.rows.len(), 2, "{:?}", page.rows);
    let reported = page.rows.iter().find(|row| row.source == "helpdesk").unwrap();
    let mut auditor = house.signed_in(AUDITOR).await;
    let shown = auditor
        .get(&format!("/email/messages/{}/body", reported.id))
        .await;
    assert_eq!(shown.status, 200);
    assert!(shown.body.contains("Hello"));
    // Whoever wrote it gets nothing run and nothing loaded.
    let policy = shown.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("sandbox"),
        "{policy}"
    );
    assert!(
        !policy.contains("script-src") && !policy.contains("allow-"),
        "{policy}"
    );
}
