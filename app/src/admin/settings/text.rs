//! What the page of the general settings says.

use daybook_domain::{
    log::LogKind,
    naming::{Helpdesk, Naming},
    object::ObjectKind,
    settings::LogTab,
};

/// The sections its records stand in.
pub const SECTIONS: &[&str] = &["Workspace", "Log"];
pub const TITLE: &str = "General settings";
pub const LEAD: &str = "What holds for everybody in this workspace. Every change is recorded.";

pub const WORKSPACE: &str = "Workspace";
pub const NAME: &str = "Name";
pub const NAME_HINT: &str = "It stands above the menu, so that nobody mistakes one installation for another.";
pub const ZONE: &str = "Time zone of new users";
pub const ZONE_HINT: &str =
    "For example Europe/Berlin. Everybody can choose another in their account; records keep UTC.";
pub const FORMAT: &str = "Dates and numbers of new users";
pub const FORMAT_HINT: &str =
    "Everybody can choose another way in their account. Daybook's own words are English in any case.";
pub const SAVE: &str = "Save";
pub const SAVING: &str = "Saving…";
pub const SAVED: &str = "The general settings are saved.";

pub const HELPDESK: &str = "Helpdesk integration";
pub const PRODUCT: &str = "Product";
pub const PRODUCT_HINT: &str = "It decides what agents are called here. What is recorded stays as it is.";
pub const SAVE_HELPDESK: &str = "Set integration";

/// A product, with what it calls agents.
pub fn helpdesk(helpdesk: Helpdesk) -> String {
    let agents = Naming::of(helpdesk).plural(ObjectKind::ServiceAgent);
    format!("{}: {agents}", helpdesk.title())
}

pub fn helpdesk_set(helpdesk: Helpdesk) -> String {
    let agents = Naming::of(helpdesk).plural(ObjectKind::ServiceAgent);
    format!("Agents are called “{agents}” now.")
}

pub const COURSES: &str = "Courses module";
pub const COURSES_ON: &str = "On: Analytics has a page for courses.";
pub const COURSES_OFF: &str =
    "Off. Switch it on if contacts take courses in the customer portal: Analytics gets a page for them.";
pub const SWITCH_COURSES_ON: &str = "Switch the courses module on";
pub const SWITCH_COURSES_OFF: &str = "Switch the courses module off";

pub fn courses_switched(on: bool) -> &'static str {
    if on {
        "The courses module is on."
    } else {
        "The courses module is off."
    }
}

pub const LOGS: &str = "Logs with a tab";
pub const LOGS_LEAD: &str = "Activity, Access, Webhook failures and Integration failures always have a tab. The others have \
                             one as soon as they have records; a log that is switched on has one before that, too.";
pub const LOG: &str = "Log";
pub const RECORDS: &str = "Records";
pub const TAB: &str = "Tab";
pub const ACTION: &str = "Switch on or off";
pub const SWITCH_ON: &str = "Switch on";
pub const SWITCH_OFF: &str = "Switch off";

/// When a log has a tab.
pub fn tab(tab: &LogTab) -> &'static str {
    match (tab.switched_on, tab.records) {
        (true, _) => "Always",
        (false, 0) => "None: no records yet",
        (false, _) => "Because it has records",
    }
}

pub fn switched(log: LogKind, on: bool) -> String {
    if on {
        format!("“{}” always has a tab now.", log.title())
    } else {
        format!("“{}” has a tab only while it has records.", log.title())
    }
}
