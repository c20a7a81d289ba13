//! The demo's directory is like anybody's: recorded, found, without drift.

use super::Desk;
use crate::{demo::things, testing::TestDb};
use daybook_domain::{
    object::{ObjectKind as K, ObjectQuery},
    ports::Objects as _,
};
use std::collections::BTreeSet;

#[tokio::test]
async fn the_demo_has_a_directory_that_its_log_knows() {
    let desk = Desk::new(TestDb::sqlite().await).await;
    let begins = "2026-05-26T12:00:00Z".parse().unwrap();
    let all = things(7);
    let ids = all
        .iter()
        .flat_map(|some| some.typed.iter().map(|thing| (some.kind, &thing["external_id"])));
    let count = ids.collect::<BTreeSet<_>>().len() as u64;
    let furnished = desk.objects.furnish(&desk.house.workspace, begins, all).await;
    assert_eq!(furnished, Ok(count));

    assert_eq!(desk.names(K::Company, "").await.len(), 50);
    let only = async |kind: K, query: &str| {
        let query = ObjectQuery::parse(kind.spec(), query).unwrap();
        let mut rows = desk
            .objects
            .list_objects(&desk.may_see(kind), &query)
            .await
            .unwrap()
            .rows;
        assert_eq!(rows.len(), 1, "{query:?}");
        let id = rows.remove(0).id;
        desk.objects.object(&desk.may_see(kind), id).await.unwrap()
    };
    // Once made, and once given its lead.
    let group = only(K::ServiceGroup, "q=Telephony").await;
    assert_eq!((group.version, group.created.utc), (2, begins));
    let recorded = desk.log_of(K::ServiceGroup, group.id).await;
    let times: Vec<_> = recorded.iter().map(|event| event.body.occurred_at).collect();
    assert_eq!(times, [begins, begins]);
    assert_eq!(desk.drifts().await, []);
}
