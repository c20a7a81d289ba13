//! What is there when the story begins can be made, and is what the story tells of.

use super::LIFE;
use crate::demo::{DemoThings, things};
use daybook_domain::object::{ObjectKind as K, STATUS};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn everything_can_be_read_and_refers_to_what_is_there() {
    for seed in [1, 7, 2026] {
        let mut there: BTreeMap<K, BTreeSet<String>> = BTreeMap::new();
        let mut uniques = BTreeSet::new();
        for DemoThings { kind, typed } in things(seed) {
            let spec = kind.spec();
            let mut new = BTreeSet::new();
            for thing in &typed {
                let id = &thing["external_id"][0];
                let known = there.get(&kind).is_some_and(|there| there.contains(id));
                for (name, texts) in thing {
                    assert_ne!(name, STATUS);
                    let property = spec.property(name).unwrap();
                    if let Some(other) = property.refers_to() {
                        for text in texts {
                            assert!(there[&other].contains(text), "{kind:?} {id}: {name} {text}");
                        }
                    } else {
                        let read = property.read(texts);
                        assert!(read.is_ok(), "{kind:?} {id}: {name} {texts:?}: {read:?}");
                    }
                }
                let required = spec.properties.iter().filter(|property| property.required);
                for property in required.filter(|_| !known) {
                    let text = thing.get(property.name).and_then(|texts| texts.first());
                    assert!(
                        text.is_some_and(|text| !text.is_empty()),
                        "{kind:?} {id}: {}",
                        property.name
                    );
                }
                if !known {
                    let unique = thing[spec.unique][0].to_lowercase();
                    assert!(uniques.insert((kind, unique.clone())), "{kind:?} {unique}");
                }
                new.insert(id.clone());
            }
            there.entry(kind).or_default().extend(new);
        }
        assert_eq!(there[&K::Company].len(), 400);
        assert_eq!(there[&K::Contact].len(), 4_000);
    }
}

#[test]
fn the_story_tells_of_what_is_there() {
    let things: BTreeMap<_, BTreeSet<_>> = things(7)
        .into_iter()
        .map(|DemoThings { kind, typed }| {
            (
                kind.name(),
                typed
                    .into_iter()
                    .map(|thing| thing["external_id"][0].clone())
                    .collect(),
            )
        })
        .collect();
    for (kind, share) in [
        // There are few of these: by chance more or fewer of them are made and merged on the way.
        ("company", 85),
        ("contact", 90),
        ("service_agent", 95),
        ("board", 30),
    ] {
        let told = LIFE
            .iter()
            .flat_map(|event| &event.targets)
            .filter(|target| target.kind == kind);
        let told: Vec<_> = told.filter_map(|target| target.id.as_ref()).collect();
        let there = told.iter().filter(|id| things[kind].contains(**id)).count();
        assert!(
            !told.is_empty() && there * 100 >= told.len() * share,
            "{kind}: {there} of {}",
            told.len()
        );
    }
}
