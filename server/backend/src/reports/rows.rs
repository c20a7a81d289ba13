//! Rows of schedules: which view they are of, who may set and see them, and what they mean in the domain's words.

use super::{calendar::Calendar, records::ScheduleRecord};
use crate::{
    Error, Result,
    email::{send::is_set_up, settings::sendable},
    local_time::Reader,
    record::{Done, has_seen, record, seen},
    views,
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    event::Outcome,
    id::{UserId, ViewId, WorkspaceId},
    permission::Permission,
    query::LogQuery,
    report::{Every, LastReport, Report, ReportForm, Schedule, Timing, Weekday},
    seen::{Seen, Tag},
    viewer::Viewer,
};
use daybook_entity::{report_schedule, saved_view};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};

/// Programs and the command line see no views.
pub(super) fn own_id(who: &Viewer) -> Result<UserId> {
    let denied = Told::Forbidden {
        permission: Permission::AuditLogsExport,
    };
    Ok(who.user_id().ok_or(denied)?)
}

/// A view, if it is the asker's to see.
pub(super) async fn view(db: &impl ConnectionTrait, who: &Viewer, id: ViewId) -> Result<saved_view::Model> {
    let row = views::find(db, who.workspace(), id).await?;
    if views::is_seen(db, who, own_id(who)?, &row).await? {
        Ok(row)
    } else {
        Err(Told::NotFound.into())
    }
}

pub(super) async fn find(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    view: ViewId,
) -> Result<Option<report_schedule::Model>> {
    Ok(report_schedule::Entity::find_by_id((workspace.0, view.0))
        .one(db)
        .await?)
}

pub(super) fn recipients(row: &report_schedule::Model) -> Result<Vec<String>> {
    serde_json::from_str(&row.recipients)
        .map_err(|error| Error::damaged(format!("the recipients of a report: {error}")))
}

pub(super) fn timing(row: &report_schedule::Model) -> Result<Timing> {
    let damaged = |what: &str| Error::damaged(format!("a report that is sent “{what}”"));
    let weekday = |word: &String| Weekday::from_name(word).ok_or_else(|| damaged(word));
    Ok(Timing {
        every: Every::from_name(&row.every).ok_or_else(|| damaged(&row.every))?,
        weekday: row.weekday.as_ref().map(weekday).transpose()?,
        hour: row.hour.try_into().map_err(Error::damaged)?,
    })
}

/// A view as the one that is sent, as the asker sees it.
pub(super) async fn shown(
    db: &impl ConnectionTrait,
    who: &Viewer,
    view: &saved_view::Model,
    reader: &Reader,
) -> Result<Report> {
    let row = find(db, who.workspace(), ViewId(view.id)).await?;
    let mut report = Report {
        view: ViewId(view.id),
        name: view.name.clone(),
        log: views::log_of(&view.log)?,
        query: LogQuery::parse(&view.query).ok(),
        zone: who.zone().to_owned(),
        has_mail: is_set_up(db, who.workspace()).await?,
        schedule: None,
        seen: Seen::default(),
    };
    if let Some(row) = row {
        let record = ScheduleRecord::of(db, &row, &view.name).await?;
        report.seen = seen(&record)?;
        report.schedule = Some(schedule(&row, record.set_by(), reader)?);
    }
    Ok(report)
}

fn schedule(row: &report_schedule::Model, set_by: &str, reader: &Reader) -> Result<Schedule> {
    let outcome = row.last_outcome.as_deref().and_then(Outcome::from_name);
    let last = match (row.last_at, outcome) {
        (Some(at), Some(outcome)) => Some(LastReport {
            at: reader.stored(at)?,
            outcome,
            detail: row.last_detail.clone().unwrap_or_default(),
        }),
        _ => None,
    };
    Ok(Schedule {
        timing: timing(row)?,
        zone: row.zone.clone(),
        recipients: recipients(row)?,
        set_by: set_by.to_owned(),
        next: row.next_at.map(|at| reader.stored(at)).transpose()?,
        stopped: row.stopped.clone(),
        last,
    })
}

/// Puts a schedule in place of the one there is.
pub(super) async fn set(
    tx: &mut WriteTx,
    who: &Viewer,
    id: ViewId,
    tag: &Tag,
    form: ReportForm,
) -> Result<()> {
    let (workspace, now, user) = (who.workspace(), tx.now(), own_id(who)?);
    let view = view(tx.db(), who, id).await?;
    if who.impersonation().is_some() {
        let reason =
            "A report is sent by the rights of who sets it, so nobody sets one in the name of another.";
        return Err(Told::conflict(reason).into());
    }
    if LogQuery::parse(&view.query).is_err() {
        let reason =
            "This view can't be read any more, so it can't be sent. Replace it with another list first.";
        return Err(Told::conflict(reason).into());
    }
    for to in &form.recipients {
        sendable(to).map_err(|reason| Told::invalid("recipients", format!("“{to}”: {reason}")))?;
    }
    let was = find(tx.db(), workspace, id).await?;
    let before = match &was {
        Some(row) => {
            let before = ScheduleRecord::of(tx.db(), row, &view.name).await?;
            has_seen(tag, &before)?;
            Some(before)
        }
        None if *tag != Tag::default() => {
            let reason =
                "The report was stopped while you edited it. Save again to have it sent all the same.";
            return Err(Told::conflict(reason).into());
        }
        None => None,
    };
    let calendar = Calendar::new(form.timing, who.zone(), now);
    let row = report_schedule::Model {
        workspace_id: workspace.0,
        view_id: id.0,
        set_by: user.0,
        every: form.timing.every.name().to_owned(),
        weekday: form.timing.weekday.map(|weekday| weekday.name().to_owned()),
        hour: form.timing.hour.into(),
        zone: who.zone().to_owned(),
        recipients: serde_json::to_string(&form.recipients).map_err(Error::damaged)?,
        next_at: Some(calendar.next(now).micros()),
        stopped: None,
        last_at: was.as_ref().and_then(|was| was.last_at),
        last_outcome: was.as_ref().and_then(|was| was.last_outcome.clone()),
        last_detail: was.as_ref().and_then(|was| was.last_detail.clone()),
        created_at: was.as_ref().map_or(now.micros(), |was| was.created_at),
    };
    let after = ScheduleRecord::of(tx.db(), &row, &view.name).await?;
    if let Some(before) = before {
        replace(tx, row).await?;
        return record(tx, who, &Done::updated(&before, &after));
    }
    report_schedule::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.db())
        .await?;
    record(tx, who, &Done::created(&after))
}

/// Stores a row in place of the one with its key.
pub(super) async fn replace(tx: &WriteTx, row: report_schedule::Model) -> Result<()> {
    report_schedule::Entity::update(row.into_active_model().reset_all())
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Takes a schedule away.
pub(super) async fn stop(tx: &mut WriteTx, who: &Viewer, id: ViewId) -> Result<String> {
    let view = view(tx.db(), who, id).await?;
    if find(tx.db(), who.workspace(), id).await?.is_none() {
        return Err(Told::NotFound.into());
    }
    end_with_view(tx, who, &view).await?;
    Ok(view.name)
}

/// Takes away the schedule of a view, where it has one.
pub(crate) async fn end_with_view(tx: &mut WriteTx, who: &Viewer, view: &saved_view::Model) -> Result<()> {
    let Some(row) = find(tx.db(), who.workspace(), ViewId(view.id)).await? else {
        return Ok(());
    };
    let before = ScheduleRecord::of(tx.db(), &row, &view.name).await?;
    report_schedule::Entity::delete_by_id((row.workspace_id, row.view_id))
        .exec(tx.db())
        .await?;
    record(tx, who, &Done::deleted(&before))
}

/// Stops the schedule of a view that somebody else has changed than who set it: it is sent by their rights, and they haven't
/// seen what it finds now.
pub(crate) async fn stop_with_change(tx: &mut WriteTx, who: &Viewer, view: &saved_view::Model) -> Result<()> {
    let Some(mut row) = find(tx.db(), who.workspace(), ViewId(view.id)).await? else {
        return Ok(());
    };
    if row.stopped.is_some() || who.user_id().is_some_and(|user| user.0 == row.set_by) {
        return Ok(());
    }
    let before = ScheduleRecord::of(tx.db(), &row, &view.name).await?;
    let why = format!("{} changed what the view finds.", who.actor().label());
    row.next_at = None;
    row.stopped = Some(why.clone());
    let after = ScheduleRecord::of(tx.db(), &row, &view.name).await?;
    replace(tx, row).await?;
    let done = Done::updated(&before, &after).called("stopped");
    record(
        tx,
        who,
        &done.saying(format!("Stopped scheduled report “{}”: {why}", view.name)),
    )
}
