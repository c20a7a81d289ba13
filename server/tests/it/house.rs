//! A Daybook with people in it, on a database of its own.

use crate::client::Client;
use axum::Router;
use daybook_backend::{
    accounts::{SetUp, Workspace},
    delivery::sealed::Keyring,
    testing::{TestDb, give_contact_session},
};
use daybook_domain::{
    account::Scope,
    catalogue::{OWN_SOURCE, faults},
    event::Event,
    id::ObjectId,
    log::LogScope,
    object::{Change, ObjectKind},
    permission::{ManageApiKeys, ManageUsers, ViewAuditLogs},
    ports::{ApiKeys, Objects as _},
    query::LogQuery,
    viewer::{RequestContext, Viewer},
};
use daybook_server::{
    Services,
    config::{Config, Settings},
    http::{AppState, router},
    outside::Outside,
};

pub const PASSWORD: &str = "brass lantern over quiet water";
pub const ADMINISTRATOR: &str = "ada@northdesk.example";
pub const AUDITOR: &str = "otto@northdesk.example";
pub const AGENT: &str = "gil@northdesk.example";

#[derive(Clone)]
pub struct House {
    pub at: TestDb,
    pub services: Services,
    pub app: Router,
}

pub fn settings() -> Settings {
    Settings::default()
}

impl House {
    /// Nobody is here yet.
    pub fn empty(at: TestDb, settings: Settings) -> Self {
        let config = Config::load(settings, None).unwrap();
        let keys = Keyring::new(&format!("{}=", "A".repeat(43)), []).unwrap();
        let mut outside = Outside::with(&config, keys).unwrap();
        outside.address = Some("https://daybook.example".to_owned());
        let services = Services::new(
            at.db.clone(),
            at.writer.clone(),
            at.clock.clone(),
            at.ids.clone(),
            outside,
        );
        let app = router(AppState::new(services.clone(), &config));
        Self { at, services, app }
    }

    /// With a workspace and its administrator.
    pub async fn new(at: TestDb) -> Self {
        Self::with(at, settings()).await
    }

    pub async fn with(at: TestDb, settings: Settings) -> Self {
        let house = Self::empty(at, settings);
        let form = SetUp {
            workspace: "Northdesk".to_owned(),
            name: "Ada Lindqvist".to_owned(),
            email: ADMINISTRATOR.to_owned(),
            password: PASSWORD.into(),
        };
        house
            .services
            .accounts
            .set_up(form, &RequestContext::default())
            .await
            .unwrap();
        house
    }

    /// With an auditor and an agent, too.
    pub async fn full(at: TestDb) -> Self {
        let house = Self::new(at).await;
        let granted = house.system().await.grant(ManageUsers).unwrap();
        for (name, email, role) in [
            ("Otto Adeyemi", AUDITOR, "Auditor"),
            ("Gil Moreau", AGENT, "Agent"),
        ] {
            let accounts = &house.services.accounts;
            accounts
                .create_user(&granted, name, email, role, PASSWORD.into())
                .await
                .unwrap();
        }
        house
    }

    pub fn client(&self) -> Client {
        Client::new(&self.app)
    }

    /// A browser in which somebody is signed in.
    pub async fn signed_in(&self, email: &str) -> Client {
        let mut client = self.client();
        let answer = client
            .form("/sign-in", &[("email", email), ("password", PASSWORD)])
            .await;
        assert_eq!((answer.status, answer.location()), (303, "/"), "{}", answer.body);
        client
    }

    /// A browser in which a contact of a company is signed in to the customer portal, with whom that is.
    pub async fn contact(&self, email: &str) -> (Client, ObjectId) {
        let who = self.system().await;
        let make = async |kind: ObjectKind, typed: [(&str, &str); 3]| {
            let granted = who.grant_kind(kind, Change).unwrap();
            let typed = typed.map(|(name, text)| (name.to_owned(), vec![text.to_owned()]));
            let made = self.services.objects.create_object(&granted, &typed.into()).await;
            made.unwrap().id
        };
        let company = [("name", "Harbor Lines"), ("portal", "true"), ("phone", "")];
        let company = make(ObjectKind::Company, company).await.to_string();
        let contact = [("name", "Ann Reyes"), ("email", email), ("company", &company)];
        let contact = make(ObjectKind::Contact, contact).await;
        let workspace = self.workspace().await.id;
        let token = give_contact_session(&self.services.writer, workspace, contact).await;
        let mut client = self.client();
        client.cookies.insert("daybook_portal".to_owned(), token);
        (client, contact)
    }

    pub async fn workspace(&self) -> Workspace {
        self.services.accounts.workspace().await.unwrap().unwrap()
    }

    pub async fn system(&self) -> Viewer {
        self.services
            .accounts
            .system_viewer(&self.workspace().await, "Test")
    }

    /// A program with a key.
    pub async fn program(&self, scopes: &[Scope]) -> Client {
        self.client().with_key(&self.key(scopes).await.1)
    }

    /// A key: its id and its secret.
    pub async fn key(&self, scopes: &[Scope]) -> (daybook_domain::id::ApiKeyId, String) {
        let granted = self.system().await.grant(ManageApiKeys).unwrap();
        let made = self
            .services
            .accounts
            .create_api_key(&granted, "helpdesk", scopes.to_vec())
            .await
            .unwrap();
        (made.thing.id, made.secret.reveal().to_owned())
    }

    /// The newest records, at most a thousand.
    pub async fn events(&self) -> Vec<Event> {
        let granted = self.system().await.grant(ViewAuditLogs).unwrap();
        let query = LogQuery::default();
        let found = self
            .services
            .events
            .records(&granted, LogScope::All, &query, 1000)
            .await;
        let events = found.unwrap().0;
        // Whatever a test is about: what Daybook itself emits is as the catalogue says.
        let own = events.iter().filter(|event| event.body.source == OWN_SOURCE);
        for event in own {
            assert_eq!(faults(&event.body), Vec::<String>::new());
        }
        events
    }

    /// Those that came from outside.
    pub async fn received(&self) -> Vec<Event> {
        let mut events = self.events().await;
        events.retain(|event| event.body.source != "daybook");
        events
    }
}
