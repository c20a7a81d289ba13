//! The kinds of things, and what there is to know of each.

use super::{kinds, property::Property};
use crate::{event::words, log::LogKind, permission::Permission};
use serde::{Deserialize, Serialize};

words! {
    /// A kind of thing, by the word that stands in records (`targets[].kind`).
    ObjectKind {
        Company = "company", "Company";
        Contact = "contact", "Contact";
        ServiceAgent = "service_agent", "Service agent";
        Brand = "brand", "Brand";
        Board = "board", "Board";
        ServiceType = "service_type", "Service type";
        ServiceGroup = "service_group", "Service group";
        UserGroup = "user_group", "User group";
        Menu = "menu", "Menu";
        Search = "search", "Search";
        Shortcut = "shortcut", "Shortcut";
        AccessRule = "access_rule", "Access rule";
        BusinessRule = "business_rule", "Business rule";
        WebhookEndpoint = "webhook_endpoint", "Webhook endpoint";
    }
}

/// What there is to know of a kind. Its title is the section of its records.
#[derive(Debug)]
pub struct KindSpec {
    pub kind: ObjectKind,
    /// What several are called as a rule; what they are called here is said by [`Naming`](crate::naming::Naming).
    pub(crate) plural: &'static str,
    /// Where its list is.
    pub path: &'static str,
    /// One sentence under the list's title.
    pub about: &'static str,
    /// In which log its records stand, and under which category.
    pub log: LogKind,
    pub category: &'static str,
    pub see: Permission,
    pub change: Permission,
    /// The property that tells two of them apart: no two have the same, in any case.
    pub unique: &'static str,
    /// In the order of the form. The first is the name.
    pub properties: &'static [Property],
    /// The properties in the list, after the name.
    pub columns: &'static [&'static str],
}

impl ObjectKind {
    pub fn spec(self) -> &'static KindSpec {
        // The table is in declaration order; a test holds it to that.
        kinds::SPECS[self as usize]
    }
}

impl KindSpec {
    pub fn property(&self, name: &str) -> Option<&'static Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// Those a list can be narrowed by.
    pub fn filters(&self) -> impl Iterator<Item = &'static Property> + use<> {
        self.properties.iter().filter(|property| property.is_filter())
    }
}
