//! Every method with the events it leaves.

use super::PostOffice;
use crate::testing::TestDb;
use daybook_domain::{
    email::{EmailProvider, MailForm, NewPassword},
    email_template::{MailTemplate, Wording},
    id::EmailMessageId,
    log::LogScope,
    object::ObjectQuery,
    ports::Emails as _,
};

/// A method, and the type of what it leaves; `None` where it only reads.
const METHODS: &[(&str, Option<&str>)] = &[
    ("list_emails", None),
    ("email", None),
    ("email_html", None),
    ("list_suppressions", None),
    ("mail_settings", None),
    ("suppress", Some("email_suppression.created")),
    ("unsuppress", Some("email_suppression.deleted")),
    ("set_mail_settings", Some("mail_settings.updated")),
    ("pause_mail", Some("mail_settings.paused")),
    ("resume_mail", Some("mail_settings.resumed")),
    ("send_test_email", Some("email.tested")),
    ("resend_email", Some("email.resent")),
    ("list_providers", None),
    ("set_provider_key", Some("email_provider.updated")),
    ("list_email_templates", None),
    ("email_template", None),
    ("preview_email_template", None),
    ("set_email_template", Some("email_template.updated")),
    ("reset_email_template", Some("email_template.updated")),
    ("undo_email_template", Some("email_template.updated")),
];

/// The methods that are listed, for those who look whether all are.
pub(crate) fn listed() -> impl Iterator<Item = &'static str> {
    // Nothing of ours has a file but reports: reports/tests/sending.rs.
    METHODS.iter().map(|(name, _)| *name).chain(["email_attachment"])
}

const TEST: MailTemplate = MailTemplate::Test;

fn wording(subject: &str) -> Wording {
    Wording {
        subject: subject.to_owned(),
        text: "Arrived".to_owned(),
    }
}

async fn call(office: &PostOffice, method: &str, settings: MailForm, sent: EmailMessageId) {
    let (who, reader, emails) = (office.manager(), office.reader(), &office.emails);
    let everything = ObjectQuery::default();
    match method {
        "list_emails" => drop(emails.list_emails(&reader, None, &everything).await.unwrap()),
        "email" => drop(emails.email(&reader, sent).await.unwrap()),
        "email_html" => drop(emails.email_html(&reader, sent).await.unwrap()),
        "list_suppressions" => drop(emails.list_suppressions(&reader, &everything).await.unwrap()),
        "mail_settings" => drop(emails.mail_settings(&who).await.unwrap()),
        "suppress" => emails.suppress(&who, "ann@harbor.example", "left").await.unwrap(),
        "unsuppress" => emails.unsuppress(&who, "bo@harbor.example").await.unwrap(),
        "set_mail_settings" => office.set(settings).await.unwrap(),
        "pause_mail" => emails.pause_mail(&who).await.unwrap(),
        "resume_mail" => emails.resume_mail(&who).await.unwrap(),
        "send_test_email" => drop(emails.send_test_email(&who, "ann@harbor.example").await.unwrap()),
        "list_providers" => drop(emails.list_providers(&who).await.unwrap()),
        "set_provider_key" => emails
            .set_provider_key(&who, EmailProvider::Mailgun, NewPassword::new("key".to_owned()))
            .await
            .unwrap(),
        "list_email_templates" => drop(emails.list_email_templates(&who).await.unwrap()),
        "email_template" => drop(emails.email_template(&who, TEST).await.unwrap()),
        "preview_email_template" => {
            drop(
                emails
                    .preview_email_template(&who, TEST, &wording("Other"))
                    .await
                    .unwrap(),
            );
        }
        "set_email_template" => office.word(TEST, wording("Other")).await.unwrap(),
        "reset_email_template" => {
            let seen = office.template(TEST).await.seen.tag();
            emails.reset_email_template(&who, TEST, &seen).await.unwrap();
        }
        "undo_email_template" => {
            let seen = office.template(TEST).await.seen.tag();
            emails.undo_email_template(&who, TEST, &seen).await.unwrap();
        }
        "resend_email" => emails.resend_email(&who, sent).await.unwrap(),
        other => panic!("{other} is not called"),
    }
}

#[tokio::test]
async fn every_method_leaves_its_event() {
    for (method, leaves) in METHODS {
        let (mut office, server) = PostOffice::with_server(TestDb::sqlite().await).await;
        let who = office.manager();
        office
            .emails
            .suppress(&who, "bo@harbor.example", "")
            .await
            .unwrap();
        office.word(TEST, wording("Own")).await.unwrap();
        let sent = office.test("cy@harbor.example").await;
        office.worker.settle().await.unwrap();
        if *method == "resume_mail" {
            office.emails.pause_mail(&who).await.unwrap();
        }
        let newest = office.log(LogScope::All).await[0].sequence;
        let before = office.house.at.contents().await;
        let mut settings = server.settings();
        settings.from_name = "Another".to_owned();
        call(&office, method, settings, sent).await;
        let log = office.log(LogScope::All).await;
        let left: Vec<_> = log.iter().take_while(|event| event.sequence > newest).collect();
        let types: Vec<_> = left.iter().map(|event| event.body.event_type.as_str()).collect();
        assert_eq!(types, leaves.as_slice(), "{method}");
        assert_eq!(
            office.house.at.contents().await != before,
            leaves.is_some(),
            "{method}"
        );
        for event in left {
            assert!(event.body.summary.is_some(), "{method}");
        }
    }
}
