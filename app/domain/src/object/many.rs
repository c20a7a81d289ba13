//! One change of many things.

use super::{ObjectQuery, Property, Shape};
use crate::{event::words, id::ObjectId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Things that are changed together.
pub const MAX_TOGETHER: usize = 500;

words! {
    /// How a property of many things is changed.
    ManyWay {
        Set = "set", "Set to";
        Add = "add", "Add";
        Remove = "remove", "Take away";
        Clear = "clear", "Empty";
    }
}

impl ManyWay {
    /// Those that make sense for a property.
    pub fn of(property: &Property) -> impl Iterator<Item = Self> + use<> {
        let (is_set, required) = (
            property.is_set() && property.shape != Shape::Custom,
            property.required,
        );
        Self::ALL.iter().copied().filter(move |way| match way {
            Self::Set => true,
            Self::Add | Self::Remove => is_set,
            Self::Clear => !required,
        })
    }
}

/// What is done to each of many things: by the name of the property, how it is changed and what was typed.
pub type ManyTyped = BTreeMap<String, (ManyWay, Vec<String>)>;

/// Which things.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ManyChoice {
    Some(Vec<ObjectId>),
    /// All that match.
    All(ObjectQuery),
}

/// Things that are to be changed together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// By name, at most [`MAX_TOGETHER`].
    pub things: Vec<(ObjectId, String)>,
    /// There are more that match.
    pub more: bool,
}

/// What became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManyDone {
    pub changed: u64,
    /// They were so already.
    pub same: u64,
    /// They aren't there any more.
    pub gone: u64,
}

impl Property {
    /// Whether many things may have the same: what tells one from another isn't changed together, nor what only some
    /// variants have.
    pub fn is_shared(&self, unique: &str) -> bool {
        self.name != "name" && self.name != "external_id" && self.name != unique && self.only.is_empty()
    }

    /// The value of a thing that has `before` once a set gains or loses `members`, both in their one form.
    pub fn with_members(&self, before: Option<&Value>, members: &Value, add: bool) -> Value {
        let texts = |value: Option<&Value>| -> BTreeSet<String> {
            let members = value.and_then(Value::as_array).into_iter().flatten();
            members
                .filter_map(|member| member.as_str().map(str::to_owned))
                .collect()
        };
        let (mut all, some) = (texts(before), texts(Some(members)));
        if add {
            all.extend(some);
        } else {
            all.retain(|member| !some.contains(member));
        }
        all.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::object::ObjectKind;
    use serde_json::json;

    #[test]
    fn a_set_gains_and_loses_members() {
        let tags = ObjectKind::Company.spec().property("tags").unwrap();
        let before = json!(["a", "c"]);
        assert_eq!(
            tags.with_members(Some(&before), &json!(["b", "c"]), true),
            json!(["a", "b", "c"])
        );
        assert_eq!(
            tags.with_members(Some(&before), &json!(["b", "c"]), false),
            json!(["a"])
        );
        assert_eq!(tags.with_members(None, &json!(["b"]), true), json!(["b"]));
    }
}
