//! From whom mail is that belongs to a brand.

use super::PostOffice;
use crate::{
    email::{
        send::{self, OwnEmail},
        templates,
    },
    testing::on_each_database,
};
use daybook_domain::{
    Error as Told,
    email_template::MailTemplate,
    event::NamedRef,
    object::{Change, ObjectKind, Typed, sender},
    ports::Objects as _,
};
use lettre::Address;
use proptest::prelude::*;

/// Queues a message as a feature would.
async fn queue(office: &PostOffice, brand: NamedRef) {
    let workspace = office.house.workspace.id;
    let queued = office.house.at.writer.change(move |tx| {
        Box::pin(async move {
            let template = MailTemplate::Test;
            let email = OwnEmail {
                to: "ann@harbor.example".to_owned(),
                to_name: None,
                template,
                written: templates::make(tx.db(), workspace, template, &[]).await?,
                secret: None,
                brand: Some(brand),
            };
            send::queue(tx, workspace, email).await
        })
    });
    queued.await.unwrap();
}

#[tokio::test]
async fn mail_of_a_brand_is_from_its_own_address() {
    on_each_database(async |at| {
        let (mut office, server) = PostOffice::with_server(at).await;
        let mut settings = server.settings();
        settings.reply_to = "answers@northdesk.example".to_owned();
        office.set(settings).await.unwrap();
        let own = [
            ("name", "Harbor Help"),
            ("external_id", "b-1"),
            ("sender_name", "Harbor, Help desk"),
            ("sender_address", "Help@Harbor-Help.example"),
        ];
        let own = office.thing(ObjectKind::Brand, &own).await;
        let without = office.thing(ObjectKind::Brand, &[("name", "Plain")]).await;
        let ours = "Northdesk <desk@northdesk.example>";
        // “Harbor, Help desk”, as lettre writes what has a comma (RFC 2047).
        let harbors = "=?utf-8?b?SGFyYm9yLCBIZWxwIGRlc2s=?= <help@harbor-help.example>";
        for (id, from, reply_to) in [
            (own.to_string(), harbors, ""),
            ("b-1".to_owned(), harbors, ""),
            (without.to_string(), ours, "answers@northdesk.example"),
            ("unknown".to_owned(), ours, "answers@northdesk.example"),
        ] {
            queue(&office, NamedRef::new(&id, "As it was called")).await;
            office.worker.settle().await.unwrap();
            let message = server.take().remove(0);
            assert_eq!(super::sending::header(&message, "From"), from, "{id}");
            assert_eq!(super::sending::header(&message, "Reply-To"), reply_to, "{id}");
            let domain = from.rsplit_once('@').unwrap().1;
            let message_id = super::sending::header(&message, "Message-ID");
            assert!(message_id.ends_with(&format!("@{domain}")), "{message_id}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_address_that_nothing_can_be_sent_from_is_refused_at_the_brand() {
    let office = PostOffice::new(crate::testing::TestDb::sqlite().await).await;
    let who = office.house.ada.grant_kind(ObjectKind::Brand, Change).unwrap();
    for odd in [
        "help",
        "help@localhost",
        "hélp@harbor.example",
        "a..b@harbor.example",
        "help@-x.example",
    ] {
        let typed: Typed = [("name", "Harbor"), ("sender_address", odd)]
            .map(|(name, value)| (name.to_owned(), vec![value.to_owned()]))
            .into();
        let refused = office.objects.create_object(&who, &typed).await;
        assert!(
            matches!(refused, Err(Told::Invalid { ref field, .. }) if field == "sender_address"),
            "{odd}: {refused:?}"
        );
    }
}

proptest! {
    /// What the page takes, the mail library takes.
    #[test]
    fn what_may_send_can_send(text in "[a-z0-9.!#+_-]{1,12}@[a-z0-9.-]{1,16}") {
        if let Ok(address) = sender(&text) {
            prop_assert!(address.parse::<Address>().is_ok(), "{address}");
        }
    }
}
