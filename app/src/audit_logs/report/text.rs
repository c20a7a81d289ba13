//! What the page of a report says.

use crate::ui::number::thousands;
use daybook_domain::report::{Every, MAX_BYTES, MAX_RECORDS, Report, Schedule, Timing};

pub const LINK: &str = "Send as a report";
pub const BACK: &str = "Saved views";
pub const SEE_LIST: &str = "Open the view";
pub const BROKEN: &str =
    "This view can’t be read any more, so it can’t be sent. Replace it with another list first.";
pub const SCHEDULE: &str = "When it is sent, and to whom";
pub const EVERY: &str = "How often";
pub const EVERY_HINT: &str = "A daily report is about the day before, a weekly one about the seven days before, a monthly one, sent on the first, about the month before.";
pub const WEEKDAY: &str = "Weekday";
pub const WEEKDAY_HINT: &str = "Of a weekly report.";
pub const HOUR: &str = "Hour";
pub const RECIPIENTS: &str = "Recipients";
pub const RECIPIENTS_HINT: &str = "An email address on each line, at most 20.";
pub const SAVE: &str = "Save report";
pub const SAVING: &str = "Saving…";
pub const STATE: &str = "How it stands";
pub const SENT_WHEN: &str = "Sent";
pub const NEXT: &str = "Next";
pub const LAST: &str = "Last";
pub const NEVER: &str = "Not yet";
pub const SET_BY: &str = "By the rights of";
pub const STOPPED: &str = "Stopped";
pub const STOPPED_ADVICE: &str = "Save it to have it sent by your rights.";
pub const SEND: &str = "Send now";
pub const SENDING: &str = "Sending…";
pub const SEND_ABOUT: &str =
    "To its recipients, for the period that ended last. When it is due it is sent all the same.";
pub const STOP: &str = "Stop sending…";
pub const STOP_NOW: &str = "Stop sending";
pub const STOPPING: &str = "Stopping…";
pub const HISTORY: &str = "What became of each mail stands in the delivery history.";
pub const SEE_HISTORY: &str = "Delivery history";
pub const NO_MAIL: &str = "There is no mail server, so nothing is sent yet.";
pub const SET_UP_MAIL: &str = "Set one up";

pub fn title(name: &str) -> String {
    format!("Report “{name}”")
}

/// What goes out, in a paragraph.
pub fn lead() -> String {
    let (records, megabytes) = (thousands(MAX_RECORDS), MAX_BYTES / 1024 / 1024);
    format!(
        "The view is sent by mail: how many records there were, whose and which, and the records as a CSV file, at most \
         {records} or {megabytes} MB. The view’s own time doesn’t count: the report has its own. Every report that is \
         sent is recorded."
    )
}

/// In which zone the hour is.
pub fn zone(zone: &str) -> String {
    format!(
        "The hour is by the clock of {zone}, your time zone, and stays so. It is sent by your rights: once you may not export \
         audit logs any more, it stops."
    )
}

/// `08:00`
pub fn hour(hour: u8) -> String {
    format!("{hour:02}:00")
}

/// `Every week, on Monday at 08:00, Europe/Berlin`
pub fn when(timing: Timing, zone: &str) -> String {
    let on = match (timing.every, timing.weekday) {
        (Every::Week, Some(weekday)) => format!(", on {}", weekday.title()),
        (Every::Month, _) => ", on the first".to_owned(),
        _ => String::new(),
    };
    format!("{}{on} at {}, {zone}", timing.every.title(), hour(timing.hour))
}

pub fn recipients(schedule: &Schedule) -> String {
    schedule.recipients.join(", ")
}

pub fn set(report: &Report) -> String {
    let next = report
        .schedule
        .as_ref()
        .and_then(|schedule| schedule.next.as_ref());
    let next = next.map(|next| format!(" It is sent next on {} at {}.", next.date, next.time));
    format!("The report is saved.{}", next.unwrap_or_default())
}

pub fn sent(to: usize) -> String {
    match to {
        1 => "The report is on its way to 1 address.".to_owned(),
        many => format!("The report is on its way to {many} addresses."),
    }
}

pub fn stopped(name: &str) -> String {
    format!("“{name}” isn’t sent any more.")
}

pub fn stop_question(name: &str) -> String {
    format!("Stop sending “{name}”? The view stays as it is.")
}
