//! Links that are for their readers alone.

use super::{KEY, PostOffice, server::Instead};
use crate::{
    delivery::{schedule::WAITS, sealed::Keyring},
    email::{
        secret::Secret,
        send::{self, OwnEmail},
        templates,
    },
    secrets::{Resealed, reseal},
    testing::{TestDb, on_each_database},
};
use daybook_domain::{
    Error as Told,
    email::{EmailStatus as S, SendAgain},
    email_template::MailTemplate,
    id::EmailMessageId,
    log::LogScope,
    ports::Emails as _,
};
use daybook_entity::email_body;
use sea_orm::EntityTrait;
use std::time::Duration;

const TOKEN: &str = "hfd7shKsecret";
const VALID: i64 = 7 * 24 * 60 * 60;

/// An invitation, whose link works for so many seconds.
async fn invite(office: &PostOffice, to: &str, seconds: i64) -> EmailMessageId {
    let (workspace, to) = (office.house.workspace.id, to.to_owned());
    let queued = office.house.at.writer.change(move |tx| {
        Box::pin(async move {
            let (template, link) = (
                MailTemplate::Invitation,
                format!("https://daybook.example/invite/{TOKEN}"),
            );
            let given = [("name", "Ann"), ("inviter", "Ada"), ("days", "7")];
            let (written, parts) =
                templates::make_with_secret(tx.db(), workspace, template, &given, &link).await?;
            let secret = Secret {
                parts,
                until: tx.now().plus_seconds(seconds),
                keys: Keyring::new(KEY, []).unwrap(),
            };
            let email = OwnEmail {
                to,
                to_name: Some("Ann".to_owned()),
                template,
                written,
                secret: Some(secret),
                brand: None,
            };
            send::queue(tx, workspace, email).await
        })
    });
    EmailMessageId(queued.await.unwrap().id)
}

async fn stored(office: &PostOffice, id: EmailMessageId) -> email_body::Model {
    let key = (office.house.workspace.id.0, id.0);
    let found = email_body::Entity::find_by_id(key)
        .one(&office.house.at.db.read)
        .await;
    found.unwrap().unwrap()
}

async fn refused(office: &PostOffice, id: EmailMessageId) -> String {
    match office.emails.resend_email(&office.manager(), id).await {
        Err(Told::Conflict { reason }) => reason,
        other => panic!("{other:?}"),
    }
}

/// That nobody finds the link, whatever they read.
async fn is_nowhere(office: &PostOffice, id: EmailMessageId) {
    let detail = office.email(id).await;
    assert!(
        detail
            .text
            .as_ref()
            .is_some_and(|text| text.contains("\n(link)\n")),
        "{detail:?}"
    );
    let html = office.emails.email_html(&office.reader(), id).await.unwrap();
    assert!(html.contains("(link)") && !html.contains(TOKEN), "{html}");
    let log = serde_json::to_string(&office.log(LogScope::All).await).unwrap();
    let everything = format!("{detail:?}{log}{}", office.house.at.contents_or_nothing().await);
    assert!(!everything.contains(TOKEN));
}

#[tokio::test]
async fn a_link_is_sent_and_stands_nowhere() {
    on_each_database(async |at| {
        let (mut office, server) = PostOffice::with_server(at).await;
        server.answers([Instead::OfMessage("451 4.3.0 Busy")]);
        let id = invite(&office, "ann@harbor.example", VALID).await;
        is_nowhere(&office, id).await;
        assert!(stored(&office, id).await.sealed.is_some());
        // As long as it is tried, it can be hastened.
        office.worker.settle().await.unwrap();
        assert_eq!(office.email(id).await.email.status, S::Deferred);
        assert!(stored(&office, id).await.sealed.is_some() && office.email(id).await.again == SendAgain::Can);
        office.emails.resend_email(&office.manager(), id).await.unwrap();
        office.worker.settle().await.unwrap();
        assert_eq!(office.email(id).await.email.status, S::Sent);
        for message in server.take() {
            // Quoted-printable breaks lines.
            let message = message.replace("=\r\n", "");
            assert_eq!(message.matches(TOKEN).count(), 3, "{message}");
        }
        let body = stored(&office, id).await;
        assert!(body.sealed.is_none() && body.sealed_until.is_some());
        is_nowhere(&office, id).await;
        let detail = office.email(id).await;
        assert_eq!(detail.again, SendAgain::LinkGone);
        assert!(refused(&office, id).await.contains("for its reader alone"));
    })
    .await;
}

#[tokio::test]
async fn a_link_that_is_not_sent_does_not_stay() {
    on_each_database(async |at| {
        let (mut office, server) = PostOffice::with_server(at).await;
        // Given up.
        server.answers([Instead::OfRecipient("550 5.1.1 No such user")]);
        let gone = invite(&office, "gone@harbor.example", VALID).await;
        office.worker.settle().await.unwrap();
        assert_eq!(office.email(gone).await.email.status, S::Bounced);
        assert!(stored(&office, gone).await.sealed.is_none());
        // Not to be mailed.
        let again = invite(&office, "gone@harbor.example", VALID).await;
        assert_eq!(office.email(again).await.email.status, S::Suppressed);
        assert!(stored(&office, again).await.sealed.is_none());
        refused(&office, again).await;
        // Over while it waits.
        server.answers([Instead::OfMessage("451 4.3.0 Busy")]);
        let late = invite(&office, "late@harbor.example", 60).await;
        office.worker.settle().await.unwrap();
        server.take();
        office.later(WAITS[0].mul_f64(1.2) + Duration::from_mins(1));
        office.worker.settle().await.unwrap();
        let detail = office.email(late).await;
        assert_eq!(detail.email.status, S::Bounced);
        assert!(
            detail
                .events
                .last()
                .unwrap()
                .detail
                .as_ref()
                .unwrap()
                .contains("doesn't work any more")
        );
        assert!(server.take().is_empty() && stored(&office, late).await.sealed.is_none());
        // Over while nothing is sent at all.
        let idle = invite(&office, "idle@harbor.example", 60).await;
        office.later(Duration::from_mins(1));
        assert_eq!(office.emails.tidy(office.house.workspace.id).await.unwrap(), 1);
        assert!(stored(&office, idle).await.sealed.is_none());
        is_nowhere(&office, idle).await;
    })
    .await;
}

#[tokio::test]
async fn what_waits_is_sealed_anew_and_sent_with_the_other_key() {
    let office = PostOffice::new(TestDb::sqlite().await).await;
    office.set(super::form("127.0.0.1", 1)).await.unwrap();
    let id = invite(&office, "ann@harbor.example", VALID).await;
    let before = stored(&office, id).await.sealed;
    let other = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    let keys = Keyring::new(other, [KEY]).unwrap();
    let who = office
        .house
        .accounts
        .system_viewer(&office.house.workspace, "Command line");
    let resealed = reseal(&office.house.at.writer, who, &keys).await.unwrap();
    assert_eq!((resealed.anew, resealed.unopened.len()), (1, 0), "{resealed:?}");
    assert_ne!(resealed, Resealed::default());
    let body = stored(&office, id).await;
    assert_ne!(body.sealed, before);
    let only_other = Keyring::new(other, []).unwrap();
    let now = office.house.at.clock.as_ref();
    let parts = crate::email::secret::to_send(body, &only_other, daybook_domain::time::Clock::now(now));
    assert!(parts.is_ok_and(|parts| parts.text.contains(TOKEN)));
}
