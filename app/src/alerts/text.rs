//! What the pages of alerts and rules say.

use crate::ui::number::{counted, thousands};
use daybook_domain::monitoring::{MAX_EVIDENCE, PAST_DAYS, PAST_RECORDS, RuleState, Trial};

/// The sections its records stand in.
pub const SECTIONS: &[&str] = &["Alert"];
pub const RULE_SECTIONS: &[&str] = &["Alert rule"];
/// The page of the rules with the form for a new one open.
pub const ADD_PATH: &str = "/alerts/rules?add";

pub const ALERTS: &str = "Alerts";
pub const ALERTS_LEAD: &str = "What the rules have found in the records: look at it, say who takes care of it, and close it with a note. A rule \
                               and who it is about have one open alert, which grows.";
pub const RULES: &str = "Alert rules";
pub const RULES_LEAD: &str = "Each rule looks at every record as it comes. When one is switched on, it first learns from the past, for which it \
                              raises no alert. What alerts and rules themselves leave in the log is looked at by none.";
pub const SEARCH: &str = "Search alerts";
pub const STATE: &str = "State";
pub const SEVERITY: &str = "Severity";
pub const WHAT: &str = "Alert";
pub const RULE: &str = "Rule";
pub const SUBJECT: &str = "About";
pub const RECORDS: &str = "Records";
pub const FIRST: &str = "First";
pub const LAST: &str = "Last";
pub const ASSIGNED: &str = "Assigned to";
pub const NOBODY: &str = "Nobody";
pub const NO_ALERTS: &str = "No alerts";
pub const NO_ALERTS_ADVICE: &str = "Nothing has been found since the rules were switched on.";
pub const SEE_RULES: &str = "Rules";
pub const NOTE: &str = "Note";
pub const NOTE_HINT: &str = "What it was, and what was done. It is recorded.";
pub const RULE_GONE: &str = "The rule was deleted.";
pub const EVIDENCE: &str = "Evidence";
pub const TIME: &str = "Time";
pub const WHO: &str = "Who";
pub const RECORD: &str = "Record";
pub const REMOVED: &str = "was removed";
pub const DEAL: &str = "Deal with it";
pub const ACKNOWLEDGE: &str = "Acknowledge";
pub const ACKNOWLEDGING: &str = "Acknowledging…";
pub const ASSIGN: &str = "Assign";
pub const ASSIGNING: &str = "Assigning…";
pub const CLOSE: &str = "Close alert";
pub const CLOSING: &str = "Closing…";
pub const REOPEN: &str = "Reopen";
pub const REOPENING: &str = "Reopening…";
pub const NOBODY_LIKE_THAT: &str = "Choose somebody who may manage alerts.";

pub const OPEN: &str = "Open alerts";
pub const ADD: &str = "Add a Sigma rule";
pub const ADD_LEAD: &str = "Paste a rule in the Sigma format (YAML). It is checked, and added switched off: try it against the past first. Its \
                            fields are those of a record, such as event_type, action, outcome, actor.email, target.kind, ip, \
                            changes.role.after or metadata.rows. Its logsource isn’t looked at.";
pub const SIGMA: &str = "Sigma rule";
pub const SIGMA_HINT: &str =
    "At most 16 kB, 500 values and 10 regular expressions. Counting within a timeframe isn’t supported.";
pub const ADD_BUTTON: &str = "Add rule";
pub const ADDING: &str = "Checking…";
pub const CANCEL: &str = "Cancel";
pub const SETTINGS: &str = "What it looks for";
pub const MAIL: &str = "Mail goes to";
pub const NO_MAIL: &str = "There is no mail server, so nobody is mailed yet.";
pub const SAVE: &str = "Save rule";
pub const SAVING: &str = "Saving…";
pub const SWITCH_ON: &str = "Switch on";
pub const SWITCH_OFF: &str = "Switch off";
pub const SWITCHING: &str = "Switching…";
pub const SWITCH_ABOUT: &str = "A rule that is switched on learns from the last 90 days first and raises nothing for them. One that is switched \
                                off forgets what it has learned.";
pub const TRY: &str = "Try it against the past";
pub const TRY_ABOUT: &str = "Runs the rule, as it is saved, over what is recorded. Nothing is raised.";
pub const TRIED: &str = "In the past";
pub const DELETE: &str = "Delete rule…";
pub const DELETE_NOW: &str = "Delete rule";
pub const DELETING: &str = "Deleting…";
pub const SEE_ALERTS: &str = "Its alerts";
pub const ZONE: &str = "Hours and days are by the clock of";

pub fn acknowledged(summary: &str) -> String {
    format!("Acknowledged: “{summary}”.")
}

pub fn assigned(summary: &str) -> String {
    format!("It is said who looks after “{summary}”.")
}

pub fn closed(summary: &str) -> String {
    format!("Closed: “{summary}”.")
}

pub fn reopened(summary: &str) -> String {
    format!("Open again: “{summary}”.")
}

pub fn added(name: &str) -> String {
    format!("The rule “{name}” is added. It is off: try it against the past, then switch it on.")
}

pub fn set(name: &str) -> String {
    format!("The rule “{name}” is saved.")
}

pub fn switched(name: &str, on: bool) -> String {
    if on {
        format!("“{name}” is on. It learns from the past first.")
    } else {
        format!("“{name}” is off.")
    }
}

pub fn deleted(name: &str) -> String {
    format!("The rule “{name}” is deleted. Its alerts stay.")
}

pub fn delete_question(name: &str) -> String {
    format!("Delete “{name}”? Its alerts stay.")
}

/// How a rule stands.
pub fn state(state: &RuleState) -> String {
    match state {
        RuleState::Off => "Off".to_owned(),
        RuleState::On => "On".to_owned(),
        RuleState::Learning(records) => {
            format!("Learning: {} to go", counted(*records, "record", "records"))
        }
        RuleState::Unavailable(why) => format!("Doesn’t work: {why}"),
    }
}

/// Beyond what is shown of an alert's records.
pub fn more(count: u64, shown: usize) -> Option<String> {
    let more = count.checked_sub(shown as u64).filter(|more| *more > 0)?;
    let of = counted(more, "more record", "more records");
    Some(format!(
        "{of}, of which no more than {MAX_EVIDENCE} are kept here."
    ))
}

/// What a rule would have done.
pub fn would_have(trial: &Trial) -> String {
    let times = match trial.alerts {
        0 => "It would not have fired".to_owned(),
        1 => "It would have fired once".to_owned(),
        times => format!("It would have fired {} times", thousands(times)),
    };
    format!("{times} in the last {PAST_DAYS} days.")
}

/// What it was tried against.
pub fn against(trial: &Trial) -> String {
    let records = counted(trial.records, "record", "records");
    let since = trial.since.as_ref();
    let since = since.map_or_else(String::new, |since| format!(", since {}", since.date));
    if trial.is_cut {
        let most = thousands(PAST_RECORDS.unsigned_abs());
        format!("Tried against the newest {records}{since}: no more than {most} are looked at.")
    } else {
        format!("Tried against {records}{since}.")
    }
}

pub fn no_examples(trial: &Trial) -> Option<String> {
    let shown = trial.examples.len() as u64;
    (trial.alerts > shown).then(|| format!("The latest {} of them:", counted(shown, "one", "ones")))
}
