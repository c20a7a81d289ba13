//! What service agents work with: searches, shortcuts, and from where they may (R15).

use crate::{
    log::LogKind,
    object::{KindSpec, ObjectKind as K, Shape as S},
    permission::Permission,
};

properties! {
    SEARCH_PROPERTIES, SEARCH_FIELDS, "The search, of kind `search`.", [] {
        "name", "Name", S::Text(200), "The search's name.", required();
        "external_id", "External id", S::Text(200), "Its id in the helpdesk or another system.";
        "query", "Query", S::Lines(2000), "What is searched for.", required();
        "boards", "Boards", S::Many(K::Board), "The boards that are searched; without one, all.";
        "service_groups", "Shared with", S::Many(K::ServiceGroup), "The groups that see it; without one, everybody.";
    }
}

pub(super) static SEARCH: KindSpec = KindSpec {
    kind: K::Search,
    plural: "Searches",
    path: "/admin/searches",
    about: "Searches that service agents share.",
    log: LogKind::Activity,
    category: "Searches",
    see: Permission::SettingsManage,
    change: Permission::SettingsManage,
    unique: "name",
    variant: None,
    properties: SEARCH_PROPERTIES,
    columns: &["query", "service_groups"],
};

properties! {
    SHORTCUT_PROPERTIES, SHORTCUT_FIELDS, "The shortcut, of kind `shortcut`.", [] {
        "name", "Name", S::Text(200), "The shortcut's name.", required();
        "external_id", "External id", S::Text(200), "Its id in the helpdesk or another system.";
        "keys", "Typed as", S::Text(40), "What an agent types to have it.", hint("Such as /thanks.");
        "text", "Text", S::Lines(5000), "What is written in its place.", required();
        "service_groups", "Shared with", S::Many(K::ServiceGroup), "The groups that have it; without one, everybody.";
    }
}

pub(super) static SHORTCUT: KindSpec = KindSpec {
    kind: K::Shortcut,
    plural: "Shortcuts",
    path: "/admin/shortcuts",
    about: "Texts that service agents write often.",
    log: LogKind::Activity,
    category: "Shortcuts",
    see: Permission::SettingsManage,
    change: Permission::SettingsManage,
    unique: "name",
    variant: None,
    properties: SHORTCUT_PROPERTIES,
    columns: &["keys", "service_groups"],
};

const PORTALS: &[(&str, &str)] = &[
    ("admin", "Admin Center"),
    ("agent", "Agent portal"),
    ("customer", "Customer portal"),
    ("api", "API"),
];

properties! {
    ACCESS_RULE_PROPERTIES, ACCESS_RULE_FIELDS, "The access rule, of kind `access_rule`.", [] {
        "name", "Name", S::Text(200), "The access rule's name.", required();
        "external_id", "External id", S::Text(200), "Its id in the helpdesk or another system.";
        "portals", "Portals", S::Choices(PORTALS), "Where the rule holds.";
        "networks", "Networks", S::Networks, "The networks from which people may sign in.", hint("Separated by commas, such as 203.0.113.0/24.");
        "two_factor", "Second factor required", S::Flag, "Whether a second factor is asked for.";
        "user_groups", "User groups", S::Many(K::UserGroup), "For whom the rule holds; without one, for everybody.";
    }
}

pub(super) static ACCESS_RULE: KindSpec = KindSpec {
    kind: K::AccessRule,
    plural: "Access rules",
    path: "/admin/access",
    about: "From where, and with what, people may sign in to the helpdesk's portals.",
    log: LogKind::Activity,
    category: "Access",
    see: Permission::SettingsManage,
    change: Permission::SettingsManage,
    unique: "name",
    variant: None,
    properties: ACCESS_RULE_PROPERTIES,
    columns: &["portals", "networks", "two_factor"],
};
