//! What the pages of webhooks say.

use crate::ui::number::counted;
use daybook_domain::webhook::{AttemptCause, MAX_RECOVERED};

pub const DELIVERIES: &str = "Deliveries";
pub const SIGNING: &str = "Signing";

pub const TABLE: &str = "Messages";
pub const STATES: &str = "State";
pub const NONE_YET: &str = "Nothing has been sent yet";
pub const NONE_YET_ADVICE: &str = "Messages appear here as events happen that this endpoint is told of. A test event shows at \
     once whether the receiver answers.";
pub const NO_MATCH: &str = "No message is in this state";

pub const TEST: &str = "Send a test event";
pub const TESTING: &str = "Sending…";
pub const TESTED: &str = "A test event is on its way.";
pub const PAUSE: &str = "Pause";
pub const PAUSING: &str = "Pausing…";
pub const PAUSED: &str = "Paused: nothing is sent until it is resumed, and nothing is lost.";
pub const RESUME: &str = "Resume";
pub const RESUMING: &str = "Resuming…";
pub const RESUMED: &str = "Resumed: what has waited is sent now.";

pub const HEALTH: &str = "Health";
pub const SUCCESS: &str = "Arrived, last 24 hours";
pub const LATENCY: &str = "Answer time";
pub const WAITING: &str = "Waiting";
pub const QUIET: &str = "no attempt";

pub const NO_SECRET: &str = "This endpoint has no signing secret yet, and nothing is sent without one.";
pub const MAKE_SECRET: &str = "Make a signing secret";
pub const SWITCHED_OFF: &str = "This endpoint is switched off: it is told of nothing. What waits goes on being tried once it is reactivated; its audit log says why it is off.";

pub const RECOVER: &str = "Recover failed messages";
pub const RECOVER_ABOUT: &str = "Sends every message once more that was given up since then.";
pub const RECOVER_COUNT: &str = "Count them";
pub const RECOVER_SINCE: &str = "Since";
pub const RECOVERING: &str = "Sending…";
pub const RECOVER_NONE: &str = "No message has been given up since then.";
pub const SINCE: [(&str, &str); 4] = [
    ("-1h", "the last hour"),
    ("-24h", "the last 24 hours"),
    ("-7d", "the last 7 days"),
    ("-30d", "the last 30 days"),
];

pub const RESEND: &str = "Send again";
pub const SEND_NOW: &str = "Try now";
pub const RESENDING: &str = "Sending…";
pub const RESENT: &str = "The message is on its way again, under the same id.";
pub const UNDER_WAY: &str = "An attempt is about to be made.";
pub const LOOK_AGAIN: &str = "Look again";
pub const MESSAGE_ID: &str = "Message id";
pub const THE_RECORD: &str = "The record";
pub const BODY: &str = "Body";
pub const NOT_YOURS: &str =
    "What is sent is a record of the log, which takes the permission “View audit logs”.";
pub const BODY_GONE: &str = "The record this message tells of has been removed: its retention is over.";
pub const ATTEMPTS: &str = "Attempts";
pub const NO_ATTEMPTS: &str = "There was no attempt yet.";
pub const REQUEST: &str = "Request";
pub const RESPONSE: &str = "Response";
pub const NO_RESPONSE: &str = "There was no answer.";
pub const CUT: &str = "This is its beginning; there was more.";
pub const HIDDEN: &str = "hidden";
pub const LAST_SUCCESS: &str = "The last attempt that went well, of another message";
pub const LAST_SUCCESS_ABOUT: &str = "What was different then often shows what is wrong now.";
pub const OK: &str = "Arrived";

pub const SECRETS: &str = "Signing secrets";
pub const SECRETS_ABOUT: &str = "Every message is signed as Standard Webhooks say, in the header webhook-signature. A new secret \
     signs at once; those before it sign beside it for a day, so that the receiver can change over.";
pub const NO_SECRETS: &str = "There is none yet: nothing is sent before there is one.";
pub const ADD_SECRET: &str = "Make a new secret";
pub const ADDING: &str = "Making…";
pub const SECRET_ADDED: &str = "Here is the new secret. Give it to the receiver now: it isn't shown again.";
pub const REMOVE: &str = "Remove";
pub const REMOVE_SECRET: &str = "Remove…";
pub const REMOVE_QUESTION: &str =
    "A receiver that checks with this secret will refuse every message from now on. This can't be undone.";
pub const REMOVING: &str = "Removing…";
pub const SECRET_REMOVED: &str = "The secret is removed: it signs nothing any more.";
pub const SIGNS: &str = "Signs";
pub const UNTIL_REMOVED: &str = "until another is made";

pub const HEADERS: &str = "Headers";
pub const HEADERS_ABOUT: &str = "Sent along with every message, for receivers that want a key of their own. Values are kept sealed \
     and never shown.";
pub const NO_HEADERS: &str = "None.";
pub const HEADER_NAME: &str = "Name";
pub const HEADER_NAME_HINT: &str = "Such as Authorization. One that is there already is replaced.";
pub const HEADER_VALUE: &str = "Value";
pub const SET_HEADER: &str = "Save header";
pub const SETTING: &str = "Saving…";
pub const HEADER_SET: &str = "The header is sent along from now on.";
pub const HEADER_REMOVED: &str = "The header isn't sent any more.";

/// `4 ms, 95th percentile 52 ms`.
pub fn latency(median: &str, p95: &str) -> String {
    format!("{median}, 95th percentile {p95}")
}

/// `99.2 % of 1,000 attempts`.
pub fn success(well: u64, wrong: u64) -> String {
    let all = well + wrong;
    let tenths = (well * 1000).checked_div(all).unwrap_or_default();
    let share = if tenths.is_multiple_of(10) {
        format!("{} %", tenths / 10)
    } else {
        format!("{}.{} %", tenths / 10, tenths % 10)
    };
    format!("{share} of {}", counted(all, "attempt", "attempts"))
}

pub fn recover(messages: u64) -> String {
    format!("Send {} again", counted(messages, "message", "messages"))
}

pub fn recovered(messages: u64) -> String {
    format!(
        "{} on the way again.",
        counted(messages, "message is", "messages are")
    )
}

pub fn recoverable(messages: u64, since: &str) -> String {
    let since = SINCE.iter().find(|(value, _)| *value == since);
    let since = since.map_or("that time", |(_, title)| *title);
    let most = if messages < MAX_RECOVERED {
        ""
    } else {
        "The first "
    };
    format!(
        "{most}{} given up in {since}. Each is sent once more, under the id it has.",
        counted(messages, "message was", "messages were")
    )
}

/// `Attempt 3, by schedule`.
pub fn attempt(number: u32, cause: AttemptCause) -> String {
    let cause = cause.title().to_lowercase();
    format!("Attempt {number}, {cause}")
}
