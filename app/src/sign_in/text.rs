//! What the pages before the sign-in say.

pub const SIGN_IN: &str = "Sign in";
pub const SIGN_IN_LEAD: &str = "Sign in to read the audit logs.";
pub const CODE_TITLE: &str = "Type the code";
pub const CODE_LEAD: &str = "Your password is right. Now the code that your app shows for Daybook.";
pub const CODE: &str = "Code";
pub const CODE_HINT: &str = "Six digits, or one of your recovery codes.";
pub const FORGOTTEN: &str = "Forgot your password? Whoever runs this server can set a new one for you.";
pub const FORGOTTEN_LINK: &str = "Forgot your password?";
pub const NEW_PASSWORD: &str = "Choose a new password";
pub const NEW_PASSWORD_LEAD: &str =
    "Type the email address you sign in with. A link goes there, which works for an hour.";
pub const SEND_LINK: &str = "Send the link";
pub const BACK_TO_SIGN_IN: &str = "Back to sign-in";
pub const SET_PASSWORD: &str = "Set the password";
pub const RESET_GONE: &str = "This link no longer works";
pub const RESET_GONE_LEAD: &str =
    "It has been used, has expired, or was replaced by a newer one. Ask for another.";
pub const ASK_AGAIN: &str = "Ask for another link";
pub const SETUP: &str = "Set up Daybook";
pub const SETUP_LEAD: &str =
    "This database is empty. Make the first administrator: the person who lets everybody else in.";
pub const WORKSPACE_HINT: &str = "Usually the name of your helpdesk or company.";
pub const NAME_HINT: &str = "As it should appear in the records.";
pub const PASSWORD_HINT: &str = "At least 12 characters, more where the workspace asks for it, and hard to guess. Four or five unrelated words do well.";
pub const CREATE_ADMINISTRATOR: &str = "Create administrator";
pub const CHOOSE_PASSWORD: &str = "Choose a password";
pub const ACCEPT: &str = "Set password and sign in";
pub const GONE: &str = "This invitation no longer works";
pub const GONE_LEAD: &str = "It has been used, has expired, or was replaced by a newer one. Ask the person who invited you for a new link.";
pub const TO_SIGN_IN: &str = "Already have a password? Sign in";

pub const PROVIDERS: &str = "Other ways to sign in";
pub const OR_PASSWORD: &str = "or with a password";

pub fn sign_in_with(provider: &str) -> String {
    format!("Sign in with {provider}")
}

pub fn choose_for(name: &str) -> String {
    format!("For {name}. You are signed out everywhere, and sign in with it.")
}

pub fn welcome(workspace: &str) -> String {
    format!("Join {workspace}")
}

pub fn invited_as(name: &str) -> String {
    format!("Welcome, {name}. Choose a password, and you are in.")
}
