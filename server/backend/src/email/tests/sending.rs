//! What is ours, on its way.

use super::{PostOffice, form, server::Instead};
use crate::{
    delivery::schedule::WAITS,
    testing::{TestDb, on_each_database},
};
use daybook_domain::{
    Error as Told,
    email::{BounceType, EmailStatus, MailSecurity, NewPassword, SendAgain, SuppressionReason},
    event::Change,
    log::LogScope,
    object::ObjectQuery,
    ports::Emails as _,
};
use serde_json::json;
use std::time::Duration;

use EmailStatus as S;

/// The longest that a wait can be.
fn at_most(wait: Duration) -> Duration {
    wait.mul_f64(1.2)
}

/// A header of a message.
pub(super) fn header<'m>(message: &'m str, name: &str) -> &'m str {
    let line = message
        .lines()
        .find(|line| line.starts_with(&format!("{name}: ")));
    line.map_or("", |line| &line[name.len() + 2..])
}

#[tokio::test]
async fn a_test_arrives_and_is_in_the_history() {
    on_each_database(async |at| {
        let (mut office, server) = PostOffice::with_server(at).await;
        let id = office.test(" Ann@Harbor.example").await;
        assert_eq!(office.timeline(id).await, [S::Queued]);
        assert!(office.email(id).await.soon);
        office.worker.settle().await.unwrap();
        let got = server.take();
        assert_eq!(got.len(), 1, "{got:?}");
        let message = &got[0];
        assert_eq!(header(message, "From"), "Northdesk <desk@northdesk.example>");
        assert_eq!(header(message, "To"), "ann@harbor.example");
        assert_eq!(header(message, "Subject"), "Test email from Northdesk");
        assert_eq!(header(message, "Auto-Submitted"), "auto-generated");
        assert_eq!(header(message, "Date"), "Sun, 22 Nov 2026 14:00:00 +0000");
        let email = office.email(id).await;
        let message_id = email.message_id.clone().unwrap();
        assert_eq!(header(message, "Message-ID"), format!("<{message_id}>"));
        assert!(message_id.ends_with("@northdesk.example"));
        assert_eq!(office.timeline(id).await, [S::Queued, S::Sent]);
        assert_eq!(email.events[1].code.as_deref(), Some("2.0.0"));
        assert_eq!(
            email.events[1].detail.as_deref(),
            Some("250 2.0.0 OK queued as 4711")
        );
        assert_eq!((email.email.status, email.soon), (S::Sent, false));
        assert!(
            email.again == SendAgain::Can && email.text.is_some_and(|text| text.contains("This is a test"))
        );
        assert_eq!(
            office.subjects("?status=sent&q=ann@harbor").await,
            ["Test email from Northdesk"]
        );
        assert_eq!(office.subjects(&format!("?q=<{message_id}>")).await.len(), 1);
        assert_eq!(office.failures().await.len(), 0);
        // Nothing is sent twice.
        office.later(at_most(WAITS[6]));
        office.worker.settle().await.unwrap();
        assert_eq!(server.take().len(), 0);
    })
    .await;
}

#[tokio::test]
async fn who_is_refused_for_good_is_not_mailed_again() {
    on_each_database(async |at| {
        let (mut office, server) = PostOffice::with_server(at).await;
        server.answers([Instead::OfRecipient("550 5.1.1 No such user")]);
        let id = office.test("gone@harbor.example").await;
        office.worker.settle().await.unwrap();
        assert_eq!(office.timeline(id).await, [S::Queued, S::Bounced]);
        let email = office.email(id).await;
        assert_eq!(
            (email.email.bounce, email.suppressed),
            (Some(BounceType::Hard), Some(SuppressionReason::HardBounce))
        );
        let failures = office.failures().await;
        assert_eq!(failures.len(), 1);
        assert_eq!(failures[0].body.event_type, "email.bounced");
        assert_eq!(failures[0].body.reason.as_deref(), Some("550 5.1.1 No such user"));
        // The next is kept, and not sent.
        let next = office.test("gone@harbor.example").await;
        office.worker.settle().await.unwrap();
        assert_eq!(office.timeline(next).await, [S::Queued, S::Suppressed]);
        assert_eq!(
            office.failures().await[0].body.event_type,
            "email.recipient_blocked"
        );
        // Nor is one that is sent once more by hand.
        office.emails.resend_email(&office.manager(), next).await.unwrap();
        office.worker.settle().await.unwrap();
        assert_eq!(office.email(next).await.email.status, S::Suppressed);
        assert_eq!(server.take().len(), 0);
        // Until somebody says that it works again.
        office
            .emails
            .unsuppress(&office.manager(), " Gone@harbor.example ")
            .await
            .unwrap();
        office.later(Duration::from_secs(1));
        office.emails.resend_email(&office.manager(), next).await.unwrap();
        office.worker.settle().await.unwrap();
        assert_eq!(office.email(next).await.email.status, S::Sent);
        assert_eq!(server.take().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_taken_now_is_tried_under_one_id_until_it_is_given_up() {
    on_each_database(async |at| {
        let (mut office, server) = PostOffice::with_server(at).await;
        let busy = [Instead::OfMessage("451 4.3.0 Busy"), Instead::Silence];
        server.answers(busy.into_iter().cycle().take(8));
        let id = office.test("ann@harbor.example").await;
        for (failed, wait) in WAITS.iter().enumerate() {
            office.worker.settle().await.unwrap();
            let email = office.email(id).await;
            assert_eq!(email.email.status, S::Deferred, "after {failed}");
            // Not before its time.
            office.worker.settle().await.unwrap();
            assert_eq!(server.take().len(), 1, "after {failed}");
            office.later(at_most(*wait));
        }
        office.worker.settle().await.unwrap();
        let email = office.email(id).await;
        assert_eq!(
            (email.email.status, email.email.bounce, email.suppressed),
            (S::Bounced, Some(BounceType::Soft), None)
        );
        let last = email.events.last().unwrap();
        assert!(
            last.detail.as_ref().unwrap().starts_with("Given up. "),
            "{last:?}"
        );
        let types: Vec<_> = office
            .failures()
            .await
            .into_iter()
            .map(|event| event.body.event_type)
            .collect();
        assert_eq!(types.len(), 8);
        assert_eq!(types[0], "email.bounced");
        assert!(types[1..].iter().all(|of| of == "email.deferred"));
        // By hand it goes its way once more, and is the same message.
        let first = server.take();
        office.later(Duration::from_secs(1));
        office.emails.resend_email(&office.manager(), id).await.unwrap();
        office.worker.settle().await.unwrap();
        let again = server.take();
        assert_eq!(header(&first[0], "Message-ID"), header(&again[0], "Message-ID"));
        assert_eq!(office.email(id).await.email.status, S::Sent);
    })
    .await;
}

#[tokio::test]
async fn a_message_that_waits_is_sent_now() {
    let (mut office, server) = PostOffice::with_server(TestDb::sqlite().await).await;
    server.answers([Instead::OfRecipient("450 4.2.1 Later")]);
    let id = office.test("ann@harbor.example").await;
    office.worker.settle().await.unwrap();
    assert_eq!(office.email(id).await.email.status, S::Deferred);
    office.emails.resend_email(&office.manager(), id).await.unwrap();
    office.worker.settle().await.unwrap();
    assert_eq!(office.email(id).await.email.status, S::Sent);
}

#[tokio::test]
async fn a_server_that_is_away_is_waited_for() {
    let (mut office, server) = PostOffice::with_server(TestDb::sqlite().await).await;
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = nobody.local_addr().unwrap().port();
    drop(nobody);
    office.set(form("127.0.0.1", port)).await.unwrap();
    let id = office.test("ann@harbor.example").await;
    office.worker.settle().await.unwrap();
    let email = office.email(id).await;
    assert_eq!(email.email.status, S::Deferred);
    let detail = email.events[1].detail.clone().unwrap();
    assert!(
        detail.starts_with("The mail server can't be spoken to"),
        "{detail}"
    );
    // Once the settings are mended, what waits waits no longer.
    office.set(server.settings()).await.unwrap();
    office.worker.settle().await.unwrap();
    assert_eq!(office.email(id).await.email.status, S::Sent);
    // Without any, nothing is queued.
    office.set(form("", 25)).await.unwrap();
    let who = office.manager();
    let refused = office.emails.send_test_email(&who, "ann@harbor.example").await;
    assert!(matches!(refused, Err(Told::Conflict { .. })), "{refused:?}");
    let odd = office.emails.send_test_email(&who, "ann").await;
    assert!(
        matches!(odd, Err(Told::Invalid { ref field, .. }) if field == "to"),
        "{odd:?}"
    );
}

#[tokio::test]
async fn a_password_is_of_its_server_and_in_no_record() {
    let office = PostOffice::new(TestDb::sqlite().await).await;
    let mut form = form("smtp.northdesk.example", 587);
    form.security = MailSecurity::StartTls;
    form.username = "desk".to_owned();
    let invalid = async |form: &daybook_domain::email::MailForm| match office.set(form.clone()).await {
        Err(Told::Invalid { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    assert_eq!(invalid(&form).await, "password");
    form.password = NewPassword::new("hunter2 and more".to_owned());
    form.security = MailSecurity::None;
    assert_eq!(invalid(&form).await, "security");
    form.security = MailSecurity::StartTls;
    office.set(form.clone()).await.unwrap();
    let newest = &office.log(LogScope::All).await[0].body;
    assert_eq!(newest.event_type, "mail_settings.updated");
    assert!(newest.changes.contains(&Change::secret("password")));
    assert!(!serde_json::to_string(newest).unwrap().contains("hunter2"));
    // It is kept where nothing is typed, as long as it is of the same server.
    form.password = NewPassword::default();
    form.from_name = "Desk".to_owned();
    office.set(form.clone()).await.unwrap();
    assert!(
        office
            .emails
            .mail_settings(&office.manager())
            .await
            .unwrap()
            .has_password
    );
    form.host = "smtp.attacker.example".to_owned();
    assert_eq!(invalid(&form).await, "password");
    form.host = "smtp northdesk".to_owned();
    assert_eq!(invalid(&form).await, "host");
    // Switching mail off needs none.
    let mut off = form.clone();
    off.host = String::new();
    office.set(off).await.unwrap();
    form.host = "smtp.northdesk.example:587".to_owned();
    assert_eq!(invalid(&form).await, "host");
    // What was seen is another by now.
    let stale = daybook_domain::seen::Tag::default();
    let who = office.manager();
    let refused = office.emails.set_mail_settings(&who, &stale, form).await;
    assert!(matches!(refused, Err(Told::Conflict { .. })), "{refused:?}");
}

#[tokio::test]
async fn suppressed_addresses_are_paged_and_counted() {
    on_each_database(async |at| {
        let office = PostOffice::new(at).await;
        let who = office.manager();
        for number in 0..120 {
            let address = format!("user{number:03}@harbor.example");
            office.emails.suppress(&who, &address, "left").await.unwrap();
            office.later(Duration::from_secs(u64::from(number % 3 == 0)));
        }
        let again = office.emails.suppress(&who, "USER000@harbor.example", "").await;
        assert!(matches!(again, Err(Told::Conflict { .. })), "{again:?}");
        let (mut seen, mut query) = (Vec::new(), ObjectQuery::default());
        let (reader, mut pages) = (office.reader(), Vec::new());
        loop {
            let page = office.emails.list_suppressions(&reader, &query).await.unwrap();
            seen.extend(page.rows.iter().map(|row| row.address.clone()));
            pages.push(page.clone());
            let Some(after) = page.after else { break };
            query = query.at(Some(after));
        }
        assert_eq!((seen.len(), pages.len()), (120, 3));
        let back = query.at(pages[2].before.clone());
        let back = office.emails.list_suppressions(&reader, &back).await.unwrap();
        assert_eq!(back.rows, pages[1].rows);
        assert_eq!(pages[0].reasons[3].1.number(), 120);
        let narrowed = ObjectQuery {
            q: Some("User01".to_owned()),
            ..ObjectQuery::default()
        };
        let narrowed = office.emails.list_suppressions(&reader, &narrowed).await.unwrap();
        assert_eq!(narrowed.rows.len(), 10);
    })
    .await;
}

#[tokio::test]
async fn while_it_is_paused_nothing_is_sent_and_nothing_is_lost() {
    on_each_database(async |at| {
        let (mut office, server) = PostOffice::with_server(at).await;
        let who = office.manager();
        let before = office.test("ann@harbor.example").await;
        office.emails.pause_mail(&who).await.unwrap();
        // Once more is no change.
        office.emails.pause_mail(&who).await.unwrap();
        office.worker.settle().await.unwrap();
        assert!(server.take().is_empty());
        let settings = office.emails.mail_settings(&who).await.unwrap();
        assert!(settings.paused.is_some());
        assert_eq!(settings.waiting, 1);
        let email = office.email(before).await;
        assert!(email.paused.is_some() && !email.soon, "{email:?}");
        assert!(office.list(None, "?").await.paused.is_some());
        // What somebody wants now is refused rather than kept waiting.
        let test = office.emails.send_test_email(&who, "bo@harbor.example").await;
        assert!(matches!(test, Err(Told::Conflict { .. })), "{test:?}");
        let again = office.emails.resend_email(&who, before).await;
        assert!(matches!(again, Err(Told::Conflict { .. })), "{again:?}");
        // Other settings don't resume it.
        let mut form = server.settings();
        form.from_name = "Another".to_owned();
        office.set(form).await.unwrap();
        office.later(Duration::from_hours(3));
        office.worker.settle().await.unwrap();
        assert!(server.take().is_empty());

        office.emails.resume_mail(&who).await.unwrap();
        office.worker.settle().await.unwrap();
        assert_eq!(server.take().len(), 1);
        assert_eq!(office.timeline(before).await, [S::Queued, S::Sent]);
        let settings = office.emails.mail_settings(&who).await.unwrap();
        assert_eq!((settings.paused, settings.waiting), (None, 0));
        assert!(office.list(None, "?").await.paused.is_none());
        let log = office.log(LogScope::All).await;
        let switched = log.iter().filter_map(|event| {
            let of = event.body.event_type.strip_prefix("mail_settings.")?;
            (of != "updated").then_some((of, event.body.metadata.get("waiting")))
        });
        let switched: Vec<_> = switched.collect();
        assert_eq!(switched, [("resumed", Some(&json!(1))), ("paused", None)]);
    })
    .await;
}

#[tokio::test]
async fn what_does_not_send_cannot_be_paused() {
    let office = PostOffice::new(TestDb::sqlite().await).await;
    let paused = office.emails.pause_mail(&office.manager()).await;
    assert!(matches!(paused, Err(Told::Conflict { .. })), "{paused:?}");
}
