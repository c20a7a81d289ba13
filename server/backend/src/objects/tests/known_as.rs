//! What another system sends about a thing stands in the thing's own log, under the id it has there.

use super::{Desk, typed};
use crate::testing::{TestDb, on_each_database};
use daybook_domain::{
    Error,
    event::{Actor, ActorKind, NamedRef, Target},
    log::{LogKind, LogScope},
    naming::{Helpdesk, Naming},
    object::{Change, ManyTyped, ManyWay, ObjectKind as K},
    ports::{Imports as _, Objects as _},
};
use serde_json::json;

/// Whoever comes from another helpdesk reads the word they know also where something is refused, whichever way.
#[tokio::test]
async fn refusals_call_agents_as_the_helpdesk_does() {
    let desk = Desk::new(TestDb::sqlite().await).await;
    let member = desk.house.ada.clone().calling(Naming::of(Helpdesk::ConnectWise));
    let who = |kind| member.grant_kind(kind, Change).unwrap();
    let agent = [
        ("name", "Tomás"),
        ("email", "tomas@northdesk.example"),
        ("external_id", "a-1"),
    ];
    desk.create(K::ServiceAgent, &agent).await;
    let reason = |told: Error| match told {
        Error::Invalid { reason, .. } | Error::Conflict { reason } => reason,
        other => panic!("{other}"),
    };
    let (agents, groups) = (who(K::ServiceAgent), who(K::ServiceGroup));
    let objects = &desk.objects;
    let taken = "The member “Tomás” has this already.";
    let missing = "There is no member “Nobody”.";

    let told = objects
        .create_object(&agents, &typed(&agent[..2]))
        .await
        .unwrap_err();
    assert_eq!(reason(told), taken);
    let other = json!({"name": "Other", "email": "tomas@northdesk.example"});
    let told = objects
        .put_object(&agents, "a-2", other.as_object().unwrap())
        .await
        .unwrap_err();
    assert_eq!(reason(told), taken);
    let repairs = desk.create(K::ServiceGroup, &[("name", "Repairs")]).await;
    let lead = typed(&[("lead", "Nobody")]);
    let told = objects
        .update_object(&groups, repairs.id, 1, &lead)
        .await
        .unwrap_err();
    assert_eq!(reason(told), missing);
    let lead = ManyTyped::from([("lead".to_owned(), (ManyWay::Set, vec!["Nobody".to_owned()]))]);
    let told = objects
        .update_objects(&groups, &[repairs.id], &lead)
        .await
        .unwrap_err();
    assert_eq!(reason(told), missing);

    let bytes = "Name,Lead\nNights,Nobody\n".into();
    let id = objects.upload(&groups, "groups.csv", bytes).await.unwrap();
    let settings = objects.import(&groups, id).await.unwrap().settings;
    objects.check_import(&groups, id, settings).await.unwrap();
    let import = loop {
        let import = objects.import(&groups, id).await.unwrap();
        if !import.state.is_at_work() {
            break import;
        }
        let _done_by_the_other = objects.work(&groups, id).await;
    };
    assert_eq!(import.problems[0].reason, missing);
    let id = objects
        .upload(&agents, "agents.csv", "Colour\nblue\n".into())
        .await
        .unwrap();
    let settings = objects.import(&agents, id).await.unwrap().settings;
    let told = objects.check_import(&agents, id, settings).await.unwrap_err();
    assert!(reason(told).ends_with("nothing else tells one member from another."));
}

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
