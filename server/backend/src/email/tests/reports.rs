//! Mail of others.

use super::PostOffice;
use crate::testing::{TestDb, on_each_database};
use daybook_domain::{
    email::{BounceType, EmailStatus, SendAgain, SuppressionReason},
    id::EmailMessageId,
    object::ObjectKind,
};
use serde_json::json;

use EmailStatus as S;

async fn only(office: &PostOffice) -> EmailMessageId {
    let rows = office.list(None, "").await.rows;
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows[0].id
}

#[tokio::test]
async fn what_others_sent_is_in_the_history_and_known_again() {
    on_each_database(async |at| {
        let office = PostOffice::new(at).await;
        let told = json!({
            "id": "m-1", "to": "Ann Reyes <Ann@Harbor.example>", "from": "desk@northdesk.example",
            "subject": "[#4711] Your ticket", "template": "ticket_update", "message_id": "<4711@northdesk.example>",
            "at": "2026-11-20T10:00:00Z", "text": "Hello", "html": "<p>Hello</p>",
            "events": [{"status": "sent", "at": "2026-11-20T10:00:01Z"}],
            "odd": {"is": "not known"},
        });
        let outcome = office.report(told.clone()).await;
        assert_eq!((outcome.accepted, outcome.duplicates), (1, 0));
        let outcome = office.report(told).await;
        assert_eq!((outcome.accepted, outcome.duplicates), (0, 1));
        // What happened since comes out of order, and twice.
        let more = json!([
            {"id": "m-1", "to": "ann@harbor.example", "events": [
                {"status": "clicked", "at": "2026-11-20T12:00:00Z", "url": "https://northdesk.example/4711"},
                {"status": "delivered", "at": "2026-11-20T10:00:03Z"}]},
            {"id": "m-1", "to": "ann@harbor.example", "events": [
                {"status": "opened", "at": "2026-11-20T11:59:00Z"},
                {"status": "delivered", "at": "2026-11-20T10:00:03Z"}]},
        ]);
        let outcome = office.report(more).await;
        assert_eq!((outcome.accepted, outcome.duplicates), (2, 0));
        let id = only(&office).await;
        assert_eq!(
            office.timeline(id).await,
            [S::Sent, S::Delivered, S::Opened, S::Clicked]
        );
        let email = office.email(id).await;
        assert_eq!(email.email.status, S::Clicked);
        assert_eq!(email.email.to, "ann@harbor.example");
        assert_eq!(email.to_name.as_deref(), Some("Ann Reyes"));
        assert_eq!(email.message_id.as_deref(), Some("4711@northdesk.example"));
        assert!(email.has_html && email.again == SendAgain::Cannot && email.text.as_deref() == Some("Hello"));
        for found in ["?q=4711", "?q=ann%20ticket", "?domain=harbor.example", "?source=helpdesk"] {
            assert_eq!(office.subjects(found).await.len(), 1, "{found}");
        }
        for not in ["?q=4712", "?status=sent", "?source=daybook"] {
            assert_eq!(office.subjects(not).await.len(), 0, "{not}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_taken_says_why() {
    let office = PostOffice::new(TestDb::sqlite().await).await;
    let at = "2026-11-20T10:00:00Z";
    let wrong = [
        (json!("ann"), ""),
        (json!({}), "to"),
        (json!({"to": "ann"}), "to"),
        (json!({"to": ["a@b.example"]}), "to"),
        (json!({"to": "a@b.example", "status": "lost"}), "status"),
        (json!({"to": "a@b.example", "at": "yesterday"}), "at"),
        (json!({"to": "a@b.example", "at": "2036-11-20T10:00:00Z"}), "at"),
        (json!({"to": "a@b.example", "source": "Daybook"}), "source"),
        (
            json!({"to": "a@b.example", "subject": "x".repeat(1001)}),
            "subject",
        ),
        (json!({"to": "a@b.example", "text": "x".repeat(300_000)}), "text"),
        (
            json!({"to": "a@b.example", "events": [{"status": "sent"}]}),
            "events[0].at",
        ),
        (
            json!({"to": "a@b.example", "events": [{"at": at}]}),
            "events[0].status",
        ),
        (
            json!({"to": "a@b.example", "events": [{"status": "bounced", "at": at, "bounce_type": "odd"}]}),
            "events[0].bounce_type",
        ),
    ];
    for (body, field) in wrong {
        let outcome = office.report(json!([body, {"to": "ok@b.example"}])).await;
        let rejected: Vec<_> = outcome.rejected.iter().map(|one| one.field.as_str()).collect();
        assert_eq!((outcome.accepted, rejected), (1, vec![field]), "{body}");
        assert!(!outcome.rejected[0].reason.is_empty());
    }
}

#[tokio::test]
async fn a_message_is_whose_the_directory_says() {
    on_each_database(async |at| {
        let office = PostOffice::new(at).await;
        let company = office
            .thing(ObjectKind::Company, &[("name", "Harbor"), ("external_id", "c-7")])
            .await;
        let contact = office
            .thing(
                ObjectKind::Contact,
                &[
                    ("name", "Ann Reyes"),
                    ("email", "ann@harbor.example"),
                    ("company", &company.to_string()),
                ],
            )
            .await;
        office
            .report(json!([
                {"to": "ann@harbor.example", "subject": "by address"},
                {"to": "else@harbor.example", "subject": "by id", "company": {"id": "c-7", "name": "Old name"}},
                {"to": "bo@quay.example", "subject": "before it was known", "company": {"id": "c-8", "name": "Quay"}},
                {"to": "cy@shore.example", "subject": "nobody's"},
            ]))
            .await;
        let of = async |kind, id, query: &str| {
            let rows = office.list(Some((kind, id)), query).await.rows;
            let mut subjects: Vec<_> = rows.into_iter().map(|row| row.subject).collect();
            subjects.sort();
            subjects
        };
        assert_eq!(of(ObjectKind::Company, company, "").await, ["by address", "by id"]);
        assert_eq!(of(ObjectKind::Contact, contact, "").await, ["by address"]);
        assert_eq!(
            of(ObjectKind::Company, company, "?q=else").await,
            ["by id"],
            "what narrows it narrows that of a company, too"
        );
        let quay = office
            .thing(ObjectKind::Company, &[("name", "Quay"), ("external_id", "c-8")])
            .await;
        assert_eq!(of(ObjectKind::Company, quay, "").await, ["before it was known"]);
        let shown = office.list(None, "?q=address").await.rows.remove(0);
        assert_eq!(shown.company.unwrap().name.as_deref(), Some("Harbor"));
        let facets = office.list(None, "").await.facets;
        let companies = facets.iter().find(|facet| facet.property == "company").unwrap();
        let labels: Vec<_> = companies
            .values
            .iter()
            .map(|value| (value.label.as_str(), value.count))
            .collect();
        assert_eq!(labels, [("Harbor", 2), ("Quay", 1)]);
    })
    .await;
}

#[tokio::test]
async fn what_went_wrong_elsewhere_is_in_the_log_and_on_the_list() {
    let office = PostOffice::new(TestDb::sqlite().await).await;
    let at = "2026-11-20T10:00:00Z";
    office
        .report(json!([
            {"to": "gone@harbor.example", "events": [{"status": "bounced", "at": at, "bounce_type": "hard",
                "code": "5.1.1", "detail": "No such user"}]},
            {"to": "cross@harbor.example", "events": [{"status": "complained", "at": at}]},
            {"to": "full@harbor.example", "events": [{"status": "bounced", "at": at}]},
        ]))
        .await;
    let failures = office.failures().await;
    let types: Vec<_> = failures
        .iter()
        .map(|event| event.body.event_type.as_str())
        .collect();
    assert_eq!(types, ["email.bounced", "email.complained", "email.bounced"]);
    assert_eq!(failures[2].body.metadata["recipient"], "gone@harbor.example");
    assert_eq!(failures[2].body.metadata["bounce_type"], "hard");
    assert_eq!(failures[2].body.metadata["said_by"], "helpdesk");
    for row in office.list(None, "").await.rows {
        let email = office.email(row.id).await;
        let (bounce, suppressed) = match row.to.as_str() {
            "gone@harbor.example" => (Some(BounceType::Hard), Some(SuppressionReason::HardBounce)),
            "cross@harbor.example" => (None, Some(SuppressionReason::Complaint)),
            _ => (Some(BounceType::Soft), None),
        };
        assert_eq!((row.bounce, email.suppressed), (bounce, suppressed), "{}", row.to);
    }
}

#[tokio::test]
async fn what_a_message_says_goes_and_that_it_was_sent_stays() {
    on_each_database(async |at| {
        let office = PostOffice::new(at).await;
        office
            .report(json!({"to": "ann@harbor.example", "text": "Hello"}))
            .await;
        let (id, workspace) = (only(&office).await, office.house.workspace.id);
        assert_eq!(office.emails.tidy(workspace).await.unwrap(), 0);
        office.later(std::time::Duration::from_hours(24 * 91));
        office
            .report(json!({"to": "ann@harbor.example", "text": "New"}))
            .await;
        // The ids of the tests don't follow the clock: both are from before.
        assert_eq!(office.emails.tidy(workspace).await.unwrap(), 2);
        assert_eq!(office.email(id).await.text, None);
        assert_eq!(office.emails.tidy(workspace).await.unwrap(), 0);
        assert_eq!(office.list(None, "").await.rows.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_complaint_counts_however_often_a_message_was_seen() {
    let office = PostOffice::new(TestDb::sqlite().await).await;
    let second = |number: i64| {
        let at = 1_795_000_000_i64 + number;
        daybook_domain::time::Timestamp::from_micros(at * 1_000_000)
            .unwrap()
            .to_string()
    };
    for some in 0..11 {
        let seen: Vec<_> = (0..100)
            .map(|number| json!({"status": "opened", "at": second(some * 100 + number)}))
            .collect();
        office
            .report(json!({"id": "m-1", "to": "ann@harbor.example", "events": seen}))
            .await;
    }
    let id = only(&office).await;
    assert_eq!(office.timeline(id).await.len(), 1_000);
    let complaint = json!([{"status": "complained", "at": second(5)}]);
    let outcome = office
        .report(json!({"id": "m-1", "to": "ann@harbor.example", "events": complaint}))
        .await;
    assert_eq!(outcome.accepted, 1);
    assert_eq!(
        office.email(id).await.suppressed,
        Some(SuppressionReason::Complaint)
    );
}
