//! Views on each database: who sees which, who changes them, in which order they stand, and what the log says of it.

use super::SavedViews;
use crate::{
    accounts::tests::{House, conflict, field_of, granted, missing, types},
    testing::{TestDb, on_each_database},
};
use daybook_domain::{
    Error as Told,
    account::RoleForm,
    event::Change,
    id::{RoleId, ViewId},
    log::{Column, LogKind, LogScope},
    permission::{ManageRoles, Permission, ViewAuditLogs},
    ports::{Roles, Views},
    query::LogQuery,
    seen::Tag,
    view::{Density, ListSettings, MAX_VIEWS, OwnLists, SavedView, Shift, ViewForm},
    viewer::{Granted, Viewer},
};
use daybook_entity::{list_setting, saved_view};
use sea_orm::{ActiveValue::Set, EntityTrait, IntoActiveModel, QueryOrder};
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

const ACCESS: LogScope = LogScope::One(LogKind::Access);
const ACTIVITY: LogScope = LogScope::One(LogKind::Activity);

fn form(name: &str, shared_with: Option<RoleId>) -> ViewForm {
    ViewForm {
        name: name.to_owned(),
        shared_with,
    }
}

fn query(text: &str) -> LogQuery {
    LogQuery::parse(text).unwrap()
}

fn names<'a>(views: impl IntoIterator<Item = &'a SavedView>) -> Vec<&'a str> {
    views.into_iter().map(|view| view.name.as_str()).collect()
}

/// Ada, an administrator; Otto and Bo, auditors.
struct Desk {
    house: House,
    views: SavedViews,
    ada: Granted<ViewAuditLogs>,
    otto: Granted<ViewAuditLogs>,
    bo: Granted<ViewAuditLogs>,
    auditor: RoleId,
}

impl Desk {
    async fn new(at: TestDb) -> Self {
        let house = House::new(at).await;
        let otto = house
            .user("Otto Adeyemi", "otto@northdesk.example", "Auditor")
            .await;
        let bo = house.user("Bo Chen", "bo@northdesk.example", "Auditor").await;
        let (otto, bo) = (house.browser(otto.id, 0).await, house.browser(bo.id, 0).await);
        Self {
            views: SavedViews::new(house.at.db.clone(), house.accounts.clone()),
            ada: granted(&house.ada, ViewAuditLogs),
            otto: granted(&otto, ViewAuditLogs),
            bo: granted(&bo, ViewAuditLogs),
            auditor: house.role("Auditor").await,
            house,
        }
    }

    async fn save(&self, who: &Granted<ViewAuditLogs>, name: &str, shared_with: Option<RoleId>) -> SavedView {
        let list = query("outcome=failure&open=01890000-0000-7000-8000-000000000000");
        let form = form(name, shared_with);
        self.views.create_view(who, ACCESS, &list, form).await.unwrap()
    }

    async fn lists(&self, who: &Granted<ViewAuditLogs>) -> OwnLists {
        self.views.own_lists(who).await.unwrap()
    }

    /// What somebody has seen who looks at a view just now.
    async fn tag(&self, id: ViewId) -> Tag {
        let mut views = Vec::new();
        for who in [&self.ada, &self.otto, &self.bo] {
            views.extend(self.lists(who).await.views);
        }
        let view = views.into_iter().find(|view| view.id == id);
        view.map(|view| view.seen.tag()).unwrap_or_default()
    }

    async fn contents(&self) -> String {
        let db = &self.house.at.db.read;
        format!(
            "{:?} {:?}",
            saved_view::Entity::find()
                .order_by_asc(saved_view::Column::Id)
                .all(db)
                .await
                .unwrap(),
            list_setting::Entity::find()
                .order_by_asc(list_setting::Column::UserId)
                .order_by_asc(list_setting::Column::Log)
                .all(db)
                .await
                .unwrap(),
        )
    }
}

#[tokio::test]
async fn a_view_lives_and_every_change_of_it_is_told() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let before = desk.house.events().await.len();
        let made = desk.save(&desk.otto, " Failures ", None).await;
        assert_eq!(
            (made.name.as_str(), made.owner.as_str()),
            ("Failures", "Otto Adeyemi")
        );
        assert_eq!(made.query, Some(query("outcome=failure")), "the page isn't kept");
        assert!(made.mine && made.may_change && !made.is_default && made.shared_with.is_none());
        let (views, id) = (&desk.views, made.id);
        let shared = views
            .update_view(
                &desk.otto,
                id,
                &desk.tag(id).await,
                form("Failures", Some(desk.auditor)),
            )
            .await
            .unwrap();
        assert_eq!(shared.shared_with.unwrap().name, "Auditor");
        let same = form("Failures", Some(desk.auditor));
        views
            .update_view(&desk.otto, id, &desk.tag(id).await, same)
            .await
            .unwrap();
        let both = form("FAILURES", None);
        views
            .update_view(&desk.otto, id, &desk.tag(id).await, both)
            .await
            .unwrap();
        let now = views
            .replace_view(&desk.otto, id, &query("outcome=failure&from=-7d"))
            .await
            .unwrap();
        assert_eq!(desk.lists(&desk.otto).await.views, [now]);
        views.delete_view(&desk.otto, id).await.unwrap();
        assert!(desk.lists(&desk.otto).await.views.is_empty());
        assert_eq!(views.delete_view(&desk.otto, id).await, Err(Told::NotFound));

        let events = desk.house.events_since(before).await;
        let expected = ["created", "updated", "updated", "updated", "deleted"];
        assert_eq!(types(&events), expected.map(|verb| format!("saved_view.{verb}")));
        let told: Vec<_> = events
            .iter()
            .map(|event| event.body.summary.as_deref().unwrap())
            .collect();
        assert_eq!(
            told,
            [
                "Created saved view “Failures”",
                "Shared saved view “Failures” with the role “Auditor”",
                "Changed 2 properties of saved view “FAILURES”",
                "Changed query of saved view “FAILURES”",
                "Deleted saved view “FAILURES”",
            ]
        );
        assert_eq!(
            events[0].body.changes,
            [
                Change::new("log", Value::Null, "Access"),
                Change::new("name", Value::Null, "Failures"),
                Change::new("owner", Value::Null, "Otto Adeyemi"),
                Change::new("query", Value::Null, "?outcome=failure"),
            ]
        );
        assert_eq!(
            events[1].body.changes,
            [Change::new("shared_with", Value::Null, "Auditor")]
        );
    })
    .await;
}

#[tokio::test]
async fn a_view_is_seen_by_its_owner_and_by_those_it_is_shared_with() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        desk.save(&desk.otto, "Own", None).await;
        let shared = desk.save(&desk.otto, "Shared", Some(desk.auditor)).await;
        let lists = desk.lists(&desk.bo).await;
        assert_eq!(names(&lists.views), ["Shared"]);
        assert!(!lists.views[0].mine && !lists.views[0].may_change);
        assert_eq!(lists.views[0].owner, "Otto Adeyemi");
        assert_eq!(names(&desk.lists(&desk.otto).await.views), ["Own", "Shared"]);
        assert!(
            desk.lists(&desk.ada).await.views.is_empty(),
            "an administrator has another role"
        );

        // One's own come first, those of others by name.
        desk.save(&desk.ada, "For auditors", Some(desk.auditor)).await;
        desk.save(&desk.bo, "Zebra", None).await;
        assert_eq!(
            names(&desk.lists(&desk.bo).await.views),
            ["Zebra", "For auditors", "Shared"]
        );
        let offered: Vec<_> = lists.roles.into_iter().map(|role| role.name).collect();
        assert_eq!(offered, ["Administrator", "Auditor"], "an agent couldn't open it");

        // Who manages roles finds them all, to tidy up.
        let all = desk.views.list_shared_views(&desk.house.managing_roles()).await;
        assert_eq!(names(&all.unwrap()), ["For auditors", "Shared"]);
        desk.views
            .update_view(
                &desk.otto,
                shared.id,
                &desk.tag(shared.id).await,
                form("Shared", None),
            )
            .await
            .unwrap();
        assert_eq!(
            names(&desk.lists(&desk.bo).await.views),
            ["Zebra", "For auditors"]
        );
    })
    .await;
}

#[tokio::test]
async fn only_the_owner_and_who_manages_roles_change_a_view() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let views = &desk.views;
        let own = desk.save(&desk.otto, "Own", None).await;
        let shared = desk.save(&desk.otto, "Shared", Some(desk.auditor)).await;
        let any = query("");
        let before = desk.contents().await;
        let refused = [
            views
                .update_view(
                    &desk.bo,
                    shared.id,
                    &desk.tag(shared.id).await,
                    form("Mine", None),
                )
                .await,
            views.replace_view(&desk.bo, shared.id, &any).await,
            views.delete_view(&desk.bo, shared.id).await,
        ];
        for refusal in refused {
            assert_eq!(missing(refusal), Permission::RolesManage);
        }
        // What isn't shared isn't there for anybody else, whoever they are.
        for other in [&desk.bo, &desk.ada] {
            for refusal in [
                views
                    .update_view(other, own.id, &desk.tag(own.id).await, form("Mine", None))
                    .await,
                views.replace_view(other, own.id, &any).await,
                views.delete_view(other, own.id).await,
                views.move_view(other, own.id, Shift::Up).await,
            ] {
                assert_eq!(refusal, Err(Told::NotFound));
            }
        }
        assert_eq!(
            views.move_view(&desk.bo, shared.id, Shift::Up).await,
            Err(Told::NotFound)
        );
        assert_eq!(desk.contents().await, before);
        let renamed = views
            .update_view(
                &desk.ada,
                shared.id,
                &desk.tag(shared.id).await,
                form("Tidy", Some(desk.auditor)),
            )
            .await
            .unwrap();
        assert!(!renamed.mine && renamed.may_change);
        assert_eq!(
            field_of(
                views
                    .update_view(
                        &desk.ada,
                        shared.id,
                        &desk.tag(shared.id).await,
                        form("own", Some(desk.auditor))
                    )
                    .await
            ),
            "name",
            "its owner has a view of that name"
        );
        views.delete_view(&desk.ada, shared.id).await.unwrap();
        assert_eq!(names(&desk.lists(&desk.otto).await.views), ["Own"]);
    })
    .await;
}

#[tokio::test]
async fn names_roles_and_numbers_have_their_limits() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let views = &desk.views;
        let first = desk.save(&desk.otto, "Failures", None).await;
        let save = async |log, text: &str, form| views.create_view(&desk.otto, log, &query(text), form).await;
        let field = async |form| field_of(save(ACCESS, "", form).await);
        assert_eq!(field(form("FAILURES", None)).await, "name");
        assert_eq!(field(form(" ", None)).await, "name");
        assert_eq!(field(form("To nobody", Some(RoleId(Uuid::nil())))).await, "share");
        let agent = desk.house.role("Agent").await;
        assert_eq!(field(form("To agents", Some(agent))).await, "share");
        assert_eq!(
            field_of(save(ACCESS, "q=(a", form("Broken", None)).await),
            "query"
        );
        let other = save(ACTIVITY, "", form("Failures", None)).await.unwrap();
        desk.save(&desk.bo, "Failures", None).await;
        let second = desk.save(&desk.otto, "Second", None).await;
        assert_eq!(
            field_of(
                views
                    .update_view(
                        &desk.otto,
                        second.id,
                        &desk.tag(second.id).await,
                        form("failures", None)
                    )
                    .await
            ),
            "name"
        );
        views
            .update_view(
                &desk.otto,
                first.id,
                &desk.tag(first.id).await,
                form("failures", None),
            )
            .await
            .unwrap();
        for number in 3..MAX_VIEWS {
            save(ACTIVITY, "", form(&format!("View {number}"), None))
                .await
                .unwrap();
        }
        assert_eq!(
            conflict(save(ACCESS, "", form("One more", None)).await),
            "You have 100 saved views, which is the most. Delete one first."
        );
        views.delete_view(&desk.otto, other.id).await.unwrap();
        save(ACCESS, "", form("One more", None)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn views_stand_in_the_order_their_owner_gives_them() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let mut ids = Vec::new();
        for name in ["A", "B", "C"] {
            ids.push(desk.save(&desk.otto, name, None).await.id);
        }
        let elsewhere = form("Elsewhere", None);
        desk.views
            .create_view(&desk.otto, ACTIVITY, &query(""), elsewhere)
            .await
            .unwrap();
        let order = async || {
            let lists = desk.lists(&desk.otto).await;
            names(lists.views_of(ACCESS)).concat()
        };
        let shift = async |at: usize, shift| desk.views.move_view(&desk.otto, ids[at], shift).await.unwrap();
        assert_eq!(order().await, "ABC");
        shift(2, Shift::Up).await;
        assert_eq!(order().await, "ACB");
        shift(0, Shift::Up).await;
        shift(1, Shift::Down).await;
        assert_eq!(order().await, "ACB", "there is nothing beyond the ends");
        desk.views.delete_view(&desk.otto, ids[2]).await.unwrap();
        desk.save(&desk.otto, "D", None).await;
        assert_eq!(order().await, "ABD");
        shift(0, Shift::Down).await;
        assert_eq!(order().await, "BAD");
    })
    .await;
}

#[tokio::test]
async fn what_opens_first_is_each_users_own() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let views = &desk.views;
        let own = desk.save(&desk.otto, "Own", None).await;
        let shared = desk.save(&desk.otto, "Shared", Some(desk.auditor)).await;
        let set = async |who, log, id| views.set_default_view(who, log, id).await;
        let first = async |who| desk.lists(who).await.first_of(ACCESS).cloned();
        set(&desk.otto, ACCESS, Some(own.id)).await.unwrap();
        set(&desk.bo, ACCESS, Some(shared.id)).await.unwrap();
        let lists = desk.lists(&desk.otto).await;
        assert_eq!(names(lists.views.iter().filter(|view| view.is_default)), ["Own"]);
        assert_eq!(first(&desk.bo).await, shared.query);
        for (who, log, id) in [
            (&desk.bo, ACCESS, own.id),
            (&desk.ada, ACCESS, shared.id),
            (&desk.otto, ACTIVITY, own.id),
            (&desk.otto, ACCESS, ViewId(Uuid::nil())),
        ] {
            assert_eq!(set(who, log, Some(id)).await, Err(Told::NotFound));
        }
        // Out of sight, it opens no more; back in sight, it does.
        let change = async |shared_with| {
            let form = form("Shared", shared_with);
            views
                .update_view(&desk.otto, shared.id, &desk.tag(shared.id).await, form)
                .await
                .unwrap();
        };
        change(None).await;
        assert_eq!(first(&desk.bo).await, None);
        change(Some(desk.auditor)).await;
        assert_eq!(first(&desk.bo).await, shared.query);
        views.delete_view(&desk.otto, shared.id).await.unwrap();
        assert_eq!(first(&desk.bo).await, None);
        set(&desk.otto, ACCESS, None).await.unwrap();
        assert_eq!(first(&desk.otto).await, None);
    })
    .await;
}

#[tokio::test]
async fn how_a_log_is_shown_is_kept_per_user_and_log() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let settings = ListSettings {
            columns: vec![Column::Ip, Column::Time],
            density: Density::Compact,
        };
        let set = async |log, settings| {
            let set = desk.views.set_list_settings(&desk.otto, log, settings).await;
            set.unwrap();
        };
        set(ACCESS, settings.clone()).await;
        let view = desk.save(&desk.otto, "First", None).await;
        desk.views
            .set_default_view(&desk.otto, ACCESS, Some(view.id))
            .await
            .unwrap();
        let lists = desk.lists(&desk.otto).await;
        assert_eq!(lists.settings_of(ACCESS), settings);
        assert_eq!(lists.settings_of(ACTIVITY), ListSettings::default());
        assert_eq!(
            desk.lists(&desk.bo).await.settings_of(ACCESS),
            ListSettings::default()
        );
        let own = ListSettings {
            columns: ACCESS.spec().columns.to_vec(),
            density: Density::Comfortable,
        };
        set(ACCESS, own).await;
        let lists = desk.lists(&desk.otto).await;
        assert_eq!(
            lists.settings_of(ACCESS),
            ListSettings::default(),
            "the log's own aren't spelt out"
        );
        assert!(lists.first_of(ACCESS).is_some(), "what opens first stays");
    })
    .await;
}

#[tokio::test]
async fn a_view_of_a_deleted_role_becomes_its_owners_own() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let roles = &desk.house.managing_roles();
        let night = RoleForm {
            name: "Night shift".to_owned(),
            description: String::new(),
            permissions: vec![Permission::AuditLogsView],
        };
        let night = desk.house.accounts.create_role(roles, night).await.unwrap().id;
        let view = desk.save(&desk.otto, "Nights", Some(night)).await;
        desk.save(&desk.otto, "Other", Some(desk.auditor)).await;
        let before = desk.house.events().await.len();
        desk.house.accounts.delete_role(roles, night).await.unwrap();
        let lists = desk.lists(&desk.otto).await;
        let now = lists.views.iter().find(|other| other.id == view.id).unwrap();
        assert_eq!((&now.shared_with, &now.query), (&None, &view.query));
        assert!(lists.views.iter().any(|other| other.shared_with.is_some()));
        let events = desk.house.events_since(before).await;
        assert_eq!(types(&events), ["saved_view.updated", "role.deleted"]);
        assert_eq!(
            events[0].body.summary.as_deref(),
            Some("Made saved view “Nights” private: the role “Night shift” was deleted")
        );
        assert_eq!(
            events[0].body.changes,
            [Change::new("shared_with", "Night shift", Value::Null)]
        );
    })
    .await;
}

#[tokio::test]
async fn a_view_that_cannot_be_read_any_more_is_shown_as_such_and_can_be_put_right() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let view = desk.save(&desk.otto, "Old", None).await;
        let set = desk.views.set_default_view(&desk.otto, ACCESS, Some(view.id));
        set.await.unwrap();
        let id = view.id.0;
        let break_it = desk.house.at.writer.change(move |tx| {
            Box::pin(async move {
                let row = saved_view::Entity::find().one(tx.db()).await?.unwrap();
                assert_eq!(row.id, id);
                let mut row = row.into_active_model();
                row.query = Set("?outcome=sideways".to_owned());
                saved_view::Entity::update(row).exec(tx.db()).await?;
                Ok(())
            })
        });
        break_it.await.unwrap();
        let lists = desk.lists(&desk.otto).await;
        assert_eq!((names(&lists.views), &lists.views[0].query), (vec!["Old"], &None));
        assert_eq!(lists.first_of(ACCESS), None);
        let failures = query("outcome=failure");
        let now = desk.views.replace_view(&desk.otto, view.id, &failures).await;
        assert_eq!(now.unwrap().query, Some(failures));
    })
    .await;
}

#[tokio::test]
async fn programs_keep_nothing() {
    let desk = Desk::new(TestDb::sqlite().await).await;
    let system: Viewer = desk
        .house
        .accounts
        .system_viewer(&desk.house.workspace, "daybook");
    let who = granted(&system, ViewAuditLogs);
    let refused = [
        missing(desk.views.own_lists(&who).await),
        missing(
            desk.views
                .create_view(&who, ACCESS, &query(""), form("X", None))
                .await,
        ),
        missing(
            desk.views
                .set_list_settings(&who, ACCESS, ListSettings::default())
                .await,
        ),
    ];
    assert_eq!(refused, [Permission::AuditLogsView; 3]);
}

#[tokio::test]
async fn a_view_is_changed_by_who_has_seen_it_as_it_is() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let opened = desk.save(&desk.otto, "Failures", Some(desk.auditor)).await;
        let (id, tag) = (opened.id, opened.seen.tag());
        let tidy = form("Tidy", Some(desk.auditor));
        desk.views.update_view(&desk.ada, id, &tag, tidy).await.unwrap();
        let before = desk.house.events().await.len();
        let late = form("Failures", None);
        conflict(desk.views.update_view(&desk.otto, id, &tag, late).await);
        assert_eq!(desk.house.events().await.len(), before);
        assert_eq!(names(&desk.lists(&desk.otto).await.views), ["Tidy"]);
        // To open first, or another place in the menu, is no other view.
        let seen = desk.tag(id).await;
        let first = desk.views.set_default_view(&desk.otto, ACCESS, Some(id)).await;
        first.unwrap();
        assert_eq!(desk.tag(id).await, seen);
    })
    .await;
}

/// Every method with the events it leaves; `None` where what it changes is the user's own business.
const METHODS: &[(&str, Option<&[&str]>)] = &[
    ("create_view", Some(&["saved_view.created"])),
    ("delete_view", Some(&["saved_view.deleted"])),
    ("list_shared_views", Some(&[])),
    ("move_view", None),
    ("own_lists", Some(&[])),
    ("replace_view", Some(&["saved_view.updated"])),
    ("set_default_view", None),
    ("set_list_settings", None),
    ("update_view", Some(&["saved_view.updated"])),
];

/// The methods that are listed, for those who look whether all are.
pub(crate) fn listed() -> impl Iterator<Item = &'static str> {
    METHODS.iter().map(|(name, _)| *name)
}

#[tokio::test]
async fn every_method_that_changes_a_view_leaves_its_event() {
    let source = include_str!("mod.rs");
    let there: BTreeSet<_> = source
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("async fn "))
        .filter_map(|rest| rest.split('(').next())
        .collect();
    assert_eq!(there, METHODS.iter().map(|(name, _)| *name).collect());
    for (name, leaves) in METHODS {
        let desk = Desk::new(TestDb::sqlite().await).await;
        let view = desk.save(&desk.otto, "A", None).await;
        desk.save(&desk.otto, "B", None).await;
        let (count, before) = (desk.house.events().await.len(), desk.contents().await);
        let (views, who, id) = (&desk.views, &desk.otto, view.id);
        match *name {
            "create_view" => drop(desk.save(who, "C", None).await),
            "delete_view" => drop(views.delete_view(who, id).await.unwrap()),
            "list_shared_views" => {
                let who = granted(&desk.house.ada, ManageRoles);
                drop(views.list_shared_views(&who).await.unwrap());
            }
            "move_view" => drop(views.move_view(who, id, Shift::Down).await.unwrap()),
            "own_lists" => drop(views.own_lists(who).await.unwrap()),
            "replace_view" => drop(views.replace_view(who, id, &query("")).await.unwrap()),
            "set_default_view" => views.set_default_view(who, ACCESS, Some(id)).await.unwrap(),
            "set_list_settings" => {
                let settings = ListSettings {
                    density: Density::Compact,
                    ..ListSettings::default()
                };
                views.set_list_settings(who, ACCESS, settings).await.unwrap();
            }
            "update_view" => drop(
                views
                    .update_view(who, id, &desk.tag(id).await, form("Z", None))
                    .await
                    .unwrap(),
            ),
            other => panic!("{other} is not called"),
        }
        let changed = desk.contents().await != before;
        assert_eq!(changed, leaves.is_none_or(|events| !events.is_empty()), "{name}");
        let events = desk.house.events_since(count).await;
        assert_eq!(types(&events), leaves.unwrap_or_default(), "{name}");
    }
}
