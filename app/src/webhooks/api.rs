//! Server functions about webhooks.

#[cfg(feature = "ssr")]
use super::text;
use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::authorize,
    flash::{self, Flash},
    routes,
};
use daybook_domain::{
    id::{ObjectId, WebhookMessageId, WebhookSecretId},
    object::ObjectQuery,
    time::TimeBound,
    webhook::{EndpointHealth, MessageDetail, MessagePage, Signing},
};
#[cfg(feature = "ssr")]
use daybook_domain::{object::unreadable, permission::ManageWebhooks, webhook::MessageFilters};
use leptos::{prelude::*, server_fn::codec::Json};

#[server(prefix = "/_fn", endpoint = "webhooks/messages", input = Json)]
pub async fn list_messages(endpoint: ObjectId, query: ObjectQuery) -> Result<MessagePage, AppError> {
    let (ports, who) = authorize(ManageWebhooks, "webhooks/messages").await?;
    let query = query.checked(&MessageFilters).map_err(unreadable)?;
    Ok(ports.webhooks.list_messages(&who, endpoint, &query).await?)
}

#[server(prefix = "/_fn", endpoint = "webhooks/message", input = Json)]
pub async fn show_message(endpoint: ObjectId, id: WebhookMessageId) -> Result<MessageDetail, AppError> {
    let (ports, who) = authorize(ManageWebhooks, "webhooks/message").await?;
    Ok(ports.webhooks.message(&who, endpoint, id).await?)
}

#[server(prefix = "/_fn", endpoint = "webhooks/health", input = Json)]
pub async fn show_health(endpoint: ObjectId) -> Result<EndpointHealth, AppError> {
    let (ports, who) = authorize(ManageWebhooks, "webhooks/health").await?;
    Ok(ports.webhooks.endpoint_health(&who, endpoint).await?)
}

#[server(prefix = "/_fn", endpoint = "webhooks/signing", input = Json)]
pub async fn show_signing(endpoint: ObjectId) -> Result<Signing, AppError> {
    let (ports, who) = authorize(ManageWebhooks, "webhooks/signing").await?;
    Ok(ports.webhooks.signing(&who, endpoint).await?)
}

#[server(prefix = "/_fn", endpoint = "webhooks/recoverable", input = Json)]
pub async fn recoverable(endpoint: ObjectId, since: TimeBound) -> Result<u64, AppError> {
    let (ports, who) = authorize(ManageWebhooks, "webhooks/recoverable").await?;
    Ok(ports.webhooks.recoverable(&who, endpoint, since).await?)
}

#[server(prefix = "/_fn", endpoint = "webhooks/add_secret")]
pub async fn add_secret(endpoint: ObjectId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageWebhooks, "webhooks/add_secret").await?;
    let to = routes::signing(endpoint);
    let made = ports.webhooks.add_secret(&who, endpoint).await;
    let made = made.map_err(|error| flash::refused(error, &[], &to))?;
    flash::done(&Flash::success(text::SECRET_ADDED).with_secret(made.secret), &to);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "webhooks/remove_secret")]
pub async fn remove_secret(endpoint: ObjectId, secret: WebhookSecretId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageWebhooks, "webhooks/remove_secret").await?;
    let to = routes::signing(endpoint);
    let removed = ports.webhooks.remove_secret(&who, endpoint, secret).await;
    removed.map_err(|error| flash::refused(error, &[], &to))?;
    flash::done(&Flash::success(text::SECRET_REMOVED), &to);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "webhooks/set_header")]
pub async fn set_header(endpoint: ObjectId, name: String, value: String) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageWebhooks, "webhooks/set_header").await?;
    let to = routes::signing(endpoint);
    let set = ports.webhooks.set_header(&who, endpoint, &name, &value).await;
    // The value is a secret: it doesn't come back with a refusal.
    set.map_err(|error| flash::refused(error, &[("name", &name)], &to))?;
    flash::done(&Flash::success(text::HEADER_SET), &to);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "webhooks/remove_header")]
pub async fn remove_header(endpoint: ObjectId, name: String) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageWebhooks, "webhooks/remove_header").await?;
    let to = routes::signing(endpoint);
    let removed = ports.webhooks.remove_header(&who, endpoint, &name).await;
    removed.map_err(|error| flash::refused(error, &[], &to))?;
    flash::done(&Flash::success(text::HEADER_REMOVED), &to);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "webhooks/pause")]
pub async fn pause_endpoint(endpoint: ObjectId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageWebhooks, "webhooks/pause").await?;
    let to = routes::deliveries(endpoint, &ObjectQuery::default());
    let paused = ports.webhooks.pause_endpoint(&who, endpoint).await;
    paused.map_err(|error| flash::refused(error, &[], &to))?;
    flash::done(&Flash::success(text::PAUSED), &to);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "webhooks/resume")]
pub async fn resume_endpoint(endpoint: ObjectId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageWebhooks, "webhooks/resume").await?;
    let to = routes::deliveries(endpoint, &ObjectQuery::default());
    let resumed = ports.webhooks.resume_endpoint(&who, endpoint).await;
    resumed.map_err(|error| flash::refused(error, &[], &to))?;
    flash::done(&Flash::success(text::RESUMED), &to);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "webhooks/test")]
pub async fn send_test(endpoint: ObjectId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageWebhooks, "webhooks/test").await?;
    let sent = ports.webhooks.send_test(&who, endpoint).await;
    let back = routes::deliveries(endpoint, &ObjectQuery::default());
    let id = sent.map_err(|error| flash::refused(error, &[], &back))?;
    flash::done(
        &Flash::success(text::TESTED),
        &routes::webhook_message(endpoint, id),
    );
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "webhooks/resend")]
pub async fn resend_message(endpoint: ObjectId, id: WebhookMessageId) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageWebhooks, "webhooks/resend").await?;
    let to = routes::webhook_message(endpoint, id);
    let sent = ports.webhooks.resend_message(&who, endpoint, id).await;
    sent.map_err(|error| flash::refused(error, &[], &to))?;
    flash::done(&Flash::success(text::RESENT), &to);
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "webhooks/recover")]
pub async fn recover_messages(endpoint: ObjectId, since: TimeBound) -> Result<(), AppError> {
    let (ports, who) = authorize(ManageWebhooks, "webhooks/recover").await?;
    let to = routes::deliveries(endpoint, &ObjectQuery::default());
    let recovered = ports.webhooks.recover_messages(&who, endpoint, since).await;
    let count = recovered.map_err(|error| flash::refused(error, &[], &to))?;
    flash::done(&Flash::success(text::recovered(count)), &to);
    Ok(())
}
