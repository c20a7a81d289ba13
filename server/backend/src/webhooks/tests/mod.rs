//! Webhooks against a receiver that answers as it is told, with a clock that is moved.

mod recorded;

pub(crate) use recorded::listed;

use super::{Webhooks, send::WebhookCarrier};
use crate::{
    accounts::tests::House,
    delivery::{
        guard::Guard,
        http::{Limits, Sender},
        receiver::{Got, Receiver},
        schedule::WAITS,
        sealed::Keyring,
        worker::Worker,
    },
    email::tests::set_up as emails_set_up,
    index::EventIndex,
    objects::Objects,
    reading::ReadLogs,
    store::EventStore,
    testing::{TestDb, on_each_database},
};
use daybook_domain::{
    Error as Told,
    catalogue::{OwnType, faults},
    delivery::FailureKind,
    event::{Actor, ActorKind, Event, EventBody},
    id::{ObjectId, WebhookMessageId},
    log::{LogKind, LogScope},
    object::{Change, Object, ObjectKind, ObjectQuery, ObjectStatus, See, Typed},
    permission::{ManageWebhooks, Permission, ViewAuditLogs},
    ports::{Objects as _, Webhooks as _},
    query::LogQuery,
    viewer::{Granted, Principal, RequestContext, Viewer},
    webhook::{AttemptCause, Message, MessageBody, MessageFilters, MessageState},
};
use daybook_entity::{email_body, email_message};
use sea_orm::EntityTrait;
use serde_json::Value;
use standardwebhooks::Webhook;
use std::time::Duration;
use tokio::net::TcpListener;

const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// As the reference implementation has it. Its own check would hold the time against the system's clock.
fn is_signed_by(got: &Got, secret: &str) -> bool {
    let at = got.headers["webhook-timestamp"].parse().unwrap();
    let signature = Webhook::new(secret)
        .unwrap()
        .sign(got.id(), at, got.text().as_bytes())
        .unwrap();
    got.headers["webhook-signature"]
        .split(' ')
        .any(|one| one == signature)
}

struct Post {
    house: House,
    objects: Objects,
    webhooks: Webhooks,
    worker: Worker<WebhookCarrier>,
}

impl Post {
    async fn new(at: TestDb) -> Self {
        let house = House::new(at).await;
        let (db, clock) = (house.at.db.clone(), house.at.clock.clone());
        let events = EventStore::new(db.clone(), EventIndex::new(db.clone()), clock.clone());
        let logs = ReadLogs::new(events, house.at.writer.clone(), clock.clone());
        let objects = Objects::new(db.clone(), house.accounts.clone(), logs.clone(), clock.clone());
        let limits = Limits {
            time: Duration::from_secs(5),
            connect: Duration::from_secs(5),
        };
        let sender = Sender::new(Guard::new(["127.0.0.0/8".parse().unwrap()]), limits).unwrap();
        let webhooks = Webhooks::new(
            db,
            house.at.writer.clone(),
            house.accounts.clone(),
            logs,
            clock,
            Keyring::new(KEY, []).unwrap(),
            sender,
        );
        let worker = webhooks.worker(house.workspace.id);
        Self {
            house,
            objects,
            webhooks,
            worker,
        }
    }

    fn who(&self) -> Granted<ManageWebhooks> {
        self.house.ada.grant(ManageWebhooks).unwrap()
    }

    async fn endpoint(&self, name: &str, url: &str, events: &str) -> ObjectId {
        let values = [("name", name), ("url", url), ("events", events)];
        let typed: Typed = values
            .map(|(name, value)| (name.to_owned(), vec![value.to_owned()]))
            .into();
        let who = self
            .house
            .ada
            .grant_kind(ObjectKind::WebhookEndpoint, Change)
            .unwrap();
        self.objects.create_object(&who, &typed).await.unwrap().id
    }

    /// One with a secret, which comes beside it.
    async fn signed(&self, name: &str, url: &str, events: &str) -> (ObjectId, String) {
        let id = self.endpoint(name, url, events).await;
        (id, self.secret(id).await)
    }

    async fn secret(&self, endpoint: ObjectId) -> String {
        let made = self.webhooks.add_secret(&self.who(), endpoint).await.unwrap();
        made.secret.reveal().to_owned()
    }

    async fn show(&self, endpoint: ObjectId) -> Object {
        let who = self
            .house
            .ada
            .grant_kind(ObjectKind::WebhookEndpoint, See)
            .unwrap();
        self.objects.object(&who, endpoint).await.unwrap()
    }

    /// Something happens elsewhere.
    async fn happens(&self, event_type: &'static str) {
        let workspace = self.house.workspace.id;
        let sent = self.house.at.writer.change(move |tx| {
            Box::pin(async move {
                let system = Actor::named(ActorKind::System, "Helpdesk");
                let mut body = EventBody::new(event_type, system, tx.now());
                "helpdesk".clone_into(&mut body.source);
                tx.record(workspace, body);
                Ok(())
            })
        });
        sent.await.unwrap();
    }

    async fn messages(&self, endpoint: ObjectId, query: &str) -> Vec<Message> {
        let query = ObjectQuery::parse(&MessageFilters, query).unwrap();
        let page = self.webhooks.list_messages(&self.who(), endpoint, &query).await;
        page.unwrap().rows
    }

    async fn message(&self, endpoint: ObjectId) -> Message {
        let mut all = self.messages(endpoint, "").await;
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    /// What the log says, newest first.
    async fn log(&self, scope: LogScope) -> Vec<Event> {
        let at = &self.house.at;
        let store = EventStore::new(at.db.clone(), EventIndex::new(at.db.clone()), at.clock.clone());
        let who = self.house.ada.grant(ViewAuditLogs).unwrap();
        let found = store
            .records(&who, scope, &LogQuery::default(), 200)
            .await
            .unwrap()
            .0;
        for event in found
            .iter()
            .filter(|event| OwnType::from_name(&event.body.event_type).is_some())
        {
            assert_eq!(
                faults(&event.body),
                Vec::<String>::new(),
                "{}",
                event.body.event_type
            );
        }
        found
    }

    async fn failures(&self) -> Vec<Event> {
        self.log(LogScope::One(LogKind::WebhookFailure)).await
    }

    fn later(&self, by: Duration) {
        let seconds = i64::try_from(by.as_secs()).unwrap() + 1;
        self.house.at.clock.advance_seconds(seconds);
    }
}

/// The longest that a wait can be.
fn at_most(wait: Duration) -> Duration {
    wait.mul_f64(1.2)
}

#[tokio::test]
async fn what_an_endpoint_wants_is_sent_signed_and_nothing_else() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let (id, secret) = post
            .signed("Warehouse", &receiver.url, "type:ticket.created")
            .await;
        post.happens("ticket.created").await;
        post.happens("ticket.closed").await;
        post.worker.settle().await.unwrap();
        let got = receiver.take();
        assert_eq!(got.len(), 1, "{got:?}");
        assert!(is_signed_by(&got[0], &secret));
        assert_eq!(got[0].headers["content-type"], "application/json");
        let body: Value = got[0].json();
        assert_eq!(body["type"], "ticket.created");
        assert_eq!(body["data"]["event_type"], "ticket.created");
        assert_eq!(body["timestamp"], body["data"]["occurred_at"]);
        let message = post.message(id).await;
        assert_eq!(got[0].id(), message.sent_id());
        assert_eq!(
            (message.state, message.attempts, message.status),
            (MessageState::Delivered, 1, Some(204))
        );
        assert_eq!(post.failures().await.len(), 0);
        // Nothing is sent twice.
        post.later(at_most(WAITS[6]));
        post.worker.settle().await.unwrap();
        assert_eq!(receiver.take().len(), 0);
    })
    .await;
}

#[tokio::test]
async fn the_whole_schedule_is_gone_through_under_one_id() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        receiver.answers(["500 Oops\r\n"; 8]);
        let (id, _) = post
            .signed("Warehouse", &receiver.url, "type:ticket.created")
            .await;
        post.happens("ticket.created").await;
        for (failed, wait) in WAITS.iter().enumerate() {
            post.worker.settle().await.unwrap();
            let message = post.message(id).await;
            assert_eq!(
                (message.attempts as usize, message.state),
                (failed + 1, MessageState::Waiting)
            );
            assert_eq!(message.failure.unwrap().kind, FailureKind::Status);
            post.later(wait.saturating_sub(Duration::from_secs(2)));
            post.worker.settle().await.unwrap();
            assert_eq!(
                post.message(id).await.attempts as usize,
                failed + 1,
                "not before its time"
            );
            post.later(at_most(*wait).saturating_sub(*wait) + Duration::from_secs(2));
        }
        post.worker.settle().await.unwrap();
        let message = post.message(id).await;
        assert_eq!(
            (message.attempts, message.state, &message.next),
            (8, MessageState::Failed, &None)
        );
        let got = receiver.take();
        assert_eq!(got.len(), 8);
        assert!(got.iter().all(|got| got.id() == message.sent_id()));
        let failures = post.failures().await;
        let types: Vec<_> = failures
            .iter()
            .map(|event| event.body.event_type.as_str())
            .collect();
        assert_eq!(types[0], "webhook.message_given_up");
        assert!(
            types[1..].iter().all(|of| *of == "webhook.attempt_failed"),
            "{types:?}"
        );
        let told = &failures[7].body;
        assert_eq!(told.target().unwrap().label(), "Warehouse");
        assert_eq!(told.metadata["response"]["status"], 500);
        let shown = serde_json::to_string(told).unwrap();
        assert!(!shown.contains("token=abc") && !shown.contains("v1,"), "{shown}");
        // What failed is nobody's message.
        assert_eq!(post.messages(id, "").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_switched_off() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        receiver.answers(["410 Gone\r\n"]);
        emails_set_up(&post.house.at, post.house.workspace.id).await;
        let (id, _) = post.signed("Warehouse", &receiver.url, "type:ticket.*").await;
        post.happens("ticket.created").await;
        post.worker.settle().await.unwrap();
        assert_eq!(post.show(id).await.status, ObjectStatus::Deactivated);
        let log = post.log(LogScope::One(LogKind::Activity)).await;
        assert_eq!(log[0].body.event_type, "webhook_endpoint.deactivated");
        assert!(
            log[0].body.summary.as_ref().unwrap().contains("410"),
            "{:?}",
            log[0].body.summary
        );
        // Who looks after webhooks is told.
        let mails = email_message::Entity::find()
            .all(&post.house.at.db.read)
            .await
            .unwrap();
        let mails: Vec<_> = mails
            .iter()
            .map(|mail| (mail.address.as_str(), mail.template.as_deref()))
            .collect();
        assert_eq!(mails, [("ada@northdesk.example", Some("webhook_off"))]);
        let body = email_body::Entity::find()
            .one(&post.house.at.db.read)
            .await
            .unwrap();
        let text = body.unwrap().body_text.unwrap();
        let page = format!("{}/webhooks/{id}/overview", crate::accounts::tests::ADDRESS);
        assert!(
            text.contains("it answered that it is gone (410)") && text.contains(&page),
            "{text}"
        );
        // It is told of nothing, and what waits goes on once it is back.
        post.happens("ticket.closed").await;
        post.later(at_most(WAITS[0]));
        post.worker.settle().await.unwrap();
        assert_eq!(receiver.take().len(), 1);
        let who = post
            .house
            .ada
            .grant_kind(ObjectKind::WebhookEndpoint, Change)
            .unwrap();
        post.objects.reactivate_object(&who, id).await.unwrap();
        post.worker.settle().await.unwrap();
        assert_eq!(receiver.take().len(), 1);
        assert_eq!(post.message(id).await.state, MessageState::Delivered);
    })
    .await;
}

#[tokio::test]
async fn five_days_of_nothing_but_failures_switch_it_off() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let (id, _) = post.signed("Warehouse", &receiver.url, "type:ticket.*").await;
        let day = Duration::from_hours(24);
        for passed in 0..=5 {
            assert_eq!(
                post.show(id).await.status,
                ObjectStatus::Active,
                "after {passed} days"
            );
            receiver.answers(["500 Oops\r\n"; 20]);
            post.happens("ticket.created").await;
            post.worker.settle().await.unwrap();
            post.later(day);
        }
        assert_eq!(post.show(id).await.status, ObjectStatus::Deactivated);
    })
    .await;
}

#[tokio::test]
async fn one_that_is_overloaded_is_left_alone_as_long_as_it_asks() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        receiver.answers(["429 Slow\r\nretry-after: 600\r\n"]);
        let (id, _) = post.signed("Warehouse", &receiver.url, "type:ticket.*").await;
        post.happens("ticket.created").await;
        post.worker.settle().await.unwrap();
        post.happens("ticket.closed").await;
        post.later(Duration::from_secs(500));
        post.worker.settle().await.unwrap();
        assert_eq!(receiver.take().len(), 1, "others wait, too");
        let health = post.webhooks.endpoint_health(&post.who(), id).await.unwrap();
        assert!(health.slow_until.is_some() && health.failing_since.is_some());
        post.later(at_most(Duration::from_mins(10)));
        post.worker.settle().await.unwrap();
        assert_eq!(receiver.take().len(), 2);
        let health = post.webhooks.endpoint_health(&post.who(), id).await.unwrap();
        assert_eq!((health.slow_until, health.failing_since), (None, None));
        assert_eq!((health.went_well, health.went_wrong), (2, 1));
    })
    .await;
}

#[tokio::test]
async fn nothing_goes_out_unsigned_or_paused() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let id = post.endpoint("Warehouse", &receiver.url, "type:ticket.*").await;
        post.happens("ticket.created").await;
        post.worker.settle().await.unwrap();
        assert_eq!(receiver.take().len(), 0);
        let secret = post.secret(id).await;
        post.webhooks.pause_endpoint(&post.who(), id).await.unwrap();
        post.worker.settle().await.unwrap();
        assert_eq!(receiver.take().len(), 0);
        post.webhooks.resume_endpoint(&post.who(), id).await.unwrap();
        post.worker.settle().await.unwrap();
        let got = receiver.take();
        assert!(got.len() == 1 && is_signed_by(&got[0], &secret));
        let types: Vec<_> = post.log(LogScope::One(LogKind::Activity)).await;
        let types: Vec<_> = types
            .iter()
            .take(3)
            .map(|event| event.body.event_type.as_str())
            .collect();
        assert_eq!(
            types,
            [
                "webhook_endpoint.resumed",
                "webhook_endpoint.paused",
                "webhook_endpoint.secret_added"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_new_secret_signs_beside_the_old_one_for_a_day() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let (id, old) = post.signed("Warehouse", &receiver.url, "type:ticket.*").await;
        let new = post.secret(id).await;
        let sent = async |post: &mut Post| {
            post.happens("ticket.created").await;
            post.worker.settle().await.unwrap();
            let got = receiver.take();
            assert_eq!(got.len(), 1);
            [&old, &new].map(|secret| is_signed_by(&got[0], secret))
        };
        assert_eq!(sent(&mut post).await, [true, true]);
        post.later(Duration::from_hours(24));
        assert_eq!(sent(&mut post).await, [false, true]);
        let known = post.webhooks.signing(&post.who(), id).await.unwrap().secrets;
        assert_eq!(known.len(), 1);
        let only = post
            .webhooks
            .remove_secret(&post.who(), id, known[0].id)
            .await
            .unwrap_err();
        assert!(matches!(only, Told::Conflict { .. }), "{only:?}");
        let kept = post.house.at.contents_or_nothing().await;
        assert!(!kept.contains(&new), "no secret lies open in the database");
    })
    .await;
}

#[tokio::test]
async fn headers_are_sent_along_and_shown_to_nobody() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let (id, _) = post.signed("Warehouse", &receiver.url, "type:ticket.*").await;
        let who = post.who();
        post.webhooks
            .set_header(&who, id, "Authorization", "Bearer hunter2")
            .await
            .unwrap();
        for (name, value, field) in [
            ("webhook-id", "x", "name"),
            ("Content-Type", "x", "name"),
            ("a b", "x", "name"),
            ("x-a", "", "value"),
            ("x-a", "a\nb: c", "value"),
        ] {
            let refused = post.webhooks.set_header(&who, id, name, value).await.unwrap_err();
            assert!(
                matches!(&refused, Told::Invalid { field: of, .. } if of == field),
                "{name}: {refused:?}"
            );
        }
        post.happens("ticket.created").await;
        post.worker.settle().await.unwrap();
        assert_eq!(receiver.take()[0].headers["authorization"], "Bearer hunter2");
        let message = post.message(id).await;
        let detail = post.webhooks.message(&who, id, message.id).await.unwrap();
        let shown = &detail.attempts[0].request.headers;
        assert!(shown.contains(&("authorization".to_owned(), None)), "{shown:?}");
        assert!(!format!("{:?}", post.log(LogScope::All).await).contains("hunter2"));
        assert!(!post.house.at.contents_or_nothing().await.contains("hunter2"));
        post.webhooks
            .remove_header(&who, id, "authorization")
            .await
            .unwrap();
        post.happens("ticket.closed").await;
        post.worker.settle().await.unwrap();
        assert!(!receiver.take()[0].headers.contains_key("authorization"));
    })
    .await;
}

#[tokio::test]
async fn what_failed_is_sent_again_by_hand() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let (id, _) = post.signed("Warehouse", &receiver.url, "type:ticket.*").await;
        let who = post.who();
        let since = || "-7d".parse().unwrap();
        receiver.answers(["500 Oops\r\n"]);
        let test = post.webhooks.send_test(&who, id).await.unwrap();
        post.worker.settle().await.unwrap();
        let detail = post.webhooks.message(&who, id, test).await.unwrap();
        assert_eq!(
            (detail.message.state, detail.attempts.len()),
            (MessageState::Failed, 1),
            "a test is one attempt"
        );
        assert_eq!(detail.attempts[0].cause, AttemptCause::Test);
        assert_eq!(
            post.webhooks.recoverable(&who, id, since()).await,
            Ok(0),
            "and nobody misses it"
        );
        receiver.take();
        // Two messages that are given up.
        post.happens("ticket.created").await;
        post.happens("ticket.closed").await;
        receiver.answers(["500 Oops\r\n"; 16]);
        for wait in WAITS.iter().chain([&Duration::ZERO]) {
            post.worker.settle().await.unwrap();
            post.later(at_most(*wait));
        }
        let failed = post.messages(id, "state=failed").await;
        assert_eq!(failed.len(), 3);
        receiver.take();
        let (closed, created) = (&failed[0], &failed[1]);
        post.webhooks.resend_message(&who, id, closed.id).await.unwrap();
        // Asked for twice, it is one attempt.
        post.webhooks.resend_message(&who, id, closed.id).await.unwrap();
        receiver.answers(["500 Oops\r\n"]);
        post.worker.settle().await.unwrap();
        let detail = post.webhooks.message(&who, id, closed.id).await.unwrap();
        assert_eq!(
            (detail.message.state, detail.message.attempts),
            (MessageState::Failed, 9),
            "one attempt and no more"
        );
        assert_eq!(receiver.take()[0].id(), closed.sent_id());
        assert_eq!(post.webhooks.recoverable(&who, id, since()).await, Ok(2));
        assert_eq!(post.webhooks.recover_messages(&who, id, since()).await, Ok(2));
        post.worker.settle().await.unwrap();
        let mut ids: Vec<_> = receiver.take().iter().map(|got| got.id().to_owned()).collect();
        ids.sort();
        assert_eq!(ids, [created.sent_id(), closed.sent_id()]);
        assert_eq!(post.webhooks.recoverable(&who, id, since()).await, Ok(0));
        let log = post.log(LogScope::One(LogKind::Activity)).await;
        let summary = log
            .iter()
            .find(|event| event.body.event_type == "webhook_endpoint.recovered");
        assert!(
            summary
                .unwrap()
                .body
                .summary
                .as_ref()
                .unwrap()
                .contains("2 failed messages")
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_leased_to_a_process_that_died_is_sent_by_another() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let (id, _) = post.signed("Warehouse", &receiver.url, "type:ticket.*").await;
        post.happens("ticket.created").await;
        // It has sent, and is killed before it has recorded that.
        let mut dead = post.webhooks.worker(post.house.workspace.id);
        dead.begin().await.unwrap();
        drop(dead);
        post.worker.settle().await.unwrap();
        assert_eq!(post.message(id).await.attempts, 0, "the lease holds");
        post.later(Duration::from_mins(2));
        post.worker.settle().await.unwrap();
        let message = post.message(id).await;
        assert_eq!((message.attempts, message.state), (1, MessageState::Delivered));
        let got = receiver.take();
        assert_eq!(got.len(), 2, "at least once");
        assert!(got.iter().all(|got| got.id() == message.sent_id()));
    })
    .await;
}

#[tokio::test]
async fn whoever_comes_late_records_nothing() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let (id, _) = post.signed("Warehouse", &receiver.url, "type:ticket.*").await;
        post.happens("ticket.created").await;
        receiver.answers(["500 Oops\r\n"]);
        // It fails, and wants to say so when another has long delivered.
        let mut late = post.webhooks.worker(post.house.workspace.id);
        late.hold().await.unwrap();
        post.later(Duration::from_mins(2));
        post.worker.settle().await.unwrap();
        late.settle().await.unwrap();
        let message = post.message(id).await;
        assert_eq!((message.state, message.attempts), (MessageState::Delivered, 1));
        assert_eq!(post.failures().await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn one_that_cant_be_sent_to_takes_nobody_with_it() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let (good, _) = post.signed("Good", &receiver.url, "type:ticket.*").await;
        let (bad, _) = post.signed("Bad", &receiver.url, "type:ticket.*").await;
        let who = post.who();
        post.webhooks
            .set_header(&who, bad, "authorization", "Bearer hunter2")
            .await
            .unwrap();
        // Whoever changes the address doesn't get what was set for another.
        let elsewhere = Receiver::new().await;
        let change = post
            .house
            .ada
            .grant_kind(ObjectKind::WebhookEndpoint, Change)
            .unwrap();
        let typed = Typed::from([("url".to_owned(), vec![elsewhere.url.clone()])]);
        post.objects.update_object(&change, bad, 1, &typed).await.unwrap();
        post.happens("ticket.created").await;
        post.worker.settle().await.unwrap();
        assert_eq!((receiver.take().len(), elsewhere.take().len()), (1, 0));
        assert_eq!(post.message(good).await.state, MessageState::Delivered);
        let message = post.message(bad).await;
        let failure = message.failure.unwrap();
        assert_eq!(
            (message.state, failure.kind),
            (MessageState::Waiting, FailureKind::NotSent)
        );
        assert!(
            failure.detail.contains("authorization") && failure.detail.contains("Set it again"),
            "{failure:?}"
        );
        post.webhooks
            .set_header(&who, bad, "authorization", "Bearer hunter3")
            .await
            .unwrap();
        post.webhooks.resend_message(&who, bad, message.id).await.unwrap();
        post.worker.settle().await.unwrap();
        assert_eq!(elsewhere.take()[0].headers["authorization"], "Bearer hunter3");
    })
    .await;
}

#[tokio::test]
async fn what_was_sent_in_secret_is_in_no_answer() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let (id, _) = post.signed("Echo", &receiver.url, "type:ticket.*").await;
        post.webhooks
            .set_header(&post.who(), id, "authorization", "Bearer hunter2")
            .await
            .unwrap();
        receiver.answers(["500 Oops\r\nx-got: hunter2\r\nset-cookie: a=b\r\nx-body: "]);
        post.happens("ticket.created").await;
        post.worker.settle().await.unwrap();
        let message = post.message(id).await;
        let detail = post.webhooks.message(&post.who(), id, message.id).await.unwrap();
        let response = detail.attempts[0].response.clone().unwrap();
        assert!(
            response
                .headers
                .contains(&("x-got".to_owned(), "hidden".to_owned())),
            "{response:?}"
        );
        assert!(
            response
                .headers
                .contains(&("set-cookie".to_owned(), "hidden".to_owned()))
        );
        assert!(!format!("{:?}", post.log(LogScope::All).await).contains("hunter2"));
    })
    .await;
}

#[tokio::test]
async fn what_is_sent_is_shown_to_who_may_read_the_log() {
    let mut post = Post::new(TestDb::sqlite().await).await;
    let receiver = Receiver::new().await;
    let (id, _) = post.signed("Warehouse", &receiver.url, "type:ticket.*").await;
    post.happens("ticket.created").await;
    post.worker.settle().await.unwrap();
    let message = post.message(id).await.id;
    let shown = post
        .webhooks
        .message(&post.who(), id, message)
        .await
        .unwrap()
        .body;
    assert!(
        matches!(&shown, MessageBody::Here(body) if body.contains("ticket.created")),
        "{shown:?}"
    );
    let newest = post.log(LogScope::All).await.remove(0);
    assert_eq!(
        newest.body.event_type, "audit_logs.record_viewed",
        "and that it was read is recorded"
    );
    let only = Viewer::new(
        post.house.workspace.id,
        Principal::System {
            name: "Only webhooks".to_owned(),
        },
        [Permission::WebhooksManage].into_iter().collect(),
        "UTC".to_owned(),
        "Webhooks".to_owned(),
        RequestContext::default(),
    );
    let who = only.grant(ManageWebhooks).unwrap();
    let shown = post.webhooks.message(&who, id, message).await.unwrap().body;
    assert_eq!(shown, MessageBody::NotYours);
}

#[tokio::test]
async fn what_was_given_up_lately_is_recovered_however_old_it_is() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let (id, _) = post.signed("Warehouse", &receiver.url, "type:ticket.*").await;
        post.happens("ticket.created").await;
        receiver.answers(["500 Oops\r\n"; 8]);
        for wait in &WAITS {
            post.worker.settle().await.unwrap();
            post.later(at_most(*wait));
        }
        post.worker.settle().await.unwrap();
        let lately = "-1h".parse().unwrap();
        assert_eq!(post.webhooks.recoverable(&post.who(), id, lately).await, Ok(1));
    })
    .await;
}

#[tokio::test]
async fn one_that_never_answers_holds_nobody_up() {
    on_each_database(async |at| {
        let post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (asked, mut was_asked) = tokio::sync::mpsc::channel(100);
        let url = format!("http://{}/", silent.local_addr().unwrap());
        tokio::spawn(async move {
            let mut held = Vec::new();
            while let Ok((stream, _)) = silent.accept().await {
                held.push(stream);
                let _gone = asked.send(()).await;
            }
        });
        let (silent, _) = post.signed("Silent", &url, "type:ticket.*").await;
        let (alive, _) = post.signed("Alive", &receiver.url, "type:ticket.*").await;
        for _ in 0..40 {
            post.happens("ticket.created").await;
        }
        let (stop, stopping) = tokio::sync::watch::channel(false);
        let running = tokio::spawn(post.webhooks.clone().run(stopping));
        was_asked.recv().await.unwrap();
        // While nothing is answered there, all is delivered here.
        while receiver.count() < 40 {
            tokio::task::yield_now().await;
        }
        assert!(post.messages(silent, "state=delivered").await.is_empty());
        running.abort();
        drop(stop);
        assert_eq!(post.messages(alive, "").await.len(), 40);
    })
    .await;
}

#[tokio::test]
async fn what_is_over_goes_and_what_waits_stays() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let (id, _) = post.signed("Warehouse", &receiver.url, "type:ticket.*").await;
        let gone = post.endpoint("Gone", &receiver.url, "type:ticket.*").await;
        post.happens("ticket.created").await;
        post.worker.settle().await.unwrap();
        post.webhooks.pause_endpoint(&post.who(), id).await.unwrap();
        post.happens("ticket.closed").await;
        let workspace = post.house.workspace.id;
        assert_eq!(post.webhooks.tidy(workspace).await.unwrap(), 0);
        let who = post
            .house
            .ada
            .grant_kind(ObjectKind::WebhookEndpoint, Change)
            .unwrap();
        post.objects.delete_object(&who, gone).await.unwrap();
        assert_eq!(
            post.webhooks.tidy(workspace).await.unwrap(),
            2,
            "those of the endpoint that is gone"
        );
        post.later(Duration::from_hours(91 * 24));
        assert_eq!(post.webhooks.tidy(workspace).await.unwrap(), 1);
        assert_eq!(post.message(id).await.state, MessageState::Waiting);
        post.webhooks.resume_endpoint(&post.who(), id).await.unwrap();
        receiver.take();
        post.worker.settle().await.unwrap();
        assert_eq!(receiver.take().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn messages_are_listed_page_by_page() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let (id, _) = post.signed("Warehouse", &receiver.url, "type:ticket.*").await;
        for _ in 0..120 {
            post.happens("ticket.created").await;
        }
        post.worker.settle().await.unwrap();
        let (who, mut query) = (post.who(), ObjectQuery::default());
        let mut seen: Vec<WebhookMessageId> = Vec::new();
        let mut before = None;
        loop {
            let page = post.webhooks.list_messages(&who, id, &query).await.unwrap();
            seen.extend(page.rows.iter().map(|row| row.id));
            let Some(after) = page.after else {
                before = page.before.or(before);
                break;
            };
            query = query.at(Some(after));
        }
        assert_eq!(seen.len(), 120);
        assert!(seen.is_sorted_by(|one, other| one > other), "newest first");
        let page = post
            .webhooks
            .list_messages(&who, id, &ObjectQuery::default().at(before))
            .await
            .unwrap();
        let back: Vec<_> = page.rows.iter().map(|row| row.id).collect();
        assert_eq!(back, seen[50..100]);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let post = Post::new(TestDb::sqlite().await).await;
    let who = post.who();
    let receiver = Receiver::new().await;
    let (one, _) = post.signed("One", &receiver.url, "").await;
    let (other, _) = post.signed("Other", &receiver.url, "").await;
    let message = post.webhooks.send_test(&who, one).await.unwrap();
    let nothing = ObjectId(uuid::Uuid::nil());
    let webhooks = &post.webhooks;
    assert_eq!(
        webhooks.message(&who, other, message).await.unwrap_err(),
        Told::NotFound
    );
    assert_eq!(
        webhooks.resend_message(&who, other, message).await.unwrap_err(),
        Told::NotFound
    );
    assert_eq!(webhooks.signing(&who, nothing).await.unwrap_err(), Told::NotFound);
    assert_eq!(
        webhooks.endpoint_health(&who, nothing).await.unwrap_err(),
        Told::NotFound
    );
    assert_eq!(
        webhooks.pause_endpoint(&who, nothing).await.unwrap_err(),
        Told::NotFound
    );
    assert_eq!(
        webhooks.send_test(&who, nothing).await.unwrap_err(),
        Told::NotFound
    );
    assert_eq!(
        webhooks
            .recoverable(&who, nothing, "-1h".parse().unwrap())
            .await
            .unwrap_err(),
        Told::NotFound
    );
}
