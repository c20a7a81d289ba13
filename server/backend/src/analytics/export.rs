//! What a page shows, as a table for spreadsheets.

use super::{Analytics, outside};
use crate::{Result, record::own_event, spreadsheet::Lines};
use bytes::Bytes;
use daybook_domain::{
    Error as Told,
    analytics::{Figures, Ranked, Usage, UsageQuery},
    catalogue::OwnType,
    permission::ViewAnalytics,
    ports::Analytics as _,
    viewer::Granted,
};

const HEAD: [&str; 10] = [
    "table",
    "from",
    "to",
    "id",
    "name",
    "activities",
    "users",
    "companies",
    "new_users",
    "returning_users",
];

impl Analytics {
    /// The figures of a page: the period, the one before, each day, week or month, and the most active. Who was active is told
    /// by name: that somebody takes it out is recorded before.
    ///
    /// # Errors
    /// As of [`daybook_domain::ports::Analytics::usage`].
    pub async fn export(&self, who: &Granted<ViewAnalytics>, query: &UsageQuery) -> Result<Bytes, Told> {
        let usage = self.usage(who, query).await?;
        let (of, narrowed) = (query.of, query.to_query_string());
        self.0
            .accounts
            .change(who.viewer(), "export figures", move |tx, who| {
                Box::pin(async move {
                    let mut event = own_event(OwnType::DataExported, who, tx);
                    event.summary = Some(format!(
                        "Exported figures of {} as CSV",
                        of.title().to_lowercase()
                    ));
                    let metadata = &mut event.metadata;
                    metadata.insert("kind".to_owned(), "usage".into());
                    metadata.insert("usage_type".to_owned(), of.name().into());
                    metadata.insert("query".to_owned(), narrowed.into());
                    metadata.insert("format".to_owned(), "csv".into());
                    tx.record(who.workspace(), event);
                    Ok(())
                })
            })
            .await?;
        written(&usage).map_err(outside(who.viewer()))
    }
}

fn written(usage: &Usage) -> Result<Bytes> {
    let mut file = Lines::head(HEAD)?.to_vec();
    let mut lines = Lines::of_about(64 * (usage.bars.len() + 40));
    let earlier = usage.period.previous(usage.by);
    let bars = usage
        .bars
        .iter()
        .map(|bar| (usage.by.name(), bar.period, bar.figures));
    let all = [
        ("period", usage.period, usage.figures),
        ("period before", earlier, usage.before),
    ];
    for (table, period, figures) in all.into_iter().chain(bars) {
        let (from, to) = (period.from.to_string(), period.to.to_string());
        let mut cells = vec![table.to_owned(), from, to, String::new(), String::new()];
        cells.extend(counts(figures));
        lines.line(cells)?;
    }
    let (from, to) = (usage.period.from.to_string(), usage.period.to.to_string());
    for (table, ranked) in [
        ("company", &usage.companies),
        ("contact", &usage.contacts),
        ("event type", &usage.event_types),
    ] {
        for Ranked {
            key,
            name,
            activities,
            ..
        } in ranked
        {
            let activities = activities.to_string();
            lines.line([table, &from, &to, key, name, &activities, "", "", "", ""])?;
        }
    }
    file.extend_from_slice(&lines.finish()?);
    Ok(file.into())
}

fn counts(figures: Figures) -> [String; 5] {
    [
        figures.activities,
        figures.users,
        figures.companies,
        figures.new_users,
        figures.returning(),
    ]
    .map(|count| count.to_string())
}
