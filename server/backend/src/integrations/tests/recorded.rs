//! Every method with the events it leaves.

use super::Post;
use crate::{delivery::receiver::Receiver, testing::TestDb};
use daybook_domain::{id::ObjectId, log::LogScope, ports::Integrations as _};

/// A method, and the type of what it leaves; `None` where it only reads.
const METHODS: &[(&str, Option<&str>)] = &[
    ("integrations_health", None),
    ("integration", None),
    ("recorded_since", None),
    ("set_integration_secret", Some("integration.secret_set")),
    ("pause_integration", Some("integration.paused")),
    ("resume_integration", Some("integration.resumed")),
    ("test_integration", Some("integration.tested")),
    ("rewind_integration", Some("integration.rewound")),
];

/// The methods that are listed, for those who look whether all are.
pub(crate) fn listed() -> impl Iterator<Item = &'static str> {
    METHODS.iter().map(|(name, _)| *name)
}

async fn call(post: &Post, method: &str, id: ObjectId) {
    let (who, integrations) = (post.who(), &post.integrations);
    let since = "-1h".parse().unwrap();
    match method {
        "integrations_health" => drop(integrations.integrations_health(&who).await.unwrap()),
        "integration" => drop(integrations.integration(&who, id).await.unwrap()),
        "recorded_since" => drop(integrations.recorded_since(&who, id, since).await.unwrap()),
        "set_integration_secret" => post.secret(id, "Bearer other").await.unwrap(),
        "pause_integration" => integrations.pause_integration(&who, id).await.unwrap(),
        "resume_integration" => integrations.resume_integration(&who, id).await.unwrap(),
        "test_integration" => integrations.test_integration(&who, id).await.unwrap(),
        "rewind_integration" => drop(integrations.rewind_integration(&who, id, since).await.unwrap()),
        other => panic!("{other} is not called"),
    }
}

#[tokio::test]
async fn every_method_leaves_its_event() {
    for (method, leaves) in METHODS {
        let mut post = Post::new(TestDb::sqlite().await).await;
        let receiver = Receiver::new().await;
        let id = post.stream(&receiver.url, "type:ticket.*").await;
        post.secret(id, "Bearer one").await.unwrap();
        post.happens("ticket.created", 1).await;
        post.settle().await;
        if *method == "resume_integration" {
            post.integrations
                .pause_integration(&post.who(), id)
                .await
                .unwrap();
        }
        let (newest, before) = (
            post.log(LogScope::All).await[0].sequence,
            post.house.at.contents().await,
        );
        call(&post, method, id).await;
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
            let target = event.body.target().map(|target| target.id.clone());
            assert_eq!(target, Some(Some(id.to_string())));
            assert!(event.body.summary.is_some(), "{method}");
        }
    }
}
