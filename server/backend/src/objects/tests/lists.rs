//! Lists are what a look at every thing says they are.

use super::Desk;
use crate::testing::{
    TestDb, on_each_database,
    plans::{plan, watched},
};
use daybook_domain::{
    facet::Count,
    object::{Object, ObjectKind as K, ObjectPage, ObjectQuery, PAGE, SortBy},
    ports::Objects as _,
    search::words,
};
use daybook_migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::collections::BTreeMap;

const TAGS: [&str; 4] = ["vip", "schools", "trial", "fr"];
const NAMES: [&str; 6] = ["Harbor", "Hafen", "Nord", "École", "مركز", "harbor"];
/// More than one page.
const THINGS: usize = 130;

impl Desk {
    async fn page(&self, query: &ObjectQuery) -> ObjectPage {
        self.objects
            .list_objects(&self.may_see(K::Company), query)
            .await
            .unwrap()
    }

    async fn contacts(&self, query: &ObjectQuery) -> ObjectPage {
        let may_see = self.may_see(K::Contact);
        self.objects.list_objects(&may_see, query).await.unwrap()
    }

    /// All pages there are, forwards and then back again.
    async fn all_pages(&self, query: &ObjectQuery) -> Vec<String> {
        let mut pages = vec![self.page(query).await];
        while let Some(after) = pages.last().and_then(|page| page.after.clone()) {
            pages.push(self.page(&query.at(Some(after))).await);
        }
        let mut back = pages.last().and_then(|page| page.before.clone());
        let mut at = pages.len() - 1;
        while let Some(before) = back {
            at -= 1;
            let page = self.page(&query.at(Some(before))).await;
            assert_eq!(page.rows, pages[at].rows, "back to page {at} of {query:?}");
            back = page.before;
        }
        assert_eq!(at, 0, "the way back leads to the first page");
        let names = pages
            .iter()
            .flat_map(|page| page.rows.iter().map(|row| row.name.clone()));
        names.collect()
    }
}

/// Whether the thing is one of the list's, looked at by itself.
fn belongs(thing: &Object, query: &ObjectQuery) -> bool {
    let kind = thing.kind.spec();
    let has = |property: &str, wanted: &str| match kind.property(property) {
        Some(known) => known
            .texts(thing.values.get(property))
            .iter()
            .any(|text| text == wanted),
        None => thing.status.name() == wanted,
    };
    let filtered =
        |(property, values): (&String, &Vec<String>)| values.iter().any(|value| has(property, value));
    let searched = ["name", "phone", "external_id", "website", "domains", "tags"];
    let texts = searched.iter().filter_map(|name| kind.property(name));
    let texts: Vec<_> = texts
        .flat_map(|property| property.texts(thing.values.get(property.name)))
        .collect();
    let found = |word: String| {
        texts
            .iter()
            .any(|text| words(text).any(|other| other.starts_with(&word)))
    };
    query.filters.iter().all(filtered) && query.q.iter().flat_map(|q| words(q)).all(found)
}

#[tokio::test]
async fn a_list_is_what_a_look_at_everything_says() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let boards = [
            desk.create(K::Board, &[("name", "Dispatch")])
                .await
                .id
                .to_string(),
            desk.create(K::Board, &[("name", "Repairs")]).await.id.to_string(),
        ];
        let mut things = Vec::new();
        for number in 0..THINGS {
            let name = format!("{} {number}", NAMES[number % NAMES.len()]);
            let mut values = vec![("name", name.as_str())];
            values.extend(
                TAGS.iter()
                    .enumerate()
                    .filter(|(at, _)| number % (at + 2) == 0)
                    .map(|(_, tag)| ("tags", *tag)),
            );
            values.extend(
                boards
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| number % (at * 40 + 3) == 0)
                    .map(|(_, id)| ("boards", id.as_str())),
            );
            let thing = desk.create(K::Company, &values).await;
            let thing = if number % 11 == 0 {
                desk.objects
                    .deactivate_object(&desk.may_change(K::Company), thing.id)
                    .await
                    .unwrap()
            } else {
                thing
            };
            things.push(thing);
        }
        for query in [
            "",
            "sort=-name",
            "sort=created",
            "sort=-changed",
            "tags=vip",
            "tags=vip&tags=fr&sort=-created",
            "tags=vip&sort=created",
            "tags=vip&sort=changed",
            "tags=schools&sort=-changed",
            "tags=vip&tags=schools&status=deactivated",
            "status=active",
            "q=har",
            "q=hafen+1",
            "q=%C3%A9co&tags=trial",
            "q=nothing",
            "tags=gone",
            &format!("boards={}", boards[0]),
            &format!("boards={}&tags=schools&q=no", boards[1]),
        ] {
            let query = ObjectQuery::parse(K::Company.spec(), query).unwrap();
            let expected: Vec<_> = things.iter().filter(|thing| belongs(thing, &query)).collect();
            let found = desk.all_pages(&query).await;
            let page = desk.page(&query).await;
            assert_eq!(page.total, Count::Exactly(expected.len() as u64), "{query:?}");
            assert!(page.rows.len() <= PAGE);
            // All were changed at one moment: they stand in the order in which they were made.
            let mut in_order: Vec<_> = expected.iter().map(|thing| thing.name().to_owned()).collect();
            if query.sort.by == SortBy::Name {
                in_order.sort_by_key(|name| name.to_lowercase());
            }
            if query.sort.descending {
                in_order.reverse();
            }
            assert_eq!(found, in_order, "{query:?}");
            // Each filter's counts are those of the list as the others narrow it.
            for facet in &page.facets {
                let mut others = query.clone();
                others.filters.remove(&facet.property);
                let mut counts: BTreeMap<String, u64> = BTreeMap::new();
                for thing in things.iter().filter(|thing| belongs(thing, &others)) {
                    let texts = match K::Company.spec().property(&facet.property) {
                        Some(property) => property.texts(thing.values.get(&facet.property)),
                        None => vec![thing.status.name().to_owned()],
                    };
                    for text in texts {
                        *counts.entry(text).or_default() += 1;
                    }
                }
                let told: BTreeMap<_, _> = facet
                    .values
                    .iter()
                    .filter(|value| value.count > 0)
                    .map(|value| (value.value.clone(), value.count))
                    .collect();
                assert_eq!(told, counts, "{} of {query:?}", facet.property);
                assert!(facet.exact);
            }
        }
    })
    .await;
}

/// What matches may lie anywhere in the order: it is walked, walked on, given up, or not walked at all.
#[tokio::test]
async fn long_lists_are_in_order_wherever_what_matches_lies() {
    const ALL: usize = 1200;
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let tagged = |tag: &str, number: usize| match tag {
            "late" => number >= ALL - 260,
            "nearly-all" => number >= 300,
            "third" => number.is_multiple_of(3),
            _ => number % 100 == 7,
        };
        let tags = ["late", "nearly-all", "third", "rare"];
        let lines = (0..ALL).map(|number| {
            let these: Vec<_> = tags.into_iter().filter(|tag| tagged(tag, number)).collect();
            format!("Company {number:04},\"{}\"\n", these.join(","))
        });
        let file = format!("Name,Tags\n{}", lines.collect::<String>());
        let id = desk.upload(K::Company, file).await.unwrap();
        let settings = desk.import(K::Company, id).await.settings;
        desk.check(K::Company, id, settings).await;
        assert_eq!(desk.run(K::Company, id).await.counts.created, ALL as u64);
        for (query, belongs) in [
            (
                "tags=late",
                Box::new(|number| tagged("late", number)) as Box<dyn Fn(usize) -> bool>,
            ),
            ("tags=nearly-all", Box::new(|number| tagged("nearly-all", number))),
            ("tags=third&q=comp", Box::new(|number| tagged("third", number))),
            (
                "tags=rare&tags=third",
                Box::new(|number| tagged("rare", number) || tagged("third", number)),
            ),
            ("tags=late&q=11", Box::new(|number| (1100..ALL).contains(&number))),
        ] {
            for descending in [false, true] {
                let query = format!("{query}&sort={}", if descending { "-name" } else { "name" });
                let query = ObjectQuery::parse(K::Company.spec(), &query).unwrap();
                let mut expected: Vec<_> = (0..ALL)
                    .filter(|number| belongs(*number))
                    .map(|number| format!("Company {number:04}"))
                    .collect();
                if descending {
                    expected.reverse();
                }
                assert_eq!(
                    desk.page(&query).await.total,
                    Count::Exactly(expected.len() as u64)
                );
                assert_eq!(desk.all_pages(&query).await, expected, "{query:?}");
            }
        }
    })
    .await;
}

/// A value that is chosen is offered with its count, however seldom it is.
#[tokio::test]
async fn what_is_chosen_is_offered_with_its_count() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let tags: Vec<_> = (0..30).map(|number| format!("tag-{number:02}")).collect();
        let (all, most) = (tags.join(","), tags[..25].join(","));
        desk.create(K::Company, &[("name", "Harbor IT"), ("tags", &all)])
            .await;
        desk.create(K::Company, &[("name", "Aurora"), ("tags", &most)])
            .await;
        let query = ObjectQuery::parse(K::Company.spec(), "tags=tag-29&tags=tag-03").unwrap();
        let page = desk.page(&query).await;
        let facet = page.facets.iter().find(|facet| facet.property == "tags").unwrap();
        let count = |tag: &str| {
            facet
                .values
                .iter()
                .find(|value| value.value == tag)
                .map(|value| value.count)
        };
        assert_eq!(
            (count("tag-29"), count("tag-03"), facet.more),
            (Some(1), Some(2), true)
        );
        let many = tags[..25]
            .iter()
            .fold(ObjectQuery::default(), |query, tag| query.toggled("tags", tag));
        let page = desk.page(&many).await;
        let facet = page.facets.iter().find(|facet| facet.property == "tags").unwrap();
        assert_eq!(facet.values.len(), 25, "each can be taken away again");
    })
    .await;
}

#[tokio::test]
async fn a_list_follows_what_is_changed() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let harbor = desk
            .create(K::Company, &[("name", "Harbor IT"), ("tags", "vip")])
            .await;
        assert_eq!(desk.names(K::Company, "tags=vip&q=harb").await, ["Harbor IT"]);
        let nord = desk
            .update(&harbor, &[("name", "Nordlicht"), ("tags", "trial")])
            .await
            .unwrap();
        assert!(desk.names(K::Company, "tags=vip").await.is_empty());
        assert!(desk.names(K::Company, "q=harbor").await.is_empty());
        assert_eq!(desk.names(K::Company, "tags=trial&q=nord").await, ["Nordlicht"]);
        let query = ObjectQuery::default();
        let facets = desk.page(&query).await.facets;
        let tags: Vec<_> = facets
            .iter()
            .find(|facet| facet.property == "tags")
            .unwrap()
            .values
            .clone();
        assert_eq!(tags.len(), 1, "{tags:?}");
        desk.objects
            .delete_object(&desk.may_change(K::Company), nord.id)
            .await
            .unwrap();
        let page = desk.page(&query).await;
        assert!(page.rows.is_empty() && page.facets.is_empty(), "{page:?}");
        assert_eq!(page.total, Count::Exactly(0));
    })
    .await;
}

/// Their keys say all of short names, and of long ones only that they begin alike; and many people have one name.
#[tokio::test]
async fn people_of_one_name_or_of_names_that_begin_alike_are_in_order() {
    const ALL: usize = 1200;
    const NAMES: [&str; 4] = [
        "Mara Aziz",
        "Maximiliane von Hohenstaufen",
        "Maximiliane von Hohenfels",
        "Ivo",
    ];
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let name = |number: usize| NAMES[number / 10 % NAMES.len()];
        let lines = (0..ALL).map(|number| {
            let tag = if number.is_multiple_of(10) { "tenth" } else { "" };
            format!("{},n{number}@harbor.example,{tag}\n", name(number))
        });
        let file = format!("Name,Email,Tags\n{}", lines.collect::<String>());
        let id = desk.upload(K::Contact, file).await.unwrap();
        let settings = desk.import(K::Contact, id).await.settings;
        desk.check(K::Contact, id, settings).await;
        assert_eq!(desk.run(K::Contact, id).await.counts.created, ALL as u64);
        for sort in ["name", "-name", "created", "-changed"] {
            let asked = format!("?tags=tenth&sort={sort}");
            let query = ObjectQuery::parse(K::Contact.spec(), &asked).unwrap();
            let mut due: Vec<_> = (0..ALL).step_by(10).collect();
            if query.sort.by == SortBy::Name {
                due.sort_by_key(|number| name(*number).to_lowercase());
            }
            if query.sort.descending {
                due.reverse();
            }
            let due: Vec<_> = due
                .into_iter()
                .map(|number| format!("n{number}@harbor.example"))
                .collect();
            let (mut found, mut at) = (Vec::new(), None);
            loop {
                let page = desk.contacts(&query.at(at)).await;
                let emails = page
                    .rows
                    .iter()
                    .map(|row| row.values["email"].as_str().unwrap().to_owned());
                found.extend(emails);
                at = page.after;
                if at.is_none() {
                    break;
                }
            }
            assert_eq!(found, due, "{sort}");
        }
    })
    .await;
}

/// A database may order letters as a language does; words are looked up letter for letter, and so are names sorted.
#[tokio::test]
async fn postgresql_orders_letter_for_letter() {
    let Some(at) = TestDb::postgres().await else {
        return;
    };
    for (table, column) in [("posting", "value"), ("object", "name_key")] {
        let sql = format!(
            "SELECT collation_name FROM information_schema.columns \
             WHERE table_name = '{table}' AND column_name = '{column}'"
        );
        let asked = Statement::from_string(DbBackend::Postgres, sql);
        let row = at.db.read.query_one_raw(asked).await.unwrap().unwrap();
        assert_eq!(row.try_get_by_index::<String>(0).unwrap(), "C");
    }
}

/// What lists are sorted by is made for the things that a database has when it gets the columns for it.
#[tokio::test]
async fn a_database_of_before_gets_its_sort_keys() {
    on_each_database(async |at| {
        let write = at.db.write.clone();
        let desk = Desk::new(at).await;
        for name in ["Harbor IT", "Éc", "z"] {
            desk.create(K::Company, &[("name", name)]).await;
        }
        desk.create(K::Menu, &[("name", "Self-service")]).await;
        // One that is gone leaves a gap.
        let gone = desk.create(K::Company, &[("name", "Gone")]).await;
        desk.create(K::Company, &[("name", "Last")]).await;
        desk.objects
            .delete_object(&desk.may_change(K::Company), gone.id)
            .await
            .unwrap();
        let steps = Migrator::migrations();
        let since = steps
            .iter()
            .rev()
            .position(|step| step.name() == "m0019_sort_keys");
        let since = u32::try_from(since.unwrap() + 1).unwrap();
        Migrator::down(&write, Some(since)).await.unwrap();
        Migrator::up(&write, None).await.unwrap();
        assert_eq!(desk.drifts().await, []);
        let page = desk.page(&ObjectQuery::default()).await;
        let names: Vec<_> = page.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["Harbor IT", "Last", "z", "Éc"]);
    })
    .await;
}

/// Whether a step of a statement reads more of a table than belongs to what is looked for: other than by a value, a word,
/// a thing, or in the order of a list.
fn reads_too_much(sql: &str, step: &str) -> bool {
    let uses = |table: &str| {
        ["SCAN", "SEARCH"]
            .iter()
            .any(|verb| step.starts_with(&format!("{verb} {table} ")))
    };
    let by = |columns: &[&str]| columns.iter().any(|column| step.contains(column));
    if uses("posting") {
        return !by(&["property=", "property>"]);
    }
    // What is looked up by its number isn't come by otherwise.
    let ways: &[&str] = if sql.contains("json_each") {
        &["AND number="]
    } else {
        &["AND id=", "AND kind="]
    };
    uses("object") && !by(ways)
}

/// `PostgreSQL` goes by statistics, which a small table can't have: how it does is measured.
#[tokio::test]
async fn no_list_reads_more_than_it_is_about() {
    let (at, sent) = watched(TestDb::sqlite().await);
    let desk = Desk::new(at).await;
    for number in 0..60 {
        let name = format!("Harbor {number}");
        let tag = ["vip", "schools", "trial"][number % 3];
        desk.create(K::Company, &[("name", &name), ("tags", tag)]).await;
    }
    sent.lock().unwrap().clear();
    for query in [
        "",
        "?sort=-changed",
        "?q=harbor",
        "?q=harbor+12",
        "?tags=vip",
        "?tags=vip&tags=trial&status=active",
        "?tags=vip&q=harb&sort=-name",
    ] {
        let first = desk
            .page(&ObjectQuery::parse(K::Company.spec(), query).unwrap())
            .await;
        if let Some(after) = first.after {
            desk.page(
                &ObjectQuery::parse(K::Company.spec(), query)
                    .unwrap()
                    .at(Some(after)),
            )
            .await;
        }
    }
    let statements: Vec<_> = sent.lock().unwrap().values().cloned().collect();
    assert!(statements.len() > 12, "{statements:?}");
    let reads = statements.iter();
    for statement in reads.filter(|statement| statement.sql.starts_with("SELECT")) {
        let steps = plan(&desk.house.at, statement).await;
        let too_much: Vec<_> = steps
            .iter()
            .filter(|step| reads_too_much(&statement.sql, step))
            .collect();
        assert!(
            too_much.is_empty(),
            "{}\n{too_much:#?} of {steps:#?}",
            statement.sql
        );
    }
}
