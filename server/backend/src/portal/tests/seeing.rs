//! What contacts see: theirs, and nothing of anybody else.

use super::{ANN, BEA, CARL, CARL_ID, Door};
use crate::{email::tests::report_email, testing::on_each_database};
use daybook_domain::{
    Error as Told,
    email::NewPassword,
    id::{ContactSessionId, EmailMessageId},
    object::ObjectKind,
    portal::{ContactViewer, PortalList},
    ports::Portal as _,
};
use futures::TryStreamExt;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Stands in everything that is Harbor's or the workspace's own.
const MARK: &str = "Xylograph";

/// What the helpdesk tells of a company.
fn record(number: u32, company: &Value, contact: &Value, more: Value) -> Value {
    let mut record = json!({
        "source_event_id": format!("r{number}"), "event_type": "file.downloaded", "log": "activity",
        "action": "read", "occurred_at": format!("2026-11-20T10:{:02}:{:02}Z", number / 60, number % 60),
        "summary": format!("{MARK} summary"), "actor": {"kind": "contact", "id": "71", "name": "Ann Reyes"},
        "targets": [{"kind": "file", "id": "f1", "name": format!("Plan {number}.pdf")}],
        "company": company, "contact": contact, "metadata": {"note": MARK}, "reason": MARK,
    });
    let (into, more) = (record.as_object_mut().unwrap(), more.as_object().unwrap());
    into.extend(more.clone());
    record
}

fn harbor() -> Value {
    json!({"id": "7", "name": "Harbor Lines"})
}

fn ann() -> Value {
    json!({"id": "71", "name": "Ann Reyes"})
}

#[tokio::test]
async fn what_is_shown_is_what_may_be_shown() {
    on_each_database(async |at| {
        let door = Door::new(at).await;
        let by_agent = json!({"kind": "user", "id": "u9", "name": format!("{MARK} Agent")});
        door.tell(&[
            record(1, &harbor(), &ann(), json!({})),
            // The workspace's own doings.
            record(2, &harbor(), &ann(), json!({"actor": by_agent, "event_type": "note.added"})),
            record(3, &harbor(), &ann(), json!({"log": "work_session"})),
            record(4, &harbor(), &ann(), json!({"log": "webhook_failure"})),
            // By its name alone, or of nobody.
            record(5, &json!({"name": "Harbor Lines"}), &ann(), json!({})),
            record(6, &json!({"id": "8", "name": "Contoso Mills"}), &ann(), json!({})),
            // A change by an agent: of the properties those that customers see.
            record(7, &harbor(), &ann(), json!({
                "actor": by_agent, "event_type": "contact.updated", "log": "customer",
                "targets": [{"kind": "user", "id": "u1", "name": MARK}, {"kind": "contact", "id": "71", "name": "Ann Reyes"}],
                "changes": [
                    {"property": "phone", "before": "1", "after": "2"},
                    {"property": "notes", "before": MARK, "after": MARK},
                    {"property": "company", "before": "Contoso Mills", "after": "Harbor Lines"},
                ],
            })),
            // Of a colleague.
            record(8, &harbor(), &json!({"id": "72", "name": "Bea Sund"}), json!({
                "actor": {"kind": "contact", "id": "72", "name": "Bea Sund"},
            })),
        ])
        .await;
        let told = |records: &[daybook_domain::portal::PortalRecord]| {
            let files: Vec<_> = records
                .iter()
                .filter(|record| !record.what.starts_with("Contact s") && !record.what.ends_with("created"))
                .map(|record| (record.what.clone(), record.about.clone().unwrap_or_default(), record.who.clone()))
                .collect();
            files
        };
        let line = |what: &str, about: &str, who: &str| (what.to_owned(), about.to_owned(), who.to_owned());
        let who = door.signed_in(ANN).await;
        let page = door.records(&who, PortalList::Activity).await;
        let changed = line("Contact changed", "Ann Reyes", "Quayside Support");
        let downloaded = line("File downloaded", "Plan 1.pdf", "Ann Reyes");
        assert_eq!(told(&page.rows), [changed.clone(), downloaded.clone()]);
        let text = serde_json::to_string(&page).unwrap();
        assert!(!text.contains(MARK) && !text.contains("Contoso"), "{text}");
        let change = page.rows.iter().find(|record| record.what == "Contact changed").unwrap();
        assert_eq!(change.ip, None);
        let properties: Vec<_> = change.changes.iter().map(|one| one.property.as_str()).collect();
        assert_eq!(properties, ["Phone"]);

        let bea = door.signed_in(BEA).await;
        let page = door.records(&bea, PortalList::Activity).await;
        let colleagues = line("File downloaded", "Plan 8.pdf", "Bea Sund");
        assert_eq!(told(&page.rows), [colleagues, changed, downloaded]);
        // Sign-ins are one's own, whoever one is.
        let own = door.records(&bea, PortalList::SignIns).await;
        assert!(!own.rows.is_empty());
        assert!(own.rows.iter().all(|record| record.who == "Bea Sund"));
    })
    .await;
}

#[tokio::test]
async fn a_long_list_is_turned_page_by_page_and_taken_out_whole() {
    on_each_database(async |at| {
        let door = Door::new(at).await;
        let all: Vec<_> = (0..130)
            .map(|number| record(number, &harbor(), &ann(), json!({})))
            .collect();
        door.tell(&all).await;
        let who = door.signed_in(ANN).await;
        let (mut seen, mut from) = (Vec::new(), None);
        loop {
            let page = door
                .portal
                .records(&who, PortalList::Activity, from.as_deref())
                .await
                .unwrap();
            assert!(page.rows.len() <= 50);
            seen.extend(page.rows.into_iter().map(|record| record.id));
            from = page.older;
            if from.is_none() {
                break;
            }
        }
        let whole: BTreeSet<_> = seen.iter().collect();
        assert_eq!(whole.len(), seen.len(), "none twice");
        let file = door
            .portal
            .records_file(&who, PortalList::Activity)
            .await
            .unwrap();
        let noted = door.last().await.body;
        assert_eq!(noted.event_type, "contact.records_exported");
        let parts: Vec<_> = file.try_collect().await.unwrap();
        let file = String::from_utf8(parts.concat()).unwrap();
        // The head, and the record of taking them out.
        assert_eq!(file.lines().count(), seen.len() + 2);
        assert!(!file.contains(MARK), "{file}");
        let bad = door.portal.records(&who, PortalList::Activity, Some("x")).await;
        assert!(matches!(bad, Err(Told::Invalid { .. })));
    })
    .await;
}

#[tokio::test]
async fn mail_is_read_by_whom_it_was_sent_to() {
    on_each_database(async |at| {
        let door = Door::new(at).await;
        let id = report_email(&door.house, ANN, "Your ticket 4711").await;
        // Of another Ann Reyes, whom only her name is known of.
        let other = json!({"contact": {"name": "Ann Reyes"}});
        crate::email::tests::report_email_of(&door.house, "ann@elsewhere.example", "Hers", other).await;
        let (ann, bea, carl) = (
            door.signed_in(ANN).await,
            door.signed_in(BEA).await,
            door.signed_in(CARL).await,
        );
        let subjects = async |who: &ContactViewer| {
            let rows = door.portal.emails(who, None).await.unwrap().rows;
            let rows = rows.into_iter().map(|row| row.subject);
            rows.filter(|subject| !subject.starts_with("Your link"))
                .collect::<Vec<_>>()
        };
        assert_eq!(subjects(&ann).await, ["Your ticket 4711"]);
        assert_eq!(
            subjects(&bea).await,
            ["Your ticket 4711"],
            "Bea sees the whole company"
        );
        assert_eq!(subjects(&carl).await, Vec::<String>::new());
        door.portal.email(&ann, id).await.unwrap();
        for who in [&bea, &carl] {
            assert_eq!(door.portal.email(who, id).await, Err(Told::NotFound));
        }
        // The link that signs in isn't shown again.
        let links = door.portal.emails(&ann, None).await.unwrap().rows;
        let link = links
            .iter()
            .find(|row| row.subject.starts_with("Your link"))
            .unwrap();
        let text = door.portal.email(&ann, link.id).await.unwrap().text.unwrap();
        assert!(
            text.contains("(link)") && !text.contains("/portal/link/"),
            "{text}"
        );
    })
    .await;
}

/// Each method of the portal that takes a contact, as one of another company, asking for what isn't theirs.
#[tokio::test]
async fn no_function_tells_anything_of_another_company() {
    on_each_database(async |at| {
        let door = Door::new(at).await;
        let harbor = json!({"id": door.harbor, "name": "Harbor Lines"});
        let ann = json!({"id": door.ann, "name": "Ann Reyes"});
        door.tell(&[
            record(1, &harbor, &ann, json!({})),
            record(2, &harbor, &ann, json!({"log": "customer"})),
        ])
        .await;
        let mail = report_email(&door.house, ANN, "Harbor alone").await;
        let theirs = door.signed_in(ANN).await;
        let session = theirs.session();
        let carl = door.signed_in(CARL).await;
        for method in super::recorded::of_contacts() {
            let answer = intrude(&door, &carl, &method, mail, session).await;
            for word in ["Harbor", "Ann Reyes", ANN, "Plan 1", MARK] {
                assert!(!answer.contains(word), "{method} tells {word}: {answer}");
            }
        }
        // And Harbor is as it was: Ann is still in.
        assert!(
            door.portal
                .account(&theirs)
                .await
                .unwrap()
                .sessions
                .iter()
                .any(|one| one.id == session)
        );
        // Whose company is another's now sees nothing of the one before.
        door.change(ObjectKind::Contact, CARL_ID, json!({"company": door.harbor}))
            .await;
        door.change(ObjectKind::Contact, CARL_ID, json!({"permissions": []}))
            .await;
        let moved = door.signed_in(CARL).await;
        let page = serde_json::to_string(&door.records(&moved, PortalList::Activity).await).unwrap();
        assert!(!page.contains("Contoso") && !page.contains("Plan 1"), "{page}");
    })
    .await;
}

async fn intrude(
    door: &Door,
    who: &ContactViewer,
    method: &str,
    mail: EmailMessageId,
    session: ContactSessionId,
) -> String {
    let portal = &door.portal;
    match method {
        "records" => {
            let mut told = String::new();
            for &list in PortalList::ALL {
                told += &serde_json::to_string(&door.records(who, list).await).unwrap();
                let file = portal.records_file(who, list).await.unwrap();
                let parts: Vec<_> = file.try_collect().await.unwrap();
                told += &String::from_utf8(parts.concat()).unwrap();
            }
            told
        }
        "emails" => {
            let file = portal.emails_file(who).await.unwrap();
            let parts: Vec<_> = file.try_collect().await.unwrap();
            serde_json::to_string(&portal.emails(who, None).await.unwrap()).unwrap()
                + &String::from_utf8(parts.concat()).unwrap()
        }
        "email" => {
            let told = portal.email(who, mail).await;
            assert_eq!(told, Err(Told::NotFound));
            format!("{told:?}")
        }
        "account" => serde_json::to_string(&portal.account(who).await.unwrap()).unwrap(),
        "end_session" => {
            let told = portal.end_session(who, session).await;
            assert_eq!(told, Err(Told::NotFound));
            format!("{told:?}")
        }
        "end_other_sessions" => format!("{:?}", portal.end_other_sessions(who).await),
        "set_password" => {
            let new = NewPassword::new(crate::accounts::tests::PASSWORD.to_owned());
            format!(
                "{:?}",
                portal.set_password(who, NewPassword::default(), new).await
            )
        }
        other => panic!("{other} is not tried as somebody of another company"),
    }
}
