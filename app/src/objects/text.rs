//! What the pages of things say.

use crate::{ui::number::thousands, viewer::use_naming};
use daybook_domain::{
    facet::Count,
    object::{MAX_TOGETHER, ManyDone, ObjectKind},
};

pub const CANCEL: &str = "Cancel";
pub const CREATING: &str = "Creating…";
pub const SAVE: &str = "Save changes";
pub const SAVING: &str = "Saving…";
pub const EDIT: &str = "Edit";
pub const EXPORT: &str = "Export CSV";
pub const IMPORT: &str = "Import CSV";
pub const OVERVIEW: &str = "Overview";
pub const AUDIT_LOG: &str = "Audit log";
pub const SIGN_INS: &str = "Sign-ins";
pub const WORK_SESSIONS: &str = "Work sessions";
pub const CONTACTS_ALL: &str = "Search and filter these contacts";
pub const CONTACTS_NONE: &str =
    "Nobody belongs to this company. A contact says which company they belong to.";
pub const PROPERTY: &str = "Property";
pub const STATUS: &str = "Status";
pub const GONE: &str = "Deleted";
pub const MERGED_INTO: &str = "It became part of";
pub const MERGED_ABOUT: &str = "Whoever names it by its id or its external id means that one.";
pub const GONE_ABOUT: &str = "This is what it was at the end.";
pub const CHANGED: &str = "Changed";
pub const REACTIVATED: &str = "Reactivated";
pub const DEACTIVATED: &str = "Deactivated";
pub const DELETED: &str = "Deleted";
pub const SELECT: &str = "Select";
pub const CHANGE_SELECTED: &str = "Change the selected…";
pub const LEAVE: &str = "Leave as it is";
pub const NONE_CHOSEN: &str = "None is selected. Tick some in the list first.";
pub const MANY_ABOUT: &str =
    "One action: all are changed or none, and each gets a record in its own audit log.";
pub const REACTIVATE_ALL: &str = "Reactivate…";
pub const NONE: &str = "–";
pub const REACTIVATE: &str = "Reactivate";
pub const REACTIVATING: &str = "Reactivating…";
pub const DEACTIVATE: &str = "Deactivate…";
pub const DEACTIVATING: &str = "Deactivating…";
pub const MERGE: &str = "Merge with another…";
pub const MERGE_THESE: &str = "Merge these two…";
pub const DELETE: &str = "Delete…";
pub const DELETING: &str = "Deleting…";
/// Where one has to be chosen, and where none may be.
pub const CHOOSE: &str = "Choose…";
pub const NOTHING: &str = "None";

pub const WHICH_VARIANT: &str = "Which one?";
pub const ANOTHER_VARIANT: &str = "Choose another";

/// What several of a kind are called, in titles and menus.
pub fn plural(kind: ObjectKind) -> &'static str {
    use_naming().plural(kind)
}

/// What one of a kind is called within a sentence.
pub fn title(kind: ObjectKind) -> &'static str {
    use_naming().title(kind)
}

pub fn singular(kind: ObjectKind) -> String {
    use_naming().singular(kind)
}

/// What several are called within a sentence.
fn several(kind: ObjectKind) -> String {
    use_naming().plural_in_sentence(kind)
}

/// One sentence under the list's title.
pub fn about(kind: ObjectKind) -> String {
    use_naming().says(kind.spec().about).into_owned()
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

pub fn merged(stays: &str) -> String {
    format!("Merged into “{stays}”. What referred to the other one refers to it now.")
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
    format!("Search {}", several(kind))
}

/// How many things a list has.
pub fn total(kind: ObjectKind, total: Count) -> String {
    let number = thousands(total.number());
    let more = if total.is_exact() { "" } else { "+" };
    let what = if total == Count::Exactly(1) {
        singular(kind)
    } else {
        several(kind)
    };
    format!("{number}{more} {what}")
}

pub fn none_yet(kind: ObjectKind) -> String {
    format!("No {} yet", several(kind))
}

pub fn none_yet_advice(kind: ObjectKind) -> String {
    format!(
        "Create the first {}. Whatever is changed about it from then on stands in its audit log.",
        singular(kind)
    )
}

pub fn select(name: &str) -> String {
    format!("Select “{name}”")
}

/// So many of a kind, within a sentence.
pub fn many(kind: ObjectKind, count: u64) -> String {
    total(kind, Count::Exactly(count))
}

fn many_of(kind: ObjectKind, count: usize) -> String {
    many(kind, count as u64)
}

/// The name of the field that says how a property of many is changed.
pub fn way_of(property: &str) -> String {
    format!("ways[{property}]")
}

pub fn change_all(kind: ObjectKind, count: u64) -> String {
    format!("Change all {}…", many(kind, count))
}

pub fn change_many(kind: ObjectKind, count: usize) -> String {
    format!("Change {}", many_of(kind, count))
}

pub fn change_these(kind: ObjectKind, count: usize) -> String {
    change_many(kind, count)
}

pub fn chosen(kind: ObjectKind, count: usize) -> String {
    format!("{} selected", many_of(kind, count))
}

pub fn how_changed(title: &str) -> String {
    format!("How {title} is changed")
}

pub fn too_many() -> String {
    format!("More than {MAX_TOGETHER} match. Narrow the list, or import a file with the new values.")
}

pub fn deactivate_many(kind: ObjectKind, count: usize) -> String {
    format!("Deactivate {}", many_of(kind, count))
}

pub fn deactivate_many_question(kind: ObjectKind, count: usize) -> String {
    format!(
        "{} can't be chosen any more. Their pages, histories and places where they are used stay.",
        many_of(kind, count)
    )
}

pub fn reactivate_many(kind: ObjectKind, count: usize) -> String {
    format!("Reactivate {}", many_of(kind, count))
}

pub fn reactivate_many_question(kind: ObjectKind, count: usize) -> String {
    format!("{} can be chosen again.", many_of(kind, count))
}

pub fn delete_many(kind: ObjectKind, count: usize) -> String {
    format!("Delete {}", many_of(kind, count))
}

pub fn delete_many_question(kind: ObjectKind, count: usize) -> String {
    format!(
        "{} and their pages are gone for good. The audit log keeps what they were.",
        many_of(kind, count)
    )
}

/// What became of many.
pub fn done_with_many(kind: ObjectKind, what: &str, done: ManyDone) -> String {
    let mut said = vec![format!("{what} {}.", many(kind, done.changed))];
    if done.same > 0 {
        said.push(format!("{} were so already.", thousands(done.same)));
    }
    if done.gone > 0 {
        said.push(format!("{} aren't there any more.", thousands(done.gone)));
    }
    said.join(" ")
}

/// What the tabs of a thing are called for those who don't see them.
pub fn pages_of(name: &str) -> String {
    format!("Pages of {name}")
}

/// The field for one that can't be ticked.
pub fn other(title: &str) -> String {
    format!("{title}: another, by its name")
}
