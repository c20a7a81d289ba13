//! Opening the database: SQLite inside by default, PostgreSQL by its address. Readers and the writer have
//! connections of their own, so that a long export never holds up an ingest and the other way round.

use crate::{Error, Result};
use daybook_migration::{MIGRATION_TABLE, Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement,
    sqlx::{
        self, Executor, PgConnection,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};
use secrecy::{ExposeSecret, SecretString};
use std::{path::Path, time::Duration};

/// "DYBK", written into every SQLite file of ours (`PRAGMA application_id`).
const APPLICATION_ID: i32 = 0x4459_424b;
/// How long a SQLite connection waits for another process's lock, and how long anybody waits for a connection.
const PATIENCE: Duration = Duration::from_secs(10);
const READERS: u32 = 8;

/// The connections. Reads go to `read`; `write` belongs to the writer.
#[derive(Debug, Clone)]
pub struct Db {
    pub read: DatabaseConnection,
    pub(crate) write: DatabaseConnection,
}

/// Where the data is.
#[derive(Debug, Clone)]
pub enum Address {
    /// A file; made where it isn't there.
    Sqlite(std::path::PathBuf),
    /// `postgres://…`. May hold a password, hence secret.
    Postgres(SecretString),
}

impl Address {
    /// From a `DAYBOOK_DATABASE_URL`: `postgres://…`, `postgresql://…`, `sqlite:PATH` or `sqlite://PATH`.
    ///
    /// # Errors
    /// `Setup` with what is expected.
    pub fn parse(url: &SecretString) -> Result<Self> {
        let text = url.expose_secret();
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.clone()));
        }
        let path = text
            .strip_prefix("sqlite://")
            .or_else(|| text.strip_prefix("sqlite:"));
        path.filter(|path| !path.is_empty()).map(|path| Self::Sqlite(path.into())).ok_or_else(|| {
            Error::Setup("The database address must begin with postgres:// or sqlite:. Check DAYBOOK_DATABASE_URL.".into())
        })
    }
}

impl Db {
    /// Connects and checks that the database is ours. Does not migrate.
    ///
    /// # Errors
    /// `Setup` with the remedy.
    pub async fn open(address: &Address) -> Result<Self> {
        let db = match address {
            Address::Sqlite(path) => {
                check_file(path)?;
                Self {
                    write: connect(sqlite(path, 1))
                        .await
                        .map_err(|e| cannot_open(path, &e))?,
                    read: connect(sqlite(path, READERS))
                        .await
                        .map_err(|e| cannot_open(path, &e))?,
                }
            }
            Address::Postgres(url) => {
                let options = |connections| {
                    let mut options = ConnectOptions::new(url.expose_secret());
                    common(&mut options, connections);
                    options
                };
                let away = |error: Error| {
                    Error::Setup(format!(
                        "PostgreSQL can't be reached: {}. Check DAYBOOK_DATABASE_URL and that the server runs.",
                        crate::error::chain(&error)
                    ))
                };
                let mut writing = options(2);
                writing.map_sqlx_postgres_pool_opts(|pool| {
                    pool.after_connect(|connection, _| Box::pin(plan_for_values(connection)))
                });
                Self {
                    write: connect(writing).await.map_err(away)?,
                    read: connect(options(READERS)).await.map_err(away)?,
                }
            }
        };
        if let Address::Sqlite(path) = address {
            db.check_owner(path).await?;
        }
        Ok(db)
    }

    pub fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }

    /// Brings the schema up to date. Safe to call from several processes at once.
    ///
    /// # Errors
    /// `Setup` where the database is of a newer Daybook.
    pub async fn migrate(&self) -> Result<()> {
        self.check_version().await?;
        // Two processes that start at once: the second finds the step done, or its own transaction fails and, at the
        // second try, finds it done.
        if Migrator::up(&self.write, None).await.is_err() {
            Migrator::up(&self.write, None).await?;
        }
        if self.backend() == DbBackend::Sqlite {
            self.write
                .execute_unprepared(&format!("PRAGMA application_id = {APPLICATION_ID}"))
                .await?;
        }
        Ok(())
    }

    /// Whether the schema is there and complete.
    ///
    /// # Errors
    /// `Setup` where the database is of a newer Daybook.
    pub async fn is_migrated(&self) -> Result<bool> {
        self.check_version().await?;
        Ok(Migrator::get_pending_migrations(&self.write).await?.is_empty())
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        self.read
            .query_one_raw(Statement::from_string(self.backend(), "SELECT 1"))
            .await?;
        Ok(())
    }

    /// Takes what SQLite has written into its log over into the file, as far as nobody reads it there, while others go on
    /// writing: else a commit does, and everybody waits for it.
    pub(crate) async fn fold_back(&self) -> Result<()> {
        if self.backend() == DbBackend::Sqlite {
            self.read
                .execute_unprepared("PRAGMA wal_checkpoint(PASSIVE)")
                .await?;
        }
        Ok(())
    }

    async fn check_version(&self) -> Result<()> {
        let known: Vec<_> = Migrator::migrations()
            .iter()
            .map(|step| step.name().to_owned())
            .collect();
        let sql = format!("SELECT version FROM {MIGRATION_TABLE}");
        // No such table: a new database.
        let Ok(rows) = self
            .write
            .query_all_raw(Statement::from_string(self.backend(), sql))
            .await
        else {
            return Ok(());
        };
        for row in rows {
            let version: String = row.try_get("", "version")?;
            if !known.contains(&version) {
                return Err(Error::Setup(format!(
                    "The database was made by a newer Daybook (it knows the step {version}). Start that version, or \
                     restore a backup made before the update."
                )));
            }
        }
        Ok(())
    }

    async fn check_owner(&self, path: &Path) -> Result<()> {
        let number = async |sql: &str| -> Result<i32> {
            let row = self
                .write
                .query_one_raw(Statement::from_string(DbBackend::Sqlite, sql))
                .await;
            let row = row.map_err(|e| cannot_open(path, &e.into()))?;
            Ok(row
                .map(|row| row.try_get_by_index(0))
                .transpose()?
                .unwrap_or_default())
        };
        let owner = number("PRAGMA application_id").await?;
        let tables = number("SELECT COUNT(*) FROM sqlite_schema").await?;
        let ours = owner == APPLICATION_ID || (owner == 0 && self.only_half_made(tables).await?);
        if ours {
            return Ok(());
        }
        Err(Error::Setup(format!(
            "{} is the database of another program. Choose another data folder with --data-dir.",
            path.display()
        )))
    }

    /// An empty file, or one of ours whose first migration was cut short before it was signed.
    async fn only_half_made(&self, tables: i32) -> Result<bool> {
        if tables == 0 {
            return Ok(true);
        }
        let sql = format!("SELECT 1 FROM sqlite_schema WHERE name = '{MIGRATION_TABLE}'");
        Ok(self
            .write
            .query_one_raw(Statement::from_string(DbBackend::Sqlite, sql))
            .await?
            .is_some())
    }
}

/// Bytes of a file that are read through the memory map, from its beginning: as many as SQLite allows.
const MAPPED: &str = "2147418112";

/// Rows of an answer that may wait to be taken.
const ROWS_AT_ONCE: usize = 500;

async fn connect(options: ConnectOptions) -> Result<DatabaseConnection> {
    Ok(Database::connect(options).await?)
}

fn common(options: &mut ConnectOptions, connections: u32) {
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(PATIENCE)
        .connect_timeout(PATIENCE)
        .sqlx_logging(false);
}

/// A plan for whatever values, made while the log was empty, reads all of it once it isn't. Set once connected, not
/// when connecting: poolers refuse to connect with settings they don't know, and what speaks PostgreSQL's language may
/// plan otherwise and not know it.
async fn plan_for_values(connection: &mut PgConnection) -> sqlx::Result<()> {
    let set = connection
        .execute("SET plan_cache_mode = force_custom_plan")
        .await;
    match set {
        Err(sqlx::Error::Database(error)) => {
            tracing::debug!(%error, "the database chooses its plans itself");
            Ok(())
        }
        set => set.map(|_| ()),
    }
}

fn sqlite(path: &Path, connections: u32) -> ConnectOptions {
    // The path goes in below: an address would need it escaped.
    let mut options = ConnectOptions::new("sqlite::memory:");
    common(&mut options, connections);
    let path = path.to_owned();
    options.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .filename(&path)
            .in_memory(false)
            .shared_cache(false)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // Every acknowledged event survives a power cut.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .statement_cache_capacity(256)
            // A longer answer is made as it is taken, row by row.
            .row_buffer_size(ROWS_AT_ONCE)
            // In KiB below zero. The writer touches pages of every index; readers few.
            .pragma("cache_size", if connections == 1 { "-65536" } else { "-16384" })
            // Each reader has a cache of its own, and whoever gets another one begins with a cold one: what the system has
            // in memory for all of them is read where it is.
            .pragma("mmap_size", if connections == 1 { "0" } else { MAPPED })
            // What undoes a statement or a savepoint would else be written to a file, page by page.
            .pragma("temp_store", "MEMORY")
            // Of new files. The sets of what lists are found by fit one, and fewer are written.
            .page_size(16384)
            // Pages after which a commit folds the log back itself, where [`Db::fold_back`] hasn't.
            .pragma("wal_autocheckpoint", "4096")
    });
    options
}

/// A file that isn't SQLite is better refused before SQLite is asked.
fn check_file(path: &Path) -> Result<()> {
    use std::io::Read;
    let Ok(mut file) = std::fs::File::open(path) else {
        return Ok(());
    };
    let mut head = Vec::new();
    let read = file.by_ref().take(16).read_to_end(&mut head);
    if read.is_ok() && !head.is_empty() && head != b"SQLite format 3\0" {
        return Err(Error::Setup(format!(
            "{} is not a Daybook database. Choose another data folder with --data-dir.",
            path.display()
        )));
    }
    Ok(())
}

fn cannot_open(path: &Path, error: &Error) -> Error {
    Error::Setup(format!(
        "{} can't be opened: {}. Check that its folder exists and may be written to by this user.",
        path.display(),
        crate::error::chain(error)
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::TestDb;
    use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

    async fn planning(connection: &DatabaseConnection) -> String {
        let show = Statement::from_string(DbBackend::Postgres, "SHOW plan_cache_mode");
        let row = connection.query_one_raw(show).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }

    /// How SQLite is compiled is said in `.cargo/config.toml`.
    #[tokio::test]
    async fn sqlite_plans_a_statement_once() {
        let at = TestDb::sqlite().await;
        let asked = "SELECT sqlite_compileoption_used('ENABLE_QPSG')";
        let asked = Statement::from_string(DbBackend::Sqlite, asked);
        let row = at.db.read.query_one_raw(asked).await.unwrap().unwrap();
        assert_eq!(row.try_get_by_index::<i32>(0).unwrap(), 1);
    }

    #[tokio::test]
    async fn postgresql_plans_what_is_written_for_its_values() {
        let Some(at) = TestDb::postgres().await else {
            return;
        };
        assert_eq!(planning(&at.db.write).await, "force_custom_plan");
        assert_eq!(planning(&at.db.read).await, "auto");
    }
}
