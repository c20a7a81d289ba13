//! Every method with the events it leaves.

use super::Post;
use crate::{
    delivery::receiver::Receiver,
    testing::{TestDb, remove_records},
};
use daybook_domain::{
    id::{ObjectId, WebhookMessageId},
    log::LogScope,
    object::ObjectQuery,
    ports::Webhooks as _,
};

/// A method, and the type of what it leaves; `None` where it only reads.
const METHODS: &[(&str, Option<&str>)] = &[
    ("list_messages", None),
    ("message", None),
    ("endpoint_health", None),
    ("signing", None),
    ("recoverable", None),
    ("add_secret", Some("webhook_endpoint.secret_added")),
    ("remove_secret", Some("webhook_endpoint.secret_removed")),
    ("set_header", Some("webhook_endpoint.headers_changed")),
    ("remove_header", Some("webhook_endpoint.headers_changed")),
    ("pause_endpoint", Some("webhook_endpoint.paused")),
    ("resume_endpoint", Some("webhook_endpoint.resumed")),
    ("send_test", Some("webhook_endpoint.tested")),
    ("resend_message", Some("webhook_endpoint.resent")),
    ("recover_messages", Some("webhook_endpoint.recovered")),
];

/// The methods that are listed, for those who look whether all are.
pub(crate) fn listed() -> impl Iterator<Item = &'static str> {
    METHODS.iter().map(|(name, _)| *name)
}

async fn call(post: &Post, method: &str, id: ObjectId, failed: WebhookMessageId) {
    let (who, webhooks) = (post.who(), &post.webhooks);
    let since = "-1h".parse().unwrap();
    match method {
        "list_messages" => drop(
            webhooks
                .list_messages(&who, id, &ObjectQuery::default())
                .await
                .unwrap(),
        ),
        "message" => drop(webhooks.message(&who, id, failed).await.unwrap()),
        "endpoint_health" => drop(webhooks.endpoint_health(&who, id).await.unwrap()),
        "signing" => drop(webhooks.signing(&who, id).await.unwrap()),
        "recoverable" => assert_eq!(webhooks.recoverable(&who, id, since).await, Ok(1)),
        "add_secret" => drop(webhooks.add_secret(&who, id).await.unwrap()),
        "remove_secret" => {
            let known = webhooks.signing(&who, id).await.unwrap().secrets;
            webhooks.remove_secret(&who, id, known[0].id).await.unwrap();
        }
        "set_header" => webhooks.set_header(&who, id, "x-key", "other").await.unwrap(),
        "remove_header" => webhooks.remove_header(&who, id, "x-key").await.unwrap(),
        "pause_endpoint" => webhooks.pause_endpoint(&who, id).await.unwrap(),
        "resume_endpoint" => webhooks.resume_endpoint(&who, id).await.unwrap(),
        "send_test" => drop(webhooks.send_test(&who, id).await.unwrap()),
        "resend_message" => webhooks.resend_message(&who, id, failed).await.unwrap(),
        "recover_messages" => assert_eq!(webhooks.recover_messages(&who, id, since).await, Ok(1)),
        other => panic!("{other} is not called"),
    }
}

#[tokio::test]
async fn every_method_leaves_its_event() {
    for (method, leaves) in METHODS {
        let mut post = Post::new(TestDb::sqlite().await).await;
        let receiver = Receiver::new().await;
        let (id, _) = post.signed("Warehouse", &receiver.url, "type:ticket.*").await;
        post.secret(id).await;
        post.webhooks
            .set_header(&post.who(), id, "x-key", "one")
            .await
            .unwrap();
        post.happens("ticket.created").await;
        let happened = post.log(LogScope::All).await[0].sequence;
        remove_records(&post.house.at.writer, post.house.workspace.id, &[happened]).await;
        post.worker.settle().await.unwrap();
        let failed = post.message(id).await.id;
        if *method == "resume_endpoint" {
            post.webhooks.pause_endpoint(&post.who(), id).await.unwrap();
        }
        let (newest, before) = (
            post.log(LogScope::All).await[0].sequence,
            post.house.at.contents().await,
        );
        call(&post, method, id, failed).await;
        let log = post.log(LogScope::All).await;
        let left: Vec<_> = log.iter().take_while(|event| event.sequence > newest).collect();
        let types: Vec<_> = left.iter().map(|event| event.body.event_type.as_str()).collect();
        assert_eq!(types, leaves.as_slice(), "{method}");
        assert_eq!(
            post.house.at.contents().await != before,
            leaves.is_some(),
            "{method}"
        );
        for event in left {
            assert_eq!(
                event.body.target().map(|target| target.id.clone()),
                Some(Some(id.to_string()))
            );
            assert!(event.body.summary.is_some(), "{method}");
        }
    }
}
