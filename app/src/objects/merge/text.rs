//! What the page on which two things are merged says.

use super::super::text::{many, singular};
use crate::viewer::use_naming;
use daybook_domain::object::{Keep, ObjectKind, Pair};

pub const CHOOSE: &str =
    "Choose the other one. Its values and whatever refers to it move here, and it is deleted.";
pub const LOOK: &str = "Search";
pub const LOOK_FOR: &str = "The other one";
pub const COMPARE: &str = "Compare";
pub const NO_OTHER: &str = "No other matches. Look for a part of its name, or for another of its values.";
pub const MORE: &str = "There are more. Say more of what the other one is called.";
pub const SWAP: &str = "Keep the other one instead";
pub const ANOTHER: &str = "Choose another";
pub const STAYS: &str = "Stays";
pub const GOES: &str = "Is deleted";
pub const KEEP_BOTH: &str = "Keep both";
pub const SAME: &str = "The same";
pub const MERGING: &str = "Merging…";
pub const FINAL: &str =
    "This can't be undone. What both were stays in the audit log, and each thing that changes gets a record.";

pub fn merge(goes: &str, stays: &str) -> String {
    format!("Merge “{goes}” into “{stays}”")
}

pub fn candidates(kind: ObjectKind) -> String {
    use_naming().plural(kind).to_owned()
}

/// What becomes of the other, and of what refers to it.
pub fn becomes(goes: &str, stays: &str, Pair { uses, hidden, .. }: &Pair) -> String {
    let uses: Vec<_> = uses.iter().map(|(kind, count)| many(*kind, *count)).collect();
    let refer = match &uses[..] {
        [] if *hidden => return format!("“{goes}” becomes part of “{stays}” and is deleted."),
        [] => {
            return format!("“{goes}” becomes part of “{stays}” and is deleted. Nothing else refers to it.");
        }
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    };
    format!("“{goes}” becomes part of “{stays}” and is deleted. “{stays}” takes its place for {refer}.")
}

/// Where the other one came from another system.
pub fn comes_again(kind: ObjectKind, goes: &str, stays: &str) -> String {
    format!(
        "Merge it in the helpdesk as well: whatever that goes on to send about the {} “{goes}” changes “{stays}” then.",
        singular(kind)
    )
}

/// What a radio button keeps.
pub fn keep(title: &str, keep: Keep, stays: &str, goes: &str) -> String {
    match keep {
        Keep::This => format!("{title}: keep that of “{stays}”"),
        Keep::Other => format!("{title}: keep that of “{goes}”"),
        Keep::Both => format!("{title}: keep both"),
    }
}

/// Where things of a kind that the viewer may not see refer to the other one.
pub fn out_of_sight(goes: &str) -> String {
    format!(
        "Things that you may not see refer to “{goes}”. Ask somebody who may change them to merge the two."
    )
}

/// Where changing what refers to the other one takes more than the viewer has.
pub fn out_of_reach(kind: ObjectKind, goes: &str) -> String {
    let (things, takes) = (use_naming().plural(kind), kind.spec().change.title());
    format!(
        "{things} refer to “{goes}”, and changing those takes the permission “{takes}”, which you don't have."
    )
}
