//! Every kind of thing with its properties. A new kind is a row in [`KindName`] and one in the
//! file of its theme.

mod lists;
mod people;
mod settings;
mod work;

use super::{sentence::lower, values::Values};

/// The kinds. A name is its kind's position among all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KindName {
    General,
    Notifications,
    Role,
    Board,
    ServiceType,
    ServiceGroup,
    BusinessRule,
    Search,
    Shortcut,
    Macro,
    Webhook,
    Integration,
    Menu,
    Template,
    UserGroup,
    Sla,
    ApiKey,
    Brand,
    Agent,
    Company,
    Contact,
}

#[derive(Debug)]
pub struct Property {
    pub name: &'static str,
    pub values: Values,
}

#[derive(Debug)]
pub struct Kind {
    pub name: KindName,
    /// The word in event types and targets.
    pub word: &'static str,
    pub section: &'static str,
    pub category: &'static str,
    pub names: &'static [&'static str],
    /// How many there are when the story begins.
    pub at_first: usize,
    /// How often it is changed, beside the others.
    pub churn: u64,
    /// Whether people delete some and make new ones.
    pub comes_and_goes: bool,
    pub properties: Vec<Property>,
}

impl Kind {
    /// A kind whose things come from elsewhere, such as the directory, and are changed there.
    fn new(
        name: KindName,
        word: &'static str,
        section: &'static str,
        category: &'static str,
        properties: &[(&'static str, Values)],
    ) -> Self {
        let property = |(name, values): &(&'static str, Values)| Property {
            name,
            values: *values,
        };
        Self {
            name,
            word,
            section,
            category,
            names: &[],
            at_first: 0,
            churn: 0,
            comes_and_goes: false,
            properties: properties.iter().map(property).collect(),
        }
    }

    /// There is one for each name.
    fn called_after(self, names: &'static [&'static str]) -> Self {
        Self {
            names,
            at_first: names.len(),
            ..self
        }
    }

    /// People make new ones and delete old ones; so many are there at first.
    fn comes_and_goes(self, at_first: usize) -> Self {
        Self {
            at_first,
            comes_and_goes: true,
            ..self
        }
    }

    /// How often one is changed, beside the other kinds.
    fn changed(self, churn: u64) -> Self {
        Self { churn, ..self }
    }

    /// The thing as a sentence names it.
    pub fn called(&self, name: &str) -> String {
        match self.word {
            "general_settings" => "the general settings".to_owned(),
            "notification_settings" => "the notification settings".to_owned(),
            "service_agent" | "company" | "contact" => name.to_owned(),
            _ => format!("{} “{name}”", lower(self.section)),
        }
    }
}

const fn number(from: i64, to: i64, step: i64) -> Values {
    Values::Number { from, to, step }
}

/// All kinds.
pub fn kinds() -> Vec<Kind> {
    let mut all = settings::kinds();
    all.extend(work::kinds());
    all.extend(people::kinds());
    all
}
