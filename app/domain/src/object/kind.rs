//! The kinds of things, and what there is to know of each.

use super::{
    kinds,
    property::{Property, Shape, Values},
};
use crate::{event::words, integration::IntegrationType, log::LogKind, permission::Permission};
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
        Integration = "integration", "Integration";
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
    /// The property that says which variant one is: some properties are of some variants only.
    pub variant: Option<&'static str>,
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

    /// Which variant a thing is.
    pub fn variant_of<'v>(&self, values: &'v Values) -> Option<&'v str> {
        values.get(self.variant?)?.as_str()
    }

    /// The variants there are, each with its title; none where things of the kind are all alike.
    pub fn variants(&self) -> &'static [(&'static str, &'static str)] {
        let property = self.variant.and_then(|name| self.property(name));
        match property.map(|property| &property.shape) {
            Some(Shape::Choice(words)) => words,
            _ => &[],
        }
    }

    /// One sentence on a variant, for whoever chooses.
    pub fn about_variant(&self, variant: &str) -> Option<&'static str> {
        match self.kind {
            ObjectKind::Integration => IntegrationType::from_name(variant).map(IntegrationType::about),
            _ => None,
        }
    }

    /// The properties that many can be given together, whatever variant each is.
    pub fn shared(&self) -> impl Iterator<Item = &'static Property> + use<> {
        let (unique, variant) = (self.unique, self.variant);
        let shared = move |property: &&Property| property.is_shared(unique) && variant != Some(property.name);
        self.properties.iter().filter(shared)
    }

    /// The values of a thing without those that only other variants have.
    ///
    /// # Errors
    /// The property that it must have and doesn't.
    pub fn whole(&self, mut values: Values) -> Result<Values, &'static Property> {
        if self.variant.is_none() {
            return Ok(values);
        }
        let variant = self.variant_of(&values).map(str::to_owned);
        for property in self.properties {
            if !property.fits(variant.as_deref()) {
                values.remove(property.name);
            } else if property.required && !values.contains_key(property.name) {
                return Err(property);
            }
        }
        Ok(values)
    }

    /// Those a list can be narrowed by.
    pub fn filters(&self) -> impl Iterator<Item = &'static Property> + use<> {
        self.properties.iter().filter(|property| property.is_filter())
    }
}
