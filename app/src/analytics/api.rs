//! What the pages ask of the server.

#[cfg(feature = "ssr")]
use crate::context::{authorize, authorize_kind};
use crate::error::AppError;
use daybook_domain::{
    analytics::{Usage, UsageQuery},
    id::ObjectId,
    object::ObjectKind,
};
#[cfg(feature = "ssr")]
use daybook_domain::{object::See, permission::ViewAnalytics};
use leptos::{prelude::*, server_fn::codec::Json};

#[server(prefix = "/_fn", endpoint = "analytics/usage", input = Json)]
pub async fn show_usage(query: UsageQuery) -> Result<Usage, AppError> {
    let (ports, who) = authorize(ViewAnalytics, "analytics/usage").await?;
    Ok(ports.analytics.usage(&who, &query).await?)
}

/// The same of one company or contact.
#[server(prefix = "/_fn", endpoint = "analytics/usage_of", input = Json)]
pub async fn show_usage_of(kind: ObjectKind, id: ObjectId, query: UsageQuery) -> Result<Usage, AppError> {
    let (_, thing) = authorize_kind(kind, See, "analytics/usage_of").await?;
    let (ports, who) = authorize(ViewAnalytics, "analytics/usage_of").await?;
    Ok(ports.analytics.usage_of(&who, &thing, id, &query).await?)
}
