//! Coming in by an identity provider.

use super::{ANN, CARL, CONTOSO, Door, HARBOR};
use crate::{
    accounts::{
        Audience, CameBack,
        tests::{by_provider::ByProvider, granted, home},
    },
    testing::on_each_database,
};
use daybook_domain::{
    Error as Told,
    event::Event,
    identity::{Newcomers, ProviderForm},
    object::ObjectKind,
    permission::ManageSettings,
    ports::{IdentityProviders as _, Portal as _},
};
use secrecy::SecretString;
use serde_json::{Value, json};

const NEW: &str = "nina@harbor.example";

async fn provider(door: &Door) -> ByProvider<'_> {
    let mut by = ByProvider::new(&door.house).await;
    by.audience = Audience::Contacts;
    by.change(|form| {
        form.enabled = false;
        form.for_contacts = true;
        form.domains = "harbor.example, contoso.example".to_owned();
    })
    .await;
    by
}

async fn come(
    door: &Door,
    by: &ByProvider<'_>,
    email: &str,
    change: impl FnOnce(&mut Value),
) -> Result<SecretString, Told> {
    let CameBack::Contact(back) = by.come_with(email, change).await.unwrap() else {
        panic!("a user came back");
    };
    door.portal.enter_by_provider(*back, &home()).await
}

async fn refused(door: &Door, came: Result<SecretString, Told>) -> String {
    assert!(
        matches!(came, Err(Told::Invalid { ref field, .. }) if field == "provider"),
        "{came:?}"
    );
    let event = door.last().await;
    assert_eq!(event.body.event_type, "contact.sign_in_failed");
    code(&event).to_owned()
}

fn code(event: &Event) -> &str {
    event.body.metadata["reason_code"].as_str().unwrap()
}

#[tokio::test]
async fn a_contact_comes_from_a_provider() {
    on_each_database(async |at| {
        let door = Door::new(at).await;
        let by = provider(&door).await;
        let offered = door.portal.entry(None).await.unwrap().providers;
        assert_eq!(offered.len(), 1);
        assert!(
            door.house
                .accounts
                .providers_offered(Audience::Users)
                .await
                .unwrap()
                .is_empty()
        );
        let token = come(&door, &by, ANN, |_| {}).await.unwrap();
        let who = door.seen(&token).await.unwrap();
        assert_eq!((who.name(), who.company()), ("Ann Reyes", door.harbor));
        let came = door.last().await.body;
        assert_eq!(
            (came.event_type.as_str(), came.login_source.as_deref()),
            ("contact.signed_in", Some("Okta"))
        );
        let auth = came.auth.unwrap();
        assert_eq!(
            (auth.method.as_deref(), auth.id.as_deref()),
            (Some("oidc"), Some("session-7"))
        );
        assert_eq!(came.metadata["provider"]["sid"], "session-7");
        assert!(
            came.steps
                .iter()
                .any(|step| step.message == "The subject is theirs from now on")
        );
        // From then on by the subject, whatever address the provider gives.
        let again = come(&door, &by, ANN, |claims| {
            claims["email"] = "new@harbor.example".into();
        })
        .await;
        assert_eq!(door.seen(&again.unwrap()).await.unwrap().contact(), door.ann);
    })
    .await;
}

#[tokio::test]
async fn who_has_no_way_in_is_kept_out_and_told_little() {
    on_each_database(async |at| {
        let door = Door::new(at).await;
        let mut by = provider(&door).await;
        let unverified = come(&door, &by, ANN, |claims| claims["email_verified"] = json!(false)).await;
        assert_eq!(refused(&door, unverified).await, "unverified_email");
        let unknown = come(&door, &by, NEW, |_| {}).await;
        assert_eq!(refused(&door, unknown).await, "unknown_contact");
        let nonce = come(&door, &by, ANN, |claims| claims["nonce"] = "other".into()).await;
        assert_eq!(refused(&door, nonce).await, "wrong_nonce");
        door.change(ObjectKind::Company, CONTOSO, json!({"portal": false}))
            .await;
        let off = come(&door, &by, CARL, |_| {}).await;
        assert_eq!(refused(&door, off).await, "portal_off");
        by.change(|form| form.domains = "elsewhere.example".to_owned())
            .await;
        let other = come(&door, &by, ANN, |_| {}).await;
        assert_eq!(refused(&door, other).await, "other_domain");
        // Users don't come in as contacts, nor the other way.
        by.audience = Audience::Users;
        by.begin().await.unwrap_err();
    })
    .await;
}

#[tokio::test]
async fn one_provider_doesnt_make_customers_users_and_says_whose_it_is() {
    on_each_database(async |at| {
        let door = Door::new(at).await;
        let by = provider(&door).await;
        let who = granted(&door.house.ada, ManageSettings);
        for (field, domains, newcomers) in [
            ("domains", "", Newcomers::Refused),
            ("newcomers", "harbor.example", Newcomers::Made),
        ] {
            let form = ProviderForm {
                name: "Other".to_owned(),
                enabled: true,
                domains: domains.to_owned(),
                newcomers,
                default_role: Some(door.house.role("Agent").await),
                ..by.form.clone()
            };
            let made = door.house.accounts.create_identity_provider(&who, form).await;
            assert!(
                matches!(made, Err(Told::Invalid { field: ref told, .. }) if told == field),
                "{made:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn who_is_new_becomes_a_contact_of_the_company_that_has_the_domain() {
    on_each_database(async |at| {
        let door = Door::new(at).await;
        let mut by = provider(&door).await;
        by.change(|form| form.newcomers = Newcomers::Made).await;
        let nobodys = come(&door, &by, NEW, |_| {}).await;
        assert_eq!(refused(&door, nobodys).await, "unknown_contact");
        for (company, name) in [(HARBOR, "Harbor Lines"), (CONTOSO, "Contoso Mills")] {
            let domains = json!({"name": name, "domains": ["harbor.example"]});
            door.change(ObjectKind::Company, company, domains).await;
            let came = come(&door, &by, NEW, |_| {}).await;
            if company == HARBOR {
                let who = door.seen(&came.unwrap()).await.unwrap();
                assert_eq!(
                    (who.name(), who.company(), who.sees_company()),
                    ("Cleo Marsh", door.harbor, false)
                );
                let made = door.house.events().await;
                let made = made
                    .iter()
                    .rev()
                    .find(|event| event.body.event_type == "contact.created");
                let by_whom = made.unwrap().body.actor.name.clone();
                assert_eq!(by_whom.as_deref(), Some("Identity provider Okta"));
            } else {
                // Two have it now; who came before still comes, somebody else doesn't.
                came.unwrap();
                let other = come(&door, &by, "omar@harbor.example", |_| {}).await;
                assert_eq!(refused(&door, other).await, "unknown_contact");
            }
        }
    })
    .await;
}
