//! What the pages of things say.

use crate::ui::number::thousands;
use daybook_domain::{
    facet::Count,
    object::{ObjectKind, SortBy},
};

pub const CANCEL: &str = "Cancel";
pub const CREATING: &str = "Creating…";
pub const SAVE: &str = "Save changes";
pub const SAVING: &str = "Saving…";
pub const EDIT: &str = "Edit";
pub const OVERVIEW: &str = "Overview";
pub const AUDIT_LOG: &str = "Audit log";
pub const SEARCH: &str = "Search";
pub const FILTERS: &str = "Filters";
pub const CLEAR: &str = "Clear all";
pub const NONE: &str = "–";
pub const REACTIVATE: &str = "Reactivate";
pub const REACTIVATING: &str = "Reactivating…";
pub const DEACTIVATE: &str = "Deactivate…";
pub const DEACTIVATING: &str = "Deactivating…";
pub const DELETE: &str = "Delete…";
pub const DELETING: &str = "Deleting…";
pub const CHOOSE: &str = "None";
pub const MEANWHILE: &str = "Somebody else has changed it. This is what it is now";
pub const MEANWHILE_ADVICE: &str = "Saving again puts what stands in the form in its place.";
pub const BEGIN_AGAIN: &str = "Drop what I typed";
pub const EMPTY_MATCH: &str = "Nothing matches";
pub const EMPTY_MATCH_ADVICE: &str = "Take a filter away, or look for the beginning of a word.";
pub const OF_THE_FIRST: &str = "Counted over the first 2,000.";

/// What several of a kind are called, in titles and menus.
pub fn plural(kind: ObjectKind) -> &'static str {
    kind.spec().plural
}

/// What one of a kind is called within a sentence.
pub fn singular(kind: ObjectKind) -> String {
    kind.spec().singular()
}

pub fn new(kind: ObjectKind) -> String {
    format!("New {}", singular(kind))
}

pub fn create(kind: ObjectKind) -> String {
    format!("Create {}", singular(kind))
}

pub fn created(kind: ObjectKind, name: &str) -> String {
    format!("Created {} “{name}”.", singular(kind))
}

pub fn saved(name: &str) -> String {
    format!("Saved “{name}”.")
}

pub fn deactivated(name: &str) -> String {
    format!("Deactivated “{name}”.")
}

pub fn reactivated(name: &str) -> String {
    format!("“{name}” is active again.")
}

pub fn deleted(kind: ObjectKind) -> String {
    format!(
        "Deleted the {}. What it was stays in the audit log.",
        singular(kind)
    )
}

pub fn deactivate_question(name: &str) -> String {
    format!(
        "“{name}” can't be chosen any more. It keeps its page, its history and its place where it is used."
    )
}

pub fn delete_question(name: &str) -> String {
    format!("“{name}” and its page are gone for good. The audit log keeps what it was.")
}

pub fn delete(name: &str) -> String {
    format!("Delete “{name}”")
}

pub fn deactivate(name: &str) -> String {
    format!("Deactivate “{name}”")
}

pub fn search_label(kind: ObjectKind) -> String {
    format!("Search {}", kind.spec().plural_in_sentence())
}

/// How many things a list has.
pub fn total(kind: ObjectKind, total: Count) -> String {
    let number = thousands(total.number());
    let more = if total.is_exact() { "" } else { "+" };
    let what = if total == Count::Exactly(1) {
        singular(kind)
    } else {
        kind.spec().plural_in_sentence()
    };
    format!("{number}{more} {what}")
}

pub fn none_yet(kind: ObjectKind) -> String {
    format!("No {} yet", kind.spec().plural_in_sentence())
}

pub fn none_yet_advice(kind: ObjectKind) -> String {
    format!(
        "Create the first {}. Whatever is changed about it from then on stands in its audit log.",
        singular(kind)
    )
}

pub fn sort(by: SortBy) -> &'static str {
    by.title()
}

/// What the tabs of a thing are called for those who don't see them.
pub fn pages_of(name: &str) -> String {
    format!("Pages of {name}")
}

/// The field for one that can't be ticked.
pub fn other(title: &str) -> String {
    format!("{title}: another, by its name")
}
