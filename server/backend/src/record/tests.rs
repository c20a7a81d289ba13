//! What names an event is the catalogue. Where words are turned into a name (kind and verb) or still stand bare, the
//! sources are read.

use daybook_domain::{catalogue::OwnType, object::ObjectKind};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// What `Done` says where it isn't told better.
const PLAIN: [&str; 3] = ["created", "updated", "deleted"];

/// Every source file of the server, as path and text. The demo is left out: it plays other systems.
fn sources() -> Vec<(PathBuf, String)> {
    let backend = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![backend.join("src"), backend.join("../src")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("src/demo") && !path.ends_with("tests") {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}

/// The texts in quotes that come after `before` anywhere.
fn words_after(before: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for (_, text) in sources() {
        let after = text.split(before).skip(1);
        words.extend(after.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
    }
    words
}

#[test]
fn every_kind_and_verb_is_in_the_catalogue_and_the_other_way_round() {
    let mut kinds = words_after("fn kind(&self) -> &'static str {\n        \"");
    kinds.extend(ObjectKind::ALL.iter().map(|kind| kind.name().to_owned()));
    let verbs = words_after(".called(\"");
    assert!(
        kinds.contains("role") && verbs.contains("revoked"),
        "the sources are read"
    );
    for kind in &kinds {
        let known = |verb: &str| OwnType::of(kind, verb).is_some();
        assert!(
            PLAIN.iter().any(|verb| known(verb)) || verbs.iter().any(|verb| known(verb)),
            "{kind} has no event"
        );
    }
    for verb in &verbs {
        assert!(
            kinds.iter().any(|kind| OwnType::of(kind, verb).is_some()),
            "{verb} is no event of any kind"
        );
    }
    // What the catalogue has and no kind and verb make is named in the sources as it is in the code.
    for of in OwnType::ALL {
        let (kind, verb) = of.name().split_once('.').unwrap();
        let is_made = kinds.contains(kind) && (verbs.contains(verb) || PLAIN.contains(&verb));
        let named = format!("OwnType::{of:?}");
        let is_named = || {
            let bare = format!("\"{of}\"");
            sources()
                .iter()
                .any(|(_, text)| text.contains(&named) || text.contains(&bare))
        };
        assert!(is_made || is_named(), "nothing emits {of}");
    }
}
