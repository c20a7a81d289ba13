//! What pages of past states say.

pub const PAST: &str = "Past states";
pub const ABOUT: &str = "What it was at any moment, rebuilt from its audit log.";
pub const CHOOSE: &str = "Choose a moment, or one of its records below.";
pub const AT: &str = "At";
pub const SHOW: &str = "Show";
pub const PROPERTY: &str = "Property";
pub const THEN: &str = "Then";
pub const NOW: &str = "Now";
pub const DIFFERS: &str = "Differs";
pub const NOT_THERE: &str = "It wasn't there at that moment.";
pub const SAME_AS_NOW: &str = "It was then what it is now.";
pub const RESTORE: &str = "Restore the ticked values";
pub const RESTORING: &str = "Restoring…";
pub const RESTORE_ABOUT: &str = "This makes a new change. What happened in between stays in the audit log.";
pub const RECORDS: &str = "Its records";
pub const NO_RECORDS: &str = "The log has no record of it.";
pub const WHEN: &str = "When";
pub const WHAT_HAPPENED: &str = "What happened";
pub const AS_OF_THEN: &str = "As it was then";
pub const OLDER_RECORDS: &str = "Older records stand in its audit log.";
pub const UNKNOWN: &str = "Not known: the log says nothing of it.";
pub const SECRET_CHANGED: &str = "Changed since. Its values are never recorded.";
pub const SECRET_SAME: &str = "The same as now. Its values are never recorded.";
pub const NOTHING: &str = "–";
// Only the server says these two.
#[cfg(feature = "ssr")]
pub const NONE_RESTORED: &str = "Tick what is to be as it was.";

#[cfg(feature = "ssr")]
pub fn restored(name: &str) -> String {
    format!("Restored “{name}”. The audit log says what was restored.")
}

/// The box beside a value of then.
pub fn restore_property(title: &str) -> String {
    format!("Restore {title}")
}

pub fn as_of(said: &str) -> String {
    format!("{AS_OF_THEN}: {said}")
}
