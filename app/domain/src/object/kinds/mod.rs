//! The kinds, one file per part of the helpdesk. Here are only data.

use super::{KindSpec, ObjectKind};

/// The properties of a kind, and what the event catalogue says of them, so that the two can't differ.
macro_rules! properties {
    ($list:ident, $fields:ident, $target:literal, [$($also:expr),*] {
        $($name:literal, $title:literal, $shape:expr, $meaning:literal $(, $more:ident($($argument:expr)?))*;)+
    }) => {
        const $list: &[$crate::object::Property] = &[
            $($crate::object::Property::new($name, $title, $shape, $meaning)$(.$more($($argument)?))*),+
        ];
        pub(crate) const $fields: &[$crate::catalogue::Field] = &[
            $crate::catalogue::always("targets", $target),
            $($also,)*
            $($crate::catalogue::sometimes(concat!("changes.", $name), $meaning),)+
            $crate::catalogue::sometimes("changes.status", "`active` or `deactivated`."),
            $crate::catalogue::sometimes("metadata.part", "Where a change is too large for one record: which part of it this is, and of how many."),
            $crate::catalogue::sometimes("metadata.merged", "What became part of it: id and name."),
            $crate::catalogue::sometimes("metadata.merged_into", "What it became part of: id and name."),
        ];
    };
}

mod admin;
mod desk;
mod directory;
mod integrations;
mod rules;
mod webhooks;

pub(super) use desk::PRIORITIES;

pub(super) static SPECS: [&KindSpec; ObjectKind::ALL.len()] = [
    &directory::COMPANY,
    &directory::CONTACT,
    &directory::SERVICE_AGENT,
    &desk::BRAND,
    &desk::BOARD,
    &desk::SERVICE_TYPE,
    &desk::SERVICE_GROUP,
    &desk::USER_GROUP,
    &desk::MENU,
    &admin::SEARCH,
    &admin::SHORTCUT,
    &admin::ACCESS_RULE,
    &rules::BUSINESS_RULE,
    &webhooks::WEBHOOK_ENDPOINT,
    &integrations::INTEGRATION,
];

pub(crate) mod fields {
    //! What records of each kind carry.
    pub(crate) use super::admin::{ACCESS_RULE_FIELDS, SEARCH_FIELDS, SHORTCUT_FIELDS};
    pub(crate) use super::desk::{
        BOARD_FIELDS, BRAND_FIELDS, MENU_FIELDS, SERVICE_GROUP_FIELDS, SERVICE_TYPE_FIELDS, USER_GROUP_FIELDS,
    };
    pub(crate) use super::directory::{COMPANY_FIELDS, CONTACT_FIELDS, SERVICE_AGENT_FIELDS};
    pub(crate) use super::integrations::INTEGRATION_FIELDS;
    pub(crate) use super::rules::BUSINESS_RULE_FIELDS;
    pub(crate) use super::webhooks::WEBHOOK_ENDPOINT_FIELDS;
}
