use super::*;
use crate::catalogue::OwnType;
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

fn property(kind: ObjectKind, name: &str) -> &'static Property {
    kind.spec().property(name).unwrap()
}

#[test]
fn every_kind_has_its_own_row() {
    let mut paths = BTreeSet::new();
    for kind in ObjectKind::ALL.iter().copied() {
        let spec = kind.spec();
        assert_eq!(spec.kind, kind);
        assert!(paths.insert(spec.path), "{}", spec.path);
        assert_eq!(spec.properties[0].name, "name");
        assert!(spec.properties[0].required && spec.property(spec.unique).unwrap().required);
        let names: BTreeSet<_> = spec.properties.iter().map(|property| property.name).collect();
        assert_eq!(
            names.len(),
            spec.properties.len(),
            "{kind}: a property is there twice."
        );
        for reserved in ["status", "q", "sort", "cursor"] {
            assert!(
                !names.contains(reserved),
                "{kind}: {reserved} means something else"
            );
        }
        for column in spec.columns {
            assert!(names.contains(column), "{kind}: {column}");
        }
        for property in spec.properties {
            assert!(property.meaning.ends_with('.'), "{kind}: {}", property.name);
        }
    }
}

#[test]
fn every_kind_has_the_events_of_its_life() {
    for kind in ObjectKind::ALL {
        for verb in [
            "created",
            "updated",
            "deactivated",
            "reactivated",
            "merged",
            "deleted",
        ] {
            let of = OwnType::of(kind.name(), verb).unwrap_or_else(|| panic!("{kind}.{verb}"));
            let (row, spec) = (of.row(), kind.spec());
            assert_eq!((row.log, row.category), (spec.log, spec.category), "{of}");
            assert_eq!(row.sections, [kind.title()], "{of}");
        }
    }
}

#[test]
fn a_value_has_one_form_whichever_way_it_comes() {
    use ObjectKind::{AccessRule, Company, Contact, ServiceAgent};
    let read = |kind, name, typed: &[&str]| {
        let typed: Vec<_> = typed.iter().map(|text| (*text).to_owned()).collect();
        property(kind, name).read(&typed).unwrap()
    };
    assert_eq!(read(Company, "name", &["  Harbor IT "]), Some(json!("Harbor IT")));
    assert_eq!(read(Company, "phone", &[" "]), None);
    assert_eq!(
        read(Company, "tags", &["vip, schools", "schools,,"]),
        Some(json!(["schools", "vip"]))
    );
    assert_eq!(read(Company, "tags", &[""]), None);
    assert_eq!(
        read(Company, "permissions", &["", "tickets.create"]),
        Some(json!(["tickets.create"]))
    );
    assert_eq!(read(Contact, "vip", &["false", "true"]), Some(json!(true)));
    assert_eq!(read(Contact, "vip", &["false"]), None);
    assert_eq!(read(ServiceAgent, "capacity", &["12"]), Some(json!(12)));
    assert_eq!(
        read(AccessRule, "networks", &["2001:db8::/32 10.0.0.1"]),
        Some(json!(["10.0.0.1/32", "2001:db8::/32"]))
    );
    assert_eq!(
        read(
            Company,
            "custom",
            &["Contract: 2026-118\n\n Site : Lagos: harbour"]
        ),
        Some(json!({"Contract": "2026-118", "Site": "Lagos: harbour"}))
    );
    assert_eq!(read(Company, "notes", &["one\r\ntwo"]), Some(json!("one\ntwo")));
    let id = Uuid::from_u128(7).to_string();
    assert_eq!(read(Contact, "company", &[&id.to_uppercase()]), Some(json!(id)));
}

#[test]
fn what_does_not_fit_is_refused_with_a_reason() {
    use ObjectKind::{AccessRule, Board, Company, Contact, ServiceAgent};
    for (kind, name, typed, reason) in [
        (Company, "name", "", "This is required."),
        (Company, "name", "a\nb", "This has more than one line."),
        (
            Company,
            "name",
            "a\u{7}b",
            "This holds characters that can't be shown.",
        ),
        (
            Contact,
            "email",
            "mara",
            "This is not an email address such as mara@northdesk.example.",
        ),
        (
            Contact,
            "email",
            "mara@x y.example",
            "This is not an email address such as mara@northdesk.example.",
        ),
        (Company, "phone", "call me", "This is not a phone number."),
        (
            Company,
            "website",
            "javascript:alert(1)",
            "This is not an address that begins with https:// or http://.",
        ),
        (
            ServiceAgent,
            "capacity",
            "many",
            "This is not a whole number from 0 to 1000.",
        ),
        (
            ServiceAgent,
            "capacity",
            "-1",
            "This is not a whole number from 0 to 1000.",
        ),
        (
            Board,
            "priority",
            "huge",
            "“huge” is none of low, normal, high, urgent.",
        ),
        (
            AccessRule,
            "networks",
            "10.0.0.0/33",
            "“10.0.0.0/33” is no IP address or network, such as 203.0.113.0/24.",
        ),
        (Contact, "company", "Harbor", "“Harbor” is no id."),
        (
            Company,
            "custom",
            "Contract",
            "“Contract” has no colon between name and value.",
        ),
        (Company, "custom", "a: 1\na: 2", "“a” is there twice."),
        (Contact, "vip", "maybe", "This is neither true nor false."),
    ] {
        assert_eq!(
            property(kind, name).read(&[typed.to_owned()]),
            Err(reason.to_owned()),
            "{name}"
        );
    }
    let long = "x".repeat(201);
    assert_eq!(
        property(Company, "name").read(&[long]),
        Err("This is longer than 200 characters.".to_owned())
    );
    let right_to_left = ["مركز الدعم".to_owned()];
    assert!(property(Company, "name").read(&right_to_left).is_ok());
    assert!(property(Company, "name").check(&json!(7)).is_err());
    assert!(property(Company, "tags").check(&json!("vip")).is_err());
    let many: Vec<_> = (0..201).map(|n| n.to_string()).collect();
    assert!(property(Company, "tags").check(&json!(many)).is_err());
}

#[test]
fn unknown_parameters_are_left_alone_and_unreadable_ones_named() {
    let spec = ObjectKind::Contact.spec();
    let query = ObjectQuery::parse(
        spec,
        "?utm=1&phone=5&tags=vip&tags=vip&status=active&sort=-changed",
    )
    .unwrap();
    assert_eq!(query.to_query_string(), "?status=active&tags=vip&sort=-changed");
    assert_eq!(
        query.toggled("tags", "vip").to_query_string(),
        "?status=active&sort=-changed"
    );
    let problems = ObjectQuery::parse(spec, "status=gone&sort=age&cursor=x").unwrap_err();
    let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["status", "sort", "cursor"]);
}

fn any_query() -> impl Strategy<Value = ObjectQuery> {
    let cursor = (any::<bool>(), "\\PC{0,20}", any::<u128>())
        .prop_map(|(backwards, key, tie)| ObjectCursor { backwards, key, tie });
    let filters = prop::collection::btree_map(
        prop::sample::select(vec!["tags", "company", "boards"]),
        prop::collection::btree_set("[a-zé&= ]{1,6}[a-z]", 1..3),
        0..3,
    );
    let sort = (prop::sample::select(SortBy::ALL), any::<bool>());
    (
        prop::option::of("[a-z&]{1,9}"),
        filters,
        sort,
        prop::option::of(cursor),
    )
        .prop_map(|(q, filters, (by, descending), cursor)| ObjectQuery {
            q,
            filters: filters
                .into_iter()
                .map(|(name, values)| {
                    let values: BTreeSet<_> = values.iter().map(|value| value.trim().to_owned()).collect();
                    (name.to_owned(), values.into_iter().collect())
                })
                .collect(),
            sort: Sort { by, descending },
            cursor,
        })
}

proptest! {
    #[test]
    fn a_query_survives_its_address(query in any_query()) {
        let text = query.to_query_string();
        prop_assert_eq!(ObjectQuery::parse(ObjectKind::Contact.spec(), &text), Ok(query));
    }

    /// What has been read can be shown in a form and read again.
    #[test]
    fn a_value_survives_its_texts(typed in "[ -~é\n]{0,40}") {
        for kind in ObjectKind::ALL {
            for property in kind.spec().properties {
                if let Ok(Some(value)) = property.read(std::slice::from_ref(&typed)) {
                    prop_assert_eq!(property.check(&value), Ok(Some(value.clone())));
                    let again = property.read(&property.texts(Some(&value)));
                    prop_assert_eq!(again, Ok(Some(value)), "{}", property.name);
                }
            }
        }
    }
}
