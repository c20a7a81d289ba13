//! Codes beside the password: set up, asked for, taken once, lost, required.

use super::*;
use crate::{accounts::Entering, testing::on_each_database};
use daybook_domain::{
    event::EventBody,
    permission::Permission,
    ports::{Account, Roles as _, Users as _},
};
use secrecy::SecretString;
use totp_rs::{Builder, Secret};

/// The code that an app shows now.
pub fn code(house: &House, secret: &str) -> String {
    let app = Builder::new()
        .with_secret(Secret::try_from_base32(secret).unwrap())
        .with_account_name("any")
        .build()
        .unwrap();
    let seconds = u64::try_from(house.at.clock.now().micros() / 1_000_000).unwrap();
    app.generate(seconds).to_string()
}

/// What an app of somebody takes, once they have begun.
pub async fn begun(house: &House, who: &Viewer) -> String {
    house.accounts.begin_second_factor(who, PASSWORD).await.unwrap();
    let factor = house.accounts.second_factor(who).await.unwrap();
    factor.enrolment.unwrap().secret.reveal().to_owned()
}

/// The same once codes are asked for, with the recovery codes. The next code is another one.
pub async fn set_up(house: &House, who: &Viewer) -> (String, Vec<String>) {
    let secret = begun(house, who).await;
    let codes = house
        .accounts
        .confirm_second_factor(who, &code(house, &secret))
        .await;
    let codes = codes.unwrap().reveal().lines().map(str::to_owned).collect();
    house.at.clock.advance_seconds(30);
    (secret, codes)
}

/// Types the password, and says what a code is sent with.
pub async fn asked(house: &House, email: &str) -> SecretString {
    let entering = house.accounts.sign_in(email, PASSWORD.into(), &home()).await;
    match entering.unwrap() {
        Entering::CodeDue(token) => token,
        Entering::In(_) => panic!("nobody asked for a code"),
    }
}

async fn finish(house: &House, token: &SecretString, code: &str) -> Result<UserId, Told> {
    house.accounts.finish_sign_in(token, code, &home()).await
}

fn field(of: Result<impl std::fmt::Debug, Told>) -> String {
    match of {
        Err(Told::Invalid { field, .. }) => field,
        other => panic!("{other:?}"),
    }
}

fn method(body: &EventBody) -> Option<&str> {
    body.auth.as_ref()?.method.as_deref()
}

const BO: &str = "bo@northdesk.example";

async fn bo(house: &House) -> Viewer {
    let bo = house.user("Bo Chen", BO, "Auditor").await;
    house.browser(bo.id, 0).await
}

#[tokio::test]
async fn a_code_is_asked_for_and_taken_once() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let bo = bo(&house).await;
        let (secret, codes) = set_up(&house, &bo).await;
        assert_eq!(codes.len(), 10);
        let factor = house.accounts.second_factor(&bo).await.unwrap();
        assert!(factor.since.is_some() && factor.enrolment.is_none());
        assert_eq!(factor.recovery_codes, 10);

        let before = house.events().await.len();
        let token = asked(&house, BO).await;
        assert_eq!(types(&house.events_since(before).await), ["user.code_asked"]);
        let now = code(&house, &secret);
        let typed = format!(" {} {} ", &now[..3], &now[3..]);
        assert_eq!(finish(&house, &token, &typed).await.ok(), bo.user_id());
        let events = house.events_since(before + 1).await;
        assert_eq!(types(&events), ["user.signed_in"]);
        assert_eq!(method(&events[0].body), Some("password_and_code"));
        let steps: Vec<_> = events[0]
            .body
            .steps
            .iter()
            .map(|step| step.message.as_str())
            .collect();
        assert_eq!(
            steps,
            [
                "Looked up the email",
                "Password was right",
                "Code of the app is right",
                "Cookie issued"
            ]
        );
        // What was waited for is over, and the code used.
        assert_eq!(finish(&house, &token, &now).await, Err(Told::NotFound));
        let token = asked(&house, BO).await;
        let before = house.events().await.len();
        assert_eq!(field(finish(&house, &token, &now).await), "code");
        let events = house.events_since(before).await;
        assert_eq!(types(&events), ["user.sign_in_failed"]);
        assert_eq!(events[0].body.reason.as_deref(), Some("The code was used before"));
        assert_eq!(events[0].body.metadata["reason_code"], "used_code");
        house.at.clock.advance_seconds(30);
        assert!(finish(&house, &token, &code(&house, &secret)).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_clock_that_is_a_little_off_does() {
    let house = House::new(TestDb::sqlite().await).await;
    let bo = bo(&house).await;
    let (secret, _) = set_up(&house, &bo).await;
    house.at.clock.advance_seconds(60);
    let old = code(&house, &secret);
    house.at.clock.advance_seconds(30);
    let token = asked(&house, BO).await;
    assert!(finish(&house, &token, &old).await.is_ok());
    let old = code(&house, &secret);
    house.at.clock.advance_seconds(60);
    let token = asked(&house, BO).await;
    assert_eq!(field(finish(&house, &token, &old).await), "code");
}

#[tokio::test]
async fn a_recovery_code_lets_in_once() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let bo = bo(&house).await;
        let (_, codes) = set_up(&house, &bo).await;
        let token = asked(&house, BO).await;
        let typed = codes[3].to_uppercase().replace('-', " ");
        assert!(finish(&house, &token, &typed).await.is_ok());
        let last = house.last_event().await;
        assert_eq!(method(&last.body), Some("password_and_recovery_code"));
        assert_eq!(last.body.steps[2].message, "Recovery code is right; 9 are left");
        let token = asked(&house, BO).await;
        assert_eq!(field(finish(&house, &token, &codes[3]).await), "code");
        assert!(finish(&house, &token, &codes[4]).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn new_recovery_codes_take_the_place_of_the_old() {
    let house = House::new(TestDb::sqlite().await).await;
    let bo = bo(&house).await;
    let (secret, old) = set_up(&house, &bo).await;
    let new = house
        .accounts
        .renew_recovery_codes(&bo, &code(&house, &secret))
        .await
        .unwrap();
    let token = asked(&house, BO).await;
    assert_eq!(field(finish(&house, &token, &old[0]).await), "code");
    let new = new.reveal().lines().next().unwrap();
    assert!(finish(&house, &token, new).await.is_ok());
}

#[tokio::test]
async fn wrong_codes_end_what_is_waited_for_and_are_held_back() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let bo = bo(&house).await;
        let (secret, _) = set_up(&house, &bo).await;
        let (token, from_home) = (asked(&house, BO).await, home());
        for _ in 0..4 {
            assert_eq!(field(finish(&house, &token, "abcd").await), "code");
        }
        assert_eq!(finish(&house, &token, "abcd").await, Err(Told::NotFound));
        // A guess costs as much as one of a password, and the password being right doesn't undo it.
        let held = |tried: Result<(), Told>| {
            assert!(matches!(tried, Err(Told::TooManyRequests { .. })), "{tried:?}");
        };
        let sign_in = || house.accounts.sign_in(BO, PASSWORD.into(), &from_home);
        held(sign_in().await.map(|_| ()));
        house.at.clock.advance_seconds(900);
        let token = asked(&house, BO).await;
        house.at.clock.advance_seconds(2);
        assert_eq!(field(finish(&house, &token, "abcd").await), "code");
        held(sign_in().await.map(|_| ()));
        let right = code(&house, &secret);
        held(finish(&house, &token, &right).await.map(|_| ()));
        house.at.clock.advance_seconds(900);
        let token = asked(&house, BO).await;
        house.at.clock.advance_seconds(4);
        assert!(finish(&house, &token, &code(&house, &secret)).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn what_is_waited_for_ends_with_time_and_with_the_password() {
    let house = House::new(TestDb::sqlite().await).await;
    let bo = bo(&house).await;
    let (secret, _) = set_up(&house, &bo).await;
    let token = asked(&house, BO).await;
    house.at.clock.advance_seconds(301);
    let late = finish(&house, &token, &code(&house, &secret)).await;
    assert_eq!(late, Err(Told::NotFound));
    let token = asked(&house, BO).await;
    house
        .accounts
        .change_password(&bo, PASSWORD, OTHER_PASSWORD)
        .await
        .unwrap();
    let after = finish(&house, &token, &code(&house, &secret)).await;
    assert_eq!(after, Err(Told::NotFound));
    for made_up in ["", "x", &"y".repeat(5000)] {
        let tried = finish(&house, &made_up.to_owned().into(), "123456").await;
        assert_eq!(tried, Err(Told::NotFound));
    }
}

#[tokio::test]
async fn it_takes_the_password_to_begin_and_a_code_to_end() {
    let house = House::new(TestDb::sqlite().await).await;
    let bo = bo(&house).await;
    let begun_wrong = house.accounts.begin_second_factor(&bo, OTHER_PASSWORD).await;
    assert_eq!(field(begun_wrong), "current_password");
    let first = begun(&house, &bo).await;
    // Nothing is asked for before the first code.
    assert!(house.sign_in(BO, PASSWORD).await.is_ok());
    let wrong = house.accounts.confirm_second_factor(&bo, "000000x").await;
    assert_eq!(field(wrong), "code");
    assert_eq!(
        house.last_event().await.body.event_type,
        "user.second_factor_refused"
    );
    let second = begun(&house, &bo).await;
    assert_ne!(first, second);
    let old = house
        .accounts
        .confirm_second_factor(&bo, &code(&house, &first))
        .await;
    assert_eq!(field(old), "code");
    house
        .accounts
        .confirm_second_factor(&bo, &code(&house, &second))
        .await
        .unwrap();
    let again = house.accounts.begin_second_factor(&bo, PASSWORD).await;
    assert!(matches!(again, Err(Told::Conflict { .. })), "{again:?}");
    let wrong = house.accounts.disable_second_factor(&bo, "abcdef").await;
    assert_eq!(field(wrong), "code");
    house.at.clock.advance_seconds(30);
    house
        .accounts
        .disable_second_factor(&bo, &code(&house, &second))
        .await
        .unwrap();
    assert_eq!(
        house.last_event().await.body.event_type,
        "user.second_factor_disabled"
    );
    assert!(house.sign_in(BO, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn what_was_begun_is_not_gone_on_with_later() {
    let house = House::new(TestDb::sqlite().await).await;
    let bo = bo(&house).await;
    let secret = begun(&house, &bo).await;
    house.at.clock.advance_seconds(901);
    let factor = house.accounts.second_factor(&bo).await.unwrap();
    assert!(factor.enrolment.is_none());
    let late = house
        .accounts
        .confirm_second_factor(&bo, &code(&house, &secret))
        .await;
    assert!(matches!(late, Err(Told::Conflict { .. })), "{late:?}");
}

#[tokio::test]
async fn whoever_has_lost_it_is_helped() {
    let house = House::new(TestDb::sqlite().await).await;
    let bo = bo(&house).await;
    set_up(&house, &bo).await;
    let (who, id) = (house.managing_users(), bo.user_id().unwrap());
    assert!(
        house
            .accounts
            .user(&who, id)
            .await
            .unwrap()
            .second_factor
            .is_some()
    );
    house.accounts.remove_second_factor(&who, id).await.unwrap();
    assert!(
        house
            .accounts
            .user(&who, id)
            .await
            .unwrap()
            .second_factor
            .is_none()
    );
    assert_eq!(
        house.last_event().await.body.event_type,
        "user.second_factor_removed"
    );
    assert!(house.sign_in(BO, PASSWORD).await.is_ok());
    let again = house.accounts.remove_second_factor(&who, id).await;
    assert!(matches!(again, Err(Told::Conflict { .. })), "{again:?}");
    // Not one's own, and nobody's who may more.
    let own = house
        .accounts
        .remove_second_factor(&who, house.ada.user_id().unwrap())
        .await;
    assert!(matches!(own, Err(Told::Conflict { .. })), "{own:?}");
    let some = house.someone_with(&[Permission::UsersManage]).await;
    let of_more = house
        .accounts
        .remove_second_factor(&some.grant(ManageUsers).unwrap(), house.ada.user_id().unwrap())
        .await;
    assert!(matches!(of_more, Err(Told::Forbidden { .. })), "{of_more:?}");
}

#[tokio::test]
async fn a_role_that_needs_it_allows_nothing_before() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let bo = bo(&house).await;
        assert!(bo.may(Permission::AuditLogsView));
        let role = house.role("Auditor").await;
        let who = house.managing_roles();
        house.accounts.need_second_factor(&who, role, true).await.unwrap();
        let last = house.last_event().await.body;
        assert_eq!(
            (last.event_type.as_str(), last.changes.len()),
            ("role.updated", 1)
        );
        assert_eq!(last.changes[0].property, "second_factor");
        // Once more is no change.
        let before = house.events().await.len();
        house.accounts.need_second_factor(&who, role, true).await.unwrap();
        assert_eq!(house.events().await.len(), before);

        let now = house.browser(bo.user_id().unwrap(), 1).await;
        assert!(now.is_second_factor_due());
        assert!(now.permissions().is_empty());
        let factor = house.accounts.second_factor(&now).await.unwrap();
        assert!(factor.needed);
        let (secret, _) = set_up(&house, &now).await;
        let after = house.browser(bo.user_id().unwrap(), 2).await;
        assert!(!after.is_second_factor_due() && after.may(Permission::AuditLogsView));
        let off = house
            .accounts
            .disable_second_factor(&after, &code(&house, &secret))
            .await;
        assert!(matches!(off, Err(Told::Conflict { .. })), "{off:?}");
        house
            .accounts
            .need_second_factor(&who, role, false)
            .await
            .unwrap();
        house
            .accounts
            .disable_second_factor(&after, &code(&house, &secret))
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn who_is_deleted_leaves_nothing_of_it() {
    let house = House::new(TestDb::sqlite().await).await;
    let bo = bo(&house).await;
    set_up(&house, &bo).await;
    let id = bo.user_id().unwrap();
    house
        .accounts
        .delete_user(&house.managing_users(), id, BO)
        .await
        .unwrap();
    let again = self::bo(&house).await;
    let factor = house.accounts.second_factor(&again).await.unwrap();
    assert_eq!((factor.since, factor.recovery_codes), (None, 0));
    let db = &house.at.db.read;
    let left = daybook_entity::recovery_code::Entity::find()
        .all(db)
        .await
        .unwrap();
    assert!(left.is_empty());
}
