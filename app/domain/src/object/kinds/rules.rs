//! What the helpdesk does by itself (R15).

use super::PRIORITIES;
use crate::{
    log::LogKind,
    object::{KindSpec, ObjectKind as K, Shape as S, conditions::STATUSES},
    permission::Permission,
};

const TRIGGERS: &[(&str, &str)] = &[
    ("created", "When a conversation is opened"),
    ("updated", "When a conversation is changed"),
    ("answered", "When somebody answers"),
    ("hourly", "Every hour"),
];

properties! {
    BUSINESS_RULE_PROPERTIES, BUSINESS_RULE_FIELDS, "The business rule, of kind `business_rule`.", [] {
        "name", "Name", S::Text(200), "The business rule's name.", required();
        "external_id", "External id", S::Text(200), "Its id in the helpdesk or another system.";
        "description", "Description", S::Lines(1000), "What the rule is for.";
        "trigger", "Looked at", S::Choice(TRIGGERS), "When the rule is looked at.", required();
        "conditions", "Conditions", S::Conditions, "When the rule holds: an outline of conditions.", required();
        "set_status", "Sets the status to", S::Choice(STATUSES), "The status a conversation is given.";
        "set_priority", "Sets the priority to", S::Choice(PRIORITIES), "The priority a conversation is given.";
        "board", "Moves to the board", S::One(K::Board), "The board a conversation is moved to.";
        "assign_to", "Assigns to", S::One(K::ServiceAgent), "The service agent a conversation is given to.";
        "assign_group", "Assigns to the group", S::One(K::ServiceGroup), "The service group a conversation is given to.";
        "add_tags", "Adds the tags", S::Words, "The tags a conversation is given.", hint("Separated by commas.");
        "position", "Position", S::Number(1, 10_000), "Where it stands among the rules: lower ones come first.", hint("Lower numbers come first.");
        "runs_next", "Then runs", S::Many(K::BusinessRule), "The rules that are looked at after it.", acyclic();
    }
}

pub(super) static BUSINESS_RULE: KindSpec = KindSpec {
    kind: K::BusinessRule,
    plural: "Business rules",
    path: "/admin/business-rules",
    about: "What your helpdesk does by itself, when, and in which order.",
    log: LogKind::Activity,
    category: "Business rules",
    see: Permission::SettingsManage,
    change: Permission::SettingsManage,
    unique: "name",
    variant: None,
    properties: BUSINESS_RULE_PROPERTIES,
    columns: &["trigger", "position", "board"],
};
