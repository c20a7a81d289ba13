//! What companies and contacts did day by day, in a row for each of them: who did most in a time, and how many there were, was
//! read from the rows of all its months, weeks and days.
//!
//! SQLite finds what one company or contact did by an index that has the counts, too: by one without, it preferred to read the
//! table, which has everybody's in the order of time.
//!
//! And fewer rows for event types: those of one company or contact are counted by day only, and SQLite keeps them in the order
//! of their key, where with a table beside its key each was there twice.

use crate::table::{index, made_anew, table};
use sea_orm_migration::{
    prelude::*,
    schema::{integer, text, uuid},
    sea_orm::DbBackend,
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

const KEY: [&str; 5] = ["workspace_id", "usage_type", "kind", "stretch", "key"];

/// The columns behind the workspace.
const COMPANY: [&str; 6] = [
    "usage_type",
    "company",
    "grain",
    "start_day",
    "contact",
    "activities",
];
const CONTACT: [&str; 6] = [
    "usage_type",
    "contact",
    "grain",
    "start_day",
    "company",
    "activities",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = vec![
            uuid("workspace_id"),
            text("usage_type"),
            text("kind"),
            integer("stretch"),
            text("key"),
            text("line"),
        ];
        table(manager, "usage_days", columns, &KEY).await?;
        // All of a stretch are read one after the other. PostgreSQL has no such tables.
        if manager.get_database_backend() == DbBackend::Sqlite {
            let columns = [
                "workspace_id uuid_text",
                "usage_type text",
                "kind text",
                "stretch integer",
                "key text",
                "line text",
            ];
            made_anew(manager, "usage_days", &columns, &KEY.join(", "), " WITHOUT ROWID").await?;
        }
        for kind in ["company", "contact"] {
            fill(manager, kind).await?;
        }
        manager
            .get_connection()
            .execute_unprepared(
                "DELETE FROM usage_event_type WHERE grain <> 'day' AND (company <> '' OR contact <> '')",
            )
            .await?;
        event_types(manager, " WITHOUT ROWID").await?;
        persons(manager, [&COMPANY[..4], &CONTACT[..4]], [&COMPANY, &CONTACT]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        persons(manager, [&COMPANY, &CONTACT], [&COMPANY[..4], &CONTACT[..4]]).await?;
        // Counts of event types by week and month of one company or contact don't come back.
        event_types(manager, "").await?;
        manager.drop_table(Table::drop().table("usage_days").take()).await
    }
}

/// From what was counted before, by the column that has companies or contacts.
async fn fill(manager: &SchemaManager<'_>, kind: &str) -> Result<(), DbErr> {
    let json = match manager.get_database_backend() {
        DbBackend::Postgres => format!("to_json({kind})"),
        _ => format!("json_quote({kind})"),
    };
    let fill = format!(
        "INSERT INTO usage_days (workspace_id, usage_type, kind, stretch, key, line) \
         SELECT workspace_id, usage_type, '{kind}', stretch, {kind}, \
         stretch || ' ' || string_agg(step || ':' || total, ' ' ORDER BY start_day) || {json} \
         FROM (SELECT workspace_id, usage_type, start_day >> 10 AS stretch, {kind}, start_day, SUM(activities) AS total, \
         start_day - LAG(start_day, 1, (start_day >> 10) << 10) OVER \
         (PARTITION BY workspace_id, usage_type, start_day >> 10, {kind} ORDER BY start_day) AS step \
         FROM usage_person WHERE grain = 'day' AND {kind} <> '' \
         GROUP BY workspace_id, usage_type, {kind}, start_day) AS counted \
         GROUP BY workspace_id, usage_type, stretch, {kind}"
    );
    manager.get_connection().execute_unprepared(&fill).await?;
    Ok(())
}

async fn event_types(manager: &SchemaManager<'_>, form: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    let columns = [
        "workspace_id uuid_text",
        "usage_type text",
        "company text",
        "contact text",
        "grain text",
        "start_day integer",
        "event_type text",
        "activities bigint",
    ];
    let key = "workspace_id, usage_type, company, contact, grain, start_day, event_type";
    made_anew(manager, "usage_event_type", &columns, key, form).await
}

/// Other indexes for those who did something. What they count changes, so on PostgreSQL each change would write a row anew.
async fn persons(
    manager: &SchemaManager<'_>,
    old: [&[&'static str]; 2],
    new: [&[&'static str]; 2],
) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    for columns in old {
        let name = format!("usage_person_{}", columns.join("_"));
        let drop = Index::drop().name(&name).table("usage_person").to_owned();
        manager.drop_index(drop).await?;
    }
    for columns in new {
        let columns: Vec<_> = std::iter::once("workspace_id")
            .chain(columns.iter().copied())
            .collect();
        index(manager, "usage_person", &columns, false).await?;
    }
    Ok(())
}
