//! What the pages of email say.

use crate::ui::number::{count_of, thousands};
use daybook_domain::{
    email::{BounceType, EmailProvider, EmailStatus, MailSecurity, SuppressionReason},
    email_template::MailTemplate,
    facet::Count,
};

pub const EMAIL: &str = "Email";
pub const EMAILS: &str = "Emails";
pub const HISTORY: &str = "Delivery history";
pub const HISTORY_ABOUT: &str = "Every email that Daybook or another system has sent, and what became of it.";
pub const SEARCH: &str = "Search addresses, subjects and message ids";
pub const SEARCHED: &str = "Search";
pub const FROM: &str = "From";
pub const UNTIL: &str = "Until";
pub const TABLE: &str = "Messages";
pub const NONE_YET: &str = "No messages yet";
pub const NONE_YET_ADVICE: &str = "Messages appear here once Daybook sends mail, which is set up in Admin Center → Email settings, \
     or once another system reports what it has sent by";
pub const REPORT: &str = "POST /api/v2/email-messages";
pub const SET_UP: &str = "Set up email";
pub const NONE_OF_THING: &str =
    "A message stands here when it names them, or goes to an address that is known of them.";

pub const RECIPIENT: &str = "To";
pub const SUBJECT: &str = "Subject";
pub const STATUS: &str = "Status";
pub const TEMPLATE: &str = "Template";
pub const COMPANY: &str = "Company";
pub const CONTACT: &str = "Contact";
pub const BRAND: &str = "Brand";
pub const SENT_AT: &str = "Sent at";
pub const NOTHING: &str = "–";

pub const SENDER: &str = "From";
pub const MADE: &str = "Made";
pub const SOURCE: &str = "Source";
pub const MESSAGE_ID: &str = "Message-ID";
pub const COPY_MESSAGE_ID: &str = "Copy Message-ID";
pub const PROVIDER_ID: &str = "Provider's id";
pub const COPY_PROVIDER_ID: &str = "Copy provider's id";
pub const EVENTS: &str = "What happened";
pub const NO_EVENTS: &str = "Nothing has happened to it yet.";
pub const IP: &str = "From";
pub const UNDER_WAY: &str = "It is about to be sent.";
pub const LOOK_AGAIN: &str = "Look again";
pub const RESEND: &str = "Send again";
pub const SEND_NOW: &str = "Send now";
pub const SENDING: &str = "Sending…";
pub const RESENT: &str = "The message is on its way again.";
pub const LINK_GONE: &str = "It held a link for its reader alone. That isn't kept, so the message can't be sent again: have a new link sent instead.";
pub const BODY: &str = "Message";
pub const BODY_TITLE: &str = "Message body";
pub const NO_BODY: &str = "The body isn't kept.";
pub const ATTACHMENTS: &str = "Attachments";
pub const ATTACHMENTS_REFUSED: &str =
    "Records may stand in them: downloading takes the permission “Export audit logs”.";
pub const SEE_SUPPRESSION: &str = "See it there";

pub const SUPPRESSIONS: &str = "Suppression list";
pub const SUPPRESSIONS_ABOUT: &str = "Addresses that nothing is sent to: they bounced, complained or unsubscribed, or somebody has \
     put them here.";
pub const SEARCH_ADDRESSES: &str = "Search addresses";
pub const NO_SUPPRESSIONS: &str = "No address is suppressed";
pub const NO_SUPPRESSIONS_ADVICE: &str =
    "An address comes here by itself once it can't be delivered to, or its owner calls a message unwanted.";
pub const ADDRESS: &str = "Address";
pub const REASON: &str = "Reason";
pub const ORIGIN: &str = "Origin";
pub const NOTE: &str = "Note";
pub const NOTE_HINT: &str = "For those who ask later why.";
pub const SINCE: &str = "Since";
pub const MESSAGE: &str = "Message";
pub const SEE_MESSAGE: &str = "The message";
pub const REMOVE: &str = "Remove";
pub const REMOVING: &str = "Removing…";
pub const PUT_BACK: &str = "Put it back";
pub const PUT_BACK_NOTE: &str = "Put back after it was removed";
pub const ADD: &str = "Add an address";
pub const ADD_ABOUT: &str = "Nothing is sent to it from then on, until it is removed.";
pub const ADD_ADDRESS: &str = "Add address";
pub const ADDING: &str = "Adding…";

/// The sections the records of the settings stand in.
pub const SECTIONS: &[&str] = &["Mail settings", "Email provider"];
pub const SETTINGS: &str = "Email settings";
pub const SETTINGS_ABOUT: &str = "The mail server that Daybook sends with. Every change is recorded.";
pub const SERVER: &str = "Mail server";
pub const HOST: &str = "Host";
pub const HOST_HINT: &str = "Such as smtp.example.com. Without one nothing is sent.";
pub const PORT: &str = "Port";
pub const PORT_HINT: &str = "465 for TLS, 587 for STARTTLS.";
pub const NO_PORT: &str = "A port is a number from 1 to 65,535.";
pub const SECURITY: &str = "Security";
pub const USERNAME: &str = "User name";
pub const USERNAME_HINT: &str = "Empty where the server asks for none.";
pub const PASSWORD: &str = "Password";
pub const PASSWORD_KEPT: &str = "Leave empty to keep the one that is kept.";
pub const SENDER_PART: &str = "Sender";
pub const SENDER_ABOUT: &str = "Stands in every message that Daybook sends.";
pub const FROM_NAME: &str = "From name";
pub const FROM_ADDRESS: &str = "From address";
pub const REPLY_TO: &str = "Reply-to address";
pub const REPLY_TO_HINT: &str = "Where answers go, where that isn't the from address.";
pub const SAVE: &str = "Save";
pub const SAVING: &str = "Saving…";
pub const SAVED: &str = "The email settings are saved.";
pub const SENDING_PART: &str = "Sending";
pub const SENDING_ABOUT: &str = "While it is paused, no message leaves; what is to be sent waits, and goes out once it is resumed. A link \
     in a message that waits may run out meanwhile.";
pub const PAUSE: &str = "Pause sending";
pub const PAUSING: &str = "Pausing…";
pub const PAUSED: &str = "Paused: no mail leaves until it is resumed, and what is to be sent waits.";
pub const RESUME: &str = "Resume sending";
pub const RESUMING: &str = "Resuming…";
pub const RESUMED: &str = "Resumed: what has waited is on its way.";
/// Before since when.
pub const PAUSED_SINCE: &str = "Sending was paused ";
/// After it, on the page of one message.
pub const IT_WAITS: &str = ": the message waits until it is resumed.";
/// After it, beside all messages.
pub const THEY_WAIT: &str = ": Daybook's own mail waits until it is resumed.";
pub const TEST: &str = "Send a test message";
pub const TEST_ABOUT: &str =
    "It goes out with the settings that are saved. Its page shows what becomes of it.";
pub const TEST_NOT_YET: &str = "Save a mail server first.";
pub const TEST_PAUSED: &str = "Sending is paused: resume it first.";
pub const TESTED: &str = "A test message is on its way.";

/// The section the records of templates stand in.
pub const TEMPLATE_SECTIONS: &[&str] = &["Email template"];
pub const TEMPLATES: &str = "Email templates";
pub const TEMPLATES_ABOUT: &str = "What the mails that Daybook itself sends say. Every change is recorded.";
pub const WORDING: &str = "Wording";
pub const OWN: &str = "Your own text.";
pub const BUILT_IN: &str = "The text that comes with Daybook.";
pub const TEXT: &str = "Text";
pub const TEXT_HINT: &str = "An empty line begins a new paragraph. The HTML of the mail is made from it.";
pub const PREVIEW: &str = "Preview";
pub const PREVIEW_ABOUT: &str =
    "What stands in the form, with the samples filled in. Nothing is saved or sent.";
pub const PREVIEW_FRAME: &str = "Preview of the mail";
pub const VARIABLES: &str = "What can be filled in";
pub const VARIABLES_ABOUT: &str = "Write a variable where its value is to stand. {% if reason %}…{% endif %}, say, leaves out what has no value. A link to choose a \
     password stands alone on its line.";
pub const VARIABLE: &str = "Variable";
pub const MEANING: &str = "What it is";
pub const SAMPLE: &str = "Sample";
pub const NEEDED: &str = "needed";
pub const UNDO: &str = "Undo the last change";
pub const UNDONE: &str = "The last change is undone.";
pub const TO_DEFAULT: &str = "Back to the default…";
pub const TO_DEFAULT_NOW: &str = "Back to the default";
pub const TO_DEFAULT_QUESTION: &str =
    "Use the text that comes with Daybook from now on? Yours can be had back by undoing this.";
pub const DEFAULT_AGAIN: &str = "The text that comes with Daybook is used again.";
pub const TEMPLATE_SAVED: &str = "The template is saved. The next mail is made of it.";

/// When a mail is sent.
pub fn mail_about(of: MailTemplate) -> &'static str {
    match of {
        MailTemplate::Invitation => {
            "Goes to whoever is invited as a user, with the link to choose a password."
        }
        MailTemplate::PortalLink => {
            "Goes to a contact who signs in to the customer portal, with the link for it."
        }
        MailTemplate::PasswordReset => "Goes to a user who chooses a new password, with the link for it.",
        MailTemplate::WebhookOff => {
            "Goes to those who may manage webhooks once Daybook has switched off an endpoint."
        }
        MailTemplate::IntegrationFailing => {
            "Goes to those who may manage integrations once one has failed for long."
        }
        MailTemplate::Alert => "Goes to those who manage alerts when a rule raises one.",
        MailTemplate::Report => "Goes to those who get a scheduled report.",
        MailTemplate::Test => "Goes out when somebody sends a test message.",
    }
}

pub const PROVIDERS: &str = "Reports by providers";
pub const PROVIDERS_ABOUT: &str = "A provider that sends your mail can tell here what becomes of it: have it post its event webhook to the \
     address below, with an API key in place of KEY that may report emails and nothing else.";
pub const PROVIDERS_KEY: &str = "Make an API key";
pub const KEY_HERE: &str = "KEY";
pub const POST_TO: &str = "Address for its webhook:";
pub const CHECKED: &str = "Checked";
pub const CHECKED_SINCE: &str = "What comes is checked since";
pub const KEEP_KEY: &str = "Check what comes";
pub const REMOVE_KEY: &str = "Don't check any more";
pub const KEY_KEPT: &str = "What comes from there is checked from now on.";
pub const KEY_REMOVED: &str = "What comes from there isn't checked any more.";

/// What tells that a provider's request is its own, while no key is kept.
pub fn unchecked(provider: EmailProvider) -> &'static str {
    match provider {
        EmailProvider::Ses => {
            "Amazon's signature is always checked. That the topic is yours, the key in the address tells."
        }
        _ => "Nothing but the key in the address tells that what comes is the provider's.",
    }
}

pub fn signing_key(provider: EmailProvider) -> &'static str {
    match provider {
        EmailProvider::Mailgun => "HTTP webhook signing key",
        EmailProvider::Sendgrid => "Verification key",
        EmailProvider::Ses => "ARN of the topic",
        _ => "Authorization",
    }
}

pub fn key_hint(provider: EmailProvider) -> &'static str {
    match provider {
        EmailProvider::Mailgun => "Mailgun shows it under Settings → API security.",
        EmailProvider::Sendgrid => {
            "SendGrid shows it under Mail settings → Event webhook → Security features."
        }
        EmailProvider::Ses => {
            "Such as arn:aws:sns:eu-west-1:123456789012:mail. Only what it publishes is taken."
        }
        _ => "What you have the provider send with each request: user:password, or a bearer token.",
    }
}

/// `12,345 messages`, `10,000+ messages`.
pub fn total(total: Count) -> String {
    let noun = if total == Count::Exactly(1) {
        "message"
    } else {
        "messages"
    };
    format!("{} {noun}", count_of(total))
}

/// `Bounced · hard`.
pub fn standing(status: EmailStatus, bounce: Option<BounceType>) -> String {
    let bounce = bounce.map(|bounce| format!(" · {}", bounce.title().to_lowercase()));
    format!("{}{}", status.title(), bounce.unwrap_or_default())
}

pub fn subject(subject: &str) -> String {
    let subject = if subject.trim().is_empty() {
        "(no subject)"
    } else {
        subject
    };
    subject.to_owned()
}

/// `Ann Example <ann@harbor.example>`.
pub fn mailbox(name: Option<&str>, address: &str) -> String {
    name.map_or_else(|| address.to_owned(), |name| format!("{name} <{address}>"))
}

/// `1.2 MB`, `340 kB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

pub fn said_by(source: &str) -> String {
    format!("reported by {source}")
}

pub fn suppressed_now(reason: SuppressionReason) -> String {
    let reason = reason.title().to_lowercase();
    format!("Nothing is sent to this address by now: it is on the suppression list ({reason}).")
}

pub fn suppressed(address: &str) -> String {
    format!("Nothing is sent to {} any more.", address.trim())
}

pub fn unsuppressed(address: &str) -> String {
    format!("{} may be mailed again.", address.trim())
}

pub fn security(security: MailSecurity) -> String {
    let about = match security {
        MailSecurity::Tls => "encrypted from the first byte",
        MailSecurity::StartTls => "encrypted after the greeting, or nothing is sent",
        MailSecurity::None => "for a server on this machine or in your own network",
    };
    format!("{}: {about}", security.title())
}

/// `3 messages wait.`
pub fn waiting(messages: u64) -> String {
    match messages {
        0 => "Nothing waits to be sent.".to_owned(),
        1 => "1 message waits to be sent.".to_owned(),
        many => format!("{} messages wait to be sent.", thousands(many)),
    }
}
