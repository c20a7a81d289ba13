//! Other products that get the log as it grows.

use crate::{
    integration::{FORMATS, PAYLOADS, TRANSPORTS, TYPES},
    log::LogKind,
    object::{KindSpec, ObjectKind as K, Shape as S},
    permission::Permission,
};

properties! {
    INTEGRATION_PROPERTIES, INTEGRATION_FIELDS, "The integration, of kind `integration`.", [] {
        "name", "Name", S::Text(200), "The integration's name.", required();
        "external_id", "External id", S::Text(200), "Its id in the helpdesk or another system.";
        "type", "Type", S::Choice(TYPES), "Which product it is, or how it is spoken to.", required();
        "url", "URL", S::Url, "Where it is sent to.", required(), only(&["https", "splunk", "elasticsearch", "s3"]), hint("Such as https://logs.example.com. Ports other than 443, 8443, 80 and 8080, and machines that can't be reached from the internet, only within networks that the server's configuration names.");
        "format", "Format", S::Choice(FORMATS), "How an event is written.", required(), only(&["https"]);
        "host", "Host", S::Host, "The collector's name or address.", required(), only(&["syslog"]), hint("Such as logs.example.com.");
        "port", "Port", S::Number(1, 65535), "The collector's port.", required(), only(&["syslog"]), hint("By custom 6514 for TLS, 601 for TCP and 514 for UDP.");
        "transport", "Transport", S::Choice(TRANSPORTS), "How it is carried.", required(), only(&["syslog"]), hint("By UDP messages can be lost, and nobody is told.");
        "payload", "Payload", S::Choice(PAYLOADS), "How an event is written within a message.", required(), only(&["syslog"]);
        "index", "Index", S::Plain(200), "The index, or data stream, it is written to.", required(), only(&["elasticsearch"]), hint("Such as logs-daybook-default.");
        "splunk_index", "Index", S::Plain(200), "The index it is written to; without one, the token's own.", only(&["splunk"]);
        "bucket", "Bucket", S::Plain(63), "The bucket.", required(), only(&["s3"]);
        "region", "Region", S::Plain(50), "The region that requests are signed for; without one, us-east-1.", only(&["s3"]), hint("Such as eu-central-1.");
        "path_style", "Path style", S::Flag, "Whether the bucket stands in the path and not in the host's name.", only(&["s3"]);
        "access_key", "Access key id", S::Plain(128), "Under which key it is signed.", required(), only(&["s3"]);
        "folder", "Folder", S::Plain(100), "The folder, within the one that the server's configuration names for archives.", required(), only(&["folder"]);
        "events", "Events", S::Query, "Which events are sent, in the query language; without it, all.", hint("As you would search for them: section:Role OR action:delete. Without anything, every event is sent.");
        "description", "Description", S::Lines(1000), "What it is for.";
    }
}

pub(super) static INTEGRATION: KindSpec = KindSpec {
    kind: K::Integration,
    plural: "Integrations",
    path: "/integrations",
    about: "Other products that get the log as it grows: chats, log collectors and archives.",
    log: LogKind::Activity,
    category: "Integrations",
    see: Permission::IntegrationsManage,
    change: Permission::IntegrationsManage,
    unique: "name",
    variant: Some("type"),
    properties: INTEGRATION_PROPERTIES,
    columns: &["type", "events"],
};
