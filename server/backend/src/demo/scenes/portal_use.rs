//! What contacts do once they are in the customer portal: files and courses.

use crate::demo::{draft::Draft, life::Stage};
use daybook_domain::event::{Action, Target};

/// Event type, section, what is said, the kind of thing, and its name.
type Act = (
    &'static str,
    Action,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const ACTS: [Act; 8] = [
    (
        "file.downloaded",
        Action::Read,
        "File",
        "downloaded",
        "file",
        "Network plan.pdf",
    ),
    (
        "file.downloaded",
        Action::Read,
        "File",
        "downloaded",
        "file",
        "Invoice overview.xlsx",
    ),
    (
        "file.uploaded",
        Action::Create,
        "File",
        "uploaded",
        "file",
        "Floor plan.png",
    ),
    (
        "folder.opened",
        Action::Read,
        "Folder",
        "opened",
        "folder",
        "Contracts",
    ),
    (
        "document.viewed",
        Action::Read,
        "Document",
        "viewed",
        "document",
        "Onboarding checklist",
    ),
    (
        "course.opened",
        Action::Open,
        "Course",
        "opened",
        "course",
        "Spotting phishing",
    ),
    (
        "course.lesson_completed",
        Action::Update,
        "Course",
        "completed a lesson of",
        "course",
        "Spotting phishing",
    ),
    (
        "course.completed",
        Action::Close,
        "Course",
        "completed",
        "course",
        "Safe passwords",
    ),
];

/// One of them. `draft` says who, and through which door.
pub fn act(stage: &mut Stage, who: &str, draft: impl FnOnce(&Stage, &'static str) -> Draft) {
    let (event_type, action, section, did, kind, name) = stage.dice.pick(&ACTS);
    let id = format!("{kind}-{}", name.len());
    let draft = draft(stage, event_type)
        .action(action)
        .area("Customer portal", section)
        .on(Target::new(kind, id, name))
        .says(format!("{who} {did} “{name}”"));
    stage.emit(draft);
}
