//! `daybook check-drift`: where the master data differs from what the log says of it.

use super::workspace;
use crate::{Problem, Services, config::Config};
use daybook_domain::drift::Difference;

pub async fn run(config: &Config) -> Result<(), Problem> {
    let services = Services::open(config).await?;
    let workspace = workspace(&services).await?;
    let report = services.objects.check_drift(workspace.id, |_| ()).await?;
    for drift in &report.drifts {
        let (kind, name, id) = (drift.kind, &drift.name, drift.id);
        let difference = match &drift.difference {
            Difference::NotStored => "is in the log and isn't stored".to_owned(),
            Difference::NotLogged => "is stored and isn't in the log".to_owned(),
            Difference::Property {
                property,
                stored,
                logged,
            } => format!("{property}: stored {stored}, logged {logged}"),
        };
        println!("{kind} “{name}” {id}: {difference}");
    }
    let (things, records) = (report.things, report.records);
    if report.partly > 0 {
        println!(
            "Of {} things records may have been removed: only what the others are sure to say was compared.",
            report.partly
        );
    }
    if report.drifts.is_empty() {
        println!("{things} things are what {records} records say they are.");
        return Ok(());
    }
    Err(Problem::new(format!(
        "{} differences between {things} things and {records} records. Something has changed them around Daybook: compare \
         with a backup, and save each thing again as it should be.",
        report.drifts.len()
    )))
}
