//! Server functions about past states of roles, users and settings.

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::{authorize, authorize_subject},
    flash::{self, Flash},
    past::text,
    routes,
};
#[cfg(feature = "ssr")]
use daybook_domain::{Error, permission::ViewAuditLogs};
use daybook_domain::{
    compare::Point,
    past::{PastState, Subject},
};
use leptos::{prelude::*, server_fn::codec::Json};

/// What something was at a moment, from its log.
#[server(prefix = "/_fn", endpoint = "past/show", input = Json)]
pub async fn show_past(subject: Subject, point: Point) -> Result<PastState, AppError> {
    let (ports, who) = authorize_subject(subject, "past/show").await?;
    let (_, reader) = authorize(ViewAuditLogs, "past/show").await?;
    Ok(ports.past_states.state_then(&who, &reader, point).await?)
}

/// Gives properties the values they had `at` a moment. `kind` and `id` are those of a [`Subject`]; `seen` is that of the
/// state that was shown.
#[server(prefix = "/_fn", endpoint = "past/restore")]
pub async fn restore_past(
    kind: String,
    #[server(default)] id: String,
    name: String,
    at: String,
    seen: String,
    #[server(default)] properties: Vec<String>,
) -> Result<(), AppError> {
    let subject = Subject::parse(&kind, &id).ok_or(Error::NotFound)?;
    let (ports, who) = authorize_subject(subject, "past/restore").await?;
    let (_, reader) = authorize(ViewAuditLogs, "past/restore").await?;
    let point = at
        .parse::<Point>()
        .map_err(|reason| Error::invalid("at", reason))?;
    let restored = if properties.is_empty() {
        Err(Error::invalid("properties", text::NONE_RESTORED))
    } else {
        let states = &ports.past_states;
        states
            .restore_state(&who, &reader, point, &seen, &properties)
            .await
    };
    let back = routes::past(&subject, Some(&point));
    restored.map_err(|error| flash::refused(error, &[], &back))?;
    flash::done(
        &Flash::success(text::restored(&name)),
        &routes::past(&subject, None),
    );
    Ok(())
}
