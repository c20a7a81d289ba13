//! Server functions about email.

#[cfg(feature = "ssr")]
use super::text;
use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::authorize,
    flash::{self, Flash},
    routes,
    ui::form::SEEN,
};
#[cfg(feature = "ssr")]
use daybook_domain::{
    Error,
    email::{EmailFilters, MailForm, SuppressionFilters},
    email_template::Wording,
    object::unreadable,
    permission::{ManageSettings, ViewEmailHistory},
};
use daybook_domain::{
    email::{
        EmailDetail, EmailPage, EmailProvider, MailSecurity, MailSettings, NewPassword, ProviderState,
        SuppressionPage,
    },
    email_template::{MailTemplate, TemplateDetail, TemplateSummary},
    id::{EmailMessageId, ObjectId},
    object::{ObjectKind, ObjectQuery},
    seen::{Seen, Tag},
};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

/// What goes with the message that an address was taken off the list: the address, so that it can be put back.
pub const REMOVED: &str = "removed";

/// All messages, or those of a company or a contact.
#[server(prefix = "/_fn", endpoint = "emails/list", input = Json)]
pub async fn list_emails(
    of: Option<(ObjectKind, ObjectId)>,
    query: ObjectQuery,
) -> Result<EmailPage, AppError> {
    let (ports, who) = authorize(ViewEmailHistory, "emails/list").await?;
    let query = query.checked(&EmailFilters).map_err(unreadable)?;
    Ok(ports.emails.list_emails(&who, of, &query).await?)
}

#[server(prefix = "/_fn", endpoint = "emails/show", input = Json)]
pub async fn show_email(id: EmailMessageId) -> Result<EmailDetail, AppError> {
    let (ports, who) = authorize(ViewEmailHistory, "emails/show").await?;
    Ok(ports.emails.email(&who, id).await?)
}

#[server(prefix = "/_fn", endpoint = "emails/resend")]
pub async fn resend_email(id: EmailMessageId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "emails/resend").await?;
    let to = routes::email(id);
    let sent = ports.emails.resend_email(&who, id).await;
    sent.map_err(|error| flash::refused(error, &[], &to))?;
    flash::done(&Flash::success(text::RESENT), &to);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "emails/suppressions", input = Json)]
pub async fn list_suppressions(query: ObjectQuery) -> Result<SuppressionPage, AppError> {
    let (ports, who) = authorize(ViewEmailHistory, "emails/suppressions").await?;
    let query = query.checked(&SuppressionFilters).map_err(unreadable)?;
    Ok(ports.emails.list_suppressions(&who, &query).await?)
}

#[server(prefix = "/_fn", endpoint = "emails/suppress")]
pub async fn suppress_address(address: String, #[server(default)] note: String) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "emails/suppress").await?;
    let suppressed = ports.emails.suppress(&who, &address, &note).await;
    let typed = [("address", address.as_str()), ("note", &note)];
    suppressed.map_err(|error| flash::refused(error, &typed, routes::SUPPRESSIONS))?;
    flash::done(&Flash::success(text::suppressed(&address)), routes::SUPPRESSIONS);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "emails/unsuppress")]
pub async fn unsuppress_address(address: String) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "emails/unsuppress").await?;
    let removed = ports.emails.unsuppress(&who, &address).await;
    removed.map_err(|error| flash::refused(error, &[], routes::SUPPRESSIONS))?;
    let done = Flash::success(text::unsuppressed(&address)).with_value(REMOVED, &address);
    flash::done(&done, routes::SUPPRESSIONS);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "emails/settings", input = Json)]
pub async fn show_mail_settings() -> Result<MailSettings, AppError> {
    let (ports, who) = authorize(ManageSettings, "emails/settings").await?;
    Ok(ports.emails.mail_settings(&who).await?)
}

/// What stands in the form of the settings, as it was typed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MailTyped {
    pub host: String,
    pub port: String,
    pub security: MailSecurity,
    pub username: String,
    pub password: NewPassword,
    pub from_name: String,
    pub from_address: String,
    pub reply_to: String,
}

#[server(prefix = "/_fn", endpoint = "emails/set_settings")]
pub async fn set_mail_settings(seen: Tag, form: MailTyped) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "emails/set_settings").await?;
    let typed = form.clone();
    let set = match form.read() {
        Ok(form) => ports.emails.set_mail_settings(&who, &seen, form).await,
        Err(error) => Err(error),
    };
    set.map_err(|error| flash::refused(error, &typed.to_come_back(&seen), routes::MAIL_SETTINGS))?;
    flash::done(&Flash::success(text::SAVED), routes::MAIL_SETTINGS);
    Ok(())
}

#[cfg(feature = "ssr")]
impl MailTyped {
    fn read(self) -> Result<MailForm, Error> {
        let port = self.port.trim().parse();
        Ok(MailForm {
            port: port.map_err(|_| Error::invalid("port", text::NO_PORT))?,
            host: self.host,
            security: self.security,
            username: self.username,
            password: self.password,
            from_name: self.from_name,
            from_address: self.from_address,
            reply_to: self.reply_to,
        })
    }

    /// What comes back with a refusal: all but the password.
    fn to_come_back<'a>(&'a self, seen: &'a Tag) -> [(&'static str, &'a str); 8] {
        [
            ("host", &self.host),
            ("port", &self.port),
            ("security", self.security.name()),
            ("username", &self.username),
            ("from_name", &self.from_name),
            ("from_address", &self.from_address),
            ("reply_to", &self.reply_to),
            (SEEN, seen.as_str()),
        ]
    }
}

/// What the form of the settings changes, as it is now.
pub async fn seen_now() -> Option<Seen> {
    show_mail_settings().await.ok().map(|settings| settings.seen)
}

#[server(prefix = "/_fn", endpoint = "emails/pause")]
pub async fn pause_mail() -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "emails/pause").await?;
    let paused = ports.emails.pause_mail(&who).await;
    paused.map_err(|error| flash::refused(error, &[], routes::MAIL_SETTINGS))?;
    flash::done(&Flash::success(text::PAUSED), routes::MAIL_SETTINGS);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "emails/resume")]
pub async fn resume_mail() -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "emails/resume").await?;
    let resumed = ports.emails.resume_mail(&who).await;
    resumed.map_err(|error| flash::refused(error, &[], routes::MAIL_SETTINGS))?;
    flash::done(&Flash::success(text::RESUMED), routes::MAIL_SETTINGS);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "emails/test")]
pub async fn send_test_email(to: String) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "emails/test").await?;
    let sent = ports.emails.send_test_email(&who, &to).await;
    let id = sent.map_err(|error| flash::refused(error, &[("to", &to)], routes::MAIL_SETTINGS))?;
    flash::done(&Flash::success(text::TESTED), &routes::email(id));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "emails/templates", input = Json)]
pub async fn list_email_templates() -> Result<Vec<TemplateSummary>, AppError> {
    let (ports, who) = authorize(ManageSettings, "emails/templates").await?;
    Ok(ports.emails.list_email_templates(&who).await?)
}

#[server(prefix = "/_fn", endpoint = "emails/template", input = Json)]
pub async fn show_email_template(template: MailTemplate) -> Result<TemplateDetail, AppError> {
    let (ports, who) = authorize(ManageSettings, "emails/template").await?;
    Ok(ports.emails.email_template(&who, template).await?)
}

/// What the form of a template changes, as it is now.
pub async fn template_seen_now(template: MailTemplate) -> Option<Seen> {
    show_email_template(template).await.ok().map(|detail| detail.seen)
}

#[server(prefix = "/_fn", endpoint = "emails/set_template")]
pub async fn set_email_template(
    template: MailTemplate,
    seen: Tag,
    subject: String,
    text: String,
) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "emails/set_template").await?;
    let (to, wording) = (routes::email_template(template), Wording { subject, text });
    let set = ports
        .emails
        .set_email_template(&who, template, &seen, wording.clone())
        .await;
    let typed = [
        ("subject", wording.subject.as_str()),
        ("text", &wording.text),
        (SEEN, seen.as_str()),
    ];
    set.map_err(|error| flash::refused(error, &typed, &to))?;
    flash::done(&Flash::success(text::TEMPLATE_SAVED), &to);
    Ok(())
}

/// Back to what comes with Daybook.
#[server(prefix = "/_fn", endpoint = "emails/reset_template")]
pub async fn reset_email_template(template: MailTemplate, seen: Tag) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "emails/reset_template").await?;
    let to = routes::email_template(template);
    let reset = ports.emails.reset_email_template(&who, template, &seen).await;
    reset.map_err(|error| flash::refused(error, &[], &to))?;
    flash::done(&Flash::success(text::DEFAULT_AGAIN), &to);
    Ok(())
}

/// Back to what served before the last change.
#[server(prefix = "/_fn", endpoint = "emails/undo_template")]
pub async fn undo_email_template(template: MailTemplate, seen: Tag) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "emails/undo_template").await?;
    let to = routes::email_template(template);
    let undone = ports.emails.undo_email_template(&who, template, &seen).await;
    undone.map_err(|error| flash::refused(error, &[], &to))?;
    flash::done(&Flash::success(text::UNDONE), &to);
    Ok(())
}

/// Who may tell what becomes of messages, with whether that is checked.
#[server(prefix = "/_fn", endpoint = "emails/providers", input = Json)]
pub async fn list_providers() -> Result<Vec<ProviderState>, AppError> {
    let (ports, who) = authorize(ManageSettings, "emails/providers").await?;
    Ok(ports.emails.list_providers(&who).await?)
}

/// Keeps the key by which a provider's requests are checked; none where it is empty.
#[server(prefix = "/_fn", endpoint = "emails/set_provider_key")]
pub async fn set_provider_key(
    provider: EmailProvider,
    #[server(default)] key: NewPassword,
) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageSettings, "emails/set_provider_key").await?;
    let done = if key.is_empty() {
        text::KEY_REMOVED
    } else {
        text::KEY_KEPT
    };
    let set = ports.emails.set_provider_key(&who, provider, key).await;
    set.map_err(|error| flash::refused(error, &[], routes::MAIL_SETTINGS))?;
    flash::done(&Flash::success(done), routes::MAIL_SETTINGS);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the server reads a form; see `server_fn::codec::PostUrl`.
    #[test]
    fn a_form_is_read_as_the_browser_sends_it() {
        let form = "seen=&form%5Bhost%5D=mail.example&form%5Bport%5D=465&form%5Bsecurity%5D=tls&form%5Busername%5D=\
                    &form%5Bpassword%5D=&form%5Bfrom_name%5D=North+desk&form%5Bfrom_address%5D=&form%5Breply_to%5D=";
        let read = serde_qs::Config::new(5, false).deserialize_str::<SetMailSettings>(form);
        let form = read.unwrap().form;
        assert_eq!((form.host.as_str(), form.port.as_str()), ("mail.example", "465"));
        assert_eq!(form.security, MailSecurity::Tls);
        assert_eq!(form.from_name, "North desk");
        assert!(form.password.is_empty());
    }
}
