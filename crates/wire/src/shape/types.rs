//! First pass: JSON types, in the sentences of Coral, the framework of AWS's services. Seen from Cognito: `class
//! java.lang.Integer can not be converted to an String` (in 2018 `..TruncatingBigNumber`). Measured on other services:
//! those of lists, structures and base64; their newer servers say `NUMBER_VALUE can not be converted to a String`.
//! Not known for Cognito: the class names of the other types, and whether it takes a string for a boolean or a
//! fraction for an integer (we do not).

use data_encoding::{BASE64, DecodeKind};
use serde_json::Value;

use super::{Kind, Shape};

pub(super) const LIST: &str = "Start of list found where not expected";
const STRUCTURE: &str = "Start of structure or map found where not expected.";

/// A base64 value that is longer than this is cut in the message.
const PRINTED: usize = 2_000;

pub(super) fn check(shape: &Shape, value: &Value) -> Result<(), String> {
    match (&shape.kind, value) {
        (_, Value::Null) | (Kind::Document, _) => Ok(()),
        (Kind::Structure(members), Value::Object(values)) => members
            .iter()
            .filter_map(|member| Some((member.shape, values.get(member.name)?)))
            .try_for_each(|(shape, value)| check(shape, value)),
        (Kind::List { item, .. }, Value::Array(values)) => values.iter().try_for_each(|value| check(item, value)),
        (Kind::Map { value: shape, .. }, Value::Object(values)) => {
            values.values().try_for_each(|value| check(shape, value))
        }
        (_, Value::Object(_)) => Err(STRUCTURE.to_owned()),
        (_, Value::Array(_)) => Err(LIST.to_owned()),
        (_, scalar) => check_scalar(shape, scalar),
    }
}

fn check_scalar(shape: &Shape, value: &Value) -> Result<(), String> {
    let fits = match &shape.kind {
        Kind::Structure(_) => return Err("Expected null".to_owned()),
        Kind::List { .. } => return Err("Expected list or null".to_owned()),
        Kind::Map { .. } => return Err("Expected map or null".to_owned()),
        Kind::Blob(_) => match value {
            Value::String(text) => return check_base64(text, shape.secret),
            _ => false,
        },
        Kind::String { .. } | Kind::Enum(_) => value.is_string(),
        Kind::Integer(_) => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        Kind::Long(_) => value.as_i64().is_some(),
        Kind::Boolean => value.is_boolean(),
        Kind::Timestamp => value.is_number(),
        Kind::Document => true,
    };

    if fits { Ok(()) } else { Err(format!("class {} can not be converted to {}", class(value), target(&shape.kind))) }
}

fn class(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "java.lang.Boolean",
        Value::String(_) => "java.lang.String",
        Value::Number(number) => match number.as_i64() {
            Some(integer) if i32::try_from(integer).is_ok() => "java.lang.Integer",
            Some(_) => "java.lang.Long",
            None if number.is_u64() => "java.math.BigInteger",
            None => "java.lang.Double",
        },
        Value::Null | Value::Array(_) | Value::Object(_) => "java.lang.Object",
    }
}

fn target(kind: &Kind) -> &'static str {
    match kind {
        Kind::Integer(_) => "an Integer",
        Kind::Long(_) => "an Long",
        Kind::Boolean => "an Boolean",
        Kind::Timestamp => "milliseconds since epoch",
        Kind::Blob(_) => "a Blob",
        _ => "an String",
    }
}

fn check_base64(text: &str, secret: bool) -> Result<(), String> {
    let Err(fault) = BASE64.decode(text.as_bytes()) else { return Ok(()) };

    let reason = match fault.kind {
        _ if !text.len().is_multiple_of(4) => {
            format!("Base64 encoded length is expected a multiple of 4 bytes but found: {}", text.len())
        }
        DecodeKind::Trailing => "Invalid last non-pad Base64 character dectected".to_owned(),
        _ => {
            let at = text.get(fault.position..).and_then(|rest| rest.chars().next()).unwrap_or('=');
            format!("Invalid Base64 character: '{at}'")
        }
    };
    let shown: String = if secret { String::new() } else { text.chars().take(PRINTED).collect() };

    Err(format!("'{shown}' can not be converted to a Blob: {reason}"))
}
