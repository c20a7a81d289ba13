//! What the pages of integrations say.

use crate::ui::number::{counted, thousands};
use daybook_domain::webhook::AttemptCause;

pub const HEALTH: &str = "Health";
pub const HEALTH_OF_ALL: &str = "How they do";
pub const NONE_YET: &str = "No integrations yet";
pub const NONE_YET_ADVICE: &str = "An integration sends what is recorded here on to a chat, a log collector or an archive, in \
     order and without gaps: what can't be sent now is sent later, and the list says how far behind each is.";

pub const STATE: &str = "State";
pub const BEHIND: &str = "Behind";
pub const FAILING_SINCE: &str = "Failing since";
pub const NEXT: &str = "Next try";
pub const LAST_SENT: &str = "Last sent";
pub const SENT: &str = "Sent in all";
pub const NOTHING_SENT: &str = "nothing yet";
pub const NOT_BEHIND: &str = "nothing waits";
pub const OLDEST: &str = "the oldest recorded";
pub const FAILING: &str = "It is tried again until it goes well, and goes on where it stopped: nothing is left out that the log still keeps then.";
pub const PAUSED_NOTICE: &str = "It is paused, and goes on where it stopped once it is resumed: nothing is left out that the log still keeps then.";
pub const SWITCHED_OFF: &str = "This integration is switched off. It goes on where it stopped once it is reactivated; its audit log says why it is off.";

pub const TEST: &str = "Send a test event";
pub const TESTING: &str = "Sending…";
pub const TESTED: &str = "A test event is on its way.";
pub const PAUSE: &str = "Pause";
pub const PAUSING: &str = "Pausing…";
pub const PAUSED: &str = "Paused: nothing is sent until it is resumed, and nothing is lost.";
pub const RESUME: &str = "Resume";
pub const TRY_NOW: &str = "Try now";
pub const RESUMING: &str = "Resuming…";
pub const RESUMED: &str = "On its way again, from where it stopped.";
pub const UNDER_WAY: &str = "An attempt is about to be made.";
pub const LOOK_AGAIN: &str = "Look again";

pub const SECRET_MISSING: &str = "Nothing is sent yet: it lacks what it is sent with.";
pub const SECRET_ABOUT: &str = "It is kept sealed and never shown.";
pub const SECRET_IS_SET: &str = "It is set.";
pub const SECRET_IS_NOT_SET: &str = "None is set.";
pub const SET_ANOTHER: &str = "Set another…";
pub const SET_ONE: &str = "Set one…";
pub const EMPTY_TAKES_AWAY: &str = "Without anything, the one that is set is taken away.";
pub const SET: &str = "Save";
pub const SETTING: &str = "Saving…";
pub const SECRET_SET: &str = "It is set, and used from now on.";

pub const REWIND: &str = "Send again since a time…";
pub const REWIND_ABOUT: &str = "It goes on from that time: what it has got since then it gets once more.";
pub const REWIND_SINCE: &str = "Since";
pub const REWIND_COUNT: &str = "Count them";
pub const REWINDING: &str = "Setting back…";
pub const REWIND_NONE: &str = "Nothing has been recorded since then.";
pub const NOT_A_TIME: &str = "This is not a time such as 2026-11-22T06:00 or -24h.";

pub const ATTEMPTS: &str = "Latest attempts";
pub const NO_ATTEMPTS: &str = "Nothing has been sent yet";
pub const NO_ATTEMPTS_ADVICE: &str = "Attempts appear here as events happen that it gets. A test event shows at once whether it \
     arrives.";
pub const AT: &str = "Time";
pub const CAUSE: &str = "Cause";
pub const EVENTS: &str = "Events";
pub const RECORDS: &str = "Records";
pub const SIZE: &str = "Size";
pub const TOOK: &str = "Took";
pub const OUTCOME: &str = "Outcome";
pub const OK: &str = "Arrived";
pub const NONE: &str = "–";
pub const ANSWER: &str = "What was answered";

/// `4,211 records behind`.
pub fn behind(records: u64) -> String {
    format!("{} behind", counted(records, "record", "records"))
}

pub fn sent(events: u64) -> String {
    counted(events, "event", "events")
}

/// The sequences of the first and the last record: `991–1,204`.
pub fn records((first, last): (i64, i64)) -> String {
    let number = |sequence: i64| thousands(sequence.unsigned_abs());
    if first == last {
        number(first)
    } else {
        format!("{}–{}", number(first), number(last))
    }
}

/// Why an attempt was made.
pub fn cause(cause: AttemptCause) -> &'static str {
    match cause {
        AttemptCause::Schedule => "New events",
        other => other.title(),
    }
}

pub fn recorded(records: u64, since: &str) -> String {
    let were = counted(records, "record was made", "records were made");
    format!("{were} since {since}.")
}

/// What a time that is too late would leave out.
pub fn left_out(records: u64) -> String {
    let them = counted(records, "record", "records");
    format!("That leaves out {them} from before, which it hasn't got: choose an earlier time to lose none.")
}

pub fn rewind(records: u64) -> String {
    format!("Send {} again", counted(records, "record", "records"))
}

pub fn leave_out(records: u64) -> String {
    format!("Leave out {}", counted(records, "record", "records"))
}

pub fn rewound(records: u64) -> String {
    format!(
        "It goes on from there: {} to go through.",
        counted(records, "record is", "records are")
    )
}
