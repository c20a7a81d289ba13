//! What is done to the helpdesk's master data. Each kind of thing has the same life.

use super::{
    Field, Row, V0_1_0,
    example::{OTHER_THING, THING, tell},
    people::NONE,
};
use crate::{
    event::{Action, Change, EventBody, NamedRef},
    log::LogKind,
    object::kinds::fields,
};

/// The events of a thing's life.
pub(super) struct Life {
    pub created: Row,
    pub updated: Row,
    pub deactivated: Row,
    pub reactivated: Row,
    pub merged: Row,
    pub deleted: Row,
}

/// The rows of a kind: its word, what one is called, a thing of the kind, and a property of it that changes.
macro_rules! life {
    (
        $name:ident = $word:literal, $title:literal, $in_sentence:literal, $log:expr, $category:literal, $fields:expr,
        $thing:literal, $property:literal: $before:literal to $after:literal
    ) => {
        pub(super) static $name: Life = Life {
            created: Row {
                log: $log,
                category: $category,
                sections: &[$title],
                action: Action::Create,
                meaning: concat!("The ", $in_sentence, " was made."),
                fields: $fields,
                since: V0_1_0,
                example: |body| {
                    tell(
                        body,
                        concat!("Created ", $in_sentence, " “", $thing, "”"),
                        $word,
                        THING,
                        $thing,
                    );
                    body.changes = vec![
                        Change::new("name", NONE, $thing),
                        Change::new("status", NONE, "active"),
                    ];
                    belongs(body);
                },
            },
            updated: Row {
                log: $log,
                category: $category,
                sections: &[$title],
                action: Action::Update,
                meaning: concat!("Properties of the ", $in_sentence, " were changed."),
                fields: $fields,
                since: V0_1_0,
                example: |body| {
                    let summary = concat!(
                        "Changed ",
                        $property,
                        " of ",
                        $in_sentence,
                        " “",
                        $thing,
                        "”"
                    );
                    tell(body, &summary.replace('_', " "), $word, THING, $thing);
                    body.changes = vec![Change::new($property, $before, $after)];
                    belongs(body);
                },
            },
            deactivated: Row {
                log: $log,
                category: $category,
                sections: &[$title],
                action: Action::Disable,
                meaning: concat!(
                    "The ",
                    $in_sentence,
                    " was taken out of use. It keeps its page and its history."
                ),
                fields: $fields,
                since: V0_1_0,
                example: |body| {
                    tell(
                        body,
                        concat!("Deactivated ", $in_sentence, " “", $thing, "”"),
                        $word,
                        THING,
                        $thing,
                    );
                    body.changes = vec![Change::new("status", "active", "deactivated")];
                    belongs(body);
                },
            },
            reactivated: Row {
                log: $log,
                category: $category,
                sections: &[$title],
                action: Action::Enable,
                meaning: concat!("The ", $in_sentence, " was taken into use again."),
                fields: $fields,
                since: V0_1_0,
                example: |body| {
                    tell(
                        body,
                        concat!("Reactivated ", $in_sentence, " “", $thing, "”"),
                        $word,
                        THING,
                        $thing,
                    );
                    body.changes = vec![Change::new("status", "deactivated", "active")];
                    belongs(body);
                },
            },
            merged: Row {
                log: $log,
                category: $category,
                sections: &[$title],
                action: Action::Merge,
                meaning: concat!(
                    "Another ",
                    $in_sentence,
                    " became part of this one. What referred to that refers to this, and it was deleted, each with a \
                     record of its own in the same request."
                ),
                fields: $fields,
                since: V0_1_0,
                example: |body| {
                    tell(
                        body,
                        concat!("Merged ", $in_sentence, " “", $thing, " (2)” into “", $thing, "”"),
                        $word,
                        THING,
                        $thing,
                    );
                    body.changes = vec![Change::new($property, NONE, $after)];
                    let other = serde_json::json!({"id": OTHER_THING, "name": concat!($thing, " (2)")});
                    body.metadata.insert("merged".to_owned(), other);
                    belongs(body);
                },
            },
            deleted: Row {
                log: $log,
                category: $category,
                sections: &[$title],
                action: Action::Delete,
                meaning: concat!(
                    "The ",
                    $in_sentence,
                    " was deleted. The record holds all it was at the end."
                ),
                fields: $fields,
                since: V0_1_0,
                example: |body| {
                    tell(
                        body,
                        concat!("Deleted ", $in_sentence, " “", $thing, "”"),
                        $word,
                        THING,
                        $thing,
                    );
                    body.changes = vec![
                        Change::new("name", $thing, NONE),
                        Change::new("status", "active", NONE),
                    ];
                    belongs(body);
                },
            },
        };
    };
}

/// A customer's record also stands in the log of the company and of the contact.
fn belongs(body: &mut EventBody) {
    let Some(target) = body.targets.first() else {
        return;
    };
    let of = NamedRef {
        id: target.id.clone(),
        name: target.name.clone(),
    };
    match target.kind.as_str() {
        "company" => body.company = Some(of),
        "contact" => body.contact = Some(of),
        _ => {}
    }
}

const CUSTOMERS: LogKind = LogKind::Customer;
const ADMIN: LogKind = LogKind::Activity;
const COMPANY_FIELDS: &[Field] = fields::COMPANY_FIELDS;

life!(COMPANY = "company", "Company", "company", CUSTOMERS, "Customers", COMPANY_FIELDS,
    "Harbor IT", "phone": "+44 20 7946 0100" to "+44 20 7946 0123");
life!(CONTACT = "contact", "Contact", "contact", CUSTOMERS, "Customers", fields::CONTACT_FIELDS,
    "Amina Diallo", "job_title": "Buyer" to "Head of purchasing");
life!(SERVICE_AGENT = "service_agent", "Service agent", "service agent", ADMIN, "Service agents", fields::SERVICE_AGENT_FIELDS,
    "Tomás Rey", "capacity": "6" to "8");
life!(BRAND = "brand", "Brand", "brand", ADMIN, "Brands", fields::BRAND_FIELDS,
    "Northdesk", "support_email": "help@northdesk.example" to "support@northdesk.example");
life!(BOARD = "board", "Board", "board", ADMIN, "Boards", fields::BOARD_FIELDS,
    "Dispatch", "priority": "normal" to "high");
life!(SERVICE_TYPE = "service_type", "Service type", "service type", ADMIN, "Service types", fields::SERVICE_TYPE_FIELDS,
    "On-site repair", "description": "Repairs at the customer's" to "Repairs at the customer's, within a day");
life!(SERVICE_GROUP = "service_group", "Service group", "service group", ADMIN, "Service groups", fields::SERVICE_GROUP_FIELDS,
    "Night shift", "description": "22:00 to 06:00" to "21:00 to 05:00");
life!(USER_GROUP = "user_group", "User group", "user group", ADMIN, "User groups", fields::USER_GROUP_FIELDS,
    "Head teachers", "description": "Schools" to "Schools and nurseries");
life!(MENU = "menu", "Menu", "menu", ADMIN, "Menus", fields::MENU_FIELDS,
    "Self-service", "audience": "customers" to "both");
life!(SEARCH = "search", "Search", "search", ADMIN, "Searches", fields::SEARCH_FIELDS,
    "Waiting for us", "query": "status:open" to "status:open -assignee:*");
life!(SHORTCUT = "shortcut", "Shortcut", "shortcut", ADMIN, "Shortcuts", fields::SHORTCUT_FIELDS,
    "Thanks", "keys": "/ty" to "/thanks");
life!(ACCESS_RULE = "access_rule", "Access rule", "access rule", ADMIN, "Access", fields::ACCESS_RULE_FIELDS,
    "Office only", "name": "Office" to "Office only");
life!(BUSINESS_RULE = "business_rule", "Business rule", "business rule", ADMIN, "Business rules", fields::BUSINESS_RULE_FIELDS,
    "VIP first", "conditions": "all of\n  vip is yes" to "all of\n  vip is yes\n  status is new");
life!(WEBHOOK_ENDPOINT = "webhook_endpoint", "Webhook endpoint", "webhook endpoint", ADMIN, "Webhooks", fields::WEBHOOK_ENDPOINT_FIELDS,
    "Data warehouse", "url": "https://dwh.example.com/in" to "https://dwh.example.com/daybook");
life!(INTEGRATION = "integration", "Integration", "integration", ADMIN, "Integrations", fields::INTEGRATION_FIELDS,
    "Log store", "index": "logs-daybook-default" to "logs-audit-default");
