use super::*;
use std::collections::BTreeSet;

#[test]
fn names_are_unique_and_well_formed() {
    let names: BTreeSet<_> = OwnType::names().into_iter().collect();
    assert_eq!(names.len(), OwnType::ALL.len());
    for name in names {
        let (kind, verb) = name.split_once('.').expect(name);
        for part in [kind, verb] {
            let fits = |c: char| c.is_ascii_lowercase() || c == '_';
            assert!(!part.is_empty() && part.chars().all(fits), "{name}");
        }
        assert_eq!(OwnType::of(kind, verb).map(OwnType::name), Some(name));
    }
    assert_eq!(OwnType::of("role", "painted"), None);
}

#[test]
fn every_row_says_what_there_is_to_know() {
    let version = |text: &str| -> Vec<u32> { text.split('.').map(|part| part.parse().unwrap()).collect() };
    for of in OwnType::ALL {
        let row = of.row();
        assert!(row.meaning.ends_with('.') && !row.category.is_empty(), "{of}");
        assert!(!row.sections.is_empty() && !of.title().ends_with('.'), "{of}");
        assert!(version(row.since) <= version(env!("CARGO_PKG_VERSION")), "{of}");
        let paths: BTreeSet<_> = row.fields.iter().map(|field| field.path).collect();
        assert_eq!(paths.len(), row.fields.len(), "{of}: a field is named twice");
        for field in row.fields {
            assert!(field.description.ends_with('.'), "{of}: {}", field.path);
        }
    }
}

#[test]
fn examples_are_records_with_the_fields_that_are_named() {
    let mut sequences = BTreeSet::new();
    for of in OwnType::ALL.iter().copied() {
        let event = of.example();
        assert_eq!(faults(&event.body), Vec::<String>::new());
        event.body.check_limits().unwrap();
        assert_eq!(
            (event.body.event_type.as_str(), event.body.source.as_str()),
            (of.name(), OWN_SOURCE)
        );
        assert!(event.body.summary.is_some(), "{of}");
        let named = of.row().fields;
        assert!(
            named.is_empty() || !carried(&event.body).is_empty(),
            "{of} shows none of its fields"
        );
        // What the API answers can be read back.
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event);
        assert!(sequences.insert(event.sequence));
        let properties: Vec<_> = event.body.changes.iter().map(|change| &change.property).collect();
        assert!(properties.is_sorted(), "{of}: as they are found by comparing");
    }
}

#[test]
fn what_differs_from_the_catalogue_is_found() {
    let mut body = OwnType::RoleUpdated.example().body;
    body.metadata.insert("mood".to_owned(), "good".into());
    body.targets.clear();
    body.action = Action::Other;
    assert_eq!(
        faults(&body),
        [
            "role.updated: other in log activity",
            "role.updated: metadata.mood isn't named",
            "role.updated: targets is missing",
        ]
    );
    let mut body = OwnType::UserPasswordChanged.example().body;
    body.changes[0].secret = false;
    assert_eq!(
        faults(&body),
        ["user.password_changed: changes.password and its secrecy"]
    );
    body.event_type = "user.sang".to_owned();
    assert_eq!(faults(&body), ["user.sang isn't in the catalogue"]);
}

fn seen(event_type: &str, count: u64) -> SeenType {
    SeenType {
        event_type: event_type.to_owned(),
        count,
        logs: vec![(LogKind::Activity, count)],
        own: OwnType::from_name(event_type).is_some(),
    }
}

#[test]
fn a_listing_is_grouped_counted_and_found_by_words() {
    let here = vec![
        seen("chat-opened", 9),
        seen("role.updated", 4),
        seen("chat-closed", 2),
    ];
    let all = Listing::new(here.clone(), "  ", Naming::default());
    assert_eq!((all.own(), all.of), (OwnType::ALL.len(), (OwnType::ALL.len(), 2)));
    let categories: BTreeSet<_> = all.groups.iter().map(|group| &group.category).collect();
    assert_eq!(categories.len(), all.groups.len());

    let role = Listing::new(here.clone(), "PERMISSIONS another role", Naming::default());
    let found: Vec<_> = role.groups.iter().flat_map(|group| &group.types).collect();
    let names: Vec<_> = found.iter().map(|entry| entry.event_type.as_str()).collect();
    assert_eq!(names, ["user.updated", "role.updated"]);
    assert_eq!(found[1].seen, Some(seen("role.updated", 4)));
    assert!(role.others.is_empty());

    let chats = Listing::new(here, "chat", Naming::default());
    assert_eq!(chats.others, [seen("chat-opened", 9), seen("chat-closed", 2)]);
    assert_eq!(
        Listing::new(Vec::new(), "no such thing", Naming::default()).own(),
        0
    );
}
