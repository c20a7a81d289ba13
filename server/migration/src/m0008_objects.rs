//! The helpdesk's master data: companies, boards, … Beside each thing stand the values and words it is found by, and what
//! it refers to.

use crate::table::{index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, blob, integer, text, text_null, uuid},
    sea_orm::DbBackend,
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table(
            manager,
            "object",
            vec![
                uuid("workspace_id"),
                uuid("id"),
                text("kind"),
                integer("number"),
                text("name"),
                text("name_key"),
                text("unique_key"),
                text_null("external_id"),
                text("status"),
                integer("version"),
                text("properties"),
                text("words"),
                big_integer("created_at"),
                big_integer("changed_at"),
            ],
            &["workspace_id", "id"],
        )
        .await?;
        for (columns, unique) in [
            (&["workspace_id", "kind", "unique_key"][..], true),
            (&["workspace_id", "kind", "external_id"], true),
            // The orders of lists; numbers are given in the order in which things are made.
            (&["workspace_id", "kind", "name_key", "number"], false),
            (&["workspace_id", "kind", "changed_at", "number"], false),
            // What is found by its number, to be sorted: without reading whole rows.
            (
                &["workspace_id", "kind", "number", "name_key", "changed_at"],
                false,
            ),
        ] {
            index(manager, "object", columns, unique).await?;
        }
        postings(manager).await?;
        references(manager).await?;
        table(
            manager,
            "object_facet",
            vec![
                uuid("workspace_id"),
                text("kind"),
                text("property"),
                text("value"),
                big_integer("count"),
            ],
            &["workspace_id", "kind", "property", "value"],
        )
        .await?;
        // The commonest first.
        let by_count = &["workspace_id", "kind", "property", "count"];
        index(manager, "object_facet", by_count, false).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["object_facet", "object_reference", "object_posting", "object"] {
            manager.drop_table(Table::drop().table(name).take()).await?;
        }
        Ok(())
    }
}

/// Which things have a value or a word.
async fn postings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut create = Table::create();
    let mut value = text("value");
    if manager.get_database_backend() == DbBackend::Postgres {
        // Words are looked up by how they begin, letter for letter: other orders skip letters.
        value.extra("COLLATE \"C\"");
    }
    create
        .table("object_posting")
        .col(uuid("workspace_id"))
        .col(text("kind"))
        .col(text("property"))
        .col(value)
        .col(integer("block"))
        .col(blob("numbers"))
        .primary_key(
            Index::create()
                .col("workspace_id")
                .col("kind")
                .col("property")
                .col("value")
                .col("block"),
        );
    if manager.get_database_backend() == DbBackend::Sqlite {
        // Looked up by its key and in its order, and small.
        create.extra("WITHOUT ROWID");
    }
    manager.create_table(create).await
}

/// What refers to a thing: a row goes with the thing that refers, and what it refers to stays as long as it does.
async fn references(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut create = Table::create();
    let key = ["workspace_id", "refers_to", "kind", "object_id", "property"];
    create
        .table("object_reference")
        .col(uuid("workspace_id"))
        .col(uuid("refers_to"))
        .col(text("kind"))
        .col(uuid("object_id"))
        .col(text("property"));
    let mut primary = Index::create();
    for column in key {
        primary.col(column);
    }
    create.primary_key(&mut primary);
    for (column, gone) in [
        ("object_id", ForeignKeyAction::Cascade),
        ("refers_to", ForeignKeyAction::Restrict),
    ] {
        let mut refers = ForeignKey::create();
        refers
            .from("object_reference", ("workspace_id", column))
            .to("object", ("workspace_id", "id"))
            .on_delete(gone);
        create.foreign_key(&mut refers);
    }
    if manager.get_database_backend() == DbBackend::Sqlite {
        // The key is all there is to a row.
        create.extra("WITHOUT ROWID");
    }
    manager.create_table(create).await?;
    // What goes with a thing.
    index(manager, "object_reference", &["workspace_id", "object_id"], false).await
}
