//! Daybook's schema, one file per step, the same for SQLite and PostgreSQL. A step that has been released is never
//! edited; a mistake is mended by the next step.

use sea_orm_migration::{MigrationTrait, prelude::DynIden, sea_query::IntoIden};
pub use sea_orm_migration::{MigratorTrait, prelude::SchemaManager};

mod m0001_foundation;
mod m0002_event_index;
mod m0003_saved_views;
mod m0004_retention;
mod m0005_index_anew;
mod m0006_settings;
mod m0007_facets_by_key;
mod m0008_objects;
mod m0011_helpdesk;
mod m0012_object_imports;
mod m0013_sessions;
mod m0014_user_list;
mod m0015_regional_format;
mod m0016_object_aliases;
mod m0017_source_ids;
mod m0018_facets_in_order;
mod m0019_sort_keys;
mod m0020_object_facets_by_key;
mod m0021_webhooks;
mod m0022_emails;
mod m0023_integrations;
mod m0024_email_templates;
mod m0025_report_schedules;
mod m0026_email_addresses;
mod m0027_second_factors;
mod m0028_identity_providers;
mod m0029_usage;
mod m0030_monitoring;
mod m0031_portal;
mod m0033_usage_days;
mod table;

/// All steps in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_foundation::Migration),
            Box::new(m0002_event_index::Migration),
            Box::new(m0003_saved_views::Migration),
            Box::new(m0004_retention::Migration),
            Box::new(m0005_index_anew::Migration),
            Box::new(m0006_settings::Migration),
            Box::new(m0007_facets_by_key::Migration),
            Box::new(m0008_objects::Migration),
            Box::new(m0011_helpdesk::Migration),
            Box::new(m0012_object_imports::Migration),
            Box::new(m0013_sessions::Migration),
            Box::new(m0014_user_list::Migration),
            Box::new(m0015_regional_format::Migration),
            Box::new(m0016_object_aliases::Migration),
            Box::new(m0017_source_ids::Migration),
            Box::new(m0018_facets_in_order::Migration),
            Box::new(m0019_sort_keys::Migration),
            Box::new(m0020_object_facets_by_key::Migration),
            Box::new(m0021_webhooks::Migration),
            Box::new(m0022_emails::Migration),
            Box::new(m0023_integrations::Migration),
            Box::new(m0024_email_templates::Migration),
            Box::new(m0025_report_schedules::Migration),
            Box::new(m0026_email_addresses::Migration),
            Box::new(m0027_second_factors::Migration),
            Box::new(m0028_identity_providers::Migration),
            Box::new(m0029_usage::Migration),
            Box::new(m0030_monitoring::Migration),
            Box::new(m0031_portal::Migration),
            Box::new(m0033_usage_days::Migration),
        ]
    }

    fn migration_table_name() -> DynIden {
        "daybook_migration".into_iden()
    }
}

/// The table in which the steps taken are noted.
pub const MIGRATION_TABLE: &str = "daybook_migration";

#[cfg(test)]
mod tests {
    use super::*;

    /// Databases know the steps they have taken by these names.
    #[test]
    fn a_step_keeps_its_name() {
        let steps = Migrator::migrations();
        let names: Vec<_> = steps.iter().map(|step| step.name()).collect();
        let released = [
            "m0001_foundation",
            "m0002_event_index",
            "m0003_saved_views",
            "m0004_retention",
            "m0005_index_anew",
            "m0006_settings",
            "m0007_facets_by_key",
            "m0008_objects",
            "m0011_helpdesk",
            "m0012_object_imports",
            "m0013_sessions",
            "m0014_user_list",
            "m0015_regional_format",
            "m0016_object_aliases",
            "m0017_source_ids",
            "m0018_facets_in_order",
            "m0019_sort_keys",
            "m0020_object_facets_by_key",
            "m0021_webhooks",
        ];
        assert_eq!(names[..released.len()], released);
    }
}
