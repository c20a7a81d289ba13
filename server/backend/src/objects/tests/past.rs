//! What is rebuilt from the log is what was there.

use super::Desk;
use crate::testing::{TestDb, on_each_database};
use daybook_domain::{
    Error as Told,
    compare::Point,
    id::ObjectId,
    object::{ManyTyped, ManyWay, Object, ObjectKind as K, ObjectStatus, ObjectThen, Property, Values},
    permission::ViewAuditLogs,
    ports::Objects as _,
    time::{Clock as _, TimeBound, Timestamp},
};
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use serde_json::json;

const KINDS: [K; 8] = [
    K::Company,
    K::Contact,
    K::Board,
    K::UserGroup,
    K::Company,
    K::ServiceAgent,
    K::BusinessRule,
    K::BusinessRule,
];
const STEPS: usize = 70;
/// Each is a run of its own.
const SEEDS: [u8; 3] = [1, 2, 3];

/// What a strategy makes of a seed: the same each time.
pub(super) fn of_seed<S: Strategy>(strategy: &S, seed: u8) -> S::Value {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
    strategy.new_tree(&mut runner).unwrap().current()
}

impl Desk {
    async fn then(&self, kind: K, id: ObjectId, point: Point) -> daybook_domain::Result<ObjectThen> {
        let reads = self.house.ada.grant(ViewAuditLogs).unwrap();
        self.objects
            .object_then(&self.may_see(kind), &reads, id, point)
            .await
    }

    pub(super) async fn restore(
        &self,
        thing: &Object,
        at: Timestamp,
        properties: &[&str],
    ) -> daybook_domain::Result<Object> {
        let reads = self.house.ada.grant(ViewAuditLogs).unwrap();
        let properties: Vec<_> = properties.iter().map(|&name| name.to_owned()).collect();
        self.objects
            .restore_object(
                &self.may_change(thing.kind),
                &reads,
                thing.id,
                thing.version,
                Point::At(TimeBound::At(at)),
                &properties,
            )
            .await
    }

    async fn now(&self, kind: K, id: ObjectId) -> Option<Object> {
        match self.objects.object(&self.may_see(kind), id).await {
            Ok(thing) => Some(thing),
            Err(Told::NotFound) => None,
            Err(error) => panic!("{error}"),
        }
    }
}

/// What happens to one of the things.
#[derive(Debug, Clone)]
enum Step {
    /// Makes it where it isn't there, else changes one property.
    Change(u8),
    /// Points at another thing, or at none.
    Refer(usize),
    Switch,
    Delete,
    /// Back to what it was so many steps ago.
    Restore(usize),
    /// The other of the kind becomes part of it.
    Merge,
    /// All of the kind get a word.
    Many(u8),
    /// A file says something of it.
    Import(u8),
    /// The helpdesk says what it is, with some of its own.
    Put(u8),
    /// Custom properties are typed.
    Custom(u8),
}

/// A property that takes any word, of whatever kind.
fn wordy(kind: K) -> &'static Property {
    let has = |name| kind.spec().property(name);
    has("tags").or_else(|| has("description")).unwrap()
}

fn steps() -> impl Strategy<Value = Vec<(usize, Step)>> {
    let step = prop_oneof![
        6 => any::<u8>().prop_map(Step::Change),
        4 => (0..KINDS.len()).prop_map(Step::Refer),
        2 => Just(Step::Switch),
        1 => Just(Step::Delete),
        2 => (1_usize..20).prop_map(Step::Restore),
        2 => Just(Step::Merge),
        1 => any::<u8>().prop_map(Step::Many),
        1 => any::<u8>().prop_map(Step::Import),
        3 => any::<u8>().prop_map(Step::Put),
        2 => any::<u8>().prop_map(Step::Custom),
    ];
    prop::collection::vec((0..KINDS.len(), step), STEPS)
}

type Snapshot = Vec<Option<(ObjectStatus, Values)>>;

async fn snapshot(desk: &Desk, ids: &[(K, ObjectId)]) -> Snapshot {
    let mut all = Vec::new();
    for (kind, id) in ids {
        all.push(desk.now(*kind, *id).await.map(|now| (now.status, now.values)));
    }
    all
}

async fn take(desk: &Desk, slot: usize, step: &Step, slots: &mut [Option<ObjectId>], times: &[Timestamp]) {
    let kind = KINDS[slot];
    let now = match slots[slot] {
        Some(id) => desk.now(kind, id).await,
        None => None,
    };
    let Some(now) = now else {
        let number = times.len();
        let (name, email) = (format!("Thing {number}"), format!("t{number}@northdesk.example"));
        let values = [
            ("name", name.as_str()),
            ("email", email.as_str()),
            ("trigger", "created"),
            ("conditions", "vip is yes"),
        ];
        slots[slot] = Some(desk.create(kind, &values).await.id);
        return;
    };
    let who = desk.may_change(kind);
    match step {
        Step::Change(value) => {
            let (name, text) = (format!("Name {value} of {slot}"), format!("tag{}", value % 5));
            let property = match value % 3 {
                0 => ("name", name.as_str()),
                1 => ("description", text.as_str()),
                _ => ("tags", text.as_str()),
            };
            desk.update(&now, &[property]).await.unwrap();
        }
        Step::Refer(to) => {
            let (to_kind, id) = (KINDS[*to], slots[*to].map(|id| id.to_string()));
            let property = kind
                .spec()
                .properties
                .iter()
                .find(|property| property.refers_to() == Some(to_kind));
            if let Some(property) = property {
                let id = id.filter(|_| now.id.0.as_u128() % 2 == 0 || *to % 2 == 0);
                let changed = desk
                    .update(&now, &[(property.name, id.as_deref().unwrap_or_default())])
                    .await;
                // The other may be deleted.
                assert!(
                    matches!(changed, Ok(_) | Err(Told::Invalid { .. })),
                    "{changed:?}"
                );
            }
        }
        Step::Switch => {
            let switched = match now.status {
                ObjectStatus::Active => desk.objects.deactivate_object(&who, now.id).await,
                ObjectStatus::Deactivated => desk.objects.reactivate_object(&who, now.id).await,
            };
            switched.unwrap();
        }
        Step::Delete => {
            let deleted = desk.objects.delete_object(&who, now.id).await;
            assert!(
                matches!(deleted, Ok(()) | Err(Told::Conflict { .. })),
                "{deleted:?}"
            );
        }
        Step::Restore(back) => {
            let Some(at) = times.len().checked_sub(*back).and_then(|at| times.get(at)) else {
                return;
            };
            let properties: Vec<_> = kind
                .spec()
                .properties
                .iter()
                .map(|property| property.name)
                .collect();
            let restored = desk.restore(&now, *at, &properties).await;
            // It may not have been there, and what it referred to may be gone.
            assert!(
                matches!(restored, Ok(_) | Err(Told::NotFound | Told::Invalid { .. })),
                "{restored:?}"
            );
        }
        Step::Merge => {
            let of_kind = |(other, of): &(usize, &K)| *other != slot && **of == kind;
            let Some((other, _)) = KINDS.iter().enumerate().find(of_kind) else {
                return;
            };
            let goes = match slots[other] {
                Some(id) => desk.now(kind, id).await,
                None => None,
            };
            if let Some(goes) = goes {
                let merged = desk.merge(&now, &goes, &[]).await;
                // A rule may stand between the two.
                assert!(matches!(merged, Ok(_) | Err(Told::Invalid { .. })), "{merged:?}");
            }
        }
        Step::Many(value) => {
            let of_kind = slots.iter().zip(KINDS).filter(|(_, of)| *of == kind);
            let ids: Vec<_> = of_kind.filter_map(|(id, _)| *id).collect();
            let text = (ManyWay::Set, vec![format!("many{}", value % 3)]);
            let typed = ManyTyped::from([(wordy(kind).name.to_owned(), text)]);
            desk.objects.update_objects(&who, &ids, &typed).await.unwrap();
        }
        Step::Import(value) => {
            let unique = kind.spec().property(kind.spec().unique).unwrap();
            let (key, wordy) = (now.values[unique.name].as_str().unwrap(), wordy(kind));
            let file = format!("{},{}\n{key},file{}\n", unique.title, wordy.title, value % 3);
            let id = desk.upload(kind, file).await.unwrap();
            let settings = desk.import(kind, id).await.settings;
            desk.check(kind, id, settings).await;
            assert_eq!(desk.run(kind, id).await.problems, []);
        }
        Step::Put(value) => {
            let unique = kind.spec().unique;
            let given = json!({unique: now.values[unique], "colour": value % 4, "sizes": {"a": [value % 2]},
                "trigger": "created", "conditions": "vip is yes", "name": now.name()});
            let id = format!("x{slot}");
            let put = desk
                .objects
                .put_object(&who, &id, given.as_object().unwrap())
                .await;
            // The id may be another's by now, which can't have the same name.
            match put {
                Ok(put) if put.created => slots[slot] = Some(put.object.id),
                Ok(_) | Err(Told::Invalid { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
        Step::Custom(value) => {
            let text = format!("level: {}\ncolour:= [{}]", value % 3, value % 2);
            desk.update(&now, &[("custom", text.as_str())]).await.unwrap();
        }
    }
}

/// Any run of changes: what is rebuilt for each moment is what was there, and the check for drift finds none.
#[tokio::test]
async fn what_was_is_rebuilt_for_every_moment() {
    for seed in SEEDS {
        let run = &of_seed(&steps(), seed);
        on_each_database(async |at| rebuilt(at, run).await).await;
    }
}

async fn rebuilt(at: TestDb, run: &[(usize, Step)]) {
    let desk = Desk::new(at).await;
    let clock = desk.house.at.clock.clone();
    let (mut slots, mut known) = ([None; KINDS.len()], Vec::new());
    let (mut times, mut snapshots) = (Vec::new(), Vec::new());
    for (slot, step) in run {
        clock.advance_seconds(1);
        take(&desk, *slot, step, &mut slots, &times).await;
        if let Some(id) = slots[*slot].filter(|id| !known.contains(&(KINDS[*slot], *id))) {
            known.push((KINDS[*slot], id));
        }
        times.push(clock.now());
        snapshots.push(snapshot(&desk, &known).await);
    }
    let deleted = snapshots.last().unwrap().iter().filter(|thing| thing.is_none());
    assert!(
        deleted.count() > 0 && known.len() > KINDS.len(),
        "some were deleted and made anew"
    );
    for (at, snapshot) in times.iter().zip(&snapshots) {
        for (number, (kind, id)) in known.iter().enumerate() {
            let point = Point::At(TimeBound::At(*at));
            let then = desk.then(*kind, *id, point).await.unwrap().then;
            let was = snapshot.get(number).cloned().flatten();
            assert_eq!(
                then.map(|then| (then.status, then.values)),
                was,
                "{kind} {number} at {at}"
            );
        }
    }
    assert_eq!(desk.drifts().await, []);
}

#[tokio::test]
async fn values_are_restored_by_a_change_that_says_so() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let clock = desk.house.at.clock.clone();
        let board = desk.create(K::Board, &[("name", "Dispatch")]).await;
        let id = board.id.to_string();
        let company = desk
            .create(
                K::Company,
                &[
                    ("name", "Harbor IT"),
                    ("phone", "+44 20 7946 0100"),
                    ("boards", &id),
                ],
            )
            .await;
        let then = clock.now();
        clock.advance_seconds(60);
        let now = desk
            .update(
                &company,
                &[("phone", "+44 20 7946 0123"), ("boards", ""), ("tags", "vip")],
            )
            .await
            .unwrap();
        // Who hasn't seen what it is now is told.
        let stale = desk.restore(&company, then, &["phone"]).await;
        assert!(matches!(stale, Err(Told::Conflict { .. })), "{stale:?}");
        let restored = desk.restore(&now, then, &["phone", "boards"]).await.unwrap();
        assert_eq!(restored.values["phone"], company.values["phone"]);
        assert_eq!(restored.values["boards"], company.values["boards"]);
        assert_eq!(
            restored.values["tags"], now.values["tags"],
            "what wasn't asked for stays"
        );
        let log = desk.log_of(K::Company, company.id).await;
        assert_eq!(log[0].body.event_type, "company.updated");
        assert_eq!(
            log[0].body.summary.as_deref(),
            Some(format!("Restored 2 properties of company “Harbor IT” as of {then}").as_str())
        );
        // What it referred to may be gone.
        let now = desk.update(&restored, &[("boards", "")]).await.unwrap();
        desk.objects
            .delete_object(&desk.may_change(K::Board), board.id)
            .await
            .unwrap();
        let gone = desk.restore(&now, then, &["boards"]).await;
        assert_eq!(
            gone,
            Err(Told::invalid(
                "boards",
                "“Dispatch” is deleted, so this can't be restored."
            ))
        );
    })
    .await;
}

/// A deleted thing leaves a readable last state (R48), by the names of its time.
#[tokio::test]
async fn what_is_deleted_can_still_be_read() {
    let desk = Desk::new(TestDb::sqlite().await).await;
    let board = desk.create(K::Board, &[("name", "Dispatch")]).await;
    let company = desk
        .create(
            K::Company,
            &[("name", "Harbor IT"), ("boards", &board.id.to_string())],
        )
        .await;
    let then = desk.house.at.clock.now();
    desk.house.at.clock.advance_seconds(60);
    desk.update(&board, &[("name", "Repairs")]).await.unwrap();
    desk.objects
        .delete_object(&desk.may_change(K::Company), company.id)
        .await
        .unwrap();
    let found = desk.then(K::Company, company.id, Point::Now).await.unwrap();
    assert_eq!(
        (found.name.as_str(), &found.then, &found.now),
        ("Harbor IT", &None, &None)
    );
    assert_eq!(found.last.unwrap().values, company.values);
    let found = desk
        .then(K::Company, company.id, Point::At(TimeBound::At(then)))
        .await
        .unwrap();
    let was = found.then.unwrap();
    assert_eq!(was.values, company.values);
    assert_eq!(was.names[&board.id], "Dispatch");
    // Before it was made it wasn't there; of an id of another kind there is nothing to tell.
    let before = Point::At(TimeBound::At(then.plus_seconds(-3600)));
    assert_eq!(
        desk.then(K::Company, company.id, before).await.unwrap().then,
        None
    );
    assert_eq!(
        desk.then(K::Contact, company.id, Point::Now).await,
        Err(Told::NotFound)
    );
}
