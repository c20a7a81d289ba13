//! `daybook check-drift`: where what is stored differs from what the log says of it.

use super::workspace;
use crate::{Problem, Services, config::Config};
use daybook_domain::drift::Difference;

pub async fn run(config: &Config) -> Result<(), Problem> {
    let services = Services::open(config).await?;
    let workspace = workspace(&services).await?;
    let report = services.drift.check(workspace.id, |_| ()).await?;
    for drift in &report.drifts {
        let (thing, name) = (&drift.thing, &drift.name);
        let difference = match &drift.difference {
            Difference::NotStored => "is in the log and isn't stored".to_owned(),
            Difference::NotLogged => "is stored and isn't in the log".to_owned(),
            Difference::Unreadable => "can't be read as it is stored".to_owned(),
            Difference::Property {
                property,
                stored,
                logged,
            } => format!("{property}: stored {stored}, logged {logged}"),
            Difference::Beside { what, stored, due } => format!("{what}: stored {stored}, should be {due}"),
        };
        println!("{} “{name}” {}: {difference}", thing.kind, thing.id);
    }
    let (things, records) = (report.things, report.records);
    if report.partly > 0 {
        println!(
            "Of {} things the log doesn't know all, because records were removed or the things are older than it: only what \
             it is sure to say was compared.",
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
