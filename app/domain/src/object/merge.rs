//! Two things that are one: what the one that stays has of each.

use super::{Names, Object, ObjectKind, ObjectStatus, Property, STATUS, Shape, Values};
use crate::{Error, Result, event::words, id::ObjectId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Things that may refer to the one that goes.
pub const MAX_REPOINTED: u64 = 5_000;

words! {
    /// Whose value of a property stays.
    Keep {
        This = "this", "This one's";
        Other = "other", "The other's";
        Both = "both", "Both";
    }
}

impl Keep {
    /// Those that make sense for a property.
    pub fn of(property: &Property) -> impl Iterator<Item = Self> + use<> {
        let joins = property.is_set() || matches!(property.shape, Shape::Lines(_));
        Self::ALL
            .iter()
            .copied()
            .filter(move |keep| *keep != Self::Both || joins)
    }

    /// What is kept unless somebody says otherwise: nothing of either gets lost where both can be kept, and otherwise what
    /// the one that stays has.
    pub fn usual(property: &Property, this: Option<&Value>, other: Option<&Value>) -> Self {
        match (this, other) {
            (None, Some(_)) => Self::Other,
            (Some(_), Some(_)) if Self::of(property).any(|keep| keep == Self::Both) => Self::Both,
            _ => Self::This,
        }
    }

    /// Whose status is kept unless somebody says otherwise: what is in use stays in use.
    pub fn usual_status(this: ObjectStatus, other: ObjectStatus) -> Self {
        match (this, other) {
            (ObjectStatus::Deactivated, ObjectStatus::Active) => Self::Other,
            _ => Self::This,
        }
    }
}

/// By the name of the property, [`STATUS`] among them; one that isn't there is kept as [`Keep::usual`] and
/// [`Keep::usual_status`] have it.
pub type Kept = BTreeMap<String, Keep>;

/// What is asked for: that one thing becomes part of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// The one that stays, and the version of it that whoever asks has seen.
    pub stays: (ObjectId, i32),
    /// The one that goes.
    pub goes: (ObjectId, i32),
    pub kept: Kept,
}

/// Two things before they are merged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    pub stays: Object,
    pub goes: Object,
    /// How many things of each kind refer to the one that goes: they will refer to the one that stays. Of the kinds that
    /// whoever asks may see.
    pub uses: Vec<(ObjectKind, u64)>,
    /// Whether things of other kinds refer to it, too: then the two can't be merged by whoever asks.
    pub hidden: bool,
}

impl Pair {
    /// The names of everything the two refer to.
    pub fn names(&self) -> Names {
        let mut names = self.goes.names.clone();
        names.extend(self.stays.names.clone());
        names
    }
}

/// One of the two, as it is.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    pub id: ObjectId,
    pub status: ObjectStatus,
    pub values: &'a Values,
}

/// What the one that stays is then: its status and its values.
///
/// # Errors
/// `Invalid{field}` with the name of a property that can't be kept so.
pub fn merged(kind: ObjectKind, stays: Side, goes: Side, kept: &Kept) -> Result<(ObjectStatus, Values)> {
    let properties = kind.spec().properties;
    let is_known = |name: &String| name == STATUS || kind.spec().property(name).is_some();
    if let Some(unknown) = kept.keys().find(|name| !is_known(name)) {
        return Err(Error::invalid(unknown.as_str(), "There is no such property."));
    }
    let keep = kept.get(STATUS).copied();
    let status = match keep.unwrap_or_else(|| Keep::usual_status(stays.status, goes.status)) {
        Keep::This => stays.status,
        Keep::Other => goes.status,
        Keep::Both => return Err(Error::invalid(STATUS, "Status: Only one of the two can be kept.")),
    };
    let (this, other) = (stays.values, goes.values);
    let mut values = Values::new();
    for property in properties {
        let name = property.name;
        let (this, other) = (this.get(name), other.get(name));
        let keep = kept.get(name).copied();
        let keep = keep.unwrap_or_else(|| Keep::usual(property, this, other));
        if !Keep::of(property).any(|fits| fits == keep) {
            return Err(unfit(property, "Only one of the two can be kept."));
        }
        let value = match keep {
            Keep::This => this.cloned(),
            Keep::Other => other.cloned(),
            Keep::Both => joined(this, other),
        };
        // A thing that referred to the other would refer to itself.
        let value = value.and_then(|value| without(property, value, [stays.id, goes.id]));
        let checked = property.check(value.as_ref().unwrap_or(&Value::Null));
        if let Some(value) = checked.map_err(|reason| unfit(property, &reason))? {
            values.insert(name.to_owned(), value);
        }
    }
    Ok((status, values))
}

/// The values of a thing that referred to the one that goes.
///
/// # Errors
/// `Invalid{field}` with the name of a property that can't be so.
pub fn repointed(kind: ObjectKind, values: &Values, goes: ObjectId, stays: ObjectId) -> Result<Values> {
    let to = Value::from(stays.to_string());
    let mut values = values.clone();
    for property in kind.spec().properties {
        let before = values.get(property.name);
        if !property.references(before).contains(&goes) {
            continue;
        }
        // An id may be written in several ways.
        let means_it = |member: &Value| member.as_str().and_then(|id| id.parse().ok()) == Some(goes);
        let after = match before {
            Some(Value::Array(members)) => {
                let to = |member: &Value| if means_it(member) { &to } else { member }.clone();
                members.iter().map(to).collect()
            }
            _ => to.clone(),
        };
        let checked = property.check(&after);
        if let Some(after) = checked.map_err(|reason| unfit(property, &reason))? {
            values.insert(property.name.to_owned(), after);
        }
    }
    Ok(values)
}

fn unfit(property: &Property, reason: &str) -> Error {
    Error::invalid(property.name, format!("{}: {reason}", property.title))
}

/// Both values: of custom properties of one name, this one's.
fn joined(this: Option<&Value>, other: Option<&Value>) -> Option<Value> {
    let (Some(this), Some(other)) = (this, other) else {
        return this.or(other).cloned();
    };
    Some(match (this, other) {
        (Value::Array(this), Value::Array(other)) => this.iter().chain(other).cloned().collect(),
        (Value::Object(this), Value::Object(other)) => {
            let both = other.iter().chain(this);
            Value::Object(
                both.map(|(name, value)| (name.clone(), value.clone()))
                    .collect::<Map<_, _>>(),
            )
        }
        (Value::String(this), Value::String(other)) if this != other => format!("{this}\n\n{other}").into(),
        _ => this.clone(),
    })
}

fn without(property: &Property, value: Value, gone: [ObjectId; 2]) -> Option<Value> {
    if property.refers_to().is_none() {
        return Some(value);
    }
    let is_gone = |value: &Value| {
        let id = value.as_str().and_then(|id| id.parse().ok());
        id.is_some_and(|id| gone.contains(&id))
    };
    match value {
        Value::Array(members) => Some(members.into_iter().filter(|member| !is_gone(member)).collect()),
        one => (!is_gone(&one)).then_some(one),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const STAYS: u128 = 1;
    const GOES: u128 = 2;

    fn id(number: u128) -> ObjectId {
        ObjectId(uuid::Uuid::from_u128(number))
    }

    fn values(of: &Value) -> Values {
        serde_json::from_value(of.clone()).unwrap()
    }

    fn merge(kind: ObjectKind, this: &Value, other: &Value, kept: &[(&str, Keep)]) -> Result<Values> {
        let kept = kept
            .iter()
            .map(|(name, keep)| ((*name).to_owned(), *keep))
            .collect();
        let (this, other) = (values(this), values(other));
        merged(kind, side(STAYS, &this), side(GOES, &other), &kept).map(|(_, values)| values)
    }

    fn side(number: u128, values: &Values) -> Side<'_> {
        Side {
            id: id(number),
            status: ObjectStatus::Active,
            values,
        }
    }

    #[test]
    fn what_is_in_use_stays_in_use() {
        use ObjectStatus::{Active, Deactivated};
        let values = values(&json!({"name": "A"}));
        let merge = |this, other, kept: &Kept| {
            let (this, other) = (
                Side {
                    status: this,
                    ..side(STAYS, &values)
                },
                Side {
                    status: other,
                    ..side(GOES, &values)
                },
            );
            merged(ObjectKind::Company, this, other, kept).map(|(status, _)| status)
        };
        let chosen = |keep| Kept::from([(STATUS.to_owned(), keep)]);
        for (this, other, kept, is) in [
            (Active, Active, Kept::new(), Active),
            (Active, Deactivated, Kept::new(), Active),
            (Deactivated, Active, Kept::new(), Active),
            (Deactivated, Deactivated, Kept::new(), Deactivated),
            (Deactivated, Active, chosen(Keep::This), Deactivated),
            (Active, Deactivated, chosen(Keep::Other), Deactivated),
        ] {
            assert_eq!(merge(this, other, &kept), Ok(is), "{this} {other}");
        }
        let both = merge(Active, Deactivated, &chosen(Keep::Both));
        assert!(
            matches!(&both, Err(Error::Invalid { field, .. }) if field == STATUS),
            "{both:?}"
        );
    }

    #[test]
    fn nothing_of_either_is_lost_where_both_can_be_kept() {
        let this = json!({"name": "Harbor IT", "phone": "+44 20 7946 0100", "tags": ["b"], "notes": "Here",
            "custom": {"Desk": "1", "Floor": "2"}});
        let other = json!({"name": "Harbour IT", "website": "https://harbor.example", "tags": ["a", "b"], "notes": "There",
            "custom": {"Desk": "9", "Room": "3"}});
        let all = json!({"name": "Harbor IT", "phone": "+44 20 7946 0100", "website": "https://harbor.example",
            "tags": ["a", "b"], "notes": "Here\n\nThere", "custom": {"Desk": "1", "Floor": "2", "Room": "3"}});
        assert_eq!(merge(ObjectKind::Company, &this, &other, &[]), Ok(values(&all)));
        let chosen = [
            ("name", Keep::Other),
            ("tags", Keep::This),
            ("phone", Keep::Other),
            ("notes", Keep::Other),
            ("custom", Keep::This),
        ];
        let as_chosen = json!({"name": "Harbour IT", "website": "https://harbor.example", "tags": ["b"], "notes": "There",
            "custom": {"Desk": "1", "Floor": "2"}});
        assert_eq!(
            merge(ObjectKind::Company, &this, &other, &chosen),
            Ok(values(&as_chosen))
        );
    }

    #[test]
    fn what_cannot_be_kept_so_is_told_with_its_property() {
        let (this, other) = (json!({"name": "A"}), json!({"name": "B"}));
        let field = |kept: &[(&str, Keep)]| match merge(ObjectKind::Board, &this, &other, kept) {
            Err(Error::Invalid { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(field(&[("name", Keep::Both)]), "name");
        assert_eq!(field(&[("nothing", Keep::This)]), "nothing");
        let long = "x".repeat(3000);
        let (this, other) = (
            json!({"name": "A", "notes": format!("{long}1")}),
            json!({"name": "B", "notes": format!("{long}2")}),
        );
        let told = merge(ObjectKind::Company, &this, &other, &[]);
        assert!(
            matches!(&told, Err(Error::Invalid { field, .. }) if field == "notes"),
            "{told:?}"
        );
    }

    #[test]
    fn one_that_referred_to_the_other_does_not_refer_to_itself() {
        let this = json!({"name": "A", "trigger": "created", "conditions": "vip is yes", "runs_next": [id(GOES), id(3)]});
        let other =
            json!({"name": "B", "trigger": "created", "conditions": "vip is yes", "runs_next": [id(STAYS)]});
        let merged = merge(ObjectKind::BusinessRule, &this, &other, &[]).unwrap();
        assert_eq!(merged["runs_next"], json!([id(3)]));
    }

    #[test]
    fn a_thing_refers_once_to_the_one_that_stays() {
        let was = values(&json!({"name": "Harbor IT", "boards": [id(STAYS), id(GOES), id(3)]}));
        let is = repointed(ObjectKind::Company, &was, id(GOES), id(STAYS)).unwrap();
        assert_eq!(is["boards"], json!([id(STAYS), id(3)]));
        let was = values(&json!({"name": "Mara", "email": "mara@harbor.example", "company": id(GOES)}));
        let is = repointed(ObjectKind::Contact, &was, id(GOES), id(STAYS)).unwrap();
        assert_eq!(is["company"], json!(id(STAYS)));
        let plain = id(GOES).0.simple().to_string();
        let was = values(&json!({"name": "Harbor IT", "boards": [plain, id(3)]}));
        let is = repointed(ObjectKind::Company, &was, id(GOES), id(STAYS)).unwrap();
        assert_eq!(is["boards"], json!([id(STAYS), id(3)]));
    }

    proptest! {
        /// Whatever is chosen, each value is one that the two had, or both.
        #[test]
        fn no_value_comes_from_nowhere(
            this in proptest::collection::btree_set("[a-d]", 0..4),
            other in proptest::collection::btree_set("[a-d]", 0..4),
            keep in proptest::sample::select(Keep::ALL),
        ) {
            let of = |tags: &std::collections::BTreeSet<String>| json!({"name": "A", "tags": tags});
            let merged = merge(ObjectKind::Company, &of(&this), &of(&other), &[("tags", keep)]).unwrap();
            let expected: Vec<_> = match keep {
                Keep::This => this.into_iter().collect(),
                Keep::Other => other.into_iter().collect(),
                Keep::Both => this.union(&other).cloned().collect(),
            };
            let tags = merged.get("tags").cloned().unwrap_or_else(|| json!([]));
            prop_assert_eq!(tags, json!(expected));
        }
    }
}
