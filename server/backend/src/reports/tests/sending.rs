//! What is sent, when, and how often.

use super::{ADDRESS, Desk, daily, form, record, reports};
use crate::{
    accounts::tests::{conflict, granted, types},
    export::{Most, excerpt},
    index::EventIndex,
    store::EventStore,
    testing::on_each_database,
    writer::Writer,
};
use daybook_domain::{
    Error as Told,
    email::EmailFilters,
    event::Outcome,
    id::EmailMessageId,
    log::LogScope,
    object::ObjectQuery,
    permission::{ExportAuditLogs, ViewEmailHistory},
    ports::Emails as _,
    query::LogQuery,
    report::{Every, Timing, Weekday},
};
use daybook_entity::{email_attachment, email_attachment_content};
use sea_orm::{DbBackend, EntityTrait, PaginatorTrait};
use serde_json::json;

const ANN: &str = "ann@harbor.example";
const ADA: &str = "ada@northdesk.example";

#[tokio::test]
async fn a_report_is_sent_when_it_is_due() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        desk.records(&[
            "2026-11-20T23:00:00Z", // the 21st in Berlin
            "2026-11-21T22:59:59Z",
            "2026-11-21T23:00:00Z", // the 22nd
            "2026-11-22T22:59:59Z",
            "2026-11-22T23:00:00Z", // the 23rd
        ])
        .await;
        let mut formula = record(9, "2026-11-22T12:00:00Z");
        formula["summary"] = "=HYPERLINK(\"http://x.example\")".into();
        formula["actor"] = json!({"kind": "user", "id": "u2", "name": "+Mallory\n\nSee https://x.example"});
        let mut success = record(10, "2026-11-22T12:00:00Z");
        success["outcome"] = "success".into();
        desk.receive(&[formula, success]).await;
        // The view's own time doesn't count.
        let view = desk.save(&desk.ada, "outcome=failure&from=-30d", None).await;
        let set = desk
            .set(&desk.ada, view.id, form(Every::Day, 8, &[ANN, ADA]))
            .await
            .unwrap();
        let next = set.schedule.unwrap().next.unwrap();
        assert_eq!(
            (next.utc.to_string().as_str(), next.time.as_str()),
            ("2026-11-23T07:00:00.000000Z", "08:00:00")
        );
        let count = desk.house.events().await.len();
        desk.move_to("2026-11-23T06:59:59Z");
        assert_eq!(desk.mails().await.len(), 0, "not before its time");
        desk.move_to("2026-11-23T07:00:00Z");
        let mails = desk.mails().await;
        assert_eq!(mails.len(), 2);
        assert_eq!(mails[0].subject, "Failed sign-ins, 22 Nov 2026");
        assert!(
            mails[0].to.contains(ADA) && mails[0].text.contains("Hello Ada Lindqvist,"),
            "{mails:?}"
        );
        assert!(
            mails[1].to.contains(ANN) && mails[1].text.contains("Hello ann@harbor.example,"),
            "{mails:?}"
        );
        let text = &mails[1].text;
        for part in [
            "There are 3 records; in the period before there were 2 records.\nThey are in the attached file \
             report-2026-11-22.csv.",
            "\nNoor: 2\n",
            // One line among others, whatever it holds.
            "\n+Mallory See https: //x.example: 1\n",
            &format!(
                "{ADDRESS}/audit-logs/access?from=2026-11-22&to=2026-11-22&outcome=failure&tz=Europe%2FBerlin"
            ),
        ] {
            assert!(text.contains(part), "{part}\nisn't in\n{text}");
        }
        // What the view narrows itself isn't counted, nor what the log has no filter for.
        assert!(
            !text.contains("Outcome") && !text.contains("Event type"),
            "{text}"
        );
        // The same as an export.
        assert_eq!(mails[1].file_name, "report-2026-11-22.csv");
        assert_eq!(mails[0].file, mails[1].file);
        let rows = mails[1].records();
        let cell = |name: &str| rows.iter().map(|row| row[name].as_str()).collect::<Vec<_>>();
        assert_eq!(
            cell("occurred_at"),
            [
                "2026-11-22T22:59:59.000000Z",
                "2026-11-22T12:00:00.000000Z",
                "2026-11-21T23:00:00.000000Z"
            ]
        );
        assert_eq!(cell("summary")[1], "'=HYPERLINK(\"http://x.example\")");
        assert!(cell("actor_name")[1].starts_with("'+Mallory"));

        let told = desk.house.events_since(count).await;
        assert_eq!(types(&told), ["report_schedule.sent"]);
        let told = &told[0].body;
        assert_eq!((told.actor.name.as_deref(), told.portal), (Some("Reports"), None));
        assert_eq!(told.targets[1].name.as_deref(), Some("Ada Lindqvist"));
        assert_eq!(told.metadata["recipients"], json!([ANN, ADA]));
        assert_eq!(told.metadata["records"], 3);
        assert_eq!(told.metadata["attached"], 3);
        assert_eq!(told.metadata["from"], "2026-11-21T23:00:00.000000Z");
        assert_eq!(told.metadata["to"], "2026-11-22T23:00:00.000000Z");
        let schedule = desk.schedule(view.id).await;
        let last = schedule.last.unwrap();
        assert_eq!(
            (last.outcome, last.detail.as_str()),
            (
                Outcome::Success,
                "It was sent for 22 Nov 2026 to 2 addresses, with 3 records."
            )
        );
        assert_eq!(
            schedule.next.unwrap().utc.to_string(),
            "2026-11-24T07:00:00.000000Z"
        );
        assert_eq!(desk.mails().await.len(), 0, "once");
        assert_eq!(desk.drifts().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn what_was_missed_is_sent_once_for_the_latest_period() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let view = desk.save(&desk.ada, "outcome=failure", None).await;
        desk.set(&desk.ada, view.id, daily()).await.unwrap();
        desk.move_to("2026-11-28T12:00:00Z");
        let mails = desk.mails().await;
        let subjects: Vec<_> = mails.iter().map(|mail| mail.subject.as_str()).collect();
        assert_eq!(subjects, ["Failed sign-ins, 27 Nov 2026"]);
        assert!(
            mails[0]
                .text
                .contains("There are no records; in the period before there were no records.")
        );
        assert_eq!(mails[0].records().len(), 0, "a file with the names all the same");
        desk.move_to("2026-11-29T07:00:00Z");
        assert_eq!(desk.mails().await[0].subject, "Failed sign-ins, 28 Nov 2026");
        // A week, on its day; and a month, on the first.
        desk.set(&desk.ada, view.id, form(Every::Week, 8, &[ANN]))
            .await
            .unwrap();
        desk.move_to("2026-11-30T06:59:59Z");
        assert_eq!(desk.mails().await.len(), 0);
        desk.move_to("2026-11-30T07:00:00Z");
        assert_eq!(period_sent(&desk).await, "23 Nov 2026 – 29 Nov 2026");
        desk.set(&desk.ada, view.id, form(Every::Month, 0, &[ANN]))
            .await
            .unwrap();
        desk.move_to("2026-11-30T23:00:00Z");
        assert_eq!(period_sent(&desk).await, "November 2026");
    })
    .await;
}

/// The period that the one mail that is sent is about: in a header, a dash is written otherwise.
async fn period_sent(desk: &Desk) -> String {
    let mails = desk.mails().await;
    assert_eq!(mails.len(), 1);
    let (text, file) = (&mails[0].text, mails[0].file_name.as_str());
    assert!(
        ["report-2026-11-23-7-days.csv", "report-2026-11.csv"].contains(&file),
        "{file}"
    );
    let (_, rest) = text.split_once("of Northdesk for ").unwrap();
    rest.split_once(".\n").unwrap().0.to_owned()
}

#[tokio::test]
async fn two_at_once_send_once() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let view = desk.save(&desk.ada, "", None).await;
        desk.set(&desk.ada, view.id, daily()).await.unwrap();
        desk.move_to("2026-11-23T07:00:00Z");
        let at = &desk.house.at;
        // Another process, where several may write.
        let writer = match at.db.backend() {
            DbBackend::Postgres => Writer::start(&at.db, at.clock.clone(), at.ids.clone()),
            _ => at.writer.clone(),
        };
        let other = reports(&desk.house, &writer);
        let (row, workspace) = (desk.rows().await.remove(0), desk.house.workspace.id);
        // Both have found it due.
        let (one, two) = tokio::join!(
            desk.reports.send(workspace, row.clone()),
            other.send(workspace, row.clone())
        );
        one.unwrap();
        two.unwrap();
        assert_eq!(desk.handed_in().await.len(), 1);
        let sent = desk.house.events().await;
        let sent = sent
            .iter()
            .filter(|event| event.body.event_type == "report_schedule.sent");
        assert_eq!(sent.count(), 1);
        // One that was changed since it was found isn't sent as it was.
        desk.move_to("2026-11-24T07:00:00Z");
        let found = desk.rows().await.remove(0);
        desk.set(&desk.ada, view.id, form(Every::Day, 8, &["bo@harbor.example"]))
            .await
            .unwrap();
        other.send(workspace, found).await.unwrap();
        assert_eq!(desk.handed_in().await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn without_a_mail_server_it_is_noted_and_tried_again_next_time() {
    on_each_database(async |at| {
        let desk = Desk::without_mail(at).await;
        let view = desk.save(&desk.ada, "", None).await;
        let set = desk.set(&desk.ada, view.id, daily()).await.unwrap();
        assert!(!set.has_mail);
        desk.move_to("2026-11-23T07:00:00Z");
        let count = desk.house.events().await.len();
        assert_eq!(desk.mails().await.len(), 0);
        let schedule = desk.schedule(view.id).await;
        let last = schedule.last.unwrap();
        assert_eq!(last.outcome, Outcome::Failure);
        assert!(last.detail.contains("there is no mail server"), "{}", last.detail);
        assert_eq!(
            schedule.next.unwrap().utc.to_string(),
            "2026-11-24T07:00:00.000000Z"
        );
        assert_eq!(desk.house.events().await.len(), count, "nothing left");
        assert!(conflict(desk.send_now(&desk.ada, view.id).await).contains("no mail server"));
        desk.set_up_mail().await;
        desk.move_to("2026-11-24T07:00:00Z");
        assert_eq!(desk.mails().await[0].subject, "Failed sign-ins, 23 Nov 2026");
        assert_eq!(
            desk.schedule(view.id).await.last.unwrap().outcome,
            Outcome::Success
        );
    })
    .await;
}

#[tokio::test]
async fn a_view_that_cannot_be_read_any_more_is_noted() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let view = desk.save(&desk.ada, "", None).await;
        desk.set(&desk.ada, view.id, daily()).await.unwrap();
        let sql = "UPDATE saved_view SET query = '?outcome=sideways'";
        sea_orm::ConnectionTrait::execute_unprepared(&desk.house.at.db.write, sql)
            .await
            .unwrap();
        desk.move_to("2026-11-23T07:00:00Z");
        assert_eq!(desk.mails().await.len(), 0);
        let last = desk.schedule(view.id).await.last.unwrap();
        assert_eq!(
            (last.outcome, last.detail.as_str()),
            (
                Outcome::Failure,
                "It wasn't sent: The view can't be read any more: replace it with another list."
            )
        );
        assert!(conflict(desk.set(&desk.ada, view.id, daily()).await).contains("can't be read"));
    })
    .await;
}

#[tokio::test]
async fn it_is_sent_by_hand_for_the_period_that_ended() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        desk.records(&["2026-11-22T12:00:00Z", "2026-11-22T13:00:00Z"])
            .await;
        let view = desk
            .save_of(&desk.ada, LogScope::All, "outcome=failure", None)
            .await;
        assert_eq!(
            desk.send_now(&desk.ada, view.id).await,
            Err(Told::NotFound),
            "nobody is to get it"
        );
        desk.set(&desk.ada, view.id, daily()).await.unwrap();
        let count = desk.house.events().await.len();
        // An hour before it is due.
        assert_eq!(desk.send_now(&desk.ada, view.id).await, Ok(1));
        let mails = desk.handed_in().await;
        assert_eq!(mails[0].subject, "Failed sign-ins, 22 Nov 2026");
        let text = &mails[0].text;
        assert!(
            text.contains("\n\nEvent type:\nuser.sign_in_failed: 2\n"),
            "{text}"
        );
        let told = desk.house.events_since(count).await;
        assert_eq!(types(&told), ["report_schedule.sent"]);
        assert_eq!(told[0].body.actor.name.as_deref(), Some("Ada Lindqvist"));
        conflict(desk.send_now(&desk.ada, view.id).await);
        desk.move_to("2026-11-23T07:00:00Z");
        assert_eq!(desk.mails().await.len(), 1, "and when it is due");
    })
    .await;
}

#[tokio::test]
async fn what_goes_along_is_kept_once_and_as_long_as_the_mail_is() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        desk.records(&["2026-11-22T12:00:00Z"]).await;
        let view = desk.save(&desk.ada, "outcome=failure", None).await;
        desk.set(&desk.ada, view.id, form(Every::Day, 8, &[ANN, ADA]))
            .await
            .unwrap();
        desk.move_to("2026-11-23T07:00:00Z");
        let mails = desk.mails().await;
        let db = &desk.house.at.db.read;
        assert_eq!(email_attachment::Entity::find().count(db).await.unwrap(), 2);
        assert_eq!(
            email_attachment_content::Entity::find().count(db).await.unwrap(),
            1
        );
        let who = granted(&desk.ada, ViewEmailHistory);
        let query = ObjectQuery::parse(&EmailFilters, "?template=report").unwrap();
        let list = desk.emails.list_emails(&who, None, &query).await.unwrap();
        let id = list.rows[0].id;
        let detail = desk.emails.email(&who, id).await.unwrap();
        let shown = &detail.attachments[0];
        assert_eq!(
            (shown.number, shown.name.as_str(), shown.size),
            (1, "report-2026-11-22.csv", mails[0].file.len() as u64)
        );
        let exporter = granted(&desk.ada, ExportAuditLogs);
        let count = desk.house.events().await.len();
        let file = desk
            .emails
            .email_attachment(&who, &exporter, id, 1)
            .await
            .unwrap();
        assert_eq!(file.bytes, mails[0].file);
        let told = desk.house.events_since(count).await;
        assert_eq!(types(&told), ["email.attachment_downloaded"]);
        for (of, number) in [(id, 2), (id, u32::MAX), (EmailMessageId(uuid::Uuid::nil()), 1)] {
            let missing = desk.emails.email_attachment(&who, &exporter, of, number).await;
            assert_eq!(missing, Err(Told::NotFound));
        }
        // Sent once more, it goes along again.
        let manager = granted(&desk.ada, daybook_domain::permission::ManageSettings);
        desk.emails.resend_email(&manager, id).await.unwrap();
        let again = desk.handed_in().await;
        assert_eq!((again.len(), &again[0].file), (1, &mails[0].file));
        desk.house.at.clock.advance_seconds(91 * 24 * 60 * 60);
        assert_eq!(desk.emails.tidy(desk.house.workspace.id).await.unwrap(), 2);
        assert_eq!(email_attachment::Entity::find().count(db).await.unwrap(), 0);
        assert_eq!(
            email_attachment_content::Entity::find().count(db).await.unwrap(),
            0
        );
        assert_eq!(desk.emails.email(&who, id).await.unwrap().attachments, []);
    })
    .await;
}

#[tokio::test]
async fn a_file_is_cut_where_no_more_fits() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let times: Vec<_> = (0..600)
            .map(|n| format!("2026-11-22T12:{:02}:{:02}Z", n / 60, n % 60))
            .collect();
        let times: Vec<_> = times.iter().map(String::as_str).collect();
        desk.records(&times).await;
        let at = &desk.house.at;
        let store = EventStore::new(at.db.clone(), EventIndex::new(at.db.clone()), at.clock.clone());
        let who = granted(&desk.ada, ExportAuditLogs);
        let query = LogQuery::parse("outcome=failure").unwrap();
        let cut = async |records, bytes| {
            let most = Most { records, bytes };
            let cut = excerpt(&store, &who, super::ACCESS, &query, most).await.unwrap();
            (cut.records, cut.bytes.len(), cut.is_whole)
        };
        let (all, size, is_whole) = cut(1000, usize::MAX).await;
        assert_eq!((all, is_whole), (600, true));
        assert_eq!(cut(600, size).await, (600, size, true), "just");
        let (some, smaller, is_whole) = cut(599, usize::MAX).await;
        assert_eq!((some, is_whole), (599, false));
        assert_eq!(cut(1000, size - 1).await, (599, smaller, false));
        assert_eq!(cut(300, usize::MAX).await.0, 300, "within a part");
    })
    .await;
}

#[test]
fn a_weekday_is_said_where_it_means_something() {
    let timing = form(Every::Day, 8, &[ANN]).checked().unwrap().timing;
    let expected = Timing {
        every: Every::Day,
        weekday: None,
        hour: 8,
    };
    assert_eq!(timing, expected);
    let weekly = form(Every::Week, 8, &[ANN]).checked().unwrap().timing;
    assert_eq!(weekly.weekday, Some(Weekday::Monday));
}
