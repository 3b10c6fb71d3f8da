//! `cargo xtask layers`: the edges that cargo knows, held against the table in layers.toml.

use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{files, long_files};

const TABLE: &str = "layers.toml";

#[derive(Deserialize)]
struct Table {
    crates: Vec<Layer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Layer {
    floor: u8,
    name: String,
    sentence: String,
    may_use: Vec<String>,
    #[serde(default)]
    dev_only: bool,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `None` is an ordinary dependency, else "dev" or "build".
    kind: Option<String>,
    /// Only dependencies of this workspace have one.
    path: Option<String>,
}

pub(crate) fn run() -> Result<Vec<String>> {
    let text = files::read(TABLE)?;
    let table: Table = toml::from_str(&text).with_context(|| format!("{TABLE} is not understood"))?;

    let mut complaints = consistency(&table, &text);
    complaints.extend(edges(&table, &text, &metadata()?));
    complaints.extend(long_files::check()?);
    Ok(complaints)
}

fn metadata() -> Result<Metadata> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(files::root())
        .output()
        .context("cannot run cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    serde_json::from_slice(&output.stdout).context("cargo metadata is not understood")
}

/// A table that contradicts itself: unknown names, arrows that point upwards.
fn consistency(table: &Table, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for layer in &table.crates {
        let place = place(text, &layer.name);
        if layer.sentence.is_empty() {
            complaints.push(format!("{place}: {} has no sentence", layer.name));
        }
        for target in layer.may_use.iter().filter(|target| *target != "*") {
            match table.find(target) {
                None => {
                    complaints.push(format!("{place}: {} may use {target}, which the table does not know", layer.name));
                }
                Some(target) if target.floor > layer.floor => {
                    complaints.push(format!("{place}: {} may use {}, which is a floor above", layer.name, target.name));
                }
                Some(_) => {}
            }
        }
    }
    complaints
}

fn edges(table: &Table, text: &str, metadata: &Metadata) -> Vec<String> {
    let mut complaints = Vec::new();
    for package in &metadata.packages {
        let from = folder(&package.name);
        let Some(layer) = table.find(from) else {
            complaints.push(format!("{TABLE}: {from} is not in the table; give it a floor and a sentence"));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|dependency| dependency.path.is_some()) {
            let to = folder(&dependency.name);
            let Some(target) = table.find(to) else { continue };
            if !layer.allows(target, dependency.kind.as_deref()) {
                complaints.push(format!(
                    "{}: {from} may not use {to} (crates/{from}/Cargo.toml): it may use [{}]",
                    place(text, from),
                    layer.may_use.join(", "),
                ));
            }
        }
    }
    complaints
}

impl Table {
    fn find(&self, name: &str) -> Option<&Layer> {
        self.crates.iter().find(|layer| layer.name == name)
    }
}

impl Layer {
    fn allows(&self, target: &Layer, kind: Option<&str>) -> bool {
        if target.dev_only {
            return kind == Some("dev") && target.name == "testkit";
        }
        let listed = self.may_use.contains(&target.name);
        let below = self.dev_only || target.floor < self.floor;
        listed || (below && self.may_use.iter().any(|name| name == "*"))
    }
}

fn folder(package: &str) -> &str {
    package.strip_prefix("cognate-").unwrap_or(package)
}

/// The line of the table, as editors and terminals understand it.
fn place(text: &str, name: &str) -> String {
    let entry = format!("name = \"{name}\"");
    let line = text.lines().position(|line| line.contains(&entry)).map_or(1, |at| at + 1);
    format!("{TABLE}:{line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"crates = [
        { floor = 2, name = "top", may-use = ["*"], sentence = "All." },
        { floor = 1, name = "left", may-use = [], sentence = "Left." },
        { floor = 1, name = "right", may-use = ["left"], sentence = "Right." },
        { floor = 0, name = "testkit", dev-only = true, may-use = ["*"], sentence = "Tests." },
    ]"#;

    fn complaints(from: &str, to: &str, kind: Option<&str>) -> Vec<String> {
        let dependency =
            Dependency { name: format!("cognate-{to}"), kind: kind.map(str::to_owned), path: Some(String::new()) };
        let package = Package { name: format!("cognate-{from}"), dependencies: vec![dependency] };
        edges(&toml::from_str(TEXT).unwrap(), TEXT, &Metadata { packages: vec![package] })
    }

    #[test]
    fn a_listed_edge_is_allowed_and_another_is_named_with_its_line() {
        assert!(complaints("right", "left", None).is_empty());
        assert!(complaints("top", "left", None).is_empty());
        let found = complaints("left", "right", None);
        assert_eq!(found, ["layers.toml:3: left may not use right (crates/left/Cargo.toml): it may use []"]);
    }

    #[test]
    fn the_test_kit_is_for_tests_only() {
        assert!(complaints("left", "testkit", Some("dev")).is_empty());
        assert_eq!(complaints("left", "testkit", None).len(), 1);
        assert!(complaints("testkit", "top", None).is_empty());
    }

    #[test]
    fn a_crate_that_the_table_does_not_know_is_named() {
        assert!(complaints("stranger", "left", None).concat().contains("stranger is not in the table"));
    }
}
