//! Roles: sets of permissions with before and after, and nobody's ladder.

use super::*;
use crate::testing::on_each_database;
use daybook_domain::{
    account::RoleForm,
    event::{Action, Change},
    permission::BuiltInRole,
};
use serde_json::{Value, json};

fn night_shift(permissions: &[Permission]) -> RoleForm {
    RoleForm {
        name: " Night shift ".to_owned(),
        description: "After ten".to_owned(),
        permissions: permissions.to_vec(),
    }
}

#[tokio::test]
async fn a_role_lives_and_every_change_of_it_is_told() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let who = house.managing_roles();
        let before = house.events().await.len();
        let form = night_shift(&[
            Permission::DirectoryView,
            Permission::AnalyticsView,
            Permission::DirectoryView,
        ]);
        let role = house.accounts.create_role(&who, form).await.unwrap();
        assert_eq!(
            (role.name.as_str(), role.users, role.built_in),
            ("Night shift", 0, None)
        );
        let mut form = night_shift(&[Permission::AuditLogsView, Permission::DirectoryView]);
        house
            .accounts
            .update_role(&who, role.id, &house.role_tag(role.id).await, form.clone())
            .await
            .unwrap();
        house
            .accounts
            .update_role(&who, role.id, &house.role_tag(role.id).await, form.clone())
            .await
            .unwrap();
        form.name = "NIGHT SHIFT".to_owned();
        form.description = String::new();
        let role = house
            .accounts
            .update_role(&who, role.id, &house.role_tag(role.id).await, form)
            .await
            .unwrap();
        assert_eq!(house.accounts.role(&who, role.id).await.unwrap(), role);
        house.accounts.delete_role(&who, role.id).await.unwrap();
        assert_eq!(house.accounts.role(&who, role.id).await, Err(Told::NotFound));

        let events = house.events_since(before).await;
        assert_eq!(
            types(&events),
            ["role.created", "role.updated", "role.updated", "role.deleted"]
        );
        let permissions = |names: &[&str]| json!(names);
        assert_eq!(
            events[0].body.changes,
            [
                Change::new("description", Value::Null, "After ten"),
                Change::new("name", Value::Null, "Night shift"),
                Change::new(
                    "permissions",
                    Value::Null,
                    permissions(&["analytics.view", "directory.view"])
                ),
            ]
        );
        assert_eq!(
            events[1].body.changes,
            [Change::new(
                "permissions",
                permissions(&["analytics.view", "directory.view"]),
                permissions(&["audit_logs.view", "directory.view"]),
            )]
        );
        assert_eq!(
            events[1].body.summary.as_deref(),
            Some("Changed permissions of role “Night shift”")
        );
        assert_eq!(events[1].body.category.as_deref(), Some("Users & permissions"));
        assert_eq!(events[1].body.section.as_deref(), Some("Role"));
        assert_eq!(
            events[2].body.changes,
            [
                Change::new("description", "After ten", Value::Null),
                Change::new("name", "Night shift", "NIGHT SHIFT")
            ]
        );
        assert_eq!(events[3].body.action, Action::Delete);
        assert_eq!(
            events[3].body.summary.as_deref(),
            Some("Deleted role “NIGHT SHIFT”")
        );
        assert_eq!(events[3].body.changes.len(), 2, "what was deleted stays readable");
    })
    .await;
}

#[tokio::test]
async fn names_are_there_once_and_fields_are_checked() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let who = house.managing_roles();
        house.accounts.create_role(&who, night_shift(&[])).await.unwrap();
        let other = house
            .accounts
            .create_role(
                &who,
                RoleForm {
                    name: "Day".to_owned(),
                    ..night_shift(&[])
                },
            )
            .await;
        let other = other.unwrap();
        let field = async |form: RoleForm| field_of(house.accounts.create_role(&who, form).await);
        for name in ["night SHIFT", "administrator", "", "a\u{0}b"] {
            assert_eq!(
                field(RoleForm {
                    name: name.to_owned(),
                    ..night_shift(&[])
                })
                .await,
                "name"
            );
        }
        let long = RoleForm {
            name: "Long".to_owned(),
            description: "x".repeat(1001),
            permissions: vec![],
        };
        assert_eq!(field(long).await, "description");
        assert_eq!(
            field_of(
                house
                    .accounts
                    .update_role(&who, other.id, &house.role_tag(other.id).await, night_shift(&[]))
                    .await
            ),
            "name"
        );
    })
    .await;
}

#[tokio::test]
async fn built_in_roles_keep_what_makes_them() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let who = house.managing_roles();
        let roles = house.accounts.list_roles(&who).await.unwrap();
        let (administrator, agent) = (&roles[0], &roles[2]);
        let form = |name: &str, permissions: Vec<Permission>| RoleForm {
            name: name.to_owned(),
            description: "Words may change.".to_owned(),
            permissions,
        };
        for role in &roles {
            conflict(house.accounts.delete_role(&who, role.id).await);
            let kept = role.permissions.iter().copied().collect();
            conflict(
                house
                    .accounts
                    .update_role(
                        &who,
                        role.id,
                        &house.role_tag(role.id).await,
                        form("Another name", kept),
                    )
                    .await,
            );
        }
        let fewer = form("Administrator", vec![Permission::AuditLogsView]);
        conflict(
            house
                .accounts
                .update_role(
                    &who,
                    administrator.id,
                    &house.role_tag(administrator.id).await,
                    fewer,
                )
                .await,
        );
        let same = form("Administrator", Permission::ALL.to_vec());
        house
            .accounts
            .update_role(
                &who,
                administrator.id,
                &house.role_tag(administrator.id).await,
                same,
            )
            .await
            .unwrap();
        let more = form(
            "Agent",
            vec![Permission::DirectoryView, Permission::AuditLogsView],
        );
        let agent = house
            .accounts
            .update_role(&who, agent.id, &house.role_tag(agent.id).await, more)
            .await
            .unwrap();
        assert_eq!(agent.built_in, Some(BuiltInRole::Agent));
        assert!(agent.permissions.contains(&Permission::AuditLogsView));
    })
    .await;
}

#[tokio::test]
async fn a_role_somebody_has_is_not_deleted() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let who = house.managing_roles();
        let role = house.accounts.create_role(&who, night_shift(&[])).await.unwrap();
        let bo = house.user("Bo Chen", "bo@northdesk.example", "Night shift").await;
        house
            .accounts
            .deactivate_user(&house.managing_users(), bo.id)
            .await
            .unwrap();
        let reason = conflict(house.accounts.delete_role(&who, role.id).await);
        assert_eq!(
            reason,
            "1 user has the role “Night shift”. Give them another one first."
        );
        let users: Vec<_> = house
            .accounts
            .list_roles(&who)
            .await
            .unwrap()
            .into_iter()
            .map(|role| (role.name, role.users))
            .collect();
        let expected = [
            ("Administrator", 1),
            ("Auditor", 0),
            ("Agent", 0),
            ("Night shift", 1),
        ];
        assert_eq!(users, expected.map(|(name, users)| (name.to_owned(), users)));
    })
    .await;
}

#[tokio::test]
async fn nobody_puts_more_into_a_role_than_they_hold() {
    on_each_database(async |at| {
        let house = House::new(at).await;
        let boss = house
            .someone_with(&[Permission::RolesManage, Permission::DirectoryView])
            .await;
        let who = granted(&boss, ManageRoles);
        let accounts = &house.accounts;
        let role = accounts
            .create_role(&who, night_shift(&[Permission::DirectoryView]))
            .await
            .unwrap();
        let more = night_shift(&[Permission::DirectoryView, Permission::UsersManage]);
        assert_eq!(
            missing(
                accounts
                    .update_role(&who, role.id, &house.role_tag(role.id).await, more.clone())
                    .await
            ),
            Permission::UsersManage
        );
        missing(
            accounts
                .create_role(
                    &who,
                    RoleForm {
                        name: "Ladder".to_owned(),
                        ..more.clone()
                    },
                )
                .await,
        );
        let own = accounts
            .list_roles(&who)
            .await
            .unwrap()
            .into_iter()
            .find(|role| role.name == "Somebody's role");
        let own_more = RoleForm {
            name: "Somebody's role".to_owned(),
            permissions: Permission::ALL.to_vec(),
            ..more
        };
        let own = own.unwrap();
        missing(
            accounts
                .update_role(&who, own.id, &own.seen.tag(), own_more)
                .await,
        );

        // What somebody else put in may stay, and may be taken out.
        let more = night_shift(&[Permission::DirectoryView, Permission::UsersManage]);
        accounts
            .update_role(
                &house.managing_roles(),
                role.id,
                &house.role_tag(role.id).await,
                more.clone(),
            )
            .await
            .unwrap();
        let renamed = RoleForm {
            description: "Words".to_owned(),
            ..more
        };
        accounts
            .update_role(&who, role.id, &house.role_tag(role.id).await, renamed)
            .await
            .unwrap();
        accounts
            .update_role(&who, role.id, &house.role_tag(role.id).await, night_shift(&[]))
            .await
            .unwrap();
    })
    .await;
}
