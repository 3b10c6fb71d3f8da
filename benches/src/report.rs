//! What is printed and kept: tables in Markdown for people, JSON for whoever compares runs.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde::Serialize;

use crate::floor::Floor;
use crate::targets::{Check, Verdict};

/// One case at one number of users.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    pub(crate) users: u64,
    pub(crate) case: &'static str,
    pub(crate) connections: usize,
    pub(crate) operations: u32,
    pub(crate) per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p90_ms: f64,
    pub(crate) p99_ms: f64,
    /// CPU time of the server for one operation, in microseconds.
    pub(crate) server_us: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) database_us: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) verdict: Option<Verdict>,
    /// Instead of figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Results {
    pub(crate) machine: String,
    pub(crate) engine: &'static str,
    pub(crate) floor_alone: Floor,
    pub(crate) floor_together: Floor,
    pub(crate) rows: Vec<Row>,
    pub(crate) checks: Vec<Check>,
}

impl Results {
    /// The targets are SQLite's.
    pub(crate) fn forget_targets(&mut self) {
        self.rows.iter_mut().for_each(|row| row.verdict = None);
        for check in &mut self.checks {
            (check.target, check.met) = (None, None);
        }
    }

    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("Machine: {}. Engine: {}.\n\n", self.machine, self.engine);
        text += "| the floor, µs of CPU | signature | verification | exponentiation |\n|---|---:|---:|---:|\n";
        for (name, floor) in [("one core busy", self.floor_alone), ("all cores busy", self.floor_together)] {
            let Floor { signature, verification, exponentiation } = floor;
            let _ = writeln!(text, "| {name} | {signature:.1} | {verification:.1} | {exponentiation:.1} |");
        }
        text += "\n";
        text += &table(&self.rows);
        text += "\n| what | figure | target | |\n|---|---:|---:|---|\n";
        for check in &self.checks {
            let _ = writeln!(text, "{check}");
        }
        text
    }
}

/// Keeps numbers and tables as `NAME.json` and `NAME.md`.
pub(crate) fn keep(folder: &Path, name: &str, numbers: &impl Serialize, tables: &str) -> Result<()> {
    keep_numbers(folder, name, numbers)?;
    Ok(fs::write(folder.join(format!("{name}.md")), tables)?)
}

fn keep_numbers(folder: &Path, name: &str, numbers: &impl Serialize) -> Result<()> {
    fs::create_dir_all(folder)?;
    Ok(fs::write(folder.join(format!("{name}.json")), serde_json::to_string_pretty(numbers)? + "\n")?)
}

/// Keeps them with the project: `results/NAME.json`, and the tables in `RESULTS.md` between the marks of that name, at its
/// end if it has none.
pub(crate) fn publish(folder: &Path, name: &str, numbers: &impl Serialize, tables: &str) -> Result<()> {
    keep_numbers(&folder.join("results"), name, numbers)?;
    let page = folder.join("RESULTS.md");
    let text = fs::read_to_string(&page)?;
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->\n"));
    let (before, rest) = text.split_once(&begin).unwrap_or((&text, &end));
    let (_, after) = rest.split_once(&end).with_context(|| format!("{} ends within {name}", page.display()))?;
    Ok(fs::write(page, format!("{before}{begin}{tables}{end}{after}"))?)
}

fn table(rows: &[Row]) -> String {
    let database = rows.iter().any(|row| row.database_us.is_some());
    let mut text = "| users | case | conn. | per s | p50 ms | p90 ms | p99 ms | server µs |".to_owned();
    text += if database { " database µs |" } else { "" };
    text += " floor µs | figure | target | |\n|---:|---|---:|---:|---:|---:|---:|---:|";
    text += if database { "---:|" } else { "" };
    text += "---:|---:|---:|---|\n";
    for row in rows {
        text += &line(row, database);
    }
    text
}

fn line(row: &Row, database: bool) -> String {
    let mut text = format!("| {} | {} | {} |", row.users, row.case, row.connections);
    if let Some(error) = &row.error {
        return text + &format!(" {error} |{}\n", " |".repeat(if database { 10 } else { 9 }));
    }
    let _ = write!(
        text,
        " {:.0} | {:.2} | {:.2} | {:.2} | {:.1} |",
        row.per_second, row.p50_ms, row.p90_ms, row.p99_ms, row.server_us
    );
    if database {
        let _ = write!(text, " {:.1} |", row.database_us.unwrap_or_default());
    }
    match &row.verdict {
        Some(verdict) => {
            let _ = writeln!(text, " {verdict}");
        }
        None => text += " | | | |\n",
    }
    text
}

/// The waits at which half, nine tenths and 99 of 100 were answered, in milliseconds.
pub(crate) fn percentiles(mut waits: Vec<Duration>) -> [f64; 3] {
    waits.sort_unstable();
    [50, 90, 99].map(|percent| {
        let at = (waits.len() * percent / 100).min(waits.len().saturating_sub(1));
        waits.get(at).map_or(f64::NAN, |wait| wait.as_secs_f64() * 1e3)
    })
}

/// What this runs on, without its name.
pub(crate) fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let model = model.trim_start_matches([' ', '\t', ':']);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let kernel: String = kernel.chars().take_while(|letter| letter.is_ascii_digit() || *letter == '.').collect();
    format!("{cores} cores of {model}, Linux {kernel}")
}

/// For whoever waits.
pub(crate) fn progress(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

pub(crate) fn say(text: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{text}")
}
