//! The helpdesk's master data: companies, boards, … Beside each thing stand the values and words it is found by.

use crate::table::{index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, text, text_null, uuid, uuid_null},
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
            // The orders of lists.
            (&["workspace_id", "kind", "name_key", "id"], false),
            (&["workspace_id", "kind", "changed_at", "id"], false),
            (&["workspace_id", "kind", "created_at", "id"], false),
            // What is found by something else, to be sorted: without reading whole rows.
            (
                &["workspace_id", "id", "name_key", "changed_at", "created_at"],
                false,
            ),
        ] {
            index(manager, "object", columns, unique).await?;
        }
        of_objects(
            manager,
            "object_value",
            vec![text("property"), text("value")],
            vec![uuid_null("refers_to")],
        )
        .await?;
        // Most refer to nothing.
        let refers_to = "CREATE INDEX object_value_refers_to ON object_value (workspace_id, refers_to) \
                         WHERE refers_to IS NOT NULL";
        manager.get_connection().execute_unprepared(refers_to).await?;
        // What one thing has. Also for what goes with it.
        let of_thing = &["workspace_id", "object_id", "property", "value"];
        index(manager, "object_value", of_thing, false).await?;
        let mut word = text("word");
        if manager.get_database_backend() == DbBackend::Postgres {
            // Looked up by how it begins, letter for letter: other orders skip letters.
            word.extra("COLLATE \"C\"");
        }
        of_objects(manager, "object_word", vec![word], Vec::new()).await?;
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
        for name in ["object_facet", "object_word", "object_value", "object"] {
            manager.drop_table(Table::drop().table(name).take()).await?;
        }
        Ok(())
    }
}

/// A table of what things of a kind are found by. Where they may refer to each other, a row goes with its thing, and what
/// a thing refers to stays as long as it does. The words have no such ties: there are many, and a tie is looked up for
/// each.
async fn of_objects(
    manager: &SchemaManager<'_>,
    name: &'static str,
    found_by: Vec<ColumnDef>,
    more: Vec<ColumnDef>,
) -> Result<(), DbErr> {
    let mut create = Table::create();
    create.table(name).col(uuid("workspace_id")).col(text("kind"));
    let mut key = Index::create();
    key.col("workspace_id").col("kind");
    for mut column in found_by {
        key.col(column.get_column_name());
        create.col(&mut column);
    }
    create.col(uuid("object_id"));
    key.col("object_id");
    let refers = !more.is_empty();
    for mut column in more {
        create.col(&mut column);
    }
    create.primary_key(&mut key);
    let thing = |column: &'static str, gone: ForeignKeyAction| {
        let mut refers = ForeignKey::create();
        refers
            .from(name, ("workspace_id", column))
            .to("object", ("workspace_id", "id"))
            .on_delete(gone);
        refers
    };
    if refers {
        create.foreign_key(&mut thing("object_id", ForeignKeyAction::Cascade));
        create.foreign_key(&mut thing("refers_to", ForeignKeyAction::Restrict));
    }
    if manager.get_database_backend() == DbBackend::Sqlite {
        // The key is all there is to a row, nearly.
        create.extra("WITHOUT ROWID");
    }
    manager.create_table(create).await
}
