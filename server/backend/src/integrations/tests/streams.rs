//! What a stream gets, whatever comes between.

use super::{Post, sequences};
use crate::{
    delivery::receiver::Receiver,
    email::tests::set_up as emails_set_up,
    testing::{on_each_database, remove_records},
};
use daybook_domain::{
    Error as Told,
    delivery::FailureKind,
    integration::StreamState,
    log::LogScope,
    object::{Change, ObjectKind, Typed},
    ports::{Integrations as _, Objects as _},
    webhook::AttemptCause,
};
use daybook_entity::{email_body, email_message};
use sea_orm::EntityTrait;
use std::time::Duration;

#[tokio::test]
async fn it_gets_what_is_recorded_from_its_making_on_in_order_and_once() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        post.happens("before", 3).await;
        post.later(Duration::from_secs(1));
        let receiver = Receiver::new().await;
        let made = post.log(LogScope::All).await[0].sequence;
        let id = post.stream(&receiver.url, "").await;
        post.happens("ticket.created", 1_200).await;
        post.settle().await;
        let got = receiver.take();
        assert_eq!(got.len(), 3, "batches of at most 500");
        let first = sequences(&got)[0];
        assert!(first > made, "{first} is what made it, or after");
        assert_eq!(sequences(&got), (first..=first + 1_200).collect::<Vec<_>>());
        let batch = format!("{id}-0-{first:012}-{:012}", first + 499);
        assert_eq!(got[0].headers["idempotency-key"], batch);
        let detail = post.detail(id).await;
        assert_eq!(
            (detail.health.state, detail.health.behind, detail.health.sent),
            (StreamState::UpToDate, 0, 1_201)
        );
        assert_eq!(detail.health.oldest, None);
        assert_eq!(
            detail.attempts[2].records,
            Some((first, first + 499)),
            "the oldest comes last"
        );
        // Nothing is sent twice, and what comes is sent.
        post.settle().await;
        assert_eq!(receiver.take().len(), 0);
        post.happens("ticket.closed", 1).await;
        post.settle().await;
        assert_eq!(sequences(&receiver.take()), [first + 1_201]);
    })
    .await;
}

#[tokio::test]
async fn it_gets_what_it_wants_and_passes_over_the_rest() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let id = post.stream(&receiver.url, "type:ticket.*").await;
        post.happens("board.created", 700).await;
        post.settle().await;
        assert_eq!(receiver.take().len(), 0);
        assert_eq!(post.health(id).await.behind, 0, "nothing of it is wanted");
        assert_eq!(post.detail(id).await.attempts.len(), 0);
        post.happens("ticket.created", 2).await;
        post.happens("board.created", 1).await;
        post.settle().await;
        let got = receiver.take();
        assert_eq!((got.len(), sequences(&got).len()), (1, 2));
        assert_eq!(post.health(id).await.sent, 2);
    })
    .await;
}

#[tokio::test]
async fn one_that_fails_gets_everything_once_it_works_again() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        receiver.answers(["503 Service Unavailable\r\n"; 4]);
        let id = post.stream(&receiver.url, "type:ticket.*").await;
        post.happens("ticket.created", 2).await;
        post.settle().await;
        let health = post.health(id).await;
        assert_eq!(health.state, StreamState::Failing);
        assert_eq!(health.failure.unwrap().kind, FailureKind::Status);
        assert!(health.failing_since.is_some() && health.next.is_some());
        // Its making, the two, and the record of the failure.
        assert_eq!(health.behind, 4);
        assert!(health.oldest.is_some());
        let failures = post.failures().await;
        assert_eq!(failures.len(), 1);
        let told = &failures[0].body;
        assert_eq!(told.event_type, "integration.delivery_failed");
        assert_eq!(told.section.as_deref(), Some("HTTPS stream"));
        assert_eq!(told.target().unwrap().label(), "Log store");
        assert_eq!(told.metadata["failure_type"], "status");
        assert_eq!(told.metadata["details"]["status"], 503);
        assert!(!serde_json::to_string(told).unwrap().contains("token=abc"));
        // Before its time nothing is tried; the same failure isn't told of again so soon.
        post.settle().await;
        assert_eq!(receiver.take().len(), 1);
        post.happens("ticket.closed", 1).await;
        for _ in 0..2 {
            post.later(Duration::from_secs(30));
            post.settle().await;
        }
        assert_eq!(receiver.take().len(), 2);
        assert_eq!(post.failures().await.len(), 1);
        post.later(Duration::from_hours(1));
        post.settle().await;
        assert_eq!(post.failures().await.len(), 2, "and after an hour it is");
        receiver.take();
        post.later(Duration::from_mins(6));
        post.settle().await;
        let got = receiver.take();
        assert_eq!(sequences(&got).len(), 3, "what it lacked, at once");
        assert_eq!(post.health(id).await.state, StreamState::UpToDate);
        let log = post.log(LogScope::All).await;
        let again = log
            .iter()
            .find(|event| event.body.event_type == "integration.recovered");
        assert!(again.unwrap().body.metadata["behind"].as_i64() > Some(3));
    })
    .await;
}

#[tokio::test]
async fn who_looks_after_it_is_told_once_it_has_failed_for_an_hour() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        receiver.answers(["503 Service Unavailable\r\n"; 5]);
        emails_set_up(&post.house.at, post.house.workspace.id).await;
        let id = post.stream(&receiver.url, "type:ticket.*").await;
        post.happens("ticket.created", 1).await;
        let db = post.house.at.db.clone();
        let mails = async || email_message::Entity::find().all(&db.read).await.unwrap();
        for (passed, told) in [
            (0, 0),
            (10, 0),
            (60, 1),
            // Not each time.
            (60, 1),
            (24 * 60, 2),
        ] {
            post.later(Duration::from_mins(passed));
            post.settle().await;
            assert_eq!(mails().await.len(), told, "after {passed} minutes");
        }
        assert_eq!(post.health(id).await.state, StreamState::Failing);
        let mail = mails().await.remove(0);
        assert_eq!(mail.address, "ada@northdesk.example");
        assert_eq!(mail.template.as_deref(), Some("integration_failing"));
        let body = email_body::Entity::find().one(&db.read).await.unwrap();
        let text = body.unwrap().body_text.unwrap();
        let page = format!("https://daybook.example.org/integrations/{id}/deliveries");
        assert!(text.contains("answered 503") && text.contains(&page), "{text}");
    })
    .await;
}

#[tokio::test]
async fn what_is_too_much_at_once_is_sent_in_parts_and_one_event_holds_nothing_up() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let id = post.stream(&receiver.url, "type:ticket.*").await;
        post.happens("ticket.created", 4).await;
        receiver.answers(["413 Content Too Large\r\n"; 8]);
        for _ in 0..8 {
            post.settle().await;
            post.later(Duration::from_mins(7));
        }
        let sizes: Vec<_> = receiver
            .take()
            .iter()
            .map(|got| sequences(std::slice::from_ref(got)).len())
            .collect();
        assert_eq!(sizes, [4, 4, 4, 4, 4, 4, 4, 3], "500 are halved seven times");
        post.settle().await;
        let sizes: Vec<_> = receiver
            .take()
            .iter()
            .map(|got| sequences(std::slice::from_ref(got)).len())
            .collect();
        assert_eq!(sizes, [1, 1, 1, 1], "and not doubled before it has caught up");
        post.happens("ticket.closed", 2).await;
        post.settle().await;
        assert_eq!(sequences(&receiver.take()).len(), 2);
        // One that is refused for what it is, is passed over at last, and that is told.
        receiver.answers(["400 Bad Request\r\n"; 11]);
        post.happens("ticket.created", 1).await;
        for _ in 0..11 {
            post.settle().await;
            post.later(Duration::from_mins(7));
        }
        assert_eq!(receiver.take().len(), 11);
        let health = post.health(id).await;
        assert_eq!((health.state, health.sent), (StreamState::UpToDate, 6));
        let failures = post.failures().await;
        assert_eq!(failures[0].body.event_type, "integration.events_refused");
        post.happens("ticket.closed", 1).await;
        post.settle().await;
        assert_eq!(sequences(&receiver.take()).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn one_that_fails_every_other_time_is_not_told_of_every_time() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        post.stream(&receiver.url, "type:ticket.*").await;
        for _ in 0..6 {
            receiver.answers(["503 Service Unavailable\r\n"]);
            post.happens("ticket.created", 1).await;
            post.settle().await;
            post.later(Duration::from_secs(30));
            post.settle().await;
        }
        assert_eq!(post.failures().await.len(), 1);
        let log = post.log(LogScope::All).await;
        let again = log
            .iter()
            .filter(|event| event.body.event_type == "integration.recovered");
        assert_eq!(again.count(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_wanted_any_more_fails_no_more() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        receiver.answers(["503 Service Unavailable\r\n"]);
        let id = post.stream(&receiver.url, "type:ticket.*").await;
        post.happens("ticket.created", 1).await;
        post.settle().await;
        assert_eq!(post.health(id).await.state, StreamState::Failing);
        let typed: Typed = [("events".to_owned(), vec!["type:board.*".to_owned()])].into();
        let who = post
            .house
            .ada
            .grant_kind(ObjectKind::Integration, Change)
            .unwrap();
        post.objects.update_object(&who, id, 1, &typed).await.unwrap();
        post.later(Duration::from_secs(30));
        post.settle().await;
        let health = post.health(id).await;
        assert_eq!((health.state, health.failure), (StreamState::UpToDate, None));
        assert_eq!(health.behind, 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_wanted_once_more_is_sent_under_another_name() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let id = post.stream(&receiver.url, "type:ticket.*").await;
        post.happens("ticket.created", 3).await;
        post.settle().await;
        let first = receiver.take();
        let since = "2000-01-01T00:00:00Z".parse().unwrap();
        post.integrations
            .rewind_integration(&post.who(), id, since)
            .await
            .unwrap();
        post.settle().await;
        let again = receiver.take();
        assert_eq!(again.len(), 1);
        assert_eq!(sequences(&again), sequences(&first));
        assert_ne!(
            again[0].headers["idempotency-key"], first[0].headers["idempotency-key"],
            "what somebody wants once more isn't the same to whoever tells batches apart"
        );
    })
    .await;
}

#[tokio::test]
async fn it_goes_on_from_where_it_is_set_to() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let id = post.stream(&receiver.url, "type:ticket.*").await;
        post.happens("ticket.created", 2).await;
        post.later(Duration::from_hours(2));
        post.happens("ticket.closed", 3).await;
        let gone = post.log(LogScope::All).await[1].sequence;
        post.settle().await;
        assert_eq!(sequences(&receiver.take()).len(), 5);
        remove_records(&post.house.at.writer, post.house.workspace.id, &[gone]).await;
        let since = "-1h".parse().unwrap();
        let count = post.integrations.recorded_since(&post.who(), id, since).await;
        assert_eq!(count, Ok(3));
        let set = post.integrations.rewind_integration(&post.who(), id, since).await;
        assert_eq!(set, Ok(3));
        assert_eq!(post.health(id).await.behind, 4, "and that it was set back");
        post.settle().await;
        assert_eq!(sequences(&receiver.take()).len(), 2, "but what was removed");
        // Later than anything that was recorded: it goes on from now.
        post.integrations
            .rewind_integration(&post.who(), id, "2999-01-01T00:00:00Z".parse().unwrap())
            .await
            .unwrap();
        post.happens("ticket.created", 1).await;
        post.settle().await;
        assert_eq!(sequences(&receiver.take()).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_paused_or_switched_off_waits() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let id = post.stream(&receiver.url, "type:ticket.*").await;
        post.settle().await;
        post.integrations
            .pause_integration(&post.who(), id)
            .await
            .unwrap();
        post.happens("ticket.created", 1).await;
        post.settle().await;
        assert_eq!(receiver.take().len(), 0);
        assert_eq!(post.health(id).await.state, StreamState::Paused);
        let tested = post.integrations.test_integration(&post.who(), id).await;
        assert!(matches!(tested, Err(Told::Conflict { .. })), "{tested:?}");
        post.integrations
            .resume_integration(&post.who(), id)
            .await
            .unwrap();
        post.settle().await;
        assert_eq!(sequences(&receiver.take()).len(), 1);
        let who = post
            .house
            .ada
            .grant_kind(ObjectKind::Integration, Change)
            .unwrap();
        post.objects.deactivate_object(&who, id).await.unwrap();
        post.happens("ticket.created", 1).await;
        post.settle().await;
        assert_eq!(receiver.take().len(), 0);
        assert_eq!(post.health(id).await.state, StreamState::Off);
        post.objects.reactivate_object(&who, id).await.unwrap();
        post.settle().await;
        assert_eq!(sequences(&receiver.take()).len(), 1);
        // And one that is deleted is forgotten.
        post.objects.delete_object(&who, id).await.unwrap();
        assert_eq!(post.integrations.tidy(post.house.workspace.id).await.unwrap(), 1);
        post.settle().await;
    })
    .await;
}

#[tokio::test]
async fn one_that_is_slow_holds_no_other_up() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let dead = format!("http://{}/", nobody.local_addr().unwrap());
        drop(nobody);
        let values = |name, url| {
            [
                ("name", name),
                ("type", "https"),
                ("url", url),
                ("format", "json"),
                ("events", "type:ticket.*"),
            ]
        };
        let dead = post.make(&values("Dead", &dead)).await;
        let good = post.make(&values("Good", &receiver.url)).await;
        post.happens("ticket.created", 2).await;
        post.settle().await;
        assert_eq!(sequences(&receiver.take()).len(), 2);
        assert_eq!(post.health(good).await.state, StreamState::UpToDate);
        let failure = post.health(dead).await.failure.unwrap();
        assert_eq!(failure.kind, FailureKind::Connect);
    })
    .await;
}

#[tokio::test]
async fn what_it_is_sent_with_goes_nowhere_else_and_is_not_repeated() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let (receiver, other) = (Receiver::new().await, Receiver::new().await);
        let id = post.stream(&receiver.url, "type:ticket.*").await;
        post.secret(id, "Bearer s3cr3t-of-theirs").await.unwrap();
        receiver.answers(["401 Unauthorized\r\ncontent-length: 31\r\nconnection: close\r\n\r\nno such token: s3cr3t-of-theirs"]);
        post.happens("ticket.created", 1).await;
        post.settle().await;
        let got = receiver.take();
        assert_eq!(got[0].headers["authorization"], "Bearer s3cr3t-of-theirs");
        let detail = post.detail(id).await;
        assert_eq!(detail.has_secret, Some(true));
        assert_eq!(detail.attempts[0].answer.as_deref(), Some("no such token: hidden"));
        let contents = post.house.at.contents_or_nothing().await;
        assert!(!contents.contains("s3cr3t"), "{contents}");
        // Whoever has it sent elsewhere doesn't get to know it.
        let typed: Typed = [("url".to_owned(), vec![other.url.clone()])].into();
        let who = post.house.ada.grant_kind(ObjectKind::Integration, Change).unwrap();
        post.objects.update_object(&who, id, 1, &typed).await.unwrap();
        post.later(Duration::from_mins(6));
        post.settle().await;
        assert_eq!(other.take().len(), 0);
        let failure = post.health(id).await.failure.unwrap();
        assert_eq!(failure.kind, FailureKind::NotSent);
        assert!(failure.detail.contains("Set it again"), "{}", failure.detail);
        post.secret(id, "Bearer another").await.unwrap();
        post.settle().await;
        assert_eq!(other.take()[0].headers["authorization"], "Bearer another");
        // One that it can do without can be taken away.
        post.secret(id, " ").await.unwrap();
        post.happens("ticket.created", 1).await;
        post.settle().await;
        assert!(!other.take()[0].headers.contains_key("authorization"));
        assert_eq!(post.detail(id).await.has_secret, Some(false));
    })
    .await;
}

#[tokio::test]
async fn a_test_is_sent_beside_the_stream() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let id = post.stream(&receiver.url, "type:ticket.*").await;
        post.integrations.test_integration(&post.who(), id).await.unwrap();
        assert!(post.detail(id).await.soon);
        post.settle().await;
        let got = receiver.take();
        assert_eq!(got.len(), 1);
        assert_eq!(got[0].json()[0]["event_type"], "integration.test");
        let detail = post.detail(id).await;
        assert!(!detail.soon);
        let attempt = &detail.attempts[0];
        assert_eq!(
            (attempt.cause, attempt.events, attempt.records, attempt.status),
            (AttemptCause::Test, 1, None, Some(204))
        );
        assert_eq!(detail.health.sent, 0, "a test is no event of the log");
        receiver.answers(["404 Not Found\r\n"]);
        post.integrations.test_integration(&post.who(), id).await.unwrap();
        post.settle().await;
        assert_eq!(post.health(id).await.state, StreamState::UpToDate);
        let failures = post.failures().await;
        assert_eq!(failures[0].body.metadata["details"]["test"], true);
    })
    .await;
}
