//! Signing in and out: one answer for whoever fails, the truth in the log.

use super::*;
use crate::testing::on_each_database;
use daybook_domain::{
    event::{Action, ActorKind, EventBody, Outcome, Portal},
    log::LogKind,
    object::ObjectQuery,
};
use serde_json::json;

fn messages(body: &EventBody) -> Vec<&str> {
    body.steps.iter().map(|step| step.message.as_str()).collect()
}

#[tokio::test]
async fn a_sign_in_is_recorded_step_by_step() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let before = house.events().await.len();
        house.at.clock.advance_seconds(60);
        let ada = house.sign_in("  ada@NORTHDESK.example ", PASSWORD).await.unwrap();
        assert_eq!(Some(ada), house.ada.user_id());
        let events = house.events_since(before).await;
        assert_eq!(types(&events), ["user.signed_in"]);
        let body = &events[0].body;
        assert_eq!(
            (body.log, body.action, body.outcome),
            (LogKind::Access, Action::Login, Outcome::Success)
        );
        assert_eq!(body.summary.as_deref(), Some("Ada Lindqvist signed in"));
        assert_eq!(body.login_source.as_deref(), Some("form"));
        assert_eq!(body.auth.as_ref().unwrap().method.as_deref(), Some("password"));
        assert_eq!((body.ip, body.portal), (home().ip, Some(Portal::Admin)));
        assert_eq!(body.actor.id, Some(ada.to_string()));
        assert_eq!(
            messages(body),
            [
                "Looked up the email",
                "Member is valid",
                "Password is right",
                "Cookie issued"
            ]
        );
        assert!(
            body.steps
                .iter()
                .all(|step| step.at == Some(house.at.clock.now()))
        );
        let member = json!({"name": "Ada Lindqvist", "entity_id": ada, "email": ADMIN_EMAIL});
        assert_eq!(body.steps[0].data, json!({"members": [member]}));
        assert_eq!(body.steps[3].data, json!({"rememberMe": false}));
        let query = ObjectQuery::default();
        let users = house
            .accounts
            .list_users(&house.managing_users(), &query)
            .await
            .unwrap()
            .rows;
        assert_eq!(users[0].last_sign_in.as_ref().unwrap().utc, house.at.clock.now());
    })
    .await;
}

#[tokio::test]
async fn whatever_is_wrong_the_page_says_the_same_and_the_log_says_what() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let gone = house.user("Gone Girl", "gone@northdesk.example", "Agent").await;
        house
            .accounts
            .deactivate_user(&house.managing_users(), gone.id)
            .await
            .unwrap();
        house
            .invite("Ivo Invited", "ivo@northdesk.example", "Agent")
            .await;
        let before = house.events().await.len();
        let refusal = Told::invalid("email", "Email or password is wrong.");
        for email in [
            "nobody@northdesk.example",
            ADMIN_EMAIL,
            "gone@northdesk.example",
            "ivo@northdesk.example",
        ] {
            let password = if email == ADMIN_EMAIL {
                OTHER_PASSWORD
            } else {
                PASSWORD
            };
            assert_eq!(house.sign_in(email, password).await, Err(refusal.clone()));
        }
        let events = house.events_since(before).await;
        assert_eq!(types(&events), ["user.sign_in_failed"; 4]);
        let told: Vec<_> = events
            .iter()
            .map(|event| {
                let body = &event.body;
                assert_eq!(
                    (body.log, body.action, body.outcome),
                    (LogKind::Access, Action::Login, Outcome::Failure)
                );
                assert_eq!(body.actor.kind, ActorKind::User);
                let code = body.metadata["reason_code"].as_str().unwrap();
                (
                    code,
                    body.actor.label(),
                    body.actor.id.is_some(),
                    messages(body).pop().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (
                    "unknown_user",
                    "nobody@northdesk.example".to_owned(),
                    false,
                    "No member has this email"
                ),
                (
                    "wrong_password",
                    "Ada Lindqvist".to_owned(),
                    true,
                    "Password is wrong"
                ),
                (
                    "deactivated",
                    "Gone Girl".to_owned(),
                    true,
                    "Member is not valid: deactivated"
                ),
                (
                    "invited",
                    "Ivo Invited".to_owned(),
                    true,
                    "Member is not valid: invitation not accepted yet"
                ),
            ]
        );
        let summary = events[1].body.summary.as_deref();
        assert_eq!(summary, Some("Sign-in of Ada Lindqvist failed: wrong password"));
    })
    .await;
}

#[tokio::test]
async fn nothing_typed_can_break_or_bloat_the_record() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let long = format!("ä@{}", "x".repeat(5_000));
        for typed in [
            long.as_str(),
            "nul\u{0}@x.example",
            "' OR 1=1 --@x",
            "",
            "hunter2 in the wrong field",
        ] {
            assert_eq!(field_of(house.sign_in(typed, PASSWORD).await), "email");
        }
        let events = house.events().await;
        for event in &events {
            event.body.check_limits().unwrap();
        }
        let typed: Vec<_> = events
            .iter()
            .rev()
            .take(5)
            .map(|event| event.body.actor.email.clone())
            .collect();
        assert_eq!(typed[0], None, "what is no email may be a password");
        assert_eq!(typed[3].as_deref(), Some("nul@x.example"));
        assert_eq!(
            typed[4].as_ref().unwrap().chars().count(),
            1000.min(long.chars().count())
        );
    })
    .await;
}

/// That the hash checked for nobody costs what a real one costs is tested beside it.
#[tokio::test]
async fn a_password_is_checked_once_whoever_it_is_so_that_time_tells_nothing() {
    let house = House::new(TestDb::sqlite().await).await;
    house
        .invite("Ivo Invited", "ivo@northdesk.example", "Agent")
        .await;
    let gone = house.user("Gone Girl", "gone@northdesk.example", "Agent").await;
    house
        .accounts
        .deactivate_user(&house.managing_users(), gone.id)
        .await
        .unwrap();
    for email in [
        ADMIN_EMAIL,
        "nobody@northdesk.example",
        "ivo@northdesk.example",
        "gone@northdesk.example",
        "",
    ] {
        let before = house.accounts.0.passwords.checked();
        house.sign_in(email, OTHER_PASSWORD).await.unwrap_err();
        assert_eq!(house.accounts.0.passwords.checked() - before, 1, "{email}");
    }
}

#[tokio::test]
async fn a_guesser_is_held_back_and_the_log_is_not_flooded() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let before = house.events().await.len();
        for _ in 0..5 {
            assert_eq!(
                house
                    .sign_in(ADMIN_EMAIL, OTHER_PASSWORD)
                    .await
                    .unwrap_err()
                    .status(),
                422
            );
        }
        for _ in 0..50 {
            let held = house.sign_in(ADMIN_EMAIL, PASSWORD).await;
            assert_eq!(
                held,
                Err(Told::TooManyRequests {
                    retry_after_seconds: 1
                }),
                "also with the right password"
            );
        }
        let events = house.events_since(before).await;
        assert_eq!(
            types(&events),
            ["user.sign_in_failed"; 6],
            "one record of being held back"
        );
        let noted = &events[5].body;
        assert_eq!(noted.metadata["reason_code"], "throttled");
        assert_eq!(noted.metadata["limit"], "account_from_address");
        assert_eq!(noted.reason.as_deref(), Some("Too many tries: held back for 1 s"));
        assert_eq!(noted.actor.name.as_deref(), Some("Ada Lindqvist"));

        let elsewhere = house
            .accounts
            .sign_in(ADMIN_EMAIL, PASSWORD.into(), &from("203.0.113.9"))
            .await;
        assert!(elsewhere.is_ok(), "the owner elsewhere isn't held back");
        house.at.clock.advance_seconds(1);
        assert!(house.sign_in(ADMIN_EMAIL, PASSWORD).await.is_ok());
        for _ in 0..5 {
            assert_eq!(
                house
                    .sign_in(ADMIN_EMAIL, OTHER_PASSWORD)
                    .await
                    .unwrap_err()
                    .status(),
                422
            );
        }
    })
    .await;
}

#[tokio::test]
async fn accounts_that_do_not_exist_are_held_back_like_those_that_do() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let answers = async |email: &str, ip: &str| {
            let (mut answers, request) = (vec![], from(ip));
            for _ in 0..7 {
                let tried = house.accounts.sign_in(email, OTHER_PASSWORD.into(), &request);
                answers.push(tried.await.unwrap_err());
            }
            answers
        };
        let known = answers(ADMIN_EMAIL, "203.0.113.1").await;
        assert_eq!(known, answers("nobody@northdesk.example", "203.0.113.2").await);
        assert_eq!(known[6].status(), 429);
    })
    .await;
}

#[tokio::test]
async fn a_try_that_failed_for_our_own_fault_is_not_held_against_anybody() {
    let house = House::new(TestDb::sqlite().await).await;
    let away = crate::db::Db::open(&crate::db::Address::Sqlite(
        house.at.folder.path().join("other.db"),
    ))
    .await
    .unwrap();
    // A database without tables: every query fails.
    let broken = Accounts::new(
        away,
        house.at.writer.clone(),
        house.at.clock.clone(),
        house.at.ids.clone(),
        Mailing::none(),
        sender(Limits::default()),
    );
    broken.0.workspace.set(house.workspace.clone()).unwrap();
    for _ in 0..20 {
        let failed = broken.sign_in(ADMIN_EMAIL, PASSWORD.into(), &home()).await;
        let ours = Told::Unavailable {
            request_id: "request-1".to_owned(),
        };
        assert_eq!(failed.unwrap_err(), ours);
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_and_is_recorded() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let other = house.browser(house.ada.user_id().unwrap(), 1).await;
        house.accounts.sign_out(&house.ada).await.unwrap();
        assert!(!house.still_in(&house.ada, 0).await);
        assert!(house.still_in(&other, 1).await);
        let body = house.last_event().await.body;
        assert_eq!(
            (body.event_type.as_str(), body.log),
            ("user.signed_out", LogKind::Access)
        );
        assert_eq!((body.action, body.ip), (Action::Logout, home().ip));
        assert_eq!(body.summary.as_deref(), Some("Ada Lindqvist signed out"));
        let system = house.accounts.system_viewer(&house.workspace, "daybook");
        assert_eq!(house.accounts.sign_out(&system).await, Err(Told::Unauthenticated));
    })
    .await;
}

#[tokio::test]
async fn who_is_deactivated_while_the_password_is_checked_stays_out() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let bo = house.user("Bo Chen", "bo@northdesk.example", "Agent").await;
        let who = house.managing_users();
        let held = house.accounts.0.passwords.hold().await;
        let deactivation = async {
            while house.accounts.0.passwords.checked() == 0 {
                tokio::task::yield_now().await;
            }
            house.accounts.deactivate_user(&who, bo.id).await.unwrap();
            drop(held);
        };
        let (signed_in, ()) = futures::join!(house.sign_in("bo@northdesk.example", PASSWORD), deactivation);
        assert_eq!(field_of(signed_in), "email");
        let body = house.last_event().await.body;
        assert_eq!(body.metadata["reason_code"], "changed_meanwhile");
        assert_eq!(
            messages(&body),
            ["Looked up the email", "Member is valid", "Password is right"]
        );
        let late = house
            .accounts
            .insert_session(new_session(&house.at, bo.id, 0))
            .await;
        assert!(matches!(late, Err(crate::Error::Domain(Told::Unauthenticated))));
    })
    .await;
}

#[tokio::test]
async fn who_knows_the_password_is_never_held_back() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        for _ in 0..40 {
            house.sign_in(ADMIN_EMAIL, PASSWORD).await.unwrap();
        }
    })
    .await;
}
