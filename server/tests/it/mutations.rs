//! Every way a thing can be changed, of every kind, as every role: who may does, and who may not leaves no trace but the
//! record of the refusal.

use crate::{
    client::{Answer, Client},
    house::{ADMINISTRATOR, AGENT, AUDITOR, House},
};
use daybook_backend::testing::TestDb;
use daybook_domain::{
    id::ObjectId,
    object::{Change, KindGranted, Object, ObjectKind, See, Typed},
    ports::Objects as _,
};
use leptos::server_fn::axum::server_fn_paths;
use std::collections::BTreeSet;

/// The functions that change things, each with the rest of its form; `{id}` and `{version}` are of a thing that
/// is there, and `{other}` is a second one, as it was made.
const MUTATIONS: &[(&str, &str)] = &[
    ("/_fn/objects/create", "{required}"),
    (
        "/_fn/objects/update",
        "&id={id}&version={version}&values[external_id][]=e-{turn}",
    ),
    ("/_fn/objects/deactivate", "&id={id}"),
    ("/_fn/objects/reactivate", "&id={id}"),
    ("/_fn/objects/update_many", "&ids[]={id}&ways[{clears}]=clear"),
    ("/_fn/objects/switch_many", "&ids[]={id}&status=deactivated"),
    (
        "/_fn/objects/restore",
        "&id={id}&version={version}&at=now&properties[]=external_id",
    ),
    (
        "/_fn/objects/merge",
        "&id={id}&version={version}&with={other}&with_version=1",
    ),
    ("/_fn/objects/delete_many", "&ids[]={id}"),
    ("/_fn/objects/delete", "&id={id}"),
];

/// Functions about things that change none. Files of things are held to the same by `gate`.
const READS: [&str; 9] = [
    "/_fn/objects/became",
    "/_fn/objects/choices",
    "/_fn/objects/choose",
    "/_fn/objects/list",
    "/_fn/objects/naming",
    "/_fn/objects/page",
    "/_fn/objects/pair",
    "/_fn/objects/show",
    "/_fn/objects/then",
];

/// What a thing of a kind can't be without, with a name of its own.
fn required(kind: ObjectKind, name: &str) -> Vec<(&'static str, String)> {
    let spec = kind.spec();
    let variant = spec.variant.map(|_| "folder");
    let required = spec.properties.iter();
    let required = required.filter(|property| property.required && property.fits(variant));
    let value = |property: &str| match property {
        "email" => format!("{name}@northdesk.example"),
        "url" => format!("https://{name}.example/in"),
        "trigger" => "created".to_owned(),
        "type" => "folder".to_owned(),
        "conditions" => "vip is yes".to_owned(),
        _ => name.to_owned(),
    };
    required
        .map(|property| (property.name, value(property.name)))
        .collect()
}

async fn make(house: &House, who: &KindGranted<Change>, name: &str) -> Object {
    let typed: Typed = required(who.kind(), name)
        .into_iter()
        .map(|(property, value)| (property.to_owned(), vec![value]))
        .collect();
    house.services.objects.create_object(who, &typed).await.unwrap()
}

async fn send(client: &mut Client, path: &str, kind: ObjectKind, rest: &str) -> Answer {
    let body = format!("kind={kind}{rest}")
        .replace('[', "%5B")
        .replace(']', "%5D");
    client
        .call(path, "application/x-www-form-urlencoded", &body)
        .await
}

#[tokio::test]
async fn every_change_of_every_kind_as_every_role() {
    let there: BTreeSet<_> = server_fn_paths()
        .map(|(path, _)| path)
        .filter(|path| path.starts_with("/_fn/objects/") && !READS.contains(path))
        .collect();
    let listed: BTreeSet<_> = MUTATIONS.iter().map(|(path, _)| *path).collect();
    assert_eq!(
        there, listed,
        "a change that isn't tried, or one that isn't there"
    );

    let house = House::full(TestDb::sqlite().await).await;
    let system = house.system().await;
    let mut faults = Vec::new();
    let people = [
        (None, 401),
        (Some(AGENT), 403),
        (Some(AUDITOR), 403),
        (Some(ADMINISTRATOR), 200),
    ];
    for (email, expected) in people {
        let mut client = match email {
            Some(email) => house.signed_in(email).await,
            None => house.client(),
        };
        let is_refused = expected != 200;
        for kind in ObjectKind::ALL.iter().copied() {
            let who = system.grant_kind(kind, Change).unwrap();
            let of = email.unwrap_or("nobody").replace('@', "-");
            let mut thing = make(&house, &who, &format!("for{of}")).await;
            let other = make(&house, &who, &format!("beside{of}")).await;
            let before = house.events().await[0].sequence;
            for (turn, (path, rest)) in MUTATIONS.iter().enumerate() {
                if !is_refused {
                    thing = make(&house, &who, &format!("turn{turn}")).await;
                }
                let answer = send(&mut client, path, kind, &filled(rest, &thing, &other, turn)).await;
                if answer.status != expected {
                    faults.push(format!(
                        "{path} of {kind} for {email:?}: {} {}",
                        answer.status, answer.body
                    ));
                }
            }
            if !is_refused {
                continue;
            }
            let events = house.events().await;
            let told = events.iter().take_while(|event| event.sequence > before);
            let types: Vec<_> = told.map(|event| event.body.event_type.as_str()).collect();
            let recorded = if expected == 403 { MUTATIONS.len() } else { 0 };
            if types != vec!["access.denied"; recorded] {
                faults.push(format!("{kind} for {email:?} left {types:?}"));
            }
            let sees = system.grant_kind(kind, See).unwrap();
            let now = house.services.objects.object(&sees, thing.id).await;
            if now.as_ref().map(|now| (now.version, &now.values)) != Ok((thing.version, &thing.values)) {
                faults.push(format!("{kind} for {email:?} left {now:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn filled(rest: &str, thing: &Object, other: &Object, turn: usize) -> String {
    let (kind, ObjectId(id)) = (thing.kind, thing.id);
    let needed = required(kind, "made");
    let needed: Vec<_> = needed
        .iter()
        .map(|(name, value)| format!("&values[{name}][]={value}"))
        .collect();
    let clears = kind.spec().shared().find(|property| !property.required);
    let clears = clears.map_or("", |property| property.name);
    rest.replace("{required}", &needed.concat())
        .replace("{clears}", clears)
        .replace("{id}", &id.to_string())
        .replace("{other}", &other.id.to_string())
        .replace("{version}", &thing.version.to_string())
        .replace("{turn}", &turn.to_string())
}
