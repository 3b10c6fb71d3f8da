//! AWS Query: a form with `Action`, answers and errors in XML. STS speaks it. identity-pools.md, section on STS.

use bytes::Bytes;
use cognate_domain::{Error, Result};
use cognate_engine::Cx;
use cognate_wire::shape::{Kind, Refusal, Shape, validate};
use cognate_wire::{ErrorKind, Facts};
use http::header::CONTENT_TYPE;
use http::{Request, Response};
use serde_json::{Map, Value};

use crate::{admit, protocol, sts};

const FORM: &str = "application/x-www-form-urlencoded";
const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

pub(crate) fn speaks(request: &Request<Bytes>) -> bool {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    !request.headers().contains_key("x-amz-target") && content_type.is_some_and(|value| value.starts_with(FORM))
}

pub(crate) async fn answer(cx: &mut Cx, request: &Request<Bytes>) -> Response<Bytes> {
    let error = match run(cx, request).await {
        Ok(facts) => Error::not_built(facts.name),
        Err(error) => error,
    };
    protocol::log(cx, &error);
    let (code, kind) = (error_code(error.kind), if error.kind.status() < 500 { "Sender" } else { "Receiver" });
    let body = format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{kind}</Type><Code>{code}</Code><Message>{}</Message></Error>\
         <RequestId>{}</RequestId></ErrorResponse>",
        escape(&error.message),
        cx.request_id
    );
    let mut response = protocol::with_headers(cx, Response::new(Bytes::from(body)), "text/xml");
    *response.status_mut() = protocol::status(&error);
    response
}

async fn run(cx: &mut Cx, request: &Request<Bytes>) -> Result<&'static Facts> {
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(request.body()).into_owned().collect();
    let action = pairs.iter().find(|(name, _)| name == "Action").map_or("", |(_, action)| action.as_str());
    let facts = Facts::find(sts::SERVICE.facts, action).ok_or_else(|| Error::unknown_action(action))?;
    admit::signature(cx, &sts::SERVICE, facts, request).await?;
    match validate(facts.input, &read(facts.input, "", &pairs)) {
        Ok(()) => Ok(facts),
        Err(Refusal::Type(sentence)) => Err(Error::new(ErrorKind::Serialization, sentence)),
        Err(Refusal::Constraint(sentence)) => Err(Error::new(ErrorKind::Validation, sentence)),
    }
}

/// The form as the JSON value that the validator reads: `Tags.member.1.Key=..` is a list of structures.
fn read(shape: &'static Shape, prefix: &str, pairs: &[(String, String)]) -> Value {
    match &shape.kind {
        Kind::Structure(members) => {
            let mut object = Map::new();
            for member in *members {
                let name = if prefix.is_empty() { member.name.to_owned() } else { format!("{prefix}.{}", member.name) };
                if pairs.iter().any(|(key, _)| *key == name || key.starts_with(&format!("{name}."))) {
                    object.insert(member.name.to_owned(), read(member.shape, &name, pairs));
                }
            }
            Value::Object(object)
        }
        Kind::List { item, .. } => (1..=LONGEST_LIST)
            .map(|at| format!("{prefix}.member.{at}"))
            .take_while(|name| pairs.iter().any(|(key, _)| key == name || key.starts_with(&format!("{name}."))))
            .map(|name| read(item, &name, pairs))
            .collect(),
        kind => {
            let text = pairs.iter().find(|(key, _)| key == prefix).map_or("", |(_, value)| value.as_str());
            match kind {
                Kind::Integer(_) | Kind::Long(_) => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
                Kind::Boolean => text.parse::<bool>().map_or_else(|_| text.into(), Value::from),
                _ => text.into(),
            }
        }
    }
}

const LONGEST_LIST: usize = 1000;

/// The Query names of what JSON services call otherwise.
fn error_code(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Validation => "ValidationError",
        ErrorKind::UnknownOperation => "InvalidAction",
        ErrorKind::MissingAuthenticationToken => "MissingAuthenticationToken",
        ErrorKind::UnrecognizedClient => "InvalidClientTokenId",
        ErrorKind::InvalidSignature => "SignatureDoesNotMatch",
        ErrorKind::IncompleteSignature => "IncompleteSignature",
        ErrorKind::Serialization => "MalformedInput",
        ErrorKind::NotImplemented => "NotImplemented",
        ErrorKind::InternalError => "InternalFailure",
        other => other.name(),
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}
