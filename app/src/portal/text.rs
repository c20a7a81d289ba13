//! What the customer portal says.

use daybook_domain::portal::PortalList;

pub const SIGN_IN: &str = "Sign in";
pub const SIGN_IN_LEAD: &str = "See what happens with your company's data.";
pub const EMAIL: &str = "Email";
pub const PASSWORD: &str = "Password";
pub const SEND_LINK: &str = "Email me a link";
pub const WITH_PASSWORD: &str = "Sign in with a password";
pub const LINK_HINT: &str = "No password is needed: the link signs you in, once, in this browser.";
pub const NO_LINKS: &str =
    "No links can be mailed at the moment. Sign in with your password, or ask who supports you.";
pub const OR: &str = "or";
pub const COMING_IN: &str = "Signing you in";
pub const CONTINUE: &str = "Continue";
pub const WHO_ARE_YOU: &str = "Whom do you want to sign in as?";
pub const SEVERAL: &str = "Your address is kept for several contacts.";
pub const NOBODY: &str = "This address may not come in any more. Ask who supports you.";
pub const LINK_GONE: &str = "This link doesn't sign you in";
pub const ASK_AGAIN: &str = "Back to the sign-in page";

pub const PAGES: &str = "Pages of the portal";
pub const EMAILS: &str = "Email";
pub const ACCOUNT: &str = "Account";
pub const SIGN_OUT: &str = "Sign out";
pub const SKIP: &str = "Skip to the content";
pub const OLDER: &str = "Older";
pub const NEWEST: &str = "Newest";
pub const EXPORT: &str = "Export as CSV";

pub const TIME: &str = "Date and time";
pub const WHAT: &str = "What happened";
pub const WHO: &str = "By";
pub const OUTCOME: &str = "Outcome";
pub const IP: &str = "IP address";
pub const METHOD: &str = "Method";
pub const PROPERTY: &str = "Property";
pub const BEFORE: &str = "Before";
pub const AFTER: &str = "After";
pub const NOTHING: &str = "nothing";
pub const NO_RECORDS: &str = "Nothing yet";
pub const NO_RECORDS_LEAD: &str = "What is changed for your company, and who signs in, will stand here.";

pub const EMAILS_LEAD_OWN: &str = "What was sent to you.";
pub const EMAILS_LEAD_ALL: &str =
    "What was sent to your company. Only who got a message can read what it says.";
pub const NO_EMAILS: &str = "No email yet";
pub const NO_EMAILS_LEAD: &str = "Messages that are sent to you will stand here.";
pub const SUBJECT: &str = "Subject";
pub const TO: &str = "To";
pub const FROM: &str = "From";
pub const STATUS: &str = "Status";
pub const NO_SUBJECT: &str = "(no subject)";
pub const NO_TEXT: &str = "The text of this message isn't kept.";

pub const SESSIONS: &str = "Where you are signed in";
pub const SESSIONS_LEAD: &str = "End what you don't know. Each sign-in stands under “Sign-ins”.";
pub const BROWSER: &str = "Browser";
pub const BEGUN: &str = "Signed in";
pub const SEEN: &str = "Last seen";
pub const THIS_BROWSER: &str = "This browser";
pub const UNKNOWN_BROWSER: &str = "Unknown browser";
pub const UNKNOWN_ADDRESS: &str = "unknown";
pub const END: &str = "End";
pub const ENDING: &str = "Ending…";
pub const END_OTHERS: &str = "End all others";
pub const SESSION_ENDED: &str = "The session is ended.";
pub const OTHERS_ENDED: &str = "All other sessions are ended.";
pub const SET_PASSWORD: &str = "Set the password";
pub const SETTING: &str = "Setting…";
pub const CURRENT_PASSWORD: &str = "Current password";
pub const NEW_PASSWORD: &str = "New password";
pub const PASSWORD_HINT: &str = "Long is better than complicated: a few words that don't belong together.";
pub const PASSWORD_LEAD_NONE: &str =
    "You sign in by links. With a password you can also do without your mailbox.";
pub const PASSWORD_LEAD_ASKED: &str =
    "All other sessions end. If you have forgotten it, sign in by a link: then it isn't asked for.";
pub const PASSWORD_LEAD_FRESH: &str =
    "You came by a link just now: the current one isn't asked for. All other sessions end.";
pub const PASSWORD_NEEDS_LINK: &str =
    "You have none. To set one, sign in by a link: within half an hour of that you can set it here.";
pub const PASSWORD_SET: &str = "Your password is set.";

pub fn list_lead(list: PortalList, sees_company: bool) -> &'static str {
    match (list, sees_company) {
        (PortalList::Activity, true) => "What was changed for your company, and what its people did here.",
        (PortalList::Activity, false) => "What was changed about you, and what you did here.",
        (PortalList::SignIns, _) => "Each time somebody signed in, or tried to, as you.",
    }
}

/// How somebody signed in.
pub fn method(word: &str) -> String {
    match word {
        "magic_link" => "Link by email".to_owned(),
        "password" => "Password".to_owned(),
        "oidc" => "Identity provider".to_owned(),
        other => other.replace('_', " "),
    }
}
