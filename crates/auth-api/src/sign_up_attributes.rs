//! Attributes that a person gives beside address and name: the provider's own names for them, and text.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::ToSchema;

use crate::check::Flaws;

/// As many as Cognito takes in one call.
const MOST: usize = 50;
const LONGEST_NAME: usize = 32;
const LONGEST_VALUE: usize = 2048;

/// Names, such as `given_name` or `custom:team`, and their values.
#[derive(Default, Deserialize, ToSchema)]
#[serde(transparent)]
pub(crate) struct Attributes(BTreeMap<String, String>);

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
            } else if matches!(name.as_str(), "sub" | "email_verified" | "phone_number_verified") {
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
