//! Records as lines of a table.

use crate::{Error, Result, spreadsheet::Lines};
use bytes::Bytes;
use daybook_domain::{
    event::{Actor, Event, NamedRef},
    naming::Naming,
};
use serde::Serialize;

const COLUMNS: [&str; 45] = [
    "id",
    "sequence",
    "occurred_at",
    "recorded_at",
    "log",
    "event_type",
    "action",
    "category",
    "section",
    "summary",
    "outcome",
    "reason",
    "actor_kind",
    "actor_id",
    "actor_name",
    "actor_email",
    "actor_automation",
    "impersonator_kind",
    "impersonator_id",
    "impersonator_name",
    "impersonator_email",
    "target_kind",
    "target_id",
    "target_name",
    "targets",
    "company_id",
    "company_name",
    "contact_id",
    "contact_name",
    "conversation_id",
    "conversation_name",
    "brand_id",
    "brand_name",
    "ip",
    "user_agent",
    "portal",
    "login_source",
    "auth_method",
    "auth_id",
    "changes",
    "steps",
    "metadata",
    "correlation_id",
    "source",
    "source_event_id",
];

/// The line of names.
pub fn head() -> Result<Bytes> {
    Lines::head(COLUMNS)
}

/// A line per record.
pub fn lines(events: &[Event], naming: Naming) -> Result<Bytes> {
    let mut lines = Lines::of_about(events.len() * 512);
    for event in events {
        lines.line(cells(event, naming)?)?;
    }
    lines.finish()
}

fn cells(event: &Event, naming: Naming) -> Result<[String; COLUMNS.len()]> {
    let body = &event.body;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let section = |stored: &Option<String>| naming.section(stored.as_deref().unwrap_or_default()).to_owned();
    let part = |of: Option<&Actor>, part: fn(&Actor) -> Option<&String>| {
        of.and_then(part).cloned().unwrap_or_default()
    };
    let kind = |of: Option<&Actor>| of.map(|actor| actor.kind.name().to_owned()).unwrap_or_default();
    let id = |of: &Option<NamedRef>| of.as_ref().and_then(|of| of.id.clone()).unwrap_or_default();
    let name = |of: &Option<NamedRef>| of.as_ref().and_then(|of| of.name.clone()).unwrap_or_default();
    let (actor, impersonator) = (Some(&body.actor), body.impersonator.as_ref());
    let target = body.target();
    let automation = body
        .actor
        .automation
        .map(|automation| automation.name().to_owned());
    Ok([
        event.id.to_string(),
        event.sequence.to_string(),
        event.body.occurred_at.to_string(),
        event.recorded_at.to_string(),
        body.log.name().to_owned(),
        body.event_type.clone(),
        body.action.name().to_owned(),
        section(&body.category),
        section(&body.section),
        text(&body.summary),
        body.outcome.name().to_owned(),
        text(&body.reason),
        kind(actor),
        part(actor, |actor| actor.id.as_ref()),
        part(actor, |actor| actor.name.as_ref()),
        part(actor, |actor| actor.email.as_ref()),
        automation.unwrap_or_default(),
        kind(impersonator),
        part(impersonator, |actor| actor.id.as_ref()),
        part(impersonator, |actor| actor.name.as_ref()),
        part(impersonator, |actor| actor.email.as_ref()),
        target.map(|target| target.kind.clone()).unwrap_or_default(),
        target.and_then(|target| target.id.clone()).unwrap_or_default(),
        target.and_then(|target| target.name.clone()).unwrap_or_default(),
        json(&body.targets)?,
        id(&body.company),
        name(&body.company),
        id(&body.contact),
        name(&body.contact),
        id(&body.conversation),
        name(&body.conversation),
        id(&body.brand),
        name(&body.brand),
        body.ip.map(|ip| ip.to_string()).unwrap_or_default(),
        text(&body.user_agent),
        body.portal
            .map(|portal| portal.name().to_owned())
            .unwrap_or_default(),
        text(&body.login_source),
        body.auth
            .as_ref()
            .and_then(|auth| auth.method.clone())
            .unwrap_or_default(),
        body.auth
            .as_ref()
            .and_then(|auth| auth.id.clone())
            .unwrap_or_default(),
        json(&body.changes)?,
        json(&body.steps)?,
        if body.metadata.is_empty() {
            String::new()
        } else {
            serde_json::to_string(&body.metadata).map_err(Error::damaged)?
        },
        text(&body.correlation_id),
        body.source.clone(),
        text(&body.source_event_id),
    ])
}

/// A list as JSON; nothing for an empty one.
fn json<T: Serialize>(list: &[T]) -> Result<String> {
    if list.is_empty() {
        return Ok(String::new());
    }
    serde_json::to_string(list).map_err(Error::damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(summary: &str) -> Event {
        serde_json::from_value(json!({
            "id": "01a00000-0000-7000-8000-000000000001", "sequence": 7, "recorded_at": "2026-11-22T10:00:00.000000Z",
            "source": "test", "occurred_at": "2026-11-22T10:00:00.000000Z", "log": "activity",
            "event_type": "role.updated", "action": "update", "outcome": "success", "summary": summary,
            "actor": {"kind": "user", "name": "-2+3"}, "changes": [{"property": "Name", "before": "a", "after": "b"}],
        }))
        .unwrap()
    }

    #[test]
    fn lines_can_be_read_back_and_hold_no_formulas() {
        let events = [event("=HYPERLINK(\"http://x\")"), event("two\nlines, \"quoted\"")];
        let file = [head().unwrap(), lines(&events, Naming::default()).unwrap()].concat();
        let mut read = csv::Reader::from_reader(file.strip_prefix("\u{feff}".as_bytes()).unwrap());
        assert_eq!(read.headers().unwrap(), &COLUMNS[..]);
        let rows: Vec<_> = read.records().map(Result::unwrap).collect();
        let cell =
            |row: usize, name: &str| &rows[row][COLUMNS.iter().position(|column| *column == name).unwrap()];
        assert_eq!(cell(0, "summary"), "'=HYPERLINK(\"http://x\")");
        assert_eq!(cell(0, "actor_name"), "'-2+3");
        assert_eq!(cell(1, "summary"), "two\nlines, \"quoted\"");
        assert_eq!(
            cell(1, "changes"),
            r#"[{"after":"b","before":"a","property":"Name"}]"#
        );
        assert_eq!(cell(1, "occurred_at"), "2026-11-22T10:00:00.000000Z");
    }

    #[test]
    fn agents_are_called_as_the_reader_calls_them() {
        let mut agent = event("Changed capacity of service agent “Mara”");
        agent.body.section = Some("Service agent".into());
        agent.body.category = Some("Service agents".into());
        let members = Naming::of(daybook_domain::naming::Helpdesk::ConnectWise);
        let line = String::from_utf8(lines(&[agent], members).unwrap().to_vec()).unwrap();
        // What was said then stays as it was said.
        let expected = "role.updated,update,Members,Member,Changed capacity of service agent “Mara”";
        assert!(line.contains(expected), "{line}");
    }
}
