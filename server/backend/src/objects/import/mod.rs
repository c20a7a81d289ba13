//! Files of things: looked at when they come in, given a meaning, tried, stored.
//!
//! Trying and storing go over the same lines in the same way ([`lines`]), some at a time; what is stored of them, how far
//! the import is, and the records are one transaction. So an import that the server's end interrupts goes on where it was,
//! and two that work on the same don't get in each other's way: the second finds that its lines are done.

mod file;
mod lines;
mod stored;
mod work;

#[cfg(test)]
pub(super) use work::STORED;

use super::{Objects, outside};
use crate::{Error, Result, spreadsheet::Lines};
use async_trait::async_trait;
use bytes::Bytes;
use daybook_domain::{
    Error as Told,
    id::ImportId,
    object::{Change, ColumnMeaning, Import, ImportSettings, ImportState, KindGranted, MAX_IMPORT_BYTES},
    ports,
};
use daybook_entity::{
    object_import::{self, Column as C},
    object_import_content,
};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use std::collections::BTreeSet;

/// Longest name of a file, in characters.
const FILE_CHARS: usize = 200;

impl Objects {
    /// Takes a file in and looks at its columns.
    ///
    /// # Errors
    /// `Invalid{field: "file"}` where it can't be read.
    pub async fn upload(
        &self,
        who: &KindGranted<Change>,
        file: &str,
        bytes: Bytes,
    ) -> daybook_domain::Result<ImportId> {
        if bytes.len() > MAX_IMPORT_BYTES {
            let most = MAX_IMPORT_BYTES / 1024 / 1024;
            return Err(Told::invalid(
                "file",
                format!("The file is larger than {most} MiB."),
            ));
        }
        let kind = who.kind();
        let look = move || -> Result<_> {
            let text = file::text(&bytes)?;
            let table = file::table(&text)?;
            let (columns, settings) = file::columns(kind, &table);
            Ok((stored::packed(&text)?, table.lines.len(), columns, settings))
        };
        let looked = tokio::task::spawn_blocking(look)
            .await
            .map_err(Error::damaged)
            .flatten();
        let (content, lines, columns, settings) = looked.map_err(outside(who.viewer()))?;
        let (columns, settings) = serde_json::to_string(&columns)
            .and_then(|columns| Ok((columns, serde_json::to_string(&settings)?)))
            .map_err(|error| outside(who.viewer())(Error::damaged(error)))?;
        let name: String = file
            .chars()
            .filter(|c| !c.is_control())
            .take(FILE_CHARS)
            .collect();
        self.accounts
            .change(who.viewer(), "upload a file", move |tx, who| {
                Box::pin(async move {
                    let workspace = who.workspace();
                    stored::remove_old(tx, workspace).await?;
                    let (id, now) = (tx.new_id(), tx.now().micros());
                    let import = object_import::Model {
                        workspace_id: workspace.0,
                        id,
                        kind: kind.name().to_owned(),
                        file: name,
                        lines: i64::try_from(lines).unwrap_or(i64::MAX),
                        columns,
                        settings,
                        state: ImportState::Uploaded.name().to_owned(),
                        done: 0,
                        created: 0,
                        changed: 0,
                        same: 0,
                        bad: 0,
                        by_name: who.actor().label(),
                        correlation_id: String::new(),
                        created_at: now,
                        touched_at: now,
                    };
                    let content = object_import_content::Model {
                        workspace_id: workspace.0,
                        import_id: id,
                        content,
                    };
                    object_import::Entity::insert(import.into_active_model())
                        .exec_without_returning(tx.db())
                        .await?;
                    object_import_content::Entity::insert(content.into_active_model())
                        .exec_without_returning(tx.db())
                        .await?;
                    Ok(ImportId(id))
                })
            })
            .await
    }

    /// The lines that can't be stored as a file of their own, each with its number and the reason, to be mended and imported
    /// again.
    ///
    /// # Errors
    /// `NotFound` for an import that isn't there.
    pub async fn problem_file(
        &self,
        who: &KindGranted<Change>,
        id: ImportId,
    ) -> daybook_domain::Result<(String, Bytes)> {
        let made = async {
            let workspace = who.workspace();
            let row = stored::find(&self.db.read, workspace, who.kind(), id).await?;
            let problems = stored::problems(&self.db.read, workspace, id, None).await?;
            let text = stored::content(&self.db.read, workspace, id).await?;
            let table = file::table(&text)?;
            let heads = table.heads.iter().map(String::as_str);
            let head = Lines::head(heads.chain(["Line", "Reason"]))?;
            let mut lines = Lines::of_about(problems.len() * 200);
            let mut at = table.lines.iter();
            for problem in problems {
                let Some(line) = at.find(|line| line.number == problem.line) else {
                    continue;
                };
                let reason = match problem.column {
                    Some(column) => format!("{column}: {}", problem.reason),
                    None => problem.reason,
                };
                let number = problem.line.to_string();
                let cells = (0..table.heads.len()).map(|column| line.cell(column));
                lines.line(cells.chain([number.as_str(), reason.as_str()]))?;
            }
            Ok((row.file, [head, lines.finish()?].concat().into()))
        };
        made.await.map_err(outside(who.viewer()))
    }

    async fn found_import(&self, who: &KindGranted<Change>, id: ImportId) -> Result<Import> {
        let workspace = who.workspace();
        let row = stored::find(&self.db.read, workspace, who.kind(), id).await?;
        let problems = stored::first_problems(&self.db.read, workspace, id).await?;
        stored::shown(row, problems, &self.reader(who.viewer()))
    }

    /// Makes it be in another state, from the beginning, if it is in one of some or stalled.
    async fn enter(
        &self,
        who: &KindGranted<Change>,
        id: ImportId,
        settings: Option<String>,
        state: ImportState,
        from: &'static [ImportState],
    ) -> daybook_domain::Result<()> {
        let kind = who.kind();
        self.accounts
            .change(who.viewer(), "import a file", move |tx, who| {
                Box::pin(async move {
                    let workspace = who.workspace();
                    let row = stored::find(tx.db(), workspace, kind, id).await?;
                    let (now, stalled) = (stored::state(&row)?, stored::stalled(&row, tx.now())?);
                    let goes_on = stalled && now == state && settings.is_none();
                    let begins = from.contains(&now) || (stalled && now == ImportState::Checking);
                    if !goes_on && !begins {
                        return Err(Told::conflict(refusal(now)).into());
                    }
                    let mut update = object_import::Entity::update_many()
                        .col_expr(C::State, state.name().into())
                        .col_expr(C::TouchedAt, tx.now().micros().into())
                        .filter(C::WorkspaceId.eq(workspace.0))
                        .filter(C::Id.eq(id.0));
                    if !goes_on {
                        stored::forget_problems(tx, workspace, id).await?;
                        let correlation_id = who.request().correlation_id.as_str();
                        update = update.col_expr(C::CorrelationId, correlation_id.into());
                        for column in [C::Done, C::Created, C::Changed, C::Same, C::Bad] {
                            update = update.col_expr(column, 0_i64.into());
                        }
                    }
                    if let Some(settings) = settings {
                        update = update.col_expr(C::Settings, settings.into());
                    }
                    update.exec(tx.db()).await?;
                    Ok(())
                })
            })
            .await
    }
}

fn refusal(state: ImportState) -> &'static str {
    match state {
        ImportState::Uploaded => "Check the file first: that says what would become of each line.",
        ImportState::Checking | ImportState::Importing => "The import is at work. Wait until it is through.",
        ImportState::Checked | ImportState::Finished => {
            "The file is imported already. Upload it again to import it again."
        }
    }
}

/// `Invalid{field}` where no thing could be told from another, or two columns say the same.
fn checked(who: &KindGranted<Change>, columns: usize, settings: &ImportSettings) -> Result<(), Told> {
    let kind = who.kind();
    if settings.columns.len() != columns {
        return Err(Told::invalid(
            "columns",
            "This is of another file. Upload yours again.",
        ));
    }
    let mut seen = BTreeSet::new();
    for meaning in &settings.columns {
        let name = meaning.name();
        if ColumnMeaning::from_name(kind, &name).is_none() {
            return Err(Told::invalid(
                "columns",
                format!("There is no property “{name}”."),
            ));
        }
        if !name.is_empty() && !seen.insert(name.clone()) {
            let title = kind
                .spec()
                .property(&name)
                .map_or(name.as_str(), |property| property.title);
            return Err(Told::invalid(
                "columns",
                format!("Two columns hold “{title}”. Choose one."),
            ));
        }
    }
    let unique = kind.spec().unique;
    if !seen.contains(unique) && !seen.contains("external_id") {
        let title = kind
            .spec()
            .property(unique)
            .map_or(unique, |property| property.title);
        let reason = format!(
            "Choose the column that holds “{title}” or “External id”: nothing else tells one {} from another.",
            who.viewer().naming().singular(kind)
        );
        return Err(Told::invalid("columns", reason));
    }
    Ok(())
}

#[async_trait]
impl ports::Imports for Objects {
    async fn list_imports(&self, who: &KindGranted<Change>) -> daybook_domain::Result<Vec<Import>> {
        let listed = async {
            let rows = stored::latest(&self.db.read, who.workspace(), who.kind()).await?;
            let reader = self.reader(who.viewer());
            rows.into_iter()
                .map(|row| stored::shown(row, Vec::new(), &reader))
                .collect::<Result<Vec<_>>>()
        };
        listed.await.map_err(outside(who.viewer()))
    }

    async fn import(&self, who: &KindGranted<Change>, id: ImportId) -> daybook_domain::Result<Import> {
        self.found_import(who, id).await.map_err(outside(who.viewer()))
    }

    async fn check_import(
        &self,
        who: &KindGranted<Change>,
        id: ImportId,
        settings: ImportSettings,
    ) -> daybook_domain::Result<Import> {
        let found = self.import(who, id).await?;
        checked(who, found.columns.len(), &settings)?;
        let settings =
            serde_json::to_string(&settings).map_err(|error| outside(who.viewer())(Error::damaged(error)))?;
        let from = &[ImportState::Uploaded, ImportState::Checked];
        self.enter(who, id, Some(settings), ImportState::Checking, from)
            .await?;
        self.go_to_work(who, id);
        self.import(who, id).await
    }

    async fn run_import(&self, who: &KindGranted<Change>, id: ImportId) -> daybook_domain::Result<Import> {
        self.enter(who, id, None, ImportState::Importing, &[ImportState::Checked])
            .await?;
        self.go_to_work(who, id);
        self.import(who, id).await
    }

    async fn drop_import(&self, who: &KindGranted<Change>, id: ImportId) -> daybook_domain::Result<()> {
        let kind = who.kind();
        self.accounts
            .change(who.viewer(), "forget a file", move |tx, who| {
                Box::pin(async move {
                    let row = stored::find(tx.db(), who.workspace(), kind, id).await?;
                    if stored::state(&row)?.is_at_work() && !stored::stalled(&row, tx.now())? {
                        return Err(Told::conflict(refusal(ImportState::Importing)).into());
                    }
                    stored::remove(tx, who.workspace(), id).await
                })
            })
            .await
    }
}
