//! Every method of the portal's port, and which record it leaves.

use super::{ANN, Door};
use crate::{accounts::tests::PASSWORD, email::tests::report_email, testing::TestDb};
use daybook_domain::{
    email::NewPassword,
    portal::{ContactViewer, PortalList},
    ports::Portal as _,
};

/// With whether a contact calls it, and the types of what it leaves.
const METHODS: &[(&str, bool, &[&str])] = &[
    ("entry", false, &[]),
    ("link_of", false, &[]),
    ("records", true, &[]),
    ("emails", true, &[]),
    ("email", true, &[]),
    ("account", true, &[]),
    ("end_session", true, &["contact.session_revoked"]),
    ("end_other_sessions", true, &["contact.session_revoked"]),
    (
        "set_password",
        true,
        &["contact.password_set", "contact.session_revoked"],
    ),
];

pub(crate) fn listed() -> impl Iterator<Item = &'static str> {
    METHODS.iter().map(|(method, ..)| *method)
}

/// Those that take a contact, read from the source: none is left out.
pub(super) fn of_contacts() -> Vec<String> {
    let source = include_str!("../../../../../app/domain/src/ports.rs");
    let (_, port) = source.split_once("pub trait Portal: ").unwrap();
    let (port, _) = port.split_once("\n}\n").unwrap();
    let each = port.split("async fn ").skip(1);
    let methods: Vec<_> = each
        .filter(|text| text.contains("&ContactViewer"))
        .map(|text| text.split('(').next().unwrap().to_owned())
        .collect();
    let here: Vec<_> = METHODS.iter().filter(|(_, of_contact, _)| *of_contact).collect();
    assert_eq!(methods.len(), here.len(), "{methods:?}");
    methods
}

async fn call(door: &Door, who: &ContactViewer, method: &str) {
    let portal = &door.portal;
    match method {
        "entry" => drop(portal.entry(None).await.unwrap()),
        "link_of" => drop(portal.link_of("x", &NewPassword::default()).await),
        "records" => drop(portal.records(who, PortalList::Activity, None).await.unwrap()),
        "emails" => drop(portal.emails(who, None).await.unwrap()),
        "email" => {
            let first = portal.emails(who, None).await.unwrap().rows.remove(0);
            drop(portal.email(who, first.id).await.unwrap());
        }
        "account" => drop(portal.account(who).await.unwrap()),
        "end_session" => {
            let sessions = portal.account(who).await.unwrap().sessions;
            let other = sessions.iter().find(|session| !session.is_this).unwrap();
            portal.end_session(who, other.id).await.unwrap();
        }
        "end_other_sessions" => assert_eq!(portal.end_other_sessions(who).await, Ok(1)),
        "set_password" => {
            let new = NewPassword::new(PASSWORD.to_owned());
            portal
                .set_password(who, NewPassword::default(), new)
                .await
                .unwrap();
        }
        other => panic!("{other} is not called"),
    }
}

#[tokio::test]
async fn every_method_leaves_its_event() {
    for (method, _, leaves) in METHODS {
        let door = Door::new(TestDb::sqlite().await).await;
        report_email(&door.house, ANN, "Hello").await;
        door.enter(ANN).await;
        let who = door.signed_in(ANN).await;
        let before = door.house.events().await.len();
        let contents = door.house.at.contents().await;
        call(&door, &who, method).await;
        let left = door.house.events_since(before).await;
        let types: Vec<_> = left.iter().map(|event| event.body.event_type.as_str()).collect();
        assert_eq!(types, *leaves, "{method}");
        let is_same = door.house.at.contents().await == contents;
        assert_eq!(is_same, leaves.is_empty(), "{method}");
    }
}
