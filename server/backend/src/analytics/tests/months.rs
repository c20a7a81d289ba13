//! Months are closed once, and stay what they were.

use super::{Desk, usage};
use crate::testing::on_each_database;
use daybook_domain::{
    Error,
    analytics::{ReportLineKind, UsageType, month_of},
    catalogue::faults,
    ports::Analytics as _,
};

const DAY: i64 = 86_400;

#[tokio::test]
async fn a_month_that_is_over_is_closed_and_stays() {
    on_each_database(async |test| {
        let desk = Desk::new(test).await;
        desk.counted([
            usage("file.read", "harbor", "ann", "2026-09-30T23:59:59Z"),
            usage("file.read", "harbor", "ann", "2026-11-01T00:00:00Z"),
            usage("x", "quay", "ben", "2026-11-02T00:00:00Z"),
        ])
        .await;
        let general = desk.reports(UsageType::General).await;
        let months: Vec<_> = general.iter().map(|report| report.month.as_str()).collect();
        // October has nothing in it; November isn't over.
        assert_eq!(months, ["2026-10", "2026-09"]);
        assert_eq!((general[0].users, general[0].activities), (0, 0));
        assert_eq!((general[1].users, general[1].activities), (1, 1));
        assert_eq!(general[1].time_zone, "UTC");

        desk.house.at.clock.advance_seconds(9 * DAY);
        // Recorded before anybody looked, and so in time.
        desk.counted([usage("x", "quay", "cleo", "2026-11-30T10:00:00Z")])
            .await;
        let november = desk.reports(UsageType::General).await[0].clone();
        assert_eq!(
            (
                november.month.as_str(),
                november.users,
                november.companies,
                november.activities
            ),
            ("2026-11", 3, 2, 3)
        );
        // Late, for a month that is closed; and all records go.
        desk.counted([usage("x", "quay", "dora", "2026-11-29T10:00:00Z")])
            .await;
        desk.purge().await;
        desk.analytics.settle().await.unwrap();
        assert_eq!(desk.reports(UsageType::General).await[0], november);
        let files = desk.reports(UsageType::Files).await;
        assert_eq!((files.len(), files[0].activities), (3, 1));
    })
    .await;
}

#[tokio::test]
async fn a_month_waits_for_what_was_recorded_in_it() {
    on_each_database(async |test| {
        let desk = Desk::new(test).await;
        desk.counted([usage("x", "quay", "ben", "2026-11-02T00:00:00Z")])
            .await;
        desk.append([usage("x", "quay", "ann", "2026-11-03T00:00:00Z")])
            .await;
        desk.house.at.clock.advance_seconds(10 * DAY);
        // Something isn't counted yet that was recorded in November.
        super::super::months::close(&desk.analytics, desk.house.workspace.id)
            .await
            .unwrap();
        assert_eq!(desk.reports(UsageType::General).await, []);
        desk.analytics.settle().await.unwrap();
        assert_eq!(desk.reports(UsageType::General).await[0].users, 2);
    })
    .await;
}

#[tokio::test]
async fn names_are_read_again_and_counts_are_not() {
    on_each_database(async |test| {
        let desk = Desk::new(test).await;
        desk.counted([
            usage("x", "harbor", "ann", "2026-10-02T00:00:00Z"),
            usage("x", "harbor", "ann", "2026-10-03T00:00:00Z"),
            usage("x", "quay", "ben", "2026-10-02T00:00:00Z"),
        ])
        .await;
        let (analytics, who) = (&desk.analytics, desk.who());
        let report = desk.reports(UsageType::General).await[0].clone();
        let mut renamed = usage("x", "harbor", "ann", "2026-11-02T00:00:00Z");
        renamed.company = Some(daybook_domain::event::NamedRef::new("harbor", "Harbor IT"));
        desk.counted([renamed]).await;
        let first = analytics.monthly_report(&who, report.id, 0, 3).await.unwrap();
        assert_eq!(first.next, Some(3));
        let lines = |lines: &[daybook_domain::analytics::ReportLine]| {
            let line = lines.iter();
            line.map(|line| (line.kind, line.name.clone(), line.activities))
                .collect::<Vec<_>>()
        };
        let (company, contact) = (ReportLineKind::Company, ReportLineKind::Contact);
        assert_eq!(
            lines(&first.lines),
            [
                (company, "HARBOR".to_owned(), 2),
                (company, "QUAY".to_owned(), 1),
                (contact, "ANN".to_owned(), 2),
            ]
        );
        let rest = analytics.monthly_report(&who, report.id, 3, 3).await.unwrap();
        assert_eq!(lines(&rest.lines), [(contact, "BEN".to_owned(), 1)]);
        assert_eq!(
            (rest.next, rest.lines[0].company.as_deref()),
            (None, Some("quay"))
        );

        let refreshed = analytics.refresh_monthly_report(&who, report.id).await.unwrap();
        let now = desk.house.at.clock.as_ref();
        let now = daybook_domain::time::Clock::now(now);
        assert_eq!(refreshed.refreshed_at, Some(now));
        assert_eq!(
            daybook_domain::analytics::MonthlyReport {
                refreshed_at: None,
                ..refreshed
            },
            report
        );
        let event = desk.house.last_event().await.body;
        assert_eq!(event.event_type, "usage_report.refreshed");
        assert_eq!(event.metadata["names"], 1);
        assert_eq!(faults(&event), Vec::<String>::new());
        let first = analytics.monthly_report(&who, report.id, 0, 1).await.unwrap();
        assert_eq!(lines(&first.lines), [(company, "Harbor IT".to_owned(), 2)]);
    })
    .await;
}

#[tokio::test]
async fn a_month_to_come_has_no_report() {
    on_each_database(async |test| {
        let desk = Desk::new(test).await;
        desk.counted([usage("x", "quay", "ben", "2026-10-02T00:00:00Z")])
            .await;
        let who = desk.who();
        let of = async |text| {
            let found = desk
                .analytics
                .monthly_reports(&who, UsageType::General, month_of(text));
            found.await
        };
        assert_eq!(of("2026-10").await.unwrap().len(), 1);
        assert_eq!(of("2026-11").await.unwrap(), []);
        let refused = of("2026-12").await;
        assert!(matches!(refused, Err(Error::Invalid { field, .. }) if field == "month"));
        assert_eq!(
            (month_of("2026-13"), month_of("+026-10"), month_of("2026-1")),
            (None, None, None)
        );
        let nothing = daybook_domain::id::UsageReportId(uuid::Uuid::nil());
        let analytics = &desk.analytics;
        assert_eq!(
            analytics.monthly_report(&who, nothing, 0, 1).await,
            Err(Error::NotFound)
        );
        let refreshed = analytics.refresh_monthly_report(&who, nothing).await;
        assert_eq!(refreshed, Err(Error::NotFound));
    })
    .await;
}
