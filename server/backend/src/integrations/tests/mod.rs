//! Integrations against receivers that answer as they are told, with a clock that is moved.

mod recorded;
mod streams;
mod ways;

pub(crate) use recorded::listed;

use super::{Integrations, Surroundings, send::StreamCarrier};
use crate::{
    accounts::tests::House,
    delivery::{
        guard::Guard,
        http::{Limits, Sender},
        receiver::Got,
        sealed::Keyring,
        worker::Worker,
    },
    index::EventIndex,
    objects::Objects,
    reading::ReadLogs,
    store::EventStore,
    testing::TestDb,
};
use daybook_domain::{
    Error as Told,
    catalogue::{OwnType, faults},
    email::NewPassword,
    event::{Actor, ActorKind, Event, EventBody},
    id::ObjectId,
    integration::{StreamDetail, StreamHealth},
    log::{LogKind, LogScope},
    object::{Change, ObjectKind, Typed},
    permission::{ManageIntegrations, ViewAuditLogs},
    ports::{Integrations as _, Objects as _},
    query::LogQuery,
    viewer::Granted,
};
use serde_json::Value;
use std::{path::PathBuf, time::Duration};

const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

struct Post {
    house: House,
    objects: Objects,
    integrations: Integrations,
    worker: Worker<StreamCarrier>,
    /// Where archives are.
    archive: tempfile::TempDir,
}

impl Post {
    async fn new(at: TestDb) -> Self {
        let house = House::new(at).await;
        // What was before isn't of the same moment.
        house.at.clock.advance_seconds(1);
        let (db, clock) = (house.at.db.clone(), house.at.clock.clone());
        let events = EventStore::new(db.clone(), EventIndex::new(db.clone()), clock.clone());
        let logs = ReadLogs::new(events, house.at.writer.clone(), clock.clone());
        let objects = Objects::new(db.clone(), house.accounts.clone(), logs, clock.clone());
        let archive = tempfile::tempdir().unwrap();
        let surroundings = surroundings(archive.path().to_owned());
        let integrations = Integrations::new(
            db,
            house.at.writer.clone(),
            house.accounts.clone(),
            clock,
            Keyring::new(KEY, []).unwrap(),
            surroundings,
        );
        let worker = integrations.worker(house.workspace.id);
        Self {
            house,
            objects,
            integrations,
            worker,
            archive,
        }
    }

    fn who(&self) -> Granted<ManageIntegrations> {
        self.house.ada.grant(ManageIntegrations).unwrap()
    }

    async fn try_make(&self, values: &[(&str, &str)]) -> Result<ObjectId, Told> {
        let typed: Typed = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]))
            .collect();
        let who = self
            .house
            .ada
            .grant_kind(ObjectKind::Integration, Change)
            .unwrap();
        Ok(self.objects.create_object(&who, &typed).await?.id)
    }

    async fn make(&self, values: &[(&str, &str)]) -> ObjectId {
        self.try_make(values).await.unwrap()
    }

    /// A stream of plain JSON that nothing is asked of.
    async fn stream(&self, url: &str, events: &str) -> ObjectId {
        self.make(&[
            ("name", "Log store"),
            ("type", "https"),
            ("url", url),
            ("format", "json"),
            ("events", events),
        ])
        .await
    }

    async fn secret(&self, id: ObjectId, secret: &str) -> Result<(), Told> {
        let secret = NewPassword::new(secret.to_owned());
        self.integrations
            .set_integration_secret(&self.who(), id, secret)
            .await
    }

    /// Something happens elsewhere, so often.
    async fn happens(&self, event_type: &'static str, times: usize) {
        let workspace = self.house.workspace.id;
        let sent = self.house.at.writer.change(move |tx| {
            Box::pin(async move {
                for _ in 0..times {
                    let system = Actor::named(ActorKind::System, "Helpdesk");
                    let mut body = EventBody::new(event_type, system, tx.now());
                    "helpdesk".clone_into(&mut body.source);
                    tx.record(workspace, body);
                }
                Ok(())
            })
        });
        sent.await.unwrap();
    }

    async fn settle(&mut self) {
        self.worker.settle().await.unwrap();
    }

    async fn detail(&self, id: ObjectId) -> StreamDetail {
        self.integrations.integration(&self.who(), id).await.unwrap()
    }

    async fn health(&self, id: ObjectId) -> StreamHealth {
        let health = self.detail(id).await.health;
        let all = self.integrations.integrations_health(&self.who()).await.unwrap();
        assert!(all.contains(&health), "the list says the same: {all:?}");
        health
    }

    /// What the log says, newest first.
    async fn log(&self, scope: LogScope) -> Vec<Event> {
        let at = &self.house.at;
        let store = EventStore::new(at.db.clone(), EventIndex::new(at.db.clone()), at.clock.clone());
        let who = self.house.ada.grant(ViewAuditLogs).unwrap();
        let found = store
            .records(&who, scope, &LogQuery::default(), 200)
            .await
            .unwrap()
            .0;
        let own = found
            .iter()
            .filter(|event| OwnType::from_name(&event.body.event_type).is_some());
        for event in own {
            let of = &event.body.event_type;
            assert_eq!(faults(&event.body), Vec::<String>::new(), "{of}");
        }
        found
    }

    async fn failures(&self) -> Vec<Event> {
        self.log(LogScope::One(LogKind::IntegrationFailure)).await
    }

    fn later(&self, by: Duration) {
        let seconds = i64::try_from(by.as_secs()).unwrap();
        self.house.at.clock.advance_seconds(seconds);
    }
}

fn surroundings(archive: PathBuf) -> Surroundings {
    let limits = Limits {
        time: Duration::from_secs(5),
        connect: Duration::from_secs(5),
    };
    let guard = Guard::new(["127.0.0.0/8".parse().unwrap()]);
    let sender = Sender::new(guard.clone(), limits).unwrap();
    let url = Some("https://daybook.example.org".to_owned());
    Surroundings::new(sender, guard, archive, "daybook.example.org".to_owned(), url).unwrap()
}

/// The sequences of the records in bodies of plain JSON.
fn sequences(got: &[Got]) -> Vec<i64> {
    let of_batch = |got: &Got| match got.json() {
        Value::Array(records) => records,
        other => panic!("{other}"),
    };
    let records = got.iter().flat_map(of_batch);
    records
        .map(|record| record["sequence"].as_i64().unwrap())
        .collect()
}
