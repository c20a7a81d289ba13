//! What belongs to another workspace is as if it didn't exist, whatever somebody may do in their own.

use super::{Desk, typed};
use crate::{
    accounts::{Workspace, tests::granted},
    index::EventIndex,
    retention::RecordRetention,
    store::EventStore,
    testing::on_each_database,
    views::SavedViews,
};
use daybook_domain::{
    Error::{self, NotFound},
    compare::Point,
    id::{IdMaker as _, WorkspaceId},
    log::LogScope,
    object::{
        Change, Given, ImportSettings, ManyChoice, ManyTyped, ManyWay, Merge, ObjectKind as K, ObjectStatus,
        See,
    },
    permission::{ManageApiKeys, ManageSettings, ViewAuditLogs},
    ports::{Account as _, ApiKeys as _, Imports as _, Objects as _, Retentions as _, Views as _},
    query::LogQuery,
    retention::HoldForm,
    view::{Shift, ViewForm},
};
use daybook_entity::{event_head, saved_view, session, workspace};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr};
use serde_json::json;

impl Desk {
    /// Another helpdesk in the same database, and somebody who may do everything there.
    async fn elsewhere(&self) -> daybook_domain::viewer::Viewer {
        let at = &self.house.at;
        let id = WorkspaceId(at.ids.next());
        let own = workspace::Entity::find().one(&at.db.read).await.unwrap().unwrap();
        // One installation makes one; the database could hold more.
        let other = workspace::Model {
            id: id.0,
            slot: own.slot + 1,
            ..own
        };
        let log = event_head::Model {
            workspace_id: id.0,
            last_sequence: 0,
            removals: 0,
        };
        let db = &at.db.write;
        workspace::Entity::insert(other.into_active_model())
            .exec_without_returning(db)
            .await
            .unwrap();
        event_head::Entity::insert(log.into_active_model())
            .exec_without_returning(db)
            .await
            .unwrap();
        let name = "Elsewhere".to_owned();
        self.house
            .accounts
            .system_viewer(&Workspace { id, name }, "Daybook")
    }
}

#[tokio::test]
async fn a_thing_of_another_workspace_is_not_found() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let (other, objects) = (desk.elsewhere().await, &desk.objects);
        let theirs = other.grant_kind(K::Company, Change).unwrap();
        let thing = objects
            .create_object(&theirs, &typed(&[("name", "Harbor IT")]))
            .await
            .unwrap();
        let mine = desk
            .create(K::Company, &[("name", "Harbor IT"), ("external_id", "h-1")])
            .await;
        let (see, who) = (desk.may_see(K::Company), desk.may_change(K::Company));
        let reads = granted(&desk.house.ada, ViewAuditLogs);
        let (id, phone) = (thing.id, typed(&[("phone", "+44 1234")]));
        assert_eq!(objects.object(&see, id).await, Err(NotFound));
        assert_eq!(objects.became(&see, id).await, Ok(None));
        assert_eq!(objects.update_object(&who, id, 1, &phone).await, Err(NotFound));
        assert_eq!(objects.deactivate_object(&who, id).await, Err(NotFound));
        assert_eq!(objects.reactivate_object(&who, id).await, Err(NotFound));
        assert_eq!(objects.delete_object(&who, id).await, Err(NotFound));
        assert_eq!(
            objects.object_then(&see, &reads, id, Point::Now).await,
            Err(NotFound)
        );
        let restored = objects
            .restore_object(&who, &reads, id, 1, Point::Now, &["phone".to_owned()])
            .await;
        assert_eq!(restored, Err(NotFound));
        for (stays, goes) in [(mine.id, id), (id, mine.id)] {
            assert_eq!(objects.object_pair(&who, stays, goes).await, Err(NotFound));
            let asked = Merge {
                stays: (stays, 1),
                goes: (goes, 1),
                kept: [].into(),
            };
            assert_eq!(objects.merge_objects(&who, &asked).await, Err(NotFound));
        }
        let tag = ManyTyped::from([("tags".to_owned(), (ManyWay::Add, vec!["vip".to_owned()]))]);
        let nobody = |gone| daybook_domain::object::ManyDone {
            gone,
            ..Default::default()
        };
        assert_eq!(objects.update_objects(&who, &[id], &tag).await, Ok(nobody(1)));
        assert_eq!(
            objects
                .switch_objects(&who, &[id], ObjectStatus::Deactivated)
                .await,
            Ok(nobody(1))
        );
        assert_eq!(objects.delete_objects(&who, &[id]).await, Ok(nobody(1)));
        let chosen = objects
            .choose_objects(&who, &ManyChoice::Some(vec![id]))
            .await
            .unwrap();
        assert_eq!(chosen.things, []);
        // Nor can anything refer to it, or be found by its name.
        let contact = typed(&[
            ("name", "Bo"),
            ("email", "bo@harbor.example"),
            ("company", &id.to_string()),
        ]);
        let told = objects
            .create_object(&desk.may_change(K::Contact), &contact)
            .await;
        assert!(
            matches!(&told, Err(Error::Invalid { field, .. }) if field == "company"),
            "{told:?}"
        );
        let given: Given = serde_json::from_value(json!({"phone": "+44 5678"})).unwrap();
        assert_eq!(
            objects.put_object(&who, "h-1", &given).await.unwrap().object.id,
            mine.id
        );
        let now = objects
            .object(&other.grant_kind(K::Company, See).unwrap(), id)
            .await
            .unwrap();
        assert_eq!(now, thing, "nothing has become of it");
    })
    .await;
}

#[tokio::test]
async fn an_import_of_another_workspace_is_not_found() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let other = desk.elsewhere().await.grant_kind(K::Company, Change).unwrap();
        let id = desk
            .objects
            .upload(&other, "companies.csv", "Name\nHarbor IT\n".into())
            .await
            .unwrap();
        let (objects, who) = (&desk.objects, desk.may_change(K::Company));
        assert_eq!(objects.import(&who, id).await, Err(NotFound));
        assert_eq!(
            objects.check_import(&who, id, ImportSettings::default()).await,
            Err(NotFound)
        );
        assert_eq!(objects.run_import(&who, id).await, Err(NotFound));
        assert_eq!(objects.drop_import(&who, id).await, Err(NotFound));
        assert_eq!(objects.problem_file(&who, id).await, Err(NotFound));
        assert_eq!(objects.list_imports(&who).await, Ok(Vec::new()));
        assert_eq!(objects.list_imports(&other).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn holds_and_keys_of_another_workspace_are_not_found() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let (other, ada) = (desk.elsewhere().await, &desk.house.ada);
        let (db, clock) = (desk.house.at.db.clone(), desk.house.at.clock.clone());
        let index = EventIndex::new(db.clone());
        let events = EventStore::new(db.clone(), index.clone(), clock.clone());
        let (writer, accounts) = (desk.house.at.writer.clone(), desk.house.accounts.clone());
        let retention = RecordRetention::new(db, writer, index, events, accounts, clock);
        let form = HoldForm {
            log: LogScope::All,
            query: LogQuery::default(),
            name: "Case 7".to_owned(),
            reason: "The court asks".to_owned(),
        };
        let manages = granted(&other, ManageSettings);
        let hold = retention
            .place_hold(&manages, &granted(&other, ViewAuditLogs), form)
            .await
            .unwrap();
        let ours = granted(ada, ManageSettings);
        assert_eq!(retention.release_hold(&ours, hold.id).await.err(), Some(NotFound));
        assert!(retention.retention(&ours).await.unwrap().holds.is_empty());
        assert!(retention.release_hold(&manages, hold.id).await.is_ok());

        let (keys, theirs) = (&desk.house.accounts, granted(&other, ManageApiKeys));
        let scopes = vec![daybook_domain::account::Scope::DirectoryWrite];
        let key = keys.create_api_key(&theirs, "Sync", scopes).await.unwrap().thing;
        let ours = granted(ada, ManageApiKeys);
        assert_eq!(keys.revoke_api_key(&ours, key.id).await.err(), Some(NotFound));
        assert!(keys.list_api_keys(&ours).await.unwrap().is_empty());
        assert!(keys.revoke_api_key(&theirs, key.id).await.is_ok());
    })
    .await;
}

/// Views and sessions have people as their owners: here they are moved away.
#[tokio::test]
async fn what_people_of_another_workspace_have_is_not_found() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let (other, house) = (desk.elsewhere().await.workspace(), &desk.house);
        let views = SavedViews::new(house.at.db.clone(), house.accounts.clone());
        let form = || ViewForm {
            name: "Failures".to_owned(),
            shared_with: None,
        };
        let reads = granted(&house.ada, ViewAuditLogs);
        let view = views
            .create_view(&reads, LogScope::All, &LogQuery::default(), form())
            .await
            .unwrap();
        let second = house.browser(house.ada.user_id().unwrap(), 1).await;
        let (db, away) = (&house.at.db.write, Expr::value(other.0));
        let moved = saved_view::Entity::update_many().col_expr(saved_view::Column::WorkspaceId, away.clone());
        moved.exec(db).await.unwrap();
        assert_eq!(
            views
                .update_view(&reads, view.id, &view.seen.tag(), form())
                .await
                .err(),
            Some(NotFound)
        );
        assert_eq!(
            views
                .replace_view(&reads, view.id, &LogQuery::default())
                .await
                .err(),
            Some(NotFound)
        );
        assert_eq!(
            views.move_view(&reads, view.id, Shift::Up).await.err(),
            Some(NotFound)
        );
        let set = views.set_default_view(&reads, LogScope::All, Some(view.id)).await;
        assert_eq!(set.err(), Some(NotFound));
        assert_eq!(views.delete_view(&reads, view.id).await.err(), Some(NotFound));

        let gone = second.session_id().unwrap();
        session::Entity::update_many()
            .col_expr(session::Column::WorkspaceId, away)
            .filter(session::Column::Id.eq(gone.0))
            .exec(db)
            .await
            .unwrap();
        assert_eq!(
            house.accounts.revoke_session(&house.ada, gone).await,
            Err(NotFound)
        );
    })
    .await;
}
