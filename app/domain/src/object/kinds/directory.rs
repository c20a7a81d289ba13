//! Customers, and those who serve them.

use crate::{
    catalogue::sometimes,
    log::LogKind,
    object::{KindSpec, ObjectKind as K, Shape as S},
    permission::Permission,
    portal::SEES_COMPANY,
};

const CUSTOMERS: &str = "Customers";

/// What a contact may do in the customer portal.
const PORTAL: &[(&str, &str)] = &[
    ("tickets.create", "Open tickets"),
    ("tickets.view_company", "See all tickets of the company"),
    ("tickets.close", "Close tickets"),
    ("files.view", "See files"),
    ("files.upload", "Upload files"),
    ("invoices.view", "See invoices"),
    ("contacts.manage", "Manage the company's contacts"),
    (SEES_COMPANY, "See all records of the company"),
];

/// What a service agent may do in the agent portal.
const DESK: &[(&str, &str)] = &[
    ("tickets.assign", "Assign tickets"),
    ("tickets.delete", "Delete tickets"),
    ("tickets.merge", "Merge tickets"),
    ("contacts.edit", "Change contacts"),
    ("reports.view", "See reports"),
    ("shortcuts.share", "Share shortcuts"),
    ("chat.take_over", "Take over conversations"),
];

properties! {
    COMPANY_PROPERTIES, COMPANY_FIELDS, "The company, of kind `company`.",
    [sometimes("company", "The company.")] {
        "name", "Name", S::Text(200), "The company's name.", required();
        "external_id", "External id", S::Text(200), "Its id in the helpdesk or another system.", hint("The helpdesk's own id. Synchronisation finds the company by it.");
        "domains", "Domains", S::Words, "The domains of its email addresses.", hint("Separated by commas, such as harbor.example.");
        "phone", "Phone", S::Phone, "Its telephone number.";
        "website", "Website", S::Url, "The address of its website.";
        "brand", "Brand", S::One(K::Brand), "The brand under which it is served.";
        "account_manager", "Account manager", S::One(K::ServiceAgent), "The service agent who looks after it.";
        "portal", "Customer portal", S::Flag, "Whether its contacts may come into the customer portal.";
        "permissions", "Permissions", S::Choices(PORTAL), "What its contacts may do in the customer portal.";
        "boards", "Board access", S::Many(K::Board), "The boards its contacts see.";
        "menus", "Menus", S::Many(K::Menu), "The menus its contacts see.";
        "service_types", "Service types", S::Many(K::ServiceType), "The types of service it can ask for.";
        "service_groups", "Service groups", S::Many(K::ServiceGroup), "The groups of service agents who serve it.";
        "user_groups", "User groups", S::Many(K::UserGroup), "The groups it belongs to.";
        "tags", "Tags", S::Words, "Its tags.", hint("Separated by commas.");
        "notes", "Notes", S::Lines(5000), "What is noted of it.";
        "custom", "Custom properties", S::Custom, "What the workspace keeps of it beyond.", hint("One per line, such as Contract: 2026-118 or, for JSON, Floors:= [1, 2].");
    }
}

pub(super) static COMPANY: KindSpec = KindSpec {
    kind: K::Company,
    plural: "Companies",
    path: "/companies",
    about: "The organisations you serve, and everything that was changed about them.",
    log: LogKind::Customer,
    category: CUSTOMERS,
    see: Permission::DirectoryView,
    change: Permission::DirectoryManage,
    unique: "name",
    variant: None,
    properties: COMPANY_PROPERTIES,
    columns: &["brand", "account_manager", "phone", "tags"],
};

properties! {
    CONTACT_PROPERTIES, CONTACT_FIELDS, "The contact, of kind `contact`, and where they went to another company the one they left, of kind `company`.",
    [
        sometimes("company", "The company they belong to."),
        sometimes("contact", "The contact.")
    ] {
        "name", "Name", S::Text(200), "The contact's name.", required();
        "external_id", "External id", S::Text(200), "Their id in the helpdesk or another system.", hint("The helpdesk's own id. Synchronisation finds the contact by it.");
        "email", "Email", S::Email, "Their email address.", required();
        "company", "Company", S::One(K::Company), "The company they belong to.";
        "job_title", "Job title", S::Text(200), "What they do there.";
        "phone", "Phone", S::Phone, "Their telephone number.";
        "mobile", "Mobile", S::Phone, "Their mobile telephone number.";
        "vip", "VIP", S::Flag, "Whether they are served first.";
        "permissions", "Permissions", S::Choices(PORTAL), "What they may do in the customer portal.";
        "boards", "Board access", S::Many(K::Board), "The boards they see.";
        "menus", "Menus", S::Many(K::Menu), "The menus they see.";
        "service_types", "Service types", S::Many(K::ServiceType), "The types of service they can ask for.";
        "service_groups", "Service groups", S::Many(K::ServiceGroup), "The groups of service agents who serve them.";
        "user_groups", "User groups", S::Many(K::UserGroup), "The groups they belong to.";
        "tags", "Tags", S::Words, "Their tags.", hint("Separated by commas.");
        "notes", "Notes", S::Lines(5000), "What is noted of them.";
        "custom", "Custom properties", S::Custom, "What the workspace keeps of them beyond.", hint("One per line, such as Contract: 2026-118 or, for JSON, Floors:= [1, 2].");
    }
}

pub(super) static CONTACT: KindSpec = KindSpec {
    kind: K::Contact,
    plural: "Contacts",
    path: "/contacts",
    about: "The people at the companies you serve, and everything that was changed about them.",
    log: LogKind::Customer,
    category: CUSTOMERS,
    see: Permission::DirectoryView,
    change: Permission::DirectoryManage,
    unique: "email",
    variant: None,
    properties: CONTACT_PROPERTIES,
    columns: &["email", "company", "phone", "tags"],
};

properties! {
    SERVICE_AGENT_PROPERTIES, SERVICE_AGENT_FIELDS, "The service agent, of kind `service_agent`.", [] {
        "name", "Name", S::Text(200), "The service agent's name.", required();
        "external_id", "External id", S::Text(200), "Their id in the helpdesk or another system.", hint("The helpdesk's own id. Synchronisation finds the agent by it.");
        "email", "Email", S::Email, "Their email address.", required();
        "job_title", "Job title", S::Text(200), "What they do.";
        "phone", "Phone", S::Phone, "Their telephone number.";
        "capacity", "Capacity", S::Number(0, 1000), "How many conversations they may hold at once.", hint("Conversations at once.");
        "brands", "Brands", S::Many(K::Brand), "The brands they work for.";
        "permissions", "Permissions", S::Choices(DESK), "What they may do in the agent portal.";
        "boards", "Board access", S::Many(K::Board), "The boards they work on.";
        "menus", "Menus", S::Many(K::Menu), "The menus they see.";
        "service_types", "Service types", S::Many(K::ServiceType), "The types of service they give.";
        "service_groups", "Service groups", S::Many(K::ServiceGroup), "The groups they belong to.";
        "user_groups", "User groups", S::Many(K::UserGroup), "The groups of users they see.";
        "tags", "Tags", S::Words, "Their tags.", hint("Separated by commas.");
        "signature", "Signature", S::Lines(2000), "What stands under their messages.";
        "custom", "Custom properties", S::Custom, "What the workspace keeps of them beyond.", hint("One per line, such as Desk: 4.12 or, for JSON, Floors:= [1, 2].");
    }
}

pub(super) static SERVICE_AGENT: KindSpec = KindSpec {
    kind: K::ServiceAgent,
    plural: "Service agents",
    path: "/agents",
    about: "The people of your helpdesk, and everything that was changed about them.",
    log: LogKind::Activity,
    category: "Service agents",
    see: Permission::DirectoryView,
    change: Permission::DirectoryManage,
    unique: "email",
    variant: None,
    properties: SERVICE_AGENT_PROPERTIES,
    columns: &["email", "job_title", "service_groups", "boards"],
};
