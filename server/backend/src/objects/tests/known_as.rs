//! What another system sends about a thing stands in the thing's own log, under the id it has there.

use super::Desk;
use crate::testing::on_each_database;
use daybook_domain::{
    event::{Actor, ActorKind, NamedRef, Target},
    log::{LogKind, LogScope},
    object::ObjectKind as K,
};

fn types(events: &[daybook_domain::event::Event]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event.body.event_type.as_str())
        .collect()
}

#[tokio::test]
async fn a_contact_is_known_by_the_id_it_has_elsewhere() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let contact = [
            ("name", "Amina"),
            ("email", "amina@harbor.example"),
            ("external_id", "77"),
        ];
        let contact = desk.create(K::Contact, &contact).await;
        desk.send("portal.signed_in", |body| {
            body.log = LogKind::ContactAuthentication;
            body.actor = Actor::named(ActorKind::Contact, "Amina").with_id("77");
        })
        .await;
        desk.send("conversation.closed", |body| {
            body.log = LogKind::Conversation;
            body.contact = Some(NamedRef::new("77", "Amina"));
        })
        .await;
        // A ticket of the same number is no contact.
        desk.send("ticket.closed", |body| {
            body.targets = vec![Target::new("ticket", "77", "Printer")];
        })
        .await;
        let log = desk.log_of(K::Contact, contact.id).await;
        assert_eq!(types(&log), ["conversation.closed", "contact.created"]);
        let sign_ins = LogScope::One(LogKind::ContactAuthentication);
        let log = desk.log_of_in(K::Contact, contact.id, sign_ins).await;
        assert_eq!(types(&log), ["portal.signed_in"]);
    })
    .await;
}

#[tokio::test]
async fn an_agent_has_their_own_sessions() {
    on_each_database(async |at| {
        let desk = Desk::new(at).await;
        let agent = |name: &'static str, email: &'static str, id: &'static str| {
            [("name", name), ("email", email), ("external_id", id)]
        };
        let tomas = desk
            .create(K::ServiceAgent, &agent("Tomás", "tomas@northdesk.example", "a-1"))
            .await;
        desk.create(K::ServiceAgent, &agent("Mara", "mara@northdesk.example", "a-2"))
            .await;
        for (event_type, id) in [("agent.available", "a-1"), ("agent.away", "a-2")] {
            desk.send(event_type, move |body| {
                body.log = LogKind::WorkSession;
                body.actor = Actor::named(ActorKind::User, "Somebody").with_id(id);
            })
            .await;
        }
        desk.send("agent.unavailable", |body| {
            body.log = LogKind::WorkSession;
            body.targets = vec![Target::new("agent", "a-1", "Tomás")];
        })
        .await;
        let sessions = LogScope::One(LogKind::WorkSession);
        let log = desk.log_of_in(K::ServiceAgent, tomas.id, sessions).await;
        assert_eq!(types(&log), ["agent.unavailable", "agent.available"]);
        let log = desk.log_of(K::ServiceAgent, tomas.id).await;
        assert_eq!(types(&log), ["service_agent.created"]);
    })
    .await;
}
