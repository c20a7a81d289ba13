//! What the catalogue's page asks of the server.

use crate::error::AppError;
use daybook_domain::catalogue::Listing;
#[cfg(feature = "ssr")]
use daybook_domain::permission::ViewAuditLogs;
use leptos::prelude::*;

/// The types with all words of `q`, and how many records this workspace has of each.
#[server(prefix = "/_fn", endpoint = "event_types/list", input = server_fn::codec::Json)]
pub async fn list_event_types(q: String) -> Result<Listing, AppError> {
    let (ports, granted) = crate::context::authorize(ViewAuditLogs, "event_types/list").await?;
    let seen = ports.audit_logs.event_types(&granted).await?;
    Ok(Listing::new(seen, &q, granted.viewer().naming()))
}
