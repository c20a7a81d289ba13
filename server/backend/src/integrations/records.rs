//! What is recorded of attempts: that it fails, that it works again, what was refused.

use super::{
    Integrations, KIND, NAME,
    attempt::{Came, Sent},
    integration::Integration,
    send::wait,
};
use crate::{Result, accounts::Workspace, email::alerts, store::place, writer::WriteTx};
use daybook_domain::{
    catalogue::OwnType,
    delivery::{Failure, FailureKind},
    email_template::MailTemplate,
    event::{MAX_TEXT_CHARS, Outcome},
    id::WorkspaceId,
    permission::Permission,
    time::Timestamp,
    viewer::Viewer,
};
use daybook_entity::integration_state::Model;
use serde_json::{Value, json};

/// How long it fails the same way before that is recorded again.
const TOLD_EVERY: i64 = 60 * 60 * 1_000_000;
/// How long it fails before those who look after it are told by mail, and how long after that they are told again.
const ALERTED_AFTER: i64 = 60 * 60 * 1_000_000;
const ALERTED_AGAIN: i64 = 24 * ALERTED_AFTER;
/// Bytes of a record that name refused events: those beyond are counted.
const NAMED_BYTES: usize = 24 * 1024;

fn short(text: &str) -> String {
    text.chars().take(MAX_TEXT_CHARS).collect()
}

/// What a record of a failure says beside why.
fn details(integration: &Integration, sent: &Sent, came: &Came, behind: i64) -> Value {
    let mut details = json!({
        "to": integration.place(),
        "events": sent.events,
        "behind": behind,
        "duration_ms": u64::try_from(came.took.as_millis()).unwrap_or(u64::MAX),
    });
    if let Some((first, last)) = sent.records {
        details["first_sequence"] = first.into();
        details["last_sequence"] = last.into();
    }
    if let Some(status) = came.status {
        details["status"] = status.into();
    }
    if let Some(answer) = came.answer.as_ref().filter(|answer| !answer.is_empty()) {
        details["answer"] = answer.as_str().into();
    }
    details
}

async fn behind(tx: &WriteTx, workspace: WorkspaceId, cursor: i64) -> Result<i64> {
    Ok(place::last_sequence(tx.db(), workspace).await? - cursor)
}

/// What a record of a failure says.
struct Telling<'a> {
    of: OwnType,
    why: &'a Failure,
    summary: String,
    details: Value,
    next: Option<Timestamp>,
}

/// Records it in the log of failures.
fn tell(tx: &mut WriteTx, who: &Viewer, integration: &Integration, telling: Telling<'_>) {
    let Telling {
        of,
        why,
        summary,
        details,
        next,
    } = telling;
    let mut event = integration.event(of, who, tx, short(&summary));
    event.section = Some(integration.of_type.title().to_owned());
    event.outcome = Outcome::Failure;
    event.reason = Some(short(&why.detail));
    event.portal = None;
    let metadata = [
        ("integration_type", json!(integration.of_type.name())),
        ("failure_type", json!(why.kind.name())),
        ("details", details),
    ];
    event
        .metadata
        .extend(metadata.map(|(name, value)| (name.to_owned(), value)));
    if let Some(next) = next {
        event
            .metadata
            .insert("next_attempt_at".to_owned(), next.to_string().into());
    }
    tx.record(who.workspace(), event);
}

/// Events that the receiver won't ever take.
pub(super) fn refused(tx: &mut WriteTx, who: &Viewer, integration: &Integration, sent: &Sent, came: &Came) {
    let count = came.refused.len();
    let events = if count == 1 { "event" } else { "events" };
    let reason = came
        .refused
        .first()
        .map(|(_, reason)| reason.clone())
        .unwrap_or_default();
    let summary = format!(
        "Integration “{}” won't take {count} {events}: {reason}",
        integration.name
    );
    let mut room = NAMED_BYTES;
    let named = came.refused.iter().map_while(|(sequence, reason)| {
        let named = json!({"sequence": sequence, "reason": short(reason)});
        room = room.checked_sub(named.to_string().len())?;
        Some(named)
    });
    let named: Vec<_> = named.collect();
    let mut details = details(integration, sent, came, 0);
    details["refused_in_all"] = count.into();
    details["refused"] = named.into();
    let why = Failure::new(FailureKind::Status, reason);
    let telling = Telling {
        of: OwnType::IntegrationEventsRefused,
        why: &why,
        summary,
        details,
        next: None,
    };
    tell(tx, who, integration, telling);
}

impl Integrations {
    /// What a test came to: only where it failed there is something to tell.
    pub(super) fn tested(
        &self,
        tx: &mut WriteTx,
        workspace: &Workspace,
        integration: &Integration,
        sent: &Sent,
        came: &Came,
    ) {
        let Some(why) = &came.failure else { return };
        let who = self.0.accounts.system_viewer(workspace, NAME);
        let summary = format!(
            "The test of integration “{}” failed: {}",
            integration.name, why.detail
        );
        let mut details = details(integration, sent, came, 0);
        details["test"] = true.into();
        let telling = Telling {
            of: OwnType::IntegrationDeliveryFailed,
            why,
            summary,
            details,
            next: None,
        };
        tell(tx, &who, integration, telling);
    }

    /// After attempts that failed, one went well.
    pub(super) async fn went_well(
        &self,
        tx: &mut WriteTx,
        workspace: &Workspace,
        integration: &Integration,
        is: &mut Model,
        sent: &Sent,
    ) -> Result<()> {
        let failed_since = is.failing_since.take();
        // When it was told stays: one that fails every other time isn't told of every time.
        (is.failures, is.next_at) = (0, None);
        (is.failure, is.detail, is.alerted_at) = (None, None, None);
        let Some(since) = failed_since.filter(|since| is.told_at >= Some(*since)) else {
            return Ok(());
        };
        let who = self.0.accounts.system_viewer(workspace, NAME);
        let behind = behind(tx, workspace.id, sent.after.unwrap_or(is.cursor)).await?;
        let summary = format!("Integration “{}” works again", integration.name);
        let mut event = integration.event(OwnType::IntegrationRecovered, &who, tx, summary);
        event.portal = None;
        let since = crate::local_time::stored(since)?.to_string();
        event.metadata.insert("failing_since".to_owned(), json!(since));
        event.metadata.insert("behind".to_owned(), json!(behind));
        tx.record(workspace.id, event);
        Ok(())
    }

    /// Notes that an attempt failed, and records it where that is news. When the next one is made.
    pub(super) async fn failed(
        &self,
        tx: &mut WriteTx,
        workspace: &Workspace,
        integration: &Integration,
        is: &mut Model,
        sent: &Sent,
        came: &Came,
    ) -> Result<Timestamp> {
        let Some(why) = &came.failure else {
            return Ok(tx.now());
        };
        let now = tx.now();
        is.failures = is.failures.saturating_add(1);
        is.failing_since = is.failing_since.or(Some(now.micros()));
        let wait = wait(is.failures, came.asked, rand::random());
        let next = now.plus_micros(i64::try_from(wait.as_micros()).unwrap_or(i64::MAX));
        let known = is.failure.as_deref();
        let is_other = known.is_some_and(|known| known != why.kind.name());
        is.failure = Some(why.kind.name().to_owned());
        is.detail = Some(why.detail.clone());
        let is_long_ago = is.told_at.is_none_or(|told| now.micros() - told >= TOLD_EVERY);
        if is_other || is_long_ago {
            is.told_at = Some(now.micros());
            let who = self.0.accounts.system_viewer(workspace, NAME);
            let summary = format!("Integration “{}” failed: {}", integration.name, why.detail);
            let behind = behind(tx, workspace.id, is.cursor).await?;
            let details = details(integration, sent, came, behind);
            let telling = Telling {
                of: OwnType::IntegrationDeliveryFailed,
                why,
                summary,
                details,
                next: Some(next),
            };
            tell(tx, &who, integration, telling);
        }
        let alerted = is
            .alerted_at
            .map_or(is.failing_since, |at| Some(at + ALERTED_AGAIN - ALERTED_AFTER));
        if alerted.is_some_and(|since| now.micros() - since >= ALERTED_AFTER) {
            is.alerted_at = Some(now.micros());
            self.alert(tx, workspace, integration, is.failing_since, why)
                .await?;
        }
        Ok(next)
    }

    /// Mails those who look after integrations that one has failed for long.
    async fn alert(
        &self,
        tx: &mut WriteTx,
        workspace: &Workspace,
        integration: &Integration,
        since: Option<i64>,
        why: &Failure,
    ) -> Result<()> {
        let since = crate::local_time::stored(since.unwrap_or_else(|| tx.now().micros()))?;
        let since = since.to_datetime().format("%Y-%m-%d %H:%M UTC").to_string();
        let page = format!("{}/{}/deliveries", KIND.spec().path, integration.id);
        let link = self.0.surroundings.url.as_ref().map(|url| format!("{url}{page}"));
        let values = [
            ("integration", integration.name.as_str()),
            ("since", since.as_str()),
            // A sentence that goes on.
            ("reason", why.detail.trim_end_matches('.')),
            ("link", link.as_deref().unwrap_or_default()),
        ];
        let (to, template) = (Permission::IntegrationsManage, MailTemplate::IntegrationFailing);
        alerts::tell(tx, workspace.id, to, template, &values).await
    }
}
