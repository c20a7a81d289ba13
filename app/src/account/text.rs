//! What the account page says.

use daybook_domain::regional::RegionalFormat;

pub const TITLE: &str = "Your account";
pub const ANOTHERS: &str = "You appear as another user: what is theirs here can be seen and not changed.";
pub const SESSIONS: &str = "Where you are signed in";
pub const SESSIONS_LEAD: &str = "If you don't recognise one of these, sign it out and change your password.";
pub const THIS_BROWSER: &str = "This browser";
pub const UNKNOWN_DEVICE: &str = "Unknown browser";
pub const NO_ADDRESS: &str = "–";
pub const SIGN_OUT: &str = "Sign out";
pub const SIGNING_OUT: &str = "Signing out…";
pub const SIGN_OUT_OTHERS: &str = "Sign out everywhere else";
pub const ONLY_HERE: &str = "You are signed in nowhere else.";
pub const SIGNED_OUT: &str = "That browser is signed out.";
pub const PROFILE: &str = "Name and phone";
pub const PROFILE_LEAD: &str = "As colleagues see you. Records of the past keep the name you had.";
pub const NAME: &str = "Name";
pub const PHONE: &str = "Phone";
pub const SAVE_PROFILE: &str = "Save name and phone";
pub const PROFILE_SAVED: &str = "Your name and phone are saved.";
pub const PASSWORD: &str = "Password";
pub const PASSWORD_LEAD: &str = "A change signs you out everywhere but here.";
pub const CURRENT_PASSWORD: &str = "Current password";
pub const NEW_PASSWORD: &str = "New password";
pub const NEW_PASSWORD_HINT: &str = "At least 12 characters, more where the workspace asks for it, and hard to guess. Four or five unrelated words do well.";
pub const CHANGE_PASSWORD: &str = "Change password";
pub const CHANGING: &str = "Changing…";
pub const PASSWORD_CHANGED: &str = "Your password is changed. Everywhere but here you are signed out.";
pub const ZONE: &str = "Time zone";
pub const ZONE_LEAD: &str = "Daybook shows you times in this zone. Records keep them in UTC.";
pub const ZONE_HINT: &str = "By city, such as Europe/Berlin. Type to find it.";
pub const SAVE_ZONE: &str = "Save time zone";
pub const FORMAT: &str = "Language and region";
pub const FORMAT_LEAD: &str =
    "Daybook speaks English. How it writes dates, times and numbers follows the region you choose.";
pub const FORMAT_LABEL: &str = "Dates and numbers as in";
pub const SAVE_FORMAT: &str = "Save region";
pub const SAVING: &str = "Saving…";

/// A way of writing, with an example.
pub fn format(format: RegionalFormat) -> String {
    format!("{}: {}", format.title(), format.example())
}

pub fn format_saved(format: RegionalFormat) -> String {
    format!(
        "Dates and numbers are now written like this: {}.",
        format.example()
    )
}

pub fn zone_saved(zone: &str) -> String {
    format!("Times are now shown in {zone}.")
}

pub fn signed_out_others(count: u64) -> String {
    match count {
        0 => "You were signed in nowhere else.".to_owned(),
        1 => "One other browser is signed out.".to_owned(),
        many => format!("{many} other browsers are signed out."),
    }
}
