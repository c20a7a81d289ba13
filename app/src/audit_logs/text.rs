//! The words of the log pages.

use daybook_domain::{
    log::FilterField,
    time::{TimeBound, Unit},
};

pub const TITLE: &str = "Audit logs";
pub const TABS: &str = "Logs";
pub const SHOW: &str = "Show details";
pub const HIDE: &str = "Hide details";
pub const NO_ADDRESS: &str = "–";
pub const LOADING: &str = "Loading the record …";
pub const GONE: &str = "This record can't be found any more.";
pub const NOT_SET: &str = "not set";
pub const EMPTY: &str = "empty";

/// The spans offered beside the dates: what they are called and the value of `from`.
pub const PRESETS: [(&str, TimeBound); 3] = [
    (
        "Last 24 hours",
        TimeBound::Ago {
            count: 24,
            unit: Unit::Hour,
        },
    ),
    (
        "Last 7 days",
        TimeBound::Ago {
            count: 7,
            unit: Unit::Day,
        },
    ),
    (
        "Last 30 days",
        TimeBound::Ago {
            count: 30,
            unit: Unit::Day,
        },
    ),
];
pub const ANY_TIME: &str = "Any time";

/// What stands in a filter that isn't set.
pub fn any(field: FilterField) -> &'static str {
    match field {
        FilterField::Actor => "Anyone: name or email",
        FilterField::Ip => "Any address",
        _ => "Any",
    }
}

/// What following a value does.
pub fn only(field: FilterField) -> &'static str {
    match field {
        FilterField::Category => "Only this category",
        FilterField::EventType => "Only this type of event",
        FilterField::Action => "Only events of this kind",
        FilterField::Actor => "Only what this actor did",
        FilterField::Outcome => "Only this outcome",
        FilterField::Section => "Only this section",
        FilterField::Brand => "Only this brand",
        FilterField::LoginSource => "Only this source of login",
        FilterField::Webhook => "Only this webhook",
        FilterField::Integration => "Only this integration",
        FilterField::Ip => "Only this address",
    }
}

/// A bound of the time range as it stands in a chip, after "From" or "Until".
pub fn bound(bound: &TimeBound) -> String {
    let TimeBound::Ago { count, unit } = bound else {
        return bound.to_string().replace('T', " ");
    };
    let unit = match (unit, count) {
        (Unit::Minute, 1) => "minute",
        (Unit::Minute, _) => "minutes",
        (Unit::Hour, 1) => "hour",
        (Unit::Hour, _) => "hours",
        (Unit::Day, 1) => "day",
        (Unit::Day, _) => "days",
        (Unit::Week, 1) => "week",
        (Unit::Week, _) => "weeks",
    };
    format!("{count} {unit} ago")
}

/// A command that sends a first event to the server at `origin`.
pub fn first_event(origin: &str, log: &str) -> String {
    format!(
        "curl {origin}/api/v2/events \\\n  -H \"Authorization: Bearer dbk_YOUR_KEY\" \\\n  -H \"Content-Type: application/json\" \\\n  \
         -d '{{\n    \"log\": \"{log}\",\n    \"event_type\": \"board.updated\",\n    \"action\": \"update\",\n    \
         \"actor\": {{\"kind\": \"user\", \"name\": \"Mara Okafor\", \"email\": \"mara@example.org\"}},\n    \
         \"section\": \"Board access\",\n    \
         \"changes\": [{{\"property\": \"Boards\", \"before\": [\"Help desk\"], \"after\": [\"Help desk\", \"Security\"]}}]\n  }}'"
    )
}
