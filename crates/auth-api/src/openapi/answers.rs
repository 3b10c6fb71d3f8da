//! What an operation answers, status by status. Beside its function stand the codes of its problems, in backticks, in the descriptions of
//! `4XX` and `5XX`, each with its note if it has one; what any call may come to is added by what the operation takes.

use serde_json::{Map, Value, json};

use crate::problem::Code;

const DOCUMENT: &str = "#/components/schemas/ProblemDocument";
const PROBLEM: &str = "application/problem+json";

/// A code, and what it means here where that is more than its title.
type Said = (Code, Option<String>);

/// Writes out the ranges of an operation. What several operations say in the same words goes to `shared`.
pub(super) fn expand(path: &str, operation: &mut Map<String, Value>, shared: &mut Map<String, Value>) {
    let bearer = operation.contains_key("security");
    let has_body = operation.contains_key("requestBody");
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    let mut said: Vec<Said> = Vec::new();
    for range in ["4XX", "5XX"] {
        if let Some(text) = responses.remove(range).as_ref().and_then(|range| range["description"].as_str()) {
            said.extend(codes(text));
        }
    }
    let mut also = |code| {
        if said.iter().all(|(known, _)| *known != code) {
            said.push((code, None));
        }
    };
    for code in [Code::ValidationFailed, Code::RateLimited, Code::Internal] {
        also(code);
    }
    if path.contains('{') {
        also(Code::NotFound);
    }
    if has_body {
        also(Code::BodyTooLarge);
        also(Code::UnsupportedMediaType);
    }
    if bearer {
        for code in [Code::Unauthenticated, Code::AccountDisabled, Code::ProviderFailed, Code::ProviderTimeout] {
            also(code);
        }
    }
    for code in Code::ALL {
        let status = code.status();
        let here: Vec<&Said> = said.iter().filter(|(said, _)| said.status() == status).collect();
        if here.is_empty() || responses.contains_key(status.as_str()) {
            continue;
        }
        let answer = match here.as_slice() {
            [(only, None)] => {
                let name = type_name(only.name());
                shared.entry(&name).or_insert_with(|| response(&here));
                json!({ "$ref": format!("#/components/responses/{name}") })
            }
            _ => response(&here),
        };
        responses.insert(status.as_str().to_owned(), answer);
    }
    responses.sort_keys();
    for (status, response) in responses {
        with_headers(status, response);
    }
}

/// Those in backticks, and what follows each up to the next.
pub(super) fn codes(text: &str) -> Vec<Said> {
    let mut parts = text.split('`').skip(1);
    let mut found = Vec::new();
    while let (Some(name), Some(note)) = (parts.next(), parts.next()) {
        let note = note.trim_matches([' ', ',', ':', ';', '.', '…']);
        if let Some(code) = Code::ALL.iter().find(|code| code.name() == name) {
            found.push((*code, (!note.is_empty()).then(|| note.to_owned())));
        }
    }
    found
}

fn response(said: &[&Said]) -> Value {
    let mut sentences = Vec::new();
    for (code, note) in said {
        sentences.push(format!("`{}`: {}", code.name(), note.as_deref().unwrap_or_else(|| code.title())));
    }
    let names: Vec<&str> = said.iter().map(|(code, _)| code.name()).collect();
    let status = said.first().map(|(code, _)| code.status().as_u16());
    let exactly = json!({ "properties": { "status": { "const": status }, "code": { "enum": names } } });
    let schema = json!({ "allOf": [{ "$ref": DOCUMENT }, exactly] });
    let mut response = json!({ "description": sentences.join("\n\n"), "content": { PROBLEM: { "schema": schema } } });
    with_headers(&status.unwrap_or_default().to_string(), &mut response);
    response
}

fn with_headers(status: &str, response: &mut Value) {
    let Some(response) = response.as_object_mut().filter(|response| !response.contains_key("$ref")) else { return };
    let headers = response.entry("headers").or_insert_with(|| json!({}));
    let Some(headers) = headers.as_object_mut() else { return };
    headers.insert("traceparent".to_owned(), json!({ "$ref": "#/components/headers/traceparent" }));
    match status {
        "401" => {
            headers.insert("WWW-Authenticate".to_owned(), json!({ "$ref": "#/components/headers/WWW-Authenticate" }))
        }
        "429" => headers.insert("Retry-After".to_owned(), json!({ "$ref": "#/components/headers/Retry-After" })),
        _ => None,
    };
}

/// The headers that are spoken of above.
pub(super) fn headers() -> Value {
    json!({
        "traceparent": {
            "description": "The call's trace, and our span in it (W3C Trace Context)",
            "required": true,
            "schema": { "type": "string", "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$" },
        },
        "WWW-Authenticate": {
            "description": "By what it is asked for",
            "required": true,
            "schema": { "type": "string", "const": "Bearer" },
        },
        "Retry-After": {
            "description": "Seconds after which it may go well",
            "required": true,
            "schema": { "type": "integer", "minimum": 1 },
        },
    })
}

/// `rate_limited` as `RateLimited`.
fn type_name(code: &str) -> String {
    code.split('_').map(super::capital).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_with_what_is_said_of_each() {
        let text = "`conflict`: it is built in; `not_found` where no secret is configured, `rate_limited`";
        let expected = vec![
            (Code::Conflict, Some("it is built in".to_owned())),
            (Code::NotFound, Some("where no secret is configured".to_owned())),
            (Code::RateLimited, None),
        ];
        assert_eq!(codes(text), expected);
        assert_eq!(type_name("rate_limited"), "RateLimited");
    }
}
