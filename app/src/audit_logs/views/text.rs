//! What the views say.

pub const MENU: &str = "Views";
pub const LIST: &str = "Saved views";
pub const EVERYTHING: &str = "Everything";
pub const FIRST: &str = "opens first";
pub const BROKEN: &str = "can’t be read";
pub const BROKEN_LONG: &str = "Something this view asks for isn’t there any more. Open a list, and replace the view with it; or delete it.";
pub const SAVE_AS: &str = "Save this view…";
pub const NAME: &str = "Name";
pub const NAME_EXAMPLE: &str = "Such as “Failed sign-ins this week”.";
pub const WHO: &str = "Who sees it";
pub const ONLY_ME: &str = "Only me";
pub const MAKE_DEFAULT: &str = "Open this log with it";
pub const SAVE: &str = "Save view";
pub const SAVING: &str = "Saving…";
pub const REPLACE: &str = "Replace a view…";
pub const REPLACED: &str = "View to replace";
pub const REPLACE_BUTTON: &str = "Replace with this list";
pub const MANAGE: &str = "Manage views";

pub const TITLE: &str = "Saved views";
pub const LEAD: &str = "A view is a list under a name: its search, filters, time and columns. Its link shows the same to everybody who may view the audit logs.";
pub const BACK: &str = "Audit logs";
pub const YOURS: &str = "Views you see";
pub const OTHERS: &str = "Shared with other roles";
pub const OTHERS_LEAD: &str = "You manage roles, so you can change and delete these.";
pub const NONE: &str = "No views yet";
pub const NONE_LEAD: &str =
    "Narrow a log to what you look for often, then choose “Views” and “Save this view” above the list.";
pub const NOBODY_ELSE: &str = "Only you";
pub const CHANGE: &str = "Change";
pub const CLOSE: &str = "Close";
pub const CANCEL: &str = "Cancel";
pub const UP: &str = "Up";
pub const DOWN: &str = "Down";
pub const MOVING: &str = "Moving…";
pub const OPEN_FIRST: &str = "Open first";
pub const NOT_FIRST: &str = "Don’t open first";
pub const SAVE_CHANGES: &str = "Save changes";
pub const COPY: &str = "Copy link";
pub const DELETE: &str = "Delete view…";
pub const DELETING: &str = "Deleting…";

pub const KEEP: &str = "Keep these columns";
pub const FORGET: &str = "Forget what I kept";
pub const DENSITY: &str = "Lines";

pub fn saved(name: &str) -> String {
    format!("The view “{name}” is saved.")
}

pub fn replaced(name: &str) -> String {
    format!("The view “{name}” now shows this list.")
}

pub fn deleted(name: &str) -> String {
    format!("The view “{name}” is deleted.")
}

pub fn moved(name: &str) -> String {
    format!("“{name}” is moved.")
}

pub fn opens_first(log: &str) -> String {
    format!("{log} opens with this view now.")
}

pub fn opens_whole(log: &str) -> String {
    format!("{log} opens with everything now.")
}

pub fn kept(log: &str) -> String {
    format!("{log} is shown to you like this from now on.")
}

pub fn shared(role: &str) -> String {
    format!("Everybody with the role {role}")
}

pub fn role(name: &str) -> String {
    format!("Role {name}")
}

pub fn by(owner: &str) -> String {
    format!("by {owner}")
}

pub fn delete_question(name: &str, shared_with: Option<&str>) -> String {
    match shared_with {
        Some(role) => {
            format!(
                "Delete the view “{name}”? Everybody with the role {role} loses it. Records stay as they are."
            )
        }
        None => format!("Delete the view “{name}”? It can’t be brought back. Records stay as they are."),
    }
}

pub fn delete(name: &str) -> String {
    format!("Delete “{name}”")
}
