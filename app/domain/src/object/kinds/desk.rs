//! How the helpdesk is divided: brands, boards, services, groups, menus.

use crate::{
    log::LogKind,
    object::{KindSpec, ObjectKind as K, Shape as S},
    permission::Permission,
};

properties! {
    BRAND_PROPERTIES, BRAND_FIELDS, "The brand, of kind `brand`.", [] {
        "name", "Name", S::Text(200), "The brand's name.", required();
        "external_id", "External id", S::Text(200), "Its id in the helpdesk or another system.";
        "address", "Portal address", S::Url, "Where its customer portal is.";
        "colour", "Colour", S::Colour, "The colour of its customer portal.", hint("Such as #1f6f5c.");
        "logo", "Logo", S::Picture, "The picture at the top of its customer portal.", hint("A PNG, JPEG, WebP or SVG of at most 16 KB, as a data: address.");
        "support_email", "Support email", S::Email, "The address its customers write to.";
        "sender_name", "Sender", S::Text(200), "By which name mail of the brand is sent.";
        "sender_address", "Sender address", S::Sender, "From which address mail of the brand is sent.", hint("Without one, mail is from the address of the email settings. Your mail server has to allow it.");
        "languages", "Languages", S::Words, "The languages it answers in.", hint("Separated by commas, such as en, de.");
        "signature", "Signature", S::Lines(2000), "What stands under its messages.";
    }
}

pub(super) static BRAND: KindSpec = KindSpec {
    kind: K::Brand,
    plural: "Brands",
    path: "/admin/brands",
    about: "The public identities of your helpdesk.",
    log: LogKind::Activity,
    category: "Brands",
    see: Permission::SettingsManage,
    change: Permission::SettingsManage,
    unique: "name",
    variant: None,
    properties: BRAND_PROPERTIES,
    columns: &["address", "support_email"],
};

/// Of tickets, and what rules set and ask for.
pub(in crate::object) const PRIORITIES: &[(&str, &str)] = &[
    ("low", "Low"),
    ("normal", "Normal"),
    ("high", "High"),
    ("urgent", "Urgent"),
];

properties! {
    BOARD_PROPERTIES, BOARD_FIELDS, "The board, of kind `board`.", [] {
        "name", "Name", S::Text(200), "The board's name.", required();
        "external_id", "External id", S::Text(200), "Its id in the helpdesk or another system.";
        "description", "Description", S::Lines(1000), "What the board is for.";
        "brand", "Brand", S::One(K::Brand), "The brand whose tickets it holds.";
        "service_group", "Service group", S::One(K::ServiceGroup), "The group that works on it.";
        "priority", "Priority of new tickets", S::Choice(PRIORITIES), "The priority tickets begin with.";
        "statuses", "Statuses", S::Words, "The statuses of its tickets.", hint("Separated by commas.");
    }
}

pub(super) static BOARD: KindSpec = KindSpec {
    kind: K::Board,
    plural: "Boards",
    path: "/admin/boards",
    about: "The queues your tickets stand in.",
    log: LogKind::Activity,
    category: "Boards",
    see: Permission::SettingsManage,
    change: Permission::SettingsManage,
    unique: "name",
    variant: None,
    properties: BOARD_PROPERTIES,
    columns: &["brand", "service_group", "priority"],
};

properties! {
    SERVICE_TYPE_PROPERTIES, SERVICE_TYPE_FIELDS, "The service type, of kind `service_type`.", [] {
        "name", "Name", S::Text(200), "The service type's name.", required();
        "external_id", "External id", S::Text(200), "Its id in the helpdesk or another system.";
        "description", "Description", S::Lines(1000), "What the service is.";
        "board", "Board", S::One(K::Board), "The board its tickets go to.";
        "response_minutes", "First answer within", S::Number(0, 100_000), "Minutes within which a ticket is answered.", hint("Minutes.");
    }
}

pub(super) static SERVICE_TYPE: KindSpec = KindSpec {
    kind: K::ServiceType,
    plural: "Service types",
    path: "/admin/service-types",
    about: "What customers can ask for.",
    log: LogKind::Activity,
    category: "Service types",
    see: Permission::SettingsManage,
    change: Permission::SettingsManage,
    unique: "name",
    variant: None,
    properties: SERVICE_TYPE_PROPERTIES,
    columns: &["board", "response_minutes"],
};

properties! {
    SERVICE_GROUP_PROPERTIES, SERVICE_GROUP_FIELDS, "The service group, of kind `service_group`.", [] {
        "name", "Name", S::Text(200), "The service group's name.", required();
        "external_id", "External id", S::Text(200), "Its id in the helpdesk or another system.";
        "description", "Description", S::Lines(1000), "What the group does.";
        "lead", "Lead", S::One(K::ServiceAgent), "The service agent who leads it.";
    }
}

pub(super) static SERVICE_GROUP: KindSpec = KindSpec {
    kind: K::ServiceGroup,
    plural: "Service groups",
    path: "/admin/service-groups",
    about: "The groups your service agents work in.",
    log: LogKind::Activity,
    category: "Service groups",
    see: Permission::SettingsManage,
    change: Permission::SettingsManage,
    unique: "name",
    variant: None,
    properties: SERVICE_GROUP_PROPERTIES,
    columns: &["lead", "description"],
};

properties! {
    USER_GROUP_PROPERTIES, USER_GROUP_FIELDS, "The user group, of kind `user_group`.", [] {
        "name", "Name", S::Text(200), "The user group's name.", required();
        "external_id", "External id", S::Text(200), "Its id in the helpdesk or another system.";
        "description", "Description", S::Lines(1000), "Who belongs to the group.";
    }
}

pub(super) static USER_GROUP: KindSpec = KindSpec {
    kind: K::UserGroup,
    plural: "User groups",
    path: "/admin/user-groups",
    about: "The groups your customers' people belong to.",
    log: LogKind::Activity,
    category: "User groups",
    see: Permission::SettingsManage,
    change: Permission::SettingsManage,
    unique: "name",
    variant: None,
    properties: USER_GROUP_PROPERTIES,
    columns: &["description"],
};

const AUDIENCES: &[(&str, &str)] = &[
    ("customers", "Customer portal"),
    ("agents", "Agent portal"),
    ("both", "Both portals"),
];

properties! {
    MENU_PROPERTIES, MENU_FIELDS, "The menu, of kind `menu`.", [] {
        "name", "Name", S::Text(200), "The menu's name.", required();
        "external_id", "External id", S::Text(200), "Its id in the helpdesk or another system.";
        "audience", "Shown in", S::Choice(AUDIENCES), "The portals that show it.";
        "items", "Entries", S::Words, "The entries of the menu.", hint("Separated by commas.");
        "user_groups", "User groups", S::Many(K::UserGroup), "The groups that see it; without one, everybody.";
    }
}

pub(super) static MENU: KindSpec = KindSpec {
    kind: K::Menu,
    plural: "Menus",
    path: "/admin/menus",
    about: "What the portals offer in their menus.",
    log: LogKind::Activity,
    category: "Menus",
    see: Permission::SettingsManage,
    change: Permission::SettingsManage,
    unique: "name",
    variant: None,
    properties: MENU_PROPERTIES,
    columns: &["audience", "user_groups"],
};
