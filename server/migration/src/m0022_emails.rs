//! Email: messages, what happened to them, addresses that are not to be mailed, and how mail is sent. What things are found
//! by serves messages, too, and is named so.

use crate::table::{index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, text, text_null, uuid, uuid_null},
};

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (was, is) in [("object_posting", "posting"), ("object_facet", "facet")] {
            let rename = Table::rename().table(was, is).take();
            manager.rename_table(rename).await?;
        }
        messages(manager).await?;
        table(
            manager,
            "email_suppression",
            vec![
                uuid("workspace_id"),
                text("address"),
                text("reason"),
                text("origin"),
                text_null("note"),
                big_integer("since"),
                uuid_null("message_id"),
            ],
            &["workspace_id", "address"],
        )
        .await?;
        index(
            manager,
            "email_suppression",
            &["workspace_id", "since", "address"],
            false,
        )
        .await?;
        table(
            manager,
            "email_provider",
            vec![
                uuid("workspace_id"),
                text("provider"),
                ColumnDef::new("sealed").binary().not_null().take(),
                big_integer("set_at"),
            ],
            &["workspace_id", "provider"],
        )
        .await?;
        table(
            manager,
            "mail_setting",
            vec![
                uuid("workspace_id"),
                text("host"),
                integer("port"),
                text("security"),
                text("username"),
                ColumnDef::new("sealed_password").binary().null().take(),
                text("from_name"),
                text("from_address"),
                text("reply_to"),
            ],
            &["workspace_id"],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "mail_setting",
            "email_provider",
            "email_suppression",
            "email_zone",
            "email_event",
            "email_body",
            "email_message",
        ] {
            manager.drop_table(Table::drop().table(table).take()).await?;
        }
        for (was, is) in [("posting", "object_posting"), ("facet", "object_facet")] {
            let rename = Table::rename().table(was, is).take();
            manager.rename_table(rename).await?;
        }
        Ok(())
    }
}

async fn messages(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        manager,
        "email_message",
        vec![
            uuid("workspace_id"),
            uuid("id"),
            integer("number"),
            text("source"),
            text_null("source_id"),
            big_integer("at"),
            text("status"),
            text_null("bounce"),
            text("address"),
            text_null("to_name"),
            text("sender"),
            text("subject"),
            text_null("template"),
            text_null("brand_id"),
            text_null("brand_name"),
            text_null("company_id"),
            text_null("company_name"),
            text_null("contact_id"),
            text_null("contact_name"),
            text_null("message_id"),
            text_null("provider_id"),
            integer("attempts"),
            big_integer_null("next_at"),
            text("words"),
        ],
        &["workspace_id", "id"],
    )
    .await?;
    for (columns, unique) in [
        (["workspace_id", "number"].as_slice(), true),
        // When those of some numbers were made, without reading them.
        (&["workspace_id", "number", "at"], false),
        (&["workspace_id", "at", "number"], false),
        (&["workspace_id", "source", "source_id"], true),
        (&["workspace_id", "message_id"], false),
        (&["workspace_id", "provider_id"], false),
    ] {
        index(manager, "email_message", columns, unique).await?;
    }
    table(
        manager,
        "email_body",
        vec![
            uuid("workspace_id"),
            uuid("message_id"),
            text_null("body_text"),
            text_null("body_html"),
        ],
        &["workspace_id", "message_id"],
    )
    .await?;
    table(
        manager,
        "email_event",
        vec![
            uuid("workspace_id"),
            uuid("message_id"),
            // What tells an event from others of the message, so that one that is told twice is kept once.
            text("event_key"),
            big_integer("at"),
            text("status"),
            text_null("bounce"),
            text_null("code"),
            text_null("detail"),
            text("source"),
            text_null("url"),
            text_null("ip"),
            text_null("user_agent"),
        ],
        &["workspace_id", "message_id", "event_key"],
    )
    .await?;
    table(
        manager,
        "email_zone",
        vec![
            uuid("workspace_id"),
            integer("zone"),
            integer("messages"),
            big_integer("first_at"),
            big_integer("last_at"),
        ],
        &["workspace_id", "zone"],
    )
    .await
}
