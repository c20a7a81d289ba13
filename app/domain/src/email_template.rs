//! The texts of the mails that Daybook itself sends. Each has one that comes with Daybook; a workspace may have its own.
//!
//! A text is written with variables, such as `{{ name }}`, which are filled in when a mail is made. Its HTML is made from the
//! text ([`TemplatePreview::html`]): there is one text to write, and what a mail client shows is the same either way.

use crate::{event::words, seen::Seen};
use serde::{Deserialize, Serialize};

/// Longest subject as it is written, in characters.
pub const MAX_SUBJECT: usize = 200;
/// Longest text as it is written, in characters.
pub const MAX_TEXT: usize = 2_000;

words! {
    /// A mail that Daybook sends.
    MailTemplate {
        Invitation = "invitation", "Invitation";
        PasswordReset = "password_reset", "Password reset";
        /// To a contact who comes into the customer portal.
        PortalLink = "portal_link", "Portal sign-in link";
        /// To those who manage webhooks: an endpoint was switched off.
        WebhookOff = "webhook_off", "Webhook endpoint switched off";
        /// To those who manage integrations: one has failed for long.
        IntegrationFailing = "integration_failing", "Integration failing";
        /// To those who manage alerts: a rule has found something.
        Alert = "alert", "Security alert";
        Report = "report", "Scheduled report";
        Test = "test", "Test message";
    }
}

impl MailTemplate {
    /// Whether its link is for its reader alone: whoever has it can act as them.
    pub fn has_secret_link(self) -> bool {
        matches!(self, Self::Invitation | Self::PasswordReset | Self::PortalLink)
    }
}

/// What a template says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    pub subject: String,
    pub text: String,
}

/// A template in the list of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateSummary {
    pub template: MailTemplate,
    /// As it is written.
    pub subject: String,
    /// Whether it is the workspace's own, not the one that comes with Daybook.
    pub is_own: bool,
}

/// A template with all there is to know to write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateDetail {
    pub template: MailTemplate,
    pub wording: Wording,
    pub is_own: bool,
    /// Whether the last change can be undone.
    pub can_undo: bool,
    pub variables: Vec<TemplateVariable>,
    /// Who changes it says that they have seen this.
    pub seen: Seen,
}

/// Something that is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateVariable {
    pub name: String,
    /// What it is, as a sentence.
    pub meaning: String,
    /// What previews fill in.
    pub sample: String,
    /// Whether the text can't do without it.
    pub is_required: bool,
}

/// A template as a mail would be, filled in with samples.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplatePreview {
    pub subject: String,
    pub text: String,
    /// A whole document.
    pub html: String,
}
