//! What the pages of identity providers say.

/// The sections their records stand in.
pub const SECTIONS: &[&str] = &["Identity provider"];
pub const TITLE: &str = "Identity providers";
pub const LEAD: &str = "Where people prove who they are by OpenID Connect, in place of a password here: Microsoft Entra ID, Google, Okta, \
     Keycloak and others.";
pub const NONE: &str = "No provider is set up. People sign in by their password.";
pub const NEW: &str = "Set up a provider";
pub const NEW_LEAD: &str =
    "Register Daybook with the provider first, as a web application with the address below.";
pub const BACK: &str = "All providers";
pub const NAME: &str = "Name";
pub const NAME_HINT: &str = "On the button: “Sign in with …”.";
pub const PROVIDER: &str = "Provider";
pub const ISSUER: &str = "Issuer";
pub const ISSUER_HINT: &str = "As the provider calls itself, to the letter. Microsoft: https://login.microsoftonline.com/TENANT-ID/v2.0. Google: \
     https://accounts.google.com.";
pub const CLIENT_ID: &str = "Client ID";
pub const CLIENT_SECRET: &str = "Client secret";
pub const SECRET_KEPT: &str = "One is kept. Type another to replace it.";
pub const SECRET_HINT: &str = "It is kept sealed and never shown.";
pub const SCOPES: &str = "Scopes";
pub const SCOPES_HINT: &str =
    "Beyond openid. “profile email” is what most providers need to tell name and address.";
pub const USUAL_SCOPES: &str = "profile email";
pub const CALLBACK: &str = "Redirect address";
pub const CALLBACK_LEAD: &str =
    "The provider sends people back to this address. It has to know it, to the letter.";
pub const WHO: &str = "Who comes in";
pub const NEWCOMERS: &str = "People who aren't users";
pub const DEFAULT_ROLE: &str = "Role of those whom no rule fits";
pub const NO_ROLE: &str = "None: they don't come in";
pub const DEFAULT_ROLE_HINT: &str =
    "New users get it. Who is a user already keeps their role, unless there are rules.";
pub const DOMAINS: &str = "Domains of their email addresses";
pub const DOMAINS_HINT: &str = "One a line; without one, any.";
pub const FLAGS: &str = "Beyond that";
pub const ENABLED: &str = "Offer it on the sign-in page";
pub const ENABLED_HINT: &str = "Otherwise no user signs in by it.";
pub const CONTACTS: &str = "Offer it in the customer portal";
pub const CONTACTS_HINT: &str = "Contacts sign in by it. Who isn't one yet and may become one belongs to the company that has the domain of their \
     address.";
pub const TRUSTS: &str = "Believe its email addresses";
pub const TRUSTS_HINT: &str = "Some providers, such as Microsoft Entra ID, don't say whether they have verified an address. Only where nobody can \
     choose their address there.";
pub const VOUCHES: &str = "It asks for a second factor itself";
pub const VOUCHES_HINT: &str = "Daybook then asks for no code, also where a role needs one.";
pub const ROLES: &str = "Roles";
pub const ROLES_LEAD: &str = "With rules, the provider decides at each sign-in which role somebody has. The first rule that fits counts. The last \
     administrator stays one.";
pub const CLAIM: &str = "Claim";
pub const CLAIM_HINT: &str = "Such as groups or roles; realm_access.roles for one within another.";
pub const RULES: &str = "Rules";
pub const RULES_HINT: &str = "One a line: value = role. The value to the letter, such as the id of a group.";
pub const CREATE: &str = "Set it up";
pub const CREATING: &str = "Setting up…";
pub const SAVE: &str = "Save provider";
pub const SAVING: &str = "Saving…";
pub const CANCEL: &str = "Cancel";
pub const CHECK: &str = "Ask the provider";
pub const CHECKING: &str = "Asking…";
pub const CHECK_TITLE: &str = "Does it answer?";
pub const CHECK_LEAD: &str =
    "Asks the provider what it says about itself, and for its keys. Nobody is signed in.";
pub const DELETE: &str = "Delete the provider…";
pub const DELETING: &str = "Deleting…";
pub const ANSWERS: &str = "The provider answers as it should.";
pub const OFFERED: &str = "Offered";
pub const NOT_OFFERED: &str = "Not offered";
pub const STATE: &str = "Sign-in page";
pub const USERS: &str = "Users";

pub fn created(name: &str) -> String {
    format!(
        "“{name}” is set up. Ask it whether it answers, then try it in another browser before you rely on it."
    )
}

pub fn saved(name: &str) -> String {
    format!("“{name}” is saved.")
}

pub fn deleted(name: &str) -> String {
    format!("“{name}” is deleted.")
}

pub fn delete(name: &str) -> String {
    format!("Delete “{name}”")
}

pub fn delete_question(name: &str, users: u64) -> String {
    let who = match users {
        0 => "Nobody has come from there yet.".to_owned(),
        1 => "One user comes from there, and needs another way in then.".to_owned(),
        some => format!("{some} users come from there, and need another way in then."),
    };
    format!("Delete “{name}”? {who}")
}
