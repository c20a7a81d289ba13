//! kill -9 in the middle of ingest: what was acknowledged is there afterwards, once.

use crate::{
    api_events::event,
    command::{Server, daybook, output, set_up},
};
use serde_json::Value;
use std::{collections::BTreeMap, sync::mpsc, thread};

const SENDERS: usize = 4;
/// Acknowledged batches after which the process is killed.
const ENOUGH: usize = 40;
const BATCH: usize = 5;

fn post(server: &Server, key: &str, ids: &[String]) -> std::io::Result<(u16, String)> {
    let body = Value::from(ids.iter().map(|id| event(id)).collect::<Vec<_>>()).to_string();
    let head = format!(
        "POST /api/v2/events HTTP/1.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json"
    );
    server.request(&head, &body)
}

/// How often each event is stored, by its id.
fn stored(server: &Server, key: &str) -> BTreeMap<String, usize> {
    let (mut counts, mut cursor) = (BTreeMap::new(), String::new());
    loop {
        let head = format!("GET /api/v2/events?limit=1000{cursor} HTTP/1.0\r\nAuthorization: Bearer {key}");
        let (status, body) = server.request(&head, "").unwrap();
        assert_eq!(status, 200, "{body}");
        let page: Value = serde_json::from_str(&body).unwrap();
        for event in page["data"].as_array().unwrap() {
            if let Some(id) = event["source_event_id"].as_str() {
                *counts.entry(id.to_owned()).or_default() += 1;
            }
        }
        let Some(next) = page["next_cursor"].as_str() else {
            return counts;
        };
        cursor = format!("&cursor={next}");
    }
}

#[tokio::test]
async fn acknowledged_events_outlive_the_process() {
    let data = tempfile::tempdir().unwrap();
    set_up(data.path()).await;
    let scopes = ["--scope", "events:write", "--scope", "events:read"];
    let (_, key, _) = output(
        daybook(data.path())
            .args(["api-key", "create", "helpdesk"])
            .args(scopes),
    );
    let key = key.trim();
    let mut server = Server::start(data.path(), &[]);
    let (acknowledge, acknowledged) = mpsc::channel();
    let pid = server.child.id().to_string();
    let done: Vec<Vec<String>> = thread::scope(|scope| {
        for sender in 0..SENDERS {
            let (server, acknowledge) = (&server, acknowledge.clone());
            scope.spawn(move || {
                for number in 0.. {
                    let ids: Vec<_> = (0..BATCH)
                        .map(|part| format!("{sender}-{number}-{part}"))
                        .collect();
                    match post(server, key, &ids) {
                        Ok((200, body)) if body.contains(&format!("\"accepted\":{BATCH}")) => {
                            acknowledge.send(ids).unwrap();
                        }
                        // Killed under way.
                        Ok((0..=199, _)) | Err(_) => return,
                        Ok(other) => panic!("{other:?}"),
                    }
                }
            });
        }
        drop(acknowledge);
        let mut done: Vec<_> = acknowledged.iter().take(ENOUGH).collect();
        // All senders are busy at this moment.
        let killed = std::process::Command::new("kill")
            .args(["-9", &pid])
            .status()
            .unwrap();
        assert!(killed.success());
        done.extend(acknowledged.iter());
        done
    });
    server.child.wait().unwrap();
    drop(server);

    let server = Server::start(data.path(), &[]);
    let counts = stored(&server, key);
    assert!(done.len() >= ENOUGH);
    for ids in &done {
        // Sent again, as a sender that never saw the answer would.
        let (status, body) = post(&server, key, ids).unwrap();
        assert!(
            status == 200 && body.contains(&format!("\"duplicates\":{BATCH}")),
            "{body}"
        );
        assert!(ids.iter().all(|id| counts.get(id) == Some(&1)), "{ids:?}");
    }
    assert!(counts.values().all(|count| *count == 1));
    // A batch is there whole or not at all.
    let mut batches = BTreeMap::<&str, usize>::new();
    for id in counts.keys() {
        *batches.entry(id.rsplit_once('-').unwrap().0).or_default() += 1;
    }
    assert!(batches.values().all(|count| *count == BATCH));
}
