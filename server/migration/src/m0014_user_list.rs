//! Users have a phone number, and a list that is read page by page in the order of their names.

use crate::table::index;
use sea_orm_migration::{
    prelude::*,
    schema::{text, text_null},
    sea_orm::{ConnectionTrait, FromQueryResult, prelude::Uuid},
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[derive(Debug, FromQueryResult)]
struct Named {
    workspace_id: Uuid,
    id: Uuid,
    name: String,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column a statement: SQLite takes no more.
        for mut column in [text_null("phone"), text("name_key").default("").take()] {
            let table = Table::alter().table("user").add_column(&mut column).take();
            manager.alter_table(table).await?;
        }
        let db = manager.get_connection();
        let select = Query::select()
            .columns(["workspace_id", "id", "name"])
            .from("user")
            .take();
        for row in db.query_all(&select).await? {
            let Named {
                workspace_id,
                id,
                name,
            } = Named::from_query_result(&row, "")?;
            // Not by the database: SQLite's LOWER knows ASCII only.
            let update = Query::update()
                .table("user")
                .value("name_key", name.trim().to_lowercase())
                .and_where(Expr::col("workspace_id").eq(workspace_id))
                .and_where(Expr::col("id").eq(id))
                .take();
            db.execute(&update).await?;
        }
        index(manager, "user", &["workspace_id", "name_key", "id"], false).await
    }
}
