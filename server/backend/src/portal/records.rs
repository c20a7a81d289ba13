//! What contacts see of the record. What may be shown says [`daybook_domain::portal::shown`]; here it is found and read.

use super::{
    Portal, PortalFile,
    enter::{event, sentence},
    sessions,
};
use crate::{Error, Result, objects::known_as, spreadsheet::Lines};
use daybook_domain::{
    Error as Told,
    catalogue::OwnType,
    cursor::{Cursor, CursorError, Direction},
    object::ObjectKind,
    page::PAGE_SIZE,
    portal::{ContactViewer, PortalChange, PortalList, PortalPage, PortalRecord, shown::Asker},
};
use std::str::FromStr;

/// How often more is read for a page of which the index found what isn't shown.
const ROUNDS: usize = 5;
/// Records of one part of a file.
const PART: usize = 500;
const HEAD: [&str; 7] = ["Time", "Event", "About", "By", "Outcome", "IP address", "Changes"];

impl Portal {
    async fn asker(&self, who: &ContactViewer) -> Result<Asker> {
        let known =
            |kind, id: daybook_domain::id::ObjectId| known_as(&self.0.db.read, who.workspace(), kind, id.0);
        Ok(Asker {
            company: who.company(),
            company_known: known(ObjectKind::Company, who.company()).await?,
            contact: who.contact(),
            contact_known: known(ObjectKind::Contact, who.contact()).await?,
            sees_company: who.sees_company(),
            brand: who.look().name.clone(),
        })
    }

    async fn some(
        &self,
        who: &ContactViewer,
        asker: &Asker,
        list: PortalList,
        mut from: Option<Cursor>,
        most: usize,
    ) -> Result<(Vec<PortalRecord>, Option<Cursor>)> {
        let reader = self.reader(who);
        let expr = asker.expr(list);
        let mut rows = Vec::new();
        for _ in 0..ROUNDS {
            let (found, next) = self
                .0
                .events
                .asked(who, expr.clone(), from, most - rows.len())
                .await?;
            let theirs = found.iter().filter(|event| asker.shows(list, &event.body));
            rows.extend(theirs.map(|event| asker.shown(event, reader.local(event.body.occurred_at))));
            from = next;
            if from.is_none() || rows.len() >= most {
                break;
            }
        }
        Ok((rows, from))
    }

    pub(super) async fn page_of_records(
        &self,
        who: &ContactViewer,
        list: PortalList,
        from: Option<&str>,
    ) -> Result<PortalPage<PortalRecord>> {
        let from = from.map(mark).transpose()?;
        let asker = self.asker(who).await?;
        let (rows, older) = self.some(who, &asker, list, from, PAGE_SIZE).await?;
        Ok(PortalPage {
            rows,
            older: older.map(|at| at.to_string()),
        })
    }

    /// All records of a list as CSV. That they are taken out is recorded before the first of them leaves.
    ///
    /// # Errors
    /// Where that can't be recorded.
    pub async fn records_file(
        &self,
        who: &ContactViewer,
        list: PortalList,
    ) -> daybook_domain::Result<PortalFile> {
        let outside = super::outside(who.request());
        self.note_export(who, list.name()).await.map_err(&outside)?;
        let asker = self.asker(who).await.map_err(&outside)?;
        let head = Lines::head(HEAD).map_err(&outside)?;
        let (this, who) = (self.clone(), who.clone());
        Ok(super::file(head, move |from| {
            let (this, who, asker) = (this.clone(), who.clone(), asker.clone());
            async move {
                let (rows, next) = this.some(&who, &asker, list, from, PART).await?;
                let mut lines = Lines::of_about(rows.len() * 200);
                for row in &rows {
                    lines.line(line(row))?;
                }
                Ok((lines.finish()?, next))
            }
        }))
    }

    pub(super) async fn note_export(&self, who: &ContactViewer, list: &'static str) -> Result<()> {
        let (who, workspace) = (who.clone(), self.workspace().await?);
        let noted = self.0.writer.change(move |tx| {
            Box::pin(async move {
                let member = sessions::still_here(tx, &workspace, &who).await?;
                let of = OwnType::ContactRecordsExported;
                let mut event = event(
                    of,
                    &workspace,
                    who.request(),
                    tx,
                    Some(&member),
                    Ok(()),
                    Vec::new(),
                );
                let what = match list {
                    "emails" => "email",
                    "sign-ins" => "sign-ins",
                    _ => "records",
                };
                event.summary = Some(sentence(&format!("{} took {what} out as a file", member.name)));
                event.metadata.insert("list".to_owned(), list.into());
                tx.record(workspace.id, event);
                Ok::<_, Error>(())
            })
        });
        noted.await
    }
}

/// A page mark.
fn mark(text: &str) -> Result<Cursor> {
    match Cursor::from_str(text) {
        Ok(at) if at.direction == Direction::Older => Ok(at),
        _ => Err(Told::invalid("from", CursorError.to_string()).into()),
    }
}

fn line(row: &PortalRecord) -> [String; 7] {
    let change = |change: &PortalChange| format!("{}: {} → {}", change.property, change.before, change.after);
    [
        row.at.utc.to_string(),
        row.what.clone(),
        row.about.clone().unwrap_or_default(),
        row.who.clone(),
        row.outcome.title().to_owned(),
        row.ip.clone().unwrap_or_default(),
        row.changes.iter().map(change).collect::<Vec<_>>().join("; "),
    ]
}
