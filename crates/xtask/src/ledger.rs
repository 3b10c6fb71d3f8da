//! `cargo xtask ledger`: what is built, what no real client has called, and where one SQL text does not suffice.
//!
//! Built is what stands in the `operations!` table of crates/api/src/{idp,identity,sts}.rs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::files;
use crate::generate::{SERVICES, model, names};

const OPERATIONS: &str = "ledger/operations.txt";
const UNTESTED: &str = "ledger/untested-operations.txt";
const TWO_TEXTS: &str = "ledger/two-text-queries.txt";

pub(crate) fn run(check: bool) -> Result<Vec<String>> {
    let services = services()?;
    let operations = operations(&services)?;
    let contents = [(OPERATIONS, operations.clone()), (UNTESTED, untested(&services)?), (TWO_TEXTS, two_texts()?)];

    let mut complaints = Vec::new();
    for (file, content) in contents {
        complaints.extend(files::settle(file, &content, check, "cargo xtask ledger")?);
    }
    if check {
        complaints.extend(lost(&at_head(OPERATIONS)?, &operations));
    }
    Ok(complaints)
}

struct Service {
    name: &'static str,
    /// With whether it is built.
    operations: BTreeMap<String, bool>,
}

fn services() -> Result<Vec<Service>> {
    SERVICES
        .iter()
        .map(|name| {
            let table = format!("crates/api/src/{name}.rs");
            let built = built(&files::read_or_empty(&table)?).with_context(|| table.clone())?;
            let known: BTreeSet<String> = model::load(name)?.operations.into_iter().map(|op| op.name).collect();
            if let Some(stranger) = built.difference(&known).next() {
                bail!("{table} lists {stranger}, which model/{name}-operations.json does not have");
            }
            let operations = known.into_iter().map(|op| (op.clone(), built.contains(&op))).collect();
            Ok(Service { name, operations })
        })
        .collect()
}

/// The names on the left of the arrows in `operations! { wire::x => A => noun::a, .. }`.
fn built(source: &str) -> Result<BTreeSet<String>> {
    let code: String =
        source.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let Some((_, after)) = code.split_once("operations! {") else { return Ok(BTreeSet::new()) };
    let table = after.split('}').next().unwrap_or_default();
    let Some((_, entries)) = table.split_once("=>") else { bail!("the operations! table has no contract") };

    let mut names = BTreeSet::new();
    for entry in entries.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
        let Some((name, _)) = entry.split_once("=>") else { bail!("the operations! table holds `{entry}`") };
        if !names.insert(name.trim().to_owned()) {
            bail!("the operations! table lists {} twice", name.trim());
        }
    }
    Ok(names)
}

fn operations(services: &[Service]) -> Result<String> {
    let mut out =
        String::from("# Which operations answer. Written by `cargo xtask ledger`; `built` never becomes `unbuilt`.\n");
    for service in services {
        let built = service.operations.values().filter(|built| **built).count();
        writeln!(out, "\n# {}: {built} of {} built", service.name, service.operations.len())?;
        for (operation, built) in &service.operations {
            writeln!(out, "{} {operation} {}", service.name, if *built { "built" } else { "unbuilt" })?;
        }
    }
    Ok(out)
}

fn untested(services: &[Service]) -> Result<String> {
    let mut tests = String::new();
    for file in files::below("tests/clients", "py")?.iter().filter(|file| !names_without_testing(file)) {
        tests.push_str(&files::read(file)?);
        tests.push('\n');
    }
    let words: BTreeSet<&str> = tests.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();

    let mut out = String::from(
        "# Built operations that no real client calls in tests/clients. Written by `cargo xtask ledger`.\n",
    );
    for service in services {
        for (operation, _) in service.operations.iter().filter(|(_, built)| **built) {
            if !words.contains(operation.as_str()) && !words.contains(names::boto(operation).as_str()) {
                writeln!(out, "{} {operation}", service.name)?;
            }
        }
    }
    Ok(out)
}

/// The probes call every operation, with wrong input only; built.py repeats the list of what is built.
fn names_without_testing(file: &str) -> bool {
    file.starts_with("tests/clients/probes/") || file == "tests/clients/built.py"
}

fn two_texts() -> Result<String> {
    let mut total = 0;
    let mut lines = String::new();
    for file in files::below("crates/store/src", "rs")? {
        let count = files::read(&file)?.matches("Sql::each(").count();
        if count > 0 {
            writeln!(lines, "{file} {count}")?;
            total += count;
        }
    }
    Ok(format!(
        "# Queries with a text for each engine: {total}, to stay under ten. Written by `cargo xtask ledger`.\n{lines}"
    ))
}

/// Empty if HEAD has no such file, or if there is no commit yet.
fn at_head(file: &str) -> Result<String> {
    let output = Command::new("git")
        .args(["show", &format!("HEAD:{file}")])
        .current_dir(files::root())
        .output()
        .context("cannot run git")?;
    Ok(if output.status.success() { String::from_utf8_lossy(&output.stdout).into_owned() } else { String::new() })
}

fn lost(before: &str, now: &str) -> Vec<String> {
    let built = |ledger: &'_ str| -> BTreeSet<String> {
        ledger
            .lines()
            .filter_map(|line| line.strip_suffix(" built"))
            .filter(|line| !line.starts_with('#'))
            .map(str::to_owned)
            .collect()
    };
    let now = built(now);
    built(before)
        .into_iter()
        .filter(|operation| !now.contains(operation))
        .map(|operation| format!("{OPERATIONS}: {operation} is built in HEAD and is built no more"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "operations! { wire::idp =>\n  CreateGroup => groups::create_group, // new\n  // GetGroup => groups::get_group,\n  DeleteGroup => groups::delete_group,\n}\n";

    #[test]
    fn what_stands_in_the_table_is_built() {
        let names = built(TABLE).unwrap();
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["CreateGroup", "DeleteGroup"]);
        assert!(built("mod nothing;").unwrap().is_empty());
        assert!(built("operations! { wire::idp =>\n A => b::c, A => b::d }").is_err());
    }

    #[test]
    fn an_operation_may_not_be_lost() {
        let before = "# idp: 2 of 2 built\nidp CreateGroup built\nidp GetGroup built\n";
        assert!(lost(before, before).is_empty());
        assert!(lost("", before).is_empty());
        let found = lost(before, "idp CreateGroup built\nidp GetGroup unbuilt\n");
        assert_eq!(found, ["ledger/operations.txt: idp GetGroup is built in HEAD and is built no more"]);
    }
}
