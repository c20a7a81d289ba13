//! The wordings that come with Daybook, and what can be filled in where.

use super::LINK;
use daybook_domain::email_template::MailTemplate as M;

pub(super) struct BuiltIn {
    pub subject: &'static str,
    pub text: &'static str,
    pub variables: &'static [Variable],
}

/// Something that is filled in.
pub(super) struct Variable {
    pub name: &'static str,
    pub meaning: &'static str,
    pub sample: &'static str,
    /// Without it the mail would be useless.
    pub is_required: bool,
}

const fn variable(name: &'static str, meaning: &'static str, sample: &'static str) -> Variable {
    Variable {
        name,
        meaning,
        sample,
        is_required: false,
    }
}

const NAME: Variable = variable("name", "The name of who gets the mail.", "Tomás Rey");
const WORKSPACE: Variable = variable(super::WORKSPACE, "The name of the workspace.", "Northdesk");
const REASON: Variable = variable(
    "reason",
    "What happened, as a part of a sentence.",
    "nothing has arrived there for five days",
);

const fn link(meaning: &'static str, sample: &'static str) -> Variable {
    variable(LINK, meaning, sample)
}

const fn required_link(meaning: &'static str, sample: &'static str) -> Variable {
    Variable {
        is_required: true,
        ..link(meaning, sample)
    }
}

pub(super) fn built_in(of: M) -> &'static BuiltIn {
    match of {
        M::Invitation => &INVITATION,
        M::PasswordReset => &PASSWORD_RESET,
        M::PortalLink => &PORTAL_LINK,
        M::WebhookOff => &WEBHOOK_OFF,
        M::IntegrationFailing => &INTEGRATION_FAILING,
        M::Alert => &ALERT,
        M::Report => &REPORT,
        M::Test => &TEST,
    }
}

static INVITATION: BuiltIn = BuiltIn {
    subject: "{{ inviter }} invites you to {{ workspace }}",
    text: "Hello {{ name }},\n\n\
           {{ inviter }} has invited you to {{ workspace }}. Choose a password here, and you are in:\n\n\
           {{ link }}\n\n\
           The link works once, for {{ days }} days.\n\n\
           If you don't know what this is about, leave it be: without the link nobody gets in.",
    variables: &[
        NAME,
        WORKSPACE,
        variable("inviter", "The name of who invites them.", "Mara Okafor"),
        variable("days", "For how many days the link works.", "7"),
        required_link(
            "Where they choose their password. It works once.",
            "https://daybook.example.org/invite/sample",
        ),
    ],
};

static PASSWORD_RESET: BuiltIn = BuiltIn {
    subject: "Choose a new password for {{ workspace }}",
    text: "Hello {{ name }},\n\n\
           somebody has asked for a new password for your account at {{ workspace }}. Choose one here:\n\n\
           {{ link }}\n\n\
           The link works once, for {{ minutes }} minutes.\n\n\
           If it wasn't you, leave it be: your password stays as it is.",
    variables: &[
        NAME,
        WORKSPACE,
        variable("minutes", "For how many minutes the link works.", "60"),
        required_link(
            "Where they choose a password. It works once.",
            "https://daybook.example.org/reset/sample",
        ),
    ],
};

static PORTAL_LINK: BuiltIn = BuiltIn {
    subject: "Your link to sign in to {{ portal }}",
    text: "Hello {{ name }},\n\n\
           this link signs you in to {{ portal }}:\n\n\
           {{ link }}\n\n\
           It works once, for {{ minutes }} minutes, in the browser in which you asked for it.\n\n\
           If it wasn't you who asked, leave it be: nobody gets in.",
    variables: &[
        NAME,
        variable("portal", "Under which name the portal stands.", "Harbor Support"),
        variable("minutes", "For how many minutes the link works.", "15"),
        required_link(
            "Where they sign in. It works once.",
            "https://daybook.example.org/portal/link/sample",
        ),
    ],
};

static WEBHOOK_OFF: BuiltIn = BuiltIn {
    subject: "Webhook endpoint “{{ endpoint }}” was switched off",
    text: "Hello {{ name }},\n\n\
           Daybook has switched off the webhook endpoint “{{ endpoint }}” of {{ workspace }}: {{ reason }}. \
           Nothing is sent there until somebody switches it on again.\
           {% if link %}\n\nSee what went wrong:\n\n{{ link }}{% endif %}",
    variables: &[
        NAME,
        WORKSPACE,
        variable("endpoint", "The name of the endpoint.", "Ticket sync"),
        REASON,
        link(
            "The endpoint's page; empty where Daybook's address isn't configured.",
            "https://daybook.example.org/webhooks/sample",
        ),
    ],
};

static INTEGRATION_FAILING: BuiltIn = BuiltIn {
    subject: "Integration “{{ integration }}” is failing",
    text: "Hello {{ name }},\n\n\
           the integration “{{ integration }}” of {{ workspace }} has failed since {{ since }}: {{ reason }}.\
           {% if link %}\n\nSee what went wrong:\n\n{{ link }}{% endif %}",
    variables: &[
        NAME,
        WORKSPACE,
        variable("integration", "The name of the integration.", "Billing export"),
        variable("since", "Since when it fails.", "2026-11-21 09:40"),
        REASON,
        link(
            "The integration's page; empty where Daybook's address isn't configured.",
            "https://daybook.example.org/integrations/sample",
        ),
    ],
};

static ALERT: BuiltIn = BuiltIn {
    subject: "{{ severity }} alert: {{ rule }}",
    text: "Hello {{ name }},\n\n\
           in {{ workspace }} the rule “{{ rule }}” has found something: {{ summary }}.\n\n\
           It is about {{ subject }}.\
           {% if link %}\n\nSee the records, and deal with it:\n\n{{ link }}{% endif %}",
    variables: &[
        NAME,
        WORKSPACE,
        variable("rule", "The name of the rule.", "Many failed sign-ins"),
        variable("severity", "How bad it may be.", "High"),
        variable(
            "summary",
            "What it has found.",
            "12 failed sign-ins of Mara Okafor within 10 minutes",
        ),
        variable("subject", "Who or what it is about.", "Mara Okafor"),
        link(
            "The alert's page; empty where Daybook's address isn't configured.",
            "https://daybook.example.org/alerts/sample",
        ),
    ],
};

static REPORT: BuiltIn = BuiltIn {
    subject: "{{ report }}, {{ period }}",
    text: "Hello {{ name }},\n\n\
           this is “{{ report }}” of {{ workspace }} for {{ period }}.\n\n\
           {{ totals }}\
           {% if link %}\n\nSee all of it:\n\n{{ link }}{% endif %}",
    variables: &[
        NAME,
        WORKSPACE,
        variable("report", "The name of the report.", "Failed sign-ins"),
        variable("period", "The time it is about.", "16–22 November 2026"),
        variable(
            "totals",
            "What was counted, and what the attached file holds.",
            "There are 12 records; in the period before there were 9 records.",
        ),
        link(
            "The list, with the period; empty where Daybook's address isn't configured.",
            "https://daybook.example.org/audit-logs/access?from=2026-11-16&to=2026-11-22",
        ),
    ],
};

static TEST: BuiltIn = BuiltIn {
    subject: "Test email from {{ workspace }}",
    text: "This is a test: mail from {{ workspace }} arrives.\n\nIt was sent by {{ sender }} from Daybook.",
    variables: &[
        WORKSPACE,
        variable("sender", "The name of who has it sent.", "Mara Okafor"),
    ],
};
