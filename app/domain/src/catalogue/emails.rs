//! Email: how it is sent, who isn't to be mailed, what failed.

use super::{
    Field, Row, V0_1_0, always,
    example::{THING, tell},
    sometimes,
};
use crate::{
    event::{Action, Actor, ActorKind, Change, EventBody, NamedRef, Outcome, Target},
    log::LogKind,
};
use serde_json::{Value, json};

const CATEGORY: &str = "Email";
const SETTINGS: &[&str] = &["Mail settings"];
const SUPPRESSION: &[&str] = &["Suppressed address"];
const MESSAGE: &[&str] = &["Email"];
const ADDRESS: &str = "ann@harbor.example";

const THE_SETTINGS: Field = always("targets", "The settings, of kind `mail_settings`.");

pub(super) static MAIL_SETTINGS_UPDATED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: SETTINGS,
    action: Action::Update,
    meaning: "How mail is sent was changed.",
    fields: &[
        THE_SETTINGS,
        sometimes("changes.host", "The mail server; empty where no mail is sent."),
        sometimes("changes.port", "Its port."),
        sometimes(
            "changes.security",
            "How the connection is protected: `tls`, `starttls` or `none`.",
        ),
        sometimes("changes.username", "As whom it is signed in."),
        sometimes("changes.password", "That another password is kept; never which.").secret(),
        sometimes("changes.from_name", "From whom mail is, by name."),
        sometimes("changes.from_address", "And by address."),
        sometimes("changes.reply_to", "Where answers go."),
    ],
    since: V0_1_0,
    example: |body| {
        tell(
            body,
            "Changed host of mail settings “Northdesk”",
            "mail_settings",
            THING,
            "Northdesk",
        );
        body.changes = vec![Change::new("host", Value::Null, "smtp.northdesk.example")];
    },
};

pub(super) static MAIL_PAUSED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: SETTINGS,
    action: Action::Disable,
    meaning: "No mail is sent until it is resumed; what is to be sent meanwhile waits.",
    fields: &[THE_SETTINGS],
    since: V0_1_0,
    example: |body| tell(body, "Paused mail", "mail_settings", THING, "Mail"),
};

pub(super) static MAIL_RESUMED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: SETTINGS,
    action: Action::Enable,
    meaning: "The mail that has waited is sent, and what comes.",
    fields: &[
        THE_SETTINGS,
        always("metadata.waiting", "How many messages had waited."),
    ],
    since: V0_1_0,
    example: |body| {
        tell(body, "Resumed mail", "mail_settings", THING, "Mail");
        body.metadata.insert("waiting".to_owned(), json!(12));
    },
};

pub(super) static PROVIDER_UPDATED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: &["Email provider"],
    action: Action::Update,
    meaning: "What an email provider's reports are checked with was changed.",
    fields: &[
        always("targets", "The provider, of kind `email_provider`."),
        always(
            "changes.signing_key",
            "That another key is kept, or none; never which.",
        )
        .secret(),
    ],
    since: V0_1_0,
    example: |body| {
        let summary = "Changed signing key of email provider “SendGrid”";
        tell(body, summary, "email_provider", "sendgrid", "SendGrid");
        body.changes = vec![Change::secret("signing_key")];
    },
};

pub(super) static TEMPLATE_UPDATED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: &["Email template"],
    action: Action::Update,
    meaning: "It was changed what one of Daybook's own mails says.",
    fields: &[
        always("targets", "The template, of kind `email_template`."),
        sometimes(
            "changes.subject",
            "The subject, as it is written; empty where it is the one that comes with Daybook.",
        ),
        sometimes("changes.text", "The text, likewise."),
    ],
    since: V0_1_0,
    example: |body| {
        let summary = "Changed 2 properties of email template “Invitation”";
        tell(body, summary, "email_template", "invitation", "Invitation");
        body.changes = vec![
            Change::new("subject", Value::Null, "Welcome to {{ workspace }}"),
            Change::new(
                "text",
                Value::Null,
                "Hello {{ name }},\n\nchoose your password: {{ link }}",
            ),
        ];
    },
};

const SUPPRESSION_FIELDS: &[Field] = &[
    always("targets", "The address, of kind `email_suppression`."),
    always("changes.address", "The address."),
    always(
        "changes.reason",
        "Why: `hard_bounce`, `complaint`, `unsubscribed` or `manual`.",
    ),
    always("changes.origin", "Who has put it there."),
    sometimes("changes.note", "What was noted."),
];

fn suppression(body: &mut EventBody, past: &str, change: fn(&'static str, &'static str) -> Change) {
    let summary = format!("{past} suppressed address “{ADDRESS}”");
    tell(body, &summary, "email_suppression", ADDRESS, ADDRESS);
    body.changes = vec![
        change("address", ADDRESS),
        change("origin", "Mara Okafor"),
        change("reason", "manual"),
    ];
}

pub(super) static SUPPRESSION_CREATED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: SUPPRESSION,
    action: Action::Create,
    meaning: "An address isn't mailed from now on.",
    fields: SUPPRESSION_FIELDS,
    since: V0_1_0,
    example: |body| {
        suppression(body, "Created", |property, value| {
            Change::new(property, Value::Null, value)
        });
    },
};

pub(super) static SUPPRESSION_DELETED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: SUPPRESSION,
    action: Action::Delete,
    meaning: "An address may be mailed again.",
    fields: SUPPRESSION_FIELDS,
    since: V0_1_0,
    example: |body| {
        suppression(body, "Deleted", |property, value| {
            Change::new(property, value, Value::Null)
        });
    },
};

const SENT_FIELDS: &[Field] = &[
    always("targets", "The email, of kind `email_message`."),
    sometimes("brand", "The brand under which it was sent."),
    sometimes("company", "The company whose contact it went to."),
    sometimes("contact", "The contact, or the address alone."),
    always("metadata.recipient", "To whom, as an address."),
];

fn about(body: &mut EventBody, summary: &str, subject: &str) {
    tell(body, summary, "email_message", THING, subject);
    body.metadata.insert("recipient".to_owned(), json!(ADDRESS));
}

pub(super) static TESTED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: MESSAGE,
    action: Action::Send,
    meaning: "Somebody had a test email sent.",
    fields: SENT_FIELDS,
    since: V0_1_0,
    example: |body| {
        about(
            body,
            "Sent a test email to ann@harbor.example",
            "Test email from Northdesk",
        );
    },
};

pub(super) static ATTACHMENT_DOWNLOADED: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: MESSAGE,
    action: Action::Export,
    meaning: "Somebody has taken a file that went along with an email; records may stand in it.",
    fields: &[
        always("targets", "The message, of kind `email_message`."),
        always("metadata.recipient", "To whom it went."),
        always("metadata.file", "The name of the file."),
        sometimes("company", "Whose contact that is."),
        sometimes("contact", "Who that is."),
        sometimes("brand", "The brand it was sent for."),
    ],
    since: V0_1_0,
    example: |body| {
        let summary = "Downloaded “report-2026-11-21.csv” of an email to ann@harbor.example";
        tell(
            body,
            summary,
            "email_message",
            THING,
            "Failed sign-ins, 21 Nov 2026",
        );
        body.metadata.insert("recipient".to_owned(), ADDRESS.into());
        body.metadata
            .insert("file".to_owned(), "report-2026-11-21.csv".into());
    },
};

pub(super) static RESENT: Row = Row {
    log: LogKind::Activity,
    category: CATEGORY,
    sections: MESSAGE,
    action: Action::Send,
    meaning: "Somebody had an email sent once more.",
    fields: SENT_FIELDS,
    since: V0_1_0,
    example: |body| {
        about(
            body,
            "Sent “You are invited” to ann@harbor.example again",
            "You are invited",
        );
    },
};

const FAILURE_FIELDS: &[Field] = &[
    always("targets", "The email, of kind `email_message`."),
    sometimes("brand", "The brand under which it was sent."),
    sometimes("company", "The company whose contact was to get it."),
    sometimes("contact", "The contact."),
    always(
        "reason",
        "What is known of the cause, in the words of who said so.",
    ),
    always("metadata.recipient", "To whom, as an address."),
    sometimes(
        "metadata.bounce_type",
        "Of what bounced: `hard`, `soft` or `blocked`.",
    ),
    sometimes(
        "metadata.code",
        "The enhanced status code (RFC 3463), or the reply code.",
    ),
    sometimes("metadata.message_id", "Its Message-ID."),
    always(
        "metadata.said_by",
        "Who said so: `daybook`, a provider, another system.",
    ),
];

/// A row of something that went wrong with a message.
macro_rules! failed {
    ($name:ident, $meaning:literal, $verb:literal, $bounce:expr) => {
        pub(super) static $name: Row = Row {
            log: LogKind::EmailFailure,
            category: CATEGORY,
            sections: MESSAGE,
            action: Action::Send,
            meaning: $meaning,
            fields: FAILURE_FIELDS,
            since: V0_1_0,
            example: |body| failure(body, $verb, $bounce),
        };
    };
}

failed!(
    BOUNCED,
    "An email was refused, or given up after it couldn't be delivered for long.",
    "bounced",
    Some("hard")
);
failed!(
    DEFERRED,
    "A mail server didn't take an email for now. It is tried again.",
    "was deferred",
    None
);
failed!(
    COMPLAINED,
    "The recipient has called an email unwanted.",
    "was marked as unwanted",
    None
);
failed!(
    RECIPIENT_BLOCKED,
    "An email wasn't sent, because the address isn't to be mailed.",
    "was not sent",
    None
);

fn failure(body: &mut EventBody, verb: &str, bounce: Option<&str>) {
    const REASON: &str = "5.1.1 The email account that you tried to reach does not exist";
    body.actor = Actor::named(ActorKind::System, "Email");
    body.summary = Some(format!("“Your ticket 4711” to {ADDRESS} {verb}: {REASON}"));
    body.targets = vec![Target::new("email_message", THING, "Your ticket 4711")];
    body.company = Some(NamedRef::new("4711", "Harbor Logistics"));
    body.contact = Some(NamedRef::new("815", "Ann Reyes"));
    body.outcome = Outcome::Failure;
    body.reason = Some(REASON.to_owned());
    let metadata = json!({
        "recipient": ADDRESS,
        "bounce_type": bounce,
        "code": "5.1.1",
        "message_id": "0193c1@northdesk.example",
        "said_by": "postmark",
    });
    if let Value::Object(metadata) = metadata {
        body.metadata
            .extend(metadata.into_iter().filter(|(_, value)| !value.is_null()));
    }
}
