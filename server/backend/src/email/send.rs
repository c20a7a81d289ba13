//! Sending what is ours: put in the outbox with its cause, handed to the mail server by the worker, tried again as long as
//! there is hope. A process that is killed between handing in and recording hands in once more, with the same
//! `Message-ID`.

use super::{
    Emails, Inner, attachments, detail,
    message::{self, NewEmail, NewEvent},
    records::{self, OURS},
    secret::{self, Secret, Unsent},
    settings,
    smtp::{self, Letter, Outcome, Said, Server, Transport},
    suppressions,
    templates::{self, Written},
};
use crate::{
    Error, Result,
    delivery::{
        outbox::{self, Due, Queue},
        schedule,
        sealed::Keyring,
        worker::{Carrier, Jobs, Next},
    },
    objects,
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    catalogue::OwnType,
    email::{BounceType, EmailStatus, SuppressionReason},
    email_template::MailTemplate,
    event::NamedRef,
    id::{EmailMessageId, WorkspaceId},
    time::Timestamp,
    viewer::Viewer,
};
use daybook_entity::{email_body, email_message, mail_setting};
use futures::future::BoxFuture;
use lettre::{Address, message::Mailbox};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError},
    time::Duration,
};
use uuid::Uuid;

/// Why attempts are made: a message that is sent once more takes its way from the beginning.
const SCHEDULE: &str = "schedule";
const OVER: &str = "The link in it doesn't work any more.";

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts {
    pub text: String,
    pub html: Option<String>,
}

/// A message of ours on its way in.
#[derive(Debug, Clone)]
pub(crate) struct OwnEmail {
    /// As [`daybook_domain::email::address`] has it.
    pub to: String,
    pub to_name: Option<String>,
    pub template: MailTemplate,
    /// As others may read it.
    pub written: Written,
    /// What is sent in its place.
    pub secret: Option<Secret>,
    pub brand: Option<NamedRef>,
}

/// All mail goes to one server.
fn destination(workspace: WorkspaceId) -> Uuid {
    workspace.0
}

fn due(workspace: WorkspaceId, id: Uuid) -> Due {
    Due {
        id,
        destination: destination(workspace),
        cause: SCHEDULE.to_owned(),
    }
}

/// Has all that waits sent now.
pub(super) async fn hasten(tx: &WriteTx, workspace: WorkspaceId) -> Result<()> {
    outbox::hasten(tx.db(), workspace, destination(workspace), None, tx.now()).await?;
    Ok(())
}

/// How many messages wait for an attempt, or have one under way.
pub(super) async fn waiting(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<u64> {
    let queue = Queue {
        workspace,
        carrier: MailCarrier::NAME,
    };
    queue.waiting(db, destination(workspace)).await
}

pub(super) fn set_up(settings: &mail_setting::Model) -> Result<(), Told> {
    if settings.host.is_empty() {
        return Err(Told::conflict(
            "No mail is sent: there is no mail server. Set one up under Admin Center → Email settings first.",
        ));
    }
    Ok(())
}

/// What somebody wants sent now doesn't wait unseen.
fn not_paused(settings: &mail_setting::Model) -> Result<(), Told> {
    if settings.paused_at.is_some() {
        return Err(Told::conflict(
            "Sending is paused. Resume it under Admin Center → Email settings first.",
        ));
    }
    Ok(())
}

/// Whether there is a mail server to send with.
pub(crate) async fn is_set_up(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<bool> {
    Ok(set_up(&settings::find(db, workspace).await?).is_ok())
}

/// Has a message sent within a change. It is kept, but not sent, where its address isn't to be mailed.
///
/// # Errors
/// `Conflict` where no mail is sent.
pub(crate) async fn queue(
    tx: &mut WriteTx,
    workspace: WorkspaceId,
    email: OwnEmail,
) -> Result<email_message::Model> {
    let settings = settings::find(tx.db(), workspace).await?;
    set_up(&settings)?;
    let (id, now) = (tx.new_id(), tx.now());
    let mut events = vec![NewEvent::new(EmailStatus::Queued, now, OURS)];
    let suppressed = suppressions::of(tx.db(), workspace, &email.to).await?;
    events.extend(suppressed.map(|reason| blocked(reason, now)));
    let sender = sender(tx, workspace, &settings, email.brand.as_ref()).await?;
    let sealed = match email.secret {
        Some(secret) if suppressed.is_none() => Some(secret.sealed(workspace, id)?),
        Some(secret) => Some(secret.dropped()),
        None => None,
    };
    let new = NewEmail {
        id,
        source: OURS.to_owned(),
        source_id: None,
        at: now,
        message_id: Some(format!("{}@{}", id.simple(), sender.email.domain())),
        address: email.to,
        to_name: email.to_name,
        sender: sender.to_string(),
        subject: email.written.subject,
        template: Some(email.template.name().to_owned()),
        brand: email.brand,
        company: None,
        contact: None,
        provider_id: None,
        text: Some(email.written.parts.text),
        html: email.written.parts.html,
        sealed,
        events,
    };
    let mut row = Box::pin(message::store(tx, workspace, vec![new]))
        .await?
        .pop()
        .ok_or_else(|| Error::damaged("a message that was stored is gone"))?;
    if suppressed.is_none() {
        row = wait_until(tx, row, now).await?;
        let due = due(workspace, id);
        outbox::put(tx.db(), workspace, MailCarrier::NAME, vec![due], now).await?;
    }
    Ok(row)
}

async fn wait_until(tx: &WriteTx, row: email_message::Model, at: Timestamp) -> Result<email_message::Model> {
    let mut is = row.clone();
    is.next_at = Some(at.micros());
    message::replace(tx, row, is).await
}

fn blocked(reason: SuppressionReason, at: Timestamp) -> NewEvent {
    let mut event = NewEvent::new(EmailStatus::Suppressed, at, OURS);
    event.detail = Some(suppressions::why(reason));
    event
}

/// A message that says that it is a test.
pub(super) async fn test(tx: &mut WriteTx, who: &Viewer, to: String) -> Result<EmailMessageId> {
    not_paused(&settings::find(tx.db(), who.workspace()).await?)?;
    let sender = who.actor().label();
    let template = MailTemplate::Test;
    let email = OwnEmail {
        to,
        to_name: None,
        template,
        written: templates::make(tx.db(), who.workspace(), template, &[("sender", &sender)]).await?,
        secret: None,
        brand: None,
    };
    let row = queue(tx, who.workspace(), email).await?;
    let summary = format!("Sent a test email to {}", row.address);
    records::done(tx, who, OwnType::EmailTested, &row, summary);
    Ok(EmailMessageId(row.id))
}

/// One more attempt; of a message that waits the next, now.
pub(super) async fn resend(tx: &mut WriteTx, who: &Viewer, id: EmailMessageId) -> Result<()> {
    let (workspace, now) = (who.workspace(), tx.now());
    let row = detail::find(tx.db(), workspace, id).await?;
    let Some(body) = detail::body(tx.db(), &row).await?.filter(|_| row.source == OURS) else {
        let reason =
            "This message isn't Daybook's own, or what it says isn't kept: it can't be sent again from here.";
        return Err(Told::conflict(reason).into());
    };
    if secret::is_gone(&body, now) {
        return Err(Told::conflict(
            "The link in this message was for its reader alone. It isn't kept once the message was sent or given up, so \
             the message can't be sent again: have a new link sent instead.",
        )
        .into());
    }
    let settings = settings::find(tx.db(), workspace).await?;
    set_up(&settings)?;
    not_paused(&settings)?;
    let row = if row.next_at.is_some() {
        let destination = destination(workspace);
        let hastened = outbox::hasten(tx.db(), workspace, destination, Some(row.id), now).await?;
        if hastened == 0 {
            return Err(Told::conflict("An attempt is under way. See first what comes of it.").into());
        }
        row
    } else {
        let due = due(workspace, row.id);
        outbox::put(tx.db(), workspace, MailCarrier::NAME, vec![due], now).await?;
        let queued = NewEvent::new(EmailStatus::Queued, now, OURS);
        Box::pin(message::happened(tx, row, vec![queued])).await?.0
    };
    let mut is = row.clone();
    is.next_at = Some(now.micros());
    is.attempts = 0;
    let row = message::replace(tx, row, is).await?;
    let summary = format!("Sent “{}” to {} again", row.subject, row.address);
    records::done(tx, who, OwnType::EmailResent, &row, summary);
    Ok(())
}

/// From whom a message is: its brand, where that has an address of its own.
async fn sender(
    tx: &WriteTx,
    workspace: WorkspaceId,
    settings: &mail_setting::Model,
    brand: Option<&NamedRef>,
) -> Result<Mailbox> {
    if let Some(id) = brand.and_then(|brand| brand.id.as_ref())
        && let Some((name, address)) = objects::meant::sender_of_brand(tx.db(), workspace, id).await?
    {
        return mailbox(name, &address).map_err(Error::damaged);
    }
    let name = Some(settings.from_name.clone()).filter(|name| !name.is_empty());
    mailbox(name, &settings.from_address).map_err(Error::damaged)
}

fn mailbox(name: Option<String>, address: &str) -> Result<Mailbox, String> {
    let address: Address = address
        .parse()
        .map_err(|error| format!("“{address}” is no address: {error}"))?;
    Ok(Mailbox::new(name, address))
}

/// Hands mail in from the outbox.
pub(super) struct MailCarrier(pub Emails);

/// What an attempt needs, or what comes instead of it.
pub(super) enum Job {
    Send(Transport, Box<Letter>),
    Instead(Instead),
}

/// What is known without an attempt.
pub(super) enum Instead {
    /// The address isn't to be mailed.
    Blocked(SuppressionReason),
    /// Something of ours is amiss that somebody may mend, as a sentence.
    Amiss(String),
    /// No message can be made of it, whoever mends what.
    Unsendable(String),
    /// The message is gone.
    Gone,
}

pub(super) enum Made {
    Attempted(Outcome),
    Instead(Instead),
}

impl Carrier for MailCarrier {
    const NAME: &'static str = "email";
    type Job = Job;
    type Attempted = Made;

    fn destinations(&self, workspace: WorkspaceId, _now: Timestamp) -> BoxFuture<'_, Result<Vec<Uuid>>> {
        Box::pin(async move {
            let settings = settings::find(&self.0.0.db.read, workspace).await?;
            let goes = settings.paused_at.is_none();
            Ok(goes.then(|| destination(workspace)).into_iter().collect())
        })
    }

    fn load<'a>(&'a self, workspace: WorkspaceId, due: &'a [&'a Due]) -> BoxFuture<'a, Result<Jobs<Job>>> {
        Box::pin(self.jobs(workspace, due))
    }

    async fn attempt(self: Arc<Self>, job: Job) -> Made {
        match job {
            Job::Send(transport, letter) => Made::Attempted(smtp::hand_in(&transport, *letter).await),
            Job::Instead(instead) => Made::Instead(instead),
        }
    }

    fn record<'t>(&'t self, tx: &'t mut WriteTx, due: &'t Due, made: Made) -> BoxFuture<'t, Result<Next>> {
        Box::pin(self.made(tx, due, made))
    }
}

impl MailCarrier {
    async fn jobs(&self, workspace: WorkspaceId, due: &[&Due]) -> Result<Jobs<Job>> {
        let Inner { db, keys, clock, .. } = &*self.0.0;
        let now = clock.now();
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let ids = || due.iter().map(|due| due.id);
        let rows = email_message::Entity::find()
            .filter(email_message::Column::WorkspaceId.eq(workspace.0))
            .filter(email_message::Column::Id.is_in(ids()))
            .all(&db.read)
            .await?;
        let bodies = email_body::Entity::find()
            .filter(email_body::Column::WorkspaceId.eq(workspace.0))
            .filter(email_body::Column::MessageId.is_in(ids()))
            .all(&db.read)
            .await?;
        let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();
        let mut bodies: HashMap<_, _> = bodies.into_iter().map(|body| (body.message_id, body)).collect();
        let settings = settings::find(&db.read, workspace).await?;
        let transport = self.0.transport(&settings, keys);
        let mut jobs = Vec::with_capacity(due.len());
        for due in due {
            let (Some(row), Some(body)) = (rows.remove(&due.id), bodies.remove(&due.id)) else {
                jobs.push(Job::Instead(Instead::Gone));
                continue;
            };
            let suppressed = suppressions::of(&db.read, workspace, &row.address).await?;
            let parts = secret::to_send(body, keys, now);
            jobs.push(match (suppressed, parts, &transport) {
                (Some(reason), ..) => Job::Instead(Instead::Blocked(reason)),
                (_, Err(Unsent::Over), _) => Job::Instead(Instead::Unsendable(OVER.to_owned())),
                (_, _, Err(why)) => Job::Instead(Instead::Amiss(why.clone())),
                (_, Err(Unsent::Sealed(why)), _) => Job::Instead(Instead::Amiss(format!(
                    "What is to be sent can't be opened: {why}."
                ))),
                (None, Ok(parts), Ok(transport)) => match letter(&settings, row, parts) {
                    Ok(letter) => Job::Send(transport.clone(), Box::new(letter)),
                    Err(why) => Job::Instead(Instead::Unsendable(why)),
                },
            });
        }
        for (due, job) in due.iter().zip(&mut jobs) {
            let Job::Send(_, letter) = job else { continue };
            match attachments::of(&db.read, workspace, due.id).await {
                Ok(attached) => letter.attachments = attached,
                Err(Error::Damaged(why)) => *job = Job::Instead(Instead::Unsendable(format!("{why}."))),
                Err(error) => return Err(error),
            }
        }
        Ok(jobs)
    }

    async fn made(&self, tx: &mut WriteTx, due: &Due, made: Made) -> Result<Next> {
        let workspace = WorkspaceId(due.destination);
        let (now, id) = (tx.now(), EmailMessageId(due.id));
        let row = match detail::find(tx.db(), workspace, id).await {
            Ok(row) => row,
            Err(Error::Domain(Told::NotFound)) => return Ok(Next::Never),
            Err(error) => return Err(error),
        };
        // What is amiss here counts, too, or it would be tried for ever.
        let attempts = row.attempts + 1;
        let short_lived = [MailTemplate::PasswordReset, MailTemplate::PortalLink];
        let is_short_lived = short_lived
            .iter()
            .any(|of| row.template.as_deref() == Some(of.name()));
        let mut next = None;
        let mut told = |status, said: Said, bounce| {
            let mut event = NewEvent::new(status, now, OURS);
            event.code = said.code;
            event.detail = Some(said.detail).filter(|detail| !detail.is_empty());
            event.bounce = bounce;
            event
        };
        let event = match made {
            Made::Instead(Instead::Gone) => return Ok(Next::Never),
            Made::Instead(Instead::Blocked(reason)) => blocked(reason, now),
            Made::Attempted(Outcome::Taken(said)) => told(EmailStatus::Sent, said, None),
            Made::Attempted(Outcome::Refused(bounce, said)) => told(EmailStatus::Bounced, said, Some(bounce)),
            Made::Attempted(Outcome::Later(said)) => {
                next = again(attempts, is_short_lived, now);
                given_up_or_later(&mut told, said, next)
            }
            Made::Instead(Instead::Unsendable(detail)) => told(
                EmailStatus::Bounced,
                Said { code: None, detail },
                Some(BounceType::Blocked),
            ),
            Made::Instead(Instead::Amiss(detail)) => {
                next = again(attempts, is_short_lived, now);
                given_up_or_later(&mut told, Said { code: None, detail }, next)
            }
        };
        let (row, _) = Box::pin(message::happened(tx, row, vec![event])).await?;
        let mut is = row.clone();
        is.attempts = attempts;
        is.next_at = next.map(Timestamp::micros);
        let row = message::replace(tx, row, is).await?;
        if next.is_none() {
            secret::forget(tx, &row).await?;
        }
        Ok(next.map_or(Next::Never, Next::At))
    }
}

/// The longest that a message waits whose link soon doesn't work any more.
const SHORT_WAIT: Duration = Duration::from_mins(2);

/// When a message is tried again that has failed for the so many-th time.
fn again(failed: i32, is_short_lived: bool, now: Timestamp) -> Option<Timestamp> {
    let failed = usize::try_from(failed).unwrap_or(usize::MAX);
    let wait = schedule::wait(failed, None, rand::random());
    // It is over once its link is.
    let wait = if is_short_lived {
        wait.unwrap_or(SHORT_WAIT).min(SHORT_WAIT)
    } else {
        wait?
    };
    Some(now.plus_micros(i64::try_from(wait.as_micros()).unwrap_or(i64::MAX)))
}

fn given_up_or_later(
    told: &mut impl FnMut(EmailStatus, Said, Option<BounceType>) -> NewEvent,
    said: Said,
    next: Option<Timestamp>,
) -> NewEvent {
    if next.is_some() {
        return told(EmailStatus::Deferred, said, None);
    }
    let detail = format!("Given up. {}", said.detail);
    told(
        EmailStatus::Bounced,
        Said { detail, ..said },
        Some(BounceType::Soft),
    )
}

fn letter(settings: &mail_setting::Model, row: email_message::Model, parts: Parts) -> Result<Letter, String> {
    let from: Mailbox = row
        .sender
        .parse()
        .map_err(|_| format!("“{}” is no sender", row.sender))?;
    // Who answers a brand means the brand.
    let is_brands = row.brand_id.is_some() && from.email.to_string() != settings.from_address;
    let reply_to = Some(&settings.reply_to).filter(|address| !address.is_empty() && !is_brands);
    Ok(Letter {
        from,
        reply_to: reply_to.map(|address| mailbox(None, address)).transpose()?,
        to: mailbox(row.to_name, &row.address)?,
        subject: row.subject,
        message_id: row.message_id.unwrap_or_else(|| row.id.simple().to_string()),
        date: u64::try_from(row.at / 1_000_000).unwrap_or_default(),
        text: parts.text,
        html: parts.html,
        attachments: Vec::new(),
    })
}

impl Emails {
    /// What hands mail in by the settings, or why nothing does.
    fn transport(&self, settings: &mail_setting::Model, keys: &Keyring) -> Result<Transport, String> {
        let mut kept = self.0.transport.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, transport)) = &*kept
            && of == settings
        {
            return transport.clone();
        }
        let made = made_of(settings, keys);
        *kept = Some((settings.clone(), made.clone()));
        made
    }
}

fn made_of(settings: &mail_setting::Model, keys: &Keyring) -> Result<Transport, String> {
    if settings.host.is_empty() {
        return Err("There is no mail server any more.".to_owned());
    }
    let password = settings::password(settings, keys)
        .map_err(|why| format!("The mail server's password can't be opened: {why}. Set it again."))?;
    smtp::transport(&Server {
        host: settings.host.clone(),
        port: settings
            .port
            .try_into()
            .map_err(|_| "The port is no port.".to_owned())?,
        security: settings::security(settings).map_err(|error| error.to_string())?,
        credentials: password.map(|password| (settings.username.clone(), password)),
    })
}
