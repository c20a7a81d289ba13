//! What a report says: how many records there were in its period and in the one before, the commonest values of some
//! filters, the way to the list, and the records as a file.

use super::{
    Reports,
    calendar::{Calendar, Period},
};
use crate::{
    Error, Result,
    email::{
        attachments::{self, Attachment},
        send::{self, OwnEmail},
        templates,
    },
    export::{Excerpt, Format, Most, excerpt},
    views,
    writer::WriteTx,
};
use chrono::Datelike;
use daybook_domain::{
    Error as Told,
    email_template::MailTemplate,
    facet::{Count, Facet},
    id::WorkspaceId,
    log::{FilterField, LogScope},
    permission::{ExportAuditLogs, ViewAuditLogs},
    ports::AuditLogs as _,
    query::LogQuery,
    regional::RegionalFormat,
    report::{MAX_BYTES, MAX_RECORDS},
    time::Timestamp,
    viewer::Viewer,
};
use daybook_entity::{
    saved_view,
    user::{self, Column as U},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::{collections::HashMap, fmt::Write as _};

/// The filters whose commonest values are told, and how many of each.
const TOLD: [FilterField; 3] = [FilterField::Actor, FilterField::EventType, FilterField::Outcome];
const VALUES: usize = 5;
/// Longest value that is told, in characters.
const MAX_CHARS: usize = 100;

/// A report, ready to be sent.
#[derive(Debug)]
pub(super) struct Made {
    /// The view's name.
    pub name: String,
    pub log: LogScope,
    /// The list, with the period.
    pub query: LogQuery,
    pub from: Timestamp,
    pub to: Timestamp,
    total: Count,
    /// How many records stand in the file.
    pub attached: u64,
    period: String,
    totals: String,
    /// Empty where it isn't known where Daybook is reached.
    link: String,
    file: Attachment,
}

impl Made {
    /// How many records there are, at most.
    pub(super) fn records(&self) -> u64 {
        self.total.number()
    }

    /// What came of it, as a sentence.
    pub(super) fn result(&self, recipients: usize) -> String {
        let to = match recipients {
            1 => "1 address".to_owned(),
            many => format!("{many} addresses"),
        };
        let count = counted(self.total, RegionalFormat::default());
        format!("It was sent for {} to {to}, with {count}.", self.period)
    }
}

impl Reports {
    /// Makes the report of a view, by the rights of who is given.
    pub(super) async fn make(
        &self,
        who: &Viewer,
        view: &saved_view::Model,
        calendar: &Calendar,
        zone: &str,
        period: Period,
    ) -> Result<Made> {
        let (exporter, reader) = (who.grant(ExportAuditLogs)?, who.grant(ViewAuditLogs)?);
        let log = views::log_of(&view.log)?;
        let own = LogQuery::parse(&view.query)
            .map_err(|_| Told::conflict("The view can't be read any more: replace it with another list."))?;
        let within = |period: Period| {
            let (from, to) = period.bounds();
            LogQuery {
                from: Some(from),
                to: Some(to),
                tz: Some(zone.to_owned()),
                ..own.at(None)
            }
        };
        let query = within(period);
        let most = Most {
            records: MAX_RECORDS,
            bytes: MAX_BYTES,
        };
        let records = excerpt(self.store(), &exporter, log, &query, most).await?;
        let now = self.store().overview(&reader, log, &query).await?;
        let before = within(calendar.previous(period));
        let before = self.store().overview(&reader, log, &before).await?.total;
        let total = if records.is_whole {
            Count::Exactly(records.records)
        } else {
            now.total
        };
        let told = now.facets.into_iter().filter(|facet| {
            // What the view narrows itself says nothing of what is in it.
            TOLD.contains(&facet.field) && !own.filters.contains_key(&facet.field)
        });
        let name = file_name(period);
        let format = who.format();
        let totals = totals(&Totals {
            total,
            before,
            records: &records,
            file: &name,
            facets: &told.collect::<Vec<_>>(),
            format,
        });
        let address = self.address();
        let link =
            address.map(|address| format!("{address}/audit-logs/{}{}", log.slug(), query.to_query_string()));
        let (from, to) = calendar.instants(period);
        Ok(Made {
            name: view.name.clone(),
            log,
            query,
            from,
            to,
            total,
            attached: records.records,
            period: spelt(period, format),
            totals,
            link: link.unwrap_or_default(),
            file: Attachment {
                name,
                media_type: Format::Csv.media_type().to_owned(),
                bytes: records.bytes,
            },
        })
    }
}

/// Has a report sent within a change: a mail to each, with the same file.
pub(super) async fn deliver(
    tx: &mut WriteTx,
    workspace: WorkspaceId,
    recipients: &[String],
    made: &Made,
) -> Result<()> {
    let known = user::Entity::find()
        .select_only()
        .columns([U::EmailKey, U::Name])
        .filter(U::WorkspaceId.eq(workspace.0))
        .filter(U::EmailKey.is_in(recipients.iter().map(String::as_str)));
    let known: HashMap<String, String> = known
        .into_tuple::<(String, String)>()
        .all(tx.db())
        .await?
        .into_iter()
        .collect();
    let mut messages = Vec::with_capacity(recipients.len());
    for to in recipients {
        let to_name = known.get(to).cloned();
        let given = [
            ("name", to_name.as_deref().unwrap_or(to)),
            ("report", made.name.as_str()),
            ("period", &made.period),
            ("totals", &made.totals),
            (templates::LINK, &made.link),
        ];
        let template = MailTemplate::Report;
        let email = OwnEmail {
            to: to.clone(),
            to_name: to_name.clone(),
            template,
            written: templates::make(tx.db(), workspace, template, &given).await?,
            secret: None,
            brand: None,
        };
        messages.push(send::queue(tx, workspace, email).await?);
    }
    attachments::attach(tx, workspace, &messages, &made.file).await
}

/// `report-2026-11-22.csv`, `report-2026-11-16-7-days.csv`, `report-2026-11.csv`: short enough for the line of a header,
/// because not every reader of mail puts the parts of a longer one together (RFC 2231).
fn file_name(period: Period) -> String {
    let Period { first, last } = period;
    let days = if first == last {
        first.to_string()
    } else if is_month(period) {
        first.format("%Y-%m").to_string()
    } else {
        format!("{first}-{}-days", (last - first).num_days() + 1)
    };
    format!("report-{days}.csv")
}

/// A period as a person reads it.
fn spelt(period: Period, format: RegionalFormat) -> String {
    let Period { first, last } = period;
    if first == last {
        format.date(first)
    } else if is_month(period) {
        first.format("%B %Y").to_string()
    } else {
        format!("{} – {}", format.date(first), format.date(last))
    }
}

/// Whether it is a whole month.
fn is_month(Period { first, last }: Period) -> bool {
    let next = last.succ_opt().unwrap_or(last);
    first.day() == 1 && next.day() == 1 && first.month() == last.month()
}

fn counted(count: Count, format: RegionalFormat) -> String {
    let number = format.number(count.number());
    match count {
        Count::Exactly(0) => "no records".to_owned(),
        Count::Exactly(1) => "1 record".to_owned(),
        Count::Exactly(_) => format!("{number} records"),
        Count::AtLeast(_) => format!("at least {number} records"),
        Count::AtMost(_) => format!("at most {number} records"),
    }
}

struct Totals<'a> {
    total: Count,
    before: Count,
    records: &'a Excerpt,
    file: &'a str,
    facets: &'a [Facet],
    format: RegionalFormat,
}

/// What was counted, a line each.
fn totals(of: &Totals<'_>) -> String {
    let format = of.format;
    let mut text = format!(
        "There are {}; in the period before there were {}.\n",
        counted(of.total, format),
        counted(of.before, format)
    );
    let said = if of.records.is_whole && of.records.records == 0 {
        String::new()
    } else if of.records.is_whole {
        format!("They are in the attached file {}.", of.file)
    } else {
        format!(
            "The attached file {} was cut: it holds the newest {} of them, because no more than {} records or {} MB are \
             sent by mail.",
            of.file,
            format.number(of.records.records),
            format.number(MAX_RECORDS),
            MAX_BYTES / 1024 / 1024,
        )
    };
    text.push_str(&said);
    for facet in of.facets.iter().filter(|facet| !facet.values.is_empty()) {
        let _ = write!(text, "\n\n{}:", facet.field.title());
        for value in facet.values.iter().take(VALUES) {
            let at_least = if facet.exact { "" } else { "at least " };
            let count = format.number(value.count);
            let _ = write!(text, "\n{}: {at_least}{count}", on_a_line(&value.label));
        }
    }
    text.trim_end().to_owned()
}

/// Whatever a value holds, it is one line among others.
fn on_a_line(label: &str) -> String {
    let words: Vec<_> = label.split_whitespace().collect();
    // What others have typed is no address that a mail program makes a link of.
    words
        .join(" ")
        .replace("://", ": //")
        .chars()
        .take(MAX_CHARS)
        .collect()
}

/// Whether making a report again may succeed, without anybody doing anything.
pub(super) fn is_passing(error: &Error) -> bool {
    matches!(
        error,
        Error::Database(_)
            | Error::Shared(_)
            | Error::Indexing { .. }
            | Error::Moved
            | Error::Stopping
            | Error::Domain(Told::Unavailable { .. })
    )
}
