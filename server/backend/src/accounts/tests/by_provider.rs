//! Signing in by a provider that is real but for its purpose: whom it means, who becomes a user, and which role they have.

use super::*;
use crate::{
    accounts::{AtProvider, Audience, CameBack, Entering, UserBack},
    oidc::tests::{
        keys::Key,
        stub::{Says, Stub},
    },
    testing::on_each_database,
};
use daybook_domain::{
    account::UserStatus,
    event::Outcome,
    id::ProviderId,
    identity::{Newcomers, ProviderForm},
    ports::{Account, IdentityProviders},
    settings::SignInPolicy,
};
use reqwest::Url;
use secrecy::SecretString;
use serde_json::{Value, json};

const REDIRECT: &str = "https://daybook.example/sign-in/callback";
const CLIENT: &str = "daybook";

pub struct ByProvider<'h> {
    house: &'h House,
    stub: Stub,
    pub id: ProviderId,
    pub form: ProviderForm,
    /// Who comes.
    pub audience: Audience,
}

fn filled(issuer: &str) -> ProviderForm {
    ProviderForm {
        name: "Okta".to_owned(),
        issuer: issuer.to_owned(),
        client_id: CLIENT.to_owned(),
        client_secret: daybook_domain::email::NewPassword::new("s3cret".to_owned()),
        scopes: "email profile".to_owned(),
        enabled: true,
        for_contacts: false,
        newcomers: Newcomers::Refused,
        trusts_email: false,
        domains: String::new(),
        role_claim: String::new(),
        role_rules: String::new(),
        default_role: None,
        vouches_for_factor: false,
    }
}

impl<'h> ByProvider<'h> {
    pub async fn new(house: &'h House) -> Self {
        let stub = Stub::new().await;
        let form = filled(&stub.issuer);
        let who = granted(&house.ada, ManageSettings);
        let made = house.accounts.create_identity_provider(&who, form.clone()).await;
        Self {
            house,
            stub,
            id: made.unwrap().id,
            form,
            audience: Audience::Users,
        }
    }

    pub async fn change(&mut self, change: impl FnOnce(&mut ProviderForm)) {
        change(&mut self.form);
        let (accounts, who) = (&self.house.accounts, granted(&self.house.ada, ManageSettings));
        let seen = accounts
            .identity_provider(&who, self.id)
            .await
            .unwrap()
            .seen
            .tag();
        let changed = accounts.update_identity_provider(&who, self.id, &seen, self.form.clone());
        changed.await.unwrap();
    }

    pub async fn begin(&self) -> Result<AtProvider, Told> {
        let accounts = &self.house.accounts;
        accounts
            .begin_at_provider(self.id, self.audience, REDIRECT, "/audit-logs/access", &home())
            .await
    }

    async fn finish(&self, pending: &SecretString, query: &str) -> Result<CameBack, Told> {
        let accounts = &self.house.accounts;
        accounts
            .finish_at_provider(pending, REDIRECT, query, &home())
            .await
    }

    /// All of a sign-in of whom the provider means by `s-` and this address.
    pub async fn come(&self, email: &str) -> Result<CameBack, Told> {
        self.come_with(email, |_| {}).await
    }

    pub async fn come_with(&self, email: &str, change: impl FnOnce(&mut Value)) -> Result<CameBack, Told> {
        let at = self.begin().await.unwrap();
        let (state, nonce) = (parameter(&at, "state"), parameter(&at, "nonce"));
        let now = self.house.at.clock.now().micros() / 1_000_000;
        let mut claims = json!({
            "iss": self.stub.issuer,
            "sub": format!("s-{email}"),
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
            "email": email,
            "email_verified": true,
            "name": "Cleo Marsh",
            "sid": "session-7",
        });
        change(&mut claims);
        let token = Key::rsa().token("RS256", "1", &claims);
        let tokens = json!({"token_type": "Bearer", "access_token": "a", "id_token": token});
        self.stub.says("/token", Says::Json(200, tokens));
        self.finish(&at.pending, &format!("code=c&state={state}")).await
    }

    /// Why the last try came to nothing, as programs read it.
    async fn code_of_last(&self) -> String {
        let event = self.house.last_event().await;
        assert_eq!(event.body.event_type, "user.sign_in_failed");
        assert_eq!(event.body.outcome, Outcome::Failure);
        event.body.metadata["reason_code"].as_str().unwrap().to_owned()
    }
}

fn parameter(at: &AtProvider, wanted: &str) -> String {
    let url: Url = at.url.parse().unwrap();
    let mut found = url.query_pairs().filter(|(name, _)| name == wanted);
    found.next().unwrap().1.into_owned()
}

/// Somebody who is a user.
fn as_user(came: CameBack) -> UserBack {
    match came {
        CameBack::User(back) => back,
        CameBack::Contact(_) => panic!("a contact came back"),
    }
}

fn user(came: Result<CameBack, Told>) -> UserId {
    match as_user(came.unwrap()).entering {
        Entering::In(user) => user,
        Entering::CodeDue(_) => panic!("a code is asked for"),
    }
}

const BO: &str = "bo@northdesk.example";
const CLEO: &str = "cleo@northdesk.example";

async fn role_of(house: &House, id: UserId) -> String {
    let detail = house.accounts.user(&house.managing_users(), id).await;
    detail.unwrap().user.role_name
}

#[tokio::test]
async fn an_address_finds_a_user_once_and_the_subject_from_then_on() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let by = ByProvider::new(&house).await;
        let bo = house.user("Bo Chen", BO, "Auditor").await;
        let before = house.events().await.len();
        let came = as_user(by.come(&BO.to_uppercase()).await.unwrap());
        assert_eq!(came.next, "/audit-logs/access");
        assert!(!came.factor_vouched);
        assert!(matches!(came.entering, Entering::In(user) if user == bo.id));
        let events = house.events_since(before).await;
        assert_eq!(types(&events), ["user.identity_linked", "user.signed_in"]);
        assert_eq!(
            events[0].body.actor.name.as_deref(),
            Some("Identity provider Okta")
        );
        let signed_in = &events[1].body;
        assert_eq!(signed_in.login_source.as_deref(), Some("Okta"));
        let auth = signed_in.auth.as_ref().unwrap();
        assert_eq!(auth.method.as_deref(), Some("oidc"));
        assert_eq!(auth.id.as_deref(), Some("session-7"));
        let provider = &signed_in.metadata["provider"];
        assert_eq!(provider["subject"], format!("s-{}", BO.to_uppercase()));
        assert_eq!(provider["sid"], "session-7");
        let steps: Vec<_> = signed_in.steps.iter().map(|step| step.message.as_str()).collect();
        let last = &steps[steps.len() - 4..];
        assert_eq!(
            last,
            [
                "Looked up the email: the subject is new",
                "Linked the subject with the member",
                "Member is valid",
                "Cookie issued"
            ]
        );

        // The same subject with another address, not even verified: it is they.
        let before = house.events().await.len();
        let upper = BO.to_uppercase();
        let came = by.come_with(&upper, |claims| {
            claims["email"] = "elsewhere@other.example".into();
            claims["email_verified"] = false.into();
        });
        assert_eq!(user(came.await), bo.id);
        assert_eq!(types(&house.events_since(before).await), ["user.signed_in"]);

        // Another subject with their address can't be they without a verified one.
        let came = by.come_with(BO, |claims| {
            claims["sub"] = "s-2".into();
            claims["email_verified"] = false.into();
        });
        assert_eq!(field_of(came.await), "provider");
        assert_eq!(by.code_of_last().await, "unverified_email");

        let users = house.managing_users();
        let detail = house.accounts.user(&users, bo.id).await.unwrap();
        let [identity] = &detail.identities[..] else {
            panic!("{:?}", detail.identities)
        };
        assert_eq!(identity.label, format!("Okta: {}", BO.to_uppercase()));
        let parted = house
            .accounts
            .unlink_identity(&users, bo.id, by.id, &identity.subject);
        parted.await.unwrap();
        let again = house
            .accounts
            .unlink_identity(&users, bo.id, by.id, &identity.subject);
        assert_eq!(again.await, Err(Told::NotFound));
    })
    .await;
}

#[tokio::test]
async fn who_is_no_user_becomes_one_only_where_that_is_set() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let mut by = ByProvider::new(&house).await;
        assert_eq!(field_of(by.come(CLEO).await), "provider");
        assert_eq!(by.code_of_last().await, "unknown_user");
        let agent = house.role("Agent").await;
        by.change(|form| {
            form.newcomers = Newcomers::Made;
            form.default_role = Some(agent);
            form.domains = "northdesk.example".to_owned();
        })
        .await;
        let before = house.events().await.len();
        let cleo = user(by.come(CLEO).await);
        assert_eq!(
            types(&house.events_since(before).await),
            ["user.provisioned", "user.signed_in"]
        );
        let made = house
            .accounts
            .user(&house.managing_users(), cleo)
            .await
            .unwrap()
            .user;
        assert_eq!(
            (made.name.as_str(), made.status),
            ("Cleo Marsh", UserStatus::Active)
        );
        assert_eq!(made.role_name, "Agent");
        // No password opens it.
        assert!(house.sign_in(CLEO, PASSWORD).await.is_err());

        assert_eq!(field_of(by.come("eve@other.example").await), "provider");
        assert_eq!(by.code_of_last().await, "other_domain");
        let came = by.come_with("no", |claims| {
            drop(claims.as_object_mut().unwrap().remove("email"));
        });
        assert_eq!(field_of(came.await), "provider");
        assert_eq!(by.code_of_last().await, "no_email");
    })
    .await;
}

#[tokio::test]
async fn who_was_invited_needs_no_password_any_more_and_who_is_shut_out_stays_out() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let by = ByProvider::new(&house).await;
        let invited = house.invite("Cleo", CLEO, "Agent").await;
        let cleo = user(by.come(CLEO).await);
        assert_eq!(cleo, invited.thing.id);
        let link = invited
            .secret
            .reveal()
            .strip_prefix("/invite/")
            .unwrap()
            .to_owned();
        let accepted = house
            .accounts
            .accept_invitation(&link, PASSWORD.into(), &home())
            .await;
        assert_eq!(accepted, Err(Told::NotFound));
        house
            .accounts
            .deactivate_user(&house.managing_users(), cleo)
            .await
            .unwrap();
        assert_eq!(field_of(by.come(CLEO).await), "provider");
        assert_eq!(by.code_of_last().await, "deactivated");
    })
    .await;
}

#[tokio::test]
async fn rules_give_roles_at_each_sign_in_and_the_last_administrator_stays() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let mut by = ByProvider::new(&house).await;
        by.change(|form| {
            form.newcomers = Newcomers::Made;
            form.role_claim = "groups".to_owned();
            form.role_rules = "audit = Auditor\ndesk = Agent".to_owned();
        })
        .await;
        let with = |groups: Value| move |claims: &mut Value| claims["groups"] = groups;
        let cleo = user(by.come_with(CLEO, with(json!(["desk", "audit"]))).await);
        assert_eq!(role_of(&house, cleo).await, "Auditor");
        let before = house.events().await.len();
        user(by.come_with(CLEO, with(json!("desk"))).await);
        assert_eq!(role_of(&house, cleo).await, "Agent");
        assert_eq!(
            types(&house.events_since(before).await),
            ["user.updated", "user.signed_in"]
        );
        // To the letter.
        assert!(by.come_with(CLEO, with(json!(["Desk"]))).await.is_err());
        assert_eq!(by.code_of_last().await, "no_role");
        assert!(
            by.come_with("eve@northdesk.example", with(json!([])))
                .await
                .is_err()
        );
        assert_eq!(by.code_of_last().await, "no_role");

        let ada = user(by.come_with(ADMIN_EMAIL, with(json!(["desk"]))).await);
        assert_eq!(role_of(&house, ada).await, "Administrator");
        let steps = house.last_event().await.body.steps;
        let kept = "They keep their role: nobody else is an administrator";
        assert!(steps.iter().any(|step| step.message == kept));

        // A role that is given isn't deleted from under it.
        let role = house.role("Auditor").await;
        assert!(
            house
                .accounts
                .delete_role(&house.managing_roles(), role)
                .await
                .is_err()
        );
    })
    .await;
}

#[tokio::test]
async fn a_code_is_asked_for_unless_the_provider_vouches() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let mut by = ByProvider::new(&house).await;
        let bo = house.user("Bo Chen", BO, "Auditor").await;
        let browser = house.browser(bo.id, 0).await;
        let (secret, _) = second_factor::set_up(&house, &browser).await;
        let Entering::CodeDue(token) = as_user(by.come(BO).await.unwrap()).entering else {
            panic!("nobody asked for a code")
        };
        let code = second_factor::code(&house, &secret);
        let finished = house.accounts.finish_sign_in(&token, &code, &home()).await;
        assert_eq!(finished, Ok(bo.id));
        let event = house.last_event().await.body;
        assert_eq!(event.auth.unwrap().method.as_deref(), Some("oidc_and_code"));
        assert_eq!(event.login_source.as_deref(), Some("Okta"));
        assert_eq!(event.metadata["provider"]["sid"], "session-7");

        by.change(|form| form.vouches_for_factor = true).await;
        let came = as_user(by.come(BO).await.unwrap());
        assert!(came.factor_vouched);
        assert!(matches!(came.entering, Entering::In(user) if user == bo.id));

        // Where a role needs one, such a session does without.
        let role = house.role("Agent").await;
        let need = house
            .accounts
            .need_second_factor(&house.managing_roles(), role, true)
            .await;
        need.unwrap();
        let dee = house.user("Dee", "dee@northdesk.example", "Agent").await;
        for (number, vouched) in [(1, false), (2, true)] {
            let session = NewSession {
                factor_vouched: vouched,
                ..new_session(&house.at, dee.id, number)
            };
            assert!(house.accounts.insert_session(session).await.unwrap());
            let viewer = house
                .accounts
                .viewer_of_session(&token_of(dee.id, number), home())
                .await;
            assert_eq!(viewer.unwrap().unwrap().is_second_factor_due(), !vouched);
        }
    })
    .await;
}

fn token_of(user: UserId, number: u8) -> [u8; 32] {
    token(user, number)
}

#[tokio::test]
async fn who_has_no_password_sets_a_second_factor_up_just_after_they_came() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let by = ByProvider::new(&house).await;
        house.invite("Cleo", CLEO, "Agent").await;
        let cleo = user(by.come(CLEO).await);
        let browser = house.browser(cleo, 0).await;
        let factor = house.accounts.second_factor(&browser).await.unwrap();
        assert!(!factor.has_password);
        house.at.clock.advance_seconds(601);
        let late = house.accounts.begin_second_factor(&browser, "").await;
        assert!(matches!(late, Err(Told::Conflict { .. })));
        let browser = house.browser(cleo, 1).await;
        house.accounts.begin_second_factor(&browser, "").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_was_begun_elsewhere_or_long_ago_or_at_another_provider_is_refused() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let mut by = ByProvider::new(&house).await;
        house.user("Bo Chen", BO, "Auditor").await;
        let at = by.begin().await.unwrap();
        for pending in ["", "AAAA", "not base64"] {
            let pending = SecretString::from(pending);
            let query = format!("code=c&state={}", parameter(&at, "state"));
            assert_eq!(field_of(by.finish(&pending, &query).await), "provider");
            assert_eq!(by.code_of_last().await, "state_mismatch");
        }
        assert_eq!(
            field_of(by.finish(&at.pending, "code=c&state=other").await),
            "provider"
        );
        assert_eq!(by.code_of_last().await, "state_mismatch");
        let state = parameter(&at, "state");
        let said_no = format!("error=access_denied&state={state}");
        assert_eq!(field_of(by.finish(&at.pending, &said_no).await), "provider");
        assert_eq!(by.code_of_last().await, "denied");
        house.at.clock.advance_seconds(601);
        let late = by.finish(&at.pending, &format!("code=c&state={state}")).await;
        assert_eq!(field_of(late), "provider");
        assert_eq!(by.code_of_last().await, "expired");
        let nonce = by.come_with(BO, |claims| claims["nonce"] = "another".into());
        assert_eq!(field_of(nonce.await), "provider");
        assert_eq!(by.code_of_last().await, "wrong_nonce");

        by.change(|form| form.enabled = false).await;
        let before = house.events().await.len();
        assert_eq!(field_of(by.begin().await), "provider");
        assert_eq!(house.events().await.len(), before);
        assert!(
            house
                .accounts
                .providers_offered(Audience::Users)
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn the_policy_holds_and_tries_are_limited() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let by = ByProvider::new(&house).await;
        house.user("Bo Chen", BO, "Auditor").await;
        let policy = SignInPolicy {
            networks: vec!["203.0.113.0/24".to_owned()],
            ..SignInPolicy::default()
        };
        let tag = house.policy_tag().await;
        let system = house.accounts.system_viewer(&house.workspace, "test");
        let who = granted(&system, ManageSettings);
        house
            .accounts
            .set_sign_in_policy(&who, &tag, policy)
            .await
            .unwrap();
        assert_eq!(field_of(by.come(BO).await), "provider");
        assert_eq!(by.code_of_last().await, "network");
        let mut held = None;
        for _ in 0..40 {
            held = by.begin().await.err();
        }
        assert!(matches!(held, Some(Told::TooManyRequests { .. })));
    })
    .await;
}

#[tokio::test]
async fn to_change_one_takes_all_permissions_and_its_secret_stays_with_its_issuer() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let mut by = ByProvider::new(&house).await;
        let lesser = house.someone_with(&[Permission::SettingsManage]).await;
        let who = granted(&lesser, ManageSettings);
        let accounts = &house.accounts;
        let seen = accounts.identity_provider(&who, by.id).await.unwrap().seen.tag();
        let refused = accounts.create_identity_provider(&who, by.form.clone()).await;
        assert!(matches!(refused, Err(Told::Forbidden { .. })));
        let refused = accounts.update_identity_provider(&who, by.id, &seen, by.form.clone());
        assert!(matches!(refused.await, Err(Told::Forbidden { .. })));
        let refused = accounts.delete_identity_provider(&who, by.id).await;
        assert!(matches!(refused, Err(Told::Forbidden { .. })));

        let who = granted(&house.ada, ManageSettings);
        let elsewhere = ProviderForm {
            issuer: "https://evil.example".to_owned(),
            client_secret: daybook_domain::email::NewPassword::default(),
            ..by.form.clone()
        };
        let moved = accounts
            .update_identity_provider(&who, by.id, &seen, elsewhere)
            .await;
        assert_eq!(field_of(moved), "client_secret");
        by.change(|form| {
            form.client_secret = daybook_domain::email::NewPassword::default();
            form.name = "Okta EU".to_owned();
        })
        .await;
        assert!(accounts.identity_provider(&who, by.id).await.unwrap().has_secret);
        let twice = accounts.create_identity_provider(&who, by.form.clone()).await;
        assert_eq!(field_of(twice), "name");
        for (issuer, is_good) in [
            ("https://id.example", true),
            ("id.example", false),
            ("https://id.example/?a=b", false),
            ("ftp://id.example", false),
        ] {
            let form = ProviderForm {
                name: "Another".to_owned(),
                ..filled(issuer)
            };
            let made = accounts.create_identity_provider(&who, form).await;
            assert_eq!(made.is_ok(), is_good, "{issuer}");
        }
        assert_eq!(accounts.check_identity_provider(&who, by.id).await, Ok(None));
        by.stub.says("/keys", Says::Bytes(b"no keys".to_vec()));
        let checked = accounts.check_identity_provider(&who, by.id).await.unwrap();
        assert!(checked.unwrap().contains("can't be read"));
    })
    .await;
}
