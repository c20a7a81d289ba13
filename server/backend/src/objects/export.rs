//! Everything of a list as one file for spreadsheets, streamed. It is read page by page, so what is changed meanwhile may be
//! in it as it was or as it is; each thing is in it once, unless it is renamed while it goes out.

use super::{
    Objects,
    cells::cell,
    list::slice,
    matching::Matching,
    outside,
    rows::{self, names},
};
use crate::{Result, record::own_event, spreadsheet::Lines};
use bytes::Bytes;
use daybook_domain::{
    catalogue::OwnType,
    naming::Naming,
    object::{KindGranted, Names, ObjectCursor, ObjectKind, ObjectQuery, See},
    time::Timestamp,
};
use daybook_entity::object;
use futures::{Stream, stream};
use std::io;

/// Things read together.
const TOGETHER: usize = 500;
/// The column of the status.
const STATUS_HEAD: &str = "Status";

impl Objects {
    /// The lines of a file with all that match, head first. That somebody takes them out is recorded before.
    ///
    /// # Errors
    /// `Invalid{field}` for a filter's value that can't be one.
    pub async fn export(
        &self,
        who: &KindGranted<See>,
        query: &ObjectQuery,
    ) -> daybook_domain::Result<impl Stream<Item = io::Result<Bytes>> + Send + use<>> {
        let (workspace, kind) = (who.workspace(), who.kind());
        let query = query.at(None);
        let matching = Matching::of(&self.db.read, workspace, kind, &query)
            .await
            .map_err(outside(who.viewer()))?;
        let narrowed = query.to_query_string();
        self.accounts
            .change(who.viewer(), "export things", move |tx, who| {
                Box::pin(async move {
                    let mut event = own_event(OwnType::DataExported, who, tx);
                    event.summary = Some(format!(
                        "Exported {} as CSV",
                        Naming::default().plural_in_sentence(kind)
                    ));
                    let metadata = &mut event.metadata;
                    metadata.insert("kind".to_owned(), kind.name().into());
                    metadata.insert("query".to_owned(), narrowed.into());
                    metadata.insert("format".to_owned(), "csv".into());
                    tx.record(who.workspace(), event);
                    Ok(())
                })
            })
            .await?;
        let head = head(kind).map_err(outside(who.viewer()))?;
        let db = self.db.clone();
        let first = Some((None::<ObjectCursor>, matching, query, db));
        let pages = stream::try_unfold(first, move |at| async move {
            let Some((cursor, matching, query, db)) = at else {
                return Ok::<_, io::Error>(None);
            };
            let page = async {
                let (found, _, after) = slice(&db.read, &matching, &query.at(cursor), TOGETHER).await?;
                let mut refers_to = Vec::new();
                for row in &found {
                    refers_to.extend(rows::references(kind, &rows::values(row)?));
                }
                let names = names(&db.read, workspace, refers_to).await?;
                let mut lines = Lines::of_about(found.len() * 256);
                for row in &found {
                    lines.line(line(kind, row, &names)?)?;
                }
                Result::Ok((lines.finish()?, after))
            };
            // The head has gone out: all that can be done is to break off.
            let (lines, after) = page.await.map_err(|error: crate::Error| {
                tracing::error!(error = %crate::error::chain(&error), "an export broke off");
                io::Error::other("the export broke off")
            })?;
            let next = after.map(|after| (Some(after), matching, query, db));
            Ok(Some((lines, next)))
        });
        Ok(stream::StreamExt::chain(stream::iter([Ok(head)]), pages))
    }
}

fn head(kind: ObjectKind) -> Result<Bytes> {
    let titles = kind.spec().properties.iter().map(|property| property.title);
    Lines::head(titles.chain([STATUS_HEAD, "Created", "Last changed"]))
}

fn line(kind: ObjectKind, row: &object::Model, names: &Names) -> Result<Vec<String>> {
    let values = rows::values(row)?;
    let time = |micros| {
        Timestamp::from_micros(micros)
            .map(|at| at.to_string())
            .unwrap_or_default()
    };
    let properties = kind.spec().properties.iter();
    let mut cells: Vec<_> = properties
        .map(|property| cell(property, values.get(property.name), names))
        .collect();
    cells.push(rows::status(row)?.title().to_owned());
    cells.extend([time(row.created_at), time(row.changed_at)]);
    Ok(cells)
}
