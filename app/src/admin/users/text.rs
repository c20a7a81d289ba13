//! What the users page says.

use crate::ui::number::counted;
use daybook_domain::account::UserStatus;

pub const TITLE: &str = "Users";
pub const LEAD: &str = "Who can sign in to this workspace, and with which role.";
pub const TABLE: &str = "Users";
pub const SEARCH: &str = "Search names, email addresses and phone numbers";
pub const INVITE: &str = "Invite a user";
pub const INVITE_LEAD: &str = "They get a mail with a link, valid for seven days, with which they choose their password. Where no mail can be \
     sent, you get the link to send them.";
pub const CREATE_INVITATION: &str = "Create invitation";
pub const CREATING: &str = "Creating…";
pub const NAME_HINT: &str = "As it should appear in the records.";
pub const ROLE_HINT: &str = "What they may see and do. You can change it later.";
pub const CHOOSE_ROLE: &str = "Choose a role";
pub const NEVER: &str = "Never";
pub const YOU: &str = "you";
pub const MANAGE: &str = "Manage";
pub const CANCEL: &str = "Cancel";
pub const SAVE_ROLE: &str = "Save role";
pub const SAVING: &str = "Saving…";
pub const NEW_LINK: &str = "New invitation link";
pub const SEND_AGAIN: &str = "Send the invitation again";
pub const SHOW_LINK: &str = "Show a new link instead";
pub const SEND_RESET: &str = "Send a link for a new password";
pub const REMOVE_FACTOR: &str = "Remove the second factor…";
pub const REMOVE_FACTOR_NOW: &str = "Remove the second factor";
pub const REMOVING_FACTOR: &str = "Removing…";
pub const UNLINKED: &str =
    "They don't come in by that any more. Where the address is theirs, the next sign-in links it anew.";
pub const SECOND_FACTOR_REMOVED: &str = "The second factor is removed. They sign in without a code now.";
pub const SEND_RESET_HINT: &str =
    "It works for an hour. Their password stays as it is until they choose another.";
pub const SENDING: &str = "Sending…";
pub const NEW_LINK_HINT: &str = "The link sent before stops working.";
pub const DEACTIVATE: &str = "Deactivate…";
pub const DEACTIVATING: &str = "Deactivating…";
pub const WITHDRAW: &str = "Withdraw invitation…";
pub const REACTIVATE: &str = "Reactivate";
pub const REACTIVATING: &str = "Reactivating…";
pub const NOT_YOURSELF: &str = "You can't deactivate yourself. Ask another administrator, so that somebody stays who can let you in again.";
pub const ONLY_YOU: &str = "Nobody but you so far. Invite the people who should read the records.";

pub fn invited(name: &str, why: Option<&str>) -> String {
    let link =
        format!("{name} is invited. Send them this link: it is shown only now and works for seven days.");
    with_reason(link, why)
}

pub fn invited_by_mail(name: &str, email: &str) -> String {
    format!("{name} is invited. A mail with the link is on its way to {email}.")
}

pub fn reinvited(name: &str, why: Option<&str>) -> String {
    let link = format!(
        "Here is a new link for {name}. It is shown only now and works for seven days; the old one no longer does."
    );
    with_reason(link, why)
}

pub fn reinvited_by_mail(name: &str, email: &str) -> String {
    format!("A mail with a new link for {name} is on its way to {email}. The old link no longer works.")
}

pub fn reset_sent(name: &str, email: &str) -> String {
    format!("A mail with a link to choose a new password is on its way to {name}, {email}.")
}

/// Why the link is shown and not mailed.
fn with_reason(said: String, why: Option<&str>) -> String {
    match why {
        Some(why) => format!("{said} No mail went to them. {why}"),
        None => said,
    }
}

pub fn role_set(name: &str, role: &str) -> String {
    format!("{name} now has the role “{role}”.")
}

pub fn deactivated(name: &str, was_in: bool) -> String {
    if was_in {
        format!("{name} is deactivated and signed out everywhere.")
    } else {
        format!("The invitation of {name} is withdrawn.")
    }
}

pub fn reactivated(name: &str, status: UserStatus) -> String {
    if status == UserStatus::Invited {
        format!("{name} is invited again. Make a new link for them: the old one no longer works.")
    } else {
        format!("{name} can sign in again.")
    }
}

pub const DELETE: &str = "Delete…";
pub const DELETING: &str = "Deleting…";
pub const CONFIRM: &str = "Their email address, to confirm";

pub fn deleted(name: &str) -> String {
    format!("{name} is deleted. Records keep the name.")
}

pub fn delete(name: &str) -> String {
    format!("Delete {name}")
}

pub fn delete_question(name: &str) -> String {
    format!(
        "Delete {name} for good? They are signed out everywhere at once; their invitation and saved views go with them, \
         also the views they share. Records keep their name, and their page says what they were. The email address is \
         free again."
    )
}

pub fn remove_factor_question(name: &str) -> String {
    format!(
        "Remove the second factor of {name}? Do so once you know that it is them who has lost it: the password alone lets \
         them in then, or they set up another, where their role needs one."
    )
}

pub fn deactivate_question(name: &str) -> String {
    format!(
        "Deactivate {name}? They are signed out everywhere at once and can't sign in any more. What they did stays in \
         the records, and you can reactivate them at any time."
    )
}

pub fn withdraw_question(name: &str) -> String {
    format!(
        "Withdraw the invitation of {name}? The link sent to them stops working. You can invite them again later."
    )
}

pub fn deactivate(name: &str) -> String {
    format!("Deactivate {name}")
}

pub fn withdraw(name: &str) -> String {
    format!("Withdraw invitation of {name}")
}

pub fn reactivate_hint(name: &str) -> String {
    format!("{name} can't sign in while deactivated. What they did is still in the records.")
}

pub fn count(users: u64) -> String {
    counted(users, "user", "users")
}

pub fn saved(name: &str) -> String {
    format!("What {name} is called and how they are reached is saved.")
}

pub fn impersonate(name: &str) -> String {
    format!("Appear as {name}")
}

pub const IMPERSONATE: &str = "Begin";
pub const IMPERSONATE_LEAD: &str = "You see and do what they may, as far as you may it yourself.";
pub const IMPERSONATE_RULES: [&str; 4] = [
    "Begin and end stand in the access log, with your reason.",
    "Every record of what you do says that it was you, as them.",
    "Users, roles, API keys and their own account stay out of reach.",
    "It ends when the time is up, when you sign out, or when you say so.",
];
pub const REASON: &str = "Reason";
pub const REASON_HINT: &str = "Such as the ticket it is about. They can read it in the log.";
pub const MINUTES: &str = "For how long";

pub fn minutes(minutes: u32) -> String {
    match minutes {
        60 => "1 hour".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}
