//! By what an identity provider finds a sign-in in its own log (R26): the ids, each with where to look for it.
//!
//! Daybook's own sign-ins have them under `metadata.provider`; those that others report have them where they put them.

use crate::ui::copy::CopyButton;
use daybook_domain::{event::EventBody, log::LogKind};
use leptos::prelude::*;
use serde_json::{Map, Value};

/// By which names an id comes, how it is called, and where it leads.
const KNOWN: &[(&[&str], &str, &str)] = &[
    (
        &["correlation_id"],
        "Correlation ID",
        "All requests of one sign-in share it. Entra ID: Sign-in logs, filter “Correlation ID”.",
    ),
    (
        &["request_id"],
        "Request ID",
        "One request at the provider. Entra ID: Sign-in logs, filter “Request ID”.",
    ),
    (
        &["tenant_id", "tid"],
        "Tenant",
        "The directory whose log it is in.",
    ),
    (
        &["object_id", "oid"],
        "Object ID",
        "The user in the directory. Entra ID: Users, search by it.",
    ),
    (
        &["sid", "session_id", "session_index"],
        "Session",
        "The session at the provider (sid). Okta: System Log, “External Session ID”. Keycloak: Sessions.",
    ),
    (
        &["jti"],
        "Token",
        "The token that the provider issued (jti). Entra ID: “Unique token identifier”.",
    ),
    (
        &["response_id"],
        "Response",
        "The answer that the provider signed (SAML).",
    ),
    (
        &["subject", "name_id"],
        "Subject",
        "Whom the provider means, as it calls them towards this application.",
    ),
];
/// What alone isn't worth a part of its own in what others report: it says who, and not which sign-in.
const WHO: &str = "Subject";
const REQUEST: &str = "How the provider, or what stands before it, named a request of this sign-in.";

#[derive(Debug, Clone, PartialEq, Eq)]
struct Id {
    title: String,
    value: String,
    meaning: &'static str,
}

/// The ids of a sign-in, in their order.
fn ids(body: &EventBody) -> Vec<Id> {
    if !matches!(body.log, LogKind::Access | LogKind::ContactAuthentication) {
        return Vec::new();
    }
    let own = body.metadata.get("provider").and_then(Value::as_object);
    let place = own.unwrap_or(&body.metadata);
    let mut found: Vec<Id> = KNOWN
        .iter()
        .filter_map(|(names, title, meaning)| {
            Some(Id {
                title: (*title).to_owned(),
                value: text(place, names)?,
                meaning,
            })
        })
        .collect();
    let requests = place.get("requests").and_then(Value::as_object);
    found.extend(requests.into_iter().flatten().filter_map(|(name, value)| {
        Some(Id {
            title: name.clone(),
            value: value.as_str()?.to_owned(),
            meaning: REQUEST,
        })
    }));
    if own.is_none() && found.iter().all(|id| id.title == WHO) {
        found.clear();
    }
    found
}

fn text(of: &Map<String, Value>, names: &[&str]) -> Option<String> {
    let found = names.iter().find_map(|name| of.get(*name)?.as_str());
    found.filter(|text| !text.is_empty()).map(str::to_owned)
}

#[component]
pub fn CrossReference(body: EventBody) -> impl IntoView {
    let ids = ids(&body);
    if ids.is_empty() {
        return ().into_any();
    }
    let items = ids.into_iter().map(|id| {
        let value = StoredValue::new(id.value.clone());
        view! {
            <div>
                <dt>{id.title}</dt>
                <dd>
                    <span class="mono">{id.value}</span>
                    " "
                    <CopyButton label="Copy" text=move || value.get_value()/>
                    <small class="sub">{id.meaning}</small>
                </dd>
            </div>
        }
    });
    view! {
        <section class="record__part">
            <h2 class="record__title">"At the identity provider"</h2>
            <dl class="facts facts--wide">{items.collect_view()}</dl>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use daybook_domain::{
        event::{Actor, ActorKind},
        time::Timestamp,
    };
    use serde_json::json;

    fn titles(log: LogKind, metadata: &Value) -> Vec<String> {
        let mut body = EventBody::new(
            "x",
            Actor::new(ActorKind::Contact),
            Timestamp::from_micros(0).unwrap(),
        );
        body.log = log;
        body.metadata = metadata.as_object().unwrap().clone();
        ids(&body).into_iter().map(|id| id.title).collect()
    }

    #[test]
    fn ids_are_found_where_daybook_and_others_put_them() {
        let own = json!({"provider": {"name": "Okta", "subject": "s", "sid": "1", "requests": {"x-okta-request-id": "r"}}});
        assert_eq!(
            titles(LogKind::Access, &own),
            ["Session", "Subject", "x-okta-request-id"]
        );
        let reported = json!({"provider": "Microsoft Entra ID", "tenant_id": "t", "correlation_id": "c", "object_id": "o"});
        assert_eq!(
            titles(LogKind::ContactAuthentication, &reported),
            ["Correlation ID", "Tenant", "Object ID"]
        );
        assert!(titles(LogKind::Activity, &reported).is_empty());
        assert_eq!(
            titles(LogKind::Access, &json!({"provider": {"subject": "s"}})),
            ["Subject"]
        );
        // Who it is, and nothing of which sign-in.
        assert!(titles(LogKind::Access, &json!({"subject": "s"})).is_empty());
        assert!(titles(LogKind::Access, &json!({"sid": "", "jti": 7})).is_empty());
    }
}
