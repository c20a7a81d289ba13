//! Setting up, signing in and out, and the session in between.

use crate::{
    client::{Answer, Client},
    house::{ADMINISTRATOR, AUDITOR, House, PASSWORD, settings},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use daybook_app::flash::Flash;
use daybook_backend::testing::{TestDb, on_each_database};
use daybook_domain::{
    account::LinkWay,
    id::RoleId,
    object::ObjectQuery,
    permission::ManageUsers,
    ports::{Roles, Users},
};

/// What the next page will say.
pub fn flash(answer: &Answer) -> Flash {
    let cookies = answer.set_cookies();
    let cookie = cookies
        .iter()
        .find_map(|cookie| cookie.strip_prefix("daybook_flash="))
        .expect("a message");
    let bytes = URL_SAFE_NO_PAD.decode(cookie.split(';').next().unwrap()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

async fn sign_in(client: &mut Client, email: &str, password: &str, next: &str) -> Answer {
    client
        .form(
            "/sign-in",
            &[("email", email), ("password", password), ("next", next)],
        )
        .await
}

fn set_up_form<'a>(email: &'a str, password: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("workspace", "Northdesk"),
        ("name", "Ada Lindqvist"),
        ("email", email),
        ("password", password),
    ]
}

#[tokio::test]
async fn the_first_to_come_becomes_the_administrator() {
    let house = House::empty(TestDb::sqlite().await, settings());
    let mut browser = house.client();
    assert_eq!(browser.get("/").await.location(), "/sign-in");
    assert_eq!(browser.get("/sign-in").await.location(), "/setup");
    assert_eq!(browser.get("/setup").await.status, 200);
    let weak = browser
        .form("/setup", &set_up_form(ADMINISTRATOR, "password"))
        .await;
    assert_eq!((weak.status, weak.location()), (303, "/setup"));
    let said = flash(&weak);
    assert_eq!(said.field.as_deref(), Some("password"));
    assert_eq!(
        (said.value("email"), said.value("password")),
        (Some(ADMINISTRATOR), None)
    );
    let page = browser.get("/setup").await;
    assert!(page.body.contains(ADMINISTRATOR), "the form is filled in again");
    let done = browser
        .form("/setup", &set_up_form(ADMINISTRATOR, PASSWORD))
        .await;
    assert_eq!((done.status, done.location()), (303, "/"));
    assert_eq!(browser.get("/admin/users").await.status, 200);
}

#[tokio::test]
async fn a_race_to_set_up_makes_exactly_one_administrator() {
    on_each_database(async |at| {
        let house = House::empty(at, settings());
        let rush = (0..4).map(|number| {
            let mut browser = house.client();
            async move {
                let email = format!("{number}@northdesk.example");
                let answer = browser.form("/setup", &set_up_form(&email, PASSWORD)).await;
                (answer.location() == "/", browser)
            }
        });
        let mut winners = 0;
        for (has_won, mut browser) in futures::future::join_all(rush).await {
            winners += usize::from(has_won);
            let expected = if has_won { 200 } else { 302 };
            assert_eq!(browser.get("/admin/users").await.status, expected);
        }
        assert_eq!(winners, 1);
        let granted = house.system().await.grant(ManageUsers).unwrap();
        assert_eq!(
            house
                .services
                .accounts
                .list_users(&granted, &ObjectQuery::default())
                .await
                .unwrap()
                .rows
                .len(),
            1
        );
    })
    .await;
}

#[tokio::test]
async fn signing_in_goes_on_to_where_one_wanted_to_go_and_nowhere_else() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut browser = house.client();
    let asked = browser.get("/audit-logs/access?actor=a&ip=%3A%3A1").await;
    assert_eq!(
        asked.location(),
        "/sign-in?next=%2Faudit-logs%2Faccess%3Factor%3Da%26ip%3D%253A%253A1"
    );
    let form = browser.get(asked.location()).await;
    assert!(
        form.body
            .contains("name=\"next\" value=\"/audit-logs/access?actor=a&amp;ip="),
        "the form knows the way"
    );
    let next = "/audit-logs/access?actor=a&ip=%3A%3A1";
    assert_eq!(
        sign_in(&mut house.client(), ADMINISTRATOR, PASSWORD, next)
            .await
            .location(),
        next
    );
    for evil in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
    ] {
        let answer = sign_in(&mut house.client(), ADMINISTRATOR, PASSWORD, evil).await;
        assert_eq!((answer.status, answer.location()), (303, "/"), "{evil}");
        let refused = sign_in(&mut house.client(), "x@example.org", "wrong", evil).await;
        assert_eq!(refused.location(), "/sign-in", "{evil}");
    }
}

#[tokio::test]
async fn a_wrong_password_says_the_same_as_an_unknown_user() {
    let house = House::new(TestDb::sqlite().await).await;
    let said = |answer: &Answer| {
        assert_eq!(
            (answer.status, answer.location()),
            (303, "/sign-in?next=%2Faccount")
        );
        let flash = flash(answer);
        (flash.message, flash.field)
    };
    let mut browser = house.client();
    let wrong = sign_in(&mut browser, ADMINISTRATOR, "wrong", "/account").await;
    let unknown = sign_in(
        &mut house.client(),
        "nobody@northdesk.example",
        "wrong",
        "/account",
    )
    .await;
    assert_eq!(said(&wrong), said(&unknown));
    assert_eq!(flash(&wrong).value("email"), Some(ADMINISTRATOR));
    assert!(
        !browser.cookies.contains_key("daybook_session"),
        "no session for nobody"
    );
    let page = browser.get("/sign-in?next=%2Faccount").await;
    assert!(page.body.contains(ADMINISTRATOR) && page.body.contains(&said(&wrong).0));
    assert!(!browser.cookies.contains_key("daybook_flash"), "said once");
}

#[tokio::test]
async fn whoever_guesses_has_to_wait_and_nobody_else_does() {
    let house = House::full(TestDb::sqlite().await).await;
    let mut guesser = house.client().from("203.0.113.9");
    let mut waits = false;
    for _ in 0..10 {
        let answer = sign_in(&mut guesser, ADMINISTRATOR, "a wrong password", "").await;
        waits |= flash(&answer).message.contains("Too many");
    }
    assert!(waits);
    let right = sign_in(&mut guesser, ADMINISTRATOR, PASSWORD, "").await;
    assert!(
        flash(&right).message.contains("Too many"),
        "also with the right password"
    );
    // Ada herself, who is elsewhere, and others come in.
    assert_eq!(
        sign_in(&mut house.client(), ADMINISTRATOR, PASSWORD, "")
            .await
            .location(),
        "/"
    );
    assert_eq!(
        sign_in(&mut house.client(), AUDITOR, PASSWORD, "")
            .await
            .location(),
        "/"
    );
    house.at.clock.advance_seconds(3600);
    assert_eq!(
        sign_in(&mut guesser, ADMINISTRATOR, PASSWORD, "")
            .await
            .location(),
        "/"
    );
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut browser = house.client();
    let answer = sign_in(&mut browser, ADMINISTRATOR, PASSWORD, "").await;
    let cookies = answer.set_cookies();
    assert_eq!(cookies.len(), 1);
    let cookie = cookies[0];
    for part in [
        "daybook_session=",
        "; HttpOnly",
        "; SameSite=Lax",
        "; Path=/",
        // The longest the policy can ever say, 90 days: when a session is over is the server's to say.
        "; Max-Age=7776000",
    ] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(
        !cookie.contains("Secure"),
        "over http a browser wouldn't send it back"
    );
    // A session that is given gets a new id at the next sign-in, and the old one is worth nothing.
    let before = browser.clone();
    sign_in(&mut browser, ADMINISTRATOR, PASSWORD, "").await;
    assert_ne!(
        before.cookies["daybook_session"],
        browser.cookies["daybook_session"]
    );
    assert_eq!(before.clone().get("/account").await.status, 302);
    // Nor does one that somebody made up become a session.
    let mut planted = house.client();
    planted
        .cookies
        .insert("daybook_session".into(), "AAAAAAAAAAAAAAAAAAAAAA".into());
    sign_in(&mut planted, ADMINISTRATOR, PASSWORD, "").await;
    assert_ne!(planted.cookies["daybook_session"], "AAAAAAAAAAAAAAAAAAAAAA");
}

#[tokio::test]
async fn signing_out_ends_the_session_for_good() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let mut browser = house.signed_in(ADMINISTRATOR).await;
        let copy = browser.clone();
        let out = browser.form("/sign-out", &[]).await;
        assert_eq!((out.status, out.location()), (303, "/sign-in"));
        assert!(
            out.set_cookies()
                .contains(&"daybook_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
        );
        assert_eq!(copy.clone().get("/account").await.status, 302);
        assert!(browser.get("/sign-in").await.body.contains("You are signed out."));
        // Once more, and without any session: no harm.
        assert_eq!(copy.clone().form("/sign-out", &[]).await.status, 303);
        assert_eq!(house.client().form("/sign-out", &[]).await.status, 303);
        let types: Vec<_> = house
            .events()
            .await
            .into_iter()
            .map(|event| event.body.event_type)
            .collect();
        assert_eq!(
            types
                .iter()
                .filter(|event_type| *event_type == "user.signed_out")
                .count(),
            1
        );
    })
    .await;
}

#[tokio::test]
async fn a_revoked_session_is_over_at_the_next_request() {
    let house = House::full(TestDb::sqlite().await).await;
    let mut here = house.signed_in(AUDITOR).await;
    let mut there = house.signed_in(AUDITOR).await;
    let form = "application/x-www-form-urlencoded";
    assert_eq!(
        here.call("/_fn/account/revoke_other_sessions", form, "")
            .await
            .status,
        200
    );
    assert_eq!(here.get("/account").await.status, 200);
    assert_eq!(there.get("/account").await.status, 302);
    assert!(
        !there.cookies.contains_key("daybook_session"),
        "the browser is told to forget it"
    );
    // Somebody deactivated is out, too.
    let granted = house.system().await.grant(ManageUsers).unwrap();
    let query = ObjectQuery::default();
    let users = house
        .services
        .accounts
        .list_users(&granted, &query)
        .await
        .unwrap()
        .rows;
    let otto = users.iter().find(|user| user.email == AUDITOR).unwrap().id;
    house
        .services
        .accounts
        .deactivate_user(&granted, otto)
        .await
        .unwrap();
    assert_eq!(here.get("/account").await.status, 302);
}

#[tokio::test]
async fn a_session_lasts_while_it_is_used_and_never_for_ever() {
    let house = House::new(TestDb::sqlite().await).await;
    let mut idle = house.signed_in(ADMINISTRATOR).await;
    let mut used = house.signed_in(ADMINISTRATOR).await;
    // Eleven hours, thirty times: nearly fourteen days.
    for round in 0..30 {
        house.at.clock.advance_seconds(11 * 3600);
        assert_eq!(used.get("/account").await.status, 200, "round {round}");
    }
    assert_eq!(idle.get("/account").await.status, 302);
    house.at.clock.advance_seconds(11 * 3600);
    assert_eq!(used.get("/account").await.status, 302);
}

#[tokio::test]
async fn an_invitation_lets_its_owner_choose_a_password_once() {
    let house = House::new(TestDb::sqlite().await).await;
    let granted = house.system().await.grant(ManageUsers).unwrap();
    let role: RoleId = {
        let choices = house.services.accounts.role_choices(&granted).await.unwrap();
        choices.into_iter().find(|(_, name)| name == "Auditor").unwrap().0
    };
    let invited = house
        .services
        .accounts
        .invite_user(&granted, "Noor", "noor@northdesk.example", role)
        .await
        .unwrap();
    let LinkWay::Shown { link, .. } = invited.way else {
        panic!("no mail is sent");
    };
    let link = link.reveal().to_owned();
    let mut browser = house.client();
    assert!(browser.get(&link).await.body.contains("noor@northdesk.example"));
    let weak = browser.form(&link, &[("password", "noor")]).await;
    assert_eq!(
        (weak.location(), flash(&weak).field.as_deref()),
        (link.as_str(), Some("password"))
    );
    let done = browser.form(&link, &[("password", PASSWORD)]).await;
    assert_eq!((done.status, done.location()), (303, "/"));
    assert_eq!(browser.get("/audit-logs/activity").await.status, 200);
    let again = house.client().form(&link, &[("password", PASSWORD)]).await;
    assert_eq!((again.status, again.location()), (303, link.as_str()));
    assert_eq!(house.client().get(&link).await.status, 404);
}
