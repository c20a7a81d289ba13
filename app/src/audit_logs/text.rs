//! The words of the log pages.

use crate::{
    ui::number::{counted, thousands},
    viewer::use_naming,
};
use daybook_domain::{
    facet::Count,
    log::{FilterField, LogKind, LogScope},
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

/// What a log shows, in a sentence.
pub fn about(scope: LogScope) -> String {
    let about = scope.spec().about;
    match scope {
        LogScope::One(LogKind::WorkSession) => use_naming().says_of_agents(about).into_owned(),
        _ => about.to_owned(),
    }
}

/// A number of records as far as it is known.
pub fn records(count: Count) -> String {
    let number = thousands(count.number());
    match count {
        Count::Exactly(1) => "1 record".to_owned(),
        Count::Exactly(_) => format!("{number} records"),
        Count::AtLeast(_) => format!("{number}+ records"),
        Count::AtMost(_) => format!("Up to {number} records"),
    }
}

/// The count of a value; with a plus where there may be more.
pub fn at_least(count: u64, exact: bool) -> String {
    format!("{}{}", thousands(count), if exact { "" } else { "+" })
}

pub const COMPARE_ABOUT: &str =
    "Rebuilt from its records: the value each property had after the one, and has after the other.";
pub const NOTHING_DIFFERS: &str = "Nothing the log knows of differs between these two moments.";
pub const HISTORY_IS_LONG: &str = "Older records exist; the newest thousand are looked at.";
pub const MORE_TABS: &str = "More";
pub const HOLD: &str = "Place a legal hold on these records…";
pub const EXPORT: &str = "Every record that matches, not only this page. Exporting is itself recorded.";
pub const EXPORT_BEGINS: &str = "Export begins …";

/// What came while the list was looked at.
pub fn new_records(count: u64, exact: bool) -> String {
    let up_to = if exact { "" } else { "Up to " };
    format!("{up_to}{}", counted(count, "new record", "new records"))
}

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
        FilterField::Area => "Only this area",
        FilterField::Category => "Only this category",
        FilterField::EventType => "Only this type of event",
        FilterField::Action => "Only events of this kind",
        FilterField::Actor => "Only what this actor did",
        FilterField::Outcome => "Only this outcome",
        FilterField::Section => "Only this section",
        FilterField::Company => "Only this company",
        FilterField::Brand => "Only this brand",
        FilterField::Portal => "Only this portal",
        FilterField::LoginSource => "Only this source of login",
        FilterField::Webhook => "Only this webhook",
        FilterField::Integration => "Only this integration",
        FilterField::Ip => "Only this address",
        FilterField::Agent => "Only this agent",
        FilterField::Routing => "Only changes of this kind",
    }
}

/// What following the name of a property does.
pub fn only_property(name: &str) -> String {
    format!("Only changes of {name}")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_says_how_far_it_can_be_trusted() {
        let shown = [
            Count::Exactly(1),
            Count::Exactly(1234),
            Count::AtLeast(50_000),
            Count::AtMost(1234),
        ]
        .map(records);
        assert_eq!(
            shown,
            [
                "1 record",
                "1,234 records",
                "50,000+ records",
                "Up to 1,234 records"
            ]
        );
        assert_eq!(at_least(1234, false), "1,234+");
    }
}
