//! Where events are sent to.

use crate::{
    log::LogKind,
    object::{KindSpec, ObjectKind as K, Shape as S},
    permission::Permission,
};

properties! {
    WEBHOOK_ENDPOINT_PROPERTIES, WEBHOOK_ENDPOINT_FIELDS, "The endpoint, of kind `webhook_endpoint`.", [] {
        "name", "Name", S::Text(200), "The endpoint's name.", required();
        "external_id", "External id", S::Text(200), "Its id in the helpdesk or another system.";
        "url", "URL", S::Url, "Where events are sent to.", required(), hint("Such as https://example.com/daybook. It must be reachable from the internet.");
        "events", "Events", S::Query, "Which events are sent, in the query language; without it, all.", hint("As you would search for them: section:Role OR action:delete. Without anything, every event is sent.");
        "description", "Description", S::Lines(1000), "What the endpoint is for.";
    }
}

pub(super) static WEBHOOK_ENDPOINT: KindSpec = KindSpec {
    kind: K::WebhookEndpoint,
    plural: "Webhook endpoints",
    path: "/webhooks",
    about: "Addresses that are told of events as they happen, signed as Standard Webhooks.",
    log: LogKind::Activity,
    category: "Webhooks",
    see: Permission::WebhooksManage,
    change: Permission::WebhooksManage,
    unique: "name",
    variant: None,
    properties: WEBHOOK_ENDPOINT_PROPERTIES,
    columns: &["url", "events"],
};
