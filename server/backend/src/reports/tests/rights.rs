//! Who may have a view sent, and what becomes of it once they may not any more.

use super::{Desk, daily, form};
use crate::{
    accounts::tests::{conflict, field_of, granted, home, missing, token, types},
    testing::on_each_database,
};
use daybook_domain::{
    Error as Told,
    account::RoleForm,
    event::Change,
    id::UserId,
    permission::{ExportAuditLogs, ImpersonateUsers, Permission as P, ViewAuditLogs},
    ports::{Reports as _, Roles as _, Users as _, Views as _},
    report::Every,
    seen::Tag,
    view::ViewForm,
    viewer::Viewer,
};
use serde_json::{Value, json};

/// Otto, an auditor, with a view that is sent every day.
async fn otto(desk: &Desk) -> (Viewer, UserId, daybook_domain::id::ViewId) {
    let user = desk
        .house
        .user("Otto Adeyemi", "otto@northdesk.example", "Auditor")
        .await;
    let otto = desk.house.browser(user.id, 0).await;
    let view = desk.save(&otto, "", None).await;
    desk.set(&otto, view.id, daily()).await.unwrap();
    (otto, user.id, view.id)
}

/// Nothing is sent when it is due; the log says why, and so does the page.
async fn is_stopped(desk: &Desk, why: &str) {
    let count = desk.house.events().await.len();
    desk.move_to("2026-11-24T07:00:00Z");
    assert_eq!(desk.mails().await.len(), 0);
    let told = desk.house.events_since(count).await;
    assert_eq!(types(&told), ["report_schedule.stopped"]);
    assert_eq!(told[0].body.changes, [Change::new("stopped", Value::Null, why)]);
    let summary = format!("Stopped scheduled report “Failed sign-ins”: {why}");
    assert_eq!(told[0].body.summary.as_deref(), Some(summary.as_str()));
    let row = &desk.rows().await[0];
    assert_eq!((row.next_at, row.stopped.as_deref()), (None, Some(why)));
    desk.move_to("2026-11-26T07:00:00Z");
    assert_eq!(desk.mails().await.len(), 0);
    assert_eq!(desk.house.events_since(count).await.len(), 1, "once");
    assert_eq!(desk.drifts().await, Vec::<String>::new());
}

#[tokio::test]
async fn who_was_deactivated_has_nothing_sent() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let (_, id, view) = otto(&desk).await;
        let who = desk.house.managing_users();
        desk.house.accounts.deactivate_user(&who, id).await.unwrap();
        is_stopped(&desk, "Otto Adeyemi, who set it, can't sign in any more.").await;
        // Back again, they have it sent by saving it.
        desk.house.accounts.reactivate_user(&who, id).await.unwrap();
        let otto = desk.house.browser(id, 1).await;
        let report = desk.set(&otto, view, daily()).await.unwrap();
        let schedule = report.schedule.unwrap();
        assert!(schedule.stopped.is_none() && schedule.next.is_some());
        desk.move_to("2026-11-27T08:00:00Z");
        assert_eq!(desk.mails().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_somebody_else_makes_of_the_view_is_not_sent() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let auditor = desk.house.role("Auditor").await;
        let user = desk
            .house
            .user("Otto Adeyemi", "otto@northdesk.example", "Auditor")
            .await;
        let otto = desk.house.browser(user.id, 0).await;
        let view = desk.save(&otto, "", Some(auditor)).await;
        // Ada sees it and has it sent; then Otto has it find something else.
        let other = daybook_domain::query::LogQuery::parse("outcome=failure").unwrap();
        let (mine, theirs) = (granted(&desk.ada, ViewAuditLogs), granted(&otto, ViewAuditLogs));
        if desk.set(&desk.ada, view.id, daily()).await.is_err() {
            // A role's views are seen by those who have it.
            desk.set(&otto, view.id, daily()).await.unwrap();
            desk.views.replace_view(&mine, view.id, &other).await.unwrap();
        } else {
            desk.views.replace_view(&theirs, view.id, &other).await.unwrap();
        }
        let row = &desk.rows().await[0];
        assert_eq!(row.next_at, None);
        assert!(
            row.stopped
                .as_ref()
                .unwrap()
                .ends_with("changed what the view finds.")
        );
        let told = desk.house.events().await;
        assert_eq!(told.last().unwrap().body.event_type, "report_schedule.stopped");
        desk.move_to("2026-11-27T08:00:00Z");
        assert_eq!(desk.mails().await.len(), 0);
        assert_eq!(desk.drifts().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn who_changes_their_own_view_has_it_sent_as_it_is_then() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let (otto, _, view) = otto(&desk).await;
        let other = daybook_domain::query::LogQuery::parse("outcome=failure").unwrap();
        let who = granted(&otto, ViewAuditLogs);
        desk.views.replace_view(&who, view, &other).await.unwrap();
        assert!(desk.rows().await[0].next_at.is_some());
    })
    .await;
}

#[tokio::test]
async fn who_may_not_export_any_more_has_nothing_sent() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let (_, id, _) = otto(&desk).await;
        let reads = RoleForm {
            name: "Reader".to_owned(),
            description: String::new(),
            permissions: vec![P::AuditLogsView],
        };
        let role = desk
            .house
            .accounts
            .create_role(&desk.house.managing_roles(), reads)
            .await
            .unwrap();
        let (who, seen) = (desk.house.managing_users(), desk.house.user_tag(id).await);
        desk.house
            .accounts
            .set_user_role(&who, id, &seen, role.id)
            .await
            .unwrap();
        let why = "Otto Adeyemi, who set it, lacks the permission “Export audit logs” by now.";
        is_stopped(&desk, why).await;
    })
    .await;
}

#[tokio::test]
async fn who_is_gone_has_nothing_sent_of_what_others_share() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let auditor = desk.house.role("Auditor").await;
        let user = desk
            .house
            .user("Otto Adeyemi", "otto@northdesk.example", "Auditor")
            .await;
        let otto = desk.house.browser(user.id, 0).await;
        let view = desk.save(&desk.ada, "", Some(auditor)).await;
        desk.set(&otto, view.id, daily()).await.unwrap();
        let who = desk.house.managing_users();
        let gone = desk
            .house
            .accounts
            .delete_user(&who, user.id, "otto@northdesk.example")
            .await;
        gone.unwrap();
        is_stopped(&desk, "Who set it is gone.").await;
    })
    .await;
}

#[tokio::test]
async fn who_does_not_see_the_view_any_more_has_nothing_sent() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let auditor = desk.house.role("Auditor").await;
        let user = desk
            .house
            .user("Otto Adeyemi", "otto@northdesk.example", "Auditor")
            .await;
        let otto = desk.house.browser(user.id, 0).await;
        let view = desk.save(&desk.ada, "", Some(auditor)).await;
        desk.set(&otto, view.id, daily()).await.unwrap();
        let private = ViewForm {
            name: view.name.clone(),
            shared_with: None,
        };
        let reader = granted(&desk.ada, ViewAuditLogs);
        let changed = desk
            .views
            .update_view(&reader, view.id, &view.seen.tag(), private)
            .await;
        changed.unwrap();
        assert_eq!(desk.report(&otto, view.id).await, Err(Told::NotFound));
        is_stopped(&desk, "Otto Adeyemi, who set it, doesn't see the view any more.").await;
    })
    .await;
}

#[tokio::test]
async fn a_report_lives_and_every_change_of_it_is_told() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let view = desk.save(&desk.ada, "", None).await;
        let count = desk.house.events().await.len();
        desk.set(&desk.ada, view.id, form(Every::Week, 8, &["Ann@Harbor.example"]))
            .await
            .unwrap();
        desk.set(&desk.ada, view.id, form(Every::Week, 8, &["ann@harbor.example"]))
            .await
            .unwrap();
        desk.set(&desk.ada, view.id, form(Every::Day, 6, &["bo@harbor.example"]))
            .await
            .unwrap();
        assert_eq!(
            desk.stop(&desk.ada, view.id).await.as_deref(),
            Ok("Failed sign-ins")
        );
        assert_eq!(desk.stop(&desk.ada, view.id).await, Err(Told::NotFound));
        let told = desk.house.events_since(count).await;
        let expected = ["created", "updated", "deleted"].map(|verb| format!("report_schedule.{verb}"));
        assert_eq!(types(&told), expected, "saving the same is no change");
        let ada = json!({"id": desk.ada.user_id().unwrap(), "name": "Ada Lindqvist"});
        assert_eq!(
            told[0].body.changes,
            [
                Change::new("every", Value::Null, "week"),
                Change::new("hour", Value::Null, 8),
                Change::new("recipients", Value::Null, json!(["ann@harbor.example"])),
                Change::new("set_by", Value::Null, ada),
                Change::new("weekday", Value::Null, "monday"),
                Change::new("zone", Value::Null, "Europe/Berlin"),
            ]
        );
        let changed: Vec<_> = told[1]
            .body
            .changes
            .iter()
            .map(|change| change.property.as_str())
            .collect();
        assert_eq!(changed, ["every", "hour", "recipients", "weekday"]);
        // With the view it goes.
        desk.set(&desk.ada, view.id, daily()).await.unwrap();
        let reader = granted(&desk.ada, ViewAuditLogs);
        desk.views.delete_view(&reader, view.id).await.unwrap();
        let told = desk.house.events_since(count + 4).await;
        assert_eq!(types(&told), ["report_schedule.deleted", "saved_view.deleted"]);
        assert_eq!(desk.rows().await, []);
        assert_eq!(desk.drifts().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn only_who_sees_the_view_and_knows_the_report_changes_it() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let (otto, _, view) = otto(&desk).await;
        // An administrator doesn't see what others keep for themselves.
        assert_eq!(desk.report(&desk.ada, view).await, Err(Told::NotFound));
        assert_eq!(desk.set(&desk.ada, view, daily()).await, Err(Told::NotFound));
        assert_eq!(desk.send_now(&desk.ada, view).await, Err(Told::NotFound));
        assert_eq!(desk.stop(&desk.ada, view).await, Err(Told::NotFound));
        let field = async |form| field_of(desk.set(&otto, view, form).await);
        assert_eq!(field(form(Every::Day, 24, &["a@x.example"])).await, "hour");
        assert_eq!(field(form(Every::Day, 8, &[])).await, "recipients");
        // It looks like an address, and isn't one that can be sent to.
        assert_eq!(field(form(Every::Day, 8, &["a@x..example"])).await, "recipients");
        let (exporter, reader) = (granted(&otto, ExportAuditLogs), granted(&otto, ViewAuditLogs));
        let late = desk
            .reports
            .set_report(&exporter, &reader, view, &Tag::default(), daily())
            .await;
        conflict(late);
        let seen = desk.report(&otto, view).await.unwrap().seen.tag();
        desk.stop(&otto, view).await.unwrap();
        conflict(
            desk.reports
                .set_report(&exporter, &reader, view, &seen, daily())
                .await,
        );
        // Programs see no views.
        let system = desk
            .house
            .accounts
            .system_viewer(&desk.house.workspace, "daybook");
        assert_eq!(missing(desk.report(&system, view).await), P::AuditLogsExport);
    })
    .await;
}

#[tokio::test]
async fn nobody_sets_one_in_the_name_of_another() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let (_, id, view) = otto(&desk).await;
        let ada = desk.house.browser(desk.ada.user_id().unwrap(), 2).await;
        let session = token(desk.ada.user_id().unwrap(), 2);
        let who = granted(&ada, ImpersonateUsers);
        desk.house
            .accounts
            .begin_impersonation(&who, id, "Asked to look", 30)
            .await
            .unwrap();
        let as_otto = desk
            .house
            .accounts
            .viewer_of_session(&session, home())
            .await
            .unwrap()
            .unwrap();
        assert!(as_otto.impersonation().is_some());
        assert!(conflict(desk.set(&as_otto, view, daily()).await).contains("in the name of another"));
        // To look is fine.
        assert!(desk.report(&as_otto, view).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_change_around_the_application_is_found() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let view = desk.save(&desk.ada, "", None).await;
        desk.set(&desk.ada, view.id, form(Every::Week, 8, &["ann@harbor.example"]))
            .await
            .unwrap();
        assert_eq!(desk.drifts().await, Vec::<String>::new());
        for (column, to) in [
            ("every", "'day'"),
            ("weekday", "'friday'"),
            ("hour", "9"),
            ("zone", "'UTC'"),
            ("recipients", "'[\"mallory@x.example\"]'"),
            ("set_by", "view_id"),
            ("stopped", "'no'"),
        ] {
            let before = desk.drifts().await.len();
            let sql = format!("UPDATE report_schedule SET {column} = {to}");
            let write = &desk.house.at.db.write;
            sea_orm::ConnectionTrait::execute_unprepared(write, &sql)
                .await
                .unwrap();
            assert!(desk.drifts().await.len() > before, "{column}");
        }
    })
    .await;
}
