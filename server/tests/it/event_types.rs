//! The event catalogue, as a page and through the API.

use crate::{
    api_events::{EVENTS, event},
    house::{ADMINISTRATOR, AUDITOR, House},
};
use daybook_backend::testing::{TestDb, on_each_database};
use daybook_domain::{
    account::Scope,
    catalogue::{OwnType, faults},
    event::Event,
};
use serde_json::{Value, json};

const TYPES: &str = "/api/v2/event-types";
const PAGE: &str = "/event-types";

fn chat(id: &str, log: &str) -> Value {
    json!({"id": id, "event_type": "chat-opened", "log": log, "actor": {"kind": "contact", "name": "Ines"}})
}

async fn house_with_chats(at: TestDb) -> House {
    let house = House::full(at).await;
    let mut program = house.program(&[Scope::EventsWrite]).await;
    let sent = [
        chat("1", "conversation"),
        chat("2", "conversation"),
        chat("3", "customer"),
        json!({"id": "4", "event_type": "Beitrag gelöscht & weg", "actor": {"kind": "system"}}),
        event("5"),
    ];
    let answer = program.post_json(EVENTS, json!(sent).to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    house
}

#[tokio::test]
async fn the_api_answers_the_catalogue_with_what_is_here() {
    on_each_database(async |at| {
        let house = house_with_chats(at).await;
        let answer = house.program(&[Scope::EventsRead]).await.get(TYPES).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let answer = answer.json();
        let data = answer["data"].as_array().unwrap();
        let (own, others) = data.split_at(OwnType::ALL.len());
        for (item, of) in own.iter().zip(OwnType::ALL) {
            assert_eq!(
                (&item["event_type"], &item["own"]),
                (&json!(of.name()), &json!(true))
            );
            for field in ["title", "log", "category", "action", "description", "since"] {
                assert!(item[field].is_string(), "{of} {field}");
            }
            let example: Event = serde_json::from_value(item["example"].clone()).unwrap();
            assert_eq!(faults(&example.body), Vec::<String>::new());
            assert_eq!(item["fields"].as_array().unwrap().len(), of.row().fields.len());
        }
        let of = |name: &str| own.iter().find(|item| item["event_type"] == name).unwrap();
        // The three built-in roles; the one that is sent in the same words is told by its name alone.
        assert_eq!(of("role.created")["count"], 3);
        assert_eq!(of("role.updated")["count"], 1);
        assert_eq!(of("role.deleted")["count"], 0);
        assert_eq!(
            of("user.password_changed")["fields"][1],
            json!({
                "path": "changes.password",
                "description": "That the password changed; neither the old nor the new one.",
                "always": true,
                "secret": true,
            })
        );
        assert_eq!(
            others,
            [
                json!({
                    "event_type": "chat-opened",
                    "own": false,
                    "logs": [{"log": "conversation", "count": 2}, {"log": "customer", "count": 1}],
                    "count": 3,
                }),
                json!({
                    "event_type": "Beitrag gelöscht & weg",
                    "own": false,
                    "logs": [{"log": "activity", "count": 1}],
                    "count": 1,
                }),
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn the_page_says_what_each_type_means_and_leads_to_its_records() {
    let house = house_with_chats(TestDb::sqlite().await).await;
    let mut page = house.signed_in(AUDITOR).await.get(PAGE).await;
    assert_eq!(page.status, 200);
    // What the browser finds the ends of texts by.
    page.body = page.body.replace("<!>", "");
    for of in OwnType::ALL {
        assert!(page.body.contains(&format!("id=\"{of}\"")), "{of} has an anchor");
        assert!(page.body.contains(&format!("href=\"/event-types#{of}\"")), "{of}");
    }
    for expected in [
        "Role changed",
        "<code>changes.permissions</code>",
        "<details class=\"event-type__example\">",
        // The only log with it, and all logs where there are several.
        "href=\"/audit-logs/activity?event_type=role.created\"",
        "href=\"/audit-logs/all?event_type=chat-opened\"",
        "href=\"/audit-logs/access?event_type=user.signed_in\"",
        "No records yet",
        "Seen in this workspace",
        "id=\"seen:chat-opened\"",
        "id=\"seen:Beitrag+gel%C3%B6scht+%26+weg\"",
        "Conversations, Customers",
        "since version 0.1.0",
    ] {
        assert!(page.body.contains(expected), "{expected}");
    }
    // An auditor makes no keys; and there is no need to.
    assert!(!page.body.contains("No other system has sent events yet"));
}

#[tokio::test]
async fn a_search_narrows_the_page_and_says_when_nothing_is_found() {
    let house = house_with_chats(TestDb::sqlite().await).await;
    let mut browser = house.signed_in(ADMINISTRATOR).await;
    let page = browser.get(&format!("{PAGE}?q=ROLE+deleted")).await;
    assert!(page.body.contains("id=\"role.deleted\"") && !page.body.contains("id=\"role.created\""));
    assert!(
        page.body.contains("value=\"ROLE deleted\""),
        "the words stay in the field"
    );
    assert!(!page.body.contains("id=\"seen:chat-opened\""));

    let page = browser.get(&format!("{PAGE}?q=chat")).await;
    assert!(page.body.contains("id=\"seen:chat-opened\"") && !page.body.contains("id=\"role.deleted\""));

    let page = browser.get(&format!("{PAGE}?q=%3Cb%3E%25")).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("No event type matches “&lt;b&gt;%”"));
    assert!(page.body.contains("All event types"));
}

#[tokio::test]
async fn where_nobody_else_sent_anything_it_says_how_to_begin() {
    let house = House::full(TestDb::sqlite().await).await;
    let expected = "No other system has sent events yet";
    let page = house.signed_in(ADMINISTRATOR).await.get(PAGE).await;
    assert!(page.body.contains(expected) && page.body.contains("href=\"/admin/api-keys\" class=\"button\""));
    let page = house.signed_in(AUDITOR).await.get(PAGE).await;
    assert!(page.body.contains(expected) && !page.body.contains("href=\"/admin/api-keys\""));
}
