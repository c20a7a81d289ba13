//! Usage of the portals as counts: how far the log is counted, by which zone's days, the counts, what they are called, and
//! the reports of months that are over. And whether the helpdesk has courses.

use crate::table::{index, made_anew, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, boolean, integer, text, uuid},
    sea_orm::DbBackend,
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 9] = [
    "usage_report_line",
    "usage_report",
    "usage_name",
    "usage_seen",
    "usage_event_type",
    "usage_total",
    "usage_person",
    "usage_zone",
    "usage_cursor",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        followed(manager).await?;
        counted(manager).await?;
        reported(manager).await?;
        let courses = Table::alter()
            .table("workspace")
            .add_column(boolean("courses").default(false))
            .take();
        manager.alter_table(courses).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let courses = Table::alter().table("workspace").drop_column("courses").take();
        manager.alter_table(courses).await?;
        for table in TABLES {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

/// How far, and by whose days.
async fn followed(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "usage_cursor",
        vec![uuid("workspace_id"), big_integer("sequence")],
        &["workspace_id"],
    )
    .await?;
    table(
        manager,
        "usage_zone",
        vec![
            uuid("workspace_id"),
            big_integer("begins_at"),
            integer("first_day"),
            text("zone"),
        ],
        &["workspace_id", "begins_at"],
    )
    .await
}

async fn counted(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let key = ["workspace_id", "usage_type", "grain", "start_day"];
    let time = || {
        vec![
            uuid("workspace_id"),
            text("usage_type"),
            text("grain"),
            integer("start_day"),
        ]
    };
    let mut columns = time();
    columns.extend([text("company"), text("contact"), big_integer("activities")]);
    let person: Vec<_> = key.into_iter().chain(["company", "contact"]).collect();
    table(manager, "usage_person", columns, &person).await?;
    // The people of a day are read one after the other. PostgreSQL has no such tables.
    if manager.get_database_backend() == DbBackend::Sqlite {
        let columns = [
            "workspace_id uuid_text",
            "usage_type text",
            "grain text",
            "start_day integer",
            "company text",
            "contact text",
            "activities bigint",
        ];
        made_anew(
            manager,
            "usage_person",
            &columns,
            &person.join(", "),
            " WITHOUT ROWID",
        )
        .await?;
    }
    for whose in ["company", "contact"] {
        let columns = ["workspace_id", "usage_type", whose, "grain", "start_day"];
        index(manager, "usage_person", &columns, false).await?;
    }
    let mut columns = time();
    columns.extend(["activities", "users", "companies"].map(big_integer));
    table(manager, "usage_total", columns, &key).await?;
    table(
        manager,
        "usage_event_type",
        vec![
            uuid("workspace_id"),
            text("usage_type"),
            text("company"),
            text("contact"),
            text("grain"),
            integer("start_day"),
            text("event_type"),
            big_integer("activities"),
        ],
        &[
            "workspace_id",
            "usage_type",
            "company",
            "contact",
            "grain",
            "start_day",
            "event_type",
        ],
    )
    .await?;
    table(
        manager,
        "usage_seen",
        vec![
            uuid("workspace_id"),
            text("usage_type"),
            text("company"),
            text("contact"),
            integer("first_day"),
        ],
        &["workspace_id", "usage_type", "company", "contact"],
    )
    .await?;
    let first = ["workspace_id", "usage_type", "company", "first_day"];
    index(manager, "usage_seen", &first, false).await?;
    table(
        manager,
        "usage_name",
        vec![uuid("workspace_id"), text("kind"), text("key"), text("name")],
        &["workspace_id", "kind", "key"],
    )
    .await
}

async fn reported(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "usage_report",
        vec![
            uuid("workspace_id"),
            uuid("id"),
            text("usage_type"),
            integer("month"),
            text("zone"),
            big_integer("users"),
            big_integer("companies"),
            big_integer("activities"),
            big_integer("closed_at"),
            big_integer_null("refreshed_at"),
        ],
        &["workspace_id", "id"],
    )
    .await?;
    let month = ["workspace_id", "usage_type", "month"];
    index(manager, "usage_report", &month, true).await?;
    table(
        manager,
        "usage_report_line",
        vec![
            uuid("workspace_id"),
            uuid("report_id"),
            integer("position"),
            text("kind"),
            text("key"),
            text("name"),
            text("company"),
            big_integer("activities"),
        ],
        &["workspace_id", "report_id", "position"],
    )
    .await
}
