//! Everything of the backend, opened and put together once per process.

use crate::{Problem, config::Config, outside::Outside};
use daybook_backend::{
    accounts::Accounts,
    analytics::Analytics,
    db::{Address, Db},
    delivery::sealed::Keyring,
    drift::CheckDrift,
    email::{Emails, Mailing},
    export::Exports,
    index::EventIndex,
    ingest::Ingest,
    integrations::Integrations,
    monitoring::Monitoring,
    objects::Objects,
    past::PastStates,
    portal::Portal,
    reading::ReadLogs,
    reports::Reports,
    retention::RecordRetention,
    settings::GeneralSettings,
    store::EventStore,
    system::{SystemClock, SystemIds},
    views::SavedViews,
    webhooks::Webhooks,
    writer::Writer,
};
use daybook_domain::{id::IdMaker, ports::Ports, time::Clock};
use std::{path::Path, sync::Arc};

/// The database, the one writer, and what works with them. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Services {
    pub db: Db,
    pub writer: Writer,
    pub accounts: Accounts,
    pub ingest: Ingest,
    pub index: EventIndex,
    pub events: EventStore,
    pub reading: ReadLogs,
    pub exports: Exports,
    pub views: SavedViews,
    pub reports: Reports,
    pub retention: RecordRetention,
    pub settings: GeneralSettings,
    pub objects: Objects,
    pub drift: CheckDrift,
    pub past: PastStates,
    pub portal: Portal,
    pub webhooks: Webhooks,
    pub integrations: Integrations,
    pub monitoring: Monitoring,
    pub emails: Emails,
    pub analytics: Analytics,
    /// What secrets are sealed with.
    pub keys: Keyring,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn IdMaker>,
}

impl Services {
    /// Opens the database of the configuration and brings its schema up to date.
    ///
    /// # Errors
    /// With the remedy, where it can't be reached, isn't ours or is of a newer version.
    pub async fn open(config: &Config) -> Result<Self, Problem> {
        let db = open_database(config).await?;
        db.migrate().await?;
        let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
        let writer = Writer::start(&db, clock.clone(), ids.clone());
        let services = Self::new(db, writer, clock, ids, Outside::of(config)?);
        services.index.start(&services.writer);
        Ok(services)
    }

    pub fn new(
        db: Db,
        writer: Writer,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdMaker>,
        outside: Outside,
    ) -> Self {
        let index = EventIndex::new(db.clone());
        let events = EventStore::new(db.clone(), index.clone(), clock.clone());
        let accounts = Accounts::new(
            db.clone(),
            writer.clone(),
            clock.clone(),
            ids.clone(),
            Mailing::new(outside.address.clone(), outside.keys.clone()),
            outside.sender.clone(),
        );
        let reading = ReadLogs::new(events.clone(), writer.clone(), clock.clone());
        let retention = RecordRetention::new(
            db.clone(),
            writer.clone(),
            index.clone(),
            events.clone(),
            accounts.clone(),
            clock.clone(),
        );
        let settings = GeneralSettings::new(db.clone(), events.clone(), accounts.clone());
        Self {
            past: PastStates::new(
                db.clone(),
                reading.clone(),
                accounts.clone(),
                settings.clone(),
                retention.clone(),
                clock.clone(),
            ),
            emails: Emails::new(
                db.clone(),
                writer.clone(),
                accounts.clone(),
                clock.clone(),
                outside.keys.clone(),
                outside.sender.clone(),
            ),
            analytics: Analytics::new(db.clone(), writer.clone(), accounts.clone(), clock.clone()),
            keys: outside.keys.clone(),
            integrations: Integrations::new(
                db.clone(),
                writer.clone(),
                accounts.clone(),
                clock.clone(),
                outside.keys.clone(),
                outside.surroundings,
            ),
            monitoring: Monitoring::new(
                db.clone(),
                writer.clone(),
                accounts.clone(),
                clock.clone(),
                outside.places,
                outside.address.clone(),
            ),
            webhooks: Webhooks::new(
                db.clone(),
                writer.clone(),
                accounts.clone(),
                reading.clone(),
                clock.clone(),
                outside.keys,
                outside.sender,
            ),
            retention,
            settings,
            objects: Objects::new(db.clone(), accounts.clone(), reading.clone(), clock.clone()),
            drift: CheckDrift::new(db.clone(), writer.clone(), clock.clone()),
            portal: Portal::new(
                db.clone(),
                writer.clone(),
                accounts.clone(),
                events.clone(),
                clock.clone(),
            ),
            views: SavedViews::new(db.clone(), accounts.clone()),
            reports: Reports::new(
                db.clone(),
                writer.clone(),
                accounts.clone(),
                events.clone(),
                clock.clone(),
                outside.address,
            ),
            accounts,
            ingest: Ingest::new(writer.clone(), clock.clone()),
            exports: Exports::new(events.clone(), writer.clone()),
            reading,
            events,
            index,
            db,
            writer,
            clock,
            ids,
        }
    }

    /// What the pages may ask for.
    pub fn ports(&self) -> Ports {
        let accounts = Arc::new(self.accounts.clone());
        Ports {
            audit_logs: Arc::new(self.reading.clone()),
            exports: Arc::new(self.exports.clone()),
            views: Arc::new(self.views.clone()),
            reports: Arc::new(self.reports.clone()),
            retention: Arc::new(self.retention.clone()),
            settings: Arc::new(self.settings.clone()),
            objects: Arc::new(self.objects.clone()),
            imports: Arc::new(self.objects.clone()),
            drift_checks: Arc::new(self.drift.clone()),
            analytics: Arc::new(self.analytics.clone()),
            past_states: Arc::new(self.past.clone()),
            portal: Arc::new(self.portal.clone()),
            webhooks: Arc::new(self.webhooks.clone()),
            integrations: Arc::new(self.integrations.clone()),
            monitoring: Arc::new(self.monitoring.clone()),
            emails: Arc::new(self.emails.clone()),
            sign_in_policies: accounts.clone(),
            users: accounts.clone(),
            impersonations: accounts.clone(),
            roles: accounts.clone(),
            api_keys: accounts.clone(),
            account: accounts.clone(),
            identity_providers: accounts.clone(),
            gate: accounts,
        }
    }

    /// Brings the log's index up to what has been stored, so that the first page needn't.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn settle(&self) -> Result<(), Problem> {
        Ok(self.index.settle(&self.writer).await?)
    }

    /// Waits until everything handed to the writer so far is on disk.
    pub async fn drain(&self) {
        let barrier = self.writer.change(|_| Box::pin(async { Ok(()) })).await;
        if let Err(error) = barrier {
            tracing::warn!(error = %daybook_backend::error::chain(&error), "the writer didn't finish");
        }
    }
}

/// Connects to the database of the configuration; makes the data folder where it isn't there.
///
/// # Errors
/// With the remedy.
pub async fn open_database(config: &Config) -> Result<Db, Problem> {
    let address = config.database()?;
    if let Address::Sqlite(path) = &address
        && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
    {
        make_folder(folder)?;
    }
    Ok(Db::open(&address).await?)
}

pub(crate) fn make_folder(folder: &Path) -> Result<(), Problem> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    // The records of a helpdesk are nobody else's on this machine.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| {
        Problem::new(format!(
            "The data folder {} can't be made: {error}. Choose another with --data-dir.",
            folder.display()
        ))
    })
}
