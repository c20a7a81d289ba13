//! Messages as they are stored: made or reported, and what happens to them.
//!
//! Where a message stands follows from its events ([`standing`]); what it is found by follows from its row. Both are kept
//! in the transaction that brings the events. An event that is told twice is kept once.

use super::{
    parties::Parties,
    records::{self, OURS},
    secret, suppressions, zones,
};
use crate::{
    Result,
    found::{
        Collection,
        entries::{Changes, FoundBy, Moved, searched},
    },
    rows::insert_many,
    writer::WriteTx,
};
use daybook_domain::{
    email::{
        BOUNCE, BRAND, BounceType, COMPANY, CONTACT, DOMAIN, EmailStatus, Happened, SOURCE, STATUS, TEMPLATE,
        domain_of, standing,
    },
    event::NamedRef,
    id::WorkspaceId,
    time::Timestamp,
};
use daybook_entity::{
    email_body, email_event,
    email_message::{self, Column as C},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    Value,
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// Words that one message is found by at most: its first.
const MAX_WORDS: usize = 100;
/// Events of one message past which no more is kept of how often it was seen.
const MAX_SEEN: usize = 1_000;
/// As messages are called among what is found.
const KIND: &str = "email_message";

pub(super) fn collection(workspace: WorkspaceId) -> Collection {
    Collection {
        workspace,
        kind: KIND,
    }
}

/// A message on its way in.
#[derive(Debug, Clone)]
pub(super) struct NewEmail {
    pub id: Uuid,
    pub source: String,
    pub source_id: Option<String>,
    pub at: Timestamp,
    /// As [`daybook_domain::email::address`] has it.
    pub address: String,
    pub to_name: Option<String>,
    pub sender: String,
    pub subject: String,
    pub template: Option<String>,
    pub brand: Option<NamedRef>,
    pub company: Option<NamedRef>,
    pub contact: Option<NamedRef>,
    pub message_id: Option<String>,
    pub provider_id: Option<String>,
    pub text: Option<String>,
    pub html: Option<String>,
    /// What is sent in place of the text and the HTML.
    pub sealed: Option<Sealed>,
    pub events: Vec<NewEvent>,
}

/// A body that nobody may read but who gets it.
#[derive(Debug, Clone)]
pub(super) struct Sealed {
    /// `None` where it isn't sent.
    pub bytes: Option<Vec<u8>>,
    /// Until when it is of use.
    pub until: Timestamp,
}

/// Something that has happened to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewEvent {
    /// Its id where it was told, by which it is known again.
    pub key: Option<String>,
    pub at: Timestamp,
    pub status: EmailStatus,
    pub bounce: Option<BounceType>,
    pub code: Option<String>,
    pub detail: Option<String>,
    pub source: String,
    pub url: Option<String>,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

impl NewEvent {
    pub(super) fn new(status: EmailStatus, at: Timestamp, source: &str) -> Self {
        Self {
            key: None,
            at,
            status,
            bounce: None,
            code: None,
            detail: None,
            source: source.to_owned(),
            url: None,
            ip: None,
            user_agent: None,
        }
    }

    /// What tells it from others of its message.
    fn key(&self) -> String {
        let of = match &self.key {
            Some(key) => format!("{}\n{key}", self.source),
            None => format!(
                "{}\n{}\n{}\n{}",
                self.source,
                self.status,
                self.at.micros(),
                self.url.as_deref().unwrap_or_default()
            ),
        };
        hex::encode(&Sha256::digest(of)[..16])
    }

    fn happened(&self) -> Happened {
        Happened {
            status: self.status,
            at: self.at,
            bounce: self.bounce,
        }
    }
}

fn text(value: Option<&impl AsRef<str>>) -> Value {
    value.map(|text| text.as_ref().to_owned()).into()
}

/// What a message is found by.
pub(super) fn found_by(row: &email_message::Model) -> FoundBy {
    let values = [
        (STATUS, Some(row.status.as_str())),
        (BOUNCE, row.bounce.as_deref()),
        (TEMPLATE, row.template.as_deref()),
        (BRAND, row.brand_id.as_deref()),
        (COMPANY, row.company_id.as_deref()),
        (CONTACT, row.contact_id.as_deref()),
        (DOMAIN, Some(domain_of(&row.address))),
        (SOURCE, Some(row.source.as_str())),
    ];
    let values = values.into_iter();
    let values = values.filter_map(|(field, value)| Some((field, value?.to_owned())));
    let texts = [Some(&row.address), row.to_name.as_ref(), Some(&row.subject)];
    let words = texts.into_iter().flatten().flat_map(|text| searched(text));
    FoundBy {
        values: values.collect(),
        words: words.take(MAX_WORDS).collect(),
    }
}

async fn next_number(tx: &WriteTx, workspace: WorkspaceId) -> Result<i32> {
    let last: Option<Option<i32>> = email_message::Entity::find()
        .select_only()
        .column_as(C::Number.max(), "last")
        .filter(C::WorkspaceId.eq(workspace.0))
        .into_tuple()
        .one(tx.db())
        .await?;
    Ok(last.flatten().unwrap_or_default() + 1)
}

/// Stores messages, in a transaction that holds the workspace. They are in the order in which they are given.
pub(super) async fn store(
    tx: &mut WriteTx,
    workspace: WorkspaceId,
    emails: Vec<NewEmail>,
) -> Result<Vec<email_message::Model>> {
    if emails.is_empty() {
        return Ok(Vec::new());
    }
    let parties = Parties::of(tx.db(), workspace, &emails).await?;
    let first = next_number(tx, workspace).await?;
    let (mut rows, mut bodies, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for (number, mut email) in (first..).zip(emails) {
        let mut keys = HashSet::new();
        email.events.retain(|event| keys.insert(event.key()));
        let happened: Vec<_> = email.events.iter().map(NewEvent::happened).collect();
        let (status, bounce) = standing(&happened);
        let [brand, company, contact] = parties.of_email(&email);
        let mut row = email_message::Model {
            workspace_id: workspace.0,
            id: email.id,
            number,
            source: email.source,
            source_id: email.source_id,
            at: email.at.micros(),
            status: status.name().to_owned(),
            bounce: bounce.map(|bounce| bounce.name().to_owned()),
            address: email.address,
            to_name: email.to_name,
            sender: email.sender,
            subject: email.subject,
            template: email.template,
            brand_id: brand.id,
            brand_name: brand.name,
            company_id: company.id,
            company_name: company.name,
            contact_id: contact.id,
            contact_name: contact.name,
            message_id: email.message_id,
            provider_id: email.provider_id,
            attempts: 0,
            next_at: None,
            words: String::new(),
        };
        row.words = found_by(&row).words();
        if email.text.is_some() || email.html.is_some() {
            bodies.push([
                workspace.0.into(),
                row.id.into(),
                email.text.into(),
                email.html.into(),
                email.sealed.as_ref().map(|sealed| sealed.until.micros()).into(),
                email.sealed.and_then(|sealed| sealed.bytes).into(),
            ]);
        }
        rows.push(row);
        events.push(email.events);
    }
    let stored = rows.iter().map(stored).collect();
    insert_many(tx.db(), "email_message", &COLUMNS, stored, "").await?;
    insert_many(tx.db(), "email_body", &BODY, bodies, "").await?;
    let told = rows.iter().zip(&events);
    let told = told.flat_map(|(row, events)| events.iter().map(|event| event_row(workspace, row.id, event)));
    insert_many(tx.db(), "email_event", &EVENT, told.collect(), ONCE).await?;
    zones::widen(tx.db(), workspace, &rows).await?;
    let (nothing, found): (_, Vec<_>) = (FoundBy::default(), rows.iter().map(found_by).collect());
    let made = rows.iter().zip(&found).map(|(row, is)| Moved {
        number: row.number.unsigned_abs(),
        made: true,
        was: &nothing,
        is,
    });
    Changes::of(collection(workspace), made)?.store(tx.db()).await?;
    for (row, events) in rows.iter().zip(&events) {
        for event in events {
            tell(tx, row, event).await?;
        }
    }
    Ok(rows)
}

/// Takes what has happened to a message that is stored. Whether any of it is news.
pub(super) async fn happened(
    tx: &mut WriteTx,
    row: email_message::Model,
    events: Vec<NewEvent>,
) -> Result<(email_message::Model, bool)> {
    let workspace = WorkspaceId(row.workspace_id);
    let known = events_of(tx.db(), &row).await?;
    let mut keys: HashSet<_> = known.iter().map(|event| event.event_key.clone()).collect();
    let mut room = MAX_SEEN.saturating_sub(known.len());
    let mut news = events;
    // Where a click led is where the link in it leads.
    if secret::is_in(&row) {
        for event in &mut news {
            event.url = None;
        }
    }
    news.retain(|event| {
        let is_seen = matches!(event.status, EmailStatus::Opened | EmailStatus::Clicked);
        let fits = !is_seen || room > 0;
        let is_new = fits && keys.insert(event.key());
        room = room.saturating_sub(usize::from(is_new && is_seen));
        is_new
    });
    if news.is_empty() {
        return Ok((row, false));
    }
    let told = news.iter().map(|event| event_row(workspace, row.id, event));
    insert_many(tx.db(), "email_event", &EVENT, told.collect(), ONCE).await?;
    let mut happened = known.iter().map(past).collect::<Result<Vec<_>>>()?;
    happened.extend(news.iter().map(NewEvent::happened));
    let (status, bounce) = standing(&happened);
    let mut is = row.clone();
    status.name().clone_into(&mut is.status);
    is.bounce = bounce.map(|bounce| bounce.name().to_owned());
    let is = replace(tx, row, is).await?;
    for event in &news {
        tell(tx, &is, event).await?;
    }
    Ok((is, true))
}

/// Takes a report of a message that somebody else has told of before: what wasn't known of it, and what has happened.
/// Whether any of it is news.
pub(super) async fn adopt(
    tx: &mut WriteTx,
    row: email_message::Model,
    email: NewEmail,
) -> Result<(email_message::Model, bool)> {
    let workspace = WorkspaceId(row.workspace_id);
    let parties = Parties::of(tx.db(), workspace, std::slice::from_ref(&email)).await?;
    let [brand, company, contact] = parties.of_email(&email);
    let mut is = row.clone();
    // Who sends knows it by an id; who only passes it on doesn't.
    if is.source_id.is_none() && is.source != OURS {
        is.source = email.source;
        is.source_id = email.source_id;
    }
    is.to_name = is.to_name.or(email.to_name);
    is.template = is.template.or(email.template);
    is.message_id = is.message_id.or(email.message_id);
    is.provider_id = is.provider_id.or(email.provider_id);
    for (known, said) in [(&mut is.sender, email.sender), (&mut is.subject, email.subject)] {
        if known.is_empty() {
            *known = said;
        }
    }
    if is.brand_id.is_none() {
        (is.brand_id, is.brand_name) = (brand.id, brand.name);
    }
    if is.company_id.is_none() {
        (is.company_id, is.company_name) = (company.id, company.name);
    }
    if is.contact_name.is_none() {
        (is.contact_id, is.contact_name) = (contact.id, contact.name);
    }
    is.words = found_by(&is).words();
    let is_other = is != row;
    if email.text.is_some() || email.html.is_some() {
        let body = [
            workspace.0.into(),
            row.id.into(),
            email.text.into(),
            email.html.into(),
            None::<i64>.into(),
            None::<Vec<u8>>.into(),
        ];
        let unless_kept = "ON CONFLICT (workspace_id, message_id) DO NOTHING";
        insert_many(tx.db(), "email_body", &BODY, vec![body], unless_kept).await?;
    }
    let row = replace(tx, row, is).await?;
    let (row, is_news) = happened(tx, row, email.events).await?;
    Ok((row, is_other || is_news))
}

/// Puts a message's row in place of the one that was.
pub(super) async fn replace(
    tx: &WriteTx,
    was: email_message::Model,
    is: email_message::Model,
) -> Result<email_message::Model> {
    if was == is {
        return Ok(was);
    }
    let (found_before, found) = (found_by(&was), found_by(&is));
    let row = is.clone().into_active_model().reset_all();
    email_message::Entity::update(row).exec(tx.db()).await?;
    let moved = Moved {
        number: is.number.unsigned_abs(),
        made: false,
        was: &found_before,
        is: &found,
    };
    let of = collection(WorkspaceId(is.workspace_id));
    Changes::of(of, [moved].into_iter())?.store(tx.db()).await?;
    Ok(is)
}

/// What follows from an event beyond the message: the record of a failure, and an address that is not to be mailed.
async fn tell(tx: &mut WriteTx, row: &email_message::Model, event: &NewEvent) -> Result<()> {
    records::failed(tx, row, event);
    suppressions::follow(tx, row, event).await
}

pub(super) async fn events_of(
    db: &impl ConnectionTrait,
    row: &email_message::Model,
) -> Result<Vec<email_event::Model>> {
    Ok(email_event::Entity::find()
        .filter(email_event::Column::WorkspaceId.eq(row.workspace_id))
        .filter(email_event::Column::MessageId.eq(row.id))
        .all(db)
        .await?)
}

fn past(event: &email_event::Model) -> Result<Happened> {
    Ok(Happened {
        status: super::status(&event.status)?,
        at: super::at(event.at)?,
        bounce: event.bounce.as_deref().and_then(BounceType::from_name),
    })
}

/// Messages that are stored, by the id their source has given them.
pub(super) async fn by_source(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    source: &str,
    ids: &[&str],
) -> Result<BTreeMap<String, email_message::Model>> {
    let mut found = BTreeMap::new();
    for some in ids.chunks(500) {
        let rows = email_message::Entity::find()
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Source.eq(source))
            .filter(C::SourceId.is_in(some.iter().copied()));
        for row in rows.all(db).await? {
            if let Some(id) = &row.source_id {
                found.insert(id.clone(), row);
            }
        }
    }
    Ok(found)
}

const COLUMNS: [C; 24] = [
    C::WorkspaceId,
    C::Id,
    C::Number,
    C::Source,
    C::SourceId,
    C::At,
    C::Status,
    C::Bounce,
    C::Address,
    C::ToName,
    C::Sender,
    C::Subject,
    C::Template,
    C::BrandId,
    C::BrandName,
    C::CompanyId,
    C::CompanyName,
    C::ContactId,
    C::ContactName,
    C::MessageId,
    C::ProviderId,
    C::Attempts,
    C::NextAt,
    C::Words,
];

fn stored(row: &email_message::Model) -> [Value; COLUMNS.len()] {
    [
        row.workspace_id.into(),
        row.id.into(),
        row.number.into(),
        row.source.as_str().into(),
        text(row.source_id.as_ref()),
        row.at.into(),
        row.status.as_str().into(),
        text(row.bounce.as_ref()),
        row.address.as_str().into(),
        text(row.to_name.as_ref()),
        row.sender.as_str().into(),
        row.subject.as_str().into(),
        text(row.template.as_ref()),
        text(row.brand_id.as_ref()),
        text(row.brand_name.as_ref()),
        text(row.company_id.as_ref()),
        text(row.company_name.as_ref()),
        text(row.contact_id.as_ref()),
        text(row.contact_name.as_ref()),
        text(row.message_id.as_ref()),
        text(row.provider_id.as_ref()),
        row.attempts.into(),
        row.next_at.into(),
        row.words.as_str().into(),
    ]
}

const BODY: [email_body::Column; 6] = {
    use email_body::Column as B;
    [
        B::WorkspaceId,
        B::MessageId,
        B::BodyText,
        B::BodyHtml,
        B::SealedUntil,
        B::Sealed,
    ]
};

const EVENT: [email_event::Column; 12] = {
    use email_event::Column as E;
    [
        E::WorkspaceId,
        E::MessageId,
        E::EventKey,
        E::At,
        E::Status,
        E::Bounce,
        E::Code,
        E::Detail,
        E::Source,
        E::Url,
        E::Ip,
        E::UserAgent,
    ]
};

const ONCE: &str = "ON CONFLICT (workspace_id, message_id, event_key) DO NOTHING";

/// An address that was clicked, without what only its reader may know: with a link that lets somebody choose a password, whoever
/// reads the history could.
fn without_secret(url: &str) -> String {
    for of in ["/reset/", "/invite/"] {
        if let Some((before, _)) = url.split_once(of) {
            return format!("{before}{of}…");
        }
    }
    url.to_owned()
}

fn event_row(workspace: WorkspaceId, message: Uuid, event: &NewEvent) -> [Value; EVENT.len()] {
    [
        workspace.0.into(),
        message.into(),
        event.key().into(),
        event.at.micros().into(),
        event.status.name().into(),
        event.bounce.map(BounceType::name).into(),
        text(event.code.as_ref()),
        text(event.detail.as_ref()),
        event.source.as_str().into(),
        text(event.url.as_deref().map(without_secret).as_ref()),
        text(event.ip.as_ref()),
        text(event.user_agent.as_ref()),
    ]
}
