//! What Daybook's own mails say, and who changes it.

use super::PostOffice;
use crate::{
    drift::CheckDrift,
    testing::{TestDb, on_each_database},
};
use daybook_domain::{
    Error as Told,
    email::{MailForm, NewPassword},
    email_template::{MailTemplate, Wording},
    log::LogScope,
    permission::{ManageSettings, Permission},
    ports::Emails as _,
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

const OF: MailTemplate = MailTemplate::Test;

fn wording(subject: &str, text: &str) -> Wording {
    Wording {
        subject: subject.to_owned(),
        text: text.to_owned(),
    }
}

#[tokio::test]
async fn a_wording_is_changed_undone_and_put_back() {
    on_each_database(async |at| {
        let (mut office, server) = PostOffice::with_server(at).await;
        let built_in = office.template(OF).await;
        assert!(!built_in.is_own && !built_in.can_undo);
        office
            .word(
                OF,
                wording("Hi from {{ workspace }}", "It arrives.\r\n\r\n{{ sender }}\r\n"),
            )
            .await
            .unwrap();
        let own = office.template(OF).await;
        assert_eq!(
            own.wording,
            wording("Hi from {{ workspace }}", "It arrives.\n\n{{ sender }}")
        );
        assert!(own.is_own && own.can_undo);
        let newest = &office.log(LogScope::All).await[0].body;
        assert_eq!(newest.event_type, "email_template.updated");
        let after = |property: &str| {
            let change = newest.changes.iter().find(|change| change.property == property);
            change
                .map(|change| (change.before.clone(), change.after.clone()))
                .unwrap()
        };
        assert_eq!(after("subject"), (Value::Null, json!("Hi from {{ workspace }}")));
        // Mails are made of it.
        let id = office.test("ann@harbor.example").await;
        office.worker.settle().await.unwrap();
        let message = server.take().remove(0);
        assert!(message.contains("Subject: Hi from Northdesk\r\n"), "{message}");
        assert!(message.contains("multipart/alternative"), "{message}");
        assert!(message.contains("It arrives.</p>"), "{message}");
        assert_eq!(
            office.email(id).await.text.as_deref(),
            Some("It arrives.\n\nAda Lindqvist")
        );
        // Undone, that again, and back.
        let (who, emails) = (office.manager(), &office.emails);
        let undo = async || {
            let seen = office.template(OF).await.seen.tag();
            emails.undo_email_template(&who, OF, &seen).await.unwrap();
            office.template(OF).await
        };
        let undone = undo().await;
        assert_eq!((&undone.wording, undone.is_own), (&built_in.wording, false));
        assert_eq!(undo().await.wording, own.wording);
        emails
            .reset_email_template(&who, OF, &own.seen.tag())
            .await
            .unwrap();
        assert!(!office.template(OF).await.is_own);
        let listed = emails.list_email_templates(&who).await.unwrap();
        assert_eq!(listed.len(), MailTemplate::ALL.len());
        assert!(listed.iter().all(|one| !one.is_own));
        // What somebody else has changed isn't lost.
        let stale = emails.undo_email_template(&who, OF, &own.seen.tag()).await;
        assert!(matches!(stale, Err(Told::Conflict { .. })), "{stale:?}");
        // Nothing to undo, and a mistake.
        let other = MailTemplate::Report;
        let seen = office.template(other).await.seen.tag();
        let nothing = emails.undo_email_template(&who, other, &seen).await;
        assert!(matches!(nothing, Err(Told::Conflict { .. })), "{nothing:?}");
        let refused = office.word(OF, wording("Hi", "{{ link }}")).await;
        assert!(
            matches!(refused, Err(Told::Invalid { ref field, .. }) if field == "text"),
            "{refused:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_link_for_its_reader_alone_goes_nowhere_else() {
    on_each_database(async |at| {
        let office = PostOffice::new(at).await;
        let of = MailTemplate::PasswordReset;
        for text in [
            "Choose one: https://evil.example/?to={{ link }}",
            "https://evil.example/?to=\n{{ link }}/{{ link }}",
            "{% if link == \"https://daybook.example.org/reset/sample\" %}\n{{ link }}\n{% else %}\nhttps://evil.example\n{% endif %}",
            "{% set other = link %}\n{{ link }}\nhttps://evil.example/?to={{ other }}",
            "https://daybook.example.org/reset/sample",
            "{% if name == \"Ann Reyes\" %}\n{{ link }}\n{% endif %}https://daybook.example.org/reset/sample",
        ] {
            let refused = office.word(of, wording("A new password", text)).await;
            assert!(
                matches!(refused, Err(Told::Invalid { ref field, .. }) if field == "text"),
                "{text}: {refused:?}"
            );
        }
        for text in ["Hello {{ name }},\n\n{{ link }}\n\nBye", "{{link}}"] {
            office.word(of, wording("A new password", text)).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn who_may_not_do_everything_does_not_say_where_links_go() {
    on_each_database(async |at| {
        let (office, _server) = PostOffice::with_server(at).await;
        let clerk = office.house.someone_with(&[Permission::SettingsManage]).await;
        let who = clerk.grant(ManageSettings).unwrap();
        let settings = office.emails.mail_settings(&who).await.unwrap();
        let form = |host: &str, port, from_name: &str| MailForm {
            host: host.to_owned(),
            port,
            security: settings.security,
            username: String::new(),
            password: NewPassword::default(),
            from_name: from_name.to_owned(),
            from_address: settings.from_address.clone(),
            reply_to: String::new(),
        };
        let seen = settings.seen.tag();
        for (host, port) in [("evil.example", settings.port), (settings.host.as_str(), 2525)] {
            let set = office
                .emails
                .set_mail_settings(&who, &seen, form(host, port, "Desk"))
                .await;
            assert!(matches!(set, Err(Told::Forbidden { .. })), "{set:?}");
        }
        let same = form(&settings.host, settings.port, "Desk");
        office.emails.set_mail_settings(&who, &seen, same).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_was_changed_around_daybook_is_found_and_gives_way() {
    on_each_database(async |at| {
        let (mut office, server) = PostOffice::with_server(at).await;
        office.word(OF, wording("Own", "Own text")).await.unwrap();
        let drift = CheckDrift::new(
            office.house.at.db.clone(),
            office.house.at.writer.clone(),
            office.house.at.clock.clone(),
        );
        let drifts = async || {
            let found = drift.check(office.house.workspace.id, |_| ()).await.unwrap();
            let things = found.drifts.into_iter().map(|drift| drift.thing.kind);
            things.collect::<Vec<_>>()
        };
        assert_eq!(drifts().await, Vec::<String>::new());
        let around = "UPDATE email_template SET body = '{{ nonsense'";
        office.house.at.db.write.execute_unprepared(around).await.unwrap();
        assert_eq!(drifts().await, ["email_template"]);
        office.test("ann@harbor.example").await;
        office.worker.settle().await.unwrap();
        assert!(server.take()[0].contains("This is a test"));
    })
    .await;
}

#[tokio::test]
async fn a_template_says_what_can_be_filled_in() {
    let office = PostOffice::new(TestDb::sqlite().await).await;
    let detail = office.template(MailTemplate::Invitation).await;
    let required: Vec<_> = detail
        .variables
        .iter()
        .filter(|variable| variable.is_required)
        .map(|variable| variable.name.as_str())
        .collect();
    assert_eq!(required, ["link"]);
    let preview = office
        .emails
        .preview_email_template(&office.manager(), MailTemplate::Invitation, &detail.wording)
        .await
        .unwrap();
    assert_eq!(preview.subject, "Mara Okafor invites you to Northdesk");
    assert!(
        preview
            .html
            .contains("<a href=\"https://daybook.example.org/invite/sample\">")
    );
    assert!(preview.text.contains("for 7 days"));
}
