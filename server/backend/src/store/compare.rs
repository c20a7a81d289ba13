//! A thing at two moments.

use super::{EventStore, events::outside, list::Lists};
use crate::{
    Result,
    index::{Plan, search::Condition},
    local_time::Reader,
};
use daybook_domain::{
    Error,
    compare::{CompareQuery, Comparison, HISTORY, History, Moment, Point, records_until},
    event::{Event, Target},
    log::LogScope,
    page::{EventRow, sentence},
    permission::ViewAuditLogs,
    query::LogQuery,
    search::{Expr, Field, Term, Value},
    time::{End, Timestamp},
    viewer::Granted,
};

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
        let target = record
            .body
            .target()
            .and_then(|target| Some((target.kind.clone(), target.id.clone()?)));
        let (kind, id) = target.ok_or(Error::NotFound)?;
        let lists = self.lists(workspace, LogScope::All);
        let (events, more) = history(&lists, reader, &kind, &id).await?;
        let latest = events
            .last()
            .and_then(|event| thing_of(event, &kind, &id))
            .cloned();
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
}

fn thing_of<'a>(event: &'a Event, kind: &str, id: &str) -> Option<&'a Target> {
    let target = event.body.target()?;
    (target.kind == kind && target.id.as_deref() == Some(id)).then_some(target)
}

/// The records whose main target is the thing, oldest first, and whether there are older ones.
async fn history(lists: &Lists, reader: &Reader, kind: &str, id: &str) -> Result<(Vec<Event>, bool)> {
    let mut question = lists.question(&LogQuery::default(), reader).await?;
    let target = Expr::Term(Term {
        field: Some(Field::Target),
        value: Value::Text {
            text: id.to_owned(),
            prefix: false,
        },
    });
    question.conditions.push(Condition::new(None, Plan::of(&target)));
    question.text = Some(target);
    let found = super::list::again(|| Box::pin(lists.page(&question, None, HISTORY + 1))).await?;
    let more = found.events.len() > HISTORY || found.searched_to.is_some();
    let mut events = found.events;
    events.truncate(HISTORY);
    events.retain(|event| thing_of(event, kind, id).is_some());
    events.reverse();
    Ok((events, more))
}

/// A moment, and how many of the records lie before it.
fn moment(point: Point, events: &[Event], reader: &Reader) -> Result<(Moment, usize)> {
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
