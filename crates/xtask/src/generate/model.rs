//! The models as they lie in model/: operations and shapes, stripped of all prose.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::choices;
use crate::files;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Model {
    pub(crate) operations: Vec<Operation>,
    pub(crate) shapes: BTreeMap<String, Shape>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) auth: String,
    pub(crate) input_shape: String,
    pub(crate) output_shape: Option<String>,
    pub(crate) errors: Vec<String>,
}

#[derive(Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "they are the model's own marks")]
pub(crate) struct Shape {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) required: Vec<String>,
    /// In the model's order, which is kept.
    #[serde(default)]
    pub(crate) members: serde_json::Map<String, serde_json::Value>,
    pub(crate) member: Option<Reference>,
    pub(crate) key: Option<Reference>,
    pub(crate) value: Option<Reference>,
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    pub(crate) pattern: Option<String>,
    #[serde(rename = "enum", default)]
    pub(crate) names: Vec<String>,
    #[serde(default)]
    pub(crate) sensitive: bool,
    #[serde(default)]
    pub(crate) document: bool,
    #[serde(default)]
    pub(crate) exception: bool,
    #[serde(default)]
    pub(crate) fault: bool,
    pub(crate) error: Option<QueryError>,
}

/// What STS says of an error beside its name.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QueryError {
    pub(crate) code: String,
    pub(crate) http_status_code: u16,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Reference {
    Plain(String),
    Annotated { shape: String },
}

impl Reference {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Plain(shape) | Self::Annotated { shape } => shape,
        }
    }
}

pub(crate) fn load(service: &str) -> Result<Model> {
    let file = format!("model/{service}-operations.json");
    let mut model: Model =
        serde_json::from_str(&files::read(&file)?).with_context(|| format!("{file} is not understood"))?;
    model.operations.sort_by(|a, b| a.name.cmp(&b.name));
    for name in choices::CHECKED_BY_THE_SERVICE {
        if let Some(shape) = model.shapes.get_mut(name) {
            shape.pattern = None;
        }
    }
    Ok(model)
}

impl Model {
    pub(crate) fn shape(&self, name: &str) -> Result<&Shape> {
        self.shapes.get(name).with_context(|| format!("the model has no shape {name}"))
    }

    /// Everything that can be met on the way down from these shapes, themselves included.
    pub(crate) fn reachable<'m>(&'m self, from: impl IntoIterator<Item = &'m str>) -> Result<BTreeSet<&'m str>> {
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<&str> = from.into_iter().collect();
        while let Some(name) = waiting.pop() {
            if seen.insert(name) {
                waiting.extend(self.shape(name)?.references()?);
            }
        }
        Ok(seen)
    }

    pub(crate) fn read(&self) -> Result<BTreeSet<&str>> {
        self.reachable(self.operations.iter().map(|operation| operation.input_shape.as_str()))
    }

    pub(crate) fn written(&self) -> Result<BTreeSet<&str>> {
        self.reachable(self.operations.iter().filter_map(|operation| operation.output_shape.as_deref()))
    }
}

impl Shape {
    pub(crate) fn is_structure(&self) -> bool {
        self.kind == "structure" && !self.document
    }

    /// Members with the names of their shapes.
    pub(crate) fn members(&self) -> Result<Vec<(&str, &str)>> {
        self.members
            .iter()
            .map(|(name, reference)| {
                let shape = reference.get("shape").unwrap_or(reference);
                match shape.as_str() {
                    Some(shape) => Ok((name.as_str(), shape)),
                    None => bail!("member {name} names no shape"),
                }
            })
            .collect()
    }

    pub(crate) fn is_required(&self, member: &str) -> bool {
        self.required.iter().any(|required| required == member)
    }

    fn references(&self) -> Result<Vec<&str>> {
        let mut all: Vec<&str> = self.members()?.into_iter().map(|(_, shape)| shape).collect();
        all.extend([&self.member, &self.key, &self.value].into_iter().flatten().map(Reference::name));
        Ok(all)
    }
}
