//! Reading the log is itself recorded (R55): which list somebody looked at, and which record by its address, once an
//! hour each. What the lists and records say comes from the [`EventStore`]; this stands before it.
//!
//! Where nothing can be written (a full disk, say) the log can still be read: that is when it is needed most.

use crate::{local_time::Reader, record::own_event, store::EventStore, writer::Writer};
use async_trait::async_trait;
use daybook_domain::{
    Result,
    about::About,
    activity::{ActivityQuery, ActivitySummary, LogTrace},
    catalogue::{OwnType, SeenType},
    compare::{CompareQuery, Comparison},
    cursor::Cursor,
    event::{Event, MAX_TEXT_CHARS, Target},
    facet::Overview,
    id::EventId,
    log::{FilterField, LogKind, LogScope},
    page::{EventDetail, EventPage},
    permission::ViewAuditLogs,
    ports::AuditLogs,
    query::LogQuery,
    time::{Clock, Timestamp},
    viewer::{Granted, Viewer},
    work_session::day::{AgentDay, DayQuery},
};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::OnceCell;

/// Until the same is recorded again.
const AGAIN_SECONDS: i64 = 60 * 60;
/// Readings remembered; past it those are forgotten that would be recorded again soonest.
const REMEMBERED: usize = 20_000;

/// The log, to be read by people and programs. Cheap to clone.
#[derive(Clone)]
pub struct ReadLogs {
    store: EventStore,
    writer: Writer,
    clock: Arc<dyn Clock>,
    seen: Arc<Mutex<Seen>>,
}

impl fmt::Debug for ReadLogs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReadLogs")
    }
}

/// What was read, when, and whether that is recorded by now.
#[derive(Debug, Default)]
struct Seen(HashMap<(String, Read), (Timestamp, Recorded)>);

/// Set once it is recorded.
type Recorded = Arc<OnceCell<()>>;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Read {
    /// A log, and what it was narrowed to.
    List(LogScope, String),
    Record(EventId),
    /// Anything at all.
    Something,
}

impl Seen {
    /// The place where it is recorded, once: who comes second waits for it there.
    fn place(&mut self, who: &str, read: Read, now: Timestamp) -> Recorded {
        let past = now.plus_seconds(-AGAIN_SECONDS);
        if self.0.len() >= REMEMBERED {
            self.0.retain(|_, (at, _)| *at > past);
        }
        if self.0.len() >= REMEMBERED {
            self.0.clear();
        }
        let mut of = |read, recorded| {
            let fresh = || (now, Arc::new(OnceCell::new_with(recorded)));
            let place = self.0.entry((who.to_owned(), read)).or_insert_with(fresh);
            if place.0 <= past {
                *place = fresh();
            }
            Arc::clone(&place.1)
        };
        if read != Read::Something {
            // What is recorded now is something, too.
            of(Read::Something, Some(()));
        }
        of(read, None)
    }
}

impl ReadLogs {
    pub fn new(store: EventStore, writer: Writer, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            writer,
            clock,
            seen: Arc::default(),
        }
    }

    /// As [`EventStore::records`].
    ///
    /// # Errors
    /// As there.
    pub async fn records(
        &self,
        who: &Granted<ViewAuditLogs>,
        scope: LogScope,
        query: &LogQuery,
        limit: usize,
    ) -> Result<(Vec<Event>, Option<Cursor>)> {
        self.note_list(who.viewer(), scope, query).await;
        self.store.records(who, scope, query, limit).await
    }

    /// The last `most` records of a thing, oldest first, and whether there are older ones. The reader's zone and time are
    /// `reader`'s.
    ///
    /// # Errors
    /// Where the database fails.
    pub(crate) async fn history(
        &self,
        who: &Granted<ViewAuditLogs>,
        reader: &Reader,
        about: &About,
        most: usize,
    ) -> crate::Result<(Vec<Event>, bool)> {
        let own = LogQuery {
            about: Some(about.clone()),
            ..LogQuery::default()
        };
        self.note_list(who.viewer(), LogScope::All, &own).await;
        self.store.history(who.workspace(), reader, about, most).await
    }

    /// A program asks the same again and again, each time from another moment on: its list is its log.
    async fn note_list(&self, who: &Viewer, scope: LogScope, query: &LogQuery) {
        if query.expr().is_err() {
            return;
        }
        let query = LogQuery {
            columns: Vec::new(),
            tz: None,
            ..query.at(None)
        };
        let narrowed = query.to_query_string();
        let key = if who.user_id().is_some() {
            narrowed.clone()
        } else {
            String::new()
        };
        let read = Read::List(scope, key);
        let summary = if narrowed.is_empty() {
            format!("Looked at the log {}", scope.title())
        } else {
            format!("Looked at the log {}, narrowed", scope.title())
        };
        self.note(who, read, OwnType::LogViewed, move |body| {
            body.summary = Some(summary);
            body.metadata.insert("log".to_owned(), scope.slug().into());
            body.metadata.insert("query".to_owned(), narrowed.into());
        })
        .await;
    }

    async fn note_record(&self, who: &Viewer, id: EventId, event: Option<&Event>) {
        let summary = event.and_then(|event| event.body.summary.clone());
        let summary = summary.unwrap_or_else(|| id.to_string());
        self.note(who, Read::Record(id), OwnType::RecordViewed, move |body| {
            let said = format!("Looked at the record “{summary}”");
            body.summary = Some(said.chars().take(MAX_TEXT_CHARS).collect());
            let name: String = summary.chars().take(200).collect();
            body.targets = vec![Target::new("event", id.to_string(), name)];
        })
        .await;
    }

    async fn note(
        &self,
        who: &Viewer,
        read: Read,
        of: OwnType,
        tell: impl FnOnce(&mut daybook_domain::event::EventBody) + Send + 'static,
    ) {
        let now = self.clock.now();
        let place =
            self.seen
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .place(&who.actor().key(), read, now);
        let viewer = who.clone();
        let record = || async move {
            let noted = self.writer.change(move |tx| {
                Box::pin(async move {
                    let mut body = own_event(of, &viewer, tx);
                    tell(&mut body);
                    tx.record(viewer.workspace(), body);
                    Ok(())
                })
            });
            if let Err(error) = noted.await {
                tracing::warn!(error = %crate::error::chain(&error), "who read the log was not recorded");
            }
        };
        place.get_or_init(record).await;
    }
}

#[async_trait]
impl AuditLogs for ReadLogs {
    async fn list_events(
        &self,
        who: &Granted<ViewAuditLogs>,
        scope: LogScope,
        query: &LogQuery,
    ) -> Result<EventPage> {
        self.note_list(who.viewer(), scope, query).await;
        self.store.list_events(who, scope, query).await
    }

    async fn opened(
        &self,
        who: &Granted<ViewAuditLogs>,
        id: EventId,
        tz: Option<&str>,
    ) -> Result<EventDetail> {
        let detail = self.store.event(who, id, tz).await?;
        let log = detail.event.body.log;
        // Who opens a record has looked at its list, which was recorded.
        self.note(who.viewer(), Read::Something, OwnType::LogViewed, move |body| {
            body.summary = Some(format!("Looked at the log {}", log.title()));
            body.metadata
                .insert("log".to_owned(), LogScope::One(log).slug().into());
            body.metadata.insert("query".to_owned(), "".into());
        })
        .await;
        Ok(detail)
    }

    async fn event(
        &self,
        who: &Granted<ViewAuditLogs>,
        id: EventId,
        tz: Option<&str>,
    ) -> Result<EventDetail> {
        let detail = self.store.event(who, id, tz).await?;
        self.note_record(who.viewer(), id, Some(&detail.event)).await;
        Ok(detail)
    }

    async fn compare(
        &self,
        who: &Granted<ViewAuditLogs>,
        query: &CompareQuery,
        tz: Option<&str>,
    ) -> Result<Comparison> {
        let comparison = self.store.compare(who, query, tz).await?;
        self.note_record(who.viewer(), query.record, None).await;
        Ok(comparison)
    }

    async fn agent_day(&self, who: &Granted<ViewAuditLogs>, query: &DayQuery) -> Result<AgentDay> {
        let log = LogScope::One(LogKind::WorkSession);
        let list = LogQuery::default().narrowed(FilterField::Agent, query.agent.as_str());
        self.note_list(who.viewer(), log, &list).await;
        self.store.agent_day(who, query).await
    }

    async fn activity(&self, who: &Granted<ViewAuditLogs>, query: &ActivityQuery) -> Result<ActivitySummary> {
        self.note_list(who.viewer(), LogScope::All, &query.list()).await;
        self.store.activity(who, query).await
    }

    async fn trace(&self, who: &Granted<ViewAuditLogs>, about: &About) -> Result<LogTrace> {
        let trace = self.store.trace(who, about).await?;
        // Of what is gone the last record is shown, all of it.
        if let Some(gone) = &trace.deleted {
            self.note_record(who.viewer(), gone.record, None).await;
        }
        Ok(trace)
    }

    async fn overview(
        &self,
        who: &Granted<ViewAuditLogs>,
        scope: LogScope,
        query: &LogQuery,
    ) -> Result<Overview> {
        self.note_list(who.viewer(), scope, query).await;
        self.store.overview(who, scope, query).await
    }

    async fn event_types(&self, who: &Granted<ViewAuditLogs>) -> Result<Vec<SeenType>> {
        self.store.event_types(who).await
    }

    async fn logs(&self, who: &Granted<ViewAuditLogs>) -> Result<Vec<(LogScope, u64)>> {
        self.store.logs(who).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        accounts::tests::{House, granted, types},
        index::EventIndex,
        testing::on_each_database,
    };
    use daybook_domain::{id::IdMaker, ports::Users};
    use daybook_entity::user;
    use sea_orm::{EntityTrait, IntoActiveModel, Set};

    fn reading(house: &House) -> ReadLogs {
        let at = &house.at;
        let index = EventIndex::new(at.db.clone());
        let store = EventStore::new(at.db.clone(), index, at.clock.clone());
        ReadLogs::new(store, at.writer.clone(), at.clock.clone())
    }

    #[tokio::test]
    async fn each_list_is_recorded_once_an_hour() {
        on_each_database(async |at| {
            let house = House::new(at).await;
            let (logs, ada) = (reading(&house), granted(&house.ada, ViewAuditLogs));
            let before = house.events().await.len();
            let access = LogScope::One(LogKind::Access);
            // A page asks for both at once; whichever comes first, the list has the record of it.
            let all = LogQuery::default();
            let (_, page) = tokio::join!(
                logs.overview(&ada, LogScope::All, &all),
                logs.list_events(&ada, LogScope::All, &all)
            );
            assert_eq!(page.unwrap().rows[0].event_type, "audit_logs.viewed");
            let before = before + 1;
            let list = async |query: &str| {
                let query = LogQuery::parse(query).unwrap();
                logs.list_events(&ada, access, &query).await.unwrap()
            };
            let first = list("").await;
            assert_eq!(
                first.rows[0].event_type, "audit_logs.viewed",
                "recorded before it is read"
            );
            list("columns=time&open=01890000-0000-7000-8000-000000000000").await;
            logs.overview(&ada, access, &LogQuery::default()).await.unwrap();
            assert_eq!(house.events_since(before).await.len(), 1);
            list("outcome=failure").await;
            house.at.clock.advance_seconds(AGAIN_SECONDS);
            list("").await;
            let told = house.events_since(before).await;
            assert_eq!(types(&told), ["audit_logs.viewed"; 3]);
            assert_eq!(told[1].body.metadata["query"], "?outcome=failure");
            assert_eq!(told[1].body.metadata["log"], "access");
            let found = list("q=xylophonist").await;
            assert_eq!(found.rows.len(), 0, "a search doesn't find itself");
        })
        .await;
    }

    #[tokio::test]
    async fn what_somebody_did_is_not_read_in_secret() {
        on_each_database(async |at| {
            let house = House::new(at).await;
            let (logs, ada) = (reading(&house), granted(&house.ada, ViewAuditLogs));
            let bo = house.user("Bo Chen", "bo@northdesk.example", "Agent").await;
            let before = house.events().await.len();
            let query = ActivityQuery::of(bo.id.to_string(), &LogQuery::default());
            for _ in 0..2 {
                logs.activity(&ada, &query).await.unwrap();
                let known = logs.trace(&ada, &About::new("user", bo.id)).await.unwrap();
                assert_eq!((known.name.as_str(), known.deleted), ("Bo Chen", None));
            }
            let told = house.events_since(before).await;
            assert_eq!(types(&told), ["audit_logs.viewed"]);
            let asked = format!("?from=-30d&actor={}", bo.id);
            assert_eq!(told[0].body.metadata["query"], asked);

            let who = house.managing_users();
            let gone = house
                .accounts
                .delete_user(&who, bo.id, "bo@northdesk.example")
                .await;
            gone.unwrap();
            let record = house.last_event().await.id;
            for _ in 0..2 {
                let known = logs.trace(&ada, &About::new("user", bo.id)).await.unwrap();
                assert_eq!(known.deleted.map(|gone| gone.record), Some(record));
            }
            let last = house.last_event().await.body;
            assert_eq!(last.event_type, "audit_logs.record_viewed");
        })
        .await;
    }

    #[tokio::test]
    async fn who_has_done_nothing_yet_is_known_by_name() {
        on_each_database(async |at| {
            let house = House::new(at).await;
            let (logs, ada) = (reading(&house), granted(&house.ada, ViewAuditLogs));
            let bo = house.user("Bo Chen", "bo@northdesk.example", "Agent").await;
            let id = house.at.ids.next();
            let like_bo = user::Entity::find_by_id((house.workspace.id.0, bo.id.0));
            let row = like_bo.one(&house.at.db.read).await.unwrap().unwrap();
            let mut row = row.into_active_model();
            row.id = Set(id);
            row.name = Set("Cleo Marsh".to_owned());
            row.email_key = Set("cleo@northdesk.example".to_owned());
            let writer = &house.at.writer;
            let made = writer.change(move |tx| {
                Box::pin(async move {
                    let row = user::Entity::insert(row);
                    Ok(row.exec_without_returning(tx.db()).await?)
                })
            });
            made.await.unwrap();
            let known = logs.trace(&ada, &About::new("user", id)).await.unwrap();
            assert_eq!((known.name.as_str(), known.deleted), ("Cleo Marsh", None));
        })
        .await;
    }

    #[tokio::test]
    async fn whoever_reads_a_record_leaves_a_trace() {
        on_each_database(async |at| {
            let house = House::new(at).await;
            let (logs, ada) = (reading(&house), granted(&house.ada, ViewAuditLogs));
            let events = house.events().await;
            let (first, count) = (&events[0], events.len());
            for _ in 0..2 {
                logs.opened(&ada, first.id, None).await.unwrap();
                logs.event(&ada, first.id, None).await.unwrap();
            }
            let told = house.events_since(count).await;
            assert_eq!(types(&told), ["audit_logs.viewed", "audit_logs.record_viewed"]);
            assert_eq!(
                told[1].body.targets[0].id.as_deref(),
                Some(first.id.to_string().as_str())
            );
            let nothing = EventId(uuid::Uuid::from_u128(1));
            assert!(logs.event(&ada, nothing, None).await.is_err());
            assert_eq!(house.events().await.len(), count + 2);
        })
        .await;
    }
}
