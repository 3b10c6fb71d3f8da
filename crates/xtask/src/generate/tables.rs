//! The constraints of everything that can be read, as statics. A static may name one that is declared later.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Result, bail};

use super::model::{Model, Shape};
use super::structs::target;
use super::{names, pattern};

pub(crate) fn source(model: &Model) -> Result<String> {
    let read = model.read()?;
    let shapes: Vec<(&str, &Shape)> =
        read.into_iter().map(|name| Ok((name, model.shape(name)?))).collect::<Result<_>>()?;
    let patterns = patterns(&shapes);

    let mut out = String::new();
    for (text, name) in &patterns {
        writeln!(out, "static {name}: Pattern = Pattern::new({}, {});", raw(text)?, raw(&pattern::translate(text)?)?)?;
    }
    out.push_str("\n/// For the test that compiles them.\npub static PATTERNS: &[&Pattern] = &[\n");
    for name in patterns.values() {
        writeln!(out, "    &{name},")?;
    }
    out.push_str("];\n\n");
    for (name, shape) in shapes {
        writeln!(
            out,
            "pub static {}: Shape = Shape {{ name: {name:?}, secret: {}, kind: {} }};",
            names::constant("S", name),
            shape.sensitive,
            kind(name, shape, &patterns)?,
        )?;
    }
    out.push('\n');
    Ok(out)
}

/// Each distinct pattern once, named for the first shape that has it.
fn patterns<'m>(shapes: &[(&'m str, &'m Shape)]) -> BTreeMap<&'m str, String> {
    let mut patterns = BTreeMap::new();
    for (name, shape) in shapes {
        if let Some(text) = &shape.pattern {
            patterns.entry(text.as_str()).or_insert_with(|| names::constant("P", name));
        }
    }
    patterns
}

fn kind(name: &str, shape: &Shape, patterns: &BTreeMap<&str, String>) -> Result<String> {
    let bounds = bounds(shape);
    Ok(match shape.kind.as_str() {
        "structure" if shape.document => "Kind::Document".to_owned(),
        "structure" => {
            let members: Vec<String> = shape
                .members()?
                .into_iter()
                .map(|(member, target)| {
                    let how = if shape.is_required(member) { "must" } else { "may" };
                    format!("\n    {how}({member:?}, &{}),", names::constant("S", target))
                })
                .collect();
            format!("Kind::Structure(&[{}\n])", members.concat())
        }
        "list" => {
            format!(
                "Kind::List {{ item: &{}, length: {bounds} }}",
                names::constant("S", target(shape.member.as_ref())?)
            )
        }
        "map" => format!(
            "Kind::Map {{ key: &{}, value: &{}, length: {bounds} }}",
            names::constant("S", target(shape.key.as_ref())?),
            names::constant("S", target(shape.value.as_ref())?),
        ),
        "string" if !shape.names.is_empty() => format!("Kind::Enum(&{:?})", shape.names),
        "string" => {
            let pattern = shape.pattern.as_ref().and_then(|text| patterns.get(text.as_str()));
            let pattern = pattern.map_or_else(|| "None".to_owned(), |name| format!("Some(&{name})"));
            format!("Kind::String {{ length: {bounds}, pattern: {pattern} }}")
        }
        "integer" => format!("Kind::Integer({bounds})"),
        "long" => format!("Kind::Long({bounds})"),
        "boolean" => "Kind::Boolean".to_owned(),
        "timestamp" => "Kind::Timestamp".to_owned(),
        "blob" => format!("Kind::Blob({bounds})"),
        other => bail!("{name} is a {other}, which is not known"),
    })
}

fn bounds(shape: &Shape) -> String {
    match (shape.min, shape.max) {
        (None, None) => "Bounds::ANY".to_owned(),
        (Some(min), None) => format!("Bounds::at_least({})", number(min)),
        (None, Some(max)) => format!("Bounds::at_most({})", number(max)),
        (Some(min), Some(max)) => format!("Bounds::between({}, {})", number(min), number(max)),
    }
}

fn raw(text: &str) -> Result<String> {
    if text.contains("\"#") {
        bail!("{text} does not fit a raw string");
    }
    Ok(if text.contains('"') { format!("r#\"{text}\"#") } else { format!("r\"{text}\"") })
}

/// With underscores, as clippy wants it.
fn number(number: i64) -> String {
    let digits = number.abs().to_string();
    let mut out = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && digits.len() > 4 {
            out.push('_');
        }
        out.push(digit);
    }
    out
}
