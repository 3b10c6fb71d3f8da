//! One service: structures, string enums, constraint tables, operation markers, and the lists of them.

use std::collections::BTreeSet;
use std::fmt::Write;

use anyhow::{Result, bail};

use super::model::{Model, Operation};
use super::{errors, names, structs, tables};

pub(crate) fn source(model: &Model) -> Result<String> {
    refuse_two_of_one_name(model)?;

    let structs = structs::source(model)?;
    let mut out = String::from("use std::collections::BTreeMap;\n\nuse serde::{Deserialize, Serialize};\n\n");
    if structs.contains("Secret<") {
        out.push_str("use crate::Secret;\n");
    }
    out.push_str("use crate::shape::{Bounds, Kind, Pattern, may, must};\n");
    out.push_str("use crate::{Facts, Shape, facts};\n\n");
    out = if structs.contains("BTreeMap<") { out } else { out.replace("use std::collections::BTreeMap;\n\n", "") };
    out.push_str(&structs);
    out.push_str(&string_enums(model)?);
    out.push_str(&tables::source(model)?);
    for operation in &model.operations {
        out.push_str(&marker(operation)?);
    }
    out.push_str(&lists(model)?);

    Ok(if out.contains("Pattern::new") { out } else { out.replace("Pattern, ", "") })
}

fn refuse_two_of_one_name(model: &Model) -> Result<()> {
    match model.operations.iter().find(|operation| model.shapes.contains_key(&operation.name)) {
        Some(operation) => bail!("{} is the name of an operation and of a shape", operation.name),
        None => Ok(()),
    }
}

fn string_enums(model: &Model) -> Result<String> {
    let used: BTreeSet<&str> = model.read()?.union(&model.written()?).copied().collect();
    let mut out = String::new();
    for (name, shape) in &model.shapes {
        if shape.names.is_empty() || !used.contains(name.as_str()) {
            continue;
        }
        writeln!(out, "string_enum! {{ {name} {{")?;
        let mut seen = BTreeSet::new();
        for text in &shape.names {
            let variant = names::variant(text);
            if !seen.insert(variant.clone()) {
                bail!("{name} has two values that are spelled {variant} in Rust");
            }
            writeln!(out, "    {variant} = {text:?},")?;
        }
        out.push_str("} }\n\n");
    }
    Ok(out)
}

fn marker(operation: &Operation) -> Result<String> {
    let auth = match operation.auth.as_str() {
        "none" => "None",
        "accessToken-in-body" => "AccessToken",
        "none-or-accessToken-in-body" => "OptionalAccessToken",
        "sigv4" => "SigV4",
        other => bail!("{} is admitted by {other}, which is not known", operation.name),
    };
    let output = operation.output_shape.as_deref().unwrap_or("nothing");
    let errors = operation.errors.iter().map(|name| errors::variant(name)).collect::<Result<Vec<_>>>()?;
    Ok(format!(
        "operation! {{ {}({}) -> {output}; {}; {auth}; {} }}\n",
        operation.name,
        operation.input_shape,
        names::constant("S", &operation.input_shape),
        errors.join(", "),
    ))
}

fn lists(model: &Model) -> Result<String> {
    let mut out = String::from("\n/// Sorted.\npub static NAMES: &[&str] = &[\n");
    for operation in &model.operations {
        writeln!(out, "    {:?},", operation.name)?;
    }
    out.push_str("];\n\n/// In the order of `NAMES`.\npub static FACTS: &[Facts] = &[\n");
    for operation in &model.operations {
        writeln!(out, "    facts::<{}>(),", operation.name)?;
    }
    out.push_str("];\n");
    Ok(out)
}
