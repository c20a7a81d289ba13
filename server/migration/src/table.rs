//! Tables and indexes in the way all steps write them.

use sea_orm_migration::{prelude::*, schema::uuid};

/// Creates one table whose columns are `columns` and whose key is `key`.
pub(crate) async fn table(
    manager: &SchemaManager<'_>,
    name: &'static str,
    columns: Vec<ColumnDef>,
    key: &[&'static str],
) -> Result<(), DbErr> {
    let mut create = Table::create();
    create.table(name);
    for mut column in columns {
        create.col(&mut column);
    }
    let mut primary = Index::create();
    for column in key {
        primary.col(*column);
    }
    create.primary_key(&mut primary);
    manager.create_table(create).await
}

/// A table of what belongs to a thing, whose id stands in `thing`, and goes with it.
pub(crate) async fn of_thing(
    manager: &SchemaManager<'_>,
    name: &'static str,
    thing: &'static str,
    columns: Vec<ColumnDef>,
    key: &[&'static str],
) -> Result<(), DbErr> {
    let mut of_thing = ForeignKey::create();
    of_thing
        .from(name, ("workspace_id", thing))
        .to("object", ("workspace_id", "id"))
        .on_delete(ForeignKeyAction::Cascade);
    let mut create = Table::create();
    create.table(name).col(uuid("workspace_id")).col(uuid(thing));
    for mut column in columns {
        create.col(&mut column);
    }
    let mut primary = Index::create();
    for column in ["workspace_id", thing].iter().chain(key) {
        primary.col(*column);
    }
    create.primary_key(&mut primary).foreign_key(&mut of_thing);
    manager.create_table(create).await
}

/// An index over `columns`, named after all but the first, which is the workspace.
pub(crate) async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
    unique: bool,
) -> Result<(), DbErr> {
    let mut create = Index::create();
    create
        .name(format!("{table}_{}", columns[1..].join("_")))
        .table(table);
    for column in columns {
        create.col(*column);
    }
    if unique {
        create.unique();
    }
    manager.create_index(create).await
}

/// Makes a table of SQLite anew in another form, `WITHOUT ROWID` or none; its indexes go with the old one. `columns` are as
/// SQLite declares them.
pub(crate) async fn made_anew(
    manager: &SchemaManager<'_>,
    name: &str,
    columns: &[&str],
    key: &str,
    form: &str,
) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let declared = columns.join(" NOT NULL, ");
    let names: Vec<_> = columns
        .iter()
        .filter_map(|column| column.split(' ').next())
        .collect();
    let names = names.join(", ");
    for step in [
        format!("CREATE TABLE {name}_anew ({declared} NOT NULL, PRIMARY KEY ({key})){form}"),
        format!("INSERT INTO {name}_anew SELECT {names} FROM {name}"),
        format!("DROP TABLE {name}"),
        format!("ALTER TABLE {name}_anew RENAME TO {name}"),
    ] {
        connection.execute_unprepared(&step).await?;
    }
    Ok(())
}
