//! `daybook import`: files of every kind, twice, and broken off.

use crate::command::{daybook, output, services, set_up};
use daybook_domain::{
    catalogue::{OWN_SOURCE, faults},
    event::Event,
    log::LogScope,
    permission::ViewAuditLogs,
    query::LogQuery,
};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use std::{fs, io::Write, path::Path, process::Stdio};

fn line(number: usize) -> String {
    json!({"event_type": "chat-opened", "actor": {"kind": "contact", "name": format!("Contact {number}")},
        "occurred_at": "2026-11-01T10:00:00Z"})
    .to_string()
}

fn lines(count: usize) -> String {
    (0..count).map(line).collect::<Vec<_>>().join("\n") + "\n"
}

fn import(data: &Path, file: &str) -> (bool, String, String) {
    output(daybook(data).args(["import", file]))
}

async fn stored(data: &Path) -> Vec<Event> {
    let services = services(data).await;
    let workspace = services.accounts.workspace().await.unwrap().unwrap();
    let granted = services
        .accounts
        .system_viewer(&workspace, "Test")
        .grant(ViewAuditLogs)
        .unwrap();
    let (mut events, mut query) = (Vec::new(), LogQuery::default());
    loop {
        let (mut page, next) = services
            .events
            .records(&granted, LogScope::All, &query, 1000)
            .await
            .unwrap();
        events.append(&mut page);
        query.cursor = next;
        if next.is_none() {
            break;
        }
    }
    let (own, sent): (Vec<_>, Vec<_>) = events
        .into_iter()
        .partition(|event| event.body.source == OWN_SOURCE);
    for event in own {
        assert_eq!(faults(&event.body), Vec::<String>::new());
    }
    sent
}

#[tokio::test]
async fn a_file_is_stored_once_however_often_it_is_sent() {
    let data = tempfile::tempdir().unwrap();
    set_up(data.path()).await;
    // Two equal lines are two events.
    let text = lines(2500) + &line(7) + "\n\n";
    fs::write(data.path().join("a.ndjson"), &text).unwrap();
    let (is_success, said, _) = import(data.path(), "a.ndjson");
    assert!(
        is_success && said.contains("2,501 accepted, 0 duplicates, 0 rejected"),
        "{said}"
    );
    assert!(!data.path().join("a.ndjson.rejected.ndjson").exists());
    let (_, said, _) = import(data.path(), "a.ndjson");
    assert!(
        said.contains("0 accepted, 2,501 duplicates, 0 rejected"),
        "{said}"
    );
    // Compressed under another name, and on standard input, it is the same.
    let mut gzip = GzEncoder::new(
        fs::File::create(data.path().join("b.gz")).unwrap(),
        Compression::fast(),
    );
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap();
    let (_, said, _) = import(data.path(), "b.gz");
    assert!(said.contains("0 accepted, 2,501 duplicates"), "{said}");
    let mut child = daybook(data.path())
        .args(["import", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(
        String::from_utf8(out.stdout)
            .unwrap()
            .contains("0 accepted, 2,501 duplicates")
    );
    let events = stored(data.path()).await;
    assert_eq!(events.len(), 2501);
    assert!(events.iter().all(|event| event.body.source == "import"));
}

#[tokio::test]
async fn what_was_broken_off_goes_on() {
    let data = tempfile::tempdir().unwrap();
    set_up(data.path()).await;
    let text = lines(1500);
    fs::write(data.path().join("a.ndjson"), &text[..text.len() / 2]).unwrap();
    let (is_success, said, _) = import(data.path(), "a.ndjson");
    assert!(!is_success, "the last line is cut off");
    assert!(said.contains("1 rejected"), "{said}");
    let rejected = fs::read_to_string(data.path().join("a.ndjson.rejected.ndjson")).unwrap();
    let rejected: Value = serde_json::from_str(&rejected).unwrap();
    assert!(
        rejected["reason"].as_str().unwrap().contains("may be cut off"),
        "{rejected}"
    );
    assert!(rejected["event"].is_string());
    let first = stored(data.path()).await.len();
    assert_eq!(rejected["line"], first + 1);
    fs::write(data.path().join("a.ndjson"), &text).unwrap();
    let (is_success, said, _) = import(data.path(), "a.ndjson");
    assert!(
        is_success && said.contains(&format!("{first} duplicates, 0 rejected")),
        "{said}"
    );
    assert_eq!(stored(data.path()).await.len(), 1500);
}

#[tokio::test]
async fn rejected_lines_come_back_with_reasons() {
    let data = tempfile::tempdir().unwrap();
    set_up(data.path()).await;
    let used = json!({"id": "x", "event_type": "a", "actor": {"kind": "user"}});
    let changed = json!({"id": "x", "event_type": "b", "actor": {"kind": "user"}});
    let late = json!({"event_type": "a", "actor": {"kind": "user"}, "occurred_at": "noon"});
    let text = format!("{}\n{used}\nnot json\n{late}\n{changed}\n{}", line(1), line(2));
    fs::write(data.path().join("a.ndjson"), text).unwrap();
    let (is_success, said, problem) = import(data.path(), "a.ndjson");
    assert!(
        !is_success && problem.contains("3 lines were rejected"),
        "{problem}"
    );
    assert!(said.contains("3 accepted, 0 duplicates, 3 rejected"), "{said}");
    let rejected = fs::read_to_string(data.path().join("a.ndjson.rejected.ndjson")).unwrap();
    let rejected: Vec<Value> = rejected
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let told: Vec<_> = rejected
        .iter()
        .map(|entry| (entry["line"].as_u64().unwrap(), entry["field"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [(3, ""), (4, "occurred_at"), (5, "id")]);
    assert_eq!(
        (
            &rejected[0]["event"],
            &rejected[1]["event"],
            &rejected[2]["event"]
        ),
        (&json!("not json"), &late, &changed)
    );
    // Mended, the file of the rejected can be sent as it is, event by event; an import is itself on record.
    let services = services(data.path()).await;
    let workspace = services.accounts.workspace().await.unwrap().unwrap();
    let granted = services
        .accounts
        .system_viewer(&workspace, "Test")
        .grant(ViewAuditLogs)
        .unwrap();
    let (events, _) = services
        .events
        .records(&granted, LogScope::All, &LogQuery::default(), 100)
        .await
        .unwrap();
    let import = events
        .iter()
        .find(|event| event.body.event_type == "events.imported")
        .unwrap();
    assert_eq!(import.body.metadata["accepted"], 3);
    assert_eq!(import.body.metadata["file"], "a.ndjson");
}

#[tokio::test]
async fn a_broken_archive_stores_what_can_be_read() {
    let data = tempfile::tempdir().unwrap();
    set_up(data.path()).await;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(lines(5000).as_bytes()).unwrap();
    let whole = gzip.finish().unwrap();
    fs::write(data.path().join("a.gz"), &whole[..whole.len() / 2]).unwrap();
    let (is_success, _, problem) = import(data.path(), "a.gz");
    assert!(
        !is_success && problem.contains("can't be read to its end"),
        "{problem}"
    );
    let first = stored(data.path()).await.len();
    assert!(first > 100 && first < 5000, "{first}");
    fs::write(data.path().join("a.gz"), whole).unwrap();
    assert!(import(data.path(), "a.gz").0);
    assert_eq!(stored(data.path()).await.len(), 5000);
    assert!(import(data.path(), "nowhere.ndjson").2.contains("can't be read"));
    assert!(import(data.path(), ".").2.contains("it is a folder"));
}
