//! Mail that others have sent, as they report it: `POST /api/v2/email-messages`.
//!
//! A message is known again by the id that its source has given it, or by those under which it went out: what is said of it
//! once more adds what has happened since, and what wasn't known of it. Nothing else changes. What is accepted is stored, what is refused says why.

use super::{
    Emails,
    known::Known,
    message::{self, NewEmail, NewEvent},
};
use crate::{
    Error, Result, accounts,
    ingest::{
        Format, ReceiveError,
        fields::{Object, Parsed, as_text, list, named, object, part, text, wrong},
        values,
    },
    record::OWN_SOURCE,
    store::{Appended, Refusal},
    writer::WriteTx,
};
use bytes::Bytes;
use daybook_domain::{
    email::{BounceType, EmailStatus, MAX_ADDRESS, address},
    event::{MAX_TEXT_CHARS, NamedRef},
    id::{IdMaker, WorkspaceId},
    time::Timestamp,
};
use daybook_entity::email_message;
use serde_json::Value;
use std::collections::HashMap;

/// Largest body of a message that is kept, in bytes.
pub const MAX_BODY: usize = 256 * 1024;
/// Most events of one message in one report.
pub const MAX_EVENTS: usize = 100;
/// Longest text by which messages are found, in characters: what a filter takes, and an index.
pub const MAX_KEY: usize = 200;
/// Messages of one transaction: others come between.
const STEP: usize = 500;
/// A time from further ahead would stay on top of every list.
const MAX_AHEAD_SECONDS: i64 = 24 * 3600;

impl Emails {
    /// Takes reports; answers once what it accepted is durable. `source` is who sends them, where they don't say.
    ///
    /// # Errors
    /// Where the body as a whole can't be taken, or not all could be written. What is sent again then is known again.
    pub async fn receive(
        &self,
        workspace: WorkspaceId,
        source: &str,
        format: Format,
        body: Bytes,
    ) -> Result<Appended, ReceiveError> {
        let (source, writer, now) = (source.to_owned(), self.0.writer.clone(), self.0.clock.now());
        let reading = tokio::task::spawn_blocking(move || read(&body, format, &source, now, writer.ids()));
        let (emails, rejected) = reading
            .await
            .map_err(|_| Error::damaged("reading a body panicked"))??;
        let mut outcome = Appended {
            rejected,
            ..Appended::default()
        };
        if emails.is_empty() {
            return Ok(outcome);
        }
        let mut rest = emails.into_iter().peekable();
        while rest.peek().is_some() {
            let some = rest.by_ref().take(STEP).collect();
            let stored = self
                .0
                .writer
                .change(move |tx| Box::pin(take(tx, workspace, some)));
            let (accepted, duplicates) = stored.await?;
            outcome.accepted += accepted;
            outcome.duplicates += duplicates;
        }
        Ok(outcome)
    }
}

type Read = (Vec<NewEmail>, Vec<Refusal>);

fn read(
    body: &[u8],
    format: Format,
    source: &str,
    now: Timestamp,
    ids: &dyn IdMaker,
) -> Result<Read, ReceiveError> {
    let (mut emails, mut refused) = (Vec::new(), Vec::new());
    for (index, value) in values(body, format)?.into_iter().enumerate() {
        match email(value, source, now, ids) {
            Ok(email) => emails.push(email),
            Err((field, reason)) => refused.push(Refusal { index, field, reason }),
        }
    }
    Ok((emails, refused))
}

/// How many were news, and how many said nothing new.
async fn take(tx: &mut WriteTx, workspace: WorkspaceId, emails: Vec<NewEmail>) -> Result<(u64, u64)> {
    accounts::lock(tx, workspace).await?;
    let (mut accepted, mut duplicates) = (0, 0);
    let mut all: Vec<NewEmail> = Vec::new();
    // Where in `all` a message stands: what is told of it twice is put together.
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    // How many further reports of a message say something that the first doesn't.
    let mut more: HashMap<Option<(String, String)>, u64> = HashMap::new();
    for email in emails {
        let key = email.source_id.clone().map(|id| (email.source.clone(), id));
        let there = key.as_ref().and_then(|key| places.get(key));
        if let Some(first) = there.and_then(|at| all.get_mut(*at)) {
            first.message_id = first.message_id.take().or(email.message_id);
            first.provider_id = first.provider_id.take().or(email.provider_id);
            let before = first.events.len();
            let news = email
                .events
                .into_iter()
                .filter(|event| !first.events.contains(event));
            let news: Vec<_> = news.collect();
            first.events.extend(news);
            if first.events.len() > before {
                *more.entry(key).or_default() += 1;
            } else {
                duplicates += 1;
            }
            continue;
        }
        if let Some(key) = key {
            places.insert(key, all.len());
        }
        all.push(email);
    }
    let mut sources: HashMap<&str, Vec<&str>> = HashMap::new();
    for (source, id) in places.keys() {
        sources.entry(source).or_default().push(id);
    }
    let mut known = HashMap::new();
    for (source, ids) in sources {
        for (id, row) in message::by_source(tx.db(), workspace, source, &ids).await? {
            known.insert((source.to_owned(), id), row);
        }
    }
    let ids = all
        .iter()
        .flat_map(|email| [&email.provider_id, &email.message_id]);
    let ids = ids.flatten().cloned().collect();
    let mut sent = Known::of(tx, workspace, ids).await?;
    let mut new = Vec::new();
    for email in all {
        let key = email.source_id.clone().map(|id| (email.source.clone(), id));
        let row = key.as_ref().and_then(|key| known.remove(key));
        let reports = 1 + more.remove(&key).unwrap_or_default();
        let is_news = if let Some(row) = row {
            add(tx, row, email).await?
        } else if let Some(row) = sent.find([&email.provider_id, &email.message_id], Some(&email.address)) {
            let (row, is_news) = Box::pin(message::adopt(tx, row, email)).await?;
            sent.put(row);
            is_news
        } else {
            new.push(email);
            true
        };
        if is_news {
            accepted += reports;
        } else {
            duplicates += reports;
        }
    }
    Box::pin(message::store(tx, workspace, new)).await?;
    Ok((accepted, duplicates))
}

/// What is said once more of a message that is known: what has happened since, and under which ids it went out. Whether
/// it is news.
async fn add(tx: &mut WriteTx, row: email_message::Model, email: NewEmail) -> Result<bool> {
    let mut is = row.clone();
    is.message_id = is.message_id.or(email.message_id);
    is.provider_id = is.provider_id.or(email.provider_id);
    let changed = is != row;
    let row = message::replace(tx, row, is).await?;
    let (_, is_news) = Box::pin(message::happened(tx, row, email.events)).await?;
    Ok(changed || is_news)
}

fn email(value: Value, source: &str, now: Timestamp, ids: &dyn IdMaker) -> Parsed<NewEmail> {
    let mut fields = object(value, "")?;
    fields.retain(|_, value| !value.is_null());
    // What isn't known here says nothing of a delivery.
    let mut unknown = Object::new();
    let (address, to_name) = recipient(&mut fields)?;
    let source = word(&mut fields, "source")?.unwrap_or_else(|| source.to_owned());
    if source.eq_ignore_ascii_case(OWN_SOURCE) {
        return wrong("source", format!("“{OWN_SOURCE}” is Daybook's own"));
    }
    let at = time(&mut fields, "", "at", now)?.unwrap_or(now);
    let id = |fields: &mut Object, field| {
        let id = word(fields, field)?;
        let bare = id.map(|id| id.trim_start_matches('<').trim_end_matches('>').to_owned());
        Ok::<_, (String, String)>(bare.filter(|id| !id.is_empty()))
    };
    let mut events = list(&mut fields, "events", &mut unknown, |value, field, _| {
        event(value, field, &source, now)
    })?;
    if events.len() > MAX_EVENTS {
        return wrong("events", format!("are more than {MAX_EVENTS}"));
    }
    if let Some(status) = line(&mut fields, "status")? {
        let status = status_of(&status, "status")?;
        let mut event = NewEvent::new(status, at, &source);
        event.bounce = (status == EmailStatus::Bounced).then_some(BounceType::Soft);
        events.push(event);
    }
    if events.is_empty() {
        events.push(NewEvent::new(EmailStatus::Sent, at, &source));
    }
    Ok(NewEmail {
        id: ids.next(),
        source_id: word(&mut fields, "id")?,
        at,
        address,
        to_name,
        sender: line(&mut fields, "from")?.unwrap_or_default(),
        subject: line(&mut fields, "subject")?.unwrap_or_default(),
        template: word(&mut fields, "template")?,
        brand: party(&mut fields, "brand")?,
        company: party(&mut fields, "company")?,
        contact: party(&mut fields, "contact")?,
        message_id: id(&mut fields, "message_id")?,
        provider_id: id(&mut fields, "provider_id")?,
        text: long(&mut fields, "text")?,
        html: long(&mut fields, "html")?,
        sealed: None,
        events,
        source,
    })
}

/// To whom: an address, or `{email, name}`.
fn recipient(fields: &mut Object) -> Parsed<(String, Option<String>)> {
    let (text, name) = match fields.remove("to") {
        None => return wrong("to", "is required"),
        Some(Value::Object(mut fields)) => (
            part(&mut fields, "to", "email")?,
            part(&mut fields, "to", "name")?,
        ),
        Some(value) => (as_text(value, "to")?, None),
    };
    let text = text.unwrap_or_default();
    // As it stands in a header: Ann Reyes <ann@harbor.example>.
    let (name, text) = match text
        .trim()
        .strip_suffix('>')
        .and_then(|text| text.rsplit_once('<'))
    {
        Some((before, inside)) => {
            let before = before.trim().trim_matches('"');
            let before = Some(before.to_owned()).filter(|before| !before.is_empty());
            (name.or(before), inside.to_owned())
        }
        None => (name, text),
    };
    let address = address(&text).map_err(|_| {
        let shown: String = text.chars().take(MAX_ADDRESS).collect();
        ("to".to_owned(), format!("“{shown}” is not one email address"))
    })?;
    fits(name.as_deref(), "to.name")?;
    Ok((address, name))
}

fn event(value: Value, field: &str, source: &str, now: Timestamp) -> Parsed<NewEvent> {
    let mut fields = object(value, field)?;
    fields.retain(|_, value| !value.is_null());
    let Some(status) = part(&mut fields, field, "status")? else {
        return wrong(format!("{field}.status"), "is required");
    };
    let status = status_of(&status, &format!("{field}.status"))?;
    let Some(at) = time(&mut fields, field, "at", now)? else {
        return wrong(format!("{field}.at"), "is required");
    };
    let bounce = match part(&mut fields, field, "bounce_type")? {
        Some(name) => Some(BounceType::from_name(&name).ok_or_else(|| {
            let names = BounceType::names().join(", ");
            (
                format!("{field}.bounce_type"),
                format!("“{name}” is not one of {names}"),
            )
        })?),
        None => (status == EmailStatus::Bounced).then_some(BounceType::Soft),
    };
    let mut short = |name: &str| {
        let text = part(&mut fields, field, name)?;
        fits(text.as_deref(), &format!("{field}.{name}"))?;
        Ok::<_, (String, String)>(text)
    };
    Ok(NewEvent {
        key: short("id")?,
        at,
        status,
        bounce: bounce.filter(|_| status == EmailStatus::Bounced),
        code: short("code")?,
        detail: short("detail")?,
        source: source.to_owned(),
        url: short("url")?,
        ip: short("ip")?,
        user_agent: short("user_agent")?,
    })
}

fn status_of(name: &str, field: &str) -> Parsed<EmailStatus> {
    EmailStatus::from_name(name).ok_or_else(|| {
        let names = EmailStatus::names().join(", ");
        (field.to_owned(), format!("“{name}” is not one of {names}"))
    })
}

fn time(fields: &mut Object, of: &str, name: &str, now: Timestamp) -> Parsed<Option<Timestamp>> {
    let field = if of.is_empty() {
        name.to_owned()
    } else {
        format!("{of}.{name}")
    };
    let Some(text) = part(fields, of, name)? else {
        return Ok(None);
    };
    let at: Timestamp = text
        .parse()
        .map_err(|error| (field.clone(), format!("“{text}” {error}")))?;
    if at > now.plus_seconds(MAX_AHEAD_SECONDS) {
        return wrong(field, format!("“{text}” lies more than a day ahead"));
    }
    Ok(Some(at))
}

fn fits(text: Option<&str>, field: &str) -> Parsed<()> {
    if text.is_some_and(|text| text.chars().count() > MAX_TEXT_CHARS) {
        return wrong(field, format!("is longer than {MAX_TEXT_CHARS} characters"));
    }
    Ok(())
}

/// A text by which messages are found, without what surrounds it.
fn word(fields: &mut Object, field: &str) -> Parsed<Option<String>> {
    let Some(text) = text(fields, field)? else {
        return Ok(None);
    };
    short(text.trim(), field)?;
    Ok(Some(text.trim().to_owned()))
}

fn short(text: &str, field: &str) -> Parsed<()> {
    if text.chars().count() > MAX_KEY {
        return wrong(field, format!("is longer than {MAX_KEY} characters"));
    }
    if text.contains(char::is_control) {
        return wrong(field, "holds a control character");
    }
    Ok(())
}

fn party(fields: &mut Object, field: &str) -> Parsed<Option<NamedRef>> {
    let party = named(fields, field, &mut Object::new())?;
    for text in party.iter().flat_map(|party| [&party.id, &party.name]).flatten() {
        short(text, field)?;
    }
    Ok(party)
}

/// A text of a line.
fn line(fields: &mut Object, field: &str) -> Parsed<Option<String>> {
    let text = text(fields, field)?;
    fits(text.as_deref(), field)?;
    Ok(text)
}

fn long(fields: &mut Object, field: &str) -> Parsed<Option<String>> {
    let text = text(fields, field)?;
    if text.as_ref().is_some_and(|text| text.len() > MAX_BODY) {
        return wrong(field, format!("is longer than {MAX_BODY} bytes"));
    }
    Ok(text)
}
