//! Things as the log compares them. What refers to another thing says its id and the name it has now: the record stays
//! readable when that is gone, and a mere change of its name is no change here.

use crate::record::{Done, Recorded};
use daybook_domain::{
    event::{EventBody, NamedRef, Target},
    id::ObjectId,
    object::{Names, ObjectKind, ObjectStatus, Shape, Values, custom, name_of},
};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// How a record tells of a change, where what differs would say too little.
#[derive(Debug, Clone)]
pub(super) struct Telling {
    /// In place of what differs: with a word of its own it is recorded even where nothing does.
    verb: Option<&'static str>,
    sentence: String,
    /// Another thing that had a part in it, by the name it has in the record's metadata.
    beside: Option<(&'static str, NamedRef)>,
}

impl Telling {
    pub(super) fn saying(sentence: impl Into<String>) -> Self {
        Self {
            verb: None,
            sentence: sentence.into(),
            beside: None,
        }
    }

    #[must_use]
    pub(super) fn called(mut self, past: &'static str) -> Self {
        self.verb = Some(past);
        self
    }

    #[must_use]
    pub(super) fn beside(mut self, name: &'static str, thing: NamedRef) -> Self {
        self.beside = Some((name, thing));
        self
    }

    pub(super) fn has_a_word(&self) -> bool {
        self.verb.is_some()
    }

    pub(super) fn onto<T>(self, done: &mut Done<'_, T>) {
        done.verb = self.verb.or(done.verb);
        done.summary = Some(self.sentence);
        if let Some((name, thing)) = self.beside {
            done.metadata.insert(name.to_owned(), json!(thing));
        }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct ObjectRecord {
    #[serde(skip)]
    kind: ObjectKind,
    #[serde(skip)]
    id: ObjectId,
    #[serde(skip)]
    name: String,
    /// Whose log it belongs to.
    #[serde(skip)]
    company: Option<NamedRef>,
    status: ObjectStatus,
    #[serde(flatten)]
    properties: Map<String, Value>,
}

impl ObjectRecord {
    /// `names` are those of all that `values` refer to.
    pub(super) fn new(
        kind: ObjectKind,
        id: ObjectId,
        status: ObjectStatus,
        values: &Values,
        names: &Names,
    ) -> Self {
        let reference = |text: &str| match text.parse::<ObjectId>() {
            Ok(id) => json!({"id": text, "name": names.get(&id)}),
            Err(_) => text.into(),
        };
        let mut properties = Map::new();
        for property in kind.spec().properties {
            let Some(value) = values.get(property.name) else {
                continue;
            };
            let value = match (property.refers_to(), property.shape, value) {
                (Some(_), _, Value::String(id)) => reference(id),
                (Some(_), _, Value::Array(ids)) => {
                    ids.iter().filter_map(Value::as_str).map(reference).collect()
                }
                (_, Shape::Custom, Value::Object(each)) => {
                    let each = each.iter();
                    properties.extend(each.map(|(name, value)| (custom::told_as(name), value.clone())));
                    continue;
                }
                _ => value.clone(),
            };
            properties.insert(property.name.to_owned(), value);
        }
        let company = kind.spec().property("company");
        let company = company.and_then(|property| property.references(values.get("company")).pop());
        Self {
            kind,
            id,
            name: name_of(values).to_owned(),
            company: company.map(|id| NamedRef {
                id: Some(id.to_string()),
                name: names.get(&id).cloned(),
            }),
            status,
            properties,
        }
    }

    fn named(&self) -> NamedRef {
        NamedRef::new(self.id.to_string(), &self.name)
    }
}

impl Recorded for ObjectRecord {
    fn kind(&self) -> &'static str {
        self.kind.name()
    }

    fn id(&self) -> String {
        self.id.to_string()
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn place(&self, body: &mut EventBody) {
        match self.kind {
            ObjectKind::Company => body.company = Some(self.named()),
            ObjectKind::Contact => {
                body.contact = Some(self.named());
                body.company.clone_from(&self.company);
            }
            _ => {}
        }
    }

    /// A contact that moves stands in the logs of both companies.
    fn leaves(&self, after: &Self) -> Option<Target> {
        let id = |of: &Self| of.company.as_ref().and_then(|company| company.id.clone());
        let company = self
            .company
            .as_ref()
            .filter(|_| self.kind == ObjectKind::Contact)?;
        (id(self) != id(after)).then(|| Target {
            kind: ObjectKind::Company.name().to_owned(),
            id: company.id.clone(),
            name: company.name.clone(),
        })
    }
}
