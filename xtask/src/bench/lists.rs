//! Lists as whole pages, asked for again and again.

use super::{Report, http::Connection, load::Percentiles};
use crate::problem::problem;
use anyhow::Result;
use std::time::Instant;

/// Requests per shape, after two that warm up.
const SAMPLES: usize = 40;

/// Asks for each of `shapes`, a name and an address; `row` begins a row of the page.
pub fn measure(
    connection: &mut Connection,
    cookies: &str,
    shapes: &[(&str, &str)],
    row: &str,
    report: &mut Report,
) -> Result<()> {
    let (slowest, worst) = each(connection, cookies, shapes, row, report)?;
    report.add("lists: highest p95", slowest, "ms", "≤ 25 ms");
    report.add("lists: worst of all", worst, "ms", "≤ 100 ms");
    Ok(())
}

/// The same of what is no list: the highest p95, and the worst of all. `cookies` are header lines that say who asks.
pub fn each(
    connection: &mut Connection,
    cookies: &str,
    shapes: &[(&str, &str)],
    row: &str,
    report: &mut Report,
) -> Result<(f64, f64)> {
    let (mut slowest, mut worst): (f64, f64) = (0.0, 0.0);
    for (name, path) in shapes {
        let (latency, rows) = shape(connection, path, cookies, row)?;
        slowest = slowest.max(latency.p95);
        worst = worst.max(latency.worst);
        println!(
            "    {name:<34} {rows:>3} rows  p50 {:>7.1}  p95 {:>7.1}  p99 {:>7.1}  worst {:>7.1} ms",
            latency.p50, latency.p95, latency.p99, latency.worst
        );
        report.keep(format!("{name}, p95"), latency.p95, "ms");
    }
    Ok((slowest, worst))
}

fn shape(connection: &mut Connection, path: &str, cookies: &str, row: &str) -> Result<(Percentiles, usize)> {
    let mut durations = Vec::with_capacity(SAMPLES);
    let mut rows = 0;
    for sample in 0..SAMPLES + 2 {
        let begin = Instant::now();
        let answer = connection.get(path, cookies)?;
        if answer.status != 200 {
            return Err(problem(
                format!("{path} was answered {}", answer.status),
                "Have the pages or the query language changed? The shapes are beside this in xtask/src/bench.",
            ));
        }
        if sample >= 2 {
            durations.push(begin.elapsed());
        }
        rows = answer.text().matches(row).count();
    }
    Ok((Percentiles::of(durations), rows))
}
