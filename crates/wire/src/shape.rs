//! What a request must look like, as data, and the one function that checks a body against it in AWS's words.
//!
//! Two passes: `types` (a mismatch ends the request at once), then `constraints` (all violations in one sentence).
//! Where each sentence comes from stands at the head of the two files.

mod constraints;
mod pattern;
mod types;

use serde_json::Value;

pub use pattern::Pattern;

/// One named shape of the model.
pub struct Shape {
    pub name: &'static str,
    /// The value is not repeated in messages.
    pub secret: bool,
    pub kind: Kind,
}

pub enum Kind {
    /// In the model's order, which is the order of the violations.
    Structure(&'static [Member]),
    List {
        item: &'static Shape,
        length: Bounds,
    },
    Map {
        key: &'static Shape,
        value: &'static Shape,
        length: Bounds,
    },
    String {
        length: Bounds,
        pattern: Option<&'static Pattern>,
    },
    Enum(&'static [&'static str]),
    /// 32 bits.
    Integer(Bounds),
    /// 64 bits.
    Long(Bounds),
    Boolean,
    /// Seconds since 1970, a number with a fraction.
    Timestamp,
    /// Base64 on the wire; the length is that of the decoded bytes.
    Blob(Bounds),
    /// Any JSON value.
    Document,
}

pub struct Member {
    pub name: &'static str,
    pub shape: &'static Shape,
    pub required: bool,
}

/// A required member.
pub const fn must(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, shape, required: true }
}

/// An optional member.
pub const fn may(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, shape, required: false }
}

/// Both ends are allowed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub min: Option<i64>,
    pub max: Option<i64>,
}

impl Bounds {
    pub const ANY: Self = Self { min: None, max: None };

    pub const fn between(min: i64, max: i64) -> Self {
        Self { min: Some(min), max: Some(max) }
    }

    pub const fn at_least(min: i64) -> Self {
        Self { min: Some(min), max: None }
    }

    pub const fn at_most(max: i64) -> Self {
        Self { min: None, max: Some(max) }
    }
}

/// Why a body is not accepted: the whole message for the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A value has the wrong JSON type: `SerializationException`. Empty where AWS sends no message.
    Type(String),
    /// A constraint of the model is violated: `InvalidParameterException` of user pools, `ValidationException` elsewhere.
    Constraint(String),
}

/// Checks a whole request body. Members that the model does not know are ignored. `null` counts as absent, as a member
/// and as a value of a map (which the caller takes out before it reads: maps are read as they are); in lists it is wrong.
pub fn validate(shape: &'static Shape, value: &Value) -> Result<(), Refusal> {
    match value {
        Value::Object(_) => types::check(shape, value).map_err(Refusal::Type)?,
        Value::Array(_) => return Err(Refusal::Type(types::LIST.to_owned())),
        _ => return Err(Refusal::Type(String::new())),
    }

    constraints::check(shape, value).map_err(Refusal::Constraint)
}
