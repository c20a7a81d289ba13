//! Files of things come in: what can be is stored, the rest is told line by line.

use super::Desk;
use crate::{
    objects::import::STORED,
    testing::{TestDb, on_each_database},
};
use bytes::Bytes;
use daybook_domain::{
    Error as Told,
    id::ImportId,
    object::{ColumnMeaning, Import, ImportSettings, ImportState, ObjectKind as K, ObjectQuery},
    ports::{Imports as _, Objects as _},
};
use daybook_entity::object_import;
use futures::TryStreamExt;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::BTreeSet;

const CONTACTS: &str = "\u{feff}Full name;E-mail;Organisation;Tags;Sort of day;Record ID\r\n\
    Amina Diallo;amina@harbor.example;Harbor IT;vip, schools;good;c-1\r\n\
    '=Bo;bo@harbor.example;harbor it;;;c-2\r\n\
    ;nobody@harbor.example;Harbor IT;;;c-3\r\n\
    \"Chloé\nFontaine\";chloe@harbor.example;;trial;;c-4\r\n\
    Dmitri;dmitri@harbor.example;Nowhere Ltd;;;c-5\r\n\
    Elif;AMINA@harbor.example;;;;c-6\r\n\
    \r\n\
    Farah;farah@harbor.example\r\n\
    مركز;gita@harbor.example;;;;c-8\r\n";

impl Desk {
    pub(super) async fn upload(&self, kind: K, text: impl Into<Vec<u8>>) -> daybook_domain::Result<ImportId> {
        let bytes = Bytes::from(text.into());
        self.objects
            .upload(&self.may_change(kind), "contacts.csv", bytes)
            .await
    }

    pub(super) async fn import(&self, kind: K, id: ImportId) -> Import {
        self.objects.import(&self.may_change(kind), id).await.unwrap()
    }

    /// Tries it to the end.
    pub(super) async fn check(&self, kind: K, id: ImportId, settings: ImportSettings) -> Import {
        let who = self.may_change(kind);
        self.objects.check_import(&who, id, settings).await.unwrap();
        self.through(kind, id).await
    }

    pub(super) async fn run(&self, kind: K, id: ImportId) -> Import {
        self.objects.run_import(&self.may_change(kind), id).await.unwrap();
        self.through(kind, id).await
    }

    /// As if the server had been stopped after the first lines of storing.
    async fn stop_half_way(&self, id: ImportId) {
        let run = self.house.at.writer.change(move |tx| {
            Box::pin(async move {
                let update = object_import::Entity::update_many()
                    .col_expr(object_import::Column::State, "importing".into())
                    .col_expr(object_import::Column::CorrelationId, "import-1".into())
                    .filter(object_import::Column::Id.eq(id.0));
                for column in [object_import::Column::Done, object_import::Column::Created] {
                    update
                        .clone()
                        .col_expr(column, 0_i64.into())
                        .exec(tx.db())
                        .await?;
                }
                Ok(())
            })
        });
        run.await.unwrap();
    }

    async fn exported(&self, kind: K, query: &str) -> String {
        let query = ObjectQuery::parse(kind.spec(), query).unwrap();
        let stream = self.objects.export(&self.may_see(kind), &query).await.unwrap();
        let file: Vec<Bytes> = Box::pin(stream).try_collect().await.unwrap();
        String::from_utf8(file.concat()).unwrap()
    }

    /// Works beside the work behind the answer, until it is done: lines are done once, whoever is first.
    async fn through(&self, kind: K, id: ImportId) -> Import {
        loop {
            let import = self.import(kind, id).await;
            if !import.state.is_at_work() {
                return import;
            }
            let _done_by_the_other = self.objects.work(&self.may_change(kind), id).await;
        }
    }
}

fn lines_of(import: &Import) -> Vec<(u64, Option<&str>, &str)> {
    let problems = import.problems.iter();
    problems
        .map(|problem| (problem.line, problem.column.as_deref(), problem.reason.as_str()))
        .collect()
}

#[tokio::test]
async fn what_can_be_is_stored_and_the_rest_is_told() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        desk.create(K::Company, &[("name", "Harbor IT")]).await;
        // There already, without an id in the other system.
        let amina = desk
            .create(
                K::Contact,
                &[
                    ("name", "Amina"),
                    ("email", "Amina@harbor.example"),
                    ("vip", "true"),
                ],
            )
            .await;
        let id = desk.upload(K::Contact, CONTACTS).await.unwrap();
        let import = desk.import(K::Contact, id).await;
        assert_eq!(
            (import.state, import.lines, import.by.as_str()),
            (ImportState::Uploaded, 8, "Ada Lindqvist")
        );
        let guessed: Vec<_> = import.settings.columns.iter().map(ColumnMeaning::name).collect();
        assert_eq!(guessed, ["name", "email", "company", "tags", "", "external_id"]);
        assert_eq!(import.columns[1].samples[0], "amina@harbor.example");

        let mut settings = import.settings.clone();
        settings.columns[4] = ColumnMeaning::Custom("Mood".to_owned());
        let tried = desk.check(K::Contact, id, settings).await;
        let problems = [
            (4, Some("Name"), "This is required."),
            (5, Some("Name"), "This has more than one line."),
            (7, Some("Company"), "There is no company “Nowhere Ltd”."),
            (8, None, "Line 2 is about the same one."),
            (10, None, "The line has 2 cells, the first line has 6."),
        ];
        assert_eq!(lines_of(&tried), problems);
        let counts = tried.counts;
        assert_eq!(
            (counts.done, counts.created, counts.changed, counts.bad),
            (8, 2, 1, 5)
        );
        assert_eq!(desk.names(K::Contact, "").await, ["Amina"], "nothing is stored");

        let before = desk.house.events().await.len();
        let done = desk.run(K::Contact, id).await;
        assert_eq!((done.state, done.counts), (ImportState::Finished, counts));
        assert_eq!(lines_of(&done), problems);
        assert_eq!(desk.names(K::Contact, "").await, ["=Bo", "Amina Diallo", "مركز"]);
        let now = desk
            .objects
            .object(&desk.may_see(K::Contact), amina.id)
            .await
            .unwrap();
        assert_eq!(now.values["external_id"], "c-1");
        assert_eq!(now.values["custom"], serde_json::json!({"Mood": "good"}));
        assert_eq!(now.values["vip"], true, "what the file doesn't say stays");

        // One action, with a record of its own at the end (R49).
        let told = desk.house.events_since(before).await;
        let types: Vec<_> = told.iter().map(|event| event.body.event_type.as_str()).collect();
        let expected = [
            "contact.updated",
            "contact.created",
            "contact.created",
            "data.imported",
        ];
        assert_eq!(types, expected);
        let actions: BTreeSet<_> = told
            .iter()
            .map(|event| event.body.correlation_id.clone())
            .collect();
        assert_eq!(actions.len(), 1);
        assert_eq!(
            told[3].body.summary.as_deref(),
            Some("Imported contacts.csv: 2 contacts created, 1 changed")
        );
        let report = desk
            .drift
            .check(desk.house.ada.workspace(), |_| ())
            .await
            .unwrap();
        assert_eq!(report.drifts, []);

        // Once is enough; who comes late to the work leaves it as it is.
        desk.objects.work(&desk.may_change(K::Contact), id).await.unwrap();
        assert_eq!(desk.import(K::Contact, id).await.state, ImportState::Finished);
        let again = desk.objects.run_import(&desk.may_change(K::Contact), id).await;
        assert!(matches!(again, Err(Told::Conflict { .. })), "{again:?}");
        let (name, file) = desk
            .objects
            .problem_file(&desk.may_change(K::Contact), id)
            .await
            .unwrap();
        assert_eq!(name, "contacts.csv");
        let file = String::from_utf8(file.to_vec()).unwrap();
        assert!(
            file.starts_with(
                "\u{feff}Full name,E-mail,Organisation,Tags,Sort of day,Record ID,Line,Reason\r\n"
            )
        );
        assert!(
            file.contains(",nobody@harbor.example,Harbor IT,,,c-3,4,Name: This is required.\r\n"),
            "{file}"
        );
        // One of them is two lines long.
        assert_eq!(file.lines().count(), 7);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_cant_be_read_says_what_to_do() {
    let desk = Desk::new(TestDb::sqlite().await).await;
    for (file, reason) in [
        (&b"name\nCaf\xe9\n"[..], "Line 2 holds letters that aren't UTF-8."),
        (b"", "The file is empty."),
        (b"name,email\n", "The file has no lines below its head."),
        (b"PK\x03\x04\0\0\n", "This is no text."),
        (b"\xff\xfea\xd8b\0", "This is no readable UTF-16."),
    ] {
        let Err(Told::Invalid { field, reason: told }) = desk.upload(K::Brand, file).await else {
            panic!("{file:?} was taken")
        };
        assert!(field == "file" && told.starts_with(reason), "{told}");
    }
    let utf16: Vec<u8> = "\u{feff}Name\tDescription\r\nÉcole\tx"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let id = desk.upload(K::Board, utf16).await.unwrap();
    let import = desk.import(K::Board, id).await;
    let done = desk.check(K::Board, id, import.settings).await;
    assert_eq!((done.counts.created, done.counts.bad), (1, 0));
}

#[tokio::test]
async fn columns_are_asked_about_before_lines() {
    let desk = Desk::new(TestDb::sqlite().await).await;
    let id = desk.upload(K::Company, "a,b\nHarbor,1\n").await.unwrap();
    let who = desk.may_change(K::Company);
    let of = |columns: [&str; 2]| ImportSettings {
        columns: columns
            .iter()
            .map(|name| ColumnMeaning::from_name(K::Company, name).unwrap())
            .collect(),
        ..ImportSettings::default()
    };
    for columns in [["", ""], ["name", "name"], ["phone", ""]] {
        let refused = desk.objects.check_import(&who, id, of(columns)).await;
        assert!(
            matches!(&refused, Err(Told::Invalid { field, .. }) if field == "columns"),
            "{columns:?}: {refused:?}"
        );
    }
    let unchecked = desk.objects.run_import(&who, id).await;
    assert!(matches!(unchecked, Err(Told::Conflict { .. })), "{unchecked:?}");
    // Of another kind there is no such import.
    let other = desk.objects.import(&desk.may_change(K::Contact), id).await;
    assert_eq!(other, Err(Told::NotFound));
    desk.objects.drop_import(&who, id).await.unwrap();
    assert_eq!(desk.objects.import(&who, id).await, Err(Told::NotFound));
}

/// What a line gives up the next may have, in whichever pieces the file is stored.
#[tokio::test]
async fn what_one_gives_up_another_may_have() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        for (name, id) in [("Alpha", "h-1"), ("Beta", "h-2")] {
            desk.create(K::Company, &[("name", name), ("external_id", id)]).await;
        }
        let taken = async |file: &str| {
            let id = desk.upload(K::Company, file).await.unwrap();
            let settings = desk.import(K::Company, id).await.settings;
            let tried = desk.check(K::Company, id, settings).await;
            let done = desk.run(K::Company, id).await;
            assert_eq!((tried.counts, &tried.problems), (done.counts, &done.problems));
            done
        };
        let done = taken("Name,External id\nAlpha Old,h-1\nAlpha,h-9\nBeta,h-2\n").await;
        assert_eq!(lines_of(&done), []);
        assert_eq!((done.counts.changed, done.counts.created, done.counts.same), (1, 1, 1));
        // Not before it is given up.
        let done = taken("Name,External id\nBeta,h-9\nGamma,h-2\n").await;
        assert_eq!(lines_of(&done), [(2, Some("Name"), "The company “Beta” has this already.")]);
        assert_eq!(desk.names(K::Company, "").await, ["Alpha", "Alpha Old", "Gamma"]);
        assert_eq!(desk.drifts().await, []);

        // What is refused for another reason keeps what it has.
        for (name, next) in [("One", ""), ("Two", "One")] {
            let rule = [("name", name), ("external_id", name), ("trigger", "created"), ("conditions", "vip is yes"), ("runs_next", next)];
            desk.create(K::BusinessRule, &rule).await;
        }
        let file = "Name,External id,Then runs,Looked at,Conditions\nOld,One,Two,created,vip is yes\nOne,Three,,created,vip is yes\n";
        let id = desk.upload(K::BusinessRule, file).await.unwrap();
        let settings = desk.import(K::BusinessRule, id).await.settings;
        desk.check(K::BusinessRule, id, settings).await;
        let done = desk.run(K::BusinessRule, id).await;
        let bad: Vec<_> = done.problems.iter().map(|problem| (problem.line, problem.column.as_deref())).collect();
        assert_eq!(bad, [(2, Some("Then runs")), (3, Some("Name"))]);
    })
    .await;
}

/// Lines that are read while those before them are stored see what becomes of those all the same.
#[tokio::test]
async fn what_a_piece_gives_up_the_next_may_have() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        for (name, id) in [("Alpha", "h-1"), ("Beta", "h-2")] {
            desk.create(K::Company, &[("name", name), ("external_id", id)])
                .await;
        }
        let fillers = |from: usize| {
            let lines = (from..from + STORED).map(|line| format!("Harbor {line},p-{line}\n"));
            lines.collect::<Vec<_>>().concat()
        };
        let file = format!(
            "Name,External id\nAlpha Old,h-1\n{}Alpha,h-9\nBeta New,h-2\n{}Beta,h-8\nharbor 7,h-7\n",
            fillers(0),
            fillers(STORED)
        );
        let id = desk.upload(K::Company, file).await.unwrap();
        let settings = desk.import(K::Company, id).await.settings;
        desk.check(K::Company, id, settings).await;
        let done = desk.run(K::Company, id).await;
        let first = "Line 10 is about the same one.";
        let last = 2 * STORED as u64 + 6;
        assert_eq!(lines_of(&done), [(last, None, first)]);
        let created = 2 * STORED as u64 + 2;
        assert_eq!(
            (done.counts.changed, done.counts.created, done.counts.bad),
            (2, created, 1)
        );
        for name in ["Alpha", "Alpha Old", "Beta", "Beta New"] {
            let found = desk.names(K::Company, &format!("q={name}")).await;
            assert!(found.contains(&name.to_owned()), "{name}");
        }
        assert_eq!(desk.drifts().await, []);
    })
    .await;
}

/// A hundred thousand lines with three bad ones: each of those is told, and all others would come in.
#[tokio::test]
async fn three_bad_lines_of_a_hundred_thousand_are_told() {
    let lines = (2..100_002).map(|line| match line {
        17 => "Person 17,no address,\n".to_owned(),
        50_000 => "Person,p7@harbor.example,\n".to_owned(),
        100_001 => "Person 100001,p100001@harbor.example,perhaps\n".to_owned(),
        line => format!("Person {line},p{line}@harbor.example,yes\n"),
    });
    let file = format!("Name,Email,VIP\n{}", lines.collect::<Vec<_>>().concat());
    let desk = Desk::new(TestDb::sqlite().await).await;
    let id = desk.upload(K::Contact, file).await.unwrap();
    let import = desk.import(K::Contact, id).await;
    assert_eq!(import.lines, 100_000);
    let tried = desk.check(K::Contact, id, import.settings).await;
    let problems = [
        (
            17,
            Some("Email"),
            "This is not an email address such as mara@northdesk.example.",
        ),
        (50_000, None, "Line 7 is about the same one."),
        (100_001, Some("VIP"), "This is neither true nor false."),
    ];
    assert_eq!(lines_of(&tried), problems);
    assert_eq!((tried.counts.created, tried.counts.bad), (99_997, 3));
}

/// What the server's end interrupts goes on where it was, as the same action.
#[tokio::test]
async fn an_import_that_stalled_goes_on() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let lines: Vec<_> = (0..1200).map(|number| format!("Brand {number}")).collect();
        let id = desk
            .upload(K::Brand, format!("Name\n{}\n", lines.join("\n")))
            .await
            .unwrap();
        let import = desk.import(K::Brand, id).await;
        desk.check(K::Brand, id, import.settings).await;
        desk.stop_half_way(id).await;
        desk.house.at.clock.advance_seconds(61);
        assert!(desk.import(K::Brand, id).await.stalled);
        let done = desk.run(K::Brand, id).await;
        assert_eq!((done.state, done.counts.created), (ImportState::Finished, 1200));
        let told = desk.house.events().await;
        let of_import = told
            .iter()
            .filter(|event| event.body.correlation_id.as_deref() == Some("import-1"));
        assert_eq!(of_import.count(), 1201);
    })
    .await;
}

/// What somebody takes out they can bring in again: nothing is another.
#[tokio::test]
async fn what_goes_out_comes_in_as_it_was() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let board = desk.create(K::Board, &[("name", "Dispatch; nights")]).await;
        let boards = [desk
            .create(K::Board, &[("name", "Repairs, all")])
            .await
            .id
            .to_string()];
        desk.create(
            K::Company,
            &[
                ("name", "=Harbor"),
                ("tags", "vip, schools"),
                ("boards", &boards[0]),
                ("permissions", "tickets.create"),
                ("permissions", "files.view"),
                ("notes", "two\nlines; and more"),
                (
                    "custom",
                    "Contract: 2026-118\nFloor: -2\nSites:= [{\"city\": \"Lagos\"}, 2]",
                ),
            ],
        )
        .await;
        let off = desk
            .create(K::Company, &[("name", "Nord"), ("phone", "+49 30 1234")])
            .await;
        desk.objects
            .deactivate_object(&desk.may_change(K::Company), off.id)
            .await
            .unwrap();
        assert_eq!(board.name(), "Dispatch; nights");
        let file = desk.exported(K::Company, "").await;
        let id = desk.upload(K::Company, file).await.unwrap();
        let import = desk.import(K::Company, id).await;
        let mut settings = import.settings;
        settings.clear = true;
        let tried = desk.check(K::Company, id, settings).await;
        assert_eq!(lines_of(&tried), []);
        assert_eq!(
            (tried.counts.same, tried.counts.changed, tried.counts.created),
            (2, 0, 0)
        );
        // Only what the list is narrowed to goes out, and that is recorded.
        let file = desk.exported(K::Company, "status=deactivated").await;
        assert_eq!(file.lines().count(), 2);
        let told = desk.house.events().await;
        let last = &told.last().unwrap().body;
        assert_eq!(last.event_type, "data.exported");
        assert_eq!(last.metadata["query"], "?status=deactivated");
    })
    .await;
}
