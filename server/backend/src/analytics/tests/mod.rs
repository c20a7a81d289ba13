//! Usage on each database: that it is what the records say, whatever order they come in, and that what is closed stays.

mod counts;
mod months;

use super::Analytics;
use crate::{
    accounts::tests::House,
    store::NewEvent,
    testing::{TestDb, remove_records},
};
use daybook_domain::{
    analytics::{MonthlyReport, UsageType},
    event::{Actor, ActorKind, EventBody, NamedRef, Portal},
    id::{EventId, IdMaker},
    permission::ViewAnalytics,
    ports::Analytics as _,
    time::Timestamp,
    viewer::Granted,
};

pub(super) struct Desk {
    pub house: House,
    pub analytics: Analytics,
}

impl Desk {
    pub async fn new(at: TestDb) -> Self {
        let house = House::new(at).await;
        Self {
            analytics: of(&house),
            house,
        }
    }

    pub fn who(&self) -> Granted<ViewAnalytics> {
        self.house.ada.grant(ViewAnalytics).unwrap()
    }

    pub async fn append(&self, bodies: impl IntoIterator<Item = EventBody>) {
        append(&self.house, bodies).await;
    }

    pub async fn counted(&self, bodies: impl IntoIterator<Item = EventBody>) {
        self.append(bodies).await;
        self.analytics.settle().await.unwrap();
    }

    pub async fn reports(&self, of: UsageType) -> Vec<MonthlyReport> {
        self.analytics
            .monthly_reports(&self.who(), of, None)
            .await
            .unwrap()
    }

    /// Removes all there is, as retention does.
    pub async fn purge(&self) {
        let last = self.house.last_event().await.sequence;
        let all: Vec<_> = (1..=last).collect();
        remove_records(&self.house.at.writer, self.house.workspace.id, &all).await;
    }
}

pub(crate) fn of(house: &House) -> Analytics {
    let at = &house.at;
    Analytics::new(
        at.db.clone(),
        at.writer.clone(),
        house.accounts.clone(),
        at.clock.clone(),
    )
}

pub(crate) async fn append(house: &House, bodies: impl IntoIterator<Item = EventBody>) {
    let at = &house.at;
    let event = |mut body: EventBody| {
        body.source = "helpdesk".to_owned();
        NewEvent::new(EventId(at.ids.next()), body, 0, [0; 16]).unwrap()
    };
    let events = bodies.into_iter().map(event).collect();
    at.writer.append(house.workspace.id, events, true).await.unwrap();
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What a contact of a company does in the portal.
pub(crate) fn usage(event_type: &str, company: &str, contact: &str, when: &str) -> EventBody {
    let actor = Actor::named(ActorKind::Contact, contact.to_uppercase()).with_id(contact);
    let mut body = EventBody::new(event_type, actor, at(when));
    body.portal = Some(Portal::Customer);
    body.company = Some(NamedRef::new(company, company.to_uppercase()));
    body
}
