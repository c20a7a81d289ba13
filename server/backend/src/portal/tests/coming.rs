//! Coming in by a link and by a password; what keeps people out, and what the record says of it.

use super::{ANN, ANN_ID, BEA, CARL, CONTOSO, Door, HARBOR};
use crate::{
    accounts::{
        secret,
        tests::{OTHER_PASSWORD, PASSWORD, from, home},
    },
    testing::on_each_database,
};
use daybook_domain::{
    Error as Told,
    email::NewPassword,
    event::{Event, Outcome, Portal as At},
    log::LogKind,
    object::ObjectKind,
    portal::LINK_MINUTES,
    ports::Portal as _,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

fn code(event: &Event) -> &str {
    event.body.metadata["reason_code"].as_str().unwrap()
}

fn browser() -> SecretString {
    SecretString::from(secret())
}

async fn set(
    door: &Door,
    who: &daybook_domain::portal::ContactViewer,
    current: &str,
    new: &str,
) -> Result<(), Told> {
    let word = |text: &str| NewPassword::new(text.to_owned());
    door.portal.set_password(who, word(current), word(new)).await
}

#[tokio::test]
async fn a_link_signs_in_once_and_in_the_browser_that_asked() {
    on_each_database(async |at| {
        let door = Door::new(at).await;
        let (own, other) = (browser(), browser());
        door.ask(" Ann@Harbor.example ", &own).await;
        let sent = door.last().await.body;
        assert_eq!(sent.event_type, "contact.sign_in_link_sent");
        assert_eq!(sent.contact.as_ref().unwrap().name.as_deref(), Some("Ann Reyes"));
        assert_eq!(
            sent.company.as_ref().unwrap().name.as_deref(),
            Some("Harbor Lines")
        );
        assert_eq!(
            sent.brand.as_ref().unwrap().name.as_deref(),
            Some("Quayside Support")
        );
        let link = door.link().await;

        // Forwarded, or opened by what looks at mail.
        for elsewhere in [&other, &SecretString::from("")] {
            let refused = door.portal.enter_by_link(&link, elsewhere, None, &home()).await;
            assert!(matches!(refused, Err(Told::Invalid { ref field, .. }) if field == "link"));
            assert_eq!(code(&door.last().await), "other_browser");
        }
        let again = NewPassword::new(own.expose_secret().into());
        let shown = door.portal.link_of(&link, &again).await.unwrap();
        assert_eq!((shown.len(), shown[0].company.as_str()), (1, "Harbor Lines"));

        let token = door
            .portal
            .enter_by_link(&link, &own, None, &home())
            .await
            .unwrap();
        let came = door.last().await.body;
        assert_eq!(
            (came.event_type.as_str(), came.log),
            ("contact.signed_in", LogKind::ContactAuthentication)
        );
        assert_eq!(
            (came.portal, came.login_source.as_deref()),
            (Some(At::Customer), Some("magic_link"))
        );
        let auth = came.auth.unwrap();
        assert_eq!(
            auth.id,
            sent.metadata["link"].as_str().map(str::to_owned),
            "cross-reference"
        );
        let steps: Vec<_> = came.steps.iter().map(|step| step.message.as_str()).collect();
        assert_eq!(
            steps,
            [
                "Looked up the address",
                "The link is right, and so is the browser",
                "Cookie issued"
            ]
        );
        let who = door.seen(&token).await.unwrap();
        assert_eq!(
            (who.name(), who.company_name(), who.sees_company()),
            ("Ann Reyes", "Harbor Lines", false)
        );
        assert_eq!(who.look().colour.as_deref(), Some("#1f6f5c"));

        let again = door.portal.enter_by_link(&link, &own, None, &home()).await;
        again.unwrap_err();
        assert_eq!(code(&door.last().await), "used_link");
        for odd in ["", "junk", "\u{0}", &"x".repeat(10_000)] {
            door.portal
                .enter_by_link(odd, &own, None, &home())
                .await
                .unwrap_err();
            assert_eq!(code(&door.last().await), "unknown_link");
        }
        let kept = door.house.at.contents_or_nothing().await;
        let secrets = [link.as_str(), token.expose_secret(), own.expose_secret()];
        assert!(
            secrets.iter().all(|secret| !kept.contains(secret)),
            "no secret is stored"
        );
    })
    .await;
}

#[tokio::test]
async fn a_link_is_over_after_its_time() {
    on_each_database(async |at| {
        let door = Door::new(at).await;
        let own = browser();
        door.ask(ANN, &own).await;
        let link = door.link().await;
        door.house.at.clock.advance_seconds(LINK_MINUTES * 60);
        door.portal
            .enter_by_link(&link, &own, None, &home())
            .await
            .unwrap_err();
        assert_eq!(code(&door.last().await), "expired_link");
    })
    .await;
}

#[tokio::test]
async fn who_may_not_come_in_is_told_the_same_and_gets_nothing() {
    on_each_database(async |at| {
        let door = Door::new(at).await;
        let own = browser();
        let company = ObjectKind::Company;
        door.change(company, CONTOSO, json!({"portal": false})).await;
        for (address, why) in [
            ("nobody@harbor.example", "No contact has this address"),
            (CARL, "The customer portal is off for the company"),
        ] {
            door.ask(address, &own).await;
            let told = door.last().await.body;
            assert_eq!(told.event_type, "contact.sign_in_link_refused");
            assert_eq!(
                (told.outcome, told.reason.as_deref()),
                (Outcome::Failure, Some(why))
            );
            assert_eq!(told.actor.email.as_deref(), Some(address));
        }
        let odd = door.portal.ask_for_link("no address", &own, &home()).await;
        assert!(matches!(odd, Err(Told::Invalid { ref field, .. }) if field == "email"));
    })
    .await;
}

#[tokio::test]
async fn nobodys_mailbox_is_filled() {
    on_each_database(async |at| {
        let door = Door::new(at).await;
        let own = browser();
        let ask = async |browser: &SecretString, network: u8| {
            let request = from(&format!("203.0.{network}.7"));
            let asked = door.portal.ask_for_link(ANN, browser, &request).await;
            asked.unwrap().await.unwrap();
            door.last().await.body.reason
        };
        for network in 0..4 {
            assert_eq!(ask(&own, network).await, None);
        }
        let enough = Some("Links were sent to them just before".to_owned());
        assert_eq!(ask(&own, 9).await, enough);
        // Whom others ask for isn't kept out by that.
        assert_eq!(ask(&browser(), 10).await, None);
    })
    .await;
}

#[tokio::test]
async fn who_may_not_come_in_any_more_is_out_for_good() {
    on_each_database(async |at| {
        let door = Door::new(at).await;
        let (company, contact) = (ObjectKind::Company, ObjectKind::Contact);
        for (kind, id, out, back) in [
            (company, HARBOR, json!({"portal": false}), json!({"portal": true})),
            (
                company,
                HARBOR,
                json!({"status": "deactivated"}),
                json!({"status": "active"}),
            ),
            (
                contact,
                ANN_ID,
                json!({"company": null}),
                json!({"company": door.harbor}),
            ),
            (
                contact,
                ANN_ID,
                json!({"status": "deactivated"}),
                json!({"status": "active"}),
            ),
            // Somebody else by now, for all that is known.
            (
                contact,
                ANN_ID,
                json!({"email": "eve@harbor.example"}),
                json!({"email": ANN}),
            ),
        ] {
            let token = door.enter(ANN).await;
            assert!(door.seen(&token).await.is_some());
            door.change(kind, id, out.clone()).await;
            assert!(door.seen(&token).await.is_none(), "{out}");
            door.change(kind, id, back).await;
            let is_renamed = out.get("email").is_some();
            assert_eq!(
                door.seen(&token).await.is_some(),
                is_renamed,
                "{out}: it doesn't go on"
            );
            door.house.at.clock.advance_seconds(LINK_MINUTES * 60);
        }
    })
    .await;
}

#[tokio::test]
async fn what_somebody_sees_goes_with_their_company_and_a_session_ends_when_nobody_is_there() {
    on_each_database(async |at| {
        let door = Door::new(at).await;
        let token = door.enter(ANN).await;
        let to_contoso = json!({"company": door.contoso});
        door.change(ObjectKind::Contact, ANN_ID, to_contoso).await;
        let moved = door.seen(&token).await.unwrap();
        assert_eq!(moved.company(), door.contoso);
        let policy = door.house.accounts.policy().await.unwrap();
        let idle = i64::from(policy.idle_minutes) * 60;
        door.house.at.clock.advance_seconds(idle);
        assert!(door.seen(&token).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn another_address_has_neither_the_password_nor_is_one_let_in_by_made_up_links() {
    on_each_database(async |at| {
        let door = Door::new(at).await;
        let who = door.signed_in(ANN).await;
        set(&door, &who, "", PASSWORD).await.unwrap();
        let eve = "eve@harbor.example";
        door.change(ObjectKind::Contact, ANN_ID, json!({"email": eve}))
            .await;
        let tried = door.portal.enter_by_password(eve, PASSWORD.into(), &home()).await;
        tried.unwrap_err();
        assert_eq!(code(&door.last().await), "wrong_password");
        // Who makes up links is held back, and fills no log.
        let own = browser();
        let mut held = false;
        for _ in 0..60 {
            let before = door.house.events().await.len();
            let made_up = door.portal.enter_by_link("x", &own, None, &home()).await;
            if matches!(made_up, Err(Told::TooManyRequests { .. })) {
                assert_eq!(door.house.events().await.len(), before);
                held = true;
                break;
            }
        }
        assert!(held);
    })
    .await;
}

#[tokio::test]
async fn a_password_is_set_and_signs_in() {
    on_each_database(async |at| {
        let door = Door::new(at).await;
        let who = door.signed_in(ANN).await;
        let other = door.enter(ANN).await;
        let wrong = door.portal.enter_by_password(ANN, PASSWORD.into(), &home()).await;
        let Err(Told::Invalid { field, reason }) = wrong else {
            panic!("there is no password yet");
        };
        let first = (field, reason);
        assert_eq!(code(&door.last().await), "wrong_password");
        set(&door, &who, "", "ann harbor").await.unwrap_err();
        set(&door, &who, "", PASSWORD).await.unwrap();
        assert!(door.seen(&other).await.is_none(), "all others end");
        assert!(door.portal.account(&who).await.unwrap().sessions.len() == 1);

        let token = door
            .portal
            .enter_by_password(" ANN@harbor.example", PASSWORD.into(), &home())
            .await;
        let by_password = door.seen(&token.unwrap()).await.unwrap();
        let came = door.last().await.body;
        assert_eq!(came.login_source.as_deref(), Some("form"));
        assert_eq!(came.auth.unwrap().method.as_deref(), Some("password"));
        for (address, password, why) in [
            (ANN, OTHER_PASSWORD, "wrong_password"),
            ("nobody@harbor.example", PASSWORD, "unknown_contact"),
            (BEA, PASSWORD, "wrong_password"),
        ] {
            let refused = door
                .portal
                .enter_by_password(address, password.into(), &home())
                .await;
            let Err(Told::Invalid { field, reason }) = refused else {
                panic!("{address} came in");
            };
            assert_eq!((field, reason), first, "told the same");
            assert_eq!(code(&door.last().await), why);
        }
        // Who didn't come by a link just now sets no first one.
        let bea = door.signed_in(BEA).await;
        door.house.at.clock.advance_seconds(31 * 60);
        let late = set(&door, &bea, "", OTHER_PASSWORD).await;
        assert!(matches!(late, Err(Told::Invalid { ref field, .. }) if field == "password"));
        // Who has one has to know it.
        let account = door.portal.account(&by_password).await.unwrap();
        assert!(account.has_password && account.asks_current);
        let refused = set(&door, &by_password, OTHER_PASSWORD, OTHER_PASSWORD).await;
        assert!(matches!(refused, Err(Told::Invalid { ref field, .. }) if field == "current"));
        set(&door, &by_password, PASSWORD, OTHER_PASSWORD).await.unwrap();
        let changed = door.house.events().await;
        let changed = changed
            .iter()
            .rev()
            .find(|event| event.body.event_type == "contact.password_set");
        assert!(changed.unwrap().body.changes[0].secret);
        let kept = door.house.at.contents_or_nothing().await;
        assert!(!kept.contains(PASSWORD) && !kept.contains(OTHER_PASSWORD));
    })
    .await;
}

#[tokio::test]
async fn guesses_are_held_back() {
    on_each_database(async |at| {
        let door = Door::new(at).await;
        let mut held = None;
        for _ in 0..20 {
            let tried = door.portal.enter_by_password(ANN, "guess".into(), &home()).await;
            if let Err(Told::TooManyRequests { .. }) = tried {
                held = Some(door.last().await);
                break;
            }
        }
        assert_eq!(code(&held.unwrap()), "throttled");
    })
    .await;
}

#[tokio::test]
async fn sessions_are_ended_by_who_has_them() {
    on_each_database(async |at| {
        let door = Door::new(at).await;
        let (mine, other) = (door.enter(ANN).await, door.enter(ANN).await);
        let who = door.seen(&mine).await.unwrap();
        let sessions = door.portal.account(&who).await.unwrap().sessions;
        assert_eq!(sessions.len(), 2);
        let second = sessions.iter().find(|session| !session.is_this).unwrap().id;
        let carl = door.signed_in(CARL).await;
        assert_eq!(door.portal.end_session(&carl, second).await, Err(Told::NotFound));
        door.portal.end_session(&who, second).await.unwrap();
        assert_eq!(door.last().await.body.event_type, "contact.session_revoked");
        assert!(door.seen(&other).await.is_none());
        door.portal.sign_out(&who).await.unwrap();
        assert_eq!(door.last().await.body.event_type, "contact.signed_out");
        assert!(door.seen(&mine).await.is_none());
        // What was begun before goes nowhere.
        let late = door.portal.end_other_sessions(&who).await;
        assert_eq!(late, Err(Told::Unauthenticated));
    })
    .await;
}
