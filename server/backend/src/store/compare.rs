//! A thing at two moments.

use super::{
    EventStore,
    events::{mark, outside, position},
    list::again,
};
use crate::{
    Result,
    index::{Plan, search::Condition},
    local_time::Reader,
};
use daybook_domain::{
    Error,
    about::About,
    compare::{CompareQuery, Comparison, HISTORY, History, Moment, Point, records_until},
    cursor::Direction,
    event::{Event, Target},
    id::WorkspaceId,
    log::LogScope,
    page::{EventRow, sentence},
    permission::ViewAuditLogs,
    query::LogQuery,
    search::{Expr, Field},
    time::{End, Timestamp},
    viewer::Granted,
};

/// Records read together.
const TOGETHER: usize = 500;

impl EventStore {
    pub(super) async fn comparison(
        &self,
        who: &Granted<ViewAuditLogs>,
        query: &CompareQuery,
        tz: Option<&str>,
    ) -> daybook_domain::Result<Comparison> {
        let compared = async {
            let reader = self.reader(who.viewer(), tz)?;
            self.compare_in(who, query, &reader).await
        };
        compared.await.map_err(outside(who.viewer()))
    }

    async fn compare_in(
        &self,
        who: &Granted<ViewAuditLogs>,
        query: &CompareQuery,
        reader: &Reader,
    ) -> Result<Comparison> {
        let workspace = who.workspace();
        let record = self.by_id(workspace, query.record).await?;
        let about = record.body.target().and_then(About::target);
        let about = about.ok_or(Error::NotFound)?;
        let (events, more) = self.history(workspace, reader, &about, HISTORY).await?;
        let latest = events.last().and_then(|event| thing_of(event, &about)).cloned();
        let thing = latest.ok_or(Error::NotFound)?;
        let (a, before) = moment(query.a, &events, reader)?;
        let (b, after) = moment(query.b, &events, reader)?;
        let (changes, same) = History::of(&events).between(before, after);
        let row = |event: &Event| EventRow::new(event, reader.local(event.body.occurred_at));
        Ok(Comparison {
            thing,
            a,
            b,
            changes,
            same,
            history: events.iter().rev().map(row).collect(),
            more,
            zone: reader.zone_name().to_owned(),
        })
    }

    /// The last `most` records whose main target is the thing, oldest first, and whether there are older ones.
    pub(crate) async fn history(
        &self,
        workspace: WorkspaceId,
        reader: &Reader,
        about: &About,
        most: usize,
    ) -> Result<(Vec<Event>, bool)> {
        let lists = self.lists(workspace, LogScope::All);
        let mut question = lists.question(&LogQuery::default(), reader).await?;
        let target = Expr::is(Field::Target, &about.id);
        question.conditions.push(Condition::new(None, Plan::of(&target)));
        question.text = Some(target);
        let (mut events, mut cursor) = (Vec::new(), None);
        loop {
            let found = again(|| Box::pin(lists.page(&question, cursor, TOGETHER))).await?;
            let last = found.events.last().map(|last| position(last, Direction::Older));
            let whole = found.events.len() >= TOGETHER;
            let further = found.searched_to.map(|at| mark(at, Direction::Older));
            cursor = further.or_else(|| last.filter(|_| whole));
            events.extend(
                found
                    .events
                    .into_iter()
                    .filter(|event| thing_of(event, about).is_some()),
            );
            if cursor.is_none() || events.len() >= most {
                break;
            }
        }
        let more = cursor.is_some() || events.len() > most;
        events.truncate(most);
        events.reverse();
        Ok((events, more))
    }
}

fn thing_of<'a>(event: &'a Event, about: &About) -> Option<&'a Target> {
    let target = event.body.target()?;
    (target.kind == about.kind && target.id.as_deref() == Some(&about.id)).then_some(target)
}

/// A moment, and how many of the records lie before it.
pub(crate) fn moment(point: Point, events: &[Event], reader: &Reader) -> Result<(Moment, usize)> {
    let of_record = |event: &Event| (event.body.occurred_at, Some(sentence(event)));
    let ((at, summary), records) = match point {
        Point::Record(id) => {
            let at = events
                .iter()
                .position(|event| event.id == id)
                .ok_or(Error::NotFound)?;
            (events.get(at).map(of_record).ok_or(Error::NotFound)?, at + 1)
        }
        Point::At(time) => {
            let at = time.resolve(End::From, reader.now(), |wall| reader.instant(wall));
            ((at, None), records_until(events, (at, i64::MAX)))
        }
        Point::Now => (
            (reader.now(), None),
            records_until(events, (Timestamp::MAX, i64::MAX)),
        ),
    };
    let moment = Moment {
        point,
        at: reader.local(at),
        summary,
    };
    Ok((moment, records))
}
