//! How each type is sent to.

use super::{KEY, Post};
use crate::{
    delivery::{receiver::Receiver, sealed::Keyring},
    secrets,
    testing::on_each_database,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use daybook_domain::{
    Error as Told,
    delivery::FailureKind,
    event::Event,
    integration::{IntegrationType, StreamState},
    log::LogScope,
    object::ObjectKind,
};
use flate2::read::GzDecoder;
use serde_json::json;
use std::{io::Read, path::Path, time::Duration};
use tokio::{io::AsyncReadExt, net::TcpListener};

#[tokio::test]
async fn each_type_has_what_it_needs_and_nothing_else() {
    on_each_database(async |at| {
        let post = Post::new(at).await;
        let missing = |made: Result<_, Told>| match made {
            Err(Told::Invalid { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        let named = |of_type| [("name", "One"), ("type", of_type)];
        for (of_type, field) in [
            ("https", "url"),
            ("syslog", "host"),
            ("splunk", "url"),
            ("elasticsearch", "url"),
            ("s3", "url"),
            ("folder", "folder"),
        ] {
            let made = post.try_make(&named(of_type)).await;
            assert_eq!(missing(made), field, "{of_type}");
        }
        let made = post
            .try_make(&[("name", "One"), ("type", "folder"), ("folder", "../up")])
            .await;
        assert_eq!(missing(made), "folder");
        let made = post
            .try_make(&[("name", "One"), ("url", "https://x.example")])
            .await;
        assert_eq!(missing(made), "type");
        // What only other types have isn't kept.
        let id = post
            .make(&[("name", "One"), ("type", "slack"), ("folder", "audit")])
            .await;
        let who = post
            .house
            .ada
            .grant_kind(ObjectKind::Integration, daybook_domain::object::See)
            .unwrap();
        let object = daybook_domain::ports::Objects::object(&post.objects, &who, id)
            .await
            .unwrap();
        assert!(!object.values.contains_key("folder"), "{:?}", object.values);
    })
    .await;
}

#[tokio::test]
async fn chats_wait_for_their_address_and_get_messages() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        for of_type in ["slack", "teams"] {
            let receiver = Receiver::new().await;
            let id = post
                .make(&[("name", of_type), ("type", of_type), ("events", "type:ticket.*")])
                .await;
            post.happens("ticket.created", 12).await;
            post.settle().await;
            let health = post.health(id).await;
            assert_eq!((health.state, health.failure), (StreamState::Incomplete, None));
            let wrong = post.secret(id, "no address").await;
            assert!(matches!(wrong, Err(Told::Invalid { .. })), "{wrong:?}");
            post.secret(id, &receiver.url).await.unwrap();
            post.settle().await;
            post.later(Duration::from_secs(2));
            post.settle().await;
            let got = receiver.take();
            assert_eq!(got.len(), 2, "{of_type} takes a few at a time");
            let body = got[0].json();
            match of_type {
                "slack" => assert!(body["blocks"].is_array() && body["text"].is_string(), "{body}"),
                _ => assert_eq!(body["type"], "message"),
            }
            assert_eq!(post.health(id).await.sent, 12);
            // The address is nowhere.
            receiver.answers(["500 Oops\r\n"]);
            post.happens("ticket.created", 1).await;
            post.later(Duration::from_secs(2));
            post.settle().await;
            let told = serde_json::to_string(&post.log(LogScope::All).await).unwrap();
            assert!(!told.contains("token=abc"), "{told}");
            let who = post
                .house
                .ada
                .grant_kind(ObjectKind::Integration, daybook_domain::object::Change)
                .unwrap();
            daybook_domain::ports::Objects::deactivate_object(&post.objects, &who, id)
                .await
                .unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn splunk_gets_events_with_its_token() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let url = receiver.url.replace("/in?token=abc", "/");
        let id = post
            .make(&[
                ("name", "Splunk"),
                ("type", "splunk"),
                ("url", &url),
                ("splunk_index", "audit"),
                ("events", "type:ticket.*"),
            ])
            .await;
        post.secret(id, "11111111-2222").await.unwrap();
        post.happens("ticket.created", 2).await;
        post.settle().await;
        let got = receiver.take();
        assert_eq!(got[0].line, "POST /services/collector/event");
        assert_eq!(got[0].headers["authorization"], "Splunk 11111111-2222");
        let events: Vec<serde_json::Value> = serde_json::Deserializer::from_slice(&got[0].body)
            .into_iter()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(events.len(), 2);
        assert_eq!(events[0]["index"], "audit");
        assert_eq!(events[0]["event"]["event_type"], "ticket.created");
    })
    .await;
}

#[tokio::test]
async fn elasticsearch_tells_of_each_document() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let url = receiver.url.replace("/in?token=abc", "");
        let id = post
            .make(&[
                ("name", "Search"),
                ("type", "elasticsearch"),
                ("url", &url),
                ("index", "logs-daybook-default"),
                ("events", "type:ticket.*"),
            ])
            .await;
        let good = json!({"create": {"status": 201}});
        let there = json!({"create": {"status": 409}});
        let busy =
            json!({"create": {"status": 429, "error": {"type": "rejected", "reason": "queue is full"}}});
        let never =
            json!({"create": {"status": 400, "error": {"type": "document_parsing_exception", "reason": "no such field"}}});
        let tell = |items: &[&serde_json::Value]| {
            receiver.tells(&json!({"errors": true, "items": items}).to_string());
        };
        post.happens("ticket.created", 3).await;
        // Some are to come again: all do, and what is there already is good.
        tell(&[&good, &busy, &good]);
        post.settle().await;
        let got = receiver.take();
        assert!(
            got[0].line.starts_with("POST /_bulk?filter_path="),
            "{}",
            got[0].line
        );
        assert_eq!(got[0].text().lines().count(), 6);
        let failure = post.health(id).await.failure.unwrap();
        assert!(failure.detail.contains("queue is full"), "{}", failure.detail);
        tell(&[&there, &good, &never]);
        post.later(Duration::from_secs(10));
        post.settle().await;
        assert_eq!(receiver.take().len(), 1);
        assert_eq!(post.health(id).await.state, StreamState::UpToDate);
        let refused = post.failures().await.remove(0).body;
        assert_eq!(refused.event_type, "integration.events_refused");
        assert!(
            refused.metadata["details"]["refused"][0]["reason"]
                .as_str()
                .unwrap()
                .contains("no such field")
        );
        // Where none is taken, they wait.
        post.happens("ticket.created", 2).await;
        tell(&[&never, &never]);
        post.settle().await;
        let health = post.health(id).await;
        assert_eq!((health.state, health.sent), (StreamState::Failing, 2));
    })
    .await;
}

#[tokio::test]
async fn syslog_gets_framed_messages() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let door = listener.local_addr().unwrap().port().to_string();
        let heard = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut all = Vec::new();
            stream.read_to_end(&mut all).await.unwrap();
            String::from_utf8(all).unwrap()
        });
        let id = post
            .make(&[
                ("name", "Collector"),
                ("type", "syslog"),
                ("host", "127.0.0.1"),
                ("port", &door),
                ("transport", "tcp"),
                ("payload", "cef"),
                ("events", "type:ticket.*"),
            ])
            .await;
        post.happens("ticket.created", 2).await;
        post.settle().await;
        let heard = heard.await.unwrap();
        assert_eq!(heard.matches("CEF:0|Daybook|").count(), 2, "{heard}");
        let (length, rest) = heard.split_once(' ').unwrap();
        let first = rest.get(..length.parse().unwrap()).unwrap();
        assert!(first.contains("daybook.example.org daybook"), "{first}");
        assert_eq!(post.health(id).await.sent, 2);
        // Nobody is there any more.
        post.happens("ticket.created", 1).await;
        post.settle().await;
        let failure = post.health(id).await.failure.unwrap();
        assert_eq!(failure.kind, FailureKind::Connect);
    })
    .await;
}

/// The records of a packed file.
fn unpacked(bytes: &[u8]) -> Vec<Event> {
    let mut text = String::new();
    GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text.lines()
        .map(|line| Event::from_record(line).unwrap())
        .collect()
}

fn files(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path.display().to_string());
        }
    }
    files.sort();
    files
}

#[tokio::test]
async fn an_archive_has_a_file_for_a_time_and_none_across_days() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let id = post
            .make(&[("name", "Archive"), ("type", "folder"), ("folder", "audit")])
            .await;
        post.happens("ticket.created", 2).await;
        post.settle().await;
        assert_eq!(
            files(post.archive.path()),
            Vec::<String>::new(),
            "not record by record"
        );
        post.later(Duration::from_hours(24));
        post.happens("ticket.closed", 1).await;
        post.settle().await;
        post.later(Duration::from_mins(6));
        post.settle().await;
        let files = files(&post.archive.path().join("audit"));
        assert_eq!(files.len(), 2, "{files:?}");
        let read = |file: &String| unpacked(&std::fs::read(file).unwrap());
        let (first, second) = (read(&files[0]), read(&files[1]));
        assert_eq!(
            (first.len(), second.len()),
            (3, 1),
            "its making and the two; the one"
        );
        let day = first[0].recorded_at.to_datetime().format("%Y/%m/%d").to_string();
        assert!(files[0].contains(&day), "{files:?}");
        let stored = post.log(LogScope::All).await;
        assert!(
            stored.contains(&first[1]) && stored.contains(&second[0]),
            "as they are stored"
        );
        assert_eq!(post.health(id).await.behind, 0);
        // Where it can't be written, it waits.
        let audit = post.archive.path().join("audit");
        std::fs::remove_dir_all(&audit).unwrap();
        std::fs::write(&audit, "a file").unwrap();
        post.happens("ticket.closed", 1).await;
        post.later(Duration::from_mins(6));
        post.settle().await;
        assert_eq!(post.health(id).await.state, StreamState::Failing);
        std::fs::remove_file(&audit).unwrap();
        post.later(Duration::from_mins(6));
        post.settle().await;
        assert_eq!(post.health(id).await.state, StreamState::UpToDate);
    })
    .await;
}

#[tokio::test]
async fn a_bucket_gets_the_same_files_signed() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let url = receiver.url.replace("/in?token=abc", "");
        let id = post
            .make(&[
                ("name", "Bucket"),
                ("type", "s3"),
                ("url", &url),
                ("bucket", "audit"),
                ("region", "eu-central-1"),
                ("path_style", "true"),
                ("access_key", "AKIAEXAMPLE"),
            ])
            .await;
        post.secret(id, "wJalrXUtnFEMI").await.unwrap();
        post.happens("ticket.created", 2).await;
        post.later(Duration::from_mins(6));
        post.settle().await;
        let got = receiver.take();
        assert_eq!(got.len(), 1);
        assert!(got[0].line.starts_with("PUT /audit/"), "{}", got[0].line);
        assert!(got[0].line.contains(".jsonl.gz"), "{}", got[0].line);
        assert_eq!(unpacked(&got[0].body).len(), 4);
        assert!(!format!("{:?}", got[0].headers).contains("wJalrXUtnFEMI"));
    })
    .await;
}

#[tokio::test]
async fn secrets_are_sealed_anew() {
    on_each_database(async |at| {
        let mut post = Post::new(at).await;
        let receiver = Receiver::new().await;
        let id = post.stream(&receiver.url, "type:ticket.*").await;
        post.secret(id, "Bearer one").await.unwrap();
        let new = STANDARD.encode([7; 32]);
        let both = Keyring::new(&new, [KEY]).unwrap();
        let system = post.house.accounts.system_viewer(&post.house.workspace, "Keys");
        let resealed = secrets::reseal(&post.house.at.writer, system, &both)
            .await
            .unwrap();
        assert_eq!((resealed.anew, resealed.unopened.len()), (1, 0));
        // The old key doesn't open it any more.
        post.happens("ticket.created", 1).await;
        post.settle().await;
        assert_eq!(post.health(id).await.failure.unwrap().kind, FailureKind::NotSent);
        assert_eq!(receiver.take().len(), 0);
    })
    .await;
}

#[test]
fn each_type_is_named_where_it_is_chosen() {
    for of_type in IntegrationType::ALL {
        assert!(!of_type.about().is_empty());
    }
}
