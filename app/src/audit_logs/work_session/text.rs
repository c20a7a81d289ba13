//! The words of work sessions.

use crate::{
    ui::number::{counted, span},
    viewer::use_naming,
};
use daybook_domain::work_session::{
    Happened,
    day::{Span, State, Totals},
};

pub const LOSS: &str = "Likely connection loss";
pub const LAST_SIGN_OF_LIFE: &str = "Last sign of life:";
pub const SIGNED_OUT: &str = "Signed out";
pub const DAY: &str = "Day";
pub const PREVIOUS: &str = "‹ Previous day";
pub const NEXT: &str = "Next day ›";
pub const RECORDS: &str = "All records of this day";
pub const CONVERSATIONS: &str = "Conversations assigned";
pub const OVER: &str = "Over capacity";
pub const TIMELINE: &str = "From hour to hour";
pub const NOT_YET: &str = "This day is still to come.";
pub const MORE: &str = "This day has more records than are read for it; its beginning is incomplete.";

pub fn page() -> String {
    of_agents("Agent’s day")
}

pub fn nothing() -> String {
    of_agents("No record of this agent on this day.")
}

pub fn unknown() -> String {
    of_agents("What the agent did before the first record isn't recorded.")
}

pub fn loss_is_inferred() -> String {
    of_agents(
        "The system, not a person, took the agent from Available to Unavailable. That usually means that the connection \
         was lost; it is inferred from the record, not reported by the source.",
    )
}

/// After a number of them.
pub fn loss_why() -> String {
    of_agents("the system, not a person, took the agent from Available to Unavailable.")
}

fn of_agents(text: &str) -> String {
    use_naming().says_of_agents(text).into_owned()
}

/// What happened; `None` where the record's own sentence says it best.
pub fn happened(what: Happened) -> Option<&'static str> {
    Some(match what {
        Happened::SessionStarted => "Session started",
        Happened::SessionEnded => "Session ended",
        Happened::StatusChanged => "Status changed",
        Happened::OverCapacity => "Went over capacity",
        Happened::WithinCapacity => "Back within capacity",
        Happened::CapacityChanged => "Capacity changed",
        Happened::Other => return None,
    })
}

/// What following the name of a conversation does.
pub fn conversation(name: &str) -> String {
    format!("Everything that happened to {name}")
}

/// What following the name of an agent's day does.
pub fn day_of(name: &str) -> String {
    format!("The day of {name}, hour by hour")
}

/// A state with its reason.
pub fn state(span: &Span) -> String {
    match &span.reason {
        Some(reason) => format!("{}: {reason}", span.state.title()),
        None => span.state.title().to_owned(),
    }
}

/// The strip in one sentence, for those who don't see it.
pub fn strip(totals: &Totals) -> String {
    if totals.signed_in == 0 {
        return "Not signed in on this day.".to_owned();
    }
    let mut parts = vec![
        format!("signed in for {}", span(totals.signed_in)),
        format!("available for {}", span(totals.available)),
        format!("unavailable for {}", span(totals.unavailable)),
    ];
    if totals.losses > 0 {
        parts.push(counted(
            totals.losses,
            "likely connection loss",
            "likely connection losses",
        ));
    }
    let conversations = counted(
        totals.conversations,
        "conversation assigned",
        "conversations assigned",
    );
    parts.push(conversations);
    format!(
        "Timeline of the day: {}. The tables below have each of it.",
        parts.join(", ")
    )
}

/// That a day isn't as long as others.
pub fn length(micros: i64) -> Option<String> {
    const HOUR: i64 = 3_600_000_000;
    let why = match micros - 24 * HOUR {
        0 => return None,
        ..0 => "forward",
        1.. => "back",
    };
    let (hours, minutes) = (micros / HOUR, micros % HOUR / 60_000_000);
    let minutes = if minutes == 0 {
        String::new()
    } else {
        format!(" and {minutes} minutes")
    };
    Some(format!(
        "This day has {hours} hours{minutes}: clocks were set {why}."
    ))
}

/// The class of a state in the strip and its key.
pub fn class(state: State) -> String {
    format!("strip__span strip__span--{}", state.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_another_length_says_so() {
        let hours = |hours: i64| length(hours * 3_600_000_000);
        assert_eq!(hours(24), None);
        assert_eq!(
            hours(23).as_deref(),
            Some("This day has 23 hours: clocks were set forward.")
        );
        assert_eq!(
            hours(25).as_deref(),
            Some("This day has 25 hours: clocks were set back.")
        );
    }
}
