//! The first administrator: made once, also by two at the same moment.

use super::*;
use crate::{testing::on_each_database, writer::Writer};
use daybook_domain::{
    event::{Action, ActorKind, Change},
    log::LogKind,
    object::ObjectQuery,
    permission::BuiltInRole,
    ports::Gate,
};
use serde_json::{Value, json};

#[tokio::test]
async fn a_workspace_begins_with_three_roles_and_an_administrator() {
    on_each_database(async |at| {
        let accounts = accounts(&at);
        assert!(accounts.needs_setup().await.unwrap());
        assert_eq!(accounts.workspace().await.unwrap(), None);
        assert_eq!(
            accounts
                .sign_in(ADMIN_EMAIL, PASSWORD.into(), &home())
                .await
                .unwrap_err()
                .status(),
            422
        );

        let ada = accounts.set_up(form(), &home()).await.unwrap();
        assert!(!accounts.needs_setup().await.unwrap());
        assert_eq!(accounts.workspace().await.unwrap().unwrap().name, "Northdesk");
        let viewer = signed_in(&at, &accounts, ada, 0).await;
        assert_eq!(viewer.permissions().len(), Permission::ALL.len());
        assert_eq!(viewer.info().role, "Administrator");
        let roles = accounts.list_roles(&granted(&viewer, ManageRoles)).await.unwrap();
        let built_in: Vec<_> = roles.iter().map(|role| (role.built_in, role.users)).collect();
        let all = BuiltInRole::ALL.map(Some);
        assert_eq!(built_in, [(all[0], 1), (all[1], 0), (all[2], 0)]);

        let events = events(&at).await;
        let expected = [
            "workspace.created",
            "role.created",
            "role.created",
            "role.created",
            "user.created",
            "user.signed_in",
        ];
        assert_eq!(types(&events), expected);
        for event in &events {
            assert_eq!(event.body.actor.kind, ActorKind::User);
            assert_eq!(event.body.actor.email.as_deref(), Some(ADMIN_EMAIL));
            assert_eq!(event.body.actor.id, Some(ada.to_string()));
            assert_eq!(event.body.ip, home().ip);
            assert_eq!(event.body.correlation_id.as_deref(), Some("request-1"));
        }
        let made = &events[4].body;
        assert_eq!((made.log, made.action), (LogKind::Activity, Action::Create));
        assert_eq!(made.summary.as_deref(), Some("Created user “Ada Lindqvist”"));
        assert!(made.changes.contains(&Change::secret("password")));
        assert!(
            made.changes
                .contains(&Change::new("role", Value::Null, "Administrator"))
        );
        let auditor = &events[2].body.changes;
        let view =
            |change: &Change| change.property == "permissions" && change.after[0] == json!("analytics.view");
        assert!(auditor.iter().any(view), "{auditor:?}");
    })
    .await;
}

#[tokio::test]
async fn of_many_at_once_exactly_one_makes_it() {
    on_each_database(async |at| {
        let one = accounts(&at);
        // A second process: its own writer and nothing in memory.
        let writer = Writer::start(&at.db, at.clock.clone(), at.ids.clone());
        let two = Accounts::new(
            at.db.clone(),
            writer,
            at.clock.clone(),
            at.ids.clone(),
            Mailing::none(),
            sender(Limits::default()),
        );
        let request = home();
        let tries = [&one, &two, &one, &two].map(|accounts| accounts.set_up(form(), &request));
        let results = futures::future::join_all(tries).await;
        assert_eq!(
            results.iter().filter(|result| result.is_ok()).count(),
            1,
            "{results:?}"
        );
        for lost in results.into_iter().filter(Result::is_err) {
            assert!(conflict(lost).starts_with("Daybook is set up already."));
        }
        assert_eq!(events(&at).await.len(), 6, "the others left nothing");
        let late = one
            .set_up(
                SetUp {
                    email: "eve@evil.example".to_owned(),
                    ..form()
                },
                &home(),
            )
            .await;
        conflict(late);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_the_form_is_said_by_field() {
    on_each_database(async |at| {
        let accounts = accounts(&at);
        let request = home();
        let field = async |form: SetUp| field_of(accounts.set_up(form, &request).await);
        assert_eq!(
            field(SetUp {
                workspace: " ".to_owned(),
                ..form()
            })
            .await,
            "workspace"
        );
        assert_eq!(
            field(SetUp {
                name: String::new(),
                ..form()
            })
            .await,
            "name"
        );
        assert_eq!(
            field(SetUp {
                email: "ada".to_owned(),
                ..form()
            })
            .await,
            "email"
        );
        assert_eq!(
            field(SetUp {
                password: "northdesk123".into(),
                ..form()
            })
            .await,
            "password"
        );
        assert!(accounts.needs_setup().await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn the_demo_begins_with_its_people_under_their_own_ids() {
    on_each_database(async |at| {
        let accounts = accounts(&at);
        let people = crate::demo::people(1);
        let workspace = accounts
            .found_demo(people.clone(), "look-around-northdesk".into())
            .await
            .unwrap();
        assert_eq!(types(&events(&at).await), ["workspace.created"]);
        let who = accounts.system_viewer(&workspace, "Test");
        let query = ObjectQuery::default();
        let users = accounts
            .list_users(&granted(&who, ManageUsers), &query)
            .await
            .unwrap()
            .rows;
        assert_eq!(users.len(), people.users.len());
        for person in &people.users {
            let user = users.iter().find(|user| user.id == person.id).unwrap();
            assert_eq!((&user.email, user.status), (&person.email, person.status));
            assert_eq!(user.role_name, person.role.name());
        }
        for (position, person) in people.users.iter().enumerate() {
            let signed_in = accounts
                .sign_in(&person.email, "look-around-northdesk".into(), &home())
                .await;
            assert_eq!(signed_in.is_ok(), position < 3, "{}", person.email);
        }
        let again = accounts.found_demo(people, "look-around-northdesk".into()).await;
        assert!(matches!(again, Err(crate::Error::Domain(Told::Conflict { .. }))));
    })
    .await;
}
