//! Choosing a new password by a link that is mailed.

use super::{PostOffice, form, invitations::links};
use crate::{
    accounts::tests::{OTHER_PASSWORD, PASSWORD, from, home},
    testing::{TestDb, on_each_database},
};
use daybook_domain::{
    Error as Told,
    account::UserForm,
    event::Outcome,
    id::UserId,
    log::{LogKind, LogScope},
    ports::{Gate as _, Users as _},
};

const BO: &str = "bo@harbor.example";

async fn bo(office: &PostOffice) -> UserId {
    office.house.user("Bo Chen", BO, "Agent").await.id
}

/// Asks, and waits until what comes of it is done.
async fn ask(office: &PostOffice, email: &str) -> Result<(), Told> {
    let asked = office.house.accounts.ask_for_reset(email, &home()).await?;
    asked.await.unwrap();
    Ok(())
}

/// The newest record of somebody who asked: whether a link was sent, and why not.
async fn told(office: &PostOffice) -> (String, Option<String>) {
    let newest = office.log(LogScope::One(LogKind::Access)).await.remove(0).body;
    let is_success = newest.outcome == Outcome::Success;
    assert_eq!(
        is_success,
        newest.event_type == "user.password_reset_asked",
        "{newest:?}"
    );
    (newest.actor.email.unwrap_or_default(), newest.reason)
}

#[tokio::test]
async fn who_has_forgotten_a_password_chooses_another() {
    on_each_database(async |at| {
        let (mut office, server) = PostOffice::with_server(at).await;
        let id = bo(&office).await;
        let browser = office.house.browser(id, 0).await;
        assert!(office.house.accounts.offers_reset().await.unwrap());
        ask(&office, " Bo@Harbor.example ").await.unwrap();
        assert_eq!(told(&office).await, (BO.to_owned(), None));
        office.worker.settle().await.unwrap();
        let message = server.take().remove(0);
        assert!(
            message.contains("Subject: Choose a new password for Northdesk\r\n"),
            "{message}"
        );
        let link = links(&message, "reset").remove(0);
        let accounts = &office.house.accounts;
        let shown = accounts.password_reset(&link).await.unwrap();
        assert_eq!((shown.name.as_str(), shown.email.as_str()), ("Bo Chen", BO));
        // The old one works until there is another.
        office.house.sign_in(BO, PASSWORD).await.unwrap();
        let weak = accounts
            .choose_password(&link, "password12345".into(), &home())
            .await;
        assert!(
            matches!(weak, Err(Told::Invalid { ref field, .. }) if field == "password"),
            "{weak:?}"
        );
        accounts
            .choose_password(&link, OTHER_PASSWORD.into(), &home())
            .await
            .unwrap();
        let log = office.log(LogScope::All).await;
        let types: Vec<_> = log[..2]
            .iter()
            .map(|event| event.body.event_type.as_str())
            .collect();
        assert_eq!(types, ["session.revoked", "user.password_reset"]);
        assert_eq!(log[1].body.actor.email.as_deref(), Some(BO));
        assert!(!office.house.still_in(&browser, 0).await);
        office.house.sign_in(BO, PASSWORD).await.unwrap_err();
        office.house.sign_in(BO, OTHER_PASSWORD).await.unwrap();
        // Once.
        let again = accounts.choose_password(&link, PASSWORD.into(), &home()).await;
        assert_eq!(again, Err(Told::NotFound));
        for odd in ["", "junk", "\u{0}", &"x".repeat(10_000)] {
            assert_eq!(accounts.password_reset(odd).await, Err(Told::NotFound));
        }
        let everything = serde_json::to_string(&log).unwrap() + &office.house.at.contents_or_nothing().await;
        assert!(!everything.contains(&link));
    })
    .await;
}

#[tokio::test]
async fn who_is_no_user_is_told_the_same_and_gets_nothing() {
    on_each_database(async |at| {
        let (mut office, server) = PostOffice::with_server(at).await;
        let gone = bo(&office).await;
        let who = office.house.managing_users();
        office.house.accounts.deactivate_user(&who, gone).await.unwrap();
        let agent = office.house.role("Agent").await;
        let invited = office
            .house
            .accounts
            .invite_user(&who, "Cy", "cy@harbor.example", agent);
        invited.await.unwrap();
        office.worker.settle().await.unwrap();
        server.take();
        for (email, why) in [
            ("nobody@harbor.example", "Unknown user"),
            (BO, "The user is deactivated"),
            (
                "cy@harbor.example",
                "The user has not accepted the invitation yet",
            ),
        ] {
            assert_eq!(ask(&office, email).await, Ok(()), "{email}");
            assert_eq!(told(&office).await, (email.to_owned(), Some(why.to_owned())));
        }
        office.worker.settle().await.unwrap();
        assert_eq!(server.take(), Vec::<String>::new());
        // What can't be an address is nobody's.
        assert!(
            matches!(ask(&office, "nobody").await, Err(Told::Invalid { ref field, .. }) if field == "email")
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_is_sent_one_link_after_another() {
    let (office, _server) = PostOffice::with_server(TestDb::sqlite().await).await;
    bo(&office).await;
    ask(&office, BO).await.unwrap();
    ask(&office, BO).await.unwrap();
    let why = "A link was sent to them just before".to_owned();
    assert_eq!(told(&office).await, (BO.to_owned(), Some(why)));
    office.house.at.clock.advance_seconds(601);
    ask(&office, BO).await.unwrap();
    assert_eq!(told(&office).await.1, None);
    // Nor does anybody try many.
    let mut held = Ok(());
    for _ in 0..10 {
        held = ask(&office, BO).await;
        if held.is_err() {
            break;
        }
    }
    assert!(matches!(held, Err(Told::TooManyRequests { .. })), "{held:?}");
    let (_, why) = told(&office).await;
    assert!(why.unwrap().starts_with("Too many tries"));
    // Others aren't held up by that.
    let elsewhere = office
        .house
        .accounts
        .ask_for_reset(BO, &from("203.0.113.9"))
        .await;
    elsewhere.unwrap().await.unwrap();
}

#[tokio::test]
async fn a_link_dies_with_what_it_was_for() {
    let (mut office, server) = PostOffice::with_server(TestDb::sqlite().await).await;
    let id = bo(&office).await;
    let who = office.house.managing_users();
    let link = async |office: &mut PostOffice| {
        office.house.accounts.send_password_reset(&who, id).await.unwrap();
        office.worker.settle().await.unwrap();
        links(&server.take().remove(0), "reset").remove(0)
    };
    let accounts = office.house.accounts.clone();
    let is_dead = async |link: &str| accounts.password_reset(link).await == Err(Told::NotFound);
    // Time.
    let first = link(&mut office).await;
    assert!(!is_dead(&first).await);
    office.house.at.clock.advance_seconds(3600);
    assert!(is_dead(&first).await);
    // A newer one.
    let (second, third) = (link(&mut office).await, link(&mut office).await);
    assert!(is_dead(&second).await && !is_dead(&third).await);
    // Another address: the mail went to the old one.
    let form = UserForm {
        name: "Bo Chen".to_owned(),
        email: "bo.chen@harbor.example".to_owned(),
        phone: String::new(),
    };
    let seen = office.house.user_tag(id).await;
    accounts.update_user(&who, id, &seen, form).await.unwrap();
    assert!(is_dead(&third).await);
    // A password from elsewhere.
    let fourth = link(&mut office).await;
    let email = "bo.chen@harbor.example";
    accounts
        .reset_password(&who, email, OTHER_PASSWORD.into())
        .await
        .unwrap();
    assert!(is_dead(&fourth).await);
    // Being shut out, also once one is back.
    let fifth = link(&mut office).await;
    accounts.deactivate_user(&who, id).await.unwrap();
    assert!(is_dead(&fifth).await);
    accounts.reactivate_user(&who, id).await.unwrap();
    assert!(is_dead(&fifth).await);
}

#[tokio::test]
async fn an_administrator_is_told_why_none_is_sent() {
    let (office, _server) = PostOffice::with_server(TestDb::sqlite().await).await;
    let id = bo(&office).await;
    let (who, accounts) = (office.house.managing_users(), &office.house.accounts);
    let reason = async |id| match accounts.send_password_reset(&who, id).await {
        Err(Told::Conflict { reason }) => reason,
        other => panic!("{other:?}"),
    };
    let agent = office.house.role("Agent").await;
    let invited = accounts
        .invite_user(&who, "Cy", "cy@harbor.example", agent)
        .await
        .unwrap();
    assert!(reason(invited.user.id).await.contains("no password yet"));
    accounts.deactivate_user(&who, id).await.unwrap();
    assert!(reason(id).await.contains("deactivated"));
    accounts.reactivate_user(&who, id).await.unwrap();
    office.set(form("", 25)).await.unwrap();
    assert!(reason(id).await.starts_with("There is no mail server"));
    assert!(!accounts.offers_reset().await.unwrap());
}
