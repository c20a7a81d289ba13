//! What lists are sorted by stands in columns beside the things, a few bytes for each, so that the first of many are found
//! without looking each up. That takes the place of an index that held the same thing by thing.
//!
//! The bytes of a name are its first, so all databases have to order names letter for letter.

use crate::table::{index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{blob, integer, text, uuid},
    sea_orm::{DbBackend, Statement, Value, prelude::Uuid},
};

/// Numbers of a block.
const BLOCK: i32 = 500;
const LOOKED_UP: &str = "object_kind_number_name_key_changed_at";

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Index::drop().name(LOOKED_UP).table("object").to_owned();
        manager.drop_index(drop).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            let letter_for_letter = "ALTER TABLE object ALTER COLUMN name_key TYPE text COLLATE \"C\"";
            manager
                .get_connection()
                .execute_unprepared(letter_for_letter)
                .await?;
        }
        index(manager, "object", &["workspace_id", "kind", "number"], true).await?;
        table(
            manager,
            "object_sort_key",
            vec![
                uuid("workspace_id"),
                text("kind"),
                text("sorted_by"),
                integer("block"),
                blob("keys"),
            ],
            &["workspace_id", "kind", "sorted_by", "block"],
        )
        .await?;
        fill(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let keys = Table::drop().table("object_sort_key").take();
        manager.drop_table(keys).await?;
        let by_number = Index::drop()
            .name("object_kind_number")
            .table("object")
            .to_owned();
        manager.drop_index(by_number).await?;
        let columns = &["workspace_id", "kind", "number", "name_key", "changed_at"];
        index(manager, "object", columns, false).await
    }
}

async fn fill(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let (db, backend) = (manager.get_connection(), manager.get_database_backend());
    let kinds = "SELECT workspace_id, kind, MAX(number) FROM object GROUP BY workspace_id, kind";
    for row in db.query_all_raw(Statement::from_string(backend, kinds)).await? {
        let workspace: Uuid = row.try_get_by_index(0)?;
        let kind: String = row.try_get_by_index(1)?;
        let last: i32 = row.try_get_by_index(2)?;
        for block in 0..=last / BLOCK {
            let things = Query::select()
                .columns(["number", "name_key", "changed_at"])
                .from("object")
                .and_where(Expr::col("workspace_id").eq(workspace))
                .and_where(Expr::col("kind").eq(kind.as_str()))
                .and_where(Expr::col("number").gte(block * BLOCK))
                .and_where(Expr::col("number").lt((block + 1) * BLOCK))
                .order_by("number", Order::Asc)
                .to_owned();
            let (mut names, mut times) = (Vec::new(), Vec::new());
            for row in db.query_all(&things).await? {
                let number: i32 = row.try_get_by_index(0)?;
                let name: String = row.try_get_by_index(1)?;
                let changed: i64 = row.try_get_by_index(2)?;
                let at = usize::try_from(number % BLOCK).unwrap_or_default();
                names.resize(at * 16, 0);
                names.extend(name.bytes().chain([0; 16]).take(16));
                times.resize(at * 8, 0);
                times.extend((changed.cast_unsigned() ^ 1 << 63).to_be_bytes());
            }
            for (sorted_by, keys) in [("name", names), ("changed", times)] {
                let values: [Value; 5] = [
                    workspace.into(),
                    kind.as_str().into(),
                    sorted_by.into(),
                    block.into(),
                    keys.into(),
                ];
                let insert = Query::insert()
                    .into_table("object_sort_key")
                    .columns(["workspace_id", "kind", "sorted_by", "block", "keys"])
                    .values_panic(values.map(Expr::val))
                    .to_owned();
                db.execute(&insert).await?;
            }
        }
    }
    Ok(())
}
