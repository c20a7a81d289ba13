//! What the pages of imports say.

use crate::{
    ui::number::{counted, thousands},
    viewer::use_naming,
};
use daybook_domain::object::{Import, ImportState, KindSpec, MAX_IMPORT_BYTES, MAX_IMPORT_LINES};

pub const IMPORT: &str = "Import";
pub const FILE: &str = "CSV file";
pub const UPLOAD: &str = "Upload";
pub const EARLIER: &str = "Earlier files";
pub const NONE_EARLIER: &str = "No file was uploaded in the last seven days.";
pub const COLUMN: &str = "Column";
pub const SAMPLES: &str = "First cells";
pub const HOLDS: &str = "Holds";
pub const NOT_IMPORTED: &str = "Isn't imported";
pub const STATUS: &str = "Status";
pub const UPDATE: &str = "Change those that are there already";
pub const UPDATE_ABOUT: &str = "Otherwise they are left as they are.";
pub const CLEAR: &str = "An empty cell takes the value away";
pub const CLEAR_ABOUT: &str = "Otherwise it leaves the value.";
pub const HOW: &str = "How it is read";
pub const CHECK: &str = "Check the file";
pub const CHECK_AGAIN: &str = "Check again";
pub const CHECKING: &str = "Checking…";
pub const CHECK_ABOUT: &str = "Nothing is stored yet: checking says what would become of each line.";
pub const CHECK_BEGAN: &str = "Checking began.";
pub const IMPORTING: &str = "Importing…";
pub const IMPORT_BEGAN: &str = "The import began.";
pub const GO_ON: &str = "Go on";
pub const STALLED: &str =
    "The server was stopped while it worked on this file. What is stored stays; the rest can go on.";
pub const DROP: &str = "Forget this file…";
pub const DROP_QUESTION: &str = "The file is taken away. What was imported from it stays.";
pub const DROP_IT: &str = "Forget it";
pub const DROPPING: &str = "Forgetting…";
pub const DROPPED: &str = "The file is forgotten.";
pub const PROBLEMS: &str = "Lines that can't be imported";
pub const LINE: &str = "Line";
pub const REASON: &str = "Why";
pub const DOWNLOAD: &str = "Download these lines with their reasons";
pub const LOOK_AGAIN: &str = "Look again";
pub const FILE_NAME: &str = "File";
pub const LINES: &str = "Lines";
pub const STATE: &str = "State";
pub const BY: &str = "By";
pub const UPLOADED: &str = "Uploaded";

pub fn title(spec: &KindSpec) -> String {
    format!("Import {}", use_naming().plural_in_sentence(spec.kind))
}

pub fn upload_about(spec: &KindSpec) -> String {
    let unique = spec
        .property(spec.unique)
        .map_or(spec.unique, |property| property.title);
    format!(
        "A CSV file as spreadsheets save it (“CSV UTF-8”), with the names of the columns in its first line; at most {} MiB and {} \
         lines. A {} is found again by its external id, else by its {}. You see what would become of each line before \
         anything is stored.",
        MAX_IMPORT_BYTES / 1024 / 1024,
        thousands(MAX_IMPORT_LINES as u64),
        use_naming().singular(spec.kind),
        unique.to_lowercase(),
    )
}

pub fn holds(head: &str) -> String {
    format!("What the column “{head}” holds")
}

pub fn custom(head: &str) -> String {
    format!("Custom property “{head}”")
}

/// What became of the lines, or would.
pub fn outcome(import: &Import) -> String {
    let counts = import.counts;
    let would = matches!(import.state, ImportState::Checking | ImportState::Checked);
    let (created, changed) = if would {
        ("would be created", "changed")
    } else {
        ("created", "changed")
    };
    format!(
        "{} {created}, {} {changed}, {} left as they are, {} that can't be imported.",
        thousands(counts.created),
        thousands(counts.changed),
        thousands(counts.same),
        counted(counts.bad, "line", "lines"),
    )
}

pub fn progress(import: &Import) -> String {
    format!(
        "{} of {} lines",
        thousands(import.counts.done),
        thousands(import.lines)
    )
}

/// The button that stores what was tried.
pub fn run(import: &Import) -> String {
    let counts = import.counts;
    format!(
        "Import {}",
        counted(counts.created + counts.changed, "line", "lines")
    )
}

pub fn nothing_to_import() -> &'static str {
    "There is nothing to import: no line would create or change anything."
}

pub fn more_problems(shown: usize, all: u64) -> String {
    format!(
        "The first {} of {}. The file has all of them.",
        shown,
        thousands(all)
    )
}
