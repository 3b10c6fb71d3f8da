//! errors.rs: every exception of the three models, and those that the protocol itself may answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use anyhow::{Result, bail};

use super::choices;
use super::model::Model;

struct Kind {
    name: String,
    status: u16,
    /// What STS prints as the code, where it is not the name.
    code: Option<String>,
    protocol: bool,
}

pub(crate) fn source(models: &[Model]) -> Result<String> {
    let kinds = collect(models)?;

    let mut out =
        String::from("#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]\npub enum ErrorKind {\n");
    for variant in kinds.keys() {
        writeln!(out, "    {variant},")?;
    }
    out.push_str("}\n\nimpl ErrorKind {\n");

    let all: Vec<String> = kinds.keys().map(|variant| format!("Self::{variant}")).collect();
    writeln!(out, "    pub const ALL: &'static [Self] = &[\n        {},\n    ];\n", all.join(",\n        "))?;

    out.push_str(
        "    /// The shape name on the wire.\n    pub const fn name(self) -> &'static str {\n        match self {\n",
    );
    for (variant, kind) in &kinds {
        writeln!(out, "            Self::{variant} => {:?},", kind.name)?;
    }
    out.push_str("        }\n    }\n\n");

    out.push_str("    /// The code that STS's protocol prints.\n    pub const fn code(self) -> &'static str {\n        match self {\n");
    for (variant, kind) in &kinds {
        if let Some(code) = &kind.code {
            writeln!(out, "            Self::{variant} => {code:?},")?;
        }
    }
    out.push_str("            other => other.name(),\n        }\n    }\n\n");

    out.push_str(
        "    /// The HTTP status it travels with.\n    pub const fn status(self) -> u16 {\n        match self {\n",
    );
    let statuses: BTreeSet<u16> = kinds.values().map(|kind| kind.status).filter(|status| *status != 400).collect();
    for status in statuses {
        let which = joined(&kinds, |kind| kind.status == status).replace("\n                ", " ");
        writeln!(out, "            {which} => {status},")?;
    }
    out.push_str("            _ => 400,\n        }\n    }\n\n");

    out.push_str("    /// May any operation fail so, whether or not the model lists it?\n");
    let protocol = joined(&kinds, |kind| kind.protocol);
    writeln!(
        out,
        "    pub const fn is_protocol(self) -> bool {{\n        matches!(\n            self,\n            {protocol}\n        )\n    }}\n}}"
    )?;
    Ok(out)
}

fn joined(kinds: &BTreeMap<String, Kind>, which: impl Fn(&Kind) -> bool) -> String {
    let variants: Vec<String> =
        kinds.iter().filter(|(_, kind)| which(kind)).map(|(variant, _)| format!("Self::{variant}")).collect();
    variants.join("\n                | ")
}

fn collect(models: &[Model]) -> Result<BTreeMap<String, Kind>> {
    let mut kinds: BTreeMap<String, Kind> = BTreeMap::new();
    for (name, shape) in models.iter().flat_map(|model| &model.shapes).filter(|(_, shape)| shape.exception) {
        let variant = variant(name)?;
        let query = shape.error.as_ref();
        // User pools answer every client error with 400; only STS names statuses in its model.
        let status = query.map_or(if shape.fault { 500 } else { 400 }, |error| error.http_status_code);
        let code = query.map(|error| error.code.clone()).filter(|code| code != name);
        let protocol = choices::PROTOCOL_ERRORS.iter().any(|(known, _)| *known == variant);
        match kinds.get(&variant) {
            Some(known) if known.status != status => bail!("{name} has two statuses"),
            Some(known) if known.code.is_some() => {}
            _ => {
                kinds.insert(variant, Kind { name: name.clone(), status, code, protocol });
            }
        }
    }
    for (variant, status) in choices::PROTOCOL_ERRORS {
        let name = format!("{variant}Exception");
        kinds.entry(variant.to_owned()).or_insert(Kind { name, status, code: None, protocol: true });
    }
    Ok(kinds)
}

/// The name without `Exception`.
pub(crate) fn variant(name: &str) -> Result<String> {
    match name.strip_suffix("Exception") {
        Some(variant) => Ok(variant.to_owned()),
        None => bail!("the error {name} does not end with Exception"),
    }
}
