//! Things live, are found, and leave their records.

mod aliases;
mod bounds;
mod demo;
mod drift;
mod elsewhere;
mod import;
mod known_as;
mod life;
mod lists;
mod many;
mod merge;
mod moves;
mod past;
mod refused;
mod rules;

use super::Objects;
use crate::{
    accounts::tests::House, drift::CheckDrift, index::EventIndex, reading::ReadLogs, store::EventStore,
    testing::TestDb,
};
use daybook_domain::{
    catalogue::OwnType,
    event::{Actor, ActorKind, Event, EventBody},
    id::ObjectId,
    log::LogScope,
    object::{Change, KindGranted, Object, ObjectKind, ObjectQuery, See, Typed},
    permission::ViewAuditLogs,
    ports::Objects as _,
};

/// A workspace with people in it, and its things.
struct Desk {
    pub house: House,
    pub objects: Objects,
    pub drift: CheckDrift,
}

/// What a business rule needs beside its name.
const RULE: [(&str, &str); 2] = [("trigger", "created"), ("conditions", "vip is yes")];

impl Desk {
    pub async fn new(at: TestDb) -> Self {
        let house = House::new(at).await;
        let (db, clock) = (house.at.db.clone(), house.at.clock.clone());
        let events = EventStore::new(db.clone(), EventIndex::new(db.clone()), clock.clone());
        let logs = ReadLogs::new(events, house.at.writer.clone(), clock.clone());
        let drift = CheckDrift::new(db.clone(), house.at.writer.clone(), clock.clone());
        let objects = Objects::new(db, house.accounts.clone(), logs, clock);
        Self {
            house,
            objects,
            drift,
        }
    }

    pub fn may_change(&self, kind: ObjectKind) -> KindGranted<Change> {
        self.house.ada.grant_kind(kind, Change).unwrap()
    }

    pub fn may_see(&self, kind: ObjectKind) -> KindGranted<See> {
        self.house.ada.grant_kind(kind, See).unwrap()
    }

    pub async fn create(&self, kind: ObjectKind, values: &[(&str, &str)]) -> Object {
        let created = self
            .objects
            .create_object(&self.may_change(kind), &typed(values))
            .await;
        created.unwrap()
    }

    /// A business rule that runs others, by their names.
    pub async fn rule(&self, name: &str, next: &[&str]) -> Object {
        let next = next.iter().map(|next| ("runs_next", *next));
        let values: Vec<_> = RULE.into_iter().chain([("name", name)]).chain(next).collect();
        self.create(ObjectKind::BusinessRule, &values).await
    }

    pub async fn update(&self, thing: &Object, values: &[(&str, &str)]) -> daybook_domain::Result<Object> {
        let who = self.may_change(thing.kind);
        self.objects
            .update_object(&who, thing.id, thing.version, &typed(values))
            .await
    }

    pub async fn names(&self, kind: ObjectKind, query: &str) -> Vec<String> {
        let query = ObjectQuery::parse(kind.spec(), query).unwrap();
        let page = self
            .objects
            .list_objects(&self.may_see(kind), &query)
            .await
            .unwrap();
        page.rows.into_iter().map(|row| row.name).collect()
    }

    /// The records of a thing's own log, newest first.
    pub async fn log_of(&self, kind: ObjectKind, id: ObjectId) -> Vec<Event> {
        self.log_of_in(kind, id, LogScope::All).await
    }

    /// Those of them that stand in one log.
    pub async fn log_of_in(&self, kind: ObjectKind, id: ObjectId, log: LogScope) -> Vec<Event> {
        let at = &self.house.at;
        let index = EventIndex::new(at.db.clone());
        let store = EventStore::new(at.db.clone(), index, at.clock.clone());
        let query = daybook_domain::query::LogQuery {
            about: Some(daybook_domain::about::About::new(kind.name(), id)),
            ..Default::default()
        };
        let who = self.house.ada.grant(ViewAuditLogs).unwrap();
        store.records(&who, log, &query, 100).await.unwrap().0
    }

    /// As another system sends a record.
    pub async fn send(&self, event_type: &str, tell: impl FnOnce(&mut EventBody) + Send + 'static) {
        let (workspace, event_type) = (self.house.workspace.id, event_type.to_owned());
        let sent = self.house.at.writer.change(move |tx| {
            Box::pin(async move {
                let system = Actor::named(ActorKind::System, "Helpdesk");
                let mut body = EventBody::new(event_type, system, tx.now());
                "helpdesk".clone_into(&mut body.source);
                tell(&mut body);
                tx.record(workspace, body);
                Ok(())
            })
        });
        sent.await.unwrap();
    }
}

/// The methods of things that are listed, for those who look whether all are.
pub(crate) fn listed() -> impl Iterator<Item = &'static str> {
    life::METHODS.iter().map(|(name, _)| *name)
}

/// The types of the events that the methods of things leave.
pub(crate) fn emitted() -> impl Iterator<Item = OwnType> {
    let verbs = life::METHODS.iter().filter_map(|(_, leaves)| *leaves);
    verbs.flat_map(|verb| {
        let of_kind = move |kind: &ObjectKind| OwnType::of(kind.name(), verb).unwrap();
        ObjectKind::ALL.iter().map(of_kind)
    })
}

/// Several values of one property are given one after the other.
fn typed(values: &[(&str, &str)]) -> Typed {
    let mut typed = Typed::new();
    for (name, value) in values {
        typed
            .entry((*name).to_owned())
            .or_default()
            .push((*value).to_owned());
    }
    typed
}
