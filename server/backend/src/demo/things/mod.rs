//! The things that get changed: boards, rules, macros, webhooks, agents, companies … Each has a current state, so the
//! "before" of a change is the "after" of the one before it, and a deleted thing leaves with its full last state.

mod kinds;
mod sentence;
mod values;

pub use kinds::{Kind, KindName};
pub use sentence::{describe, lower};

use super::dice::{Dice, Purpose};
use daybook_domain::event::{Change, Target};
use kinds::kinds;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use values::{Pools, Values};

/// How many removed things are remembered.
const REMEMBERED: usize = 64;

/// What people add to a name to tell two things apart.
const QUALIFIERS: [&str; 10] = [
    "Toronto", "schools", "VIP", "Amman", "night", "pilot", "EU", "old", "partners", "Harbor",
];

#[derive(Debug)]
pub struct Thing {
    /// Position of its kind in [`Things::kinds`].
    pub kind: usize,
    pub id: String,
    pub name: String,
    /// One value for each of the kind's properties, in their order.
    state: Vec<Value>,
}

impl Thing {
    pub fn target(&self, kind: &Kind) -> Target {
        Target::new(kind.word, &self.id, &self.name)
    }
}

#[derive(Debug)]
pub struct Things {
    pub kinds: Vec<Kind>,
    all: Vec<Thing>,
    /// The living ones of each kind.
    living: Vec<Vec<usize>>,
    /// How many were ever made of each kind.
    made: Vec<usize>,
    /// Removed ones, the earliest first: their places are taken again, but not before it is too late to restore them.
    removed: VecDeque<usize>,
    /// Customers become things when they are first changed.
    customers: BTreeMap<String, usize>,
    pools: Pools,
}

impl Things {
    /// `staff` are the names that can be assigned to boards and groups.
    pub fn new(seed: u64, staff: Vec<String>) -> Self {
        let mut dice = Dice::new(seed, Purpose::Things);
        let mut kinds = kinds();
        // So that a kind's name is its position.
        kinds.sort_by_key(|kind| kind.name as usize);
        let mut things = Self {
            all: Vec::new(),
            living: vec![Vec::new(); kinds.len()],
            made: vec![0; kinds.len()],
            removed: VecDeque::new(),
            customers: BTreeMap::new(),
            pools: Pools { staff },
            kinds,
        };
        for kind in 0..things.kinds.len() {
            for _ in 0..things.kinds[kind].at_first {
                things.create(kind, &mut dice);
            }
        }
        things
    }

    pub fn living(&self, kind: usize) -> &[usize] {
        &self.living[kind]
    }

    pub fn get(&self, thing: usize) -> &Thing {
        &self.all[thing]
    }

    pub fn kind_of(&self, thing: usize) -> &Kind {
        &self.kinds[self.all[thing].kind]
    }

    /// The current value of a property.
    pub fn value(&self, thing: usize, property: &str) -> &Value {
        let names = &self.kind_of(thing).properties;
        names
            .iter()
            .position(|known| known.name == property)
            .and_then(|position| self.all[thing].state.get(position))
            .unwrap_or(&Value::Null)
    }

    /// Makes one that is called after the next name of its kind.
    pub fn create(&mut self, kind: usize, dice: &mut Dice) -> usize {
        let spec = &self.kinds[kind];
        let number = self.made[kind];
        let round = number / spec.names.len().max(1);
        let base = spec.names.get(number % spec.names.len().max(1)).copied();
        let base = base.unwrap_or(spec.section);
        let name = match round {
            0 => base.to_owned(),
            _ if round <= QUALIFIERS.len() => format!("{base} · {}", QUALIFIERS[round - 1]),
            _ => format!("{base} · {round}"),
        };
        let id = format!("{}-{}", spec.word.replace('_', "-"), number + 1);
        self.add(kind, id, name, dice)
    }

    /// Makes one with a name and id of its own: a person or a company.
    pub fn add(&mut self, kind: usize, id: String, name: String, dice: &mut Dice) -> usize {
        let state = self.kinds[kind]
            .properties
            .iter()
            .map(|property| property.values.first(&self.pools, dice))
            .collect();
        self.made[kind] += 1;
        let thing = Thing {
            kind,
            id,
            name,
            state,
        };
        let place = if self.removed.len() > REMEMBERED {
            self.removed.pop_front()
        } else {
            None
        };
        let place = place.unwrap_or(self.all.len());
        if let Some(old) = self.all.get_mut(place) {
            *old = thing;
        } else {
            self.all.push(thing);
        }
        self.living[kind].push(place);
        place
    }

    /// The thing behind a company or a contact.
    pub fn customer(&mut self, kind: KindName, id: &str, name: &str, dice: &mut Dice) -> usize {
        if let Some(thing) = self.customers.get(id) {
            return *thing;
        }
        let thing = self.add(kind as usize, id.to_owned(), name.to_owned(), dice);
        self.customers.insert(id.to_owned(), thing);
        thing
    }

    /// Takes a thing out of the living. Its id is never given again.
    pub fn remove(&mut self, thing: usize) {
        let kind = self.all[thing].kind;
        self.living[kind].retain(|other| *other != thing);
        if self.kinds[kind].comes_and_goes {
            self.removed.push_back(thing);
        }
    }

    /// Takes a person or company out that was only made to be described.
    pub fn forget(&mut self, thing: usize) {
        self.remove(thing);
        self.removed.push_back(thing);
    }

    /// Brings back what was taken out.
    pub fn revive(&mut self, thing: usize) {
        let kind = self.all[thing].kind;
        if !self.living[kind].contains(&thing) {
            self.removed.retain(|other| *other != thing);
            self.living[kind].push(thing);
        }
    }

    /// Changes so many properties, chosen by chance.
    pub fn update(&mut self, thing: usize, properties: usize, dice: &mut Dice) -> Vec<Change> {
        let all = self.kind_of(thing).properties.iter().enumerate();
        let open = all.filter(|(_, property)| !matches!(property.values, Values::Kept(_)));
        let open: Vec<usize> = open.map(|(position, _)| position).collect();
        dice.some(properties, open.len())
            .into_iter()
            .map(|chosen| self.change(thing, open[chosen], dice))
            .collect()
    }

    fn change(&mut self, thing: usize, property: usize, dice: &mut Dice) -> Change {
        let spec = &self.kinds[self.all[thing].kind].properties[property];
        if matches!(spec.values, Values::Secret) {
            return Change::secret(spec.name);
        }
        let state = &mut self.all[thing].state[property];
        let after = spec.values.next(state, &self.pools, dice);
        let before = std::mem::replace(state, after.clone());
        Change::new(spec.name, before, after)
    }

    /// Changes the property of this name to something else.
    pub fn change_named(&mut self, thing: usize, property: &str, dice: &mut Dice) -> Option<Change> {
        let properties = &self.kind_of(thing).properties;
        let position = properties.iter().position(|known| known.name == property)?;
        Some(self.change(thing, position, dice))
    }

    /// Gives one property this value.
    pub fn set(&mut self, thing: usize, property: &str, after: Value) -> Option<Change> {
        let properties = &self.kinds[self.all[thing].kind].properties;
        let position = properties.iter().position(|known| known.name == property)?;
        let before = std::mem::replace(&mut self.all[thing].state[position], after.clone());
        Some(Change::new(properties[position].name, before, after))
    }

    /// Its whole state, as it came to be.
    pub fn birth(&self, thing: usize) -> Vec<Change> {
        self.whole(thing, |name, value| Change::new(name, Value::Null, value))
    }

    /// Its whole last state, as it goes.
    pub fn end(&self, thing: usize) -> Vec<Change> {
        self.whole(thing, |name, value| Change::new(name, value, Value::Null))
    }

    fn whole(&self, thing: usize, change: impl Fn(&'static str, Value) -> Change) -> Vec<Change> {
        let named = change("Name", Value::from(self.all[thing].name.as_str()));
        let properties = &self.kind_of(thing).properties;
        let rest = properties
            .iter()
            .zip(&self.all[thing].state)
            .map(|(property, value)| match property.values {
                Values::Secret => Change::secret(property.name),
                _ => change(property.name, value.clone()),
            });
        std::iter::once(named).chain(rest).collect()
    }

    /// Calls a thing something else.
    pub fn rename(&mut self, thing: usize, dice: &mut Dice) -> Change {
        let name = &mut self.all[thing].name;
        let base = name.split(" · ").next().unwrap_or(name);
        let mut after = format!("{base} · {}", dice.pick(&QUALIFIERS));
        if after == *name {
            after.push_str(" 2");
        }
        let before = std::mem::replace(name, after.clone());
        Change::new("Name", before, after)
    }
}
