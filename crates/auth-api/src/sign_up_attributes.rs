//! Attributes that a person gives beside address and name: the provider's own names for them, and text.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::check::Flaws;
use crate::openapi::shapes::shape;

/// As many as Cognito takes in one call.
const MOST: usize = 50;
const LONGEST_NAME: usize = 32;
const LONGEST_VALUE: usize = 2048;
/// What is checked below, as a pattern.
const NAMES: &str = r"^[\p{L}\p{N}_:.-]{1,32}$";

/// Names, such as `given_name` or `custom:team`, and their values.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Attributes(BTreeMap<String, String>);

/// What nobody says of themselves.
const UNSAID: [&str; 3] = ["sub", "email_verified", "phone_number_verified"];

impl PartialSchema for Attributes {
    fn schema() -> RefOr<Schema> {
        shape(json!({
            "type": "object",
            "description": "Names, such as `given_name` or `custom:team`, and their values.",
            "maxProperties": MOST,
            "propertyNames": { "type": "string", "pattern": NAMES },
            "additionalProperties": { "type": "string", "maxLength": LONGEST_VALUE, "pattern": r"^[^\u0000]*$" },
        }))
    }
}

impl ToSchema for Attributes {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Attributes")
    }
}

impl Attributes {
    pub(crate) fn check(&self, flaws: &mut Flaws) {
        if self.0.len() > MOST {
            flaws.add("attributes", format!("There are more than {MOST}."));
        }
        for (name, value) in &self.0 {
            let well_named = (1..=LONGEST_NAME).contains(&name.chars().count())
                && name.chars().all(|c| c.is_alphanumeric() || "_:-.".contains(c));
            if !well_named {
                flaws.add("attributes", "A name is not one of an attribute.");
            } else if UNSAID.contains(&name.as_str()) {
                flaws.add(&format!("attributes/{name}"), "Nobody says this of themselves.");
            } else if value.chars().count() > LONGEST_VALUE || value.contains('\0') {
                flaws.add(&format!("attributes/{name}"), format!("This is longer than {LONGEST_VALUE} characters."));
            }
        }
    }

    pub(crate) fn into_pairs(self) -> Vec<(String, String)> {
        self.0.into_iter().collect()
    }
}
