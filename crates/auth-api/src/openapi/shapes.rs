//! Shapes of what other floors keep, which know nothing of documents: closed sets of words, and objects whose members are values.

use std::borrow::Cow;

use cognate_domain::directory::{Onboarding, RoleScope, SubjectKind, SubjectState, WorkspaceState};
use serde_json::{Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

pub(crate) use super::requests::ANYTHING;
use crate::problem::Code;

/// A schema by its words; what cannot be one would take any value, and a test says so.
pub(crate) fn shape(words: Value) -> RefOr<Schema> {
    RefOr::T(serde_json::from_value(words).unwrap_or_default())
}

/// Words as the directory keeps them.
macro_rules! words {
    ($($name:ident = $type:ty: [$($variant:ident),+], $said:literal;)+) => {$(
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let words = [$(<$type>::$variant.name()),+];
                shape(json!({ "type": "string", "enum": words, "description": $said }))
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )+};
}

words! {
    Kind = SubjectKind: [User, Machine, Device, Partner, Job], "What a subject is.";
    State = SubjectState: [Active, Disabled], "Whether a subject may do anything.";
    OnboardingState = Onboarding: [New, InProgress, Done], "How far somebody has come.";
    WorkspaceStatus = WorkspaceState: [Active, Archived], "An archived workspace takes no changes.";
    MachineKind = SubjectKind: [Machine, Device, Partner, Job], "What a subject is that is no person.";
    Scope = RoleScope: [Platform, Workspace], "Where a role is held.";
}

/// Every code that a problem may have.
pub(crate) struct ProblemCode;

impl PartialSchema for ProblemCode {
    fn schema() -> RefOr<Schema> {
        let codes: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        shape(json!({ "type": "string", "enum": codes, "description": "Stable: what programs go by." }))
    }
}

impl ToSchema for ProblemCode {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("ProblemCode")
    }
}

/// What conditions and policies may look at.
pub(crate) struct Circumstances;

impl PartialSchema for Circumstances {
    fn schema() -> RefOr<Schema> {
        let mut object = circumstances(4);
        if let Some(object) = object.as_object_mut() {
            object.insert("description".to_owned(), "At most 64 members in all, and four objects deep.".into());
            let owner = json!({ "type": ["string", "null"], "maxLength": 1024, "pattern": ANYTHING, "description": "A subject's id." });
            object.insert("properties".to_owned(), json!({ "owner": owner }));
        }
        shape(object)
    }
}

impl ToSchema for Circumstances {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Circumstances")
    }
}

/// What must be true beside a grant, in the words of docs/guides/policies.md.
pub(crate) struct Condition;

impl PartialSchema for Condition {
    fn schema() -> RefOr<Schema> {
        let kinds =
            [SubjectKind::User, SubjectKind::Machine, SubjectKind::Device, SubjectKind::Partner, SubjectKind::Job];
        let kind = json!({ "type": "string", "enum": kinds.map(SubjectKind::name) });
        let texts = |said: &str| {
            let text = json!({ "type": "string", "minLength": 1, "maxLength": 256, "pattern": ANYTHING });
            json!({ "type": "array", "items": text, "minItems": 1, "maxItems": 100, "description": said })
        };
        shape(json!({
            "type": "object",
            "description": "What must be true beside it; of several members all.",
            "minProperties": 1,
            "properties": {
                "own": { "type": "boolean", "enum": [true], "description": "What it is about is the caller's own." },
                "scopes": texts("The caller's token has all of them."),
                "entitlements": texts("The caller has all of them."),
                "groups": texts("The caller is in one of them."),
                "plan": texts("The caller's plan is one of them."),
                "kinds": {
                    "type": "array", "items": kind, "minItems": 1, "maxItems": 100,
                    "description": "The caller is of one of these kinds.",
                },
                "within": texts("The caller's address lies in one of these networks."),
            },
            "additionalProperties": false,
        }))
    }
}

impl ToSchema for Condition {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Condition")
    }
}

/// What an entry of the audit log says of a change.
pub(crate) struct AuditDetails;

impl PartialSchema for AuditDetails {
    fn schema() -> RefOr<Schema> {
        let values = json!([
            { "type": ["string", "integer", "boolean", "null"] },
            { "type": "array", "items": { "type": "string" } },
            { "$ref": "#/components/schemas/Condition" },
            { "$ref": "#/components/schemas/AuditDetails" },
        ]);
        shape(json!({
            "type": "object",
            "description": "What was changed, by its names: ids, keys, plans, digests; neither addresses nor secrets.",
            "additionalProperties": { "anyOf": values },
        }))
    }
}

impl ToSchema for AuditDetails {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("AuditDetails")
    }
}

/// What somebody has beside a plan.
pub(crate) struct Entitlements;

impl PartialSchema for Entitlements {
    fn schema() -> RefOr<Schema> {
        let one = json!({
            "type": "string", "maxLength": 64, "pattern": "^[a-z][a-z0-9_-]*([.:][a-z][a-z0-9_-]*)*$",
        });
        shape(json!({ "type": "array", "items": one, "maxItems": 100, "uniqueItems": true }))
    }
}

impl ToSchema for Entitlements {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Entitlements")
    }
}

/// What is taken is as deep as this at most.
fn circumstances(depth: u8) -> Value {
    let text = json!({ "type": "string", "maxLength": 1024, "pattern": ANYTHING });
    let mut values = vec![
        json!({ "type": ["boolean", "null"] }),
        json!({ "type": "integer", "format": "int64", "minimum": i64::MIN, "maximum": i64::MAX }),
        text.clone(),
        json!({ "type": "array", "items": text, "maxItems": 100 }),
    ];
    if depth > 1 {
        values.push(circumstances(depth - 1));
    }
    json!({
        "type": "object",
        "maxProperties": 64,
        "propertyNames": { "type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$" },
        "additionalProperties": { "anyOf": values },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_these_shapes_as_they_are_written() {
        let read = |schema: RefOr<Schema>| serde_json::to_value(schema).unwrap();
        assert_eq!(read(Kind::schema())["enum"], json!(["user", "machine", "device", "partner", "job"]));
        assert_eq!(read(ProblemCode::schema())["enum"].as_array().unwrap().len(), Code::ALL.len());
        let circumstances = read(Circumstances::schema());
        assert_eq!(circumstances["maxProperties"], 64);
        assert_eq!(circumstances.pointer("/additionalProperties/anyOf/3/maxItems"), Some(&json!(100)));
    }
}
