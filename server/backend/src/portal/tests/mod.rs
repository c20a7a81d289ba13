//! The portal with two companies, which must not see each other, and a clock that is moved.

mod by_provider;
mod coming;
mod recorded;
mod seeing;

pub(crate) use recorded::listed;

use super::Portal;
use crate::{
    accounts::{
        secret,
        tests::{House, home},
    },
    email::tests::{link_in, set_up},
    index::EventIndex,
    ingest::{Format, Ingest},
    objects::Objects,
    reading::ReadLogs,
    store::EventStore,
    testing::TestDb,
};
use daybook_domain::{
    catalogue::{OwnType, faults},
    event::Event,
    id::ObjectId,
    object::{Change, Given, ObjectKind},
    portal::{ContactViewer, PortalList, PortalPage, PortalRecord},
    ports::{Objects as _, Portal as _},
};
use secrecy::SecretString;
use serde_json::{Value, json};

pub(super) const ANN: &str = "ann@harbor.example";
pub(super) const BEA: &str = "bea@harbor.example";
pub(super) const CARL: &str = "carl@contoso.example";
/// By which the helpdesk knows them.
pub(super) const HARBOR: &str = "7";
pub(super) const CONTOSO: &str = "8";
pub(super) const ANN_ID: &str = "71";
pub(super) const CARL_ID: &str = "81";

/// Harbor with Ann, and Bea who sees all of it; Contoso with Carl, who sees all of that.
pub(super) struct Door {
    pub house: House,
    pub objects: Objects,
    pub portal: Portal,
    pub harbor: ObjectId,
    pub contoso: ObjectId,
    pub ann: ObjectId,
}

pub(super) fn portal(house: &House) -> Portal {
    let at = &house.at;
    let events = EventStore::new(at.db.clone(), EventIndex::new(at.db.clone()), at.clock.clone());
    Portal::new(
        at.db.clone(),
        at.writer.clone(),
        house.accounts.clone(),
        events,
        at.clock.clone(),
    )
}

impl Door {
    pub async fn new(at: TestDb) -> Self {
        let house = House::new(at).await;
        set_up(&house.at, house.workspace.id).await;
        let at = &house.at;
        let events = EventStore::new(at.db.clone(), EventIndex::new(at.db.clone()), at.clock.clone());
        let logs = ReadLogs::new(events, at.writer.clone(), at.clock.clone());
        let objects = Objects::new(at.db.clone(), house.accounts.clone(), logs, at.clock.clone());
        let make = async |kind, external_id: &str, values: Value| {
            let who = house.ada.grant_kind(kind, Change).unwrap();
            let given: Given = serde_json::from_value(values).unwrap();
            let put = objects.put_object(&who, external_id, &given).await;
            put.unwrap().object.id
        };
        let (company, contact) = (ObjectKind::Company, ObjectKind::Contact);
        let brand = json!({"name": "Quayside Support", "colour": "#1F6F5C"});
        let brand = make(ObjectKind::Brand, "b1", brand).await;
        let lines = json!({"name": "Harbor Lines", "portal": true, "brand": brand});
        let harbor = make(company, HARBOR, lines).await;
        let mills = json!({"name": "Contoso Mills", "portal": true});
        let contoso = make(company, CONTOSO, mills).await;
        let all = ["records.view_company"];
        let reyes = json!({"name": "Ann Reyes", "email": ANN, "company": harbor});
        let ann = make(contact, ANN_ID, reyes).await;
        let sund = json!({"name": "Bea Sund", "email": BEA, "company": harbor, "permissions": all});
        make(contact, "72", sund).await;
        let zorn = json!({"name": "Carl Zorn", "email": CARL, "company": contoso, "permissions": all});
        make(contact, CARL_ID, zorn).await;
        Self {
            portal: portal(&house),
            house,
            objects,
            harbor,
            contoso,
            ann,
        }
    }

    /// Changes some properties of a thing.
    pub async fn change(&self, kind: ObjectKind, external_id: &str, values: Value) {
        let who = self.house.ada.grant_kind(kind, Change).unwrap();
        let given: Given = serde_json::from_value(values).unwrap();
        self.objects.put_object(&who, external_id, &given).await.unwrap();
    }

    /// Asks for a link, and waits until what comes of it is done.
    pub async fn ask(&self, address: &str, browser: &SecretString) {
        let asked = self.portal.ask_for_link(address, browser, &home()).await;
        asked.unwrap().await.unwrap();
    }

    /// What is in the newest link.
    pub async fn link(&self) -> String {
        link_in(&self.house.at, "portal/link").await
    }

    /// Signs a contact in by a link.
    pub async fn enter(&self, address: &str) -> SecretString {
        let browser = SecretString::from(secret());
        self.ask(address, &browser).await;
        let (link, request) = (self.link().await, home());
        let entered = self.portal.enter_by_link(&link, &browser, None, &request);
        entered.await.unwrap()
    }

    pub async fn seen(&self, token: &SecretString) -> Option<ContactViewer> {
        self.portal.viewer_of(token, home()).await.unwrap()
    }

    pub async fn signed_in(&self, address: &str) -> ContactViewer {
        let token = self.enter(address).await;
        self.seen(&token).await.unwrap()
    }

    /// What the helpdesk tells.
    pub async fn tell(&self, records: &[Value]) {
        let ingest = Ingest::new(self.house.at.writer.clone(), self.house.at.clock.clone());
        let body = Value::from(records.to_vec()).to_string().into();
        let workspace = self.house.workspace.id;
        let taken = ingest
            .receive(workspace, "helpdesk", Format::Json, body, true)
            .await
            .unwrap();
        assert_eq!(taken.accepted, records.len() as u64, "{taken:?}");
    }

    pub async fn records(&self, who: &ContactViewer, list: PortalList) -> PortalPage<PortalRecord> {
        self.portal.records(who, list, None).await.unwrap()
    }

    /// The newest record, which is as the catalogue says.
    pub async fn last(&self) -> Event {
        let event = self.house.last_event().await;
        let of = &event.body.event_type;
        assert!(OwnType::from_name(of).is_some(), "{of}");
        assert_eq!(faults(&event.body), Vec::<String>::new(), "{of}");
        event
    }
}
