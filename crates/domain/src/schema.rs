//! A pool's schema: which attributes its users may have, of which type and within which bounds.
//!
//! The standard ones come first, in AWS's order; a pool may tighten them, never retype them. Custom ones carry a prefix.
//! Names and lengths of single members are the model's to check (user-pools.md, sections 5.1 and 5.2).

use cognate_wire::idp::{
    AttributeDataType, NumberAttributeConstraintsType, SchemaAttributeType, StringAttributeConstraintsType,
};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

#[cfg(test)]
mod tests;

pub const LONGEST_VALUE: i64 = 2048;
const MOST_CUSTOM_ATTRIBUTES: usize = 50;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Schema {
    definitions: Vec<Definition>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// With its prefix, if it has one.
    pub name: String,
    pub kind: Kind,
    pub mutable: bool,
    pub required: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Bounds of the length, in characters.
    String(Bounds),
    Number(Bounds),
    DateTime,
    Boolean,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
}

const TEXT: Kind = Kind::String(Bounds { min: Some(0), max: Some(LONGEST_VALUE) });

/// Those that are not listed with a deviation below are mutable, optional strings of 0 to 2048 characters.
const STANDARD: [(&str, Kind); 21] = [
    ("sub", Kind::String(Bounds { min: Some(1), max: Some(LONGEST_VALUE) })),
    ("name", TEXT),
    ("given_name", TEXT),
    ("family_name", TEXT),
    ("middle_name", TEXT),
    ("nickname", TEXT),
    ("preferred_username", TEXT),
    ("profile", TEXT),
    ("picture", TEXT),
    ("website", TEXT),
    ("email", TEXT),
    ("email_verified", Kind::Boolean),
    ("gender", TEXT),
    ("birthdate", Kind::String(Bounds { min: Some(10), max: Some(10) })),
    ("zoneinfo", TEXT),
    ("locale", TEXT),
    ("phone_number", TEXT),
    ("phone_number_verified", Kind::Boolean),
    ("address", TEXT),
    ("updated_at", Kind::Number(Bounds { min: Some(0), max: None })),
    ("identities", Kind::String(Bounds { min: None, max: None })),
];

/// AWS: these belong to every pool and are not for configuring; asked for by name they become custom attributes.
const BUILT_IN: [&str; 2] = ["email_verified", "phone_number_verified"];

impl Default for Schema {
    fn default() -> Self {
        let definition = |(name, kind): (&str, Kind)| Definition {
            name: name.to_owned(),
            kind,
            mutable: name != "sub",
            required: name == "sub",
        };
        Self { definitions: STANDARD.into_iter().map(definition).collect() }
    }
}

impl Schema {
    /// The schema of a new pool.
    pub fn from_wire(requested: &[SchemaAttributeType]) -> Result<Self> {
        let mut schema = Self::default();
        let mut configured = Vec::new();
        for attribute in requested {
            let name = attribute.name.as_deref().unwrap_or_default();
            if BUILT_IN.contains(&name) {
                schema.add(attribute)?;
                continue;
            }
            let Some(definition) = schema.definitions.iter_mut().find(|one| one.name == name) else {
                schema.add(attribute)?;
                continue;
            };
            if configured.contains(&name) {
                return Err(Error::schema_attribute_exists(name));
            }
            configured.push(name);
            definition.configure(attribute)?;
        }
        Ok(schema)
    }

    /// `AddCustomAttributes`: all or none.
    pub fn with_custom(mut self, requested: &[SchemaAttributeType]) -> Result<Self> {
        for attribute in requested {
            self.add(attribute)?;
        }
        Ok(self)
    }

    pub fn definition(&self, name: &str) -> Option<&Definition> {
        self.definitions.iter().find(|one| one.name == name)
    }

    /// Standard ones in AWS's order, then custom ones as they were added.
    pub fn definitions(&self) -> impl Iterator<Item = &Definition> {
        self.definitions.iter()
    }

    /// The names that a sign-up has to fill. `sub` is not among them: the pool fills it.
    pub fn required(&self) -> impl Iterator<Item = &str> {
        self.definitions.iter().filter(|one| one.required && one.name != "sub").map(|one| one.name.as_str())
    }

    pub fn into_wire(self) -> Vec<SchemaAttributeType> {
        self.definitions.into_iter().map(Definition::into_wire).collect()
    }

    fn add(&mut self, attribute: &SchemaAttributeType) -> Result<()> {
        let definition = Definition::custom(attribute)?;
        if self.definition(&definition.name).is_some() {
            return Err(Error::schema_attribute_exists(&definition.name));
        }
        if self.definitions.iter().filter(|one| !one.is_standard()).count() >= MOST_CUSTOM_ATTRIBUTES {
            return Err(Error::too_many_custom_attributes());
        }
        self.definitions.push(definition);
        Ok(())
    }
}

impl Definition {
    pub fn is_standard(&self) -> bool {
        !self.name.contains(':')
    }

    /// Written by administrators only.
    pub fn is_developer_only(&self) -> bool {
        self.name.starts_with("dev:")
    }

    fn custom(attribute: &SchemaAttributeType) -> Result<Self> {
        let prefix = if attribute.developer_only_attribute.unwrap_or(false) { "dev" } else { "custom" };
        let name = format!("{prefix}:{}", attribute.name.as_deref().ok_or_else(Error::attribute_name_missing)?);
        if attribute.required.unwrap_or(false) {
            return Err(Error::required_custom_attribute());
        }
        let kind = match attribute.attribute_data_type.ok_or_else(Error::attribute_data_type_missing)? {
            AttributeDataType::String => Kind::String(lengths(&name, attribute)?.unwrap_or_default()),
            AttributeDataType::Number => Kind::Number(values(&name, attribute)?.unwrap_or_default()),
            AttributeDataType::DateTime => Kind::DateTime,
            AttributeDataType::Boolean => Kind::Boolean,
        };
        Ok(Self { name, kind, mutable: attribute.mutable.unwrap_or(true), required: false })
    }

    /// What a pool may say about a standard attribute.
    fn configure(&mut self, attribute: &SchemaAttributeType) -> Result<()> {
        let retyped = attribute.attribute_data_type.is_some_and(|kind| kind != self.kind.data_type());
        if retyped || attribute.developer_only_attribute.unwrap_or(false) {
            return Err(Error::standard_attribute_fixed(&self.name));
        }
        let (mutable, required) =
            (attribute.mutable.unwrap_or(self.mutable), attribute.required.unwrap_or(self.required));
        if self.name == "sub" && (mutable, required) != (false, true) {
            return Err(Error::sub_is_fixed());
        }
        self.kind = match self.kind {
            Kind::String(bounds) => Kind::String(lengths(&self.name, attribute)?.unwrap_or(bounds)),
            Kind::Number(bounds) => Kind::Number(values(&self.name, attribute)?.unwrap_or(bounds)),
            other => other,
        };
        (self.mutable, self.required) = (mutable, required);
        Ok(())
    }

    fn into_wire(self) -> SchemaAttributeType {
        let text = |bound: Option<i64>| bound.map(|bound| bound.to_string());
        SchemaAttributeType {
            attribute_data_type: Some(self.kind.data_type()),
            developer_only_attribute: Some(self.is_developer_only()),
            mutable: Some(self.mutable),
            required: Some(self.required),
            number_attribute_constraints: match self.kind {
                Kind::Number(bounds) => {
                    Some(NumberAttributeConstraintsType { min_value: text(bounds.min), max_value: text(bounds.max) })
                }
                _ => None,
            },
            string_attribute_constraints: match self.kind {
                Kind::String(bounds) => {
                    Some(StringAttributeConstraintsType { min_length: text(bounds.min), max_length: text(bounds.max) })
                }
                _ => None,
            },
            name: Some(self.name),
        }
    }
}

impl Kind {
    const fn data_type(self) -> AttributeDataType {
        match self {
            Self::String(_) => AttributeDataType::String,
            Self::Number(_) => AttributeDataType::Number,
            Self::DateTime => AttributeDataType::DateTime,
            Self::Boolean => AttributeDataType::Boolean,
        }
    }
}

impl Bounds {
    fn read(min: Option<&str>, max: Option<&str>) -> Option<Self> {
        let bound = |text: Option<&str>| text.map(str::parse).transpose().ok();
        Some(Self { min: bound(min)?, max: bound(max)? })
    }

    fn crossed(self) -> bool {
        matches!((self.min, self.max), (Some(min), Some(max)) if max < min)
    }
}

/// The bounds of a string's length, if any are given.
fn lengths(name: &str, attribute: &SchemaAttributeType) -> Result<Option<Bounds>> {
    let Some(given) = &attribute.string_attribute_constraints else { return Ok(None) };
    let bounds = Bounds::read(given.min_length.as_deref(), given.max_length.as_deref())
        .filter(|bounds| [bounds.min, bounds.max].into_iter().flatten().all(|bound| bound >= 0))
        .ok_or_else(|| Error::invalid_constraints("StringAttributeConstraints", name))?;
    if [bounds.min, bounds.max].into_iter().flatten().any(|bound| bound > LONGEST_VALUE) {
        return Err(Error::length_bound_too_large(name));
    }
    if bounds.crossed() {
        return Err(Error::bounds_crossed(name, "length"));
    }
    Ok(Some(bounds))
}

/// The bounds of a number, if any are given.
fn values(name: &str, attribute: &SchemaAttributeType) -> Result<Option<Bounds>> {
    let Some(given) = &attribute.number_attribute_constraints else { return Ok(None) };
    let bounds = Bounds::read(given.min_value.as_deref(), given.max_value.as_deref())
        .ok_or_else(|| Error::invalid_constraints("NumberAttributeConstraints", name))?;
    if bounds.crossed() {
        return Err(Error::bounds_crossed(name, "value"));
    }
    Ok(Some(bounds))
}
