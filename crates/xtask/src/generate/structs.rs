//! Structures with serde's derive, only in the direction in which they travel.

use std::collections::BTreeSet;
use std::fmt::Write;

use anyhow::{Context, Result, bail};

use super::choices;
use super::model::{Model, Reference, Shape};
use super::names;

pub(crate) fn source(model: &Model) -> Result<String> {
    let read = model.read()?;
    let written = model.written()?;
    let known =
        |list: &[&'static str]| model.reachable(list.iter().copied().filter(|name| model.shapes.contains_key(*name)));
    let kept = known(&choices::KEPT)?;
    let handed_round = known(&choices::HANDED_ROUND)?;

    let mut out = String::new();
    for (name, shape) in &model.shapes {
        let name = name.as_str();
        let is_read = read.contains(name) || kept.contains(name);
        let is_written = written.contains(name) || kept.contains(name);
        if !shape.is_structure() || shape.exception || !(is_read || is_written) {
            continue;
        }
        let mut derives = Vec::new();
        if kept.contains(name) || handed_round.contains(name) {
            derives.extend(["Clone", "Debug", "PartialEq"]);
        }
        if shape.required.is_empty() {
            derives.push("Default");
        }
        if is_written {
            derives.push("Serialize");
        }
        if is_read {
            derives.push("Deserialize");
        }
        writeln!(out, "#[derive({})]", derives.join(", "))?;
        out.push_str(&structure(model, name, shape, is_written)?);
    }
    Ok(out)
}

fn structure(model: &Model, name: &str, shape: &Shape, is_written: bool) -> Result<String> {
    let members = shape.members()?;
    if members.is_empty() {
        return Ok(format!("pub struct {name} {{}}\n\n"));
    }

    let mut out = format!("#[serde(rename_all = \"PascalCase\")]\npub struct {name} {{\n");
    let mut seen = BTreeSet::new();
    for (member, target) in members {
        let field = names::field(member);
        if !seen.insert(field.clone()) {
            bail!("{name} has two members that are spelled {field} in Rust");
        }
        let kind = rust_type(model, target).with_context(|| format!("{name}.{member}"))?;
        let optional = !shape.is_required(member);

        let mut attributes = Vec::new();
        if names::pascal(&field) != member {
            attributes.push(format!("rename = {member:?}"));
        }
        if optional && is_written {
            attributes.push("skip_serializing_if = \"Option::is_none\"".to_owned());
        }
        if !attributes.is_empty() {
            writeln!(out, "    #[serde({})]", attributes.join(", "))?;
        }
        if optional {
            writeln!(out, "    pub {field}: Option<{kind}>,")?;
        } else {
            writeln!(out, "    pub {field}: {kind},")?;
        }
    }
    out.push_str("}\n\n");
    Ok(out)
}

fn rust_type(model: &Model, name: &str) -> Result<String> {
    let shape = model.shape(name)?;
    Ok(match shape.kind.as_str() {
        "structure" if shape.document => "serde_json::Value".to_owned(),
        "structure" => name.to_owned(),
        "list" => format!("Vec<{}>", rust_type(model, target(shape.member.as_ref())?)?),
        "map" => {
            let value = rust_type(model, target(shape.value.as_ref())?)?;
            // A sensitive map of strings holds passwords under known keys: its values are the secrets.
            let value = if shape.sensitive && value == "String" { "Secret<String>".to_owned() } else { value };
            format!("BTreeMap<String, {value}>")
        }
        "string" if !shape.names.is_empty() => name.to_owned(),
        "string" if shape.sensitive && !choices::NOT_SECRET.contains(&name) => "Secret<String>".to_owned(),
        "string" | "blob" => "String".to_owned(),
        "integer" => "i32".to_owned(),
        "long" => "i64".to_owned(),
        "boolean" => "bool".to_owned(),
        "timestamp" => "f64".to_owned(),
        other => bail!("{name} is a {other}, which is not known"),
    })
}

pub(crate) fn target(reference: Option<&Reference>) -> Result<&str> {
    reference.map(Reference::name).context("a list or map without the shape of its content")
}
