//! What requests hold, as far as one rule says it of all: text without control characters, and bodies that may be left out.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

const SCHEMAS: &str = "#/components/schemas/";

/// Of whatever text is sent. What a rule of its own holds for says so with a pattern of its own.
const TEXT: &str = r"^[^\u0000-\u001f\u007f-\u009f]*$";

/// A name is more than blanks: `\S` where it stands, and this in the document.
const MORE_THAN_BLANKS: &str = r"\S";
const NAME: &str = r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$";

/// The pattern of text that may hold control characters: it is left out of the document.
pub(crate) const ANYTHING: &str = "";

/// Of addresses, as `cognate_domain::username::is_email` has them.
const EMAIL: &str = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$";

/// What `If-Match` names: an `ETag` of ours.
const VERSION: &str = r#"^(W/)?"[0-9]{1,18}"$"#;

/// A body none of whose members must be there may be left out; a parameter is text like any other.
pub(super) fn finish(operation: &mut Map<String, Value>, document: &Value) {
    if let Some(body) = operation.get_mut("requestBody").and_then(Value::as_object_mut) {
        let schema = body.get("content").and_then(|content| content.pointer("/application~1json/schema"));
        let needed = schema.is_none_or(|schema| needs_something(schema, document));
        body.insert("required".to_owned(), needed.into());
    }
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        let is_header = parameter["in"] == "header";
        let is_version = parameter["name"] == "If-Match";
        if let Some(schema) = parameter.get_mut("schema") {
            // A parameter is there or it is not; none is null.
            if let Some(kind) = schema.pointer("/type/0").cloned() {
                schema["type"] = kind;
            }
            if is_version {
                schema["pattern"] = VERSION.into();
            }
            // Each header has a rule of its own.
            if !is_header {
                bound(schema);
            }
        }
    }
}

fn needs_something(schema: &Value, document: &Value) -> bool {
    let schema = resolved(schema, document);
    schema["required"].as_array().is_some_and(|required| !required.is_empty()) || schema.get("oneOf").is_some()
}

fn resolved<'a>(schema: &'a Value, document: &'a Value) -> &'a Value {
    let named = schema["$ref"].as_str().and_then(|path| path.strip_prefix('#'));
    named.and_then(|pointer| document.pointer(pointer)).unwrap_or(schema)
}

/// Of the schemas that bodies of requests are made of.
pub(super) fn bound_texts(components: &mut Map<String, Value>, document: &Value) {
    let mut found = BTreeSet::new();
    for operations in document["paths"].as_object().into_iter().flat_map(Map::values) {
        for operation in operations.as_object().into_iter().flat_map(Map::values) {
            collect(&operation["requestBody"], document, &mut found);
        }
    }
    for name in found {
        if let Some(schema) = components.get_mut("schemas").and_then(|schemas| schemas.get_mut(&name)) {
            bound(schema);
        }
    }
}

fn collect(within: &Value, document: &Value, found: &mut BTreeSet<String>) {
    if let Some(name) = within["$ref"].as_str().and_then(|path| path.strip_prefix(SCHEMAS))
        && found.insert(name.to_owned())
        && let Some(named) = document.pointer("/components/schemas").and_then(|schemas| schemas.get(name))
    {
        collect(named, document, found);
    }
    match within {
        Value::Object(members) => members.values().for_each(|inner| collect(inner, document, found)),
        Value::Array(items) => items.iter().for_each(|inner| collect(inner, document, found)),
        _ => {}
    }
}

fn bound(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            let is_text = match &members.get("type") {
                Some(Value::String(kind)) => kind == "string",
                Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "string"),
                _ => false,
            };
            if members.get("pattern").is_some_and(|pattern| pattern == ANYTHING) {
                members.shift_remove("pattern");
            } else if members.get("pattern").is_some_and(|pattern| pattern == MORE_THAN_BLANKS) {
                members.insert("pattern".to_owned(), NAME.into());
            } else if is_text
                && !["pattern", "enum", "const"].iter().any(|key| members.contains_key(*key))
                && members.get("format").is_none_or(|format| format != "date-time")
            {
                // JSON Schema's own `email` refuses addresses that there are, such as those with two dots in a row.
                let is_email = members.get("format").is_some_and(|format| format == "email");
                let pattern = if is_email { EMAIL } else { TEXT };
                if is_email {
                    members.shift_remove("format");
                }
                members.insert("pattern".to_owned(), pattern.into());
            }
            // Names are bound where they are said: those of an application's own object are its own.
            members.iter_mut().filter(|(key, _)| *key != "propertyNames").for_each(|(_, inner)| bound(inner));
        }
        Value::Array(items) => items.iter_mut().for_each(bound),
        _ => {}
    }
}
