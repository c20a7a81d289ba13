//! Databases, clock and ids for tests, of this crate and of the server. Each test gets a database of its own.

#[cfg(test)]
pub(crate) mod plans;

use crate::{
    accounts::{digest, secret},
    db::{Address, Db},
    writer::Writer,
};
use daybook_domain::{
    id::{IdMaker, ObjectId, ProviderId, UserId, WorkspaceId},
    time::{Clock, Timestamp},
};
use daybook_entity::{contact_session, identity, object, second_factor};
use sea_orm::{ActiveValue::Set, ConnectionTrait, Database, DbBackend, EntityTrait, Statement};
use secrecy::SecretString;
use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};
use uuid::Uuid;

/// A value of a strategy, always the same: for runs too long to try many of.
#[cfg(test)]
pub(crate) fn drawn<S: proptest::strategy::Strategy>(strategy: &S) -> S::Value {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let tree = strategy.new_tree(&mut TestRunner::deterministic());
    tree.unwrap().current()
}

/// The address of a PostgreSQL server in which tests may make databases.
pub const POSTGRES: &str = "DAYBOOK_TEST_POSTGRES";

/// A clock that stands until it is moved.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl Default for TestClock {
    fn default() -> Self {
        // 2026-11-22T14:00:00Z
        Self(AtomicI64::new(1_795_356_000_000_000))
    }
}

impl TestClock {
    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::MIN)
    }
}

/// Ids in ascending order from a fixed start.
#[derive(Debug, Default)]
pub struct TestIds(AtomicU64);

impl IdMaker for TestIds {
    fn next(&self) -> Uuid {
        let number = u128::from(self.0.fetch_add(1, Ordering::SeqCst) + 1);
        // Version 7, variant 10: 2026-11-22T14:00:00Z in milliseconds, then a number.
        Uuid::from_u128((1_795_356_000_000 << 80) | (0x7 << 76) | (0b10 << 62) | number)
    }
}

/// A migrated, empty database with a running writer.
#[derive(Debug, Clone)]
pub struct TestDb {
    pub db: Db,
    pub address: Address,
    pub writer: Writer,
    pub clock: Arc<TestClock>,
    pub ids: Arc<TestIds>,
    /// The folder of the SQLite file; gone when the last copy is.
    pub folder: Arc<tempfile::TempDir>,
}

impl TestDb {
    #[expect(
        clippy::expect_used,
        reason = "a test that can't have its database has to fail"
    )]
    async fn at(address: Address, folder: tempfile::TempDir) -> Self {
        let db = Db::open(&address).await.expect("open");
        db.migrate().await.expect("migrate");
        let (clock, ids) = (Arc::new(TestClock::default()), Arc::new(TestIds::default()));
        let writer = Writer::start(&db, clock.clone(), ids.clone());
        Self {
            db,
            address,
            writer,
            clock,
            ids,
            folder: Arc::new(folder),
        }
    }

    /// On SQLite in a folder of its own.
    #[expect(clippy::expect_used, reason = "a test that can't have its folder has to fail")]
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self::at(Address::Sqlite(folder.path().join("daybook.db")), folder).await
    }

    /// In a new database of the PostgreSQL server that [`POSTGRES`] names; `None` where it names none.
    #[expect(
        clippy::expect_used,
        reason = "a test that can't have its database has to fail"
    )]
    #[expect(
        clippy::disallowed_methods,
        reason = "each test needs a database name of its own"
    )]
    pub async fn postgres() -> Option<Self> {
        let server = std::env::var(POSTGRES).ok()?;
        let name = format!("test_{}", Uuid::new_v4().simple());
        let admin = Database::connect(&server)
            .await
            .expect("the PostgreSQL of the tests");
        admin
            .execute_unprepared(&format!("CREATE DATABASE {name}"))
            .await
            .expect("a database for the test");
        admin.close().await.expect("close");
        let (base, _) = server
            .rsplit_once('/')
            .expect("an address that ends in /DATABASE");
        let address = Address::Postgres(SecretString::from(format!("{base}/{name}")));
        Some(Self::at(address, tempfile::tempdir().expect("a temporary folder")).await)
    }

    /// Everything that is kept beside the records, the sessions, whose times move with each request, and what was found of
    /// the records: to see whether something changed. On SQLite.
    #[expect(
        clippy::expect_used,
        reason = "a test that can't read its database has to fail"
    )]
    pub async fn contents(&self) -> String {
        let texts = async |sql: String| {
            let rows = self
                .db
                .read
                .query_all_raw(Statement::from_string(DbBackend::Sqlite, sql));
            let rows = rows.await.expect("rows");
            let texts = rows
                .iter()
                .map(|row| row.try_get_by_index::<String>(0).expect("a text"));
            texts.collect::<Vec<_>>()
        };
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'event%' AND name <> 'session' \
                      AND name NOT LIKE 'sqlite%' ORDER BY name";
        let mut contents = String::new();
        for table in texts(tables.to_owned()).await {
            let columns = texts(format!(
                "SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')"
            ))
            .await;
            let rows = texts(format!(
                "SELECT {} FROM \"{table}\" ORDER BY 1",
                columns.join(" || ' ' || ")
            ))
            .await;
            contents.extend([table, rows.join("\n")].map(|text| text + "\n"));
        }
        contents
    }

    /// As [`Self::contents`]; nothing on PostgreSQL.
    pub async fn contents_or_nothing(&self) -> String {
        match self.db.backend() {
            DbBackend::Sqlite => self.contents().await,
            _ => String::new(),
        }
    }

    /// A bare workspace with an empty log, for tests that need no accounts.
    #[expect(
        clippy::expect_used,
        reason = "a test that can't have its workspace has to fail"
    )]
    pub async fn workspace(&self) -> WorkspaceId {
        let id = WorkspaceId(self.ids.next());
        self.writer
            .change(move |tx| {
                Box::pin(async move { crate::store::create_workspace(tx, id, "Northdesk").await })
            })
            .await
            .expect("a workspace");
        id
    }
}

/// Removes records as a purge does, whatever the retention.
#[expect(clippy::expect_used, reason = "a test that can't remove records has to fail")]
pub async fn remove_records(writer: &Writer, workspace: WorkspaceId, sequences: &[i64]) {
    for some in sequences.chunks(crate::store::removal::STEP) {
        let some = some.to_vec();
        let removed = writer.change(move |tx| {
            Box::pin(async move { crate::store::removal::remove(tx, workspace, &some).await })
        });
        removed.await.expect("records to be removed");
    }
}

/// Has a user asked for codes that nobody can make.
#[expect(
    clippy::expect_used,
    reason = "a test that can't make what it is about has to fail"
)]
pub async fn give_second_factor(writer: &Writer, workspace: WorkspaceId, user: UserId) {
    let row = second_factor::ActiveModel {
        workspace_id: Set(workspace.0),
        user_id: Set(user.0),
        sealed_secret: Set(Vec::new()),
        created_at: Set(0),
        confirmed_at: Set(Some(0)),
        last_step: Set(0),
    };
    let given = writer.change(move |tx| {
        Box::pin(async move {
            second_factor::Entity::insert(row)
                .exec_without_returning(tx.db())
                .await?;
            Ok(())
        })
    });
    given.await.expect("a second factor to be given");
}

/// Gives a user an identity at a provider, by the subject `s-` and their id, as if they had come from there.
///
/// # Panics
/// Where the database fails.
#[expect(
    clippy::expect_used,
    reason = "a test that can't make what it is about has to fail"
)]
pub async fn give_identity(writer: &Writer, workspace: WorkspaceId, user: UserId, provider: ProviderId) {
    let row = identity::ActiveModel {
        workspace_id: Set(workspace.0),
        provider_id: Set(provider.0),
        subject: Set(format!("s-{user}")),
        user_id: Set(user.0),
        label: Set("Provider: somebody".to_owned()),
        created_at: Set(0),
    };
    let given = writer.change(move |tx| {
        Box::pin(async move {
            identity::Entity::insert(row)
                .exec_without_returning(tx.db())
                .await?;
            Ok(())
        })
    });
    given.await.expect("an identity to be given");
}

/// Makes a session of a contact in the customer portal, as a sign-in would. Answers with what its cookie holds.
#[expect(
    clippy::expect_used,
    reason = "a test that can't make what it is about has to fail"
)]
pub async fn give_contact_session(writer: &Writer, workspace: WorkspaceId, contact: ObjectId) -> String {
    let token = secret();
    let hash = digest(&token).to_vec();
    let given = writer.change(move |tx| {
        Box::pin(async move {
            let now = tx.now();
            let address = object::Entity::find_by_id((workspace.0, contact.0));
            let address = address.one(tx.db()).await?.map(|contact| contact.unique_key);
            let row = contact_session::ActiveModel {
                workspace_id: Set(workspace.0),
                contact_id: Set(contact.0),
                id: Set(tx.new_id()),
                token_hash: Set(hash),
                address: Set(address.unwrap_or_default()),
                method: Set("magic_link".to_owned()),
                ip: Set(None),
                user_agent: Set(None),
                created_at: Set(now.micros()),
                last_seen_at: Set(now.micros()),
                expires_at: Set(now.plus_seconds(3600).micros()),
            };
            contact_session::Entity::insert(row)
                .exec_without_returning(tx.db())
                .await?;
            Ok(())
        })
    });
    given.await.expect("a session to be made");
    token
}

/// One database of each kind there is: SQLite and, where [`POSTGRES`] is set, PostgreSQL.
pub async fn each_database() -> Vec<TestDb> {
    let mut all = vec![TestDb::sqlite().await];
    all.extend(TestDb::postgres().await);
    all
}

/// Runs a test on each database.
pub async fn on_each_database<F, R>(test: F)
where
    F: Fn(TestDb) -> R,
    R: Future<Output = ()>,
{
    for database in each_database().await {
        // A whole test is too large for the stack of its caller.
        Box::pin(test(database)).await;
    }
}
